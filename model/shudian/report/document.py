"""What is told of an answer, in order: texts and tables that do not know in which medium they will stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["title", "finding", "heading", "paragraph", "list", "command"]


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of one kind: a title, a finding that stands out, a heading, paragraphs, entries of a list, a command."""

    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of texts; the first column names the row."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    leading: int = 0
    """Rows at the top that are not packages, and are set apart."""
    below: tuple[str, ...] = ()
    """Remarks beneath the table."""


Block = Text | Table
Document = tuple[Block, ...]


def title(line: str) -> Text:
    """What the whole is called."""
    return Text("title", (line,))


def finding(line: str) -> Text:
    """The answer, which stands out."""
    return Text("finding", (line,))


def heading(line: str) -> Text:
    """What the next blocks are about."""
    return Text("heading", (line,))


def paragraphs(*lines: str) -> Text:
    """Those of `lines` that say something."""
    return Text("paragraph", tuple(line for line in lines if line))


def entries(*lines: str) -> Text:
    """Lines of a list."""
    return Text("list", lines)


def command(line: str) -> Text:
    """What is typed, as it is typed."""
    return Text("command", (line,))


def listed(head: str, *lines: str) -> Document:
    """A list below its heading; nothing where it has no entry."""
    return (heading(head), entries(*lines)) if lines else ()


def one_line(cell: str) -> str:
    """A cell of several lines in one: an interval, which stands on the second, in brackets behind its median."""
    told, *others = cell.split("\n")
    for line in others:
        if line.startswith("（"):
            told += line
        elif line[:1] in "(±" or told.endswith("–"):
            told += f" {line}"
        else:
            told += f" ({line})" if "–" in line else f"; {line}"
    return told
