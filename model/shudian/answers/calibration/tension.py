"""Prior against figures, parameter by parameter: which of the two decides, and where they pull apart.

Both are scaled by powers a little below and above one, and the sensitivity is how fast the parameter's distribution
moves (Kallioinen, Paananen, Bürkner and Vehtari 2024, Statistics and Computing 34, 57): the cumulative Jensen-Shannon
distance for each doubling of the power. Of the prior it is that of the parameter alone, of the likelihood all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from shudian.answers.calibration.learning import Learned
from shudian.answers.calibration.power import FACTORS, FEWEST, scaling
from shudian.calibrate.leave_one_out import effective
from shudian.calibrate.target import Target

Array = NDArray[np.float64]
THRESHOLD = 0.05
"""Sensitivity from which on a distribution is said to depend on what is scaled, as in the paper."""
Diagnosis = Literal["conflict", "prior", "figures", "neither", "untold"]
_ALONE = 40
DIAGNOSES: tuple[Diagnosis, ...] = get_args(Diagnosis)


@dataclass(frozen=True, slots=True, eq=False)
class Tension:
    """One parameter that some report depends on."""

    learned: Learned
    """Shift of the mean and share of variance learned stand there."""
    prior: float
    """Sensitivity to the parameter's own prior."""
    likelihood: float | None
    """Sensitivity to the whole likelihood; None where too few draws carry the weights."""
    least: float = THRESHOLD
    """What `likelihood` must reach to count: THRESHOLD, or more where chance makes more."""

    @property
    def diagnosis(self) -> Diagnosis:
        """Both move it: a possible conflict of prior and data. Only one does: the prior, or the figures, decide."""
        if self.likelihood is None:
            return "untold"
        if self.likelihood >= self.least:
            return "conflict" if self.prior >= THRESHOLD else "figures"
        return "prior" if self.prior >= THRESHOLD else "neither"


def tensions(
    target: Target, uncertain: Array, log_likelihood: Array, learned: Sequence[Learned]
) -> tuple[Tension, ...]:
    """The Tension of every parameter that is reached by a report: conflicts first, and the farther shift first.

    `uncertain` [parameter, draw] are posterior draws and `log_likelihood` [draw] is theirs.
    """
    names, z = target.latent.names, target.latent.latent(uncertain)
    whole = scaling(log_likelihood)
    told = min(effective(weights) for weights in whole) >= FEWEST
    least = max(THRESHOLD, by_chance(whole)) if told else THRESHOLD
    found = []
    for entry in learned:
        if entry.reached:
            row = z[names.index(entry.parameter.name)]
            likelihood = sensitivity(row, whole) if told else None
            found.append(Tension(entry, sensitivity(row, scaling(-0.5 * row**2)), likelihood, least))
    return tuple(sorted(found, key=lambda t: (DIAGNOSES.index(t.diagnosis), -abs(t.learned.shift))))


def sensitivity(values: Array, weights: Sequence[Array]) -> float:
    """How far the distribution of `values` [draw] moves for a doubling of the power whose FACTORS gave `weights`."""
    from arviz_stats.base.array import BaseArray  # a second to import

    array_stats: Any = BaseArray()
    lower, upper = (weight[None] for weight in weights)
    return float(array_stats.power_scale_sense(values[None], lower, upper, *FACTORS))


def by_chance(weights: Sequence[Array], seed: int = 1) -> float:
    """The greatest sensitivity among numbers that have nothing to do with the `weights`: what draws so many make."""
    generator = np.random.default_rng(seed)
    return max(sensitivity(generator.standard_normal(weights[0].size), weights) for _ in range(_ALONE))
