"""shudian why: which feedback loops drove an outcome."""

from __future__ import annotations

from typing import Annotated

import typer

from shudian.cli.options import (
    CityOption,
    FullOption,
    LanguageOption,
    LoopDrawsOption,
    NowOption,
    OutOption,
    PosteriorOption,
    PriorOfOption,
    PriorOption,
    RepeatOption,
    RetrospectiveOption,
    SeedOption,
    WithOption,
    scenario_names,
)
from shudian.cli.terminal import LANGUAGE, app, help_of


@app.command(help=help_of("why"))
def why(
    context: typer.Context,
    scenario: Annotated[
        str, typer.Argument(help=help_of("why_scenario"), autocompletion=scenario_names)
    ] = "zhengzhou_2025",
    outcome: Annotated[str, typer.Option(help=help_of("why_outcome"))] = "local_output",
    against: Annotated[str, typer.Option(help=help_of("why_against"), autocompletion=scenario_names)] = "",
    with_: WithOption = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("why_set"))] = None,
    draws: LoopDrawsOption = None,
    seed: SeedOption = 1,
    city: CityOption = "",
    prior: PriorOption = False,
    posterior: PosteriorOption = "",
    prior_of: PriorOfOption = None,
    now: NowOption = "",
    retrospective: RetrospectiveOption = False,
    repeat: RepeatOption = None,
    out: OutOption = None,
    lang: LanguageOption = LANGUAGE,
    full: FullOption = False,
) -> None:
    """Say which feedback loops drove an outcome, and which carry its difference from another run."""
    from shudian.answers.why import WhyRequest
    from shudian.cli import asking
    from shudian.report.why.question import QUESTION

    if repeat is not None:
        asking.repeat(QUESTION, repeat, context, lang)
        return
    request = WhyRequest(
        scenario, outcome, against=against, shocks=tuple(with_ or ()), settings=tuple(set_ or ()), draws=draws,
        seed=seed, city=city, prior=prior, posterior=posterior, own_priors=tuple(prior_of or ()),
        now=now, retrospective=retrospective,
    )  # fmt: skip
    asking.tell_answer(QUESTION, request, out, lang, full)
