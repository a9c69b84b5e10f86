"""Schedules in a workbook's sheet: a row for each lever or assumption, three cells for each step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shudian.kinds import Parameter
from shudian.now import NOW_WORDS
from shudian.parameters import DATE
from shudian.quantities import comparable
from shudian.scenario_form import COLUMNS, LEVERS, REVIEW, STEP, STEPS
from shudian.toml_file import TomlFile
from shudian.workbook_cells import COLUMNS_READ, Sheet, is_called, month_of, value_of

_HEADING_ROWS = 12
"""The headings stand within so many rows from the top."""


def headings(sheet: Sheet) -> dict[str, tuple[int, int]]:
    """Where each heading stands, row and column: keys of COLUMNS, and of STEP with the step's number; empty if none."""
    for row in range(1, min(_HEADING_ROWS, sheet.values.max_row) + 1):
        found: dict[str, tuple[int, int]] = {}
        for column in range(1, min(COLUMNS_READ, sheet.values.max_column) + 1):
            value = sheet.values.cell(row, column).value
            if isinstance(value, str) and (key := _heading(value)):
                found.setdefault(key, (row, column))
        if {"name", "label"} <= found.keys():
            return found
    return {}


def _heading(text: str) -> str:
    for key, label in COLUMNS.items():
        if is_called(text, label):
            return key
    numbered = re.fullmatch(r"(.*?)\s*(\d+)", comparable(text))
    if numbered:
        for key, label in STEP.items():
            if is_called(numbered[1], label):
                return f"{key}{int(numbered[2])}"
    return ""


def read_schedules_of(
    sheet: Sheet, table: str, read: TomlFile, parameters: Mapping[str, Parameter], months: Sequence[str] = ()
) -> dict[str, str]:
    """Read a sheet of levers or assumptions into `read`; where `months` are given, they are those of its steps.

    Returns the unit of each row, by its name. Raises InputError with sheet and cell.
    """
    found = headings(sheet)
    needed = {key: label.zh for key, label in COLUMNS.items() if key in ("name", "label", "unit")}
    own = ("value",) if months else tuple(STEP)
    needed |= {f"{key}{step}": f"{STEP[key].zh}{step}" for step in range(1, STEPS + 1) for key in own}
    for key, title in needed.items():
        if key not in found:
            sheet.fail(
                "the column “{column}” is missing; make a new workbook with: shudian new {name} --xlsx",
                found["name"][0] if found else 1, 1,
                column=title, name=sheet.path.stem,
            )  # fmt: skip
    for key, (row, column) in found.items() if months else ():
        if key.startswith(("start", "ramp")) or (key.startswith("value") and int(key[5:]) > len(months)):
            sheet.fail(
                "a round has no column “{heading}”: it holds one value for each of {months}; take the column out",
                row, column,
                heading=sheet.text(row, column), months=", ".join(months),
            )  # fmt: skip
    columns = {key: column for key, (_, column) in found.items()}
    top = found["name"][0] + 1
    entries: dict[str, list[Step]] = {}
    units: dict[str, str] = {}
    for row in range(top, sheet.values.max_row + 1):
        name, column = _name(sheet, row, columns, parameters)
        # a further row of a lever need not say its unit again
        unit = units.setdefault(name, sheet.text(row, columns["unit"])) if name else ""
        steps = list(_steps(sheet, row, columns, sheet.text(row, columns["unit"]) or unit, months))
        if not steps:
            continue
        if not name:
            sheet.fail(
                "a value stands here and nothing says of what; write the name of the lever or assumption in its row",
                row, steps[0].value_column,
            )  # fmt: skip
        read.places.setdefault((table, name), sheet.place(row, column))
        entries.setdefault(name, []).extend(steps)
    undated = NOW_WORDS[0] if table == LEVERS and not read.data.get("retrospective") else ""
    read.data[table] = {
        name: entry_of(sheet, (table, name), steps, read, parameters, undated) for name, steps in entries.items()
    }
    return units


@dataclass(frozen=True, slots=True)
class Step:
    """What one step's three cells say, as a scenario file would write it."""

    row: int
    value: object
    date: str
    ramp: str
    value_column: int
    date_column: int
    ramp_column: int


def step_of(sheet: Sheet, row: int, value: int, start: int, ramp: int, unit: str, since: str = "") -> Step | None:
    """What the three cells in these columns of a row say; a column 0 is none, and without a month it is from `since`.

    None where all are empty; raises InputError where only the value is.
    """
    date = month_of(sheet, row, start) if start else ""
    length = sheet.at(row, ramp) if ramp else None
    if sheet.at(row, value) is not None:
        lasts = "" if length is None else str(value_of(sheet, row, ramp, "个月"))
        return Step(row, value_of(sheet, row, value, unit), date or since, lasts, value, start or value, ramp)
    if date or length is not None:
        sheet.fail(
            "a month or a ramp stands here without a value; fill in the value or empty the cell",
            row, start if date else ramp,
        )  # fmt: skip
    return None


def _steps(sheet: Sheet, row: int, columns: Mapping[str, int], unit: str, months: Sequence[str]) -> Iterator[Step]:
    numbers = sorted(int(key[5:]) for key in columns if re.fullmatch(r"value\d+", key))
    for number in numbers:
        value, start, ramp = (columns.get(f"{key}{number}", 0) for key in ("value", "start", "ramp"))
        step = step_of(sheet, row, value, start, ramp, unit, months[number - 1] if number <= len(months) else "")
        if step:
            yield step


def _name(sheet: Sheet, row: int, columns: Mapping[str, int], parameters: Mapping[str, Parameter]) -> tuple[str, int]:
    """What the row is about, by its identifier where it names one parameter, and the column that says so."""
    written = [(sheet.text(row, columns[key]), columns[key]) for key in ("label", "name")]
    meant = [(meant_by(text, parameters), column) for text, column in written if text]
    if len(meant) == 2 and meant[0][0] != meant[1][0]:
        one, other = written[0][0], written[1][0]
        sheet.fail(
            "“{one}” and “{other}” in one row are two different things; correct one of them",
            row,
            columns["label"],
            one=one,
            other=other,
        )
    return meant[0] if meant else ("", 0)


def meant_by(text: str, parameters: Mapping[str, Parameter]) -> str:
    """The identifier of the parameter that `text` names, or `text` where it names none or several."""
    if not text or text in parameters:
        return text
    found = [p.name for p in parameters.values() if is_called(text, p.label)]
    return found[0] if len(found) == 1 else text


def entry_of(
    sheet: Sheet,
    keys: tuple[str, ...],
    steps: Sequence[Step],
    read: TomlFile,
    parameters: Mapping[str, Parameter],
    undated: str,
) -> object:
    """The steps of what is named last in `keys`, as a scenario file would write them there; `read` gets their places.

    A value without a month holds from `undated` on. Raises InputError, with sheet and cell, where that is empty and for
    a month that stands twice.
    """
    first, parameter = steps[0], parameters.get(keys[-1])
    is_fixed = parameter is not None and (parameter.role == "uncertain" or parameter.display_unit == DATE)
    if is_fixed and len(steps) == 1 and not first.date and not first.ramp:
        read.places[*keys, "value"] = sheet.place(first.row, first.value_column)
        return first.value
    schedule: dict[str, object] = {}
    for step in steps:
        date = step.date or undated
        if not date:
            sheet.fail(
                "“{name}” has a value and no month; write the month from which it holds, as in 2026-07 (2023-01 for "
                "always)", step.row, step.date_column or step.value_column,
                name=keys[-1],
            )  # fmt: skip
        if date in schedule and not step.date and keys[0] == REVIEW:
            sheet.fail(
                "“{name}” has two values without a month, and both would hold from the review on; write the month from "
                "which each begins", step.row, step.date_column or step.value_column,
                name=keys[-1],
            )  # fmt: skip
        if date in schedule and not step.date:
            sheet.fail(
                "“{name}” has two values without a month, and both would hold from now on; write the month from which "
                "each begins", step.row, step.date_column or step.value_column,
                name=keys[-1],
            )  # fmt: skip
        if date in schedule:
            sheet.fail(
                "{date} is written twice for “{name}”; write each date once",
                step.row,
                step.date_column,
                date=date,
                name=keys[-1],
            )
        read.places[*keys, date] = sheet.place(step.row, step.date_column)
        read.places[*keys, date, "value"] = sheet.place(step.row, step.value_column)
        if step.ramp:
            read.places[*keys, date, "ramp"] = sheet.place(step.row, step.ramp_column)
        schedule[date] = {"value": step.value, "ramp": step.ramp} if step.ramp else step.value
    return schedule
