"""Scenario -> TOML text: a scenario written back as a file, and the file with which a planner starts."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from shudian.kinds import InputError, Label, Parameter, Scenario, Segment
from shudian.quantities import example, write_month, write_number, write_range, write_value
from shudian.scenarios import FIRST_CHOICE, ROOT
from shudian.schedules import Schedule, values

_QUESTION = Label("这一方案有助于实现2027年目标吗？", "Does this package help to reach the targets of 2027?")


def to_toml(scenario: Scenario, parameters: Mapping[str, Parameter]) -> str:
    """`scenario` as the text of a scenario file that loads to the same scenario (but for its name, the file's).

    Every schedule is written in full, so that the file means the same after its base has changed. A ramp
    that the next segment interrupts is written as the shorter ramp that it then is.
    """
    lines = [f"base = {_text(scenario.base)}"] if scenario.base or scenario.kind == "package" else []
    lines += [f'kind = "{scenario.kind}"', f"city = {_text(scenario.city)}"]
    lines += [f"title = {_label(scenario.title)}", f"question = {_label(scenario.question)}"]
    lines += [f"evidence = [{', '.join(_text(item) for item in scenario.evidence)}]"]
    lines += ["notes = [", *(f"    {_label(note)}," for note in scenario.notes), "]"]
    if scenario.same_budget_as:
        lines.append(f"same_budget_as = {_text(scenario.same_budget_as)}")
    if scenario.levers:
        lines += ["", "[levers]", *(_line(parameters[name], scenario.levers[name]) for name in scenario.levers)]
    if scenario.assumptions or scenario.fixed:
        lines += ["", "[assumptions]"]
        lines += [_line(parameters[name], scenario.assumptions[name]) for name in scenario.assumptions]
        lines += [_line(parameters[name], (Segment(0.0, value),)) for name, value in scenario.fixed.items()]
    return "\n".join(lines) + "\n"


def template(parameters: Mapping[str, Parameter], name: str) -> str:
    """The text of a new scenario file called `name`: every lever explained in both languages and commented out.

    It loads as it is (and is then its base). Raises InputError if `name` cannot be a scenario's name.
    """
    if not name.isidentifier():
        raise InputError(f"“{name}” cannot be a scenario's name; use letters, digits and _ only, as in my_plan")
    levers = [parameter for parameter in parameters.values() if parameter.role == "lever"]
    assumptions = [parameter for parameter in parameters.values() if parameter.role == "assumption"]
    return "\n".join([
        "# 一个情景只写与基准情景不同之处。去掉行首的 # 即生效；自所写日期起取代基准情景的安排。",
        "# A scenario says only what differs from its base. Remove a # to put a line in force; from its first",
        "# date on it replaces what the base says. Dates are 2023-01 to 2030-12.",
        f"base = {_text(ROOT)}",
        f"title = {_label(Label(f'我的方案 {name}', f'My package {name}'))}",
        f"question = {_label(_QUESTION)}",
        "evidence = []",
        "notes = []",
        "",
        "[levers]",
        *(line for parameter in levers for line in _offer(parameter)),
        "",
        "# 以下不由城市决定。What follows is not the city's to choose.",
        "[assumptions]",
        *(line for parameter in assumptions for line in _offer(parameter)),
        "",
    ])  # fmt: skip


def _offer(parameter: Parameter) -> list[str]:
    meaning = parameter.meaning
    default = write_value(parameter.value, parameter).strip('"')
    ends = write_range(parameter)
    date = write_month(FIRST_CHOICE)
    return [
        "",
        f"# {parameter.label.zh}：{meaning.zh}范围 {ends.replace(' to ', ' 至 ')}，默认 {default}。",
        f"# {parameter.label.en}: {meaning.en} Range {ends}, default {default}.",
        f"# {parameter.name} = {{ {date} = {example(parameter)} }}",
    ]


def _line(parameter: Parameter, schedule: Schedule) -> str:
    if len(schedule) == 1 and schedule[0].start == 0:
        return f"{parameter.name} = {write_value(schedule[0].value, parameter)}"
    ends = [*(segment.start for segment in schedule[1:]), np.inf]
    steps = []
    for number, (segment, end) in enumerate(zip(schedule, ends, strict=True)):
        value, ramp = segment.value, segment.ramp
        if segment.start + ramp > end:
            ramp = end - segment.start
            value = float(values(schedule[: number + 1], np.array([end]), parameter.value)[0])
        written = write_value(value, parameter)
        step = f'{{ value = {written}, ramp = "{write_number(ramp)} 个月" }}' if ramp else written
        steps.append(f"{write_month(segment.start)} = {step}")
    return f"{parameter.name} = {{ {', '.join(steps)} }}"


def _label(label: Label) -> str:
    return f"{{ zh = {_text(label.zh)}, en = {_text(label.en)} }}"


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but JSON lets the character DEL stand
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
