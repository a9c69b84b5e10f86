"""Model and scenario as a Vensim model file (.mdl, UTF-8).

The format: https://www.vensim.com/documentation/mdlformat.html and the files that Vensim itself writes.
"""

from __future__ import annotations

import re
import textwrap

from shudian.draws import Draws
from shudian.exchange.content import Entry, groups, numbers_from
from shudian.exchange.expressions import VENSIM
from shudian.exchange.names import number, sector_label, step, unit_text
from shudian.exchange.sketch import sketch
from shudian.kinds import Equation, Label, Model, Parameter, Scenario
from shudian.quantities import MONTHS
from shudian.simulate import STEPS_PER_MONTH

_WIDTH = 100
_STARS = "*" * 56
_CONTROL = f"""\
INITIAL TIME = 0
	~	month
	~	2023-01。
		The initial time of the simulation: 2023-01.
	|

FINAL TIME = {MONTHS}
	~	month
	~	2031-01：2030年末。
		The final time of the simulation: the end of 2030.
	|

TIME STEP = {1 / STEPS_PER_MONTH}
	~	month [0,?]
	~	时间步长。
		The time step of the simulation.
	|

SAVEPER = 1
	~	month [0,?]
	~	每月记录一次。
		The frequency with which output is stored.
	|
"""
_SETTINGS = f"""\
///---\\\\\\
:L\x7f<%^E!@
1:shudian.vdf
4:Time
5:FINAL TIME
15:0,0,0,0,0,0
19:100,0
27:0,
34:0,
22:month,Month,Months,months
24:0
25:{MONTHS}
26:{MONTHS}
"""
"""What Vensim keeps behind the sketch: the dataset's name, the time axis, unit synonyms."""


def vensim_text(model: Model, scenario: Scenario, draws: Draws) -> str:
    """The .mdl file of `scenario` at the first of `draws`; raises ValueError for an unequalised budget."""
    return f"{equations_text(model, scenario, draws)}\n{sketch(model)}{_SETTINGS}"


def equations_text(model: Model, scenario: Scenario, draws: Draws) -> str:
    """`vensim_text` without its diagram, which takes seconds to lay out and no engine needs."""
    parts = ["{UTF-8}"]
    for sector, entries in groups(model, scenario, draws).items():
        parts.append(_group(sector, sector_label(sector)))
        parts.extend(_entry(entry) for entry in entries)
    origin = numbers_from(draws)
    control = Label(
        f"时间控制。情景：{scenario.name} {scenario.title.zh}；模型标识 {model.digest}；{origin.zh}",
        f"Time control. Scenario: {scenario.name}, {scenario.title.en}; model {model.digest}; {origin.en}",
    )
    return "\n".join([*parts, _group("Control", control), _CONTROL])


def _group(name: str, label: Label) -> str:
    return f"{_STARS}\n\t.{name}\n{_STARS}~\n\t\t{_plain(label.zh)}\n\t\t{_plain(label.en)}\n\t|\n"


def _entry(entry: Entry) -> str:
    note = "\n\t\t".join(_plain(line) for line in entry.note)
    return f"{entry.name} = {_wrapped(_right_side(entry))}\n\t~\t{_units(entry)}\n\t~\t{note}\n\t|\n"


def _right_side(entry: Entry) -> str:
    text, subject = entry.text(VENSIM), entry.subject
    if isinstance(subject, Equation) and subject.kind == "stock":
        return f"INTEG({text}, {subject.initial})"
    return text


def _wrapped(expression: str) -> str:
    # each choice on a line of its own, and never a break inside its three words
    whole = expression.replace("IF THEN ELSE(", "IF\0THEN\0ELSE(")
    lines: list[str] = []
    for part in re.split(r"(?<=, )(?=IF\0)", whole):
        lines += textwrap.wrap(part, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return " \\\n\t\t".join(lines).replace("\0", " ")


def _units(entry: Entry) -> str:
    subject = entry.subject
    unit = unit_text(subject.unit)
    if not isinstance(subject, Parameter):
        return unit
    low, high = subject.low, subject.high
    return f"{unit} [{number(low)},{number(high)},{number(step(low, high))}]"


def _plain(text: str) -> str:
    # the three characters that end a field or continue a line
    return text.replace("~", "～").replace("|", "｜").replace("\\", "＼")
