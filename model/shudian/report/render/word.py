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
from shudian.report.render.look import PLAIN, Look
from shudian.report.render.undated import undated
from shudian.report.render.word_table import put_table

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph

CODE_FONTS = ("Courier New", "宋体")
QUIET, SIGNAL = RGBColor(0x59, 0x59, 0x59), RGBColor(0xB8, 0x43, 0x0A)
LONGEST_TITLE = 255
"""Characters that the format allows in a document's properties."""
_STYLES = {"title": "Title", "heading": "Heading 2", "subheading": "Heading 3"}
_WEB = ("http://", "https://")


def word(
    pages: Sequence[Document], language: Language, title: str, top: tuple[str, str], foot: str, share: float = 1.0,
    scale: float = 1.0, look: Look = PLAIN,
) -> bytes:  # fmt: skip
    """The file with `pages`, each of which begins on a new one where the plain look leaves them room.

    `top` stands on the left and on the right above every page, `foot` below, with the numbers of this page and of all
    where it holds `{page}` and `{pages}`. Pictures take the `share` of the text's width; letters are `scale` times as
    large as `look` says.
    """
    found = docx.Document()
    _set_up(found, top, foot, language, look)
    for number, document in enumerate(pages):
        start = len(found.paragraphs)
        if number and isinstance(document[0], Table) and not document[0].title:
            found.add_paragraph()  # a table cannot begin a page
        for block in document:
            _put(found, block, share, scale, look)
        if number and look is PLAIN:
            found.paragraphs[start].paragraph_format.page_break_before = True
    _enlarge(found, scale)
    properties = found.core_properties
    properties.title, properties.author, properties.comments = visible(title)[:LONGEST_TITLE], "shudian", ""
    properties.language = "zh-CN" if language == "zh" else "en"
    content = io.BytesIO()
    found.save(content)
    return undated(content)


def _put(found: Word, block: Block, share: float, scale: float, look: Look) -> None:
    match block:
        case Table():
            if block.title:
                found.add_paragraph(visible(block.title), style="Caption")
            put_table(found, block, look.width, scale, look.table_sizes)
            for line in block.below:
                _say(found, line, look.note_size, look, QUIET)
        case Figure():
            if block.caption:
                found.add_paragraph(visible(block.caption), style="Caption")
            picture = found.add_paragraph()
            picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
            picture.add_run().add_picture(str(block.picture), width=Cm(look.width * share))
            for element in picture._p.iter(qn("wp:docPr")):
                element.set("descr", visible(block.alt))
        case Caution(is_alarm=True):
            paragraph = _say(found, "".join([block.short, *block.long]), look.text_size, look, SIGNAL)
            paragraph.runs[0].bold = True
        case Caution():
            _lines(found, Text("list", block.long), look)
        case Reference():
            _refer(found, block, look)
        case Text():
            _lines(found, block, look)


def _enlarge(found: Word, scale: float) -> None:
    """Make the letters of the text, not those above and below every page, `scale` times as large."""
    for part in (found.element, found.styles.element):
        for size in part.iter(qn("w:sz"), qn("w:szCs")):
            size.set(qn("w:val"), str(round(int(size.get(qn("w:val"))) * scale)))


def _refer(found: Word, reference: Reference, look: Look) -> None:
    size = look.reference_size
    paragraph = _say(found, f"• {reference.what}", size, look, hanging=0.35)
    if reference.address.startswith(_WEB):
        paragraph.add_run(" ").font.size = Pt(size)
        _link(paragraph, visible(reference.address), size - 1, look)
    elif reference.address:
        paragraph.add_run(f" {visible(reference.address)}").font.size = Pt(size)


def _lines(found: Word, block: Text, look: Look) -> None:
    for number, line in enumerate(block.lines, 1):
        match block.kind:
            case "title" | "heading" | "subheading":
                found.add_paragraph(visible(line), style=_STYLES[block.kind])
            case "steps":
                _say(found, f"{number}. {line}", look.step_size, look, hanging=0.5)
            case "list":
                _say(found, f"• {line}", look.list_size, look, hanging=0.35)
            case "note":
                _say(found, line, look.note_size, look, QUIET)
            case _:
                size = look.list_size if block.kind == "command" else look.text_size
                run = _say(found, line, size, look).runs[0]
                run.bold = block.kind == "finding"
                if block.kind == "command":
                    _fonts(run, CODE_FONTS)


def _say(
    found: Word, text: str, size: float, look: Look, color: RGBColor | None = None, hanging: float = 0.0
) -> Paragraph:  # fmt: skip
    """A paragraph whose first line hangs over the others by `hanging` centimetres, or is indented as `look` says."""
    paragraph = found.add_paragraph()
    run = paragraph.add_run(visible(text))
    run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    running = size >= look.text_size
    if look.indent and running:
        paragraph.paragraph_format.first_line_indent = Pt(look.indent)
    elif hanging:
        paragraph.paragraph_format.left_indent = Cm(hanging)
        paragraph.paragraph_format.first_line_indent = Cm(-hanging)
    if look.pitch and running:
        paragraph.paragraph_format.line_spacing = Pt(look.pitch)
        paragraph.paragraph_format.space_after = Pt(0)
    elif not running:
        paragraph.paragraph_format.space_after = Pt(0.5)
    return paragraph


def _link(paragraph: Paragraph, address: str, size: float, look: Look) -> None:
    target = paragraph.part.relate_to(
        address, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = paragraph.add_run(address)
    run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(look.ink)
    link.append(run._r)
    paragraph._p.append(link)


def _set_up(found: Word, top: tuple[str, str], foot: str, language: Language, look: Look) -> None:
    section = found.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(look.left), Cm(look.right)
    section.top_margin, section.bottom_margin = Cm(look.top), Cm(look.bottom)
    section.header_distance, section.footer_distance = Cm(0.7), Cm(2.5 if look.mirrored else 0.7)
    for name, fonts, size in (
        ("Normal", look.text, look.text_size), ("Title", look.title, look.title_size),
        ("Heading 2", look.head, look.head_size), ("Heading 3", look.subhead, look.subhead_size),
        ("Caption", look.head, look.caption_size),
    ):  # fmt: skip
        style: Any = found.styles[name]
        style.font.size, style.font.italic = Pt(size), False
        _fonts(style, fonts)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(2)
        style.paragraph_format.line_spacing = 1.0
        if name != "Normal":
            # the fonts of an official document are heavy as they are
            style.font.color.rgb, style.font.bold = RGBColor.from_string(look.ink), not look.pitch
            style.paragraph_format.keep_with_next = True
    for name, above in (("Heading 2", 5), ("Heading 3", 4), ("Caption", 4)):
        found.styles[name].paragraph_format.space_before = Pt(above)
    if look.pitch:
        _official(found, look)
    _unruled(found)
    _tagged(found, language)
    _named_fonts(found, look)
    if look.top_line:
        header = section.header.paragraphs[0]
        header.style = found.styles["Normal"]  # the header's own has a stop in the middle
        header.paragraph_format.tab_stops.add_tab_stop(Cm(look.width), WD_TAB_ALIGNMENT.RIGHT)
        header.add_run("\t".join(map(visible, top)))
        _small(header, look)
    if look.mirrored:
        found.settings.odd_and_even_pages_header_footer = True
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
        ):  # fmt: skip
            _number(footer.paragraphs[0], "— {page} —", side, look)
            # one letter from the outer edge
            edge = footer.paragraphs[0].paragraph_format
            edge.right_indent, edge.left_indent = Pt(look.foot_size), Pt(look.foot_size)
    else:
        _number(section.footer.paragraphs[0], foot, WD_ALIGN_PARAGRAPH.CENTER, look)


def _number(footer: Paragraph, foot: str, side: WD_ALIGN_PARAGRAPH, look: Look) -> None:
    footer.alignment = side
    for part in re.split(r"(\{pages?\})", foot):
        if part in ("{page}", "{pages}"):
            _field(footer, "PAGE" if part == "{page}" else "NUMPAGES")
        else:
            footer.add_run(visible(part))
    _small(footer, look)


def _small(paragraph: Paragraph, look: Look) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(look.foot_size)
        if look.mirrored:
            _fonts(run, ("Times New Roman", "宋体"))
        else:
            run.font.color.rgb = QUIET


def _official(found: Word, look: Look) -> None:
    """Lines of one distance, the title in the middle, heads indented like paragraphs."""
    for name in ("Normal", "Title", "Heading 2", "Heading 3"):
        style: Any = found.styles[name]
        if name != "Normal":  # tables and pictures need what they need
            style.paragraph_format.line_spacing = Pt(look.pitch if name != "Title" else 36)
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        if name.startswith("Heading"):
            style.paragraph_format.first_line_indent = Pt(look.indent)
    title: Any = found.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(look.pitch)
    caption: Any = found.styles["Caption"]
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _tagged(found: Word, language: Language) -> None:
    """The languages of the text, so that Chinese is checked and broken as Chinese."""
    defaults = found.styles.element.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")):
        lang = properties.find(qn("w:lang"))
        if lang is None:
            lang = OxmlElement("w:lang")
            properties.append(lang)
        lang.set(qn("w:val"), "en-US")
        lang.set(qn("w:eastAsia"), "zh-CN")
    theme = found.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), "en-US")
        theme.set(qn("w:eastAsia"), "zh-CN")
    normal = found.styles["Normal"].element.get_or_add_rPr()
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "zh-CN" if language == "zh" else "en-US")
    lang.set(qn("w:eastAsia"), "zh-CN")
    normal.append(lang)


def _named_fonts(found: Word, look: Look) -> None:
    """What a machine takes that lacks a font, in the file's table of fonts."""
    part = next((p for p in found.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml"), None)
    if part is None or not look.fallbacks:
        return
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, others in look.fallbacks
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{entries}</w:fonts>".encode())


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
