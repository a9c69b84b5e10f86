"""A Document as HTML: a piece for a cell of a notebook, or a page that needs nothing else.

Whatever stands in a text is shown as it is: texts are escaped, and what acts or hides in them is spelt.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from itertools import count, pairwise

from shudian.kinds import Language
from shudian.plain_text import visible
from shudian.report.document import Block, Caution, Document, Figure, Reference, Table, Text
from shudian.report.render.cells import Cell, shown

_LISTS = {"list": "ul", "steps": "ol"}
_HEADS = {"title": 0, "heading": 1, "subheading": 2}
"""How far a text's heading stands below the highest."""
_INNER = {"finding": "b", "note": "small", "command": "code"}
_SHORT, _MANY, _WIDE = 11, 25, 10
"""Characters of a cell that is not broken over lines; rows and columns from which on a page scrolls a table."""
_WEB = ("http://", "https://")


def html(document: Document, highest: int = 3) -> str:
    """`document`, whose title is a heading of level `highest`."""
    return "".join(_block(block, highest) for block in document)


def page(
    pages: Sequence[Document], language: Language, title: str, style: str, top: tuple[str, str], other: str = "",
    contents: bool = False,
) -> str:  # fmt: skip
    """A whole page on `pages` of paper: `title` and `style` (CSS) are its own, `top` stands above all.

    `other` is the file to which the second part of `top` leads; with `contents` the sections are numbered and listed.
    """
    left, right = (f"<span>{_shown(text)}</span>" for text in top)
    if other:
        right = f'<a href="{escape(other)}">{_shown(top[1])}</a>'
    numbers = count(1)
    body = "".join(f'<div class="page">{_paper(document, contents, numbers)}</div>' for document in pages)
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_shown(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<div class="top">{left}{right}</div>\n{body}\n</body>\n</html>\n'
    )


def _paper(document: Document, contents: bool, numbers: count[int]) -> str:
    """One page: what stands before the first heading, the list of sections, and each section."""
    starts = [place for place, block in enumerate(document) if isinstance(block, Text) and block.kind == "heading"]
    parts = [document[start:end] for start, end in pairwise([*starts, len(document)])]
    told, listed = [html(document[: starts[0]] if starts else document, 1)], []
    sections = []
    for number, (head, *rest) in zip(numbers, parts, strict=False):
        assert isinstance(head, Text)
        name = "".join(map(_shown, head.lines))
        listed.append(f'<li><a href="#s{number}">{name}</a></li>')
        shown_name = f"{number}. {name}" if contents else name
        sections.append(f'\n<section id="s{number}">\n<h2>{shown_name}</h2>\n{html(tuple(rest), 1)}\n</section>')
    if contents:
        told.append(f"<nav><ol>{''.join(listed)}</ol></nav>")
    return "".join([*told, *sections])


def _block(block: Block, highest: int) -> str:
    match block:
        case Table():
            return _table(block)
        case Figure():
            data = base64.b64encode(block.picture.with_suffix(".svg").read_bytes()).decode()
            caption = f"<figcaption>{_shown(block.caption)}</figcaption>" if block.caption else ""
            image = f'<img alt="{_shown(block.alt)}" src="data:image/svg+xml;base64,{data}">'
            return f"<figure>{caption}{image}</figure>\n"
        case Caution(is_alarm=True):
            long = "".join(map(_shown, block.long))
            return f'<div class="alarm"><p><strong>{_shown(block.short)}</strong><br>{long}</p></div>\n'
        case Caution():
            return _lines(Text("list", block.long), highest)
        case Reference():
            link = f'<a href="{_shown(block.address)}">{_shown(block.address)}</a>'
            address = link if block.address.startswith(_WEB) else _shown(block.address)
            return f'<p class="reference">{_shown(block.what)} {address}</p>\n'
    return _lines(block, highest)


def _lines(block: Text, highest: int) -> str:
    if not block.lines:
        return ""
    told = [_shown(line) for line in block.lines]
    if block.kind in _LISTS:
        tag = _LISTS[block.kind]
        return f"<{tag}>{''.join(f'<li>{line}</li>' for line in told)}</{tag}>\n"
    if block.kind in _HEADS:
        tag = f"h{highest + _HEADS[block.kind]}"
        return "".join(f"<{tag}>{line}</{tag}>\n" for line in told)
    inner = _INNER.get(block.kind)
    return "".join(f"<p><{inner}>{line}</{inner}></p>\n" if inner else f"<p>{line}</p>\n" for line in told)


def _table(table: Table) -> str:
    caption = f"<caption>{_shown(table.title)}</caption>" if table.title else ""
    head = "".join(f'<th scope="col">{_shown(text)}</th>' for text in table.head)
    top = f"<thead><tr>{head}</tr></thead>" if head else ""
    body = "\n".join(_row(table, number) for number in range(len(table.rows)))
    size = "scroll" + " long" * (len(table.rows) > _MANY) + " wide" * (len(table.head) > _WIDE)
    below = "".join(f"<p><small>{_shown(line)}</small></p>\n" for line in table.below)
    return f'<div class="{size}"><table>{caption}{top}<tbody>{body}</tbody></table></div>\n{below}'


def _row(table: Table, number: int) -> str:
    cells = [_cell(cell) for cell in table.rows[number]]
    if not table.head:
        cells[0] = f'<th scope="row">{_shown(shown(table.rows[number][0]))}</th>'
    loud = ' class="loud"' if number in table.loud else ""
    return f"<tr{loud}>{''.join(cells)}</tr>"


def _cell(cell: Cell) -> str:
    first, *others = shown(cell).split("\n")
    text = _shown(first) + "".join(f"<br>\n<small>{_shown(line)}</small>" for line in others)
    return f'<td class="{_style(cell)}">{text}</td>'


def _style(cell: Cell) -> str:
    if not isinstance(cell, str) or cell.replace(",", "").replace(".", "").isdecimal():
        return "number"
    return "short" if len(cell) <= _SHORT else "long-text"


def _shown(text: str) -> str:
    return escape(visible(text)).replace("\n", "<br>\n")
