"""Latent space: every uncertain parameter as a standard normal number, so that the prior is a round cloud.

A parameter's value is the prior's quantile at the normal probability of its latent number, read from a table,
because a beta distribution's quantile takes as long as a run of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from shudian.kinds import Model, Parameter, Prior
from shudian.priors import cumulative, quantile

Array = NDArray[np.float64]
_LEARNED_SHARE, _LEARNED_SHIFT = 0.1, 0.25
"""With 4,000 draws chance makes a share of 0.03 and a shift of 0.03."""
_REACH, _NODES = 6.5, 4097
"""Latent numbers beyond the reach, one in twelve billion, are read at it; between nodes the table is linear."""
_STEP = 2 * _REACH / (_NODES - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """The way between latent numbers and the fixed parameters of a model."""

    parameters: tuple[Parameter, ...]
    """The uncertain parameters, in the model's order."""
    _rows: NDArray[np.int64]
    _base: Array
    _tables: Array

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the uncertain parameters."""
        return tuple(parameter.name for parameter in self.parameters)

    def uncertain(self, z: Array) -> Array:
        """Values of the uncertain parameters, [parameter, draw], for latent numbers of the same shape."""
        position = (z + _REACH) / _STEP
        np.clip(position, 0, _NODES - 1 - 1e-9, out=position)
        node = position.astype(np.intp)
        position -= node
        node += np.arange(len(z))[:, None] * _NODES
        table = self._tables.ravel()
        left = table.take(node)
        node += 1
        position *= table.take(node) - left
        position += left
        return position

    def fixed(self, uncertain: Array) -> Array:
        """All fixed parameters, [fixed parameter, draw] in the model's order, around values of the uncertain ones."""
        result = np.empty((len(self._base), uncertain.shape[1]))
        result[...] = self._base[:, None]
        result[self._rows] = uncertain
        return result

    def with_nil(self, name: str) -> Latent:
        """The same where the parameter `name` is nil for sure; raises ValueError for a name that is not in it."""
        tables = self._tables.copy()
        tables[self.names.index(name)] = 0.0
        return replace(self, _tables=tables)

    def latent(self, uncertain: Array, seed: int = 0) -> Array:
        """Latent numbers of values [parameter, draw]; of the many that mean nil one is drawn, `seed` says which."""
        generator = np.random.default_rng(seed)
        result = np.empty(uncertain.shape)
        for row, p in enumerate(self.parameters):
            assert p.prior is not None
            below = cumulative(p.prior, p.low, p.high, uncertain[row])
            if p.prior.distribution == "nil_or_normal":
                nil = p.prior.arguments["nil_probability"] * generator.random(uncertain.shape[1])
                below = below - np.where(uncertain[row] == 0, nil, 0.0)
            result[row] = np.clip(special.ndtri(below), -_REACH, _REACH)
        return result


def latent_number(parameter: Parameter, value: float) -> float:
    """The latent number of one value that is not nil of an uncertain parameter, internal unit."""
    assert parameter.prior is not None
    below = cumulative(parameter.prior, parameter.low, parameter.high, np.array([value]))
    return float(np.clip(special.ndtri(below), -_REACH, _REACH)[0])


def latent_value(parameter: Parameter, number: float) -> float:
    """The value, in the internal unit, of one latent number of an uncertain parameter."""
    assert parameter.prior is not None
    return float(quantile(parameter.prior, parameter.low, parameter.high, special.ndtr(np.array([number])))[0])


def latent_of(model: Model) -> Latent:
    """The latent space of `model`."""
    uncertain = tuple(p for p in model.fixed if p.prior is not None)
    rows = np.array([row for row, p in enumerate(model.fixed) if p.prior is not None])
    tables = np.array(
        [_table(p.prior.distribution, tuple(p.prior.arguments.items()), p.low, p.high) for p in uncertain if p.prior]
    )
    return Latent(uncertain, rows, np.array([p.value for p in model.fixed]), tables)


@lru_cache(maxsize=1024)
def _table(distribution: str, arguments: tuple[tuple[str, float], ...], low: float, high: float) -> Array:
    # a beta's takes milliseconds, and whatever asks whether a posterior is stale asks for all of them
    grid = special.ndtr(np.linspace(-_REACH, _REACH, _NODES))
    return quantile(Prior(distribution, dict(arguments)), low, high, grid)


def priors_kept(model: Model, names: Sequence[str], draws: Array) -> dict[str, bool]:
    """Which uncertain parameters keep their prior in posterior draws, [parameter in names, draw] in internal units.

    One does whose share of variance that is gone, and whose move of the mean in prior standard deviations, both on the
    latent scale, are small.
    """
    latent = latent_of(model)
    z = latent.latent(draws[[names.index(name) for name in latent.names]])
    share = 1 - z.var(axis=1)
    # most parameters are reached by no report: what they have lost, the sampler and not the figures has taken
    lost = max(float(np.median(share)), 0.0)
    kept = (share < _LEARNED_SHARE + lost) & (np.abs(z.mean(axis=1)) < _LEARNED_SHIFT)
    return dict(zip(latent.names, kept.tolist(), strict=True))
