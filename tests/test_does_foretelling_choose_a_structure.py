"""Do stacking weights and differences of foretelling come out as known, and is a wrong structure seen for what it is?

Does NOT establish which structure of the shipped model is right: the two forms here are toys whose predictive densities
are known in closed form.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from known_targets import Array
from shudian.analysis.stacking import LEAST, SMALL, stacked, stacked_forms
from shudian.calibrate.leave_one_out import LeftOut

READINGS = 30


def toy(data: Array, wrong: float, draws: int, seed: int, refitted: bool) -> tuple[list[LeftOut], Array]:
    """Readings with noise 1 of one number: by the first form it has the prior N(0, 1), by the other N(`wrong`, 0.1).

    The LeftOut of each, with draws [form, number], and the exact logarithms of the ratio of the two densities.
    """
    generator = np.random.default_rng(seed)
    priors = ((0.0, 1.0), (wrong, 0.1))
    left, ratios = [], []
    for k in range(data.size):
        rest, logarithms, parts = np.delete(data, k), [], []
        for form, (centre, sd) in enumerate(priors):
            precision = 1 / sd**2 + rest.size
            mean, spread = (centre / sd**2 + rest.sum()) / precision, precision**-0.5
            logarithms.append(float(stats.norm.logpdf(data[k], mean, math.hypot(spread, 1))))
            parts.append(np.vstack([np.full(draws, form), mean + spread * generator.standard_normal(draws)]))
        ratios.append(logarithms[0] - logarithms[1])
        uncertain = np.hstack(parts)
        density = stats.norm.logpdf(data[k], uncertain[1], 1)
        even = np.full(2 * draws, 1 / (2 * draws))
        # of the whole posterior as many draws, which the reading has pulled towards itself
        towards = np.exp(density).reshape(2, draws)
        towards /= towards.sum(axis=1, keepdims=True)
        chosen = np.concatenate([form * draws + generator.choice(draws, draws, p=towards[form]) for form in (0, 1)])
        whole = uncertain[:, chosen], density[chosen]
        left.append(LeftOut(str(k), uncertain, even, density, {}, 0.0, refitted, whole))
    return left, np.array(ratios)


def is_first(uncertain: Array) -> np.ndarray:
    return np.asarray(uncertain[0] == 0)


@given(better=st.integers(1, 40), worse=st.integers(1, 40), ratio=st.floats(1.1, 50))
def test_the_weight_is_the_closed_form(better: int, worse: int, ratio: float) -> None:
    """Some reports are foretold so many times better by the first form, the others so many times worse."""
    log = math.log(ratio)
    found = stacked(np.repeat([log, -log], [better, worse]), np.zeros(better + worse), 0.0)
    truth = (better * ratio - worse) / ((ratio - 1) * (better + worse))
    assert found.weight == pytest.approx(min(max(truth, 0), 1), abs=1e-6)
    assert found.interval[0] - 0.2 <= found.weight <= found.interval[1] + 0.2
    assert found.difference == pytest.approx((better - worse) * log)


@pytest.mark.parametrize("refitted", [False, True])
def test_the_difference_of_two_forms_is_the_closed_form(refitted: bool) -> None:
    data = np.random.default_rng(1).standard_normal(READINGS)
    left, ratios = toy(data, 0.8, 2000, 2, refitted)
    found = stacked_forms(left, is_first)
    assert found is not None
    assert abs(found.difference - ratios.sum()) < 4 * found.noise
    assert found.noise < 0.5
    assert found.error == pytest.approx(math.sqrt(READINGS) * ratios.std(ddof=1), rel=0.1)
    exact = stacked(ratios, np.zeros(READINGS), 0.0)
    assert found.weight == pytest.approx(exact.weight, abs=0.05)


def test_a_structure_that_is_wrong_on_purpose_gets_hardly_any_weight() -> None:
    data = 0.2 + np.random.default_rng(3).standard_normal(READINGS)
    left, _ = toy(data, 6.0, 500, 4, refitted=True)
    found = stacked_forms(left, is_first)
    assert found is not None
    assert found.weight > 0.97
    assert found.interval[0] > 0.8
    assert found.told == "apart"
    assert found.difference > SMALL


def test_two_forms_that_foretell_alike_are_not_told_apart() -> None:
    """The same form twice: what differs is sampling noise, and the interval of the weight says so."""
    data = np.random.default_rng(5).standard_normal(READINGS)
    said = []
    for seed in range(20):
        left, _ = toy(data, 0.0, 200, seed, refitted=True)
        twice = [
            LeftOut(
                one.report, np.vstack([np.arange(200) % 2, one.uncertain[1, :200]]), np.full(200, 1 / 200),
                one.log_density[:200], {}, 0.0, True,
                (np.vstack([np.arange(200) % 2, one.whole[0][1, :200]]), one.whole[1][:200]),
            )
            for one in left
        ]  # fmt: skip
        found = stacked_forms(twice, is_first)
        assert found is not None
        said.append(found.told)
        assert found.interval[1] - found.interval[0] > 0.5
    assert said.count("nothing") >= 17
    assert "apart" not in said
    flat = stacked(np.zeros(READINGS), np.zeros(READINGS), 0.0)
    assert flat.weight == 0.5
    assert flat.told == "nothing"


def test_a_form_of_too_few_draws_is_not_compared() -> None:
    data = np.random.default_rng(6).standard_normal(4)
    left, _ = toy(data, 0.5, LEAST - 1, 1, refitted=True)
    assert stacked_forms(left, is_first) is None
    enough, _ = toy(data, 0.5, LEAST + 1, 1, refitted=True)
    assert stacked_forms(enough, is_first) is not None
    assert stacked_forms([], is_first) is None


def test_reports_that_have_the_same_draws_have_the_same_errors() -> None:
    """Told by weights on one posterior, a report that stands there four times has four times the noise, not twice."""
    data = np.random.default_rng(7).standard_normal(2)
    (one, _), _ = toy(data, 0.5, 400, 1, refitted=False)
    alone, four = (stacked_forms([one] * count, is_first) for count in (1, 4))
    assert alone is not None
    assert four is not None
    assert four.noise == pytest.approx(4 * alone.noise)
