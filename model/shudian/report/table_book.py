"""The tables of an answer as a workbook: what was found on the first sheet, then a sheet for each table."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyarrow as pa
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from shudian.kinds import LANGUAGES, Language
from shudian.report.document import Document, Text
from shudian.report.render import sheets
from shudian.report.render.csv_tables import Column, CsvCell, CsvTable
from shudian.units import unit_label
from shudian.wording import say, width

_LONGEST_NAME = 31
"""Characters that a spreadsheet allows in a sheet's name."""
_NARROW, _WIDE = 12.0, 44.0
_HEAD_ROW = 4


def table_book(document: Document, tables: Sequence[CsvTable], language: Language) -> Workbook:
    """The workbook; a table of months and draws is left to its own file, which the first sheet names."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = say("book_first", language)
    for table in tables:
        if not isinstance(table.rows, pa.Table):
            _fill(book.create_sheet(table.stem[:_LONGEST_NAME]), table, language)
    _tell(first, document, tables, language)
    return book


def _tell(sheet: Worksheet, document: Document, tables: Sequence[CsvTable], language: Language) -> None:
    """Every text of `document`, and what stands where."""
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 110
    row = 0
    for block in document:
        if not isinstance(block, Text):
            continue
        for line in block.lines:
            row += 1
            cell = sheets.put(sheet, row, 1, line)
            cell.alignment = sheets.TOP
            cell.font = sheets.PLAIN if block.kind in ("paragraph", "list", "command") else sheets.BOLD
    row += 1
    for table in tables:
        row += 1
        if isinstance(table.rows, pa.Table):
            sheets.put(sheet, row, 1, say("book_elsewhere", language, file=f"{table.stem}.csv"))
        else:
            cell = sheets.put(sheet, row, 1, say("book_sheet", language, name=table.stem))
            cell.hyperlink = f"#'{table.stem[:_LONGEST_NAME]}'!A1"
    sheets.heighten(sheet, 1, row)


def _fill(sheet: Worksheet, table: CsvTable, language: Language) -> None:
    other = next(one for one in LANGUAGES if one != language)
    assert not isinstance(table.rows, pa.Table)
    names = {column.name for column in table.columns}
    shown = [
        place
        for place, column in enumerate(table.columns)
        if not (column.name.endswith(f"_{other}") and column.name.removesuffix(other) + language in names)
    ]
    sheets.title(sheet, table.stem, say("book_hint", language, file=f"{table.stem}.csv"))
    heads = [_head(table.columns[place], language) for place in shown]
    rows = [[row[place] for place in shown] for row in table.rows]
    widths = [_wide(head, [row[at] for row in rows]) for at, head in enumerate(heads)]
    sheets.headings(sheet, _HEAD_ROW, heads, widths)
    for number, row in enumerate(rows, _HEAD_ROW + 1):
        for column, value in enumerate(row, 1):
            put = sheets.put(sheet, number, column, _cell(value))
            if isinstance(value, str):
                sheets.dress(put, border=sheets.LINE, alignment=sheets.TOP)
            elif isinstance(value, float):
                sheets.dress(put, border=sheets.LINE, number_format=_format(value))
            else:
                sheets.dress(put, border=sheets.LINE)
    sheet.freeze_panes = f"B{_HEAD_ROW + 1}"


def _head(column: Column, language: Language) -> str:
    unit = "%" if column.unit == "%" else unit_label(column.unit, language) if column.unit else ""
    label = column.label.text(language)
    return f"{label} ({unit})" if unit and unit not in label else label


def _wide(head: str, cells: Sequence[CsvCell]) -> float:
    texts = [width(cell) for cell in cells if isinstance(cell, str)]
    return min(_WIDE, max(_NARROW, width(head) * 0.6, *(0.9 * wide for wide in texts), 0.0))


def _cell(value: CsvCell) -> str | float | None:
    # a spreadsheet has no infinity; the CSV file leaves it empty too
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _format(value: float) -> str:
    return "#,##0" if abs(value) >= 1000 else "0.00" if abs(value) >= 1 or value == 0 else "0.0000"
