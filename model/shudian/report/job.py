"""The job: a request becomes a plan, the plan is run, the runs become an answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from shudian.budget import equalise
from shudian.compare.before import chances_before
from shudian.compare.output_change import OutputChange, output_changes
from shudian.compare.reported import Comparison, compare
from shudian.compare.results import Outcome, reduce
from shudian.compare.structures import ByStructure, by_structure
from shudian.compare.verdicts import MEASURES, YEAR, Pairing, Verdicts, judge, read
from shudian.conditioning import believing
from shudian.draws import Draws
from shudian.evidence import known_evidence, load_figures
from shudian.grounds import Grounds, draws_from, few_draws, grounds_of, standing_posterior
from shudian.kernel import Method
from shudian.kinds import Caution, InputError, Label, Model, Parameter, Place, Scenario, Target
from shudian.parameters import HOME
from shudian.quantities import write_month
from shudian.report.amounts import amount_text
from shudian.report.fan_charts import PATHS
from shudian.report.idle_text import idle_cautions
from shudian.report.warning_text import cautions_of
from shudian.report.world import bare, contested, in_one_world, setting_role
from shudian.scenarios import (
    ROOT,
    combine,
    in_world_of,
    list_scenarios,
    load_scenario,
    package_and_shocks,
    read_setting,
    schedule_matrix,
    with_settings,
)
from shudian.simulate import STEPS_PER_MONTH, simulate
from shudian.structure import load_model
from shudian.targets import load_definitions, load_targets

if TYPE_CHECKING:
    import xarray as xr

REFERENCE = "no_policy"
"""The scenario against which every package is compared, on the same draws."""
ASKED = "zhengzhou_2025"
"""The package that the answer is about where none is named."""
FEW = 10
"""Draws of PySD where nobody asks for a number."""
Engine = Literal["kernel", "pysd"]
KEPT = (
    "firm_entry",
    "startup_exit",
    "established_exit",
    "city_orders",
    "city_share",
    "crews_on_set",
    "idle_sets",
    "waiting_time",
    "wage_index",
    "workforce",
    "overseas_income",
    "plus_income",
    "claims_unpaid",
    "national_gross_market",
    "ai_native_share",
)
"""Kept of every run besides the outcomes, because planners ask for them: entry, exports, idle sets, arrears."""
FIRST = (REFERENCE, ROOT, ASKED)
"""Where none is named, these stand first in the table and the others follow by name."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, in the words in which it was asked."""

    scenarios: tuple[str, ...] = ()
    """Names or paths of files; none means all shipped packages."""
    shocks: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    draws: int | None = None
    """None: all that there are (`Grounds.draws`), or FEW where an engine takes a third of a second for each."""
    seed: int = 1
    city: str = ""
    """Empty: the city that the scenarios name."""
    method: Method = "euler"
    engine: Engine = "kernel"
    model_file: str = ""
    """A model file in Vensim's or XMILE's form, edited by an analyst, to run beside what it was exported from."""
    targets: str = ""
    """A file of the planner's own targets, judged after the official ones."""
    prior: bool = False
    """True for draws from the priors, although there is a posterior."""
    posterior: str = ""
    """A posterior file instead of the shipped one."""
    against: str = REFERENCE
    """The scenario with which every package is compared."""
    own_priors: tuple[str, ...] = ()
    """Priors that somebody believes instead of the shipped ones, as `shudian.own_priors` reads them."""
    same_budget: bool = False
    """True to scale every package's money until it costs what the first one costs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be run: every scenario in full, so that the plan means the same after files have changed."""

    city: str
    scenarios: tuple[Scenario, ...]
    pairing: Pairing
    draws: int
    seed: int
    method: Method
    grounds: Grounds
    engine: Engine = "kernel"
    model_file: str = ""
    targets: str = ""


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

    Shocks strike every scenario, the reference too. With settings, a package is run as it was and changed. On the
    reference act only settings of what the city does not choose, because it must remain without policy.
    """
    if request.method != "euler" and (request.engine != "kernel" or request.model_file):
        raise InputError("PySD integrates by Euler's method only; leave out --method")
    targets_of(load_model(request.city or HOME), request.targets)
    if request.model_file:
        return _file_plan(request)
    parameters = (load_model(request.city) if request.city else load_model()).parameters
    names = tuple(dict.fromkeys(request.scenarios)) or tuple(
        sorted(list_scenarios(kind="package"), key=lambda name: (*(name != first for first in FIRST), name))
    )
    wanted = request.scenarios[0] if request.scenarios else ASKED
    known = known_evidence()
    packages = [_struck(name, request.shocks, parameters, known) for name in names]
    city = request.city or _city(packages)
    model = load_model(city)
    # what packages are compared with is run in their world
    own = [package for package, name in zip(packages, names, strict=True) if _package(name) != request.against]
    grounds, settings = in_one_world(
        grounds_of(city, request.posterior, request.prior), model, own or packages, request.settings, request.own_priors
    )
    request = replace(request, settings=settings)
    chosen: list[_Chosen] = []
    asked, purse = "", None
    for name, package in zip(names, packages, strict=True):
        _, struck = package_and_shocks(name)
        bases = _references(request, (*struck, *request.shocks), parameters, grounds)
        chosen += bases
        scenario = bare(package, grounds)
        chosen += _compared(_Chosen(scenario, ""), bases[0].scenario, parameters)
        if request.settings and (request.scenarios or name != REFERENCE):
            changed = _Chosen(
                _changed(scenario, request.settings, parameters, "_set"), "", scenario.name, request.settings
            )
            chosen += _compared(changed, bases[-1].scenario, parameters)
        if name == wanted:
            asked, purse = chosen[-1].scenario.name, scenario
    distinct = _distinct(chosen)
    if not request.city:
        _city([entry.scenario for entry in distinct])
    pairing = Pairing(
        asked,
        {entry.scenario.name: entry.reference for entry in distinct},
        {entry.scenario.name: entry.original for entry in distinct if entry.original},
    )
    return Plan(
        city,
        _equalised(distinct, model, grounds, purse if request.same_budget else None),
        pairing,
        request.draws or (FEW if request.engine == "pysd" else grounds.draws),
        request.seed,
        request.method,
        grounds,
        request.engine,
        targets=request.targets,
    )


def _file_plan(request: Request) -> Plan:
    """An edited model file beside the shipped scenario that it was exported from: what its edits do, draw by draw."""
    if request.scenarios or request.shocks or request.settings:
        raise InputError("--model runs the file as it is; leave out scenarios, --with and --set")
    from shudian.exchange.differences import compare_file

    path = Path(request.model_file)
    found = compare_file(path, city=request.city)
    if found.recalibrated:
        raise InputError(
            f"{path}: the file was exported before the last calibration; export it again and edit that one"
        )
    shipped = found.scenario
    city = request.city or shipped.city
    found_grounds = grounds_of(city, request.posterior, request.prior)
    grounds = believing(found_grounds, load_model(city), request.own_priors, {})
    title = Label(f"改动后的模型文件 {path.name}", f"Edited model file {path.name}")
    edited = replace(
        shipped, name=f"{path.stem}_file", title=title, levers={}, assumptions={}, notes=(), place=Place(path, 1)
    )
    # No policy would be run with the shipped structure, so that each is its own reference.
    pairing = Pairing(edited.name, {s.name: s.name for s in (shipped, edited)}, {edited.name: shipped.name})
    return Plan(
        city,
        (shipped, edited),
        pairing,
        request.draws or FEW,
        request.seed,
        request.method,
        grounds,
        request.engine,
        request.model_file,
        request.targets,
    )


def carry_out(work: Plan, progress: Callable[[str, float], None] = lambda _title, _share: None) -> Answer:
    """Run every scenario of `work` on the same draws and judge the targets.

    `progress` is told the scenario's name and how much of the whole work is done. The same plan gives the
    same numbers, bit for bit, on the same versions.
    """
    model = load_model(work.city)
    targets = targets_of(model, work.targets)
    slow = work.engine == "pysd" or bool(work.model_file)
    draws = (few_draws if slow else draws_from)(model, work.grounds.posterior, work.draws, work.seed)
    outputs = needed(model, targets)
    outcomes = tuple(_outcomes(work, model, draws, outputs, progress))
    reported = _reported(work, model, draws)
    verdicts = judge(
        work.city, outcomes, targets, definitions_of(work.targets), work.pairing, reported, work.seed, work.grounds
    )
    verdicts = replace(
        verdicts,
        cautions=_cautions(work, model, targets, draws),
        structures=_structures(work, model, outcomes, targets, draws),
        change=_change(work, model, draws),
        # what a file's structure does is known draw by draw only, which takes long
        before={} if work.model_file else chances_before(model, work.scenarios, verdicts),
    )
    return Answer(work, model, draws, outcomes, verdicts)


def _change(work: Plan, model: Model, draws: Draws) -> OutputChange | None:
    """What evidence has made of the package's effect; None where there is none, or the package is its reference."""
    found = work.grounds.posterior
    scenarios = {scenario.name: scenario for scenario in work.scenarios}
    asked, base = scenarios[work.pairing.asked], scenarios[work.pairing.references[work.pairing.asked]]
    if work.model_file or found is None or found.own_priors or found.given or asked is base:
        return None
    return output_changes(model, [(asked, base)], draws, YEAR)[0]


def _structures(
    work: Plan, model: Model, outcomes: Sequence[Outcome], targets: Sequence[Target], draws: Draws
) -> ByStructure:
    """The answer by structure; packages in one world are ranked by the year's local output."""
    base = work.pairing.references[work.pairing.asked]
    output = next(measure for measure in MEASURES if measure.name == "output")
    ranked = {
        outcome.scenario.name: read(outcome, output)
        for outcome in outcomes
        if work.pairing.references[outcome.scenario.name] == base and outcome.scenario.name != base
    }
    forms, given = contested(work.grounds, model)
    return by_structure(forms, draws, outcomes, work.pairing, targets, ranked, given)


def _cautions(work: Plan, model: Model, targets: Sequence[Target], draws: Draws) -> tuple[Caution, ...]:
    """What can be warned of without running much more."""
    # what a file's structure does with a lever is not known here
    unmoved = () if work.model_file else idle_cautions(work.scenarios, work.pairing, model, targets, draws)
    scenarios = {scenario.name: scenario for scenario in work.scenarios}
    reference = scenarios[work.pairing.references[work.pairing.asked]]
    return unmoved + cautions_of(
        work.scenarios, reference, model, targets, work.targets, work.grounds.posterior,
        draws=0, seed=work.seed, city=work.city,
    )  # fmt: skip


def targets_of(model: Model, own: str) -> tuple[Target, ...]:
    """The official targets and those of the file `own`, if there is one."""
    units = {equation.name: equation.unit for equation in model.equations}
    known = known_evidence()
    official = load_targets(variables=units, known_evidence=known)
    if not own:
        return official
    added = load_targets(Path(own), variables=units, known_evidence=known)
    for target in added:
        if target.identifier in {known_target.identifier for known_target in official}:
            raise InputError(f"{target.place}: “{target.identifier}” is an official target; choose another name")
    return official + added


def definitions_of(own: str) -> dict[str, Label]:
    """What each definition is called, those of the file `own` included."""
    return load_definitions() | (load_definitions(Path(own)) if own else {})


def _reported(work: Plan, model: Model, draws: Draws) -> tuple[Comparison, ...]:
    # the reports are Zhengzhou's, and tell of the policy that was in force, whatever was asked
    if work.city != HOME:
        return ()
    return compare(model, draws, load_figures())


def needed(model: Model, targets: Sequence[Target]) -> tuple[str, ...]:
    """Variables that are kept of a run: all outcomes, and what verdicts, figures and targets read."""
    outcomes = [equation.name for equation in model.equations if equation.sector == "outcomes"]
    read = [m.variable for m in MEASURES]
    read += [variable for path in PATHS for variable in (path.variable, path.beside) if variable]
    read += [variable for target in targets for variable in target.definitions.values()]
    read += KEPT
    return tuple(dict.fromkeys([*outcomes, *read]))


def _outcomes(
    work: Plan, model: Model, draws: Draws, outputs: Sequence[str], progress: Callable[[str, float], None]
) -> Iterator[Outcome]:
    total = len(work.scenarios)
    for done, scenario in enumerate(work.scenarios):
        title = scenario.name
        progress(title, done / total)

        def told(part: int, parts: int, title: str = title, done: int = done) -> None:
            progress(title, (done + part / parts) / total)

        yield reduce(scenario, _run(work, model, scenario, draws, outputs, told))
    progress("", 1.0)


def _run(
    work: Plan, model: Model, scenario: Scenario, draws: Draws, outputs: Sequence[str], told: Callable[[int, int], None]
) -> xr.Dataset:
    # PySD takes a second to import, and most runs do without it.
    if work.model_file and scenario.name == work.pairing.asked:
        from shudian.exchange.pysd_engine import run_file

        return run_file(Path(work.model_file), model, draws, outputs, told, standing_posterior(work.city))
    if work.engine == "pysd":
        from shudian.exchange.pysd_engine import run_with_pysd

        return run_with_pysd(model, scenario, draws, outputs, told)
    return simulate(
        model, scenario, draws, outputs=outputs, method=work.method, steps_per_month=STEPS_PER_MONTH, progress=told
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A scenario to run, and the names of the runs with which it is compared."""

    scenario: Scenario
    reference: str
    original: str = ""
    settings: tuple[str, ...] = ()
    """What was changed in the original."""


def _distinct(chosen: Sequence[_Chosen]) -> list[_Chosen]:
    seen: dict[str, _Chosen] = {}
    for entry in chosen:
        before = seen.setdefault(entry.scenario.name, entry).scenario
        if before.place.path.resolve() != entry.scenario.place.path.resolve():
            raise InputError(
                f"{entry.scenario.place.path} and {before.place.path} are both called “{before.name}”; rename one file"
            )
    return list(seen.values())


def _package(name: str) -> str:
    return package_and_shocks(name)[0]


def _city(scenarios: Sequence[Scenario]) -> str:
    cities = {scenario.city for scenario in scenarios}
    if len(cities) > 1:
        raise InputError(f"one run is about one city, but the scenarios name {', '.join(sorted(cities))}; use --city")
    return cities.pop()


def _struck(
    name: str, also: Sequence[str], parameters: Mapping[str, Parameter], known: Collection[str] | None = None
) -> Scenario:
    """The scenario `name`, struck by each of its own shocks and of `also` once."""
    package, shocks = package_and_shocks(name)
    parts = (load_scenario(part, parameters, known_evidence=known) for part in dict.fromkeys([package, *shocks, *also]))
    return combine(*parts)


def _references(
    request: Request, shocks: Sequence[str], parameters: Mapping[str, Parameter], grounds: Grounds
) -> list[_Chosen]:
    """What packages under `shocks` are compared with: as it is and, where settings act on it, changed."""
    plain = bare(_struck(request.against, shocks, parameters), grounds)
    found = [_Chosen(plain, plain.name)]
    outside = [s for s in request.settings if setting_role(s, parameters) != "lever"]
    if outside:
        ending = "_set" if len(outside) == len(request.settings) else "_outside"
        changed = _changed(plain, outside, parameters, ending)
        found.append(_Chosen(changed, changed.name, plain.name, tuple(outside)))
    return found


def _compared(entry: _Chosen, base: Scenario, parameters: Mapping[str, Parameter]) -> list[_Chosen]:
    """`entry` with its reference: `base` or, where the package makes assumptions of its own, `base` under them."""
    scenario = entry.scenario
    scheduled = [parameter for parameter in parameters.values() if parameter.role == "assumption"]
    worlds = [schedule_matrix(one, scheduled) for one in (scenario, base)]
    if np.array_equal(worlds[0], worlds[1]) and scenario.fixed == base.fixed:
        return [replace(entry, reference=base.name)]
    reference = replace(
        in_world_of(base, scenario),
        name=f"{base.name}_beside_{scenario.name}",
        title=Label(
            f"{base.title.zh}（外部情况同“{scenario.title.zh}”）",
            f'{base.title.en} (in the world of "{scenario.title.en}")',
        ),
    )
    return [_Chosen(reference, reference.name), replace(entry, reference=reference.name)]


def _equalised(
    chosen: Sequence[_Chosen], model: Model, grounds: Grounds, purse: Scenario | None
) -> tuple[Scenario, ...]:
    found: dict[str, Scenario] = {}
    if purse:
        purse = equalise(purse, model, grounds.posterior)
    for entry in chosen:
        name = entry.scenario.name
        if entry.original:
            # a value that was set is not scaled: it must be the one that the title names
            ending = name.removeprefix(entry.original)
            found[name] = _changed(found[entry.original], entry.settings, model.parameters, ending)
        elif purse and name not in (purse.name, entry.reference):
            scaled = replace(entry.scenario, same_budget_as=purse.name)
            found[name] = equalise(scaled, model, grounds.posterior, reference=purse)
        else:
            found[name] = equalise(entry.scenario, model, grounds.posterior)
    return tuple(found.values())


def _changed(scenario: Scenario, settings: Sequence[str], parameters: Mapping[str, Parameter], ending: str) -> Scenario:
    changed = with_settings(scenario, settings, parameters)
    said = [_setting(setting, parameters) for setting in settings]
    title = Label(
        f"{scenario.title.zh}，改为：{'、'.join(label.zh for label in said)}",
        f"{scenario.title.en}, changed: {', '.join(label.en for label in said)}",
    )
    return replace(changed, name=scenario.name + ending, title=title)


def _setting(setting: str, parameters: Mapping[str, Parameter]) -> Label:
    """What a setting was understood as: its amount in the parameter's own unit, and its date though none was given."""
    parameter, value, start = read_setting(setting, parameters)
    month = "" if start is None else write_month(start)
    zh, en = (f"（{month}起）", f" from {month}") if month else ("", "")
    amounts = {language: amount_text(value, parameter, language) for language in ("zh", "en")}
    return Label(f"{parameter.label.zh}{amounts['zh']}{zh}", f"{parameter.label.en.lower()} {amounts['en']}{en}")
