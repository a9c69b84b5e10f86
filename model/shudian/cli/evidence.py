"""shudian calibrate and score: reported figures in, posterior and scores out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shudian.cli.options import LanguageOption
from shudian.cli.terminal import LANGUAGE, app, console, help_of, near, progress, tell, tell_lines
from shudian.ending import INTERRUPTED
from shudian.kinds import InputError, Language
from shudian.wording import say

if TYPE_CHECKING:
    from shudian.answers.calibration.request import CalibrationRequest


@app.command("calibrate", help=help_of("calibrate"))
def calibrate_(
    until: Annotated[str, typer.Option(help=help_of("until"))] = "",
    without: Annotated[list[str] | None, typer.Option(help=help_of("without"))] = None,
    with_: Annotated[Path | None, typer.Option("--with", help=help_of("with_figures"))] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=help_of("calibrate_seed"))] = 1,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=help_of("calibrate_out"))] = None,
    refits: Annotated[bool, typer.Option("--refits/--no-refits", help=help_of("refits"))] = True,
    prior_predictive: Annotated[bool, typer.Option("--prior-predictive", help=help_of("prior_predictive"))] = False,
    city: Annotated[str, typer.Option(help=help_of("calibrate_city"))] = "",
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Fit the model to the reported figures."""
    from shudian.answers.calibration.fit import before
    from shudian.answers.calibration.request import CalibrationRequest
    from shudian.answers.calibration.surprises import surprises
    from shudian.calibrate.calibration import Calibration
    from shudian.grounds import NAMED, changed_since
    from shudian.messages import in_language
    from shudian.parameters import HOME, city_titles
    from shudian.posterior_file import shipped_member
    from shudian.report.calibration.command import carry_out, evidence_of
    from shudian.report.calibration.document import short
    from shudian.report.calibration.words import failure, surprise
    from shudian.report.render.terminal import show
    from shudian.report.words.captions import joined
    from shudian.report.words.forecast_text import backtest_text

    request = CalibrationRequest(until, tuple(without or ()), with_, seed, refits, city or HOME)
    if prior_predictive and request.city != HOME:
        raise InputError("--prior-predictive tells of all cities at once; leave --city out")
    if prior_predictive:
        _show_prior(request, out, lang)
        return
    if request.city != HOME:
        _calibrate_cities(request, out, lang)
        return
    evidence, standing = evidence_of(request, out), before()
    if standing is not None and (names := changed_since(standing, evidence.target())):
        changed = joined([in_language(name, lang) for name in names[:NAMED]], lang, "、", ", ")
        more = say("said_calibrate_changed_more", lang, count=len(names) - NAMED) if len(names) > NAMED else ""
        tell(say("said_calibrate_changed", lang, made=standing.about["made"], names=changed + more), error=True)
    for comparison in surprises(evidence, standing):
        tell(surprise(comparison, lang), error=True)
    _tell_ignored(with_, lang)
    try:
        with progress(lang) as told:
            done = carry_out(request, out, lang, told)
    except KeyboardInterrupt:
        tell(say("said_calibrate_interrupted", lang), error=True)
        raise SystemExit(INTERRUPTED) from None
    if isinstance(done, Calibration):
        tell(failure(done, lang), error=True)
        raise typer.Exit(1)
    show(short(done.fitted.view, lang), console())
    if (later := done.fitted.later) and later.rows:
        tell("\n" + backtest_text(later, lang, console().width))
    tell(say("said_posterior", lang, path=done.posterior))
    tell(say("said_written", lang, path=done.report / "report.html"))
    if out is None and any(shipped_member(name).is_file() for name in city_titles()):
        tell(say("said_members_left", lang))


def _tell_ignored(figures: Path | None, language: Language) -> None:
    from shudian.evidence import read_figures

    if figures and (ignored := read_figures(figures).ignored_columns):
        tell(say("score_ignored", language, columns=", ".join(ignored)), error=True)


def _calibrate_cities(request: CalibrationRequest, out: Path | None, language: Language) -> None:
    """The posterior of another city or of all: its finding, its figures, a folder with the report."""
    from shudian.cities import city_title
    from shudian.messages import in_language
    from shudian.report.calibration.city_command import carry_out_cities, cities_of
    from shudian.report.calibration.city_member import headline, screen_table, sentences
    from shudian.report.render.terminal import put, render

    _tell_ignored(request.with_, language)
    cities, screen = cities_of(request, out), console()
    with progress(language) as told:
        found = list(carry_out_cities(request, out, language, told))
    for city, done in zip(cities, found, strict=True):
        if isinstance(done, InputError):
            reason = in_language(done, language)
            tell_lines(say("said_city_stays", language, city=city_title(city).text(language), reason=reason) + "\n")
            continue
        put(screen, headline(done.view, language), style="bold")
        for line in sentences(done.view, language):
            put(screen, line)
        screen.print()
        render(screen_table(done.view, language), screen)
        tell(say("said_posterior", language, path=near(done.posterior)))
        tell_lines(say("said_written", language, path=near(done.report)) + "\n")


def _show_prior(request: CalibrationRequest, out: Path | None, language: Language) -> None:
    """Where each reported number falls before anything is fitted: the finding, the table, a folder with both."""
    from shudian.forecasts.other_cities import other_cities
    from shudian.forecasts.prior_predictive import prior_predictive
    from shudian.report.calibration.other_cities import screen_table
    from shudian.report.calibration.prior_predictive import finding, screen_tables, write
    from shudian.report.folder import require_free
    from shudian.report.render.terminal import put, render

    require_free(out)
    found, cities = prior_predictive(request.evidence, seed=request.seed), other_cities(seed=request.seed)
    place, screen = write(found, cities, out, language), console()
    put(screen, finding(found, language), style="bold")
    for table in (*screen_tables(found, language), screen_table(cities, language)):
        screen.print()
        render(table, screen)
    tell_lines(say("said_written", language, path=near(place)))


@app.command(help=help_of("score"))
def score(
    figures: Annotated[Path | None, typer.Argument(help=help_of("score_figures"))] = None,
    register: Annotated[Path | None, typer.Option(help=help_of("score_register"))] = None,
    listed: Annotated[bool, typer.Option("--list", help=help_of("score_list"))] = False,
    freeze: Annotated[bool, typer.Option("--freeze", help=help_of("freeze"))] = False,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Score a register of forecasts on what came after it or on a file of figures, show one, or write today's."""
    from shudian.forecasts.register import draws_of, freeze_today, load_register
    from shudian.forecasts.scoring import score_file, score_seeds
    from shudian.report.words.forecast_text import register_text, scores_text

    if freeze and (figures or register or listed):
        raise InputError("--freeze writes a register and scores nothing; leave the figures, --register and --list out")
    if listed and figures:
        raise InputError("--list shows the forecasts of a register and scores nothing; leave the figures out")
    if freeze:
        path, rows = freeze_today()
        tell(say("said_frozen", lang, path=path, rows=rows, draws=draws_of(path).name))
    elif listed:
        tell(register_text(load_register(register), lang, console().width))
    elif figures:
        tell(scores_text(score_file(figures, register), lang, console().width))
    else:
        tell(scores_text(score_seeds(register), lang, console().width))
        tell(say("said_score_list", lang))
