"""Printed figures against the register or, where it has no row for them, against the posterior at once."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from shudian.forecasts.figures_file import Certainty, FiguresFile, Unread, read_figures
from shudian.forecasts.naive import Naive, naive, naive_ratio
from shudian.forecasts.prediction import (
    Measure,
    Prediction,
    Question,
    predictions,
    questions,
    reason_of,
    world_of,
)
from shudian.forecasts.register import Register, Row, load_register
from shudian.forecasts.scores import Forecast, Interval, Score, point_error, score
from shudian.kinds import Figure, InputError, Model
from shudian.observe.reports import Report, load_reports
from shudian.observe.rules import Rules, load_rules
from shudian.parameters import HOME
from shudian.posterior import Posterior, standing_posterior
from shudian.structure import load_model

FAR = 5.0
"""A number so many times its forecast, or so many times smaller, is rather a slip of pen or unit than news."""
OUTCOMES = ("calibration", "context", "conflict", "micro")
"""Roles of figures that tell what happened; the others are plans, forecasts, targets or arithmetic."""

Reason = Literal["not_an_outcome", "no_rule", "no_number", "no_posterior", "unread"]


@dataclass(frozen=True, slots=True)
class Scored:
    """One printed number beside its forecast, in the figure's unit or as a ratio to the year before."""

    figure: Figure
    measure: Measure
    printed: Interval
    forecast: Forecast
    score: Score
    no_change: float | None
    last_growth: float | None
    register_row: str
    """Identifier of the register's row, or empty where the forecast was computed now."""
    certainty: Certainty
    in_fit: bool
    """Whether the posterior was fitted to this number, here or from another outlet: agreement then proves nothing."""

    @property
    def counts(self) -> bool:
        """Whether it is counted in the summary."""
        return not self.in_fit and self.certainty != "open"

    @property
    def far(self) -> bool:
        """Whether it is so far from the forecast that its unit should be looked at; it is scored all the same."""
        low, high = (end / self.forecast.median for end in self.printed)
        return low > FAR or high < 1 / FAR

    def naive_error(self, which: Literal["no_change", "last_growth"]) -> float | None:
        """CRPS of a naive forecast, which is one number: its distance on the logarithmic scale."""
        value = self.no_change if which == "no_change" else self.last_growth
        return None if value is None else point_error(value, self.printed)


@dataclass(frozen=True, slots=True)
class NotScored:
    """A figure that is compared with nothing, and why."""

    identifier: str
    phrase: str
    reason: Reason
    sentence: str = ""
    """For `unread`: the sentence that says what is wrong, in English."""


@dataclass(frozen=True, slots=True)
class Against:
    """The mean of a naive forecast's error and of our scores, over the figures that have both."""

    figures: int
    naive: float
    crps: float
    median_error: float


@dataclass(frozen=True, slots=True)
class Summary:
    """How many of the figures that count lie inside, and the mean scores."""

    figures: int
    inside_50: float
    inside_90: float
    crps: float | None
    """Over the figures that are no half-lines; None if there are none."""
    median_error: float | None
    no_change: Against | None
    last_growth: Against | None


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that scoring a file gave."""

    rows: tuple[Scored, ...]
    left: tuple[NotScored, ...]
    ignored_columns: tuple[str, ...]
    register: Register
    posterior_made: str
    """Of the posterior from which the unregistered forecasts were computed; empty if there is none."""


def score_file(path: Path, register: Path | None = None, posterior: Posterior | None = None) -> Scores:
    """Score the figures at `path` against the register (default: the newest).

    What the register does not cover is computed from `posterior` (default: the shipped one if it is fresh). Raises
    InputError for a file without the needed columns and for a register that is missing or was changed.
    """
    frozen = load_register(register)
    model = load_model()
    rules = load_rules(model)
    found = read_figures(path, rules)
    posterior = posterior or standing_posterior(HOME)
    rows, left = _score(found, frozen, model, rules, posterior)
    return Scores(rows, left, found.ignored_columns, frozen, str(posterior.about["made"]) if posterior else "")


def summary_of(rows: Sequence[Scored]) -> Summary | None:
    """The summary of `rows`, all of which count; None if there are none."""
    if not rows:
        return None
    return Summary(
        figures=len(rows),
        inside_50=sum(row.score.inside_50 for row in rows),
        inside_90=sum(row.score.inside_90 for row in rows),
        crps=_mean([row.score.crps for row in rows]),
        median_error=_mean([row.score.median_error for row in rows]),
        no_change=_against(rows, "no_change"),
        last_growth=_against(rows, "last_growth"),
    )


def _against(rows: Sequence[Scored], which: Literal["no_change", "last_growth"]) -> Against | None:
    pairs = [(row, error) for row in rows if (error := row.naive_error(which)) is not None]
    if not pairs:
        return None
    both = [row for row, _ in pairs]
    return Against(
        figures=len(pairs),
        naive=float(np.mean([error for _, error in pairs])),
        crps=_mean([row.score.crps for row in both]) or 0.0,
        median_error=_mean([row.score.median_error for row in both]) or 0.0,
    )


def _mean(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return float(np.mean(known)) if known else None


def _score(
    found: FiguresFile, register: Register, model: Model, rules: Rules, posterior: Posterior | None
) -> tuple[tuple[Scored, ...], tuple[NotScored, ...]]:
    left = [_unread(line) for line in found.unread]
    fitted = {name for report in posterior.about["reports"] for name in report["figures"]} if posterior else set()
    asked: list[tuple[Question, Certainty, Figure]] = []
    for reported in found.figures:
        figure = reported.figure
        if figure.role not in OUTCOMES or figure.bound == "forecast":
            left.append(NotScored(figure.identifier, figure.phrase, "not_an_outcome"))
            continue
        try:
            own = questions(figure, model, rules)
        except InputError as error:
            left.append(NotScored(figure.identifier, figure.phrase, "unread", reason_of(error)))
            continue
        if not own:
            reason: Reason = "no_number" if figure.value is None and figure.growth_percent is None else "no_rule"
            left.append(NotScored(figure.identifier, figure.phrase, reason))
        asked += [(question, reported.certainty, figure) for question in own]
    rows = {index: row for index, (q, _, _) in enumerate(asked) if (row := register.row_for(q)) is not None}
    now = [index for index in range(len(asked)) if index not in rows]
    computed: dict[int, Prediction] = {}
    if posterior:
        computed = dict(zip(now, predictions([asked[i][0] for i in now], world_of(posterior)), strict=True))
    else:
        left += [NotScored(asked[i][2].identifier, asked[i][2].phrase, "no_posterior") for i in now]
    known = load_reports(model)
    scored = []
    for index, (question, certainty, figure) in enumerate(asked):
        if index in rows:
            # a forecast of a register knows what was printed by its own day, whatever has been fitted since
            then = [f for report in known if _known_by(report, rows[index].data_until) for f in report.figures]
            scored.append(_from_register(question, rows[index], figure, certainty, _is_among(figure, then)))
        elif index in computed:
            in_fit = _is_among(figure, [f for report in known for f in report.figures if f.identifier in fitted])
            simple = naive_of(question, [report for report in known if _earlier(report, question)])
            scored.append(scored_now(question, computed[index], simple, figure, certainty, in_fit))
    return tuple(scored), tuple(left)


def _known_by(report: Report, day: datetime.date) -> bool:
    return report.available is None or report.available <= day


def _is_among(figure: Figure, known: Sequence[Figure]) -> bool:
    return any(figure.identifier == other.identifier or words_of(figure) == words_of(other) for other in known)


def words_of(figure: Figure) -> tuple[object, ...]:
    """What makes a figure the same as one that another outlet printed."""
    number = figure.growth_percent if figure.value is None else figure.value
    return figure.indicator, figure.geography, figure.definition, figure.period_end, figure.unit, number


def _earlier(report: Report, question: Question) -> bool:
    ends = [r.alternatives[0].quantity.end for r in (report, question.report)]
    return report.identifier != question.report.identifier and ends[0] <= ends[1]


def naive_of(question: Question, known: Sequence[Report]) -> Naive:
    """The naive forecasts of what is asked, in the figure's unit or as a ratio."""
    rule = question.report.rule
    if question.measure != "level":
        return naive_ratio(rule, known)
    found, factor = naive(question.report.alternatives[0].quantity, rule, known), question.report.display_factor
    return Naive(
        None if found.no_change is None else found.no_change * factor,
        None if found.growth is None else found.growth * factor,
        found.figures,
    )


def _from_register(q: Question, row: Row, figure: Figure, certainty: Certainty, in_fit: bool) -> Scored:
    factor = row.factor_to(figure.unit) or 1.0
    forecast = row.reported.times(factor)
    return Scored(
        figure=figure,
        measure=q.measure,
        printed=q.printed,
        forecast=forecast,
        score=score(forecast, q.printed),
        no_change=None if row.no_change is None else row.no_change * factor,
        last_growth=None if row.last_growth is None else row.last_growth * factor,
        register_row=row.identifier,
        certainty=certainty,
        in_fit=in_fit,
    )


def scored_now(
    q: Question,
    prediction: Prediction,
    simple: Naive,
    figure: Figure,
    certainty: Certainty = "named",
    in_fit: bool = False,
) -> Scored:
    """The printed number of `q` beside a forecast that stands in no register."""
    return Scored(
        figure=figure,
        measure=q.measure,
        printed=q.printed,
        forecast=prediction.reported,
        score=score(prediction.reported, q.printed),
        no_change=simple.no_change,
        last_growth=simple.growth,
        register_row="",
        certainty=certainty,
        in_fit=in_fit,
    )


def _unread(line: Unread) -> NotScored:
    return NotScored(line.identifier, line.phrase, "unread", line.sentence)
