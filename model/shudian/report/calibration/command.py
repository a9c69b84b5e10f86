"""`shudian calibrate`: a posterior and its report are written, or a sentence says why not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from shudian.answers.calibration.fit import Fitted, fit
from shudian.answers.calibration.kept import forget
from shudian.answers.calibration.request import CalibrationRequest
from shudian.calibrate.calibration import Calibration, Evidence
from shudian.forecasts.backtest import write_study
from shudian.kinds import InputError, Language, Told
from shudian.posterior_file import Posterior, shipped_posterior, write_posterior
from shudian.report.calibration.folder import write_report
from shudian.report.folder import draft, publish
from shudian.wording import say


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    fitted: Fitted
    posterior: Path
    report: Path


def evidence_of(request: CalibrationRequest, out: Path | None) -> Evidence:
    """The evidence to fit; raises InputError for a mistake in it, or where it needs a folder."""
    evidence = request.evidence
    if evidence != Evidence(request.city) and out is None:
        raise InputError("other figures give another posterior; name a new folder for it with -o")
    return evidence


def carry_out(request: CalibrationRequest, out: Path | None, language: Language, told: Told) -> Calibration | Done:
    """Calibrate and write; returns the Calibration alone, with nothing written, if its diagnostics do not pass.

    Raises InputError for a mistake in the request, and KeyboardInterrupt after it has ended what it had started.
    """
    evidence_of(request, out).target()
    place = require_writable(shipped_posterior(), out)
    with draft(out) as folder:
        found = fit(request, in_words(told, language))
        if isinstance(found, Calibration):
            return found
        write_report(found.view, folder, language)
        told(say("progress_write", language), 1.0)
        if found.later is not None:
            write_study(found.later, folder)
        posterior, report = publish_with(found.view.posterior, found.view.digest, place, folder, out)
    forget(found.view.calibration)
    return Done(found, posterior, report)


def in_words(told: Told, language: Language) -> Told:
    """`told`, told by what is being done."""
    return lambda doing, share: told(say(f"progress_{doing}", language), share)


def require_writable(place: Path, out: Path | None) -> Path:
    """`place`, where what is shipped stands; raises InputError where it would be renewed and cannot be."""
    if out is None and not os.access(place.parent, os.W_OK):
        raise InputError("{path} cannot be written; name a new folder with -o", path=place.parent)
    return place


def publish_with(posterior: Posterior, digest: str, place: Path, folder: Path, out: Path | None) -> tuple[Path, Path]:
    """Publish the report in `folder`; the posterior stands in it where it is `out`, and at `place` otherwise.

    Returns where the posterior and the report stand.
    """
    if out is not None:
        write_posterior(posterior, folder / "posterior.parquet")
    report = publish(folder, out, digest)
    if out is None:
        write_posterior(posterior, place)
    return place if out is None else report / "posterior.parquet", report
