"""The job: a plan is run, and the runs become an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shudian.analysis.before import chances_before
from shudian.analysis.by_year import ByYear, by_year
from shudian.analysis.output_change import OutputChange, output_changes
from shudian.analysis.reported import Reported, compare
from shudian.analysis.results import Outcome, reduce
from shudian.analysis.reviewing import reviews_held
from shudian.analysis.structures import ByStructure, by_structure
from shudian.analysis.verdicts import MEASURES, YEAR, Verdicts, judge, read
from shudian.analysis.warnings import Limit
from shudian.answers.chosen import past_and_future
from shudian.answers.limits import idle_limits, limits_of, limits_of_the_past
from shudian.answers.plan import Plan
from shudian.answers.reasons import reasons_of
from shudian.answers.world import World
from shudian.draws import Draws
from shudian.evidence import load_figures
from shudian.grounds import few_draws, standing_posterior
from shudian.kinds import Model, Scenario, Target, Told
from shudian.parameters import HOME
from shudian.simulate import STEPS_PER_MONTH, simulate

if TYPE_CHECKING:
    import xarray as xr

KEPT = (
    "registered_firms",
    "local_output",
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
"""Kept of every run besides the outcomes: figures show them, and planners ask for entry, exports, idle sets."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The plan carried out."""

    plan: Plan
    model: Model
    draws: Draws
    outcomes: tuple[Outcome, ...]
    verdicts: Verdicts


def carry_out(work: Plan, progress: Told = lambda _title, _share: None) -> Answer:
    """Run every scenario of `work` on the same draws and judge the targets.

    `progress` is told the scenario's name and how much of the whole work is done. The same plan gives the
    same numbers, bit for bit, on the same versions.
    """
    world = work.world
    model = world.model
    slow = work.engine == "pysd" or bool(work.model_file)
    draws = few_draws(model, world.posterior, work.draws, work.seed) if slow else world.draw(work.draws, work.seed)
    outputs = needed(model, world.targets)
    outcomes = tuple(_outcomes(work, model, draws, outputs, progress))
    reported = _reported(world, draws)
    verdicts = judge(
        world.city, outcomes, world.targets, world.definitions, work.pairing, reported, work.seed, world.grounds
    )
    verdicts = replace(
        verdicts,
        limits=_limits(work, draws),
        structures=_structures(work, outcomes, draws),
        change=_change(work, draws),
        reasons=reasons_of(work, draws),
        # what a file's structure does is known draw by draw only, which takes long
        years=_years(work, outcomes),
        before={} if work.model_file else chances_before(model, work.scenarios, verdicts),
        reviews=reviews_held(model, work.scenarios, draws),
    )
    return Answer(work, model, draws, outcomes, verdicts)


def outcomes_with(answer: Answer, variables: Sequence[str]) -> tuple[Outcome, ...]:
    """Every scenario's run, reduced, with `variables` in this order; what was not kept is run again on the same draws.

    Raises KeyError for an unknown variable, and InputError for a number that is not finite.
    """
    missing = [name for name in variables if name not in {kept.name for kept in answer.outcomes[0].variables}]
    others = _outcomes(answer.plan, answer.model, answer.draws, missing) if missing else (None,) * len(answer.outcomes)
    return tuple(_joined(kept, other, variables) for kept, other in zip(answer.outcomes, others, strict=True))


def _joined(kept: Outcome, other: Outcome | None, names: Sequence[str]) -> Outcome:
    found = []
    for name in names:
        of = kept if other is None or any(variable.name == name for variable in kept.variables) else other
        found.append((of, of.index(name)))
    return replace(
        kept,
        variables=tuple(of.variables[place] for of, place in found),
        quantiles=np.stack([of.quantiles[place] for of, place in found]),
        yearly=np.stack([of.yearly[place] for of, place in found]),
    )


def _change(work: Plan, draws: Draws) -> OutputChange | None:
    """What evidence has made of the effect that is told; None where there is none, or the package is its reference."""
    found, model, asked, base = work.world.posterior, work.world.model, work.asked, work.compared
    # evidence has taught the shipped priors and structure, and nothing else
    if found is None or found.own_priors or found.given or found.handed or model.changes:
        return None
    if work.model_file or asked is base:
        return None
    return output_changes(model, [(asked, base)], draws, YEAR)[0]


def _structures(work: Plan, outcomes: Sequence[Outcome], draws: Draws) -> ByStructure:
    """The answer by structure; packages in one world are ranked by the year's local output."""
    base = work.pairing.references[work.pairing.asked]
    output = next(measure for measure in MEASURES if measure.name == "output")
    ranked = {
        outcome.scenario.name: read(outcome, output)
        for outcome in outcomes
        if work.pairing.references[outcome.scenario.name] == base and outcome.scenario.name != base
    }
    forms, given = work.world.contested()
    return by_structure(forms, draws, outcomes, work.pairing, work.world.targets, ranked, given)


def _years(work: Plan, outcomes: Sequence[Outcome]) -> tuple[ByYear, ...]:
    _, future = past_and_future(work.scenarios, work.pairing.references, work.world.model.parameters)
    return by_year(
        outcomes,
        work.pairing,
        [scenario.name for scenario in future if scenario.name not in work.pairing.references.values()],
    )


def _limits(work: Plan, draws: Draws) -> tuple[Limit, ...]:
    """What can be warned of without running much more."""
    # what a file's structure does with a lever is not known here
    unmoved = () if work.model_file else idle_limits(work.scenarios, work.pairing, work.world, draws)
    past = limits_of_the_past(work.scenarios, work.pairing.references, work.world.model.parameters)
    return unmoved + past + limits_of(work.scenarios, work.reference, work.world, draws=0, seed=work.seed)


def _reported(world: World, draws: Draws) -> tuple[Reported, ...]:
    # the reports are Zhengzhou's, and tell of the policy that was in force, whatever was asked
    if world.city != HOME:
        return ()
    return compare(world.model, draws, load_figures())


def needed(model: Model, targets: Sequence[Target]) -> tuple[str, ...]:
    """Variables that are kept of a run: all outcomes, and what verdicts, figures and targets read."""
    outcomes = [equation.name for equation in model.equations if equation.sector == "outcomes"]
    read = [m.variable for m in MEASURES]
    read += [variable for target in targets for variable in target.definitions.values()]
    read += KEPT
    return tuple(dict.fromkeys([*outcomes, *read]))


def _outcomes(
    work: Plan,
    model: Model,
    draws: Draws,
    outputs: Sequence[str],
    progress: Told = lambda _title, _share: None,
) -> Iterator[Outcome]:
    total = len(work.scenarios)
    for done, scenario in enumerate(work.scenarios):
        title = scenario.name
        progress(title, done / total)

        def told(part: int, parts: int, title: str = title, done: int = done) -> None:
            progress(title, (done + part / parts) / total)

        yield reduce(scenario, run_of(work, model, scenario, draws, outputs, told))
    progress("", 1.0)


def run_of(
    work: Plan,
    model: Model,
    scenario: Scenario,
    draws: Draws,
    outputs: Sequence[str],
    told: Callable[[int, int], None] = lambda _part, _parts: None,
) -> xr.Dataset:
    """The run of one scenario of `work`, as `simulate` gives it, by the engine that the plan names."""
    # PySD takes a second to import, and most runs do without it.
    if work.model_file and scenario.name == work.pairing.asked:
        from shudian.exchange.pysd_engine import run_file

        return run_file(Path(work.model_file), model, draws, outputs, told, standing_posterior(work.world.city))
    if work.engine == "pysd":
        from shudian.exchange.pysd_engine import run_with_pysd

        return run_with_pysd(model, scenario, draws, outputs, told)
    return simulate(
        model, scenario, draws, outputs=outputs, method=work.method, steps_per_month=STEPS_PER_MONTH, progress=told
    )
