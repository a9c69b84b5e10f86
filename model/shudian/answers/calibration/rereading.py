"""A strange figure has two explanations: the report is wrong, or the model lacks something. What would make it usual?

The report is read again under every other definition of its indicator, with a scope of its own, and in each contested
form of the structure; and it is held against the priors, which say what the structure can give at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.contested_forms import ContestedForm, load_contested_forms
from shudian.calibrate.target import HISTORY
from shudian.draws import Draws
from shudian.forecasts.prior_predictive import Place
from shudian.kinds import InputError, Model
from shudian.observe.comparison import Comparison
from shudian.observe.likelihood import Observer
from shudian.observe.reports import Report, report_of
from shudian.observe.rules import Rules
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run

Array = NDArray[np.float64]
ORDINARY = 0.25
"""Probability of being wrong below which a report is no longer strange."""
OUT_OF_REACH = 0.01
"""Share of prior worlds below which a number lies beyond what the structure gives."""
_FEWEST = 100
"""Draws of a form below which nothing is said of it."""
_TIMES = 1.25
"""A scope that holds less than this factor more, or less, is no explanation."""


@dataclass(frozen=True, slots=True)
class Rereading:
    """What would make one strange report ordinary."""

    report: Report
    definitions: tuple[str, ...]
    """Other definitions of the same indicator and place under which it is ordinary."""
    times: float | None
    """How many times as much its definition would have to hold as the model counts; None for a ratio, or near 1."""
    forms: tuple[tuple[ContestedForm, bool], ...]
    """Contested forms in which it is ordinary: the form, and whether it is the one whose parameter is nil."""
    within_reach: float
    """Share of prior worlds that print a number as far out, or farther; two-sided."""

    @property
    def lacks_structure(self) -> bool:
        """Whether nothing that the model can be brings the number about."""
        return self.within_reach < OUT_OF_REACH and not self.forms and not self.definitions


def reread(
    strange: Sequence[Comparison], prior: Sequence[Place], draws: Draws, model: Model, rules: Rules, city: str
) -> tuple[Rereading, ...]:
    """The Rereading of each report of `strange` with posterior `draws`; `prior` are the fitted reports' places."""
    tails: dict[str, float] = {}
    for place in prior:
        name, tail = place.report.identifier, 2 * min(place.quantile, 1 - place.quantile)
        tails[name] = min(tail, tails.get(name, 1.0))
    forms = load_contested_forms(model)
    return tuple(_reread(comparison, tails, forms, draws, model, rules, city) for comparison in strange)


def _reread(
    strange: Comparison,
    tails: Mapping[str, float],
    forms: Sequence[ContestedForm],
    draws: Draws,
    model: Model,
    rules: Rules,
    city: str,
) -> Rereading:
    report = strange.report
    level = next((a.level for a in report.alternatives if a.level is not None), None)
    times = level.middle * report.display_factor / float(np.median(strange.best.level)) if level else 1.0
    return Rereading(
        report,
        tuple(_definitions(report, draws, model, rules, city)),
        None if report.rule.is_ratio or 1 / _TIMES < times < _TIMES else times,
        tuple(_ordinary_forms(report, forms, draws, model)),
        tails.get(report.identifier, 1.0),
    )


def _definitions(report: Report, draws: Draws, model: Model, rules: Rules, city: str) -> list[str]:
    rule = report.rule
    others = [
        other
        for other in rules.rules
        if (other.indicator, other.place) == (rule.indicator, rule.place) and other.definition != rule.definition
    ]
    found = []
    for other in others:
        try:
            read = report_of(report.figures[0], model, rules, city, other)
        except InputError:
            continue  # it is printed in a unit in which that definition cannot be counted
        if read is None:
            continue
        observer = Observer((read,))
        if _wrong(observer, _run(observer, draws, model)) < ORDINARY:
            found.append(other.definition)
    return found


def _ordinary_forms(
    report: Report, forms: Sequence[ContestedForm], draws: Draws, model: Model
) -> list[tuple[ContestedForm, bool]]:
    observer = Observer((report,))
    run = _run(observer, draws, model)
    found = []
    for form in forms:
        nil = form.is_nil(draws)
        for is_nil, chosen in ((True, nil), (False, ~nil)):
            # where all draws are of one form there is no other to compare it with
            if not _FEWEST <= chosen.sum() < nil.size:
                continue
            here, elsewhere = _wrong(observer, run[..., chosen]), _wrong(observer, run[..., ~chosen])
            if here < ORDINARY and elsewhere > max(ORDINARY, 2 * here):
                found.append((form, is_nil))
    return found


def _wrong(observer: Observer, run: Array) -> float:
    """Probability that the only report of `observer` is wrong, if `run` says what is true."""
    return observer.explanations(run)[0][1]


def _run(observer: Observer, draws: Draws, model: Model) -> Array:
    return bare_run(model, load_scenario(HISTORY, model.parameters), draws, observer.variables)
