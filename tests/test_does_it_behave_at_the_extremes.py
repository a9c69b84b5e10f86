"""Does the model behave where no city has been: no firms, no workers, no demand, a fund a thousand times as large?

Forrester's extreme-condition tests. They do not establish that the model is right in between.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from shudian.draws import Draws, prior_draws
from shudian.grounds import posterior_draws
from shudian.kinds import Scenario, Segment
from shudian.posterior_file import read_posterior
from shudian.scenarios import load_scenario
from shudian.simulate import simulate
from shudian.structure import load_model

MODEL = load_model()
BASELINE = load_scenario("baseline", MODEL.parameters)
NO_POLICY = load_scenario("no_policy", MODEL.parameters)
ZHENGZHOU = load_scenario("zhengzhou_2025", MODEL.parameters)
EVERYTHING = [e.name for e in MODEL.equations]
DRAWS = prior_draws(MODEL, 64, 11)


def with_fixed(**values: float) -> Draws:
    changed = DRAWS.values.copy()
    for name, value in values.items():
        changed[DRAWS.names.index(name)] = value
    return replace(DRAWS, values=changed)


def run(scenario: Scenario, draws: Draws = DRAWS) -> xr.Dataset:
    result = simulate(MODEL, scenario, draws, outputs=EVERYTHING)
    for name in EVERYTHING:
        assert np.isfinite(result[name].values).all(), name
    return result


def test_without_firms_none_but_entrants_exist_and_they_fill_the_city() -> None:
    normal = run(NO_POLICY)
    none = run(NO_POLICY, with_fixed(initial_firms=1e-9, initial_lead_firms=1e-9))
    assert (none["active_firms"].values[:, 0] < 1e-8).all()
    # Firms enter where output could feed them, and only then.
    assert (none["firm_entry"].values[:, 1] > 0).all()
    years = (12, 24, 36)
    ratio = np.array([np.median(none["active_firms"][:, t]) / np.median(normal["active_firms"][:, t]) for t in years])
    assert (ratio < 1.3).all(), "a flood"
    assert ratio[-1] > 0.5


def test_without_workers_nothing_is_made_until_people_are_hired() -> None:
    none = run(NO_POLICY, with_fixed(initial_workforce_margin=1e-12))
    assert (none["title_completions"].values[:, 0] < 1e-6).all()
    assert (none["hiring"].values[:, 0] > 0).all()


def test_without_demand_there_is_no_output_and_no_firm_stays() -> None:
    none = run(NO_POLICY, with_fixed(national_market_initial=1e-6, overseas_market_initial=1e-6))
    normal = run(NO_POLICY)["local_output"].values
    assert (none["local_output"].values < 1e-6 * normal).all()
    firms = none["active_firms"].values
    assert (np.diff(firms, axis=1) <= 1e-5 * firms[:, :1]).all()
    assert (firms[:, 96] < 0.01 * firms[:, 0]).all()
    assert (none["city_titles"].values[:, 60] < 1e-6).all()


def test_a_fund_a_thousand_times_as_large_stays_bounded() -> None:
    """Capital lifts entry; it does not conjure demand: output grows far less than the fund."""
    usual = replace(BASELINE, levers={**BASELINE.levers, "fund_size": (Segment(33.0, 1e4),)})
    vast = replace(BASELINE, levers={**BASELINE.levers, "fund_size": (Segment(33.0, 1e7),)})
    small, large = run(usual), run(vast)
    ratio = large["local_output"].values[:, 60] / small["local_output"].values[:, 60]
    assert np.median(ratio) < 2
    assert ratio.max() < 10
    paid = large["cumulative_fiscal_cost"].values[:, 96]
    assert (paid <= 1e7 + small["cumulative_fiscal_cost"].values[:, 96] * 30).all()


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("lever", [p.name for p in MODEL.scheduled])
def test_every_lever_and_assumption_at_each_end(lever: str, end: str) -> None:
    parameter = MODEL.parameters[lever]
    value = parameter.low if end == "low" else parameter.high
    schedules = {lever: (Segment(0.0, value),)}
    if parameter.role == "lever":
        scenario = replace(ZHENGZHOU, levers={**ZHENGZHOU.levers, **schedules})
    else:
        scenario = replace(ZHENGZHOU, assumptions={**ZHENGZHOU.assumptions, **schedules})
    result = run(scenario)
    assert (result["local_output"].values >= 0).all()


def test_all_levers_at_once_at_each_end() -> None:
    for pick in (lambda p: p.low, lambda p: p.high):
        levers = {p.name: (Segment(0.0, pick(p)),) for p in MODEL.scheduled if p.role == "lever"}
        run(replace(BASELINE, levers=levers))


def test_no_support_costs_nothing() -> None:
    assert not run(NO_POLICY)["cumulative_fiscal_cost"].values.any()


def test_support_that_ends_stops_being_claimed() -> None:
    ended = replace(ZHENGZHOU, levers={**ZHENGZHOU.levers, "support_end": (Segment(0.0, 60.0),)})
    result = run(ended)
    assert not result["claims_approval"].values[:, 60:].any()
    assert (result["claims_approval"].values[:, 59] > 0).all()
    # What was approved is still paid, and after that nothing is.
    assert (result["claims_unpaid"].values[:, 96] < result["claims_unpaid"].values[:, 60]).all()


def test_rk4_and_small_steps_agree_with_the_shipped_method() -> None:
    """The step of 1/8 month is fine enough: the median answer is within half a percent of that of far smaller steps."""
    outputs = ["cumulative_local_output", "active_firms", "cumulative_fiscal_cost", "cumulative_job_months"]
    draws = posterior_draws(MODEL, read_posterior(), 200, seed=1)
    usual = simulate(MODEL, ZHENGZHOU, draws, outputs=outputs)
    finer = simulate(MODEL, ZHENGZHOU, draws, outputs=outputs, steps_per_month=64)
    fourth = simulate(MODEL, ZHENGZHOU, draws, outputs=outputs, method="rk4", steps_per_month=64)
    for name in outputs:
        reference = fourth[name].values[:, 60]
        assert np.abs(finer[name].values[:, 60] / reference - 1).max() < 0.01, name
        assert np.median(np.abs(usual[name].values[:, 60] / reference - 1)) < 0.005, name


@pytest.mark.parametrize("package", ["zhengzhou_2025", "shenzhen_mode"])
def test_a_difference_between_packages_hangs_on_the_step_by_less_than_a_fiftieth(package: str) -> None:
    """What a package adds, median and mean over draws of the posterior, against steps of a quarter of the length."""
    outputs = ["cumulative_local_output", "cumulative_firm_entry", "cumulative_fiscal_cost", "cumulative_job_months"]
    draws = posterior_draws(MODEL, read_posterior(), 1000, seed=3)
    scenario = load_scenario(package, MODEL.parameters)

    def added(steps: int) -> xr.Dataset:
        package_run, reference = (
            simulate(MODEL, world, draws, outputs=outputs, steps_per_month=steps) for world in (scenario, NO_POLICY)
        )
        return (package_run - reference).isel(month=60)

    usual, finer = added(8), added(32)
    for name in outputs:
        for middle in (np.median, np.mean):
            assert abs(middle(usual[name].values) / middle(finer[name].values) - 1) < 0.02, name
