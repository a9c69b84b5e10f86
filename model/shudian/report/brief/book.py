"""The results as a workbook: verdicts, inputs, results by year, sources, and how it was computed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from shudian.amounts import amount_text
from shudian.analysis.cost import Price
from shudian.analysis.reported import Band
from shudian.analysis.results import LAST_YEAR, LEVELS, Outcome, Reading
from shudian.analysis.verdicts import ADDITIONAL, MEASURES, YEAR
from shudian.answers.run import Answer
from shudian.kinds import Language, Parameter, Scenario
from shudian.quantities import FIRST_YEAR, write_month
from shudian.report import sheets
from shudian.report.brief.content import Brief
from shudian.report.captions import definition_label, display_unit
from shudian.report.cautions import cautions
from shudian.report.explanation import range_text
from shudian.schedules import Schedule
from shudian.units import unit_label
from shudian.wording import say

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | float | None
HEAD_ROW = 4
WHOLE = "#,##0"
"""How people, firms and titles are shown, which have no fractions."""


def results_book(brief: Brief, answer: Answer) -> Workbook:
    """The workbook of `brief`; numbers are numbers, in the units that their headings name."""
    book = Workbook()
    language = brief.language
    first = book.active
    assert first is not None
    book.remove(first)
    _write(book, "verdicts", _verdict_head(language), _verdict_rows(brief, answer), language, brief.headline)
    last = _write(book, "inputs", _input_head(language), _input_rows(answer, language), language)
    _lines(book[say("brief_sheet_inputs", language)], last + 2, say("brief_notes_title", language), brief.assumed)
    _write(book, "years", _year_head(language), _year_rows(answer, language), language)
    _write(book, "sources", _source_head(language), _source_rows(brief), language)
    method = book.create_sheet(say("brief_sheet_method", language))
    sheets.title(method, say("brief_sheet_method", language))
    method.column_dimensions["A"].width, method.column_dimensions["B"].width = 22, 100
    for row, (label, value) in enumerate(brief.repeat, HEAD_ROW):
        sheets.put(method, row, 1, label).font = sheets.BOLD
        sheets.put(method, row, 2, value).alignment = sheets.TOP
    below = [brief.basis, *say("brief_method_lines", language).strip().split("\n"), brief.definitions, *brief.unknown]
    below += [caution.long.text(language) for caution in cautions(answer.verdicts)]
    for row, line in enumerate(below, HEAD_ROW + len(brief.repeat) + 1):
        sheets.put(method, row, 2, line).alignment = sheets.TOP
    sheets.fit(method)
    sheets.heighten(method, HEAD_ROW, method.max_row)
    return book


def _write(
    book: Workbook, name: str, head: Sequence[tuple[str, float]], rows: Iterator[list[Cell]], language: Language,
    hint: str = "",
) -> int:  # fmt: skip
    """A sheet with headings, each with its width, and rows; returns the last row's number."""
    sheet = book.create_sheet(say(f"brief_sheet_{name}", language))
    sheets.title(sheet, sheet.title, hint)
    sheets.headings(sheet, HEAD_ROW, [text for text, _ in head], [wide for _, wide in head])
    counted = {unit_label(unit, language) for unit in ("人", "家", "部")}
    row = HEAD_ROW
    for row, cells in enumerate(rows, HEAD_ROW + 1):
        for column, value in enumerate(cells, 1):
            cell = sheets.put(sheet, row, column, value)
            cell.border = sheets.LINE
            if isinstance(value, str):
                cell.alignment = sheets.TOP
            elif isinstance(value, float):
                cell.number_format = WHOLE if counted.intersection(map(str, cells)) else _format(value)
    sheets.heighten(sheet, HEAD_ROW, row)
    sheet.freeze_panes = f"{get_column_letter(3)}{HEAD_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(head))}{max(row, HEAD_ROW)}"
    return row


def _format(value: float) -> str:
    return WHOLE if abs(value) >= 1000 else "#,##0.0" if abs(value) >= 100 else "#,##0.00"


def _lines(sheet: Worksheet, row: int, title: str, lines: Sequence[str]) -> None:
    sheets.put(sheet, row, 1, title).font = sheets.BOLD
    for number, line in enumerate(lines, row + 1):
        sheets.put(sheet, number, 1, line)


def _verdict_head(language: Language) -> list[tuple[str, float]]:
    head = [(say("column_name", language), 28.0), (say("column_package", language), 30.0)]
    head += [(say("brief_column_quantity", language), 52.0), (say("column_unit", language), 22.0)]
    head += [(say(f"column_{key}", language), 12.0) for key in ("value", "low", "high")]
    return [*head, (say("brief_column_error", language), 14.0)]


def _verdict_rows(brief: Brief, answer: Answer) -> Iterator[list[Cell]]:
    language, verdicts = brief.language, answer.verdicts
    money = unit_label("亿元", language)
    for package in brief.packages:
        start: list[Cell] = [package.name, package.title.text(language)]
        for definition, chance in package.chances.items():
            name = definition_label(definition, verdicts, language)
            title = say("column_chance", language, target=verdicts.market.label.text(language), definition=name)
            yield [*start, title, "%", 100 * chance.value, None, None, 100 * chance.error]
        for key, band, unit in (
            ("output", package.output, money), ("jobs", package.jobs, unit_label("人", language)),
            ("cost", package.cost, money),
        ):  # fmt: skip
            if band:
                yield [*start, say(f"brief_quantity_{key}", language, year=YEAR), unit, *_ends(band), None]
        if package.prices:
            for key, price, unit in (
                ("per_job", package.prices["jobs", YEAR], unit_label("万元/人", language)),
                ("per_output", package.prices["output", YEAR], ""),
            ):
                yield [*start, say(f"brief_quantity_{key}", language, year=YEAR), unit, *_price(price, language)]
            without = 100 * package.prices["jobs", YEAR].nothing
            yield [*start, say("brief_quantity_without", language, year=YEAR), "%", without, None, None, None]


def _ends(band: Band) -> list[Cell]:
    return [band.median, band.low, band.high]


def _price(price: Price, language: Language) -> list[Cell]:
    """Median and interval; a price without limit in words, and nothing where there is none."""
    if math.isnan(price.median):
        return [None, None, None, None]
    ends = (price.median, price.low, price.high)
    return [*(end if math.isfinite(end) else say("brief_unbounded", language) for end in ends), None]


def _input_head(language: Language) -> list[tuple[str, float]]:
    widths = {
        "column_package": 30.0, "brief_column_kind": 34.0, "column_name": 36.0, "column_label": 32.0,
        "column_unit": 14.0, "brief_column_schedule": 50.0, "brief_column_default": 14.0, "brief_column_range": 30.0,
        "brief_column_basis": 16.0,
    }  # fmt: skip
    return [(say(key, language), wide) for key, wide in widths.items()]


def _input_rows(answer: Answer, language: Language) -> Iterator[list[Cell]]:
    for scenario in answer.plan.scenarios:
        for parameter in sorted(answer.model.scheduled, key=lambda parameter: parameter.role != "lever"):
            yield [
                scenario.title.text(language),
                say(f"role_{parameter.role}", language),
                parameter.name,
                parameter.label.text(language),
                unit_label(parameter.display_unit, language) if parameter.unit != "month" else "",
                _schedule(_planned(scenario, parameter), parameter, language),
                amount_text(parameter.value, parameter, language),
                range_text(parameter, language),
                say(f"basis_{parameter.basis}", language),
            ]


def _planned(scenario: Scenario, parameter: Parameter) -> Schedule:
    return (scenario.levers if parameter.role == "lever" else scenario.assumptions).get(parameter.name, ())


def _schedule(schedule: Schedule, parameter: Parameter, language: Language) -> str:
    told = []
    for segment in schedule:
        value, month = amount_text(segment.value, parameter, language), write_month(segment.start)
        key = "brief_ramp" if segment.ramp else "brief_from"
        told.append(say(key, language, value=value, month=month, ramp=f"{segment.ramp:g}"))
    return ("；" if language == "zh" else "; ").join(told) or say("brief_default", language)


def _year_head(language: Language) -> list[tuple[str, float]]:
    head = [(say("column_package", language), 30.0), (say("brief_column_quantity", language), 64.0)]
    head += [(say("column_unit", language), 16.0), (say("brief_column_year", language), 8.0)]
    return head + [(f"{level:.0%}" if level != 0.5 else say("column_median", language), 12.0) for level in LEVELS]


def _year_rows(answer: Answer, language: Language) -> Iterator[list[Cell]]:
    verdicts = answer.verdicts
    runs = {outcome.scenario.name: outcome for outcome in answer.outcomes}
    reference = runs[verdicts.reference]
    for outcome in answer.outcomes:
        for label, variable, reading, unit in _quantities(answer, language):
            yield from _years(outcome, None, label, variable, reading, unit, language)
        if outcome is not reference:
            for measure in MEASURES:
                if measure.name in ADDITIONAL and not measure.words:
                    label = say("brief_additional", language, measure=_plain(measure.label, language))
                    yield from _years(
                        outcome, reference, label, measure.variable, measure.reading, measure.unit, language
                    )


def _quantities(answer: Answer, language: Language) -> Iterator[tuple[str, str, Reading, str]]:
    market = answer.verdicts.market
    for definition, variable in market.definitions.items():
        name = answer.verdicts.definitions[definition].text(language)
        yield name, variable, market.measure, display_unit(market.unit)
    for measure in MEASURES:
        if not measure.words and measure.name != "output":
            yield _plain(measure.label, language), measure.variable, measure.reading, measure.unit


def _plain(key: str, language: Language) -> str:
    """A measure's label without its year."""
    return say(f"brief_{key}", language)


def _years(
    outcome: Outcome, reference: Outcome | None, label: str, variable: str, reading: Reading, unit: str,
    language: Language,
) -> Iterator[list[Cell]]:  # fmt: skip
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        values = outcome.read(variable, reading, year, unit)
        if reference:
            values = values - reference.read(variable, reading, year, unit)
        ends: list[Cell] = [float(end) for end in np.quantile(values, LEVELS)]
        yield [outcome.scenario.title.text(language), label, unit_label(unit, language), year, *ends]


def _source_head(language: Language) -> list[tuple[str, float]]:
    widths = {
        "title": 50.0, "body": 34.0, "date": 14.0, "grade": 12.0, "address": 60.0, "figures": 30.0,
    }  # fmt: skip
    return [(say(f"brief_column_{key}", language), wide) for key, wide in widths.items()]


def _source_rows(brief: Brief) -> Iterator[list[Cell]]:
    for cited in brief.sources:
        source = cited.source
        yield [
            source.title.text(brief.language), source.body, source.published, source.grade, source.address,
            ", ".join(cited.figures),
        ]  # fmt: skip
