"""shudian design: from a target to the cheapest mix that reaches it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    tell_lines,
)
from shudian.kinds import LEAST_DRAWS, Language
from shudian.wording import say

if TYPE_CHECKING:
    from shudian.analysis.design import Design, Question, Stage
    from shudian.kinds import Model

_SHARES = {"front": (0.0, 0.3), "focus": (0.3, 0.2), "polish": (0.5, 0.35), "fresh": (0.85, 0.1)}
"""Where each stage begins on the progress bar, and how long it is."""


@app.command("design", help=help_of("design"))
def design_(
    target: Annotated[str, typer.Option(help=help_of("design_target"))],
    by: Annotated[int, typer.Option(help=help_of("design_by"))] = 2027,
    probability: Annotated[float, typer.Option(help=help_of("design_probability"))] = 0.5,
    budget: Annotated[str, typer.Option(help=help_of("design_budget"))] = "",
    base: Annotated[str, typer.Option(help=help_of("design_base"))] = "zhengzhou_2025",
    levers: Annotated[list[str] | None, typer.Option(help=help_of("design_levers"))] = None,
    fix: Annotated[list[str] | None, typer.Option(help=help_of("design_fix"))] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help=help_of("set_uncertain"))] = None,
    from_: Annotated[str, typer.Option("--from", help=help_of("design_from"))] = "",
    draws: Annotated[int, typer.Option(min=LEAST_DRAWS["design"], max=10_000, help=help_of("design_draws"))] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help=help_of("seed"))] = 1,
    prior: Annotated[bool, typer.Option("--prior", help=help_of("prior"))] = False,
    prior_of: PriorOfOption = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("out"))] = None,
    lang: LanguageOption = LANGUAGE,
    full: FullOption = False,
) -> None:
    """Find the cheapest mix of levers that reaches a target."""
    from shudian.answers.design import Wish, read_wish
    from shudian.report.design.document import short, whole
    from shudian.report.render.terminal import show

    wish = Wish(
        target, by, probability, budget, base, tuple(levers or ()), tuple(fix or ()), from_, draws, seed, prior,
        tuple(set_ or ()), tuple(prior_of or ()),
    )  # fmt: skip
    question, model = read_wish(wish)
    found, place = _answer(question, model, out, lang)
    show((whole if full else short)(found, lang), console())
    tell_lines(say("said_written", lang, path=near(place)))


def _answer(question: Question, model: Model, out: Path | None, language: Language) -> tuple[Design, Path]:
    from shudian.analysis.design import design
    from shudian.report.design.folder import digest, write
    from shudian.report.run_folder import draft, publish

    with draft(out) as folder:
        with progress(language) as told:
            found = design(question, model, _stages(told, language))
            told(say("progress_write", language), 0.95)
            write(found, folder, language, ["shudian", *sys.argv[1:]])
        return found, publish(folder, out, digest(found))


def _stages(told: Callable[[str, float], None], language: Language) -> Callable[[Stage, float], None]:
    def stage(name: Stage, part: float) -> None:
        begin, length = _SHARES[name]
        told(say(f"progress_design_{name}", language), begin + length * part)

    return stage
