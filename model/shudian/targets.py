"""scenarios/targets.toml -> Target: what the city has promised, and under which definitions it is judged."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from shudian.kinds import InputError, Label, Phrase, Target
from shudian.paths import scenarios_folder
from shudian.quantities import FIRST_YEAR, MONTHS, measured, placed, read_month, read_quantity, show, write_month
from shudian.toml_file import TomlFile, nearest, read_toml
from shudian.unit_words import COUNT
from shudian.units import internal_of

UNSTATED = "unstated"
"""The definition a target is judged under where its document does not say which it means."""

_MEASURES = ("increase_over_year", "level_at_year_end")
_KEYS = ("label", "measure", "year", "threshold", "definitions", "judged_under", "evidence", "document_date", "note")
_LABELS, _ENDED = "definitions", "ended"


def load_targets(
    path: Path | None = None,
    variables: Mapping[str, str] | None = None,
    known_evidence: Collection[str] | None = None,
) -> tuple[Target, ...]:
    """The targets in the file at `path` (default: the official ones), thresholds in internal units.

    `variables` maps each variable of the model to its unit, `known_evidence` holds what `evidence` may
    name; without them neither is checked. Raises InputError on any mistake.
    """
    file = read_toml(path or scenarios_folder() / "targets.toml")
    official, own = load_definitions(), _labels(file)
    for name in own:
        if own[name] != official.get(name, own[name]):
            file.fail(
                "“{name}” is an official definition with a label of its own; choose another name",
                _LABELS,
                name,
                name=name,
            )
    names = [name for name in file.data if name != _LABELS]
    if not names:
        file.fail("the file holds no target; write one as a table [name] with its label, measure, year and threshold")
    return tuple(_target(file, name, {**official, **own}, variables, known_evidence) for name in names)


def market_of(targets: Sequence[Target]) -> Target:
    """The target that is judged under several definitions; of more than one the first, as official ones come first."""
    return next((target for target in targets if len(target.definitions) > 1), targets[0])


def load_definitions(path: Path | None = None) -> dict[str, Label]:
    """What each definition (口径) is called, from the [definitions] table of `path` (default: the official targets).

    Raises InputError on any mistake.
    """
    return _labels(read_toml(path or scenarios_folder() / "targets.toml"))


def load_endings(path: Path | None = None) -> dict[str, str]:
    """In which month (`2026-01`) a definition of `path` (default: the official targets) was given up, where one was.

    It stands beside the label: `ended = "2026-01"`. Raises InputError on any mistake.
    """
    file = read_toml(path or scenarios_folder() / "targets.toml")
    found = {}
    for name in _labels(file):
        ended = file.data[_LABELS][name].get(_ENDED)
        if ended is not None:
            with placed(file.place(_LABELS, name)):
                found[name] = write_month(read_month(ended))
    return found


def _labels(file: TomlFile) -> dict[str, Label]:
    table = file.data.get(_LABELS, {})
    if not isinstance(table, dict):
        file.fail("[{table}] must be a table with a label for each definition", _LABELS, table=_LABELS)
    return {name: file.label(_texts(value), _LABELS, name) for name, value in table.items()}


def _texts(value: object) -> object:
    return {key: text for key, text in value.items() if key != _ENDED} if isinstance(value, dict) else value


def _target(
    file: TomlFile,
    name: str,
    labels: Mapping[str, Label],
    variables: Mapping[str, str] | None,
    known_evidence: Collection[str] | None,
) -> Target:
    table = file.data[name]
    if not isinstance(table, dict):
        file.fail(
            "“{name}” must be a target: a table [{table}] with its label, measure, year, threshold and definitions",
            name,
            name=name,
            table=name,
        )
    file.only(_KEYS, name)
    missing = [key for key in _KEYS if key not in table]
    if missing:
        file.fail("the target “{name}” lacks “{key}”", name, name=name, key=missing[0])
    with placed(file.place(name, "threshold")):
        quantity = read_quantity(table["threshold"])
        unit_inside = _measured_in(table, variables)
        if quantity.factors and not any(name == COUNT for name, _ in quantity.factors):
            unit_inside = internal_of(quantity.factors)
        if not unit_inside or not (quantity.factors or quantity.scale):
            raise InputError(
                '{value} has no unit; write it as in threshold = "100 亿元"', value=show(table["threshold"])
            )
        expected = Phrase('write it as in "100 亿元"')
        threshold = measured(quantity, unit_inside, unit_inside, show(table["threshold"]), expected)
        if not 0 < threshold < math.inf:
            asked = show(table["threshold"])
            raise InputError(
                "{asked} cannot be a target, which is an amount above 0 that can be missed or reached", asked=asked
            )
    definitions = _definitions(file, name, unit_inside, labels, variables)
    date = table["document_date"]
    if not isinstance(date, str) or not re.fullmatch(
        r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", date, re.ASCII
    ):
        file.fail(
            '{value} is not a date; write the document\'s date as in "2025-07-31"',
            name,
            "document_date",
            value=show(date),
        )
    note = file.label(table["note"], name, "note")
    return Target(
        identifier=name,
        label=file.label(table["label"], name, "label"),
        measure=_choice(file, name, "measure", _MEASURES),
        year=_year(file, name),
        threshold=threshold,
        unit=unit_inside,
        definitions=definitions,
        official_definition=_choice(file, name, "judged_under", (*definitions, UNSTATED)),
        evidence=_evidence(file, name, known_evidence),
        note=Label(f"文件日期 {date}。{note.zh}", f"Document of {date}. {note.en}"),
        place=file.place(name),
    )


def _measured_in(table: Mapping[str, Any], variables: Mapping[str, str] | None) -> str:
    """The unit of the first variable that measures the target, where it is known; empty otherwise."""
    measures = table["definitions"]
    first = next(iter(measures.values()), None) if isinstance(measures, dict) else None
    return variables.get(first, "") if variables and isinstance(first, str) else ""


def _definitions(
    file: TomlFile, name: str, unit: str, labels: Mapping[str, Label], variables: Mapping[str, str] | None
) -> dict[str, str]:
    keys = (name, "definitions")
    table = file.data[name]["definitions"]
    if not isinstance(table, dict) or not table:
        file.fail("[{name}.definitions] names, for each definition, the variable that measures it", *keys, name=name)
    for definition, variable in table.items():
        if definition not in labels:
            file.fail(
                "“{definition}” has no label in [{table}]{nearest}",
                *keys,
                definition,
                definition=definition,
                table=_LABELS,
                nearest=nearest(definition, labels),
            )
        if not isinstance(variable, str):
            file.fail(
                "“{definition}” must be the name of a variable in quotes", *keys, definition, definition=definition
            )
        if variables is not None and variable not in variables:
            file.fail(
                "the model has no variable {name}{nearest}",
                *keys,
                definition,
                name=show(variable),
                nearest=nearest(variable, variables),
            )
        if variables is not None and variables[variable] != unit:
            file.fail(
                "“{variable}” is in {unit}, the threshold in {other}",
                *keys,
                definition,
                variable=variable,
                unit=variables[variable],
                other=unit,
            )
    return dict(table)


def _choice(file: TomlFile, name: str, key: str, allowed: Collection[str]) -> Any:
    value = file.data[name][key]
    if value not in allowed:
        file.fail(
            "“{key}” cannot be {value}{nearest}",
            name,
            key,
            key=key,
            value=show(value),
            nearest=nearest(str(value), allowed),
        )
    return value


def _year(file: TomlFile, name: str) -> int:
    year, last = file.data[name]["year"], FIRST_YEAR + MONTHS // 12 - 1
    if not isinstance(year, int) or isinstance(year, bool) or not FIRST_YEAR <= year <= last:
        file.fail(
            "“year” must be a whole year from {first} to {last}, not {value}",
            name,
            "year",
            first=FIRST_YEAR,
            last=last,
            value=show(year),
        )
    return year


def _evidence(file: TomlFile, name: str, known_evidence: Collection[str] | None) -> tuple[str, ...]:
    evidence = file.data[name]["evidence"]
    if not isinstance(evidence, list) or not all(isinstance(item, str) for item in evidence):
        file.fail('“evidence” is a list of figures and sources: evidence = ["ZG05"]', name, "evidence")
    for item in evidence:
        if known_evidence is not None and item not in known_evidence:
            file.fail(
                "there is no figure or source {name}{nearest}",
                name,
                "evidence",
                name=show(item),
                nearest=nearest(item, known_evidence),
            )
    return tuple(evidence)
