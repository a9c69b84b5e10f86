"""shudian design: from a target to the cheapest mix that reaches it."""

from __future__ import annotations

from typing import Annotated

import typer

from shudian.cli.options import (
    CityOption,
    ConditionOption,
    FullOption,
    LanguageOption,
    NowOption,
    OutOption,
    PriorOfOption,
    PriorOption,
    RepeatOption,
    RetrospectiveOption,
)
from shudian.cli.terminal import LANGUAGE, app, help_of
from shudian.kinds import LEAST_DRAWS


@app.command("design", help=help_of("design"))
def design_(
    context: typer.Context,
    target: Annotated[str, typer.Option(help=help_of("design_target"))] = "",
    by: Annotated[int, typer.Option(help=help_of("design_by"))] = 2027,
    probability: Annotated[float, typer.Option(help=help_of("design_probability"))] = 0.5,
    budget: Annotated[str, typer.Option(help=help_of("design_budget"))] = "",
    base: Annotated[str, typer.Option(help=help_of("design_base"))] = "zhengzhou_2025",
    levers: Annotated[list[str] | None, typer.Option(help=help_of("design_levers"))] = None,
    fix: Annotated[list[str] | None, typer.Option(help=help_of("design_fix"))] = None,
    set_: ConditionOption = None,
    city: CityOption = "",
    from_: Annotated[str, typer.Option("--from", help=help_of("design_from"))] = "",
    draws: Annotated[int, typer.Option(min=LEAST_DRAWS["design"], max=10_000, help=help_of("design_draws"))] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help=help_of("seed"))] = 1,
    prior: PriorOption = False,
    prior_of: PriorOfOption = None,
    now: NowOption = "",
    retrospective: RetrospectiveOption = False,
    repeat: RepeatOption = None,
    out: OutOption = None,
    lang: LanguageOption = LANGUAGE,
    full: FullOption = False,
) -> None:
    """Find the cheapest mix of levers that reaches a target."""
    from shudian.answers.design import DesignRequest
    from shudian.cli import asking
    from shudian.report.design.question import QUESTION

    if repeat is not None:
        asking.repeat(QUESTION, repeat, context, lang)
        return
    asking.needed(target, "--target", context)
    request = DesignRequest(
        target, by, probability, budget, base, tuple(levers or ()), tuple(fix or ()), from_, draws=draws, seed=seed,
        prior=prior, settings=tuple(set_ or ()), own_priors=tuple(prior_of or ()),
        city=city, now=now, retrospective=retrospective,
    )  # fmt: skip
    asking.tell_answer(QUESTION, request, out, lang, full)
