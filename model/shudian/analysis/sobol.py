"""Sobol indices: which share of an outcome's variance comes from which input, alone and with all others.

The design is that of Saltelli et al. (2010, Computer Physics Communications 181), as SALib's `sobol.sample` lays it
out: two matrices of inputs, and for each factor the first with the factor's rows from the second. It is put together
here factor by factor, because SALib's, whole and row by row, takes a gigabyte and minutes for 2^15 base samples of 179
inputs. The estimators are SALib's. Intervals are SALib's bootstrap, written as one matrix product: it resamples base
samples as if they were independent; where an outcome has a heavy tail and they are few, intervals are too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import InputError

Array = NDArray[np.float64]
Evaluate = Callable[[Array], Array]
"""Inputs [input, sample] -> outcomes [outcome, sample]."""
RESAMPLES = 200
_TWO_SIDED_95 = 1.959963984540054
LEAST_BASE, MOST_BASE = 64, 2**17


@dataclass(frozen=True, slots=True)
class Factor:
    """Inputs whose share is asked for together."""

    name: str
    members: tuple[int, ...]
    """Their rows."""


@dataclass(frozen=True, slots=True)
class Index:
    """A factor's shares of one outcome's variance, each with half the width of its 95 % interval."""

    first: float
    """What the factor explains alone."""
    first_error: float
    total: float
    """What would be left if everything but the factor were known: alone and together with others."""
    total_error: float

    @property
    def told_from_nil(self) -> bool:
        """Whether the interval of the total share leaves out nil."""
        return self.total > self.total_error


def check_base(base: int) -> None:
    """Raise InputError unless `base` is a power of two that a design can have: only then is the sequence balanced."""
    if base < LEAST_BASE or base > MOST_BASE or base & (base - 1):
        raise InputError(
            "--base-runs {base}: the number of base runs is a power of two from {least} to {most}, for "
            "example 4096 or 32768",
            base=base,
            least=LEAST_BASE,
            most=MOST_BASE,
        )


def uniforms(inputs: int, base: int, seed: int) -> tuple[Array, Array]:
    """The design's two matrices [input, sample], uniform on [0, 1): the points that SALib's `sobol.sample` takes."""
    from scipy.stats import qmc

    points = qmc.Sobol(2 * inputs, scramble=True, seed=np.random.default_rng(seed)).random(base).T
    return np.ascontiguousarray(points[:inputs]), np.ascontiguousarray(points[inputs:])


def sobol_indices(
    evaluate: Evaluate,
    first: Array,
    second: Array,
    factors: Sequence[Factor],
    seed: int,
    progress: Callable[[float], None] = lambda _share: None,
) -> list[list[Index]]:
    """The indices of every factor, [outcome][factor], from the design's two matrices [input, sample].

    Both have already been given their distributions. `evaluate` is called factors + 2 times with a matrix like them.
    An outcome that does not vary has indices of 0.
    """
    calls = len(factors) + 2

    def run(inputs: Array, done: int) -> Array:
        values = evaluate(inputs)
        progress(done / calls)
        return values

    a, b = run(first, 1), run(second, 2)
    crossed = np.empty((len(factors), *a.shape))
    for position, factor in enumerate(factors):
        mixed = first.copy()
        rows = list(factor.members)
        mixed[rows] = second[rows]
        crossed[position] = run(mixed, position + 3)
    return [_indices(a[outcome], b[outcome], crossed[:, outcome], seed) for outcome in range(len(a))]


def _indices(a: Array, b: Array, crossed: Array, seed: int) -> list[Index]:
    # SALib takes pandas with it, which takes half a second to import
    from SALib.analyze.sobol import first_order, total_order

    # rounding may leave a constant outcome with a variance of its own
    scale = np.concatenate([a, b]).std()
    if scale <= 1e-12 * max(abs(a).max(), abs(b).max()):
        return [Index(0.0, 0.0, 0.0, 0.0) for _ in crossed]
    centre = np.concatenate([a, b, *crossed]).mean()
    a, b, crossed = ((values - centre) / scale for values in (a, b, crossed))
    alone, together = b * (crossed - a), 0.5 * (a - crossed) ** 2
    counts = _counts(a.size, seed)
    mean = counts @ (a + b) / 2
    variance = counts @ (a**2 + b**2) / 2 - mean**2
    errors = [_TWO_SIDED_95 * (counts @ part.T / variance[:, None]).std(axis=0, ddof=1) for part in (alone, together)]
    return [
        Index(float(first_order(a, ab, b)), float(e1), float(total_order(a, ab, b)), float(e2))
        for ab, e1, e2 in zip(crossed, *errors, strict=True)
    ]


def _counts(samples: int, seed: int) -> Array:
    """How often each resampling has each sample, [resampling, sample], as a share."""
    generator = np.random.default_rng(seed)
    drawn = [np.bincount(generator.integers(samples, size=samples), minlength=samples) for _ in range(RESAMPLES)]
    return np.array(drawn, dtype=np.float64) / samples
