"""shudian compare: which package, at what price, how surely."""

from __future__ import annotations

from typing import Annotated

import typer

from shudian.analysis.value import VALUE
from shudian.cli.options import (
    AgainstOption,
    BudgetOption,
    CityOption,
    DrawsOption,
    FullOption,
    LanguageOption,
    NowOption,
    OutOption,
    PosteriorOption,
    PriorOfOption,
    PriorOption,
    RepeatOption,
    RetrospectiveOption,
    SeedOption,
    SetOption,
    TargetsOption,
    ValueOption,
    WithOption,
    scenario_names,
)
from shudian.cli.terminal import LANGUAGE, app, help_of


@app.command(help=help_of("compare"))
def compare(
    context: typer.Context,
    scenarios: Annotated[
        list[str] | None, typer.Argument(help=help_of("compare_scenarios"), autocompletion=scenario_names)
    ] = None,
    against: AgainstOption = "",
    same_budget: BudgetOption = False,
    value: ValueOption = VALUE,
    with_: WithOption = None,
    set_: SetOption = None,
    draws: DrawsOption = None,
    seed: SeedOption = 1,
    city: CityOption = "",
    targets: TargetsOption = "",
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
    """Compare packages on the same draws."""
    from shudian.answers.compare import CompareRequest
    from shudian.cli import asking
    from shudian.report.comparison.question import QUESTION

    if repeat is not None:
        asking.repeat(QUESTION, repeat, context, lang)
        return
    asking.needed(scenarios, "scenarios", context)
    request = CompareRequest(
        tuple(scenarios or ()), value=value, shocks=tuple(with_ or ()), settings=tuple(set_ or ()), draws=draws,
        seed=seed, city=city, targets=targets, prior=prior, posterior=posterior, against=against,
        same_budget=same_budget, own_priors=tuple(prior_of or ()),
        now=now, retrospective=retrospective,
    )  # fmt: skip
    asking.tell_answer(QUESTION, request, out, lang, full)
