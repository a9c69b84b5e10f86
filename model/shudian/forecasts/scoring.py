"""Printed figures against the register or, where it has no row for them, against the draws that were frozen with it.

Of a register without such draws, its posterior is asked, or what the study of it has kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from shudian.evidence import load_figures, read_figures
from shudian.figure_row import Certainty
from shudian.figure_rows import FiguresFile, Reported, Unread
from shudian.forecasts.frozen import Frozen
from shudian.forecasts.kept import kept_forecasts
from shudian.forecasts.naive import Naive, naive, naive_ratio
from shudian.forecasts.once import counted_once, is_among, words_of
from shudian.forecasts.prediction import Foretelling, Question, predictions, questions, world_of
from shudian.forecasts.readings import readings
from shudian.forecasts.register import Register, Row, load_register
from shudian.forecasts.scored import NaiveName, Origin, Scored
from shudian.forecasts.scores import Forecast, score
from shudian.grounds import standing_posterior
from shudian.kinds import NO_WORDS, Figure, InputError, Label, Model, Phrase
from shudian.observe.reports import CALIBRATION, LATER, Report, load_reports
from shudian.observe.rows import Measure
from shudian.observe.rules import Rules, load_rules
from shudian.parameters import HOME
from shudian.posterior_file import Posterior
from shudian.structure import load_model

OUTCOMES = ("calibration", "later", "context", "conflict", "micro")
"""Roles of figures that tell what happened; the others are plans, forecasts, targets or arithmetic."""

Reason = Literal[
    "not_an_outcome",
    "no_rule",
    "no_number",
    "no_posterior",
    "unread",
    "left_out",
    "foretold",
    "not_asked",
    "not_foretold",
    "in_sight",
]


@dataclass(frozen=True, slots=True)
class NotScored:
    """A figure that is compared with nothing, and why."""

    identifier: str
    phrase: str
    reason: Reason
    sentence: Phrase = NO_WORDS
    """For `unread`: what is wrong."""
    why: Label | None = None
    """For `left_out`: the reason that observation.toml gives."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that scoring a file gave."""

    rows: tuple[Scored, ...]
    left: tuple[NotScored, ...]
    ignored_columns: tuple[str, ...]
    register: Register
    posterior_made: str
    """Of the posterior from which the unregistered forecasts were computed; empty if there is none."""
    from_seeds: bool = False
    """Whether the figures stood in the seeds, where those who change the model see them."""


def score_file(path: Path, register: Path | None = None, posterior: Posterior | None = None) -> Scores:
    """Score the figures at `path` against the register (default: the newest).

    What the register has no row for is foretold by the draws that were frozen with it; without these, by `posterior`
    (default: the shipped one if it is fresh). Raises InputError for all mistakes of the file at once, and for a
    register that is missing or was changed.
    """
    frozen = load_register(register)
    model = load_model()
    rules = load_rules(model)
    found = read_figures(path)
    if not found.figures:
        first = found.unread[0]
        raise InputError(
            "no line could be read as a figure, the first, “{name}”, because {error}",
            name=first.identifier,
            error=first.sentence,
        ).at(path)
    posterior = posterior or standing_posterior(HOME)
    figures = tuple(reading for reported in found.figures for reading in readings(reported, rules))
    rows, left = _score(replace(found, figures=figures), frozen, model, rules, posterior)
    return Scores(rows, left, found.ignored_columns, frozen, str(posterior.about["made"]) if posterior else "")


def score_seeds(register: Path | None = None, posterior: Posterior | None = None) -> Scores:
    """Score the register (default: the newest) on what the seeds hold that it did not know.

    These are the figures of role `later` and those of role `calibration` that were fitted only after it was made.
    What the register has no row for is foretold by the draws that were frozen with it; without these, what its
    posterior was asked of while it stood is taken from the study that keeps it. What observation.toml leaves out is
    listed with its reason; so is a number that had been printed as a forecast before, or stood in the seeds when the
    draws were frozen. Otherwise like `score_file`.
    """
    frozen = load_register(register)
    model, every = load_model(), load_figures()
    rules = load_rules(model)
    posterior = posterior or standing_posterior(HOME)
    new = [figure for figure in every.values() if _is_new(figure, frozen, rules)]
    forecasts = {words_of(figure) for figure in every.values() if figure.role == "forecast"}
    drawn = frozen.draws
    stood = set(drawn.about["figures"]) if drawn else set()
    left, asked = [], []
    for figure in new:
        if figure.identifier in rules.left_out:
            why = rules.left_out[figure.identifier]
            left.append(NotScored(figure.identifier, figure.phrase, "left_out", why=why))
        elif figure.identifier in stood:
            left.append(NotScored(figure.identifier, figure.phrase, "in_sight"))
        elif words_of(figure) in forecasts:
            left.append(NotScored(figure.identifier, figure.phrase, "foretold"))
        else:
            asked.append(Reported(figure, "named"))
    rows, others = _score(FiguresFile(tuple(asked)), frozen, model, rules, posterior, kept_forecasts(frozen))
    made = str(posterior.about["made"]) if posterior else ""
    return Scores(rows, (*others, *left), (), frozen, made, from_seeds=True)


def _is_new(figure: Figure, register: Register, rules: Rules) -> bool:
    if figure.role == LATER:
        return True
    known = register.fitted is None or figure.identifier in register.fitted
    return figure.role == CALIBRATION and not known and figure.identifier not in rules.left_out


def _score(
    found: FiguresFile,
    register: Register,
    model: Model,
    rules: Rules,
    posterior: Posterior | None,
    kept: Mapping[tuple[str, Measure], Forecast] | None = None,
) -> tuple[tuple[Scored, ...], tuple[NotScored, ...]]:
    drawn = register.draws
    asked, left = _asked(found, drawn, model, rules)
    rows = {index: row for index, (q, _, _) in enumerate(asked) if (row := register.row_for(q)) is not None}
    others = {index: ask for index, ask in enumerate(asked) if index not in rows}
    foretold: dict[int, tuple[Origin, Forecast]] = {}
    if drawn:
        foretold = _predicted(others, drawn, "draws")
    else:
        for index, (q, _, figure) in others.items():
            if (forecast := (kept or {}).get((figure.identifier, q.measure))) is not None:
                foretold[index] = "kept", forecast
        now = {index: ask for index, ask in others.items() if index not in foretold}
        if posterior and now:
            foretold |= _predicted(now, world_of(posterior), "now")
        elif not posterior:
            left += [NotScored(figure.identifier, figure.phrase, "no_posterior") for _, _, figure in now.values()]
    known = load_reports(model)
    fitted = {name for report in posterior.about["reports"] for name in report["figures"]} if posterior else set()
    # a forecast of a register knows what was printed by its own day, whatever has been fitted since
    then = [report for report in known if any(_was_known(report, f, register) for f in report.figures)]
    known_then = [f for report in then for f in report.figures if _was_known(report, f, register)]
    known_now = [f for report in known for f in report.figures if f.identifier in fitted]
    scored = []
    for index, (question, certainty, figure) in enumerate(asked):
        origin = "register" if index in rows else foretold[index][0] if index in foretold else None
        if origin is None:
            continue
        reading = question.report.alternatives[0].quantity.reading
        in_fit = is_among(figure, known_now if origin == "now" else known_then, reading)
        before = [report for report in (known if origin == "now" else then) if _earlier(report, question)]
        simple = naive_of(question, before)
        if index in rows:
            damped = Naive(None, None, None, ()) if register.has_damped_trend else simple
            scored.append(_from_register(question, rows[index], figure, certainty, in_fit, damped))
        else:
            told = scored_from(question, foretold[index][1], simple, figure, origin, certainty, in_fit)
            later = drawn is not None and not drawn.had(question.report.rule)
            scored.append(replace(told, by_later_rule=later))
    return counted_once(scored), tuple(left)


_Asked = tuple[Question, Certainty, Figure]


def _asked(
    found: FiguresFile, drawn: Frozen | None, model: Model, rules: Rules
) -> tuple[list[_Asked], list[NotScored]]:
    """What the figures of `found` ask, read as the register read them if it has draws, and what asks nothing."""
    left = [_unread(line) for line in found.unread]
    asked: list[_Asked] = []
    for reported in found.figures:
        figure = reported.figure
        if figure.role not in OUTCOMES or figure.bound == "forecast":
            left.append(NotScored(figure.identifier, figure.phrase, "not_an_outcome"))
            continue
        try:
            own = questions(figure, drawn, drawn.reading(rules)) if drawn else questions(figure, model, rules)
            is_known = bool(own) or bool(questions(figure, model, rules))
        except InputError as error:
            left.append(NotScored(figure.identifier, figure.phrase, "unread", error.sentence))
            continue
        if not own:
            printed = figure.value is not None or figure.growth_percent is not None
            reason: Reason = "not_foretold" if is_known else "no_rule" if printed else "no_number"
            left.append(NotScored(figure.identifier, figure.phrase, reason))
        asked += [(question, reported.certainty, figure) for question in own]
    return asked, left


def _predicted(asked: Mapping[int, _Asked], by: Foretelling, origin: Origin) -> dict[int, tuple[Origin, Forecast]]:
    said = predictions([question for question, _, _ in asked.values()], by)
    return {index: (origin, prediction.reported) for index, prediction in zip(asked, said, strict=True)}


def _was_known(report: Report, figure: Figure, register: Register) -> bool:
    if register.fitted is not None:
        return figure.identifier in register.fitted
    return report.available is None or report.available <= register.rows[0].data_until


def _earlier(report: Report, question: Question) -> bool:
    ends = [r.alternatives[0].quantity.end for r in (report, question.report)]
    return report.identifier != question.report.identifier and ends[0] <= ends[1]


def naive_of(question: Question, known: Sequence[Report]) -> Naive:
    """The naive forecasts of what is asked, in the figure's unit or as a ratio."""
    quantity, rule = question.report.alternatives[0].quantity, question.report.rule
    if question.measure != "level":
        return naive_ratio(quantity, rule, known)
    return naive(quantity, rule, known).times(question.report.display_factor)


def _named(simple: Naive) -> dict[NaiveName, float]:
    found: dict[NaiveName, float | None] = {
        "no_change": simple.no_change, "last_growth": simple.growth, "damped_trend": simple.damped,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _from_register(q: Question, row: Row, figure: Figure, certainty: Certainty, in_fit: bool, damped: Naive) -> Scored:
    """`damped` is what stands for a damped trend that the register has not frozen."""
    factor = row.factor_to(figure.unit) or 1.0
    simple = row.naive.times(factor)
    simple = simple if simple.damped is not None else replace(simple, damped=damped.damped)
    found = scored_from(q, row.reported.times(factor), simple, figure, "register", certainty, in_fit)
    return replace(found, register_row=row.identifier)


def scored_from(
    q: Question,
    forecast: Forecast,
    simple: Naive,
    figure: Figure,
    origin: Origin = "now",
    certainty: Certainty = "named",
    in_fit: bool = False,
) -> Scored:
    """The printed number of `q` beside `forecast` and the naive ones, all in the unit in which it is printed."""
    return Scored(
        figure=figure,
        measure=q.measure,
        quantity=q.report.alternatives[0].quantity,
        printed=q.printed,
        forecast=forecast,
        score=score(forecast, q.printed),
        naive=_named(simple),
        origin=origin,
        register_row="",
        certainty=certainty,
        in_fit=in_fit,
    )


def _unread(line: Unread) -> NotScored:
    return NotScored(line.identifier, line.phrase, "unread", line.sentence)
