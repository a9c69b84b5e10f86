"""A table in a Word file: columns as wide as they need, thin lines, a head that is repeated on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from shudian.plain_text import visible
from shudian.report.document import Table
from shudian.wording import width

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table as Drawn
    from docx.table import _Cell

SHADE = "D3E3F3"
SIGNAL = RGBColor(0xB8, 0x43, 0x0A)
SIZES = (8, 8.5, 7.5)
"""Points: of heads, of cells, of what stands below a cell's first line."""
_HEAD_LETTER, _LETTER, _SMALL_LETTER, _EDGES = 0.155, 0.15, 0.135, 0.24
"""Centimetres that a column of text takes, as `width` counts it, and the room on both sides of it."""
_HEAD = 8
"""Columns of a Chinese head that stay on one line."""
_LABELS = 0.2
"""Share of the room that a column of labels keeps."""
_LONG = 40
"""Columns of a text from which on it is a sentence, and is not centred."""


def limits() -> dict[str, float]:
    """By what `widths_of` goes, for whoever draws the same tables elsewhere."""
    return {
        "head_letter": _HEAD_LETTER, "letter": _LETTER, "small_letter": _SMALL_LETTER, "edges": _EDGES, "head": _HEAD,
        "labels": _LABELS, "long": _LONG,
    }  # fmt: skip


def put_table(
    word: Word, table: Table, room: float, scale: float = 1.0, sizes: tuple[float, float, float] = SIZES
) -> None:  # fmt: skip
    """Add `table`, `room` centimetres wide; without a head its first column is one.

    `scale` is as in `word`, `sizes` as in `Look`.
    """
    lines = [table.head, *table.told] if table.head else [*table.told]
    # letters of another size need as much more room
    wider = scale * sizes[1] / SIZES[1]
    widths = [wider * wide for wide in widths_of(table, room / wider)]
    drawn = word.add_table(len(lines), len(widths), style="Table Grid")
    drawn.alignment = WD_TABLE_ALIGNMENT.CENTER
    drawn.autofit = False
    _edges(drawn)
    for number, (row, line) in enumerate(zip(drawn.rows, lines, strict=True)):
        is_head = bool(table.head) and number == 0
        is_loud = not is_head and number - bool(table.head) in table.loud
        for column, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            cell.width = Cm(widths[column])
            shaded = is_head or (not table.head and column == 0)
            centred = bool(table.head) and column > 0 and (is_head or width(text) <= _LONG)
            _fill(cell, text, shaded, centred, is_loud, sizes)
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
    for column, wide in enumerate(widths):
        drawn.columns[column].width = Cm(wide)


def widths_of(table: Table, room: float) -> tuple[float, ...]:
    """Centimetres: each column what it needs, and what is left for the one with the longest texts."""
    columns = [*zip(*table.told, strict=True)] or [()] * len(table.head)
    heads = table.head or ("",) * len(columns)
    needs = [
        _EDGES + max(_HEAD_LETTER * _word(head), *map(_room, cells), _LETTER)
        for head, cells in zip(heads, columns, strict=True)
    ]
    free = 0 if table.head else len(needs) - 1
    others = sum(needs) - needs[free]
    # a first column of labels beside many numbers is not squeezed to a letter a line
    least = max(room / (len(needs) + 1), min(needs[free], _LABELS * room))
    shrunk = min(1.0, (room - least) / others) if others else 1.0
    found = [need * shrunk for need in needs]
    found[free] = room - others * shrunk
    return tuple(found)


def _room(text: str) -> float:
    first, *others = map(width, text.split("\n"))
    return max(_LETTER * first, _SMALL_LETTER * max(others, default=0))


def _word(head: str) -> int:
    """What a head needs that is broken between its words, or after some Chinese letters."""
    return max(min(width(word), _HEAD) if width(word) > len(word) else len(word) for word in head.split() or [""])


def _edges(table: Drawn) -> None:
    """Thin grey lines, and little room between them and the text."""
    properties = table._tbl.tblPr
    borders, margins = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "BFBFBF")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    for side, twips in (("top", "15"), ("left", "55"), ("bottom", "15"), ("right", "55")):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), twips)
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    # the order is the format's own, and Word holds to it
    layout = properties.find(qn("w:tblLayout"))
    assert layout is not None
    layout.addprevious(borders)
    layout.addnext(margins)


def _fill(
    cell: _Cell, text: str, shaded: bool, centred: bool, loud: bool, sizes: tuple[float, float, float]
) -> None:  # fmt: skip
    for number, line in enumerate(visible(text).split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        run = paragraph.add_run(line)
        # the interval stands smaller below its median
        head, first, others = sizes
        run.font.size = Pt(head if shaded else others if number else first)
        run.font.bold = shaded or loud
        if loud:
            run.font.color.rgb = SIGNAL
        paragraph.paragraph_format.space_after = Pt(0)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    properties = cell._tc.get_or_add_tcPr()
    if shaded:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
            shade.set(qn(f"w:{name}"), value)
        properties.append(shade)
    middle = OxmlElement("w:vAlign")
    middle.set(qn("w:val"), "center")
    properties.append(middle)
