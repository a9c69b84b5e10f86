"""Tables that people give: CSV with commas, semicolons or tabs, or the first sheet of a workbook, with a line of names.

A title or empty lines may stand above the names, which may be written in any case, with spaces, or in Chinese.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shudian.cell_format import refuse_format, refuse_formula, shown
from shudian.kinds import InputError, Phrase, Place
from shudian.mistakes import Mistakes
from shudian.numerals import narrowed
from shudian.plain_text import one_line
from shudian.spreadsheet_file import is_workbook, open_spreadsheet, read_spreadsheet
from shudian.toml_file import read_text

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

_SEPARATORS = (",", "\t", ";", "，", "；")
_ABOVE = 20
"""The line of names stands within so many lines from the top."""
_FEWEST = 3
"""Known names that make a line the line of names."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """The names of the columns and the lines below them."""

    place: Place
    """Where the names stand."""
    columns: tuple[str, ...]
    rows: tuple[tuple[Place, tuple[str, ...]], ...]
    """Lines that are not empty, each with its place."""
    written: Mapping[str, str] = field(default_factory=dict)
    """What the file itself calls each column."""

    def at(self, place: Place, column: str) -> Place:
        """The cell of `column` in the line at `place`, where the file is a workbook; otherwise the line."""
        if not place.cell or column not in self.columns:
            return place
        sheet, _, cell = place.cell.partition("!")
        return replace(place, cell=f"{sheet}!{_letters(self.columns.index(column))}{cell.lstrip('A')}")


def read_table(path: Path, names: Mapping[str, str]) -> TableFile:
    """The table at `path`; `names` says which column a name means, where it is not written as the column itself.

    A column that is not known keeps its name. Raises InputError for a file that is no table, two columns of one name,
    and a cell of a workbook whose number is not what is shown.
    """
    best: tuple[int, int, list[tuple[Place, tuple[str, ...]]]] | None = None
    for lines in _readings(path):
        for number, (_, cells) in enumerate(lines[:_ABOVE]):
            known = sum(_name(cell, names) in names.values() for cell in cells)
            if best is None or known > best[0]:
                best = (known, number, lines)
    if best is None:
        raise InputError("the file is empty").at(path)
    known, number, lines = best
    number = number if known >= _FEWEST else 0
    place, cells = lines[number]
    columns = tuple(_name(cell, names) for cell in cells)
    written = {column: one_line(cell) for column, cell in zip(columns, cells, strict=True)}
    for column in filter(None, columns):
        if columns.count(column) > 1:
            raise InputError("two columns are called “{name}”; keep one of them", name=column).at(place)
    return TableFile(place, columns, tuple(lines[number + 1 :]), written)


def check_length(table: TableFile, place: Place, cells: tuple[str, ...]) -> None:
    """Raise InputError where a cell of the line is filled in and no column of the table has a name for it."""
    named = max((number for number, name in enumerate(table.columns, 1) if name), default=0)
    if any(cell.strip() for cell in cells[named:]):
        filled = max(number for number, cell in enumerate(cells, 1) if cell.strip())
        raise InputError(
            "the line has {found} cells; {needed} are needed (a comma in a text needs quotes)",
            found=filled,
            needed=named,
        ).at(place)


def _letters(number: int) -> str:
    """What a spreadsheet calls its column `number`, counted from 0: A to Z, AA and so on."""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def _name(cell: str, names: Mapping[str, str]) -> str:
    plain = re.sub(r"[\s-]+", "_", narrowed(cell).casefold())
    return names.get(plain, plain)


def _readings(path: Path) -> Iterator[list[tuple[Place, tuple[str, ...]]]]:
    """The lines of the file, by each separator that it may have."""
    if is_workbook(path):
        yield _sheet(path)
        return
    text = read_text(path)
    for separator in _SEPARATORS:
        if separator != "," and separator not in text:
            continue
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=separator == ",")
        try:
            read = [(Place(path, lines.line_num), tuple(line)) for line in lines]
        except csv.Error as error:
            raise InputError("this line is not CSV: {reason}", reason=Phrase(str(error))).at(
                f"{path}:{lines.line_num}"
            ) from None
        yield [(place, cells) for place, cells in read if any(cell.strip() for cell in cells)]


def _sheet(path: Path) -> list[tuple[Place, tuple[str, ...]]]:
    content = read_spreadsheet(path)
    values, formulas = (open_spreadsheet(path, content, computed=computed).worksheets[0] for computed in (True, False))
    found, mistakes = [], Mistakes()
    for number, row in enumerate(values.iter_rows(), start=1):
        written = tuple("" if cell.value is None else str(cell.value).strip() for cell in row)
        for cell in row:
            if cell.value is None and formulas[cell.coordinate].data_type == "f":
                with mistakes.noted():
                    refuse_formula(Place(path, number, f"{values.title}!{cell.coordinate}"))
        cells = []
        for cell in row:
            with mistakes.noted():
                cells.append(_text(Place(path, number, f"{values.title}!{cell.coordinate}"), cell, written))
        found.append((Place(path, number, f"{values.title}!A{number}"), tuple(cells)))
    mistakes.tell()
    return [(place, cells) for place, cells in found if any(cells)]


def _text(place: Place, cell: Cell | MergedCell, row: Sequence[str]) -> str:
    """What the cell shows; raises InputError where its format adds what nothing else in the `row` says."""
    value = cell.value
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "" if value is None else str(value).strip()
    around = shown(cell.number_format, value)
    if around.is_share:
        return f"{value}{around.words}"
    if not any(around.fits(unit) for unit in row):
        refuse_format(place, cell.number_format)
    return f"{value * 100:.12g}%" if around.percent else str(value)
