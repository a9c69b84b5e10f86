"""Does each draw take the way that its own figures choose, and do these show no more than a city could see?

It does not establish that figures of the future will have the errors that are assumed, that a city would keep to what
its review says, nor that any threshold is a good one. How reviews are written is another file's question.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reviewed
from reviewed import DATE, ENDS, GROWS, review, with_reviews
from shudian.draws import draws_of
from shudian.kinds import Model, Review, Scenario, Segment
from shudian.observe.likelihood import reading_weights
from shudian.observe.reports import Quantity
from shudian.quantities import MONTHS
from shudian.reviews import along, as_seen, figure_errors, perfect, ways
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run, simulate, ways_taken

KEPT = (
    "local_output",
    "cumulative_local_output",
    "active_firms",
    "fte_jobs",
    "cumulative_fiscal_cost",
    "fund_invested",
)
FIRMS = replace(
    reviewed.OUTPUT, indicator="firms", definition="active_firms", variable="active_firms", reading="end", unit="firm"
)
TWO = (
    review(passed=GROWS),
    replace(review(date=74.0), seen=FIRMS, asked="level", threshold=1000.0, passed={}, failed={
        "rent_relief_rate": (Segment(75.0, 0.0),)
    }),
)  # fmt: skip


def run(model: Model, scenario: Scenario, count: int = 200) -> np.ndarray:
    return bare_run(model, scenario, reviewed.draws(count), KEPT)


@pytest.mark.parametrize("after", ["", "passed", "failed"])
def test_each_draw_is_on_the_way_that_its_figures_choose(model: Model, after: str) -> None:
    """Against every way run in full and chosen afterwards."""
    scenario = with_reviews(TWO[0], replace(TWO[1], after=after))
    found, taken = run(model, scenario), ways_taken(model, scenario, reviewed.draws())
    expected, chosen = np.full_like(found, np.nan), np.zeros(found.shape[2], dtype=int)
    for way, plain in ways(scenario):
        expected[:, :, taken.on(way)] = run(model, plain)[:, :, taken.on(way)]
        chosen += taken.on(way)
    assert (chosen == 1).all()
    assert found.tobytes() == expected.tobytes()
    assert taken.held[0].all()
    expected_held = {"": True, "passed": taken.passed[0], "failed": ~taken.passed[0]}[after]
    assert np.array_equal(taken.held[1], np.broadcast_to(expected_held, taken.held[1].shape))
    assert 0.05 < taken.passed[0].mean() < 0.95
    assert 0 < taken.passed[1][taken.held[1]].mean() < 1


def test_nothing_before_the_date_depends_on_the_choice(model: Model) -> None:
    found = run(model, with_reviews(*TWO))
    plain = run(model, with_reviews())
    stocks = [KEPT.index(name) for name in KEPT if model.equation(name).kind == "stock"]
    until = int(DATE)
    assert found[:, :until].tobytes() == plain[:, :until].tobytes()
    assert found[stocks, until].tobytes() == plain[stocks, until].tobytes()
    assert found[:, until + 1 :].tobytes() != plain[:, until + 1 :].tobytes()


def test_a_review_whose_branches_are_equal_changes_no_bit(model: Model) -> None:
    plain = along(with_reviews(review(passed=ENDS, failed=ENDS)), (True,))
    assert run(model, with_reviews(review(passed=ENDS, failed=ENDS))).tobytes() == run(model, plain).tobytes()


@pytest.mark.parametrize(("asked", "at_least"), [*product(("level", "growth", "cost_per_job"), (True, False))])
@pytest.mark.parametrize("end", [-np.inf, np.inf])
def test_a_threshold_without_end_gives_exactly_one_branch(model: Model, asked: str, at_least: bool, end: float) -> None:
    scenario = with_reviews(review(asked=asked, at_least=at_least, threshold=end, failed=ENDS))
    taken = ways_taken(model, scenario, reviewed.draws(50))
    passed = (end < 0) == at_least
    if asked == "cost_per_job" and end > 0:
        # what a job costs where none was added is without end too
        assert np.array_equal(taken.passed[0], np.isinf(taken.seen[0]) == at_least)
    else:
        assert (taken.passed == passed).all()
        assert run(model, scenario, 50).tobytes() == run(model, along(scenario, (passed,)), 50).tobytes()


@settings(max_examples=20)
@given(st.sampled_from([0.0, 1.0, 2.0, 12.0]), st.sampled_from(["total", "increase", "mean", "end"]), st.booleans())
def test_a_figure_is_read_as_the_observation_model_reads_it(delay: float, reading: str, growth: bool) -> None:
    from shudian.structure import load_model

    model = load_model()
    name = "cumulative_local_output" if reading in ("increase", "end") else "filed_titles"
    held = review(delay=delay, variable=name, reading=reading, asked="growth" if growth else "level")
    values = bare_run(model, with_reviews(), reviewed.draws(20), (name,))[0]
    end = DATE - (delay if name.startswith("cum") else max(delay, 1.0))
    quantity = Quantity(name, reading, end - 12, end)
    expected = reading_weights(quantity, MONTHS) @ values
    if growth:
        expected = expected / (reading_weights(quantity.year_before(), MONTHS) @ values) - 1
    assert as_seen(held, {name: values}, model, None) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("delay", [0.0, 1.0, 6.0])
@pytest.mark.parametrize("variable", ["cumulative_local_output", "local_output", "active_firms", "filed_titles"])
def test_a_late_figure_sees_only_the_past(model: Model, delay: float, variable: str) -> None:
    """Whatever comes after the last month that it can know of, what is seen is the same."""
    held = review(variable=variable, reading="end", asked="growth", delay=delay)
    values = bare_run(model, with_reviews(), reviewed.draws(20), (variable,))[0]
    last = int(DATE - (delay if model.equation(variable).kind == "stock" else max(delay, 1.0)))
    other, earlier = values.copy(), values.copy()
    other[last + 1 :], earlier[last] = np.nan, np.nan
    assert np.array_equal(as_seen(held, {variable: values}, model, None), as_seen(held, {variable: other}, model, None))
    assert np.isnan(as_seen(held, {variable: earlier}, model, None)).all()


def test_the_same_draw_makes_the_same_choice_in_any_company(model: Model) -> None:
    scenario, every = with_reviews(*TWO), reviewed.draws()
    taken = ways_taken(model, scenario, every)
    order = np.random.default_rng(3).permutation(200)
    for chosen in (order, np.arange(37), order[:50]):
        some = draws_of(model, every.values[:, chosen], every.seed, every.posterior)
        found = ways_taken(model, scenario, some)
        for name in ("passed", "held", "seen", "true"):
            assert getattr(found, name).tobytes() == np.ascontiguousarray(getattr(taken, name)[:, chosen]).tobytes()


def test_errors_are_standard_normal_and_of_their_own_review() -> None:
    errors = np.array([figure_errors(reviewed.draws(2000), number) for number in range(3)])
    assert np.abs(errors.mean(axis=1)).max() < 0.08
    assert np.abs(errors.std(axis=1) - 1).max() < 0.06
    assert np.abs(np.corrcoef(errors) - np.eye(3)).max() < 0.08
    values = reviewed.draws(2000).values
    assert max(abs(np.corrcoef(row, errors[0])[0, 1]) for row in values if np.ptp(row)) < 0.11
    again = figure_errors(reviewed.draws(2000, 2), 0)
    assert len({*errors.ravel().tolist()} & {*again.tolist()}) == 0


def test_without_error_the_reading_is_perfect(model: Model) -> None:
    held = review(delay=0.0, error=0.0)
    assert held == perfect(held)
    taken = ways_taken(model, with_reviews(held), reviewed.draws())
    assert not taken.wrong.any()
    assert taken.seen.tobytes() == taken.true.tobytes()


def test_the_larger_the_error_the_more_often_it_is_wrong(model: Model) -> None:
    shares = [
        ways_taken(model, with_reviews(review(error=error, delay=0.0)), reviewed.draws(1000)).wrong.mean()
        for error in (0.0, 0.02, 0.1, 0.5, 10.0)
    ]
    assert shares == sorted(shares)
    assert shares[0] == 0


def test_an_error_without_end_chooses_whatever_is_true(model: Model) -> None:
    """At about one rate wherever truth is, and both branches."""
    taken = ways_taken(model, with_reviews(review(error=10.0)), reviewed.draws(2000))
    passed, right = taken.passed[0], taken.right[0]
    assert 0.4 < passed.mean() < 0.6
    assert abs(passed[right].mean() - passed[~right].mean()) < 4 * np.sqrt(0.25 / right.sum() + 0.25 / (~right).sum())


def test_to_see_perfectly_is_never_worse_than_to_see_nothing(model: Model) -> None:
    """In the median net benefit over draws, at the threshold that is best for what is seen perfectly."""
    draws = reviewed.draws(400)
    on = replace(review(passed=GROWS, failed=ENDS), seen=replace(reviewed.OUTPUT, delay=0.0, error=0.0))
    income, cost = (
        [bare_run(model, along(with_reviews(on), (p,)), draws, (name,))[0, MONTHS] for p in (True, False)]
        for name in ("cumulative_local_output", "cumulative_fiscal_cost")
    )
    price = float(np.median((income[0] - income[1]) / (cost[0] - cost[1])))

    def worth(held: Review) -> float:
        found = bare_run(model, with_reviews(held), draws, ("cumulative_local_output", "cumulative_fiscal_cost"))
        return float(np.median(found[0, MONTHS] - price * found[1, MONTHS]))

    seen = ways_taken(model, with_reviews(on), draws).true[0]
    thresholds = [-np.inf, *np.quantile(seen, [0.1, 0.3, 0.5, 0.7, 0.9]), np.inf]
    best = max((replace(on, threshold=float(t)) for t in thresholds), key=worth)
    blind = replace(best, seen=replace(best.seen, error=10.0))
    assert worth(best) >= worth(blind)
    assert worth(best) >= max(float(np.median(income[n] - price * cost[n])) for n in range(2))


def test_a_run_says_which_way_each_draw_took(model: Model) -> None:
    scenario = with_reviews(*TWO)
    found = simulate(model, scenario, reviewed.draws(50), outputs=KEPT)
    taken = ways_taken(model, scenario, reviewed.draws(50))
    assert np.array_equal(found["passed"].values, taken.passed)
    assert np.array_equal(found["held"].values, taken.held)
    assert found["review"].values.astype("datetime64[M]").astype(str).tolist() == ["2028-03", "2029-03"]
    assert [*found.data_vars] == [*KEPT]


def test_a_run_that_ends_before_a_review_does_not_hold_it(model: Model) -> None:
    draws = reviewed.draws(20)
    short = bare_run(model, with_reviews(*TWO), draws, KEPT, 60)
    assert short.tobytes() == bare_run(model, with_reviews(), draws, KEPT, 60).tobytes()


@pytest.mark.parametrize("name", ["evaluate_and_exit", "evaluate_and_scale", "pilot_first"])
def test_a_shipped_review_takes_both_branches_and_is_now_and_then_wrong(model: Model, name: str) -> None:
    taken = ways_taken(model, load_scenario(name, model.parameters), reviewed.draws(400))
    assert (taken.passed.mean(axis=1) > 0.15).all()
    assert (taken.passed.mean(axis=1) < 0.85).all()
    assert (taken.wrong.mean(axis=1) > 0.005).all()
    assert (taken.wrong.mean(axis=1) < 0.4).all()


def test_a_plain_scenario_has_one_way(model: Model) -> None:
    assert [*ways(with_reviews())] == [((), with_reviews())]
    with pytest.raises(ValueError, match="has no reviews"):
        ways_taken(model, with_reviews(), reviewed.draws(5))
