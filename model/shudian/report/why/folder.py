"""The answer to why as a folder: text, table, data, figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shudian.kinds import Language
from shudian.report import page
from shudian.report.csv_tables import write_tables
from shudian.report.markdown_text import bullets, code, paragraph
from shudian.report.run_folder import draft, publish
from shudian.report.strings import say
from shudian.report.tables import table_markdown
from shudian.report.why.figure import draw
from shudian.report.why.job import Why
from shudian.report.why.table import cuts_text, effect_table, tables
from shudian.report.why.words import headline, methods, second_method, story, title


def write(why: Why, out: Path, language: Language, command: str) -> Path:
    """Write why.md, why.csv and the figures to the folder `out`, new or empty; returns where it stands.

    Raises InputError if `out` holds something or cannot be written to.
    """
    with draft(out) as folder:
        (folder / "why.md").write_text(markdown(why, language, command), encoding="utf-8")
        write_tables([effect_table(why)], folder)
        with page.style():
            page.save(draw(why, why.run, language), folder / "loops.png")
            if why.difference is not None:
                page.save(draw(why, why.difference, language), folder / "loops_difference.png")
        return publish(folder, out, "")


def markdown(why: Why, language: Language, command: str) -> str:
    """The whole answer as a document."""
    parts = [f"# {paragraph(headline(why.run, language))}"]
    parts += _section(title(why.run, language), story(why.run, language))
    parts.append(paragraph(second_method(why, language)))
    if why.difference is not None:
        parts += [f"**{paragraph(headline(why.difference, language))}**"]
        parts += _section(title(why.difference, language), story(why.difference, language))
    for table in tables(why, language):
        parts += table_markdown(table)
    parts += [paragraph(line) for line in (*methods(why, language), cuts_text(why, language))]
    parts.append(say("why_repeat", language, command=code(command)))
    return "\n\n".join(parts) + "\n"


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return [f"## {paragraph(heading)}", bullets(lines)]
