"""Scenario -> TOML text: a scenario written back as a file, and the file with which a planner starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from shudian.kinds import InputError, Label, Parameter, Scenario, Segment
from shudian.parameters import DATE, together
from shudian.quantities import write_month, write_number, write_range, write_value
from shudian.review_text import quoted, review_lines
from shudian.scenario_form import REVIEW
from shudian.scenarios import base_of, load_scenario
from shudian.schedules import Schedule, values
from shudian.units import conversion

START = "zhengzhou_2025"
"""The package from which a planner starts: what the city has announced."""

_EXAMPLES = {
    "approval_days": '"10 日"',
    "support_end": '"2029-01"',
    "platform_guarantee": "0",
    "national_growth_shift": '"-10 %/年"',
}
"""Levers and assumptions for which more than now is not the choice that a planner would try first."""

_REVIEW_OFFERED = (
    "# 何时评估、评估后怎么做：去掉下面各行行首的 #   即生效，最多三次。城市看到的数会晚、会有误差。",
    "# When to review, and what follows: remove the # in front of each line below, at most three times over. What the",
    "# city sees is late and in error.",
    "#   [[review]]",
    '#   date = "now + 18 个月"',
    '#   indicator = "market"',
    '#   definition = "local_output"',
    "#   growth_at_least = 0.1",
    "#   [review.passed]",
    '#   fund_size = "3 亿元"',
    "#   [review.failed]",
    '#   support_end = "届时"',
)
"""Offered as it may be written, with as many blanks as tell it from the levers' lines."""
_QUESTION = Label("这一方案有助于实现2027年目标吗？", "Does this package help to reach the targets of 2027?")


def to_toml(scenario: Scenario, parameters: Mapping[str, Parameter]) -> str:
    """`scenario` as the text of a scenario file that loads to the same scenario (but for its name, the file's).

    Every schedule is written in full, so that the file means the same after its base has changed. A ramp
    that the next segment interrupts is written as the shorter ramp that it then is.
    """
    lines = [f"base = {quoted(scenario.base)}"] if scenario.base or scenario.kind == "package" else []
    lines += [f'kind = "{scenario.kind}"', f"city = {quoted(scenario.city)}"]
    lines += [f"title = {_label(scenario.title)}", f"question = {_label(scenario.question)}"]
    lines += [f"evidence = [{', '.join(quoted(item) for item in scenario.evidence)}]"]
    # All notes are written out, the bases' among them.
    lines += ["inherit_notes = false", "notes = [", *(f"    {_label(note)}," for note in scenario.notes), "]"]
    if scenario.retrospective:
        lines.append("retrospective = true")
    if not scenario.reviews and (base := base_of(scenario, parameters)) and base.reviews:
        lines.append(f"{REVIEW} = []")
    if scenario.same_budget_as:
        lines.append(f"same_budget_as = {quoted(scenario.same_budget_as)}")
    if scenario.levers:
        always = scenario.retrospective
        lines += ["", "[levers]", *(_line(parameters[n], found, always) for n, found in scenario.levers.items())]
    if scenario.assumptions or scenario.fixed:
        lines += ["", "[assumptions]"]
        lines += [_line(parameters[name], scenario.assumptions[name]) for name in scenario.assumptions]
        lines += [_line(parameters[name], (Segment(0.0, value),)) for name, value in scenario.fixed.items()]
    for review in scenario.reviews:
        lines += review_lines(review, lambda name, schedule: _line(parameters[name], schedule))
    return "\n".join(lines) + "\n"


def template(parameters: Mapping[str, Parameter], name: str, base: Scenario | None = None) -> str:
    """The text of a new scenario file called `name`: every lever explained in both languages and commented out.

    Each is shown with its range, with what `base` (START where it is None) has in force and since when, and with an
    example; the base's reviews are written out, to be changed. The file loads as it is (and is then its base). Raises
    InputError if `name` cannot be a scenario's name.
    """
    if not name.isidentifier():
        raise InputError(
            "“{name}” cannot be a scenario's name; use letters, digits and _ only, as in my_plan", name=name
        )
    base = base or load_scenario(START, parameters)
    now = write_month(base.now)
    levers = [parameter for parameter in parameters.values() if parameter.role == "lever"]
    assumptions = [parameter for parameter in parameters.values() if parameter.role == "assumption"]
    return "\n".join([
        f"# 方案文件只写与基础方案不同的地方。基础方案是“{base.title.zh}”，用 shudian list 可以看到其他方案。",
        f"# 改好数值，去掉行首的 # 即生效；自所写月份起取代基础方案的安排。现在是{now}，只能从这个月起选择，",
        "# 最晚到2030-12；不写月份即从现在起。要问“过去若是另一种做法会怎样”，加一行 retrospective = true，",
        "# 月份可从2023-01写起，不写月份即一直如此。",
        f"# A scenario says only what differs from its base, here “{base.title.en}”; “shudian list” shows others.",
        "# Change a value and remove the # in front to put the line in force; from its month on it replaces what",
        f"# the base says. Now is {now}: from then on can be chosen, until 2030-12; without a month it is from now on.",
        "# To ask what if the past had been another, add the line retrospective = true: months are then from 2023-01,",
        "# and without a month it is always.",
        f"base = {quoted(base.name)}",
        f"title = {_label(Label(f'我的方案 {name}', f'My package {name}'))}",
        f"question = {_label(_QUESTION)}",
        "evidence = []",
        "notes = []",
        "",
        "[levers]",
        *(
            line
            for lever in levers
            for line in _offer(lever, base.levers.get(lever.name, ()), together(lever, parameters), now)
        ),
        "",
        "# 以下不由城市决定。What follows is not the city's to choose.",
        "[assumptions]",
        *(line for given in assumptions for line in _offer(given, base.assumptions.get(given.name, ()), (given,), now)),
        "",
        *(_inherited(base, parameters) if base.reviews else _REVIEW_OFFERED),
        "",
    ])  # fmt: skip


def _inherited(base: Scenario, parameters: Mapping[str, Parameter]) -> Iterator[str]:
    """The base's reviews, as they may be changed."""
    yield "# 以下是基础方案的评估，可以改；自第一次的日期起，由这里所写的取代基础方案的。都不要，就删去这些行，"
    yield f"# 在[levers]之前写一行 {REVIEW} = []。"
    yield "# The base's reviews, to be changed: from the first date on, those below replace them. To hold none, delete"
    yield f"# these lines and write {REVIEW} = [] above [levers]."
    for review in base.reviews:
        yield from review_lines(review, lambda name, schedule: _line(parameters[name], schedule))


def _offer(parameter: Parameter, schedule: Schedule, parts: Sequence[Parameter], month: str) -> list[str]:
    """The lines on one lever, with an example that begins in `month`.

    Those of an instrument of several `parts` begin with a remark on all of them.
    """
    meaning, ends = parameter.meaning, str(write_range(parameter))
    now = schedule[-1].value if schedule else parameter.value
    shown = write_value(now, parameter).strip('"')
    since = write_month(schedule[-1].start + schedule[-1].ramp) if schedule else ""
    zh = f"自{since}起为 {shown}" if since else f"一直为 {shown}"
    en = f"{shown} since {since}" if since else f"{shown} throughout"
    step = _EXAMPLES.get(parameter.name) or write_value(_more(now, parameter), parameter)
    line = step if parameter.display_unit == DATE else f"{{ {month} = {step} }}"
    first = len(parts) > 1 and parameter is parts[0]
    remark = [
        "",
        f"# 以下{len(parts)}项须一起设定，缺一项其余都不起作用：{'、'.join(part.label.zh for part in parts)}。",
        f"# The next {len(parts)} belong together; none does anything without the others: "
        f"{', '.join(part.label.en for part in parts)}.",
    ]
    return [
        *(remark if first else []),
        "",
        f"# {parameter.label.zh}：{meaning.zh}",
        f"#   范围 {ends.replace(' to ', ' 至 ')}；基础方案中{zh}。",
        f"# {parameter.label.en}: {meaning.en}",
        f"#   Range {ends}; in the base {en}.",
        f"# {parameter.name} = {line}",
    ]


def _more(now: float, parameter: Parameter) -> float:
    """Twice what is in force, or where that is nothing a tenth of the most that a scenario may give."""
    factor = conversion(parameter.display_unit, parameter.unit)
    wanted = min(2 * now or parameter.high / 10, parameter.high) / factor
    return min(max(float(f"{wanted:.2g}") * factor, parameter.low), parameter.high)


def _line(parameter: Parameter, schedule: Schedule, always: bool = True) -> str:
    """The line of one schedule; `always` says that a value without a month holds at all times, and not from now on."""
    if always and len(schedule) == 1 and schedule[0].start == 0:
        return f"{parameter.name} = {write_value(schedule[0].value, parameter)}"
    steps = []
    for start, written, ramp in written_steps(parameter, schedule):
        step = f'{{ value = {written}, ramp = "{write_number(ramp)} 个月" }}' if ramp else written
        steps.append(f"{write_month(start)} = {step}")
    return f"{parameter.name} = {{ {', '.join(steps)} }}"


def written_steps(parameter: Parameter, schedule: Schedule) -> Iterator[tuple[float, str, float]]:
    """Month, value as TOML and ramp in months of each step, such that they are read as `schedule`.

    A ramp that the next segment interrupts is the shorter ramp that it then is.
    """
    ends = [*(segment.start for segment in schedule[1:]), np.inf]
    for number, (segment, end) in enumerate(zip(schedule, ends, strict=True)):
        value, ramp = segment.value, segment.ramp
        if segment.start + ramp > end:
            ramp = end - segment.start
            value = float(values(schedule[: number + 1], np.array([end]), parameter.value)[0])
        yield segment.start, write_value(value, parameter), ramp


def _label(label: Label) -> str:
    return f"{{ zh = {quoted(label.zh)}, en = {quoted(label.en)} }}"
