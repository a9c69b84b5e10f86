"""Cells of a workbook, as a scenario file would write what stands in them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from shudian.cell_format import refuse_format, refuse_formula, shown
from shudian.kinds import InputError, Label, Place
from shudian.plain_text import one_line
from shudian.quantities import beside, same_words, write_number
from shudian.scenario_form import MONTH_UNIT, NO_UNIT
from shudian.unit_words import split_rate

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

ROWS, COLUMNS_READ = 1000, 100
"""The most that is read of a sheet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, as the values that were saved and as what was written."""

    path: Path
    values: Worksheet
    formulas: Worksheet

    @property
    def title(self) -> str:
        """The sheet's name."""
        return str(self.values.title)

    def place(self, row: int, column: int) -> Place:
        """Where a cell is, with its sheet."""
        return Place(self.path, row, f"{self.title}!{self.values.cell(row, column).coordinate}")

    def fail(self, template: str, row: int, column: int, /, **values: object) -> NoReturn:
        """Raise InputError, as it is made, with the place of a cell in front."""
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
        return "" if value is None else text_of(value)

    def cell(self, row: int, column: int) -> Cell:
        """A cell that is not empty, with its format."""
        # a cell inside a merged area has no value and no format, and is never asked for them
        return cast("Cell", self.values.cell(row, column))


def check_size(sheet: Sheet) -> None:
    """Raise InputError for a sheet of which not all would be read."""
    row, column = sheet.values.max_row, sheet.values.max_column
    if row > ROWS or column > COLUMNS_READ:
        sheet.fail(
            "the sheet reaches to row {row} and column {column}; at most {rows} rows and {columns} columns are read. "
            "Delete what stands outside", row, column,
            row=row, column=column, rows=ROWS, columns=COLUMNS_READ,
        )  # fmt: skip


def is_called(text: str, label: Label) -> bool:
    """Whether `text` is `label` in either language, whatever its width and case."""
    return same_words(text, label.zh) or same_words(text.casefold(), label.en.casefold())


def value_of(sheet: Sheet, row: int, column: int, unit: str) -> object:
    """What a cell that is not empty says, joined with the `unit` of its row where it has none of its own.

    Raises InputError where its format shows another amount than the number in it.
    """
    cell, unit = sheet.cell(row, column), re.split(r"\s*\(", unit)[0]
    value, whole = cell.value, "" if unit in NO_UNIT else unit.removeprefix("1")
    if unit in MONTH_UNIT:
        return month_of(sheet, row, column)
    if cell.is_date:
        # in brackets, or the month would read as a number where one is wanted
        return f"({_date(value)})"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        # a cell may have lines of its own, and a sentence about it has one
        return _with_unit(one_line(value) if isinstance(value, str) else value, whole)
    format_ = shown(cell.number_format, value)
    if format_.is_share:
        return _with_unit(f"{_number(value)}{format_.words}", whole if whole[:1] == "/" else "")
    if not (format_.fits(unit) or format_.fits(split_rate(unit)[0])):
        refuse_format(sheet.place(row, column), cell.number_format)
    if format_.percent:
        # a share of nothing but itself; of money it would be a slip, which the unit then shows
        return f"{_number(value)} {whole}".rstrip() if whole[:1] in ("", "/") else f"{value * 100:.12g} %"
    return _with_unit(value, whole)


def month_of(sheet: Sheet, row: int, column: int) -> str:
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
    return text_of(value)


def text_of(value: object) -> str:
    """The value of a cell that is not empty, as text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _number(value) if isinstance(value, (int, float)) else str(value)


def _number(value: float) -> str:
    try:
        return write_number(float(value))
    except OverflowError:  # a whole number of hundreds of digits
        return "inf"
