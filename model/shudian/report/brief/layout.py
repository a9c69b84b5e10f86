"""What fits on the brief's two pages, the same in Word and HTML; the workbook has everything.

Word processors break lines each in its own way, so that lengths are estimated with some room to spare.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from shudian.kinds import Language
from shudian.report.brief.content import Brief
from shudian.report.document import Figure, Reference, Table
from shudian.wording import say, width

MOST_PACKAGES = 5
"""With more the table does not fit, or the figures become too small to read."""
FIGURES_HEIGHT = 5.4
"""Centimetres that the figures may take together; they are drawn smaller where they would take more."""
_PAGE = 62
"""Lines of small text (8.5 points) that a page holds."""
_COLUMNS: Mapping[Language, int] = {"zh": 112, "en": 125}
"""Columns of small text in a line, as `width` counts them; Latin letters are narrower than half a Chinese one."""
_FIRST_PAGE, _FIRST_FIXED = 70.0, 12.0
"""Lines of a table that the first page holds, and those that its title and its headings take."""
_FIXED, _LINE_OF_CENTIMETRE = 17.0, 2.4
"""Lines that headings, caption and the last table of the second page take, and lines in a centimetre."""
_FEWEST, _MOST_SOURCES = 1, 5
"""Assumptions shown at least, and lines for sources."""


def limits() -> dict[str, Any]:
    """The limits of a page, for whoever lays out the same pages elsewhere."""
    return {
        "page": _PAGE, "columns": dict(_COLUMNS), "first_page": _FIRST_PAGE, "first_fixed": _FIRST_FIXED,
        "fixed": _FIXED, "centimetre": _LINE_OF_CENTIMETRE, "fewest": _FEWEST, "sources": _MOST_SOURCES,
        "figures": FIGURES_HEIGHT,
    }  # fmt: skip


def shrink(pictures: Iterable[Figure], text_width: float) -> float:
    """The share of `text_width` (centimetres) at which `pictures` have room together."""
    return min(1.0, FIGURES_HEIGHT / (sum(_shape(figure.picture) for figure in pictures) * text_width))


def _shape(png: Path) -> float:
    """Height of a picture as a share of its width."""
    from PIL import Image

    with Image.open(png) as picture:
        return picture.height / picture.width


def with_room(brief: Brief) -> tuple[Table, Table]:
    """The two tables of the first page, the first without the rows for which it has no room."""
    language, taken = brief.language, _FIRST_FIXED
    taken += 1.25 * _lines(brief.question, language, 0.8) + 1.3 * _lines(brief.conclusion, language, 0.78)
    taken += _height(brief.outcomes, language)
    taken += _height(replace(brief.contents, rows=()), language) + 1
    room, kept = _FIRST_PAGE - taken, 0
    for row in brief.contents.told:
        room -= _row_lines(row, brief.contents, language)
        if room < 0:
            break
        kept += 1
    left = len(brief.contents.rows) - kept
    if not left:
        return brief.contents, brief.outcomes
    more = say("brief_more_levers", language, count=left, sheet=say("brief_sheet_inputs", language))
    cut = replace(brief.contents, rows=brief.contents.rows[:kept], below=(*brief.contents.below, more))
    return cut, brief.outcomes


def _height(table: Table, language: Language) -> float:
    """Lines of small text that a table takes, with what stands below it."""
    rows = sum(_row_lines(row, table, language) for row in (table.head, *table.told))
    return rows + sum(0.9 * _lines(line, language, 1.03) for line in table.below)


def _row_lines(row: Sequence[str], table: Table, language: Language) -> float:
    """A cell's second line is smaller; the first column takes what the others leave it."""
    others = len(table.head) - 1
    own = max(0.16, 1 - others * 0.145) if others else 1.0
    shares = (own, *((1 - own) / others for _ in range(others))) if others else (1.0,)
    lines = [
        sum(_lines(line, language, 0.93 * share) for line in cell.split("\n"))
        for cell, share in zip(row, shares, strict=True)
    ]
    return 0.12 + max(1.0, max(lines) * 0.97)


def assumed_lines(brief: Brief) -> tuple[str, ...]:
    """The assumptions for which the second page has room, and how many more there are."""
    language = brief.language
    taken = _FIXED + _LINE_OF_CENTIMETRE * FIGURES_HEIGHT + _MOST_SOURCES
    taken += sum(_lines(line, language) for line in brief.confidence)
    taken += sum(1.3 * _lines(head + text, language, 0.8) for head, text in brief.advice)
    room, shown = _PAGE - taken, 0
    for note in brief.assumed:
        room -= _lines(note, language)
        if room < 0 and shown >= _FEWEST:
            break
        shown += 1
    left = len(brief.assumed) - shown
    sheet = say("brief_sheet_inputs", language)
    more = (say("brief_more_notes", language, count=left, sheet=sheet),) if left > 0 else ()
    return (*brief.assumed[:shown], *more)


def references(brief: Brief) -> tuple[Reference, ...]:
    """The first sources with grade and address, and how many more there are."""
    comma, brackets = ("，", "（{}）") if brief.language == "zh" else (", ", " ({})")
    found: list[Reference] = []
    room = float(_MOST_SOURCES)
    for cited in brief.sources:
        source = cited.source
        parts = [source.title.text(brief.language), source.body, source.published]
        text = comma.join(part for part in parts if part) + brackets.format(source.grade)
        room -= _lines(f"{text} {source.address}", brief.language)
        if room < 0:
            break
        found.append(Reference(text, source.address))
    left = len(brief.sources) - len(found)
    if left:
        sheet = say("brief_sheet_sources", brief.language)
        found.append(Reference(say("brief_more_sources", brief.language, count=left, sheet=sheet)))
    return tuple(found)


def _lines(text: str, language: Language, share: float = 1.0) -> int:
    """Lines that `text` takes where a line has `share` of the page's columns."""
    return math.ceil(width(text) / (_COLUMNS[language] * share))
