"""The question why, and what answers it: both methods, for one run and for its difference to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shudian.analysis.loops import LoopEffects, aim_of, between, loop_effects
from shudian.answers.handed import counted
from shudian.answers.loop_weights import available, loop_weights
from shudian.answers.names import outcome_named
from shudian.answers.plan import Request, plan
from shudian.answers.requests import ASKED, Explained
from shudian.answers.world import setting_role
from shudian.draws import Array
from shudian.grounds import Grounds, draws_from
from shudian.kinds import LEAST_DRAWS, Model, Scenario
from shudian.structure import load_model


@dataclass(frozen=True, slots=True)
class WhyRequest(Explained):
    """What is asked of one outcome; against its own name, the question is what the settings change."""

    scenario: str = ASKED
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


def why(request: WhyRequest, progress: Callable[[str, float], None] = lambda _title, _share: None) -> Why:
    """The answer to `request`; the same request has the same numbers.

    Settings act on the scenario asked about, and those that the city does not choose on the other run as well.
    `progress` is told what is done, and the share that is done. Raises InputError for any mistake in the request.
    """
    if request.draws is not None:
        counted("draws", request.draws, LEAST_DRAWS["why"])
    shipped = load_model()
    aim_of(shipped, outcome_named(request.outcome, shipped))
    asked, city, grounds = _planned(request, request.scenario, request.settings)
    outside = tuple(setting for setting in request.settings if setting_role(setting, shipped.parameters) != "lever")
    other, _, _ = _planned(request, request.against, outside)
    model = load_model(city)
    aim = aim_of(model, outcome_named(request.outcome, model))
    draws = draws_from(model, grounds.posterior, request.draws or grounds.draws, request.seed)
    alone = _alike(asked, other)

    def explained(scenario: Scenario, begin: float, end: float) -> LoopEffects:
        def told(done: int, runs: int) -> None:
            progress(scenario.name, begin + (end - begin) * done / runs)

        return loop_effects(model, scenario, draws, aim, told)

    run = explained(asked, 0.0, 0.9 if alone else 0.45)
    difference = None if alone else between(run, explained(other, 0.45, 0.9))
    weights = loop_weights(model, asked, grounds.posterior) if available() else None
    return Why(request, model, city, grounds, run, difference, draws.digest, weights)


def _planned(request: WhyRequest, name: str, settings: tuple[str, ...]) -> tuple[Scenario, str, Grounds]:
    """The scenario `name` in full, budget equalised, as `shudian run` would run it."""
    work = plan(
        Request(
            (name,), shocks=request.shocks, settings=settings, draws=request.draws, seed=request.seed,
            city=request.city, prior=request.prior, posterior=request.posterior, own_priors=request.own_priors,
            own_draws=request.own_draws,
        )
    )  # fmt: skip
    wanted = work.pairing.asked
    return next(s for s in work.scenarios if s.name == wanted), work.world.city, work.world.grounds


def _alike(one: Scenario, other: Scenario) -> bool:
    return (one.levers, one.assumptions, one.fixed) == (other.levers, other.assumptions, other.fixed)
