"""The unit check: every equation is computed once on units, and must give the unit that it declares.

Units must agree exactly, not only in dimension: 万元/year where 万元/month is declared is a mistake by a factor
of twelve, and the message says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pint

from shudian.equations.language import TINY, Expression
from shudian.kinds import Equation, InputError, Parameter, Phrase, PhraseError
from shudian.toml_file import nearest
from shudian.unit_words import NAMES
from shudian.units import parse_unit, registry, spell


class _Any:
    """The unit of 0 and of TINY: it takes that of its neighbour."""


_ANY = _Any()
_Unit = pint.Unit | _Any


class _UnfitError(PhraseError):
    """Units that do not fit, as a part of a sentence."""


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
            if equation.kind == "stock":
                _same_unit(found, wanted, "its function gives {found}, its flows must be in {wanted}")
            else:
                _same_unit(found, wanted, "its function gives {found}, it is declared in {wanted}")
            if equation.initial:
                _same_unit(
                    declared[equation.initial],
                    declared[equation.name],
                    "its first value “{name}” is in {found}, it is declared in {wanted}",
                    name=equation.initial,
                )
        except (_UnfitError, InputError) as error:
            raise InputError(
                "the units of “{name}” do not fit: {reason}", name=equation.name, reason=error.sentence
            ).at(equation.place) from None


def unit_of(expression: Expression, units: Mapping[str, str]) -> str:
    """The unit in which `expression` comes out of variables in `units` (name -> unit): `person/wanyuan`, `1`.

    Raises InputError where its parts do not fit together.
    """
    try:
        found = _unit(expression, {name: parse_unit(unit) for name, unit in units.items()})
    except _UnfitError as error:
        raise InputError("the units do not fit: {reason}", reason=error.sentence) from None
    return "1" if isinstance(found, _Any) else spell(found)


def _declared(equation: Equation) -> pint.Unit:
    try:
        return parse_unit(equation.unit)
    except InputError:
        words = re.split(r"[\s*/()\d]+", equation.unit)
        unknown = next((word for word in words if word and word not in NAMES), equation.unit)
        raise InputError(
            "the unit “{unit}” of “{name}” is not known{nearest}",
            unit=equation.unit,
            name=equation.name,
            nearest=nearest(unknown, NAMES),
        ).at(equation.place) from None


def _same_unit(first: _Unit, second: _Unit, template: str, **values: object) -> _Unit:
    """The unit that both are; raises _UnfitError, told by `template` of what was found and wanted, if they differ."""
    if isinstance(first, _Any):
        return second
    if isinstance(second, _Any) or spell(first) == spell(second):
        return first
    problem = Phrase(template, found=spell(first), wanted=spell(second), **values)
    if first.dimensionality != second.dimensionality:
        raise _UnfitError(problem)
    factor = registry().Quantity(1, first).to(second).magnitude
    times = factor if factor > 1 else 1 / factor
    raise _UnfitError("{problem} (they differ by a factor of {factor:g})", problem=problem, factor=times)


def _number(unit: _Unit, what: Phrase) -> None:
    if not isinstance(unit, _Any) and spell(unit) != "1":
        raise _UnfitError("{what} must be a pure number, not {unit}", what=what, unit=spell(unit))


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
            _number(inner[0], Phrase("the base of a power"))
            _number(inner[1], Phrase("an exponent"))
            return one
        case "exp" | "log":
            _number(inner[0], Phrase("the argument of {function}()", function=node.operation))
            return one
        case "negate":
            return inner[0]
        case "where":
            return _same_unit(inner[1], inner[2], "one branch is in {found}, the other in {wanted}")
        case "less":
            return _same_unit(inner[0], inner[1], "a comparison has {found}, against {wanted}")
        case _:
            unit = inner[0]
            for other in inner[1:]:
                unit = _same_unit(unit, other, "a sum, minimum or maximum has {found}, and {wanted}")
            return unit
