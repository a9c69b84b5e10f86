"""shudian sensitivity: what outcomes and the choice hang on."""

from __future__ import annotations

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
from shudian.kinds import LEAST_DRAWS, MOST_DRAWS
from shudian.wording import say


@app.command(help=help_of("sensitivity"))
def sensitivity(
    packages: Annotated[list[str] | None, typer.Argument(help=help_of("scenarios"))] = None,
    outcome: Annotated[list[str] | None, typer.Option(help=help_of("sensitivity_outcome"))] = None,
    levers: Annotated[bool, typer.Option("--levers", help=help_of("sensitivity_levers"))] = False,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("set_uncertain"))] = None,
    draws: Annotated[
        int, typer.Option(min=LEAST_DRAWS["sensitivity"], max=MOST_DRAWS, help=help_of("sensitivity_draws"))
    ] = 4000,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("seed"))] = 1,
    base_runs: Annotated[int, typer.Option(help=help_of("base_runs"))] = 4096,
    value: ValueOption = VALUE,
    prior_of: PriorOfOption = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("out"))] = None,
    lang: LanguageOption = LANGUAGE,
    full: FullOption = False,
) -> None:
    """Say what outcomes hang on and which parameter changes the choice, and write a folder."""
    from shudian.answers.sensitivity import Request, carry_out
    from shudian.report.render.terminal import show
    from shudian.report.run_folder import require_free
    from shudian.report.sensitivity.document import short, whole
    from shudian.report.sensitivity.folder import write

    require_free(out)
    request = Request(
        tuple(packages or ()), tuple(outcome or ()), levers, draws, seed, base_runs, value,
        tuple(set_ or ()), tuple(prior_of or ()),
    )  # fmt: skip
    with progress(lang) as told:
        found = carry_out(request, lambda key, share: told(say(f"sensitivity_doing_{key}", lang), share))
    place = write(found, out, lang, ["shudian", *sys.argv[1:]])
    show((whole if full else short)(found, lang), console())
    tell_lines(say("said_written", lang, path=near(place)))
