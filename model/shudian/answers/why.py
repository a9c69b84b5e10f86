"""The question why, and what answers it: both methods, for one run and for its difference to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shudian.analysis.loops import LoopEffects, aim_of, between, loop_effects
from shudian.answers.chosen import natural_reference, package_of
from shudian.answers.handed import counted
from shudian.answers.loop_weights import available, loop_weights
from shudian.answers.names import outcome_named
from shudian.answers.plan import Plan, Request, plan
from shudian.answers.requests import ASKED, REFERENCE, SCENARIOS, PairedRequest, paired_words
from shudian.answers.world import setting_role
from shudian.draws import Array
from shudian.grounds import Grounds
from shudian.kinds import LEAST_DRAWS, InputError, Model, Scenario, Told
from shudian.now import read_now
from shudian.parameters import HOME
from shudian.scenarios import load_scenario
from shudian.structure import load_model


@dataclass(frozen=True, slots=True)
class WhyRequest(PairedRequest):
    """What is asked of one outcome; against its own name, the question is what the settings change."""

    scenario: str = field(default=ASKED, metadata=SCENARIOS)
    outcome: str = "local_output"
    """A definition or a variable, by identifier or label."""


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """The answer."""

    request: WhyRequest
    model: Model
    city: str
    grounds: Grounds
    run: LoopEffects
    """What each loop does in the run asked about."""
    difference: LoopEffects | None
    """What each loop does to its difference from the other run; None where that is the same run."""
    draws_digest: str
    weights: Mapping[str, Array] | None
    """Loop -> Loops-That-Matter weight, [year]; None where simlin is not installed."""


def why(request: WhyRequest, progress: Told = lambda _title, _share: None) -> Why:
    """The answer to `request`; the same request has the same numbers.

    Settings act on the scenario asked about, and those that the city does not choose on the other run as well.
    `progress` is told what is done, and the share that is done. Raises InputError for any mistake in the request.
    """
    if request.draws is not None:
        counted("draws", request.draws, LEAST_DRAWS["why"])
    home = request.own_model or load_model(request.city or HOME)
    aim_of(home, outcome_named(request.outcome, home))
    if not home.loops:
        raise InputError("no named loop is left in the changed model, so that none can be asked what it does")
    work = _planned(request, request.scenario, request.settings)
    world, asked = work.world, work.asked
    outside = tuple(setting for setting in request.settings if setting_role(setting, home.parameters) != "lever")
    other = _planned(request, request.against or _natural(request, home), outside).asked
    for scenario in (asked, other):
        if scenario.reviews:
            raise InputError(
                "“{name}” has reviews, and with a loop cut they would find something else, so that no loop could be "
                "told from their answers; ask why of a package that is decided once",
                name=scenario.name,
            )
    model, grounds = world.model, world.grounds
    aim = aim_of(model, outcome_named(request.outcome, model))
    draws = world.draw(work.draws, request.seed)
    alone = _alike(asked, other)

    def explained(scenario: Scenario, begin: float, end: float) -> LoopEffects:
        def told(done: int, runs: int) -> None:
            progress(scenario.name, begin + (end - begin) * done / runs)

        return loop_effects(model, scenario, draws, aim, told)

    run = explained(asked, 0.0, 0.9 if alone else 0.45)
    difference = None if alone else between(run, explained(other, 0.45, 0.9))
    weights = loop_weights(model, asked, grounds.posterior) if available() else None
    return Why(request, model, world.city, grounds, run, difference, draws.digest, weights)


def _natural(request: WhyRequest, model: Model) -> str:
    package = package_of(request.scenario)
    return natural_reference([load_scenario(package, model.parameters, now=read_now(request.now))], model.parameters)


def _planned(request: WhyRequest, name: str, settings: tuple[str, ...]) -> Plan:
    """The scenario `name` in full, budget equalised, as `shudian run` would run it."""
    words = paired_words(replace(request, settings=settings, against=REFERENCE))
    return plan(Request((name,), **words))


def _alike(one: Scenario, other: Scenario) -> bool:
    return (one.levers, one.assumptions, one.fixed) == (other.levers, other.assumptions, other.fixed)
