"""Prior against posterior: what each parameter has learned from the figures, and which hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.warnings import is_policy_effect
from shudian.calibrate.target import Target
from shudian.kinds import Parameter
from shudian.latent import Latent, priors_kept
from shudian.units import conversion

Array = NDArray[np.float64]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_PROBES = 16


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """One parameter before and after the figures."""

    parameter: Parameter
    prior: Array
    """Quantiles at LEVELS, in the unit that people read."""
    posterior: Array
    latent: Array
    """The posterior's quantiles at LEVELS on the scale on which the prior is a standard normal."""
    share: float
    """Share of the prior's variance that is gone, on that scale; negative where the posterior is wider."""
    shift: float
    """Move of the mean on that scale, in prior standard deviations."""
    reached: bool
    """Whether any report's probability depends on it; where not, its posterior is its prior and `share` 0."""
    kept: bool
    """Whether the parameter keeps its prior (shudian.latent.priors_kept)."""
    lost: float
    """Mean share of the parameters that are not reached: variance that the sampler, not the figures, has taken."""

    @property
    def policy_effect(self) -> bool:
        """Whether it says what a measure does, which may be nothing."""
        return is_policy_effect(self.parameter)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parameters and the posterior correlation of their latent numbers."""

    first: Parameter
    second: Parameter
    correlation: float


def learned(target: Target, prior: Array, posterior: Array) -> tuple[Learned, ...]:
    """Every uncertain parameter, the one that learned most first; draws are [parameter, draw] in internal units."""
    latent = target.latent
    after = latent.latent(posterior)
    share = 1 - after.var(axis=1)
    kept = priors_kept(target.model, latent.names, posterior)
    reached = _reached(target, prior, posterior)
    lost = 0.0 if reached.all() else float(share[~reached].mean())
    found = []
    for row, parameter in enumerate(latent.parameters):
        factor = conversion(parameter.unit, parameter.display_unit)
        found.append(
            Learned(
                parameter,
                np.quantile(prior[row], LEVELS) * factor,
                np.quantile(posterior[row], LEVELS) * factor,
                np.quantile(after[row], LEVELS),
                float(share[row]),
                float(after[row].mean()),
                bool(reached[row]),
                kept[parameter.name],
                lost,
            )
        )
    return tuple(sorted(found, key=lambda entry: -entry.share))


def _reached(target: Target, prior: Array, posterior: Array) -> NDArray[np.bool_]:
    """Of each parameter whether a change of it alone, to values from its prior, changes the log-likelihood."""
    count = min(_PROBES, posterior.shape[1])
    start, other = posterior[:, :count], prior[:, :count]
    probes = np.tile(start, len(start))
    for row in range(len(start)):
        probes[row, row * count : (row + 1) * count] = other[row]
    values = target.observer.total(target.run(np.hstack([start, probes]), None)).reshape(-1, count)
    return np.asarray((values[1:] != values[0]).any(axis=1))


def correlations(latent: Latent, posterior: Array, names: Sequence[str]) -> Array:
    """Correlation matrix of the latent numbers of the parameters called `names`."""
    rows = [latent.names.index(name) for name in names]
    return np.atleast_2d(np.corrcoef(latent.latent(posterior)[rows]))


def strongest_pairs(latent: Latent, posterior: Array, count: int) -> tuple[Pair, ...]:
    """The `count` pairs with the strongest posterior correlation, the strongest first."""
    matrix = np.asarray(np.nan_to_num(np.corrcoef(latent.latent(posterior))), dtype=np.float64)
    first, second = np.triu_indices(len(matrix), 1)
    order = np.argsort(-np.abs(matrix[first, second]))[:count]
    return tuple(
        Pair(latent.parameters[first[k]], latent.parameters[second[k]], float(matrix[first[k], second[k]]))
        for k in order
    )
