"""Is a parameter on which prior and figures disagree told from one that the prior, or the figures, decide?

Does NOT establish that a conflict means a bad prior: a report may be wrong, or the model may lack something. The
posteriors are normal and known; the shipped one is not looked at.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from calibrations import stand_in
from shudian.answers.calibration import tension
from shudian.answers.calibration.learning import learned
from shudian.answers.calibration.power import FACTORS
from shudian.answers.calibration.tension import (
    DIAGNOSES,
    THRESHOLD,
    Diagnosis,
    Tension,
    by_chance,
    sensitivity,
    tensions,
)
from shudian.calibrate.calibration import Calibration


@cache
def calibration() -> Calibration:
    return stand_in()


@cache
def all_learned() -> Any:
    return learned(calibration().target, stand_in(seed=6).uncertain, calibration().uncertain)


def posterior(reading: float, noise: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Draws of a number with prior N(0, 1) after one reading of it, and their log-likelihood."""
    variance = 1 / (1 + noise**-2)
    z = variance * reading / noise**2 + variance**0.5 * np.random.default_rng(seed).standard_normal(4000)
    return z, -0.5 * ((reading - z) / noise) ** 2


def diagnosed(reading: float, noise: float) -> Tension:
    z, log_likelihood = posterior(reading, noise)
    return Tension(
        all_learned()[0], sensitivity(z, tension.scaling(-0.5 * z**2)), sensitivity(z, tension.scaling(log_likelihood))
    )


@pytest.mark.parametrize(
    ("reading", "noise", "diagnosis"),
    [
        (5.0, 0.7, "conflict"),
        (4.0, 1.0, "conflict"),
        (0.3, 8.0, "prior"),
        (0.3, 0.1, "figures"),
        (1.5, 0.05, "figures"),
    ],
)
def test_a_known_posterior_has_its_diagnosis(reading: float, noise: float, diagnosis: Diagnosis) -> None:
    found = diagnosed(reading, noise)
    assert found.diagnosis == diagnosis
    assert found.likelihood is not None


def test_the_farther_apart_the_more_sensitive() -> None:
    found = [diagnosed(reading, 1.0) for reading in (0.0, 2.0, 4.0)]
    assert found[0].prior < found[1].prior < found[2].prior
    assert [t.likelihood for t in found] == sorted(t.likelihood or 0 for t in found)


def test_weights_that_scale_a_density_give_the_scaled_distribution() -> None:
    """Of a standard normal to a power the variance is one over it."""
    z = np.random.default_rng(2).standard_normal(40_000)
    for power, weights in zip(FACTORS, tension.scaling(-0.5 * z**2), strict=True):
        assert weights @ z**2 == pytest.approx(1 / power, rel=0.03)


def test_what_the_figures_do_not_reach_is_below_what_must_be_reached() -> None:
    """Noise alone: the likelihood hangs on thirty other numbers, and in the second case wildly on one."""
    others = np.random.default_rng(11).standard_normal((30, 4000))
    alone = np.random.default_rng(9).standard_normal((15, 4000))
    for log_likelihood in (-0.5 * (others**2).sum(axis=0), -2.7 * others[0] ** 2):
        weights = tension.scaling(log_likelihood)
        least = max(THRESHOLD, by_chance(weights))
        assert np.mean([sensitivity(row, weights) >= least for row in alone]) < 0.1
        assert sensitivity(others[0], tension.scaling(-2.7 * others[0] ** 2)) > least
    assert least > THRESHOLD


def test_every_parameter_that_a_report_reaches_is_diagnosed_and_conflicts_come_first() -> None:
    flat = np.random.default_rng(3).standard_normal(calibration().uncertain.shape[1])
    found = tensions(calibration().target, calibration().uncertain, flat, all_learned())
    untold = tensions(calibration().target, calibration().uncertain, 50 * flat, all_learned())
    assert {t.learned.parameter.name for t in found} == {e.parameter.name for e in all_learned() if e.reached}
    assert {t.diagnosis for t in untold} == {"untold"}, "too few draws carry the weights"
    order = [DIAGNOSES.index(t.diagnosis) for t in found]
    assert order == sorted(order)
