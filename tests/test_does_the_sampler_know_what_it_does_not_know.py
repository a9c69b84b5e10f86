"""Are the shipped posterior's intervals as wide as they must be, if the model and the assumed errors are right?

A few truths are calibrated here; the study of 200 that is shipped is judged by the same check, and the check must
convict samplers that are wrong on purpose. None of this establishes that the model or the assumed errors are right,
only that the sampler finds their posterior: both truth and fit come from the same equations. The study's sampler is
the shipped one with fewer particles, up to where the second likelihood would come in: what follows is asked of targets
whose posterior is known (`test_does_the_sampler_find_the_posterior`).
"""

from __future__ import annotations

import csv
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from shudian.calibrate import simulation_based
from shudian.calibrate.calibration import Evidence
from shudian.calibrate.ranks import (
    DRAWS,
    LEVEL,
    LOG_LIKELIHOOD,
    bands,
    coverage,
    distribution,
    judged,
    pooled_coverage,
    smoothed,
    summary,
)
from shudian.calibrate.run import in_processes
from shudian.calibrate.sampler import VERSION, Population, Settings, advance
from shudian.calibrate.simulation_based import OUTCOMES, Replicate, Trial, replicate
from shudian.calibrate.workers import follow_parent
from shudian.evidence import load_parameters
from shudian.paths import seeds_folder
from shudian.posterior_file import read_posterior
from shudian.report.calibration.words import ranks_text
from shudian.wording import say

Array = NDArray[np.float64]
STUDY = seeds_folder() / "studies" / "simulation_based_calibration.csv"
NOISE, STRUCTURE = (
    STUDY.with_name(f"simulation_based_calibration_{name}.csv") for name in ("noise_2", "without_own_finance_share")
)
"""Negative controls: reports with twice the assumed errors (of the first structure), and truths in which makers carry
their titles where the sampler knows of no such thing."""
LEAST = 200


# --- the check -------------------------------------------------------------------------------------------------------


def uniform(replicates: int, seed: int, parameters: int = 178) -> dict[str, Array]:
    """Ranks that a right sampler gives."""
    names = [*(f"parameter {number}" for number in range(parameters)), LOG_LIKELIHOOD, *OUTCOMES]
    generator = np.random.default_rng(seed)
    return {name: generator.random(replicates) for name in names}


def too_narrow(ranks: Array, variance: float) -> Array:
    """The ranks of truths among normal draws that are right but for their variance."""
    return np.asarray(stats.norm.cdf(stats.norm.ppf(ranks) / variance**0.5))


def shifted(ranks: Array, deviations: float) -> Array:
    """The ranks of truths among normal draws that are right but for their mean."""
    return np.asarray(stats.norm.cdf(stats.norm.ppf(ranks) + deviations))


@pytest.mark.parametrize("replicates", [8, 200])
@pytest.mark.parametrize("level", [0.95, 0.99])
def test_a_band_holds_uniform_ranks_as_often_as_it_says(replicates: int, level: float) -> None:
    found = bands(replicates, level)
    generator = np.random.default_rng(77)
    held = sum(found.hold_all(generator.random(replicates)) for _ in range(3000))
    assert found.hold >= level
    assert abs(held - 3000 * found.hold) < 5 * (3000 * level * (1 - level)) ** 0.5
    # of all bands that could be drawn, the one around the distribution function of Kolmogorov's is known
    middle = 49
    reach = stats.kstwo(replicates).ppf(level)
    assert 0.7 * reach < (found.high[middle] - found.low[middle]) / 2 < 1.5 * reach


def test_the_distribution_function_of_ranks_is_a_share() -> None:
    found = distribution(np.array([0.1, 0.5, 0.5, 0.9]), np.array([0.05, 0.1, 0.5, 0.89, 0.9]))
    assert found == pytest.approx([0, 0.25, 0.75, 0.75, 1])


def test_a_right_sampler_passes_as_often_as_promised() -> None:
    """Of two samplers in ten the log-likelihood, an outcome or some interval strays; never what many share."""
    faults = [judged(uniform(200, seed, 60)).faults for seed in range(40)]
    assert sum(not found for found in faults) >= 40 * LEVEL**3 - 3 * (40 * 0.14 * 0.86) ** 0.5
    assert not any({"outside", "coverage"} & {*found} for found in faults)


def test_draws_that_are_13_percent_too_narrow_are_caught() -> None:
    """As those were of a sampler that fitted its reference to the very particles that it moved."""
    for seed in range(5):
        found = judged({name: too_narrow(ranks, 0.87) for name, ranks in uniform(200, seed).items()})
        assert "coverage" in found.faults
        assert all(c.found < c.share for c in found.pooled)


@pytest.mark.parametrize("deviations", [-0.5, 0.5])
def test_a_shifted_log_likelihood_is_caught_and_nothing_else_is_blamed(deviations: float) -> None:
    ranks = uniform(200, 12)
    assert not judged(ranks).faults
    found = judged(ranks | {LOG_LIKELIHOOD: shifted(ranks[LOG_LIKELIHOOD], deviations)})
    assert {*found.faults} - {LOG_LIKELIHOOD} == set()
    assert LOG_LIKELIHOOD in found.faults


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_wrong_outcome_is_caught(name: str) -> None:
    ranks = uniform(200, 12)
    assert judged(ranks | {name: shifted(ranks[name], 0.6)}).faults[0] == name
    assert name in judged(ranks | {name: too_narrow(ranks[name], 0.4)}).faults


def test_a_third_of_the_parameters_that_are_a_little_off_is_too_many() -> None:
    ranks = uniform(200, 12)
    off = {name: shifted(ranks[name], 0.3) for name in list(ranks)[:60]}
    assert "outside" in judged(ranks | off).faults


def test_coverage_is_the_share_of_truths_in_the_central_interval() -> None:
    ranks = np.array([0.01, 0.06, 0.24, 0.26, 0.5, 0.74, 0.76, 0.94, 0.96, 0.99])
    assert [(c.share, c.found) for c in coverage({"x": ranks})] == [(0.5, 0.3), (0.9, 0.7)]
    assert [(c.share, c.found) for c in pooled_coverage(np.array([ranks, ranks]))] == [(0.5, 0.3), (0.9, 0.7)]


def test_quantities_that_depend_on_each_other_are_not_counted_as_many() -> None:
    """A hundred copies of one quantity tell no more than one."""
    one = np.random.default_rng(1).random(200)
    wide, narrow = (
        pooled_coverage(ranks)[0] for ranks in (np.tile(one, (100, 1)), np.random.default_rng(2).random((100, 200)))
    )
    assert 8 < (wide.high - wide.low) / (narrow.high - narrow.low) < 12


def test_ranks_among_few_draws_become_uniform() -> None:
    """Ranks of 0 to 9 among nine draws, as often each as any other."""
    rows = [{"seed": number, "x": number % 10 / 9} for number in range(5000)]
    found = smoothed(rows, draws=9)
    assert list(found) == ["x"]
    assert stats.kstest(found["x"], "uniform").pvalue > 0.01


# --- the shipped study -----------------------------------------------------------------------------------------------


def test_the_study_is_of_every_parameter_of_the_model_or_is_said_to_be_of_another() -> None:
    """A new structure makes the study one of an older model; the calibration report says so by the digest alone."""
    found = summary(STUDY)
    if found.inputs == Evidence().target().inputs_digest:
        uncertain = {name for name, parameter in load_parameters().items() if parameter.role == "uncertain"}
        assert {*found.ranks} == uncertain | {LOG_LIKELIHOOD, *OUTCOMES}
    for language in ("zh", "en"):
        told = ranks_text(found, Evidence().target().inputs_digest, language)
        other = say("calibration_ranks_other", language)
        assert (other in told) == (found.inputs != Evidence().target().inputs_digest)


def test_the_study_has_enough_truths() -> None:
    with STUDY.open(encoding="utf-8") as file:
        seeds = [int(row["seed"]) for row in csv.DictReader(file)]
    assert len({*seeds}) == len(seeds)
    # those that were fixed before the study was run, and no others
    assert {*seeds} == {*range(1001, 1001 + LEAST)}


@pytest.mark.parametrize("study", [STUDY, STRUCTURE], ids=lambda path: path.stem)
def test_the_study_is_of_the_sampler_that_is_shipped(study: Path) -> None:
    with study.open(encoding="utf-8") as file:
        assert {row["sampler"] for row in csv.DictReader(file)} == {str(VERSION)}


def test_every_truth_of_the_study_was_sampled_to_the_same_standard() -> None:
    with STUDY.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # a truth whose posterior resists is kept, or the hard ones would be missing; there must be few
    assert np.mean([float(row["rhat"]) > simulation_based.GATE for row in rows]) <= 0.05


def test_the_shipped_study_finds_no_fault() -> None:
    found = summary(STUDY)
    told = {name: np.sort(found.ranks[name]).round(2).tolist() for name, right in found.watched.items() if not right}
    wrong = [coverage for coverage in (*found.pooled, *found.each) if not coverage.right]
    assert not found.faults, (found.faults, found.outside, found.expected_outside, wrong, told)


def moved_on(z: Array, stages: int) -> tuple[Array, Array]:
    """The log-likelihood of draws of the shipped posterior before and after more moves, [draw]."""
    target = Evidence().target()
    before = target.log_likelihood(z)
    population = Population(z, before, 1.0, 0.0, 1, 0, later_power=1.0)
    for _ in range(stages):
        population = advance(population, target.terms, Settings(), (5,), target.studied)
    return before, population.log_likelihood


def climb(z: Array) -> float:
    """Rise of the mean log-likelihood in standard errors, as of two independent samples, with as many moves again as
    the shipped posterior has made.
    """
    before, after = moved_on(z, Settings().last_stages)
    return float((after.mean() - before.mean()) / np.sqrt((before.var() + after.var()) / before.size))


@pytest.mark.study
def test_more_moves_leave_the_shipped_posterior_where_it_is() -> None:
    """Draws from a weaker likelihood, as too few moves leave them, climb."""
    posterior, latent = read_posterior(), Evidence().target().latent
    assert latent.names == posterior.names
    # 3.5 standard errors of so many draws are 0.16 standard deviations; a mean rank of 0.557 is 0.2
    many = np.linspace(0, posterior.size - 1, 1000).astype(int)
    assert abs(climb(latent.latent(posterior.values[:, many]))) < 3.5
    weights = np.exp(-0.15 * (posterior.log_likelihood - posterior.log_likelihood.min()))
    short = np.random.default_rng(1).choice(posterior.size, 500, p=weights / weights.sum())
    assert climb(latent.latent(posterior.values[:, short])) > 3.5


def test_the_shipped_ranks_would_be_caught_if_they_were_a_little_wrong() -> None:
    """The same check on the shipped ranks themselves, spoilt."""
    ranks = summary(STUDY).ranks
    narrow = {name: too_narrow(values, 0.87) for name, values in ranks.items()}
    assert "coverage" in judged(narrow).faults
    for deviations in (-0.6, 0.6):
        assert LOG_LIKELIHOOD in judged(ranks | {LOG_LIKELIHOOD: shifted(ranks[LOG_LIKELIHOOD], deviations)}).faults


@pytest.mark.parametrize(("control", "most"), [(NOISE, 0.1), (STRUCTURE, 0.3)], ids=["noise", "structure"])
def test_what_is_wrong_on_purpose_is_caught(control: Path, most: float) -> None:
    """Of some truths the structure that the sampler lacks leaves no trace in the reports: they are ranked as others."""
    found = summary(control)
    assert found.replicates >= 40
    assert LOG_LIKELIHOOD in found.faults
    assert found.ranks[LOG_LIKELIHOOD].mean() < most


# --- a few truths ----------------------------------------------------------------------------------------------------

FEW = Settings(particles=300, keep=0.4, sweeps=4, last_stages=10)


def without_extensions() -> None:
    """Run once where the study would go on until its gate is met, which takes minutes."""
    follow_parent()
    simulation_based.MOST_EXTENSIONS = 0


def few(truths: range, noise: float) -> tuple[Replicate, ...]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=without_extensions) as executor:
        return in_processes(replicate, [Trial(seed, FEW, noise) for seed in truths], executor, lambda _share: None)


def ranks_of(replicates: tuple[Replicate, ...]) -> dict[str, Array]:
    return smoothed([asdict(found)["ranks"] for found in replicates], FEW.particles)


@pytest.mark.study
def test_a_few_truths_lie_where_their_posteriors_say() -> None:
    """Eight cannot convict a sampler that is a little wrong; one whose intervals are half as wide, they can.

    So few moves leave draws that are less probable than they should be: of the log-likelihood this says nothing. Nor of
    an outcome: these eight lie low in the prior (0.30 on average in registered firms), and so do their ranks.
    """
    ranks = ranks_of(few(range(1001, 1009), 1.0))
    found = judged(ranks)
    assert not {"coverage", "outside"} & {*found.faults}, (found.faults, found.pooled)
    assert "coverage" in judged({name: too_narrow(values, 0.25) for name, values in ranks.items()}).faults


@pytest.mark.study
def test_a_few_truths_with_twice_the_assumed_errors_are_caught() -> None:
    ranks = ranks_of(few(range(1001, 1005), 2.0))
    assert LOG_LIKELIHOOD in judged(ranks).faults, ranks[LOG_LIKELIHOOD]


def test_the_study_ranks_among_as_many_draws_as_it_says() -> None:
    with STUDY.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # the latent spikes have ties, which are split; all others are whole numbers of draws
    shares = np.array([float(row[LOG_LIKELIHOOD]) for row in rows]) * DRAWS
    assert shares == pytest.approx(shares.round(), abs=0.031)
