"""seeds/observation.toml: which variable of the model a figure of each definition counts, and with what error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from shudian.indicators import Errors, Rule, errors_of, number_of, rule_of
from shudian.kinds import Figure, Label, Model
from shudian.observe.words import WORDS, Spreads
from shudian.paths import seeds_folder
from shudian.toml_file import read_toml

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
    file.only(("errors", "words", "rule", "report", "left_out", "effects", "review"))
    table = file.data.get("errors", {})
    for grade in ("A", "B", "C", "typical", "wide"):
        if grade not in table:
            file.fail("[errors.{grade}] is missing", "errors", grade=grade)
    errors = {name: errors_of(file, name, table[name]) for name in ("A", "B", "C")}
    wide = table["wide"]
    return Rules(
        rules=tuple(rule_of(file, entry, model) for entry in file.data.get("rule", [])),
        errors=errors,
        typical=errors_of(file, "typical", table["typical"]),
        wide=Errors(
            number_of(file, wide, "level", "errors", "wide"), number_of(file, wide, "growth", "errors", "wide"), 1.0
        ),
        spreads={word: number_of(file, file.data.get("words", {}), word) for word in WORDS if word != "within"},
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
        return {d: number_of(file, table.get(d, {}), key, "effects", d) for d in distances}

    return Transfer(
        differs=by_distance("differs"),
        unrelated=by_distance("unrelated"),
        widest=number_of(file, table, "widest", "effects"),
        nil_printed=number_of(file, table, "nil_printed", "effects"),
    )
