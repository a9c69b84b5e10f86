"""Does money that is paid once help once: support, the fund's shares, profits, lead firms' revenue, what ends?

An economist's objections to the first equations of finance and support, each as a property of the draws. It does not
establish that the shares themselves are right: most of them are assumed.
"""

from __future__ import annotations

import numpy as np
import pytest

from behaviour import BOUND, DRAWS, MODEL, MOST, Array, fixed, growth, month, over, run, share, still, world
from shudian.draws import prior_draws

RELATIVE = {"relative_cluster": 1.0, "relative_talent": 1.0, "relative_crowding": 1.0}
BUDGET = "annual_budget=10亿元/年@2024-01"
SERVICES = ("talent_training=5000人/年@2024-01", "script_incubation=0.5亿元/年@2024-01",
            "ai_support=0.5亿元/年@2024-01", "overseas_support=0.5亿元/年@2024-01",
            "plus_programme=0.5亿元/年@2024-01")  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_services_and_commissions_are_no_cash_of_firms(service: str) -> None:
    """Paid, and not to the firms' accounts: training, scripts, AI, export support and commissions."""
    found = run(world("no_policy", BUDGET, service), ["claims_payment", "support_to_firms"])
    assert share(found["claims_payment"][month(2026)] > 0) == 1
    assert not found["support_to_firms"].any()


def test_relief_that_landlords_keep_is_no_cash_of_firms() -> None:
    worlds = world("no_policy", BUDGET, "rent_relief_rate=1@2024-01")
    kept, passed = (
        run(worlds, ["support_to_firms"], fixed(relief_incidence=incidence))["support_to_firms"]
        for incidence in (0.0, 1.0)
    )
    assert not kept.any()
    assert share(passed[month(2026)] > 0) == 1


def test_what_makers_pass_on_in_their_price_is_not_theirs_as_well() -> None:
    settings = ("production_subsidy_rate=0.3@2024-01", "production_subsidy_cap=100万元/部@2024-01",
                "production_subsidy_eligible_share=1@2024-01", BUDGET)  # fmt: skip
    worlds = world("no_policy", *settings)
    found = run(worlds, ["support_to_firms", "claims_payment"], fixed(support_cash_share=0.0))
    assert not found["support_to_firms"].any()
    award = run(world("no_policy", BUDGET, "quality_award=100万元/部@2024-01"), ["support_to_firms", "claims_payment"])
    assert (award["support_to_firms"] <= award["claims_payment"] * (1 + 1e-12)).all()
    assert share(award["support_to_firms"][month(2027)] > 0.7 * award["claims_payment"][month(2027)]) >= MOST


def test_titles_sold_at_cost_leave_no_profit() -> None:
    """A third of the draws come to stand at the floor when AI presses prices threefold."""
    pressed = world("no_policy", "ai_price_multiplier=3@2024-01", "ai_diffusion_multiplier=3@2024-01")
    found = run(pressed, ["profit_retained", "live_price", "live_cost", "title_completions"])
    at_cost = found["live_price"] <= found["live_cost"]
    assert at_cost[month(2027)].mean() > 0.1, "nobody stands at the floor"
    assert not found["profit_retained"][at_cost].any()
    margin = (found["live_price"] - found["live_cost"]) * found["title_completions"]
    assert (found["profit_retained"] <= np.maximum(margin, 0) * (1 + 1e-12)).all()


def test_lead_firms_revenue_keeps_nobody_else() -> None:
    """What start-ups, established and lead firms take in adds up to output and support, where no ceiling binds."""
    names = ["startups", "established", "startup_coverage", "established_coverage", "viable_revenue", "lead_income",
             "local_output", "support_to_firms"]  # fmt: skip
    found = run(world("zhengzhou_2025"), names)
    ceiling = MODEL.parameters["coverage_ceiling"].value
    free = (found["startup_coverage"] < ceiling) & (found["established_coverage"] < ceiling)
    free &= found["established_coverage"] > 0
    earned = found["startups"] * found["startup_coverage"] + found["established"] * found["established_coverage"]
    total = earned * found["viable_revenue"] + found["lead_income"]
    income = found["local_output"] + found["support_to_firms"]
    assert free.mean() > 0.5
    assert np.allclose(total[free], income[free], rtol=1e-9)


def test_shares_that_firms_buy_back_are_paid_by_firms() -> None:
    """With everything bought back and much money at hand, firms pay what the fund gets."""
    draws = fixed(buyback_share=1.0, fund_title_share=0.0)
    names = ["fund_return", "equity_bought_back", "working_capital"]
    found = run(world("no_policy", "fund_size=10亿元@2024-01"), names, draws)
    release = MODEL.parameters["cash_release_time"].value
    rich = found["working_capital"] / release > found["fund_return"]
    assert rich[month(2027)].mean() > 0.5
    assert np.allclose(found["equity_bought_back"][rich], found["fund_return"][rich])
    assert (found["equity_bought_back"] <= found["fund_return"] * (1 + 1e-12)).all()


@pytest.mark.parametrize("form", [0.0, 1.0])
def test_the_fund_displaces_alike_whether_it_holds_shares_or_pays_for_titles(form: float) -> None:
    """Without displacement its money comes on top of private capital; with full displacement hardly any of it does."""
    names = ["working_capital", "receivables", "fund_title_money", "fund_in_titles", "fund_invested"]

    def added(displacement: float) -> Array:
        settings = {"fund_title_share": form, "finance_margin": 1.0, "displacement_share": displacement}
        intact = {"fund_recovery_share": 1.0, "fund_title_loss": 0.0, "fund_entry_effect": 0.0}
        draws = fixed(**{**BOUND, **settings, **intact})
        own, funded = (run(world("no_policy", f"fund_size={size}亿元@2024-01"), names, draws) for size in (0, 10))
        capital = [sum(found[name] for name in names[:4]) for found in (own, funded)]
        held = funded["fund_invested"] + funded["fund_title_money"] + funded["fund_in_titles"]
        return np.asarray((capital[1] - capital[0])[month(2027)] / held[month(2027)])

    assert np.median(added(0.0)) > 0.6
    assert np.median(added(0.95)) < 0.5 * np.median(added(0.0))


ENDED = ["fund_raising", "fund_investment", "fund_title_investment"]


def test_when_support_ends_so_does_the_fund() -> None:
    settings = ("fund_size=5亿元@2025-10", "support_end=2028-01")
    found = run(world("zhengzhou_2025", *settings), [*ENDED, "fund_cash_return"], fixed(fund_title_share=0.5))
    end = month(2028)
    for name in ENDED:
        assert share(found[name][end - 1] > 0) >= MOST, name
        assert not found[name][end + 1 :].any(), name
    assert share(found["fund_cash_return"][end + 1] > 0) == 1


def test_faster_approval_lasts_as_long_as_it_is_paid_for() -> None:
    names = ["approval_time", "cumulative_fiscal_cost"]
    usual = MODEL.parameters["reference_approval_days"].value
    unpaid = run(world("no_policy", "approval_days=5日@2024-01"), names)
    assert np.allclose(unpaid["approval_time"], usual)
    paid = run(world("no_policy", "approval_days=5日@2024-01", BUDGET, "support_end=2028-01"), names)
    assert share(paid["approval_time"][month(2027)] < 0.8 * usual) >= MOST
    assert share(paid["cumulative_fiscal_cost"][month(2027)] > 0) == 1
    assert np.allclose(paid["approval_time"][month(2030)], usual, rtol=0.02)


def test_a_cut_of_guarantees_strikes_rivals_as_it_strikes_the_city() -> None:
    """The platforms are the same: titles fall everywhere alike, and no more orders move than wait longer here."""
    draws = fixed(**BOUND, **RELATIVE, rival_imitation=0)
    names = ["title_completions", "rival_titles", "city_share"]
    kept, cut = (run(world("no_policy", f"platform_guarantee={x}@2025-10"), names, draws) for x in (1, 0))
    later = month(2025, 10) + 6
    left = {name: np.median(cut[name][later] / kept[name][later]) for name in names}
    assert left["title_completions"] < 0.95
    assert left["rival_titles"] < 0.95
    assert left["title_completions"] == pytest.approx(left["rival_titles"], abs=0.1)
    assert left["city_share"] == pytest.approx(1, abs=0.2)


def test_abroad_nothing_is_sold_that_is_not_made() -> None:
    """The national market dies in 2026: hardly a title is made in the country, and the world outside is as it was."""
    alive, dead = (
        over(run(world("no_policy"), ["overseas_income"], draws)["overseas_income"], 2029)
        for draws in (DRAWS, fixed(**growth(2026, 0.01, 1, rest=0)))
    )
    assert share(dead < 0.3 * alive) >= MOST


def test_nobody_founds_a_firm_faster_than_it_takes() -> None:
    """However good the cover: of the firms that output could keep, no more come than the time to found one lets."""
    rich = fixed(still(), initial_firms=1e-9, initial_lead_firms=1e-9)
    found = run(world("no_policy"), ["entering_firms", "viable_firms"], rich)
    pace = rich.values[rich.names.index("founding_time")]
    assert (found["entering_firms"] * pace <= found["viable_firms"] * (1 + 1e-12)).all()
    firms = run(world("no_policy"), ["ordinary_firms", "viable_firms"], rich)
    assert share(firms["ordinary_firms"][12] < 1.2 * firms["viable_firms"][12]) >= MOST


def test_no_share_grows_for_ever() -> None:
    """The production share of the priors stays within what anyone has reported of such shares, also in 2030."""
    share_of = run(world("no_policy"), ["open_production_share"], prior_draws(MODEL, 200, 4))["open_production_share"]
    assert np.quantile(share_of[month(2030)], 0.95) < 0.7
    assert (share_of[month(2030)] >= 1).mean() < 0.02
