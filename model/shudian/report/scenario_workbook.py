"""The workbook with which a planner starts: every lever with its range and unit, and cells to fill in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from shudian.amounts import amount_text
from shudian.kinds import InputError, Language, Parameter, Scenario
from shudian.parameters import DATE, city_titles, together
from shudian.quantities import FIRST_YEAR, write_month
from shudian.report.form_cells import check, limit_month, limit_ramp, listed, offer, open_cell, protect, serial
from shudian.report.render import sheets
from shudian.report.scenario_workbook_reviews import write_reviews
from shudian.report.words.captions import joined
from shudian.report.words.explanation import range_text
from shudian.scenario_form import (
    ASSUMPTIONS,
    COLUMNS,
    ITEMS,
    LEVERS,
    MONTH_UNIT,
    NO,
    NO_UNIT,
    PACKAGE,
    REVIEWS_SHEET,
    SHEETS,
    STEP,
    STEPS,
    YES,
)
from shudian.scenario_text import START
from shudian.scenarios import list_scenarios, load_scenario
from shudian.schedules import Schedule
from shudian.units import conversion, unit_label
from shudian.wording import say

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

HEAD_ROW = 4
FREE_ROWS = 12
"""Empty rows below for levers with more steps than one row holds."""
NOTE_LINES = 4
_ABOUT = tuple(COLUMNS)
WIDTHS = {"label": 26, "name": 34, "unit": 17, "range": 18, "default": 12, "base": 22}
"""Characters of the columns that say what a row is about."""


def scenario_workbook(
    parameters: Mapping[str, Parameter], name: str, language: Language, base: Scenario | None = None
) -> Workbook:
    """A workbook that loads as it is (and is then its base), for a scenario called `name` built on `base`, or on START.

    The base's reviews are filled in, to be changed. Raises InputError if `name` cannot be a scenario's name.
    """
    if not name.isidentifier():
        raise InputError(
            "“{name}” cannot be a scenario's name; use letters, digits and _ only, as in my_plan", name=name
        )
    base = base or load_scenario(START, parameters)
    book = Workbook()
    package = book.active
    assert package is not None
    lists = book.create_sheet(say("form_lists", language))
    _write_package(package, lists, base, parameters, name, language)
    for table, role, planned in ((LEVERS, "lever", base.levers), (ASSUMPTIONS, "assumption", base.assumptions)):
        sheet = book.create_sheet(SHEETS[table].text(language))
        sheets.title(sheet, say(f"form_{table}_title", language), say(f"form_{table}_hint", language))
        _write_rows(sheet, lists, [p for p in parameters.values() if p.role == role], planned, language)
    reviews = book.create_sheet(REVIEWS_SHEET.text(language))
    levers = {p.name: unit_text(p, language) for p in parameters.values() if p.role == "lever"}
    write_reviews(reviews, lists, base.reviews, parameters, levers, language)
    _write_how(book.create_sheet(say("form_how", language)), name, language)
    book.move_sheet(lists, offset=5)
    lists.sheet_state = "hidden"
    return book


def _write_package(
    sheet: Worksheet,
    lists: Worksheet,
    base: Scenario,
    parameters: Mapping[str, Parameter],
    name: str,
    language: Language,
) -> None:
    sheet.title = SHEETS[PACKAGE].text(language)
    sheets.title(sheet, say("form_package_title", language), say("form_package_hint", language))
    packages = [load_scenario(package, parameters) for package in list_scenarios(kind="package")]
    choices = {
        "base": listed(lists, 1, [package.title.text(language) for package in packages]),
        "city": listed(lists, 2, [label.text(language) for label in city_titles().values()]),
        "retrospective": listed(lists, 4, [answer.text(language) for answer in (NO, YES)]),
        "same_budget_as": listed(lists, 3, [p.title.text(language) for p in packages if not p.same_budget_as]),
    }
    # a title is looked up among the shipped packages, which the list offers
    is_shipped = any(package == base for package in packages)
    filled = {"base": base.title.text(language) if is_shipped else base.name}
    filled |= {f"title.{language}": say("form_my_title", language, name=name)}
    filled |= {f"question.{language}": say("form_question", language)}
    row = 4
    for key, label in ITEMS.items():
        for _ in range(NOTE_LINES if key == "notes" else 1):
            sheet.cell(row, 1, label.text(language)).font = sheets.BOLD
            sheet.cell(row, 2, filled.get(key))
            open_cell(sheet, row, 2)
            said = sheet.cell(row, 3, say(f"form_item_{key.split('.')[0]}", language))
            said.font, said.alignment = sheets.GREY, sheets.TOP
            if key in choices:
                offer(sheet, choices[key], f"B{row}", language)
            row += 1
    for column, wide in zip("ABC", (22, 60, 60), strict=True):
        sheet.column_dimensions[column].width = wide
    sheets.heighten(sheet, 4, row - 1)
    protect(sheet)


def _write_rows(
    sheet: Worksheet,
    lists: Worksheet,
    parameters: Sequence[Parameter],
    planned: Mapping[str, Schedule],
    language: Language,
) -> None:
    titles = [COLUMNS[key].text(language) for key in _ABOUT]
    between = "" if language == "zh" else " "
    titles += [f"{label.text(language)}{between}{step}" for step in range(1, STEPS + 1) for label in STEP.values()]
    widths = [*(WIDTHS[key] for key in _ABOUT), *(12.0,) * (STEPS * len(STEP)), 70.0]
    sheets.headings(sheet, HEAD_ROW, [*titles, say("form_meaning", language)], widths)
    first = len(_ABOUT) + 1
    for row, parameter in enumerate(parameters, HEAD_ROW + 1):
        for column, text in enumerate(about(parameter, planned.get(parameter.name, ()), language), 1):
            cell = sheet.cell(row, column, text)
            cell.alignment, cell.border = sheets.TOP, sheets.LINE
        for step in range(STEPS):
            _step(sheet, row, first + step * len(STEP), parameter, language)
        meaning = sheet.cell(row, first + STEPS * len(STEP), _meaning(parameter, parameters, language))
        meaning.alignment, meaning.font, meaning.border = sheets.TOP, sheets.GREY, sheets.LINE
    below = HEAD_ROW + 1 + len(parameters)
    sheets.heighten(sheet, HEAD_ROW, below - 1)
    offered = listed(lists, lists.max_column + 1, [parameter.label.text(language) for parameter in parameters])
    label = _ABOUT.index("label") + 1
    for row in range(below, below + FREE_ROWS):
        open_cell(sheet, row, label)
        for step in range(STEPS):
            _step(sheet, row, first + step * len(STEP), None, language)
    letter = get_column_letter(label)
    offer(sheet, offered, f"{letter}{below}:{letter}{below + FREE_ROWS - 1}", language)
    sheet.freeze_panes = f"{get_column_letter(label + 1)}{HEAD_ROW + 1}"
    protect(sheet)


def _meaning(parameter: Parameter, parameters: Sequence[Parameter], language: Language) -> str:
    """What a row is about, and with which others it belongs together."""
    parts = together(parameter, {p.name: p for p in parameters})
    others = [part.label.text(language) for part in parts if part is not parameter]
    said = [say("said_together", language, others=joined(others, language, "、", ", "))] if others else []
    return joined([parameter.meaning.text(language), *said], language, "", " ")


def about(parameter: Parameter, schedule: Schedule, language: Language) -> list[str]:
    """What a row says of its parameter: a cell for each of COLUMNS."""
    cells = {
        "name": parameter.name,
        "label": parameter.label.text(language),
        "unit": unit_text(parameter, language),
        "range": "–".join(_bare(end, parameter, language) for end in (parameter.low, parameter.high)),
        "default": _bare(parameter.value, parameter, language),
        "base": "—",
    }
    if schedule:
        last = schedule[-1]
        shown, month = _bare(last.value, parameter, language), write_month(last.start + last.ramp)
        cells["base"] = say("form_since", language, value=shown, month=month)
    return [cells[key] for key in _ABOUT]


def unit_text(parameter: Parameter, language: Language) -> str:
    """The unit of a parameter as it stands in its column."""
    unit = parameter.display_unit
    english = "" if language == "zh" or unit == DATE else unit_label(unit, language)
    written = {"1": NO_UNIT[0], DATE: MONTH_UNIT[0 if language == "zh" else 1]}.get(unit, unit)
    return f"{written} ({english})" if english and english != written else written


def _bare(value: float, parameter: Parameter, language: Language) -> str:
    """A value as it is written into a cell, beside the column of its unit."""
    text = amount_text(value, parameter, language)
    if parameter.display_unit == DATE or "%" in text:
        return text.partition("/")[0]
    return f"{value / conversion(parameter.display_unit, parameter.unit):,g}"


def _step(sheet: Worksheet, row: int, column: int, parameter: Parameter | None, language: Language) -> None:
    """Three cells to fill in, each with a check of its own where it is known what the row is about."""
    value, start, ramp = (sheet.cell(row, column + offset) for offset in range(3))
    for offset in range(3):
        open_cell(sheet, row, column + offset)
    limit_month(sheet, start, language)
    limit_ramp(sheet, ramp, language)
    if parameter is not None:
        limit_value(sheet, value, parameter, language)


def limit_value(sheet: Worksheet, value: Cell | MergedCell, parameter: Parameter, language: Language) -> None:
    """Let a cell take what the parameter can be, and say so beside it."""
    prompt = say("form_prompt_value", language, range=range_text(parameter, language))
    if parameter.display_unit == DATE:
        value.number_format = "yyyy-mm"
        months = [serial(_date(month)) for month in (parameter.low, parameter.high)]
        check(sheet, value.coordinate, "date", months, prompt, language)
        return
    factor = conversion(parameter.display_unit, parameter.unit)
    if "%" in range_text(parameter, language):
        value.number_format = "0.##%"
    # the last bit of a range is not a planner's
    bounds = [float(f"{end / factor:.12g}") for end in (parameter.low, parameter.high)]
    check(sheet, value.coordinate, "whole" if parameter.whole else "decimal", bounds, prompt, language)


def _date(months: float) -> datetime.date:
    return datetime.date(FIRST_YEAR + int(months) // 12, int(months) % 12 + 1, 1)


def _write_how(sheet: Worksheet, name: str, language: Language) -> None:
    sheets.title(sheet, say("form_how", language))
    sheet.column_dimensions["A"].width = 120
    for row, line in enumerate(say("form_how_lines", language, name=name).strip().split("\n"), 3):
        sheet.cell(row, 1, line).alignment = sheets.TOP
    sheets.heighten(sheet, 3, sheet.max_row)
