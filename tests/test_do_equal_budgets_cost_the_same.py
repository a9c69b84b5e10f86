"""Does a `_same_budget` package cost what the package it names costs, and is it otherwise the same package?

It does not establish that cost is what the treasury would pay; only that two packages are compared at one price.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shudian.budget import COMPARED_UNTIL, equalise
from shudian.draws import prior_draws
from shudian.scenarios import list_scenarios, load_scenario, schedule_matrix
from shudian.simulate import simulate
from shudian.structure import load_model

MODEL = load_model()
DRAWS = prior_draws(MODEL, 4000, 5)
VARIANTS = [name for name in list_scenarios() if name.endswith("_same_budget")]


def median_cost(scenario) -> float:  # type: ignore[no-untyped-def]
    run = simulate(MODEL, scenario, DRAWS, outputs=["cumulative_fiscal_cost"])
    return float(np.median(run["cumulative_fiscal_cost"].values[:, COMPARED_UNTIL]))


@pytest.mark.parametrize("name", VARIANTS)
def test_costs_meet_on_fresh_draws(name: str) -> None:
    """Equalised on 512 fixed draws, checked on 4,000 others: the medians agree within a few percent."""
    scenario = load_scenario(name, MODEL.parameters)
    scaled = equalise(scenario, MODEL)
    other = load_scenario(scenario.same_budget_as, MODEL.parameters)
    assert median_cost(scaled) == pytest.approx(median_cost(other), rel=0.05)
    assert not scaled.same_budget_as
    assert len(scaled.notes) == len(scenario.notes) + 1


@pytest.mark.parametrize("name", VARIANTS)
def test_only_money_is_scaled_and_all_by_one_factor(name: str) -> None:
    scenario = load_scenario(name, MODEL.parameters)
    before = schedule_matrix(scenario, MODEL.scheduled)
    after = schedule_matrix(equalise(scenario, MODEL), MODEL.scheduled)
    factors = set()
    for i, parameter in enumerate(MODEL.scheduled):
        if not parameter.scales_with_budget:
            np.testing.assert_array_equal(after[i], before[i])
            continue
        changed = after[i] != before[i]
        inside = changed & (after[i] > parameter.low) & (after[i] < parameter.high)
        factors |= set(np.round(after[i][inside] / before[i][inside], 9))
    assert len(factors) == 1


def test_a_package_that_already_costs_the_same_is_left_alone() -> None:
    twin = replace(load_scenario("hangzhou_mode", MODEL.parameters), same_budget_as="hangzhou_mode")
    scaled = schedule_matrix(equalise(twin, MODEL), MODEL.scheduled)
    np.testing.assert_allclose(scaled, schedule_matrix(twin, MODEL.scheduled), rtol=1e-3)


def test_a_scenario_that_names_no_other_is_returned_as_it_is() -> None:
    plain = load_scenario("shenzhen_mode", MODEL.parameters)
    assert equalise(plain, MODEL) is plain
