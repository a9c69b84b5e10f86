"""Does a sampler of another kind find the same posterior of the shipped model?

The witness is Metropolis' rule with preconditioned Crank-Nicolson steps (Cotter, Roberts, Stuart and White 2013) in
the directions that the reports inform (Cui, Law and Marzouk 2016): no tempering, no resampling, no slices, and chains
that never see each other once their reference is fixed. They start as draws from the prior. What studies of other
places say, which takes six times as long to compute, is put on its draws as weights at the end.

It does not establish that either sampler is right about a mode that neither reaches, nor that the model is: both
sample the same log-likelihood.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from shudian.calibrate.calibration import Evidence
from shudian.calibrate.target import HISTORY, Target
from shudian.grounds import require_fresh
from shudian.kernel import compile_model
from shudian.posterior_file import read_posterior
from shudian.scenarios import load_scenario, schedule_matrix
from shudian.simulate import STEPS_PER_MONTH

Array = NDArray[np.float64]
CHAINS, MONTHS = 400, 60


@dataclass(frozen=True)
class Reference:
    """A normal distribution in the columns of `basis`, the prior elsewhere."""

    basis: Array
    mean: Array
    root: Array

    def to_prior(self, z: Array) -> Array:
        """Log density of the prior over that of the reference."""
        inside = self.basis.T @ z
        scaled = np.linalg.solve(self.root, inside - self.mean[:, None])
        return np.asarray(0.5 * ((scaled**2).sum(axis=0) - (inside**2).sum(axis=0)))

    def propose(self, z: Array, step: Array | float, generator: np.random.Generator) -> Array:
        """A step that leaves the reference as it is; 1 is a fresh draw from it, 0 stays."""
        noise = generator.standard_normal(z.shape)
        noise += self.basis @ (self.root @ (self.basis.T @ noise) - self.basis.T @ noise)
        centre = (self.basis @ self.mean)[:, None]
        return np.asarray(centre + np.sqrt(1 - np.square(step)) * (z - centre) + step * noise)


class Witness:
    """Chains side by side."""

    def __init__(self, target: Target, seed: int) -> None:
        self.target, self.generator = target, np.random.default_rng(seed)
        self.z = self.generator.standard_normal((target.dimensions, CHAINS))
        self.values = self.total(self.z)
        self.step = np.full(CHAINS, 0.2)
        self.reference = Reference(np.empty((target.dimensions, 0)), np.empty(0), np.empty((0, 0)))

    def total(self, z: Array) -> Array:
        return self.target.observer.total(self.target.run(self.target.latent.uncertain(z), None))

    def by_report(self, z: Array) -> Array:
        return self.target.observer.log_likelihood(self.target.run(self.target.latent.uncertain(z), None))

    def informed(self, points: int = 100, width: float = 0.05) -> Array:
        """Orthonormal directions in which some report's log-likelihood changes at the chains' places."""
        z = self.z[:, np.argsort(-self.values)[:points]]
        here = self.by_report(z)
        slopes = np.empty((len(z), *here.shape))
        for row in range(len(z)):
            moved = z.copy()
            moved[row] += width
            slopes[row] = (self.by_report(moved) - here) / width
        flat = slopes.reshape(len(z), -1)
        # a point far out on one report's slope must not drown the others
        flat /= np.maximum(np.linalg.norm(flat, axis=0) / 3, 1)
        values, vectors = np.linalg.eigh(flat @ flat.T / points)
        return np.asarray(vectors[:, values > 0.1])

    def fit(self, basis: Array) -> None:
        inside = basis.T @ self.z
        root = np.linalg.cholesky(np.cov(inside) * 1.1 + 1e-6 * np.eye(len(inside)))
        self.reference = Reference(basis, inside.mean(axis=1), root)

    def move(self, step: Array | float) -> NDArray[np.bool_]:
        proposed = self.reference.propose(self.z, step, self.generator)
        values = self.total(proposed)
        gain = values + self.reference.to_prior(proposed) - self.values - self.reference.to_prior(self.z)
        accepted = np.log(self.generator.random(CHAINS)) < gain
        self.z[:, accepted], self.values[accepted] = proposed[:, accepted], values[accepted]
        return np.asarray(accepted)

    def settle(self, moves: int) -> None:
        """Moves whose size is led to where a quarter is accepted."""
        for _ in range(moves):
            accepted = self.move(self.step)
            self.step = np.clip(self.step * np.exp(0.05 * (accepted - 0.25)), 0.01, 1.0)

    def burn_in(self) -> None:
        self.settle(500)
        for _ in range(3):
            basis = self.informed()
            for _ in range(4):
                self.fit(basis)
                self.settle(100)

    def sample(self, moves: int, every: int) -> tuple[Array, Array]:
        """Places [kept, parameter, chain] and log-likelihoods [kept, chain], nothing adapted any more."""
        places, values = [], []
        usual = float(np.median(self.step))
        for move in range(moves):
            self.move(min(usual * (0.5, 1.0, 2.0)[self.generator.integers(3)], 1.0))
            if move % every == every - 1:
                places.append(self.z.copy())
                values.append(self.values.copy())
        return np.array(places), np.array(values)


OUTCOMES = ("local output 2025", "local output 2027", "firms 2025", "firms 2027", "heads 2027", "log sets over workers")


def outcomes(target: Target, uncertain: Array) -> Array:
    """What answers are about, [outcome, draw], under the policy of the past; logarithms, whose tails are shorter."""
    names = ("cumulative_local_output", "registered_firms", "head_count", "set_capacity", "workforce_capacity")
    schedules = schedule_matrix(
        load_scenario(HISTORY, target.model.parameters), target.model.scheduled, MONTHS, STEPS_PER_MONTH
    )
    output, firms, heads, sets, workers = compile_model(target.model).run(
        target.latent.fixed(uncertain), schedules, names, months=MONTHS, steps_per_month=STEPS_PER_MONTH
    )
    return np.log(
        [output[36] - output[24], output[60] - output[48], firms[36], firms[60], heads[60], sets[23] / workers[23]]
    )


def weighted(theirs: Array, weights: Array) -> Array:
    """The mean of `theirs` [kept, quantity, chain] by `weights` [kept, chain], [quantity]."""
    return np.asarray(np.einsum("kqc,kc->q", theirs, weights) / weights.sum())


def compared(ours: Array, batch: Array, theirs: Array, weights: Array) -> tuple[Array, Array]:
    """Difference of means over the combined standard error, and over our standard deviation, [quantity].

    `ours` [quantity, draw] in batches, `theirs` [kept, quantity, chain] with `weights` [kept, chain]. Batches and
    chains are independent, so that their means tell the error of the mean; of the few batches, none is trusted below
    that of independent draws.
    """
    means = np.array([ours[:, batch == number].mean(axis=1) for number in np.unique(batch)])
    own = np.maximum(means.std(axis=0, ddof=1) / math.sqrt(len(means)), ours.std(axis=1) / math.sqrt(ours.shape[1]))
    mean = weighted(theirs, weights)
    # a ratio of two means over chains: its error is that of what each chain adds to the first beyond its share
    added = np.einsum("kqc,kc->qc", theirs - mean[:, None], weights)
    other = added.std(axis=1, ddof=1) * math.sqrt(added.shape[1]) / weights.sum()
    difference = mean - ours.mean(axis=1)
    return difference / np.hypot(own, other), difference / ours.std(axis=1)


def features(target: Target, z: Array, log_likelihood: Array) -> Array:
    """Everything that is compared: latent numbers of the parameters, log-likelihood, outcomes."""
    return np.concatenate([z, log_likelihood[None], outcomes(target, target.latent.uncertain(z))])


@pytest.mark.study
def test_chains_that_are_neither_tempered_nor_resampled_agree() -> None:
    target = Evidence().target()
    posterior = read_posterior()
    require_fresh(posterior, target)
    assert posterior.names == target.latent.names
    # the matrices are small, and the model's own threads have the cores
    with threadpool_limits(1):
        witness = Witness(target, seed=11)
        witness.burn_in()
        places, values = witness.sample(moves=3000, every=30)
        check(target, posterior.values, posterior.batch, posterior.log_likelihood, places, values)


def check(target: Target, uncertain: Array, batch: Array, log_likelihood: Array, places: Array, values: Array) -> None:
    ours = features(target, target.latent.latent(uncertain), log_likelihood)
    theirs = np.array([features(target, z, value) for z, value in zip(places, values, strict=True)])
    assert target.studied is not None
    studies = np.array([target.studied(z).sum(axis=0) for z in places])
    weights = np.exp(studies - studies.max())
    half = len(theirs) // 2
    errors, sizes = compared(ours, batch, theirs, weights)
    drift = (weighted(theirs[half:], weights[half:]) - weighted(theirs[:half], weights[:half])) / ours.std(axis=1)
    names = (*target.latent.names, "log-likelihood", *OUTCOMES)
    worst = np.argsort(-np.abs(errors))[:6]
    told = [(names[row], round(float(errors[row]), 1), round(float(sizes[row]), 2)) for row in worst]
    print("\ngreatest differences in standard errors, and in standard deviations:", told)
    outcome = slice(len(target.latent.names), None)
    for row in range(len(names))[outcome]:
        numbers = ours[row].mean(), weighted(theirs, weights)[row], errors[row], sizes[row], drift[row]
        print(f"{names[row]}: ours {numbers[0]:.3f}, theirs {numbers[1]:.3f}, differ by {numbers[2]:.1f} errors or")
        print(f"    {numbers[3]:.3f} deviations; the witness drifted by {numbers[4]:.3f} deviations")
    # the witness itself must have arrived before it may accuse
    assert np.abs(drift[outcome]).max() < 0.15
    # of some 190 quantities one strays by 5 standard errors once in ten thousand runs
    assert np.abs(errors).max() < 5, told
    assert np.abs(sizes[outcome]).max() < 0.15, told
    # the middle half and nine tenths of our draws hold as many of theirs
    for share in (0.5, 0.9):
        bounds = np.quantile(ours[outcome], [(1 - share) / 2, (1 + share) / 2], axis=1)[..., None]
        inside = weighted((theirs[:, outcome] > bounds[0]) & (theirs[:, outcome] < bounds[1]), weights)
        assert inside == pytest.approx(share, abs=0.06)
