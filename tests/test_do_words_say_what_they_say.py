"""Do 约, 超 and 近 say as much as a reader takes from them, a copied count nothing new, and a shared scope one thing?

It does not establish how far Chinese writers stray from the number that they mean: the spreads are assumed
(seeds/observation.toml), nor which definitions drift from year to year, and by how much.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, stats

from shudian.calibrate.calibration import Evidence
from shudian.calibrate.simulation_based import made_reports
from shudian.evidence import load_figures
from shudian.indicators import Errors, Rule
from shudian.kinds import Figure, Label, Model
from shudian.observe.likelihood import Observer, scope_of
from shudian.observe.reports import Alternative, Quantity, Report, load_reports
from shudian.observe.rules import load_rules
from shudian.observe.words import Statement, Table, Word, log_density, sharpest, statement_of
from shudian.structure import load_model

Array = NDArray[np.float64]
ERRORS, WIDE = Errors(0.1, 0.05, 0.07), Errors(0.8, 0.5, 1.0)
SPREADS: dict[Word, float] = {"about": 0.07, "above": 0.05, "below": 0.05}
SPREAD_WORDS = st.sampled_from(sorted(SPREADS))
NUMBERS = st.floats(1, 9e6)
SIGMAS = st.floats(0.03, 1.0)


@lru_cache
def model() -> Model:
    return load_model()


@lru_cache
def shipped() -> dict[str, Figure]:
    return load_figures()


def said(word: Word, number: float) -> Statement:
    return Statement(number, number, word, SPREADS[word])


def density(statement: Statement, model_says: float, sigma: float) -> float:
    return float(
        np.exp(log_density(np.array([[math.log(model_says)]]), Table.of([statement]), np.array([[sigma]])))[0, 0]
    )


def bell(y: float, middle: float, sigma: float) -> float:
    """The normal density, which scipy's own takes a hundred times as long to give for one number."""
    return math.exp(-0.5 * ((y - middle) / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))


# --- one word --------------------------------------------------------------------------------------------------------


@given(SPREAD_WORDS, NUMBERS, SIGMAS)
@settings(max_examples=40)
def test_a_word_is_a_density_of_what_might_be_printed(word: Word, truth: float, sigma: float) -> None:
    grid = np.linspace(-14 * sigma - 1, 14 * sigma + 1, 6001)
    printed = Table.of([said(word, truth * math.exp(step)) for step in grid])
    found = np.exp(log_density(np.full((grid.size, 1), math.log(truth)), printed, np.full((grid.size, 1), sigma)))[:, 0]
    assert integrate.trapezoid(found, grid) == pytest.approx(1, abs=1e-4)


@given(SPREAD_WORDS, NUMBERS, st.floats(0.5, 2), SIGMAS, st.floats(0.1, 10))
def test_the_width_does_not_hang_on_the_leading_digit(
    word: Word, number: float, ratio: float, sigma: float, factor: float
) -> None:
    here, there = (density(said(word, n), n * ratio, sigma) for n in (number, number * factor))
    assert there == pytest.approx(here, rel=1e-6, abs=1e-12)


@given(NUMBERS, st.floats(-0.5, 0.5), SIGMAS)
def test_over_and_near_mirror_each_other(number: float, away: float, sigma: float) -> None:
    over = density(said("above", number), number * math.exp(away), sigma)
    assert density(said("below", number), number * math.exp(-away), sigma) == pytest.approx(over, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("sigma", [0.05, 0.1, 0.8])
def test_over_is_an_exponential_and_an_error_by_scipy(sigma: float) -> None:
    """Who prints 超1000 with 1,050 on the desk: scipy's exponentially modified normal of the distance."""
    for truth in (700.0, 950.0, 1000.0, 1040.0, 1400.0):
        by_scipy = stats.exponnorm(0.05 / sigma, 0, sigma).pdf(math.log(truth / 1000))
        assert density(said("above", 1000), truth, sigma) == pytest.approx(by_scipy, rel=1e-6)


def test_over_a_thousand_is_no_two_thousand() -> None:
    found = [density(said("above", 1000), truth, 0.1) for truth in (1050, 1400, 2000)]
    assert found[0] > 20 * found[1] > 1000 * found[2]
    assert density(said("above", 1000), 1050, 0.1) > density(said("above", 1000), 950, 0.1)


def test_the_words_of_shipped_rows_are_read() -> None:
    """超800家, 近4万人, 3万人左右, 17.89亿元, 600-800 a month; the number stands at the word, whatever the bin was."""
    read = {n: statement_of(shipped()[n], SPREADS) for n in ("ZE05", "ZW04", "ZW01", "ZM01", "ZD07")}
    told = {n: (s.low, s.high, s.word) for n, s in read.items() if s is not None}
    assert told == {
        "ZE05": (800, 800, "above"), "ZW04": (40000, 40000, "below"), "ZW01": (30000, 30000, "about"),
        "ZM01": (pytest.approx(17.885), pytest.approx(17.895), "within"), "ZD07": (600, 800, "within"),
    }  # fmt: skip


# --- several outlets -------------------------------------------------------------------------------------------------


def test_the_sharpest_of_words_that_agree_is_kept() -> None:
    exact, about, far = Statement(504.35, 504.45), said("about", 505), said("about", 800)
    assert sharpest([("a", about), ("b", exact)]) == [(("a", "b"), exact)]
    assert sharpest([("a", exact), ("b", far)]) == [(("a",), exact), (("b",), far)]
    assert sharpest([("a", None)]) == [((), None)]


def test_what_is_printed_again_says_nothing_of_the_city() -> None:
    """ZE05 and ZE06 may repeat ZE03's count of the end of 2024: copies weigh the same whatever the model says."""
    reports = {r.identifier: r for r in load_reports(model())}
    for name in ("ZE05", "ZE06"):
        anew, copy = reports[name].alternatives
        assert (anew.copied, copy.copied) == (None, 820)
        run = np.full((1, 36, 3), [300.0, 820.0, 5000.0])
        for meaning, says in ((copy, False), (anew, True)):
            found = Observer((replace(reports[name], alternatives=(meaning,)),)).log_likelihood(run)
            assert (np.ptp(found) > 1) if says else (np.ptp(found) == 0)


def test_a_meaning_that_prints_another_number_is_no_copy() -> None:
    other = shipped() | {"ZE03": replace(shipped()["ZE03"], value=600.0, low=600.0, high=610.0)}
    found = {r.identifier: r for r in load_reports(model(), other)}
    assert [a.copied for a in found["ZE05"].alternatives] == [None, None]


# --- scopes ----------------------------------------------------------------------------------------------------------


def report(name: str, number: float, scope: float) -> Report:
    rule = Rule("market", "city", "d", "x", "end", "", 1.0, 0.0, scope, False, Label("", ""))
    alternative = Alternative(Quantity("x", "end", 12.0, 24.0), said("about", number), None, ("", ""), ())
    return Report(name, (shipped()["ZM01"],), rule, (alternative,), ERRORS, WIDE, None)


def run_of(*now: float) -> Array:
    return np.full((1, 25, len(now)), now)


def mixture(y: float, number: float, scope: float) -> float:
    """Density of one report at the logarithm `y`, by scipy."""
    found = [stats.norm(y, math.hypot(error, 0.07, scope)).pdf(math.log(number)) for error in (0.1, 0.8)]
    return float(0.93 * found[0] + 0.07 * found[1])


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.02, 0.3))
@settings(max_examples=25)
def test_reports_of_one_scope_are_integrated_over_it(near: float, far: float, scope: float) -> None:
    """Within two standard errors of the model; a faulty report is not bound by what others of its definition hold."""
    one, other = (math.exp(away * math.hypot(scope, 0.12)) for away in (near, far))

    def both(factor: float) -> float:
        parts = [
            0.93 * bell(math.log(number), factor, math.hypot(0.1, 0.07))
            + 0.07 * bell(math.log(number), 0, math.hypot(0.8, 0.07))
            for number in (one, other)
        ]
        return math.prod(parts) * bell(factor, 0, scope)

    by_scipy = integrate.quad(both, -8 * scope, 8 * scope, limit=200)[0]
    found = Observer((report("A", one, scope), report("B", other, scope))).total(run_of(1.0))
    assert found[0] == pytest.approx(math.log(by_scipy), abs=5e-3)


def test_a_scope_of_ones_own_is_one_more_error() -> None:
    found = Observer((report("A", 1.3, 0.2),)).total(run_of(1.0))
    assert found[0] == pytest.approx(math.log(mixture(0, 1.3, 0.2)))


@given(st.permutations([1.1, 1.3, 0.9]))
def test_the_order_of_reports_changes_nothing(numbers: list[float]) -> None:
    reports = tuple(report(f"{n}", n, 0.2) for n in numbers)
    plain = tuple(report(f"{n}", n, 0.2) for n in (0.9, 1.1, 1.3))
    assert Observer(reports).total(run_of(0.8, 1.2)) == pytest.approx(Observer(plain).total(run_of(0.8, 1.2)))


def test_two_offices_of_one_wide_scope_are_no_two_witnesses() -> None:
    """Both print 1.4 of what the model says: together they move it less than two reports with scopes of their own."""
    run = run_of(1.0, 1.4)
    shared = Observer((report("A", 1.4, 0.3), report("B", 1.4, 0.3))).total(run)
    alone = [Observer((report(name, 1.4, 0.3),)).total(run) for name in "AB"]
    assert np.diff(shared)[0] < np.diff(alone[0] + alone[1])[0]
    found = Observer((report("A", 1.4, 0.3), report("B", 1.4, 0.3))).explanations(run)
    assert all(0 < wrong < 0.07 for _, wrong in found)


def test_reports_that_are_made_up_share_their_scope_as_the_likelihood_assumes() -> None:
    """For the study of known truths: one scope's reports err together by 0.3, and each by 0.1 and 0.07 of its own."""
    generator = np.random.default_rng(4)
    errors = np.empty((2, 2, 1500))
    for row, other in enumerate((0.3, 0.0)):
        observer = Observer((report("A", 1.0, other), report("B", 1.0, other)))
        for draw in range(errors.shape[2]):
            made = made_reports(observer, run_of(1.0), 1.0, generator)
            said = [found.alternatives[0].level for found in made]
            errors[row, :, draw] = [math.log(level.middle) for level in said if level is not None]
    sound = (np.abs(errors) < 1.2).all(axis=1)
    together, apart = (np.corrcoef(errors[row][:, sound[row]])[0, 1] for row in range(2))
    # 0.09 / (0.09 + 0.01 + 0.0049) = 0.86 of sound pairs; a seventh of all pairs has one that is not
    assert 0.5 < together < 0.9
    assert abs(apart) < 0.1
    assert np.median(np.abs(errors[0])) == pytest.approx(0.6745 * math.sqrt(0.1049), rel=0.15)


def test_a_growth_rate_is_free_of_the_scope() -> None:
    growth = Alternative(Quantity("x", "end", 12.0, 24.0), None, said("about", 1.2), ("", ""), ())
    found = [
        Observer((replace(report("A", 1, s), alternatives=(growth,)),)).total(run_of(1.0)) for s in (0.0, 0.3)
    ]  # fmt: skip
    assert found[0] == found[1]


def test_what_a_definition_holds_is_shared_by_definition_and_year() -> None:
    shared: dict[tuple[str, str, str, int], list[str]] = {}
    for found in load_reports(model()):
        if found.rule.scope_sigma:
            shared.setdefault(scope_of(found), []).append(found.identifier)
    together = [set(names) for names in shared.values() if len(names) > 1]
    assert {"ZW04", "ZW05"} in together
    assert {"ZC01", "ZC02"} in together
    assert not any({"ZN01", "ZN03"} <= names for names in together)


def test_the_spreads_are_those_of_the_file() -> None:
    spreads = load_rules(model()).spreads
    assert set(spreads) == {"about", "above", "below"}
    for found in load_reports(model()):
        for meaning in found.alternatives:
            if meaning.level is not None and meaning.level.word != "within":
                assert meaning.level.spread == spreads[meaning.level.word]


# --- known truths without a sampler ----------------------------------------------------------------------------------

TARGET = Evidence().target()

GROUPS = [("ZE02", "ZE03", "ZE05", "ZE06"), ("ZW01", "ZW02", "ZW04", "ZW05"), ("ZC01", "ZC02"), ("ZM01", "ZM03")]
"""Reports that share a scope, have several meanings, or stand behind each of the words."""


Made = tuple[Report, ...]


def honest(observer: Observer, run: Array, generator: np.random.Generator) -> Made:
    """The reports as the likelihood expects them."""
    return made_reports(observer, run, 1.0, generator)


def of_another_scope(observer: Observer, run: Array, generator: np.random.Generator) -> Made:
    """What a definition holds differs four times as much between years as the likelihood believes."""
    wide = [replace(r, rule=replace(r.rule, scope_sigma=4 * r.rule.scope_sigma)) for r in observer.reports]
    made = made_reports(Observer(tuple(wide)), run, 1.0, generator)
    return tuple(replace(m, rule=r.rule) for m, r in zip(made, observer.reports, strict=True))


def copied(observer: Observer, run: Array, generator: np.random.Generator) -> Made:
    """ZE05 and ZE06 print the number of ZE03 again, and the likelihood takes it for a new count."""
    made = {report.identifier: report for report in honest(observer, run, generator)}
    again = made["ZE03"].alternatives[0].level
    for name in ("ZE05", "ZE06"):
        meanings = tuple(replace(a, level=again, copied=None) for a in made[name].alternatives)
        made[name] = replace(made[name], alternatives=meanings)
    return tuple(made.values())


def ranks_by_weights(group: tuple[str, ...], make: Callable[..., Made], truths: int) -> Array:
    """Where truths lie among prior draws that are weighted by the reports made from them, [truth, quantity]."""
    generator = np.random.default_rng(7)
    observer = Observer(tuple(r for r in TARGET.observer.reports if r.identifier in group))
    run = TARGET.run(TARGET.latent.uncertain(generator.standard_normal((TARGET.dimensions, 4000))), None)
    run = run[[TARGET.observer.variables.index(name) for name in observer.variables]]
    read, ranks = observer.read(run), []
    for truth in range(truths):
        made = make(observer, run[:, :, truth : truth + 1], generator)
        logarithms = Observer(made).total(run)
        weights = np.exp(logarithms - logarithms.max())
        weights[truth] = 0
        ranks.append([weights @ (values < values[truth]) / weights.sum() for values in read])
    return np.array(ranks)


def strays(ranks: Array) -> bool:
    """Whether ranks differ from uniform ones by more than 300 do by chance.

    Their mean has a standard error of 0.017, the share in the middle half one of 0.029.
    """
    middle = ((ranks > 0.25) & (ranks < 0.75)).mean(axis=0)
    return bool(np.abs(ranks.mean(axis=0) - 0.5).max() >= 0.06 or np.abs(middle - 0.5).max() >= 0.1)


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS, ids=[group[0] for group in GROUPS])
def test_the_reports_that_are_made_are_those_that_the_likelihood_expects(group: tuple[str, ...]) -> None:
    """Weights on prior draws in place of a sampler: a truth lies anywhere among the draws that its reports leave."""
    assert not strays(ranks_by_weights(group, honest, 300))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("group", "make"), [(GROUPS[1], of_another_scope), (GROUPS[2], of_another_scope), (GROUPS[0], copied)],
    ids=["workers of another scope", "crews of another scope", "a copied count"],
)  # fmt: skip
def test_reports_of_another_scope_and_copies_taken_for_news_are_caught(
    group: tuple[str, ...], make: Callable[..., Made]
) -> None:
    """The negative controls: the same check convicts a likelihood that is wrong in either of its newer parts."""
    assert strays(ranks_by_weights(group, make, 300))
