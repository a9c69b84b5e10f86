"""Why a change brings as much as it does: what limits the city's output, and what becomes of a fund.

A live-action title needs an order, a set, people and money, and is completed as the scarcest of them allows
(`equations/works.py`). Which that is differs from draw to draw; where none is the scarcest in half of them, a measure
that loosens one of them soon meets the next. Of a fund that is announced a part is raised, of which a part is public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shudian.analysis.doses import DoseResponse
from shudian.analysis.reported import Band
from shudian.analysis.results import evaluate
from shudian.analysis.told import is_told
from shudian.analysis.verdicts import YEAR
from shudian.draws import Draws
from shudian.kinds import Label, Model, Parameter, Scenario
from shudian.quantities import FIRST_YEAR
from shudian.scenarios import levers_apart
from shudian.units import conversion

LIMITS = {
    "orders": "desired_completions", "sets": "set_capacity", "people": "workforce_capacity",
    "money": "finance_capacity",
}  # fmt: skip
"""What a title needs -> the titles a month that there is enough of it for."""
FUND = "fund_size"
"""The lever whose amount is not what it costs."""
STAGES = {
    "announced": "fund_announced", "pending": "fund_pending", "paid": "cumulative_fund_contribution",
    "invested": "fund_invested",
}  # fmt: skip
"""What becomes of a fund -> its stock."""
UNIT = "亿元"
ANSWERED = "output"
"""The response whose sign a dose must show."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What stands behind the answer for the package asked for, at the end of YEAR."""

    limits: Mapping[str, float]
    """Of LIMITS, the share of the draws in which it is the scarcest."""
    fund: Mapping[str, float]
    """Of STAGES, the median in UNIT."""
    response: DoseResponse | None = None
    """What each amount of the lever brings, where a single one was changed."""
    trials: tuple[Label, ...] = ()
    """Statistics that could be collected and would tell what the changed levers do."""


def reasons(model: Model, scenario: Scenario, draws: Draws) -> Reasons:
    """The limits and the fund of `scenario`; raises ValueError if its budget is not equalised."""
    run = evaluate(model, scenario, draws, [*LIMITS.values(), *STAGES.values()], YEAR)
    values = run.yearly[:, YEAR + 1 - FIRST_YEAR]
    scarcest = np.bincount(values[: len(LIMITS)].argmin(axis=0), minlength=len(LIMITS)) / run.draws
    medians = np.median(values[len(LIMITS) :], axis=1)
    units = [variable.unit for variable in run.variables[len(LIMITS) :]]
    return Reasons(
        dict(zip(LIMITS, scarcest.tolist(), strict=True)),
        {
            stage: float(median) * conversion(unit, UNIT)
            for stage, median, unit in zip(STAGES, medians, units, strict=True)
        },
    )


def moved_levers(model: Model, one: Scenario, other: Scenario) -> tuple[Parameter, ...]:
    """Levers in which two scenarios differ at any time."""
    return levers_apart(one, other, model.scheduled)


def first_told(doses: Sequence[float], rest: int, gains: Sequence[Band], unit: str) -> float | None:
    """Of `doses` the nearest to the rest whose `gains`, in `unit`, can be told from nil; None if none can."""
    told = [place for place, gain in enumerate(gains) if place != rest and is_told(gain, unit)]
    return doses[min(told, key=lambda place: abs(place - rest))] if told else None
