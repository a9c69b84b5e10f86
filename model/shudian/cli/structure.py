"""shudian explain, export, diff, diagram: the model looked at, taken out and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from shudian.cli.options import CityOption, LanguageOption, scenario_names
from shudian.cli.terminal import LANGUAGE, app, help_of, tell, tell_lines
from shudian.wording import say


@app.command(help=help_of("explain"))
def explain(
    variable: Annotated[str, typer.Argument(help=help_of("variable"))],
    deep: Annotated[bool, typer.Option("--deep", help=help_of("deep"))] = False,
    loops: Annotated[bool, typer.Option("--loops", help=help_of("loops"))] = False,
    scenario: Annotated[str, typer.Option(help=help_of("loops_scenario"), autocompletion=scenario_names)] = "baseline",
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Explain a variable, a parameter, a lever, a target or a scenario."""
    from shudian.answers.names import aliases, scenario_named, target_named
    from shudian.answers.reasons import latest_of, responses_of
    from shudian.budget import equalise
    from shudian.evidence import load_figures, load_sources
    from shudian.explain import explain as explained
    from shudian.grounds import standing_posterior
    from shudian.kinds import InputError, Parameter
    from shudian.parameters import HOME
    from shudian.report.words.dose_text import latest_text, response_text
    from shudian.report.words.explanation import deep_text, explanation_text, target_text
    from shudian.report.words.loop_text import loop_text, loop_weights_text
    from shudian.report.words.scenario_words import scenario_text
    from shudian.scenarios import base_of, load_scenario
    from shudian.structure import load_model
    from shudian.targets import load_definitions, load_targets

    model, targets, definitions = load_model(), load_targets(), load_definitions()
    posterior = standing_posterior(HOME) if loops else None
    chosen = equalise(load_scenario(scenario, model.parameters), model, posterior) if loops else None
    named = [loop for loop in model.loops if loop.name.casefold() == variable.casefold()]
    if named:
        tell_lines(loop_text(named[0], model, lang))
        if chosen:
            tell_lines("\n" + loop_weights_text(named, model, chosen, lang, posterior))
        return
    target = target_named(variable, targets)
    if target is not None:
        tell_lines(target_text(target, definitions, lang))
        return
    others = aliases(model, targets, definitions)
    try:
        found = explained(model, load_figures(), load_sources(), variable, others)
    except InputError:
        if (package := scenario_named(variable, model.parameters)) is None:
            raise
        tell_lines(scenario_text(package, base_of(package, model.parameters), model.parameters, lang))
        return
    tell_lines(explanation_text(found, model, lang))
    if isinstance(found.subject, Parameter) and found.subject.role == "lever":
        grounds = standing_posterior(HOME)
        (response,) = responses_of([found.subject], model, grounds).values()
        tell_lines(response_text(response, model, grounds, lang))
        tell_lines(latest_text(response, latest_of(response, model, grounds), lang))
    if deep:
        tell_lines(deep_text(found.subject, model, lang))
    if chosen:
        tell_lines("\n" + loop_weights_text(found.loops, model, chosen, lang, posterior))


@app.command(help=help_of("export"))
def export(
    out: Annotated[Path, typer.Option("-o", "--out", help=help_of("export_out"))],
    scenario: Annotated[str, typer.Option(help=help_of("export_scenario"), autocompletion=scenario_names)] = "baseline",
    format_: Annotated[Literal["mdl", "xmile"] | None, typer.Option("--format", help=help_of("export_format"))] = None,
    city: CityOption = "",
    force: Annotated[bool, typer.Option("--force", help=help_of("force"))] = False,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Write the model and a scenario as a Vensim or XMILE file."""
    from shudian.exchange.export import export_to

    export_to(out, scenario, format_, city, replace=force)
    tell(say("said_file", lang, path=out))


@app.command(help=help_of("diff"))
def diff(
    file: Annotated[Path, typer.Argument(help=help_of("model_file"))],
    scenario: Annotated[str, typer.Option(help=help_of("diff_scenario"), autocompletion=scenario_names)] = "",
    city: CityOption = "",
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Say what was changed in an exported model file; exit code 1 if anything was."""
    from shudian.exchange.differences import compare_file
    from shudian.report.words.difference_text import describe

    found = compare_file(file, scenario, city)
    tell_lines(describe(found, lang))
    if found.changes:
        raise typer.Exit(1)


@app.command(help=help_of("diagram"))
def diagram(
    out: Annotated[Path, typer.Option("-o", "--out", help=help_of("diagram_out"))],
    sector: Annotated[str, typer.Argument(help=help_of("sector"))] = "",
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Draw a sector's stocks and flows, or the feedback loops."""
    from shudian.report.diagrams.diagram import draw
    from shudian.structure import load_model

    draw(load_model(), sector, lang, out)
    tell(say("said_file", lang, path=out))
