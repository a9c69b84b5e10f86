"""How probable the reports are, given what a run says: every alternative, and the chance that a report is wrong.

Of a report, y is the logarithm of the model's quantity and e the report's error, normal with the grade's standard
deviation; what the words say of y + e is in `words`, per unit of log width, so that a word that allows much is not
preferred for it. Alternatives have equal weights before the data; so is every report with a small probability faulty,
when its errors are the wide ones.

What a definition holds differs from year to year by a factor (`scope_sigma` of its rule), which all reports of one
definition and year share. It is integrated out: of a report that stands alone it widens the error, of several it is
a sum over nodes, in which the first report tells what the second may say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from shudian.observe.reports import Alternative, Quantity, Report
from shudian.observe.words import Density, Statement, Table, densities, distribution

Array = NDArray[np.float64]
Measure = Literal["level", "ratio_to_year_before"]
"""What a printed number tells of a quantity."""
MEASURES: tuple[Measure, ...] = get_args(Measure)
Transforms = Mapping[Measure, tuple[Array, Array]]
"""By printed number the probability, [draw], that less is printed than its lower end, and than its upper end."""
_TINY = 1e-300
_COPYING = 0.05
"""Standard deviation of the logarithm of a number that is printed again: nothing but rounding lies between the two."""
_ENDS = 4.0
"""How many standard deviations of a shared scope the nodes over which it is summed reach to."""


@dataclass(frozen=True)
class Observer:
    """Reads the quantities of `reports` from runs and says how probable the reports are."""

    reports: tuple[Report, ...]
    densities: Callable[[Table, Array], Density] = densities
    """From what rows say and their errors to log densities: `tabulated.Tabulated.of` is quicker, and a bit off."""
    spacing: float = 1.5
    """Distance of the nodes over which a shared scope is summed, in standard errors of the sharpest of its reports over
    the root of their number: the sum is then off by some 1e-4, and at 2.2 by some hundredths."""

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
        """Log probability density of each report, [report, draw]; of reports that share a scope, given those before."""
        logarithms = self._logarithms(run)
        with np.errstate(invalid="ignore"):
            found = _log_add(self._alone.if_sound(logarithms), self._alone.if_wrong(logarithms))
            for shared, at_nodes in self._at_nodes(logarithms):
                weights, before = shared.weights, np.zeros(found.shape[1])
                for position, at in zip(shared.positions, at_nodes, strict=True):
                    weights = weights + at
                    after = _log_sum(weights)
                    found[position], before = after - before, after
        return found

    def total(self, run: Array) -> Array:
        """The sum of `log_likelihood` over reports, [draw]; -inf where it is not a number."""
        total = self.log_likelihood(run).sum(axis=0)
        return np.where(np.isnan(total), -np.inf, total)

    def explanations(self, run: Array) -> list[tuple[Array, float]]:
        """Per report the posterior weight of each alternative and of the report being faulty, averaged over draws."""
        logarithms = self._logarithms(run)
        found = self._alone.explained(logarithms, 0.0, 1.0)
        for shared, at_nodes in self._at_nodes(logarithms):
            nodes = np.sum(at_nodes, axis=0) + shared.weights
            weights = np.exp(nodes - _log_sum(nodes))
            parts = [
                shared.rows.explained(logarithms, shift, weight)
                for shift, weight in zip(shared.shifts, weights, strict=True)
            ]
            for place, position in enumerate(shared.positions):
                told = [part[place] for part in parts]
                meanings = np.sum([t[0] for t in told], axis=0)
                found[position] = (meanings, math.fsum(t[1] for t in told))
        return found

    def transforms(self, run: Array) -> list[Transforms]:
        """Per report and printed number the probability, [draw], of less than its lower and than its upper end.

        It is that of what such a report would print, given the draw, its own error and chance of being wrong, and what
        the others of its definition and year say of the scope. Several meanings have the same weight.
        """
        logarithms = self._logarithms(run)
        found = self._alone.transformed(logarithms, np.zeros(1), np.ones((1, logarithms.shape[1])))
        for shared, at_nodes in self._at_nodes(logarithms):
            for place, position in enumerate(shared.positions):
                nodes = np.sum([at for other, at in enumerate(at_nodes) if other != place], axis=0) + shared.weights
                weights = np.exp(nodes - _log_sum(nodes))
                found[position] = shared.rows.transformed(logarithms, shared.shifts, weights)[place]
        return found

    def _at_nodes(self, logarithms: Array) -> Iterator[tuple[_Shared, Sequence[Array]]]:
        """Reports that share a scope, and the log density of each of them, [node, draw].

        All nodes of all scopes are rows of one table: a call for each would cost more than the arithmetic.
        """
        if not self._shared:
            return
        rows, shift, nodes = self._nodes
        wrong = np.concatenate([shared.rows.if_wrong(logarithms) for shared in self._shared])
        every = _log_add(rows.if_sound(logarithms, shift), wrong.repeat(nodes, axis=0))
        of_report = np.split(every, np.cumsum(nodes)[:-1])
        start = 0
        for shared in self._shared:
            end = start + len(shared.positions)
            yield shared, of_report[start:end]
            start = end

    @cached_property
    def _nodes(self) -> tuple[_Rows, Array, NDArray[np.int64]]:
        """The reports that share a scope, again for each node of it: rows, shift [row, 1], and nodes of each report."""
        each = [(self.reports[p], shared.shifts) for shared in self._shared for p in shared.positions]
        rows = self._rows([report for report, shifts in each for _ in shifts], alone=False)
        said = [sum(len(_of(report, a, alone=False)) for a in report.alternatives) for report, _ in each]
        shift = np.concatenate([shifts.repeat(count) for (_, shifts), count in zip(each, said, strict=True)])
        return rows, shift[:, None], np.array([shifts.size for _, shifts in each])

    def _logarithms(self, run: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(np.maximum(self.read(run), _TINY))

    @cached_property
    def _alone(self) -> _Rows:
        return self._rows(self.reports, alone=True)

    @cached_property
    def _shared(self) -> tuple[_Shared, ...]:
        """Reports of one definition and year, where there are several."""
        scopes: dict[tuple[str, str, str, int], list[int]] = {}
        for position, report in enumerate(self.reports):
            if report.rule.scope_sigma:
                scopes.setdefault(scope_of(report), []).append(position)
        return tuple(
            _Shared(
                tuple(p),
                self.reports[p[0]].rule.scope_sigma,
                self._rows([self.reports[i] for i in p], alone=False),
                self.spacing,
            )
            for p in scopes.values()
            if len(p) > 1
        )

    def _rows(self, reports: Sequence[Report], *, alone: bool) -> _Rows:
        index = {quantity: row for row, quantity in enumerate(self.quantities)}
        said = [_of(report, a, alone=alone) for report in reports for a in report.alternatives]
        constraints = [c for of_meaning in said for c in of_meaning]
        said_by_rows = Table.of([c.said for c in constraints])
        sigma, wide = (
            np.array(e).reshape(-1, 1) for e in ([c.sigma for c in constraints], [c.wide for c in constraints])
        )
        return _Rows(
            quantity=np.array([index[c.quantity] for c in constraints]),
            base=np.array([index[c.quantity.year_before()] if c.growth else 0 for c in constraints]),
            is_growth=np.array([[c.growth] for c in constraints]),
            copied=np.array([[c.copied] for c in constraints]),
            said=said_by_rows,
            sigma=sigma,
            wide=wide,
            log_density=self.densities(said_by_rows, sigma),
            log_density_if_wrong=self.densities(said_by_rows, wide),
            first=np.cumsum([0, *(len(of_meaning) for of_meaning in said)])[:-1],
            meanings=np.array([len(report.alternatives) for report in reports]),
            faulty=np.array([[report.errors.faulty] for report in reports]),
        )

    @cached_property
    def _constraints(self) -> tuple[_Constraint, ...]:
        return tuple(
            constraint
            for report in self.reports
            for a in report.alternatives
            for constraint in _of(report, a, alone=True)
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
    said: Statement
    growth: bool
    sigma: float
    wide: float

    @property
    def copied(self) -> float:
        """Logarithm of the number that is printed again, or NaN."""
        again = self.owner.copied
        return math.nan if again is None or self.growth else math.log(again)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What some reports say, row by row: a level or a growth rate of one of their meanings."""

    quantity: NDArray[np.int64]
    base: NDArray[np.int64]
    is_growth: NDArray[np.bool_]
    copied: Array
    said: Table
    sigma: Array
    wide: Array
    log_density: Density
    log_density_if_wrong: Density
    first: NDArray[np.int64]
    """First row of each meaning."""
    meanings: NDArray[np.int64]
    """How many meanings each report has."""
    faulty: Array

    def sound(self, logarithms: Array, shift: Array | float = 0.0) -> Array:
        """Log density of each meaning if its report is sound, [meaning, draw].

        `shift`, one or [row, 1], is the logarithm of what the definition holds this year over what it holds in others.
        """
        return self._by_meaning(self.log_density(self._said(logarithms, shift)))

    def wrong(self, logarithms: Array) -> Array:
        """The same if the report is faulty: what others of its definition hold does not bind it then."""
        return self._by_meaning(self.log_density_if_wrong(self._said(logarithms, 0.0)))

    def if_sound(self, logarithms: Array, shift: Array | float = 0.0) -> Array:
        """Log of prior weight and density of each report being sound, [report, draw]."""
        return self._of_report(self.sound(logarithms, shift)) + np.log1p(-self.faulty)

    def if_wrong(self, logarithms: Array) -> Array:
        """The same of its being faulty."""
        return self._of_report(self.wrong(logarithms)) + np.log(self.faulty)

    def _of_report(self, by_meaning: Array) -> Array:
        starts = np.cumsum(self.meanings) - self.meanings
        return np.asarray(np.logaddexp.reduceat(by_meaning, starts, axis=0) - np.log(self.meanings)[:, None])

    def _by_meaning(self, by_row: Array) -> Array:
        return np.asarray(np.add.reduceat(by_row, self.first, axis=0))

    def _said(self, logarithms: Array, shift: Array | float) -> Array:
        y = logarithms[self.quantity] + np.where(self.is_growth, -logarithms[self.base], shift)
        return np.where(np.isnan(self.copied), y, self.copied)

    def transformed(self, logarithms: Array, shifts: Array, weights: Array) -> list[Transforms]:
        """Per report the `Transforms` of what it prints, averaged over `shifts` [node] with `weights` [node, draw]."""
        wrong = distribution(self._said(logarithms, 0.0), self.said, self.wide)
        sound = [np.zeros_like(end) for end in wrong]
        for shift, weight in zip(shifts, weights, strict=True):
            for end, at in zip(sound, distribution(self._said(logarithms, shift), self.said, self.sigma), strict=True):
                end += weight * at
        owner = np.repeat(np.arange(self.meanings.size), self.meanings)  # the report of each meaning
        owner = owner[np.searchsorted(self.first, np.arange(self.quantity.size), side="right") - 1]
        found: list[Transforms] = []
        for report, q in enumerate(self.faulty):
            told: dict[Measure, tuple[Array, Array]] = {}
            for measure in MEASURES:
                rows = (owner == report) & (self.is_growth[:, 0] == (measure == "ratio_to_year_before"))
                if rows.any():
                    less, upto = (
                        (1 - q) * s[rows].mean(axis=0) + q * w[rows].mean(axis=0)
                        for s, w in zip(sound, wrong, strict=True)
                    )
                    told[measure] = less, upto
            found.append(told)
        return found

    def explained(self, logarithms: Array, shift: float, weight: Array | float) -> list[tuple[Array, float]]:
        """Per report the weight of each meaning, and of being faulty, averaged over draws with `weight`."""
        by_meaning = self.sound(logarithms, shift), self.wrong(logarithms)
        wrong = self.if_wrong(logarithms)
        total = np.logaddexp(self.if_sound(logarithms, shift), wrong)
        found, start = [], 0
        for report, count in enumerate(self.meanings):
            q = self.faulty[report]
            rows = slice(start, start + count)
            either = np.logaddexp(by_meaning[0][rows] + np.log1p(-q), by_meaning[1][rows] + np.log(q))
            share = np.exp(either - math.log(count) - total[report])
            found.append(
                ((weight * share).mean(axis=1), float((weight * np.exp(wrong[report] - total[report])).mean()))
            )
            start += count
        return found


@dataclass(frozen=True, slots=True)
class _Shared:
    """Reports that share what their definition holds in their year."""

    positions: tuple[int, ...]
    sigma: float
    rows: _Rows
    spacing: float

    @property
    def shifts(self) -> Array:
        """The nodes: what the definition may hold this year, as a logarithm."""
        end = _ENDS * self.sigma
        spacing = min(self.spacing * float(self.rows.sigma.min()) / math.sqrt(len(self.positions)), self.sigma)
        return np.linspace(-end, end, 2 * math.ceil(end / spacing) + 1)

    @property
    def weights(self) -> Array:
        """Logarithms of the nodes' weights, [node, 1], by the trapezoid rule."""
        weights = -0.5 * (self.shifts / self.sigma) ** 2
        return np.asarray(weights - np.logaddexp.reduce(weights))[:, None]


def _log_add(a: Array, b: Array) -> Array:
    """Logarithm of the sum of two; numpy's own takes one number at a time."""
    return np.asarray(np.maximum(a, b) + np.log1p(np.exp(-np.abs(a - b))))


def _log_sum(logarithms: Array) -> Array:
    """Logarithm of the sum over the first axis; numpy's own reduction of logarithms is several times as slow."""
    top = logarithms.max(axis=0)
    return np.asarray(top + np.log(np.exp(logarithms - top).sum(axis=0)))


def scope_of(report: Report) -> tuple[str, str, str, int]:
    """What reports share that print numbers of one definition and year: indicator, place, definition, year."""
    rule = report.rule
    return rule.indicator, rule.place, rule.definition, math.ceil(report.alternatives[0].quantity.end / 12)


def _of(report: Report, alternative: Alternative, *, alone: bool) -> Sequence[_Constraint]:
    found = []
    sound, wide = report.errors, report.wide
    if alternative.level is not None:
        # a scope of one's own is one more error; a copy is of a number that is printed, whatever it holds
        sigma = [report.level_error(error) if alone else error.level for error in (sound, wide)]
        if alternative.copied is not None:
            sigma = [_COPYING, wide.level]
        found.append(_Constraint(alternative, alternative.quantity, alternative.level, False, *sigma))
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
