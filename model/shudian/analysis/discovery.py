"""Scenario discovery: under which choices and in which worlds a goal is reached, as boxes that a tree (CART) finds.

After Bryant and Lempert (2010) a box is judged by its density (the share of it that reaches the goal) and its coverage
(the share of all that reaches it which lies in the box). A tree always finds something: both are told for draws that it
has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.tree import DecisionTreeClassifier

from shudian.analysis.sweep_space import Swept
from shudian.analysis.told import is_chance_told
from shudian.analysis.verdicts import Probability
from shudian.draws import Array, Draws
from shudian.kinds import Model, Parameter

EXPERIMENTS = 100_000
"""At most so many pairs of a point and a draw are looked at."""
_DEPTH = 3
_LEAST = 0.05
"""Share of the experiments that a box must hold."""
_CLEAR = (0.02, 0.98)
"""Below and above these shares nothing is left to be found."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Within which limits one factor lies, in internal units; infinite where there is none."""

    parameter: Parameter
    low: float
    high: float
    chosen: bool
    """Whether a city chooses it, or a world has it."""


@dataclass(frozen=True, slots=True)
class Box:
    """Some experiments that are alike in a few factors, and how often they reach the goal, on draws not seen before."""

    bounds: tuple[Bound, ...]
    density: float
    error: float
    """Standard error of the density, by draws: points on one draw are no independent experiments."""
    beyond: Probability
    """How much denser it is than all experiments, whose error hangs on the same draws."""
    coverage: float
    mass: float
    """Share of all experiments."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What distinguishes experiments that reach a goal."""

    goal: str
    share: float
    """Of all unseen experiments."""
    boxes: tuple[Box, ...]
    """Those that can be told from the whole, the one that holds most beyond its share of what reaches the goal first.

    None where a goal is reached nearly always or nearly never.
    """
    experiments: int
    """Pairs of a point and a draw that the tree has seen."""


def factors_of(model: Model, draws: Draws) -> tuple[tuple[Parameter, ...], Array]:
    """The uncertain parameters that differ between draws, and [parameter, draw]."""
    rows = [row for row, line in enumerate(draws.values) if np.ptp(line) > 0]
    fixed = model.fixed
    return tuple(fixed[row] for row in rows), draws.values[rows]


def discover(
    goal: str,
    space: Sequence[Swept],
    points: Array,
    parameters: Sequence[Parameter],
    worlds: Array,
    reached: NDArray[np.bool_],
    seed: int,
) -> Discovery:
    """What distinguishes the experiments in which `goal` is `reached`, [point, draw].

    `worlds` is [parameter, draw]. A tree is grown on every other draw and judged on the rest.
    """
    draws = reached.shape[1]
    seen, fresh = np.arange(0, draws, 2), np.arange(1, draws, 2)
    generator = np.random.default_rng([seed, 19])
    share = float(reached[:, fresh].mean()) if fresh.size else float(reached.mean())
    if not (fresh.size and _CLEAR[0] <= share <= _CLEAR[1]):
        return Discovery(goal, share, (), 0)
    moving = _moving(worlds[:, seen], reached[:, seen].mean(axis=0))
    parameters, worlds = [parameters[row] for row in moving], worlds[moving]
    pairs = [_pairs(len(points), part, generator) for part in (seen, fresh)]
    tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=_LEAST, random_state=seed % 2**32)
    tree.fit(_table(points, worlds, *pairs[0]), reached[pairs[0]])
    where = tree.apply(_table(points, worlds, *pairs[1]))
    hit = reached[pairs[1]]
    boxes = [_box(tree, int(leaf), space, parameters, where == leaf, hit, pairs[1][1]) for leaf in np.unique(where)]
    # of several leaves one seems dense by luck
    surer = _limit(len(boxes)) / _limit(1)
    dense = [box for box in boxes if box.beyond.value > 0 and _is_told(box.beyond, surer, fresh.size)]
    ordered = sorted(dense, key=lambda box: -box.beyond.value * box.mass)
    return Discovery(goal, share, tuple(ordered), pairs[0][0].size)


def _moving(worlds: Array, share: Array) -> list[int]:
    """The parameters whose ranks go with `share`, [draw], the mean over points, surely among so many.

    Of hundreds of parameters some always seem to part a few hundred draws; a tree would take them at their word.
    """
    if np.ptp(share) == 0:
        return []
    limit = _limit(len(worlds))
    ranks = rankdata(np.vstack([worlds, share]), axis=1)
    found = np.atleast_2d(np.corrcoef(ranks))[-1, :-1]
    return [row for row, value in enumerate(found) if abs(value) * np.sqrt(share.size - 1) > limit]


def _limit(among: int) -> float:
    """Standard errors beyond which one of so many lies by luck in one of twenty cases."""
    return NormalDist().inv_cdf(1 - 0.025 / among)


def _is_told(beyond: Probability, surer: float, draws: int) -> bool:
    return is_chance_told(Probability(beyond.value, beyond.error * surer), draws)


def _pairs(
    points: int, draws: NDArray[np.intp], generator: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Points and draws of the experiments that are looked at: all or, of very many, some."""
    number = points * draws.size
    chosen = np.arange(number) if number <= EXPERIMENTS else generator.choice(number, EXPERIMENTS, replace=False)
    return chosen // draws.size, draws[chosen % draws.size]


def _table(points: Array, worlds: Array, point: NDArray[np.intp], draw: NDArray[np.intp]) -> Array:
    return np.hstack([points[point], worlds[:, draw].T])


def _box(
    tree: DecisionTreeClassifier,
    leaf: int,
    space: Sequence[Swept],
    parameters: Sequence[Parameter],
    inside: NDArray[np.bool_],
    hit: NDArray[np.bool_],
    draw: NDArray[np.intp],
) -> Box:
    factors = [*((one.parameter, True) for one in space), *((parameter, False) for parameter in parameters)]
    bounds = tuple(
        Bound(factors[feature][0], low, high, factors[feature][1])
        for feature, (low, high) in sorted(_limits(tree, leaf).items())
    )
    whole, density = float(hit.mean()), float(hit[inside].mean())
    own = inside * (hit - density) / inside.sum()
    beyond = Probability(density - whole, _error(own - (hit - whole) / hit.size, draw))
    return Box(
        bounds, density, _error(own, draw), beyond, float((hit & inside).sum() / hit.sum()), float(inside.mean())
    )


def _error(off: Array, draw: NDArray[np.intp]) -> float:
    """Standard error of a sum whose parts are `off` what is expected; those on one draw stand or fall together."""
    _, of = np.unique(draw, return_inverse=True)
    return float(np.sqrt((np.bincount(of, weights=off) ** 2).sum()))


def _limits(tree: DecisionTreeClassifier, leaf: int) -> dict[int, tuple[float, float]]:
    """Feature -> between which thresholds the way to `leaf` keeps it."""
    grown = tree.tree_
    parents = {int(child): (node, side) for side, children in enumerate((grown.children_left, grown.children_right))
               for node, child in enumerate(children) if child >= 0}  # fmt: skip
    found: dict[int, tuple[float, float]] = {}
    node = leaf
    while node in parents:
        node, side = parents[node]
        feature, threshold = int(grown.feature[node]), float(grown.threshold[node])
        low, high = found.get(feature, (-np.inf, np.inf))
        found[feature] = (low, min(high, threshold)) if side == 0 else (max(low, threshold), high)
    return found
