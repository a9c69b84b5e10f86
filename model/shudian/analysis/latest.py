"""Until when a lever can still matter: how what it brings by the end of YEAR melts away the later it is moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shudian.analysis.doses import RESPONSES, DoseResponse, decided
from shudian.analysis.idle import AFTER, LEAST
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import YEAR, read
from shudian.draws import Array, Draws
from shudian.kinds import Model

FELT = tuple(measure for measure in RESPONSES if measure.name != "cost")
"""What must answer: to cost money is not to matter."""
HALF, HARDLY = 0.5, 0.1
"""Shares of what a lever brings that is moved now: below the second it no longer matters."""


@dataclass(frozen=True, slots=True)
class Latest:
    """Until when a lever can still matter."""

    dose: float
    """To what it is moved, internal unit: the end of its range that brings more output."""
    half: float | None
    """The last month (from 2023-01) in which it brings half of what it brings now; None where it brings nothing now."""
    last: float | None
    """The last month in which it brings a tenth of that."""


def latest(found: DoseResponse, model: Model, draws: Draws) -> Latest:
    """When the lever of `found` must at the latest be moved to matter in YEAR, from its package's now on.

    What it brings is the mean over `draws` of what it moves, up or down, in that of FELT which holds out longest. That
    it brings the less the later it is moved is taken for granted.
    """
    lever, package = found.lever, found.package
    last = package.levers[lever.name][-1].value if lever.name in package.levers else lever.value
    gains = {found.doses[place]: found.gains["output"][place].median for place in (0, -1)}
    dose = max((end for end in gains if end != last), key=lambda end: (gains[end], abs(end - last)))
    variables = tuple(dict.fromkeys(measure.variable for measure in FELT))
    now = package.now
    resting = evaluate(model, decided(package, found.given, now), draws, variables, YEAR)
    levels = [read(resting, measure) for measure in FELT]

    def brings(start: float) -> Array:
        # what it needs is there from now on, so that only its own month differs
        moved = decided(decided(package, found.given, now), {lever.name: dose}, start)
        run = evaluate(model, moved, draws, variables, YEAR)
        return np.array([np.abs(read(run, m) - level).mean() for m, level in zip(FELT, levels, strict=True)])

    whole = brings(now)
    felt = whole > LEAST * np.array([np.abs(level).mean() for level in levels])
    if not felt.any():
        return Latest(dose, None, None)

    def until(share: float) -> float:
        first, beyond = int(now), AFTER
        while beyond - first > 1:
            middle = (first + beyond) // 2
            enough = (brings(float(middle))[felt] >= share * whole[felt]).any()
            first, beyond = (middle, beyond) if enough else (first, middle)
        return float(first)

    return Latest(dose, until(HALF), until(HARDLY))
