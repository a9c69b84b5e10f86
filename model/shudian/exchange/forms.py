"""Equations and units of a model file brought into one form, so that what is only spelled otherwise is equal.

Two equations have one form if they differ in brackets that change nothing, in the order in which things are added,
multiplied or compared, in how a number is written, or in the case and spaces of names. Arithmetic on numbers alone
is done: `30 / 100` is 0.3. Nothing else is simplified.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.model_file import identifier
from shudian.exchange.names import PURE_NUMBER
from shudian.kinds import InputError
from shudian.units import parse_unit, spell

Form = tuple[Any, ...]
"""An operation and the forms that it works on; forms are compared and sorted, never evaluated."""

_SYMMETRIC = ("min", "max")
_TURNED = {">": "<", ">=": "<="}
_UNIT_SIGN = re.compile(r"(\*\*|[*/^()])")


def form(tree: Any, renamed: Mapping[str, str] | None = None) -> Form:
    """The form of an equation in PySD's abstract syntax, with the names in `renamed` replaced."""
    names = renamed or {}
    match tree:
        case int() | float():
            return _number(float(tree))
        case syntax.ReferenceStructure():
            name = identifier(tree.reference)
            return ("variable", names.get(name, name))
        case syntax.ArithmeticStructure():
            return _arithmetic(tree.operators, [form(branch, names) for branch in tree.arguments])
        case syntax.LogicStructure():
            return _logic(tree.operators, [form(branch, names) for branch in tree.arguments])
        case syntax.CallStructure():
            called = form(tree.function, names)[-1] if isinstance(tree.function, syntax.ReferenceStructure) else ""
            operands = [form(branch, names) for branch in tree.arguments]
            return ("call", called, *(_sorted(operands) if called in _SYMMETRIC else operands))
        case syntax.LookupsStructure():
            return ("table", tree.type, *map(_number, map(float, (*tree.x, *tree.y))))
        case syntax.AbstractSyntax():
            return (type(tree).__name__, *(form(branch, names) for branch in vars(tree).values()))
        case _:
            return ("text", str(tree))


def rounded(value: float) -> str:
    """`value` to nine digits: the last bits of an exported number are those of the machine that exported it."""
    return f"{value or 0.0:.9g}"


def unit_form(text: str) -> Form:
    """A unit as its factors and their powers; text that is no product of powers is compared as it stands."""
    parts = [part.strip() for part in _UNIT_SIGN.split(text) if part.strip()]
    try:
        powers = _unit_product(parts)
        if parts:
            raise ValueError(f"“{parts[0]}” is left over")
    except (ValueError, IndexError):
        return ("text", " ".join(text.casefold().split()))
    return ("unit", *sorted((name, power) for name, power in powers.items() if power))


def _number(value: float) -> Form:
    size = ("number", rounded(abs(value)))
    return ("sum", ((-1, size),)) if value < 0 else size


def _arithmetic(operators: list[str], operands: list[Form]) -> Form:
    if operators == ["negative"]:
        return _sum([(-1, operands[0])])
    if "^" in operators:
        return ("power", *operands)
    signed = [(1 if sign in "+*" else -1, operand) for sign, operand in zip(["+", *operators], operands, strict=True)]
    return _sum(signed) if operators[0] in "+-" else _product(signed)


def _sum(terms: Iterable[tuple[int, Form]]) -> Form:
    flat: list[tuple[int, Form]] = []
    for sign, term in terms:
        flat += [(sign * inner, part) for inner, part in term[1]] if term[0] == "sum" else [(sign, term)]
    if all(term[0] == "number" for _, term in flat):
        return _number(sum(sign * float(term[1]) for sign, term in flat))
    return flat[0][1] if len(flat) == 1 and flat[0][0] == 1 else ("sum", _sorted(flat))


def _product(factors: Iterable[tuple[int, Form]]) -> Form:
    flat: list[tuple[int, Form]] = []
    negative = False
    for power, factor in factors:
        if factor[0] == "sum" and len(factor[1]) == 1:
            negative = not negative
            factor = factor[1][0][1]
        flat += [(power * inner, part) for inner, part in factor[1]] if factor[0] == "product" else [(power, factor)]
    product = _folded(flat) or ("product", _sorted(flat))
    return _sum([(-1, product)]) if negative else product


def _folded(factors: list[tuple[int, Form]]) -> Form | None:
    if any(factor[0] != "number" or (power < 0 and float(factor[1]) == 0) for power, factor in factors):
        return None
    return _number(math.prod(float(factor[1]) ** power for power, factor in factors))


def _logic(operators: list[str], operands: list[Form]) -> Form:
    signs = [sign.strip(":").lower() for sign in operators]
    if len(signs) == 1 and signs[0] in _TURNED:
        return ("logic", _TURNED[signs[0]], operands[1], operands[0])
    if len(set(signs)) == 1 and signs[0] in ("and", "or", "=", "<>"):
        flat = [part for o in operands for part in (o[2:] if o[:2] == ("logic", signs[0]) else (o,))]
        return ("logic", signs[0], *_sorted(flat if signs[0] in ("and", "or") else operands))
    return ("logic", *signs, *operands)


def _sorted(parts: Iterable[Any]) -> tuple[Any, ...]:
    # the parts may be of different kinds, which Python does not order
    return tuple(sorted(parts, key=repr))


def _unit_product(parts: list[str]) -> Counter[str]:
    """The powers in the product that `parts` begin with, which is taken off them."""
    powers = _unit_power(parts)
    while parts and parts[0] in "*/":
        divided = parts.pop(0) == "/"
        factor = _unit_power(parts)
        (powers.subtract if divided else powers.update)(factor)
    return powers


def _unit_power(parts: list[str]) -> Counter[str]:
    part = parts.pop(0)
    if part == "(":
        powers = _unit_product(parts)
        if parts.pop(0) != ")":
            raise ValueError("a bracket is not closed")
    elif _UNIT_SIGN.fullmatch(part):
        raise ValueError(f"“{part}” stands in the place of a unit")
    else:
        powers = _unit_name(part)
    if parts and parts[0] in ("^", "**"):
        parts.pop(0)
        exponent = int(parts.pop(0))
        powers = Counter({name: power * exponent for name, power in powers.items()})
    return powers


def _unit_name(text: str) -> Counter[str]:
    name = identifier(text)
    if name in (PURE_NUMBER.lower(), "dimensionless", "1"):
        return Counter()
    try:
        return Counter({spell(parse_unit(name)): 1})
    except InputError:
        return Counter({name: 1})
