"""Who is ahead, with what probability, and whether it depends on the definition or on what happens to the city."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.reported import Band, band
from shudian.analysis.told import is_chance_told, is_told
from shudian.analysis.verdicts import Probability, noise

Array = NDArray[np.float64]


SURE = 3.5
"""Standard errors: one of some hundred comparisons exceeds them by chance once in twenty times."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One package beside another, draw by draw."""

    ahead: float
    """Probability that the first has more; a tie counts half."""
    tie: float
    """Share of draws in which both have the same."""
    difference: Band
    mean: Probability
    """Mean difference, in the unit of the amounts, and its standard error."""
    draws: int
    binary: bool
    """Whether the amounts are 0 or 1, so that the mean is a difference of probabilities."""
    unit: str = "亿元"
    """Of the amounts."""

    @property
    def turned(self) -> Pair:
        """The second beside the first."""
        difference = Band(-self.difference.median, -self.difference.high, -self.difference.low)
        mean = Probability(-self.mean.value, self.mean.error)
        return replace(self, ahead=1 - self.ahead, difference=difference, mean=mean)

    @property
    def told_apart(self) -> bool:
        """Whether one is ahead of the other, as `shudian.analysis.told` has it.

        Its mean must be the greater, too, by more than the finite number of draws can bring about.
        """
        if self.binary:
            return is_chance_told(self.mean, self.draws)
        same_side = self.mean.value * (self.difference.low + self.difference.high) > 0
        return is_told(self.difference, self.unit) and same_side and abs(self.mean.value) > 2 * self.mean.error

    @property
    def sure(self) -> bool:
        """Whether the first is ahead by more than many looks at finite draws can bring about."""
        limit = noise(SURE / 2 * self.mean.error, self.draws) if self.binary else SURE * self.mean.error
        return self.told_apart and self.mean.value > limit


@dataclass(frozen=True, slots=True)
class Ranking:
    """Packages by one criterion under one definition and in one world."""

    order: tuple[str, ...]
    """By their mean, the greatest first."""
    pairs: Mapping[tuple[str, str], Pair]
    """Every ordered pair."""
    means: Mapping[str, float]

    @property
    def leaders(self) -> tuple[str, ...]:
        """The first, and all that cannot be told apart from it."""
        first, *others = self.order
        return (first, *(name for name in others if not self.pairs[first, name].told_apart))


@dataclass(frozen=True, slots=True)
class Flip:
    """Two packages of which one is clearly ahead under one view and the other under another."""

    first: str
    second: str
    first_ahead: str
    """The view (a definition, a world) in which `first` is ahead."""
    second_ahead: str


def ranking(amounts: Mapping[str, Array], unit: str = "亿元") -> Ranking:
    """The Ranking of packages by `amounts` in `unit`, name -> [draw], all on the same draws; more is better."""
    means = {name: float(values.mean()) for name, values in amounts.items()}
    order = tuple(sorted(amounts, key=lambda name: -means[name]))
    pairs = {(one, other): pair(amounts[one], amounts[other], unit) for one, other in combinations(amounts, 2)}
    pairs |= {(other, one): found.turned for (one, other), found in pairs.items()}
    return Ranking(order, pairs, means)


def pair(one: Array, other: Array, unit: str = "亿元") -> Pair:
    """The Pair of two packages' amounts in `unit`, [draw], on the same draws."""
    difference = one - other
    tie = float((difference == 0).mean())
    error = float(difference.std()) / math.sqrt(difference.size)
    binary = bool(np.isin(one, (0, 1)).all() and np.isin(other, (0, 1)).all())
    mean = Probability(float(difference.mean()), error)
    return Pair(float((difference > 0).mean()) + tie / 2, tie, band(difference), mean, difference.size, binary, unit)


def flips(rankings: Mapping[str, Ranking]) -> tuple[Flip, ...]:
    """Where the lead changes: two of the `rankings`, view -> Ranking, have different packages ahead, and clearly so.

    Both leads must be told from nothing by SURE standard errors, because many pairs in many views are looked at.
    """
    found = []
    for view, other_view in combinations(rankings, 2):
        here, there = rankings[view], rankings[other_view]
        first, second = here.order[0], there.order[0]
        if first != second and here.pairs[first, second].sure and there.pairs[second, first].sure:
            found.append(Flip(first, second, view, other_view))
    return tuple(found)
