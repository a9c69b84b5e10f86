"""What an answer cannot carry: found here, and put into words by whoever tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shudian.analysis.idle import FEW, Idleness, idle
from shudian.analysis.reviewing import Held, held_reviews
from shudian.analysis.verdicts import Pairing, judged
from shudian.analysis.warnings import (
    Changed,
    HandedDraws,
    Limit,
    Mixed,
    Uncalibrated,
    Unsaid,
    learning,
    lever_evidence,
    outside,
    standings,
    unstated,
)
from shudian.answers.chosen import past_and_future
from shudian.answers.world import World
from shudian.budget import equalise
from shudian.draws import Draws
from shudian.evidence import load_figures
from shudian.grounds import draws_from, standing_posterior
from shudian.kinds import FEWEST, InputError, Model, Parameter, Scenario, Target
from shudian.observe.rules import load_rules
from shudian.paths import scenarios_folder
from shudian.scenario_past import departure, is_retrospective
from shudian.scenarios import base_of, record_of
from shudian.simulate import ways_taken


def limits_of(
    scenarios: Sequence[Scenario],
    reference: Scenario,
    world: World,
    *,
    draws: int = 1000,
    seed: int = 1,
) -> tuple[Limit, ...]:
    """Everything that an answer about `scenarios` must warn of: levers first, then the priors, then the definitions.

    Budgets must be equalised. With a posterior, each scenario is run three times on `draws` draws to see how far its
    difference to `reference` is prior; with fewer than FEWEST that is left out.
    """
    model, posterior = world.model, world.posterior
    figures = load_figures()
    evidence = lever_evidence(model, figures)
    found: list[Limit] = [beyond for s in scenarios if (beyond := outside(s, evidence))]
    if model.changes:
        found.append(Changed(model.changes))
    if posterior is None:
        found.append(Uncalibrated())
    elif posterior.handed:
        found.append(HandedDraws(posterior.size))
    elif draws >= FEWEST and not model.changes:
        others = [scenario for scenario in scenarios if scenario != reference]
        learnt = learning(model, others, reference, posterior, draws, seed)
        found += [entry for entry in learnt if entry.mostly_prior]
    found += unstated(world.targets)
    states = standings(world.targets, figures, load_rules(model), world.endings, world.city)
    return (*found, *(state for state in states if state.state != "reported"))


def limits_of_the_past(
    scenarios: Sequence[Scenario], references: Mapping[str, str], parameters: Mapping[str, Parameter]
) -> tuple[Limit, ...]:
    """Which packages are another past without saying so, and that such stand beside others that begin now.

    `references` name the run with which each is compared.
    """
    past, future = past_and_future(scenarios, references, parameters)
    told = [found for scenario in past if (found := unsaid(scenario, parameters))]
    return (*told, *([Mixed(past, future, past[0].now)] if past and future else []))


def unsaid(scenario: Scenario, parameters: Mapping[str, Parameter]) -> Unsaid | None:
    """From when on the past of `scenario` is another than what was decided, where its file does not say so."""
    record = record_of(scenario, parameters)
    if scenario.retrospective or not is_retrospective(scenario, record):
        return None
    return Unsaid(scenario, departure(scenario, record))


def idle_limits(scenarios: Sequence[Scenario], pairing: Pairing, world: World, draws: Draws) -> tuple[Idleness, ...]:
    """Of each scenario that was changed by settings, or is the planner's own, what does nothing in it and why."""
    return tuple(
        found
        for scenario, before in _changed(scenarios, pairing, world.model.parameters)
        if (found := idleness(scenario, before, world.model, world.targets, draws))
    )


def idleness(
    scenario: Scenario, before: Scenario, model: Model, targets: Sequence[Target], draws: Draws
) -> Idleness | None:
    """What does nothing in `scenario` of that in which it differs from `before`; None where everything acts."""
    found = Idleness(scenario, before, idle(model, scenario, before, draws, judged(model, targets)))
    if not found.set:
        # a file may repeat what its base says
        found = Idleness(scenario, before, tuple(entry for entry in found.changes if entry.reason != "same"))
    return found if found.changes else None


def idle_in(scenario: Scenario, model: Model, targets: Sequence[Target]) -> Idleness | None:
    """What does nothing in a planner's own scenario, on a few draws; None where everything acts or it has no base."""
    base = base_of(scenario, model.parameters)
    if base is None:
        return None
    posterior = standing_posterior(scenario.city)
    draws = draws_from(model, posterior, FEW, 1)
    return idleness(equalise(scenario, model, posterior), base, model, targets, draws)


LOOKED = 200
"""Draws on which a planner's own reviews are looked at; what happens in none has a chance of some 2 % at most."""


def held_in(scenario: Scenario, model: Model) -> tuple[Held, ...]:
    """What each review of a planner's own scenario finds, on LOOKED draws; empty where it has none."""
    if not scenario.reviews:
        return ()
    posterior = standing_posterior(scenario.city)
    draws = draws_from(model, posterior, LOOKED, 1)
    return held_reviews(ways_taken(model, equalise(scenario, model, posterior), draws))


def _changed(
    scenarios: Sequence[Scenario], pairing: Pairing, parameters: Mapping[str, Parameter]
) -> Iterator[tuple[Scenario, Scenario]]:
    """What was changed, and that in which it was: a package's settings in the package, an own file in its base."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    references = {*pairing.references.values()} - {pairing.asked}
    for scenario in scenarios:
        if scenario.name in references:
            continue
        if scenario.name in pairing.originals:
            yield scenario, by_name[pairing.originals[scenario.name]]
        elif scenario.place.path.parent.resolve() != scenarios_folder().resolve():
            try:
                base = base_of(scenario, parameters)
            except InputError:  # a run that is repeated goes without the file that its base was
                continue
            if base:
                yield scenario, base
