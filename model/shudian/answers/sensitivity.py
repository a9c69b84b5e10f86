"""The job: what was asked becomes runs, indices and values of information."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.beliefs import Belief, beliefs
from shudian.analysis.contested_forms import undecided
from shudian.analysis.missing_statistics import (
    StatisticWorth,
    definitions_meant,
    load_missing_statistics,
    measures,
    statistics_worth,
)
from shudian.analysis.policy_sensitivity import VARIABLES, PolicySensitivity, decisions, policy_sensitivity
from shudian.analysis.results import LAST_YEAR, Yearly, evaluate
from shudian.analysis.sensitivity import (
    LEVER_DRAWS,
    Asked,
    LeverStudy,
    ParameterStudy,
    PosteriorShares,
    chosen,
    lever_study,
    levers_move,
    outcomes_asked,
    parameter_study,
    posterior_shares,
    read_outcomes,
)
from shudian.analysis.sobol import check_base
from shudian.analysis.structures import WhatIf, what_if
from shudian.analysis.value import VALUE, check_value
from shudian.analysis.verdicts import reached
from shudian.analysis.warnings import Limit
from shudian.answers.chosen import marked, natural_reference
from shudian.answers.handed import counted
from shudian.answers.limits import limits_of_the_past
from shudian.answers.requests import ASKED, SCENARIOS, AnyRequest
from shudian.answers.rests import grounds_for, model_for
from shudian.answers.world import bare, contested, in_one_world, only_conditions
from shudian.budget import equalise
from shudian.calibrate.target import HISTORY
from shudian.draws import Draws
from shudian.grounds import Grounds, posterior_draws
from shudian.kinds import LEAST_DRAWS, InputError, Label, Model, Scenario, Target, Told
from shudian.now import read_now
from shudian.observe.reports import load_reports
from shudian.parameters import HOME
from shudian.posterior_file import Posterior
from shudian.scenarios import list_scenarios, load_scenario, package_and_shocks
from shudian.targets import UNSTATED, load_definitions, load_targets, market_of


@dataclass(frozen=True, slots=True)
class SensitivityRequest(AnyRequest):
    """What is asked of the home city's packages; settings say what uncertain parameters are."""

    packages: tuple[str, ...] = field(default=(), metadata=SCENARIOS)
    """Names or files; the first is the one whose outcomes are looked at. None means ASKED and every other package."""
    outcomes: tuple[str, ...] = ()
    levers: bool = False
    base_runs: int = 4096
    value: float = VALUE
    """What a yuan of additional local output is worth, in yuan: assumed."""
    draws: int = field(default=4000, kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Everything that was found."""

    request: SensitivityRequest
    model: Model
    grounds: Grounds
    posterior: Posterior
    draws_digest: str
    market: Target
    definitions: dict[str, Label]
    scenarios: dict[str, Scenario]
    """Every package to choose from, by name; the first is the one whose outcomes are looked at."""
    parameters: ParameterStudy
    shares: PosteriorShares
    levers: LeverStudy | None
    policy: tuple[PolicySensitivity, ...]
    """The first is the net benefit's."""
    statistics: tuple[StatisticWorth, ...]
    chances: dict[str, float]
    """Probability of the market target by definition, and UNSTATED, for the package looked at."""
    structures: tuple[WhatIf, ...]
    """The outcomes where each contested form is true."""
    reference: Scenario
    """What would be, had nobody decided what is asked about: additional is to this, and it can be chosen too."""
    limits: tuple[Limit, ...]
    """What must be said of the past of the packages."""
    beliefs: dict[str, Belief]
    """Definition of the market target, where that is not likely -> which prior would have to move for it to be."""

    @property
    def package(self) -> Scenario:
        """The package whose outcomes are looked at."""
        return next(iter(self.scenarios.values()))


def sensitivity(request: SensitivityRequest, progress: Told = lambda _key, _share: None) -> Sensitivity:
    """Work out `request` for the home city; the same request gives the same numbers.

    Raises InputError for a mistake in it, and where there is no fresh posterior.
    """
    check_base(request.base_runs)
    check_value(request.value)
    if request.own_draws is not None:
        counted("draws", request.own_draws.size, LEAST_DRAWS["sensitivity"])
    elif request.prior:
        raise InputError(
            "the sensitivity asks what the reports have left open; leave prior out, or hand in draws for it to complete"
        )
    model = model_for(request, HOME)
    only_conditions(request.settings, model)
    loaded, reference = packages_of(request, model)
    packages = [one for one in loaded.values() if one is not reference] or [reference]
    grounds, _ = in_one_world(grounds_for(request, model), model, packages, request.settings, request.own_priors)
    posterior = grounds.posterior
    assert posterior is not None
    if packages[0].reviews:
        raise InputError(
            "“{name}” has reviews, and what moves an answer that changes with what is seen is not told apart here; "
            "name first a package that is decided once",
            name=packages[0].name,
        )
    targets, definitions = load_targets(), load_definitions()
    market = market_of(targets)
    asked = chosen(outcomes_asked(model, targets, definitions), request.outcomes)
    if request.levers:
        levers_move(asked)
    # tables and basis tell the draws of the request, of which fewer meet a condition
    request = replace(request, draws=min(request.draws, posterior.size) if posterior.given else request.draws)
    draws = posterior_draws(model, posterior, request.draws, request.seed)
    scenarios = {name: equalise(bare(one, grounds), model, posterior) for name, one in loaded.items()}
    reference = scenarios[reference.name]
    package = next(iter(scenarios.values()))
    # its samples are the priors', where a condition is a value that is set
    package_set, reference_set = (replace(one, fixed=posterior.given) for one in (package, reference))
    parameters = parameter_study(
        model,
        asked,
        package_set,
        reference_set,
        request.base_runs,
        request.seed,
        lambda share: progress("sobol", 0.4 * share),
    )
    levers = None
    if request.levers:
        few = posterior_draws(model, posterior, LEVER_DRAWS, request.seed)
        levers = lever_study(
            model,
            asked,
            package,
            few,
            request.base_runs,
            request.seed,
            lambda share: progress("levers", 0.4 + 0.2 * share),
        )
    progress("policy", 0.6)
    runs = _runs(model, scenarios, draws, asked, market)
    values = read_outcomes(asked, runs[package.name], runs[reference.name])
    shares = posterior_shares(model, asked, values, draws, posterior, request.seed)
    policy = tuple(
        policy_sensitivity(model, decision, draws, request.seed)
        for decision in decisions(list(runs.values()), runs[reference.name], market, request.value)
    )
    progress("statistics", 0.9)
    known, given = contested(grounds, model)
    forms = undecided(known, [package, reference], given)
    chances = _chances(runs[package.name], market, request.seed)
    worths = _statistics(model, targets, market, draws, chances, policy[0].decision.benefits, request.seed)
    progress("statistics", 1.0)
    references = dict.fromkeys(scenarios, reference.name)
    limits = limits_of_the_past([*scenarios.values()], references, model.parameters)
    told = marked([*scenarios.values()], references, model.parameters)
    scenarios = {one.name: one for one in told}
    return Sensitivity(
        request, model, grounds, posterior, draws.digest, market, definitions, scenarios, parameters,
        shares, levers, policy, worths,
        {name: float(hit.mean()) for name, hit in chances.items()}, what_if(forms, draws, values),
        reference, limits, _beliefs(model, draws, posterior, chances),
    )  # fmt: skip


def _beliefs(
    model: Model, draws: Draws, posterior: Posterior, chances: dict[str, NDArray[np.float64]]
) -> dict[str, Belief]:
    """What one must believe; nothing where draws were handed in, because under which priors they stand is not known."""
    if posterior.handed:
        return {}
    return beliefs(model, draws, {name: hit for name, hit in chances.items() if name != UNSTATED})


def packages_of(request: SensitivityRequest, model: Model) -> tuple[dict[str, Scenario], Scenario]:
    """The packages to choose from, and what would be without them, which is always one of them."""
    shipped = [name for name in list_scenarios(kind="package") if name != ASKED]
    names = [*dict.fromkeys(request.packages)] or [ASKED, *shipped]
    worlds = {package_and_shocks(name)[1]: name for name in names}
    if len(worlds) > 1:
        one, other, *_ = worlds.values()
        raise InputError(
            "{one} and {other} are not struck by the same shocks; a choice is made in one world", one=one, other=other
        )
    now = read_now(request.now)
    found: dict[str, Scenario] = {}

    def take(name: str) -> Scenario:
        scenario = load_scenario(name, model.parameters, now=now)
        if scenario.kind == "shock":
            raise InputError("“{name}” is a shock; name packages to choose from", name=scenario.name)
        if scenario.city != HOME:
            raise InputError(
                "“{name}” is about {city}; the sensitivity is that of {home}",
                name=scenario.name,
                city=scenario.city,
                home=HOME,
            )
        before = found.get(scenario.name)
        if before and before.place.path.resolve() != scenario.place.path.resolve():
            raise InputError(
                "{path} and {other} are both called “{name}”; rename one file",
                path=scenario.place.path,
                other=before.place.path,
                name=scenario.name,
            )
        return found.setdefault(scenario.name, scenario)

    packages = [take(name) for name in names]
    return found, take("+".join((natural_reference(packages, model.parameters), *next(iter(worlds)))))


def _runs(
    model: Model, scenarios: dict[str, Scenario], draws: Draws, asked: tuple[Asked, ...], market: Target
) -> dict[str, Yearly]:
    needed = [*VARIABLES, *market.definitions.values(), *(outcome.variable for outcome in asked)]
    variables = tuple(dict.fromkeys(needed))
    return {name: evaluate(model, scenario, draws, variables, LAST_YEAR) for name, scenario in scenarios.items()}


def _chances(run: Yearly, market: Target, seed: int) -> dict[str, NDArray[np.float64]]:
    """0 or 1 in every draw, by definition, and by the one that is meant where each is equally likely."""
    found = {d: reached(run, market, d).astype(np.float64) for d in market.definitions}
    meant = definitions_meant(market, run.draws, seed)
    found[UNSTATED] = np.array(list(found.values()))[meant, np.arange(run.draws)]
    return found


def _statistics(
    model: Model,
    targets: tuple[Target, ...],
    market: Target,
    draws: Draws,
    chances: dict[str, NDArray[np.float64]],
    benefits: NDArray[np.float64],
    seed: int,
) -> tuple[StatisticWorth, ...]:
    reports = load_reports(model)
    missing = load_missing_statistics(model, [r.identifier for r in reports], [t.identifier for t in targets])
    count = draws.values.shape[1]
    meant = {target.identifier: definitions_meant(target, count, seed) for target in targets}
    history = load_scenario(HISTORY, model.parameters)
    # of another target than the market's nothing is asked here
    missing = tuple(m for m in missing if m.definition_of in ("", market.identifier))
    return statistics_worth(missing, measures(missing, model, history, draws, reports, meant), chances, benefits, seed)
