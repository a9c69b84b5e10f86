"""What was reported of the city beside what the run's draws say of the same quantity and period."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.target import HISTORY
from shudian.draws import Draws
from shudian.kinds import FEWEST, Equation, Figure, InputError, Model
from shudian.observe.comparison import compare as compared
from shudian.observe.comparison import predict
from shudian.observe.likelihood import Observer
from shudian.observe.reports import load_reports
from shudian.observe.words import printed_bounds
from shudian.quantities import FIRST_YEAR
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.units import conversion

RATE_OF = {
    "cumulative_local_output": "local_output",
    "cumulative_allocated_market": "allocated_market",
    "cumulative_content_market": "content_market",
}
"""A stock that is reported by its increase -> the rate that is drawn."""
_ONE_SIDED = 0.75
_DAYS = 30.4
"""In a month."""


@dataclass(frozen=True, slots=True)
class Band:
    """Median and the 5-95 % range over draws; without a range (not a number) where the draws are too few for one."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reported:
    """A reported figure and the model's draws of the same quantity in one of the periods that it may mean."""

    figure: Figure
    variable: Equation
    start: str
    end: str
    """First and last day of the period, ISO."""
    model: Band
    """In the figure's unit."""
    report: Band
    """What a report of this kind would print."""

    @property
    def printed(self) -> tuple[float, float]:
        """The least and the greatest value that the printed words allow."""
        bounds = printed_bounds(self.figure)
        assert bounds is not None
        return bounds

    @property
    def months(self) -> tuple[float, float]:
        """The period in months after 2023-01, from its first day's beginning to its last day's end."""
        return _month(self.start), _month(self.end) + 1 / _DAYS

    @property
    def inside(self) -> bool:
        """Whether what was printed lies inside the 90 % interval of what such a report would print."""
        low, high = self.printed
        return low <= self.report.high and high >= self.report.low

    @property
    def side(self) -> int:
        """1 if what was printed lies above the model's median, -1 if below, 0 if it may be the median."""
        low, high = self.printed
        return int(low > self.model.median) - int(high < self.model.median)


def _month(day: str) -> float:
    date = datetime.date.fromisoformat(day[:10])
    return (date.year - FIRST_YEAR) * 12 + date.month - 1 + (date.day - 1) / _DAYS


def band(values: NDArray[np.float64]) -> Band:
    """Median and 90 % interval of `values`; the interval's ends are not a number where there are fewer than FEWEST."""
    if values.size < FEWEST:
        return Band(float(np.median(values)), math.nan, math.nan)
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    return Band(float(median), float(low), float(high))


def compare(
    model: Model, draws: Draws, figures: Mapping[str, Figure], *, everywhere: bool = False
) -> tuple[Reported, ...]:
    """Every fitted figure of the city, in every period that it may mean, beside `draws` under what was decided.

    With `everywhere` also those of the country.
    """
    reports = [r for r in load_reports(model, figures) if everywhere or r.rule.place == "city"]
    observer = Observer(tuple(r for r in reports if not r.rule.is_ratio))
    run = bare_run(model, load_scenario(HISTORY, model.parameters), draws, observer.variables)
    found = []
    for comparison in compared(observer, run):
        report = comparison.report
        for period in dict.fromkeys(reading.alternative.period for reading in comparison.readings):
            level = next(r.level for r in comparison.readings if r.alternative.period == period)
            found.append(
                Reported(
                    comparison.figure, model.equation(report.rule.variable), *period,
                    band(level), band(predict(level, report, draws.seed)),
                )
            )  # fmt: skip
    return tuple(found)


def as_rate(unit: str, low: float, high: float, months: float, shown: str) -> tuple[float, float] | None:
    """What was printed in `unit`, of so many months, as a rate in the unit `shown`; None where the two do not fit."""
    tried = ((shown, 1.0), (shown.removesuffix("/年"), 12 / months), (shown.removesuffix("/月"), 1 / months))
    for wanted, factor in tried:
        try:
            return low * conversion(unit, wanted) * factor, high * conversion(unit, wanted) * factor
        except InputError:
            continue
    return None


def one_sided(comparisons: Sequence[Reported]) -> tuple[int, int, int]:
    """(side, how many figures lie there, how many there are); side is 0 unless three quarters lie on one side.

    A figure whose period is ambiguous lies on a side only if it does so in each period.
    """
    sides: dict[str, set[int]] = {}
    for comparison in comparisons:
        sides.setdefault(comparison.figure.identifier, set()).add(comparison.side)
    for side in (1, -1):
        count = sum(found == {side} for found in sides.values())
        if count >= _ONE_SIDED * len(sides) > 0:
            return side, count, len(sides)
    return 0, 0, len(sides)
