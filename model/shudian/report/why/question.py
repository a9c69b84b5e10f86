"""shudian why as a question."""

from __future__ import annotations

from pathlib import Path

from shudian.answers.why import Why, WhyRequest, why
from shudian.kinds import Language
from shudian.report.folder import Output
from shudian.report.manifest import Origin, tables_digest
from shudian.report.question import Question
from shudian.report.render import figure_page as page
from shudian.report.why.document import short, whole
from shudian.report.why.figure import draw
from shudian.report.why.table import effect_table
from shudian.wording import say


def output(found: Why) -> Output:
    """Document, effects of every loop in every year, and a figure of the run and of its difference."""
    tables = (effect_table(found),)
    origin = Origin(
        "why", found.request, found.city, found.grounds, found.model.digest, found.draws_digest, tables_digest(tables)
    )

    def figures(folder: Path, language: Language) -> None:
        with page.style():
            page.save(draw(found, found.run, language), folder / f"loops_{language}")
            if found.difference is not None:
                page.save(draw(found, found.difference, language), folder / f"loops_difference_{language}")

    return Output(origin, lambda language: whole(found, language), tables, figures)


QUESTION = Question(
    "why",
    WhyRequest,
    why,
    lambda name, language: say("progress_why", language, name=name),
    lambda found, _request, language: short(found, language),
    lambda found, _place, language: whole(found, language),
    output,
)
