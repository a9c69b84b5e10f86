"""shudian list, check, new: what is shipped, and a file of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shudian.cli.terminal import LANGUAGE, LanguageOption, app, help_of
from shudian.kinds import InputError, Language
from shudian.report.strings import say

if TYPE_CHECKING:
    pass


@app.command("list", help=help_of("list"))
def list_(lang: LanguageOption = LANGUAGE) -> None:
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


@app.command(help=help_of("check"))
def check(
    files: Annotated[list[str] | None, typer.Argument(help=help_of("files"))] = None, lang: LanguageOption = LANGUAGE
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
        warn_of_unchanged(files, lang)
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


@app.command(help=help_of("new"))
def new(
    name: Annotated[str, typer.Argument(help=help_of("name"))],
    xlsx: Annotated[bool, typer.Option("--xlsx", help=help_of("xlsx"))] = False,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Make a scenario file, or a workbook, to fill in."""
    from shudian.scenario_text import template
    from shudian.structure import load_model

    if xlsx:
        _new_workbook(Path(f"{name.removesuffix('.xlsx')}.xlsx"), lang)
        return
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


def _new_workbook(path: Path, language: Language) -> None:
    from shudian.report.scenario_workbook import scenario_workbook
    from shudian.report.sheets import save
    from shudian.structure import load_model

    book = scenario_workbook(load_model().parameters, path.stem, language)
    if path.exists():
        raise InputError(f"{path} already exists and is left as it is; choose another name")
    try:
        save(book, path)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror})") from None
    typer.echo(say("said_new", language, path=path))


def warn_of_unchanged(names: Sequence[str], language: Language) -> None:
    """Say on standard error which of the scenarios `names` change nothing in their base."""
    from shudian.scenarios import base_of, load_scenario, unchanged
    from shudian.structure import load_model

    parameters = load_model().parameters
    for name in names:
        scenario = load_scenario(name, parameters)
        base = base_of(scenario, parameters)
        if base and not scenario.same_budget_as and unchanged(scenario, base, parameters):
            said = say("said_unchanged", language, name=scenario.name, base=base.title.text(language))
            typer.echo(said, err=True)
