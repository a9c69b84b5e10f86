"""A Calibration for tests: prior draws that say of themselves that they have been calibrated.

Its numbers mean nothing. What is tested with it is what the report makes of numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.calibration import Calibration, Diagnostics, Evidence, stored
from shudian.calibrate.leave_one_out import LeftOut, _from_draws, leaving_of, weighted
from shudian.draws import prior_draws

BATCHES, DRAWS = 4, 240


def stand_in(evidence: Evidence | None = None, *, seed: int = 5, rhat: float = 1.0) -> Calibration:
    """`DRAWS` prior draws in four batches, with diagnostics that pass unless `rhat` says otherwise."""
    evidence = evidence or Evidence()
    target = evidence.target()
    prior = prior_draws(target.model, DRAWS, seed)
    uncertain = stored(prior.values[[prior.names.index(name) for name in target.latent.names]])
    names = (*target.latent.names, "log_likelihood")
    diagnostics = Diagnostics(
        names, np.linspace(1.0, rhat, len(names)), np.full(len(names), 4000.0), np.full(len(names), 3000.0)
    )
    return Calibration(
        evidence,
        target,
        uncertain,
        np.repeat(np.arange(BATCHES), DRAWS // BATCHES),
        target.observer.total(target.run(uncertain)),
        np.array([-20.0, -20.2, -19.8, -20.1]),
        1000,
        12.0,
        seed,
        diagnostics,
    )


def left_out(calibration: Calibration, report: str, uncertain: NDArray[np.float64] | None = None) -> LeftOut:
    """What `calibration` says without `report`: by weights, or as if a refit had given the draws `uncertain`."""
    leaving = leaving_of(calibration.target, calibration.evidence, report)
    (by_weights,) = weighted(calibration, {report: leaving})
    return by_weights if uncertain is None else _from_draws(by_weights, leaving, calibration.target, uncertain)
