"""The search: a front of many objectives by NSGA-III, then the cheapest mix by evolution and by single steps.

The front is found on a part of the draws. The last stage changes one lever at a time, and two against each other,
until no such step makes the mix better, so that what is found is not left beside something plainly cheaper.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from shudian.analysis.design_bench import Bench
from shudian.analysis.mixes import TRIPLE, Axis, Mix, differ
from shudian.draws import Array

_PARTITIONS = 5
"""Directions of the front: 56 for four objectives."""
GENERATIONS = 24
"""Of each of the two evolutions; more find hardly anything, because single steps follow."""
_GROUP = 64
_FAR = (64, 32, 16, 8, 4, 2, 1)
_SWAPS = (4, 32)
_APART = 0.1
"""Two mixes closer than this in every lever, as a share of its range, are told as one."""
Share = Callable[[float], None]
"""Told the share that is done."""
_Group = Callable[[Mix], Iterator[Mix]]
"""From a mix to its neighbours of one kind."""


def front(bench: Bench, start: Sequence[Mix], seed: int, told: Share, generations: int) -> list[Mix]:
    """Mixes of which none is better than another in probability, cost, jobs and quality works at once."""
    from pymoo.algorithms.moo.nsga3 import NSGA3
    from pymoo.util.ref_dirs import get_reference_directions

    def objectives(mix: Mix) -> list[float]:
        found = bench.score(mix)
        # a mix that is not admissible is worse in everything, in proportion
        fine = 1e3 * sum(bench.key(mix)[:2])
        return [fine - found.probability, fine + found.cost, fine - found.jobs, fine - found.quality]

    directions = get_reference_directions("das-dennis", 4, n_partitions=_PARTITIONS)
    algorithm = NSGA3(directions, pop_size=_GROUP, sampling=_points(bench, start))
    found = _evolve(bench, algorithm, objectives, 4, seed, generations, told)
    return _undominated([mix for mix in dict.fromkeys(found) if bench.admissible(mix)], objectives)


def cheapest(bench: Bench, start: Sequence[Mix], seed: int, told: Share, generations: int) -> list[Mix]:
    """All mixes that the bench has seen, the best first, after an evolution towards the goal alone."""
    from pymoo.algorithms.soo.nonconvex.ga import GA

    def objective(mix: Mix) -> list[float]:
        over, broken, short, cost, _ = bench.key(mix)
        # one number with the order of the key: costs are below 1,000 亿元, a draw more counts more than any cost
        return [over * 1e9 + broken * 1e8 + short * 1e6 + cost]

    algorithm = GA(pop_size=_GROUP, sampling=_points(bench, start))
    _evolve(bench, algorithm, objective, 1, seed, generations, told)
    return sorted(bench.seen, key=bench.key)


def polish(bench: Bench, mix: Mix, most: int, told: Share) -> Mix:
    """The mix from which no change of one lever, and none of the joint changes, leads to a better one.

    It ends earlier after `most` mixes have been run.
    """
    best, limit = mix, len(bench.seen) + most
    while True:
        single = _descend(bench, best, _single(bench), limit, told)
        best = _descend(bench, single, _joint(bench), limit, told)
        if best == single or len(bench.seen) >= limit:
            return best


def apart(bench: Bench, mixes: Sequence[Mix], most: int) -> list[Mix]:
    """The first `most` of `mixes` that are not nearly one that stands before them, and do not come to the same."""
    kept: list[Mix] = []
    for mix in mixes:
        if len(kept) == most:
            break
        far = all(differ(mix, other, bench.box.axes) > _APART for other in kept)
        if far and all(bench.score(mix) != bench.score(other) for other in kept):
            kept.append(mix)
    return kept


def _descend(bench: Bench, mix: Mix, groups: Sequence[_Group], limit: int, told: Share) -> Mix:
    """Where the best of each group of neighbours leads, until no group leads further."""
    best, quiet, first = mix, 0, len(bench.seen)
    for group in itertools.cycle(groups):
        found = min(group(best), key=bench.key, default=best)
        better = bench.key(found) < bench.key(best)
        best, quiet = (found, 0) if better else (best, quiet + 1)
        told(min(1.0, (len(bench.seen) - first) / max(1, limit - first)))
        if quiet >= len(groups) or len(bench.seen) >= limit:
            break
    return best


def _single(bench: Bench) -> list[_Group]:
    return [partial(_without_subsidy, bench), *(partial(_along, bench, n) for n in range(len(bench.box.axes)))]


def _joint(bench: Bench) -> list[_Group]:
    """Changes that no lever can make alone without missing the target, or that only pay together.

    All money by one factor; a programme with the budget that pays for it; a lever up that helps, another one down
    that saves.
    """
    axes = range(len(bench.box.axes))
    budget = [n for n in axes if bench.box.axes[n].parameter.name == "annual_budget"]
    paid = [partial(_together, bench, b, n) for b in budget for n in axes if n != b]
    return [partial(_all_money, bench), *paid, *(partial(_swaps, bench, n) for n in axes)]


def _without_subsidy(bench: Bench, mix: Mix) -> Iterator[Mix]:
    places = [n for n, axis in enumerate(bench.box.axes) if axis.parameter.name in TRIPLE]
    if len(places) == len(TRIPLE) and any(mix[n] for n in places):
        yield _with(bench, mix, dict.fromkeys(places, 0.0))


def _along(bench: Bench, number: int, mix: Mix) -> Iterator[Mix]:
    axis, now = bench.box.axes[number], mix[number]
    steps = [axis.snapped(now + sign * far * axis.step) for far in _FAR for sign in (-1, 1)]
    for value in dict.fromkeys([axis.usual, axis.low, axis.high, *steps]):
        if value != now:
            yield _with(bench, mix, {number: value})


def _all_money(bench: Bench, mix: Mix) -> Iterator[Mix]:
    axes = bench.box.axes
    money = [n for n, a in enumerate(axes) if a.parameter.scales_with_budget or a.parameter.name == "annual_budget"]
    for factor in (0.5, 0.8, 0.95, 1.05, 1.25, 2.0):
        yield _with(bench, mix, {n: axes[n].snapped(mix[n] * factor) for n in money})


def _together(bench: Bench, budget: int, number: int, mix: Mix) -> Iterator[Mix]:
    axis, purse = bench.box.axes[number], bench.box.axes[budget]
    for sign in (-1, 1):
        for value in _steps(axis, mix[number], sign):
            for paid in _steps(purse, mix[budget], sign):
                yield _with(bench, mix, {number: value, budget: paid})


def _swaps(bench: Bench, gaining: int, mix: Mix) -> Iterator[Mix]:
    axes, now = bench.box.axes, bench.score(mix)
    for more in _steps(axes[gaining], mix[gaining], _more(axes[gaining])):
        if bench.score(_with(bench, mix, {gaining: more})).probability <= now.probability:
            continue
        for other, losing in enumerate(axes):
            for less in _steps(losing, mix[other], -_more(losing)) if other != gaining else ():
                if bench.score(_with(bench, mix, {other: less})).cost < now.cost:
                    yield _with(bench, mix, {gaining: more, other: less})


def _steps(axis: Axis, now: float, direction: int) -> list[float]:
    found = [axis.snapped(now + direction * far * axis.step) for far in _SWAPS]
    return [value for value in dict.fromkeys(found) if value != now]


def _more(axis: Axis) -> int:
    """+1 where a greater value gives more; fewer days of waiting are more."""
    return -1 if axis.parameter.name == "approval_days" else 1


def _with(bench: Bench, mix: Mix, changed: dict[int, float]) -> Mix:
    return bench.box.coupled([changed.get(number, value) for number, value in enumerate(mix)])


def _points(bench: Bench, start: Sequence[Mix]) -> Array:
    distinct = list(dict.fromkeys(start))
    return np.array([bench.box.shares(mix) for mix in distinct])


def _evolve(
    bench: Bench,
    algorithm: Any,
    objectives: Callable[[Mix], list[float]],
    count: int,
    seed: int,
    generations: int,
    told: Share,
) -> list[Mix]:
    """The last generation."""
    from pymoo.core.problem import Problem
    from pymoo.optimize import minimize

    class Mixes(Problem):  # type: ignore[misc]  # pymoo's own way to say what is minimised
        def _evaluate(self, points: Array, out: dict[str, Array], *_: object, **__: object) -> None:
            out["F"] = np.array([objectives(bench.box.mix(point)) for point in points])

    axes = len(bench.box.axes)
    problem = Mixes(n_var=axes, n_obj=count, xl=np.zeros(axes), xu=np.ones(axes))
    done = iter(range(1, generations + 2))
    found = minimize(
        problem,
        algorithm,
        ("n_gen", generations),
        seed=seed,
        callback=lambda _: told(min(1.0, next(done) / generations)),
    )
    return [bench.box.mix(point) for point in found.pop.get("X")]


def _undominated(mixes: Sequence[Mix], objectives: Callable[[Mix], list[float]]) -> list[Mix]:
    """Those of the distinct `mixes` that no other one beats."""
    values = np.array([objectives(mix) for mix in mixes])
    beaten = [((values <= value).all(axis=1) & (values < value).any(axis=1)).any() for value in values]
    return [mix for mix, worse in zip(mixes, beaten, strict=True) if not worse]
