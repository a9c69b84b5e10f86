"""The job: a request becomes a plan, the plan is run, the runs become an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shudian.budget import equalise
from shudian.draws import Draws, prior_draws
from shudian.evidence import known_evidence
from shudian.kernel import Method
from shudian.kinds import InputError, Model, Scenario, Target
from shudian.report.fan_charts import PATHS
from shudian.report.results import Outcome, reduce
from shudian.report.verdicts import MEASURES, Verdicts, judge
from shudian.scenarios import combine, list_scenarios, load_scenario, with_settings
from shudian.simulate import STEPS_PER_MONTH, simulate
from shudian.structure import load_model
from shudian.targets import load_definitions, load_targets

REFERENCE = "no_policy"
"""The scenario against which every package is compared, on the same draws."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, in the words in which it was asked."""

    scenarios: tuple[str, ...] = ()
    """Names or paths of files; none means all shipped packages."""
    shocks: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    draws: int = 1000
    seed: int = 1
    city: str = ""
    """Empty: the city that the scenarios name."""
    method: Method = "euler"


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be run: every scenario in full, so that the plan means the same after files have changed."""

    city: str
    scenarios: tuple[Scenario, ...]
    reference: str
    draws: int
    seed: int
    method: Method


@dataclass(frozen=True, slots=True)
class Answer:
    """The plan carried out."""

    plan: Plan
    model: Model
    draws: Draws
    outcomes: tuple[Outcome, ...]
    verdicts: Verdicts


def plan(request: Request) -> Plan:
    """The Plan of `request`; raises InputError for any mistake in it or in the files that it names.

    Shocks strike every scenario, the reference too, and settings come last. Settings of levers act on the
    scenarios asked for; on the reference act only the others, because it must remain without policy.
    """
    parameters = (load_model(request.city) if request.city else load_model()).parameters
    names = dict.fromkeys(request.scenarios or list_scenarios(kind="package"))
    shocks = [load_scenario(name, parameters) for name in dict.fromkeys(request.shocks)]
    untouched = load_scenario(REFERENCE, parameters)
    outside = [s for s in request.settings if with_settings(untouched, [s], parameters).levers == untouched.levers]
    reference = with_settings(combine(untouched, *shocks), outside, parameters)
    known = known_evidence()
    chosen = [reference]
    for name in names:
        scenario = load_scenario(name, parameters, known_evidence=known)
        changed = with_settings(combine(scenario, *shocks), request.settings, parameters)
        if scenario.place != untouched.place:
            chosen.append(changed)
        elif request.scenarios and changed.levers != reference.levers:
            chosen.append(replace(changed, name=f"{changed.name}_set"))
    _distinct(chosen)
    cities = {scenario.city for scenario in chosen}
    if not request.city and len(cities) > 1:
        raise InputError(f"one run is about one city, but the scenarios name {', '.join(sorted(cities))}; use --city")
    city = request.city or cities.pop()
    model = load_model(city)
    equalised = tuple(equalise(scenario, model) for scenario in chosen)
    return Plan(city, equalised, reference.name, request.draws, request.seed, request.method)


def carry_out(work: Plan, progress: Callable[[str, float], None] = lambda _title, _share: None) -> Answer:
    """Run every scenario of `work` on the same draws and judge the targets.

    `progress` is told the scenario's name and how much of the whole work is done. The same plan gives the
    same numbers, bit for bit, on the same versions.
    """
    model = load_model(work.city)
    units = {equation.name: equation.unit for equation in model.equations}
    targets = load_targets(variables=units, known_evidence=known_evidence())
    draws = prior_draws(model, work.draws, work.seed)
    outputs = needed(model, targets)
    outcomes = tuple(_outcomes(work, model, draws, outputs, progress))
    verdicts = judge(work.city, outcomes, targets, load_definitions(), work.reference, work.seed, draws.calibrated)
    return Answer(work, model, draws, outcomes, verdicts)


def needed(model: Model, targets: Sequence[Target]) -> tuple[str, ...]:
    """Variables that are kept of a run: all outcomes, and what verdicts, figures and targets read."""
    outcomes = [equation.name for equation in model.equations if equation.sector == "outcomes"]
    read = [m.variable for m in MEASURES] + [path.variable for path in PATHS]
    read += [variable for target in targets for variable in target.definitions.values()]
    return tuple(dict.fromkeys([*outcomes, *read]))


def _outcomes(
    work: Plan, model: Model, draws: Draws, outputs: Sequence[str], progress: Callable[[str, float], None]
) -> Iterator[Outcome]:
    total = len(work.scenarios)
    for done, scenario in enumerate(work.scenarios):
        progress(scenario.name, done / total)
        run = simulate(model, scenario, draws, outputs=outputs, method=work.method, steps_per_month=STEPS_PER_MONTH)
        yield reduce(scenario, run)
    progress("", 1.0)


def _distinct(scenarios: Sequence[Scenario]) -> None:
    seen: dict[str, Path] = {}
    for scenario in scenarios:
        if scenario.name in seen:
            raise InputError(
                f"{scenario.place.path} and {seen[scenario.name]} are both called “{scenario.name}”; rename one file"
            )
        seen[scenario.name] = scenario.place.path
