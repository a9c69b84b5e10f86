"""What fits on the brief's two pages, the same in Word and HTML; the workbook has everything.

Word processors break lines each in its own way, so that lengths are estimated with some room to spare.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from shudian.kinds import Language
from shudian.report.brief.content import Brief
from shudian.report.document import Figure, Reference
from shudian.wording import say, width

MOST_PACKAGES = 5
"""With more the table does not fit, or the figures become too small to read."""
FIGURES_HEIGHT = 16.0
"""Centimetres that both figures may take together; they are drawn smaller where they would take more."""
_PAGE = 62
"""Lines of small text (8.5 points) that a page holds."""
_COLUMNS: Mapping[Language, int] = {"zh": 112, "en": 125}
"""Columns of small text in a line, as `width` counts them; Latin letters are narrower than half a Chinese one."""
_FEWEST, _MOST_SOURCES = 1, 9
"""Assumptions shown at least, and lines for sources."""


def shrink(pictures: Iterable[Figure], text_width: float) -> float:
    """The share of `text_width` (centimetres) at which `pictures` have room together."""
    return min(1.0, FIGURES_HEIGHT / (sum(_shape(figure.picture) for figure in pictures) * text_width))


def _shape(png: Path) -> float:
    """Height of a picture as a share of its width."""
    from PIL import Image

    with Image.open(png) as picture:
        return picture.height / picture.width


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
