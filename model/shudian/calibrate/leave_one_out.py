"""Exact refits without one report: what each figure moves.

The posterior's own draws are led to the posterior without the report through falling powers of that report's
likelihood, reweighted, resampled and moved as in the calibration. It is a refit, not an approximation by weights,
which failed for half of the reports in a trial; it starts near its end and so costs a twentieth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from shudian.calibrate.calibration import Calibration, Evidence, stored
from shudian.calibrate.run import in_processes
from shudian.calibrate.sampler import bridge
from shudian.calibrate.target import Target

Array = NDArray[np.float64]
PARTICLES, SWEEPS = 1000, 6


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The posterior without one report."""

    report: str
    """Identifier of the report that is left out."""
    uncertain: Array
    """[uncertain parameter, draw], internal units."""


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
    """A refit without each of `reports` (identifiers; default: all), side by side.

    Every refit starts from the same draws, those of `starting`, so that what it moves is not lost in the noise of
    sampling: compare it with these.
    """
    latent = calibration.target.latent
    z = latent.latent(calibration.uncertain[:, starting(calibration.uncertain.shape[1])])
    names = [r.identifier for r in calibration.target.observer.reports] if reports is None else list(reports)
    tasks = [_Task(calibration.evidence, name, z, calibration.seed) for name in names]
    return in_processes(_refit, tasks, executor, progress)


def starting(draws: int) -> NDArray[np.int64]:
    """Which of so many draws the refits start from."""
    return np.linspace(0, draws - 1, min(PARTICLES, draws)).astype(np.int64)


@cache
def _target(evidence: Evidence) -> Target:
    return evidence.target()


def _refit(task: _Task) -> LeftOut:
    target = _target(task.evidence)
    row = [report.identifier for report in target.observer.reports].index(task.report)

    generator = np.random.default_rng([task.seed, *task.report.encode()])
    with threadpool_limits(1):
        found = bridge(task.z, target.terms, row, SWEEPS, generator)
    return LeftOut(task.report, stored(target.latent.uncertain(found.z)))
