"""How far what studies of other places found has moved what the model's levers do, study by study and by package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.output_change import LEVELS, OutputChange, output_changes
from shudian.analysis.verdicts import YEAR
from shudian.calibrate.experiments import Experiments
from shudian.calibrate.target import Target
from shudian.draws import Draws
from shudian.kinds import Model, Scenario
from shudian.observe.effects import UNTREATED, Effect
from shudian.scenario_changes import in_world_of
from shudian.scenarios import list_scenarios, load_scenario

Array = NDArray[np.float64]


_FEW = 500
"""Draws of each that are enough for what is shown: medians and ends of wide intervals."""


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """One finding, and the same experiment in the model: quantiles at LEVELS of the change, 0.1 for 10 %."""

    effect: Effect
    prior: Array
    posterior: Array
    told: float
    """Posterior chance that the study tells of this city."""


def studied(target: Target, prior: Array, posterior: Array) -> tuple[Studied, ...]:
    """Every finding that is used, for draws [uncertain parameter, draw] of prior and posterior."""
    experiments = target.experiments
    if experiments is None:
        return ()
    before, after = (
        _effects(experiments, target, draws[:, :: max(1, draws.shape[1] // _FEW)]) for draws in (prior, posterior)
    )
    literature = experiments.literature
    told = literature.told(after).mean(axis=1)
    return tuple(
        Studied(
            effect,
            np.expm1(np.quantile(before[row], LEVELS)),
            np.expm1(np.quantile(after[row], LEVELS)),
            float(told[literature.studies.index(effect.study)]),
        )
        for row, effect in enumerate(literature.effects)
    )


def _effects(experiments: Experiments, target: Target, uncertain: Array) -> Array:
    return experiments.effects(target.latent.fixed(uncertain), None)


def package_effects(model: Model, posterior: Draws) -> tuple[tuple[Scenario, OutputChange], ...]:
    """What every shipped package changes against no policy in its world, but for those scaled to another's cost."""
    untreated = load_scenario(UNTREATED, model.parameters)
    packages = [load_scenario(name, model.parameters) for name in list_scenarios(kind="package") if name != UNTREATED]
    chosen = [package for package in packages if not package.same_budget_as]
    pairs = [(package, in_world_of(untreated, package)) for package in chosen]
    return tuple(zip(chosen, output_changes(model, pairs, posterior, YEAR, _FEW), strict=True))
