"""The one writer of Markdown: whatever stands in a title stays a title, and a table keeps its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shudian.plain_text import visible
from shudian.report.document import Block, Caution, Document, Figure, Reference, Table, Text

_ACTIVE = re.compile(
    r"""[`*~$]                            # code, emphasis, strike, mathematics
    | \\ (?=[!-/:-@\[-`{-~]|\n|$)         # a backslash that would take the next character's meaning
    | (?<![^\W_])_ | _(?![^\W_])          # emphasis, but not the middle of an identifier
    | \] (?=[(\[:])                       # the text of a link
    """,
    re.VERBOSE,
)
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BLOCK = re.compile(r"^(\d*)([#>+=.)-])")
"""What begins a heading, a quotation, an entry of a list or a rule at the start of a line."""

_LISTS = {"list": "- ", "steps": "1. "}
_AROUND = {"title": ("# ", ""), "finding": ("**", "**"), "heading": ("## ", ""), "subheading": ("### ", "")}
"""What stands before and behind a text of a kind."""


def markdown(document: Document) -> str:
    """`document` as a file."""
    return "\n\n".join(part for block in document for part in _parts(block)) + "\n"


def _parts(block: Block) -> list[str]:
    match block:
        case Table():
            heading = [f"## {paragraph(block.title)}"] if block.title else []
            return [*heading, grid(block.head, block.told), *map(paragraph, block.below)]
        case Figure():
            caption = [paragraph(block.caption)] if block.caption else []
            return [*caption, f"![{paragraph(block.alt)}](<{block.picture.as_posix()}>)"]
        case Caution(is_alarm=True):
            return [" ".join([f"**{paragraph(block.short)}**", *map(paragraph, block.long)])]
        case Caution():
            return [_list(block.long, "- ")]
        case Reference():
            return [f"- {paragraph(f'{block.what} {block.address}'.rstrip())}"]
    return _text(block)


def _text(block: Text) -> list[str]:
    if block.kind == "command":
        return [code(line) for line in block.lines]
    if block.kind in _LISTS:
        return [_list(block.lines, _LISTS[block.kind])] if block.lines else []
    before, behind = _AROUND.get(block.kind, ("", ""))
    return [f"{before}{paragraph(line)}{behind}" for line in block.lines]


def _list(lines: Sequence[str], mark: str) -> str:
    return "\n".join(f"{mark}{paragraph(line)}" for line in lines)


def paragraph(line: str) -> str:
    """`line` on one line as Markdown that shows just it: a heading, an entry of a list, a paragraph."""
    return _BLOCK.sub(r"\1\\\2", _inline(line).replace("\n", " ").strip())


def code(line: str) -> str:
    """`line` as it is typed: between more backticks than stand in it."""
    shown = visible(line).replace("\n", " ")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return f"{fence} {shown} {fence}" if shown.startswith("`") or shown.endswith("`") else f"{fence}{shown}{fence}"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column stands to the left and the others to the right."""
    rule = "| " + " | ".join(["---", *["---:"] * (len(head) - 1)]) + " |"
    return "\n".join([_row(head), rule, *(_row(row) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_inline(cell).replace("|", "&#124;").replace("\n", "<br>") for cell in cells) + " |"


def _inline(line: str) -> str:
    plain = _ENTITY.sub("&amp;", visible(line))
    return _TAG.sub("&lt;", _ACTIVE.sub(r"\\\g<0>", plain))
