"""Is the density of each report given all others what it is called, and its place in their foretelling uniform?

Does NOT establish that the shipped posterior was sampled right, nor that the model foretells well: the toys are
conjugate, and of the shipped reports only the algebra of taking one out is checked, on draws from the priors.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from calibrations import left_out, stand_in
from known_targets import Array, Linear, log_normals
from shudian.answers.calibration.foretold import coverage, families, foretellings, total_error, uniformity
from shudian.calibrate.leave_one_out import (
    LEAST_EFFECTIVE,
    WORST_SHAPE,
    LeftOut,
    bridged,
    effective,
    leave_one_out,
    leaving_of,
    smoothed_weights,
)
from shudian.calibrate.sampler import bridge
from shudian.observe.likelihood import Observer
from shudian.observe.reports import load_reports
from shudian.observe.words import Statement, Table, distribution, log_density

CALIBRATION = stand_in()
TARGET = CALIBRATION.target
REPORTS = TARGET.observer.reports
FEW = CALIBRATION.uncertain[:, :40]
RUN = TARGET.run(FEW)
TERMS = TARGET.observer.log_likelihood(RUN)


def predictive(target: Linear, reading: int) -> tuple[float, float]:
    """Mean and standard deviation of a reading, foretold from the others."""
    mean, covariance = target.without(reading).mean_and_covariance()
    direction = target.design[reading]
    return float(direction @ mean), math.sqrt(float(direction @ covariance @ direction) + target.noise**2)


def told(target: Linear, reading: int, draws: Array, fresh: Array | None = None) -> LeftOut:
    """The LeftOut of one reading from posterior `draws`, or from `fresh` ones without it."""

    def density(z: Array) -> Array:
        return target.terms(z)[reading]

    def place(z: Array) -> Array:
        return np.asarray(stats.norm.cdf((target.data[reading] - target.design[reading] @ z) / target.noise))

    weights, shape = smoothed_weights(density(draws))
    whole = draws, density(draws)
    if fresh is None:
        at = place(draws)
        return LeftOut("r", draws, weights, density(draws), {"level": (at, at)}, shape, False, whole)
    at, even = place(fresh), np.full(fresh.shape[1], 1 / fresh.shape[1])
    return LeftOut("r", fresh, even, density(fresh), {"level": (at, at)}, shape, True, whole)


@pytest.mark.parametrize("reading", range(6))
def test_the_density_of_a_reading_given_the_others_is_the_closed_form(reading: int) -> None:
    target = Linear.random(8, 6, noise=1.5, seed=2)
    generator = np.random.default_rng(reading)
    mean, sd = predictive(target, reading)
    truth = float(stats.norm.logpdf(target.data[reading], mean, sd))
    draws, fresh = target.draws(4000, generator), target.without(reading).draws(1000, generator)
    refitted = told(target, reading, draws, fresh)
    weighted = told(target, reading, draws)
    for one in [refitted, weighted] if weighted.trusted else [refitted]:
        found = one.foretold()
        assert abs(found.value - truth) < 4 * found.error
        assert found.error < 0.2
        place = float(one.weights @ one.transforms["level"][0])
        assert place == pytest.approx(float(stats.norm.cdf((target.data[reading] - mean) / sd)), abs=0.05)


def test_the_error_that_is_told_is_that_of_repeated_sampling() -> None:
    target = Linear.random(8, 6, noise=1.5, seed=2)
    for refit in (False, True):
        found = []
        for seed in range(150):
            generator = np.random.default_rng(seed)
            fresh = target.without(0).draws(250, generator) if refit else None
            found.append(told(target, 0, target.draws(1000, generator), fresh).foretold())
        spread = float(np.std([one.value for one in found]))
        assert np.median([one.error for one in found]) == pytest.approx(spread, rel=0.25)


def test_draws_of_both_ends_tell_better_than_those_of_one() -> None:
    """A sharp reading: few draws without it are near it."""
    target = Linear.random(5, 4, noise=0.1, seed=7)
    mean, sd = predictive(target, 1)
    truth = float(stats.norm.logpdf(target.data[1], mean, sd))
    both, alone = [], []
    for seed in range(60):
        generator = np.random.default_rng(seed)
        without = target.terms(target.without(1).draws(500, generator))[1]
        whole = target.terms(target.draws(2000, generator))[1]
        both.append(bridged(without, whole)[0])
        alone.append(float(np.logaddexp.reduce(without)) - math.log(without.size))
    assert np.mean(both) == pytest.approx(truth, abs=4 * np.std(both) / math.sqrt(60) + 0.01)
    assert np.std(both) < 0.85 * np.std(alone)


def test_weights_that_few_draws_carry_are_not_trusted() -> None:
    target = Linear.random(5, 4, noise=0.1, seed=7)
    one = told(target, 1, target.draws(2000, np.random.default_rng(1)))
    assert one.shape >= WORST_SHAPE or effective(one.weights) < LEAST_EFFECTIVE * 2000
    assert not one.trusted
    blunt = Linear(target.design, target.data, 50.0)
    assert told(blunt, 1, blunt.draws(2000, np.random.default_rng(1))).trusted
    even, shape = smoothed_weights(np.full(10, -3.0))
    assert even == pytest.approx(0.1)
    assert shape == -math.inf


def test_a_bridge_over_split_terms_ends_where_the_reading_is_foretold() -> None:
    target = Linear.random(dimensions=12, readings=5, noise=0.4, seed=9)
    generator = np.random.default_rng(3)

    def split(z: Array) -> Array:
        """As `Leaving.split` gives them: the report that leaves is the last."""
        terms = target.terms(z)
        return np.vstack([terms[1:], terms[:1]])

    draws = target.draws(1000, generator)
    found = told(target, 0, draws, bridge(draws, split, -1, 6, generator).z).foretold()
    mean, sd = predictive(target, 0)
    assert abs(found.value - stats.norm.logpdf(target.data[0], mean, sd)) < 5 * found.error + 0.05


# Places


def simulated(noise: float, believed: float, count: int) -> list[float]:
    """Places of one reading in what the others foretell, in worlds that the prior gives."""
    found = []
    for seed in range(count):
        made = Linear.random(3, 4, noise, seed)
        target = Linear(made.design, made.data, believed)
        one = told(
            target,
            0,
            target.draws(400, np.random.default_rng(seed)),
            target.without(0).draws(400, np.random.default_rng(seed + 1)),
        )
        found.append(float(one.weights @ one.transforms["level"][0]))
    return found


def test_places_are_uniform_under_the_truth_and_not_under_errors_that_are_believed_too_small() -> None:
    assert stats.kstest(simulated(1.0, 1.0, 300), "uniform").pvalue > 0.005
    assert stats.kstest(simulated(1.0, 0.3, 300), "uniform").pvalue < 1e-4


def test_a_place_in_a_coarse_range_is_drawn_between_its_ends() -> None:
    """Numbers from a normal that are printed as one of three ranges: the ends alone are far from uniform."""
    edges = np.array([-np.inf, -0.3, 0.6, np.inf])
    base = left_out(CALIBRATION, "ZE02")
    report = next(r for r in REPORTS if r.identifier == "ZE02")
    places = []
    for seed in range(400):
        x = np.random.default_rng(seed).standard_normal()
        k = int(np.searchsorted(edges, x)) - 1
        ends = [np.full(base.weights.size, stats.norm.cdf(edges[k + side])) for side in (0, 1)]
        (one,) = foretellings([replace(base, transforms={"level": (ends[0], ends[1])})], [report], seed)
        (standing,) = one.standings
        assert standing.less <= standing.transform <= standing.upto
        assert standing.inside_50 == pytest.approx(
            max(min(standing.upto, 0.75) - max(standing.less, 0.25), 0) / (standing.upto - standing.less)
        )
        places.append(standing)
    assert stats.kstest([s.transform for s in places], "uniform").pvalue > 0.005
    assert stats.kstest([s.upto for s in places], "uniform").pvalue < 1e-6
    # counted by the part that lies inside, half of all are in the half
    assert np.mean([s.inside_50 for s in places]) == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("word", ["within", "about", "above", "below"])
def test_a_distribution_is_the_integral_of_its_density(word: str) -> None:
    y, sigma, spread = np.array([[0.3]]), np.array([[0.4]]), 0.0 if word == "within" else 0.25
    grid = np.linspace(-4, 4, 4001)
    width = 0.002
    said = Table.of([Statement(math.exp(x), math.exp(x + width * (word == "within")), word, spread) for x in grid])  # type: ignore[arg-type]
    ys, sigmas = np.repeat(y, grid.size, axis=0), np.repeat(sigma, grid.size, axis=0)
    density = np.exp(log_density(ys, said, sigmas))[:, 0]
    less, upto = (end[:, 0] for end in distribution(ys, said, sigmas))
    assert np.trapezoid(density, grid) == pytest.approx(1, abs=1e-4)
    whole = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(grid))])
    assert less == pytest.approx(whole, abs=2e-3)
    if word == "within":
        assert upto - less == pytest.approx(density * width, abs=1e-6)
    else:
        assert upto == pytest.approx(less, abs=0)


# The shipped reports


@pytest.mark.parametrize("report", [r.identifier for r in REPORTS])
def test_taking_a_report_out_leaves_what_was_there_without_it(report: str) -> None:
    """Also where it shares a scope, or where another may print it again."""
    leaving = leaving_of(TARGET, CALIBRATION.evidence, report)
    split = leaving.split(TERMS, RUN)
    assert split.sum(axis=0) == pytest.approx(TERMS.sum(axis=0))
    names = [f.identifier for r in REPORTS if r.identifier == report for f in r.figures]
    others = Observer(load_reports(TARGET.model, CALIBRATION.evidence.load(), without=names))
    rows = [TARGET.observer.variables.index(variable) for variable in others.variables]
    assert split[:-1].sum(axis=0) == pytest.approx(others.total(RUN[rows]))


def test_some_reports_share_a_scope_and_some_may_be_printed_again() -> None:
    """The cases in which dropping a row is not enough: the former way is shown to be wrong there."""
    for report in ("ZE02", "ZE03", "NAT-024"):
        leaving = leaving_of(TARGET, CALIBRATION.evidence, report)
        assert not np.allclose(leaving.given_others(TERMS, RUN), TERMS[leaving.row], atol=0.01)


@pytest.mark.parametrize("report", ["ZE02", "NAT-024", "ZC02", "ZD11"])
def test_a_reports_place_is_the_integral_of_its_density_given_the_others(report: str) -> None:
    """For each draw, over all numbers that the report might have printed; the first three share their scope.

    Where the other report of the scope is wrong the whole is some per cent less than one: left alone, its wide error
    holds the scope, which in company it does not.
    """
    row = next(k for k, r in enumerate(REPORTS) if r.identifier == report)
    (meaning,) = REPORTS[row].alternatives
    said = meaning.level
    assert said is not None
    assert meaning.growth is None
    assert said.word != "within"
    run = RUN[..., :3]
    grid = np.linspace(-5, 5, 161)
    taken, density = leaving_of(TARGET, CALIBRATION.evidence, report), []
    for x in grid:
        moved = replace(meaning, level=said.over(math.exp(-x)))
        reports = (*REPORTS[:row], replace(REPORTS[row], alternatives=(moved,)), *REPORTS[row + 1 :])
        leaving = replace(taken, whole=Observer(reports))
        density.append(np.exp(leaving.given_others(leaving.whole.log_likelihood(run), run)))
    whole = np.trapezoid(density, grid, axis=0)
    below = np.trapezoid(np.array(density)[grid <= 0], grid[grid <= 0], axis=0)
    assert whole == pytest.approx(1, abs=0.05)
    less, _ = TARGET.observer.transforms(run)[row]["level"]
    assert below == pytest.approx(less, abs=0.05)


def test_every_printed_number_has_a_place_between_nothing_and_all() -> None:
    for report, transforms in zip(REPORTS, TARGET.observer.transforms(RUN), strict=True):
        levels = any(a.level is not None for a in report.alternatives)
        growths = any(a.growth is not None for a in report.alternatives)
        assert (("level" in transforms), ("ratio_to_year_before" in transforms)) == (levels, growths)
        for less, upto in transforms.values():
            assert less.shape == (FEW.shape[1],)
            assert (less >= 0).all()
            assert (less <= upto + 1e-12).all()
            assert (upto <= 1 + 1e-12).all()


def test_reports_that_weights_tell_are_not_refitted() -> None:
    """Of these draws the weights of a copied count are even; nothing is sampled for it, and no process started."""

    def sampled(*_: object, **__: object) -> object:
        raise AssertionError

    (one,) = leave_one_out(CALIBRATION, ["ZE05"], executor=sampled)  # type: ignore[arg-type]
    assert one.trusted
    assert not one.refitted
    assert one.foretold().value == pytest.approx(float(-np.logaddexp.reduce(-one.log_density) + math.log(240)), abs=0.1)
    assert not left_out(CALIBRATION, "ZA02").trusted


def test_families_and_their_sums_are_those_of_the_reports() -> None:
    left = [left_out(CALIBRATION, name) for name in ("ZE02", "ZE05", "ZN03", "ZD11")]
    found = foretellings(left, REPORTS, 1)
    assert [entry.family for entry in families(found)] == ["firms", "markets", "titles"]
    every = coverage(found)
    assert every.reports == 4
    assert every.numbers == 5
    assert every.log_density == pytest.approx(sum(one.foretold().value for one in left))
    # a quarter of a million binomial draws say what chance makes
    drawn = np.random.default_rng(1).binomial(5, 0.9, 250_000)
    assert every.expected(0.9) == tuple(np.quantile(drawn, (0.05, 0.95)))
    assert 0 <= uniformity(found) <= 1
    # the same draws twice have the same errors twice, which do not cancel
    assert total_error([left[0], left[0]]) == pytest.approx(2 * left[0].foretold().error)


def test_a_density_is_per_unit_of_log_width() -> None:
    assert log_normals(np.array([0.0]), 0.0, 1.0)[0] == pytest.approx(stats.norm.logpdf(0))
