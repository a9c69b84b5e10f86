"""What one more job, or one more yuan of output, costs; and what it must be worth for a package to pay."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.results import Readable
from shudian.analysis.value import MOST_VALUE
from shudian.analysis.verdicts import LATER, YEAR
from shudian.kinds import FEWEST

Array = NDArray[np.float64]
PRICED = (("jobs", YEAR), ("output", YEAR), ("output", LATER))
"""Amounts that have a price, and the year to whose end cost and output are counted; jobs are those at its end."""
SAVING = 0.05
"""Share of draws in which a package may cost no more than its reference and still have prices."""
VALUES: Array = np.linspace(0, MOST_VALUE, 61)
"""What a yuan of additional output may be worth to the city, in yuan."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one more unit costs, draw by draw: infinite where money is spent and nothing is added.

    A mean of the draws' ratios would not exist, because some draws add next to nothing; the ratio of the means is
    another number, which the few draws that add much decide. All four are undefined where a package does not cost
    more than its reference (in more than SAVING of the draws): what is saved buys nothing.
    """

    median: float
    low: float
    """5 and 95 % bounds."""
    high: float
    nothing: float
    """Share of draws in which nothing is added, or less than nothing."""


def price(cost: Array, amount: Array) -> Price:
    """The price of `amount`, [draw], additional, that came with `cost`, [draw], additional; units are the caller's."""
    if (cost <= 0).mean() > SAVING:
        return Price(*[float("nan")] * 4)
    with np.errstate(over="ignore"):
        each = np.divide(cost, amount, out=np.full(cost.shape, np.inf), where=amount > 0)
    # no interpolation, which would make an infinite price of a finite one
    low, median, high = (float(level) for level in np.quantile(each, (0.05, 0.5, 0.95), method="inverted_cdf"))
    if cost.size < FEWEST:
        low = high = math.nan
    return Price(median, low, high, float((amount <= 0).mean()))


def prices(package: Readable, reference: Readable) -> dict[tuple[str, int], Price]:
    """What is PRICED under `package`, against `reference` on the same draws: 万元 a job, yuan a yuan of output."""

    def more(variable: str, unit: str, year: int) -> Array:
        return package.read(variable, "level_at_year_end", year, unit) - reference.read(
            variable, "level_at_year_end", year, unit
        )

    variables = {"jobs": ("fte_jobs", "人"), "output": ("cumulative_local_output", "万元")}
    return {
        (what, year): price(more("cumulative_fiscal_cost", "万元", year), more(*variables[what], year))
        for what, year in PRICED
    }


@dataclass(frozen=True, slots=True)
class Worth:
    """Which package is best at each value of a yuan of additional output; all against the same reference.

    Net benefit is value x additional output - additional cost, expected over the draws; the reference has none.
    """

    names: tuple[str, ...]
    """The packages, and the reference last."""
    break_even: Mapping[str, float]
    """Value from which on a package is expected to beat the reference: infinite where it costs more and does not raise
    output, undefined where it costs less and lowers it, because it then beats the reference below a value."""
    best: tuple[tuple[float, tuple[str, ...]], ...]
    """From which value on who is best; more than one name where packages tie exactly."""
    expected: Array
    """[name, value in VALUES]: expected net benefit, in the unit of cost."""
    chance: Array
    """[name, value in VALUES]: share of draws in which it is the best; a tie is shared."""


def worth(output: Mapping[str, Array], cost: Mapping[str, Array], reference: str) -> Worth:
    """The Worth of packages by their additional `output` and `cost` against `reference`, both [draw] in one unit."""
    nothing = np.zeros_like(next(iter(cost.values())))
    names = (*(name for name in output if name != reference), reference)
    outputs = np.array([output.get(name, nothing) if name != reference else nothing for name in names])
    costs = np.array([cost.get(name, nothing) if name != reference else nothing for name in names])
    lines = np.stack([outputs.mean(axis=1), costs.mean(axis=1)], axis=1)
    expected = lines[:, :1] * VALUES - lines[:, 1:]
    even = {name: _even(float(gained), float(spent)) for name, (gained, spent) in zip(names[:-1], lines, strict=False)}
    return Worth(names, even, _best(names, lines), expected, _chances(outputs, costs))


def _even(gained: float, spent: float) -> float:
    if spent <= 0:
        return 0.0 if gained >= 0 else float("nan")
    return spent / gained if gained > 0 else float("inf")


def _best(names: Sequence[str], lines: Array) -> tuple[tuple[float, tuple[str, ...]], ...]:
    """The upper envelope of the lines: where it bends, two of them cross."""
    crossings = [
        float((one[1] - other[1]) / (one[0] - other[0])) for one, other in combinations(lines, 2) if one[0] != other[0]
    ]
    bounds = [0.0, *sorted({c for c in crossings if 0 < c < VALUES[-1]}), float(VALUES[-1])]
    found: list[tuple[float, tuple[str, ...]]] = []
    for start, end in pairwise(bounds):
        heights = lines[:, 0] * (start + end) / 2 - lines[:, 1]
        top = tuple(name for name, height in zip(names, heights, strict=True) if height == heights.max())
        if not found or found[-1][1] != top:
            found.append((start, top))
    return tuple(found)


def _chances(outputs: Array, costs: Array) -> Array:
    chances = np.empty((len(outputs), VALUES.size))
    for position, value in enumerate(VALUES):
        benefits = value * outputs - costs
        first = benefits == benefits.max(axis=0)
        chances[:, position] = (first / first.sum(axis=0)).mean(axis=1)
    return chances
