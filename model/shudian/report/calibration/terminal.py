"""What a calibration says on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shudian.kinds import Language
from shudian.report.calibration import left_out_tables, more_tables, words
from shudian.report.calibration.view import View
from shudian.report.render.terminal import render, text_columns
from shudian.wording import wrap

if TYPE_CHECKING:
    from rich.console import Console


def show(view: View, console: Console, language: Language) -> None:
    """Print the finding, what contradicts, and what changed."""
    columns = text_columns(console)
    console.print(wrap(words.headline(view, language), columns), style="bold", soft_wrap=True)
    for alarm in words.alarms(view, language):
        console.print()
        console.print(wrap(f"!!! {alarm}", columns), style="bold white on red", soft_wrap=True)
    console.print()
    for line in words.change_lines(view.change, language):
        console.print(wrap(line, columns), soft_wrap=True)
    if view.change is not None:
        render(more_tables.verdict_change_table(view.change, view, language), console)
        if view.change.moved:
            render(more_tables.moved_table(view.change, language), console)
    console.print()
    told = [words.diagnostics_text(view, language), words.batches_text(view, language)]
    told.append(words.tension_text(view, language))
    told += [*left_out_tables.foretold_text(view, language)[:1], *left_out_tables.form_text(view, language)[:1]]
    for text in dict.fromkeys(told):
        console.print(wrap(text, columns), soft_wrap=True)
