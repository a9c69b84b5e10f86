"""A Document as a piece of HTML, for a cell of a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from shudian.plain_text import visible
from shudian.report.document import Block, Document, Table

_TAGS = {"title": "h3", "heading": "h4", "finding": "b", "paragraph": "span", "list": "li", "command": "code"}


def html(document: Document) -> str:
    """`document`; whatever stands in a text is shown as it is."""
    return "".join(map(_block, document))


def _block(block: Block) -> str:
    if isinstance(block, Table):
        head, *rows = (_row(cells, tag) for cells, tag in ((block.head, "th"), *((row, "td") for row in block.told)))
        below = "".join(f"<p><small>{_shown(line)}</small></p>" for line in block.below)
        caption = f"<caption>{_shown(block.title)}</caption>"
        return f"<table>{caption}<thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>{below}"
    if not block.lines:
        return ""
    tag = _TAGS[block.kind]
    lines = [f"<{tag}>{_shown(line)}</{tag}>" for line in block.lines]
    if block.kind == "list":
        return f"<ul>{''.join(lines)}</ul>"
    return "".join(lines if tag.startswith("h") else (f"<p>{line}</p>" for line in lines))


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{_shown(cell)}</{tag}>' for cell in cells)}</tr>"


def _shown(text: str) -> str:
    return escape(visible(text)).replace("\n", "<br>")
