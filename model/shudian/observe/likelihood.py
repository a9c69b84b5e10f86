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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shudian.observe.reports import Quantity, Report
from shudian.observe.rows import Constraint, Rows, Transforms, constraints_of
from shudian.observe.words import Density, Table, densities

Array = NDArray[np.float64]
_TINY = 1e-300
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
    def _nodes(self) -> tuple[Rows, Array, NDArray[np.int64]]:
        """The reports that share a scope, again for each node of it: rows, shift [row, 1], and nodes of each report."""
        each = [(self.reports[p], shared.shifts) for shared in self._shared for p in shared.positions]
        rows = self._rows([report for report, shifts in each for _ in shifts], alone=False)
        said = [sum(len(constraints_of(report, a, alone=False)) for a in report.alternatives) for report, _ in each]
        shift = np.concatenate([shifts.repeat(count) for (_, shifts), count in zip(each, said, strict=True)])
        return rows, shift[:, None], np.array([shifts.size for _, shifts in each])

    def _logarithms(self, run: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(np.maximum(self.read(run), _TINY))

    @cached_property
    def _alone(self) -> Rows:
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

    def _rows(self, reports: Sequence[Report], *, alone: bool) -> Rows:
        index = {quantity: row for row, quantity in enumerate(self.quantities)}
        said = [constraints_of(report, a, alone=alone) for report in reports for a in report.alternatives]
        constraints = [c for of_meaning in said for c in of_meaning]
        said_by_rows = Table.of([c.said for c in constraints])
        sigma, wide = (
            np.array(e).reshape(-1, 1) for e in ([c.sigma for c in constraints], [c.wide for c in constraints])
        )
        return Rows(
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
    def _constraints(self) -> tuple[Constraint, ...]:
        return tuple(
            constraint
            for report in self.reports
            for a in report.alternatives
            for constraint in constraints_of(report, a, alone=True)
        )

    @cached_property
    def _weights(self) -> dict[str, tuple[list[int], Array]]:
        found = {}
        for variable in self.variables:
            rows = [row for row, q in enumerate(self.quantities) if q.variable == variable]
            found[variable] = (rows, np.array([reading_weights(self.quantities[row], self.months) for row in rows]))
        return found


@dataclass(frozen=True, slots=True)
class _Shared:
    """Reports that share what their definition holds in their year."""

    positions: tuple[int, ...]
    sigma: float
    rows: Rows
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
