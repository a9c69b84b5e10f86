"""shudian run: scenarios to verdicts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from shudian.cli.scenarios import warn_of_unchanged
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
    tell,
    tell_lines,
)
from shudian.kinds import MOST_DRAWS, InputError, Language
from shudian.wording import say

if TYPE_CHECKING:
    from shudian.answers.plan import Plan
    from shudian.answers.run import Answer

Method = Literal["euler", "rk4"]
Engine = Literal["kernel", "pysd"]


@app.command(help=help_of("run"))
def run(
    scenarios: Annotated[list[str] | None, typer.Argument(help=help_of("scenarios"))] = None,
    with_: Annotated[list[str] | None, typer.Option("--with", help=help_of("with"))] = None,
    draws: Annotated[int | None, typer.Option(min=1, max=MOST_DRAWS, help=help_of("draws"))] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("seed"))] = 1,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("set"))] = None,
    city: Annotated[str, typer.Option(help=help_of("city"))] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("out"))] = None,
    lang: LanguageOption = LANGUAGE,
    method: Annotated[Method, typer.Option(help=help_of("method"))] = "euler",
    engine: Annotated[Engine, typer.Option(help=help_of("engine"))] = "kernel",
    model: Annotated[str, typer.Option(help=help_of("model"))] = "",
    targets: Annotated[str, typer.Option(help=help_of("targets"))] = "",
    prior: Annotated[bool, typer.Option("--prior", help=help_of("prior"))] = False,
    posterior: Annotated[str, typer.Option(help=help_of("posterior"))] = "",
    prior_of: PriorOfOption = None,
    repeat: Annotated[Path | None, typer.Option(help=help_of("repeat"))] = None,
    full: FullOption = False,
) -> None:
    """Run scenarios, judge the targets, write a folder of results."""
    from shudian.answers.plan import ASKED, Request, plan
    from shudian.report.render.terminal import show
    from shudian.report.run_document import full as all_of
    from shudian.report.run_document import short

    asked = tuple(scenarios or ())
    if repeat is not None:
        beside = {
            "--with": with_, "--draws": draws, "--seed": seed != 1, "--set": set_, "--city": city, "--out": out,
            "--method": method != "euler", "--engine": engine != "kernel", "--model": model, "--targets": targets,
            "--prior": prior, "--posterior": posterior, "--prior-of": prior_of, "--full": full,
        }  # fmt: skip
        if written := [*asked, *(name for name, value in beside.items() if value)]:
            raise InputError("--repeat runs what the manifest says; leave out {names}", names=tuple(written))
        _repeat(repeat, lang)
        return
    request = Request(
        asked, tuple(with_ or ()), tuple(set_ or ()), draws, seed, city, method, engine, model, targets,
        prior, posterior, own_priors=tuple(prior_of or ()),
    )  # fmt: skip
    work = plan(request)
    warn_of_unchanged(asked, lang)
    if model:
        from shudian.exchange.differences import compare_file
        from shudian.exchange.second_engine import second_opinion
        from shudian.report.difference_text import describe, opinion_text

        tell_lines(describe(compare_file(Path(model), city=city), lang))
        tell_lines(opinion_text(second_opinion(Path(model)), lang) + "\n")
    answer, place = _run(work, out, lang)
    verdicts = answer.verdicts
    show(
        all_of(verdicts, near(place), lang) if full else short(verdicts, asked[0] if asked else ASKED, lang), console()
    )
    tell_lines(say("said_written", lang, path=near(place)))


def _run(work: Plan, out: Path | None, language: Language) -> tuple[Answer, Path]:
    from shudian.analysis.results import data_digest
    from shudian.evidence import load_figures
    from shudian.report.run_folder import draft, publish, write

    with draft(out) as folder:
        with progress(language) as told:
            answer = _carry_out(work, told, language)
            told(say("progress_write", language), 1.0)
            write(answer, list(load_figures().values()), folder, language, ["shudian", *sys.argv[1:]])
        return answer, publish(folder, out, data_digest(answer.outcomes))


def _repeat(manifest: Path, language: Language) -> None:
    from shudian.report.manifest import differences, read_manifest

    work, before = read_manifest(manifest)
    with progress(language) as told:
        answer = _carry_out(work, told, language)
    different = differences(answer, before)
    if different:
        what = ", ".join(say(f"said_{key}", language) for key in different)
        tell(say("said_different", language, what=what, versions=before.get("versions")))
        raise typer.Exit(1)
    tell(say("said_same", language, digest=before["data_digest"][:16]))


def _carry_out(work: Plan, told: Callable[[str, float], None], language: Language) -> Answer:
    from shudian.answers.run import carry_out

    return carry_out(work, lambda name, share: told(say("progress_run", language, name=name), share * 0.9))
