"""Each contested form of the structure: its weights, what foretelling says of it, and the answers under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.contested_forms import ContestedForm, load_contested_forms
from shudian.analysis.stacking import Stacked, stacked_forms
from shudian.answers.calibration.questions import Answer, Question, chance
from shudian.calibrate.calibration import Calibration
from shudian.calibrate.leave_one_out import Form, LeftOut

Array = NDArray[np.float64]
LEAST = 100
"""Draws of a form below which no chance is stated."""


@dataclass(frozen=True, slots=True)
class Averaged:
    """The chance of one target where each of two forms is true, and averaged over both."""

    question: Question
    nil: float | None
    """None where too few draws have the form."""
    otherwise: float | None
    posterior: float
    """Averaged with the posterior weights: the chance that is stated everywhere."""
    stacking: float | None
    """Averaged with the stacking weights."""
    interval: tuple[float, float] | None
    """The same at the ends of the stacking weight's interval, lower first."""


@dataclass(frozen=True, slots=True)
class FormWeights:
    """One contested form."""

    form: ContestedForm
    posterior_nil: float
    """Share of the draws whose parameter is nil."""
    error: float
    """Its Monte Carlo standard error, as of independent draws."""
    stacked: Stacked | None
    """Nil first; None where a form has too few draws."""
    answers: tuple[Averaged, ...]
    """Of each question that has a threshold."""


def form_weights(calibration: Calibration, left: Sequence[LeftOut], asked: Sequence[Answer]) -> tuple[FormWeights, ...]:
    """Every contested form of the calibrated model; `left` are all reports, `asked` the answers to look at."""
    found = []
    for form in load_contested_forms(calibration.target.model):
        is_nil = _is_nil(calibration.names.index(form.parameter.name))
        nil = is_nil(calibration.uncertain)
        share = float(nil.mean())
        stacked = stacked_forms(left, is_nil)
        answers = tuple(_averaged(a, nil, stacked) for a in asked if a.question.threshold is not None)
        found.append(FormWeights(form, share, (share * (1 - share) / nil.size) ** 0.5, stacked, answers))
    return tuple(found)


def _is_nil(row: int) -> Form:
    return lambda uncertain: np.asarray(uncertain[row] == 0)


def _averaged(answer: Answer, nil: NDArray[np.bool_], stacked: Stacked | None) -> Averaged:
    question, values = answer.question, answer.posterior
    ends = [chance(values[group], question) if group.sum() >= LEAST else None for group in (nil, ~nil)]
    first, second = ends
    if stacked is None or first is None or second is None:
        return Averaged(question, first, second, chance(values, question), None, None)
    mixed = [weight * first + (1 - weight) * second for weight in (stacked.weight, *stacked.interval)]
    return Averaged(question, first, second, chance(values, question), mixed[0], (min(mixed[1:]), max(mixed[1:])))
