"""Packages beside each other on the same draws: ranked, priced and taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shudian.analysis.assessment import BENEFIT, FEW, Assessment, Choice, assess, draws_made_again, ranked_by
from shudian.analysis.before import chances_before
from shudian.analysis.results import Yearly, evaluate
from shudian.analysis.reviewing import ReviewsWorth, reviews_held, reviews_worth
from shudian.analysis.structures import by_structure
from shudian.analysis.value import VALUE, check_value
from shudian.analysis.verdicts import judge, judged
from shudian.answers.limits import idle_limits, limits_of, limits_of_the_past
from shudian.answers.plan import Plan, Request, plan
from shudian.answers.reasons import reasons_of
from shudian.answers.requests import ASKED, REFERENCE
from shudian.draws import draws_of
from shudian.kinds import InputError, Told
from shudian.now import read_now
from shudian.parameters import HOME
from shudian.scenarios import list_scenarios, load_scenario, package_and_shocks
from shudian.structure import load_model


@dataclass(frozen=True, slots=True)
class CompareRequest(Request):
    """What is asked of packages beside each other."""

    value: float = field(default=VALUE, kw_only=True)
    """What a yuan of additional local output is worth, in yuan: assumed."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison carried out."""

    request: CompareRequest
    plan: Plan
    choice: Choice
    assessment: Assessment
    runs: tuple[Yearly, ...]
    reviews: tuple[ReviewsWorth, ...] = ()
    """Of each package with reviews, what it is worth to hold them."""


def with_package_in_force(request: CompareRequest) -> CompareRequest:
    """`request` with the package that is in force at home beside what it asks for, where the two can be compared.

    Raises InputError for a scenario that cannot be read.
    """
    model = load_model(HOME)
    now = read_now(request.now)
    packages = [load_scenario(package_and_shocks(n)[0], model.parameters, now=now) for n in request.scenarios]
    is_home = request.city in ("", HOME) and all(package.city == HOME for package in packages)
    names = {package.name for package in packages}
    is_there = ASKED in (request.against, *names) or names <= {request.against or REFERENCE}
    if is_there or not is_home or request.own_model or any(package.fixed for package in packages):
        return request
    return replace(request, scenarios=(*request.scenarios, ASKED))


def compare(request: CompareRequest, told: Told = lambda _what, _share: None) -> Compared:
    """Run the packages of `request` on the same draws and assess them.

    Raises InputError for any mistake in the request.
    """
    check_value(request.value)
    work = plan(request, with_bases=True)
    world = work.world
    model = world.model
    draws = world.draw(work.draws, work.seed)
    variables = judged(model, world.targets)
    runs = []
    for done, scenario in enumerate(work.scenarios):
        told(scenario.name, 0.4 * done / len(work.scenarios))
        runs.append(evaluate(model, scenario, draws, variables))
    verdicts = judge(world.city, runs, world.targets, world.definitions, work.pairing, (), work.seed, world.grounds)
    struck = {*request.shocks}
    shocks = tuple(load_scenario(n, model.parameters) for n in list_scenarios(kind="shock") if n not in struck)
    choice = Choice(
        model,
        draws,
        {scenario.name: scenario for scenario in work.scenarios},
        {run.scenario.name: run for run in runs},
        work.pairing,
        verdicts,
        variables,
        shocks,
        request.value,
        work.seed,
    )
    if {*work.pairing.references.values()} >= {*choice.runs}:
        raise InputError("nothing is left to compare: name a package besides the one that --against names")
    assessment = assess(choice, lambda what, share: told(what, 0.4 + 0.5 * share))
    told("", 0.9)
    warned = limits_of(
        [choice.scenarios[name] for name in assessment.peers], choice.scenarios[verdicts.reference], world,
        draws=draws_made_again(work.draws, len(runs)), seed=work.seed,
    )  # fmt: skip
    unmoved = idle_limits(work.scenarios, work.pairing, world, draws)
    forms, given = world.contested()
    structures = by_structure(
        forms, draws, runs, work.pairing, world.targets, ranked_by(choice, assessment.peers, BENEFIT), given
    )
    verdicts = replace(
        verdicts,
        limits=(*unmoved, *limits_of_the_past(work.scenarios, work.pairing.references, model.parameters), *warned),
        structures=structures,
        before=chances_before(model, work.scenarios, verdicts),
        reasons=reasons_of(work, draws),
        reviews=reviews_held(model, work.scenarios, draws),
    )
    choice = replace(choice, verdicts=verdicts)
    few = draws_of(model, draws.values[:, :FEW], draws.seed, draws.posterior)
    reviewed = [choice.scenarios[name] for name in assessment.packages if choice.scenarios[name].reviews]
    worth = tuple(reviews_worth(model, scenario, few, request.value, work.seed) for scenario in reviewed)
    return Compared(request, work, choice, assessment, tuple(runs), worth)
