"""The past in a scenario: whether it is another than what was decided, and what a file may say of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shudian.kinds import Parameter, Scenario
from shudian.mistakes import Mistakes
from shudian.quantities import MONTHS, write_month
from shudian.scenario_form import RETROSPECTIVE
from shudian.schedules import Schedule, find_parameter, merge, values
from shudian.toml_file import TomlFile

_SAME = 1e-9
"""Share of a lever's range: a ramp that is written as the shorter one that it became differs in the last bits."""
_STEPS = 8
"""Looks a month, so that a ramp that ends within one is seen."""


def departure(scenario: Scenario, other: Scenario) -> float:
    """The first month from which the levers of the two are at different amounts; the end of the horizon if none is.

    What is written anew as it was is no difference. A lever that only one of the two sets differs from that month on,
    and so does what a review may decide that the other does not have.
    """
    times = np.arange(MONTHS * _STEPS) / _STEPS
    own, others = scenario.reviews, other.reviews
    apart_in = [r for r in own if r not in others] + [r for r in others if r not in own]
    first = min((review.date for review in apart_in), default=float(MONTHS))
    for name in {*scenario.levers, *other.levers}:
        one, two = scenario.levers.get(name, ()), other.levers.get(name, ())
        if one == two:
            continue
        amounts = [values(schedule, times, 0.0) for schedule in (one, two)]
        is_set = [times >= schedule[0].start if schedule else np.zeros(times.shape, bool) for schedule in (one, two)]
        slack = _SAME * max(float(np.abs(row).max()) for row in amounts)
        apart = (is_set[0] != is_set[1]) | (np.abs(amounts[0] - amounts[1]) > slack)
        if apart.any():
            first = min(first, float(np.floor(times[apart.argmax()])))
    return first


def is_retrospective(scenario: Scenario, record: Scenario) -> bool:
    """Whether `scenario` chooses otherwise than was decided in the past."""
    return departure(scenario, record) < scenario.now


def is_prospective(scenario: Scenario, record: Scenario) -> bool:
    """Whether `scenario` chooses otherwise than was decided, and begins when that can still be chosen."""
    return scenario.now <= departure(scenario, record) < MONTHS


def says_retrospective(file: TomlFile) -> bool:
    """Whether `file` says, in either language, that it chooses in the past; raises InputError for any other word."""
    found = [key for key in RETROSPECTIVE if key in file.data]
    for key in found:
        if not isinstance(file.data[key], bool):
            file.fail("“{key}” is true or false, in a workbook 是 (yes) or 否 (no)", key, key=key)
    if len(found) > 1:
        file.fail("“{one}” and “{other}” are one and the same; keep one", found[1], one=found[0], other=found[1])
    return bool(found) and bool(file.data[found[0]])


def leave_past(
    file: TomlFile,
    levers: Mapping[str, Schedule],
    base: Mapping[str, Schedule],
    decided: Mapping[str, Schedule],
    parameters: Mapping[str, Parameter],
    now: float,
) -> None:
    """Raise InputError for each of the schedules `levers` under which a lever was before `now` what it was in no past.

    There are two: that of the `base` (empty where there is none), which also holds before a schedule begins, and what
    was `decided`.
    """
    times = np.arange(int(now) * _STEPS) / _STEPS
    mistakes = Mistakes()
    for name, schedule in levers.items():
        parameter = parameters[name]
        own = merge(base, {name: schedule})
        rows = [values(found.get(name, ()), times, parameter.value) for found in (own, base, decided)]
        slack = _SAME * (parameter.high - parameter.low)
        if any(np.allclose(rows[0], past, rtol=0, atol=slack) for past in rows[1:]):
            continue
        key = next(key for key in file.data["levers"] if find_parameter(key, parameters, ("lever",)) is parameter)
        date = next(iter(file.data["levers"][key]))
        with mistakes.noted():
            file.fail(
                "“{name}” is changed from {date} on, which is past: what is chosen now begins in {now} or later; to "
                "ask what if it had been chosen then, write retrospective = true, in a workbook 是 (yes) beside 回溯 "
                "(Retrospective)",
                "levers", key, date,
                name=key, date=write_month(schedule[0].start), now=write_month(now),
            )  # fmt: skip
    mistakes.tell()
