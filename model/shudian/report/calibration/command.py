"""`shudian calibrate`: from a wish to a posterior and its report, or to a sentence that says why not."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shudian.calibrate.calibration import Calibration, Evidence, calibrate
from shudian.calibrate.leave_one_out import LeftOut, leave_one_out
from shudian.calibrate.run import BATCHES
from shudian.calibrate.workers import worker_processes
from shudian.forecasts.backtest import Backtest, backtest, write_study
from shudian.kinds import InputError, Language
from shudian.parameters import HOME
from shudian.posterior_file import Posterior, read_posterior, shipped_posterior, write_posterior
from shudian.report.calibration.folder import write_report
from shudian.report.calibration.kept import forget, keep, kept
from shudian.report.calibration.view import View, view_of
from shudian.report.folder import draft, publish
from shudian.wording import say

Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    until: str = ""
    without: tuple[str, ...] = ()
    with_: Path | None = None
    seed: int = 1
    out: Path | None = None
    refits: bool = True
    city: str = HOME

    @property
    def figures(self) -> Evidence:
        """The evidence that was asked for; raises InputError for a mistake in it."""
        until = _date(self.until) if self.until else None
        if self.with_ is not None and not self.with_.is_file():
            raise InputError("there is no such file").at(self.with_)
        return Evidence(self.city, until=until, without=self.without, extra=self.with_)

    @property
    def evidence(self) -> Evidence:
        """The evidence to fit; raises InputError for a mistake in it, or where it needs a folder."""
        evidence = self.figures
        if evidence != Evidence(self.city) and self.out is None:
            raise InputError("other figures give another posterior; name a new folder for it with -o")
        return evidence


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    view: View
    later: Backtest | None
    """How a calibration with a cut-off fares on what was published later."""
    posterior: Path
    report: Path


def _date(text: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise InputError("“{text}” is not a date; write it as 2025-03-31", text=text) from None
    if day > datetime.date.today():
        raise InputError("{text} has not come yet; leave --until out to use everything that is known", text=text)
    return day


def carry_out(wish: Wish, language: Language, told: Told) -> Calibration | Done:
    """Calibrate and write; returns the Calibration alone, with nothing written, if its diagnostics do not pass.

    Raises InputError for a mistake in the wish, and KeyboardInterrupt after it has ended what it had started.
    """
    evidence = wish.evidence
    evidence.target()
    place = shipped_posterior()
    if wish.out is None and not os.access(place.parent, os.W_OK):
        raise InputError("{path} cannot be written; name a new folder with -o", path=place.parent)
    with draft(wish.out) as folder:
        found = _sampled(wish, evidence, language, told)
        if not found.diagnostics.passed:
            return found
        without = _refits(found, language, told) if wish.refits else ()
        told(say("progress_write", language), 0.0)
        later = backtest(evidence.until, found) if evidence.until else None
        view = view_of(found, before=before(), without=without, later=later,
                       progress=lambda share: told(say("progress_write", language), share / 2))  # fmt: skip
        write_report(view, folder, language)
        told(say("progress_write", language), 1.0)
        if later is not None:
            write_study(later, folder)
        if wish.out is not None:
            write_posterior(view.posterior, folder / "posterior.parquet")
        report = publish(folder, wish.out, view.digest)
        if wish.out is None:
            write_posterior(view.posterior, place)
    forget(found)
    return Done(view, later, place if wish.out is None else report / "posterior.parquet", report)


def _sampled(wish: Wish, evidence: Evidence, language: Language, told: Told) -> Calibration:
    found = kept(evidence, wish.seed)
    if found is None:
        with worker_processes(BATCHES) as executor:
            found = calibrate(
                evidence, seed=wish.seed, executor=executor,
                progress=lambda share: told(say("progress_calibrate", language), share),
            )  # fmt: skip
        if found.diagnostics.passed:
            keep(found)
    return found


def _refits(found: Calibration, language: Language, told: Told) -> tuple[LeftOut, ...]:
    with worker_processes(BATCHES) as executor:
        return leave_one_out(
            found, executor=executor, progress=lambda share: told(say("progress_refits", language), share)
        )


def before() -> Posterior | None:
    """The shipped posterior, or None where there is none that can be read."""
    try:
        return read_posterior()
    except InputError:
        return None
