"""shudian why: which feedback loops drove an outcome."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from shudian.cli.terminal import LANGUAGE, LanguageOption, app, console, help_of, progress
from shudian.report.strings import say, wrap


@app.command(help=help_of("why"))
def why(
    scenario: Annotated[str, typer.Argument(help=help_of("why_scenario"))] = "zhengzhou_2025",
    outcome: Annotated[str, typer.Option(help=help_of("why_outcome"))] = "local_output",
    against: Annotated[str, typer.Option(help=help_of("why_against"))] = "no_policy",
    with_: Annotated[list[str] | None, typer.Option("--with", help=help_of("with"))] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("why_set"))] = None,
    draws: Annotated[int, typer.Option(min=20, max=20_000, help=help_of("draws"))] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("seed"))] = 1,
    city: Annotated[str, typer.Option(help=help_of("city"))] = "",
    prior: Annotated[bool, typer.Option("--prior", help=help_of("prior"))] = False,
    posterior: Annotated[str, typer.Option(help=help_of("posterior"))] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("why_out"))] = None,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Say which feedback loops drove an outcome, and which carry its difference from another run."""
    from shudian.report.tables import render
    from shudian.report.why.folder import write
    from shudian.report.why.job import Question, answer
    from shudian.report.why.table import cuts_text, tables
    from shudian.report.why.words import headline, methods, second_method, story

    question = Question(
        scenario, outcome, against, tuple(with_ or ()), tuple(set_ or ()), draws, seed, city, prior, posterior
    )
    with progress(lang) as told:
        found = answer(question, lambda name, share: told(say("progress_why", lang, name=name), share))
    screen = console()
    columns = min(screen.width, 110) - 2
    for part in (found.run, found.difference):
        if part is not None:
            screen.print(wrap(headline(part, lang), columns), style="bold", soft_wrap=True)
            for line in story(part, lang):
                screen.print(wrap(f"· {line}", columns), soft_wrap=True)
            if part is found.run:
                screen.print(wrap(second_method(found, lang), columns), soft_wrap=True)
            screen.print()
    for table in tables(found, lang):
        render(table, screen, columns)
        screen.print()
    for line in (*methods(found, lang), cuts_text(found, lang)):
        screen.print(wrap(line, columns), soft_wrap=True)
    if out is not None:
        place = write(found, out, lang, shlex.join(["shudian", *sys.argv[1:]]))
        typer.echo(say("said_written", lang, path=place))
