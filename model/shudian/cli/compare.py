"""shudian compare: which package, at what price, how surely."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shudian.cli.run import MOST_DRAWS, USUAL_DRAWS
from shudian.cli.terminal import LANGUAGE, LanguageOption, ValueOption, app, console, help_of, progress
from shudian.compare.value import VALUE
from shudian.kinds import Language
from shudian.report.strings import say, wrap

if TYPE_CHECKING:
    from shudian.report.comparison.command import Comparison

SHOWN = 9
"""Tables for which the terminal has room; the folder's table.md has the others too."""


@app.command(help=help_of("compare"))
def compare(
    scenarios: Annotated[list[str], typer.Argument(help=help_of("compare_scenarios"))],
    against: Annotated[str, typer.Option(help=help_of("against"))] = "no_policy",
    budget: Annotated[bool, typer.Option("--budget", help=help_of("budget"))] = False,
    value: ValueOption = VALUE,
    with_: Annotated[list[str] | None, typer.Option("--with", help=help_of("with"))] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("set"))] = None,
    draws: Annotated[int, typer.Option(min=1, max=MOST_DRAWS, help=help_of("draws"))] = USUAL_DRAWS,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("seed"))] = 1,
    city: Annotated[str, typer.Option(help=help_of("city"))] = "",
    targets: Annotated[str, typer.Option(help=help_of("targets"))] = "",
    prior: Annotated[bool, typer.Option("--prior", help=help_of("prior"))] = False,
    posterior: Annotated[str, typer.Option(help=help_of("posterior"))] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("out"))] = None,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Compare packages on the same draws."""
    from shudian.report.comparison.command import compare as carried_out
    from shudian.report.comparison.folder import data_digest, write
    from shudian.report.job import Request
    from shudian.report.run_folder import draft, publish

    request = Request(
        tuple(scenarios), tuple(with_ or ()), tuple(set_ or ()), draws, seed, city,
        targets=targets, prior=prior, posterior=posterior, against=against, same_budget=budget,
    )  # fmt: skip
    with draft(out) as folder:
        with progress(lang) as told:
            found = carried_out(
                request, value, lambda name, share: told(say("progress_run", lang, name=name), share * 0.9)
            )
            told(say("progress_write", lang), 0.95)
            write(found, folder, lang, shlex.join(["shudian", *sys.argv[1:]]))
        place = publish(folder, out, data_digest(found))
    _show(found, place, lang)
    typer.echo(say("said_written", lang, path=place))


def _show(found: Comparison, place: Path, language: Language) -> None:
    from shudian.report.captions import caution_lines
    from shudian.report.comparison.folder import shock_titles
    from shudian.report.comparison.tables import comparison_tables
    from shudian.report.comparison.words import details, headline
    from shudian.report.tables import basis_text, render

    screen, shocks = console(), shock_titles(found, language)
    columns = min(screen.width, 110) - 2
    verdicts = found.question.verdicts
    screen.print(wrap(headline(found.assessment, verdicts, shocks, language), columns), style="bold", soft_wrap=True)
    for text in (*details(found.assessment, verdicts, found.question.model, language), basis_text(verdicts, language)):
        screen.print(wrap(text, columns), soft_wrap=True)
    for table in comparison_tables(found.assessment, found.question, shocks, language)[:SHOWN]:
        screen.print()
        render(table, screen, columns)
    for text in caution_lines(verdicts.cautions, language):
        screen.print(wrap(text, columns), soft_wrap=True)
    screen.print(wrap(say("compare_elsewhere", language, path=place / "table.md"), columns), soft_wrap=True)
