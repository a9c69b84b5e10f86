"""The origin article's own figures, each beside the model's value, whether it is fitted, shown only or an input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.calibration import Calibration
from shudian.calibrate.target import HISTORY, target_of
from shudian.kinds import Figure, Label
from shudian.observe.comparison import Comparison, compare
from shudian.observe.reports import report_of
from shudian.observe.rules import load_rules
from shudian.scenarios import load_scenario
from shudian.units import conversion

Array = NDArray[np.float64]
SOURCE = "origin_article"
LEVERS = {
    "ZG08": (HISTORY, "fund_size"),
    "ZG09": (HISTORY, "municipal_parks"),
    "ORG-005": ("hangzhou_mode", "fund_size"),
    "SZN-001": ("shenzhen_mode", "production_subsidy_rate"),
    "SZN-002": ("shenzhen_mode", "production_subsidy_cap"),
}
"""Figures that a scenario takes over as the value of a lever."""
Standing = Literal["fitted", "shown", "input", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """A figure of the article and what the model holds against it."""

    figure: Figure
    standing: Standing
    printed: float
    unit: str
    is_growth: bool = False
    """True where the growth rate printed with the figure is meant."""
    draws: Array | None = None
    """The model's quantity, [draw], in `unit`."""
    comparison: Comparison | None = None
    """The report that it is, where the model has its quantity."""
    lever: str = ""
    scenario: Label | None = None
    value: float | None = None
    """The lever's value in `unit`."""


def said_in_article(calibration: Calibration, comparisons: Sequence[Comparison]) -> tuple[Said, ...]:
    """Every number of the article, in the order of figures.csv."""
    figures = [f for f in calibration.evidence.load().values() if f.source == SOURCE and f.value is not None]
    fitted = {f.identifier: c for c in comparisons for f in c.report.figures}
    beside = _shown_only(calibration, [f for f in figures if f.identifier not in fitted])
    found: list[Said] = []
    for figure in figures:
        assert figure.value is not None
        comparison = fitted.get(figure.identifier) or beside.get(figure.identifier)
        if comparison is not None:
            standing: Standing = "fitted" if figure.identifier in fitted else "shown"
            found += _compared(figure, figure.value, standing, comparison)
        elif figure.identifier in LEVERS:
            found.append(_input(figure, figure.value, calibration))
        else:
            found.append(Said(figure, "none", figure.value, figure.unit))
    return tuple(found)


def _compared(figure: Figure, value: float, standing: Standing, comparison: Comparison) -> list[Said]:
    best = comparison.best
    found = [Said(figure, standing, value, figure.unit, draws=best.level, comparison=comparison)]
    if figure.growth_percent is not None and best.growth is not None:
        growth = 100 * (best.growth - 1)
        found.append(Said(figure, standing, figure.growth_percent, "%", is_growth=True, draws=growth))
    return found


def _input(figure: Figure, value: float, calibration: Calibration) -> Said:
    model = calibration.target.model
    name, lever = LEVERS[figure.identifier]
    scenario = load_scenario(name, model.parameters)
    chosen = scenario.levers[lever][-1].value * conversion(model.parameters[lever].unit, _unit(figure, lever))
    return Said(figure, "input", value, figure.unit, lever=lever, scenario=scenario.title, value=chosen)


def _unit(figure: Figure, lever: str) -> str:
    # the article prints a cap in 万元 where the lever says for what: 万元/部
    return f"{figure.unit}/部" if lever == "production_subsidy_cap" else figure.unit


def _shown_only(calibration: Calibration, figures: Sequence[Figure]) -> dict[str, Comparison]:
    model = calibration.target.model
    rules = load_rules(model)
    made = [report_of(figure, model, rules) for figure in figures]
    reports = tuple(report for report in made if report is not None)
    if not reports:
        return {}
    target = target_of(model, reports)
    found = compare(target.observer, target.run(calibration.uncertain, None))
    return {comparison.figure.identifier: comparison for comparison in found}
