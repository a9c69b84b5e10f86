"""From a request to a calibration and all that is found of it, or to one whose batches do not agree."""

from __future__ import annotations

from dataclasses import dataclass

from shudian.answers.calibration.kept import keep, kept
from shudian.answers.calibration.request import CalibrationRequest
from shudian.answers.calibration.view import View, view_of
from shudian.calibrate.calibration import Calibration, calibrate
from shudian.calibrate.leave_one_out import LeftOut, leave_one_out
from shudian.calibrate.run import BATCHES
from shudian.calibrate.workers import worker_processes
from shudian.forecasts.backtest import Backtest, backtest
from shudian.kinds import InputError, Told
from shudian.posterior_file import Posterior, read_posterior


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A calibration that may be used, and what is found of it."""

    view: View
    later: Backtest | None
    """How a calibration with a cut-off fares on what was published later."""


def fit(request: CalibrationRequest, told: Told) -> Calibration | Fitted:
    """Calibrate; returns the Calibration alone if its diagnostics do not pass.

    `told` is told `calibrate`, `refits` and `write`. A finished sampling is kept until `forget`. Raises InputError for
    a mistake in the request, and KeyboardInterrupt after it has ended what it had started.
    """
    found = _sampled(request, told)
    if not found.diagnostics.passed:
        return found
    without = _refits(found, told) if request.refits else ()
    told("write", 0.0)
    until = request.evidence.until
    later = backtest(until, found) if until else None
    view = view_of(
        found, before=before(), without=without, later=later, progress=lambda share: told("write", share / 2)
    )
    return Fitted(view, later)


def before() -> Posterior | None:
    """The shipped posterior, or None where there is none that can be read."""
    try:
        return read_posterior()
    except InputError:
        return None


def _sampled(request: CalibrationRequest, told: Told) -> Calibration:
    evidence = request.evidence
    found = kept(evidence, request.seed)
    if found is None:
        with worker_processes(BATCHES) as executor:
            found = calibrate(
                evidence, seed=request.seed, executor=executor, progress=lambda share: told("calibrate", share)
            )
        if found.diagnostics.passed:
            keep(found)
    return found


def _refits(found: Calibration, told: Told) -> tuple[LeftOut, ...]:
    with worker_processes(BATCHES) as executor:
        return leave_one_out(found, executor=executor, progress=lambda share: told("refits", share))
