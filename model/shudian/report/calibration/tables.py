"""The tables of the report's first half: what was learned, and each figure beside the model."""

from __future__ import annotations

from collections.abc import Mapping

from shudian.answers.calibration.article import Said
from shudian.answers.calibration.conflicts import DOUBTFUL, Conflict
from shudian.answers.calibration.learning import LEVELS, Learned
from shudian.answers.calibration.questions import Answer, chance
from shudian.answers.calibration.view import NO_POLICY, View
from shudian.calibrate.target import HISTORY
from shudian.evidence import load_vocabulary, source_of
from shudian.kinds import Figure, Label, Language
from shudian.observe.comparison import Comparison, Reading
from shudian.observe.words import printed_bounds
from shudian.report.calibration.columns import table_of
from shudian.report.document import Table
from shudian.report.render.cells import Cell, Chance, Interval, Printed, in_percent, interval, middle, shown
from shudian.report.words.captions import joined
from shudian.units import unit_label
from shudian.wording import say

_ROUNDING = 0.01


def target_table(view: View, language: Language) -> Table:
    """Each target under each definition: prior beside posterior, with the policy decided and without."""
    rows: list[tuple[Cell, ...]] = []
    without = {answer.question.key: answer for answer in view.asked(NO_POLICY)}
    for answer in view.asked(HISTORY):
        asked = answer.question
        if asked.threshold is None:
            continue
        definition = asked.definition.text(language) if asked.definition else ""
        chances = [
            Chance(chance(values, asked)) for values in (answer.prior, answer.posterior, without[asked.key].posterior)
        ]
        rows.append(
            (asked.label.text(language), definition, *chances, *_before_after(answer), unit_label(asked.unit, language))
        )
    columns = (
        "target", "definition", "chance_prior", "chance_posterior", "chance_no_policy",
        "prior_median", "prior_90", "posterior_median", "posterior_90", "unit",
    )  # fmt: skip
    title, note = say("calibration_table_targets", language), say("calibration_below_targets", language)
    return table_of(language, "targets", title, note, columns, tuple(rows))


def amount_table(view: View, language: Language) -> Table:
    """The amounts of the targets' year: prior beside posterior."""
    rows = tuple(
        (
            a.question.label.text(language),
            float(a.question.year),
            *_before_after(a),
            unit_label(a.question.unit, language),
        )
        for a in view.asked(HISTORY)
        if a.question.threshold is None
    )
    rows = tuple((row[0], f"{row[1]:z.0f}", *row[2:]) for row in rows)
    columns = ("quantity", "year", "prior_median", "prior_90", "posterior_median", "posterior_90", "unit")
    return table_of(language, "amounts", say("calibration_table_amounts", language), "", columns, rows)


def _before_after(answer: Answer) -> tuple[Cell, ...]:
    return middle(answer.prior), interval(answer.prior), middle(answer.posterior), interval(answer.posterior)


def fit_table(view: View, language: Language) -> Table:
    """Every report beside the model, in its own definition and unit."""
    words = load_vocabulary()
    rows = tuple(_fit_row(comparison, words, language) for comparison in view.comparisons)
    columns = (
        "figure", "what", "definition", "period", "phrase", "printed", "unit", "model_median", "model_50",
        "model_90", "predictive_90", "inside", "meaning", "faulty", "source",
    )  # fmt: skip
    loud = tuple(n for n, c in enumerate(view.comparisons) if c.faulty > DOUBTFUL or not c.inside())
    title, note = say("calibration_table_fit", language), say("calibration_below_fit", language)
    return table_of(language, "reports", title, note, columns, rows, loud)


def _fit_row(comparison: Comparison, words: Mapping[str, Mapping[str, Label]], language: Language) -> tuple[Cell, ...]:
    best = comparison.best
    figure = _speaking(comparison, best)
    level, ratio = best.level, comparison.report.rule.is_ratio
    return (
        joined([f.identifier for f in comparison.report.figures], language, "、", ", "),
        figure.label.text(language),
        definition_text(figure, words, language),
        period_text(best, language),
        phrase_text(figure),
        _printed(figure),
        unit_text(figure, ratio, language),
        middle(level),
        interval(level, 0.5),
        interval(level),
        interval(comparison.predictive),
        say("calibration_yes" if comparison.inside() else "calibration_no", language),
        Chance(best.weight) if len(comparison.readings) > 1 else None,
        Chance(comparison.faulty),
        source_text(figure, language),
    )


def _speaking(comparison: Comparison, reading: Reading) -> Figure:
    """Of several figures that are one report, the first whose words this meaning holds."""
    held = reading.alternative.figures
    return next((f for f in comparison.report.figures if f.identifier in held), comparison.figure)


def _printed(figure: Figure) -> Cell:
    bounds = printed_bounds(figure)
    return bounds if bounds is None or figure.value is None else printed_cell(bounds, figure.value)


def printed_cell(bounds: Interval, value: float) -> Cell:
    """What the words allow, or the number `value` itself where they allow no more than its rounding."""
    return bounds if bounds[1] - bounds[0] > _ROUNDING * value else Printed(value)


def definition_text(figure: Figure, words: Mapping[str, Mapping[str, Label]], language: Language) -> str:
    """The definition's name, or a dash where the figure has none."""
    label = words["definition"].get(figure.definition)
    return label.text(language) if label else "—"


def period_text(reading: Reading, language: Language) -> str:
    """The period of a meaning: `2025-01 to 2025-08`, one month, or the day itself."""
    start, end = reading.alternative.period
    if start == end:
        return end
    if start[:7] == end[:7]:
        return end[:7]
    return say("calibration_period", language, start=start[:7], end=end[:7])


def meaning_text(comparison: Comparison, reading: Reading, language: Language) -> str:
    """What tells this meaning of a report from its others: the period, the growth rate, the number."""
    meant, others = reading.alternative, [r.alternative for r in comparison.readings]
    parts = [period_text(reading, language)] if len({a.period for a in others}) > 1 else []
    if meant.growth is not None and len({a.growth for a in others}) > 1:
        parts.append(f"{100 * meant.growth.middle - 100:+z.1f}%")
    if meant.level is not None and len({a.level for a in others}) > 1:
        number = meant.level.middle * comparison.report.display_factor
        parts.append(f"{number:.4g}{unit_label(comparison.figure.unit, 'zh') if language == 'zh' else ''}")
    if meant.copied is not None:
        parts.append(say("calibration_copied", language))
    return " ".join(parts) or period_text(reading, language)


def phrase_text(figure: Figure) -> str:
    """The printed words, with the growth rate printed beside them."""
    return figure.phrase if figure.growth_percent is None else f"{figure.phrase}（{figure.growth_percent:+g}%）"


def source_text(figure: Figure, language: Language) -> str:
    """Who printed the figure, and when."""
    source = source_of(figure)
    assert source is not None
    title = source.title.text(language)
    return title if source.published in title else f"{title} {source.published}"


def article_table(view: View, language: Language) -> Table:
    """The origin article's own figures."""
    rows = tuple(_article_row(said, view, language) for said in view.article)
    columns = ("figure", "what", "phrase", "printed", "unit", "standing", "model_median", "model_90", "remark")
    title, note = say("calibration_table_article", language), say("calibration_below_article", language)
    return table_of(language, "article", title, note, columns, rows)


def _article_row(said: Said, view: View, language: Language) -> tuple[Cell, ...]:
    figure = said.figure
    value: Cell = None
    band: Cell = None
    remark = ""
    if said.draws is not None:
        value, band = middle(said.draws), interval(said.draws)
        remark = say("calibration_growth", language) if said.is_growth else _explained(said.comparison, language)
    elif said.scenario is not None:
        value = Printed(said.value) if said.value is not None else None
        lever = view.calibration.target.model.parameters[said.lever].label.text(language)
        remark = say("calibration_lever", language, lever=lever, scenario=said.scenario.text(language))
    else:
        remark = say("calibration_no_quantity", language)
    unit = unit_label(said.unit, language) if said.standing != "none" else (said.unit if language == "zh" else "")
    return (
        figure.identifier, figure.label.text(language), phrase_text(figure), Printed(said.printed), unit,
        say(f"calibration_standing_{said.standing}", language), value, band, remark,
    )  # fmt: skip


def _explained(comparison: Comparison | None, language: Language) -> str:
    """Which of several meanings the model's number is of, and why what was printed lies outside its interval."""
    if comparison is None or comparison.printed is None:
        return ""
    told = []
    if len(comparison.readings) > 1:
        meaning, weight = meaning_text(comparison, comparison.best, language), in_percent(comparison.best.weight)
        told.append(say("calibration_meant", language, meaning=meaning, weight=weight))
    low, high = interval(comparison.best.level)
    if comparison.printed[0] > high or comparison.printed[1] < low:
        key = "calibration_in_predictive" if comparison.inside() else "calibration_out_of_predictive"
        told.append(say(key, language, interval=shown(interval(comparison.predictive))))
        told.append(comparison.report.rule.note.text(language))
    return joined(told, language, "", " ")


def conflict_table(conflict: Conflict, language: Language) -> Table:
    """Every explanation of a conflict, with its posterior support."""
    words = load_vocabulary()
    rows: list[tuple[Cell, ...]] = []
    loud = []
    for comparison in conflict.reports:
        for reading in comparison.readings:
            if comparison.faulty > DOUBTFUL:
                loud.append(len(rows))
            rows.append(_explanation(comparison, reading, words, language))
    label = words["indicator"].get(conflict.family)
    what = label.text(language) if label else say("calibration_family_titles", language)
    place = words["geography"][conflict.place].text(language)
    columns = ("figure", "phrase", "definition", "reading", "unit", "model_median", "model_90", "meaning", "faulty")
    name = f"conflict_{conflict.place.replace('/', '_')}_{conflict.family}"
    title = say("calibration_table_conflict", language, what=what, place=place)
    return table_of(language, name, title, ratio_text(conflict, language), columns, tuple(rows), tuple(loud))


def _explanation(
    comparison: Comparison, reading: Reading, words: Mapping[str, Mapping[str, Label]], language: Language
) -> tuple[Cell, ...]:
    figure = _speaking(comparison, reading)
    return (
        joined(reading.alternative.figures, language, "、", ", "),
        phrase_text(figure),
        definition_text(figure, words, language),
        meaning_text(comparison, reading, language),
        unit_text(figure, comparison.report.rule.is_ratio, language),
        middle(reading.level),
        interval(reading.level),
        Chance(reading.weight) if len(comparison.readings) > 1 else None,
        Chance(comparison.faulty),
    )


def ratio_text(conflict: Conflict, language: Language) -> str:
    """What the ratio parameters have become, and what is known of a definition that only one report has."""
    parts = [ratio_words(ratio, language) for ratio in conflict.ratios]
    notes = dict.fromkeys(c.report.rule.note for c in conflict.reports if c.report.rule.note.zh)
    grouped = dict.fromkeys(c.report.note for c in conflict.reports if c.report.note)
    parts += [note.text(language) for note in (*notes, *grouped) if note]
    return " ".join(parts)


def ratio_words(ratio: Learned, language: Language) -> str:
    """One ratio parameter before and after."""
    low, mid, high = (f"{ratio.posterior[LEVELS.index(level)]:z.2f}" for level in (0.05, 0.5, 0.95))
    before = [f"{ratio.prior[LEVELS.index(level)]:z.2f}" for level in (0.5, 0.05, 0.95)]
    return say(
        "calibration_ratio", language, name=ratio.parameter.label.text(language),
        meaning=ratio.parameter.meaning.text(language).rstrip("。."), median=mid, low=low, high=high,
        prior=before[0], prior_low=before[1], prior_high=before[2],
    )  # fmt: skip


def unit_text(figure: Figure, is_ratio: bool, language: Language) -> str:
    """The unit of a figure in the reader's language; a pure ratio is `倍` or `times`."""
    return say("calibration_times", language) if is_ratio else unit_label(figure.unit, language)
