"""Is the value of information right?

The gains are compared with closed forms for normal variables (conditional variance, the unit normal loss, the
bivariate normal distribution), which the module does not use. This does not establish that the errors assumed of the
candidate statistics are those that a survey would have, nor that what the model leaves out is worth nothing.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from shudian.draws import Array, prior_draws
from shudian.kinds import Label
from shudian.observe.reports import Quantity, load_reports
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.structure import load_model
from shudian.value_of_information import (
    Gain,
    Measure,
    Statistic,
    both,
    decision_gain,
    meaning_of,
    measured,
    perfect_information,
    told,
    truths,
    variances_explained,
)

DRAWS = 4000


def variance_explained(outcome: Array, measure: Measure, seed: int) -> Gain:
    return variances_explained(outcome[None], measure, seed)[0]


def _statistic(error: float) -> Statistic:
    return Statistic("x", Label("某数", "A number"), parameter="x", absolute_error=error)


def _normals(seed: int, count: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, DRAWS))


def _near(found: float, exact: float, standard_error: float) -> bool:
    # 4.5 standard errors: one false alarm in some 100,000; the rest is what the folds' noise costs
    return abs(found - exact) < 4.5 * standard_error + 0.004


@settings(max_examples=15)
@given(st.floats(0.0, 2.0), st.floats(0.1, 2.0), st.floats(0.05, 3.0), st.integers(0, 10_000))
def test_the_share_of_variance_is_the_closed_form(slope: float, rest: float, error: float, seed: int) -> None:
    theta, other = _normals(seed)
    found = variance_explained(slope * theta + rest * other, measured(_statistic(error), theta), seed)
    exact = slope**2 / (slope**2 + rest**2) / (1 + error**2)
    assert _near(found.value, exact, found.standard_error)


@settings(max_examples=15)
@given(st.floats(-1.5, 1.5), st.floats(0.05, 2.0), st.integers(0, 10_000))
def test_the_gain_of_a_choice_is_the_unit_normal_loss(mean: float, error: float, seed: int) -> None:
    theta, other = _normals(seed)
    benefits = np.array([np.zeros(DRAWS), mean + theta + other])
    found = decision_gain(benefits, measured(_statistic(error), theta), seed)
    sample = benefits[1].mean()  # the choice that is best now is the sample's, and so is its mean
    spread = 1 / math.sqrt(1 + error**2)
    ratio = sample / spread
    exact = spread * stats.norm.pdf(ratio) + sample * stats.norm.cdf(ratio) - max(0.0, sample)
    assert abs(found.value - exact) < 4.5 * found.standard_error + 0.01
    assert found.value <= perfect_information(benefits).value


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_the_move_of_a_probability_is_the_bivariate_normal(threshold: float) -> None:
    error, (theta, _) = 0.7, _normals(5)
    found = variance_explained((theta > threshold).astype(float), measured(_statistic(error), theta), 5)
    chance, correlation = stats.norm.sf(threshold), 1 / (1 + error**2)
    joint = stats.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]]).cdf([-threshold, -threshold])
    exact = (joint - chance**2) / (chance * (1 - chance))
    # a cubic spline cannot follow the step entirely: it loses up to a hundredth
    assert -0.02 - 4.5 * found.standard_error < found.value - exact < 4.5 * found.standard_error


def test_what_has_nothing_to_do_with_the_answer_is_worth_nothing() -> None:
    found = []
    for seed in range(20):
        theta, other = _normals(seed)
        found.append(variance_explained(other, measured(_statistic(0.1), theta), seed).value)
    assert max(found) < 0.005
    assert np.mean(found) < 0.001


def test_the_stated_error_is_the_spread_of_repeated_studies() -> None:
    gains = []
    for seed in range(60):
        theta, other = _normals(seed)
        gains.append(variance_explained(theta + other, measured(_statistic(0.5), theta), seed))
    spread = np.std([gain.value for gain in gains])
    assert np.mean([gain.standard_error for gain in gains]) == pytest.approx(spread, rel=0.35)


def test_a_category_tells_its_group_means() -> None:
    generator = np.random.default_rng(3)
    category = generator.integers(0, 3, DRAWS).astype(float)
    outcome = np.array([0.0, 1.0, 5.0])[category.astype(int)] + generator.standard_normal(DRAWS)
    between = np.var([0.0, 1.0, 5.0])
    found = variance_explained(outcome, told(category), 3)
    assert _near(found.value, between / (between + 1), found.standard_error)


def test_two_statistics_together_tell_what_each_tells() -> None:
    theta, other = _normals(8)
    first, second = measured(_statistic(0.5), theta), measured(_statistic(1.0), other)
    found = variance_explained(theta + other, both(first, second), 8)
    assert _near(found.value, (1 / 1.25 + 1 / 2) / 2, found.standard_error)


def test_a_statistic_is_read_from_the_run_as_a_report_would_be() -> None:
    model = load_model()
    history, draws = load_scenario("zhengzhou_2025", model.parameters), prior_draws(model, 20, 1)
    year = Quantity("cumulative_local_output", "increase", 24, 36)
    ratio = Statistic(
        "r", Label("比", "Ratio"), quantity=replace(year, variable="cumulative_allocated_market"), divided_by=year
    )
    output = Statistic("o", Label("产值", "Output"), quantity=year)
    coverage = Statistic("c", Label("覆盖比", "Coverage"), parameter="coverage_ratio")
    found = truths([ratio, output, coverage], model, history, draws)
    run = bare_run(model, history, draws, ["cumulative_local_output"])[0]
    np.testing.assert_allclose(found[1], run[36] - run[24])
    np.testing.assert_allclose(found[0], found[2])
    with pytest.raises(KeyError, match="no_such"):
        truths([Statistic("n", Label("", ""), parameter="no_such")], model, history, draws)


def test_a_meaning_is_drawn_as_often_as_the_reports_give_it_weight() -> None:
    from shudian.observe.likelihood import Observer

    model = load_model()
    report = next(r for r in load_reports(model) if len(r.alternatives) > 1)
    history, draws = load_scenario("zhengzhou_2025", model.parameters), prior_draws(model, 400, 1)
    observer = Observer((report,))
    run = bare_run(model, history, draws, observer.variables)
    (weights, _faulty) = observer.explanations(run)[0]
    measure = meaning_of(report, lambda names: bare_run(model, history, draws, names))
    generator = np.random.default_rng(1)
    drawn = np.concatenate([measure(generator)[0] for _ in range(40)])
    shares = [np.mean(drawn == k) for k in range(len(report.alternatives))]
    np.testing.assert_allclose(shares, weights, atol=0.02)
