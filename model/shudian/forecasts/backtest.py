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

from shudian.calibrate.calibration import Calibration, Evidence, calibrate
from shudian.calibrate.sampler import Settings
from shudian.evidence import published_dates
from shudian.files import write_text
from shudian.forecasts.once import counted_once, words_of
from shudian.forecasts.plain_data import row_data, short, summary_data
from shudian.forecasts.prediction import Question, predictions, questions, world_after
from shudian.forecasts.scored import Scored, Summary, summary_of
from shudian.forecasts.scoring import naive_of, scored_from
from shudian.kinds import Figure, InputError, Label
from shudian.observe.reports import Report, load_reports
from shudian.observe.rules import load_rules
from shudian.paths import seeds_folder
from shudian.publication import known_from

NOTE = Label(
    "先验与方程是2026年在已知后来数字的情况下写定的，截止日之后实际出台的政策也视为已知，因此这不是盲测。"
    "当时已知的不只是这里对照的数字，还有2025年全国市场超过1,000亿元、免费市场533亿元、郑州二七区2025年的产值、部数与人数、"
    "郑州2025年前十月上线4,900余部、漫剧投流回报2026年初跌到1.1（ZD05、PRI-008等，见known_facts）。"
    "各行并不相互独立。朴素预测只是一个数，其CRPS即对数误差，所以另列模型中位数的同一误差。",
    "Priors and equations were set in 2026 with the later figures known, and the policy decided after the cut-off is "
    "taken as known, so this is not a blind test. Known were not only the numbers compared here but also a national "
    "market of 2025 above 100 billion yuan, its free part of 53.3 billion, output, titles and workers of Erqi in 2025, "
    "4,900 titles put online in Zhengzhou from January to October 2025, and a return on traffic of animated dramas "
    "down to 1.1 early in 2026 (ZD05, PRI-008 and others, listed as known_facts). The rows are not independent of each "
    "other. A naive forecast is one number, whose CRPS is its absolute logarithmic error; the same error of the "
    "model's median stands beside it.",
)

KNOWN = {
    "NAT-107": ("NAT-008", "NAT-023"), "NAT-015": ("NAT-124",), "ZM14": ("DX05", "DX06"), "ZD18": ("DX05",),
    "ZW09": ("DX06",), "ZD05": ("DX08",), "PRI-008": ("ai_diffusion_rate",),
    "PRI-003": ("fund_recovery_share", "sameness_quality_effect"),
}  # fmt: skip
"""Figure that tells a later fact -> in the note or the evidence of which rows and parameters it stood when priors and
equations were written."""


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
        """Of all rows that count, of those about a time after the cut-off, and of the rest."""
        counted = [(row, later) for row, later in zip(self.rows, self.ahead, strict=True) if row.counts]
        parts = {"all": [row for row, _ in counted]}
        parts["after_cut_off"] = [row for row, later in counted if later]
        parts["before_cut_off"] = [row for row, later in counted if not later]
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
        raise InputError(
            "this calibration knows the figures until {until}, not until {cut_off}",
            until=evidence.until,
            cut_off=cut_off,
        )
    known = calibration.target.observer.reports
    every = load_reports(model, evidence.load(), city=evidence.city, without=evidence.figures_without(model))
    later, undated = _later(every, known, cut_off)
    before = _printed_by(cut_off, evidence.load().values())
    foretold = [report for report in later if words_of(report.figures[0]) in before]
    later = [report for report in later if report not in foretold]
    rules = load_rules(model)
    asked: list[tuple[Question, Report]] = [
        (question, report) for report in later for question in questions(report.figures[0], model, rules, evidence.city)
    ]
    found = predictions([question for question, _ in asked], world_after(calibration, ""), seed)
    rows = [
        scored_from(q, p.reported, naive_of(q, known), r.figures[0]) for (q, r), p in zip(asked, found, strict=True)
    ]
    return Backtest(
        cut_off=cut_off,
        reports=tuple(report.identifier for report in known),
        rows=counted_once(rows),
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
    every = tuple(figures)
    published = published_dates(every)
    dated = ((known_from(figure, published[figure.identifier]), figure) for figure in every)
    return {words_of(figure) for day, figure in dated if day is not None and day <= cut_off}


def as_data(result: Backtest) -> dict[str, Any]:
    """The backtest as plain data, for JSON."""
    about = result.calibration.diagnostics
    rows = zip(result.rows, result.published, result.ahead, strict=True)
    return {
        "cut_off": result.cut_off.isoformat(),
        "note": {"zh": NOTE.zh, "en": NOTE.en},
        "known_facts": {fact: list(places) for fact, places in KNOWN.items()},
        "model_digest": result.calibration.target.model.digest,
        "seed": result.calibration.seed,
        "draws": int(result.calibration.uncertain.shape[1]),
        "rhat_max": short(float(about.rhat.max())),
        "known_reports": list(result.reports),
        "undated_figures": list(result.undated),
        "foretold_figures": list(result.foretold),
        "summaries": {name: summary_data(summary) for name, summary in result.summaries().items()},
        "rows": [row_data(row) | {"published": day.isoformat(), "after_cut_off": later} for row, day, later in rows],
    }


def write_study(result: Backtest, folder: Path) -> Path:
    """Write the backtest to `folder` as JSON; the path of the file. Raises InputError if it cannot be written."""
    path = folder / f"backtest-{result.cut_off}.json"
    folder.mkdir(parents=True, exist_ok=True)
    write_text(path, json.dumps(as_data(result), ensure_ascii=False, indent=1) + "\n", replace=True)
    return path


if __name__ == "__main__":
    for day in CUT_OFFS:
        print(write_study(backtest(day), seeds_folder() / "studies"))
