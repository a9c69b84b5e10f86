"""Which of the posterior's draws the page carries: few enough to run at once, and telling the same as all of them.

The draws are chosen such that their equal-weight means of many yes-or-no questions (is this outcome of this package
below its 5 %, 50 % ... quantile over all draws? is this target reached?) come as close as can be to those of all
draws. A chosen draw is exchanged for another as long as an exchange brings the two nearer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.results import Yearly, evaluate
from shudian.analysis.verdicts import ADDITIONAL, LATER, MEASURES, measured, read
from shudian.draws import Array, Draws
from shudian.kinds import Model, Scenario, Target

LEVELS = (0.03, 0.05, 0.07, 0.25, 0.5, 0.75, 0.93, 0.95, 0.97)
"""Quantiles below which a draw may lie; those beside 5 % and 95 % hold the ends of the band, which few draws decide."""
_TARGET_WEIGHT = 5.0
"""How much nearer probabilities of targets shall come than other shares."""
_MOST_EXCHANGES = 20_000


@dataclass(frozen=True, slots=True)
class Quantity:
    """One outcome of one package in every draw."""

    package: str
    kind: str
    """`target`, `measure` or `additional`."""
    name: str
    definition: str
    """The definition of a target; otherwise empty."""
    values: Array
    """[draw]; for a target 1 where it is reached, otherwise 0"""


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where the chosen draws and all draws differ most."""

    quantity: Quantity
    statistic: str
    """`probability`, `q05`, `q50` or `q95`."""
    full: float
    subset: float
    relative: float
    """The difference; for a quantile as a share of the width of the 90 % interval over all draws."""


def quantities(
    model: Model, draws: Draws, packages: Sequence[Scenario], reference: str, targets: Sequence[Target]
) -> tuple[Quantity, ...]:
    """Every outcome that the page shows of every package, in every draw."""
    variables = {v for target in targets for v in target.definitions.values()} | {m.variable for m in MEASURES}
    runs = {s.name: evaluate(model, s, draws, sorted(variables), LATER) for s in packages}
    return tuple(q for run in runs.values() for q in _of_package(run, runs[reference], targets))


def _of_package(run: Yearly, base: Yearly, targets: Sequence[Target]) -> Iterator[Quantity]:
    name = run.scenario.name
    for target in targets:
        for definition in target.definitions:
            reached = measured(run, target, definition) >= target.threshold
            yield Quantity(name, "target", target.identifier, definition, reached.astype(float))
    for measure in MEASURES:
        values = read(run, measure)
        yield Quantity(name, "measure", measure.name, "", values)
        if measure.name in ADDITIONAL and run is not base:
            yield Quantity(name, "additional", measure.name, "", values - read(base, measure))


def choose(found: Sequence[Quantity], count: int) -> NDArray[np.intp]:
    """The positions of `count` draws that together answer like all draws; the same for the same quantities."""
    features = _features(found)
    size = features.shape[1]
    gram = (features.T @ features).astype(np.float64)
    chosen = np.zeros(size, dtype=bool)
    chosen[np.linspace(0, size - 1, count).astype(int)] = True
    pull = gram[:, chosen].sum(axis=1)
    own = np.diag(gram)
    for _ in range(_MOST_EXCHANGES):
        inside, outside = np.flatnonzero(chosen), np.flatnonzero(~chosen)
        # the draw whose going helps most, then the draw whose coming helps most once it is gone
        best, pair = 0.0, (0, 0)
        for gone in inside[np.argsort(own[inside] - 2 * pull[inside])[:8]]:
            change = own[gone] + own[outside] - 2 * pull[gone] + 2 * (pull[outside] - gram[gone, outside])
            position = int(np.argmin(change))
            if change[position] < best:
                best, pair = float(change[position]), (int(gone), int(outside[position]))
        if best > -1e-9:
            break
        gone, come = pair
        chosen[gone], chosen[come] = False, True
        pull += gram[:, come] - gram[:, gone]
    return np.flatnonzero(chosen)


def _features(found: Sequence[Quantity]) -> NDArray[np.float32]:
    """Each question's answer in each draw less its mean over all draws, [question, draw]."""
    rows: list[Array] = []
    for quantity in found:
        values = quantity.values
        if quantity.kind == "target":
            rows.append(_TARGET_WEIGHT * (values - values.mean()))
        elif np.ptp(values) > 0:
            below = [(values <= level).astype(float) for level in np.quantile(values, LEVELS)]
            rows += [b - b.mean() for b in below]
    return np.array(rows, dtype=np.float32)


def deviations(found: Sequence[Quantity], chosen: NDArray[np.intp]) -> tuple[Deviation, ...]:
    """How far the chosen draws are from all draws in each statistic that is shown, the largest first."""
    every: list[Deviation] = []
    for quantity in found:
        full, few = quantity.values, quantity.values[chosen]
        if quantity.kind == "target":
            every.append(_deviation(quantity, "probability", float(full.mean()), float(few.mean()), 1.0))
            continue
        low, high = np.quantile(full, (0.05, 0.95))
        for statistic, level in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
            one, other = float(np.quantile(full, level)), float(np.quantile(few, level))
            every.append(_deviation(quantity, statistic, one, other, float(high - low)))
    return tuple(sorted(every, key=lambda deviation: -abs(deviation.relative)))


def _deviation(quantity: Quantity, statistic: str, full: float, subset: float, width: float) -> Deviation:
    difference = subset - full
    return Deviation(quantity, statistic, full, subset, difference / width if width > 0 else 0.0)


def largest(found: Sequence[Deviation]) -> Mapping[tuple[str, str], Deviation]:
    """(kind of quantity, statistic) -> its largest deviation."""
    worst: dict[tuple[str, str], Deviation] = {}
    for deviation in found:
        worst.setdefault((deviation.quantity.kind, deviation.statistic), deviation)
    return worst
