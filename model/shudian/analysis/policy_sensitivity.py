"""Which uncertain parameter changes which package is best.

A sensitivity of the outcome is of no use to who has to choose, if the same package is best whatever the parameter is.
What matters is the expected value of knowing a parameter before choosing (expected value of partial perfect
information, by the regression of shudian.value_of_information, every draw's choice made on expectations in which it has
no part), and where along the parameter the best package changes. Packages with the same benefits tie exactly: the first
named is then taken, and there is nothing to gain between them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.results import Yearly
from shudian.analysis.sensitivity import is_told
from shudian.analysis.verdicts import LATER, YEAR, reached
from shudian.draws import Draws
from shudian.kinds import Model, Parameter, Target
from shudian.value_of_information import Gain, decision_gain, fitted, perfect_information, told

Array = NDArray[np.float64]
Rule = Literal["net_benefit", "chance", "jobs_per_yuan"]
LEAST_SHARE = 0.05
"""A stretch of a parameter with fewer of the draws than this is no stretch of its own."""
RESAMPLES = 100
VARIABLES = ("cumulative_local_output", "cumulative_fiscal_cost", "fte_jobs")
"""What the rules read of a run besides the target's measures."""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """A rule by which the best of some packages is chosen, and what each is worth by it in every draw."""

    rule: Rule
    definition: str
    """口径 of the market for a chance, otherwise empty."""
    packages: tuple[str, ...]
    benefits: Array
    """[package, draw]: 亿元 for a net benefit, 0 or 1 for a chance, 人/亿元 for jobs."""

    @property
    def means(self) -> Array:
        """What each package is worth as things are known now, [package]."""
        return np.asarray(self.benefits.mean(axis=1))

    @property
    def best(self) -> str:
        """The package to choose as things are known now; the first of those that are alike."""
        return self.packages[int(self.means.argmax())]

    @property
    def lead(self) -> Gain:
        """How far the best is ahead of the second, with the error of the difference on the same draws; 0 for one."""
        if len(self.packages) < 2:
            return Gain(0.0, 0.0)
        second, first = np.argsort(self.means, kind="stable")[-2:]
        difference = self.benefits[first] - self.benefits[second]
        return Gain(float(difference.mean()), float(difference.std() / np.sqrt(difference.size)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where along a parameter one package is best: from `low` to `high`, in internal units."""

    low: float
    high: float
    package: str
    share: float
    """Of the draws."""


@dataclass(frozen=True, slots=True)
class Flip:
    """Where the best package changes from `below` to `above`."""

    at: float
    """Internal units."""
    low: float
    high: float
    """5-95 % of where it lies in resamplings of the draws."""
    below: str
    above: str
    support: float
    """Share of the resamplings in which there is such a change."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What knowing one parameter would bring to a decision."""

    parameter: Parameter
    gain: Gain
    told: bool
    """Whether it can be told from nil among all parameters; only then are stretches and flips given."""
    stretches: tuple[Stretch, ...]
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PolicySensitivity:
    """A decision, and what each parameter is worth to it, the greatest first."""

    decision: Decision
    everything: Gain
    """What knowing everything would bring."""
    worths: tuple[Worth, ...]


def decisions(runs: Sequence[Yearly], reference: Yearly, market: Target, value: float) -> tuple[Decision, ...]:
    """The decisions among `runs` on the same draws: net benefit, the market target's chance, jobs for the money.

    Net benefit is `value` (yuan per yuan) times the additional local output to the end of LATER less the additional
    fiscal cost, against `reference`, undiscounted. Jobs are additional full-time jobs at the end of YEAR per 亿元 of
    additional fiscal cost until then, draw by draw; a package that costs nothing more in some draw has no such number
    and is left out.
    """
    names = tuple(run.scenario.name for run in runs)

    def added(run: Yearly, variable: str, year: int, unit: str) -> Array:
        level = run.read(variable, "level_at_year_end", year, unit)
        return level - reference.read(variable, "level_at_year_end", year, unit)

    net = [value * added(r, VARIABLES[0], LATER, "亿元") - added(r, VARIABLES[1], LATER, "亿元") for r in runs]
    found = [Decision("net_benefit", "", names, np.array(net))]
    for definition in market.definitions:
        chances = [reached(run, market, definition).astype(np.float64) for run in runs]
        found.append(Decision("chance", definition, names, np.array(chances)))
    costs = {run.scenario.name: added(run, VARIABLES[1], YEAR, "亿元") for run in runs}
    paid = [run for run in runs if costs[run.scenario.name].min() > 0]
    if paid:
        jobs = [added(run, VARIABLES[2], YEAR, "人") / costs[run.scenario.name] for run in paid]
        found.append(Decision("jobs_per_yuan", "", tuple(run.scenario.name for run in paid), np.array(jobs)))
    return tuple(found)


def policy_sensitivity(
    model: Model,
    decision: Decision,
    draws: Draws,
    seed: int,
    progress: Callable[[float], None] = lambda _share: None,
) -> PolicySensitivity:
    """What each uncertain parameter is worth to `decision`, made on `draws`; `seed` makes folds and resamplings."""
    parameters = [p for p in model.fixed if p.role == "uncertain"]
    worths = []
    for done, parameter in enumerate(parameters):
        truth = draws.values[draws.names.index(parameter.name)]
        worths.append(worth(decision, parameter, truth, len(parameters), seed))
        progress((done + 1) / len(parameters))
    worths.sort(key=lambda found: -found.gain.value)
    return PolicySensitivity(decision, perfect_information(decision.benefits), tuple(worths))


def worth(decision: Decision, parameter: Parameter, truth: Array, among: int, seed: int) -> Worth:
    """What knowing `parameter`, whose value in each draw is `truth`, is worth when `among` many are looked at."""
    gain = decision_gain(decision.benefits, told(truth), seed, repeats=1)
    if not is_told(gain, among):
        return Worth(parameter, gain, False, (), ())
    stretches = _stretches(decision, truth, np.arange(truth.size))
    return Worth(parameter, gain, True, stretches, _flips(decision, truth, stretches, seed))


def _stretches(decision: Decision, truth: Array, chosen: NDArray[np.intp]) -> tuple[Stretch, ...]:
    """Which package the regression over the draws `chosen` expects to be best, along the parameter."""
    chosen = chosen[np.argsort(truth[chosen], kind="stable")]
    values = truth[chosen]
    winners = fitted(decision.benefits[:, chosen], values[None]).argmax(axis=0)
    # draws with the same value have one winner, whatever the last bit of their sums
    winners = winners[np.searchsorted(values, values)]
    ends = [0, *(np.flatnonzero(np.diff(winners)) + 1).tolist(), winners.size]
    parts = _without_slivers([(int(winners[start]), end - start) for start, end in pairwise(ends)])
    borders = np.cumsum([0, *(count for _, count in parts)])
    cuts = [(values[b - 1] + values[b]) / 2 for b in borders[1:-1]]
    limits = [float(values[0]), *map(float, cuts), float(values[-1])]
    return tuple(
        Stretch(low, high, decision.packages[package], count / values.size)
        for (low, high), (package, count) in zip(pairwise(limits), parts, strict=True)
    )


def _without_slivers(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring (winner, number of draws), each sliver given to its larger neighbour, equals joined."""
    whole = sum(count for _, count in parts)
    while len(parts) > 1:
        least = min(range(len(parts)), key=lambda k: parts[k][1])
        if parts[least][1] >= LEAST_SHARE * whole:
            break
        beside = [k for k in (least - 1, least + 1) if 0 <= k < len(parts)]
        heir = max(beside, key=lambda k: parts[k][1])
        parts[least] = (parts[heir][0], parts[least][1])
        joined: list[tuple[int, int]] = []
        for winner, count in parts:
            if joined and joined[-1][0] == winner:
                joined[-1] = (winner, joined[-1][1] + count)
            else:
                joined.append((winner, count))
        parts = joined
    return parts


def _flips(decision: Decision, truth: Array, stretches: Sequence[Stretch], seed: int) -> tuple[Flip, ...]:
    """The borders between `stretches`, and where they lie in resamplings of the draws."""
    if len(stretches) < 2:
        return ()
    generator = np.random.default_rng(seed)
    resampled = [
        _borders(_stretches(decision, truth, generator.integers(truth.size, size=truth.size))) for _ in range(RESAMPLES)
    ]
    found = []
    for below, above, at in _borders(stretches):
        near = [
            min(places, key=lambda place: abs(place - at))
            for borders in resampled
            if (places := [place for b, a, place in borders if (b, a) == (below, above)])
        ]
        low, high = np.quantile(near, (0.05, 0.95)) if near else (np.nan, np.nan)
        found.append(Flip(at, float(low), float(high), below, above, len(near) / RESAMPLES))
    return tuple(found)


def _borders(stretches: Sequence[Stretch]) -> list[tuple[str, str, float]]:
    return [(left.package, right.package, left.high) for left, right in pairwise(stretches)]
