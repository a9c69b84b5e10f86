"""The tables of the report's second half: parameters, correlations, refits, diagnostics, what was left out, changes."""

from __future__ import annotations

import numpy as np

from shudian.answers.calibration.change import Change
from shudian.answers.calibration.learning import LEVELS, Learned
from shudian.answers.calibration.power import FEWEST, Scaled
from shudian.answers.calibration.tension import THRESHOLD
from shudian.answers.calibration.view import REACHED, View
from shudian.calibrate.batch_error import BatchErrors
from shudian.calibrate.target import HISTORY
from shudian.kinds import Language
from shudian.report.calibration.columns import table_of
from shudian.report.calibration.tables import phrase_text, source_text
from shudian.report.document import Table
from shudian.report.render.cells import Cell, Chance, Printed, Signed
from shudian.units import unit_label
from shudian.wording import say

LOW, MIDDLE, HIGH = (LEVELS.index(level) for level in (0.05, 0.5, 0.95))


def parameter_table(view: View, language: Language) -> Table:
    """Prior against posterior for every parameter, the one that learned most first."""
    rows = tuple(
        (
            entry.parameter.name,
            entry.parameter.label.text(language),
            say(f"sector_{entry.parameter.sector}", language),
            unit_label(entry.parameter.display_unit, language),
            float(entry.prior[MIDDLE]),
            (float(entry.prior[LOW]), float(entry.prior[HIGH])),
            float(entry.posterior[MIDDLE]),
            (float(entry.posterior[LOW]), float(entry.posterior[HIGH])),
            Chance(max(entry.share, 0.0)),
            Signed(entry.shift),
            say(f"calibration_learning_{_learning(entry)}", language),
        )
        for entry in view.learned
    )
    columns = (
        "parameter", "what", "sector", "unit", "prior_median", "prior_90", "posterior_median",
        "posterior_90", "share", "shift", "learning",
    )  # fmt: skip
    title, note = say("calibration_table_parameters", language), say("calibration_below_parameters", language)
    return table_of(language, "parameters", title, note, columns, rows)


def _learning(entry: Learned) -> str:
    if not entry.reached:
        return "unreached"
    return "kept" if entry.kept else "learned"


def pair_table(view: View, language: Language) -> Table:
    """The strongest posterior correlations."""
    rows = tuple(
        (pair.first.label.text(language), pair.second.label.text(language), Signed(pair.correlation))
        for pair in view.pairs
    )
    columns = ("first", "second", "correlation")
    title, note = say("calibration_table_pairs", language), say("calibration_below_pairs", language)
    return table_of(language, "correlations", title, note, columns, rows)


def move_table(view: View, language: Language) -> Table:
    """Which figure moves which outcome."""
    figures = {c.report.identifier: c.figure for c in view.comparisons}
    rows: list[tuple[Cell, ...]] = []
    for move in sorted(view.moves, key=lambda m: -abs(m.median) / max(m.median_error, 1e-12)):
        question = move.question
        what = question.label.text(language)
        if question.definition is not None:
            what = f"{what} · {question.definition.text(language)}"
        figure = figures.get(move.report)
        rows.append(
            (
                move.report,
                phrase_text(figure) if figure else "",
                what,
                float(move.median),
                float(move.median_error),
                unit_label(question.unit, language),
                None if move.chance is None else Chance(move.chance, signed=True),
                None if move.chance_error is None else 100 * move.chance_error,
                say("calibration_yes" if move.told else "calibration_no", language),
                say("calibration_how_refit" if move.refitted else "calibration_how_weights", language),
            )
        )
    columns = (
        "figure", "phrase", "outcome", "shift_median", "error", "unit", "shift_chance", "error_points",
        "beyond_noise", "how",
    )  # fmt: skip
    title, note = say("calibration_table_moves", language), say("calibration_below_moves", language)
    return table_of(language, "leave_one_out", title, note, columns, tuple(rows))


def power_table(view: View, language: Language) -> Table:
    """What each group of priors and reports does to the chances, the greatest first."""

    def most(entry: Scaled) -> float:
        return max((abs(shift) for shift in entry.shifts if shift is not None), default=0.0)

    rows = []
    for entry in sorted(view.scaled, key=most, reverse=True):
        question = entry.answer.question
        definition = f" · {question.definition.text(language)}" if question.definition else ""
        less, more = (None if shift is None else Chance(shift, signed=True) for shift in entry.shifts)
        rows.append(
            (
                group_text(entry, language),
                question.label.text(language) + definition,
                less,
                more,
                round(entry.effective),
            )
        )
    title = say("calibration_table_power", language)
    note = say("calibration_below_power", language, least=FEWEST)
    return table_of(
        language, "power_scaling", title, note, ("group", "outcome", "less", "more", "effective"), tuple(rows)
    )


def group_text(entry: Scaled, language: Language) -> str:
    """What is trusted less or more: `priors of the national market`, `reports of grade B`."""
    group = say(f"sector_{entry.group}", language) if entry.kind == "priors" else entry.group
    return say(f"calibration_power_{entry.kind}", language, group=group)


def tension_table(view: View, language: Language) -> Table:
    """Prior against figures, parameter by parameter, possible conflicts first."""
    rows = tuple(
        (
            t.learned.parameter.name,
            t.learned.parameter.label.text(language),
            Signed(t.learned.shift),
            Chance(max(t.learned.share, 0.0)),
            t.prior,
            t.likelihood,
            say(f"calibration_diagnosis_{t.diagnosis}", language),
        )
        for t in view.tensions
    )
    columns = ("parameter", "what", "shift", "share", "prior_sensitivity", "figure_sensitivity", "diagnosis")
    loud = tuple(number for number, t in enumerate(view.tensions) if t.diagnosis == "conflict")
    least = max((t.least for t in view.tensions), default=THRESHOLD)
    note = say("calibration_below_tension", language, threshold=THRESHOLD, least=f"{least:z.2f}")
    return table_of(
        language, "prior_against_figures", say("calibration_table_tension", language), note, columns, rows, loud
    )


def diagnostics_table(view: View, language: Language) -> Table:
    """R-hat, effective numbers of draws and the errors of the mean, the worst R-hat first."""
    d, errors = view.calibration.diagnostics, view.batch_errors
    labels = {entry.parameter.name: entry.parameter.label.text(language) for entry in view.learned}
    order = [int(k) for k in np.argsort(-d.rhat)]
    rows = tuple(
        (
            d.names[k],
            labels.get(d.names[k], say("calibration_log_likelihood", language)),
            f"{d.rhat[k]:z.4f}",
            float(round(d.bulk[k])),
            float(round(d.tail[k])),
            *_errors(errors, k, language),
        )
        for k in order
    )
    columns = ("parameter", "what", "rhat", "bulk", "tail", *_ERRORS)
    title, note = say("calibration_table_diagnostics", language), say("calibration_below_diagnostics", language)
    loud = tuple(number for number, k in enumerate(order) if errors.flagged[k])
    return table_of(language, "diagnostics", title, note, columns, rows, loud)


def answer_error_table(view: View, language: Language) -> Table:
    """The sampling error of every answer under the policy that was decided: of its mean, and of the chance."""
    errors, rows = view.answer_errors, []
    asked = {answer.question.key: answer for answer in view.asked(HISTORY)}
    for k, name in enumerate(errors.names):
        question = asked[name.removesuffix(REACHED)].question
        reached = name.endswith(REACHED)
        definition = f" · {question.definition.text(language)}" if question.definition else ""
        what = say("calibration_answer_chance" if reached else "calibration_answer_mean", language)
        unit = say("calibration_points", language) if reached else unit_label(question.unit, language)
        rows.append(
            (
                question.label.text(language) + definition,
                what,
                unit,
                *_errors(errors, k, language, 100 if reached else 1),
            )
        )
    columns = ("outcome", "quantity", "unit", *_ERRORS)
    loud = tuple(np.flatnonzero(errors.flagged).tolist())
    return table_of(
        language, "answer_errors", say("calibration_table_answer_errors", language), "", columns, tuple(rows), loud
    )


_ERRORS = ("error_batches", "error_draws", "ratio", "beyond_chance")


def _errors(errors: BatchErrors, k: int, language: Language, times: float = 1.0) -> tuple[Cell, ...]:
    beyond = say("calibration_yes" if errors.flagged[k] else "calibration_no", language)
    return times * float(errors.between[k]), times * float(errors.by_draws[k]), float(errors.ratios[k]), beyond


def batch_table(view: View, language: Language) -> Table:
    """The log evidence of each batch."""
    rows = tuple((f"{k + 1}", Printed(round(float(value), 2))) for k, value in enumerate(view.calibration.log_evidence))
    title, note = say("calibration_table_batches", language), say("calibration_below_batches", language)
    return table_of(language, "batches", title, note, ("batch", "log_evidence"), rows)


def excluded_table(view: View, language: Language) -> Table:
    """Figures of role calibration that are left out, and why."""
    rows = tuple(
        (figure.identifier, figure.label.text(language), phrase_text(figure), source_text(figure, language),
         reason.text(language))
        for figure, reason in view.excluded
    )  # fmt: skip
    columns = ("figure", "what", "phrase", "source", "reason")
    return table_of(language, "left_out", say("calibration_table_excluded", language), "", columns, rows)


def verdict_change_table(change: Change, view: View, language: Language) -> Table:
    """Every verdict before and after."""
    asked = {answer.question.key: answer.question for answer in view.answers}
    rows: list[tuple[Cell, ...]] = []
    for turned in change.turned:
        question = asked[turned.key]
        rows.append(
            (
                question.label.text(language),
                question.definition.text(language) if question.definition else "",
                Chance(turned.before),
                Chance(turned.after),
                Chance(turned.after - turned.before, signed=True),
                say("calibration_yes" if turned.real else "calibration_no", language),
                *turned.medians,
                unit_label(question.unit, language),
            )
        )
    columns = (
        "target", "definition", "chance_before", "chance_after", "change_points", "beyond_noise",
        "median_before", "median_after", "unit",
    )  # fmt: skip
    return table_of(language, "changed_verdicts", say("calibration_table_turned", language), "", columns, tuple(rows))


def moved_table(change: Change, language: Language, count: int = 10) -> Table:
    """The parameters whose median moved most against the posterior before."""
    rows = tuple(
        (
            moved.parameter.label.text(language),
            moved.parameter.name,
            moved.before,
            moved.after,
            unit_label(moved.parameter.display_unit, language),
            Signed(moved.by),
        )
        for moved in change.moved[:count]
    )
    columns = ("what", "parameter", "median_before", "median_after", "unit", "moved_by")
    return table_of(language, "changed_parameters", say("calibration_table_moved", language), "", columns, rows)
