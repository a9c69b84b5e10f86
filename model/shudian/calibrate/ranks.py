"""Are the ranks of a simulation-based calibration those of a right sampler?

If a sampler is right, the truth's rank among its draws is uniform for every quantity. Two looks at that: the
distribution function of the ranks beside a band that holds a whole uniform one with a given probability (Säilynoja,
Bürkner and Vehtari 2022), and how often central intervals of the draws hold the truth. A sampler that ignores the
data has uniform ranks of every parameter; only what looks at the data, such as the log-likelihood, convicts it.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from shudian.calibrate.simulation_based import FEWER_PARTICLES, OUTCOMES

Array = NDArray[np.float64]
LEVEL = 0.95
"""Probability that a band holds the whole distribution function of a right sampler's ranks."""
SHARES = (0.5, 0.9)
"""Central intervals whose coverage is counted."""
SURE = 0.999
"""Probability with which a right sampler stays inside each bound on a number that many quantities share."""
LOG_LIKELIHOOD = "log_likelihood"
DRAWS = FEWER_PARTICLES.particles
"""Draws that a truth of the shipped study was ranked among."""
_NOT_RANKS = ("seed", "inputs", "sampler", "moves", "rhat", "extensions")
_POINTS = np.arange(1, 100) / 100
_SIMULATIONS, _SEED = 10_000, 1


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Where the distribution function of uniform ranks lies, all of it at once."""

    points: Array
    """Ranks at which it is looked at, between 0 and 1."""
    low: Array
    """Least share of ranks that may be at or below each point."""
    high: Array
    """Greatest share."""
    hold: float
    """Probability that uniform ranks stay inside everywhere; at least what was asked for, shares being counts."""

    def hold_all(self, ranks: Array) -> bool:
        """Whether the distribution function of `ranks` [replicate] stays inside everywhere."""
        found = distribution(ranks, self.points)
        return bool(((self.low <= found) & (found <= self.high)).all())


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the central interval of a quantity's draws held the truth."""

    quantity: str
    """Its name; empty for all parameters together."""
    share: float
    """Share of draws in the interval, which is how often it should hold the truth."""
    found: float
    """How often it did."""
    low: float
    high: float
    """What a right sampler stays between."""

    @property
    def right(self) -> bool:
        """Whether `found` is what a right sampler may give."""
        return self.low <= self.found <= self.high


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """What a study's ranks say of the sampler."""

    replicates: int
    ranks: Mapping[str, Array]
    """[replicate], of each quantity, between 0 and 1"""
    bands: Bands
    outside: tuple[str, ...]
    """Parameters whose ranks leave the band; some must, if there are many."""
    expected_outside: tuple[int, int]
    """Least and greatest number of them that a right sampler gives."""
    watched: Mapping[str, bool]
    """Of the log-likelihood and each outcome, whether its ranks stay inside a band. The outcomes' band is wide enough
    to hold all of them together with probability `LEVEL`."""
    pooled: tuple[Coverage, ...]
    """Of all parameters together."""
    each: tuple[Coverage, ...]
    """Of each quantity; the bounds hold all of them together with probability `LEVEL`."""
    inputs: str = ""
    """Digest of the model and the reports whose like were made; empty if it is not known."""

    @property
    def faults(self) -> tuple[str, ...]:
        """What a right sampler would not give: "outside", "coverage", or names of quantities; empty if nothing."""
        least, most = self.expected_outside
        found = [] if least <= len(self.outside) <= most else ["outside"]
        found += [] if all(c.right for c in self.pooled) else ["coverage"]
        found += [name for name, inside in self.watched.items() if not inside]
        return tuple(dict.fromkeys((*found, *(c.quantity for c in self.each if not c.right))))


def distribution(ranks: Array, points: Array) -> Array:
    """Share of `ranks` at or below each of `points`."""
    return np.asarray(np.searchsorted(np.sort(ranks), points, side="right") / len(ranks))


@cache
def bands(replicates: int, level: float = LEVEL) -> Bands:
    """The band that holds the distribution function of so many uniform ranks with probability `level`.

    At every point it leaves out the same probability at either side; how much is found by simulation.
    """
    generator = np.random.default_rng([_SEED, replicates])
    counts = np.array([
        np.searchsorted(np.sort(generator.random(replicates)), _POINTS, side="right") for _ in range(_SIMULATIONS)
    ])  # fmt: skip
    at = stats.binom(replicates, _POINTS)
    possible = np.arange(replicates + 1)[:, None]
    tails = np.minimum(at.cdf(possible), at.sf(possible - 1))
    least = np.take_along_axis(tails, counts, axis=0).min(axis=1)
    tail = np.quantile(least, 1 - level, method="lower")
    allowed = tails >= tail
    low, high = allowed.argmax(axis=0), replicates - allowed[::-1].argmax(axis=0)
    return Bands(_POINTS, low / replicates, high / replicates, float((least >= tail).mean()))


def coverage(ranks: Mapping[str, Array], level: float = LEVEL) -> tuple[Coverage, ...]:
    """Of each quantity, for each of `SHARES`; together they are right with probability `level` or more."""
    count = len(next(iter(ranks.values())))
    tail = (1 - level) / (2 * len(ranks) * len(SHARES))
    found = []
    for share in SHARES:
        low, high = (float(held) / count for held in stats.binom(count, share).ppf([tail, 1 - tail]))
        found += [Coverage(name, share, float(_held(each, share).mean()), low, high) for name, each in ranks.items()]
    return tuple(found)


def pooled_coverage(ranks: Array) -> tuple[Coverage, ...]:
    """Of all rows of `ranks` [quantity, replicate] together, for each of `SHARES`.

    Quantities of one replicate depend on each other, so that the error is taken from the replicates, which do not.
    """
    count = ranks.shape[1]
    wide = float(stats.t(count - 1).ppf((1 + SURE) / 2))
    found = []
    for share in SHARES:
        by_replicate = _held(ranks, share).mean(axis=0)
        error = wide * float(by_replicate.std(ddof=1)) / math.sqrt(count)
        found.append(Coverage("", share, float(by_replicate.mean()), share - error, share + error))
    return tuple(found)


def judged(ranks: Mapping[str, Array]) -> Summary:
    """What the ranks [replicate] of each quantity say; the log-likelihood and outcomes are known by their names."""
    count = len(next(iter(ranks.values())))
    parameters = {name: values for name, values in ranks.items() if name not in (LOG_LIKELIHOOD, *OUTCOMES)}
    found = bands(count)
    of_outcomes = bands(count, 1 - (1 - LEVEL) / len(OUTCOMES))
    least, most = stats.binom(len(parameters), 1 - found.hold).ppf([(1 - SURE) / 2, (1 + SURE) / 2])
    return Summary(
        replicates=count,
        ranks=ranks,
        bands=found,
        outside=tuple(name for name, values in parameters.items() if not found.hold_all(values)),
        expected_outside=(int(least), int(most)),
        watched={LOG_LIKELIHOOD: found.hold_all(ranks[LOG_LIKELIHOOD])}
        | {name: of_outcomes.hold_all(ranks[name]) for name in OUTCOMES},
        pooled=pooled_coverage(np.array(list(parameters.values()))),
        each=coverage(ranks),
    )


def summary(path: Path) -> Summary:
    """`judged` of the study at `path`, as tests/studies/simulation_based_calibration.py writes it."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return replace(judged(smoothed(rows)), inputs=rows[0]["inputs"])


def smoothed(rows: Sequence[Mapping[str, str | float]], draws: int = DRAWS) -> dict[str, Array]:
    """Ranks of each quantity, [replicate], from rows that hold the share of `draws` below the truth.

    A share has one of `draws` + 1 values, each as probable as the others; a number drawn from within its step makes
    it uniform. The same rows give the same numbers.
    """
    generator = np.random.default_rng(_SEED)
    names = [name for name in rows[0] if name not in _NOT_RANKS]
    below = draws * np.array([[float(row[name]) for row in rows] for name in names])
    return dict(zip(names, (below + generator.random(below.shape)) / (draws + 1), strict=True))


def _held(ranks: Array, share: float) -> NDArray[np.bool_]:
    return np.abs(ranks - 0.5) < share / 2
