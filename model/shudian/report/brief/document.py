"""The brief as a Word document of two pages of A4."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from shudian.kinds import Language
from shudian.plain_text import visible
from shudian.report.brief.content import Brief
from shudian.report.brief.layout import FIGURES, Line, assumed_lines, repeat_pairs, shrink, source_lines
from shudian.report.brief.pictures import shape
from shudian.wording import say

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

TEXT_FONTS, HEAD_FONTS = ("Times New Roman", "宋体"), ("Arial", "黑体")
"""For Latin and for Chinese letters; a machine without them takes its own."""
INK, QUIET = RGBColor(0x08, 0x30, 0x6B), RGBColor(0x59, 0x59, 0x59)
SHADE = "D3E3F3"
MARGIN = 1.5
TEXT = 21 - 2 * MARGIN
"""Centimetres."""
LONGEST_TITLE = 255
"""Characters that the format allows in a document's properties."""


def write_document(brief: Brief, pictures: Mapping[str, tuple[Path, Path]], path: Path) -> None:
    """Write `brief` with the PNG of its `pictures` to `path`."""
    word = Document()
    _set_up(word, brief)
    _first_page(word, brief)
    _second_page(word, brief, pictures)
    properties = word.core_properties
    properties.title, properties.author, properties.comments = visible(brief.headline)[:LONGEST_TITLE], "shudian", ""
    properties.language = "zh-CN" if brief.language == "zh" else "en"
    content = io.BytesIO()
    word.save(content)
    path.write_bytes(content.getvalue())


def _first_page(word: Word, brief: Brief) -> None:
    language = brief.language
    _say(word, brief.kicker, size=9, color=QUIET)
    title = word.add_paragraph(visible(brief.headline), style="Title")
    _outline(title)
    _say(word, brief.basis, size=8.5, color=QUIET)
    _head(word, "brief_answer_title", language)
    for number, sentence in enumerate(brief.answer, 1):
        _say(word, f"{number}. {sentence}", size=10.5, hanging=True)
    caption = word.add_paragraph(visible(brief.table.title), style="Caption")
    caption.paragraph_format.keep_with_next = True
    _table(word, brief.table.head, brief.table.told, _widths(len(brief.table.head)), centred=True)
    for line in (*brief.table.below, brief.definitions):
        _say(word, line, size=8, color=QUIET)
    _head(word, "brief_assumed_title", language)
    _list(word, assumed_lines(brief))
    _head(word, "brief_unknown_title", language)
    _list(word, brief.unknown)


def _second_page(word: Word, brief: Brief, pictures: Mapping[str, tuple[Path, Path]]) -> None:
    language = brief.language
    share = shrink([shape(pictures[name][0]) for name in FIGURES], TEXT)
    for number, (name, key) in enumerate(FIGURES.items()):
        paragraph = word.add_paragraph(style="Caption")
        paragraph.add_run(say(key, language, year=brief.year))
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.page_break_before = number == 0
        picture = word.add_paragraph()
        picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture.add_run().add_picture(str(pictures[name][0]), width=Cm(TEXT * share))
        _describe(picture, paragraph.text)
    _head(word, "brief_sources_title", language)
    _list(word, source_lines(brief), size=7.5)
    _head(word, "brief_repeat_title", language)
    for rows, widths in (
        ([row for row in repeat_pairs(brief) if len(row) == 2], (3.0, TEXT - 3.0)),
        ([row for row in repeat_pairs(brief) if len(row) == 4], (3.0, TEXT / 2 - 3.0) * 2),
    ):
        _table(word, (), rows, widths, centred=False)


def _widths(columns: int) -> tuple[float, ...]:
    """Centimetres: probabilities need less room than amounts with their intervals."""
    chances = columns - 6
    amounts = (2.1, 2.45, 2.0, 2.1, 2.1)
    first = TEXT - sum(amounts) - 1.55 * chances
    return (first, *(1.55,) * chances, *amounts)


def _set_up(word: Word, brief: Brief) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(1.5)
    section.header_distance = section.footer_distance = Cm(0.7)
    for name, (family, chinese), size in (
        ("Normal", TEXT_FONTS, 10.5), ("Title", HEAD_FONTS, 17), ("Heading 2", HEAD_FONTS, 11.5),
        ("Caption", HEAD_FONTS, 9.5),
    ):  # fmt: skip
        style: Any = word.styles[name]
        style.font.name, style.font.size, style.font.italic = family, Pt(size), False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), chinese)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(2)
        style.paragraph_format.line_spacing = 1.0
        if name != "Normal":
            style.font.color.rgb, style.font.bold = INK, True
            style.paragraph_format.keep_with_next = True
    word.styles["Heading 2"].paragraph_format.space_before = Pt(5)
    word.styles["Caption"].paragraph_format.space_before = Pt(4)
    header = section.header.paragraphs[0]
    header.text = say("brief_kind", brief.language)
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _small(header)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, _, rest = say("brief_page", brief.language, page="\0", pages="\1").partition("\0")
    between, _, after = rest.partition("\1")
    for part in (before, "PAGE", between, "NUMPAGES", after):
        if part in ("PAGE", "NUMPAGES"):
            _field(footer, part)
        else:
            footer.add_run(part)
    _small(footer)


def _field(paragraph: Paragraph, code: str) -> None:
    """A field that the word processor fills in, such as the number of the page."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            element = OxmlElement("w:t")
            element.text = text
        elif kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)


def _small(paragraph: Paragraph) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(8), QUIET


def _outline(paragraph: Paragraph) -> None:
    """No rule under the title, whatever the template's style draws."""
    properties = paragraph.style.element.get_or_add_pPr() if paragraph.style else None
    border = properties.find(qn("w:pBdr")) if properties is not None else None
    if properties is not None and border is not None:
        properties.remove(border)


def _head(word: Word, key: str, language: Language) -> None:
    word.add_paragraph(say(key, language), style="Heading 2")


def _say(word: Word, text: str, size: float, color: RGBColor | None = None, hanging: bool = False) -> Paragraph:
    paragraph = word.add_paragraph()
    run = paragraph.add_run(visible(text))
    run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    if hanging:
        paragraph.paragraph_format.left_indent = Cm(0.5)
        paragraph.paragraph_format.first_line_indent = Cm(-0.5)
    return paragraph


def _list(word: Word, lines: Sequence[str | Line], size: float = 8.5) -> None:
    for line in lines:
        paragraph = _say(word, f"• {line if isinstance(line, str) else line.text}", size, hanging=True)
        paragraph.paragraph_format.left_indent = Cm(0.35)
        paragraph.paragraph_format.first_line_indent = Cm(-0.35)
        paragraph.paragraph_format.space_after = Pt(0.5)
        if isinstance(line, Line) and line.address:
            paragraph.add_run(" ").font.size = Pt(size)
            _link(paragraph, line.address, size)


def _link(paragraph: Paragraph, address: str, size: float) -> None:
    target = paragraph.part.relate_to(
        address, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = paragraph.add_run(address)
    run.font.size, run.font.color.rgb = Pt(size - 1), INK
    link.append(run._r)
    paragraph._p.append(link)


def _table(
    word: Word,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    centred: bool,
) -> None:
    lines = [head, *rows] if head else list(rows)
    table = word.add_table(len(lines), len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _edges(table)
    for number, line in enumerate(lines):
        for column, (cell, text) in enumerate(zip(table.rows[number].cells, line, strict=True)):
            cell.width = Cm(widths[column])
            top = bool(head) and number == 0
            _fill(cell, text, top or (not centred and column % 2 == 0), centred and column > 0)
        properties = table.rows[number]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if head and number == 0:
            properties.append(OxmlElement("w:tblHeader"))
    for column, wide in enumerate(widths):
        table.columns[column].width = Cm(wide)


def _edges(table: Table) -> None:
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


def _fill(cell: _Cell, text: str, shaded: bool, centred: bool) -> None:
    for number, line in enumerate(visible(text).split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        run = paragraph.add_run(line)
        # the interval stands smaller below its median
        run.font.size = Pt(7.5 if number and not shaded else 8.5 if not shaded else 8)
        run.font.bold = shaded
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


def _describe(paragraph: Paragraph, text: str) -> None:
    """The picture's description for readers who do not see it."""
    for element in paragraph._p.iter(qn("wp:docPr")):
        element.set("descr", text)
