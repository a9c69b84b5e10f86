"""The brief's two pages, for every medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from shudian.report.brief.content import Brief
from shudian.report.brief.layout import assumed_lines, references
from shudian.report.document import Document, Figure, Table, Text, entries, heading, notes, steps, title
from shudian.wording import say


def first_page(brief: Brief) -> Document:
    """The answer, the packages compared, what is assumed and what is not known."""
    return (
        title(brief.headline),
        notes(brief.basis),
        _head("answer", brief),
        steps(*brief.answer),
        replace(brief.table, below=(*brief.table.below, brief.definitions)),
        _head("assumed", brief),
        entries(*assumed_lines(brief)),
        _head("unknown", brief),
        entries(*brief.unknown),
    )


def second_page(brief: Brief, pictures: Mapping[str, Figure]) -> Document:
    """The figures, the sources and how to repeat it."""
    return (
        *pictures.values(),
        _head("sources", brief),
        *references(brief),
        _head("repeat", brief),
        Table("", (), brief.repeat),
    )


def _head(name: str, brief: Brief) -> Text:
    return heading(say(f"brief_{name}_title", brief.language))
