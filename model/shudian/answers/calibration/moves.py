"""Which figure moves which outcome: the posterior without a report against the whole one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.answers.calibration.questions import Question, ask, chance
from shudian.calibrate.leave_one_out import LeftOut, starting
from shudian.calibrate.target import HISTORY
from shudian.draws import draws_of
from shudian.kinds import Model
from shudian.latent import Latent

Array = NDArray[np.float64]
NOISE = 3.0
"""Standard errors of a shift that is told as one: of the some 300 that the table compares, chance makes one such."""


@dataclass(frozen=True, slots=True)
class Move:
    """What leaving one report out does to one answer: answer without it less answer with it."""

    report: str
    question: Question
    median: float
    """Shift of the median, in the question's unit."""
    median_error: float
    """Its Monte Carlo standard error; of a refit as of two independent samples, which its common start makes less."""
    chance: float | None
    """Shift of the probability that the target is reached; None for an amount."""
    chance_error: float | None
    refitted: bool
    """Whether the draws without the report were made anew; otherwise the whole posterior's are weighted."""

    @property
    def told(self) -> bool:
        """Whether the shift of the median is more than sampling noise."""
        return abs(self.median) > NOISE * self.median_error


def moves(
    model: Model,
    latent: Latent,
    asked: Sequence[Question],
    whole: Mapping[str, Array],
    without: Sequence[LeftOut],
) -> tuple[Move, ...]:
    """Every report's Move of every question under the policy that was decided.

    `whole` holds by question key the answers of all draws of the posterior.
    """
    found: list[Move] = []
    for left in without:
        if left.refitted:
            # against the draws that the refit started from: what these have by chance, the refit has too
            answered = ask(model, asked, HISTORY, draws_of(model, latent.fixed(left.uncertain), 0))
            began = {key: values[starting(values.size)] for key, values in whole.items()}
            found += [_refitted(left.report, q, began[q.key], answered[q.key]) for q in asked]
        else:
            found += [_weighted(left.report, q, whole[q.key], left.weights) for q in asked]
    return tuple(found)


def _refitted(report: str, question: Question, whole: Array, left: Array) -> Move:
    shift = float(np.median(left) - np.median(whole))
    error = math.hypot(median_error(whole), median_error(left))
    if question.threshold is None:
        return Move(report, question, shift, error, None, None, True)
    before, after = chance(whole, question), chance(left, question)
    chance_error = math.sqrt(before * (1 - before) / whole.size + after * (1 - after) / left.size)
    return Move(report, question, shift, error, after - before, chance_error, True)


def _weighted(report: str, question: Question, whole: Array, weights: Array) -> Move:
    """The same draws with weights and without: noise that both have does not count."""
    before, after = float(np.median(whole)), weighted_median(whole, weights)
    # the share below, and how far the median goes for each point of it
    slope = 2 * math.sqrt(whole.size) * median_error(whole)
    error = slope * _paired_error(whole <= after, weights, whole <= before)
    if question.threshold is None:
        return Move(report, question, after - before, error, None, None, False)
    reached = whole >= question.threshold
    shift = float(weights @ reached) - float(reached.mean())
    return Move(report, question, after - before, error, shift, _paired_error(reached, weights, reached), False)


def _paired_error(there: NDArray[np.bool_], weights: Array, here: NDArray[np.bool_]) -> float:
    """Standard error of the weighted share of draws that count `there` less the plain share of those that do `here`."""
    moved = weights * (there - float(weights @ there)) - (here - float(here.mean())) / here.size
    return float(np.sqrt((moved**2).sum()))


def weighted_median(values: Array, weights: Array) -> float:
    """The value at which half of the weight lies below, linear between draws; without weights it is the median."""
    order = np.argsort(values)
    middle = np.cumsum(weights[order]) - weights[order] / 2
    return float(np.interp(0.5 * weights.sum(), middle, values[order]))


def median_error(values: Array) -> float:
    """Standard error of the median of independent draws: half the way between its quantiles one error up and down."""
    half = 0.5 / math.sqrt(values.size)
    low, high = np.quantile(values, [max(0.5 - half, 0), min(0.5 + half, 1)])
    return float(high - low) / 2
