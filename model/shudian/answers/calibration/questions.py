"""The questions that a posterior is asked: the targets under each definition, and a few amounts of their year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.results import Reading
from shudian.analysis.verdicts import MEASURES, YEAR
from shudian.draws import Draws
from shudian.kinds import Label, Model, Target
from shudian.quantities import FIRST_YEAR
from shudian.scenarios import load_scenario
from shudian.simulate import simulate
from shudian.targets import load_definitions, load_targets
from shudian.units import conversion, display_unit

Array = NDArray[np.float64]
AMOUNTS = ("firms", "heads", "jobs")
"""Measures that stand beside the targets."""


@dataclass(frozen=True, slots=True)
class Question:
    """A number of one year that a run answers, in a unit that people read."""

    key: str
    """`market_2027/local_output` for a target, `firms` for an amount."""
    variable: str
    reading: Reading
    year: int
    unit: str
    label: Label
    definition: Label | None = None
    threshold: float | None = None
    """What counts as reached, in `unit`; None for an amount."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A question's answer under one package, from the priors and from the posterior."""

    question: Question
    package: str
    prior: Array
    """[draw], in the question's unit"""
    posterior: Array


def questions(model: Model) -> tuple[Question, ...]:
    """Every official target under each of its definitions, then the amounts."""
    definitions = load_definitions()
    found = [
        _of_target(target, definition, variable, definitions[definition])
        for target in load_targets()
        for definition, variable in target.definitions.items()
    ]
    chosen = [measure for measure in MEASURES if measure.name in AMOUNTS]
    found += [Question(m.name, m.variable, m.reading, YEAR, m.unit, model.equation(m.variable).label) for m in chosen]
    return tuple(found)


def _of_target(target: Target, definition: str, variable: str, label: Label) -> Question:
    unit = display_unit(target.unit)
    threshold = target.threshold * conversion(target.unit, unit)
    return Question(
        f"{target.identifier}/{definition}", variable, target.measure, target.year, unit, target.label, label, threshold
    )


def ask(model: Model, asked: Sequence[Question], package: str, draws: Draws) -> dict[str, Array]:
    """What each draw answers under the shipped scenario `package`: question key -> [draw], in the question's unit."""
    outputs = tuple(dict.fromkeys(question.variable for question in asked))
    run = simulate(model, load_scenario(package, model.parameters), draws, outputs=outputs)
    found = {}
    for question in asked:
        values = run[question.variable].values
        end = (question.year + 1 - FIRST_YEAR) * 12
        read = values[:, end] - values[:, end - 12] if question.reading == "increase_over_year" else values[:, end]
        found[question.key] = np.asarray(read * conversion(run[question.variable].attrs["unit"], question.unit))
    return found


def answers(
    model: Model, asked: Sequence[Question], packages: Sequence[str], prior: Draws, posterior: Draws
) -> tuple[Answer, ...]:
    """Every question under every package, from both."""
    found = []
    for package in packages:
        before, after = (ask(model, asked, package, draws) for draws in (prior, posterior))
        found += [Answer(q, package, before[q.key], after[q.key]) for q in asked]
    return tuple(found)


def chance(values: Array, question: Question) -> float:
    """Share of draws that reach the question's threshold."""
    assert question.threshold is not None
    return float(np.mean(values >= question.threshold))
