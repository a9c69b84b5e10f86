"""What was reported beside what the model says of the same quantity and period, before any calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Draws
from shudian.kernel import Method
from shudian.kinds import Equation, Figure, Model, Scenario
from shudian.quantities import FIRST_YEAR
from shudian.simulate import simulate
from shudian.units import conversion

_ONE_SIDED = 0.75


@dataclass(frozen=True, slots=True)
class Band:
    """Median and the 5-95 % range over draws."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A reported figure, the variable that counts the same thing, and how a period of it is read.

    `increase`: a cumulative variable at both ends. `total`: a flow over the period. `mean`: a level's average over
    the period. `end`: a level at the period's end, which is what a count of firms or people means.
    """

    figure: str
    variable: str
    reading: Literal["increase", "total", "mean", "end"]


COUNTED = (
    Counted("ZM03", "cumulative_local_output", "increase"),
    Counted("ZM04", "cumulative_local_output", "increase"),
    Counted("ZM07", "cumulative_allocated_market", "increase"),
    Counted("ZE01", "active_firms", "end"),
    Counted("ZE02", "registered_firms", "end"),
    Counted("ZE03", "registered_firms", "end"),
    Counted("ZE05", "registered_firms", "end"),
    Counted("ZW02", "head_count", "end"),
    Counted("ZW04", "head_count", "end"),
    Counted("ZD03", "reviewed_titles", "total"),
    Counted("ZD04", "reviewed_titles", "total"),
    Counted("ZC01", "crews_on_set", "mean"),
)
"""A first look; calibration replaces it by an observation of every figure with its own error."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reported figure and the model's draws of the same quantity in one of the periods that it may mean."""

    figure: Figure
    variable: Equation
    start: str
    end: str
    """First and last day of the period, ISO."""
    model: Band
    """In the figure's unit."""

    @property
    def printed(self) -> tuple[float, float]:
        """The least and the greatest value that the printed words allow."""
        values = [value for value in (self.figure.low, self.figure.value, self.figure.high) if value is not None]
        return min(values), max(values)

    @property
    def inside(self) -> bool:
        """Whether what was printed lies inside the model's 90 % interval."""
        low, high = self.printed
        return low <= self.model.high and high >= self.model.low

    @property
    def side(self) -> int:
        """1 if what was printed lies above the model's median, -1 if below, 0 if it may be the median."""
        low, high = self.printed
        return int(low > self.model.median) - int(high < self.model.median)


def band(values: NDArray[np.float64]) -> Band:
    """Median and 90 % interval of `values`."""
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    return Band(float(median), float(low), float(high))


def compare(
    model: Model, scenario: Scenario, draws: Draws, method: Method, figures: Mapping[str, Figure]
) -> tuple[Comparison, ...]:
    """Every figure of COUNTED, in every period that it may mean, beside the run of `scenario`."""
    variables = tuple(dict.fromkeys(counted.variable for counted in COUNTED))
    run = simulate(model, scenario, draws, outputs=variables, method=method)
    found = []
    for counted in COUNTED:
        figure = figures[counted.figure]
        for start, end in figure.period_alternatives or ((figure.period_start, figure.period_end),):
            equation = model.equation(counted.variable)
            values = _read(run[counted.variable].values, counted, _month(start), _month(end) + 1)
            unit = f"{figure.unit}/月" if counted.reading == "total" else figure.unit
            found.append(Comparison(figure, equation, start, end, band(values * conversion(equation.unit, unit))))
    return tuple(found)


def one_sided(comparisons: Sequence[Comparison]) -> tuple[int, int, int]:
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


def _read(values: NDArray[np.float64], counted: Counted, start: int, end: int) -> NDArray[np.float64]:
    if counted.reading == "increase":
        return np.asarray(values[:, end] - values[:, start])
    if counted.reading == "end":
        return np.asarray(values[:, end])
    total = np.trapezoid(values[:, start : end + 1], axis=1)
    return np.asarray(total if counted.reading == "total" else total / (end - start))


def _month(day: str) -> int:
    year, month = (int(part) for part in day.split("-")[:2])
    return (year - FIRST_YEAR) * 12 + month - 1
