"""One report taken out of a likelihood: how the others read without it, and its density given them.

What is left is not the likelihood less a row. A report that shares a definition and year with others tells what the
definition holds, and one that may print an old count again tells nothing new only where the old one is known: without
it the others are read anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shudian.observe.likelihood import Observer, scope_of
from shudian.observe.reports import Report

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Leaving:
    """`whole` reads all reports; `others` are those that are left without the one in `row`, as they then read."""

    whole: Observer
    row: int
    others: Sequence[Report]

    def split(self, terms: Array, run: Array) -> Array:
        """The same log-likelihood in other terms, [term, draw]: those of the others, then of the report given them.

        `terms` are the whole observer's of `run`. Their sum is the same; without the last it is the others' total.
        """
        rest = self._rest.log_likelihood(self._read(run)) if self._rest.reports else terms[:0]
        given = terms[self._touched].sum(axis=0) - rest.sum(axis=0)
        return np.vstack([np.delete(terms, self._touched, axis=0), rest, given])

    def given_others(self, terms: Array, run: Array) -> Array:
        """Log density of the report given the others, [draw]."""
        return np.asarray(self.split(terms, run)[-1])

    def _read(self, run: Array) -> Array:
        rows = [self.whole.variables.index(variable) for variable in self._rest.variables]
        return run[rows, : self._rest.months + 1]

    @cached_property
    def _touched(self) -> NDArray[np.int64]:
        """Rows of `whole` that read otherwise without the report, its own among them, with all that share a scope."""
        left = {report.identifier: report for report in self.others}
        same = [left.get(report.identifier) == report for report in self.whole.reports]
        scopes = {_scope(r) for r, unchanged in zip(self.whole.reports, same, strict=True) if not unchanged}
        return np.flatnonzero([_scope(report) in scopes for report in self.whole.reports])

    @cached_property
    def _rest(self) -> Observer:
        names = {self.whole.reports[row].identifier for row in self._touched}
        return replace(self.whole, reports=tuple(report for report in self.others if report.identifier in names))


def _scope(report: Report) -> tuple[object, ...]:
    return scope_of(report) if report.rule.scope_sigma else (report.identifier,)
