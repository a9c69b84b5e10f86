"""What leaving reports out tells, in words and tables: how each is foretold, and which structure foretells better."""

from __future__ import annotations

from collections.abc import Iterator

from shudian.analysis.stacking import SMALL
from shudian.answers.calibration.by_form import LEAST, Averaged, FormWeights
from shudian.answers.calibration.foretold import Coverage, Foretelling, Standing, coverage, families, uniformity
from shudian.answers.calibration.view import View
from shudian.calibrate.leave_one_out import LEAST_EFFECTIVE, WORST_SHAPE
from shudian.calibrate.target import HISTORY
from shudian.kinds import Language
from shudian.report.calibration.columns import table_of
from shudian.report.calibration.tables import phrase_text
from shudian.report.document import Table
from shudian.report.render.cells import Cell, Chance, Signed, in_percent
from shudian.report.words.captions import amount, joined, within
from shudian.wording import say, short

_UNEVEN = 0.05


def foretold_text(view: View, language: Language) -> tuple[str, ...]:
    """How many printed numbers the other reports foretell, and how that was computed."""
    if not view.foretold:
        return (say("calibration_foretold_none", language),)
    every, chance = coverage(view.foretold), uniformity(view.foretold)
    ends = {share: every.expected(share / 100) for share in (50, 90)}
    judged = say(
        "calibration_foretold_uneven" if chance < _UNEVEN else "calibration_foretold_uniform",
        language,
        chance=in_percent(chance),
    )
    found = say(
        "calibration_foretold_finding", language, numbers=every.numbers, reports=every.reports,
        inside_50=f"{every.inside_50:.3g}", inside_90=f"{every.inside_90:.3g}", low_50=ends[50][0], high_50=ends[50][1],
        low_90=ends[90][0], high_90=ends[90][1], total=f"{every.log_density:z.1f}", error=f"{view.foretold_error:z.1f}",
        judged=judged,
    )  # fmt: skip
    refits = sum(one.refitted for one in view.foretold)
    draws = view.calibration.uncertain.shape[1]
    how = say(
        "calibration_foretold_how" if refits else "calibration_foretold_weighted", language, refits=refits,
        weighted=len(view.foretold) - refits, shape=WORST_SHAPE, least=f"{LEAST_EFFECTIVE * draws:z,.0f}",
    )  # fmt: skip
    return found.strip(), how


def foretold_table(view: View, language: Language) -> Table:
    """Each printed number, the worst foretold report first."""
    rows: list[tuple[Cell, ...]] = []
    loud = []
    for one in sorted(view.foretold, key=lambda one: one.log_density):
        for place, standing in enumerate(one.standings):
            if not standing.inside_90:
                loud.append(len(rows))
            rows.append(_foretold_row(one, standing, place == 0, language))
    columns = (
        "figure", "what", "phrase", "log_density", "error", "place", "place_error", "inside_50", "inside_90", "how",
        "shape",
    )  # fmt: skip
    title = say("calibration_table_foretold", language)
    note = say("calibration_below_foretold", language, shape=WORST_SHAPE)
    return table_of(language, "foretold", title, note, columns, tuple(rows), tuple(loud))


def _foretold_row(one: Foretelling, standing: Standing, first: bool, language: Language) -> tuple[Cell, ...]:
    figure = one.report.figures[0]
    what = figure.label.text(language)
    if standing.measure != "level" and not one.report.rule.is_ratio:
        what = say("calibration_prior_growth", language, what=what)
    return (
        one.report.identifier,
        what,
        phrase_text(figure),
        one.log_density if first else None,
        one.error if first else None,
        standing.transform,
        standing.error,
        standing.inside_50,
        standing.inside_90,
        say("calibration_how_refit" if one.refitted else "calibration_how_weights", language),
        one.shape if one.shape > -float("inf") else None,
    )


def family_table(view: View, language: Language) -> Table:
    """Coverage and places by family of indicators, and of all."""
    rows = tuple(_family_row(entry, language) for entry in (*families(view.foretold), coverage(view.foretold)))
    columns = (
        "family", "reports", "numbers", "log_density", "inside_50", "chance_50", "inside_90", "chance_90", "below_5",
        "above_95",
    )  # fmt: skip
    title, note = say("calibration_table_families", language), say("calibration_below_families", language)
    return table_of(language, "foretold_families", title, note, columns, rows)


def _family_row(entry: Coverage, language: Language) -> tuple[Cell, ...]:
    (low_50, high_50), (low_90, high_90) = entry.expected(0.5), entry.expected(0.9)
    return (
        say(f"score_family_{entry.family}" if entry.family else "calibration_foretold_all", language),
        entry.reports, entry.numbers, entry.log_density, entry.inside_50,
        (float(low_50), float(high_50)), entry.inside_90, (float(low_90), float(high_90)), entry.below, entry.above,
    )  # fmt: skip


def form_text(view: View, language: Language) -> tuple[str, ...]:
    """Which forms foretelling tells apart, and how the market target's chance hangs on form and weights."""
    if not view.forms:
        return (say("calibration_foretold_none", language),)
    told = [
        say(f"calibration_forms_{key}", language, all=len(view.forms), names=_names(chosen, language))
        for key, chosen in (("told", _saying(view, "apart")), ("lean", _saying(view, "lean")))
        if chosen
    ]
    nothing = _saying(view, "nothing")
    if told and nothing:
        told.append(say("calibration_forms_rest", language, count=len(nothing)))
    elif nothing:
        told.append(say("calibration_forms_nothing", language, all=len(nothing)))
    if few := [one for one in view.forms if one.stacked is None]:
        listed = joined([one.form.label.text(language) for one in few], language, "、", ", ")
        told.append(say("calibration_forms_few", language, names=listed))
    return joined(told, language, "", " "), *_chances(view, language)


def _saying(view: View, told: str) -> list[FormWeights]:
    return [one for one in view.forms if one.stacked is not None and one.stacked.told == told]


def _names(chosen: list[FormWeights], language: Language) -> str:
    names = []
    for one in chosen:
        assert one.stacked is not None
        end = one.form.when_nil if one.stacked.difference > 0 else one.form.otherwise
        names.append(
            say(
                "calibration_forms_name", language, form=one.form.label.text(language), end=end.text(language),
                difference=f"{abs(one.stacked.difference):z.1f}",
                error=f"{(one.stacked.error**2 + one.stacked.noise**2) ** 0.5:z.1f}",
            )
        )  # fmt: skip
    return joined(names, language, "、", ", ")


def _chances(view: View, language: Language) -> Iterator[str]:
    """Of the first target under each definition, a sentence."""
    asked = [a.question for a in view.asked(HISTORY) if a.question.threshold is not None]
    for question in [q for q in asked if q.key.split("/")[0] == asked[0].key.split("/")[0]]:
        every = [(one.form, a) for one in view.forms for a in one.answers if a.question.key == question.key]
        mixed = [a.stacking for _, a in every if a.stacking is not None]
        ends = [
            (value, label.text(language))
            for form, a in every
            for value, label in ((a.nil, form.when_nil), (a.otherwise, form.otherwise))
            if value is not None
        ]
        if not mixed or not ends:
            continue
        (least, least_if), (most, most_if) = min(ends), max(ends)
        assert question.threshold is not None
        assert question.definition is not None
        yield say(
            "calibration_forms_chances", language, goal=amount(question.threshold, question.unit, language),
            year=question.year, definition=within(short(question.definition.text(language)), language),
            posterior=in_percent(every[0][1].posterior), low=in_percent(min(mixed)), high=in_percent(max(mixed)),
            least=in_percent(least), least_if=least_if, most=in_percent(most), most_if=most_if,
        )  # fmt: skip


def form_table(view: View, language: Language) -> Table:
    """Each contested form's weights and what foretelling says of it, the greatest difference first."""
    entries = sorted(view.forms, key=lambda one: -abs(one.stacked.difference) if one.stacked else 0.0)
    rows = tuple(_form_row(one, language) for one in entries)
    columns = (
        "form", "if", "weight_prior", "weight_posterior", "weight_error", "weight_stacking", "weight_90", "difference",
        "error_reports", "error_sampling", "told",
    )  # fmt: skip
    title, note = say("calibration_table_forms", language), say("calibration_below_forms", language, small=f"{SMALL:g}")
    return table_of(language, "structure_weights", title, note, columns, rows)


def _form_row(one: FormWeights, language: Language) -> tuple[Cell, ...]:
    found = one.stacked
    said: tuple[Cell, ...] = (None, None, None, None, None, say("calibration_told_few", language))
    if found is not None:
        said = (
            Chance(found.weight), found.interval, Signed(found.difference), found.error, found.noise,
            say(f"calibration_told_{found.told}", language),
        )  # fmt: skip
    weights = Chance(one.form.prior_nil), Chance(one.posterior_nil), 100 * one.error
    return (one.form.label.text(language), one.form.when_nil.text(language), *weights, *said)


def form_answer_table(view: View, language: Language) -> Table:
    """The chance of each target under each form, and averaged."""
    rows = tuple(_answer_row(one, answer, language) for one in view.forms for answer in one.answers)
    columns = (
        "form", "if", "target", "definition", "chance_nil", "chance_otherwise", "average_posterior",
        "average_stacking", "average_low", "average_high",
    )  # fmt: skip
    title = say("calibration_table_form_answers", language)
    note = say("calibration_below_form_answers", language, least=LEAST)
    return table_of(language, "structure_answers", title, note, columns, rows)


def _answer_row(one: FormWeights, answer: Averaged, language: Language) -> tuple[Cell, ...]:
    question = answer.question
    ends = answer.interval or (None, None)
    chances = (answer.nil, answer.otherwise, answer.posterior, answer.stacking, *ends)
    return (
        one.form.label.text(language),
        one.form.when_nil.text(language),
        question.label.text(language),
        question.definition.text(language) if question.definition else "",
        *(None if value is None else Chance(value) for value in chances),
    )
