"""The posterior without one report, for each report: what it moves, and what the others foretell of it.

Where the posterior hardly hangs on a report, its own draws are weighted by one over the report's density given the
others, with the greatest weights smoothed by a Pareto tail (PSIS: Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR
25:72). Weights that few draws carry, or whose tail has a shape of a half or more so that their variance may not be
finite, are not used: there the draws are led to the posterior without the report through falling powers of its
density, reweighted, resampled and moved as in the calibration. That is a refit from near its end. Weights alone failed
for two in five of the reports.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special
from threadpoolctl import threadpool_limits

from shudian.calibrate.calibration import Calibration, Evidence, stored
from shudian.calibrate.run import in_processes
from shudian.calibrate.sampler import Terms, bridge
from shudian.calibrate.target import Target
from shudian.observe.leaving import Leaving
from shudian.observe.reports import load_reports
from shudian.observe.rows import Transforms

Array = NDArray[np.float64]
PARTICLES, SWEEPS = 1000, 6
WORST_SHAPE = 0.5
"""Shape of the weights' Pareto tail from which on they are not trusted: their variance is finite below."""
LEAST_EFFECTIVE = 0.25
"""Share of the draws that must carry the weights, so that what they give is no worse than from a refit's draws."""
_FLAT, _STEPS = 1e-9, 500


Form = Callable[[Array], NDArray[np.bool_]]
"""Says of draws [uncertain parameter, draw] which of them count."""


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """Logarithm of the mean density of what was printed, and how it hangs on the draws."""

    value: float
    moved: Array
    """What each of the whole posterior's draws has moved it by, [draw]: over reports these add up draw by draw."""
    variance: float
    """Monte Carlo variance that comes from draws made anew."""

    @property
    def error(self) -> float:
        """Monte Carlo standard error, as of independent draws."""
        return math.sqrt(float((self.moved**2).sum()) + self.variance)


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """The posterior without one report, and what it foretells of the report."""

    report: str
    """Identifier of the report that is left out."""
    uncertain: Array
    """[uncertain parameter, draw], internal units."""
    weights: Array
    """[draw], with sum 1."""
    log_density: Array
    """Of what was printed, given the other reports, [draw]; per unit of log width, as in the likelihood."""
    transforms: Transforms
    """Given the other reports, of what it prints."""
    shape: float
    """Of the Pareto tail of the weights from the whole posterior's draws to these; see `WORST_SHAPE`."""
    refitted: bool
    """Whether the draws were made anew; otherwise they are the whole posterior's, weighted."""
    whole: tuple[Array, Array]
    """The whole posterior's draws [uncertain parameter, draw], and `log_density` at them."""

    @property
    def effective(self) -> float:
        """Draws without weights that would carry as much."""
        return effective(self.weights)

    @property
    def trusted(self) -> bool:
        """Whether the draws may stand for the posterior without the report: made anew, or weighted evenly enough."""
        enough = self.effective >= LEAST_EFFECTIVE * self.weights.size
        return self.refitted or (self.shape < WORST_SHAPE and enough)

    def foretold(self, form: Form | None = None) -> Foretold:
        """What the other reports foretell of the report, under `form` if there is one."""
        counts = None if form is None else form(self.uncertain)
        if self.refitted:
            members = slice(None) if form is None else form(self.whole[0])
            own = self.log_density if counts is None else self.log_density[counts]
            value, moved, variance = bridged(own, self.whole[1][members])
            every = np.zeros(self.whole[1].size)
            every[members] = moved
            return Foretold(value, every, variance)
        weights = self.weights if counts is None else np.where(counts, self.weights, 0.0)
        top = self.log_density.max()
        density = np.exp(self.log_density - top)
        mean = float(weights @ density) / float(weights.sum())
        return Foretold(top + math.log(mean), weights / weights.sum() * (density / mean - 1), 0.0)


def bridged(without: Array, whole: Array) -> tuple[float, Array, float]:
    """The log of the mean density over draws without a report, from these and the whole posterior's.

    `without` and `whole` are the report's log densities at either. The mean is the ratio of two normalising constants,
    which draws of both ends tell best (bridge sampling: Meng and Wong 1996, Statistica Sinica 6:831); the draws without
    the report alone tell it badly where few of them foretell what was printed. Returned are, besides, what each of the
    whole's draws has moved it by, and the variance from the others.
    """
    share = whole.size / (without.size + whole.size)
    value = float(np.logaddexp.reduce(without)) - math.log(without.size)
    for _ in range(_STEPS):
        mixed = [np.logaddexp(math.log(share) + end, math.log1p(-share) + value) for end in (without, whole)]
        above, below = without - mixed[0], -mixed[1]
        told = float(np.logaddexp.reduce(above)) - math.log(without.size)
        told -= float(np.logaddexp.reduce(below)) - math.log(whole.size)
        if abs(told - value) < _FLAT:
            break
        value = told
    f, g = np.exp(above - above.max()), np.exp(below - below.max())
    return value, -(g / g.mean() - 1) / whole.size, float((f / f.mean()).var() / without.size)


@dataclass(frozen=True, slots=True)
class _Task:
    evidence: Evidence
    report: str
    z: Array
    seed: int


def leave_one_out(
    calibration: Calibration,
    reports: Sequence[str] | None = None,
    *,
    executor: Executor | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> tuple[LeftOut, ...]:
    """The posterior without each of `reports` (identifiers; default: all), by weights or by refits side by side.

    Every refit starts from the same draws, those of `starting`, so that what it moves is not lost in the noise of
    sampling: compare it with these.
    """
    target, evidence, uncertain = calibration.target, calibration.evidence, calibration.uncertain
    names = [r.identifier for r in target.observer.reports] if reports is None else list(reports)
    leaving = {name: leaving_of(target, evidence, name) for name in names}
    found = {one.report: one for one in weighted(calibration, leaving)}
    z = target.latent.latent(uncertain[:, starting(uncertain.shape[1])])
    tasks = [_Task(evidence, name, z, calibration.seed) for name, one in found.items() if not one.trusted]
    drawn_anew = in_processes(_refit, tasks, executor, progress) if tasks else ()
    for task, drawn in zip(tasks, drawn_anew, strict=True):
        name = task.report
        found[name] = _from_draws(found[name], leaving[name], target, drawn)
    return tuple(found.values())


def weighted(calibration: Calibration, leaving: Mapping[str, Leaving]) -> tuple[LeftOut, ...]:
    """The whole posterior's draws weighted to be without each of the reports in `leaving`, by identifier.

    Some of them are not to be `trusted`.
    """
    target, uncertain = calibration.target, calibration.uncertain
    run = target.run(uncertain, None)
    terms, transforms = target.observer.log_likelihood(run), target.observer.transforms(run)
    found = []
    for name, one in leaving.items():
        density = one.given_others(terms, run)
        weights, shape = smoothed_weights(density)
        found.append(
            LeftOut(name, uncertain, weights, density, transforms[one.row], shape, False, (uncertain, density))
        )
    return tuple(found)


def starting(draws: int) -> NDArray[np.int64]:
    """Which of so many draws the refits start from."""
    return np.linspace(0, draws - 1, min(PARTICLES, draws)).astype(np.int64)


def leaving_of(target: Target, evidence: Evidence, report: str) -> Leaving:
    """`report` (an identifier) taken out of `target`, which is that of `evidence`."""
    observer = target.observer
    row = [one.identifier for one in observer.reports].index(report)
    names = tuple(figure.identifier for figure in observer.reports[row].figures)
    others = load_reports(
        target.model,
        evidence.load(),
        city=evidence.city,
        until=evidence.until,
        without=(*evidence.figures_without(target.model), *names),
    )
    return Leaving(observer, row, others)


def smoothed_weights(log_density: Array) -> tuple[Array, float]:
    """Weights [draw] that take a density [draw] out of draws, the greatest smoothed, and the shape of their tail."""
    from arviz_stats.base.array import BaseArray  # a second to import

    if np.ptp(log_density) < _FLAT:
        return np.full(log_density.size, 1 / log_density.size), -np.inf
    array_stats: Any = BaseArray()
    logarithms, shape = array_stats.psislw(log_density)
    return np.asarray(special.softmax(logarithms)), float(shape)


def effective(weights: Array) -> float:
    """How many draws without weights carry as much as `weights` [draw]."""
    return float(weights.sum() ** 2 / (weights**2).sum())


@cache
def _target(evidence: Evidence) -> Target:
    return evidence.target()


def _refit(task: _Task) -> Array:
    """Draws [uncertain parameter, draw] of the posterior without the report."""
    target = _target(task.evidence)
    leaving = leaving_of(target, task.evidence, task.report)

    exact, first = _split(target, leaving), _split(target.coarse, replace(leaving, whole=target.coarse.observer))

    def later(z: Array) -> Array:
        changed = (exact(z) - first(z))[:-1]
        return np.vstack([changed, target.studied(z)]) if target.studied else changed

    generator = np.random.default_rng([task.seed, *task.report.encode()])
    with threadpool_limits(1):
        excess = (exact(task.z) - first(task.z))[-1]
        found = bridge(task.z, first, -1, SWEEPS, generator, later, excess)
    return stored(target.latent.uncertain(found.z))


def _split(target: Target, leaving: Leaving) -> Terms:
    """Terms of which the last is the report's that is taken out."""
    return partial(target.told, lambda run: leaving.split(target.observer.log_likelihood(run), run))


def _from_draws(before: LeftOut, leaving: Leaving, target: Target, uncertain: Array) -> LeftOut:
    """What was told by weights, told by the draws of a refit."""
    run = target.run(uncertain, None)
    return replace(
        before,
        uncertain=uncertain,
        weights=np.full(uncertain.shape[1], 1 / uncertain.shape[1]),
        log_density=leaving.given_others(target.observer.log_likelihood(run), run),
        transforms=target.observer.transforms(run)[leaving.row],
        refitted=True,
    )
