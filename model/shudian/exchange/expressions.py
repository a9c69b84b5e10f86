"""Expression trees as text: Vensim's spelling and XMILE's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shudian.equations.language import Expression
from shudian.exchange.names import decimal, number
from shudian.kinds import Segment
from shudian.schedules import Schedule, values
from shudian.structure import TIME

_MONTHS_IN_A_YEAR = 12
_INFIX = {"add": " + ", "subtract": " - ", "multiply": " * ", "divide": " / ", "power": " ^ ", "less": " < "}
_RANK = {"less": 0, "add": 1, "subtract": 1, "multiply": 2, "divide": 2, "power": 3}
_CALLS = {"exp": "EXP", "log": "LN", "minimum": "MIN", "maximum": "MAX"}
_STRONGEST = 4


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two formats spell differently."""

    time: str
    where: Callable[[str, str, str], str]


VENSIM = Dialect("Time", lambda condition, then, otherwise: f"IF THEN ELSE({condition}, {then}, {otherwise})")
XMILE = Dialect("TIME", lambda condition, then, otherwise: f"(IF {condition} THEN {then} ELSE {otherwise})")


def spell(node: Expression, dialect: Dialect) -> str:
    """`node` with the brackets that keep its order of evaluation, and no others but around a power's operands."""
    return decimal(node.value) if node.operation == "constant" else _spell(node, dialect)[0]


def _spell(node: Expression, dialect: Dialect) -> tuple[str, int]:
    if node.operation == "variable":
        return (dialect.time if node.name == TIME else node.name), _STRONGEST
    if node.operation == "constant":
        return number(node.value) if node.value >= 0 else f"({number(node.value)})", _STRONGEST
    if node.operation == "by_year":
        return _year_by_year([_spell(knot, dialect)[0] for knot in node.operands], dialect), _STRONGEST
    if node.operation in _INFIX:
        return _infix(node, dialect), _RANK[node.operation]
    inner = [_spell(operand, dialect)[0] for operand in node.operands]
    if node.operation == "negate":
        return f"(-{_bracketed(node.operands[0], _RANK['power'], dialect)})", _STRONGEST
    if node.operation == "where":
        return dialect.where(*inner), _STRONGEST
    return f"{_CALLS[node.operation]}({', '.join(inner)})", _STRONGEST


def _infix(node: Expression, dialect: Dialect) -> str:
    # Every tool takes + - * / from left to right, so only a right operand of equal rank needs brackets; the
    # tools differ in how they read a ^ b ^ c and -a ^ b, so a power's operands always stand alone.
    rank = _RANK[node.operation]
    left_least = _STRONGEST if node.operation == "power" else rank
    left = _bracketed(node.operands[0], left_least, dialect)
    right = _bracketed(node.operands[1], rank + 1, dialect)
    return f"{left}{_INFIX[node.operation]}{right}"


def _bracketed(node: Expression, least: int, dialect: Dialect) -> str:
    text, rank = _spell(node, dialect)
    return text if rank >= least else f"({text})"


def _year_by_year(knots: Sequence[str], dialect: Dialect) -> str:
    ends = [float(_MONTHS_IN_A_YEAR * year) for year in range(1, len(knots))]
    return _in_turn(knots, ends, dialect)


def spell_schedule(schedule: Schedule, default: float, dialect: Dialect) -> str:
    """What `schedules.values` computes, as a chain of choices that a person can read and change."""
    pieces = list(_pieces(schedule, default))
    if len(pieces) == 1:
        return decimal(float(pieces[0][1]))
    return _in_turn([piece for _, piece in pieces], [start for start, _ in pieces[1:]], dialect)


def _pieces(schedule: Schedule, default: float) -> Iterator[tuple[float, str]]:
    # from when on which text holds
    if not schedule or schedule[0].start > 0:
        yield 0.0, number(default)
    for position, segment in enumerate(schedule):
        end = segment.start + segment.ramp
        if segment.ramp:
            before = values(schedule[:position], np.array([segment.start]), default)[0]
            yield segment.start, _climb(float(before), segment)
        if position + 1 == len(schedule) or end < schedule[position + 1].start:
            yield end, number(segment.value)


def _climb(before: float, segment: Segment) -> str:
    # RAMP and not arithmetic with time, whose unit would not fit the lever's
    end = segment.start + segment.ramp
    slope = f"({number(segment.value)} - {number(before)}) / {number(segment.ramp)}"
    return f"{number(before)} + RAMP({slope}, {number(segment.start)}, {number(end)})"


def _in_turn(pieces: Sequence[str], ends: Sequence[float], dialect: Dialect) -> str:
    text = pieces[-1]
    for piece, end in zip(pieces[-2::-1], ends[::-1], strict=True):
        text = dialect.where(f"{dialect.time} < {number(end)}", piece, text)
    return text
