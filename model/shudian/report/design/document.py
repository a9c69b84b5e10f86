"""A design: what is told first, and the whole."""

from __future__ import annotations

from dataclasses import replace

from shudian.analysis.design import Design
from shudian.kinds import Language
from shudian.report import document
from shudian.report.design.tables import levers_table, mixes_table
from shudian.report.design.words import basis, headline, paragraphs
from shudian.report.document import Document, finding
from shudian.wording import say

_SHORT = 3
"""Shipped packages, the base first, that stand below the mixes in the short answer."""


def short(found: Design, language: Language) -> Document:
    """The answer, the mixes beside the base and some packages, and what to do next."""
    table, told = mixes_table(found, language), paragraphs(found, language)
    few = replace(table, rows=table.rows[: table.leading + _SHORT])
    return (
        finding(headline(found, language)),
        few,
        document.paragraphs(told[0], basis(found, language), say("design_next", language)),
    )


def whole(found: Design, language: Language) -> Document:
    """All that was found."""
    return (
        document.title(say("design_title", language)),
        finding(headline(found, language)),
        mixes_table(found, language),
        document.paragraphs(*paragraphs(found, language)),
        levers_table(found, language),
    )
