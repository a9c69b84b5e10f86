"""A sensitivity: what is told first, and the whole."""

from __future__ import annotations

from shudian.answers.sensitivity import Sensitivity
from shudian.kinds import Language
from shudian.report.document import Document, finding, paragraphs
from shudian.report.sensitivity.tables import tables
from shudian.report.sensitivity.words import (
    basis,
    sentences,
)
from shudian.report.words.cautions import caution_blocks, caution_of
from shudian.wording import say


def short(found: Sensitivity, language: Language) -> Document:
    """The finding, on what it rests, and what to do next."""
    return *_told(found, language), paragraphs(say("sensitivity_next", language))


def whole(found: Sensitivity, language: Language) -> Document:
    """All that was found."""
    return *_told(found, language), *tables(found, language)


def _told(found: Sensitivity, language: Language) -> Document:
    first, *others = sentences(found, language)
    past = [caution_of(limit, found.definitions) for limit in found.limits]
    return finding(first), *caution_blocks(past, language), paragraphs(*others, basis(found, language))
