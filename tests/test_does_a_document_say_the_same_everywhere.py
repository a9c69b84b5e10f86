"""Does a document say the same in every medium, whatever its texts are?

Does NOT establish that an answer's document says all that was found, nor that Markdown is safe to render
(`test_can_a_strangers_text_do_harm`); Word files and figures have renderers of their own.
"""

from __future__ import annotations

import io
from collections import Counter
from typing import get_args

import lxml.html
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from shudian.plain_text import visible
from shudian.report.document import Block, Document, Kind, Table, Text, entries, listed, paragraphs
from shudian.report.render.html import html
from shudian.report.render.markdown import markdown
from shudian.report.render.terminal import show

ALLOWED = {"b", "span", "li", "ul", "p", "h3", "h4", "code", "table", "thead", "tbody", "tr", "th", "td", "caption",
           "small", "br", "div"}  # fmt: skip
STRANGE = ["<img src=x onerror=alert(1)>", "# a", "a | b", "1. b", "**c**", "&lt;d", "中文“引”", "a_b_c"]
words = st.text("abcdefgh 中文字", min_size=1, max_size=12).map(str.strip).filter(bool)
line = words | st.sampled_from(STRANGE)
texts = st.builds(Text, st.sampled_from(get_args(Kind)), st.lists(line, min_size=1, max_size=3).map(tuple))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(2, 4))
    row = st.lists(line, min_size=columns, max_size=columns).map(tuple)
    rows = draw(st.lists(row, min_size=1, max_size=3))
    return Table(draw(line), draw(row), tuple(rows), below=tuple(draw(st.lists(line, max_size=2))))


documents: st.SearchStrategy[Document] = st.lists(texts | tables(), min_size=1, max_size=4).map(tuple)


def said(block: Block) -> list[str]:
    """Every text of a block."""
    if isinstance(block, Table):
        return [block.title, *block.head, *(cell for row in block.rows for cell in row), *block.below]
    return list(block.lines)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(documents)
def test_html_shows_every_text_and_nothing_acts(document: Document) -> None:
    tree = lxml.html.fromstring(f"<div>{html(document)}</div>")
    assert {element.tag for element in tree.iter()} <= ALLOWED
    assert not any(element.attrib for element in tree.iter())
    shown = squeezed(tree.text_content())
    assert shown == squeezed("".join(visible(text) for block in document for text in said(block)))


@given(documents)
def test_markdown_shows_every_text(document: Document) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown(document))
    inner = [child for token in tokens for child in token.children or ()]
    shown = squeezed("".join(child.content for child in inner if child.type in ("text", "code_inline")))
    wanted = squeezed("".join(visible(text) for block in document for text in said(block)))
    assert shown == wanted.replace("|", "&#124;") or shown == wanted


@given(documents)
def test_a_wide_terminal_shows_every_text(document: Document) -> None:
    file = io.StringIO()
    show(document, Console(file=file, width=400, markup=False, emoji=False, highlight=False))
    # heads and cells are broken into lines beside each other: the same characters in another order
    wanted = Counter(squeezed("".join(text for block in document for text in said(block))))
    assert wanted <= Counter(file.getvalue())


def test_what_says_nothing_takes_no_room() -> None:
    assert listed("Notes") == ()
    assert paragraphs("", "a", "").lines == ("a",)
    for nothing in (paragraphs(""), entries()):
        assert html((nothing,)) == ""
        assert markdown((paragraphs("a"), nothing, paragraphs("b"))) == "a\n\nb\n"
