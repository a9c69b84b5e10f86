"""Verdicts: how likely each package reaches each target, under each definition, and at what cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import Label, Scenario, Target
from shudian.report.results import Outcome, Reading

YEAR = 2027


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of the verdict table: how it is read from a run. Its label is the text `measure_<name>`."""

    name: str
    variable: str
    reading: Reading
    unit: str


MEASURES = (
    Measure("firms", "active_firms", "level_at_year_end", "家"),
    Measure("output", "cumulative_local_output", "increase_over_year", "亿元"),
    Measure("jobs", "fte_jobs", "level_at_year_end", "人"),
    Measure("heads", "head_count", "level_at_year_end", "人"),
    Measure("cost", "cumulative_fiscal_cost", "level_at_year_end", "亿元"),
)
ADDITIONAL = ("output", "jobs")
"""Measures that are also compared with the reference on the same draws."""


@dataclass(frozen=True, slots=True)
class Probability:
    """A share of draws and its Monte Carlo standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Band:
    """Median and the 5-95 % range over draws."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one scenario comes to."""

    scenario: Scenario
    targets: Mapping[str, Mapping[str, Probability]]
    """Target -> definition -> probability that the target is reached."""
    gains: Mapping[str, Probability]
    """Definition -> change of the market target's probability against the reference, paired draw by draw."""
    measures: Mapping[str, Band]
    additional: Mapping[str, Band]
    """Difference to the reference, draw by draw; empty for the reference itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How much of the market answer hangs on the definition, how much on the package.

    Each spread is a difference of probabilities between the two named ends; `noise` is the largest of what
    `noise()` gives for a difference between packages: a smaller one is not a difference.
    """

    definitions_spread: float
    lowest_definition: str
    highest_definition: str
    packages_spread: float
    spread_definition: str
    lowest_package: str
    highest_package: str
    noise: float


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts of all scenarios of a run, and what they share."""

    city: str
    rows: tuple[Verdict, ...]
    reference: str
    targets: tuple[Target, ...]
    definitions: Mapping[str, Label]
    """What each definition (口径) is called."""
    market: Target
    """The target whose definition is in dispute."""
    finding: Finding
    draws: int
    seed: int
    calibrated: bool


def judge(
    city: str,
    outcomes: Sequence[Outcome],
    targets: Sequence[Target],
    definitions: Mapping[str, Label],
    reference: str,
    seed: int,
    calibrated: bool,
) -> Verdicts:
    """The verdicts on `targets` of `outcomes`, all on the same draws, compared with the one named `reference`."""
    market = max(targets, key=lambda target: len(target.definitions))
    base = next(outcome for outcome in outcomes if outcome.scenario.name == reference)
    rows = tuple(_verdict(outcome, base, targets, market) for outcome in outcomes)
    finding = _finding(outcomes, rows, market)
    return Verdicts(
        city, rows, reference, tuple(targets), dict(definitions), market, finding, outcomes[0].draws, seed, calibrated
    )


def noise(error: float, draws: int) -> float:
    """The least difference of two probabilities on the same draws that is one: twice its standard error.

    Where hardly a draw differs, that error is no guide, and the rule of three holds: 3/draws.
    """
    return min(1.0, max(2 * error, 3 / draws))


def measured(outcome: Outcome, target: Target, definition: str) -> NDArray[np.float64]:
    """What each draw comes to under one definition of a target, in the target's unit."""
    return outcome.read(target.definitions[definition], target.measure, target.year, target.unit)


def read(outcome: Outcome, measure: Measure) -> NDArray[np.float64]:
    """Every draw's value of `measure` in the verdict year."""
    return outcome.read(measure.variable, measure.reading, YEAR, measure.unit)


def _verdict(outcome: Outcome, base: Outcome, targets: Sequence[Target], market: Target) -> Verdict:
    is_base = outcome is base
    measures = {measure.name: read(outcome, measure) for measure in MEASURES}
    return Verdict(
        outcome.scenario,
        {
            target.identifier: {d: _share(_reached(outcome, target, d)) for d in target.definitions}
            for target in targets
        },
        {} if is_base else {d: _paired(outcome, base, market, d) for d in market.definitions},
        {name: _band(values) for name, values in measures.items()},
        {} if is_base else {m.name: _band(measures[m.name] - read(base, m)) for m in MEASURES if m.name in ADDITIONAL},
    )


def _reached(outcome: Outcome, target: Target, definition: str) -> NDArray[np.bool_]:
    return measured(outcome, target, definition) >= target.threshold


def _share(reached: NDArray[np.bool_]) -> Probability:
    share = float(reached.mean())
    return Probability(share, math.sqrt(share * (1 - share) / reached.size))


def _paired(outcome: Outcome, base: Outcome, target: Target, definition: str) -> Probability:
    difference = _reached(outcome, target, definition).astype(float) - _reached(base, target, definition)
    return Probability(float(difference.mean()), float(difference.std() / math.sqrt(difference.size)))


def _band(values: NDArray[np.float64]) -> Band:
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    return Band(float(median), float(low), float(high))


def _finding(outcomes: Sequence[Outcome], rows: Sequence[Verdict], market: Target) -> Finding:
    definitions = list(market.definitions)
    table = np.array([[row.targets[market.identifier][d].value for d in definitions] for row in rows])
    typical = np.median(table, axis=0)
    lowest, highest = int(typical.argmin()), int(typical.argmax())
    spread = np.ptp(table, axis=0)
    widest = int(spread.argmax())
    bottom, top = int(table[:, widest].argmin()), int(table[:, widest].argmax())
    errors = [
        _paired(outcomes[top], outcome, market, definition).error for outcome in outcomes for definition in definitions
    ]
    return Finding(
        definitions_spread=float(typical[highest] - typical[lowest]),
        lowest_definition=definitions[lowest],
        highest_definition=definitions[highest],
        packages_spread=float(spread[widest]),
        spread_definition=definitions[widest],
        lowest_package=rows[bottom].scenario.name,
        highest_package=rows[top].scenario.name,
        noise=noise(max(errors), outcomes[0].draws),
    )
