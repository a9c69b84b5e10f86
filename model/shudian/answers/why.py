"""The question why, and what answers it: both methods, for one run and for its difference to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shudian.analysis.loops import LoopEffects, aim_of, between, loop_effects
from shudian.answers.loop_weights import available, loop_weights
from shudian.answers.names import outcome_named
from shudian.answers.own_draws import OwnDraws
from shudian.answers.plan import ASKED, REFERENCE, Request, plan
from shudian.answers.world import setting_role
from shudian.draws import Array
from shudian.grounds import Grounds, draws_from
from shudian.kinds import Model, Scenario
from shudian.structure import load_model


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, in the words in which it was asked."""

    scenario: str = ASKED
    outcome: str = "local_output"
    """A definition or a variable, by identifier or label."""
    against: str = REFERENCE
    """The scenario from whose run the difference is explained; its own name asks what the settings change."""
    shocks: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    draws: int | None = None
    """None: all that there are."""
    seed: int = 1
    city: str = ""
    prior: bool = False
    posterior: str = ""
    own_priors: tuple[str, ...] = ()
    own_draws: OwnDraws | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """The answer."""

    question: Question
    model: Model
    city: str
    grounds: Grounds
    run: LoopEffects
    """What each loop does in the run asked about."""
    difference: LoopEffects | None
    """What each loop does to its difference from the other run; None where that is the same run."""
    weights: Mapping[str, Array] | None
    """Loop -> Loops-That-Matter weight, [year]; None where simlin is not installed."""


def answer(question: Question, progress: Callable[[str, float], None] = lambda _title, _share: None) -> Why:
    """The answer to `question`; the same question has the same numbers.

    Settings act on the scenario asked about, and those that the city does not choose on the other run as well.
    `progress` is told what is done, and the share that is done. Raises InputError for any mistake in the question.
    """
    shipped = load_model()
    aim_of(shipped, outcome_named(question.outcome, shipped))
    asked, city, grounds = _planned(question, question.scenario, question.settings)
    outside = tuple(setting for setting in question.settings if setting_role(setting, shipped.parameters) != "lever")
    other, _, _ = _planned(question, question.against, outside)
    model = load_model(city)
    aim = aim_of(model, outcome_named(question.outcome, model))
    draws = draws_from(model, grounds.posterior, question.draws or grounds.draws, question.seed)
    alone = _alike(asked, other)

    def explained(scenario: Scenario, begin: float, end: float) -> LoopEffects:
        def told(done: int, runs: int) -> None:
            progress(scenario.name, begin + (end - begin) * done / runs)

        return loop_effects(model, scenario, draws, aim, told)

    run = explained(asked, 0.0, 0.9 if alone else 0.45)
    difference = None if alone else between(run, explained(other, 0.45, 0.9))
    weights = loop_weights(model, asked, grounds.posterior) if available() else None
    return Why(question, model, city, grounds, run, difference, weights)


def _planned(question: Question, name: str, settings: tuple[str, ...]) -> tuple[Scenario, str, Grounds]:
    """The scenario `name` in full, budget equalised, as `shudian run` would run it."""
    work = plan(
        Request(
            (name,), question.shocks, settings, question.draws, question.seed, question.city,
            prior=question.prior, posterior=question.posterior, own_priors=question.own_priors,
            own_draws=question.own_draws,
        )
    )  # fmt: skip
    wanted = work.pairing.asked
    return next(s for s in work.scenarios if s.name == wanted), work.city, work.grounds


def _alike(one: Scenario, other: Scenario) -> bool:
    return (one.levers, one.assumptions, one.fixed) == (other.levers, other.assumptions, other.fixed)
