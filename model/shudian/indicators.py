"""Rules of seeds/observation.toml: which variable of the model counts an indicator under a definition, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

from shudian.kinds import FigureReading, InputError, Label, Model
from shudian.paths import seeds_folder
from shudian.structure import load_model
from shudian.toml_file import TomlFile, nearest, read_toml

Reading = FigureReading

_KEYS = (
    "indicator",
    "place",
    "definition",
    "variable",
    "reading",
    "per",
    "factor",
    "scope",
    "growth",
    "fitted",
    "note",
)
_NOTHING = Label("", "")


@dataclass(frozen=True, slots=True)
class Rule:
    """How figures of one indicator, place and definition are tied to the model."""

    indicator: str
    place: str
    """`city`: the model's city, or `china`."""
    definition: str
    variable: str
    reading: Reading
    per: str
    """What the printed amount is per, where its unit does not say so (`部` for a price), or empty."""
    factor_median: float
    """How many times the variable the definition counts, where only one report has the definition."""
    factor_sigma: float
    """Standard deviation of the factor's logarithm; the factor is integrated out."""
    scope_sigma: float
    """Standard deviation of the logarithm by which what the definition holds differs from year to year.

    Offices that use the definition of one year share the factor; a growth rate, which one office prints of its own
    series, is free of it.
    """
    is_ratio: bool
    """True where the number is itself the ratio to the same reading a year before."""
    note: Label
    is_fitted: bool = True
    """False where such a figure stands beside the model and never in the likelihood; `note` says why."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Standard deviations of the logarithm of what a report says, around what is true."""

    level: float
    growth: float
    faulty: float
    """Probability that the report is simply wrong; the wide errors then hold."""


@dataclass(frozen=True, slots=True)
class Indicators:
    """What a city can see of itself, and how well."""

    rules: tuple[Rule, ...]
    typical: Errors
    """Of a figure of which nobody knows yet who will print it."""
    delay: float
    """Months from the end of a period to the day on which its figure is known."""


@lru_cache(maxsize=1)
def load_indicators() -> Indicators:
    """The indicators that the shipped observation model reads; raises InputError on any mistake in it."""
    file, model = read_toml(seeds_folder() / "observation.toml"), load_model()
    table = file.data.get("errors", {})
    return Indicators(
        tuple(rule_of(file, entry, model) for entry in file.data.get("rule", [])),
        errors_of(file, "typical", table.get("typical", {})),
        number_of(file, file.data.get("review", {}), "delay", "review"),
    )


def errors_of(file: TomlFile, name: str, table: Mapping[str, Any]) -> Errors:
    """The errors that `table`, [errors.`name`] of `file`, holds; raises InputError on any mistake in it."""
    return Errors(*(number_of(file, table, key, "errors", name) for key in ("level", "growth", "faulty")))


def number_of(file: TomlFile, table: Mapping[str, Any], key: str, *path: str) -> float:
    """The number above 0 at `key` of `table`, which stands at `path` of `file`; raises InputError for any other."""
    value = table.get(key)
    if not isinstance(value, float) or value <= 0:
        file.fail(
            "“{key}” of {table} must be a number above 0",
            *(path or ("words",)),
            key=key,
            table=".".join(path) or "words",
        )
    return value


def rule_of(file: TomlFile, entry: Mapping[str, Any], model: Model) -> Rule:
    """The rule that `entry` of `file` writes; raises InputError on any mistake in it."""
    name = f"{entry.get('indicator')}/{entry.get('place')}/{entry.get('definition')}"
    for key in entry:
        if key not in _KEYS:
            raise InputError(
                "“{key}” in the rule {rule} is not known{nearest}", key=key, rule=name, nearest=nearest(key, _KEYS)
            ).at(file.path)
    variable, reading = entry.get("variable", ""), entry.get("reading", "")
    if variable not in model:
        known = [e.name for e in model.equations]
        raise InputError(
            "the rule {rule} names “{variable}”, which is no variable{nearest}",
            rule=name,
            variable=variable,
            nearest=nearest(variable, known),
        ).at(file.path)
    if reading not in get_args(Reading):
        raise InputError(
            "the rule {rule} reads “{reading}”{nearest}",
            rule=name,
            reading=reading,
            nearest=nearest(reading, get_args(Reading)),
        ).at(file.path)
    factor = entry.get("factor", {"median": 1.0, "sigma": 0.0})
    return Rule(
        indicator=entry["indicator"],
        place=entry["place"],
        definition=entry["definition"],
        variable=variable,
        reading=reading,
        per=entry.get("per", ""),
        factor_median=factor["median"],
        factor_sigma=factor["sigma"],
        scope_sigma=entry.get("scope", 0.0),
        is_ratio=entry.get("growth") == "ratio",
        note=file.label(entry["note"], "note") if "note" in entry else _NOTHING,
        is_fitted=entry.get("fitted", True),
    )
