"""Dose and response: what each of several amounts of one lever comes to, over its whole range.

The lever is decided in place of what a package decides of it, from the month of the package's last decision on; what it
needs besides is put in place, with a yearly budget that no dose exhausts. Every response is a difference on the same
draws to the lever at rest. Where nothing answers, the reason is that of `compare.idle`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from shudian.analysis.idle import LEAST, MOSTLY, Idle, example_of, idle
from shudian.analysis.reported import Band, band
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import MEASURES, YEAR, read
from shudian.draws import Array, Draws
from shudian.kinds import Model, Parameter, Scenario, Segment
from shudian.parameters import DATE
from shudian.reviews import decided_later
from shudian.schedules import merge

SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
"""The doses, as shares of the lever's range; closer where many levers have their limit."""
RESPONSES = tuple(next(m for m in MEASURES if m.name == name) for name in ("entry", "output", "jobs", "cost"))
BUDGET = "annual_budget"
APART = (BUDGET, "fund_size", "municipal_parks", "support_end")
"""Levers that are not paid for from the yearly budget."""
_VARIABLES = tuple(dict.fromkeys(measure.variable for measure in MEASURES))


@dataclass(frozen=True, slots=True)
class Flat:
    """Doses between which no response moves, to LEAST of itself, in MOSTLY of the draws."""

    first: int
    last: int
    """Positions of the doses."""
    why: Idle | None
    """None where something else answers, or an earlier year does."""


@dataclass(frozen=True, slots=True)
class DoseResponse:
    """What each dose of a lever comes to in YEAR."""

    lever: Parameter
    package: Scenario
    since: float
    """The month after 2023-01 from which the lever is at the dose."""
    given: Mapping[str, float]
    """Other levers, at what they are set so that the lever acts; internal units."""
    doses: tuple[float, ...]
    """Internal units, ascending."""
    rest: int
    """Position of the dose that stands where nothing is decided."""
    levels: Mapping[str, Band]
    """Response -> what it comes to at rest, in the measure's unit."""
    gains: Mapping[str, tuple[Band, ...]]
    """Response -> of each dose, the difference to rest, draw by draw, in the measure's unit."""
    flat: tuple[Flat, ...]
    draws: int


def dose_response(model: Model, lever: Parameter, package: Scenario, draws: Draws) -> DoseResponse:
    """The DoseResponse of `lever` in `package`; raises ValueError if the package's budget is not equalised."""
    since = max(schedule[-1].start for schedule in package.levers.values())
    given = _given(lever, package, model.parameters)
    doses = _doses(lever)
    rest = doses.index(lever.value)
    scenarios = [decided(package, {**given, lever.name: dose}, since) for dose in doses]
    runs = [evaluate(model, scenario, draws, _VARIABLES, YEAR) for scenario in scenarios]
    responses = {measure.name: np.array([read(run, measure) for run in runs]) for measure in RESPONSES}
    return DoseResponse(
        lever, package, since, given, doses, rest,
        {name: band(values[rest]) for name, values in responses.items()},
        {name: tuple(band(row) for row in values - values[rest]) for name, values in responses.items()},
        tuple(_flat(model, scenarios, responses, draws)),
        draws.values.shape[1],
    )  # fmt: skip


def decided(package: Scenario, levers: Mapping[str, float], since: float) -> Scenario:
    """`package` with `levers` at these values (internal units) from month `since` on."""
    own = {name: (Segment(since, value),) for name, value in levers.items()}
    return replace(decided_later(package, own), levers=merge(package.levers, own))


def _doses(lever: Parameter) -> tuple[float, ...]:
    """Over the whole range, and what holds where nothing is decided; whole numbers and months stay whole."""
    values = [lever.low + share * (lever.high - lever.low) for share in SHARES]
    if lever.whole or lever.display_unit == DATE:
        values = [float(round(value)) for value in values]
    return tuple(sorted({*values, lever.value}))


def _given(lever: Parameter, package: Scenario, parameters: Mapping[str, Parameter]) -> dict[str, float]:
    needed = [parameters[name] for name in lever.needs if parameters[name].display_unit != DATE]
    missing = [p for p in needed if not (p.name in package.levers and package.levers[p.name][-1].value)]
    given = {p.name: example_of(p, parameters) for p in missing}
    return given if lever.name in APART else {**given, BUDGET: parameters[BUDGET].high}


def _flat(model: Model, scenarios: list[Scenario], responses: Mapping[str, Array], draws: Draws) -> Iterator[Flat]:
    same = [_answers_alike(responses, *step) for step in pairwise(range(len(scenarios)))]
    at = 0
    for is_flat, steps in groupby(same):
        first, at = at, at + len(list(steps))
        if is_flat:
            found = idle(model, scenarios[at], scenarios[first], draws, _VARIABLES)
            yield Flat(first, at, found[0] if found else None)


def _answers_alike(responses: Mapping[str, Array], one: int, other: int) -> bool:
    alike = [
        np.abs(values[one] - values[other]) <= LEAST * np.maximum(np.abs(values[one]), np.abs(values[other]))
        for values in responses.values()
    ]
    return bool(np.all(alike, axis=0).mean() >= MOSTLY)
