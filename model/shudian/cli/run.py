"""shudian run: scenarios to verdicts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from shudian.cli.scenarios import warn_of_unchanged
from shudian.cli.terminal import LANGUAGE, LanguageOption, app, console, help_of, progress
from shudian.kinds import Language
from shudian.report.strings import say, wrap

if TYPE_CHECKING:
    from shudian.report.job import Answer, Plan

MOST_DRAWS = 20_000
"""More do not fit into a small machine's memory with all packages; notebooks can go further scenario by scenario."""
MOST_NOTES = 20
"""A longer list would push the answer off the screen; it stands in the folder's table.md."""
USUAL_DRAWS, FEW_DRAWS = 1000, 10
"""PySD takes a third of a second for each draw."""
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
    repeat: Annotated[Path | None, typer.Option(help=help_of("repeat"))] = None,
) -> None:
    """Run scenarios, judge the targets, write a folder of results."""
    from shudian.report.job import Request, plan

    if repeat is not None:
        _repeat(repeat, lang)
        return
    asked = tuple(scenarios or ())
    usual = FEW_DRAWS if engine == "pysd" or model else USUAL_DRAWS
    request = Request(
        asked, tuple(with_ or ()), tuple(set_ or ()), draws or usual, seed, city, method, engine, model, targets,
        prior, posterior,
    )  # fmt: skip
    work = plan(request)
    warn_of_unchanged(asked, lang)
    if model:
        from shudian.exchange.differences import compare_file
        from shudian.report.difference_text import describe

        typer.echo(describe(compare_file(Path(model), city=city), lang) + "\n")
    _run(work, out, lang)


def _run(work: Plan, out: Path | None, language: Language) -> None:
    from shudian.compare.results import data_digest
    from shudian.evidence import load_figures
    from shudian.report.run_folder import draft, publish, write

    with draft(out) as folder:
        with progress(language) as told:
            answer = _carry_out(work, told, language)
            told(say("progress_write", language), 1.0)
            write(answer, list(load_figures().values()), folder, language, ["shudian", *sys.argv[1:]])
        place = publish(folder, out, data_digest(answer.outcomes))
    _show(answer, place, language)
    typer.echo(say("said_written", language, path=place))


def _repeat(manifest: Path, language: Language) -> None:
    from shudian.report.manifest import differences, read_manifest

    work, before = read_manifest(manifest)
    with progress(language) as told:
        answer = _carry_out(work, told, language)
    different = differences(answer, before)
    if different:
        what = ", ".join(say(f"said_{key}", language) for key in different)
        typer.echo(say("said_different", language, what=what, versions=before.get("versions")))
        raise typer.Exit(1)
    typer.echo(say("said_same", language, digest=before["data_digest"][:16]))


def _carry_out(work: Plan, told: Callable[[str, float], None], language: Language) -> Answer:
    from shudian.report.job import carry_out

    return carry_out(work, lambda name, share: told(say("progress_run", language, name=name), share * 0.9))


def _show(answer: Answer, place: Path, language: Language) -> None:
    from shudian.report.captions import caution_lines
    from shudian.report.tables import basis_text, finding_text, notes, render, tables

    screen = console()
    columns = min(screen.width, 110) - 2
    screen.print(wrap(finding_text(answer.verdicts, language), columns), style="bold", soft_wrap=True)
    screen.print(wrap(basis_text(answer.verdicts, language), columns), soft_wrap=True)
    for table in tables(answer.verdicts, language):
        screen.print()
        render(table, screen, columns)
    for line in caution_lines(answer.verdicts.cautions, language):
        screen.print(wrap(line, columns), soft_wrap=True)
    if answer.verdicts.reported:
        screen.print(wrap(say("reported_elsewhere", language, path=place / "table.md"), columns), soft_wrap=True)
    listed = notes(answer.verdicts, language)
    if 0 < len(listed) <= MOST_NOTES:
        screen.print(say("notes_title", language), style="bold")
        for note in listed:
            screen.print(wrap(f"· {note}", columns), soft_wrap=True)
    elif listed:
        screen.print(say("notes_elsewhere", language, count=len(listed), path=place / "table.md"))
