"""A target in a planner's words -> Goal: what must be reached, by when, how surely, and for how much at most."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.results import LAST_YEAR, Readable, Reading
from shudian.kinds import InputError, Label, Model, Phrase
from shudian.numerals import narrowed
from shudian.quantities import measured, placed, read_quantity, same_words, show
from shudian.schedules import nearest_or
from shudian.targets import load_definitions, load_targets
from shudian.units import conversion, unit_label

COST = "cumulative_fiscal_cost"
_PAID = (COST, "cumulative_support_paid", "cumulative_fund_contribution", "cumulative_park_spending", "support_cash")
_WORDS: tuple[tuple[str, str, str, Reading], ...] = (
    ("jobs", "就业", "fte_jobs", "level_at_year_end"),
    ("firms", "企业", "active_firms", "level_at_year_end"),
    ("titles", "作品", "cumulative_titles", "increase_over_year"),
    ("quality_works", "精品", "plan_quality_works", "level_at_year_end"),
    ("entry", "新办企业", "cumulative_firm_entry", "increase_over_year"),
    ("output", "产值", "cumulative_local_output", "increase_over_year"),
)
"""Everyday words for what is aimed at most: English, Chinese, variable, how it is read."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a mix must reach."""

    asked: str
    """The left side of the target, as an identifier."""
    label: Label
    meaning: Label
    """What is counted: the definition (口径) in full, or what the variable means."""
    evidence: tuple[str, ...]
    """Where the definition's target is written; empty for what is no official target."""
    variable: str
    reading: Reading
    year: int
    threshold: float
    """In `unit`, which is internal."""
    unit: str
    probability: float
    """Share of draws in which the threshold must be reached."""
    budget: float | None = None
    """The most that the median fiscal cost to the end of `year` may be, 亿元; None where it may be anything."""

    def reached(self, run: Readable) -> NDArray[np.bool_]:
        """In which draws `run` reaches the threshold."""
        return self.measured(run) >= self.threshold

    def measured(self, run: Readable) -> NDArray[np.float64]:
        """What each draw of `run` comes to, in `unit`."""
        return run.read(self.variable, self.reading, self.year, self.unit)


@dataclass(frozen=True, slots=True)
class _Aim:
    name: str
    words: tuple[str, ...]
    label: Label
    meaning: Label
    variable: str
    reading: Reading
    evidence: tuple[str, ...] = ()


def read_goal(target: str, year: int, probability: float, budget: str, model: Model) -> Goal:
    """The Goal that `target` (`local_output=100亿元`, `就业=4 万人`), `year`, `probability` and `budget` tell.

    The left side is a definition of an official target, an everyday word or any variable of the model, by
    identifier or label. A variable that accumulates is read as its increase over the year, any other as its level
    at the year's end. Raises InputError naming the option on any mistake.
    """
    with placed(f"--probability {probability:g}"):
        if not 0 < probability <= 1:
            raise InputError("a probability lies above 0 and is at most 1, as in 0.5")
    with placed(f"--target {target}"):
        name, equals, amount = (part.strip() for part in re.sub("[≥>]=?", "=", narrowed(target)).partition("="))
        if not (name and equals and amount):
            raise InputError("write it as name=value with its unit, for example local_output=100亿元")
        aim = _find(name, model)
        unit = model.equation(aim.variable).unit
        if aim.variable in _PAID:
            raise InputError("“{name}” is money that the city spends and no aim; cap it with --budget", name=name)
        threshold = _read(amount, unit, aim.name)
        if math.isinf(threshold):
            raise InputError("{value} is not a finite number", value=show(amount))
        if threshold <= 0:
            raise InputError("{amount} is reached by doing nothing; name an amount above 0", amount=show(amount))
    cap = None
    if budget:
        with placed(f"--budget {budget}"):
            cap = _read(budget, "wanyuan", "budget") * conversion("wanyuan", "亿元")
            if cap <= 0:
                raise InputError("{amount} buys nothing; name an amount above 0", amount=show(budget))
    return Goal(
        aim.name, aim.label, aim.meaning, aim.evidence, aim.variable, aim.reading, year, threshold, unit, probability,
        cap,
    )  # fmt: skip


def check_year(year: int, first: int) -> None:
    """Raise InputError if the target cannot be judged at the end of `year`, of which `first` is the first possible."""
    with placed(f"--by {year}"):
        if not first <= year <= LAST_YEAR:
            raise InputError(
                "a mix that acts from {first} on is judged in {start} to {last}",
                first=first,
                start=first,
                last=LAST_YEAR,
            )


def _read(text: str, unit: str, name: str) -> float:
    usual = {"wanyuan": "100 亿元", "person": "4 万人", "firm": "1000 家", "title": "50 部"}
    label = unit_label(unit, "zh")
    example = usual.get(unit, f"1 {label}".rstrip())
    expected = Phrase("“{name}” is a pure number, as in {example}", name=name, example=example)
    if label:
        expected = Phrase("“{name}” is in {unit}, as in {example}", name=name, unit=label, example=example)
    return measured(read_quantity(text), unit, unit, show(text), expected)


def _find(name: str, model: Model) -> _Aim:
    aims = list(_aims(model))
    matches = [aim for aim in aims if name == aim.name] or [
        aim for aim in aims if any(same_words(name.casefold(), word.casefold()) for word in aim.words)
    ]
    if not matches:
        names = [*(aim.name for aim in aims), *(word for aim in aims for word in aim.words)]
        raise InputError(
            "there is nothing to aim at called {name}{nearest}",
            name=show(name),
            nearest=nearest_or(name, names, "shudian list"),
        )
    return matches[0]


def _aims(model: Model) -> Iterator[_Aim]:
    """Everything that can be aimed at; what is meant more often comes first and wins a name that two things share."""
    labels = load_definitions()
    for target in load_targets():
        for definition, variable in target.definitions.items():
            short = Label(labels[definition].zh.split("（")[0], labels[definition].en.split(" (")[0])
            words = (short.zh, short.zh.removesuffix("口径"), short.en, labels[definition].zh, labels[definition].en)
            yield _Aim(definition, words, short, labels[definition], variable, target.measure, target.evidence)
    for english, chinese, variable, read in _WORDS:
        equation = model.equation(variable)
        yield _Aim(english, (chinese,), equation.label, equation.meaning, variable, read)
    for equation in model.equations:
        accumulates = equation.name.startswith("cumulative_")
        reading: Reading = "increase_over_year" if accumulates else "level_at_year_end"
        label = equation.label
        yield _Aim(equation.name, (label.zh, label.en), label, equation.meaning, equation.name, reading)
