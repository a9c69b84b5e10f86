"""A Document as a Word file on A4."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from shudian.kinds import Language
from shudian.plain_text import visible
from shudian.report.document import Block, Caution, Document, Figure, Reference, Table, Text
from shudian.report.render.undated import undated
from shudian.report.render.word_table import put_table

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph

TEXT_FONTS, HEAD_FONTS, CODE_FONTS = ("Times New Roman", "宋体"), ("Arial", "黑体"), ("Courier New", "宋体")
"""For Latin and for Chinese letters; a machine without them takes its own."""
INK, QUIET, SIGNAL = RGBColor(0x08, 0x30, 0x6B), RGBColor(0x59, 0x59, 0x59), RGBColor(0xB8, 0x43, 0x0A)
MARGIN = 1.5
TEXT = 21 - 2 * MARGIN
"""Centimetres."""
LONGEST_TITLE = 255
"""Characters that the format allows in a document's properties."""
_STYLES = {"title": "Title", "heading": "Heading 2", "subheading": "Heading 3"}
_SIZES = {"finding": 10.5, "paragraph": 10.5, "steps": 10.5, "list": 8.5, "note": 8.0, "command": 8.5}
_REFERENCE = 7.5
"""Points."""
_WEB = ("http://", "https://")


def word(
    pages: Sequence[Document], language: Language, title: str, top: tuple[str, str], foot: str, share: float = 1.0,
    scale: float = 1.0,
) -> bytes:  # fmt: skip
    """The file with `pages`, each of which begins on a new one.

    `top` stands on the left and on the right above every page, `foot` below, with the numbers of this page and of all
    where it holds `{page}` and `{pages}`. Pictures take the `share` of the text's width; letters are `scale` times as
    large as in a report.
    """
    found = docx.Document()
    _set_up(found, top, foot)
    for number, document in enumerate(pages):
        start = len(found.paragraphs)
        if number and isinstance(document[0], Table) and not document[0].title:
            found.add_paragraph()  # a table cannot begin a page
        for block in document:
            _put(found, block, share, scale)
        if number:
            found.paragraphs[start].paragraph_format.page_break_before = True
    _enlarge(found, scale)
    properties = found.core_properties
    properties.title, properties.author, properties.comments = visible(title)[:LONGEST_TITLE], "shudian", ""
    properties.language = "zh-CN" if language == "zh" else "en"
    content = io.BytesIO()
    found.save(content)
    return undated(content)


def _put(found: Word, block: Block, share: float, scale: float) -> None:
    match block:
        case Table():
            if block.title:
                found.add_paragraph(visible(block.title), style="Caption")
            put_table(found, block, TEXT, scale)
            for line in block.below:
                _say(found, line, _SIZES["note"], QUIET)
        case Figure():
            if block.caption:
                found.add_paragraph(visible(block.caption), style="Caption")
            picture = found.add_paragraph()
            picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
            picture.add_run().add_picture(str(block.picture), width=Cm(TEXT * share))
            for element in picture._p.iter(qn("wp:docPr")):
                element.set("descr", visible(block.alt))
        case Caution(is_alarm=True):
            paragraph = _say(found, "".join([block.short, *block.long]), _SIZES["finding"], SIGNAL)
            paragraph.runs[0].bold = True
        case Caution():
            _lines(found, Text("list", block.long))
        case Reference():
            _refer(found, block)
        case Text():
            _lines(found, block)


def _enlarge(found: Word, scale: float) -> None:
    """Make the letters of the text, not those above and below every page, `scale` times as large."""
    for part in (found.element, found.styles.element):
        for size in part.iter(qn("w:sz"), qn("w:szCs")):
            size.set(qn("w:val"), str(round(int(size.get(qn("w:val"))) * scale)))


def _refer(found: Word, reference: Reference) -> None:
    paragraph = _say(found, f"• {reference.what}", _REFERENCE, hanging=0.35)
    if reference.address.startswith(_WEB):
        paragraph.add_run(" ").font.size = Pt(_REFERENCE)
        _link(paragraph, visible(reference.address))
    elif reference.address:
        paragraph.add_run(f" {visible(reference.address)}").font.size = Pt(_REFERENCE)


def _lines(found: Word, block: Text) -> None:
    for number, line in enumerate(block.lines, 1):
        match block.kind:
            case "title" | "heading" | "subheading":
                found.add_paragraph(visible(line), style=_STYLES[block.kind])
            case "steps":
                _say(found, f"{number}. {line}", _SIZES["steps"], hanging=0.5)
            case "list":
                _say(found, f"• {line}", _SIZES["list"], hanging=0.35)
            case "note":
                _say(found, line, _SIZES["note"], QUIET)
            case _:
                run = _say(found, line, _SIZES[block.kind]).runs[0]
                run.bold = block.kind == "finding"
                if block.kind == "command":
                    _fonts(run, CODE_FONTS)


def _say(
    found: Word, text: str, size: float, color: RGBColor | None = None, hanging: float = 0.0
) -> Paragraph:  # fmt: skip
    """A paragraph whose first line hangs over the others by `hanging` centimetres."""
    paragraph = found.add_paragraph()
    run = paragraph.add_run(visible(text))
    run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    if hanging:
        paragraph.paragraph_format.left_indent = Cm(hanging)
        paragraph.paragraph_format.first_line_indent = Cm(-hanging)
    if size < _SIZES["paragraph"]:
        paragraph.paragraph_format.space_after = Pt(0.5)
    return paragraph


def _link(paragraph: Paragraph, address: str) -> None:
    target = paragraph.part.relate_to(
        address, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = paragraph.add_run(address)
    run.font.size, run.font.color.rgb = Pt(_REFERENCE - 1), INK
    link.append(run._r)
    paragraph._p.append(link)


def _set_up(found: Word, top: tuple[str, str], foot: str) -> None:
    section = found.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(1.5)
    section.header_distance = section.footer_distance = Cm(0.7)
    for name, fonts, size in (
        ("Normal", TEXT_FONTS, 10.5), ("Title", HEAD_FONTS, 17), ("Heading 2", HEAD_FONTS, 11.5),
        ("Heading 3", HEAD_FONTS, 10.5), ("Caption", HEAD_FONTS, 9.5),
    ):  # fmt: skip
        style: Any = found.styles[name]
        style.font.size, style.font.italic = Pt(size), False
        _fonts(style, fonts)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(2)
        style.paragraph_format.line_spacing = 1.0
        if name != "Normal":
            style.font.color.rgb, style.font.bold = INK, True
            style.paragraph_format.keep_with_next = True
    for name, above in (("Heading 2", 5), ("Heading 3", 4), ("Caption", 4)):
        found.styles[name].paragraph_format.space_before = Pt(above)
    _unruled(found)
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.style = found.styles["Normal"]  # the header's own has a stop in the middle
    header.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT), WD_TAB_ALIGNMENT.RIGHT)
    header.add_run("\t".join(map(visible, top)))
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in re.split(r"(\{pages?\})", foot):
        if part in ("{page}", "{pages}"):
            _field(footer, "PAGE" if part == "{page}" else "NUMPAGES")
        else:
            footer.add_run(visible(part))
    for run in (*header.runs, *footer.runs):
        run.font.size, run.font.color.rgb = Pt(8), QUIET


def _fonts(styled: Any, fonts: tuple[str, str]) -> None:
    """Give a style or a run the two `fonts`, whatever theme it has."""
    styled.font.name = fonts[0]
    found = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        found.attrib.pop(qn(f"w:{theme}"), None)
    found.set(qn("w:eastAsia"), fonts[1])


def _unruled(found: Word) -> None:
    """No rule under the title, whatever the template's style draws."""
    properties = found.styles["Title"].element.get_or_add_pPr()
    border = properties.find(qn("w:pBdr"))
    if border is not None:
        properties.remove(border)


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
