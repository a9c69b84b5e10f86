"""Does the model behave as an industry would: signs, busts, symmetries, what nothing makes of nothing, and every dose?

Where draws matter a sign must hold in nine of ten of them. It does not establish
that any size is right, nor that the tests are all that matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest

from behaviour import (
    AI_STANDS,
    BOUND,
    DRAWS,
    EARNS,
    FREE,
    FUNDS,
    GROWTH,
    LEVERS,
    MODEL,
    MOST,
    PULLS,
    Array,
    dose_world,
    fixed,
    funded,
    growth,
    month,
    over,
    require,
    rises,
    run,
    share,
    still,
    world,
)
from shudian.draws import prior_draws
from shudian.kinds import Parameter
from shudian.observe.comparison import compare
from shudian.observe.likelihood import Observer
from shudian.observe.reports import load_reports
from shudian.observe.rules import load_rules
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run

NO_POLICY, PACKAGE = world("no_policy"), world("zhengzhou_2025")
STILL = world("no_policy", *AI_STANDS)

# -- busts ---------------------------------------------------------------------------------------------------------


def test_a_market_at_half_takes_a_quarter_of_the_firms() -> None:
    """Two years at half of the market, which falls there within 2026, against one that stands still.

    In the growing city of 2026 firms are still on their way to what the market of 2025 carries, so that their number
    at the fall is no measure of what the fall takes.
    """
    calm = fixed(**growth(2026, 1.0, 1, rest=0))
    fell = fixed(**growth(2026, 0.5, 1, rest=0))
    stood, left = (run(NO_POLICY, ["active_firms"], draws)["active_firms"][month(2029)] for draws in (calm, fell))
    assert share(left <= 0.75 * stood) >= MOST


@pytest.mark.parametrize(("end", "left"), [(36, 0.2), (96, 0.05)])
def test_a_dead_market_empties_the_city(end: int, left: float) -> None:
    """One per cent of the market within a year, and nothing that grows again; the horizon is eight years."""
    firms = run(STILL, ["active_firms"], still(**growth(2023, 0.01, 1, rest=0)))["active_firms"]
    assert share(firms[end] < left * firms[0]) >= MOST


def test_exits_in_a_dead_market_are_more_than_twice_those_in_balance() -> None:
    names = ["startup_exit", "startups"]
    balance = run(STILL, names, still())
    dead = run(STILL, names, still(**growth(2024, 0.01, 1, rest=0)))
    normal, distressed = ((r["startup_exit"] / r["startups"])[12:37].max(axis=0) for r in (balance, dead))
    assert rises(distressed, 2.5 * normal) >= MOST


@pytest.mark.parametrize("fall", [1.0, 0.5])
def test_firms_stand_near_what_the_market_carries(fall: float) -> None:
    """After seven years in which nothing moves, in a market as at first or one that fell to half."""
    end = run(STILL, ["ordinary_firms", "viable_firms"], still(**growth(2023, fall, 1, rest=0)))
    ratio = end["ordinary_firms"][96] / end["viable_firms"][96]
    assert share((ratio > 0.6) & (ratio < 1.6)) >= MOST


def test_registrations_outlive_the_firms() -> None:
    firms = run(STILL, ["active_firms", "registered_firms"], still(**growth(2024, 0.01, 1, rest=0)))
    ratio = firms["registered_firms"] / firms["active_firms"]
    assert rises(ratio[month(2025)], ratio[month(2024)], 0.05) >= MOST


# -- nothing comes of nothing ----------------------------------------------------------------------------------------

INCOME = ["own_ip_income", "overseas_income", "plus_income"]


@pytest.mark.parametrize("income", INCOME)
def test_without_titles_there_is_no_income(income: str) -> None:
    """Nobody works in the trade and nobody is hired, so that nothing is made, whatever is ordered and paid."""
    nobody = fixed(initial_workforce_margin=1e-15, hiring_time=1e15, training_additional_share=0)
    names = [income, "city_titles"]
    normal, none = run(PACKAGE, names), run(PACKAGE, names, nobody)
    assert (none["city_titles"] < 1e-6 * normal["city_titles"][0]).all()
    assert (none[income][13:] <= 1e-3 * normal[income].max(axis=0)).all()


@pytest.mark.parametrize("income", EARNS)
def test_more_income_besides_titles_employs_more_people(income: str) -> None:
    """With cluster and talent switched off, so that no orders follow; of the plus programme other income grows."""
    settings = ["plus_programme=2亿元/年@2024-01", "annual_budget=10亿元/年@2024-01"] if income == "plus_income" else []
    scenario = world("no_policy", *settings)
    calm = fixed(loop_r1_cluster=0, talent_sensitivity=0, plus_additional_share=0.5)
    names = [income, "fte_jobs", "title_completions", "person_days_per_title", "ai_workers"]
    less, more = run(scenario, names, calm), run(scenario, names, fixed(calm, times=EARNS[income]))
    days = MODEL.parameters["working_days_per_month"].value

    def others(found: Mapping[str, Array]) -> Array:
        live = found["title_completions"] * found["person_days_per_title"] / days
        return over(found["fte_jobs"] - live - found["ai_workers"], 2027)

    assert rises(over(more[income], 2027), over(less[income], 2027)) >= MOST
    assert share(others(more) > others(less) + 0.5) >= MOST


# -- symmetries ------------------------------------------------------------------------------------------------------


def test_a_country_of_twice_the_size_gives_the_city_the_same_share() -> None:
    twice = ("national_market_initial", "initial_firms", "initial_lead_firms", "overseas_market_initial",
             "overseas_market_ceiling")  # fmt: skip
    # public places do not grow with the country
    one = fixed(slots_per_location=0)
    two = fixed(one, times=dict.fromkeys(twice, 2.0))
    small, large = (run(NO_POLICY, ["city_share", "local_output"], draws) for draws in (one, two))
    assert np.allclose(small["city_share"], large["city_share"], rtol=1e-6)
    assert np.allclose(2 * small["local_output"], large["local_output"], rtol=1e-6)


RELATIVE = {"relative_cluster": 1.0, "relative_talent": 1.0, "relative_crowding": 1.0}


def test_a_boom_of_the_whole_country_leaves_the_share_as_it_was() -> None:
    """Finance included, which ties up money everywhere; on the way the city waits somewhat longer than its rivals."""
    flat = still(**RELATIVE)
    calm = run(STILL, ["city_share"], flat)["city_share"]
    boom = run(STILL, ["city_share"], fixed(flat, **growth(2024, 2.0, 2)))["city_share"]
    ratio = boom / calm
    assert abs(np.median(ratio[96]) - 1) < 0.06
    assert share(np.abs(ratio[96] - 1) < 0.25) >= MOST
    assert np.median(ratio, axis=1).min() > 0.8


def test_without_policy_the_share_does_not_drift_upwards() -> None:
    calm = fixed(process_noise=0, rival_drift=0, **RELATIVE)
    found = run(NO_POLICY, ["city_share"], calm)["city_share"]
    assert np.median(found[96] / found[month(2025)]) < 1.1


# -- AI ----------------------------------------------------------------------------------------------------------------

AI_PRESSURE = [
    pytest.param("ai_diffusion_multiplier=2@2025-01", id="more_ai"),
    pytest.param("ai_price_multiplier=2@2025-01", id="more_price_pressure"),
]
LIVE = ["title_completions", "rival_titles", "person_days_per_title"]


@pytest.mark.parametrize("pressure", AI_PRESSURE)
def test_more_ai_seldom_raises_live_titles_or_live_jobs(pressure: str) -> None:
    """In the country, where jobs are titles times the city's person-days; in the city, by no more than a fiftieth.

    Where rivals' makers run out of money before the city's do, a larger share of fewer titles is a few more titles.
    """
    less, more = run(NO_POLICY, LIVE), run(world("no_policy", pressure), LIVE)

    def titles(found: Mapping[str, Array]) -> Array:
        city = found["title_completions"]
        return np.stack([city, city + found["rival_titles"]], axis=-1)

    def jobs(found: Mapping[str, Array]) -> Array:
        return titles(found) * found["person_days_per_title"][..., None]

    for what in (titles, jobs):
        for year in (2026, 2027, 2029):
            before, after = over(what(less), year), over(what(more), year)
            for place, slight in ((0, 0.02), (1, 1e-3)):
                assert rises(after[:, place], before[:, place], slight) <= 1 - MOST, (what.__name__, year, place)


def test_ai_at_infinite_cost_is_no_ai() -> None:
    require("ai_cost")
    costs = [p.name for p in MODEL.fixed if p.name.startswith("ai_cost") and p.unit == "wanyuan/title"]
    assert costs, "no parameter sets the cost of an AI title in yuan"
    dear = fixed(times=dict.fromkeys(costs, 1e6))
    found = run(NO_POLICY, ["national_ai_titles", "national_supply", "ai_native_share"], dear)
    # the stock of makers that the start of 2023 has runs off in a year or two
    later = slice(month(2026), None)
    assert (found["national_ai_titles"][later] < 1e-3 * found["national_supply"][later]).all()
    assert (found["ai_native_share"][later] < 1e-2).all()


def test_jobs_in_an_ai_title_fall_with_its_cost() -> None:
    require("ai_cost", "ai_person_days_per_title")
    found = run(NO_POLICY, ["ai_cost", "ai_person_days_per_title"])
    start, end = month(2024), month(2028)
    fell = found["ai_cost"][end] < found["ai_cost"][start]
    assert share(fell) >= MOST
    days = found["ai_person_days_per_title"]
    assert rises(days[start][fell], days[end][fell]) >= MOST


def test_a_live_title_is_never_sold_below_its_cost() -> None:
    pressed = world("no_policy", "ai_price_multiplier=3@2024-01", "ai_diffusion_multiplier=3@2024-01")
    found = run(pressed, ["live_price", "live_cost"])
    worst = (found["live_price"] / found["live_cost"])[month(2024) :].min(axis=0)
    assert share(worst > 0.99) >= MOST


def test_ai_has_a_greater_share_of_titles_than_of_plays_and_of_revenue() -> None:
    names = ["ai_title_share", "ai_plays_share", "ai_native_share"]
    titles, plays, revenue = (np.median(found[month(2026)]) for found in run(NO_POLICY, names).values())
    assert titles > plays + 0.05
    assert titles > revenue + 0.05
    assert abs(plays - revenue) > 0.01


@pytest.mark.parametrize(("what", "reported"), [("share", 0.95), ("live", -0.3)])
def test_what_ai_made_of_the_first_quarter_of_2026_is_within_reach(what: str, reported: float) -> None:
    """Reported: 95 % of titles (one office), and live action at about 2,000 a month (ZA01) after some 3,000 (ZN06).

    A hindcast: the draws are calibrated on reports of up to October 2025, the guarantees of February 2026 are given.
    Two offices counted live action, so that their ratio has the errors of both grades. Without them it lies outside: of
    all draws one in 27 falls as far. It must not be the errors alone that reach it.
    """
    found = run(world("baseline"), ["national_ai_titles", "national_supply"])
    quarter = slice(month(2026), month(2026, 4) + 1)
    live = found["national_supply"] - found["national_ai_titles"]
    grades = load_rules(MODEL).errors
    printed = np.exp(np.random.default_rng(1).normal(0, np.hypot(grades["A"].level, grades["C"].level), (20, 200)))
    really = {
        "share": 1 - live[quarter].mean(axis=0) / found["national_supply"][quarter].mean(axis=0),
        "live": live[quarter].mean(axis=0) / over(live, 2025) - 1,
    }[what]
    assert share(really <= reported) > 0.02
    low, high = np.quantile((1 + really) * printed - 1 if what == "live" else really, (0.05, 0.95))
    assert low <= reported <= high, (reported, low, high)


# -- finance -----------------------------------------------------------------------------------------------------------


def test_without_guarantees_fewer_titles_are_made_until_capital_has_grown() -> None:
    draws = fixed(**BOUND)
    kept, gone = (
        run(world("no_policy", f"platform_guarantee={level}@2025-10"), ["title_completions"], draws) for level in (1, 0)
    )
    ratio = gone["title_completions"] / kept["title_completions"]
    cut = month(2025, 10)
    worst = ratio[cut : cut + 7].min(axis=0)
    assert np.median(worst) < 0.9
    lost, left = 1 - worst, 1 - ratio[cut + 36]
    assert np.median(left) < 0.5 * np.median(lost)


def test_finance_that_settles_at_once_never_binds() -> None:
    names = ["title_completions", "desired_completions", "set_capacity", "workforce_capacity", "finance_capacity"]
    found = run(world("zhengzhou_2025", "platform_guarantee=1@2023-01"), names, fixed(**FREE))
    sharpness = DRAWS.values[DRAWS.names.index("bottleneck_sharpness")]
    three = np.array([found[name] for name in names[1:4]])
    least = three.min(axis=0)
    with np.errstate(divide="ignore"):
        old = least * ((least / three) ** sharpness).sum(axis=0) ** (-1 / sharpness)
    assert np.allclose(found["title_completions"], old, rtol=1e-6)


def test_a_larger_fund_raises_output_by_more_than_nothing() -> None:
    steps = np.median(np.diff(funded({}), axis=0), axis=1)
    assert (steps > 0).all()
    assert (np.median(np.diff(funded(BOUND), axis=0), axis=1) > 0).all()
    output = funded(BOUND)
    assert np.median(output[1] / output[0] - 1) > 1e-3
    assert np.median(output[-1] / output[0] - 1) > 1e-2


def test_the_funds_response_is_concave_and_nil_where_finance_is_slack() -> None:
    each = np.diff(funded(BOUND), axis=0) / np.diff(FUNDS)[:, None]
    assert (np.diff(np.median(each, axis=1)) < 0).all()
    assert share(each[-1] <= each[0]) >= MOST
    slack = funded({**FREE, "own_finance_share": 0.0, "fund_entry_effect": 0.0})
    assert share(np.abs(slack[-1] / slack[0] - 1) < 1e-3) >= MOST


# -- rivals and orders -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "instrument",
    PULLS,
)
def test_rivals_answer_a_gain_in_pull_whatever_the_instrument(instrument: str) -> None:
    """Beyond what a greater share calls forth: they match what the city does."""
    settings, effects = PULLS[instrument]
    draws = fixed(rival_imitation=0, rival_matching=0.5, **effects)
    names = ["rival_attractiveness", "matched_pull", "city_attractiveness"]
    pull, with_it = run(world("no_policy"), names, draws), run(world("no_policy", *settings), names, draws)
    own = with_it["city_attractiveness"][month(2025)] - pull["city_attractiveness"][month(2025)]
    later = month(2028)
    theirs = sum(with_it[name][later] - pull[name][later] for name in names[:2])
    assert share(own > 0) >= MOST
    assert share(theirs > 0.1 * own) >= MOST


def test_stronger_rivals_never_raise_the_citys_share() -> None:
    strong = run(world("zhengzhou_2025", "rival_response_multiplier=3@2024-01"), ["city_share"])["city_share"]
    usual = run(PACKAGE, ["city_share"])["city_share"]
    assert rises(strong[month(2028)], usual[month(2028)], 1e-3) <= 1 - MOST


def test_cancelled_orders_return_to_the_nation() -> None:
    draws = fixed(tolerated_waiting_time=0.3, cancellation_return_share=1)
    names = ["open_commissions", "commissions_offered", "city_orders", "rival_orders", "order_cancellation"]
    found = run(NO_POLICY, names, draws)
    total = {name: np.trapezoid(found[name], axis=0) for name in names[1:]}
    kept = found["open_commissions"][-1] - found["open_commissions"][0]
    returned = kept - (total["commissions_offered"] - total["city_orders"] - total["rival_orders"])
    assert share(returned > 0.8 * total["order_cancellation"]) >= MOST


# -- money -------------------------------------------------------------------------------------------------------------


def test_what_is_paid_for_a_yuan_claimed_counts_the_awards() -> None:
    scenario = world("zhengzhou_2025", "quality_award=500万元/部@2024-01", "annual_budget=0.3亿元/年@2024-01")
    found = run(scenario, ["paid_per_claim", "claims_payment", "claims_approval"])
    late = slice(month(2026), None)
    assert (found["paid_per_claim"] * found["claims_approval"] <= found["claims_payment"] * (1 + 1e-9))[late].all()


KEPT = [
    "municipal_parks=15@2023-01",
    "open_locations=500@2023-01",
]


@pytest.mark.parametrize("setting", KEPT)
@pytest.mark.parametrize("market", [1.0, 0.01])
def test_what_is_built_and_opened_costs_something_to_run_also_where_it_stands_idle(setting: str, market: float) -> None:
    """In 2030, long after all was built, in a steady market and in a dead one."""
    calm = still(**growth(2023, market, 1, rest=0))
    settings = ("annual_budget=10亿元/年@2023-01", *AI_STANDS)
    costs = [
        run(world("no_policy", *settings, *more), ["cumulative_fiscal_cost"], calm)["cumulative_fiscal_cost"]
        for more in ((), (setting,))
    ]
    yearly = [cost[month(2031)] - cost[month(2030)] for cost in costs]
    built = costs[1][month(2031)] - costs[0][month(2031)]
    assert share(yearly[1] - yearly[0] > 0.01 * built) >= MOST


def test_what_comes_back_makes_net_cost_the_smaller() -> None:
    names = ["cumulative_net_fiscal_cost", "cumulative_fiscal_cost"]
    net, gross = run(world("no_policy", "fund_size=10亿元@2024-01"), names).values()
    assert share(net[96] < gross[96]) == 1


def test_the_same_money_for_few_titles_and_for_many_differs() -> None:
    cap, budget = "production_subsidy_cap=300万元/部@2024-01", "annual_budget=10亿元/年@2024-01"
    names = ["cumulative_firm_entry", "local_output", "fte_jobs", "quality_works", "startups"]
    few, many = (
        run(world("no_policy", cap, budget, f"production_subsidy_rate={rate}@2024-01",
                  f"production_subsidy_eligible_share={eligible}@2024-01"), names)
        for rate, eligible in ((0.5, 0.1), (0.05, 1))
    )  # fmt: skip
    moved = [np.abs(few[name][60] / many[name][60] - 1) for name in names]
    assert share(np.max(moved, axis=0) > 1e-3) >= MOST


@pytest.mark.parametrize(("low", "high"), [(40, 100), (100, 300)])
def test_shenzhens_and_shanghais_caps_mean_something(low: int, high: int) -> None:
    """A cap of 100万元 against 40, and of 300 against 100, at half of a title's cost for all titles."""
    costs = [
        run(world("no_policy", "production_subsidy_rate=0.5@2024-01", f"production_subsidy_cap={cap}万元/部@2024-01",
                  "production_subsidy_eligible_share=1@2024-01", "annual_budget=10亿元/年@2024-01"),
            ["cumulative_fiscal_cost"])["cumulative_fiscal_cost"][60]
        for cap in (low, high)
    ]  # fmt: skip
    assert rises(costs[1], costs[0], 1e-3) >= MOST


def test_titles_that_a_subsidy_adds_are_some_and_not_all() -> None:
    found = run(world("shenzhen_mode"), ["additional_titles", "city_titles"])
    assert share(found["additional_titles"][60] >= 0) == 1
    assert share(found["additional_titles"][60] < found["city_titles"][60]) == 1


# -- doses -------------------------------------------------------------------------------------------------------------

MOVES = ("firm_entry", "local_output", "fte_jobs")
COST = "cumulative_fiscal_cost"
LEAST = 5e-4
"""Every quarter of a lever's range moves entry, output or jobs of 2027 or of 2030 by this share, mean over the draws
without regard to sign."""
QUARTERS = (0, 0.25, 0.5, 0.75, 1)


Doses = dict[str, list[dict[str, Array]]]


@pytest.fixture(scope="module")
def doses() -> Doses:
    return {lever.name: [run(dose_world(lever, dose), [*MOVES, COST]) for dose in doses_of(lever)] for lever in LEVERS}


def doses_of(lever: Parameter) -> tuple[float, ...]:
    return (0, 1) if lever.whole and lever.high - lever.low < 4 else QUARTERS


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_a_lever_acts_over_its_whole_range_or_says_why_not(lever: Parameter, doses: Doses) -> None:
    found = doses[lever.name]
    for dose, less, more in zip(doses_of(lever)[1:], found, found[1:], strict=False):
        moved = max(
            float(np.mean(np.abs(over(more[name], year) / over(less[name], year) - 1)))
            for name in MOVES
            for year in (2027, 2030)
        )
        same = np.all([(less[name] == more[name]).all(axis=0) for name in (*MOVES, COST)], axis=0)
        assert moved >= LEAST or (lever.limit and share(same) >= MOST), (dose, moved)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_money_is_only_spent_and_more_costs_no_less(lever: Parameter, doses: Doses) -> None:
    found = doses[lever.name]
    for dose in found:
        assert (np.diff(dose[COST], axis=0) >= -1e-6).all()
    for less, more in pairwise(found):
        assert rises(less[COST][60], more[COST][60], 1e-2) <= 1 - MOST


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_no_lever_that_moves_output_is_free(lever: Parameter, doses: Doses) -> None:
    first, *_, last = doses[lever.name]
    assert rises(last[COST][month(2031)], first[COST][month(2031)]) >= MOST


# -- signs -------------------------------------------------------------------------------------------------------------

SIGNS = [
    (
        "national_growth_shift=30%/年@2025-01",
        {"local_output": 1, "fte_jobs": 1, "active_firms": 1, "national_supply": 1},
    ),
    ("regulation_tightness=1@2025-01", {"local_output": -1, "fte_jobs": -1, "active_firms": -1}),
    ("foreign_market_access=0@2025-01", {"local_output": -1, "active_firms": -1}),
    ("ai_diffusion_multiplier=2@2025-01", {"national_supply": 1, "ai_native_share": 1}),
]


@pytest.mark.parametrize(("setting", "signs"), SIGNS, ids=[row[0].partition("=")[0] for row in SIGNS])
def test_what_happens_to_the_city_moves_it_the_right_way(setting: str, signs: Mapping[str, int]) -> None:
    before, after = run(NO_POLICY, [*signs]), run(world("no_policy", setting), [*signs])
    for name, sign in signs.items():
        assert rises(sign * over(after[name], 2027), sign * over(before[name], 2027)) >= MOST, name


SIZES = [
    ("person_days_initial", {"fte_jobs": 1}),
    ("viable_revenue_initial", {"active_firms": -1}),
    ("startup_hazard", {"active_firms": -1}),
    ("entry_rate", {"active_firms": 1}),
    ("national_market_initial", {"local_output": 1, "fte_jobs": 1}),
    ("base_hit_rate", {"hits": 1}),
]


@pytest.mark.parametrize(("parameter", "signs"), SIZES, ids=[row[0] for row in SIZES])
def test_a_greater_number_moves_the_city_the_right_way(parameter: str, signs: Mapping[str, int]) -> None:
    """In 2026: where still more firms come, the shake-out that follows may take more than came."""
    before, after = run(NO_POLICY, [*signs]), run(NO_POLICY, [*signs], fixed(times={parameter: 1.5}))
    for name, sign in signs.items():
        assert rises(sign * over(after[name], 2026), sign * over(before[name], 2026)) >= MOST, name


# -- reference modes ---------------------------------------------------------------------------------------------------

REPORTS = load_reports(MODEL)
OBSERVER = Observer(REPORTS)
PRIORS = prior_draws(MODEL, 400, 9)
REACHED = [(report.identifier, kind) for report in REPORTS for kind in ("draws", "priors")]
# a fivefold workforce within 2024 contradicts ZW01, by which there were 30,000 in its spring
REACHED.remove(("ZW03", "draws"))


@pytest.fixture(scope="module")
def predicted() -> dict[str, dict[str, bool]]:
    """Of each report whether it lies inside, in what the draws do and in what the priors do."""
    history = load_scenario("zhengzhou_2025", MODEL.parameters)
    found: dict[str, dict[str, bool]] = {}
    for kind, draws in (("draws", DRAWS), ("priors", PRIORS)):
        values = bare_run(MODEL, history, draws, OBSERVER.variables, OBSERVER.months)
        for entry in compare(OBSERVER, values):
            found.setdefault(entry.report.identifier, {})[kind] = entry.inside(0.98)
    return found


@pytest.mark.parametrize(("report", "kind"), REACHED)
def test_what_was_reported_lies_inside_what_the_model_does(
    report: str, kind: str, predicted: dict[str, dict[str, bool]]
) -> None:
    assert predicted[report][kind]


def test_the_worlds_of_this_contract_are_what_they_say() -> None:
    """Each factor of growth is met, and a still country stands still."""
    names = ["national_gross_market"]
    fallen = run(NO_POLICY, names, fixed(**growth(2026, 0.5, 2)))["national_gross_market"]
    assert np.allclose(fallen[month(2028)] / fallen[month(2026)], 0.5, rtol=0.02)
    calm = run(STILL, ["national_gross_market", "free_share", "national_ai_titles"], still())
    assert all(np.allclose(series[-1], series[0], rtol=1e-9) for series in calm.values())
    assert len(GROWTH) == 8
