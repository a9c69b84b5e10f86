"""seeds/observation.toml: which variable of the model a figure of each definition counts, and with what error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from shudian.kinds import Figure, InputError, Label, Model
from shudian.observe.words import WORDS, Spreads
from shudian.paths import seeds_folder
from shudian.toml_file import TomlFile, nearest, read_toml

Reading = Literal["total", "increase", "mean", "end"]
"""A flow's sum over a period, a cumulative stock's increase over it, a level's mean over it or value at its end."""

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


Distance = Literal["near", "middle", "far"]
"""How far a study's case is from ours: China and a like policy; China or a like trade; neither."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """How much a study of another place tells of this city; see `shudian.observe.effects`."""

    differs: Mapping[Distance, float]
    """Standard deviation of the logarithm of the effect there over the effect here."""
    unrelated: Mapping[Distance, float]
    """Chance that it tells nothing of this city."""
    widest: float
    """Standard deviation of an effect that tells nothing of this city and is not nil, as a logarithm."""
    nil_printed: float
    """How often a finding that is not significant is printed, one that is being printed always."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The whole observation model."""

    rules: tuple[Rule, ...]
    errors: Mapping[str, Errors]
    """By grade."""
    typical: Errors
    """Of a report that is foretold: who will print it is not known."""
    wide: Errors
    spreads: Spreads
    """How far a word such as 约 or 超 lets the number that is meant lie from the printed one."""
    groups: tuple[tuple[tuple[str, ...], Label], ...]
    """Figures that are one report, and why."""
    left_out: Mapping[str, Label]
    """Figures of role calibration or later that measure nothing in the model, and why."""

    def rule_for(self, figure: Figure, city: str) -> Rule | None:
        """The rule that ties `figure` to a model of `city`, or None."""
        place = "city" if figure.geography == city else figure.geography
        wanted = (figure.indicator, place, figure.definition)
        return next((r for r in self.rules if (r.indicator, r.place, r.definition) == wanted), None)


def load_rules(model: Model, path: Path | None = None) -> Rules:
    """The rules of seeds/observation.toml or of the file at `path`; raises InputError on any mistake in it."""
    file = read_toml(path or seeds_folder() / "observation.toml")
    file.only(("errors", "words", "rule", "report", "left_out", "effects"))
    table = file.data.get("errors", {})
    for grade in ("A", "B", "C", "typical", "wide"):
        if grade not in table:
            file.fail("[errors.{grade}] is missing", "errors", grade=grade)
    errors = {name: _errors(file, name, table[name]) for name in ("A", "B", "C")}
    wide = table["wide"]
    return Rules(
        rules=tuple(rule_of(file, entry, model) for entry in file.data.get("rule", [])),
        errors=errors,
        typical=_errors(file, "typical", table["typical"]),
        wide=Errors(
            _number(file, wide, "level", "errors", "wide"), _number(file, wide, "growth", "errors", "wide"), 1.0
        ),
        spreads={word: _number(file, file.data.get("words", {}), word) for word in WORDS if word != "within"},
        groups=tuple(
            (tuple(entry["figures"]), file.label(entry["note"], "note")) for entry in file.data.get("report", [])
        ),
        left_out={
            identifier: file.label(entry["reason"], "reason")
            for entry in file.data.get("left_out", [])
            for identifier in entry["figures"]
        },
    )


def load_transfer(path: Path | None = None) -> Transfer:
    """[effects] of seeds/observation.toml or of the file at `path`; raises InputError on any mistake in it."""
    file = read_toml(path or seeds_folder() / "observation.toml")
    table = file.data.get("effects", {})

    def by_distance(key: str) -> dict[Distance, float]:
        distances: tuple[Distance, ...] = get_args(Distance)
        return {d: _number(file, table.get(d, {}), key, "effects", d) for d in distances}

    return Transfer(
        differs=by_distance("differs"),
        unrelated=by_distance("unrelated"),
        widest=_number(file, table, "widest", "effects"),
        nil_printed=_number(file, table, "nil_printed", "effects"),
    )


def _errors(file: TomlFile, name: str, table: Mapping[str, Any]) -> Errors:
    return Errors(*(_number(file, table, key, "errors", name) for key in ("level", "growth", "faulty")))


def _number(file: TomlFile, table: Mapping[str, Any], key: str, *path: str) -> float:
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
