"""What is told of an answer, in order: blocks that do not know in which medium they will stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from shudian.report.render.cells import Cell, shown

if TYPE_CHECKING:
    from shudian.report.render.csv_tables import Column

Kind = Literal["title", "finding", "heading", "subheading", "paragraph", "note", "list", "steps", "command"]
ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of one kind: what heads others, a finding that stands out, a note that does not, a list, a command."""

    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; the first column names the row. With `stem` and `columns` it is a file's table too."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    leading: int = 0
    """Rows at the top that are not packages, and are set apart."""
    below: tuple[str, ...] = ()
    """Remarks beneath the table."""
    loud: tuple[int, ...] = ()
    """Rows that must not be overlooked."""
    stem: str = ""
    """Of its file."""
    columns: tuple[Column, ...] = ()
    """What its file calls the columns, whose `head` is for people."""

    @property
    def told(self) -> tuple[tuple[str, ...], ...]:
        """The rows as people read them."""
        return tuple(tuple(map(shown, row)) for row in self.rows)

    def column(self, name: str) -> int:
        """The place of the column that its file calls `name`."""
        return [column.name for column in self.columns].index(name)

    def only(self, names: Sequence[str]) -> Table:
        """The columns that its file calls by `names`, in their order."""
        kept = [self.column(name) for name in names]
        return replace(
            self,
            head=tuple(self.head[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
            columns=tuple(self.columns[place] for place in kept),
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: a PNG, beside which it stands as SVG under the same name."""

    picture: Path
    alt: str
    """What it shows, for who does not see it."""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """What an answer cannot carry: in short on a terminal, at length in a file; an alarm as a whole everywhere."""

    kind: str
    """As of `shudian.kinds.Caution`, or ALARM."""
    short: str
    long: tuple[str, ...]

    @property
    def is_alarm(self) -> bool:
        """Whether it must not be overlooked, so that it is shouted."""
        return self.kind == ALARM


@dataclass(frozen=True, slots=True)
class Reference:
    """A document that something rests on, and where it stands."""

    what: str
    address: str = ""


Block = Text | Table | Figure | Caution | Reference
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


def subheading(line: str) -> Text:
    """A heading below a heading."""
    return Text("subheading", (line,))


def paragraphs(*lines: str) -> Text:
    """Those of `lines` that say something."""
    return Text("paragraph", tuple(line for line in lines if line))


def notes(*lines: str) -> Text:
    """Those of `lines` that say something, as remarks that stand back."""
    return Text("note", tuple(line for line in lines if line))


def steps(*lines: str) -> Text:
    """Lines of a numbered list."""
    return Text("steps", lines)


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
            told += f" ({line})" if "–" in line or line == "—" else f"; {line}"
    return told
