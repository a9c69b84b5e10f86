"""Does a document say the same in every medium, whatever its texts are?

Does NOT establish that an answer's document says all that was found, nor that Markdown is safe to render
(`test_can_a_strangers_text_do_harm`).
"""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import get_args

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image
from rich.console import Console

from shudian.plain_text import visible
from shudian.report.cells import Chance, Printed, Signed, shown
from shudian.report.csv_tables import Column, both, csv_table
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
from shudian.report.render.html import html, page
from shudian.report.render.markdown import markdown
from shudian.report.render.terminal import show

ALLOWED = {"b", "li", "ul", "ol", "p", "h3", "h4", "h5", "code", "table", "thead", "tbody", "tr", "th", "td", "caption",
           "small", "br", "div", "a", "strong", "figure", "figcaption", "img"}  # fmt: skip
CLASSES = re.compile(r"(scroll( long)?( wide)?|loud|number|short|long-text|alarm|reference)")
STRANGE = [
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
def test_a_page_has_the_sections_that_it_lists(tmp_path_factory: pytest.TempPathFactory, document: Document) -> None:
    style = tmp_path_factory.getbasetemp() / "style.css"
    style.write_text("p { margin: 0 }\n", encoding="utf-8")
    told = page((document,), "en", "a <title>", style, ("left", "right"), "other.html", contents=True)
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
