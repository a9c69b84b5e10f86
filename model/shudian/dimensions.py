"""The unit check: every equation is computed once on units, and must give the unit that it declares.

Units must agree exactly, not only in dimension: 万元/year where 万元/month is declared is a mistake by a factor
of twelve, and the message says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pint

from shudian.equations.language import TINY, Expression
from shudian.kinds import Equation, InputError, Parameter
from shudian.toml_file import nearest
from shudian.unit_words import NAMES
from shudian.units import parse_unit, registry, spell


class _Any:
    """The unit of 0 and of TINY: it takes that of its neighbour."""


_ANY = _Any()
_Unit = pint.Unit | _Any


def check_units(equations: Iterable[Equation], parameters: Mapping[str, Parameter]) -> None:
    """Raise InputError, with file and line, for the first equation whose units do not fit."""
    declared = {name: parse_unit(p.unit) for name, p in parameters.items()}
    declared["time"] = parse_unit("month")
    every = list(equations)
    for equation in every:
        declared[equation.name] = _declared(equation)
    per_month = parse_unit("1/month")
    for equation in every:
        try:
            found = _unit(equation.expression, declared)
            wanted = declared[equation.name] * per_month if equation.kind == "stock" else declared[equation.name]
            _same(
                found,
                wanted,
                "its function gives",
                "it is declared in" if equation.kind != "stock" else "its flows must be in",
            )
            if equation.initial:
                _same(
                    declared[equation.initial],
                    declared[equation.name],
                    f"its first value “{equation.initial}” is in",
                    "it is declared in",
                )
        except (ValueError, InputError) as error:
            raise InputError(f"{equation.place}: the units of “{equation.name}” do not fit: {error}") from None


def unit_of(expression: Expression, units: Mapping[str, str]) -> str:
    """The unit in which `expression` comes out of variables in `units` (name -> unit): `person/wanyuan`, `1`.

    Raises InputError where its parts do not fit together.
    """
    try:
        found = _unit(expression, {name: parse_unit(unit) for name, unit in units.items()})
    except ValueError as error:
        raise InputError(f"the units do not fit: {error}") from None
    return "1" if isinstance(found, _Any) else spell(found)


def _declared(equation: Equation) -> pint.Unit:
    try:
        return parse_unit(equation.unit)
    except InputError:
        words = re.split(r"[\s*/()\d]+", equation.unit)
        unknown = next((word for word in words if word and word not in NAMES), equation.unit)
        raise InputError(
            f"{equation.place}: the unit “{equation.unit}” of “{equation.name}” is not known{nearest(unknown, NAMES)}"
        ) from None


def _name(unit: _Unit) -> str:
    return "any unit" if isinstance(unit, _Any) else spell(unit)


def _same(first: _Unit, second: _Unit, left: str, right: str) -> _Unit:
    if isinstance(first, _Any):
        return second
    if isinstance(second, _Any) or spell(first) == spell(second):
        return first
    message = f"{left} {_name(first)}, {right} {_name(second)}"
    if first.dimensionality == second.dimensionality:
        factor = registry().Quantity(1, first).to(second).magnitude
        message += f" (they differ by a factor of {factor if factor > 1 else 1 / factor:g})"
    raise ValueError(message)


def _number(unit: _Unit, what: str) -> None:
    if not isinstance(unit, _Any) and spell(unit) != "1":
        raise ValueError(f"{what} must be a pure number, not {_name(unit)}")


def _unit(node: Expression, declared: Mapping[str, pint.Unit]) -> _Unit:
    one = parse_unit("1")
    if node.operation == "constant":
        return _ANY if node.value in (0, TINY) else one
    if node.operation == "variable":
        return declared[node.name]
    inner = [_unit(operand, declared) for operand in node.operands]
    match node.operation:
        case "multiply" | "divide":
            left, right = (one if isinstance(u, _Any) else u for u in inner)
            return parse_unit(spell(left * right if node.operation == "multiply" else left / right))
        case "power":
            _number(inner[0], "the base of a power")
            _number(inner[1], "an exponent")
            return one
        case "exp" | "log":
            _number(inner[0], f"the argument of {node.operation}()")
            return one
        case "negate":
            return inner[0]
        case "where":
            return _same(inner[1], inner[2], "one branch is in", "the other in")
        case "less":
            return _same(inner[0], inner[1], "a comparison has", "against")
        case _:
            unit = inner[0]
            for other in inner[1:]:
                unit = _same(unit, other, "a sum, minimum or maximum has", "and")
            return unit
