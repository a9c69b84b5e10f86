"""A scenario changed: struck by shocks, with other settings, with more money, in another's world."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from shudian.kinds import InputError, Label, Parameter, Scenario, Segment
from shudian.mistakes import Mistakes
from shudian.now import read_start_or_now
from shudian.quantities import placed, read_value, write_month
from shudian.reviews import decided_later, with_branches
from shudian.schedules import (
    ROOT,
    Schedule,
    check_order,
    check_undated,
    find_parameter,
    from_month,
    merge,
    replace_from,
)


def combine(package: Scenario, *shocks: Scenario) -> Scenario:
    """`package` struck by `shocks`: each shock's assumptions replace the package's from their first date on.

    Where two shocks move one assumption, the later argument wins from its first date on. Raises
    InputError if `package` is a shock or one of `shocks` is a package.
    """
    if package.kind == "shock":
        raise InputError(
            "“{name}” is a shock; name a package that it strikes: {base} --with {shock}",
            name=package.name,
            base=ROOT,
            shock=package.name,
        )
    struck = package
    for shock in shocks:
        if shock.kind == "package":
            raise InputError(
                "“{name}” is a package, not a shock; compare packages side by side instead", name=shock.name
            )
        struck = replace(
            struck,
            name=f"{struck.name}+{shock.name}",
            title=Label(f"{struck.title.zh}＋{shock.title.zh}", f"{struck.title.en} + {shock.title.en}"),
            assumptions=merge(struck.assumptions, shock.assumptions),
            fixed={**struck.fixed, **shock.fixed},
            notes=struck.notes + shock.notes,
            evidence=tuple(dict.fromkeys(struck.evidence + shock.evidence)),
        )
    return struck


def with_settings(scenario: Scenario, settings: Sequence[str], parameters: Mapping[str, Parameter]) -> Scenario:
    """`scenario` with each setting `name=value` or `name=value@YYYY-MM` in force from its date (default: its now) on.

    A name is a lever's, an assumption's or an uncertain parameter's (which takes no date), or its Chinese
    label. The title says what was set. Raises InputError naming the option of every mistake.
    """
    chosen: dict[str, Schedule] = {}
    fixed: dict[str, float] = {}
    undated: set[str] = set()
    mistakes = Mistakes()
    for setting in settings:
        with mistakes.noted(), placed(f"--set {setting}"):
            parameter, value, start = read_setting(setting, parameters, scenario.now)
            if start is None:
                check_undated(parameter, parameter.name in fixed)
                fixed[parameter.name] = value
                continue
            segment = Segment(start, value)
            before = chosen.get(parameter.name, ())
            if not re.search("[@＠]", setting):
                undated.add(parameter.name)
            if before and parameter.name in undated and start <= before[-1].start:
                raise InputError(
                    "“{name}” is set twice; keep one of the two, or write them with their months, in the order of "
                    "time, each once",
                    name=parameter.name,
                )
            check_order(before, segment)
            chosen[parameter.name] = (*before, segment)
    mistakes.tell()
    said = ", ".join(settings)
    levers = {name: schedule for name, schedule in chosen.items() if parameters[name].role == "lever"}
    assumptions = {name: schedule for name, schedule in chosen.items() if parameters[name].role == "assumption"}
    return replace(
        decided_later(scenario, levers),
        title=Label(f"{scenario.title.zh}（另设 {said}）", f"{scenario.title.en} (set: {said})")
        if said
        else scenario.title,
        levers=merge(scenario.levers, levers),
        assumptions=merge(scenario.assumptions, assumptions),
        fixed={**scenario.fixed, **fixed},
        retrospective=scenario.retrospective or any(found[0].start < scenario.now for found in levers.values()),
    )


def read_setting(
    setting: str, parameters: Mapping[str, Parameter], now: float = 0.0
) -> tuple[Parameter, float, float | None]:
    """What `name=value` or `name=value@YYYY-MM` sets, to which value (internal units), and from which month on.

    Without a month it is `now`. The month is None for an uncertain parameter, which has no schedule. Raises InputError
    on any mistake.
    """
    narrow = setting.replace("＝", "=").replace("＠", "@")
    name, equals, rest = (part.strip() for part in narrow.partition("="))
    value, at, date = (part.strip() for part in rest.partition("@"))
    if not (name and equals and value):
        raise InputError("write it as name=value or name=value@YYYY-MM, for example fund_size=2亿元@2026-07")
    parameter = find_parameter(name, parameters, ("lever", "assumption", "uncertain"))
    number = read_value(value, parameter)
    if parameter.role == "uncertain":
        check_undated(parameter, bool(at))
        return parameter, number, None
    return parameter, number, read_start_or_now(date, now) if at else now


def check_settings(
    settings: Sequence[str], parameters: Mapping[str, Parameter], now: float, retrospective: bool
) -> None:
    """Raise InputError for one of `settings` that moves a lever before `now`, unless that is what is asked.

    What befell a city is no choice of its own, so that assumptions may begin at any time.
    """
    mistakes = Mistakes()
    for setting in settings:
        with mistakes.noted(), placed(f"--set {setting}"):
            parameter, _, start = read_setting(setting, parameters, now)
            if not retrospective and parameter.role == "lever" and start is not None:
                check_not_past(start, now)
    mistakes.tell()


def check_not_past(start: float, now: float) -> None:
    """Raise InputError if what begins in month `start` cannot be chosen any more in month `now`."""
    if start < now:
        raise InputError(
            "{date} is past, and what is chosen now begins in {now} or later; to ask what if it had been "
            "chosen then, add --retrospective",
            date=write_month(start),
            now=write_month(now),
        )


def scale_money(scenario: Scenario, parameters: Mapping[str, Parameter], factor: float, since: float = 0.0) -> Scenario:
    """`scenario` with every lever that scales with the budget multiplied by `factor` from month `since` on.

    Each value is kept within its lever's range, in what reviews decide too. What was before `since` stays.
    """

    def scaled(levers: Mapping[str, Schedule]) -> dict[str, Schedule]:
        found = dict(levers)
        for name, schedule in levers.items():
            parameter = parameters[name]
            if parameter.scales_with_budget:
                later = tuple(
                    replace(segment, value=min(max(segment.value * factor, parameter.low), parameter.high))
                    for segment in from_month(schedule, since)
                )
                found[name] = replace_from(schedule, later) if later else schedule
        return found

    whole = with_branches(scenario, scaled)
    return replace(whole, levers=scaled(scenario.levers))


def in_world_of(scenario: Scenario, other: Scenario) -> Scenario:
    """What `scenario` chooses, in the world of `other`: what befalls a city is no effect of what it chose."""
    return replace(scenario, assumptions=other.assumptions, fixed=other.fixed)
