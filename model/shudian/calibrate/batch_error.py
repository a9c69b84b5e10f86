"""The standard error of a mean from the variance between independent batches, beside that from the effective draws.

Effective numbers of draws are told from correlations in the order in which draws are stored, which in a population of
particles says little: all particles of a batch share their ancestors and whatever went wrong on the way. How far the
means of independent batches lie apart says it all, if coarsely where batches are few.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
LEVEL = 0.01
"""Probability with which chance flags any of the quantities that are looked at together."""


@dataclass(frozen=True, slots=True)
class BatchErrors:
    """Standard errors of the means of some quantities, [quantity]; nil where all draws say the same."""

    names: tuple[str, ...]
    between: Array
    """From the variance of the batches' means, with batches less one degrees of freedom."""
    by_draws: Array
    """From the effective number of draws."""
    batches: int

    @property
    def ratios(self) -> Array:
        """How many times the one is the other; 1 where neither is anything."""
        return np.divide(self.between, self.by_draws, out=np.ones_like(self.between), where=self.by_draws > 0)

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """Where batches lie farther apart than draws so effective can make them, at LEVEL for all together."""
        freedom = self.batches - 1
        return np.asarray(self.ratios**2 * freedom > stats.chi2.isf(LEVEL / len(self.names), freedom))

    @property
    def inflation(self) -> float:
        """Mean of the ratio of the two variances: by how much the effective numbers overstate, if they do."""
        return float((self.ratios[self.by_draws > 0] ** 2).mean())

    @property
    def chance(self) -> float:
        """Standard error of `inflation`, were the quantities independent and the effective numbers right."""
        return math.sqrt(2 / ((self.batches - 1) * max(int((self.by_draws > 0).sum()), 1)))


def batch_errors(names: tuple[str, ...], values: Array, batch: NDArray[np.int64]) -> BatchErrors:
    """The BatchErrors of `values` [quantity, draw]; draws stand batch by batch, as many in each."""
    from arviz_stats.base.array import BaseArray  # a second to import

    batches = len(np.unique(batch))
    by_batch = values.reshape(len(values), batches, -1)
    varies = np.ptp(values, axis=1) > 0
    array_stats: Any = BaseArray()
    effective = np.ones(len(values))
    if varies.any():
        effective[varies] = array_stats.ess(by_batch[varies], method="mean", chain_axis=1, draw_axis=2)
    return BatchErrors(
        names,
        np.asarray(by_batch.mean(axis=2).std(axis=1, ddof=1) / math.sqrt(batches)),
        np.asarray(values.std(axis=1, ddof=1) / np.sqrt(effective)),
        batches,
    )
