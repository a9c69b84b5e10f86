"""Inverse design: from what must be reached to the cheapest mixes that reach it, and how far to trust them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from shudian.analysis.design_bench import Bench, Detail, Score, deal, make_bench, thinned
from shudian.analysis.design_goal import Goal
from shudian.analysis.design_limits import beyond_evidence, unlearned
from shudian.analysis.design_search import GENERATIONS, apart, cheapest, front, polish
from shudian.analysis.mixes import Box, Mix, packages, seeds
from shudian.analysis.verdicts import noise
from shudian.analysis.warnings import LeverEvidence
from shudian.draws import Draws
from shudian.evidence import load_figures
from shudian.grounds import Grounds, draws_from
from shudian.kinds import InputError, Label, Model, Parameter, Scenario
from shudian.quantities import write_month

MOST_DESIGNED = 4
_STARTS = 3
_GOOD = 10
_PRIOR_SETS = 4
"""From the priors, so many times the searched draws are drawn in all; a posterior has what it has."""
_MOST_RUNS = 4000
Stage = Literal["front", "focus", "polish", "fresh"]
Sort = Literal["designed", "front", "package", "base"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be reached, with what, on which draws."""

    goal: Goal
    box: Box
    draws: int
    seed: int
    grounds: Grounds
    generations: int = GENERATIONS


@dataclass(frozen=True, slots=True)
class Found:
    """A mix, and what it comes to on the draws on which it was sought and on fresh ones."""

    kind: Sort
    scenario: Scenario
    changes: Mapping[str, float]
    """Levers in which it departs from the base package, and to what, internal units."""
    search: Score
    fresh: Detail
    reaches: bool
    """Within the budget, true to its word and likely enough, on the searched draws."""
    kept_word: bool
    """Whether the claims that it raises are paid; what is not paid costs nothing."""

    @property
    def optimism(self) -> float:
        """By how much the probability on the searched draws lies above that on fresh ones."""
        return self.search.probability - self.fresh.probability


@dataclass(frozen=True, slots=True)
class Habit:
    """What the good mixes do with one lever."""

    parameter: Parameter
    usual: float
    low: float
    high: float
    """The least and the greatest value among the good mixes."""
    swing: float
    """Change of the probability when the lever alone goes from its least to its greatest value in the best mix."""
    matters: bool
    """Whether the swing is more than noise."""

    @property
    def way(self) -> Literal["raised", "lowered", "kept", "mixed"]:
        """Whether all good mixes have more than the base package, less, the same, or none of these."""
        if self.low > self.usual:
            return "raised"
        if self.high < self.usual:
            return "lowered"
        return "kept" if self.low == self.high == self.usual else "mixed"


@dataclass(frozen=True, slots=True)
class Design:
    """The answer."""

    problem: Problem
    model: Model
    designed: tuple[Found, ...]
    """The best first; where the target is out of reach, those that come nearest to it."""
    front: tuple[Found, ...]
    packages: tuple[Found, ...]
    """The shipped packages as if they were adopted when the mixes are."""
    base: Found
    habits: tuple[Habit, ...]
    good: int
    """Number of mixes from which the habits are read."""
    above: tuple[LeverEvidence, ...]
    """Levers that the best mix sets above what any document prints."""
    silent: tuple[Parameter, ...]
    """Levers that the best mix moves and for which no document prints an amount."""
    unlearned: tuple[int, int]
    searched: int
    fresh: int
    """Draws of the search, and fresh ones."""
    runs: int
    """Mixes that were run."""
    draws_digest: str

    @property
    def best(self) -> Found:
        """The best mix."""
        return self.designed[0]

    @property
    def cheaper(self) -> tuple[Found, ...]:
        """Packages and mixes of the front that on fresh draws reach the target for less than the best mix."""
        wanted = self.problem.goal.probability
        return tuple(
            f
            for f in (*self.packages, *self.front)
            if f.kept_word and f.fresh.probability >= wanted and f.fresh.cost.median < self.best.fresh.cost.median
        )


def design(problem: Problem, model: Model, told: Callable[[Stage, float], None]) -> Design:
    """The Design that answers `problem`; the same problem gives the same answer to the bit.
    Raises InputError for more draws than leave as many fresh ones.
    """
    box, goal = problem.box, problem.goal
    draws = _draws(problem, model)
    search, rest, share = deal(model, box, goal, draws, problem.draws)
    few = make_bench(model, box, goal, draws, *thinned(share, search))
    bench = make_bench(model, box, goal, draws, search)
    start = seeds(box, model, goal.year)
    turns = problem.generations
    edge = front(few, list(start.values()), problem.seed, lambda part: told("front", part), turns)
    ordered = cheapest(few, [*edge, *start.values()], problem.seed, lambda part: told("focus", part), turns)
    polished = []
    for number, mix in enumerate(apart(few, ordered, _STARTS)):
        told("polish", number / _STARTS / 3)
        polished.append(polish(few, mix, _MOST_RUNS // 4, lambda _: None))
    near = apart(few, sorted(filter(few.admissible, few.seen), key=few.key), _GOOD)
    pool = list(dict.fromkeys([*polished, *near, *edge, *start.values()]))
    best = polish(bench, min(pool, key=bench.key), _MOST_RUNS, lambda part: told("polish", (1 + 2 * part) / 3))
    good = _good(bench, best, pool)
    chosen = good[:MOST_DESIGNED]
    fresh = make_bench(model, box, goal, draws, rest)
    base = goal.reached(fresh.run(box.scenario(box.usual)))

    def found(kind: Sort, mix: Mix, scenario: Scenario) -> Found:
        detail = fresh.detail(scenario, base)
        word = bench.score(mix).trust >= bench.kept_word
        return Found(kind, scenario, box.changes(mix), bench.score(mix), detail, bench.reaches(mix), word)

    shipped = {name: package.title for name, package in packages(model) if name != box.base.name}
    work: list[tuple[Sort, Mix, Scenario]] = [("base", box.usual, box.scenario(box.usual, box.base.name, _base(box)))]
    work += [("designed", mix, _named(box, goal, mix, f"design_{n}", n)) for n, mix in enumerate(chosen, 1)]
    work += [("front", mix, _named(box, goal, mix, f"front_{n:02d}", n)) for n, mix in enumerate(edge, 1)]
    work += [("package", start[name], box.scenario(start[name], name, title)) for name, title in shipped.items()]
    results = []
    for number, (kind, mix, scenario) in enumerate(work):
        results.append(found(kind, mix, scenario))
        told("fresh", (number + 1) / len(work))
    of = {kind: tuple(f for f in results if f.kind == kind) for kind in ("designed", "front", "package", "base")}
    above, silent = beyond_evidence(box.changes(chosen[0]), model, load_figures())
    return Design(
        problem, model, of["designed"], of["front"], of["package"], of["base"][0],
        tuple(_habit(bench, good, number) for number in range(len(box.axes))), len(good), above, silent,
        unlearned(model, problem.grounds.posterior), search.size, rest.size, len(few.seen) + len(bench.seen),
        draws.digest,
    )  # fmt: skip


def _draws(problem: Problem, model: Model) -> Draws:
    posterior, size = problem.grounds.posterior, problem.draws
    total = posterior.size if posterior else size * _PRIOR_SETS
    if 2 * size > total:
        raise InputError(
            "the posterior holds {stored} draws, and {asked} were asked for, of which at least as many must "
            "stay fresh; ask for at most {most}",
            stored=total,
            asked=size,
            most=total // 2,
        )
    return draws_from(model, posterior, total, problem.seed)


def _good(bench: Bench, best: Mix, pool: Sequence[Mix]) -> list[Mix]:
    """The best mix and those that follow it, none like another, which reach the target or all miss it as it does."""
    alike = [mix for mix in sorted(pool, key=bench.key) if bench.reaches(mix) == bench.reaches(best)]
    return apart(bench, [best, *alike], _GOOD)


def _base(box: Box) -> Label:
    title = box.base.title
    return Label(f"{title.zh}（含固定的杠杆）", f"{title.en} (with the levers held)") if box.held else title


def _named(box: Box, goal: Goal, mix: Mix, name: str, number: int) -> Scenario:
    front_ = name.startswith("front")
    title = Label(
        f"{'前沿方案' if front_ else '设计方案'}{number}",
        f"{'Mix of the front' if front_ else 'Designed mix'} {number}",
    )
    month = write_month(box.start)
    note = Label(
        f"由 shudian design 求得（目标：{goal.asked}，{goal.year}年），自{month}起各项杠杆保持不变。",
        f"Found by shudian design (target: {goal.asked}, {goal.year}); its levers stay constant from {month} on.",
    )
    question = Label(
        f"怎样最省钱地实现{goal.year}年的“{goal.label.zh}”目标？",
        f"What is the cheapest way to the target of {goal.year} for “{goal.label.en}”?",
    )
    scenario = box.scenario(mix, name, title)
    return replace(scenario, question=question, notes=(note, *scenario.notes))


def _habit(bench: Bench, good: Sequence[Mix], number: int) -> Habit:
    axis, values = bench.box.axes[number], [mix[number] for mix in good]
    ends = [bench.score(bench.box.coupled([end if n == number else v for n, v in enumerate(good[0])])) for end in
            (axis.low, axis.high)]  # fmt: skip
    swing = ends[1].probability - ends[0].probability
    size = bench.weights.size
    error = float(np.sqrt(abs(swing) * (1 - abs(swing)) / size))
    matters = abs(swing) > noise(error, size)
    return Habit(axis.parameter, axis.usual, min(values), max(values), swing, matters)
