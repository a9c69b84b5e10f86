"""shudian workshop: everything that a role-play of 90 minutes needs, and what its tables filled in as scenarios."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from shudian.cli.options import DrawsOption, LanguageOption, NowOption, SeedOption
from shudian.cli.terminal import LANGUAGE, app, help_of, near, progress, tell_lines
from shudian.kinds import InputError, Language
from shudian.wording import say

FEWEST, MOST = 6, 30
"""People: each role is taken, and no more tables than one facilitator can follow."""


@app.command(help=help_of("workshop"))
def workshop(
    context: typer.Context,
    out: Annotated[Path, typer.Option("-o", "--out", help=help_of("workshop_out"))],
    people: Annotated[int, typer.Option("--people", min=FEWEST, max=MOST, help=help_of("people"))] = 12,
    read: Annotated[Path | None, typer.Option("--read", help=help_of("workshop_read"))] = None,
    draws: DrawsOption = None,
    seed: SeedOption = 1,
    now: NowOption = "",
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Write the kit of a workshop, or turn the rounds that were filled in into scenario files."""
    from shudian.report.folder import draft, publish

    if read is not None:
        from shudian.cli.asking import typed

        if written := typed(context, "read", "out"):
            raise InputError("--read turns a filled-in sheet into scenarios; leave out {names}", names=tuple(written))
        _read(read, out, lang)
        return
    from shudian.analysis.results import data_digest
    from shudian.answers import workshop as asked
    from shudian.report.workshop.folder import write_kit

    with draft(out) as folder:
        folder.mkdir(exist_ok=True)
        with progress(lang) as told:
            request = asked.WorkshopRequest(people, draws, seed, now)
            found = asked.workshop(request, lambda name, share: told(say("progress_run", lang, name=name), share * 0.8))
            told(say("progress_write", lang), 0.8)
            write_kit(found, folder, lang, shlex.join(["shudian", *sys.argv[1:]]))
        place = publish(folder, out, data_digest(found.answer.outcomes))
    tables = len(asked.seats(people))
    tell_lines(say("said_workshop", lang, path=near(place), people=people, tables=tables))


def _read(sheet: Path, out: Path, language: Language) -> None:
    """Turn `sheet` into scenario files in `out`, say what does nothing in them, and how to run them."""
    from shudian.cli.scenarios import warn_of_idle, warn_of_unchanged
    from shudian.report.folder import draft, publish
    from shudian.report.workshop.folder import write_scenarios
    from shudian.report.workshop.rounds import read_tables
    from shudian.structure import load_model

    parameters = load_model().parameters
    scenarios = read_tables(sheet, parameters)
    with draft(out) as folder:
        folder.mkdir(exist_ok=True)
        write_scenarios(scenarios, parameters, folder)
        place = near(publish(folder, out, ""))
    names = [str(place / f"{scenario.name}.toml") for scenario in scenarios]
    warn_of_unchanged(names, language)
    warn_of_idle(names, language)
    tell_lines(say("said_rounds", language, count=len(names), path=place, files=shlex.join(names)))
