"""How much a package may come to be regretted when something befalls the city, and what stays when support ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import Scenario, Segment
from shudian.reviews import with_branches
from shudian.schedules import Schedule

Array = NDArray[np.float64]
WITHDRAWN = 60.0
"""Month of the support-withdrawal test: 2028-01, after the target's year."""


@dataclass(frozen=True, slots=True)
class Regret:
    """What each package falls short of the best one, world by world."""

    worlds: tuple[str, ...]
    names: tuple[str, ...]
    values: Array
    """[world, package], in the unit of the criterion"""
    errors: Array
    """[world, package]: standard error of the regret, paired draw by draw with the best package of that world."""

    @property
    def regrets(self) -> Array:
        """[world, package]"""
        shortfall: Array = self.values.max(axis=1, keepdims=True) - self.values
        return shortfall

    @property
    def worst(self) -> Array:
        """[package]: the greatest regret over the worlds."""
        greatest: Array = self.regrets.max(axis=0)
        return greatest

    @property
    def least_regretted(self) -> tuple[str, ...]:
        """The packages whose worst regret is the least, or is above it by no more than two of its standard errors."""
        least = self.worst.min()
        margin = 2 * self.errors[self.regrets.argmax(axis=0), np.arange(len(self.names))]
        return tuple(self.names[i] for i in np.flatnonzero(self.worst - least <= margin))


def regret(worlds: Sequence[str], names: Sequence[str], amounts: Array) -> Regret:
    """The Regret of `amounts`, [world, package, draw]: means are compared, and more is better."""
    values = amounts.mean(axis=2)
    best = values.argmax(axis=1)
    behind = amounts[np.arange(len(worlds)), best][:, None] - amounts
    errors = behind.std(axis=2) / np.sqrt(amounts.shape[2])
    return Regret(tuple(worlds), tuple(names), values, errors)


def withdrawn(scenario: Scenario) -> Scenario:
    """`scenario` with all support ended in 2028-01, or earlier where it ends earlier by itself."""

    def capped_at_latest(schedule: Schedule) -> Schedule:
        return tuple(replace(segment, value=min(segment.value, WITHDRAWN)) for segment in schedule)

    def branch(levers: Mapping[str, Schedule]) -> dict[str, Schedule]:
        return {n: capped_at_latest(schedule) if n == "support_end" else schedule for n, schedule in levers.items()}

    scenario = with_branches(scenario, branch)
    capped = capped_at_latest(scenario.levers.get("support_end", ()) or (Segment(0.0, WITHDRAWN),))
    # before the first segment the lever has its default, which is never
    first = () if capped[0].start <= 0 else (Segment(0.0, WITHDRAWN),)
    return replace(scenario, levers={**scenario.levers, "support_end": (*first, *capped)})
