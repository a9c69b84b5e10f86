"""What each lever of a package brings, and what separates two runs.

Levers work together: a subsidy without a budget pays nothing. Shapley's value (Shapley 1953) is the one division of
the whole among them that gives nothing to a lever that changes nothing, treats equals equally and leaves no rest: the
average of what a lever adds when levers are put in place one after the other, over all orders.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Draws
from shudian.kinds import Parameter, Scenario
from shudian.scenarios import levers_apart
from shudian.schedules import Schedule

Array = NDArray[np.float64]
Evaluate = Callable[[Scenario, Draws], Array]
"""The outcomes of a scenario: [outcome, draw]."""
INSTRUMENTS: Mapping[str, tuple[str, ...]] = {
    "production_subsidy": ("production_subsidy_rate", "production_subsidy_cap", "production_subsidy_eligible_share"),
}
"""Levers that are one instrument, because none of them does anything without the others."""
EXACT = 5
"""Up to so many players every coalition is run; beyond, orders are sampled."""
PAIRED = 64
"""Draws on which pairs, of which there are many, are run; half of the draws where these are few."""
BLOCKS, LEAST_BLOCKS = 16, 6
"""Groups of draws, each with a random order of its own and that order reversed; of 16 draws where these are few."""


@dataclass(frozen=True, slots=True)
class Contributions:
    """What each player brings to a package above a reference; outcomes are [outcome], in the caller's units."""

    players: tuple[str, ...]
    """Instruments and single levers in which the two differ."""
    shapley: Array
    """[player, outcome]: these add up to `total`."""
    errors: Array
    """[player, outcome]: standard error of `shapley`, of draws and of orders."""
    alone: Array
    """[player, outcome]: by itself, on the reference."""
    last: Array
    """[player, outcome]: on top of all others."""
    together: Mapping[tuple[str, str], Array]
    """How much more of [outcome] the one brings with the other in place than without it, the rest being in place."""
    total: Array
    """[outcome]"""
    draws: int
    exact: bool
    """Whether every order counts, or a sample of them."""


def players(package: Scenario, reference: Scenario, scheduled: Sequence[Parameter]) -> tuple[str, ...]:
    """Instruments and single levers that are not the same in both at every moment."""
    instrument = {lever: name for name, levers in INSTRUMENTS.items() for lever in levers}
    different = [lever.name for lever in levers_apart(package, reference, scheduled)]
    return tuple(dict.fromkeys(instrument.get(lever, lever) for lever in different))


def coalition(package: Scenario, reference: Scenario, members: Sequence[str]) -> Scenario:
    """`package` in which only `members`, instruments or levers, are decided as in it, all others as in `reference`."""
    own = {lever for member in members for lever in INSTRUMENTS.get(member, (member,))}

    def mixed(ours: Mapping[str, Schedule], theirs: Mapping[str, Schedule]) -> dict[str, Schedule]:
        kept = {lever: schedule for lever, schedule in theirs.items() if lever not in own}
        return kept | {lever: schedule for lever, schedule in ours.items() if lever in own}

    # a review is held whoever takes part, and decides what those do who do
    others = {review.date: review for review in reference.reviews}
    reviews = tuple(
        replace(
            review,
            passed=mixed(review.passed, others[review.date].passed if review.date in others else {}),
            failed=mixed(review.failed, others[review.date].failed if review.date in others else {}),
        )
        for review in package.reviews
    )
    return replace(package, levers=mixed(package.levers, reference.levers), reviews=reviews)


def contributions(
    package: Scenario,
    reference: Scenario,
    names: Sequence[str],
    draws: Draws,
    evaluate: Evaluate,
    *,
    seed: int = 1,
    exact: int = EXACT,
) -> Contributions:
    """What each of the players `names` of `package` brings to outcomes above `reference`, both in `package`'s world.

    With more than `exact` players the orders are sampled; the contributions add up to the whole all the same.
    """
    known: dict[tuple[frozenset[str], int], Array] = {}
    parts = _blocks(draws)
    paired = replace(draws, values=np.ascontiguousarray(draws.values[:, : min(PAIRED, -(-draws.values.shape[1] // 2))]))

    def value(members: frozenset[str], block: int) -> Array:
        key = (members, block)
        if key not in known:
            ordered = [name for name in names if name in members]
            chosen = {-1: draws, -2: paired}[block] if block < 0 else parts[block]
            known[key] = evaluate(coalition(package, reference, ordered), chosen)
        return known[key]

    def mean(members: frozenset[str]) -> Array:
        return np.asarray(value(members, -1).mean(axis=1))

    everything, nothing = frozenset(names), frozenset[str]()
    total = mean(everything) - mean(nothing)
    alone = np.array([mean(frozenset([n])) - mean(nothing) for n in names]).reshape(len(names), total.size)
    last = np.array([mean(everything) - mean(everything - {n}) for n in names]).reshape(len(names), total.size)
    pairs = [everything, *(everything - {n} for n in names), *(everything - {*p} for p in combinations(names, 2))]
    beside = {members: value(members, -2).mean(axis=1) for members in pairs}
    together = {
        (one, other): beside[everything] - beside[everything - {one}] - beside[everything - {other}]
        + beside[everything - {one, other}]
        for one, other in combinations(names, 2)
    }  # fmt: skip
    if len(names) <= exact:
        shapley, errors = _exact(names, value, total.size)
    else:
        shapley, errors = _sampled(names, value, total, len(parts), seed)
    return Contributions(
        tuple(names), shapley, errors, alone, last, together, total, draws.values.shape[1], len(names) <= exact
    )


def _blocks(draws: Draws) -> list[Draws]:
    size = draws.values.shape[1]
    groups = min(BLOCKS, size, max(LEAST_BLOCKS, size // 16))
    chosen = np.array_split(np.arange(size), groups)
    return [replace(draws, values=np.ascontiguousarray(draws.values[:, part])) for part in chosen]


def _exact(names: Sequence[str], value: Callable[[frozenset[str], int], Array], outcomes: int) -> tuple[Array, Array]:
    shapley, errors = np.zeros((len(names), outcomes)), np.zeros((len(names), outcomes))
    for position, name in enumerate(names):
        others = [other for other in names if other != name]
        each = sum(
            _weight(size, len(names)) * (value(frozenset([*members, name]), -1) - value(frozenset(members), -1))
            for size in range(len(names))
            for members in combinations(others, size)
        )
        added = np.asarray(each, dtype=np.float64)
        shapley[position] = added.mean(axis=1)
        errors[position] = added.std(axis=1) / math.sqrt(added.shape[1])
    return shapley, errors


def _weight(size: int, count: int) -> float:
    return math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)


def _sampled(
    names: Sequence[str], value: Callable[[frozenset[str], int], Array], total: Array, blocks: int, seed: int
) -> tuple[Array, Array]:
    generator = np.random.default_rng(seed)
    found = np.zeros((blocks, len(names), total.size))
    sizes = np.array([value(frozenset(), block).shape[1] for block in range(blocks)], dtype=np.float64)
    for block in range(blocks):
        order = [names[i] for i in generator.permutation(len(names))]
        for way in (order, order[::-1]):
            before = value(frozenset(), block).mean(axis=1)
            for place, name in enumerate(way, 1):
                after = value(frozenset(way[:place]), block).mean(axis=1)
                found[block, names.index(name)] += (after - before) / 2
                before = after
    weights = sizes / sizes.sum()
    shapley = np.tensordot(weights, found, axes=1)
    spread = np.tensordot(weights, (found - shapley) ** 2, axes=1)
    return shapley, np.sqrt(spread / max(blocks - 1, 1))


@dataclass(frozen=True, slots=True)
class Split:
    """The difference between two runs, [outcome, draw] each, in three parts that add up to it."""

    policy: Array
    """What the other levers do in the first run's world."""
    assumption: Array
    """What the other world does to the first run's levers."""
    interaction: Array
    """What levers do differently in the other world."""

    @property
    def total(self) -> Array:
        """[outcome, draw]: the second run less the first."""
        whole: Array = self.policy + self.assumption + self.interaction
        return whole


def split(first: Scenario, second: Scenario, draws: Draws, evaluate: Evaluate) -> Split:
    """What separates `second` from `first`: policy is what levers do, assumption what the city does not choose."""
    other_policy = replace(first, levers=second.levers, reviews=second.reviews)
    other_world = replace(first, assumptions=second.assumptions, fixed=second.fixed)
    here, there = evaluate(first, draws), evaluate(second, draws)
    policy, assumption = evaluate(other_policy, draws) - here, evaluate(other_world, draws) - here
    return Split(policy, assumption, there - here - policy - assumption)
