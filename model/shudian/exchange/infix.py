"""An equation in PySD's abstract syntax as a line that a person reads, whatever format it came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.names import number
from shudian.exchange.variables import identifier
from shudian.quantities import MONTHS, write_month
from shudian.structure import TIME

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _ATOM = range(7)
_RANKS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER, "AND": _AND, "OR": _OR}


def infix(tree: Any) -> str:
    """The equation with the brackets it needs; a number that time is compared with is followed by its month."""
    return _spell(tree)[0]


def _spell(tree: Any) -> tuple[str, int]:
    match tree:
        case int() | float():
            return number(float(tree)), _SUM if tree < 0 else _ATOM
        case syntax.ReferenceStructure():
            return identifier(tree.reference), _ATOM
        case syntax.ArithmeticStructure() if tree.operators == ["negative"]:
            # -a ^ b would be read as (-a) ^ b by some tools
            return f"-{_bracketed(tree.arguments[0], _ATOM)}", _SUM
        case syntax.ArithmeticStructure():
            return _chain(tree.operators, tree.arguments)
        case syntax.LogicStructure():
            return _logic(tree)
        case syntax.CallStructure():
            name = identifier(str(getattr(tree.function, "reference", tree.function))).upper().replace("_", " ")
            return _call(name, tree.arguments)
        case syntax.IntegStructure():
            return _call("INTEG", (tree.flow, tree.initial))
        case syntax.InlineLookupsStructure():
            return _call("WITH LOOKUP", (tree.argument, tree.lookups))
        case syntax.LookupsStructure():
            points = (f"({number(float(x))}, {number(float(y))})" for x, y in zip(tree.x, tree.y, strict=True))
            return f"[{', '.join(points)}]", _ATOM
        case syntax.AbstractSyntax():
            return _call(type(tree).__name__.removesuffix("Structure").upper(), vars(tree).values())
        case _:
            return str(tree), _ATOM


def _call(name: str, arguments: Iterable[Any]) -> tuple[str, int]:
    return f"{name}({', '.join(infix(argument) for argument in arguments)})", _ATOM


def _chain(operators: list[str], operands: Iterable[Any]) -> tuple[str, int]:
    rank = _RANKS[operators[0]]
    first, *rest = operands
    text = _bracketed(first, rank + (rank == _POWER))
    for sign, operand in zip(operators, rest, strict=True):
        text += f" {sign} {_bracketed(operand, rank + 1)}"
    return text, rank


def _logic(tree: Any) -> tuple[str, int]:
    signs = [sign.strip(":").upper() for sign in tree.operators]
    if signs == ["NOT"]:
        return _call("NOT", tree.arguments)
    if signs[0] in _RANKS:
        return _chain(signs, tree.arguments)
    sides = [_bracketed(operand, _SUM) + _month(operand, tree.arguments) for operand in tree.arguments]
    return f" {signs[0]} ".join(sides), _COMPARISON


def _month(operand: Any, operands: Iterable[Any]) -> str:
    timed = any(isinstance(o, syntax.ReferenceStructure) and identifier(o.reference) == TIME for o in operands)
    whole = isinstance(operand, (int, float)) and float(operand).is_integer() and 0 <= operand <= MONTHS
    return f" ({write_month(operand)})" if timed and whole else ""


def _bracketed(tree: Any, least: int) -> str:
    text, rank = _spell(tree)
    return text if rank >= least else f"({text})"
