"""The bench on which mixes are tried: the same draws for every mix, each mix run once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.design_goal import COST, Goal
from shudian.analysis.mixes import Box, Mix
from shudian.analysis.reported import Band, band
from shudian.analysis.results import Yearly, evaluate
from shudian.draws import Array, Draws, draws_of
from shudian.kinds import Model, Scenario
from shudian.scenario_changes import in_world_of
from shudian.scenarios import load_scenario

JOBS, QUALITY, OWED, TRUST = "fte_jobs", "plan_quality_works", "claims_unpaid", "support_credibility"
KEPT_WORD = 0.9
"""The least share of due claims that firms may believe to be paid on time, in the median. A mix below it promises what
it does not pay, and its fiscal cost is small for that reason only."""
_WINDOW, _THIN = 0.12, 8
"""A weighted bench keeps every draw whose rank is so near to the target's, and one of eight of the others."""
_SOFT, _LUCK = 20.0, 1e-4
"""Steepness of the soft threshold in the logarithm, and what the draws that cross the hard one count beside it."""
Key = tuple[float, float, float, float, int]
_MEDIANS = ((COST, "亿元"), (JOBS, "人"), (QUALITY, "部"), (TRUST, "1"))
"""What a Score holds medians of, in its order."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a mix comes to: a share of draws, and medians over draws."""

    probability: float
    nearness: float
    """The probability with a soft threshold: a draw five per cent short of it counts for a quarter."""
    cost: float
    """亿元, cumulative fiscal cost to the end of the target's year."""
    jobs: float
    """人, at the end of the year, beyond those of the run without policy in the same draw."""
    quality: float
    """部, quality works of the plan's period up to the end of the year."""
    trust: float
    """Credibility of support at the end of the year: the share of due claims that firms believe to be paid on time."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What a mix comes to on fresh draws, with how far the draws lie apart."""

    probability: float
    error: float
    """Standard error of the probability."""
    gain: float
    """Change of the probability against the base package, paired draw by draw."""
    gain_error: float
    cost: Band
    jobs: Band
    quality: Band
    owed: Band
    """亿元, claims approved and not yet paid at the end of the year."""
    trust: Band
    over_budget: float
    """Share of draws in which the cost is above the budget; 0 without a budget."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One set of draws, on which any mix of a box can be scored."""

    model: Model
    box: Box
    goal: Goal
    draws: Draws
    without: Array
    """[draw]: jobs at the end of the year without any policy."""
    weights: Array
    """[draw]: how many draws of the whole set each one stands for."""
    kept_word: float
    """The least credibility that a mix may end with: KEPT_WORD, or the base package's where that is lower."""
    seen: dict[Mix, Score] = field(default_factory=dict)
    """What has been scored already, so that no mix is run twice."""

    def run(self, scenario: Scenario) -> Yearly:
        """`scenario` on the bench's draws, as far as a score needs it."""
        variables = dict.fromkeys((self.goal.variable, COST, JOBS, QUALITY, OWED, TRUST))
        return evaluate(self.model, scenario, self.draws, tuple(variables), self.goal.year)

    def score(self, mix: Mix) -> Score:
        """The score of `mix`."""
        if mix not in self.seen:
            run, year = self.run(self.box.scenario(mix)), self.goal.year
            read = [run.read(v, "level_at_year_end", year, u) for v, u in _MEDIANS]
            read[1] = read[1] - self.without
            medians = [_median(values, self.weights) for values in read]
            measured = self.goal.measured(run)
            shares = (measured >= self.goal.threshold, _soft(measured, self.goal.threshold))
            self.seen[mix] = Score(*(float(np.average(s, weights=self.weights)) for s in shares), *medians)
        return self.seen[mix]

    def key(self, mix: Mix) -> Key:
        """The order of mixes, best first.

        Within the budget, then true to its word, then nearest to the probability, then cheapest. Of two that are the
        same in all of it, the one that departs from the base package in fewer levers.
        """
        found = self.score(mix)
        over = max(0.0, found.cost - self.goal.budget) if self.goal.budget is not None else 0.0
        # a sum of weights is exact to the last bits only
        short = round(max(0.0, self.goal.probability - found.probability), 12)
        if short:
            # far from the target the soft share decides, which a few lucky draws cannot carry, to a tenth of a point
            short = max(0.0, round(self.goal.probability - found.nearness, 3)) + _LUCK * short
        return over, max(0.0, self.kept_word - found.trust), short, found.cost, len(self.box.changes(mix))

    def admissible(self, mix: Mix) -> bool:
        """Whether `mix` is within the budget and true to its word."""
        return self.key(mix)[:2] == (0.0, 0.0)

    def reaches(self, mix: Mix) -> bool:
        """Whether `mix` is admissible and reaches the target with the stated probability."""
        return self.key(mix)[:3] == (0.0, 0.0, 0.0)

    def detail(self, scenario: Scenario, base: NDArray[np.bool_]) -> Detail:
        """The details of `scenario`, whose gain is that over the draws in which `base` reaches the target."""
        run, year = self.run(scenario), self.goal.year
        reached = self.goal.reached(run)
        share, change = float(reached.mean()), reached.astype(float) - base
        cost = run.read(COST, "level_at_year_end", year, "亿元")
        budget = np.inf if self.goal.budget is None else self.goal.budget
        root = np.sqrt(reached.size)
        return Detail(
            share,
            float(np.sqrt(share * (1 - share)) / root),
            float(change.mean()),
            float(change.std() / root),
            band(cost),
            band(run.read(JOBS, "level_at_year_end", year, "人") - self.without),
            band(run.read(QUALITY, "level_at_year_end", year, "部")),
            band(run.read(OWED, "level_at_year_end", year, "亿元")),
            band(run.read(TRUST, "level_at_year_end", year, "1")),
            float((cost > budget).mean()),
        )


def make_bench(
    model: Model, box: Box, goal: Goal, draws: Draws, parts: NDArray[np.intp], weights: Array | None = None
) -> Bench:
    """A bench on the draws numbered `parts` of `draws`; without `weights` all count the same."""
    chosen = draws_of(model, np.ascontiguousarray(draws.values[:, parts]), draws.seed, draws.posterior)
    weights = np.ones(parts.size) if weights is None else weights
    no_policy = in_world_of(load_scenario("no_policy", model.parameters), box.base)
    none = evaluate(model, no_policy, chosen, (JOBS,), goal.year)
    usual = evaluate(model, box.scenario(box.usual), chosen, (TRUST,), goal.year)
    trust = _median(usual.read(TRUST, "level_at_year_end", goal.year, "1"), weights)
    without = none.read(JOBS, "level_at_year_end", goal.year, "人")
    return Bench(model, box, goal, chosen, without, weights, min(KEPT_WORD, trust))


def thinned(reached: float, search: NDArray[np.intp]) -> tuple[NDArray[np.intp], Array]:
    """Some of the draws `search`, which are in order, and how many each of them stands for.

    A share `reached` of them reaches the target. Those near to it are all kept, because a mix can move hardly any
    other draw across; of the rest every eighth, because they still count in the medians.
    """
    rank = (np.arange(search.size) + 0.5) / search.size
    near = np.abs(rank - (1 - reached)) <= _WINDOW
    far = np.flatnonzero(~near)
    some = far[_THIN // 2 :: _THIN]
    kept = np.concatenate([np.flatnonzero(near), some])
    weights = np.ones(kept.size)
    if some.size:
        weights[-some.size :] = far.size / some.size
    return search[kept], weights


def _soft(values: Array, threshold: float) -> Array:
    ratio = np.maximum(values, 1e-9 * threshold) / threshold
    return np.asarray(1 / (1 + ratio**-_SOFT))


def _median(values: Array, weights: Array) -> float:
    if np.all(weights == weights[0]):
        return float(np.median(values))
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def deal(
    model: Model, box: Box, goal: Goal, draws: Draws, search: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], float]:
    """Which of `draws` a search uses and which stay fresh, so that both hold as many easy worlds and hard ones.

    The draws are put in the order of what the base package comes to in them, and `search` of them are taken out at
    equal distances. By chance alone two sets of a thousand differ by two points in the probability, which is more
    than most mixes do. The third is the share of all in which the base package reaches the target.
    """
    run = evaluate(model, box.scenario(box.usual), draws, (goal.variable,), goal.year)
    order = np.argsort(run.read(goal.variable, goal.reading, goal.year, goal.unit), kind="stable")
    total = order.size
    places = ((np.arange(search) + 0.5) * total / search).astype(np.intp)
    rest = np.setdiff1d(np.arange(total), places)
    return order[places], order[rest], float(goal.reached(run).mean())
