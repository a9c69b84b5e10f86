"""shudian sweep: outcomes all over a space of levers and assumptions."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from shudian.analysis.value import VALUE
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
    SeedOption,
    TargetsOption,
    ValueOption,
    scenario_names,
)
from shudian.cli.terminal import LANGUAGE, app, help_of
from shudian.kinds import MOST_DRAWS


@app.command(help=help_of("sweep"))
def sweep(
    context: typer.Context,
    package: Annotated[
        str, typer.Argument(help=help_of("sweep_package"), autocompletion=scenario_names)
    ] = "zhengzhou_2025",
    vary: Annotated[list[str] | None, typer.Option(help=help_of("sweep_vary"))] = None,
    layout: Annotated[Literal["grid", "latin", "factorial"], typer.Option(help=help_of("sweep_layout"))] = "grid",
    points: Annotated[int | None, typer.Option(min=2, help=help_of("sweep_points"))] = None,
    by: Annotated[int, typer.Option(help=help_of("sweep_by"))] = 2027,
    outcome: Annotated[list[str] | None, typer.Option(help=help_of("sweep_outcome"))] = None,
    from_: Annotated[str, typer.Option("--from", help=help_of("sweep_from"))] = "",
    set_: ConditionOption = None,
    city: CityOption = "",
    value: ValueOption = VALUE,
    targets: TargetsOption = "",
    retrospective: RetrospectiveOption = False,
    draws: Annotated[int, typer.Option(min=1, max=MOST_DRAWS, help=help_of("sweep_draws"))] = 1000,
    seed: SeedOption = 1,
    on: Annotated[str, typer.Option("--on", help=help_of("sweep_on"))] = "",
    prior: PriorOption = False,
    prior_of: PriorOfOption = None,
    now: NowOption = "",
    repeat: RepeatOption = None,
    out: OutOption = None,
    lang: LanguageOption = LANGUAGE,
    full: FullOption = False,
) -> None:
    """Run a package at many points of a space of levers, and write a folder."""
    from shudian.analysis.cluster import executor_on
    from shudian.answers.sweep import SweepRequest
    from shudian.cli import asking
    from shudian.report.sweep.question import question_on

    if repeat is not None:
        with executor_on(None) as executor:
            asking.repeat(question_on(executor), repeat, context, lang)
        return
    asking.needed(vary, "--vary", context)
    request = SweepRequest(
        package, tuple(vary or ()), layout, points, by, tuple(outcome or ()), from_, value, targets, retrospective,
        draws=draws, seed=seed, prior=prior, settings=tuple(set_ or ()), own_priors=tuple(prior_of or ()),
        city=city, now=now,
    )  # fmt: skip
    with executor_on(on) as executor:
        asking.tell_answer(question_on(executor), request, out, lang, full)
