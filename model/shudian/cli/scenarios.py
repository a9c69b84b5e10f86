"""shudian list, check, new: what is shipped, and a file of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from shudian.cli.options import LanguageOption, scenario_names
from shudian.cli.terminal import LANGUAGE, app, help_of, tell, tell_lines
from shudian.files import check_free, write_text
from shudian.kinds import InputError, Language, Parameter, Scenario
from shudian.messages import in_language
from shudian.mistakes import sentences_of
from shudian.wording import say

_NAME = re.compile(r"\w[\w .-]*")
"""No path, so that nothing is written elsewhere; no `+`, which strikes a package with a shock."""


@app.command("list", help=help_of("list"))
def list_(lang: LanguageOption = LANGUAGE) -> None:
    """List what is shipped."""
    from shudian.parameters import city_titles
    from shudian.scenarios import list_scenarios, load_scenario
    from shudian.structure import load_model
    from shudian.targets import load_targets

    parameters = load_model().parameters
    loaded = [load_scenario(name, parameters) for name in list_scenarios()]
    for kind, key in (("package", "list_packages"), ("shock", "list_shocks")):
        _columns(say(key, lang), [(s.name, s.title.text(lang), "") for s in loaded if s.kind == kind])
    _columns(say("list_targets", lang), [(t.identifier, t.label.text(lang), "") for t in load_targets()])
    levers = [p for p in parameters.values() if p.role == "lever"]
    _columns(say("list_levers", lang), [(p.name, p.label.text(lang), _range(p, parameters, lang)) for p in levers])
    _columns(say("list_cities", lang), [(name, label.text(lang), "") for name, label in city_titles().items()])


def _range(lever: Parameter, parameters: Mapping[str, Parameter], language: Language) -> str:
    """A lever's range, and with which others it belongs together."""
    from shudian.parameters import together
    from shudian.report.words.explanation import range_text

    count = len(together(lever, parameters))
    ends = range_text(lever, language)
    return say("list_together", language, range=ends, count=count) if count > 1 else ends


def _columns(title: str, rows: list[tuple[str, str, str]]) -> None:
    widest = max((len(name) for name, _, _ in rows), default=0)
    tell_lines(f"\n{title}")
    for name, label, more in rows:
        tell_lines(f"  {name:<{widest}}  {label}  {more}".rstrip())


@app.command(help=help_of("check"))
def check(
    files: Annotated[list[str] | None, typer.Argument(help=help_of("files"), autocompletion=scenario_names)] = None,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Check scenario files, or everything shipped."""
    if not files:
        _check_shipped(lang)
        return
    from shudian.cities import is_city_file, own_city
    from shudian.evidence import known_evidence
    from shudian.scenarios import load_scenario
    from shudian.structure import load_model

    known, model = known_evidence(), load_model()
    cities = [name for name in files if (path := own_city(name)) and path.suffix == ".toml" and is_city_file(path)]
    for name in cities:
        _check_city(name, lang)
    files = [name for name in files if name not in cities]
    for name in files:
        load_scenario(name, model.parameters, known_evidence=known)
        tell_lines(say("said_checked", lang, what=name))
    warn_of_unchanged(files, lang)
    warn_of_idle(files, lang)
    _warn_of_the_past(files, lang)
    _tell_reviews(files, lang)


def _tell_reviews(names: Sequence[str], language: Language) -> None:
    """Say what the reviews of the packages `names` look at and decide, and on standard error which go one way only."""
    from shudian.answers.limits import LOOKED, held_in
    from shudian.report.words.review_text import one_way_lines, review_text
    from shudian.scenarios import load_scenario
    from shudian.structure import load_model

    parameters = load_model().parameters
    for name in names:
        scenario = load_scenario(name, parameters)
        for review in scenario.reviews:
            tell_lines(review_text(review, language, scenario.city))
        for line in one_way_lines(held_in(scenario, load_model(scenario.city)), LOOKED, language):
            tell(line, error=True)


def _check_city(city: str, language: Language) -> None:
    """Say that the file of a city is right, and how much of the city it tells."""
    from shudian.analysis.contested_forms import load_contested_forms
    from shudian.observe.elsewhere import city_reports
    from shudian.report.words.city_words import city_file_text
    from shudian.structure import load_model

    model = load_model(city)
    load_contested_forms(model)
    city_reports(city, model)
    tell_lines(say("said_checked", language, what=city))
    tell_lines(city_file_text(city, language))


def _warn_of_the_past(names: Sequence[str], language: Language) -> None:
    """Say of the packages `names` which are another past without saying so."""
    from shudian.answers.limits import unsaid
    from shudian.report.words.warning_text import unsaid_caution
    from shudian.scenarios import load_scenario
    from shudian.structure import load_model

    parameters = load_model().parameters
    for name in names:
        scenario = load_scenario(name, parameters)
        found = unsaid(scenario, parameters) if scenario.kind == "package" else None
        if found:
            tell(unsaid_caution(found).long.text(language), error=True)


def _check_shipped(language: Language) -> None:
    from shudian.shipped import check_shipped

    mistakes: list[str] = []
    for key, found in check_shipped():
        if not isinstance(found, InputError):
            tell_lines(say("said_checked", language, what=say(f"check_{key}", language, **found)))
        elif str(found) not in mistakes:
            # one mistake may stand in the way of several parts
            mistakes.append(str(found))
            for sentence in sentences_of(found):
                tell(in_language(sentence, language), error=True)
    if mistakes:
        raise typer.Exit(2)


@app.command(help=help_of("new"))
def new(
    name: Annotated[str, typer.Argument(help=help_of("name"))],
    base: Annotated[str, typer.Option(help=help_of("new_base"), autocompletion=scenario_names)] = "",
    xlsx: Annotated[bool, typer.Option("--xlsx", help=help_of("xlsx"))] = False,
    schema: Annotated[bool, typer.Option("--schema", help=help_of("schema"))] = False,
    city: Annotated[bool, typer.Option("--city", help=help_of("new_city"))] = False,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Make a scenario file, a workbook or a city's file, to fill in."""
    from shudian.quantities import show
    from shudian.scenario_schema import FILE, write_schema
    from shudian.scenario_text import template
    from shudian.structure import load_model

    if not _NAME.fullmatch(name):
        raise InputError(
            "{name} is no name for a file in this folder; use letters, digits, - and _ only", name=show(name)
        )
    if xlsx and schema:
        raise InputError("a workbook has its lists in its cells and needs no schema; leave --schema or --xlsx out")
    if city:
        if xlsx or schema:
            raise InputError("a city's file is a text file without a schema; leave --xlsx and --schema out")
        if base:
            raise InputError("a city's file is built on no package; leave --base out")
        _new_city(name.removesuffix(".toml"), lang)
        return
    if xlsx:
        _new_workbook(Path(f"{name.removesuffix('.xlsx')}.xlsx"), base, lang)
        return
    name = name.removesuffix(".toml")
    parameters = load_model().parameters
    text = template(parameters, name, _base_of_new(base, parameters))
    path = Path(f"{name}.toml")
    if schema:
        check_free(path)
        write_schema(path.parent, parameters)
        text = f"#:schema ./{FILE}\n{text}"
    write_text(path, text)
    tell(say("said_new", lang, path=path))


def _new_city(name: str, language: Language) -> None:
    from shudian.city_text import city_template

    path = Path(f"{name}.toml")
    write_text(path, city_template(name))
    tell(say("said_new_city", language, path=path))


def _base_of_new(base: str, parameters: Mapping[str, Parameter]) -> Scenario | None:
    """The package that a new file in this folder is built on; None where it is left to the form."""
    from shudian.paths import scenarios_folder
    from shudian.scenarios import load_scenario

    if not base:
        return None
    found = load_scenario(base, parameters)
    if found.kind == "shock" or not found.name.isidentifier():
        raise InputError(
            "a new package is built on a package alone, and “{name}” is none; put what happens to the city beside it "
            "when you run it, as in my_plan+demand_stalls",
            name=base,
        )
    folder = found.place.path.resolve().parent
    if folder not in (Path.cwd().resolve(), scenarios_folder().resolve()):
        raise InputError("a base is looked for beside the file that is built on it; copy it into this folder").at(
            found.place.path
        )
    return found


def _new_workbook(path: Path, base: str, language: Language) -> None:
    from shudian.report.render.sheets import save
    from shudian.report.scenario_workbook import scenario_workbook
    from shudian.structure import load_model

    check_free(path)
    parameters = load_model().parameters
    save(scenario_workbook(parameters, path.stem, language, _base_of_new(base, parameters)), path)
    tell(say("said_new", language, path=path))


def warn_of_unchanged(names: Sequence[str], language: Language, now: str = "") -> None:
    """Say on standard error which of the scenarios `names`, read in month `now`, change nothing in their base."""
    from shudian.now import read_now
    from shudian.scenarios import base_of, load_scenario, package_and_shocks, unchanged
    from shudian.structure import load_model

    parameters = load_model().parameters
    for name in names:
        scenario = load_scenario(package_and_shocks(name)[0], parameters, now=read_now(now))
        base = base_of(scenario, parameters)
        if base and not scenario.same_budget_as and unchanged(scenario, base, parameters):
            said = say("said_unchanged", language, name=scenario.name, base=base.title.text(language))
            tell(said, error=True)


def warn_of_idle(names: Sequence[str], language: Language) -> None:
    """Say of the packages `names` what does nothing in them and why."""
    from shudian.answers.limits import idle_in
    from shudian.report.words.cautions import idle_lines
    from shudian.report.words.idle_text import idle_caution
    from shudian.scenarios import load_scenario
    from shudian.structure import load_model
    from shudian.targets import load_targets

    parameters, targets = load_model().parameters, load_targets()
    for name in names:
        scenario = load_scenario(name, parameters)
        found = idle_in(scenario, load_model(scenario.city), targets) if scenario.kind == "package" else None
        for line in idle_lines([idle_caution(found, parameters)] if found else [], language):
            tell(line)
