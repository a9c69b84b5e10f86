"""shudian sensitivity: what outcomes and the choice hang on."""

from __future__ import annotations

from typing import Annotated

import typer

from shudian.analysis.value import VALUE
from shudian.cli.options import (
    ConditionOption,
    FullOption,
    LanguageOption,
    NowOption,
    OutOption,
    PriorOfOption,
    RepeatOption,
    SeedOption,
    ValueOption,
    scenario_names,
)
from shudian.cli.terminal import LANGUAGE, app, help_of
from shudian.kinds import LEAST_DRAWS, MOST_DRAWS


@app.command(help=help_of("sensitivity"))
def sensitivity(
    context: typer.Context,
    packages: Annotated[
        list[str] | None, typer.Argument(help=help_of("scenarios"), autocompletion=scenario_names)
    ] = None,
    outcome: Annotated[list[str] | None, typer.Option(help=help_of("sensitivity_outcome"))] = None,
    levers: Annotated[bool, typer.Option("--levers", help=help_of("sensitivity_levers"))] = False,
    set_: ConditionOption = None,
    draws: Annotated[
        int, typer.Option(min=LEAST_DRAWS["sensitivity"], max=MOST_DRAWS, help=help_of("sensitivity_draws"))
    ] = 4000,
    seed: SeedOption = 1,
    base_runs: Annotated[int, typer.Option(help=help_of("base_runs"))] = 4096,
    value: ValueOption = VALUE,
    prior_of: PriorOfOption = None,
    now: NowOption = "",
    repeat: RepeatOption = None,
    out: OutOption = None,
    lang: LanguageOption = LANGUAGE,
    full: FullOption = False,
) -> None:
    """Say what outcomes hang on and which parameter changes the choice, and write a folder."""
    from shudian.answers.sensitivity import SensitivityRequest
    from shudian.cli import asking
    from shudian.report.sensitivity.question import QUESTION

    if repeat is not None:
        asking.repeat(QUESTION, repeat, context, lang)
        return
    request = SensitivityRequest(
        tuple(packages or ()), tuple(outcome or ()), levers, base_runs, value, draws=draws, seed=seed,
        settings=tuple(set_ or ()), own_priors=tuple(prior_of or ()),
        now=now,
    )  # fmt: skip
    asking.tell_answer(QUESTION, request, out, lang, full)
