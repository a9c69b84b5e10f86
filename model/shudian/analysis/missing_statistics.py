"""seeds/missing_statistics.toml: statistics that could be collected, and the measurements that they would be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Draws
from shudian.indicators import Reading
from shudian.kinds import InputError, Label, Model, Place, Scenario, Target
from shudian.observe.reports import Quantity, Report
from shudian.paths import seeds_folder
from shudian.quantities import MONTHS, placed, read_month, show
from shudian.simulate import bare_run
from shudian.targets import UNSTATED
from shudian.toml_file import TomlFile, nearest, read_toml
from shudian.units import conversion
from shudian.value_of_information import (
    Gain,
    Measure,
    Statistic,
    both,
    decision_gain,
    meaning_of,
    measured,
    told,
    truths,
    variances_explained,
)

Array = NDArray[np.float64]
_WHAT = ("variable", "parameter", "meaning_of", "definition_of", "together")
_ERRORS = ("relative_error", "absolute_error")
_KEYS = ("label", "note", *_WHAT, "reading", "period", "divided_by", "levers", *_ERRORS)


@dataclass(frozen=True, slots=True)
class Missing:
    """A statistic that could be collected; exactly one of the first four fields after `note` says what it is."""

    identifier: str
    label: Label
    note: Label
    statistic: Statistic | None
    """A quantity or a parameter, with its error."""
    meaning_of: str
    """Identifier of a report of which it says what it means, or empty."""
    definition_of: str
    """Identifier of a target of which it says which definition is meant, or empty."""
    together: tuple[str, ...]
    """Two other statistics that are collected together, or none."""
    place: Place


def load_missing_statistics(
    model: Model, reports: Collection[str], targets: Collection[str], path: Path | None = None
) -> tuple[Missing, ...]:
    """The statistics in seeds/missing_statistics.toml or in the file at `path`.

    `reports` and `targets` hold the identifiers that may be named. Raises InputError on any mistake.
    """
    file = read_toml(path or seeds_folder() / "missing_statistics.toml")
    return tuple(_missing(file, name, model, reports, targets) for name in file.data)


def trials(path: Path | None = None) -> dict[str, tuple[Label, ...]]:
    """Lever -> the statistics that would tell what it does, as the file says that `load_missing_statistics` reads."""
    file = read_toml(path or seeds_folder() / "missing_statistics.toml")
    found: dict[str, tuple[Label, ...]] = {}
    for name, table in file.data.items():
        for lever in table.get("levers", ()):
            found[lever] = (*found.get(lever, ()), file.label(table["label"], name, "label"))
    return found


def measures(
    missing: Sequence[Missing],
    model: Model,
    history: Scenario,
    draws: Draws,
    reports: Sequence[Report],
    meant: Mapping[str, NDArray[np.int64]],
) -> dict[str, Measure]:
    """What each statistic measures in `draws` under `history`, by identifier.

    `meant` says for a target which of its definitions, by number, each draw takes to be meant.
    """
    statistics = [m.statistic for m in missing if m.statistic is not None]
    truth = truths(statistics, model, history, draws)
    found = {s.identifier: measured(s, values) for s, values in zip(statistics, truth, strict=True)}
    for entry in missing:
        if entry.meaning_of:
            report = next(r for r in reports if r.identifier == entry.meaning_of)
            found[entry.identifier] = meaning_of(report, lambda names: bare_run(model, history, draws, names))
        elif entry.definition_of:
            found[entry.identifier] = told(meant[entry.definition_of].astype(np.float64))
    for entry in missing:
        if entry.together:
            found[entry.identifier] = both(*(found[name] for name in entry.together))
    return {entry.identifier: found[entry.identifier] for entry in missing}


@dataclass(frozen=True, slots=True)
class StatisticWorth:
    """What one missing statistic is worth."""

    missing: Missing
    chances: Mapping[str, Gain]
    """Definition of the market, or UNSTATED -> share of the variance of "target reached" that it takes away."""
    decision: Gain | None
    """What choosing a package after it brings; None for what only says which definition is meant."""


def statistics_worth(
    missing: Sequence[Missing],
    measure: Mapping[str, Measure],
    chances: Mapping[str, Array],
    benefits: Array,
    seed: int,
) -> tuple[StatisticWorth, ...]:
    """What each statistic is worth to the chances, [draw] of 0 or 1 each, and to the choice among [package, draw].

    `chances` has one more entry than there are definitions, UNSTATED: what is reached by the definition that is meant.
    """
    names = list(chances)
    outcomes = np.array([chances[name] for name in names])
    found = []
    for entry in missing:
        shares = dict(zip(names, variances_explained(outcomes, measure[entry.identifier], seed), strict=True))
        if entry.definition_of:
            found.append(StatisticWorth(entry, {UNSTATED: shares[UNSTATED]}, None))
        else:
            found.append(StatisticWorth(entry, shares, decision_gain(benefits, measure[entry.identifier], seed)))
    return tuple(found)


def move(gain: Gain, probability: float) -> tuple[float, float]:
    """By how much a probability would move (root mean square) when `gain` is its share of variance, and the error."""
    scale = probability * (1 - probability)
    top = float(np.sqrt(max(gain.value, 0.0) * scale))
    return top, float(np.sqrt(max(gain.value + gain.standard_error, 0.0) * scale)) - top


def definitions_meant(target: Target, draws: int, seed: int) -> NDArray[np.int64]:
    """Which definition of `target`, by number, is meant in each draw, where all are equally likely."""
    return np.random.default_rng(seed).integers(0, len(target.definitions), draws)


def _missing(file: TomlFile, name: str, model: Model, reports: Collection[str], targets: Collection[str]) -> Missing:
    table = file.data[name]
    if not isinstance(table, dict):
        file.fail(
            "“{name}” must be a statistic: a table [{again}] with its label, note and what it measures",
            name,
            name=name,
            again=name,
        )
    file.only(_KEYS, name)
    _levers(file, name, {p.name for p in model.parameters.values() if p.role == "lever"})
    for key in ("label", "note"):
        if key not in table:
            file.fail("the statistic “{name}” lacks “{key}”", name, name=name, key=key)
    what = [key for key in _WHAT if key in table]
    if len(what) != 1:
        file.fail(
            "the statistic “{name}” says what it measures with exactly one of: {keys}",
            name,
            name=name,
            keys=", ".join(_WHAT),
        )
    label = file.label(table["label"], name, "label")
    known = {"meaning_of": reports, "definition_of": targets}.get(what[0])
    if known is not None:
        _named(file, name, what[0], known)
    together = _together(file, name) if what[0] == "together" else ()
    return Missing(
        name,
        label,
        file.label(table["note"], name, "note"),
        _statistic(file, name, label, model) if what[0] in ("variable", "parameter") else None,
        table.get("meaning_of", ""),
        table.get("definition_of", ""),
        together,
        file.place(name),
    )


def _levers(file: TomlFile, name: str, known: Collection[str]) -> None:
    named = file.data[name].get("levers", [])
    if not isinstance(named, list) or not all(isinstance(lever, str) for lever in named):
        file.fail("the statistic “{name}”: “{key}” must be a list of names", name, name=name, key="levers")
    for lever in named:
        if lever not in known:
            file.fail(
                "the statistic “{name}” tells of the lever “{lever}”, which does not exist{nearest}", name,
                name=name, lever=lever, nearest=nearest(lever, known),
            )  # fmt: skip


def _statistic(file: TomlFile, name: str, label: Label, model: Model) -> Statistic:
    table = file.data[name]
    given = [key for key in _ERRORS if key in table]
    error = table[given[0]] if len(given) == 1 else None
    if not isinstance(error, (int, float)) or isinstance(error, bool) or not 0 < error < float("inf"):
        file.fail(
            "the statistic “{name}” needs one error above 0: relative_error or absolute_error",
            name,
            *given[:1],
            name=name,
        )
    relative, absolute = (float(error), 0.0) if given == [_ERRORS[0]] else (0.0, float(error))
    if "parameter" in table:
        uncertain = [p.name for p in model.fixed if p.role == "uncertain"]
        parameter = model.parameters[_named(file, name, "parameter", uncertain)]
        # written in the unit in which people write the parameter
        absolute *= conversion(parameter.display_unit, parameter.unit)
        return Statistic(name, label, None, None, parameter.name, relative, absolute)
    quantity = _quantity(file, name, "variable", model)
    below = _quantity(file, name, "divided_by", model) if "divided_by" in table else None
    return Statistic(name, label, quantity, below, "", relative, absolute)


def _quantity(file: TomlFile, name: str, key: str, model: Model) -> Quantity:
    table = file.data[name]
    variable = _named(file, name, key, [e.name for e in model.equations])
    reading: Any = _named(file, name, "reading", get_args(Reading))
    period = table.get("period")
    if not isinstance(period, list) or len(period) != 2:
        file.fail('“period” is its first and its last month: period = ["2025-01", "2025-12"]', name, "period")
    with placed(file.place(name, "period")):
        start, end = read_month(period[0]), read_month(period[1]) + 1
        if not 0 <= start < end <= MONTHS:
            raise InputError(
                "{first} to {last} is no period inside the model's years", first=show(period[0]), last=show(period[1])
            )
    return Quantity(variable, reading, start, end)


def _named(file: TomlFile, name: str, key: str, known: Collection[str]) -> str:
    value = file.data[name].get(key)
    if not isinstance(value, str) or value not in known:
        file.fail(
            "“{key}” cannot be {value}{nearest}",
            name,
            key,
            key=key,
            value=show(value),
            nearest=nearest(str(value), known),
        )
    return value


def _together(file: TomlFile, name: str) -> tuple[str, ...]:
    names = file.data[name]["together"]
    others = [other for other, table in file.data.items() if isinstance(table, dict) and "together" not in table]
    if not isinstance(names, list) or len(names) != 2 or any(other not in others for other in names):
        file.fail(
            "“together” names two other statistics of this file: {names}", name, "together", names=", ".join(others)
        )
    return tuple(names)
