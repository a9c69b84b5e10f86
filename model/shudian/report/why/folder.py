"""The answer to why as a folder: text, table, data, figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shudian.kinds import InputError, Language
from shudian.report import page
from shudian.report.run_folder import draft, publish
from shudian.report.strings import say
from shudian.report.tables import Table
from shudian.report.why.figure import draw
from shudian.report.why.job import Why
from shudian.report.why.table import cuts_text, spreadsheet, tables
from shudian.report.why.words import headline, methods, second_method, story, title


def write(why: Why, out: Path, language: Language, command: str) -> Path:
    """Write why.md, why.csv and the figures to the folder `out`, new or empty; returns where it stands.

    Raises InputError if `out` holds something or cannot be written to.
    """
    with draft(out) as folder:
        try:
            (folder / "why.md").write_text(markdown(why, language, command), encoding="utf-8")
            # with a byte-order mark, without which spreadsheets read Chinese as gibberish
            (folder / "why.csv").write_text(spreadsheet(why), encoding="utf-8-sig")
            with page.style():
                page.save(draw(why, why.run, language), folder / "loops.png")
                if why.difference is not None:
                    page.save(draw(why, why.difference, language), folder / "loops_difference.png")
        except OSError as error:
            raise InputError(f"{out} cannot be written ({error.strerror or error})") from None
        return publish(folder, out, "")


def markdown(why: Why, language: Language, command: str) -> str:
    """The whole answer as a document."""
    parts = [f"# {headline(why.run, language)}", *_section(title(why.run, language), story(why.run, language))]
    parts.append(second_method(why, language))
    if why.difference is not None:
        parts += [f"**{headline(why.difference, language)}**"]
        parts += _section(title(why.difference, language), story(why.difference, language))
    for table in tables(why, language):
        parts += [f"## {table.title}", _grid(table), *table.below]
    parts += [*methods(why, language), cuts_text(why, language), say("why_repeat", language, command=f"`{command}`")]
    return "\n\n".join(parts) + "\n"


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return [f"## {heading}", "\n".join(f"- {line}" for line in lines)]


def _grid(table: Table) -> str:
    rows = [table.head, ("---", *["---:"] * (len(table.head) - 1)), *table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
