"""A scenario's workbook -> the TomlFile that a scenario file saying the same would give, with a cell for each key.

Whatever stands in a cell is data. A formula is not evaluated: its result as the spreadsheet saved it is read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from shudian.cell_format import refuse_format, refuse_formula, shown
from shudian.kinds import LANGUAGES, InputError, Label, Parameter, Place
from shudian.now import NOW_WORDS
from shudian.parameters import DATE
from shudian.quantities import beside, comparable, same_words, write_number
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
from shudian.spreadsheet_file import open_spreadsheet, read_spreadsheet
from shudian.toml_file import TomlFile, nearest
from shudian.unit_words import split_rate

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ROWS, COLUMNS_READ = 1000, 100
_HEADING_ROWS = 12
"""The headings stand within so many rows from the top."""


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
    for table in (LEVERS, ASSUMPTIONS):
        _read_schedules(sheets[table], table, read, parameters)
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
        sheet = _Sheet(path, worksheet, formulas[title])
        if _headings(sheet):
            _check_size(sheet)
            read = TomlFile(path, {}, {(): Place(path, 1, f"{title}!A1")})
            months = _months_of_rounds(sheet, rounds)
            _read_schedules(sheet, LEVERS, read, parameters, months)
            found[title] = months, read
    if not found:
        raise InputError("no sheet has the headings of a round; make a workbook with: shudian workshop").at(path)
    return found


def _months_of_rounds(sheet: _Sheet, rounds: int) -> tuple[str, ...]:
    """From which month each round holds, as is said above the headings: a kit is read as it was handed out."""
    columns, months = _headings(sheet), []
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


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet, as the values that were saved and as what was written."""

    path: Path
    values: Worksheet
    formulas: Worksheet

    @property
    def title(self) -> str:
        return str(self.values.title)

    def place(self, row: int, column: int) -> Place:
        return Place(self.path, row, f"{self.title}!{self.values.cell(row, column).coordinate}")

    def fail(self, template: str, row: int, column: int, /, **values: object) -> NoReturn:
        raise InputError(template, **values).at(self.place(row, column))

    def at(self, row: int, column: int) -> Any:
        """The value of a cell, None where it is empty; raises InputError for a formula without a result."""
        value = self.values.cell(row, column).value
        if value is None and self.formulas.cell(row, column).data_type == "f":
            refuse_formula(self.place(row, column))
        if isinstance(value, str):
            return value.strip() or None
        return value

    def text(self, row: int, column: int) -> str:
        """The value of a cell as text; empty where it is empty."""
        value = self.at(row, column)
        return "" if value is None else _text(value)

    def cell(self, row: int, column: int) -> Cell:
        # a cell inside a merged area has no value and no format, and is never asked for them
        return cast("Cell", self.values.cell(row, column))


def _sheets(path: Path, values: Workbook, formulas: Workbook) -> dict[str, _Sheet]:
    found = {sheet.title: _Sheet(path, sheet, formulas[sheet.title]) for sheet in values.worksheets}
    chosen: dict[str, _Sheet] = {}
    for key, label in SHEETS.items():
        named = [title for title in found if _is(title, label)]
        if not named:
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
        chosen[key] = found[named[0]]
        _check_size(chosen[key])
    for title in found:
        if _is(title, REVIEWS_SHEET):
            raise InputError(
                "a workbook holds no reviews yet, and the sheet “{sheet}” would not be read; write them into a "
                "scenario file that has this workbook as its base, or rename the sheet",
                sheet=title,
            ).at(path)
    for title, sheet in found.items():
        known = next((label for label in SHEETS.values() if comparable(title).startswith((label.zh, label.en))), None)
        if sheet not in chosen.values() and known and _headings(sheet):
            raise InputError(
                "“{sheet}” looks like a sheet to fill in and would not be read; rename it to “{known}” or delete it",
                sheet=title,
                known=known.zh,
            ).at(path)
    return chosen


def _misnamed(path: Path, found: Mapping[str, _Sheet], key: str) -> None:
    """Refuse, by its name, a sheet that has the headings of one that is missing."""
    for title, sheet in found.items():
        if key != PACKAGE and not any(_is(title, label) for label in SHEETS.values()) and _headings(sheet):
            raise InputError(
                "“{sheet}” looks like a sheet to fill in and would not be read; rename it to “{known}” or delete it",
                sheet=title,
                known=SHEETS[key].zh,
            ).at(path)


def _check_size(sheet: _Sheet) -> None:
    row, column = sheet.values.max_row, sheet.values.max_column
    if row > ROWS or column > COLUMNS_READ:
        sheet.fail(
            "the sheet reaches to row {row} and column {column}; at most {rows} rows and {columns} columns are read. "
            "Delete what stands outside", row, column,
            row=row, column=column, rows=ROWS, columns=COLUMNS_READ,
        )  # fmt: skip


def _is(text: str, label: Label) -> bool:
    return same_words(text, label.zh) or same_words(text.casefold(), label.en.casefold())


def _read_package(sheet: _Sheet, read: TomlFile) -> None:
    places: dict[str, Place] = {}
    texts: dict[str, str] = {}
    notes: list[str | dict[str, str]] = []
    for row in range(1, sheet.values.max_row + 1):
        written, value = sheet.text(row, 1), sheet.text(row, 2)
        key = next((key for key, label in ITEMS.items() if _is(written, label)), "")
        if not key and written and value:
            names = [name for label in ITEMS.values() for name in (label.zh, label.en)]
            sheet.fail("there is no line “{text}” here{nearest}", row, 1, text=written, nearest=nearest(written, names))
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
        meant = [answer for label, answer in ((YES, True), (NO, False)) if _is(said, label)]
        meant += [answer for answer in (True, False) if said.casefold() == str(answer).casefold()]
        read.data["retrospective"] = meant[0] if meant else said
    for key in ("title", "question"):
        both = {language: texts[f"{key}.{language}"] for language in LANGUAGES if f"{key}.{language}" in texts}
        if not both:
            read.fail("“{text}” is empty; write it in Chinese, in English or in both", key, text=ITEMS[f"{key}.zh"].zh)
        read.data[key] = both if len(both) == 2 else next(iter(both.values()))
    read.data["notes"] = notes
    read.data["evidence"] = re.split(r"[,，、;；\s]+", texts["evidence"]) if "evidence" in texts else []


def _headings(sheet: _Sheet) -> dict[str, tuple[int, int]]:
    """Where each heading stands, row and column: keys of COLUMNS, and of STEP with the step's number; empty if none."""
    for row in range(1, min(_HEADING_ROWS, sheet.values.max_row) + 1):
        found: dict[str, tuple[int, int]] = {}
        for column in range(1, min(COLUMNS_READ, sheet.values.max_column) + 1):
            value = sheet.values.cell(row, column).value
            if isinstance(value, str) and (key := _heading(value)):
                found.setdefault(key, (row, column))
        if {"name", "label"} <= found.keys():
            return found
    return {}


def _heading(text: str) -> str:
    for key, label in COLUMNS.items():
        if _is(text, label):
            return key
    numbered = re.fullmatch(r"(.*?)\s*(\d+)", comparable(text))
    if numbered:
        for key, label in STEP.items():
            if _is(numbered[1], label):
                return f"{key}{int(numbered[2])}"
    return ""


def _read_schedules(
    sheet: _Sheet, table: str, read: TomlFile, parameters: Mapping[str, Parameter], months: Sequence[str] = ()
) -> None:
    """Read a sheet of levers or assumptions; where `months` are given, they are those of its steps."""
    found = _headings(sheet)
    needed = {key: label.zh for key, label in COLUMNS.items() if key in ("name", "label", "unit")}
    own = ("value",) if months else tuple(STEP)
    needed |= {f"{key}{step}": f"{STEP[key].zh}{step}" for step in range(1, STEPS + 1) for key in own}
    for key, title in needed.items():
        if key not in found:
            sheet.fail(
                "the column “{column}” is missing; make a new workbook with: shudian new {name} --xlsx",
                found["name"][0] if found else 1, 1,
                column=title, name=sheet.path.stem,
            )  # fmt: skip
    for key, (row, column) in found.items() if months else ():
        if key.startswith(("start", "ramp")) or (key.startswith("value") and int(key[5:]) > len(months)):
            sheet.fail(
                "a round has no column “{heading}”: it holds one value for each of {months}; take the column out",
                row, column,
                heading=sheet.text(row, column), months=", ".join(months),
            )  # fmt: skip
    columns = {key: column for key, (_, column) in found.items()}
    top = found["name"][0] + 1
    entries: dict[str, list[_Step]] = {}
    units: dict[str, str] = {}
    for row in range(top, sheet.values.max_row + 1):
        name, column = _name(sheet, row, columns, parameters)
        # a further row of a lever need not say its unit again
        unit = units.setdefault(name, sheet.text(row, columns["unit"])) if name else ""
        steps = list(_steps(sheet, row, columns, sheet.text(row, columns["unit"]) or unit, months))
        if not steps:
            continue
        if not name:
            sheet.fail(
                "a value stands here and nothing says of what; write the name of the lever or assumption in its row",
                row, steps[0].value_column,
            )  # fmt: skip
        read.places.setdefault((table, name), sheet.place(row, column))
        entries.setdefault(name, []).extend(steps)
    read.data[table] = {name: _entry(sheet, (table, name), steps, read, parameters) for name, steps in entries.items()}


@dataclass(frozen=True, slots=True)
class _Step:
    """What one step's three cells say, as a scenario file would write it."""

    row: int
    value: object
    date: str
    ramp: str
    value_column: int
    date_column: int
    ramp_column: int


def _steps(sheet: _Sheet, row: int, columns: Mapping[str, int], unit: str, months: Sequence[str]) -> Iterator[_Step]:
    numbers = sorted(int(key[5:]) for key in columns if re.fullmatch(r"value\d+", key))
    for number in numbers:
        value = columns[f"value{number}"]
        start, ramp = columns.get(f"start{number}", 0), columns.get(f"ramp{number}", 0)
        date = _month(sheet, row, start) if start else ""
        length = sheet.at(row, ramp) if ramp else None
        if sheet.at(row, value) is not None:
            lasts = "" if length is None else str(_value(sheet, row, ramp, "个月"))
            since = date or (months[number - 1] if number <= len(months) else "")
            yield _Step(row, _value(sheet, row, value, unit), since, lasts, value, start or value, ramp)
        elif date or length is not None:
            sheet.fail(
                "a month or a ramp stands here without a value; fill in the value or empty the cell",
                row, start if date else ramp,
            )  # fmt: skip


def _name(sheet: _Sheet, row: int, columns: Mapping[str, int], parameters: Mapping[str, Parameter]) -> tuple[str, int]:
    """What the row is about, by its identifier where it names one parameter, and the column that says so."""
    written = [(sheet.text(row, columns[key]), columns[key]) for key in ("label", "name")]
    meant = [(_meant(text, parameters), column) for text, column in written if text]
    if len(meant) == 2 and meant[0][0] != meant[1][0]:
        one, other = written[0][0], written[1][0]
        sheet.fail(
            "“{one}” and “{other}” in one row are two different things; correct one of them",
            row,
            columns["label"],
            one=one,
            other=other,
        )
    return meant[0] if meant else ("", 0)


def _meant(text: str, parameters: Mapping[str, Parameter]) -> str:
    found = [p.name for p in parameters.values() if p.name == text or _is(text, p.label)]
    return found[0] if len(found) == 1 else text


def _entry(
    sheet: _Sheet, keys: tuple[str, str], steps: list[_Step], read: TomlFile, parameters: Mapping[str, Parameter]
) -> object:
    first, parameter = steps[0], parameters.get(keys[1])
    undated = parameter is not None and (parameter.role == "uncertain" or parameter.display_unit == DATE)
    if undated and len(steps) == 1 and not first.date and not first.ramp:
        read.places[*keys, "value"] = sheet.place(first.row, first.value_column)
        return first.value
    schedule: dict[str, object] = {}
    for step in steps:
        date = step.date or (NOW_WORDS[0] if keys[0] == LEVERS and not read.data.get("retrospective") else "")
        if not date:
            sheet.fail(
                "“{name}” has a value and no month; write the month from which it holds, as in 2026-07 (2023-01 for "
                "always)", step.row, step.date_column or step.value_column,
                name=keys[1],
            )  # fmt: skip
        if date in schedule and not step.date:
            sheet.fail(
                "“{name}” has two values without a month, and both would hold from now on; write the month from which "
                "each begins", step.row, step.date_column or step.value_column,
                name=keys[1],
            )  # fmt: skip
        if date in schedule:
            sheet.fail(
                "{date} is written twice for “{name}”; write each date once",
                step.row,
                step.date_column,
                date=date,
                name=keys[1],
            )
        read.places[*keys, date] = sheet.place(step.row, step.date_column)
        read.places[*keys, date, "value"] = sheet.place(step.row, step.value_column)
        if step.ramp:
            read.places[*keys, date, "ramp"] = sheet.place(step.row, step.ramp_column)
        schedule[date] = {"value": step.value, "ramp": step.ramp} if step.ramp else step.value
    return schedule


def _value(sheet: _Sheet, row: int, column: int, unit: str) -> object:
    cell, unit = sheet.cell(row, column), re.split(r"\s*\(", unit)[0]
    value, whole = cell.value, "" if unit in NO_UNIT else unit.removeprefix("1")
    if unit in MONTH_UNIT:
        return _month(sheet, row, column)
    if cell.is_date:
        # in brackets, or the month would read as a number where one is wanted
        return f"({_date(value)})"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _with_unit(value, whole)
    format_ = shown(cell.number_format, value)
    if format_.is_share:
        return _with_unit(f"{_number(value)}{format_.words}", whole if whole[:1] == "/" else "")
    if not (format_.fits(unit) or format_.fits(split_rate(unit)[0])):
        refuse_format(sheet.place(row, column), cell.number_format)
    if format_.percent:
        # a share of nothing but itself; of money it would be a slip, which the unit then shows
        return f"{_number(value)} {whole}".rstrip() if whole[:1] in ("", "/") else f"{value * 100:.12g} %"
    return _with_unit(value, whole)


def _month(sheet: _Sheet, row: int, column: int) -> str:
    """The month in a cell; raises InputError for a number that stands for one and has lost its last zero."""
    value = sheet.at(row, column)
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        value = (value - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
    if isinstance(value, float) and not value.is_integer():
        sheet.fail(
            "{number:.10g} is a number and no month, because a spreadsheet keeps 2026.10 as 2026.1; write the month "
            "with a hyphen, as in 2026-10", row, column,
            number=value,
        )  # fmt: skip
    return _date(value)


def _with_unit(value: object, unit: str) -> object:
    """`value` with `unit` behind it where it is a number, or the text of one, without a unit."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return value
    return beside(value if isinstance(value, str) else _number(value), unit)


def _date(value: object) -> str:
    """A month as a scenario file writes it; a day within a month keeps its day, which is then refused."""
    if value is None:
        return ""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return f"{value:%Y-%m}" if value.day == 1 else f"{value:%Y-%m-%d}"
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _number(value) if isinstance(value, (int, float)) else str(value)


def _number(value: float) -> str:
    try:
        return write_number(float(value))
    except OverflowError:  # a whole number of hundreds of digits
        return "inf"
