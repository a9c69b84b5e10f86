"""Scenarios, levers, targets, measures and loops as the page reads them."""

from __future__ import annotations

from shudian.analysis.contribution import INSTRUMENTS
from shudian.analysis.idle import EXAMPLES
from shudian.analysis.verdicts import Measure
from shudian.kinds import LANGUAGES, Label, Loop, Model, Scenario, Target
from shudian.page import facts
from shudian.page.facts import Plain, both
from shudian.report.words.captions import amount
from shudian.scenarios import load_scenario
from shudian.schedules import Schedule
from shudian.units import conversion
from shudian.wording import say


def preset_entry(scenario: Scenario, model: Model) -> Plain:
    """A package or shock to choose."""
    plain: Plain = {
        "name": scenario.name,
        "kind": scenario.kind,
        "base": scenario.base,
        "title": both(scenario.title),
        "question": both(scenario.question),
        "notes": [both(note) for note in scenario.notes],
        "evidence": list(scenario.evidence),
        **_chosen(scenario),
    }
    written = load_scenario(scenario.name, model.parameters)
    # a file that is built on a package builds on it as its own file has it, before its budget is equalised
    return plain | ({"as_base": _chosen(written)} if written.same_budget_as else {})


def _chosen(scenario: Scenario) -> Plain:
    return {
        "levers": {name: _schedule(schedule) for name, schedule in scenario.levers.items()},
        "assumptions": {name: _schedule(schedule) for name, schedule in scenario.assumptions.items()},
        "fixed": dict(scenario.fixed),
    }


def _schedule(schedule: Schedule) -> list[dict[str, float]]:
    return [{"start": s.start, "value": s.value, "ramp": s.ramp} for s in schedule]


def instrument_entry(name: str, model: Model) -> Plain:
    """An instrument of several levers, and the package whose values are offered for it."""
    packages = [load_scenario(package, model.parameters) for package in EXAMPLES]
    levers = INSTRUMENTS[name]
    whose = next(package for package in packages if all(lever in package.levers for lever in levers))
    label = {language: say(f"instrument_{name}", language) for language in LANGUAGES}
    return {"name": name, "label": label, "levers": list(levers), "package": both(whose.title)}


def target_entry(target: Target) -> Plain:
    """A target and its definitions."""
    return {
        "id": target.identifier,
        "label": both(target.label),
        "measure": target.measure,
        "year": target.year,
        "threshold": target.threshold,
        "threshold_text": {k: amount(target.threshold, target.unit, k) for k in LANGUAGES},
        "unit": target.unit,
        **facts.shown_unit(target.unit),
        "definitions": dict(target.definitions),
        "official_definition": target.official_definition,
        "note": both(target.note),
        "evidence": list(target.evidence),
    }


def output_entry(model: Model, name: str) -> Plain:
    """An outcome that charts show."""
    equation = model.equation(name)
    rate = "monthly" if "/month" in equation.unit else "cumulative" if name.startswith("cumulative_") else "level"
    return {"name": name, "label": both(equation.label), "rate": rate, **facts.shown_unit(equation.unit)}


def measure_label(measure: Measure) -> Label:
    """What a measure is called where it stands alone."""
    zh, en = (say(measure.label, k, year=measure.year, since=measure.since) for k in LANGUAGES)
    return Label(zh, en)


def measure_entry(model: Model, measure: Measure) -> Plain:
    """A measure of the tables."""
    unit = model.equation(measure.variable).unit
    return {
        "name": measure.name,
        "label": both(measure_label(measure)),
        "variable": measure.variable,
        "reading": measure.reading,
        "year": measure.year,
        "since": measure.since,
        **facts.shown_unit(unit),
        "factor": conversion(unit, measure.unit),
    }


def loop_entry(loop: Loop) -> Plain:
    """A feedback loop."""
    return {
        "name": loop.name, "label": both(loop.label), "meaning": both(loop.meaning), "polarity": loop.polarity,
        "variables": list(loop.variables), "switch": loop.switch,
    }  # fmt: skip
