"""Schedules: how a lever or an assumption moves in time, as a scenario file writes it.

A schedule is a tuple of segments in the order of time. Before its first segment the parameter's default holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import InputError, Parameter, Phrase, Role, Segment
from shudian.mistakes import Mistakes
from shudian.now import read_start_or_now
from shudian.parameters import DATE
from shudian.quantities import MONTHS, placed, read_quantity, read_value, same_words, show, write_month
from shudian.toml_file import TomlFile, nearest
from shudian.units import size

ROOT = "baseline"
"""The package on which all others are built; the only shipped one that has no base."""
RECORD = "zhengzhou_2025"
"""The package that says what was decided: what is chosen from now on is chosen on top of it."""
Schedule = tuple[Segment, ...]


def read_schedules(
    file: TomlFile,
    table: str,
    roles: tuple[Role, ...],
    parameters: Mapping[str, Parameter],
    now: float = 0.0,
    undated: float = 0.0,
) -> dict[str, Schedule]:
    """The schedules in the table `table` of `file`, by parameter name, where only parameters of `roles` may stand.

    `now` is what the word means where it stands for a month, and a value without a month holds from `undated` on.
    Raises InputError with file and line for all mistakes at once.
    """
    entries = file.data.get(table, {})
    if not isinstance(entries, dict):
        file.fail("[{table}] must stand alone on its line, with one line below it for each value", table, table=table)
    schedules: dict[str, Schedule] = {}
    mistakes = Mistakes()
    for key, entry in entries.items():
        with mistakes.noted():
            with placed(file.place(table, key)):
                parameter = find_parameter(key, parameters, roles)
                if parameter.name in schedules:
                    raise InputError(
                        "“{name}” ({label}) is set twice; keep one of the two lines",
                        name=parameter.name,
                        label=parameter.label.zh,
                    )
            schedules[parameter.name] = _schedule(file, (table, key), entry, parameter, now, undated)
    mistakes.tell()
    return schedules


def find_parameter(key: str, parameters: Mapping[str, Parameter], roles: tuple[Role, ...]) -> Parameter:
    """The parameter with the name or the Chinese label `key`; full-width or not, with or without quotes.

    Raises InputError if there is none, if several share the label, or if its role is not among `roles`.
    """
    matches = (
        [parameters[key]] if key in parameters else [p for p in parameters.values() if same_words(p.label.zh, key)]
    )
    if not matches:
        allowed = [p for p in parameters.values() if p.role in roles]
        names = [*(p.name for p in allowed), *(p.label.zh for p in allowed)]
        raise InputError(
            "there is no {role} {name}{nearest}",
            role=Phrase(roles[0]),
            name=show(key),
            nearest=nearest_or(key, names, "shudian new"),
        )
    if len(matches) > 1:
        raise InputError(
            "“{name}” can mean {names}; write the English name", name=key, names=" or ".join(p.name for p in matches)
        )
    parameter = matches[0]
    if parameter.role in roles:
        return parameter
    if parameter.role == "lever":
        raise InputError(
            "“{name}” is a lever, which the city chooses; move it to [levers], in a workbook the sheet 杠杆 (Levers)",
            name=key,
        )
    if parameter.role in ("assumption", "uncertain"):
        raise InputError(
            "“{name}” is not the city's to choose; move it to [assumptions], in a workbook the sheet 假设 "
            "(Assumptions)",
            name=key,
        )
    raise InputError(
        "“{name}” is a {role} of the model, which no scenario can set", name=key, role=Phrase(parameter.role)
    )


def merge(base: Mapping[str, Schedule], own: Mapping[str, Schedule]) -> dict[str, Schedule]:
    """The one merge rule, for every parameter: from its first date on, `own` replaces `base`."""
    return {**base, **{name: replace_from(base.get(name, ()), schedule) for name, schedule in own.items()}}


def replace_from(base: Schedule, own: Schedule) -> Schedule:
    """`base` until the first segment of `own`, then `own`."""
    return tuple(segment for segment in base if segment.start < own[0].start) + own


def from_month(schedule: Schedule, since: float) -> Schedule:
    """The segments of `schedule` that are in force from month `since` on, the first one cut to begin there."""
    before = [segment for segment in schedule if segment.start < since]
    later = tuple(segment for segment in schedule if segment.start >= since)
    if not before or (later and later[0].start == since):
        return later
    last = before[-1]
    return (Segment(since, last.value, max(last.start + last.ramp - since, 0.0)), *later)


def values(schedule: Schedule, times: NDArray[np.float64], default: float) -> NDArray[np.float64]:
    """What `schedule` is at each of `times` (months); `default` holds before its first segment.

    A ramp that the next segment interrupts ends at the value that it has reached.
    """
    found = np.full(times.shape, default)
    for number, segment in enumerate(schedule):
        later = times >= segment.start
        found[later] = segment.value
        climbing = later & (times < segment.start + segment.ramp)
        if climbing.any():
            before = values(schedule[:number], np.array([segment.start]), default)[0]
            found[climbing] = before + (segment.value - before) * (times[climbing] - segment.start) / segment.ramp
    return found


def check_order(schedule: Schedule, segment: Segment) -> None:
    """Raise InputError if `segment` does not come after `schedule`, or before its last ramp is over."""
    if not schedule:
        return
    last = schedule[-1]
    date = write_month(segment.start)
    if segment.start <= last.start:
        raise InputError(
            "{date} is written after {before}; write the dates in the order of time, each once",
            date=date,
            before=write_month(last.start),
        )
    if last.start + last.ramp > segment.start:
        before = write_month(last.start)
        raise InputError(
            "the ramp from {start} lasts {months:g} months and is not over in {date}; shorten it or begin later",
            start=before,
            months=last.ramp,
            date=date,
        )


def check_undated(parameter: Parameter, dated: bool) -> None:
    """Raise InputError if `parameter` is fixed in a run and yet was given a date."""
    if parameter.role == "uncertain" and dated:
        raise InputError(
            "“{name}” is one number for the whole horizon; write it once and without a date", name=parameter.name
        )


def nearest_or(name: str, names: Collection[str], command: str) -> Phrase:
    """The end of an error sentence: the nearest of `names`, or the command that shows all of them."""
    return nearest(name, names) or Phrase("; “{command}” shows all of them", command=command)


def _schedule(
    file: TomlFile, keys: tuple[str, str], entry: object, parameter: Parameter, now: float, undated: float
) -> Schedule:
    dated = isinstance(entry, dict) and not {"value", "ramp"} & set(entry)
    if not isinstance(entry, dict) or not dated:
        with placed(file.place(*keys, "value")):
            if isinstance(entry, dict):
                raise InputError(
                    "a value with a ramp needs a date: {key} = {{ 2026-01 = {{ value = …, ramp = … }} }}", key=keys[1]
                )
            return (Segment(undated, read_value(entry, parameter)),)
    schedule: Schedule = ()
    with placed(file.place(*keys)):
        check_undated(parameter, dated)
        if not entry:
            raise InputError("the schedule of “{key}” is empty; give it a value or leave the line out", key=keys[1])
    for date, step in entry.items():
        segment = _segment(file, (*keys, date), step, parameter, now)
        with placed(file.place(*keys, date)):
            check_order(schedule, segment)
        schedule = (*schedule, segment)
    return schedule


def _segment(file: TomlFile, keys: tuple[str, str, str], entry: object, parameter: Parameter, now: float) -> Segment:
    step = entry if isinstance(entry, dict) else {"value": entry}
    with placed(file.place(*keys)):
        start = read_start_or_now(keys[-1], now)
        if all(key.isdigit() for key in step):  # 2025.10 without quotes is a table in TOML
            date = ".".join((keys[-1], *step))
            raise InputError('{value} is not a month; write year and month as in "2025-10"', value=show(date))
        if "value" not in step or not set(step) <= {"value", "ramp"}:
            raise InputError(
                "a step of a schedule is a value or a table with “value” and “ramp”, "
                'as in { value = …, ramp = "6 个月" }'
            )
    with placed(file.place(*keys, "value")):
        value = read_value(step["value"], parameter)
    with placed(file.place(*keys, "ramp")):
        return Segment(start, value, _ramp(step.get("ramp", "0 个月"), keys[-1], start, parameter))


def _ramp(written: object, date: str, start: float, parameter: Parameter) -> float:
    quantity = read_quantity(written)
    if not quantity.factors or size(quantity.factors)[1] != {"month": 1}:
        raise InputError(
            '{value} is not a length of time; write the ramp in months, as in ramp = "6 个月"', value=show(written)
        )
    ramp = float(quantity.number * size(quantity.factors)[0])
    if not 0 <= ramp <= MONTHS - start:
        raise InputError(
            "a ramp from {date} on can last 0 to {most:g} months, the end of the horizon, not {found:g}",
            date=date,
            most=MONTHS - start,
            found=ramp,
        )
    if ramp and (start == 0 or parameter.display_unit == DATE):
        raise InputError(
            "a ramp leads from an earlier value to a later one; it cannot start in 2023-01 nor move a date"
        )
    return ramp
