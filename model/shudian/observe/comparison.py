"""Every report beside what the model says of the same quantity, in the report's own definition and unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import Figure
from shudian.observe.likelihood import Observer
from shudian.observe.reports import Alternative, Report
from shudian.observe.words import printed_bounds

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a report may mean, and the model's draws of it."""

    alternative: Alternative
    weight: float
    """Posterior probability of this meaning; the weights of a report sum to one."""
    level: Array
    """The model's quantity in the figure's unit and definition, [draw]."""
    growth: Array | None
    """The model's ratio to the year before, [draw], where the report prints a growth rate."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report beside the model."""

    report: Report
    readings: tuple[Reading, ...]
    faulty: float
    """Posterior probability that the report is wrong."""
    predictive: Array
    """What such a report would print, [draw]: the first-ranked meaning's level with the report's own error."""

    @property
    def figure(self) -> Figure:
        """The report's first figure."""
        return self.report.figures[0]

    @property
    def best(self) -> Reading:
        """The meaning with the greatest weight."""
        return max(self.readings, key=lambda reading: reading.weight)

    def support(self, figure: Figure) -> float:
        """Posterior probability that all that `figure` prints is right."""
        held = sum(r.weight for r in self.readings if figure.identifier in r.alternative.figures)
        return (1 - self.faulty) * held

    @property
    def printed(self) -> tuple[float, float] | None:
        """Least and greatest value that the words allow, in the figure's unit."""
        return printed_bounds(self.figure)

    def inside(self, share: float = 0.9) -> bool:
        """Whether what was printed meets the central `share` of what such a report would print."""
        bounds = self.printed
        if bounds is None:
            return True
        low, high = np.quantile(self.predictive, [(1 - share) / 2, (1 + share) / 2])
        return bool(bounds[0] <= high and bounds[1] >= low)


def compare(observer: Observer, run: Array, seed: int = 1) -> tuple[Comparison, ...]:
    """The Comparison of each report with a run [variable, month, draw] of the observer's variables."""
    quantities = dict(zip(observer.quantities, observer.read(run), strict=True))
    found = []
    for report, (weights, faulty) in zip(observer.reports, observer.explanations(run), strict=True):
        readings = []
        for alternative, weight in zip(report.alternatives, weights, strict=True):
            quantity = quantities[alternative.quantity]
            growth = quantity / quantities[alternative.quantity.year_before()] if alternative.growth else None
            level = growth if report.rule.is_ratio and growth is not None else quantity * report.display_factor
            readings.append(Reading(alternative, float(weight), level, growth))
        best = max(readings, key=lambda reading: reading.weight)
        found.append(Comparison(report, tuple(readings), faulty, predict(best.level, report, seed)))
    return tuple(found)


def predict(level: Array, report: Report, seed: int) -> Array:
    """What a report with `report`'s errors would print of `level`, [draw]: the errors that the likelihood assumes."""
    generator = np.random.default_rng([seed, *report.identifier.encode()])
    sound, wide = report.errors, report.wide
    levels = report.level_error(sound), report.level_error(wide)
    sigmas = (sound.growth, wide.growth) if report.rule.is_ratio else levels
    faulty = generator.random(level.shape) < sound.faulty
    printed = level * np.exp(np.where(faulty, sigmas[1], sigmas[0]) * generator.standard_normal(level.shape))
    return np.asarray(np.minimum(printed, report.greatest))
