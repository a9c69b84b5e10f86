"""shudian sensitivity: what outcomes and the choice hang on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from shudian.cli.terminal import LANGUAGE, LanguageOption, ValueOption, app, console, help_of, progress
from shudian.compare.value import VALUE
from shudian.report.strings import say, wrap


@app.command(help=help_of("sensitivity"))
def sensitivity(
    packages: Annotated[list[str] | None, typer.Argument(help=help_of("scenarios"))] = None,
    outcome: Annotated[list[str] | None, typer.Option(help=help_of("sensitivity_outcome"))] = None,
    levers: Annotated[bool, typer.Option("--levers", help=help_of("sensitivity_levers"))] = False,
    draws: Annotated[int, typer.Option(min=200, max=20_000, help=help_of("sensitivity_draws"))] = 4000,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("seed"))] = 1,
    base_runs: Annotated[int, typer.Option(help=help_of("base_runs"))] = 4096,
    value: ValueOption = VALUE,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("out"))] = None,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Say what outcomes hang on and which parameter changes the choice, and write a folder."""
    from shudian.report.run_folder import require_free
    from shudian.report.sensitivity.folder import write
    from shudian.report.sensitivity.job import Request, carry_out
    from shudian.report.sensitivity.tables import tables
    from shudian.report.sensitivity.words import basis, sentences
    from shudian.report.tables import render

    require_free(out)
    request = Request(tuple(packages or ()), tuple(outcome or ()), levers, draws, seed, base_runs, value)
    with progress(lang) as told:
        found = carry_out(request, lambda key, share: told(say(f"sensitivity_doing_{key}", lang), share))
    place = write(found, out, lang, ["shudian", *sys.argv[1:]])
    screen = console()
    columns = min(screen.width, 110) - 2
    for position, sentence in enumerate(sentences(found, lang)):
        screen.print(wrap(sentence, columns), style="" if position else "bold", soft_wrap=True)
    screen.print(wrap(basis(found, lang), columns), soft_wrap=True)
    for table in tables(found, lang):
        screen.print()
        render(table, screen, columns)
    typer.echo(say("said_written", lang, path=place))
