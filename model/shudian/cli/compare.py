"""shudian compare: which package, at what price, how surely."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shudian.cli.terminal import (
    LANGUAGE,
    FullOption,
    LanguageOption,
    PriorOfOption,
    ValueOption,
    app,
    console,
    help_of,
    near,
    progress,
    tell_lines,
)
from shudian.compare.value import VALUE
from shudian.kinds import MOST_DRAWS, Language
from shudian.report.strings import say

if TYPE_CHECKING:
    from shudian.report.comparison.command import Comparison


@app.command(help=help_of("compare"))
def compare(
    scenarios: Annotated[list[str], typer.Argument(help=help_of("compare_scenarios"))],
    against: Annotated[str, typer.Option(help=help_of("against"))] = "no_policy",
    budget: Annotated[bool, typer.Option("--budget", help=help_of("budget"))] = False,
    value: ValueOption = VALUE,
    with_: Annotated[list[str] | None, typer.Option("--with", help=help_of("with"))] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("set"))] = None,
    draws: Annotated[int | None, typer.Option(min=1, max=MOST_DRAWS, help=help_of("draws"))] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("seed"))] = 1,
    city: Annotated[str, typer.Option(help=help_of("city"))] = "",
    targets: Annotated[str, typer.Option(help=help_of("targets"))] = "",
    prior: Annotated[bool, typer.Option("--prior", help=help_of("prior"))] = False,
    posterior: Annotated[str, typer.Option(help=help_of("posterior"))] = "",
    prior_of: PriorOfOption = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("out"))] = None,
    lang: LanguageOption = LANGUAGE,
    full: FullOption = False,
) -> None:
    """Compare packages on the same draws."""
    from shudian.report.comparison.command import compare as carried_out
    from shudian.report.comparison.folder import data_digest, write
    from shudian.report.plan import Request
    from shudian.report.run_folder import draft, publish

    request = Request(
        tuple(scenarios), tuple(with_ or ()), tuple(set_ or ()), draws, seed, city,
        targets=targets, prior=prior, posterior=posterior, against=against, same_budget=budget,
        own_priors=tuple(prior_of or ()),
    )  # fmt: skip
    with draft(out) as folder:
        with progress(lang) as told:
            found = carried_out(
                request, value, lambda name, share: told(say("progress_run", lang, name=name), share * 0.9)
            )
            told(say("progress_write", lang), 0.95)
            write(found, folder, lang, shlex.join(["shudian", *sys.argv[1:]]))
        place = publish(folder, out, data_digest(found))
    if full:
        _show_all(found, lang)
    else:
        _show(found, scenarios[0], lang)
    tell_lines(say("said_written", lang, path=near(place)))


def _show(found: Comparison, name: str, language: Language) -> None:
    """The answer, one table, and what to do next."""
    from shudian.report import short
    from shudian.report.captions import idle_lines
    from shudian.report.comparison.folder import shock_titles
    from shudian.report.comparison.tables import short_table
    from shudian.report.comparison.words import headline, structure_text, worth_text
    from shudian.report.terminal_tables import put, render

    screen, verdicts = console(), found.question.verdicts
    put(screen, headline(found.assessment, verdicts, shock_titles(found, language), language), style="bold")
    if len(found.assessment.peers) > 1:
        put(screen, worth_text(found.assessment, verdicts, language))
    if by_structure := structure_text(found.assessment, verdicts, language):
        put(screen, by_structure)
    for text in idle_lines(verdicts.cautions, language):
        put(screen, text)
    put(screen, short.basis(verdicts, language))
    screen.print()
    render(short_table(found.assessment, verdicts, language), screen)
    for text in short.ending(verdicts, language, name, "short_next_compare"):
        put(screen, text)


def _show_all(found: Comparison, language: Language) -> None:
    from shudian.report.captions import caution_lines, idle_lines, others_than_idle
    from shudian.report.comparison.folder import shock_titles
    from shudian.report.comparison.tables import comparison_tables, short_table
    from shudian.report.comparison.words import details, headline, structure_text
    from shudian.report.finding_text import basis_text
    from shudian.report.terminal_tables import put, render

    screen, shocks, verdicts = console(), shock_titles(found, language), found.question.verdicts
    put(screen, headline(found.assessment, verdicts, shocks, language), style="bold")
    for text in idle_lines(verdicts.cautions, language):
        put(screen, text)
    told = details(found.assessment, verdicts, found.question.model, language)
    for text in (*told, structure_text(found.assessment, verdicts, language), basis_text(verdicts, language)):
        if text:
            put(screen, text)
    tables = comparison_tables(found.assessment, found.question, shocks, language)
    for table in (short_table(found.assessment, verdicts, language), *tables):
        screen.print()
        render(table, screen)
    for text in caution_lines(others_than_idle(verdicts.cautions), language):
        put(screen, text)
