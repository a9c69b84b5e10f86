"""The answer to why as a folder: text, table, data, figures."""

from __future__ import annotations

from pathlib import Path

from shudian.answers.why import Why
from shudian.kinds import Language
from shudian.report import page
from shudian.report.csv_tables import write_tables
from shudian.report.document import command as command_text
from shudian.report.document import paragraphs
from shudian.report.render.markdown import markdown
from shudian.report.run_folder import draft, publish
from shudian.report.why.document import whole
from shudian.report.why.figure import draw
from shudian.report.why.table import effect_table
from shudian.wording import say


def write(why: Why, out: Path, language: Language, command: str) -> Path:
    """Write why.md, why.csv and the figures to the folder `out`, new or empty; returns where it stands.

    Raises InputError if `out` holds something or cannot be written to.
    """
    with draft(out) as folder:
        told = (*whole(why, language), paragraphs(say("why_repeat", language)), command_text(command))
        (folder / "why.md").write_text(markdown(told), encoding="utf-8")
        write_tables([effect_table(why)], folder)
        with page.style():
            page.save(draw(why, why.run, language), folder / "loops.png")
            if why.difference is not None:
                page.save(draw(why, why.difference, language), folder / "loops_difference.png")
        return publish(folder, out, "")
