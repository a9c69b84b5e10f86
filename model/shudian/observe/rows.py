"""What reports say, row by row: a level or a growth rate of one of their meanings, and how probable it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from shudian.observe.reports import Alternative, Quantity, Report
from shudian.observe.words import Density, Statement, Table, distribution

Array = NDArray[np.float64]
Measure = Literal["level", "ratio_to_year_before"]
"""What a printed number tells of a quantity."""
MEASURES: tuple[Measure, ...] = get_args(Measure)
Transforms = Mapping[Measure, tuple[Array, Array]]
"""By printed number the probability, [draw], that less is printed than its lower end, and than its upper end."""
_COPYING = 0.05
"""Standard deviation of the logarithm of a number that is printed again: nothing but rounding lies between the two."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One number that a meaning of a report prints, and the standard deviations of its errors."""

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
class Rows:
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


def constraints_of(report: Report, alternative: Alternative, *, alone: bool) -> Sequence[Constraint]:
    """What `alternative` of `report` prints; `alone` says that no other report shares its scope."""
    found = []
    sound, wide = report.errors, report.wide
    if alternative.level is not None:
        # a scope of one's own is one more error; a copy is of a number that is printed, whatever it holds
        sigma = [report.level_error(error) if alone else error.level for error in (sound, wide)]
        if alternative.copied is not None:
            sigma = [_COPYING, wide.level]
        found.append(Constraint(alternative, alternative.quantity, alternative.level, False, *sigma))
    if alternative.growth is not None:
        found.append(Constraint(alternative, alternative.quantity, alternative.growth, True, sound.growth, wide.growth))
    return found
