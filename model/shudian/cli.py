"""The commands. Everything heavy is imported inside a command, so that help comes at once.

Help is written in the locale's language, or in that of `--lang` where the command line has it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from shudian.kinds import InputError, Language
from shudian.messages import in_language
from shudian.report.strings import locale_language, say, wrap

if TYPE_CHECKING:
    from rich.console import Console

    from shudian.report.job import Answer, Plan

MOST_DRAWS = 20_000
"""More do not fit into a small machine's memory with all packages; notebooks can go further scenario by scenario."""
MOST_NOTES = 20
"""A longer list would push the answer off the screen; it stands in the folder's table.md."""
USUAL_DRAWS, FEW_DRAWS = 1000, 10
"""PySD takes a third of a second for each draw."""
Method = Literal["euler", "rk4"]
Engine = Literal["kernel", "pysd"]


def _help_language() -> Language:
    words = " ".join(sys.argv[1:]).replace("=", " ").split()
    for option, value in pairwise(words):
        if option == "--lang" and value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return locale_language()


_LANGUAGE = _help_language()


def _help(key: str) -> str:
    return say(f"help_{key}", _LANGUAGE)


LanguageOption = Annotated[Language, typer.Option("--lang", help=_help("lang"))]
app = typer.Typer(
    help=_help("app"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)


@app.command(help=_help("run"))
def run(
    scenarios: Annotated[list[str] | None, typer.Argument(help=_help("scenarios"))] = None,
    with_: Annotated[list[str] | None, typer.Option("--with", help=_help("with"))] = None,
    draws: Annotated[int | None, typer.Option(min=1, max=MOST_DRAWS, help=_help("draws"))] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=_help("seed"))] = 1,
    set_: Annotated[list[str] | None, typer.Option("--set", help=_help("set"))] = None,
    city: Annotated[str, typer.Option(help=_help("city"))] = "",
    out: Annotated[Path | None, typer.Option(help=_help("out"))] = None,
    lang: LanguageOption = _LANGUAGE,
    method: Annotated[Method, typer.Option(help=_help("method"))] = "euler",
    engine: Annotated[Engine, typer.Option(help=_help("engine"))] = "kernel",
    model: Annotated[str, typer.Option(help=_help("model"))] = "",
    targets: Annotated[str, typer.Option(help=_help("targets"))] = "",
    prior: Annotated[bool, typer.Option("--prior", help=_help("prior"))] = False,
    posterior: Annotated[str, typer.Option(help=_help("posterior"))] = "",
    repeat: Annotated[Path | None, typer.Option(help=_help("repeat"))] = None,
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
    _warn_of_unchanged(asked, lang)
    if model:
        from shudian.exchange.differences import compare_file
        from shudian.report.difference_text import describe

        typer.echo(describe(compare_file(Path(model), city=city), lang) + "\n")
    _run(work, out, lang)


def _warn_of_unchanged(names: Sequence[str], language: Language) -> None:
    from shudian.scenarios import base_of, load_scenario, unchanged
    from shudian.structure import load_model

    parameters = load_model().parameters
    for name in names:
        scenario = load_scenario(name, parameters)
        base = base_of(scenario, parameters)
        if base and not scenario.same_budget_as and unchanged(scenario, base, parameters):
            said = say("said_unchanged", language, name=scenario.name, base=base.title.text(language))
            typer.echo(said, err=True)


def _run(work: Plan, out: Path | None, language: Language) -> None:
    from shudian.evidence import load_figures
    from shudian.report.results import data_digest
    from shudian.report.run_folder import draft, publish, write

    with draft(out) as folder:
        with _progress(language) as told:
            answer = _carry_out(work, told, language)
            told(say("progress_write", language), 1.0)
            write(answer, list(load_figures().values()), folder, language, ["shudian", *sys.argv[1:]])
        place = publish(folder, out, data_digest(answer.outcomes))
    _show(answer, place, language)
    typer.echo(say("said_written", language, path=place))


def _repeat(manifest: Path, language: Language) -> None:
    from shudian.report.manifest import differences, read_manifest

    work, before = read_manifest(manifest)
    with _progress(language) as told:
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


@contextmanager
def _progress(language: Language) -> Iterator[Callable[[str, float], None]]:
    from rich.progress import Progress

    with Progress(console=_console(error=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(say("progress_run", language, name=""), total=1.0)
        yield lambda text, share: progress.update(task, description=text, completed=share)


def _console(error: bool = False) -> Console:
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 120
    return Console(stderr=error, highlight=False, width=None if error else wide, markup=False, emoji=False)


def _show(answer: Answer, place: Path, language: Language) -> None:
    from shudian.report.tables import basis_text, finding_text, notes, render, tables

    console = _console()
    columns = min(console.width, 110) - 2
    console.print(wrap(finding_text(answer.verdicts, language), columns), style="bold", soft_wrap=True)
    console.print(wrap(basis_text(answer.verdicts, language), columns), soft_wrap=True)
    for table in tables(answer.verdicts, language):
        console.print()
        render(table, console, columns)
    if answer.verdicts.reported:
        console.print(wrap(say("reported_elsewhere", language, path=place / "table.md"), columns), soft_wrap=True)
    listed = notes(answer.verdicts, language)
    if 0 < len(listed) <= MOST_NOTES:
        console.print(say("notes_title", language), style="bold")
        for note in listed:
            console.print(wrap(f"· {note}", columns), soft_wrap=True)
    elif listed:
        console.print(say("notes_elsewhere", language, count=len(listed), path=place / "table.md"))


@app.command("list", help=_help("list"))
def list_(lang: LanguageOption = _LANGUAGE) -> None:
    """List what is shipped."""
    from shudian.parameters import city_titles
    from shudian.report.explanation import range_text
    from shudian.scenarios import list_scenarios, load_scenario
    from shudian.structure import load_model
    from shudian.targets import load_targets

    parameters = load_model().parameters
    loaded = [load_scenario(name, parameters) for name in list_scenarios()]
    for kind, key in (("package", "list_packages"), ("shock", "list_shocks")):
        _columns(say(key, lang), [(s.name, s.title.text(lang), "") for s in loaded if s.kind == kind])
    _columns(say("list_targets", lang), [(t.identifier, t.label.text(lang), "") for t in load_targets()])
    levers = [p for p in parameters.values() if p.role == "lever"]
    _columns(say("list_levers", lang), [(p.name, p.label.text(lang), range_text(p, lang)) for p in levers])
    _columns(say("list_cities", lang), [(name, label.text(lang), "") for name, label in city_titles().items()])


def _columns(title: str, rows: list[tuple[str, str, str]]) -> None:
    widest = max((len(name) for name, _, _ in rows), default=0)
    typer.echo(f"\n{title}")
    for name, label, more in rows:
        typer.echo(f"  {name:<{widest}}  {label}  {more}".rstrip())


@app.command(help=_help("check"))
def check(
    files: Annotated[list[str] | None, typer.Argument(help=_help("files"))] = None, lang: LanguageOption = _LANGUAGE
) -> None:
    """Check scenario files, or everything shipped."""
    from shudian.evidence import known_evidence, load_figures, load_sources
    from shudian.parameters import city_titles
    from shudian.scenarios import list_scenarios, load_scenario
    from shudian.structure import load_model
    from shudian.targets import load_targets

    known, model = known_evidence(), load_model()
    for name in files or list_scenarios():
        load_scenario(name, model.parameters, known_evidence=known)
        if files:
            typer.echo(say("said_checked", lang, what=name))
    if files:
        _warn_of_unchanged(files, lang)
        return
    targets = load_targets(variables={e.name: e.unit for e in model.equations}, known_evidence=known)
    for city in city_titles():
        load_model(city)
    counts = {"figures": len(load_figures()), "sources": len(load_sources()), "parameters": len(model.parameters)}
    typer.echo(say("said_checked", lang, what=say("check_seeds", lang, **counts)))
    counts = {"equations": len(model.equations), "stocks": len(model.stocks), "loops": len(model.loops)}
    typer.echo(say("said_checked", lang, what=say("check_model", lang, **counts)))
    counts = {"scenarios": len(list_scenarios()), "targets": len(targets)}
    typer.echo(say("said_checked", lang, what=say("check_scenarios", lang, **counts)))


@app.command("calibrate", help=_help("calibrate"))
def calibrate_(
    until: Annotated[str, typer.Option(help=_help("until"))] = "",
    without: Annotated[list[str] | None, typer.Option(help=_help("without"))] = None,
    with_: Annotated[Path | None, typer.Option("--with", help=_help("with_figures"))] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help=_help("calibrate_seed"))] = 1,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=_help("calibrate_out"))] = None,
    refits: Annotated[bool, typer.Option("--refits/--no-refits", help=_help("refits"))] = True,
    lang: LanguageOption = _LANGUAGE,
) -> None:
    """Fit the model to the reported figures."""
    from shudian.calibrate.calibration import Calibration
    from shudian.report.calibration.command import Wish, carry_out
    from shudian.report.calibration.terminal import show
    from shudian.report.calibration.words import failure

    wish = Wish(until, tuple(without or ()), with_, seed, out, refits)
    try:
        with _progress(lang) as told:
            done = carry_out(wish, lang, told)
    except KeyboardInterrupt:
        typer.echo(say("said_calibrate_interrupted", lang), err=True)
        raise typer.Exit(130) from None
    if isinstance(done, Calibration):
        typer.echo(failure(done.diagnostics, lang), err=True)
        raise typer.Exit(1)
    show(done.view, _console(), lang)
    typer.echo(say("said_posterior", lang, path=done.posterior))
    typer.echo(say("said_written", lang, path=done.report / "report.html"))


@app.command(help=_help("explain"))
def explain(
    variable: Annotated[str, typer.Argument(help=_help("variable"))],
    deep: Annotated[bool, typer.Option("--deep", help=_help("deep"))] = False,
    loops: Annotated[bool, typer.Option("--loops", help=_help("loops"))] = False,
    scenario: Annotated[str, typer.Option(help=_help("loops_scenario"))] = "baseline",
    lang: LanguageOption = _LANGUAGE,
) -> None:
    """Explain a variable, a parameter, a lever or a target."""
    from shudian.budget import equalise
    from shudian.evidence import load_figures, load_sources
    from shudian.explain import explain as explained
    from shudian.parameters import HOME
    from shudian.posterior import standing_posterior
    from shudian.report.explanation import aliases, deep_text, explanation_text, target_named, target_text
    from shudian.report.loop_weights import loop_text, loop_weights_text
    from shudian.scenarios import load_scenario
    from shudian.structure import load_model
    from shudian.targets import load_definitions, load_targets

    model, targets, definitions = load_model(), load_targets(), load_definitions()
    posterior = standing_posterior(HOME) if loops else None
    chosen = equalise(load_scenario(scenario, model.parameters), model, posterior) if loops else None
    named = [loop for loop in model.loops if loop.name.casefold() == variable.casefold()]
    if named:
        typer.echo(loop_text(named[0], model, lang))
        if chosen:
            typer.echo("\n" + loop_weights_text(named, model, chosen, lang, posterior))
        return
    target = target_named(variable, targets)
    if target is not None:
        typer.echo(target_text(target, definitions, lang))
        return
    others = aliases(model, targets, definitions)
    found = explained(model, load_figures(), load_sources(), variable, others)
    typer.echo(explanation_text(found, model, lang))
    if deep:
        typer.echo(deep_text(found.subject, model, lang))
    if chosen:
        typer.echo("\n" + loop_weights_text(found.loops, model, chosen, lang, posterior))


@app.command(help=_help("new"))
def new(name: Annotated[str, typer.Argument(help=_help("name"))], lang: LanguageOption = _LANGUAGE) -> None:
    """Make a scenario file to fill in."""
    from shudian.scenario_text import template
    from shudian.structure import load_model

    name = name.removesuffix(".toml")
    text = template(load_model().parameters, name)
    path = Path(f"{name}.toml")
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path} already exists and is left as it is; choose another name") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror})") from None
    typer.echo(say("said_new", lang, path=path))


@app.command(help=_help("export"))
def export(
    out: Annotated[Path, typer.Option("-o", "--out", help=_help("export_out"))],
    scenario: Annotated[str, typer.Option(help=_help("export_scenario"))] = "baseline",
    format_: Annotated[Literal["mdl", "xmile"] | None, typer.Option("--format", help=_help("export_format"))] = None,
    city: Annotated[str, typer.Option(help=_help("city"))] = "",
    force: Annotated[bool, typer.Option("--force", help=_help("force"))] = False,
    lang: LanguageOption = _LANGUAGE,
) -> None:
    """Write the model and a scenario as a Vensim or XMILE file."""
    from shudian.exchange.export import export_to

    export_to(out, scenario, format_, city, replace=force)
    typer.echo(say("said_file", lang, path=out))


@app.command(help=_help("diff"))
def diff(
    file: Annotated[Path, typer.Argument(help=_help("model_file"))],
    scenario: Annotated[str, typer.Option(help=_help("diff_scenario"))] = "",
    city: Annotated[str, typer.Option(help=_help("city"))] = "",
    lang: LanguageOption = _LANGUAGE,
) -> None:
    """Say what was changed in an exported model file; exit code 1 if anything was."""
    from shudian.exchange.differences import compare_file
    from shudian.report.difference_text import describe

    found = compare_file(file, scenario, city)
    typer.echo(describe(found, lang))
    if found.changes:
        raise typer.Exit(1)


@app.command(help=_help("diagram"))
def diagram(
    out: Annotated[Path, typer.Option("-o", "--out", help=_help("diagram_out"))],
    sector: Annotated[str, typer.Argument(help=_help("sector"))] = "",
    lang: LanguageOption = _LANGUAGE,
) -> None:
    """Draw a sector's stocks and flows, or the feedback loops."""
    from shudian.report.diagram import draw
    from shudian.structure import load_model

    draw(load_model(), sector, lang, out)
    typer.echo(say("said_file", lang, path=out))


@app.command(help=_help("score"))
def score(
    figures: Annotated[Path | None, typer.Argument(help=_help("score_figures"))] = None,
    register: Annotated[Path | None, typer.Option(help=_help("score_register"))] = None,
    freeze: Annotated[bool, typer.Option("--freeze", help=_help("freeze"))] = False,
    lang: LanguageOption = _LANGUAGE,
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


def main() -> None:
    """Run a command: a mistake ends with one sentence and exit code 2, an interrupt with 130."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # a terminal that cannot show a character shows ? instead of ending the run
            stream.reconfigure(errors="replace")
    try:
        app()
    except InputError as error:
        print(in_language(str(error), _help_language()), file=sys.stderr)
        sys.exit(2)
    except SystemExit as end:
        if end.code == 130:
            print(say("said_interrupted", _LANGUAGE), file=sys.stderr)
        raise
