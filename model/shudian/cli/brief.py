"""shudian brief: two pages to hand on."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from shudian.cli.options import (
    CityOption,
    DrawsOption,
    LanguageOption,
    NowOption,
    SeedOption,
    WithOption,
    scenario_names,
)
from shudian.cli.terminal import LANGUAGE, app, help_of, progress, tell
from shudian.report.render.look import Style
from shudian.wording import say


@app.command(help=help_of("brief"))
def brief(
    scenarios: Annotated[list[str], typer.Argument(help=help_of("brief_scenarios"), autocompletion=scenario_names)],
    out: Annotated[Path, typer.Option("-o", "--out", help=help_of("brief_out"))],
    against: Annotated[str, typer.Option(help=help_of("brief_against"), autocompletion=scenario_names)] = "",
    with_: WithOption = None,
    city: CityOption = "",
    now: NowOption = "",
    style: Annotated[Style, typer.Option(help=help_of("brief_style"))] = "plain",
    draws: DrawsOption = None,
    seed: SeedOption = 1,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Write a two-page brief, a workbook of results and the figures."""
    from shudian.analysis.results import data_digest
    from shudian.answers.plan import Request
    from shudian.answers.run import carry_out
    from shudian.report.brief.folder import plan_brief, write_brief
    from shudian.report.folder import draft, publish

    shocks = tuple(with_ or ())
    asked = Request(tuple(scenarios), shocks=shocks, draws=draws, seed=seed, city=city, against=against, now=now)
    work = plan_brief(asked)
    with draft(out) as folder:
        folder.mkdir(exist_ok=True)
        with progress(lang) as told:
            answer = carry_out(work, lambda name, share: told(say("progress_run", lang, name=name), share * 0.9))
            told(say("progress_write", lang), 0.9)
            write_brief(answer, folder, lang, shlex.join(["shudian", *sys.argv[1:]]), style)
        place = publish(folder, out, data_digest(answer.outcomes))
    tell(say("said_brief", lang, path=place))
