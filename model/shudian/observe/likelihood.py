"""How probable the reports are, given what a run says: every alternative, and the chance that a report is wrong.

Of a report, y is the logarithm of the model's quantity and e the report's error, normal with the grade's standard
deviation. The words allow an interval; its probability per unit of log width is what counts, so that a word that
allows much is not preferred for it. Alternatives have equal weights before the data; so is every report with a
small probability faulty, when its errors are the wide ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special

from shudian.observe.reports import Alternative, Interval, Quantity, Report

Array = NDArray[np.float64]
_TINY = 1e-300


@dataclass(frozen=True)
class Observer:
    """Reads the quantities of `reports` from runs and says how probable the reports are."""

    reports: tuple[Report, ...]

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every quantity that is read, once."""
        found: dict[Quantity, None] = {}
        for constraint in self._constraints:
            found[constraint.quantity] = None
            if constraint.growth:
                found[constraint.quantity.year_before()] = None
        return tuple(found)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The variables that a run must hold for `read`, in order."""
        return tuple(dict.fromkeys(quantity.variable for quantity in self.quantities))

    @cached_property
    def months(self) -> int:
        """How many months a run must have."""
        return max((math.ceil(q.end) for q in self.quantities), default=0)

    def read(self, run: Array) -> Array:
        """The quantities, [quantity, draw], of a run [variable, month, draw] of `variables`, internal units."""
        result = np.empty((len(self.quantities), run.shape[2]))
        for variable, (rows, weights) in self._weights.items():
            result[rows] = weights @ run[self.variables.index(variable), : self.months + 1]
        return result

    def log_likelihood(self, run: Array) -> Array:
        """Log probability density of each report, [report, draw]."""
        by_alternative, faulty = self._by_alternative(self._logarithms(run))
        with np.errstate(invalid="ignore"):
            return np.logaddexp(*self._mixed(by_alternative, faulty))

    def total(self, run: Array) -> Array:
        """The sum of `log_likelihood` over reports, [draw]; -inf where it is not a number."""
        total = self.log_likelihood(run).sum(axis=0)
        return np.where(np.isnan(total), -np.inf, total)

    def explanations(self, run: Array) -> list[tuple[Array, float]]:
        """Per report the posterior weight of each alternative and of the report being faulty, averaged over draws."""
        by_alternative, faulty = self._by_alternative(self._logarithms(run))
        sound, wrong = self._mixed(by_alternative, faulty)
        found = []
        for report, rows in enumerate(self._rows):
            total = np.logaddexp(sound[report], wrong[report])
            prior = -math.log(len(rows))
            q = self.reports[report].errors.faulty
            weights = [
                np.exp(
                    np.logaddexp(by_alternative[row] + math.log1p(-q), faulty[row] + math.log(q)) + prior - total
                ).mean()
                for row in rows
            ]
            found.append((np.array(weights), float(np.exp(wrong[report] - total).mean())))
        return found

    def _mixed(self, by_alternative: Array, faulty: Array) -> tuple[Array, Array]:
        first = np.array([rows[0] for rows in self._rows])
        meanings = np.log([len(rows) for rows in self._rows])[:, None]
        q = np.array([[report.errors.faulty] for report in self.reports])
        sound = np.logaddexp.reduceat(by_alternative, first, axis=0) - meanings + np.log1p(-q)
        wrong = np.logaddexp.reduceat(faulty, first, axis=0) - meanings + np.log(q)
        return sound, wrong

    def _logarithms(self, run: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(np.maximum(self.read(run), _TINY))

    def _by_alternative(self, logarithms: Array) -> tuple[Array, Array]:
        """Log density of each alternative, [alternative, draw], if its report is sound and if it is faulty."""
        t = self._table
        y = logarithms[t.quantity] - np.where(t.is_growth[:, None], logarithms[t.base], 0.0)
        sound = _log_density(y, t.low, t.high, t.sigma)
        faulty = _log_density(y, t.low, t.high, t.wide)
        first = np.flatnonzero(np.diff(t.alternative, prepend=-1))
        return np.add.reduceat(sound, first, axis=0), np.add.reduceat(faulty, first, axis=0)

    @cached_property
    def _constraints(self) -> tuple[_Constraint, ...]:
        return tuple(
            constraint for report in self.reports for a in report.alternatives for constraint in _of(report, a)
        )

    @cached_property
    def _rows(self) -> list[NDArray[np.int64]]:
        """Rows of the alternatives of each report."""
        counts = [len(report.alternatives) for report in self.reports]
        ends = np.cumsum(counts)
        return [np.arange(end - count, end) for count, end in zip(counts, ends, strict=True)]

    @cached_property
    def _table(self) -> _Table:
        index = {quantity: row for row, quantity in enumerate(self.quantities)}
        constraints = self._constraints
        owners = [a for report in self.reports for a in report.alternatives]
        position = {id(a): row for row, a in enumerate(owners)}
        return _Table(
            quantity=np.array([index[c.quantity] for c in constraints]),
            base=np.array([index[c.quantity.year_before()] if c.growth else 0 for c in constraints]),
            is_growth=np.array([c.growth for c in constraints]),
            low=np.array([[_log(c.interval[0])] for c in constraints]),
            high=np.array([[_log(c.interval[1])] for c in constraints]),
            sigma=np.array([[c.sigma] for c in constraints]),
            wide=np.array([[c.wide] for c in constraints]),
            alternative=np.array([position[id(c.owner)] for c in constraints]),
        )

    @cached_property
    def _weights(self) -> dict[str, tuple[list[int], Array]]:
        found = {}
        for variable in self.variables:
            rows = [row for row, q in enumerate(self.quantities) if q.variable == variable]
            found[variable] = (rows, np.array([reading_weights(self.quantities[row], self.months) for row in rows]))
        return found


@dataclass(frozen=True, slots=True)
class _Constraint:
    owner: Alternative
    quantity: Quantity
    interval: Interval
    growth: bool
    sigma: float
    wide: float


@dataclass(frozen=True, slots=True)
class _Table:
    quantity: NDArray[np.int64]
    base: NDArray[np.int64]
    is_growth: NDArray[np.bool_]
    low: Array
    high: Array
    sigma: Array
    wide: Array
    alternative: NDArray[np.int64]


def _of(report: Report, alternative: Alternative) -> Sequence[_Constraint]:
    found = []
    sound, wide = report.errors, report.wide
    if alternative.level is not None:
        found.append(_Constraint(alternative, alternative.quantity, alternative.level, False, sound.level, wide.level))
    if alternative.growth is not None:
        found.append(
            _Constraint(alternative, alternative.quantity, alternative.growth, True, sound.growth, wide.growth)
        )
    return found


def reading_weights(quantity: Quantity, months: int) -> Array:
    """Weights on a variable's values at the start of months 0 to `months` that give `quantity`.

    A total or mean of a flow or level is the trapezoid rule's; a time inside a month is interpolated.
    """
    at = np.arange(months + 1, dtype=np.float64)

    def value(time: float) -> Array:
        return np.maximum(0.0, 1.0 - np.abs(at - time))

    start, end = quantity.start, quantity.end
    if quantity.reading == "end":
        return value(end)
    if quantity.reading == "increase":
        return value(end) - value(start)
    times = np.unique([start, *range(math.ceil(start), math.floor(end) + 1), end])
    weights = np.zeros(months + 1)
    for left, right in pairwise(times):
        weights += (value(left) + value(right)) * (right - left) / 2
    return weights / (end - start) if quantity.reading == "mean" else weights


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


def _log_density(y: Array, low: Array, high: Array, sigma: Array) -> Array:
    """Log of the probability that y + e lies between `low` and `high`, per unit of log width where that is finite."""
    a, b = (low - y) / sigma, (high - y) / sigma
    flip = a > 0  # the upper tail loses its digits: use the lower one
    lower, upper = np.where(flip, -b, a), np.where(flip, -a, b)
    probability = special.ndtr(upper) - special.ndtr(lower)
    width = np.where(np.isfinite(high - low), high - low, 1.0)
    return np.asarray(np.log(np.maximum(probability, _TINY)) - np.log(width))
