"""How our workbooks look: headings, shading, widths, and writing to a temporary name first."""

from __future__ import annotations

import gc
import io
import math
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from lxml.etree import LxmlError
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.styles import Font as AnyFont
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from shudian.files import writing
from shudian.kinds import InputError, Phrase
from shudian.plain_text import visible
from shudian.report.render.undated import undated
from shudian.wording import width

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FULL = Phrase("the disk for temporary files is full")
HEAD = PatternFill("solid", start_color="D3E3F3")
FILL_IN = PatternFill("solid", start_color="FFF8DC")
INK, QUIET = "1A1A1A", "595959"
LINE = Border(bottom=Side("thin", color="BFBFBF"))
_THIN = Side("thin", color="BFBFBF")
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
PLAIN, BOLD, GREY = (AnyFont(name="Calibri", size=11, bold=bold, color=color) for bold, color in (
    (False, INK), (True, INK), (False, QUIET),
))  # fmt: skip
TITLE = AnyFont(name="Calibri", size=14, bold=True, color="08306B")
TOP = Alignment(vertical="top", wrap_text=True)
_LOOKS: WeakKeyDictionary[Workbook, dict[tuple[tuple[str, str | int], ...], tuple[Any, Any]]] = WeakKeyDictionary()
"""Of each workbook its looks: the parts, which are kept so that no other has their number, and what they come to."""


def put(sheet: Worksheet, row: int, column: int, value: str | float | None) -> Cell:
    """Write `value` into a cell, a text so that it can stand in the file's XML; returns the cell."""
    cell: Cell = sheet.cell(row, column, visible(value) if isinstance(value, str) else value)
    return cell


def dress(cell: Cell, **look: Border | Alignment | AnyFont | str) -> None:
    """Give `cell` a look, by the names that openpyxl has for its parts.

    A workbook works out each look once: of a large sheet it would otherwise take most of the time.
    """
    book = cell.parent.parent
    assert book is not None
    made = _LOOKS.setdefault(book, {})
    key = tuple((name, part if isinstance(part, str) else id(part)) for name, part in look.items())
    if key not in made:
        for name, part in look.items():
            setattr(cell, name, part)
        made[key] = look, copy(cell._style)  # type: ignore[attr-defined]
    cell._style = copy(made[key][1])  # type: ignore[attr-defined]


def title(sheet: Worksheet, text: str, hint: str = "") -> None:
    """The sheet's title in its first row and a hint in its second."""
    put(sheet, 1, 1, text).font = TITLE
    put(sheet, 2, 1, hint).font = GREY
    sheet.sheet_view.showGridLines = False


def headings(sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[float]) -> None:
    """A row of shaded headings, repeated on every printed page, and the widths of its columns in characters."""
    for column, (text, wide) in enumerate(zip(texts, widths, strict=True), 1):
        cell = put(sheet, row, column, text)
        cell.font, cell.fill, cell.border = BOLD, HEAD, LINE
        cell.alignment = Alignment(vertical="center", horizontal="left" if column == 1 else "center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = wide
    sheet.print_title_rows = f"{row}:{row}"


def fit(sheet: Worksheet) -> None:
    """Print on A4, lying, all columns on one page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def heighten(sheet: Worksheet, first: int, last: int) -> None:
    """Give the rows from `first` to `last` the height that their wrapped texts need: not every program does it."""
    for row in range(first, last + 1):
        lines = [
            math.ceil(width(str(cell.value)) / (sheet.column_dimensions[get_column_letter(column)].width - 2))
            for column, cell in enumerate(sheet[row], 1)
            if cell.value is not None and cell.alignment.wrap_text
        ]
        sheet.row_dimensions[row].height = 15.0 * max([1, *lines])


def save(book: Workbook, path: Path) -> None:
    """Write `book` to `path` at once; raises InputError if it cannot be written or exists.

    Our sheets hold no formulas: a text that looks like one comes from a stranger's file, and stays a text.
    """
    for sheet in book.worksheets:
        fit(sheet)
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type in ("f", "e")):
            cell.data_type = "s"
    content = io.BytesIO()
    try:
        book.save(content)
    except LxmlError as error:
        # its frames hold a writer that fails once more when it is closed: now, while that is told to nobody
        cause: BaseException | None = error
        while cause:
            cause.__traceback__, cause = None, cause.__context__
        gc.collect()
        raise InputError("{path} cannot be written ({reason})", path=path, reason=_FULL) from None
    with writing(path) as draft:
        draft.write_bytes(undated(content))
