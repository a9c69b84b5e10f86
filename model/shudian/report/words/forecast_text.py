"""Forecasts and their scores as tables for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import StringIO

from rich.console import Console

from shudian.evidence import load_vocabulary
from shudian.forecasts.backtest import NOTE, Backtest
from shudian.forecasts.register import TYPICAL, Register, Row, draws_of
from shudian.forecasts.scored import NAIVES, Against, NaiveName, Scored, Summary, families_of, summary_of
from shudian.forecasts.scoring import NotScored, Scores
from shudian.kinds import Language
from shudian.messages import in_language
from shudian.observe.rows import Measure
from shudian.parameters import HOME
from shudian.report.document import Table
from shudian.report.render.numbers import significant
from shudian.report.render.terminal import render
from shudian.report.words.captions import places
from shudian.units import conversion, reader_unit, unit_label
from shudian.wording import say, wrap

COLUMNS = 120
"""Where no terminal says how wide it is."""
_COUNT = "1"
_ORIGINS = (("register", "registered"), ("draws", "drawn"), ("kept", "kept"), ("now", "computed"))
"""Where a forecast comes from -> the title of its table."""


def register_text(register: Register, language: Language, columns: int = COLUMNS) -> str:
    """The predictions of a register, in lines of at most `columns`: levels first, then growth rates."""
    name = _names(language)
    parts = []
    for measure in ("level", "ratio_to_year_before"):
        rows = [row for row in register.rows if row.measure == measure]
        table = Table(
            title=say(f"forecast_table_{measure}", language, made=register.made),
            head=tuple(
                say(f"forecast_column_{key}", language) for key in ("what", "period", "median", "50", "90", "model")
            ),
            rows=tuple(_register_cells(row, name, language) for row in rows),
        )
        parts.append(_as_text(table, columns))
    first = register.rows[0]
    _, model, inputs, made, until, grade = first.origin
    below = [
        say("forecast_below_typical", language)
        if grade == TYPICAL
        else say("forecast_below_reported", language, grade=grade),
        say("forecast_below_origin", language, made=made, until=until, model=model[:8], inputs=inputs[:8]),
        say("forecast_below_error", language, error=f"{max(row.crps_error for row in register.rows):z.3f}"),
        say("forecast_below_file", language, path=register.path),
    ]
    if (draws := register.draws) is not None:
        told = {name: str(draws.about[name]) for name in ("draws", "of_draws")}
        below.append(say("forecast_below_draws", language, **told, file=draws_of(register.path).name))
    return "\n".join([*parts, *(wrap(line, columns) for line in below)])


def scores_text(scores: Scores, language: Language, columns: int = COLUMNS) -> str:
    """Every figure beside its forecast, the summary, and what could not be compared, `columns` wide."""
    tables, parts = [_as_text(table, columns) for table in scored_tables(scores, language)], []
    counted = [row for row in scores.rows if row.counts]
    for key, part in told_apart(scores, counted).items():
        if part:
            lines = [say(f"score_summary_{key}", language), *_indented(summary_of(part), language)]
            parts += [wrap(line, columns) for line in lines]
            parts += [""] if key == "known" else ["", _as_text(_family_table(part, language), columns)]
    if not counted:
        parts.append(say("score_nothing", language))
    below = [say(f"score_below_{key}", language) for key in ("shares", "once", "naive", "skill")]
    if scores.left:
        below.append("\n" + say("score_left", language))
        below += [f"· {line}" for line in left_lines(scores.left, language)]
    if scores.ignored_columns:
        below.append(say("score_ignored", language, columns=", ".join(scores.ignored_columns)))
    return "\n".join([*tables, *parts, *(wrap(part, columns) for part in below)])


def scored_tables(scores: Scores, language: Language) -> list[Table]:
    """Every figure beside its forecast, in a table for each origin of forecasts."""
    tables = []
    for origin, key in _ORIGINS:
        rows = [row for row in scores.rows if row.origin == origin]
        if rows:
            first = scores.register.rows[0]
            posterior = scores.posterior_made if origin == "now" else first.posterior_made
            title = say(f"score_table_{key}", language, made=scores.register.made, posterior=posterior)
            tables.append(_scored_table(rows, title, language))
    return tables


def told_apart(scores: Scores, counted: Sequence[Scored]) -> dict[str, list[Scored]]:
    """What is no forecast of ours, because the model was changed with the figure in the seeds, has its own summary."""
    known = [row for row in counted if scores.from_seeds and row.origin == "now"]
    told = [row for row in counted if row not in known]
    return {
        "named": [row for row in told if row.certainty == "named"],
        "read": [row for row in told if row.certainty == "read"],
        "known": known,
    }


def backtest_text(result: Backtest, language: Language, columns: int = COLUMNS) -> str:
    """The rows of a backtest and its summaries, `columns` wide."""
    title = say("backtest_table", language, cut_off=result.cut_off, reports=len(result.reports))
    table, parts = _as_text(_scored_table(result.rows, title, language), columns), []
    for name, summary in result.summaries().items():
        if summary:
            parts += [say(f"backtest_{name}", language), *_indented(summary, language)]
    parts += [NOTE.text(language), say("score_below_shares", language)]
    if result.undated:
        parts.append(say("backtest_undated", language, figures=", ".join(result.undated)))
    if result.foretold:
        parts.append(say("backtest_foretold", language, figures=", ".join(result.foretold)))
    return "\n".join([table, *(wrap(part, columns) for part in parts)])


def _scored_table(rows: Sequence[Scored], title: str, language: Language) -> Table:
    keys = ("figure", "printed", "forecast", "50", "90", "pit", "crps", "log_score", *NAIVES)
    name = _names(language)
    return Table(
        title=title,
        head=tuple(say(f"score_column_{key}", language) for key in keys),
        rows=tuple(_scored_cells(row, name, language) for row in rows),
    )


def _register_cells(row: Row, name: Callable[..., str], language: Language) -> tuple[str, ...]:
    def shown(*values: float) -> str:
        return _shown(row.measure, row.unit, language, *values)

    low, _, median, _, high = row.model
    what, unit = name(row.geography, row.indicator, row.definition), _unit(row.unit, language)
    return (
        what if row.unit == _COUNT else f"{what}, {unit}" if language == "en" else f"{what}，{unit}",
        _period(row.period_start, row.period_end),
        shown(row.reported.median),
        shown(*row.reported.interval(0.5)),
        shown(*row.reported.interval(0.9)),
        f"{shown(median)} [{shown(low, high)}]",
    )


def _scored_cells(row: Scored, name: Callable[..., str], language: Language) -> tuple[str, ...]:
    figure, score = row.figure, row.score
    remarks = []
    if row.in_fit:
        remarks.append(say("score_in_fit", language))
    if row.repeats:
        which = "measure" if row.repeats == row.figure.identifier else "repeat"
        remarks.append(say(f"score_{which}", language, **({} if which == "measure" else {"figure": row.repeats})))
    if row.far:
        remarks.append(say("score_far", language))
    if row.by_later_rule:
        remarks.append(say("score_later_rule", language))
    if row.certainty != "named":
        remarks.append(say(f"score_{row.certainty}", language))
    what = name(figure.geography, figure.indicator.removesuffix("_growth"), figure.definition)
    period = _period(figure.period_start, figure.period_end)
    unit = "" if row.measure != "level" or figure.unit == _COUNT else f" {_unit(figure.unit, language)}"
    marks = f"（{'；'.join(remarks)}）" if language == "zh" else f" ({'; '.join(remarks)})"
    low, high = row.forecast.interval(0.9)

    def shown(*values: float) -> str:
        return _shown(row.measure, figure.unit, language, *values)

    return (
        f"{figure.identifier} {what} {period}{marks if remarks else ''}",
        f"{_printed(row, language)}{unit}",
        f"{shown(row.forecast.median)} [{shown(low, high)}]",
        _inside(score.inside_50, language),
        _inside(score.inside_90, language),
        f"{score.pit:z.2f}",
        _error(score.crps),
        _error(row.log_score),
        *(_naive(row, which, language) for which in NAIVES),
    )


def _naive(row: Scored, which: NaiveName, language: Language) -> str:
    value = row.naive.get(which)
    if value is None:
        return "—"
    return f"{_shown(row.measure, row.figure.unit, language, value)} ({_error(row.naive_error(which))})"


def _error(value: float | None) -> str:
    return "—" if value is None else f"{value:z.3f}".replace("-", "−")


def _family_table(rows: Sequence[Scored], language: Language) -> Table:
    """Scores and skills of the city and the rest, and of each family of indicators."""
    places = {
        "city": [row for row in rows if row.figure.geography == HOME],
        "elsewhere": [row for row in rows if row.figure.geography != HOME],
    }
    parts = {name: found for name, part in places.items() if (found := summary_of(part)) is not None}
    parts |= {f"family_{name}": summary for name, summary in families_of(rows).items()}
    keys = ("numbers", "50", "90", "crps", "log_score")
    return Table(
        title=say("score_table_families", language),
        head=(
            say("score_column_family", language),
            *(say(f"score_column_{key}", language) for key in keys),
            *(say(f"score_column_skill_{which}", language) for which in NAIVES),
        ),
        rows=tuple((say(f"score_{name}", language), *_family_cells(summary)) for name, summary in parts.items()),
    )


def _family_cells(summary: Summary) -> tuple[str, ...]:
    return (
        str(summary.figures), f"{summary.inside_50:z.1f}", f"{summary.inside_90:z.1f}", _error(summary.crps),
        _error(summary.log_score), *(_skill(summary.against.get(which)) for which in NAIVES),
    )  # fmt: skip


def _skill(against: Against | None) -> str:
    if against is None or against.skill is None:
        return "—"
    return f"{against.skill:+z.2f} ({against.figures})".replace("-", "−")


def _printed(row: Scored, language: Language) -> str:
    figure = row.figure
    scale = _scale(figure.unit, language) if row.measure == "level" else 1.0
    if row.measure == "level" and figure.bound not in ("bin", "interval", "at_least", "at_most"):
        assert figure.value is not None
        return f"{figure.value * scale:,.6g}"
    if row.measure != "level":
        low, high = row.printed
        return _shown(row.measure, figure.unit, language, (low * high) ** 0.5)
    low, high = (end * scale for end in row.printed)
    if high == float("inf"):
        return f"≥{low:,.6g}"
    if low == high:
        return f"{low:,.6g}"
    return f"{low:,.6g}–{high:,.6g}" if low > 0 else f"≤{high:,.6g}"


def summary_lines(summary: Summary | None, language: Language) -> list[str]:
    """Coverage, mean scores, what naive forecasts do, and by how much intervals were too narrow; none of nothing."""
    if summary is None:
        return []
    count = summary.figures
    inside = [f"{summary.inside_50:z.1f}", f"{summary.inside_90:z.1f}"]
    wanted = [f"{share * count:z.1f}" for share in (0.5, 0.9)]
    lines = [
        say("score_coverage", language, count=count, fifty=inside[0], ninety=inside[1], want_fifty=wanted[0],
            want_ninety=wanted[1]),
        say("score_mean", language, crps=_error(summary.crps), error=_error(summary.median_error),
            log_score=_error(summary.log_score)),
        *(_against_line(which, summary.against.get(which), language) for which in NAIVES),
    ]  # fmt: skip
    if summary.widening is not None:
        lines.append(say("score_widening", language, count=count, factor=f"{summary.widening:.2g}"))
    return lines


def _indented(summary: Summary | None, language: Language) -> list[str]:
    return [f"  {line}" for line in summary_lines(summary, language)]


def _against_line(which: NaiveName, against: Against | None, language: Language) -> str:
    name = say(f"score_column_{which}", language).replace("\n", "")
    if against is None:
        return say("score_no_naive", language, which=name)
    return say(
        "score_against", language, which=name, count=against.figures, naive=f"{against.naive:z.3f}",
        crps=f"{against.crps:z.3f}", error=f"{against.median_error:z.3f}",
        skill="—" if against.skill is None else f"{against.skill:+z.2f}".replace("-", "−"),
    )  # fmt: skip


def left_lines(left: Sequence[NotScored], language: Language) -> list[str]:
    """What could not be compared, and why: a line for each figure, but one for all that have one reason."""
    colon, comma = ("：", "、") if language == "zh" else (": ", ", ")
    lines = []
    together: dict[str, list[str]] = {}
    for entry in left:
        if entry.why:
            together.setdefault(entry.why.text(language), []).append(entry.identifier)
            continue
        reason = in_language(entry.sentence, language) if entry.sentence else say(f"score_{entry.reason}", language)
        lines.append(f"{f'{entry.identifier} {entry.phrase}'.strip()}{colon}{reason}")
    return [*lines, *(f"{comma.join(names)}{colon}{why}" for why, names in together.items())]


def _names(language: Language) -> Callable[[str, str, str], str]:
    words = load_vocabulary()

    def name(geography: str, indicator: str, definition: str) -> str:
        place, what, how = (
            words[column][word].text(language) if word in words[column] else word
            for column, word in (("geography", geography), ("indicator", indicator), ("definition", definition))
        )
        if language == "zh":
            return f"{place}{what}（{how}）" if how else f"{place}{what}"
        return f"{place}: {what} ({how})" if how else f"{place}: {what}"

    return name


def _shown(measure: Measure, unit: str, language: Language, *values: float) -> str:
    if measure == "level":
        scale = _scale(unit, language)
        return "–".join(significant(value * scale, places(unit, language)) for value in values)
    return "–".join(f"{(value - 1) * 100:+z.0f}%".replace("-", "−") for value in values)


def _scale(unit: str, language: Language) -> float:
    """How many of the reader's units one `unit` is: figures are printed in 亿元, which no English reader counts in."""
    return conversion(unit, reader_unit(unit, language))


def _unit(unit: str, language: Language) -> str:
    return unit_label(reader_unit(unit, language), language)


def _period(start: str, end: str) -> str:
    if start[4:] == "-01-01" and end == f"{start[:4]}-12-31":
        return start[:4]
    return end if start in ("", end) else f"{start} – {end}" if end else start


def _inside(share: float, language: Language) -> str:
    if share in (0.0, 1.0):
        return say("cell_inside" if share else "cell_outside", language)
    return f"{share:z.0%}"


def _as_text(table: Table, columns: int) -> str:
    file = StringIO()
    render(table, Console(file=file, width=columns, markup=False, emoji=False, highlight=False))
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"
