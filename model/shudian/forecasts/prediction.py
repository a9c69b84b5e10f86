"""What the calibrated model says of a quantity, and what a report of it would print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.calibration import Calibration
from shudian.calibrate.target import HISTORY
from shudian.draws import Draws, draws_of
from shudian.forecasts.scores import Forecast, Interval, forecast_of, kept_error
from shudian.grounds import posterior_draws
from shudian.kinds import Figure, Model
from shudian.observe.comparison import predict
from shudian.observe.likelihood import Observer
from shudian.observe.reports import Measured, Report, report_of, with_errors
from shudian.observe.rows import Measure
from shudian.observe.rules import Rules, load_rules
from shudian.observe.words import printed_bounds
from shudian.parameters import HOME
from shudian.posterior_file import Posterior
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.structure import load_model

Array = NDArray[np.float64]
_GROWTH = "_growth"


class Foretelling(Protocol):
    """What a forecast needs: the variables' draws, and what a report of them may err by."""

    @property
    def rules(self) -> Rules:
        """The observation model."""
        ...

    def run(self, variables: Sequence[str]) -> Array:
        """[variable, month, draw] over the whole horizon."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """A model with its draws, run under what was really decided."""

    model: Model
    rules: Rules
    draws: Draws
    made: str
    """When the posterior was made, ISO."""
    scenario: str = HISTORY

    def run(self, variables: Sequence[str]) -> Array:
        """[variable, month, draw] over the whole horizon."""
        return bare_run(self.model, load_scenario(self.scenario, self.model.parameters), self.draws, variables)


def world_of(posterior: Posterior, draws: int | None = None, seed: int = 1) -> World:
    """The world of a stored posterior, by default with all its draws."""
    model = load_model(posterior.city)
    chosen = posterior_draws(model, posterior, draws or posterior.size, seed)
    return World(model, load_rules(model), chosen, str(posterior.about["made"]))


def world_after(calibration: Calibration, made: str) -> World:
    """The world of a calibration that was just made."""
    model = calibration.target.model
    values = calibration.target.latent.fixed(calibration.uncertain)
    return World(model, load_rules(model), draws_of(model, values, calibration.seed, "calibration"), made)


@dataclass(frozen=True, slots=True)
class Question:
    """One printed number, with the report that says which quantity it tells of."""

    report: Report
    measure: Measure
    printed: Interval
    """In the figure's unit, or as a ratio."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is expected of one number, in the figure's unit or as a ratio."""

    model: Forecast
    """Of the model's own quantity, in the figure's definition."""
    reported: Forecast
    """Of what a report would print: with the typical error, and the chance that it is faulty.

    Neither the grade nor the words of whoever prints the number are known when it is foretold.
    """
    kept_error: float
    """By how much the CRPS of `reported` differs at most from that of the draws."""


def questions(figure: Figure, model: Measured, rules: Rules, city: str = HOME) -> tuple[Question, ...]:
    """What `figure` prints: a level, a growth rate or both; empty where no rule ties it to the model.

    A figure of an indicator such as `market_growth`, in percent, is a growth rate of `market`. Raises InputError
    for a figure without a period, or with one outside the model's years.
    """
    if rules.rule_for(figure, city) is None:
        figure = _as_growth(figure)
    report = report_of(figure, model, rules, city)
    if report is None:
        return ()
    found = []
    bounds = printed_bounds(figure)
    if bounds is not None and any(a.level is not None for a in report.alternatives):
        found.append(Question(report, "level", bounds))
    growths = [a.growth for a in report.alternatives if a.growth is not None]
    if growths:
        found.append(Question(report, "ratio_to_year_before", growths[0].bounds))
    return tuple(found)


def _as_growth(figure: Figure) -> Figure:
    percent = figure.growth_percent if figure.value is None else figure.value
    if not figure.indicator.endswith(_GROWTH) or figure.unit != "%" or percent is None:
        return figure
    base = figure.indicator.removesuffix(_GROWTH)
    return replace(
        figure, indicator=base, value=None, low=None, high=None, bound="none", growth_percent=percent, unit="1"
    )


def predictions(asked: Sequence[Question], world: Foretelling, seed: int = 1) -> tuple[Prediction, ...]:
    """The Prediction of each question; where the period is ambiguous, each reading has the same weight."""
    if not asked:
        return ()
    observer = Observer(tuple(dict.fromkeys(question.report for question in asked)))
    run = world.run(observer.variables)
    values = dict(zip(observer.quantities, observer.read(run), strict=True))
    found = []
    for question in asked:
        typical = with_errors(question.report, world.rules.typical, world.rules)
        model, reported = [], []
        for alternative in question.report.alternatives:
            level = values[alternative.quantity]
            if question.measure == "level" and alternative.level is not None:
                drawn, report = level * typical.display_factor, typical
            elif question.measure != "level" and alternative.growth is not None:
                drawn, report = level / values[alternative.quantity.year_before()], _ratio(typical)
            else:
                continue  # the year before this reading of the period lies before the model's start
            model.append(drawn)
            reported.append(predict(drawn, report, seed))
        every = np.concatenate(reported)
        found.append(Prediction(forecast_of(np.concatenate(model)), forecast_of(every), kept_error(every)))
    return tuple(found)


def _ratio(report: Report) -> Report:
    """The same report with the errors of its growth rate, and its own stream of random numbers."""
    return replace(report, identifier=f"{report.identifier}/growth", rule=replace(report.rule, is_ratio=True))
