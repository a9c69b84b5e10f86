"""Is the likelihood that the sampler begins with, read from tables, near the one that it ends with?

It does not establish that the words mean what the exact one says (`test_do_words_say_what_they_say`), nor how much
longer steps of the model change (`test_does_the_sampler_know_what_it_does_not_know` and the sampler's second
likelihood see to that).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy

from shudian.calibrate.calibration import Evidence
from shudian.calibrate.target import quick
from shudian.observe.tabulated import Tabulated
from shudian.observe.words import Statement, Table, Word, log_density

NEAR = 1e-3
number = st.floats(1e-3, 1e12)
error = st.floats(0.01, 3.0)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    word: Word = draw(st.sampled_from(("within", "about", "above", "below")))
    low = draw(number)
    if word != "within":
        return Statement(low, low, word, draw(st.floats(0.01, 0.5)))
    kind = draw(st.sampled_from(("digits", "range", "at least", "at most")))
    ratio = draw(st.floats(1.0001, 1.01) if kind == "digits" else st.floats(1.05, 20.0))
    low, high = {"at least": (low, math.inf), "at most": (0.0, low)}.get(kind, (low, low * ratio))
    return Statement(low, high)


@given(st.lists(st.tuples(statements(), error), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_a_table_says_what_the_words_say(rows: list[tuple[Statement, float]], seed: int) -> None:
    said, sigma = Table.of([said for said, _ in rows]), np.array([[error] for _, error in rows])
    middle = np.log([[said.high if said.low == 0 else said.low] for said, _ in rows])
    y = middle + sigma * np.random.default_rng(seed).uniform(-8, 8, (len(rows), 50))
    table = Tabulated.of(said, sigma)
    # no word's log density bends more than a normal one of its error: a chord is off by an eighth of its step squared
    bound = 0.125 / (table.per_step * sigma) ** 2 + 1e-6
    assert (np.abs(table(y) - log_density(y, said, sigma)) <= bound).all()


@given(statements(), error)
def test_beyond_its_table_a_number_is_ever_less_probable(said: Statement, error: float) -> None:
    table = Tabulated.of(Table.of([said]), np.array([[error]]))
    ends = [math.log(said.low)] if said.low else []
    ends += [math.log(said.high)] if math.isfinite(said.high) else []
    far = np.array([30.0, 60.0, 120.0]) * math.hypot(error, said.spread)
    below, above = table(ends[0] - far[None])[0], table(ends[-1] + far[None])[0]
    assert (np.diff(below) <= 0).all()
    assert (np.diff(above) <= 0).all()
    assert below[0] < -20 if said.low else below == pytest.approx([0, 0, 0], abs=1e-9)
    assert above[0] < -20 if math.isfinite(said.high) else above == pytest.approx([0, 0, 0], abs=1e-9)


@given(of_numpy.arrays(np.float64, (2, 4), elements=st.sampled_from([math.nan, 0.0, 1.0])))
def test_what_is_not_a_number_stays_it(y: np.ndarray) -> None:
    said = Table.of([Statement(1.0, 1.0, "about", 0.07), Statement(2.0, 3.0)])
    with np.errstate(invalid="ignore"):
        found = Tabulated.of(said, np.array([[0.1], [0.2]]))(y)
    assert (np.isnan(found) == np.isnan(y)).all()


@pytest.mark.parametrize("spread", [0.3, 1.0])
def test_the_quick_likelihood_of_all_reports_is_near_the_exact_one(spread: float) -> None:
    """From near the middle of the prior to all of it."""
    target = Evidence().target().coarse
    z = spread * np.random.default_rng(1).standard_normal((target.dimensions, 500))
    run = target.run(target.latent.uncertain(z))
    reports = target.observer.reports
    exact = type(target.observer)(reports).log_likelihood(run)
    tables = type(target.observer)(reports, Tabulated.of).log_likelihood(run)
    assert tables == pytest.approx(exact, abs=2 * NEAR)
    total = quick(reports).total(run) - exact.sum(axis=0)
    assert np.abs(total).max() < 0.2
    assert total.std() < 0.05
