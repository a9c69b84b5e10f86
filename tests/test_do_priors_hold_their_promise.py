"""Do the priors draw what the parameter files say?

Does NOT establish that a prior is the right one for its parameter; that is what `basis` and `evidence` are for.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shudian.kinds import Prior
from shudian.priors import complaint, cumulative, median, quantile

U = np.linspace(0.001, 0.999, 401)
CONTINUOUS = ("normal", "lognormal", "beta", "uniform", "triangular")


@st.composite
def priors(
    draw: st.DrawFn, distributions: tuple[str, ...] = (*CONTINUOUS, "nil_or_normal")
) -> tuple[Prior, float, float]:
    """A prior of one of the `distributions` with a range that suits it."""
    distribution = draw(st.sampled_from(distributions))
    width = draw(st.floats(0.01, 1e4))
    low = -width * draw(st.floats(0.05, 0.95)) if distribution == "nil_or_normal" else draw(st.floats(0, 10)) * width
    high = low + width
    centre = low + width * draw(st.floats(0.05, 0.95))
    spread = draw(st.floats(0.05, 0.9))
    arguments = {
        "normal": {"mean": centre, "sd": spread * width},
        "lognormal": {"median": centre, "sigma": spread},
        "beta": {"mean": centre, "sd": spread * float(np.sqrt((centre - low) * (high - centre)))},
        "uniform": {},
        "triangular": {"mode": centre},
        "nil_or_normal": {"nil_probability": draw(st.floats(0, 0.8)), "mean": centre, "sd": spread * width},
    }[distribution]
    prior = Prior(distribution, arguments)
    assert not complaint(prior, low, high)
    return prior, low, high


@given(priors())
def test_quantiles_rise_and_stay_in_the_range(case: tuple[Prior, float, float]) -> None:
    prior, low, high = case
    x = quantile(prior, low, high, np.linspace(0, 1, 301))
    assert np.all(np.diff(x) >= 0)
    assert low <= x[0]
    assert x[-1] <= high


@given(priors(CONTINUOUS))
def test_the_cumulative_undoes_the_quantile(case: tuple[Prior, float, float]) -> None:
    prior, low, high = case
    # a value next to a large `low` keeps too few digits of the distance to it for a steep beta
    x = quantile(prior, low, high, U)
    digits = 64 * np.spacing(np.maximum(np.abs(x), abs(low)))
    around = cumulative(prior, low, high, x + digits) - cumulative(prior, low, high, x - digits)
    assert np.all(np.abs(cumulative(prior, low, high, x) - U) < 1e-9 + around)


@given(priors(("nil_or_normal",)))
def test_nothing_has_the_probability_it_was_given(case: tuple[Prior, float, float]) -> None:
    prior, low, high = case
    u = (np.arange(20_000) + 0.5) / 20_000
    x = quantile(prior, low, high, u)
    assert np.mean(x == 0) == pytest.approx(prior.arguments["nil_probability"], abs=2e-4)
    elsewhere = x != 0
    assert np.allclose(cumulative(prior, low, high, x)[elsewhere], u[elsewhere], atol=1e-9)


@given(priors())
def test_the_median_halves_the_draws(case: tuple[Prior, float, float]) -> None:
    prior, low, high = case
    middle, width = np.array(median(prior, low, high)), 1e-6 * (high - low)
    assert cumulative(prior, low, high, middle - width) <= 0.5 + 1e-6
    assert cumulative(prior, low, high, middle + width) >= 0.5 - 1e-6


REFERENCES = [
    (Prior("normal", {"mean": 2.0, "sd": 1.5}), 0.0, 4.0, stats.truncnorm(-4 / 3, 4 / 3, 2.0, 1.5)),
    (Prior("beta", {"mean": 0.12, "sd": 0.04}), 0.0, 1.0, stats.beta(0.12 * 65, 0.88 * 65)),
    (Prior("uniform", {}), -1.0, 3.0, stats.uniform(-1, 4)),
    (Prior("triangular", {"mode": 1.0}), 0.0, 4.0, stats.triang(0.25, 0, 4)),
    (Prior("lognormal", {"median": 3.0, "sigma": 0.3}), 0.0, 1e6, stats.lognorm(0.3, scale=3.0)),
]


@pytest.mark.parametrize(
    ("prior", "low", "high", "reference"), REFERENCES, ids=lambda case: getattr(case, "distribution", "")
)
def test_a_library_that_we_did_not_write_agrees(
    prior: Prior, low: float, high: float, reference: stats.rv_frozen
) -> None:
    x = quantile(prior, low, high, U)
    assert np.allclose(x, reference.ppf(U), rtol=1e-9)
    assert np.allclose(cumulative(prior, low, high, x), reference.cdf(x), atol=1e-9)


@given(priors())
def test_outside_the_range_there_is_no_probability(case: tuple[Prior, float, float]) -> None:
    prior, low, high = case
    outside = np.array([low - (high - low), high + (high - low)])
    assert cumulative(prior, low, high, outside).tolist() == pytest.approx([0, 1], abs=1e-12)


@pytest.mark.parametrize(
    ("prior", "low", "high", "words"),
    [
        (Prior("normal", {"mean": 2.0, "sd": 1.0}), 0, 1, "mean lies outside"),
        (Prior("lognormal", {"median": 1.0, "sigma": 0.0}), 0, 2, "sigma must be above 0"),
        (Prior("lognormal", {"median": 1.0, "sigma": 0.5}), -1, 2, "does not go below 0"),
        (Prior("beta", {"mean": 0.5, "sd": 0.5}), 0, 1, "sd is too large"),
        (Prior("nil_or_normal", {"nil_probability": 1.0, "mean": 0.5, "sd": 0.5}), 0, 1, "below 1"),
        (Prior("nil_or_normal", {"nil_probability": 0.5, "mean": 0.5, "sd": 0.5}), 0.1, 1, "must contain 0"),
    ],
)
def test_a_prior_that_does_not_fit_its_range_is_named(prior: Prior, low: float, high: float, words: str) -> None:
    assert words in str(complaint(prior, low, high))
