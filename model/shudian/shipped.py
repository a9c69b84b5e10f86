"""Everything that is shipped, read and found fresh: what `shudian check` does without a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from shudian.analysis.contested_forms import load_contested_forms
from shudian.analysis.missing_statistics import load_missing_statistics
from shudian.evidence import known_evidence, load_figures, load_sources
from shudian.exchange.export import FORMATS, require_fresh_export
from shudian.forecasts.register import load_register, registers_folder
from shudian.grounds import grounds_of
from shudian.kinds import InputError, Model, Target
from shudian.mistakes import Mistakes
from shudian.observe.elsewhere import city_reports
from shudian.observe.reports import load_reports
from shudian.page.cards import load_cards
from shudian.parameters import HOME, city_titles
from shudian.scenarios import list_scenarios, load_scenario
from shudian.structure import load_model
from shudian.targets import load_targets

Counts = Mapping[str, int]


def check_shipped() -> Iterator[tuple[str, Counts | InputError]]:
    """Each part by its key, with the counts of what was found right in it, or with the mistake that was found."""
    parts: dict[str, Callable[[], Counts]] = {
        "seeds": _seeds,
        "model": _model,
        "scenarios": _scenarios,
        "cards": _cards,
        "posterior": _posterior,
        "exports": _exports,
        "registers": _registers,
    }
    for key, check in parts.items():
        try:
            yield key, check()
        except InputError as error:
            yield key, error


def _seeds() -> Counts:
    model = load_model()
    reports = load_reports(model)
    identifiers = [report.identifier for report in reports]
    load_missing_statistics(model, identifiers, [target.identifier for target in _targets(model)])
    return {"figures": len(load_figures()), "sources": len(load_sources()), "parameters": len(model.parameters)}


def _model() -> Counts:
    model = load_model()
    for city in city_titles():
        load_contested_forms(load_model(city))
        if city != HOME:
            city_reports(city, load_model(city))
    return {"equations": len(model.equations), "stocks": len(model.stocks), "loops": len(model.loops)}


def _scenarios() -> Counts:
    model, known = load_model(), known_evidence()
    for name in list_scenarios():
        load_scenario(name, model.parameters, known_evidence=known)
    return {"scenarios": len(list_scenarios()), "targets": len(_targets(model))}


def _targets(model: Model) -> tuple[Target, ...]:
    return load_targets(variables={e.name: e.unit for e in model.equations}, known_evidence=known_evidence())


def _cards() -> Counts:
    return {"cards": len(load_cards(load_model().parameters, known_evidence()))}


def _posterior() -> Counts:
    posterior = grounds_of(HOME).posterior
    assert posterior is not None
    elsewhere = [grounds_of(city) for city in city_titles() if city != HOME]
    mistakes = Mistakes()
    for grounds in elsewhere:
        if grounds.why == "stale":
            mistakes.note(InputError(grounds.reason))
    mistakes.tell()
    cities = sum(grounds.calibrated for grounds in elsewhere)
    return {"draws": posterior.size, "reports": posterior.reports, "findings": posterior.findings, "cities": cities}


def _exports() -> Counts:
    for format in FORMATS:
        require_fresh_export(format)
    return {"exports": len(FORMATS)}


def _registers() -> Counts:
    registers = [load_register(path) for path in sorted(registers_folder().glob("*.csv"))]
    return {"registers": len(registers), "forecasts": sum(len(register.rows) for register in registers)}
