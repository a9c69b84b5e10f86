"""Forecasts and their scores as tables for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import StringIO

from rich.console import Console

from shudian.evidence import load_vocabulary
from shudian.forecasts.backtest import NOTE, Backtest
from shudian.forecasts.prediction import Measure
from shudian.forecasts.register import Register, Row
from shudian.forecasts.scoring import Against, NotScored, Scored, Scores, Summary, summary_of
from shudian.kinds import Language
from shudian.messages import in_language
from shudian.report.numbers import significant
from shudian.report.strings import say, wrap
from shudian.report.tables import Table, render

COLUMNS = 130
_COUNT = "1"


def register_text(register: Register, language: Language) -> str:
    """The predictions of a register: levels first, then growth rates."""
    name = _names(language)
    parts = []
    for measure in ("level", "ratio_to_year_before"):
        rows = [row for row in register.rows if row.measure == measure]
        table = Table(
            title=say(f"forecast_table_{measure}", language, made=register.made),
            head=tuple(
                say(f"forecast_column_{key}", language) for key in ("what", "period", "median", "50", "90", "model")
            ),
            rows=tuple(_register_cells(row, name) for row in rows),
        )
        parts.append(_as_text(table))
    first = register.rows[0]
    _, model, inputs, made, until, grade = first.origin
    below = [
        say("forecast_below_reported", language, grade=grade),
        say("forecast_below_origin", language, made=made, until=until, model=model[:8], inputs=inputs[:8]),
        say("forecast_below_error", language, error=f"{max(row.crps_error for row in register.rows):.3f}"),
        say("forecast_below_file", language, path=register.path),
    ]
    return "\n".join([*parts, *(wrap(line, COLUMNS) for line in below)])


def scores_text(scores: Scores, language: Language) -> str:
    """Every figure beside its forecast, the summary, and what could not be compared."""
    parts = []
    for key, rows in (
        ("registered", [row for row in scores.rows if row.register_row]),
        ("computed", [row for row in scores.rows if not row.register_row]),
    ):
        if rows:
            title = say(f"score_table_{key}", language, made=scores.register.made, posterior=scores.posterior_made)
            parts.append(_as_text(_scored_table(rows, title, language)))
    counted = [row for row in scores.rows if row.counts]
    for key, kept in (("named", "named"), ("read", "read")):
        part = [row for row in counted if row.certainty == kept]
        if part:
            parts += [say(f"score_summary_{key}", language), *_summary_lines(summary_of(part), language)]
    if not counted:
        parts.append(say("score_nothing", language))
    parts += [say("score_below_shares", language), say("score_below_naive", language)]
    if scores.left:
        parts.append("\n" + say("score_left", language))
        parts += [f"· {_left(entry, language)}" for entry in scores.left]
    if scores.ignored_columns:
        parts.append(say("score_ignored", language, columns=", ".join(scores.ignored_columns)))
    return "\n".join(part if "─" in part else wrap(part, COLUMNS) for part in parts)


def backtest_text(result: Backtest, language: Language) -> str:
    """The rows of a backtest and its summaries."""
    title = say("backtest_table", language, cut_off=result.cut_off, reports=len(result.reports))
    parts = [_as_text(_scored_table(result.rows, title, language))]
    for name, summary in result.summaries().items():
        if summary:
            parts += [say(f"backtest_{name}", language), *_summary_lines(summary, language)]
    parts += [NOTE.text(language), say("score_below_shares", language)]
    if result.undated:
        parts.append(say("backtest_undated", language, figures=", ".join(result.undated)))
    if result.foretold:
        parts.append(say("backtest_foretold", language, figures=", ".join(result.foretold)))
    return "\n".join(part if "─" in part else wrap(part, COLUMNS) for part in parts)


def _scored_table(rows: Sequence[Scored], title: str, language: Language) -> Table:
    keys = ("figure", "printed", "forecast", "50", "90", "pit", "crps", "no_change", "last_growth")
    name = _names(language)
    return Table(
        title=title,
        head=tuple(say(f"score_column_{key}", language) for key in keys),
        rows=tuple(_scored_cells(row, name, language) for row in rows),
    )


def _register_cells(row: Row, name: Callable[..., str]) -> tuple[str, ...]:
    def shown(*values: float) -> str:
        return _shown(row.measure, *values)

    low, _, median, _, high = row.model
    what = name(row.geography, row.indicator, row.definition)
    return (
        what if row.unit == _COUNT else f"{what}, {row.unit}" if what.isascii() else f"{what}，{row.unit}",
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
    if row.far:
        remarks.append(say("score_far", language))
    if row.certainty != "named":
        remarks.append(say(f"score_{row.certainty}", language))
    what = name(figure.geography, figure.indicator.removesuffix("_growth"), figure.definition)
    period = _period(figure.period_start, figure.period_end, " ")
    unit = "" if row.measure != "level" or figure.unit == _COUNT else f" {figure.unit}"
    marks = f"（{'；'.join(remarks)}）" if language == "zh" else f" ({'; '.join(remarks)})"
    low, high = row.forecast.interval(0.9)
    return (
        f"{figure.identifier} {what} {period}{marks if remarks else ''}",
        f"{_printed(row)}{unit}",
        f"{_shown(row.measure, row.forecast.median)} [{_shown(row.measure, low, high)}]",
        _inside(score.inside_50, language),
        _inside(score.inside_90, language),
        f"{score.pit:.2f}",
        _error(score.crps),
        _naive(row, "no_change"),
        _naive(row, "last_growth"),
    )


def _naive(row: Scored, which: str) -> str:
    value = row.no_change if which == "no_change" else row.last_growth
    error = row.naive_error("no_change" if which == "no_change" else "last_growth")
    return "—" if value is None else f"{_shown(row.measure, value)} ({_error(error)})"


def _error(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _printed(row: Scored) -> str:
    figure = row.figure
    if row.measure == "level" and figure.bound not in ("bin", "interval", "at_least", "at_most"):
        return f"{figure.value:,.6g}"
    low, high = row.printed
    if row.measure != "level":
        return _shown(row.measure, (low * high) ** 0.5)
    if high == float("inf"):
        return f"≥{low:,.6g}"
    return f"{low:,.6g}–{high:,.6g}" if low > 0 else f"≤{high:,.6g}"


def _summary_lines(summary: Summary | None, language: Language) -> list[str]:
    if summary is None:
        return []
    count = summary.figures
    inside = [f"{summary.inside_50:.1f}", f"{summary.inside_90:.1f}"]
    wanted = [f"{share * count:.1f}" for share in (0.5, 0.9)]
    lines = [
        say("score_coverage", language, count=count, fifty=inside[0], ninety=inside[1], want_fifty=wanted[0],
            want_ninety=wanted[1]),
        say("score_mean", language, crps=_error(summary.crps), error=_error(summary.median_error)),
        *(_against_line(key, against, language) for key, against in
          (("no_change", summary.no_change), ("last_growth", summary.last_growth))),
    ]  # fmt: skip
    return [f"  {line}" for line in lines]


def _against_line(key: str, against: Against | None, language: Language) -> str:
    which = say(f"score_column_{key}", language).replace("\n", "")
    if against is None:
        return say("score_no_naive", language, which=which)
    return say(
        "score_against", language, which=which, count=against.figures, naive=f"{against.naive:.3f}",
        crps=f"{against.crps:.3f}", error=f"{against.median_error:.3f}",
    )  # fmt: skip


def _left(entry: NotScored, language: Language) -> str:
    colon = "：" if language == "zh" else ": "
    sentence = in_language(entry.sentence, language) if entry.sentence else say(f"score_{entry.reason}", language)
    what = f"{entry.identifier} {entry.phrase}".strip()
    return f"{what}{colon}{sentence}"


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


def _shown(measure: Measure, *values: float) -> str:
    if measure == "level":
        return "–".join(significant(value) for value in values)
    return "…".join(f"{(value - 1) * 100:+.0f}%".replace("-", "−") for value in values)


def _period(start: str, end: str, between: str = "\n") -> str:
    if start[4:] == "-01-01" and end == f"{start[:4]}-12-31":
        return start[:4]
    return end if start in ("", end) else f"{start}{between}{end}" if end else start


def _inside(share: float, language: Language) -> str:
    if share in (0.0, 1.0):
        return say("cell_inside" if share else "cell_outside", language)
    return f"{share:.0%}"


def _as_text(table: Table) -> str:
    file = StringIO()
    render(table, Console(file=file, width=COLUMNS + 10, markup=False, emoji=False, highlight=False), COLUMNS)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())
