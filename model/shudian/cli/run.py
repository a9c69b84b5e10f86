"""shudian run: scenarios to verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shudian.cli.options import (
    AgainstOption,
    BudgetOption,
    CityOption,
    DrawsOption,
    Engine,
    FullOption,
    LanguageOption,
    Method,
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
    WithOption,
    scenario_names,
)
from shudian.cli.scenarios import warn_of_unchanged
from shudian.cli.terminal import LANGUAGE, app, help_of, progress, tell_lines
from shudian.kinds import Language


@app.command(help=help_of("run"))
def run(
    context: typer.Context,
    scenarios: Annotated[
        list[str] | None, typer.Argument(help=help_of("scenarios"), autocompletion=scenario_names)
    ] = None,
    with_: WithOption = None,
    draws: DrawsOption = None,
    seed: SeedOption = 1,
    set_: SetOption = None,
    against: AgainstOption = "",
    same_budget: BudgetOption = False,
    city: CityOption = "",
    out: OutOption = None,
    lang: LanguageOption = LANGUAGE,
    method: Annotated[Method, typer.Option(help=help_of("method"))] = "euler",
    engine: Annotated[Engine, typer.Option(help=help_of("engine"))] = "kernel",
    model: Annotated[str, typer.Option(help=help_of("model"))] = "",
    targets: TargetsOption = "",
    prior: PriorOption = False,
    posterior: PosteriorOption = "",
    prior_of: PriorOfOption = None,
    now: NowOption = "",
    retrospective: RetrospectiveOption = False,
    repeat: RepeatOption = None,
    full: FullOption = False,
) -> None:
    """Run scenarios, judge the targets, write a folder of results."""
    from shudian.answers.plan import RunRequest
    from shudian.cli import asking
    from shudian.report.run.question import QUESTION

    if repeat is not None:
        asking.alone(context)
        _repeat(repeat, lang)
        return
    asked = tuple(scenarios or ())
    request = RunRequest(
        asked, shocks=tuple(with_ or ()), settings=tuple(set_ or ()), draws=draws, seed=seed, city=city,
        method=method, engine=engine, model_file=model, targets=targets, prior=prior, posterior=posterior,
        against=against, same_budget=same_budget, own_priors=tuple(prior_of or ()),
        now=now, retrospective=retrospective,
    )  # fmt: skip
    warn_of_unchanged(asked, lang, now)
    if model:
        _tell_edits(Path(model), city, lang)
    asking.tell_answer(QUESTION, request, out, lang, full)


def _tell_edits(path: Path, city: str, language: Language) -> None:
    """What was edited in a model file, and what a second engine makes of it."""
    from shudian.exchange.differences import compare_file
    from shudian.exchange.second_engine import second_opinion
    from shudian.report.words.difference_text import describe, opinion_text

    tell_lines(describe(compare_file(path, city=city), language))
    tell_lines(opinion_text(second_opinion(path), language) + "\n")


def _repeat(manifest: Path, language: Language) -> None:
    """Run what `manifest` tells in full, which means the same after scenario files have changed."""
    from shudian.answers.run import carry_out
    from shudian.cli import asking
    from shudian.report.manifest import read_manifest, run_origin
    from shudian.report.run.question import QUESTION

    work, before = read_manifest(manifest)
    with progress(language) as told:
        answer = carry_out(work, lambda name, share: told(QUESTION.doing(name, language), share))
    asking.tell_same(run_origin(answer), before, language)
