"""A scenario's workbook -> the TomlFile that a scenario file saying the same would give, with a cell for each key.

Whatever stands in a cell is data. A formula is not evaluated: its result as the spreadsheet saved it is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from shudian.kinds import LANGUAGES, InputError, Label, Parameter, Place
from shudian.quantities import comparable, show
from shudian.scenario_form import ASSUMPTIONS, ITEMS, LEVERS, NO, PACKAGE, REVIEW, REVIEWS_SHEET, SHEETS, YES
from shudian.spreadsheet_file import open_spreadsheet, read_spreadsheet
from shudian.toml_file import TomlFile, nearest
from shudian.workbook_cells import Sheet, check_size, is_called
from shudian.workbook_reviews import holds_reviews, read_reviews_of
from shudian.workbook_schedules import headings, read_schedules_of

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

_TITLES = {**SHEETS, REVIEW: REVIEWS_SHEET}


def read_workbook(path: Path, parameters: Mapping[str, Parameter]) -> TomlFile:
    """What the workbook at `path` says, as a scenario file would say it; numbers are joined with their row's unit.

    Names and values are checked where a scenario file's are. Raises InputError, with sheet and cell where it is
    about one, for a file that is no workbook, is too large, has macros or lacks a sheet or a column, and for a
    cell that cannot be part of a scenario.
    """
    values, formulas = _opened(path)
    sheets = _sheets(path, values, formulas)
    read = TomlFile(path, {}, {(): Place(path, 1, f"{sheets[PACKAGE].title}!A1")})
    _read_package(sheets[PACKAGE], read)
    units = read_schedules_of(sheets[LEVERS], LEVERS, read, parameters)
    read_schedules_of(sheets[ASSUMPTIONS], ASSUMPTIONS, read, parameters)
    if REVIEW in sheets:
        read_reviews_of(sheets[REVIEW], read, parameters, units)
    return read


def read_rounds(
    path: Path, parameters: Mapping[str, Parameter], rounds: int
) -> dict[str, tuple[tuple[str, ...], TomlFile]]:
    """Of each sheet of levers, by its name, the months above its `rounds` values and what it says to begin in them.

    Raises InputError as `read_workbook`, and where there is no such sheet.
    """
    values, formulas = _opened(path)
    found = {}
    for worksheet in values.worksheets:
        title = worksheet.title
        sheet = Sheet(path, worksheet, formulas[title])
        if headings(sheet):
            check_size(sheet)
            read = TomlFile(path, {}, {(): Place(path, 1, f"{title}!A1")})
            months = _months_of_rounds(sheet, rounds)
            read_schedules_of(sheet, LEVERS, read, parameters, months)
            found[title] = months, read
    if not found:
        raise InputError("no sheet has the headings of a round; make a workbook with: shudian workshop").at(path)
    return found


def _months_of_rounds(sheet: Sheet, rounds: int) -> tuple[str, ...]:
    """From which month each round holds, as is said above the headings: a kit is read as it was handed out."""
    columns, months = headings(sheet), []
    for key in (f"value{number}" for number in range(1, rounds + 1)):
        row, column = columns.get(key, (2, 1))
        said = re.search(r"\d{4}-\d{2}", sheet.text(row - 1, column)) if row > 1 else None
        if key in columns and not said:
            sheet.fail("above this column its round has no month, as in 2026-07; write it there", row, column)
        months.append(said[0] if said else "")
    return tuple(months)


def _opened(path: Path) -> tuple[Workbook, Workbook]:
    """The workbook as the values that were saved and as what was written."""
    content = read_spreadsheet(path)
    return open_spreadsheet(path, content, computed=True), open_spreadsheet(path, content, computed=False)


def _sheets(path: Path, values: Workbook, formulas: Workbook) -> dict[str, Sheet]:
    """The sheets that are read, by what they hold; that of reviews may be missing."""
    found = {sheet.title: Sheet(path, sheet, formulas[sheet.title]) for sheet in values.worksheets}
    chosen: dict[str, Sheet] = {}
    for key, label in _TITLES.items():
        named = [title for title in found if is_called(title, label)]
        if not named and key in SHEETS:
            _misnamed(path, found, key)
            raise InputError(
                "the workbook has no sheet “{sheet}”; make a new one with: shudian new {name} --xlsx",
                sheet=label.zh,
                name=path.stem,
            ).at(path)
        if len(named) > 1:
            raise InputError(
                "the workbook has the sheets {sheets}, which are one and the same; keep one of them",
                sheets=tuple(named),
            ).at(path)
        if named:
            chosen[key] = found[named[0]]
            check_size(chosen[key])
    for title, sheet in found.items():
        if sheet in chosen.values():
            continue
        known = next((label for label in SHEETS.values() if comparable(title).startswith((label.zh, label.en))), None)
        if known and headings(sheet):
            _unread(path, title, known)
        if holds_reviews(sheet):
            _unread(path, title, REVIEWS_SHEET)
    return chosen


def _misnamed(path: Path, found: Mapping[str, Sheet], key: str) -> None:
    """Refuse, by its name, a sheet that has the headings of one that is missing."""
    for title, sheet in found.items():
        if key != PACKAGE and not any(is_called(title, label) for label in _TITLES.values()) and headings(sheet):
            _unread(path, title, SHEETS[key])


def _unread(path: Path, title: str, known: Label) -> NoReturn:
    raise InputError(
        "“{sheet}” looks like a sheet to fill in and would not be read; rename it to “{known}” or delete it",
        sheet=title,
        known=known.zh,
    ).at(path)


def _read_package(sheet: Sheet, read: TomlFile) -> None:
    places: dict[str, Place] = {}
    texts: dict[str, str] = {}
    notes: list[str | dict[str, str]] = []
    for row in range(1, sheet.values.max_row + 1):
        written, value = sheet.text(row, 1), sheet.text(row, 2)
        key = next((key for key, label in ITEMS.items() if is_called(written, label)), "")
        if not key and written and value:
            names = [name for label in ITEMS.values() for name in (label.zh, label.en)]
            sheet.fail(
                "there is no line {text} here{nearest}", row, 1, text=show(written), nearest=nearest(written, names)
            )
        if not key:
            continue
        if key in texts and value and key != "notes":
            sheet.fail("“{text}” is filled in twice; keep one of the two lines", row, 2, text=written)
        places.setdefault(key, sheet.place(row, 2))
        if value and key == "notes":
            notes.append(value)
        elif value:
            texts[key] = value
    read.places.update({(key.split(".")[0],): place for key, place in reversed(places.items())})
    for key in ("base", "city", "same_budget_as"):
        if key in texts:
            read.data[key] = texts[key]
    if said := texts.get("retrospective", ""):
        # another word stays as it is, and is refused with its cell
        meant = [answer for label, answer in ((YES, True), (NO, False)) if is_called(said, label)]
        meant += [answer for answer in (True, False) if said.casefold() == str(answer).casefold()]
        read.data["retrospective"] = meant[0] if meant else said
    for key in ("title", "question"):
        both = {language: texts[f"{key}.{language}"] for language in LANGUAGES if f"{key}.{language}" in texts}
        if not both:
            read.fail("“{text}” is empty; write it in Chinese, in English or in both", key, text=ITEMS[f"{key}.zh"].zh)
        read.data[key] = both if len(both) == 2 else next(iter(both.values()))
    read.data["notes"] = notes
    read.data["evidence"] = re.split(r"[,，、;；\s]+", texts["evidence"]) if "evidence" in texts else []
