"""The answer to why: what is told first, and the whole."""

from __future__ import annotations

from shudian.analysis.verdicts import YEAR
from shudian.answers.why import Why
from shudian.kinds import Language
from shudian.report.document import Block, Document, entries, finding, heading, paragraphs
from shudian.report.document import title as titled
from shudian.report.why.table import cuts_text, short_tables, tables
from shudian.report.why.words import basis_text, headline, methods, parts, second_method, story, title, total_text
from shudian.wording import say


def short(why: Why, language: Language) -> Document:
    """What drove the outcome and its difference, the greatest loops in some years, and what to do next."""
    told: list[Block] = []
    for part, table in zip(parts(why), short_tables(why, language), strict=True):
        told += [finding(headline(part, language)), paragraphs(total_text(part, YEAR, language)), table]
    return (*told, paragraphs(basis_text(why, language), say("why_next", language)))


def whole(why: Why, language: Language) -> Document:
    """All that was found."""
    told: list[Block] = [titled(headline(why.run, language)), heading(title(why.run, language))]
    told += [entries(*story(why.run, language)), paragraphs(second_method(why, language))]
    if why.difference is not None:
        told += [finding(headline(why.difference, language)), heading(title(why.difference, language))]
        told.append(entries(*story(why.difference, language)))
    return (*told, *tables(why, language), paragraphs(*methods(why, language), cuts_text(why, language)))
