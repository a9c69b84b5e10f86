"""seeds/lever_cards.toml -> what a planner reads of each lever besides its definition."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from shudian.kinds import InputError, Label, Parameter
from shudian.parameters import city_titles
from shudian.paths import seeds_folder
from shudian.toml_file import TomlFile, nearest, read_toml

_KEYS = ("says", "gains", "side_effects", "examples")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and the figures or sources that it rests on."""

    text: Label
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """What one city does with a lever."""

    city: Label
    statement: Statement


@dataclass(frozen=True, slots=True)
class Card:
    """What a planner reads of one lever."""

    says: Statement
    """What the evidence says of its effect."""
    gains: Label
    """Who gains."""
    side_effects: Label
    examples: tuple[Example, ...]


def load_cards(
    parameters: Mapping[str, Parameter], known_evidence: Collection[str], path: Path | None = None
) -> dict[str, Card]:
    """The card of every lever, from `path` (default: the shipped ones).

    Raises InputError with file and line for an unknown lever, city or key, a text in one language only, evidence
    that is not among `known_evidence`, and for a lever without a card.
    """
    file = read_toml(path or seeds_folder() / "lever_cards.toml")
    levers = [name for name, parameter in parameters.items() if parameter.role == "lever"]
    file.only(levers)
    for lever in levers:
        if lever not in file.data:
            raise InputError("the lever “{lever}” has no card; add [{key}]", lever=lever, key=lever).at(file.path)
    return {lever: _card(file, lever, known_evidence) for lever in levers}


def _card(file: TomlFile, lever: str, known: Collection[str]) -> Card:
    table = file.data[lever]
    if not isinstance(table, dict):
        file.fail("“{key}” must be a table", lever, key=lever)
    file.only(_KEYS, lever)
    examples = table.get("examples", [])
    if not isinstance(examples, list):
        file.fail("“examples” is a list of tables with city, text and sources", lever, "examples")
    return Card(
        says=_statement(file, table.get("says"), known, lever, "says"),
        gains=file.label(table.get("gains"), lever, "gains"),
        side_effects=file.label(table.get("side_effects"), lever, "side_effects"),
        examples=tuple(_example(file, example, known, lever) for example in examples),
    )


def _example(file: TomlFile, example: object, known: Collection[str], lever: str) -> Example:
    cities = city_titles()
    city = example.get("city") if isinstance(example, dict) else None
    if not isinstance(city, str) or city not in cities:
        file.fail("“city” must name a city{nearest}", lever, "examples", nearest=nearest(str(city), cities))
    assert isinstance(example, dict)
    rest = {key: value for key, value in example.items() if key != "city"}
    return Example(cities[city], _statement(file, rest, known, lever, "examples"))


def _statement(file: TomlFile, table: object, known: Collection[str], *keys: str) -> Statement:
    if not isinstance(table, dict) or set(table) != {"text", "sources"}:
        file.fail("“{key}” needs “text” and “sources”", *keys, key=keys[-1])
    sources = table["sources"]
    if not isinstance(sources, list) or not all(isinstance(item, str) for item in sources):
        file.fail('“sources” is a list of figures and sources: sources = ["ZG08"]', *keys)
    for item in sources:
        if item not in known:
            file.fail("there is no figure or source “{name}”{nearest}", *keys, name=item, nearest=nearest(item, known))
    return Statement(file.label(table["text"], *keys, "text"), tuple(sources))
