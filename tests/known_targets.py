"""Targets whose posterior is known in closed form or by quadrature, for tests of the sampler."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.run import Batch, sample
from shudian.calibrate.sampler import Settings

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """What the sampler needs of a target: a round normal prior of so many dimensions, and the likelihood's terms."""

    dimensions: int
    first: Callable[[Array], Array]
    later: Callable[[Array], Array] | None = None


def batches_of(target: Known, folder: Path, settings: Settings, batches: int, seed: int = 1) -> tuple[Batch, ...]:
    """Independent batches, in this process."""
    with ThreadPoolExecutor(1) as executor:
        return sample(
            lambda: target, "known", seed=seed, checkpoints=folder, settings=settings, batches=batches,
            executor=executor,
        )  # type: ignore[arg-type]  # fmt: skip


def log_normal(x: Array, mean: Array | float, sd: float) -> Array:
    """Log density of independent normals, summed over the first axis of `x`."""
    return log_normals(x, mean, sd).sum(axis=0)


def log_normals(x: Array, mean: Array | float, sd: float) -> Array:
    """Log density of each of independent normals."""
    return np.asarray(-0.5 * ((x - mean) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi)))


@dataclass(frozen=True)
class Linear:
    """A few readings of many numbers, with noise: the posterior is normal."""

    design: Array
    data: Array
    noise: float

    @staticmethod
    def random(dimensions: int, readings: int, noise: float, seed: int) -> Linear:
        """A design with random directions, and data that the prior would give."""
        generator = np.random.default_rng(seed)
        design = generator.standard_normal((readings, dimensions))
        truth = generator.standard_normal(dimensions)
        return Linear(design, design @ truth + noise * generator.standard_normal(readings), noise)

    def terms(self, z: Array) -> Array:
        """The log-likelihood of each reading, [reading, draw], at z [parameter, draw]."""
        return log_normals(self.design @ z, self.data[:, None], self.noise)

    def without(self, reading: int) -> Linear:
        """The same with one reading less."""
        return Linear(np.delete(self.design, reading, axis=0), np.delete(self.data, reading), self.noise)

    def draws(self, count: int, generator: np.random.Generator) -> Array:
        """Independent draws of the posterior, [parameter, draw]."""
        mean, covariance = self.mean_and_covariance()
        noise = generator.standard_normal((len(mean), count))
        return np.asarray(mean[:, None] + np.linalg.cholesky(covariance) @ noise)

    def whitened(self, z: Array) -> Array:
        """What is round and normal if the draws z [parameter, draw] are the posterior's."""
        mean, covariance = self.mean_and_covariance()
        return np.asarray(np.linalg.solve(np.linalg.cholesky(covariance), z - mean[:, None]))

    def mean_and_covariance(self) -> tuple[Array, Array]:
        """Of the posterior."""
        precision = np.eye(self.design.shape[1]) + self.design.T @ self.design / self.noise**2
        covariance = np.linalg.inv(precision)
        return covariance @ self.design.T @ self.data / self.noise**2, covariance

    def log_evidence(self) -> float:
        """Log density of the data before anything is known."""
        spread = self.design @ self.design.T + self.noise**2 * np.eye(len(self.data))
        _, logarithm = np.linalg.slogdet(2 * math.pi * spread)
        return float(-0.5 * (self.data @ np.linalg.solve(spread, self.data) + logarithm))


def mixture(dimensions: int, modes: list[tuple[float, Array, float]]) -> Known:
    """A target whose posterior is exactly the mixture of round normals (weight, mean, sd) in the first numbers.

    The log evidence is 0. The remaining numbers keep the prior.
    """
    width = len(modes[0][1])

    def log_likelihood(z: Array) -> Array:
        inside = z[:width]
        parts = [math.log(weight) + log_normal(inside, mean[:, None], sd) for weight, mean, sd in modes]
        found: Any = np.logaddexp.reduce(parts, axis=0)
        return found - log_normal(inside, 0.0, 1.0)

    return Known(dimensions, log_likelihood)
