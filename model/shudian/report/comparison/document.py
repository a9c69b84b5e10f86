"""A comparison: what is told first, all that a terminal shows, and the whole for a file."""

from __future__ import annotations

from shudian.answers.compare import Compared
from shudian.kinds import Language
from shudian.report.comparison.reviews import review_tables
from shudian.report.comparison.reviews import worth_text as reviews_text
from shudian.report.comparison.tables import comparison_tables, short_table
from shudian.report.comparison.words import details, headline, structure_text, worth_text
from shudian.report.document import Document, Table, finding, listed, paragraphs, title
from shudian.report.run import short as first
from shudian.report.run.strip import strip
from shudian.report.run.tables import reviews as how_often
from shudian.report.words.cautions import caution_blocks, caution_list, cautions, idle_lines, others_than_idle
from shudian.report.words.finding_text import basis_text, notes
from shudian.wording import say


def shock_titles(comparison: Compared, language: Language) -> dict[str, str]:
    """What each shock is called."""
    return {shock.name: shock.title.text(language) for shock in comparison.choice.shocks}


def short(comparison: Compared, name: str, language: Language) -> Document:
    """The answer, one table, and what to do next; `name` is what the first package was called on the command line."""
    verdicts, found = comparison.choice.verdicts, comparison.assessment
    several, asked = len(found.peers) > 1, verdicts.pairing.asked
    return (
        finding(headline(found, verdicts, shock_titles(comparison, language), language)),
        paragraphs(
            worth_text(found, verdicts, language) if several else "",
            *(reviews_text(one, verdicts, language) for one in comparison.reviews if one.scenario == asked),
            structure_text(found, verdicts, language),
            *idle_lines(cautions(verdicts), language),
            first.basis(verdicts, language),
        ),
        short_table(found, verdicts, language),
        paragraphs(*first.ending(verdicts, language, name, "short_next_compare")),
    )


def full(comparison: Compared, language: Language) -> Document:
    """All that a terminal shows."""
    verdicts, found, shocks = comparison.choice.verdicts, comparison.assessment, shock_titles(comparison, language)
    return (
        finding(headline(found, verdicts, shocks, language)),
        paragraphs(*idle_lines(cautions(verdicts), language), *_told(comparison, language)),
        short_table(found, verdicts, language),
        paragraphs(*strip(verdicts, language)),
        *comparison_tables(found, comparison.choice, shocks, language),
        *_reviews(comparison, language),
        *caution_blocks(others_than_idle(cautions(verdicts)), language),
    )


def whole(comparison: Compared, language: Language) -> Document:
    """All that was found, for a file."""
    verdicts, found, shocks = comparison.choice.verdicts, comparison.assessment, shock_titles(comparison, language)
    return (
        title(say("compare_title", language)),
        finding(headline(found, verdicts, shocks, language)),
        paragraphs(*strip(verdicts, language)),
        paragraphs(*_told(comparison, language)),
        *comparison_tables(found, comparison.choice, shocks, language),
        *_reviews(comparison, language),
        *caution_list(cautions(verdicts), language),
        *listed(say("notes_title", language), *notes(verdicts, language)),
    )


def _reviews(comparison: Compared, language: Language) -> list[Table]:
    verdicts = comparison.choice.verdicts
    found = [table for one in comparison.reviews for table in review_tables(one, verdicts, language)]
    return [*how_often(verdicts, language), *found]


def _told(comparison: Compared, language: Language) -> tuple[str, ...]:
    verdicts, found = comparison.choice.verdicts, comparison.assessment
    told = list(details(found, verdicts, comparison.choice.model, language))
    told += [reviews_text(one, verdicts, language) for one in comparison.reviews]
    return (*told, structure_text(found, verdicts, language), basis_text(verdicts, language))
