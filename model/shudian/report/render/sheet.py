"""A Document as a sheet of a workbook: numbers are numbers, and a table is one that can be sorted and filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from shudian.report.document import Block, Caution, Document, Figure, Reference, Table, Text
from shudian.report.render import sheets
from shudian.report.render.cells import Cell, Count, raw, shown
from shudian.wording import width

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD_ROW = 4
"""No table stands higher, so that those of all sheets begin alike."""
WHOLE = "#,##0"
_NARROWEST, _WIDEST, _VALUE = 10.0, 60.0, 100.0
"""Characters: of a column, and of the values of a table without a head."""
_HEAD = 14
"""Characters of a head that stay on one line."""


def write(sheet: Worksheet, document: Document) -> None:
    """Fill the empty `sheet`."""
    row = 0
    for block in document:
        row = _put(sheet, row + 1, block)
    sheet.sheet_view.showGridLines = False


def _put(sheet: Worksheet, row: int, block: Block) -> int:
    """Write a block from `row` on; returns the last row that it takes."""
    match block:
        case Table():
            return _table(sheet, max(row, HEAD_ROW), block)
        case Figure():
            return _lines(sheet, row, Text("paragraph", (block.caption or block.alt,)))
        case Caution(is_alarm=True):
            return _lines(sheet, row, Text("finding", ("".join([block.short, *block.long]),)))
        case Caution():
            return _lines(sheet, row, Text("list", block.long))
        case Reference():
            return _lines(sheet, row, Text("list", (f"{block.what} {block.address}".rstrip(),)))
        case Text():
            air = block.kind in ("heading", "subheading") and row > 1
            return _lines(sheet, row + air, block)


def _lines(sheet: Worksheet, row: int, block: Text) -> int:
    for place, line in enumerate(block.lines, row):
        cell = sheets.put(sheet, place, 1, line)
        match block.kind:
            case "title":
                cell.font = sheets.TITLE
            case "note":
                cell.font = sheets.GREY
            case "heading" | "subheading" | "finding":
                cell.font = sheets.BOLD
    return row + len(block.lines) - 1


def _table(sheet: Worksheet, row: int, table: Table) -> int:
    if table.title:
        sheets.put(sheet, row, 1, table.title).font = sheets.BOLD
        row += 1
    widths = _widths(table)
    if table.head:
        sheets.headings(sheet, row, table.head, widths)
        if not sheet.auto_filter.ref:
            sheet.freeze_panes = f"{get_column_letter(min(3, len(widths)))}{row + 1}"
            sheet.auto_filter.ref = f"A{row}:{get_column_letter(len(widths))}{row + len(table.rows)}"
        row += 1
    else:
        for column, wide in enumerate([*widths[:-1], _VALUE], 1):
            sheet.column_dimensions[get_column_letter(column)].width = wide
    for place, cells in enumerate(table.rows, row):
        for column, value in enumerate(cells, 1):
            _cell(sheet, place, column, value, bool(table.head))
    last = row + len(table.rows) - 1
    sheets.heighten(sheet, row - bool(table.head), last)
    return _lines(sheet, last + 1, Text("note", table.below)) if table.below else last


def _widths(table: Table) -> list[float]:
    """Of each column: what its longest text needs, and of a head no more than is worth a line."""
    columns = [*zip(*table.told, strict=True)] or [()] * len(table.head)
    heads = table.head or ("",) * len(columns)
    longest = [
        max(min(_HEAD, width(head)), *(width(line) for text in texts for line in text.split("\n")), 0)
        for head, texts in zip(heads, columns, strict=True)
    ]
    return [min(_WIDEST, max(_NARROWEST, 2.0 + letters)) for letters in longest]


def _cell(sheet: Worksheet, row: int, column: int, value: Cell, ruled: bool) -> None:
    plain = raw(value)
    cell = sheets.put(sheet, row, column, shown(value) if isinstance(plain, tuple) else plain)
    look: dict[str, Any] = {"border": sheets.LINE} if ruled else {"font": sheets.BOLD} if column == 1 else {}
    if isinstance(cell.value, str):
        look["alignment"] = sheets.TOP
    elif isinstance(cell.value, float):
        look["number_format"] = WHOLE if isinstance(value, Count) else _format(cell.value)
    sheets.dress(cell, **look)


def _format(value: float) -> str:
    return WHOLE if abs(value) >= 1000 else "#,##0.0" if abs(value) >= 100 else "#,##0.00"
