"""What a statistic that nobody has yet would be worth: its expected value, before it is collected.

Each draw is taken as the truth in turn: the statistic is measured in it, with the error that such a statistic has,
and the draws say what one would then expect of the answer. That expectation is a regression of the answer on the
measurement (Strong, Oakley and Brennan 2014 for parameters; Strong, Oakley, Brennan and Breeze 2015 for a sample with
error, both in Medical Decision Making), here a restricted cubic spline (Harrell 2015, chapter 2). Every draw is
predicted by a regression that has not seen it, so that a statistic that says nothing is worth nothing but chance.
All values hold inside the model: what the model does not know of, no value here can show.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from shudian.draws import Draws
from shudian.kinds import Label, Model, Scenario
from shudian.observe.likelihood import Observer, reading_weights
from shudian.observe.reports import Quantity, Report
from shudian.quantities import MONTHS
from shudian.simulate import bare_run

Array = NDArray[np.float64]
Measure = Callable[[np.random.Generator], Array]
"""Makes one measurement in every draw: features [feature, draw]."""
FOLDS = 10
REPEATS = 8
"""Measurements, with fresh errors, that are simulated in every draw."""
_KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
_FEW = 8
"""A feature with no more different values than this is a category: one mean for each."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic that could be collected: one quantity of the city, or one parameter, and its error."""

    identifier: str
    label: Label
    quantity: Quantity | None = None
    divided_by: Quantity | None = None
    parameter: str = ""
    """Measured itself, without bias: what a well-made trial or roll-out estimates."""
    relative_error: float = 0.0
    """Standard deviation of the logarithm."""
    absolute_error: float = 0.0
    """Standard deviation, in the internal unit; for what may be nil or negative."""


@dataclass(frozen=True, slots=True)
class Gain:
    """An expected gain and the error that the finite number of draws leaves in it."""

    value: float
    standard_error: float


def truths(statistics: Sequence[Statistic], model: Model, history: Scenario, draws: Draws) -> Array:
    """What each statistic would be without error, [statistic, draw], internal units, under `history`.

    Raises KeyError for a variable or parameter that the model does not have.
    """
    quantities = [q for s in statistics for q in (s.quantity, s.divided_by) if q is not None]
    variables = tuple(dict.fromkeys(q.variable for q in quantities))
    run = bare_run(model, history, draws, variables) if variables else np.empty((0, MONTHS + 1, draws.values.shape[1]))

    def read(quantity: Quantity) -> Array:
        return np.asarray(reading_weights(quantity, MONTHS) @ run[variables.index(quantity.variable)])

    def truth(statistic: Statistic) -> Array:
        if statistic.quantity is None:
            if statistic.parameter not in draws.names:
                raise KeyError(statistic.parameter)
            return np.asarray(draws.values[draws.names.index(statistic.parameter)])
        value = read(statistic.quantity)
        return np.asarray(value / read(statistic.divided_by)) if statistic.divided_by else value

    return np.array([truth(statistic) for statistic in statistics])


def measured(statistic: Statistic, truth: Array) -> Measure:
    """Measurements of `truth`, [draw], with the statistic's error; on a logarithmic scale where that is relative."""
    value = np.log(np.maximum(truth, 1e-12)) if statistic.relative_error else truth
    error = statistic.relative_error or statistic.absolute_error

    def measure(generator: np.random.Generator) -> Array:
        return np.asarray(value + error * generator.standard_normal(value.shape))[None]

    return measure


def told(truth: Array) -> Measure:
    """Learning without error a number, or which of a few numbered categories holds, [draw]."""
    return lambda _generator: truth[None]


def both(first: Measure, second: Measure) -> Measure:
    """Two statistics, collected together."""
    return lambda generator: np.concatenate([first(generator), second(generator)])


def meaning_of(report: Report, run_of: Callable[[Sequence[str]], Array]) -> Measure:
    """Learning which of its meanings a report has.

    `run_of` gives a run [variable, month, draw] of variables. In each draw the meaning is drawn with the
    probability that it has there, given what was printed.
    """
    each = [Observer((replace(report, alternatives=(a,)),)) for a in report.alternatives]
    weights = np.array([observer.log_likelihood(run_of(observer.variables))[0] for observer in each])
    weights = np.exp(weights - weights.max(axis=0))
    below = np.cumsum(weights / weights.sum(axis=0), axis=0)

    def measure(generator: np.random.Generator) -> Array:
        drawn = (generator.random(below.shape[1]) > below[:-1]).sum(axis=0)
        return np.asarray(drawn[None], dtype=np.float64)

    return measure


def variances_explained(outcomes: Array, measure: Measure, seed: int, repeats: int = REPEATS) -> tuple[Gain, ...]:
    """Share of the variance of each of `outcomes`, [outcome, draw], that the measurement is expected to take away.

    For an outcome of 0 or 1 the square root of share times variance is by how much the probability would move. One
    repeat will do for what is told without error.
    """
    centred = (outcomes - outcomes.mean(axis=1, keepdims=True)) ** 2
    expected = _expectations(outcomes, measure, seed, repeats)
    saved = np.mean([centred - (outcomes - e) ** 2 for e in expected], axis=0)
    return tuple(_share(*rows) for rows in zip(saved, centred, strict=True))


def _share(saved: Array, centred: Array) -> Gain:
    variance = float(centred.mean())
    if variance == 0:
        return Gain(0.0, 0.0)
    share = float(saved.mean()) / variance
    return Gain(share, float((saved - share * centred).std()) / variance / math.sqrt(saved.size))


def decision_gain(net_benefits: Array, measure: Measure, seed: int, repeats: int = REPEATS) -> Gain:
    """What choosing after the measurement is expected to bring above choosing now, for [choice, draw].

    Each draw's choice is made on expectations in which it has no part, and is then valued by its own benefit:
    what a planner would really get who acted on the regression. One repeat will do for what is told without error.
    """
    now = net_benefits[net_benefits.mean(axis=1).argmax()]
    every = np.arange(net_benefits.shape[1])
    gains = [net_benefits[e.argmax(axis=0), every] - now for e in _expectations(net_benefits, measure, seed, repeats)]
    return _mean(np.mean(gains, axis=0))


def perfect_information(net_benefits: Array) -> Gain:
    """What knowing everything would bring to the choice: no statistic can be worth more."""
    return _mean(net_benefits.max(axis=0) - net_benefits[net_benefits.mean(axis=1).argmax()])


def expectation(outcomes: Array, features: Array, folds: NDArray[np.int64]) -> Array:
    """What each draw's features let one expect of `outcomes` [outcome, draw], learnt from the other folds."""
    found = np.empty(outcomes.shape)
    # a fold is left out by subtracting its part from the identity
    columns = _orthonormal(features)
    products = columns.T @ outcomes.T
    for fold in np.unique(folds):
        held = columns[folds == fold]
        rest = products - held.T @ outcomes[:, folds == fold].T
        weights = np.linalg.lstsq(np.eye(columns.shape[1]) - held.T @ held, rest, rcond=1e-10)[0]
        found[:, folds == fold] = (held @ weights).T
    return found


def fitted(outcomes: Array, features: Array) -> Array:
    """The same regression on all draws at once: how `outcomes` [outcome, draw] move along the features."""
    columns = _orthonormal(features)
    return np.asarray((columns @ (columns.T @ outcomes.T)).T)


def _orthonormal(features: Array) -> Array:
    basis = np.concatenate([np.ones((1, features.shape[1])), *(_basis(feature) for feature in features)])
    return np.linalg.qr(basis.T)[0]


def _expectations(outcomes: Array, measure: Measure, seed: int, repeats: int) -> list[Array]:
    generator = np.random.default_rng(seed)
    folds = generator.permutation(outcomes.shape[1]) % FOLDS
    # the matrices are small: more threads would only wait for each other
    with _libraries().limit(limits=1):
        return [expectation(outcomes, measure(generator), folds) for _ in range(repeats)]


@cache
def _libraries() -> ThreadpoolController:
    # to look through all that is loaded takes longer than most regressions
    return ThreadpoolController()


def _mean(gains: Array) -> Gain:
    return Gain(float(gains.mean()), float(gains.std()) / math.sqrt(gains.size))


def _basis(feature: Array) -> Array:
    """Columns [column, draw] of a feature: an indicator for each category, or a spline with linear tails."""
    values = np.unique(feature)
    if values.size <= _FEW:
        return np.array([feature == value for value in values[1:]], dtype=np.float64).reshape(-1, feature.size)
    x = (feature - feature.mean()) / feature.std()
    knots = np.unique(np.quantile(x, _KNOTS))
    if knots.size < 3:
        return np.asarray(x[None])
    last, before = knots[-1], knots[-2]
    cubes = np.maximum(x - knots[:, None], 0.0) ** 3
    tails = ((last - knots[:-2]) / (last - before))[:, None], ((before - knots[:-2]) / (last - before))[:, None]
    return np.concatenate([x[None], cubes[:-2] - cubes[-2] * tails[0] + cubes[-1] * tails[1]])
