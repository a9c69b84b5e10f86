"""Which of the printed numbers tell the same, so that each statement counts once.

A level and its growth rate in one report are one statement; so are two numbers that one office prints for the same
thing and time, and a number that another outlet prints again. A count that stands word for word a few months later is
the old one, copied, and no second success or failure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from shudian.evidence import load_sources, source_of
from shudian.forecasts.scored import Scored
from shudian.indicators import Reading
from shudian.kinds import Figure, Source
from shudian.observe.words import word_of

COPY = 12.0
"""Months for which a count that is printed again without any change is taken for a copy."""
_UNNAMED = "未署名"
"""How sources.toml begins where a page names nobody."""
_COUNTED: tuple[Reading, ...] = ("end", "mean")
"""Readings whose number does not grow with the length of its period."""


def counted_once(rows: Sequence[Scored]) -> tuple[Scored, ...]:
    """`rows` with `repeats` set on each that tells the same as another one that counts.

    Of those that tell the same, a level counts before a growth rate, one whose definition was stated before one that
    was read from the text, a narrow range before a wide one and an earlier row before a later one.
    """
    sources = load_sources()
    groups: list[list[int]] = []
    for index in (index for index, row in enumerate(rows) if row.counts):
        same = [group for group in groups if any(_tells_the_same(rows[i], rows[index], sources) for i in group)]
        groups = [group for group in groups if group not in same]
        groups.append([*(i for group in same for i in group), index])
    first = {index: min(group, key=lambda i: _rank(rows[i], i)) for group in groups for index in group}
    return tuple(
        replace(row, repeats=rows[first[index]].figure.identifier) if first.get(index, index) != index else row
        for index, row in enumerate(rows)
    )


def _rank(row: Scored, index: int) -> tuple[bool, bool, bool, float, int]:
    low, high = row.printed
    vague = word_of(row.figure) != "within"
    return row.measure != "level", row.certainty != "named", vague, high / low if low > 0 else float("inf"), index


def _tells_the_same(one: Scored, other: Scored, sources: Mapping[str, Source]) -> bool:
    if one.figure.identifier == other.figure.identifier:
        return True
    if thing_of(one.figure) != thing_of(other.figure):
        return False
    times = [(row.quantity.start, row.quantity.end) for row in (one, other)]
    offices = [office_of(row.figure, sources) for row in (one, other)]
    if times[0] == times[1] and offices[0] == offices[1]:
        return True
    return one.measure == other.measure and is_copy(one.figure, other.figure, one.quantity.reading)


def is_among(figure: Figure, known: Collection[Figure], reading: Reading) -> bool:
    """Whether `figure` is one of `known`, or its number stands there already for the same thing."""
    return any(figure.identifier == other.identifier or is_copy(figure, other, reading) for other in known)


def is_copy(figure: Figure, other: Figure, reading: Reading) -> bool:
    """Whether two figures print one number for the same thing and time, or the very same words within COPY months."""
    if words_of(figure) == words_of(other):
        return True
    same = thing_of(figure) == thing_of(other) and _printed(figure) == _printed(other)
    return same and figure.value is not None and reading in _COUNTED and _apart(figure, other) <= COPY


def _printed(figure: Figure) -> tuple[object, ...]:
    return figure.unit, figure.bound, figure.value, figure.low, figure.high


def _apart(figure: Figure, other: Figure) -> float:
    ends = [f.period_end or f.period_start for f in (figure, other)]
    if not all(ends):
        return float("inf")
    (year, month), (other_year, other_month) = (map(int, end.split("-")[:2]) for end in ends)
    return abs((year - other_year) * 12 + month - other_month)


def thing_of(figure: Figure) -> tuple[str, ...]:
    """What a figure counts, where and by which definition; a growth rate is one of what grows."""
    return figure.indicator.removesuffix("_growth"), figure.geography, figure.definition


def words_of(figure: Figure) -> tuple[object, ...]:
    """What makes a figure the same as one that another outlet printed."""
    number = figure.growth_percent if figure.value is None else figure.value
    return figure.indicator, figure.geography, figure.definition, figure.period_end, figure.unit, number


def office_of(figure: Figure, sources: Mapping[str, Source]) -> str:
    """Who speaks: the body of its source, or the source as it is written; of a page that names nobody, the page."""
    source = source_of(figure, sources)
    if source is not None and not source.body.startswith(_UNNAMED):
        return source.body
    return figure.source or figure.identifier
