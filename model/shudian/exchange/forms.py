"""Equations and units of a model file brought into one form, so that what is only spelled otherwise is equal.

Two equations have one form if they differ in brackets that change nothing, in the order in which things are added,
multiplied or compared, in how a number is written, or in the case and spaces of names. Arithmetic between numbers
is done, so that `30 / 100 * x` is `0.3 * x`. Nothing else is simplified.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.names import PURE_NUMBER
from shudian.exchange.variables import identifier
from shudian.kinds import InputError
from shudian.units import parse_unit, spell

Form = tuple[Any, ...]
"""An operation and the forms that it works on; forms are compared and sorted, never evaluated."""

_SYMMETRIC = ("min", "max")
_TURNED = {">": "<", ">=": "<="}
_LONGEST_UNIT = 200
"""Names and signs, far more than people write; brackets within brackets take two calls each."""
_UNIT_SIGN = re.compile(r"(\*\*|[*/^()])")


def form(tree: Any, renamed: Mapping[str, str] | None = None) -> Form:
    """The form of an equation in PySD's abstract syntax, with the names in `renamed` replaced."""
    settled: Form = _settled(_form(tree, renamed or {}))
    return settled


def _form(tree: Any, names: Mapping[str, str]) -> Form:
    """The form with its numbers to the last bit, and a list wherever the order does not matter."""
    match tree:
        case int() | float():
            return _number(float(tree))
        case syntax.ReferenceStructure():
            name = identifier(tree.reference)
            return ("variable", names.get(name, name))
        case syntax.ArithmeticStructure():
            return _arithmetic(tree.operators, [_form(branch, names) for branch in tree.arguments])
        case syntax.LogicStructure():
            return _logic(tree.operators, [_form(branch, names) for branch in tree.arguments])
        case syntax.CallStructure():
            called = identifier(str(getattr(tree.function, "reference", tree.function)))
            operands = [_form(branch, names) for branch in tree.arguments]
            return ("call", names.get(called, called), operands if called in _SYMMETRIC else tuple(operands))
        case syntax.LookupsStructure():
            return ("table", tree.type, *((float(x), float(y)) for x, y in zip(tree.x, tree.y, strict=True)))
        case syntax.AbstractSyntax():
            return (type(tree).__name__, *(_form(branch, names) for branch in vars(tree).values()))
        case _:
            return ("text", str(tree))


def _settled(part: Any) -> Any:
    if isinstance(part, float):
        return rounded(part)
    if isinstance(part, list):
        # the parts may be of different kinds, which Python does not order
        return tuple(sorted(map(_settled, part), key=repr))
    return tuple(map(_settled, part)) if isinstance(part, tuple) else part


def number_of(tree: Any) -> float | None:
    """The number that an equation comes to without looking at any other variable; None if it is no number."""
    if isinstance(tree, float):
        return tree
    match form(tree):
        case ("number", size):
            return float(size)
        case ("sum", ((-1, ("number", size)),)):
            return -float(size)
    return None


def rounded(value: float) -> str:
    """`value` to nine digits: the last bits of an exported number are those of the machine that exported it."""
    return f"{value or 0.0:.9g}"


def unit_form(text: str) -> Form:
    """A unit as its factors and their powers; text that is no product of powers is compared as it stands."""
    parts = [part.strip() for part in _UNIT_SIGN.split(text) if part.strip()]
    try:
        if len(parts) > _LONGEST_UNIT:
            raise ValueError("it is too long for a unit")
        powers = _unit_product(parts)
        if parts:
            raise ValueError(f"“{parts[0]}” is left over")
    except (ValueError, IndexError):
        return ("text", " ".join(text.casefold().split()))
    return ("unit", *sorted((name, power) for name, power in powers.items() if power))


def _number(value: float) -> Form:
    return ("sum", [(-1, ("number", -value))]) if value < 0 else ("number", value)


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
    total = sum(sign * term[1] for sign, term in flat if term[0] == "number")
    rest = [(sign, term) for sign, term in flat if term[0] != "number"]
    if not rest:
        return _number(total)
    if total:
        rest.append((-1 if total < 0 else 1, ("number", abs(total))))
    return rest[0][1] if len(rest) == 1 and rest[0][0] == 1 else ("sum", rest)


def _product(factors: Iterable[tuple[int, Form]]) -> Form:
    flat: list[tuple[int, Form]] = []
    negative = False
    for power, factor in factors:
        if factor[0] == "sum" and len(factor[1]) == 1:
            negative = not negative
            factor = factor[1][0][1]
        flat += [(power * inner, part) for inner, part in factor[1]] if factor[0] == "product" else [(power, factor)]
    product = _folded(flat)
    return _sum([(-1, product)]) if negative else product


def _folded(factors: list[tuple[int, Form]]) -> Form:
    """The product with its numbers made one; what divides by zero stays."""
    foldable = [factor[0] == "number" and (power > 0 or factor[1] != 0) for power, factor in factors]
    try:
        share = math.prod(
            factor[1] ** power for (power, factor), number in zip(factors, foldable, strict=True) if number
        )
    except OverflowError:
        # as the division by what is nearly nothing comes out in a run
        share = math.inf
    rest = [factor for factor, number in zip(factors, foldable, strict=True) if not number]
    if not rest:
        return _number(share)
    if share != 1:
        rest.append((1, ("number", share)))
    return rest[0][1] if len(rest) == 1 and rest[0][0] == 1 else ("product", rest)


def _logic(operators: list[str], operands: list[Form]) -> Form:
    signs = [sign.strip(":").lower() for sign in operators]
    if len(signs) == 1 and signs[0] in _TURNED:
        return ("logic", _TURNED[signs[0]], (operands[1], operands[0]))
    if signs in (["="], ["<>"]):
        return ("logic", signs[0], operands)
    if set(signs) in ({"and"}, {"or"}):
        flat = [part for o in operands for part in (o[2] if o[:2] == ("logic", signs[0]) else (o,))]
        return ("logic", signs[0], flat)
    return ("logic", *signs, tuple(operands))


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
    if name in (PURE_NUMBER.lower(), "dimensionless", "unitless", "1"):
        return Counter()
    try:
        return Counter({spell(parse_unit(name)): 1})
    except InputError:
        return Counter({name: 1})
