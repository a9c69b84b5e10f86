"""Tables on the terminal: whatever its width, no cell is cut, because a cut number is a wrong number.

A table that is too wide has first a narrower column of labels. Then a table of few rows is turned, so that its
measures stand below each other; any other is split into several with the labels repeated. Where a label and two
columns have no room side by side, each row is written as a list.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from rich import box
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table as Drawn

from shudian.report.document import Block, Caution, Document, Figure, Reference, Table, Text, one_line
from shudian.wording import width, wrap

if TYPE_CHECKING:
    from rich.console import Console

_HEAD, _CELL = 12, 26
"""Columns that a heading and a cell take before they are broken into lines."""
_MARKS = {"list": "· ", "command": "  "}
"""What lines of a kind begin with; a command that is indented stays whole, to be copied."""
_BOLD = ("title", "finding", "heading", "subheading")
_LABEL, _LEAST_LABEL = 46, 18
"""Most and fewest columns of the labels."""


def show(document: Document, console: Console) -> None:
    """Print `document`: what stands out in bold, with a line of air before it, and around each table and alarm."""
    before: Block | None = None
    for block in document:
        if _has_air(block, before):
            console.print()
        match block:
            case Table():
                render(block, console)
            case Figure():
                put(console, f"{block.caption or block.alt}  {block.picture}")
            case Caution(is_alarm=True):
                put(console, f"!!! {block.short}{''.join(block.long)}", style="bold white on red")
            case Caution():
                put(console, block.short)
            case Reference():
                put(console, f"· {block.what} {block.address}".rstrip())
            case Text():
                for number, line in enumerate(block.lines, 1):
                    mark = f"{number}. " if block.kind == "steps" else _MARKS.get(block.kind, "")
                    put(console, mark + line, style="bold" if _stands_out(block) else "")
        before = block


def _has_air(block: Block, before: Block | None) -> bool:
    """Whether an empty line stands between a block and the one before it."""
    if isinstance(block, Table) or _is_alarm(block):
        return True
    return before is not None and (_is_alarm(before) or (_stands_out(block) and not _stands_out(before)))


def _is_alarm(block: Block) -> bool:
    return isinstance(block, Caution) and block.is_alarm


def _stands_out(block: Block) -> bool:
    return isinstance(block, Text) and block.kind in _BOLD


def text_columns(console: Console) -> int:
    """The columns of running text: the terminal's, but no line longer than one reads with ease."""
    return min(console.width, 110) - 2


def put(console: Console, text: str, style: str = "") -> None:
    """Print a paragraph to the terminal; one that is indented is a command, and stays whole to be copied."""
    lines = text if text.startswith("  ") else wrap(text, text_columns(console))
    console.print(lines, style=style, soft_wrap=True)


def render(table: Table, console: Console) -> None:
    """Print `table` to the terminal, in as many tables as its width needs."""
    if table.title:
        put(console, table.title, style="bold")
    parts = _parts(table, console)
    for position, part in enumerate(parts):
        if position:
            console.print()
        console.print(_drawn(part, _room(part, console)))
    if not parts:
        _print_list(table, console)
    for line in table.below:
        put(console, line)


def _parts(table: Table, console: Console) -> list[Table]:
    """The tables, each narrow enough, that together show `table`; none where labels and two columns are too wide."""
    if _fits(table, console):
        return [table]
    turned = _turned(table)
    if not table.leading and len(table.told) < len(turned.rows) and _fits(turned, console):
        return [turned]
    count = len(table.head) - 1
    for parts in range(2, count // 2 + 1):
        bounds = [1 + round(part * count / parts) for part in range(parts + 1)]
        found = [_columns(table, start, end) for start, end in pairwise(bounds)]
        if all(_fits(part, console) for part in found):
            return found
    return []


def _columns(table: Table, start: int, end: int) -> Table:
    """The labels and some columns of `table`, without rows that are empty there."""
    kept = [any(row[start:end]) for row in table.told]
    rows = tuple((row[0], *row[start:end]) for row, keep in zip(table.told, kept, strict=True) if keep)
    head = (table.head[0], *table.head[start:end])
    return replace(table, head=head, rows=rows, leading=sum(kept[: table.leading]))


def _turned(table: Table) -> Table:
    """`table` with rows and columns exchanged: a line for each measure."""
    head, *rows = zip(*(map(one_line, row) for row in (table.head, *table.told)), strict=True)
    return replace(table, head=head, rows=tuple(rows))


def _fits(table: Table, console: Console) -> bool:
    return _room(table, console) >= min(_LEAST_LABEL, _widest_label(table))


def _room(table: Table, console: Console) -> int:
    """How many columns the labels have beside all others; what they need, where that is less."""
    options = console.options.update(width=10_000)
    taken = Measurement.get(console, options, _drawn(table, 1)).maximum - 1
    return min(_LABEL, console.width - taken, _widest_label(table))


def _widest_label(table: Table) -> int:
    return max(width(line) for row in (table.head, *table.told) for line in row[0].split("\n"))


def _drawn(table: Table, label: int) -> Drawn:
    drawn = Drawn(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 0, 0, 1))
    drawn.add_column(wrap(table.head[0], label), width=label, overflow="fold")
    for head in table.head[1:]:
        drawn.add_column(_lines(head, _HEAD), justify="right", no_wrap=True)
    for position, row in enumerate(table.told, 1):
        # intervals stand closer than in a document, so that the columns fit
        cells = (_lines(cell.replace(" – ", "–"), _CELL) for cell in row[1:])
        drawn.add_row(wrap(row[0], label), *cells, end_section=position == table.leading)
    return drawn


def _lines(text: str, columns: int) -> str:
    return "\n".join(wrap(line, columns) for line in text.split("\n"))


def _print_list(table: Table, console: Console) -> None:
    """Each row as a list of what its columns hold."""
    for row in table.told:
        console.print(wrap(row[0], text_columns(console)), style="bold")
        for head, cell in zip(map(one_line, table.head[1:]), map(one_line, row[1:]), strict=True):
            colon = ": " if width(head) == len(head) else "："
            if cell:
                line = wrap(f"{head}{colon}{cell.replace(' – ', '–')}", text_columns(console) - 2)
                console.print(Padding(line, (0, 0, 0, 2)))
