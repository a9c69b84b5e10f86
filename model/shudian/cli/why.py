"""shudian why: which feedback loops drove an outcome."""

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
    app,
    console,
    help_of,
    near,
    progress,
    tell_lines,
)
from shudian.kinds import MOST_DRAWS, Language
from shudian.report.strings import say

if TYPE_CHECKING:
    from shudian.report.why.job import Why


@app.command(help=help_of("why"))
def why(
    scenario: Annotated[str, typer.Argument(help=help_of("why_scenario"))] = "zhengzhou_2025",
    outcome: Annotated[str, typer.Option(help=help_of("why_outcome"))] = "local_output",
    against: Annotated[str, typer.Option(help=help_of("why_against"))] = "no_policy",
    with_: Annotated[list[str] | None, typer.Option("--with", help=help_of("with"))] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("why_set"))] = None,
    draws: Annotated[int | None, typer.Option(min=20, max=MOST_DRAWS, help=help_of("draws"))] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("seed"))] = 1,
    city: Annotated[str, typer.Option(help=help_of("city"))] = "",
    prior: Annotated[bool, typer.Option("--prior", help=help_of("prior"))] = False,
    posterior: Annotated[str, typer.Option(help=help_of("posterior"))] = "",
    prior_of: PriorOfOption = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("why_out"))] = None,
    lang: LanguageOption = LANGUAGE,
    full: FullOption = False,
) -> None:
    """Say which feedback loops drove an outcome, and which carry its difference from another run."""
    from shudian.report.run_folder import require_free
    from shudian.report.why.folder import write
    from shudian.report.why.job import Question, answer

    require_free(out)
    question = Question(
        scenario, outcome, against, tuple(with_ or ()), tuple(set_ or ()), draws, seed, city, prior, posterior,
        tuple(prior_of or ()),
    )  # fmt: skip
    with progress(lang) as told:
        found = answer(question, lambda name, share: told(say("progress_why", lang, name=name), share))
    (_show_all if full else _show)(found, lang)
    if out is not None:
        place = write(found, out, lang, shlex.join(["shudian", *sys.argv[1:]]))
        tell_lines(say("said_written", lang, path=near(place)))


def _show(found: Why, language: Language) -> None:
    """What drove the outcome and its difference, the greatest loops in some years, and what to do next."""
    from shudian.compare.verdicts import YEAR
    from shudian.report.terminal_tables import put, render
    from shudian.report.why.table import short_tables
    from shudian.report.why.words import basis_text, headline, parts, total_text

    screen = console()
    for part, table in zip(parts(found), short_tables(found, language), strict=True):
        put(screen, headline(part, language), style="bold")
        put(screen, total_text(part, YEAR, language))
        render(table, screen)
        screen.print()
    put(screen, basis_text(found, language))
    put(screen, say("why_next", language))


def _show_all(found: Why, language: Language) -> None:
    from shudian.report.terminal_tables import put, render
    from shudian.report.why.table import cuts_text, tables
    from shudian.report.why.words import headline, methods, parts, second_method, story

    screen = console()
    for part in parts(found):
        put(screen, headline(part, language), style="bold")
        for line in story(part, language):
            put(screen, f"· {line}")
        if part is found.run:
            put(screen, second_method(found, language))
        screen.print()
    for table in tables(found, language):
        render(table, screen)
        screen.print()
    for line in (*methods(found, language), cuts_text(found, language)):
        put(screen, line)
