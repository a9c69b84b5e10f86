"""What a sweep moves: levers and assumptions over values or a range of them, and where in that space it looks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from scipy.stats import qmc

from shudian.draws import Array
from shudian.kinds import InputError, Label, Parameter, Scenario, Segment
from shudian.parameters import DATE
from shudian.quantities import placed, read_value, write_month
from shudian.schedules import find_parameter, replace_from

Layout = Literal["grid", "latin", "factorial"]
GRID, LATIN = 9, 200
"""Values of a range in a grid, and points of a Latin hypercube, where nobody says how many."""
MOST_POINTS = 100_000
_UNIT = re.compile(r"^[-+＋−\s]*[\d.,，]+\s*")
_THOUSANDS = re.compile(r"\d[,，]\d{3}(?!\d)")
_ROLES = ("lever", "assumption")


@dataclass(frozen=True, slots=True)
class Swept:
    """A lever or an assumption that is moved, in internal units."""

    parameter: Parameter
    low: float
    high: float
    values: tuple[float, ...] = ()
    """The values that it takes, ascending; empty where it takes any between `low` and `high`."""
    count: int = 0
    """How many of them a grid takes of a range; 0 where nobody says."""

    @property
    def is_stepped(self) -> bool:
        """Whether there is nothing between two neighbouring values."""
        return self.parameter.whole or self.parameter.display_unit == DATE

    def spread(self, count: int) -> tuple[float, ...]:
        """Its values or, of a range, `count` at equal distances; of what is counted in whole ones each once."""
        if self.values:
            return self.values
        found = np.linspace(self.low, self.high, self.count or count)
        return tuple(dict.fromkeys((np.round(found) if self.is_stepped else found).tolist()))

    def at(self, share: float) -> float:
        """The value at a share of the way, from 0 up to but not 1: each value, or whole number, is as likely."""
        if self.values:
            return self.values[int(share * len(self.values))]
        if self.is_stepped:
            return float(np.floor(self.low + share * (self.high - self.low + 1)))
        return self.low + share * (self.high - self.low)


def read_swept(text: str, parameters: Mapping[str, Parameter], start: float) -> Swept:
    """What `fund_size=0..4 亿元`, `fund_size=0..4 亿元:9`, `park_count=0;4;8` or `fund_size` moves, and over what.

    A name alone moves it over its whole range; a unit behind the last amount is that of all. A date of a range is no
    earlier than `start`. Raises InputError on any mistake.
    """
    with placed(f"--vary {text}"):
        name, equals, rest = (part.strip() for part in text.replace("＝", "=").partition("="))
        if not name or (equals and not rest):
            raise InputError("write it as lever=from..to, lever=from..to:how many, or lever=value;value;value")
        parameter = find_parameter(name, parameters, ("lever", "assumption", "uncertain"))
        if parameter.role not in _ROLES:
            raise InputError(
                "nobody can choose “{name}”; a sweep reads it off its draws, and --set {name}=… makes it a condition "
                "for all of them",
                name=parameter.name,
            )
        if not equals:
            low = max(parameter.low, start) if parameter.display_unit == DATE else parameter.low
            return Swept(parameter, low, parameter.high)
        return _over(parameter, rest, start)


def _over(parameter: Parameter, text: str, start: float) -> Swept:
    told, colon, count = (part.strip() for part in text.replace("：", ":").rpartition(":"))
    told, count = (told, count) if colon else (count, "")
    ends = re.split(r"\.{2,}|…+|至|~|～", told)
    if len(ends) == 1:
        values = _listed(parameter, told)
        if count:
            raise InputError("values that are listed are not counted; leave out “:{count}”", count=count)
        found = Swept(parameter, values[0], values[-1], values)
    elif len(ends) == 2 and all(end.strip() for end in ends):
        low, high = _amounts(parameter, ends)
        if not low < high:
            raise InputError("the range must begin below its end; found “{told}”", told=told)
        if count and not (count.isascii() and count.isdigit() and 2 <= int(count) <= MOST_POINTS):
            raise InputError("“{count}” is not how many values a range has, 2 or more", count=count)
        found = Swept(parameter, low, high, count=int(count or 0))
    else:
        raise InputError("“{told}” is not a range; write from..to, as in 0..4 亿元", told=told)
    if parameter.display_unit == DATE and found.low < start:
        raise InputError("{month} is before the sweep begins", month=write_month(found.low))
    return found


def _listed(parameter: Parameter, told: str) -> tuple[float, ...]:
    if _THOUSANDS.search(told):
        raise InputError("“{told}” can be one number or two; write values apart with ;", told=told)
    parts = [part for part in re.split(r"[;；、,，]", told) if part.strip()]
    if not parts:
        raise InputError("write the values apart with ;, as in 0;2;4 亿元")
    values = _amounts(parameter, parts)
    if len({*values}) != len(values):
        raise InputError("“{told}” names a value twice", told=told)
    return tuple(sorted(values))


def _amounts(parameter: Parameter, parts: Sequence[str]) -> list[float]:
    """Each of `parts` as it stands or, where that has no unit, with that of the last."""
    unit = _UNIT.sub("", parts[-1].strip())
    found = []
    for part in parts:
        try:
            found.append(read_value(part.strip(), parameter))
        except InputError:
            if not (unit and _UNIT.fullmatch(part.strip())):
                raise
            found.append(read_value(f"{part.strip()} {unit}", parameter))
    return found


def read_space(vary: Sequence[str], parameters: Mapping[str, Parameter], start: float) -> tuple[Swept, ...]:
    """What `vary` moves, as `read_swept` reads each; raises InputError for nothing, and for anything moved twice."""
    found = tuple(read_swept(text, parameters, start) for text in vary)
    if not found:
        raise InputError("a sweep needs something to move: --vary fund_size, or --vary “fund_size=0..4 亿元”")
    names = [one.parameter.name for one in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError("“{name}” is moved twice; keep one of the two", name=twice)
    return found


def points_of(space: Sequence[Swept], layout: Layout, count: int | None, seed: int) -> Array:
    """Where the sweep looks: [point, swept], internal units.

    A grid takes every combination of values, `count` of each range; a factorial one every combination of the two ends;
    a Latin hypercube `count` points, each range cut into as many equal parts of which each holds one. Raises InputError
    for too many, and for an unknown layout.
    """
    if layout not in get_args(Layout):
        raise InputError("there is no layout “{layout}”; allowed are: grid, latin, factorial", layout=layout)
    if layout == "latin":
        number = count or LATIN
        _check_number(number)
        shares = qmc.LatinHypercube(len(space), rng=np.random.default_rng([seed, 18])).random(number)
        return np.array([[one.at(share) for one, share in zip(space, row, strict=True)] for row in shares])
    sides: list[tuple[float, ...]]
    if layout == "factorial":
        if count is not None:
            raise InputError("a factorial layout takes the ends of each range; leave out --points")
        sides = [(one.low, one.high) for one in space]
    else:
        sides = [one.spread(count or GRID) for one in space]
    _check_number(int(np.prod([float(len(side)) for side in sides])))
    return np.array(list(itertools.product(*sides)), dtype=np.float64)


def _check_number(number: int) -> None:
    if not 1 <= number <= MOST_POINTS:
        raise InputError(
            "that would be {number} points, and a sweep takes 1 to {most}; take fewer values, or --layout latin",
            number=f"{number:,}",
            most=f"{MOST_POINTS:,}",
        )


def at_point(base: Scenario, space: Sequence[Swept], point: Sequence[float], start: float, number: int) -> Scenario:
    """`base` with what is swept at `point` from month `start` on; it is called after its number."""
    moved = {
        one.parameter.name: (one.parameter.role, (Segment(start, float(value)),))
        for one, value in zip(space, point, strict=True)
    }

    def of(role: str, before: Mapping[str, tuple[Segment, ...]]) -> dict[str, tuple[Segment, ...]]:
        own = {name: schedule for name, (kind, schedule) in moved.items() if kind == role}
        return {**before, **{name: replace_from(before.get(name, ()), schedule) for name, schedule in own.items()}}

    return replace(
        base,
        name=f"{base.name}_{number:05d}",
        title=Label(f"{base.title.zh} {number}", f"{base.title.en} {number}"),
        levers=of("lever", base.levers),
        assumptions=of("assumption", base.assumptions),
        retrospective=base.retrospective or start < base.now,
    )
