"""Are firms, people, titles, crew slots and money conserved at every step, whatever the levers and the draw?

Each stock may change only by its own flows, and a flow between two stocks leaves one and enters the other.
It does not establish that the flows have the right size.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import everything, moved, start
from shudian.draws import prior_draws
from shudian.kinds import InputError, Scenario, Segment
from shudian.scenarios import load_scenario, schedule_matrix
from shudian.simulate import simulate
from shudian.structure import build, load_model, shipped_equations, signed_flows

MODEL = load_model()
BASELINE = load_scenario("baseline", MODEL.parameters)
FLOWS = {e.name: e for e in MODEL.dynamic if e.kind == "flow"}
SIGNED = {s.name: dict(signed_flows(s, {e.name: e for e in MODEL.equations})) for s in MODEL.stocks}

# What crosses the boundary of each conserved quantity: sources (+) and sinks (-). Written by hand, from
# what the sectors mean (`shudian document` draws them); everything else that touches these stocks must cancel.
BOUNDARY = {
    "firms": (
        ("startups", "established", "lead_firms"),
        {"firm_entry": 1, "crossover_entry": 1, "startup_exit": -1, "established_exit": -1},
    ),
    "people": (
        ("newcomers", "experienced"),
        {"hiring": 1, "trained_entrants": 1, "newcomer_departure": -1, "experienced_departure": -1},
    ),
    "titles on order": (
        ("open_commissions", "order_backlog"),
        {
            "commissions_offered": 1, "plus_orders": 1, "rival_orders": -1, "title_completions": -1,
            "order_abandonment": -1,
        },
    ),
    "crew slots": (
        ("capacity_under_construction", "capacity"),
        {"construction_starts": 1, "park_sets": 1, "capacity_closure": -1},
    ),
    "fund money": (
        ("fund_pending", "fund_cash", "fund_invested", "fund_title_money", "fund_in_titles"),
        {
            "fund_announcement": 1, "private_coinvestment": 1, "fund_reinvestment": 1, "fund_shortfall": -1,
            "fund_return": -1, "fund_write_off": -1, "fund_title_return": -1, "fund_title_write_off": -1,
            "fund_cash_return": -1,
        },
    ),
    "producers' money": (
        ("working_capital", "receivables"),
        {
            "profit_retained": 1, "support_received": 1, "entrants_capital": 1, "equity_received": 1,
            "private_capital": 1, "operating_loss": -1, "withdrawals": -1, "capital_leaving": -1,
            "equity_bought_back": -1,
        },
    ),
    "registrations that lapsed": (
        ("lapsed_registrations",),
        {"registrations_lapsing": 1, "striking_off": -1},
    ),
    "quality works before the jury": (("works_under_review",), {"works_submitted": 1, "award_decisions": -1}),
    "money of the treasury": (
        (
            "cumulative_support_paid", "cumulative_fund_contribution", "cumulative_park_spending",
            "cumulative_fund_return",
        ),
        {
            "support_added": 1, "fund_contribution": 1, "park_spending": 1, "location_spending": 1,
            "treasury_fund_return": 1,
        },
    ),
    "support money": (
        ("claims_unpaid", "budget_balance"),
        {
            "claims_approval": 1, "budget_appropriation": 1, "tax_recycling": 1, "claims_payment": -1,
            "budget_use": -1,
            "claims_lapse": -1, "budget_lapse": -1,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("quantity", BOUNDARY)
def test_only_flows_across_the_boundary_change_a_conserved_quantity(quantity: str) -> None:
    stocks, boundary = BOUNDARY[quantity]
    net: dict[str, int] = {}
    for stock in stocks:
        for flow, sign in SIGNED[stock].items():
            net[flow] = net.get(flow, 0) + sign
    assert {flow: sign for flow, sign in net.items() if sign} == boundary


def test_every_flow_belongs_to_a_stock() -> None:
    assert {flow for flows in SIGNED.values() for flow in flows} == set(FLOWS)


def test_a_flow_that_drains_two_stocks_is_refused() -> None:
    budget = next(stock for stock in MODEL.stocks if stock.name == "budget_balance")
    claims = next(stock for stock in MODEL.stocks if stock.name == "claims_unpaid")
    others = [e for e in shipped_equations() if e.name != "budget_balance"]
    with pytest.raises(InputError, match="“claims_approval” already ends at “claims_unpaid”"):
        build([*others, replace(budget, causes=claims.causes, expression=claims.expression)], MODEL.parameters)


def lever_schedules() -> st.SearchStrategy[dict[str, tuple[Segment, ...]]]:
    def schedule(name: str) -> st.SearchStrategy[tuple[Segment, ...]]:
        p = MODEL.parameters[name]
        return st.builds(
            lambda value, start: (Segment(float(start), value),),
            st.floats(p.low, p.high),
            st.integers(0, 90),
        )

    names = [p.name for p in MODEL.scheduled]
    return st.fixed_dictionaries({}, optional={name: schedule(name) for name in names})


@settings(max_examples=15)
@given(schedules=lever_schedules(), seed=st.integers(0, 10_000))
def test_stocks_change_only_by_their_flows(schedules: dict[str, tuple[Segment, ...]], seed: int) -> None:
    """From month to month the kernel's stocks move by the sum of its flows over the eight steps between."""
    levers = {n: s for n, s in schedules.items() if MODEL.parameters[n].role == "lever"}
    assumptions = {n: s for n, s in schedules.items() if MODEL.parameters[n].role == "assumption"}
    scenario = _with(levers, assumptions)
    draws = prior_draws(MODEL, 8, seed)
    months, steps = 12, 8
    run = simulate(MODEL, scenario, draws, outputs=[s.name for s in MODEL.stocks])
    matrix = schedule_matrix(scenario, MODEL.scheduled)
    first = 40
    values = start(MODEL, draws.values) | {s.name: run[s.name].values[:, first] for s in MODEL.stocks}
    before = {s.name: values[s.name].copy() for s in MODEL.stocks}
    moved_by = {name: np.zeros(8) for name in FLOWS}
    for k in range(first * steps, (first + months) * steps):
        values = everything(MODEL, values, matrix[:, k], k / steps)
        for name in FLOWS:
            moved_by[name] += values[name] / steps
        rates = {s.name: sum(sign * values[f] for f, sign in SIGNED[s.name].items()) for s in MODEL.stocks}
        values = moved(values, rates, 1 / steps)
    for stock in MODEL.stocks:
        expected = before[stock.name] + sum(sign * moved_by[f] for f, sign in SIGNED[stock.name].items())
        scale = np.abs(before[stock.name]) + sum(np.abs(moved_by[f]) for f in SIGNED[stock.name])
        now = run[stock.name].values[:, first + months]
        assert (np.abs(now - expected) <= 1e-9 * scale + 1e-12).all(), stock.name


@settings(max_examples=25)
@given(schedules=lever_schedules(), seed=st.integers(0, 10_000))
def test_nothing_goes_negative_or_wild(schedules: dict[str, tuple[Segment, ...]], seed: int) -> None:
    levers = {n: s for n, s in schedules.items() if MODEL.parameters[n].role == "lever"}
    assumptions = {n: s for n, s in schedules.items() if MODEL.parameters[n].role == "assumption"}
    run = simulate(
        MODEL, _with(levers, assumptions), prior_draws(MODEL, 32, seed), outputs=[e.name for e in MODEL.equations]
    )
    signed = {"sameness", "own_sameness", "rival_attractiveness", "order_shock", "plus_private_spending"}
    for stock in MODEL.stocks:
        series = run[stock.name].values
        assert np.isfinite(series).all(), stock.name
        if stock.name not in signed:
            assert (series >= -1e-9 * np.abs(series).max()).all(), stock.name
    for share in (
        "city_share",
        "free_share",
        "ai_native_share",
        "own_ip_share",
        "support_credibility",
        "city_ai_share",
    ):
        assert (run[share].values <= 1 + 1e-12).all(), share


@settings(max_examples=25)
@given(schedules=lever_schedules(), seed=st.integers(0, 10_000))
def test_payments_respect_rate_cap_eligibility_budget_and_lag(
    schedules: dict[str, tuple[Segment, ...]], seed: int
) -> None:
    levers = {n: s for n, s in schedules.items() if MODEL.parameters[n].role == "lever"}
    scenario = _with(levers, {})
    draws = prior_draws(MODEL, 16, seed)
    names = [
        "grant_per_title", "subsidy_claims", "ordinary_title_cost", "title_completions", "claims_payment",
        "claims_unpaid", "budget_balance", "cumulative_support_paid",
    ]  # fmt: skip
    run = simulate(MODEL, scenario, draws, outputs=names)
    v = {name: run[name].values for name in names}
    matrix = schedule_matrix(scenario, MODEL.scheduled)
    row = {p.name: matrix[i, np.minimum(np.arange(97) * 8, 767)] for i, p in enumerate(MODEL.scheduled)}
    tolerance = 1 + 1e-12
    fixed = dict(zip(draws.names, draws.values[:, :, None], strict=True))
    dearest = v["ordinary_title_cost"] * np.maximum(fixed["title_cost_premium"], fixed["title_cost_key"])
    assert (v["grant_per_title"] <= row["production_subsidy_rate"] * dearest * tolerance).all()
    assert (v["grant_per_title"] <= row["production_subsidy_cap"] * tolerance).all()
    most = v["title_completions"] * row["production_subsidy_eligible_share"] * v["grant_per_title"]
    assert (v["subsidy_claims"] <= most * tolerance + 1e-12).all()
    assert (v["claims_payment"] * fixed["claim_lag"] <= v["claims_unpaid"] * tolerance + 1e-9).all()
    # Paid in all: no more than what was appropriated and the taxes that are recycled, within their limit.
    appropriated = matrix[[p.name for p in MODEL.scheduled].index("annual_budget")].cumsum() / 8
    paid = v["cumulative_support_paid"][:, 1:]
    most = 1 + fixed["tax_recycling_limit"]
    assert (paid <= most * appropriated[np.arange(96) * 8 + 7] * tolerance + 1e-6).all()


def _with(levers: dict[str, tuple[Segment, ...]], assumptions: dict[str, tuple[Segment, ...]]) -> Scenario:
    return replace(BASELINE, levers={**BASELINE.levers, **levers}, assumptions={**BASELINE.assumptions, **assumptions})
