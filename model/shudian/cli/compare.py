"""shudian compare: which package, at what price, how surely."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from shudian.analysis.value import VALUE
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
from shudian.kinds import MOST_DRAWS
from shudian.wording import say


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
    from shudian.answers.compare import compare as carried_out
    from shudian.answers.plan import Request
    from shudian.report.comparison.document import full as whole_on_screen
    from shudian.report.comparison.document import short
    from shudian.report.comparison.folder import data_digest, write
    from shudian.report.render.terminal import show
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
    show(whole_on_screen(found, lang) if full else short(found, scenarios[0], lang), console())
    tell_lines(say("said_written", lang, path=near(place)))
