"""Which of two forms of the model foretells each report better from the others, and how surely that is known.

The weights are those whose mixture of the two predictive densities gives the left-out reports the greatest product
(stacking: Yao, Vehtari, Simpson and Gelman 2018, Bayesian Analysis 13:917). A posterior weight asks which form is true
and leans on the prior of everything in it; a stacking weight asks which mixture foretells, and neither need be true.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.leave_one_out import Form, LeftOut, effective

Array = NDArray[np.float64]
LEAST = 50
"""Effective draws of a form below which nothing is said of it."""
SURE = 2.0
"""Standard errors beyond which a difference is told."""
SMALL = 4.0
"""Difference of summed log densities below which its standard error cannot be relied on (Sivula et al. 2020)."""
_REPLICATES, _HALVINGS, _FLAT = 1000, 40, 1e-9
Leaning = Literal["nothing", "lean", "apart"]


@dataclass(frozen=True, slots=True)
class Stacked:
    """Two forms and what the reports, each foretold from the others, say of them."""

    weight: float
    """Stacking weight of the first; one half where both foretell exactly alike."""
    interval: tuple[float, float]
    """Its 90 % interval over resampled reports and Monte Carlo errors."""
    difference: float
    """Of the summed log predictive densities, first less second."""
    error: float
    """Its standard error if the reports are a sample."""
    noise: float
    """Its Monte Carlo standard error."""
    reports: int

    @property
    def told(self) -> Leaning:
        """`lean` where the difference exceeds its errors but is too small for them to be relied on, or `nothing`."""
        if abs(self.difference) <= SURE * math.hypot(self.error, self.noise):
            return "nothing"
        return "apart" if abs(self.difference) >= SMALL else "lean"


def stacked_forms(left: Sequence[LeftOut], first: Form) -> Stacked | None:
    """Two forms by the reports of `left`; the draws of `first` have the one, all others the other.

    The posterior of a form without a report are the draws without the report that have the form. None where a form
    has too few of them.
    """

    def second(uncertain: Array) -> NDArray[np.bool_]:
        return ~first(uncertain)

    if not left:
        return None
    ratios, errors, together, anew = [], [], np.zeros(left[0].whole[1].size), 0.0
    for one in left:
        if min(_carried(one.weights[form(one.uncertain)]) for form in (first, second)) < LEAST:
            return None
        here, there = one.foretold(first), one.foretold(second)
        ratios.append(here.value - there.value)
        moved, variance = here.moved - there.moved, here.variance + there.variance
        errors.append(math.sqrt(float((moved**2).sum()) + variance))
        together, anew = together + moved, anew + variance
    noise = math.sqrt(float((together**2).sum()) + anew)
    return stacked(np.array(ratios), np.array(errors), noise)


def stacked(ratios: Array, errors: Array, noise: float, seed: int = 1) -> Stacked:
    """Two forms by the logarithms of the ratio of their densities, first over second, [report].

    `errors` [report] are the Monte Carlo standard errors of each, `noise` that of their sum.
    """
    generator = np.random.default_rng(seed)
    counts = generator.dirichlet(np.ones(ratios.size), _REPLICATES)  # the Bayesian bootstrap
    again = ratios + errors * generator.standard_normal((_REPLICATES, ratios.size))
    low, high = np.quantile(_weights(again, counts), (0.05, 0.95))
    return Stacked(
        weight=float(_weights(ratios[None], np.ones((1, ratios.size)))[0]),
        interval=(float(low), float(high)),
        difference=float(ratios.sum()),
        error=math.sqrt(ratios.size) * float(ratios.std(ddof=1)) if ratios.size > 1 else math.inf,
        noise=noise,
        reports=ratios.size,
    )


def _weights(ratios: Array, counts: Array) -> Array:
    """The weight of the first form, [replicate], that is best for `ratios` [replicate, report] counted `counts` times.

    The sum of logarithms is concave in the weight, so that its slope is halved in on.
    """
    excess = np.expm1(np.clip(ratios, -500, 500))
    low, high = np.zeros(len(ratios)), np.ones(len(ratios))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        rising = (counts * excess / (1 + middle[:, None] * excess)).sum(axis=1) > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return np.where(np.abs(ratios).max(axis=1) < _FLAT, 0.5, (low + high) / 2)


def _carried(weights: Array) -> float:
    return effective(weights) if weights.size else 0.0
