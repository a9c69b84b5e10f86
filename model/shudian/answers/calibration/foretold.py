"""How well each report is foretold from the others: its log density, where it stands, and how many stand inside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from shudian.calibrate.leave_one_out import LeftOut
from shudian.forecasts.scored import family_of
from shudian.forecasts.scores import TAIL_50, TAIL_90, share_inside
from shudian.observe.reports import Report
from shudian.observe.rows import Measure


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one printed number stands in what the other reports foretell of it."""

    measure: Measure
    less: float
    """Probability that less is printed than its lower end."""
    upto: float
    """Probability that less is printed than its upper end; the same where the number and not a range is printed."""
    transform: float
    """Probability integral transform: drawn between the two, so that it is uniform where the foretelling is right."""
    error: float
    """Monte Carlo standard error of the middle of the two."""

    @property
    def inside_50(self) -> float:
        """Whether it lies in the central half, as 1 or 0; of a range the part of its probability that does."""
        return share_inside(self.less, self.upto, TAIL_50)

    @property
    def inside_90(self) -> float:
        """The same of the central 90 %."""
        return share_inside(self.less, self.upto, TAIL_90)


@dataclass(frozen=True, slots=True)
class Foretelling:
    """What the other reports foretell of one report."""

    report: Report
    log_density: float
    """Of what was printed, level and growth rate together, per unit of log width."""
    error: float
    """Its Monte Carlo standard error."""
    standings: tuple[Standing, ...]
    """Of each number that it prints."""
    refitted: bool
    shape: float
    """Of the Pareto tail of the weights that would have made a refit needless."""

    @property
    def family(self) -> str:
        """The kind of thing that it counts, as in scores."""
        return family_of(self.report.figures[0].indicator)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many printed numbers of a family stand inside, beside what chance makes of independent right foretellings."""

    family: str
    """Empty for all."""
    reports: int
    numbers: int
    log_density: float
    """Summed over reports."""
    inside_50: float
    inside_90: float
    below: int
    """Numbers whose transform is below 5 %: the foretelling was too high."""
    above: int
    """Numbers whose transform is above 95 %."""

    def expected(self, share: float) -> tuple[int, int]:
        """Between which counts of `numbers` that lie inside with probability `share` nine in ten fall."""
        return int(stats.binom.ppf(0.05, self.numbers, share)), int(stats.binom.ppf(0.95, self.numbers, share))


def foretellings(left: Sequence[LeftOut], reports: Sequence[Report], seed: int) -> tuple[Foretelling, ...]:
    """The Foretelling of each of `left`, in its order."""
    named = {report.identifier: report for report in reports}
    found = []
    for one in left:
        told = one.foretold()
        standings = tuple(_standing(one, measure, seed) for measure in one.transforms)
        found.append(Foretelling(named[one.report], told.value, told.error, standings, one.refitted, one.shape))
    return tuple(found)


def _standing(left: LeftOut, measure: Measure, seed: int) -> Standing:
    ends = left.transforms[measure]
    less, upto = (float(left.weights @ end) for end in ends)
    middle = (ends[0] + ends[1]) / 2
    error = math.sqrt(float((left.weights**2 * (middle - (less + upto) / 2) ** 2).sum()))
    generator = np.random.default_rng([seed, *left.report.encode(), measure != "level"])
    return Standing(measure, less, upto, less + (upto - less) * float(generator.random()), error)


def coverage(found: Sequence[Foretelling], family: str = "") -> Coverage:
    """The Coverage of one family among `found`, or of all."""
    chosen = [one for one in found if family in ("", one.family)]
    standings = [standing for one in chosen for standing in one.standings]
    return Coverage(
        family=family,
        reports=len(chosen),
        numbers=len(standings),
        log_density=math.fsum(one.log_density for one in chosen),
        inside_50=math.fsum(standing.inside_50 for standing in standings),
        inside_90=math.fsum(standing.inside_90 for standing in standings),
        below=sum(standing.transform < TAIL_90 for standing in standings),
        above=sum(standing.transform > 1 - TAIL_90 for standing in standings),
    )


def families(found: Sequence[Foretelling]) -> tuple[Coverage, ...]:
    """The Coverage of each family, in the order in which they come."""
    return tuple(coverage(found, family) for family in dict.fromkeys(one.family for one in found))


def uniformity(found: Sequence[Foretelling]) -> float:
    """How often chance makes transforms that are as far from uniform, if each report were independent of the others."""
    return float(stats.kstest([s.transform for one in found for s in one.standings], "uniform").pvalue)


def total_error(left: Sequence[LeftOut]) -> float:
    """Monte Carlo standard error of the sum of log densities: reports that have the same draws have common errors."""
    told = [one.foretold() for one in left]
    moved = np.sum([one.moved for one in told], axis=0)
    return math.sqrt(float((moved**2).sum()) + math.fsum(one.variance for one in told))
