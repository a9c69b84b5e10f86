"""The workbook's first sheet: the packages in columns, as numbers, and below them charts of the spreadsheet's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import SeriesLabel
from openpyxl.utils import get_column_letter, quote_sheetname

from shudian.analysis.results import LAST_YEAR, Outcome
from shudian.analysis.verdicts import MEASURES, Measure, Verdict, Verdicts
from shudian.answers.run import Answer
from shudian.kinds import Language
from shudian.quantities import FIRST_YEAR
from shudian.report.brief.content import Brief
from shudian.report.brief.tables import SHOWN, compared
from shudian.report.document import Document, Table, heading, notes, title
from shudian.report.render.cells import Cell, Count
from shudian.report.render.sheet import write
from shudian.report.words.captions import definition_label, within
from shudian.units import unit_label
from shudian.wording import say

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROWS = ("level", "low", "high", "added", "added_low", "added_high")
"""What is told of each measure."""
CHARTED = ("output", "jobs", "cost")
COLOURS = ("A6A6A6", "08306B", "2A7F62", "B8430A", "7A5195", "8C6D1F", "4292C6")
"""Of the reference, and of each package after it."""
LABELS, NAMES = 44.0, 19.0
"""Characters of the first column and of the others."""
_WIDE, _HIGH, _ROWS = 16.0, 8.5, 18
"""A chart's centimetres, and the rows that it covers."""


def fill(sheet: Worksheet, brief: Brief, answer: Answer) -> None:
    """Write the tables of `brief` into the empty `sheet`, and charts of them below."""
    language, verdicts = brief.language, answer.verdicts
    rows = (verdicts.row(verdicts.reference), *compared(verdicts))
    names = tuple(row.scenario.title.text(language) for row in rows)
    chances = [*_chances(rows, verdicts, language)]
    amounts = [line for name in SHOWN for line in _amounts(rows, measure(name), language)]
    lay_out(sheet, brief.conclusion, names, chances, amounts, tuple(_years(rows, answer)), language)


def lay_out(
    sheet: Worksheet, conclusion: str, names: Sequence[str], chances: Sequence[tuple[Cell, ...]],
    amounts: Sequence[tuple[Cell, ...]], years: Sequence[tuple[Cell, ...]], language: Language,
) -> None:  # fmt: skip
    """Write what the sheet tells, the packages called `names` in columns, the reference first, and draw its charts."""
    told: Document = (
        title(say("brief_sheet_comparison", language)),
        notes(conclusion),
        Table("", (say("brief_column_quantity", language), *names), (*chances, *amounts)),
        heading(say("brief_chart_years", language)),
        Table("", (say("brief_column_year", language), *names), tuple(years)),
        notes(say("brief_comparison_below", language, reference=names[0])),
    )
    write(sheet, told)
    sheet.column_dimensions["A"].width = LABELS
    for column in range(2, 2 + len(names)):
        sheet.column_dimensions[get_column_letter(column)].width = NAMES
    _draw(sheet, chances, names, language)


def _draw(sheet: Worksheet, chances: Sequence[tuple[Cell, ...]], names: Sequence[str], language: Language) -> None:
    places = {str(cell.value): int(cell.row) for cell in sheet["A"] if cell.value is not None}
    head, year = places[say("brief_column_quantity", language)], places[say("brief_column_year", language)]
    charts: list[Any] = [_chance_chart(sheet, head, len(chances), len(names))]
    titles = [say("brief_chart_chance", language)]
    for name in CHARTED:
        place = places[label(measure(name), "added", language)]
        charts.append(_added_chart(sheet, head, place, len(names)))
        titles.append(say("brief_chart_added", language, reference=names[0], measure=named(measure(name), language)))
    charts.append(_years_chart(sheet, year, LAST_YEAR + 1 - FIRST_YEAR, len(names)))
    titles.append(say("brief_chart_years", language))
    below = sheet.max_row + 2
    for number, (chart, text) in enumerate(zip(charts, titles, strict=True)):
        chart.title, chart.width, chart.height = text, _WIDE, _HIGH
        # without this the axes of newer spreadsheets are hidden
        chart.x_axis.delete = chart.y_axis.delete = False
        sheet.add_chart(chart, f"{'A' if number % 2 == 0 else 'E'}{below + number // 2 * _ROWS}")


def measure(name: str) -> Measure:
    """The measure called `name`."""
    return next(measure for measure in MEASURES if measure.name == name)


def named(measure: Measure, language: Language) -> str:
    """As everywhere in the workbook, money is in 亿元 in both languages."""
    text = say(measure.label, language, year=measure.year, since=measure.since)
    unit = unit_label(measure.unit, language)
    return f"{text}（{unit}）" if language == "zh" else f"{text} ({unit})"


def label(of: Measure, what: str, language: Language) -> str:
    """The head of one of ROWS of a measure."""
    return say(f"brief_row_{what}", language, measure=named(of, language))


def _chances(rows: Sequence[Verdict], verdicts: Verdicts, language: Language) -> Iterator[tuple[Cell, ...]]:
    for target in verdicts.targets:
        for definition in target.definitions:
            told = target.label.text(language)
            if len(target.definitions) > 1:
                counted = within(definition_label(definition, verdicts, language), language)
                told = say("brief_row_chance", language, target=told, definition=counted)
            values = (100 * row.targets[target.identifier][definition].value for row in rows)
            yield (say("brief_row_chance_percent", language, label=told), *values)


def _amounts(rows: Sequence[Verdict], of: Measure, language: Language) -> Iterator[tuple[Cell, ...]]:
    whole = of.unit in ("人", "家")

    def cell(value: float) -> Cell:
        return Count(value) if whole else value

    for what, end in (("level", "median"), ("low", "low"), ("high", "high")):
        levels = (cell(getattr(row.measures[of.name], end)) for row in rows)
        yield (label(of, what, language), *levels)
    for what, end in (("added", "median"), ("added_low", "low"), ("added_high", "high")):
        bands = [row.additional.get(of.name) for row in rows]
        yield (label(of, what, language), *(cell(getattr(band, end)) if band else None for band in bands))


def _years(rows: Sequence[Verdict], answer: Answer) -> Iterator[tuple[Cell, ...]]:
    runs = {outcome.scenario.name: outcome for outcome in answer.outcomes}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        yield (str(year), *(_median(runs[row.scenario.name], year) for row in rows))


def _median(outcome: Outcome, year: int) -> float:
    output = measure("output")
    return float(np.median(outcome.read(output.variable, output.reading, year, output.unit)))


def _chance_chart(sheet: Worksheet, head: int, count: int, width: int) -> BarChart:
    """A group of bars for each target, a bar for each package."""
    chart = BarChart()
    chart.type, chart.gapWidth = "bar", 50
    _series(chart, sheet, head, count, width)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 100
    chart.x_axis.scaling.orientation = "maxMin"
    chart.legend = Legend()
    chart.legend.position = "b"
    return chart


def _added_chart(sheet: Worksheet, head: int, row: int, width: int) -> BarChart:
    """A bar for each package, without the reference, to which nothing is added."""
    chart = BarChart()
    chart.type, chart.gapWidth, chart.legend = "col", 80, None
    chart.add_data(
        Reference(sheet, min_col=3, max_col=1 + width, min_row=row, max_row=row), from_rows=True, titles_from_data=False
    )
    chart.set_categories(Reference(sheet, min_col=3, max_col=1 + width, min_row=head, max_row=head))
    chart.series[0].graphicalProperties.solidFill = COLOURS[1]
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    return chart


def _years_chart(sheet: Worksheet, head: int, count: int, width: int) -> LineChart:
    """A line for each package."""
    chart = LineChart()
    _series(chart, sheet, head, count, width)
    for series, colour in zip(chart.series, COLOURS, strict=False):
        series.smooth = False
        series.graphicalProperties.line.solidFill = colour
    chart.legend = Legend()
    chart.legend.position = "b"
    return chart


def _series(chart: Any, sheet: Worksheet, head: int, count: int, width: int) -> None:
    """A series for each column below `head`, called as it is."""
    for column in range(2, 2 + width):
        data = Reference(sheet, min_col=column, min_row=head + 1, max_row=head + count)
        chart.add_data(data, titles_from_data=False)
        place = f"{quote_sheetname(sheet.title)}!${get_column_letter(column)}${head}"
        chart.series[-1].tx = SeriesLabel(strRef=StrRef(place))
        chart.series[-1].graphicalProperties.solidFill = COLOURS[(column - 2) % len(COLOURS)]
    chart.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=head + count))
