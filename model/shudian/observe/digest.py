"""A digest of everything that a posterior follows from, so that a stale one is known for what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import Model
from shudian.observe.reports import Report


def inputs_digest(model: Model, reports: Sequence[Report], schedules: NDArray[np.float64]) -> str:
    """Hash of the equations, the fixed parameters with their priors, the reports and the policy of the past.

    `schedules` is [scheduled parameter, step] over the months that the reports tell of.
    """
    digest = hashlib.sha256(model.digest.encode())
    for p in model.fixed:
        prior = (p.prior.distribution, sorted(p.prior.arguments.items())) if p.prior else p.value
        digest.update(repr((p.name, p.role, prior, p.low, p.high)).encode())
    for report in reports:
        alternatives = [(a.quantity, a.level, a.growth) for a in report.alternatives]
        digest.update(repr((report.identifier, alternatives, report.errors, report.wide)).encode())
    digest.update(np.ascontiguousarray(schedules).tobytes())
    return digest.hexdigest()[:16]
