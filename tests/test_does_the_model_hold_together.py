"""Does the shipped model hold together: units, loops, identities, and levers that work through mechanisms?

It does not establish that the equations are true of Zhengzhou, nor that the numbers in them are.
"""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from reference import evaluate, everything, start
from shudian.draws import central_draw, prior_draws
from shudian.equations import loops, market
from shudian.equations.language import Expression, auxiliary
from shudian.explain import ground_of
from shudian.kinds import InputError, Label, Loop, Model, Segment
from shudian.scenarios import load_scenario, schedule_matrix
from shudian.simulate import simulate
from shudian.structure import build, causal_graph, links, load_model, shipped_equations

MODEL = load_model()
ALL_VARIABLES = [e.name for e in MODEL.equations]


def test_the_model_is_as_large_as_promised() -> None:
    assert len(MODEL.stocks) >= 18
    assert len(MODEL.equations) >= 100
    assert [loop.name for loop in MODEL.loops] == [f"R{i}" for i in range(1, 9)] + [f"B{i}" for i in range(1, 11)]


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        # 12 months a year: hand arithmetic for the first factor, 10 000 for the second
        ("wanyuan/year", "factor of 12"),
        ("yiyuan/month", "factor of 10000"),
        ("person", "wanyuan/month"),
    ],
)
def test_a_slip_in_a_unit_is_refused_with_its_factor(unit: str, said: str) -> None:
    slip = auxiliary(unit, "错", "slip")(lambda national_gross_market: national_gross_market * 1)  # type: ignore[misc]
    slip = replace(slip, name="slip")
    with pytest.raises(InputError, match=said):
        build([*shipped_equations(), slip], MODEL.parameters)


def test_every_equation_refuses_another_unit() -> None:
    """Declare each variable in the wrong unit in turn: the check must see every one of them."""
    equations = shipped_equations()
    unnoticed = []
    for index, equation in enumerate(equations):
        wrong = replace(equation, unit="location" if equation.unit != "location" else "park")
        try:
            build([*equations[:index], wrong, *equations[index + 1 :]], MODEL.parameters)
        except InputError:
            continue
        unnoticed.append(equation.name)
    assert unnoticed == []


def test_an_unused_parameter_is_refused() -> None:
    extra = replace(MODEL.parameters["live_price_initial"], name="spare_number")
    with pytest.raises(InputError, match=r"market\.toml:\d+: no equation uses the parameter “spare_number”"):
        build(shipped_equations(), {**MODEL.parameters, "spare_number": extra})


def test_a_misspelt_cause_is_refused_with_the_nearest_name() -> None:
    def cost(live_prise: Expression) -> Expression:
        return live_prise

    with pytest.raises(InputError, match="did you mean “live_price”"):
        build([*shipped_equations(), auxiliary("wanyuan/title", "错", "wrong")(cost)], MODEL.parameters)


def test_a_number_in_an_equation_is_refused() -> None:
    with pytest.raises(ValueError, match="give it a name"):
        auxiliary("1", "错", "wrong")(lambda free_share: free_share * 0.5)  # type: ignore[misc]


def test_a_loop_that_is_not_in_the_graph_is_refused() -> None:
    broken = replace(loops.LOOPS[0], variables=tuple(v for v in loops.LOOPS[0].variables if v != "viable_firms"))
    with pytest.raises(InputError, match="loop R1 needs “local_output” as a cause of “entering_firms”"):
        build(shipped_equations(), MODEL.parameters, [broken])


def test_policy_works_through_mechanisms_and_never_on_an_outcome() -> None:
    """No lever is a cause of an outcome; every lever reaches local output and jobs only through other variables."""
    graph = causal_graph(MODEL.equations)
    outcomes = {e.name for e in MODEL.equations if e.sector == "outcomes"}
    for lever in (p.name for p in MODEL.parameters.values() if p.role == "lever"):
        assert not outcomes & set(graph.successors(lever)), lever
        assert nx.has_path(graph, lever, "local_output"), f"{lever} does nothing for output"


def _state(model: Model, scenario_name: str, month: int, levers: dict[str, float]) -> dict[str, np.ndarray]:
    """Everything in the central run at `month`, some levers set throughout."""
    scenario = load_scenario(scenario_name, model.parameters)
    set_ = {name: (Segment(0.0, value),) for name, value in levers.items()}
    scenario = replace(scenario, levers={**scenario.levers, **set_})
    draw = central_draw(model)
    run = simulate(model, scenario, draw, outputs=[s.name for s in model.stocks])
    values = start(model, draw.values) | {s.name: run[s.name].values[:, month] for s in model.stocks}
    schedule = schedule_matrix(scenario, model.scheduled)[:, month * 8]
    return everything(model, values, schedule, month)


def _gain(loop: Loop, state: dict[str, np.ndarray]) -> float:
    """Product of the partial derivatives along the loop, by central differences, in units of the present values."""
    gain = 1.0
    for cause, effect in links(loop):
        expression = MODEL.equation(effect).expression
        step = 1e-4 * abs(state[cause]) + 1e-9
        up = evaluate(expression, {**state, cause: state[cause] + step})
        down = evaluate(expression, {**state, cause: state[cause] - step})
        gain *= float(np.squeeze((up - down) / (2 * step)))
    return gain


SCENARIO_OF = {"R5": "shenzhen_mode", "B5": "shenzhen_mode", "B7": "shenzhen_mode", "R6": "zhengzhou_2025"}
# The budget's loops act only while it binds: a wide subsidy on a budget of 0.3亿元 a year (250万元 a month).
TIGHT = {"annual_budget": 250.0, "production_subsidy_eligible_share": 0.5}
LEVERS_OF = {"R5": TIGHT, "B5": TIGHT}


@pytest.mark.parametrize("loop", MODEL.loops, ids=lambda loop: loop.name)
def test_a_loop_has_its_polarity_and_its_switch_cuts_it(loop: Loop) -> None:
    model, scenario = MODEL, SCENARIO_OF.get(loop.name, "baseline")
    state = _state(model, scenario, 60, LEVERS_OF.get(loop.name, {}))
    gain = _gain(loop, state)
    assert gain != 0, f"loop {loop.name} is dead in {scenario}"
    assert (gain > 0) == (loop.polarity == "reinforcing")
    assert _gain(loop, {**state, loop.switch: np.array([0.0])}) == 0


NOT_SPENDING = {"support_end", "annual_budget"}


@pytest.mark.parametrize("lever", [p.name for p in MODEL.parameters.values() if p.role == "lever"])
def test_a_lever_is_paid_for(lever: str) -> None:
    """With everything else as it is, a lever at its generous end claims, announces or opens more than at the other.

    The budget is a limit and the end of support a date.
    """
    state = _state(MODEL, "shenzhen_mode", 60, {"production_subsidy_eligible_share": 0.05})
    direct = ["service_claims", "programme_claims", "rent_claims", "award_claims", "subsidy_claims", "location_opening"]
    direct += ["fund_announcement", "park_opening"]
    classes = ("premium", "key", "small", "ordinary")
    grants = ["ordinary_title_grant", *(f"grant_{c}" for c in classes), *(f"eligible_{c}" for c in classes)]

    def claimed(value: float) -> float:
        moved = {**state, lever: np.array([value])}
        for name in (*grants, "expected_grant"):
            moved[name] = evaluate(MODEL.equation(name).expression, moved)
        return sum(float(np.squeeze(evaluate(MODEL.equation(name).expression, moved))) for name in direct)

    low, high = claimed(MODEL.parameters[lever].low), claimed(MODEL.parameters[lever].high)
    if lever in NOT_SPENDING:
        assert high == low
    else:
        assert (low > high) if lever == "approval_days" else (high > low)


def test_cutting_the_brake_on_building_builds_more() -> None:
    draws = prior_draws(MODEL, 100, 2)
    scenario = load_scenario("baseline", MODEL.parameters)
    cut = draws.values.copy()
    cut[draws.names.index("loop_b2_building")] = 0
    usual = simulate(MODEL, scenario, draws, outputs=["capacity"])["capacity"].values[:, 96]
    without = simulate(MODEL, scenario, replace(draws, values=cut), outputs=["capacity"])["capacity"].values[:, 96]
    assert np.median(without / usual) > 1


def test_identities_hold_in_every_draw_and_month() -> None:
    scenario = load_scenario("zhengzhou_2025", MODEL.parameters)
    draws = prior_draws(MODEL, 200, 7)
    run = simulate(MODEL, scenario, draws, outputs=ALL_VARIABLES)
    fixed = {name: draws.values[i][:, None] for i, name in enumerate(draws.names)}
    v = {name: run[name].values for name in ALL_VARIABLES}
    days = v["title_completions"] * v["person_days_per_title"] * v["local_job_share"]
    days = days + v["ai_title_completions"] * v["ai_person_days_per_title"]
    makers = v["fte_jobs"] - v["other_workers"]
    assert (makers <= v["workforce"] * (1 + 1e-9)).all(), "more jobs than people"
    identities = {
        "titles x shooting time = crews on set": (
            v["title_completions"] * v["shooting_time"],
            v["crews_on_set"] * fixed["titles_per_crew"],
        ),
        "output = titles x value + parts": (
            v["title_completions"] * v["value_per_title"]
            + v["ai_title_completions"] * v["ai_price"]
            + v["own_ip_income"]
            + v["overseas_income"]
            + v["plus_income"],
            v["local_output"],
        ),
        "persons = local person-days / working days": (days / fixed["working_days_per_month"], makers),
        "waiting time = backlog / completions, or the least lead time": (
            np.maximum(v["order_backlog"] / v["title_completions"], v["minimum_lead_time"]),
            v["waiting_time"],
        ),
        "allocated = coverage x local": (fixed["coverage_ratio"] * v["local_output"], v["allocated_market"]),
    }
    for said, (left, right) in identities.items():
        np.testing.assert_allclose(left, right, rtol=1e-12, err_msg=said)


def test_process_noise_has_a_switch() -> None:
    scenario = load_scenario("baseline", MODEL.parameters)
    draws = prior_draws(MODEL, 50, 3)
    loud = simulate(MODEL, scenario, draws, outputs=["yearly_order_shock"])["yearly_order_shock"].values
    assert len(np.unique(loud[:, :96])) == 50 * 8, "one shock for each draw and year"
    quiet = draws.values.copy()
    quiet[draws.names.index("process_noise")] = 0
    silent = simulate(MODEL, scenario, replace(draws, values=quiet), outputs=["order_shock"])
    assert not silent["order_shock"].values.any()


@pytest.mark.parametrize("city", ["hangzhou", "hengdian", "shenzhen", "shanghai", "xian"])
def test_the_same_equations_run_for_other_cities(city: str) -> None:
    """The family-member test: only data change, and the run differs from Zhengzhou's."""
    other = load_model(city)
    assert other.digest == MODEL.digest
    outputs = ["local_output", "active_firms", "fte_jobs"]
    scenario = load_scenario("no_policy", other.parameters)
    theirs = simulate(other, scenario, central_draw(other), outputs=outputs)
    ours = simulate(MODEL, scenario, central_draw(MODEL), outputs=outputs)
    for name in outputs:
        assert np.isfinite(theirs[name].values).all()
        assert (theirs[name].values >= 0).all()
        assert not np.allclose(theirs[name].values, ours[name].values)


def test_levers_and_references_agree() -> None:
    """Two numbers stand twice on purpose, as a lever's default and as its reference; they must be the same."""
    p = MODEL.parameters
    assert p["open_locations"].value == p["initial_open_locations"].value
    assert p["approval_days"].value == p["reference_approval_days"].value
    assert market.national_gross_market.unit == "wanyuan/month"


def test_every_equation_that_could_have_another_form_says_why_it_has_this_one() -> None:
    """In both languages; `ground_of` says which forms need no reason."""
    untold = [equation.name for equation in MODEL.equations if ground_of(equation, MODEL) == "untold"]
    assert untold == []
    assert [e.name for e in MODEL.equations if bool(e.why.zh) != bool(e.why.en)] == []
    assert [e.name for e in MODEL.equations if e.why.en and len(e.why.en.split()) < 6] == []


@pytest.mark.parametrize(
    ("name", "ground"),
    [("startups", "stock"), ("initial_workforce", "beginning"), ("paid_market", "identity"), ("city_share", "told")],
)
def test_the_rules_tell_what_chooses_nothing(name: str, ground: str) -> None:
    assert ground_of(MODEL.equation(name), MODEL) == ground


@pytest.mark.parametrize("name", ["city_share", "plan_quality_completions", "settlement", "title_completions"])
def test_without_its_reason_a_form_is_untold(name: str) -> None:
    bare = replace(MODEL.equation(name), why=Label("", ""))
    assert ground_of(bare, MODEL) == "untold"
