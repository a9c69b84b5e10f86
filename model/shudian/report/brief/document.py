"""The brief's two pages, for every medium, in the order of a report to the city's leaders."""

from __future__ import annotations

from collections.abc import Mapping

from shudian.report.brief.content import Brief
from shudian.report.brief.layout import assumed_lines, references, with_room
from shudian.report.document import Document, Figure, Table, Text, entries, finding, heading, paragraphs, steps, title
from shudian.wording import say


def first_page(brief: Brief) -> Document:
    """The question, the conclusion, what the packages contain and what they come to."""
    contents, outcomes = with_room(brief)
    return (
        title(brief.headline),
        _head("question", brief),
        paragraphs(brief.question),
        _head("conclusion", brief),
        finding(brief.conclusion),
        _head("contents", brief),
        contents,
        _head("outcomes", brief),
        outcomes,
    )


def second_page(brief: Brief, pictures: Mapping[str, Figure]) -> Document:
    """How sure it is, the figure, what is advised and to be decided, what is assumed, the sources."""
    colon = "：" if brief.language == "zh" else ": "
    return (
        _head("confidence", brief),
        entries(*brief.confidence),
        *pictures.values(),
        _head("advice", brief),
        steps(*(f"{head}{colon}{text}" for head, text in brief.advice)),
        _head("assumed", brief),
        entries(*assumed_lines(brief)),
        _head("sources", brief),
        *references(brief),
        _head("repeat", brief),
        Table("", (), brief.repeat),
    )


def _head(name: str, brief: Brief) -> Text:
    return heading(say(f"brief_{name}_title", brief.language))
