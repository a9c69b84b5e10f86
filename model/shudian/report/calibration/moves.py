"""Which figure moves which outcome: the posterior without a report against the whole one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.target import HISTORY
from shudian.draws import draws_of
from shudian.kinds import Model
from shudian.latent import Latent
from shudian.report.calibration.questions import Question, ask, chance

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
    """Its Monte Carlo standard error, as of two independent samples; the common start makes it rather less."""
    chance: float | None
    """Shift of the probability that the target is reached; None for an amount."""
    chance_error: float | None

    @property
    def told(self) -> bool:
        """Whether the shift of the median is more than sampling noise."""
        return abs(self.median) > NOISE * self.median_error


def moves(
    model: Model,
    latent: Latent,
    asked: Sequence[Question],
    whole: Mapping[str, Array],
    without: Mapping[str, Array],
) -> tuple[Move, ...]:
    """Every report's Move of every question under the policy that was decided.

    `whole` holds by question key the answers of the draws that the refits started from; `without` the draws
    [parameter, draw] of the posterior without a report, internal units, by the report's identifier.
    """
    found = []
    for report, uncertain in without.items():
        left = ask(model, asked, HISTORY, draws_of(model, latent.fixed(uncertain), 0))
        found += [_move(report, question, whole[question.key], left[question.key]) for question in asked]
    return tuple(found)


def _move(report: str, question: Question, whole: Array, left: Array) -> Move:
    shift = float(np.median(left) - np.median(whole))
    error = math.hypot(median_error(whole), median_error(left))
    if question.threshold is None:
        return Move(report, question, shift, error, None, None)
    before, after = chance(whole, question), chance(left, question)
    chance_error = math.sqrt(before * (1 - before) / whole.size + after * (1 - after) / left.size)
    return Move(report, question, shift, error, after - before, chance_error)


def median_error(values: Array) -> float:
    """Standard error of the median of independent draws: half the way between its quantiles one error up and down."""
    half = 0.5 / math.sqrt(values.size)
    low, high = np.quantile(values, [max(0.5 - half, 0), min(0.5 + half, 1)])
    return float(high - low) / 2
