"""shudian why: which feedback loops drove an outcome."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

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
from shudian.kinds import LEAST_DRAWS, MOST_DRAWS
from shudian.wording import say


@app.command(help=help_of("why"))
def why(
    scenario: Annotated[str, typer.Argument(help=help_of("why_scenario"))] = "zhengzhou_2025",
    outcome: Annotated[str, typer.Option(help=help_of("why_outcome"))] = "local_output",
    against: Annotated[str, typer.Option(help=help_of("why_against"))] = "no_policy",
    with_: Annotated[list[str] | None, typer.Option("--with", help=help_of("with"))] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("why_set"))] = None,
    draws: Annotated[int | None, typer.Option(min=LEAST_DRAWS["why"], max=MOST_DRAWS, help=help_of("draws"))] = None,
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
    from shudian.answers.why import Question, answer
    from shudian.report.render.terminal import show
    from shudian.report.run_folder import require_free
    from shudian.report.why.document import short, whole
    from shudian.report.why.folder import write

    require_free(out)
    question = Question(
        scenario, outcome, against, tuple(with_ or ()), tuple(set_ or ()), draws, seed, city, prior, posterior,
        tuple(prior_of or ()),
    )  # fmt: skip
    with progress(lang) as told:
        found = answer(question, lambda name, share: told(say("progress_why", lang, name=name), share))
    show((whole if full else short)(found, lang), console())
    if out is not None:
        place = write(found, out, lang, shlex.join(["shudian", *sys.argv[1:]]))
        tell_lines(say("said_written", lang, path=near(place)))
