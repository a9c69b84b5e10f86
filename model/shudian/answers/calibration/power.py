"""On whom does the answer hang: by how much it moves if a group of priors or of reports is trusted less, or more.

Power scaling (Kallioinen, Paananen, Bürkner and Vehtari 2024, Statistics and Computing 34, 57): the density of a group
to the power 0.8 and 1.25, by weights on the draws. The errors of a grade and the chance of being wrong are multiplied
instead, and the likelihood is computed anew; no draw is made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from shudian.answers.calibration.questions import Answer
from shudian.calibrate.leave_one_out import effective
from shudian.calibrate.target import Target
from shudian.observe.likelihood import Observer
from shudian.observe.reports import Report, with_errors
from shudian.observe.rules import Rules

Array = NDArray[np.float64]
Kind = Literal["priors", "reports", "errors", "faulty"]
FACTORS = (0.8, 1.25)
"""The powers, or what errors and chances are multiplied with: one is the other's inverse."""
FEWEST = 400
"""Effective draws below which nothing is said of a shift."""


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """The answer to one question with one group trusted less and more."""

    kind: Kind
    group: str
    """A sector of the model for priors, a grade for reports and errors, empty for the chance of being wrong."""
    answer: Answer
    shifts: tuple[float | None, float | None]
    """Change of the chance at the lower and at the higher factor; None where too few draws carry it."""
    effective: float
    """The lesser number of effective draws."""


def scaled(target: Target, uncertain: Array, run: Array, asked: Sequence[Answer], rules: Rules) -> tuple[Scaled, ...]:
    """Every group's effect on the chance of each answer of `asked` that has a threshold.

    `uncertain` [parameter, draw] are the draws, `run` [variable, month, draw] what the target's observer reads of them.
    """
    found = []
    for kind, group, weights in _groups(target, uncertain, run, rules):
        carried = min(effective(w) for w in weights)
        for answer in asked:
            if answer.question.threshold is None:
                continue
            reached = answer.posterior >= answer.question.threshold
            shifts = [_shift(reached, w) if effective(w) >= FEWEST else None for w in weights]
            found.append(Scaled(kind, group, answer, (shifts[0], shifts[1]), carried))
    return tuple(found)


def _groups(target: Target, uncertain: Array, run: Array, rules: Rules) -> Iterator[tuple[Kind, str, list[Array]]]:
    reports = target.observer.reports
    plain = target.observer.log_likelihood(run)
    square = -0.5 * target.latent.latent(uncertain) ** 2
    sectors = np.array([parameter.sector for parameter in target.latent.parameters])
    for sector in dict.fromkeys(sectors.tolist()):
        density = square[sectors == sector].sum(axis=0)
        yield "priors", sector, scaling(density)
    grades = np.array([grade_of(report) for report in reports])
    for grade in sorted(set(grades.tolist())):
        density = plain[grades == grade].sum(axis=0)
        yield "reports", grade, scaling(density)
    total = plain.sum(axis=0)
    for grade in sorted(set(grades.tolist())):
        changed = [[_with_errors(r, f, rules) if grade_of(r) == grade else r for r in reports] for f in FACTORS]
        yield "errors", grade, [_weights(Observer(tuple(c)).total(run) - total) for c in changed]
    doubted = [[_with_chance(report, factor) for report in reports] for factor in FACTORS]
    yield "faulty", "", [_weights(Observer(tuple(c)).total(run) - total) for c in doubted]


def grade_of(report: Report) -> str:
    """The best grade of the outlets that print a report, whose errors it has."""
    return min(figure.grade for figure in report.figures)


def _with_errors(report: Report, factor: float, rules: Rules) -> Report:
    errors = rules.errors[grade_of(report)]
    return with_errors(report, replace(errors, level=factor * errors.level, growth=factor * errors.growth), rules)


def _with_chance(report: Report, factor: float) -> Report:
    return replace(report, errors=replace(report.errors, faulty=factor * report.errors.faulty))


def scaling(log_density: Array) -> list[Array]:
    """Weights on draws that raise a density [draw] to each of the powers FACTORS."""
    return [_weights((power - 1) * log_density) for power in FACTORS]


def _weights(logarithms: Array) -> Array:
    return np.asarray(special.softmax(logarithms))


def _shift(reached: NDArray[np.bool_], weights: Array) -> float:
    return float(weights @ reached - reached.mean())
