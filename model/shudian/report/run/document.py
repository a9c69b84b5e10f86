"""A run: what is told first, all that a terminal shows, and the whole for a file."""

from __future__ import annotations

from pathlib import Path

from shudian.analysis.verdicts import Verdicts
from shudian.kinds import Language
from shudian.report.document import Document, finding, listed, paragraphs, title
from shudian.report.run import short as first
from shudian.report.run.strip import strip
from shudian.report.run.tables import all_tables, tables
from shudian.report.words import structures
from shudian.report.words.cautions import caution_blocks, caution_list, cautions, idle_lines, others_than_idle
from shudian.report.words.finding_text import basis_text, finding_text, notes
from shudian.report.words.review_text import review_text
from shudian.wording import say

MOST_NOTES = 20
"""Notes that a terminal shows; of more it says where they stand."""


def short(verdicts: Verdicts, name: str, language: Language) -> Document:
    """The answer, one table, and what to do next; `name` is what the package was called on the command line."""
    one = first.is_about_one(verdicts)
    return (
        *_answer(verdicts, first.basis(verdicts, language), language),
        first.effects(verdicts, language) if one else first.chances(verdicts, language),
        paragraphs(
            "" if one else first.effects_text(verdicts, language),
            first.reviews_text(verdicts, language) or first.years_text(verdicts, language),
            *first.ending(verdicts, language, name),
        ),
    )


def full(verdicts: Verdicts, place: Path, language: Language) -> Document:
    """All that a terminal shows; `place` is the folder in which the whole stands."""
    noted, file = notes(verdicts, language), place / "table.md"
    many = len(noted) > MOST_NOTES
    return (
        *_answer(verdicts, basis_text(verdicts, language), language),
        first.effects(verdicts, language),
        paragraphs(*strip(verdicts, language)),
        *tables(verdicts, language),
        *structures.tables(verdicts, language),
        *caution_blocks(others_than_idle(cautions(verdicts)), language),
        paragraphs(
            say("reported_elsewhere", language, path=file) if verdicts.reported else "",
            say("notes_elsewhere", language, count=len(noted), path=file) if many else "",
        ),
        *(() if many else listed(say("notes_title", language), *noted)),
    )


def whole(verdicts: Verdicts, language: Language) -> Document:
    """All that was found, for a file: finding, basis, all tables, notes."""
    return (
        title(say("report_title", language)),
        finding(finding_text(verdicts, language)),
        paragraphs(*strip(verdicts, language)),
        paragraphs(structures.line(verdicts, language), basis_text(verdicts, language)),
        *all_tables(verdicts, language),
        *structures.tables(verdicts, language),
        *caution_list(cautions(verdicts), language),
        *listed(say("review_list_title", language), *all_reviews(verdicts, language)),
        *listed(say("notes_title", language), *notes(verdicts, language)),
    )


def all_reviews(verdicts: Verdicts, language: Language) -> list[str]:
    """What each review of each package looks at and what follows."""
    return [
        say(
            "review_of",
            language,
            package=row.scenario.title.text(language),
            review=review_text(review, language, verdicts.city),
        )
        for row in verdicts.rows
        for review in row.scenario.reviews
    ]


def _answer(verdicts: Verdicts, basis: str, language: Language) -> Document:
    told = (*idle_lines(cautions(verdicts), language), structures.line(verdicts, language), basis)
    return finding(finding_text(verdicts, language)), paragraphs(*told)
