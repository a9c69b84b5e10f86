"""What fits on the brief's two pages, the same in Word and HTML; the workbook has everything.

Word processors break lines each in its own way, so that lengths are estimated with some room to spare.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shudian.kinds import Language
from shudian.report.brief.content import Brief
from shudian.wording import say, width

MOST_PACKAGES = 5
"""With more the table does not fit, or the figures become too small to read."""
FIGURES: Mapping[str, str] = {"market": "brief_figure_market", "gain": "brief_figure_gain"}
"""Figure -> key of its caption."""
FIGURES_HEIGHT = 16.5
"""Centimetres that both figures may take together; they are drawn smaller where they would take more."""
_PAGE = 62
"""Lines of small text (8.5 points) that a page holds."""
_COLUMNS: Mapping[Language, int] = {"zh": 112, "en": 125}
"""Columns of small text in a line, as `width` counts them; Latin letters are narrower than half a Chinese one."""
_SHORT = 26
"""Columns of a value that shares its row with another."""
_FEWEST, _MOST_SOURCES = 1, 9
"""Assumptions shown at least, and lines for sources."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that may lead to a page."""

    text: str
    address: str = ""


def shrink(shapes: Sequence[float], text_width: float) -> float:
    """The share of `text_width` (centimetres) at which figures of the `shapes` height : width have room together."""
    return min(1.0, FIGURES_HEIGHT / (sum(shapes) * text_width))


def assumed_lines(brief: Brief) -> tuple[str, ...]:
    """The assumptions for which the first page has room, and how many more there are."""
    taken = 12.0 + 2.2 * _lines(brief.headline, brief.language, 0.5) + _lines(brief.basis, brief.language)
    taken += sum(1.3 * _lines(sentence, brief.language, 0.8) for sentence in brief.answer)
    taken += sum(max(2.4, 1.2 * _lines(row[0], brief.language, 0.125)) for row in brief.table.told)
    taken += sum(_lines(line, brief.language) for line in (*brief.table.below, brief.definitions, *brief.unknown))
    room, shown = _PAGE - taken, 0
    for note in brief.assumed:
        room -= _lines(note, brief.language)
        if room < 0 and shown >= _FEWEST:
            break
        shown += 1
    left = len(brief.assumed) - shown
    sheet = say("brief_sheet_inputs", brief.language)
    more = (say("brief_more_notes", brief.language, count=left, sheet=sheet),) if left > 0 else ()
    return (*brief.assumed[:shown], *more)


def source_lines(brief: Brief) -> tuple[Line, ...]:
    """The first sources with grade and address, and how many more there are."""
    comma, brackets = ("，", "（{}）") if brief.language == "zh" else (", ", " ({})")
    lines: list[Line] = []
    room = float(_MOST_SOURCES)
    for cited in brief.sources:
        source = cited.source
        parts = [source.title.text(brief.language), source.body, source.published]
        text = comma.join(part for part in parts if part) + brackets.format(source.grade)
        room -= _lines(f"{text} {source.address}", brief.language)
        if room < 0:
            break
        lines.append(Line(text, source.address))
    left = len(brief.sources) - len(lines)
    if left:
        sheet = say("brief_sheet_sources", brief.language)
        lines.append(Line(say("brief_more_sources", brief.language, count=left, sheet=sheet)))
    return tuple(lines)


def repeat_pairs(brief: Brief) -> tuple[tuple[str, ...], ...]:
    """How to repeat it, in rows of a label and a value: the longest alone in a row, the short ones in pairs."""
    long = [pair for pair in brief.repeat if width(pair[1]) > _SHORT]
    short = [pair for pair in brief.repeat if pair not in long]
    halves = zip(short[::2], [*short[1::2], ("", "")], strict=False)
    return (*long, *(one + other for one, other in halves))


def _lines(text: str, language: Language, share: float = 1.0) -> int:
    """Lines that `text` takes where a line has `share` of the page's columns."""
    return math.ceil(width(text) / (_COLUMNS[language] * share))
