"""A sweep: what is told first, and the whole."""

from __future__ import annotations

from shudian.answers.sweep import Sweep
from shudian.kinds import Language
from shudian.report import document
from shudian.report.document import Document, entries, finding, heading, notes
from shudian.report.sweep.tables import best_table
from shudian.report.sweep.words import (
    basis,
    best_text,
    box_lines,
    command_for,
    form_lines,
    headline,
    kept_text,
    limits,
    pair_lines,
    range_lines,
    regret_text,
)
from shudian.wording import say

_FIRST, _ALL = 3, 12
"""Points in the table of the short answer, and of the whole."""


def short(found: Sweep, language: Language) -> Document:
    """How far outcomes move, the best points, what works only together, and what to do next."""
    return (
        finding(headline(found, language, every=False)),
        best_table(found, _FIRST, language, chances=False),
        document.paragraphs(
            best_text(found, language),
            *(pair_lines(found, language)[:1] if any(pair.told for pair in found.pairs) else ()),
            basis(found, language),
            say("sweep_next", language, command=command_for(found)),
        ),
    )


def whole(found: Sweep, language: Language) -> Document:
    """All that was found."""
    return (
        document.title(say("sweep_title_of", language, package=found.base.title.text(language))),
        finding(headline(found, language)),
        best_table(found, _ALL, language),
        document.paragraphs(
            best_text(found, language),
            regret_text(found, language),
            kept_text(found, language),
            *range_lines(found, language),
            *limits(found, language),
        ),
        heading(say("sweep_pairs", language)),
        entries(*pair_lines(found, language)),
        heading(say("sweep_boxes", language)),
        entries(*box_lines(found, language)),
        heading(say("sweep_forms", language)),
        entries(*form_lines(found, language)),
        notes(basis(found, language)),
    )
