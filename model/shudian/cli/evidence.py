"""shudian calibrate and score: reported figures in, posterior and scores out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shudian.cli.terminal import LANGUAGE, LanguageOption, app, console, help_of, progress
from shudian.kinds import InputError
from shudian.report.strings import say

if TYPE_CHECKING:
    pass


@app.command("calibrate", help=help_of("calibrate"))
def calibrate_(
    until: Annotated[str, typer.Option(help=help_of("until"))] = "",
    without: Annotated[list[str] | None, typer.Option(help=help_of("without"))] = None,
    with_: Annotated[Path | None, typer.Option("--with", help=help_of("with_figures"))] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("calibrate_seed"))] = 1,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("calibrate_out"))] = None,
    refits: Annotated[bool, typer.Option("--refits/--no-refits", help=help_of("refits"))] = True,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Fit the model to the reported figures."""
    from shudian.calibrate.calibration import Calibration
    from shudian.report.calibration.command import Wish, before, carry_out
    from shudian.report.calibration.surprises import surprises
    from shudian.report.calibration.terminal import show
    from shudian.report.calibration.words import failure, surprise
    from shudian.report.forecast_text import backtest_text

    wish = Wish(until, tuple(without or ()), with_, seed, out, refits)
    for comparison in surprises(wish.evidence, before()):
        typer.echo(surprise(comparison, lang), err=True)
    try:
        with progress(lang) as told:
            done = carry_out(wish, lang, told)
    except KeyboardInterrupt:
        typer.echo(say("said_calibrate_interrupted", lang), err=True)
        raise typer.Exit(130) from None
    if isinstance(done, Calibration):
        typer.echo(failure(done, lang), err=True)
        raise typer.Exit(1)
    show(done.view, console(), lang)
    if done.later and done.later.rows:
        typer.echo("\n" + backtest_text(done.later, lang))
    typer.echo(say("said_posterior", lang, path=done.posterior))
    typer.echo(say("said_written", lang, path=done.report / "report.html"))


@app.command(help=help_of("score"))
def score(
    figures: Annotated[Path | None, typer.Argument(help=help_of("score_figures"))] = None,
    register: Annotated[Path | None, typer.Option(help=help_of("score_register"))] = None,
    freeze: Annotated[bool, typer.Option("--freeze", help=help_of("freeze"))] = False,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Show the newest register of forecasts, score one on figures, or write today's."""
    from shudian.forecasts.register import freeze_today, load_register
    from shudian.forecasts.scoring import score_file
    from shudian.report.forecast_text import register_text, scores_text

    if freeze and (figures or register):
        raise InputError("--freeze writes a register and scores nothing; leave the figures and --register out")
    if freeze:
        path, rows = freeze_today()
        typer.echo(say("said_frozen", lang, path=path, rows=rows))
    elif figures:
        typer.echo(scores_text(score_file(figures, register), lang))
    else:
        typer.echo(register_text(load_register(register), lang))
