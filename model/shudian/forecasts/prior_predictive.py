"""Where each reported number falls in what the priors expect of such a report, before any report is fitted.

A prior that gives hardly any weight to a number that was really printed is a mistake to explain or to mend: by the
mechanism that is missing, or by width, not by moving its centre onto the number. The error of a sound report is
included. The chance that a report is simply wrong is left out: it would excuse every prior.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.calibration import Evidence
from shudian.draws import prior_draws
from shudian.forecasts.prediction import Question, World, questions
from shudian.kinds import Figure, InputError
from shudian.observe.likelihood import Observer
from shudian.observe.reports import LATER, Quantity, Report, load_reports
from shudian.observe.rows import Measure
from shudian.observe.rules import load_rules
from shudian.observe.words import printed_bounds
from shudian.structure import load_model

Array = NDArray[np.float64]
DRAWS = 2000
"""At a share of 0.01 these leave an error of 0.002."""
TAIL = 0.05
RARE = 0.01
"""What the priors give less than this on one side is flagged."""


@dataclass(frozen=True, slots=True)
class Place:
    """One printed number in the priors' prediction of it; shares are over draws and over the report's meanings."""

    report: Report
    measure: Measure
    printed: tuple[float, float]
    """Least and greatest number that the words allow, in the figure's unit or as a ratio to the year before."""
    median: float
    low: float
    high: float
    """The prediction's 5 % and 95 % quantiles."""
    below: float
    """Share of the prediction that lies below all that the words allow."""
    above: float
    draws: int

    @property
    def figure(self) -> Figure:
        """The report's first figure."""
        return self.report.figures[0]

    @property
    def quantile(self) -> float:
        """Where the printed number stands in the prediction, from 0 to 1; of a half-line its end."""
        if np.isinf(self.printed[1]):
            return self.below
        if self.printed[0] <= 0:
            return 1 - self.above
        return (self.below + 1 - self.above) / 2

    @property
    def inside(self) -> bool:
        """Whether a number that the words allow lies in the prediction's central 90 %."""
        return max(self.below, self.above) <= 1 - TAIL

    @property
    def side(self) -> int:
        """1 where the priors put nearly everything above what was printed, -1 where below it, otherwise 0."""
        return int(self.above > 1 - RARE) - int(self.below > 1 - RARE)


@dataclass(frozen=True, slots=True)
class PriorPredictive:
    """Every reported number that the model has a quantity for."""

    fitted: tuple[Place, ...]
    """Of the reports that a calibration uses."""
    later: tuple[Place, ...]
    """Of figures of the role LATER."""
    draws: int
    seed: int

    @property
    def flagged(self) -> tuple[Place, ...]:
        """Those to which the priors give less than RARE."""
        return tuple(place for place in (*self.fitted, *self.later) if place.side)


def prior_predictive(evidence: Evidence | None = None, draws: int = DRAWS, seed: int = 1) -> PriorPredictive:
    """Where the reports of `evidence` (default: what is shipped) fall in the predictions of `draws` prior draws.

    Every report that the likelihood would use has a place, two if it prints a level and a growth rate. Raises
    InputError for a mistake in the evidence.
    """
    evidence = evidence or Evidence()
    model, figures = load_model(evidence.city), evidence.load()
    rules = load_rules(model)
    world = World(model, rules, prior_draws(model, draws, seed), "")
    reports = load_reports(model, figures, city=evidence.city, until=evidence.until, without=evidence.without)
    fitted = [question for report in reports for question in asked_by(report)]
    later: list[Question] = []
    for figure in figures.values():
        if figure.role == LATER:
            try:
                later += questions(figure, model, rules, evidence.city)
            except InputError:
                continue  # outside the model's years, or without a period: nothing that it could be compared with
    placed = places([*fitted, *later], world, seed)
    return PriorPredictive(placed[: len(fitted)], placed[len(fitted) :], draws, seed)


def asked_by(report: Report) -> tuple[Question, ...]:
    """The numbers that one row of the likelihood prints: a level, a growth rate, or both."""
    found = []
    levels = [a.level for a in report.alternatives if a.level is not None]
    if levels:
        bounds = next((b for f in report.figures if (b := printed_bounds(f)) is not None), levels[0].bounds)
        found.append(Question(report, "level", bounds))
    growths = [a.growth for a in report.alternatives if a.growth is not None]
    if growths:
        found.append(Question(report, "ratio_to_year_before", growths[0].bounds))
    return tuple(found)


def places(asked: Sequence[Question], world: World, seed: int = 1) -> tuple[Place, ...]:
    """The Place of each question in the predictions of `world`; a report's meanings have the same weight."""
    if not asked:
        return ()
    observer = Observer(tuple(dict.fromkeys(question.report for question in asked)))
    values = dict(zip(observer.quantities, observer.read(world.run(observer.variables)), strict=True))
    return tuple(_place(question, values, seed) for question in asked)


def _place(question: Question, values: Mapping[Quantity, Array], seed: int) -> Place:
    report, predicted, below, above = question.report, [], [], []
    is_level = question.measure == "level"
    sigma = report.level_error(report.errors) if is_level else report.errors.growth
    generator = np.random.default_rng([seed, *report.identifier.encode(), int(is_level)])
    for alternative in report.alternatives:
        said = alternative.level if is_level else alternative.growth
        if said is None:
            continue  # the year before this meaning's period lies before the model's start
        quantity = values[alternative.quantity]
        drawn = quantity if is_level else quantity / values[alternative.quantity.year_before()]
        drawn = drawn * np.exp(sigma * generator.standard_normal(drawn.shape))
        below.append(float((drawn < said.low).mean()))
        above.append(float((drawn > said.high).mean()))
        predicted.append(np.minimum(drawn * report.display_factor, report.greatest) if is_level else drawn)
    every = np.concatenate(predicted)
    low, median, high = (float(value) for value in np.quantile(every, (0.05, 0.5, 0.95)))
    return Place(
        report, question.measure, question.printed, median, low, high,
        float(np.mean(below)), float(np.mean(above)), predicted[0].size,
    )  # fmt: skip
