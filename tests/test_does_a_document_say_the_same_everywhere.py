"""Does a document say the same in every medium, whatever its texts are?

Does NOT establish that an answer's document says all that was found, nor that Markdown is safe to render
(`test_can_a_strangers_text_do_harm`).
"""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import get_args

import docx
import lxml.html
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from openpyxl import Workbook, load_workbook
from PIL import Image
from rich.console import Console

from shudian.plain_text import visible
from shudian.report.document import (
    ALARM,
    Block,
    Caution,
    Document,
    Figure,
    Kind,
    Reference,
    Table,
    Text,
    entries,
    listed,
    paragraphs,
)
from shudian.report.render.cells import Chance, Printed, Signed, raw, shown
from shudian.report.render.csv_tables import Column, both, csv_table
from shudian.report.render.html import html, page
from shudian.report.render.markdown import markdown
from shudian.report.render.sheet import write
from shudian.report.render.sheets import save
from shudian.report.render.terminal import show
from shudian.report.render.word import word

ALLOWED = {"b", "li", "ul", "ol", "p", "h3", "h4", "h5", "code", "table", "thead", "tbody", "tr", "th", "td", "caption",
           "small", "br", "div", "a", "strong", "figure", "figcaption", "img"}  # fmt: skip
CLASSES = re.compile(r"(scroll( long)?( wide)?|loud|number|short|long-text|alarm|reference)")
STRANGE = [
    "=1+1",
    "<img src=x onerror=alert(1)>",
    "# a",
    "a | b",
    "1. b",
    "**c**",
    "&lt;d",
    "中文“引”",
    "a_b_c",
    '" onclick="a()',
]
words = st.text("abcdefgh 中文字", min_size=1, max_size=12).map(str.strip).filter(bool)
line = words | st.sampled_from(STRANGE)
lines = st.lists(line, min_size=1, max_size=3).map(tuple)
texts = st.builds(Text, st.sampled_from(get_args(Kind)), lines)
cautions = st.builds(Caution, st.sampled_from(["lever", ALARM]), line, lines)
references = st.builds(Reference, line, st.sampled_from(["", "https://example.org/a?b=1&c=2", "javascript:alert(1)"]))
number = st.floats(0.001, 0.999)
cells = line | number | st.builds(Chance, number) | st.builds(Signed, number) | st.builds(Printed, number) | st.none()


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(2, 4))
    label = st.tuples(line, *[cells] * (columns - 1))
    head = draw(st.lists(line, min_size=columns, max_size=columns).map(tuple))
    rows = draw(st.lists(label, min_size=1, max_size=3))
    return Table(draw(line), head, tuple(rows), below=tuple(draw(st.lists(line, max_size=2))), loud=(0,))


blocks = texts | tables() | cautions | references
documents: st.SearchStrategy[Document] = st.lists(blocks, min_size=1, max_size=4).map(tuple)


@pytest.fixture(scope="module")
def figure(tmp_path_factory: pytest.TempPathFactory) -> Figure:
    place = tmp_path_factory.mktemp("figure") / "picture.png"
    Image.new("RGB", (40, 20), "white").save(place)
    place.with_suffix(".svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    return Figure(place, 'what "it" shows', "a <caption>")


def said(block: Block, in_short: bool = False) -> list[str]:
    """Every text of a block, in the order in which a reader meets them."""
    match block:
        case Table():
            rows = [shown(cell) for row in block.rows for cell in row]
            return [block.title, *block.head, *rows, *block.below]
        case Figure():
            return [block.caption]
        case Caution(is_alarm=True):
            return [block.short, *block.long]
        case Caution():
            return [block.short] if in_short else [*block.long]
        case Reference():
            return [block.what, block.address]
    return list(block.lines)


def whole(document: Document) -> str:
    return squeezed("".join(visible(text) for block in document for text in said(block)))


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(documents)
def test_html_shows_every_text_and_nothing_acts(document: Document) -> None:
    tree = lxml.html.fromstring(f"<div>{html(document)}</div>")
    assert {element.tag for element in tree.iter()} <= ALLOWED
    for name, value in (pair for element in tree.iter() for pair in element.attrib.items()):
        assert {"class": CLASSES, "scope": re.compile("col|row"), "href": re.compile("https?://.*")}[name].fullmatch(
            value
        )
    assert squeezed(tree.text_content()) == whole(document)


@given(documents)
def test_markdown_shows_every_text(document: Document) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown(document))
    inner = [child for token in tokens for child in token.children or ()]
    shown = squeezed("".join(child.content for child in inner if child.type in ("text", "code_inline")))
    wanted = whole(document)
    assert shown == wanted.replace("|", "&#124;") or shown == wanted


@given(documents)
def test_a_wide_terminal_shows_every_text(document: Document) -> None:
    file = io.StringIO()
    show(document, Console(file=file, width=400, markup=False, emoji=False, highlight=False))
    # heads and cells are broken into lines beside each other: the same characters in another order
    wanted = Counter(squeezed("".join(text for block in document for text in said(block, in_short=True))))
    assert wanted <= Counter(file.getvalue())


def read(document: Document, *others: Document) -> docx.document.Document:
    return docx.Document(io.BytesIO(word((document, *others), "en", "title", ("left", "right"), "{page} of {pages}")))


@given(documents)
@settings(max_examples=30)
def test_word_shows_every_text_in_its_order(document: Document) -> None:
    file = read(document)
    # an address that leads somewhere is a link, whose text is no run of its paragraph
    shown = squeezed("".join(text.text or "" for text in file.element.body.iter(qn("w:t"))))
    for block in (block for block in document if isinstance(block, Text) and block.kind == "steps"):
        for number, text in enumerate(map(squeezed, map(visible, block.lines)), 1):
            shown = shown.replace(f"{number}.{text}", text, 1)
    assert shown.replace("•", "") == whole(document)
    links = {link.target_ref for link in file.part.rels.values() if link.is_external}
    assert links <= {block.address for block in document if isinstance(block, Reference)}
    assert all(link.startswith("https://") for link in links)


@given(documents)
@settings(max_examples=30)
def test_a_sheet_shows_every_text_and_whole_numbers_and_no_formula(
    tmp_path_factory: pytest.TempPathFactory, document: Document
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    write(sheet, document)
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    save(book, path)
    found = [cell for row in load_workbook(path).worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in found if cell.data_type == "f"]
    texts = squeezed("".join(cell.value for cell in found if isinstance(cell.value, str)))
    told = [cell for block in document if isinstance(block, Table) for row in block.rows for cell in row]
    numbers = [raw(cell) for cell in told if isinstance(raw(cell), float)]
    assert [cell.value for cell in found if isinstance(cell.value, float)] == pytest.approx(numbers)
    for block in document:
        shown_only = [text for text in said(block) if text not in map(shown, told) or not isinstance(block, Table)]
        assert all(squeezed(visible(text)) in texts for text in shown_only)


def test_each_page_of_a_word_file_begins_on_a_new_one(figure: Figure) -> None:
    pairs, grid = Table("", (), (("label", "value"),)), Table("", ("a", "b"), (("c", "d"),))
    file = read((paragraphs("a"),), (figure, pairs), (grid,))
    breaks = [p.text for p in file.paragraphs if p.paragraph_format.page_break_before]
    assert breaks == [figure.caption, ""]
    (picture,) = file.element.body.iter(qn("wp:docPr"))
    assert picture.get("descr") == figure.alt
    assert [len(table.rows[0]._tr.trPr.findall(qn("w:tblHeader"))) for table in file.tables] == [0, 1]


def test_a_figure_is_seen_or_told(figure: Figure) -> None:
    document = (figure,)
    (image,) = lxml.html.fromstring(html(document)).iter("img")
    assert image.get("alt") == figure.alt
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    assert f"![{figure.alt}](<{figure.picture.as_posix()}>)" in markdown(document)
    file = io.StringIO()
    show(document, Console(file=file, width=400, markup=False, emoji=False, highlight=False))
    assert figure.caption in file.getvalue()
    assert str(figure.picture) in file.getvalue()


@given(documents)
@settings(max_examples=30)
def test_a_page_has_the_sections_that_it_lists(document: Document) -> None:
    told = page((document,), "en", "a <title>", "p { margin: 0 }", ("left", "right"), "other.html", contents=True)
    tree = lxml.html.fromstring(told)
    links = [link.get("href") for link in tree.xpath("//nav//a")]
    assert links == [f"#{section.get('id')}" for section in tree.iter("section")]
    assert len(links) == sum(isinstance(block, Text) and block.kind == "heading" for block in document)
    wanted = [squeezed(visible(text)) for block in document for text in said(block)]
    assert all(text in squeezed(tree.text_content()) for text in wanted)
    assert tree.findtext(".//title") == "a <title>"


def test_one_table_is_rounded_for_people_and_whole_for_a_file() -> None:
    columns = tuple(Column(name, both("column_name")) for name in ("what", "amount", "band", "moved"))
    row = ("a", 1.23456, (0.5, float("inf")), Chance(0.02, signed=True))
    table = Table("t", ("What", "Amount", "Band", "Moved"), (row,), stem="t", columns=columns)
    assert table.told == (("a", "1.23", "≥0.50", "+2.0"),)
    assert table.only(("moved", "what")).rows == ((Chance(0.02, signed=True), "a"),)
    data = csv_table(table)
    assert [column.name for column in data.columns] == ["what", "amount", "band_low", "band_high", "moved"]
    assert [*data.rows[0]] == ["a", 1.23456, 0.5, float("inf"), 2.0]


def test_what_says_nothing_takes_no_room() -> None:
    assert listed("Notes") == ()
    assert paragraphs("", "a", "").lines == ("a",)
    for nothing in (paragraphs(""), entries()):
        assert html((nothing,)) == ""
        assert markdown((paragraphs("a"), nothing, paragraphs("b"))) == "a\n\nb\n"
