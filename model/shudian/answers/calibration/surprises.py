"""New figures that the posterior so far finds strange: said before minutes are spent on what may be a slip."""

from __future__ import annotations

import numpy as np

from shudian.answers.calibration.artefact import described
from shudian.answers.calibration.change import figures_told
from shudian.calibrate.calibration import Evidence
from shudian.observe.comparison import Comparison, compare
from shudian.posterior_file import Posterior

SHARE = 0.98
"""A report that prints a number outside this central share of what was expected of it is named."""


def surprises(evidence: Evidence, before: Posterior | None) -> tuple[Comparison, ...]:
    """What `before` foretells of the reports that it does not know or knows otherwise, where that is far off.

    Empty where `before` is missing or of another model.
    """
    target = evidence.target()
    if before is None or before.names != target.latent.names:
        return ()
    known = figures_told(before.about)
    now = figures_told({"reports": [described(report) for report in target.observer.reports]})
    fresh = {name for name in now if known.get(name) != now[name]}
    run = target.run(np.asarray(before.values), None)
    return tuple(
        comparison
        for comparison in compare(target.observer, run)
        if fresh & {figure.identifier for figure in comparison.report.figures} and not comparison.inside(SHARE)
    )
