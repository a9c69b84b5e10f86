"""What of an equation PySD is given: numbers, our own names, and the parts and functions of closed lists.

PySD writes what stands in its abstract syntax into Python source as it stands there. So an equation is copied part by
part, here where a file was read and again where PySD builds, and a part that is not listed stops the copy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from pysd.translators.structures import abstract_expressions as syntax

PYSD_CALLS: Mapping[str, int] = {
    "abs": 1, "arccos": 1, "arcsin": 1, "arctan": 1, "cos": 1, "cosh": 1, "exp": 1, "ln": 1, "sin": 1, "sinh": 1,
    "sqrt": 1, "tan": 1, "tanh": 1, "log": 2, "max": 2, "min": 2, "power": 2, "quantum": 2, "zidz": 2,
    "xidz": 3, "if_then_else": 3, "active_initial": 2, "step": 2, "ramp": 3, "Xramp": 2, "pulse": 2, "Xpulse": 2,
    "pulse_train": 4, "Xpulse_train": 3,
}  # fmt: skip
"""PySD's functions that mean what `functions` says, and how many arguments each takes; no other is ever called."""

_ARITHMETIC = ("+", "-", "*", "/")
_LOGIC = ("=", "<>", "<=", "<", ">=", ">", ":AND:", ":OR:")
_STATES = (
    syntax.IntegStructure, syntax.InitialStructure, syntax.DelayFixedStructure, syntax.SampleIfTrueStructure,
)  # fmt: skip
_CLASSES = {
    kind.__name__: kind
    for kind in (
        *_STATES, syntax.ArithmeticStructure, syntax.LogicStructure, syntax.CallStructure, syntax.ReferenceStructure,
    )
}  # fmt: skip


class NotPlainError(Exception):
    """An equation has a part that PySD is not given."""


def plain(tree: Any, name_of: Callable[[str], str]) -> Any:
    """A copy of `tree` with its references renamed by `name_of`, which may raise NotPlainError as this does."""

    def all_of(parts: Any) -> tuple[Any, ...]:
        return tuple(plain(part, name_of) for part in parts)

    match tree:
        case bool():
            pass
        case int() | float() if math.isfinite(tree):
            return float(tree)
        case syntax.ReferenceStructure(reference=str(name), subscripts=None):
            return syntax.ReferenceStructure(name_of(name))
        case syntax.ArithmeticStructure(operators=signs, arguments=list() | tuple() as operands):
            return _operation(syntax.ArithmeticStructure, signs, (_ARITHMETIC, "negative"), all_of(operands))
        case syntax.LogicStructure(operators=signs, arguments=list() | tuple() as operands):
            return _operation(syntax.LogicStructure, signs, (_LOGIC, ":NOT:"), all_of(operands))
        case syntax.CallStructure(
            function=syntax.ReferenceStructure(reference=str(name), subscripts=None),
            arguments=list() | tuple() as given,
        ) if PYSD_CALLS.get(name) == len(given):
            return syntax.CallStructure(syntax.ReferenceStructure(name), all_of(given))
        case _ if isinstance(tree, _STATES):
            # the one part that is no equation says that a stock has no floor
            return type(tree)(*(part if part is False else plain(part, name_of) for part in _parts(tree)))
    raise NotPlainError


def pack(tree: Any) -> Any:
    """`tree` as data that JSON can hold."""
    if isinstance(tree, syntax.AbstractSyntax):
        return {type(tree).__name__: [pack(part) for part in _parts(tree)]}
    return [pack(part) for part in tree] if isinstance(tree, (list, tuple)) else tree


def unpack(data: Any) -> Any:
    """What was packed; raises NotPlainError for data that is no equation."""
    if isinstance(data, list):
        return [unpack(part) for part in data]
    if not isinstance(data, dict):
        return data
    (name, values), *more = data.items()
    if more or name not in _CLASSES or len(values) != len(fields(_CLASSES[name])):
        raise NotPlainError
    return _CLASSES[name](*map(unpack, values))


def _parts(tree: Any) -> list[Any]:
    return [getattr(tree, field.name) for field in fields(tree)]


def _operation(kind: type[Any], signs: Any, allowed: tuple[tuple[str, ...], str], operands: tuple[Any, ...]) -> Any:
    chain, prefix = allowed
    chained = len(signs) == len(operands) - 1 >= 1 and all(sign in chain for sign in signs)
    if not chained and not (list(signs) == [prefix] and len(operands) == 1):
        raise NotPlainError
    return kind(list(signs), operands)
