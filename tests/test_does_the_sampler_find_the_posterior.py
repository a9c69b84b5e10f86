"""Does the sampler find posteriors that are known: their means, spreads, modes, kinks, spikes and evidence?

It does not establish that the shipped posterior has converged (its diagnostics do), nor that a second algorithm
agrees on the real target (`test_does_a_second_sampler_agree`). A mode that holds much of the posterior but very
little of every tempered one, such as a narrow one in many dimensions, is lost by any population of a given size;
`test_two_modes_are_found_with_their_weights` has modes that differ by five in width and two in dimension.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from known_targets import Array, Known, Linear, batches_of, log_normal, log_normals, mixture
from shudian.calibrate.run import Batch
from shudian.calibrate.sampler import (
    POINTS,
    Population,
    Settings,
    _difference,
    _Others,
    _sweep,
    bridge,
    informed,
    move,
)
from shudian.kinds import Parameter, Prior
from shudian.latent import Latent, latent_of
from toy import NOTHING, NOWHERE

SETTINGS = Settings(particles=1000, sweeps=6, last_stages=3)


def together(batches: tuple[Batch, ...]) -> Array:
    """All draws, [parameter, draw]."""
    return np.concatenate([batch.z for batch in batches], axis=1)


def assert_within_batch_error(values: Array, truth: float | Array, allowed: float = 5.0) -> None:
    """`values` [batch, ...] have a mean that differs from `truth` by less than `allowed` standard errors.

    The errors are those between batches; few batches estimate them badly, so the root mean square over all
    quantities bounds each from below.
    """
    count = len(values)
    spread = values.std(axis=0, ddof=1)
    error = np.maximum(spread, np.sqrt(np.mean(spread**2))) / math.sqrt(count)
    assert (np.abs(values.mean(axis=0) - truth) < allowed * error).all()


def assert_normal(target: Linear, z: Array) -> None:
    """`z` [parameter, draw] have mean and covariance of the normal posterior of `target`.

    Draws of a batch share ancestors, so that fewer than there are are independent: half is asked for.
    """
    whitened = target.whitened(z)
    dimensions, draws = whitened.shape
    assert np.abs(whitened.mean(axis=1)).max() < 4 * math.sqrt(2 / draws)
    eigenvalues = np.linalg.eigvalsh(np.cov(whitened))
    edge = math.sqrt(dimensions / (draws / 2))
    assert (1 - edge) ** 2 < eigenvalues.min()
    assert eigenvalues.max() < (1 + edge) ** 2


def test_a_normal_posterior_has_its_mean_covariance_and_evidence(tmp_path: Path) -> None:
    target = Linear.random(dimensions=60, readings=10, noise=1.0, seed=3)
    batches = batches_of(Known(60, target.terms), tmp_path, SETTINGS, batches=8)
    assert_normal(target, together(batches))
    evidence = np.array([batch.log_evidence for batch in batches])
    assert_within_batch_error(evidence, target.log_evidence())
    assert evidence.std(ddof=1) < 0.5


def test_what_the_data_do_not_touch_keeps_the_variance_of_the_prior(tmp_path: Path) -> None:
    """From the prior to the posterior, with not even two particles for each parameter in a half."""
    dimensions, readings = 120, 6
    target = Linear.random(dimensions, readings, noise=0.5, seed=5)
    settings = Settings(particles=400, sweeps=6, last_stages=3)
    batches = batches_of(Known(dimensions, target.terms), tmp_path, settings, batches=6)
    untouched = np.linalg.svd(target.design)[2][readings:]
    variances = np.array([[(untouched @ b.z).var(axis=1, ddof=1).mean()] for b in batches])
    assert_within_batch_error(variances, 1.0)
    assert variances.mean() == pytest.approx(1.0, abs=0.02)


@pytest.mark.slow
def test_two_modes_are_found_with_their_weights(tmp_path: Path) -> None:
    narrow, broad = np.array([2.0, 1.0]), np.array([-1.5, 0.0])
    target = mixture(8, [(0.3, narrow, 0.1), (0.7, broad, 0.5)])
    batches = batches_of(target, tmp_path, Settings(particles=600, sweeps=4, last_stages=2), batches=60)
    shares = np.array([(np.linalg.norm(b.z[:2] - narrow[:, None], axis=0) < 1.2).mean() for b in batches])
    assert_within_batch_error(shares[:, None], 0.3, allowed=4)
    # the shares of single batches stray by a few times what 600 independent draws would
    assert shares.std(ddof=1) < 4 * math.sqrt(0.3 * 0.7 / 600)
    z = together(batches)
    near = np.linalg.norm(z[:2] - narrow[:, None], axis=0) < 1.2
    for draws, centre, sd in ((z[:2, near], narrow, 0.1), (z[:2, ~near], broad, 0.5)):
        assert draws.mean(axis=1) == pytest.approx(centre, abs=0.05 * sd)
        assert draws.std(axis=1) == pytest.approx([sd, sd], rel=0.03)
    assert_within_batch_error(np.exp([[b.log_evidence] for b in batches]), 1.0, allowed=4)


def test_kinks_and_ridges_agree_with_quadrature(tmp_path: Path) -> None:
    def log_likelihood(z: Array) -> Array:
        ridge = -np.abs(z[0] - np.maximum(z[1], 0.0)) / 0.1
        return np.asarray(ridge - 2 * np.minimum(np.abs(z[1] - 1), np.abs(z[1] + 0.5)))

    axis = np.linspace(-6, 6, 2401)
    grid = np.array(np.meshgrid(axis, axis, indexing="ij")).reshape(2, -1)
    logarithms = log_likelihood(grid) + log_normal(grid, 0.0, 1.0)
    weights = np.exp(logarithms)
    cell = (axis[1] - axis[0]) ** 2
    batches = batches_of(Known(2, log_likelihood), tmp_path, SETTINGS, batches=8)
    questions = [
        lambda z: z[0] < 0, lambda z: z[0] < 0.1, lambda z: z[0] < 0.8, lambda z: z[1] < -0.5, lambda z: z[1] < 0,
        lambda z: z[1] < 1, lambda z: np.abs(z[0] - np.maximum(z[1], 0)) < 0.05, lambda z: z[0] > z[1] + 0.5,
    ]  # fmt: skip
    asked = np.array([[question(b.z).mean() for question in questions] for b in batches])
    truth = np.array([weights[question(grid)].sum() for question in questions]) / weights.sum()
    assert_within_batch_error(asked, truth)
    assert asked.mean(axis=0) == pytest.approx(truth, abs=0.02)
    evidence = np.array([[b.log_evidence] for b in batches])
    assert_within_batch_error(evidence, math.log(weights.sum() * cell))


def spike(nil: float, mean: float, sd: float) -> Parameter:
    """A parameter that is exactly nothing with probability `nil`."""
    prior = Prior("nil_or_normal", {"nil_probability": nil, "mean": mean, "sd": sd})
    return Parameter(
        "effect", "toy", NOTHING, NOTHING, "1", "1", "uncertain", 0.0, prior, -10.0, 10.0, "assumed", (), NOTHING,
        NOWHERE,
    )  # fmt: skip


class Fixed:
    """As much of a model as a Latent needs."""

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        self.fixed = parameters


def spikes() -> Latent:
    return latent_of(Fixed((spike(0.4, 0.3, 0.5), spike(0.5, 0.3, 0.5), spike(0.2, -0.4, 0.3))))  # type: ignore[arg-type]


def test_the_probability_of_nil_is_the_closed_form(tmp_path: Path) -> None:
    latent = spikes()
    readings, noise = np.array([0.0, 0.9, -0.2]), 0.25

    def terms(z: Array) -> Array:
        return log_normals(latent.uncertain(z), readings[:, None], noise)

    truth = []
    for parameter, reading in zip(latent.parameters, readings, strict=True):
        assert parameter.prior is not None
        nil, mean, sd = (parameter.prior.arguments[name] for name in ("nil_probability", "mean", "sd"))
        at_nil = nil * stats.norm.pdf(reading, 0, noise)
        truth.append(at_nil / (at_nil + (1 - nil) * stats.norm.pdf(reading, mean, math.hypot(sd, noise))))
    batches = batches_of(Known(3, terms), tmp_path, SETTINGS, batches=8)
    found = np.array([(np.abs(latent.uncertain(b.z)) < 1e-9).mean(axis=1) for b in batches])
    assert_within_batch_error(found, np.array(truth))
    assert found.mean(axis=0) == pytest.approx(truth, abs=0.03)


@pytest.mark.parametrize("nothing", [-np.inf, np.nan])
@pytest.mark.parametrize(("sign", "edge"), [(1.0, 0.0), (1.0, 1.0), (1.0, 2.0), (-1.0, 1.0)])
def test_where_the_model_gives_no_number_nothing_is_drawn(
    sign: float, edge: float, nothing: float, tmp_path: Path
) -> None:
    """At the farthest edge 98 in a hundred prior draws are lost."""

    def terms(z: Array) -> Array:
        return np.where(sign * z[0] > edge, log_normals(z[1:3], 1.0, 0.5), nothing)

    batches = batches_of(Known(4, terms), tmp_path, SETTINGS, batches=8)
    assert (sign * together(batches)[0] > edge).all()
    above = stats.truncnorm(edge, np.inf)
    assert_within_batch_error(
        np.array(
            [[(sign * b.z[0]).mean(), (sign * b.z[0] > edge + 0.5).mean(), *b.z[1:].mean(axis=1)] for b in batches]
        ),
        np.array([above.mean(), above.sf(edge + 0.5), 0.8, 0.8, 0.0]),
    )
    truth = special.log_ndtr(-edge) + 2 * stats.norm.logpdf(1.0, 0, math.hypot(1, 0.5))
    assert_within_batch_error(np.array([[b.log_evidence] for b in batches]), truth)


@pytest.mark.parametrize("readings", [10, 60])
def test_moves_keep_a_posterior_of_many_parameters_that_few_particles_hold(readings: int) -> None:
    """From exact draws of a normal posterior, which exact moves leave exact and independent.

    With sixty readings differences go in sixty directions, and 160 particles say how far.
    """
    target = Linear.random(DIMENSIONS, readings, 1.0, seed=readings)
    generator = np.random.default_rng(readings)

    def moved(z: Array) -> Array:
        population = Population(z, target.terms(z).sum(axis=0), 1.0, 0.0, 1, PARTICLES)
        for _ in range(2):
            population = move(population, target.terms, 4, generator)
        assert population.log_likelihood == pytest.approx(target.terms(population.z).sum(axis=0))
        assert (population.z != z).any(axis=0).all()
        return population.z

    assert abs(narrowing(target, generator, moved)) < SURE


@pytest.mark.parametrize("itself", [False, True])
def test_few_particles_that_are_moved_by_themselves_become_too_narrow(itself: bool) -> None:
    """Why there are halves: the same differences are wrong if they are between the very particles that they move."""
    dimensions, particles, repeats = 40, 32, 20
    target = Linear.random(dimensions, 5, 1.0, seed=1)
    generator = np.random.default_rng(2)
    variances = []
    for _ in range(repeats):
        z, apart = target.draws(particles, generator), target.draws(particles, generator)
        values = target.terms(z).sum(axis=0)
        for _ in range(100):
            others = _Others(np.eye(dimensions), z if itself else apart, np.empty(0, dtype=np.int64), 0)
            points, prior = _difference(others, generator)(z)
            proposed = target.terms(points).sum(axis=0)
            kept = np.log(generator.random(particles)) < proposed - values + prior
            z, values = np.where(kept, points, z), np.where(kept, proposed, values)
        variances.append(target.whitened(z).var(axis=1, ddof=1).mean())
    found, sure = np.mean(variances) - 1, 4.9 * math.sqrt(2 / (repeats * particles * dimensions))
    assert found < -0.3 if itself else abs(found) < sure


DIMENSIONS, PARTICLES, REPEATS = 80, 320, 3
SURE = 4.9 * math.sqrt(2 / (REPEATS * PARTICLES * DIMENSIONS))
"""The mean of so many independent variances strays farther once in a million times."""


def narrowing(target: Linear, generator: np.random.Generator, moved: Callable[[Array], Array]) -> float:
    """By how much the mean variance of exact draws differs from 1 after they have been moved."""
    variances = [
        target.whitened(moved(target.draws(PARTICLES, generator))).var(axis=1, ddof=1).mean() for _ in range(REPEATS)
    ]
    return float(np.mean(variances) - 1)


def test_directions_that_the_terms_depend_on_are_found_and_no_others() -> None:
    """Each term sees one direction; two of them pull against each other, so that their sum is flat."""
    generator = np.random.default_rng(3)
    directions = np.linalg.qr(generator.standard_normal((40, 3)))[0]

    def terms(z: Array) -> Array:
        first, second, third = directions.T @ z
        return np.array([3 * first, -3 * first, -8 * np.abs(second), 0.02 * third])

    basis, evaluations = informed(generator.standard_normal((40, 200)), terms, generator)
    assert evaluations == POINTS * 41
    assert basis.T @ basis == pytest.approx(np.eye(2), abs=1e-9)
    assert basis @ basis.T @ directions[:, :2] == pytest.approx(directions[:, :2], abs=1e-6)


def test_a_bridge_leads_to_the_posterior_without_one_reading() -> None:
    target = Linear.random(dimensions=30, readings=8, noise=0.7, seed=4)
    generator = np.random.default_rng(4)
    for left_out in range(0, 8, 3):
        rest = target.without(left_out)
        before = [target.draws(1000, generator) for _ in range(4)]
        found = [bridge(z, target.terms, left_out, 6, generator) for z in before]
        for population in found:
            assert population.log_likelihood == pytest.approx(rest.terms(population.z).sum(axis=0))
        assert_normal(rest, np.hstack([population.z for population in found]))
        # the reading mattered: where the bridge began would not pass for its end
        with pytest.raises(AssertionError):
            assert_normal(rest, np.hstack(before))


def test_a_bridge_is_the_same_for_the_same_numbers() -> None:
    target = Linear.random(dimensions=12, readings=4, noise=0.7, seed=4)
    z = target.draws(100, np.random.default_rng(1))
    kept = z.copy()
    one, other = (bridge(z, target.terms, 2, 2, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one.z, other.z)
    np.testing.assert_array_equal(z, kept)


def test_the_way_back_from_values_draws_among_all_that_mean_nil() -> None:
    latent = spikes()
    z = np.random.default_rng(6).standard_normal((3, 4000))
    values = latent.uncertain(z)
    back = latent.latent(values)
    # the way there is read from a table whose nodes are 0.003 apart, and half a line joins nil to what is not
    assert latent.uncertain(back) == pytest.approx(values, abs=0.003 * 0.5)
    for row in back:
        assert stats.kstest(row, "norm").pvalue > 0.001


def parted(dimensions: int, readings: int, first: int, noise: float, seed: int) -> tuple[Linear, Linear, Linear]:
    """A target, and its readings as two likelihoods, the first of so many readings and the second of the others.

    The second is as studies of other places are: it says little, and mostly of parameters that the first leaves alone.
    """
    generator = np.random.default_rng(seed)
    design = generator.standard_normal((readings, dimensions))
    design[:first, 2 * dimensions // 3 :] = 0
    design[first:, : dimensions // 2] = 0
    design[first:] *= 0.3
    truth = generator.standard_normal(dimensions)
    target = Linear(design, design @ truth + noise * generator.standard_normal(readings), noise)
    parts = [Linear(target.design[rows], target.data[rows], noise) for rows in (slice(first), slice(first, None))]
    return target, parts[0], parts[1]


def test_a_second_likelihood_that_comes_in_later_counts_as_the_first(tmp_path: Path) -> None:
    target, first, second = parted(dimensions=40, readings=9, first=6, noise=0.8, seed=11)
    settings = Settings(particles=1000, sweeps=6, last_stages=2, later_stages=6)
    both = batches_of(Known(40, first.terms, second.terms), tmp_path / "both", settings, batches=8)
    assert_normal(target, together(both))
    assert_within_batch_error(np.array([batch.log_evidence for batch in both]), target.log_evidence())
    # it mattered: without it the draws are another posterior's
    with pytest.raises(AssertionError):
        assert_normal(target, together(batches_of(Known(40, first.terms), tmp_path / "one", settings, batches=8)))


def test_moves_keep_the_product_of_both_likelihoods() -> None:
    target, first, second = parted(dimensions=30, readings=8, first=5, noise=0.7, seed=12)
    generator = np.random.default_rng(12)
    kept, lost = [], []
    for _ in range(6):
        z = target.draws(600, generator)
        at = Population(z, first.terms(z).sum(axis=0), 1.0, 0.0, 0, 0, later_power=1.0)
        kept.append(move(at, first.terms, 12, generator, second.terms).z)
        lost.append(move(at, first.terms, 12, generator).z)
    assert_normal(target, np.hstack(kept))
    with pytest.raises(AssertionError):
        assert_normal(target, np.hstack(lost))


def test_a_bridge_keeps_the_second_likelihood() -> None:
    """With many moves: the reading that is taken out is far sharper than a report, and its posterior far away."""
    target, first, second = parted(dimensions=30, readings=8, first=5, noise=0.7, seed=4)
    generator = np.random.default_rng(4)
    found = [bridge(target.draws(1000, generator), first.terms, 2, 30, generator, second.terms) for _ in range(4)]
    assert_normal(target.without(2), np.hstack([population.z for population in found]))


def test_sweeps_are_reversible_whatever_their_order() -> None:
    """What lets a second likelihood be asked once for a sweep: there and back again, every flow is as great as its
    return. Three states, whose moves are Metropolis' over one of two pairs, in any order that a half may share.
    """
    first = np.array([0.5, 0.3, 0.2])

    def over(pair: tuple[int, int]) -> Array:
        kernel = np.eye(3)
        for here, there in (pair, pair[::-1]):
            kernel[here, there] = min(1, first[there] / first[here]) / 2
            kernel[here, here] = 1 - kernel[here, there]
        return kernel

    one, other = over((0, 1)), over((1, 2))
    for kernels in ((one, other), (other, one), (one, one, other)):
        there = np.linalg.multi_dot([*kernels]) if len(kernels) > 2 else kernels[0] @ kernels[1]
        back = np.linalg.multi_dot([*kernels[::-1]]) if len(kernels) > 2 else kernels[1] @ kernels[0]
        flows = first[:, None] * (there @ back)
        assert flows == pytest.approx(flows.T)
        assert abs(first[:, None] * there - (first[:, None] * there).T).max() > 0.001


def test_a_sweep_goes_there_and_back_where_a_second_likelihood_is_asked() -> None:
    z = np.random.default_rng(1).standard_normal((30, 50))
    others = _Others(np.eye(30)[:, :4], z[:4], np.arange(4, 30), 0)
    moves = list(_sweep(others, np.random.default_rng(2), there_and_back=True))
    assert moves == moves[::-1]
    assert len(moves) == len(list(_sweep(others, np.random.default_rng(2), there_and_back=False)))


def test_a_first_likelihood_that_is_a_little_off_is_put_right() -> None:
    """As the tables and longer steps are: the second is the difference, in every term, and the bridge takes out all."""
    target = Linear.random(dimensions=30, readings=8, noise=0.7, seed=9)
    off = Linear(target.design, target.data + np.linspace(-0.5, 0.5, 8), 0.8)
    generator = np.random.default_rng(9)

    def later(z: Array) -> Array:
        return target.terms(z) - off.terms(z)

    moved = []
    for _ in range(6):
        z = target.draws(600, generator)
        at = Population(z, off.terms(z).sum(axis=0), 1.0, 0.0, 0, 0, later_power=1.0)
        moved.append(move(at, off.terms, 12, generator, later).z)
    assert_normal(target, np.hstack(moved))

    def without_last(z: Array) -> Array:
        return later(z)[:-1]

    found = []
    for _ in range(4):
        z = target.draws(1000, generator)
        found.append(bridge(z, off.terms, -1, 12, generator, without_last, later(z)[-1]).z)
    assert_normal(target.without(7), np.hstack(found))
