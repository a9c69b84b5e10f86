"""A sweep: what outcomes come to all over a space of levers and assumptions, on the same draws everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.many import Executor, Work, outcomes_of
from shudian.analysis.results import Reading
from shudian.analysis.sensitivity import Asked
from shudian.analysis.sweep_space import Swept, at_point
from shudian.draws import Array
from shudian.kinds import Model, Scenario, Target
from shudian.schedules import values as values_at

KEPT = 20_000_000
"""Numbers of single draws that are kept of a sweep; of a larger one, those of the first draws."""
LEVELS = (0.05, 0.5, 0.95)
OUTPUT, COST, JOBS, ENTRY = "output", "cost", "jobs", "entry"
"""Outcomes that every sweep has, in every year."""
MEASURES: tuple[tuple[str, str, Reading, str], ...] = (
    (ENTRY, "cumulative_firm_entry", "increase_over_year", "家"),
    ("firms", "active_firms", "level_at_year_end", "家"),
    (OUTPUT, "cumulative_local_output", "increase_over_year", "亿元"),
    (JOBS, "fte_jobs", "level_at_year_end", "人"),
    (COST, "cumulative_fiscal_cost", "level_at_year_end", "亿元"),
    ("net", "cumulative_net_fiscal_cost", "level_at_year_end", "亿元"),
    ("output_to_date", "cumulative_local_output", "level_at_year_end", "亿元"),
)


@dataclass(frozen=True, slots=True)
class Goal:
    """A target under one definition, which a sweep gives the chance of."""

    target: Target
    definition: str
    outcome: int
    """Which of the outcomes measures it."""

    @property
    def name(self) -> str:
        """`market_2027:local_output`"""
        return f"{self.target.identifier}:{self.definition}"


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What was found at each point."""

    values: Array
    """[point, swept], internal units."""
    levels: Array
    """[point, outcome, level of LEVELS]"""
    changes: Array
    """[point, outcome, level]: of the difference to the base package, draw by draw."""
    chances: Array
    """[point, goal]: share of draws."""
    gains: Array
    """[point, goal]: change of the chance against the base package."""
    gain_errors: Array
    """[point, goal]: its standard error, paired draw by draw."""
    regrets: Array
    """[point, 2]: mean and 95 % of what the best point of a draw brings more, 亿元 of net benefit."""
    best: Array
    """[point]: share of the kept draws in which it is the best one."""
    kept: Array
    """[point, outcome, kept draw]"""

    @property
    def size(self) -> int:
        """Number of points."""
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Effect:
    """A mean over draws and its standard error, paired draw by draw."""

    mean: float
    error: float


@dataclass(frozen=True, slots=True)
class Together:
    """What two moves bring alone and together: each to the end of its range that is further from the base package."""

    one: Swept
    other: Swept
    ends: tuple[float, float]
    outcome: str
    """Name of an outcome, or of a goal."""
    alone: tuple[Effect, Effect]
    both: Effect
    beyond: Effect
    """What both bring beyond the sum of what each brings alone."""
    told: bool
    """Whether that can be told from nil among all pairs and outcomes."""
    only_together: bool
    """Whether it is told, and neither alone can be told from nil."""


def asked_of(
    model: Model, targets: Sequence[Target], own: Sequence[str], year: int
) -> tuple[tuple[Asked, ...], tuple[Goal, ...]]:
    """What is read of each run to the end of `year`: measures, own variables, and what targets up to then measure."""
    found: dict[tuple[str, str, int, str], Asked] = {}

    def add(name: str, variable: str, reading: Reading, at: int, unit: str) -> int:
        key = (variable, reading, at, unit)
        if key not in found:
            found[key] = Asked(name, variable, reading, at, unit, model.equation(variable).label)
        return [*found].index(key)

    for name, variable, reading, unit in MEASURES:
        add(name, variable, reading, year, unit)
    for variable in own:
        add(variable, variable, "level_at_year_end", year, model.unit_of(variable))
    goals = []
    for target in targets:
        if target.year <= year:
            for definition, variable in target.definitions.items():
                name = f"{target.identifier}_{definition}"
                goals.append(Goal(target, definition, add(name, variable, target.measure, target.year, target.unit)))
    return tuple(found.values()), tuple(goals)


def hits(goals: Sequence[Goal], values: Array) -> NDArray[np.bool_]:
    """[..., goal, draw]: where each is reached, of [..., outcome, draw]."""
    thresholds = np.array([goal.target.threshold for goal in goals])
    reached: NDArray[np.bool_] = values[..., [goal.outcome for goal in goals], :] >= thresholds[:, None]
    return reached


def sweep_points(
    work: Work,
    goals: Sequence[Goal],
    space: Sequence[Swept],
    points: Array,
    value: float,
    executor: Executor,
    told: Callable[[float], None],
) -> tuple[Points, Array]:
    """The Points at `points`, and [outcome, draw] of the base package; `value` is what a yuan of output is worth.

    Memory holds KEPT numbers of single draws, whatever the size of the sweep.
    """
    scenarios = [at_point(work.base, space, point, work.start, number) for number, point in enumerate(points, 1)]
    draws = work.draws.values.shape[1]
    size, outcomes = len(points), len(work.asked)
    few = max(1, min(draws, KEPT // (size * outcomes)))
    base = next(iter(outcomes_of(work, [work.base], executor)))[1][0]
    base_hits = hits(goals, base).astype(np.float64)
    levels, changes = (np.empty((size, outcomes, len(LEVELS))) for _ in range(2))
    chances, gains, errors = (np.empty((size, len(goals))) for _ in range(3))
    kept = np.empty((size, outcomes, few))
    for first, found in outcomes_of(work, scenarios, executor):
        part = slice(first, first + len(found))
        levels[part] = np.moveaxis(np.quantile(found, LEVELS, axis=2), 0, 2)
        changes[part] = np.moveaxis(np.quantile(found - base, LEVELS, axis=2), 0, 2)
        reached = hits(goals, found)
        chances[part] = reached.mean(axis=2)
        gained = reached - base_hits
        gains[part], errors[part] = gained.mean(axis=2), gained.std(axis=2) / np.sqrt(draws)
        kept[part] = found[:, :, :few]
        told((first + len(found)) / size)
    benefits = net_benefits(work.asked, kept, base[:, :few], value)
    behind = benefits.max(axis=0) - benefits
    regrets = np.stack([behind.mean(axis=1), np.quantile(behind, 0.95, axis=1)], axis=1)
    # of points that are the same in a draw each is a share of the best one
    first_ones = behind == 0.0
    best = (first_ones / first_ones.sum(axis=0)).mean(axis=1)
    return Points(points, levels, changes, chances, gains, errors, regrets, best, kept), base


def net_benefits(asked: Sequence[Asked], values: Array, base: Array, value: float) -> Array:
    """亿元, [..., draw]: `value` times the additional local output less the additional fiscal cost, from 2023 on."""
    rows = {one.name: row for row, one in enumerate(asked)}
    added = values - base
    found: Array = value * added[..., rows["output_to_date"], :] - added[..., rows[COST], :]
    return found


def together(
    work: Work, goals: Sequence[Goal], space: Sequence[Swept], names: Sequence[str], base: Array, executor: Executor
) -> tuple[Together, ...]:
    """What each pair of moves brings together, in the outcomes and goals called `names`, the greatest surplus first."""
    ends = [_far_end(one, work.base, work.start) for one in space]
    usual = [_usual(one, work.base, work.start) for one in space]
    pairs = list(combinations(range(len(space)), 2))
    moves: list[tuple[int, ...]] = [(n,) for n in range(len(space))] + list(pairs)
    scenarios = [
        at_point(work.base, [space[n] for n in move], [ends[n] for n in move], work.start, number)
        for number, move in enumerate(moves, 1)
    ]
    runs = np.concatenate([found for _, found in outcomes_of(work, scenarios, executor)]) if pairs else np.empty(0)
    found = []
    for name in names if pairs else ():
        rows, none = _read(work.asked, goals, name, runs), _read(work.asked, goals, name, base)
        added = dict(zip(moves, rows - none, strict=True))
        for one, other in pairs:
            if ends[one] == usual[one] or ends[other] == usual[other]:
                continue
            single = [added[(n,)] for n in (one, other)]
            both = added[(one, other)]
            beyond = both - single[0] - single[1]
            among = len(pairs) * len(names)
            is_told = [_told(row, among) for row in (*single, both, beyond)]
            found.append(
                Together(
                    space[one], space[other], (ends[one], ends[other]), name, (_effect(single[0]), _effect(single[1])),
                    _effect(both), _effect(beyond), is_told[3], is_told[2] and is_told[3] and not any(is_told[:2]),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda t: (not t.only_together, not t.told, -_size(t))))


def _size(found: Together) -> float:
    return abs(found.beyond.mean) / max(abs(found.both.mean), found.both.error, 1e-12)


def _read(asked: Sequence[Asked], goals: Sequence[Goal], name: str, values: Array) -> Array:
    for row, one in enumerate(asked):
        if one.name == name:
            return values[..., row, :]
    place = [goal.name for goal in goals].index(name)
    return hits(goals, values)[..., place, :].astype(np.float64)


def _effect(values: Array) -> Effect:
    return Effect(float(values.mean()), float(values.std() / np.sqrt(values.size)))


def _told(values: Array, among: int) -> bool:
    effect = _effect(values)
    return abs(effect.mean) > NormalDist().inv_cdf(1 - 0.025 / among) * effect.error


def _usual(one: Swept, base: Scenario, start: float) -> float:
    schedules = {**base.levers, **base.assumptions}
    return float(values_at(schedules.get(one.parameter.name, ()), np.array([start]), one.parameter.value)[0])


def _far_end(one: Swept, base: Scenario, start: float) -> float:
    usual = _usual(one, base, start)
    return one.low if usual - one.low > one.high - usual else one.high
