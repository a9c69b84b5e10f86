"""Would it have known? Forecasts from what was published by a date, scored on what was published later.

It is not a blind test: the priors and the equations were written in 2026 by people who knew the later figures, and
the policy of the whole period is taken as known. What it can show is that the intervals are of the right width and
that the model does not do worse than the last figure carried on.

The published ones are made anew with `python -m shudian.forecasts.backtest`, which takes minutes.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from shudian.calibrate.calibration import Calibration, Evidence, calibrate
from shudian.calibrate.sampler import Settings
from shudian.evidence import load_sources
from shudian.forecasts.prediction import Question, predictions, questions, world_after
from shudian.forecasts.scores import Interval
from shudian.forecasts.scoring import Scored, Summary, naive_of, scored_now, summary_of, words_of
from shudian.kinds import Figure, InputError, Label
from shudian.observe.reports import Report, known_from, load_reports
from shudian.observe.rules import load_rules
from shudian.paths import seeds_folder

NOTE = Label(
    "先验与方程是2026年在已知后来数字的情况下写定的，截止日之后实际出台的政策也视为已知，因此这不是盲测。"
    "各行并不相互独立。朴素预测只是一个数，其CRPS即对数误差，所以另列模型中位数的同一误差。",
    "Priors and equations were set in 2026 with the later figures known, and the policy decided after the cut-off is "
    "taken as known, so this is not a blind test. The rows are not independent of each other. A naive forecast is one "
    "number, whose CRPS is its absolute logarithmic error; the same error of the model's median stands beside it.",
)


CUT_OFFS = (datetime.date(2024, 12, 31), datetime.date(2025, 3, 31))
"""The dates whose backtests are published."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """Forecasts from data up to `cut_off`, beside what was published later."""

    cut_off: datetime.date
    reports: tuple[str, ...]
    """Identifiers of the reports that were known."""
    rows: tuple[Scored, ...]
    published: tuple[datetime.date, ...]
    """Of each row, when it was surely published."""
    undated: tuple[str, ...]
    """Figures that are left out because no page shows when they were published."""
    foretold: tuple[str, ...]
    """Figures that are left out because the same number had been printed by the cut-off, as an estimate beforehand:
    they are no news, and a naive forecast did not have it."""
    calibration: Calibration

    @property
    def ahead(self) -> tuple[bool, ...]:
        """Of each row, whether its period ended after the cut-off; otherwise only the news of it came later."""
        day = self.cut_off.isoformat()
        return tuple((row.figure.period_end or row.figure.period_start) > day for row in self.rows)

    def summaries(self) -> dict[str, Summary | None]:
        """Of all rows, of those about a time after the cut-off, and of the rest."""
        parts = {"all": self.rows}
        parts["after_cut_off"] = tuple(row for row, later in zip(self.rows, self.ahead, strict=True) if later)
        parts["before_cut_off"] = tuple(row for row, later in zip(self.rows, self.ahead, strict=True) if not later)
        return {name: summary_of(rows) for name, rows in parts.items()}


def backtest(
    cut_off: datetime.date,
    calibration: Calibration | None = None,
    *,
    seed: int = 1,
    settings: Settings | None = None,
) -> Backtest:
    """Forecast from what was published by `cut_off` and score on the figures of the table published later.

    Without a `calibration` of that date one is made, which takes minutes. Raises InputError for a calibration of
    another date, or for a date so early that nothing had been published.
    """
    calibration = calibration or calibrate(Evidence(until=cut_off), seed=seed, settings=settings)
    evidence, model = calibration.evidence, calibration.target.model
    if evidence.until != cut_off:
        raise InputError(f"this calibration knows the figures until {evidence.until}, not until {cut_off}")
    known = calibration.target.observer.reports
    every = load_reports(model, evidence.load(), city=evidence.city, without=evidence.without)
    later, undated = _later(every, known, cut_off)
    before = _printed_by(cut_off, evidence.load().values())
    foretold = [report for report in later if words_of(report.figures[0]) in before]
    later = [report for report in later if report not in foretold]
    rules = load_rules(model)
    asked: list[tuple[Question, Report]] = [
        (question, report) for report in later for question in questions(report.figures[0], model, rules, evidence.city)
    ]
    found = predictions([question for question, _ in asked], world_after(calibration, ""), seed)
    rows = [scored_now(q, p, naive_of(q, known), r.figures[0]) for (q, r), p in zip(asked, found, strict=True)]
    return Backtest(
        cut_off=cut_off,
        reports=tuple(report.identifier for report in known),
        rows=tuple(rows),
        published=tuple(report.available for _, report in asked if report.available is not None),
        undated=undated,
        foretold=tuple(report.identifier for report in foretold),
        calibration=calibration,
    )


def _later(
    every: tuple[Report, ...], known: tuple[Report, ...], cut_off: datetime.date
) -> tuple[list[Report], tuple[str, ...]]:
    used = {figure.identifier for report in known for figure in report.figures}
    unused = [report for report in every if not used & {figure.identifier for figure in report.figures}]
    later = [report for report in unused if report.available is not None and report.available > cut_off]
    return later, tuple(report.identifier for report in unused if report.available is None)


def _printed_by(cut_off: datetime.date, figures: Iterable[Figure]) -> set[tuple[object, ...]]:
    published = {name: source.published for name, source in load_sources().items()}
    dated = ((known_from(figure, published.get(figure.source, "")), figure) for figure in figures)
    return {words_of(figure) for day, figure in dated if day is not None and day <= cut_off}


def as_data(result: Backtest) -> dict[str, Any]:
    """The backtest as plain data, for JSON."""
    about = result.calibration.diagnostics
    rows = zip(result.rows, result.published, result.ahead, strict=True)
    return {
        "cut_off": result.cut_off.isoformat(),
        "note": {"zh": NOTE.zh, "en": NOTE.en},
        "model_digest": result.calibration.target.model.digest,
        "seed": result.calibration.seed,
        "draws": int(result.calibration.uncertain.shape[1]),
        "rhat_max": _short(float(about.rhat.max())),
        "known_reports": list(result.reports),
        "undated_figures": list(result.undated),
        "foretold_figures": list(result.foretold),
        "summaries": {name: _summary(summary) for name, summary in result.summaries().items()},
        "rows": [_row(row, day, later) for row, day, later in rows],
    }


def _summary(summary: Summary | None) -> dict[str, Any] | None:
    if summary is None:
        return None
    found: dict[str, Any] = {
        "numbers": summary.figures, "inside_50": _short(summary.inside_50), "inside_90": _short(summary.inside_90),
        "crps": _maybe(summary.crps), "median_error": _maybe(summary.median_error),
    }  # fmt: skip
    for name, against in (("no_change", summary.no_change), ("last_growth", summary.last_growth)):
        found[name] = against and {
            "numbers": against.figures, "crps": _short(against.naive), "model_crps": _short(against.crps),
            "model_median_error": _short(against.median_error),
        }  # fmt: skip
    return found


def _row(row: Scored, published: datetime.date, ahead: bool) -> dict[str, Any]:
    figure, forecast = row.figure, row.forecast
    return {
        "figure": figure.identifier, "indicator": figure.indicator, "geography": figure.geography,
        "definition": figure.definition, "measure": row.measure, "period": [figure.period_start, figure.period_end],
        "published": published.isoformat(), "after_cut_off": ahead, "phrase": figure.phrase,
        "unit": figure.unit if row.measure == "level" else "1", "printed": _bounds(row.printed),
        "median": _short(forecast.median), "interval_50": _bounds(forecast.interval(0.5)),
        "interval_90": _bounds(forecast.interval(0.9)), "inside_50": _short(row.score.inside_50),
        "inside_90": _short(row.score.inside_90), "pit": _short(row.score.pit), "crps": _maybe(row.score.crps),
        "median_error": _maybe(row.score.median_error),
        "no_change": _naive(row.no_change, row.naive_error("no_change")),
        "last_growth": _naive(row.last_growth, row.naive_error("last_growth")),
    }  # fmt: skip


def _naive(value: float | None, error: float | None) -> dict[str, float] | None:
    return None if value is None or error is None else {"value": _short(value), "crps": _short(error)}


def _bounds(interval: Interval) -> list[float | None]:
    return [None if abs(end) == float("inf") else _short(end) for end in interval]


def _short(number: float) -> float:
    return float(f"{number:.5g}")


def _maybe(number: float | None) -> float | None:
    return None if number is None else _short(number)


def write_study(result: Backtest, folder: Path) -> Path:
    """Write the backtest to `folder` as JSON; the path of the file. Raises InputError if it cannot be written."""
    path = folder / f"backtest-{result.cut_off}.json"
    draft = folder / f".{path.name}-{uuid4().hex[:8]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(as_data(result), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror})") from None
    return path


if __name__ == "__main__":
    for day in CUT_OFFS:
        print(write_study(backtest(day), seeds_folder() / "studies"))
