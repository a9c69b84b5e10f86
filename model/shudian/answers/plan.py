"""What is asked for, in the words in which it is asked, and what will be run for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from shudian.analysis.verdicts import Pairing
from shudian.answers.chosen import (
    Chosen,
    changed,
    city_of,
    compared,
    distinct,
    equalised,
    marked,
    natural_reference,
    package_of,
    references,
    struck,
)
from shudian.answers.requests import A_FILE, ASKED, REFERENCE, SCENARIOS, PairedRequest
from shudian.answers.rests import grounds_for, model_for
from shudian.answers.world import World, bare, in_one_world, targets_of, world_of
from shudian.conditioning import believing
from shudian.evidence import known_evidence
from shudian.grounds import grounds_of
from shudian.kernel import Method
from shudian.kinds import InputError, Label, Parameter, Place, Scenario
from shudian.now import read_now
from shudian.parameters import HOME
from shudian.paths import scenarios_folder
from shudian.reviews import check_once
from shudian.scenario_changes import check_settings
from shudian.scenarios import base_of, list_scenarios, package_and_shocks
from shudian.schedules import ROOT
from shudian.structure import load_model

FEW = 10
"""Draws of PySD where nobody asks for a number."""
Engine = Literal["kernel", "pysd"]
FIRST = (REFERENCE, ROOT, ASKED)
"""Where none is named, these stand first in the table and the others follow by name."""


@dataclass(frozen=True, slots=True)
class Request(PairedRequest):
    """What is asked of packages."""

    scenarios: tuple[str, ...] = field(default=(), metadata=SCENARIOS)
    """Names or paths of files; none means all shipped packages."""
    targets: str = field(default="", kw_only=True, metadata=A_FILE)
    """A file of the planner's own targets, judged after the official ones."""
    same_budget: bool = field(default=False, kw_only=True)
    """True to scale every package's money until it costs what the first one costs."""


@dataclass(frozen=True, slots=True)
class RunRequest(Request):
    """What is asked of packages, and by which engine."""

    method: Method = field(default="euler", kw_only=True)
    engine: Engine = field(default="kernel", kw_only=True)
    """Of draws that nobody counts there are as many as the posterior has, or FEW where an engine takes long."""
    model_file: str = field(default="", kw_only=True, metadata=A_FILE)
    """A model file in Vensim's or XMILE's form, edited by an analyst, to run beside what it was exported from."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be run: every scenario in full, so that the plan means the same after files have changed."""

    world: World
    scenarios: tuple[Scenario, ...]
    pairing: Pairing
    draws: int
    seed: int
    method: Method
    engine: Engine = "kernel"
    model_file: str = ""
    targets: str = ""
    """The file of the planner's own targets."""
    now: float = 0.0
    """The first month in which the city can still choose, in months from 2023-01."""

    def scenario(self, name: str) -> Scenario:
        """The scenario called `name`."""
        return next(scenario for scenario in self.scenarios if scenario.name == name)

    @property
    def asked(self) -> Scenario:
        """The package that the question is about."""
        return self.scenario(self.pairing.asked)

    @property
    def reference(self) -> Scenario:
        """The run without policy with which that package is compared."""
        return self.scenario(self.pairing.references[self.pairing.asked])

    @property
    def compared(self) -> Scenario:
        """What the answer compares it with: the package as it was or, where nothing was changed, the reference."""
        original = self.pairing.originals.get(self.pairing.asked)
        return self.scenario(original) if original else self.reference


def plan(request: Request, *, with_bases: bool = False) -> Plan:
    """The Plan of `request`; raises InputError for any mistake in it or in the files that it names.

    `with_bases` runs the shipped package on which a planner's own file is built beside it, as what it was before it
    was changed. Shocks strike every scenario, the reference too. With settings, a package is run as it was and
    changed. On the reference act only settings of what the city does not choose, because it must remain without policy.
    """
    run = request if isinstance(request, RunRequest) else RunRequest()
    if run.method != "euler" and (run.engine != "kernel" or run.model_file):
        raise InputError("PySD integrates by Euler's method only; leave out --method")
    home = request.own_model or load_model(request.city or HOME)
    targets_of(home, request.targets)
    if run.model_file:
        return _file_plan(run)
    parameters, now = home.parameters, read_now(request.now)
    check_settings(request.settings, parameters, now, request.retrospective)
    names = tuple(dict.fromkeys(request.scenarios)) or tuple(
        sorted(list_scenarios(kind="package"), key=lambda name: (*(name != first for first in FIRST), name))
    )
    wanted = request.scenarios[0] if request.scenarios else ASKED
    known = known_evidence()
    packages = [struck(name, request.shocks, parameters, now, known) for name in names]
    request = replace(request, against=request.against or natural_reference(packages, parameters))
    city = request.city or city_of(packages)
    model = model_for(request, city)
    # what packages are compared with is run in their world
    own = [package for package, name in zip(packages, names, strict=True) if package_of(name) != request.against]
    grounds, settings = in_one_world(
        grounds_for(request, model, request.posterior), model, own or packages, request.settings, request.own_priors
    )
    request = replace(request, settings=settings)
    chosen: list[Chosen] = []
    asked, purse = "", None
    for name, package in zip(names, packages, strict=True):
        _, shocks = package_and_shocks(name)
        bases = references(request.against, request.settings, (*shocks, *request.shocks), parameters, grounds, now)
        chosen += bases
        scenario = bare(package, grounds)
        original = own_base(name, package, request, parameters) if with_bases else None
        if original:
            chosen += compared(Chosen(bare(original, grounds), ""), bases[0].scenario, parameters)
        entry = Chosen(scenario, "", original.name if original else "")
        chosen += compared(entry, bases[0].scenario, parameters)
        if request.settings and (request.scenarios or name != REFERENCE):
            other = Chosen(changed(scenario, request.settings, parameters, "_set"), "", scenario.name, request.settings)
            chosen += compared(other, bases[-1].scenario, parameters)
        if name == wanted:
            asked, purse = chosen[-1].scenario.name, scenario
    entries = distinct(chosen)
    if not request.city:
        city_of([entry.scenario for entry in entries])
    if run.engine == "pysd":
        for entry in entries:
            check_once(entry.scenario)
    pairing = Pairing(
        asked,
        {entry.scenario.name: entry.reference for entry in entries},
        {entry.scenario.name: entry.original for entry in entries if entry.original},
    )
    scenarios = equalised(entries, model, grounds, purse if request.same_budget else None)
    return Plan(
        world_of(model, grounds, request.targets),
        marked(scenarios, pairing.references, parameters),
        pairing,
        request.draws or (FEW if run.engine == "pysd" else grounds.draws),
        request.seed,
        run.method,
        run.engine,
        targets=request.targets,
        now=now,
    )


def own_base(name: str, package: Scenario, request: Request, parameters: Mapping[str, Parameter]) -> Scenario | None:
    """The shipped package that the planner's own file `name` changes, under the same shocks; None where there is none.

    A file without policy as its base is measured by that anyway, and what is scaled to one purse is no longer the base.
    """
    own = package.place.path.parent.resolve() != scenarios_folder().resolve()
    if not own or request.same_budget or package.base in (request.against, REFERENCE, ""):
        return None
    base = base_of(package, parameters)
    if base is None or base.place.path.parent.resolve() != scenarios_folder().resolve():
        return None
    if (base.city, base.fixed) != (package.city, package.fixed):
        return None
    return struck("+".join([package.base, *package_and_shocks(name)[1]]), request.shocks, parameters, package.now)


def _file_plan(request: RunRequest) -> Plan:
    """An edited model file beside the shipped scenario that it was exported from: what its edits do, draw by draw."""
    if request.scenarios or request.shocks or request.settings:
        raise InputError("--model runs the file as it is; leave out scenarios, --with and --set")
    from shudian.exchange.differences import compare_file

    path = Path(request.model_file)
    found = compare_file(path, city=request.city)
    if found.recalibrated:
        raise InputError("the file was exported before the last calibration; export it again and edit that one").at(
            path
        )
    shipped = found.scenario
    city = request.city or shipped.city
    found_grounds = grounds_of(city, request.posterior, request.prior)
    model = load_model(city)
    grounds = believing(found_grounds, model, request.own_priors, {})
    title = Label(f"改动后的模型文件 {path.name}", f"Edited model file {path.name}")
    edited = replace(
        shipped, name=f"{path.stem}_file", title=title, levers={}, assumptions={}, notes=(), place=Place(path, 1)
    )
    # No policy would be run with the shipped structure, so that each is its own reference.
    pairing = Pairing(edited.name, {s.name: s.name for s in (shipped, edited)}, {edited.name: shipped.name})
    return Plan(
        world_of(model, grounds, request.targets),
        (shipped, edited),
        pairing,
        request.draws or FEW,
        request.seed,
        request.method,
        request.engine,
        request.model_file,
        request.targets,
        read_now(request.now),
    )
