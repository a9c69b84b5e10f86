"""Does support cost what it does: for titles of every price, for whoever pays, and whether or not it was needed?

Properties of the cost classes, of the split between what support brings and what would have come anyway, of the
parks', locations' and fund's cost, on prior draws. It does not establish that the classes have the right size, nor that
support brings as much as the model says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from shudian.draws import Draws, prior_draws
from shudian.kinds import Scenario, Segment
from shudian.scenarios import load_scenario
from shudian.simulate import simulate
from shudian.structure import load_model

MODEL = load_model()
NO_POLICY = load_scenario("no_policy", MODEL.parameters)
DRAWS = prior_draws(MODEL, 100, 13)
START, YEAR = 24.0, 60
SUBSIDY = {
    "production_subsidy_rate": 0.3,
    "production_subsidy_cap": 100.0,
    "production_subsidy_eligible_share": 0.4,
    "annual_budget": 1e5 / 12,
}
CLASSES = ("premium", "key", "ordinary", "small")


def put(values: Mapping[str, float], base: Scenario = NO_POLICY, start: float = START) -> Scenario:
    levers = dict(base.levers)
    for name, value in values.items():
        levers[name] = (*(s for s in levers.get(name, ()) if s.start < start), Segment(start, value))
    return replace(base, levers=levers)


def run(scenario: Scenario, *names: str, draws: Draws = DRAWS) -> dict[str, NDArray[np.float64]]:
    found = simulate(MODEL, scenario, draws, outputs=names)
    return {name: found[name].values for name in names}


def fixed(name: str, draws: Draws = DRAWS) -> NDArray[np.float64]:
    return draws.values[draws.names.index(name)][:, None]


def with_fixed(**values: float) -> Draws:
    changed = DRAWS.values.copy()
    for name, value in values.items():
        changed[DRAWS.names.index(name)] = value
    return replace(DRAWS, values=changed)


def test_classes_make_the_whole_and_their_mean_cost_is_the_price() -> None:
    shares = [f"title_class_{c}" for c in CLASSES]
    v = run(put(SUBSIDY), *shares, "ordinary_title_cost", "live_price")
    costs = {c: fixed(f"title_cost_{c}") if c != "ordinary" else 1.0 for c in CLASSES}
    np.testing.assert_allclose(sum(v[name] for name in shares), 1, rtol=1e-12)
    mean = sum(v[f"title_class_{c}"] * costs[c] for c in CLASSES) * v["ordinary_title_cost"]
    np.testing.assert_allclose(mean, v["live_price"], rtol=1e-12)
    assert (fixed("title_cost_premium") > fixed("title_cost_key")).mean() > 0.95
    assert (fixed("title_cost_key") > 1).all()
    assert (fixed("title_cost_small") < 1).all()


@pytest.mark.parametrize("share", [0.0, 0.03, 0.2, 0.7, 1.0])
def test_what_qualifies_is_the_share_that_was_decided_and_never_more_of_a_class_than_there_is(share: float) -> None:
    names = [f"{what}_{c}" for what in ("eligible", "title_class") for c in CLASSES]
    v = run(put({**SUBSIDY, "production_subsidy_eligible_share": share}), *names, "eligible_production_share")
    at = {name: values[:, YEAR] for name, values in v.items()}
    np.testing.assert_allclose(sum(at[f"eligible_{c}"] for c in CLASSES), share, atol=1e-12)
    for c in CLASSES:
        assert (at[f"eligible_{c}"] >= -1e-12).all()
        assert (at[f"eligible_{c}"] <= at[f"title_class_{c}"] + 1e-12).all()
    # where selection follows cost, a share of the titles is a larger share of their cost
    assert (at["eligible_production_share"] >= share - 1e-12).all()
    if share in (0.0, 1.0):
        np.testing.assert_allclose(at["eligible_production_share"], share, atol=1e-12)


@pytest.mark.parametrize(
    "lever", ["production_subsidy_rate", "production_subsidy_cap", "production_subsidy_eligible_share"]
)
@pytest.mark.parametrize("rate", [0.3, 0.5])
def test_rate_cap_and_eligibility_act_over_their_whole_range(lever: str, rate: float) -> None:
    """Each quarter of the range adds to what a title can expect in every draw, and to claims in nearly all."""
    parameter = MODEL.parameters[lever]
    values = np.linspace(parameter.low, parameter.high, 5)
    given = {**SUBSIDY, "production_subsidy_rate": rate}
    runs = [
        run(put({**given, lever: float(value)}), "net_subsidy_rate", "expected_grant", "subsidy_claims")
        for value in values
    ]
    first = int(START)
    grants = np.array([v["expected_grant"][:, first] for v in runs])
    steps = np.diff(grants, axis=0)
    assert (steps >= -1e-12).all()
    assert (steps > 1e-5 * grants[-1]).mean(axis=1).min() > 0.9
    for name in ("net_subsidy_rate", "subsidy_claims"):
        moved = np.diff([v[name][:, first] for v in runs], axis=0)
        assert (moved >= -1e-12).all(), name
        assert (moved > 0).mean(axis=1).min() > 0.9, name
    assert not grants[0].any()


def test_without_selection_and_spread_one_average_title_is_granted() -> None:
    alike = dict.fromkeys(("title_cost_premium", "title_cost_key", "title_cost_small"), 1.0)
    draws = with_fixed(**alike, selection_by_cost=0.0, premium_tail=1e6)
    v = run(put(SUBSIDY), "grant_per_title", "live_price", "eligible_production_share", draws=draws)
    old = np.minimum(0.3 * fixed("subsidised_cost_share") * v["live_price"], 100.0)[:, YEAR]
    np.testing.assert_allclose(v["grant_per_title"][:, YEAR], old, rtol=1e-4)
    np.testing.assert_allclose(v["eligible_production_share"][:, YEAR], 0.4, rtol=1e-12)


def test_the_cap_cuts_the_dear_titles_first() -> None:
    names = [f"grant_{c}" for c in CLASSES]
    free, capped = (run(put({**SUBSIDY, "production_subsidy_cap": cap}), *names) for cap in (300.0, 20.0))
    kept = {c: capped[f"grant_{c}"][:, YEAR] / free[f"grant_{c}"][:, YEAR] for c in CLASSES}
    assert (kept["premium"] < kept["key"] + 1e-12).mean() > 0.95
    assert (kept["key"] <= kept["ordinary"] + 1e-12).all()
    assert (kept["small"] > 0.999).mean() > 0.95


def test_what_is_subsidised_is_additional_or_would_have_come_anyway() -> None:
    names = ("subsidised_titles", "additional_titles", "windfall_titles", "but_for_share", "title_completions")
    v = run(put(SUBSIDY), *names)
    np.testing.assert_allclose(v["additional_titles"] + v["windfall_titles"], v["subsidised_titles"], rtol=1e-12)
    assert (v["subsidised_titles"] <= v["title_completions"] * 0.4).all()
    nil = fixed("subsidy_sensitivity")[:, 0] == 0
    assert nil.any()
    assert not v["additional_titles"][nil].any()
    assert (v["but_for_share"] <= 1).all()
    assert (v["additional_titles"] >= 0).all()
    assert np.median(v["but_for_share"][~nil, YEAR]) > 0.02


def test_orders_that_the_subsidy_won_are_those_that_vanish_without_it() -> None:
    """The split is the model's own counterfactual: orders of the first month with the subsidy against those without.

    The city's queue, firms and rivals have not yet moved then.
    """
    with_it = run(put(SUBSIDY), "city_orders", "subsidised_order_share", "eligible_production_share", "but_for_share")
    without = run(NO_POLICY, "city_orders")
    first = int(START)
    gained = 1 - without["city_orders"][:, first] / with_it["city_orders"][:, first]
    np.testing.assert_allclose(gained, with_it["subsidised_order_share"][:, first], atol=1e-9)


def test_people_in_visiting_crews_are_no_local_jobs() -> None:
    names = ("fte_jobs", "visiting_crew_jobs", "title_completions")
    all_local = run(put(SUBSIDY), *names, draws=with_fixed(visiting_crew_share=0.0))
    visitors = run(put(SUBSIDY), *names, draws=with_fixed(visiting_crew_share=0.8))
    np.testing.assert_array_equal(all_local["title_completions"], visitors["title_completions"])
    assert not all_local["visiting_crew_jobs"].any()
    total = visitors["fte_jobs"] + visitors["visiting_crew_jobs"]
    np.testing.assert_allclose(total, all_local["fte_jobs"], rtol=1e-12)
    assert (visitors["fte_jobs"][:, YEAR] < all_local["fte_jobs"][:, YEAR]).mean() > 0.5
    nobody = run(NO_POLICY, *names)
    assert not nobody["visiting_crew_jobs"].any()


def test_awards_are_part_of_what_is_claimed() -> None:
    """Where awards exhaust the budget, a programme beside them is paid less of what it claims."""
    programme = {"script_incubation": 200.0, "annual_budget": 300.0}
    names = ("paid_per_claim", "script_spending", "award_claims", "claims_approval", "claims_payment")
    alone, beside = (run(put({**programme, "quality_award": award}), *names) for award in (0.0, 500.0))
    exhausted = beside["claims_approval"][:, YEAR] > 2 * programme["annual_budget"]
    assert exhausted.mean() > 0.1
    assert (beside["paid_per_claim"] < alone["paid_per_claim"])[exhausted, YEAR].all()
    paid = beside["paid_per_claim"] * beside["claims_approval"]
    assert (paid <= beside["claims_payment"] * (1 + 1e-12)).all(), "more reaches its purpose than is paid"


def test_payers_pay_all_of_it_and_nothing_else() -> None:
    scenario = load_scenario("zhengzhou_2025", MODEL.parameters)
    payers = ("city_fiscal_cost", "district_fiscal_cost", "province_fiscal_cost")
    v = run(scenario, *payers, "cumulative_fiscal_cost")
    np.testing.assert_allclose(sum(v[name] for name in payers), v["cumulative_fiscal_cost"], rtol=1e-12)
    for name in payers:
        assert (np.diff(v[name], axis=1) >= -1e-9).all(), name


def test_net_cost_is_gross_less_what_comes_back() -> None:
    scenario = load_scenario("zhengzhou_2025", MODEL.parameters)
    v = run(
        scenario, "cumulative_net_fiscal_cost", "cumulative_fiscal_cost", "cumulative_fund_return", "cumulative_taxes",
        "cumulative_fund_contribution",
    )  # fmt: skip
    back = v["cumulative_fund_return"] + v["cumulative_taxes"]
    np.testing.assert_allclose(
        v["cumulative_net_fiscal_cost"], v["cumulative_fiscal_cost"] - back, rtol=1e-9, atol=1e-6
    )
    assert (v["cumulative_fund_return"] <= v["cumulative_fund_contribution"]).all()
    assert (v["cumulative_fund_return"][:, -1] > 0).all()


@pytest.mark.parametrize("lever", ["municipal_parks", "open_locations"])
def test_what_is_open_costs_while_it_is_open_and_more_of_it_costs_more(lever: str) -> None:
    values = {"municipal_parks": (0.0, 2.0, 5.0, 15.0), "open_locations": (20.0, 50.0, 200.0, 500.0)}[lever]
    spent = [run(put({lever: value}), "cumulative_park_spending")["cumulative_park_spending"] for value in values]
    assert not spent[0].any()
    for less, more in pairwise(spent):
        assert (more[:, YEAR] > less[:, YEAR]).all()
    # support ends: doors that are still open are still paid for
    ended = put({lever: values[2], "support_end": 48.0})
    v = run(ended, "cumulative_park_spending", "parks_open", "open_filming_locations")
    after = np.diff(v["cumulative_park_spending"], axis=1)[:, 50:60]
    assert (after > 0).all()


def test_locations_help_less_and_less_and_are_nil_half_of_the_time() -> None:
    draws = prior_draws(MODEL, 400, 5)
    numbers = (20.0, 100.0, 180.0, 260.0, 500.0)
    effects = [
        run(put({"open_locations": n}), "locations_effect", draws=draws)["locations_effect"][:, -1] for n in numbers
    ]
    sensitivity = fixed("location_sensitivity", draws)[:, 0]
    assert 0.4 < (sensitivity == 0).mean() < 0.6
    assert not effects[0].any()
    helps = sensitivity > 0
    steps = np.diff(np.array(effects)[:, helps], axis=0)
    assert (steps > 0).all()
    assert (np.diff(steps[:3], axis=0) < 0).all(), "equal steps must help less and less"
    assert (np.abs(effects[-1]) < np.abs(sensitivity) + 1e-12).all()


def test_locations_stand_in_for_sets_only_outdoors() -> None:
    draws = with_fixed(slots_per_location=0.2)
    v = run(put({"open_locations": 500.0}), "effective_capacity", "capacity", draws=draws)
    share = (v["effective_capacity"] / v["capacity"] - 1)[:, -1]
    assert (share <= fixed("outdoor_shooting_share")[:, 0] + 1e-12).all()
    none = run(
        put({"open_locations": 500.0}), "effective_capacity", "capacity", draws=with_fixed(outdoor_shooting_share=0.0)
    )
    np.testing.assert_array_equal(none["effective_capacity"], none["capacity"])


def test_no_lever_no_cost() -> None:
    names = (
        "cumulative_fiscal_cost", "claims_unpaid", "cumulative_fund_return", "expected_grant", "subsidised_titles",
        "additional_titles", "locations_effect", "visiting_crew_jobs",
    )  # fmt: skip
    for name, values in run(NO_POLICY, *names).items():
        assert not values.any(), name
    for missing in ("production_subsidy_rate", "production_subsidy_cap", "production_subsidy_eligible_share"):
        v = run(put({**SUBSIDY, missing: 0.0}), "subsidy_claims", "cumulative_fiscal_cost")
        assert not v["subsidy_claims"].any(), missing


def test_a_finer_step_says_the_same() -> None:
    """Nothing here is stiff: on many draws the end of a run moves by far less than a package does."""
    draws = prior_draws(MODEL, 500, 17)
    scenario = put({**SUBSIDY, "municipal_parks": 15.0, "open_locations": 500.0, "quality_award": 500.0})
    names = ("cumulative_fiscal_cost", "works_under_review", "additional_titles", "local_job_share")
    for name, values in run(scenario, *names, draws=draws).items():
        assert np.isfinite(values).all(), name
    euler, rk4 = (
        simulate(MODEL, scenario, draws, outputs=["cumulative_fiscal_cost"], method=method)[
            "cumulative_fiscal_cost"
        ].values[:, -1]
        for method in ("euler", "rk4")
    )
    assert np.median(np.abs(euler / rk4 - 1)) < 0.01
    assert np.quantile(np.abs(euler / rk4 - 1), 0.95) < 0.05
