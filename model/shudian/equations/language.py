"""The language in which equations are written.

An equation is a function whose name is the variable and whose arguments are its causes. The decorator
says what kind of variable it is, its unit and its labels; the docstring says what it means, in English
and, in the paragraph that begins with `中文：`, in Chinese; a line `Evidence: ID, ID` cites figures.
The function is called once, with symbols, and gives an expression tree from which the kernel, the
exported model files, the documentation and the unit check are all derived.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shudian.kinds import Equation, Kind, Label, Place

Operation = Literal[
    "constant", "variable", "add", "subtract", "multiply", "divide", "negate", "power",
    "exp", "log", "minimum", "maximum", "less", "where", "by_year",
]  # fmt: skip

TINY = 1e-9
"""Stands in for zero where a division needs it; like zero it takes the unit of its neighbour."""


@dataclass(frozen=True, eq=False, slots=True)
class Expression:
    """A node of an equation: an operation on other nodes, a named variable or a constant.

    `less` gives a truth value and appears only as the first operand of `where`. `by_year` has one
    operand for each calendar year from 2023 on; the last one holds after the list ends.
    """

    operation: Operation
    operands: tuple[Expression, ...] = ()
    name: str = ""
    value: float = 0.0

    def __add__(self, other: Operand) -> Expression:
        return Expression("add", (self, _node(other)))

    def __radd__(self, other: Operand) -> Expression:
        return Expression("add", (_node(other), self))

    def __sub__(self, other: Operand) -> Expression:
        return Expression("subtract", (self, _node(other)))

    def __rsub__(self, other: Operand) -> Expression:
        return Expression("subtract", (_node(other), self))

    def __mul__(self, other: Operand) -> Expression:
        return Expression("multiply", (self, _node(other)))

    def __rmul__(self, other: Operand) -> Expression:
        return Expression("multiply", (_node(other), self))

    def __truediv__(self, other: Operand) -> Expression:
        return Expression("divide", (self, _node(other)))

    def __rtruediv__(self, other: Operand) -> Expression:
        return Expression("divide", (_node(other), self))

    def __pow__(self, other: Operand) -> Expression:
        return Expression("power", (self, _node(other)))

    def __neg__(self) -> Expression:
        return Expression("negate", (self,))

    def __lt__(self, other: Operand) -> Expression:
        return Expression("less", (self, _node(other)))

    def __gt__(self, other: Operand) -> Expression:
        return Expression("less", (_node(other), self))

    def __bool__(self) -> bool:
        raise TypeError("an equation cannot branch with `if`; use where(condition, a, b)")

    def walk(self) -> Iterator[Expression]:
        """This node and all nodes below it, parents first."""
        yield self
        for operand in self.operands:
            yield from operand.walk()


Operand = Expression | float
Term = Expression
"""An equation's arguments and its result."""


def _node(term: Operand) -> Expression:
    if isinstance(term, Expression):
        return term
    if term not in (0, 1, TINY):
        raise ValueError(f"the number {term} stands in an equation; give it a name in seeds/parameters")
    return Expression("constant", value=float(term))


def exp(x: Operand) -> Expression:
    """e to the power `x`; `x` must be a pure number."""
    return Expression("exp", (_node(x),))


def log(x: Operand) -> Expression:
    """Natural logarithm of a positive pure number."""
    return Expression("log", (_node(x),))


def minimum(a: Operand, b: Operand) -> Expression:
    """The smaller of two quantities of one unit."""
    return Expression("minimum", (_node(a), _node(b)))


def maximum(a: Operand, b: Operand) -> Expression:
    """The larger of two quantities of one unit."""
    return Expression("maximum", (_node(a), _node(b)))


def where(condition: Expression, then: Operand, otherwise: Operand) -> Expression:
    """`then` while `condition` (a comparison) holds, else `otherwise`."""
    if condition.operation != "less":
        raise ValueError("the first argument of where() must be a comparison")
    return Expression("where", (condition, _node(then), _node(otherwise)))


def by_year(*knots: Operand) -> Expression:
    """The knot of the calendar year at the start of the time step: the first for 2023, and so on."""
    return Expression("by_year", tuple(_node(knot) for knot in knots))


def ratio(numerator: Operand, denominator: Operand, otherwise: Operand) -> Expression:
    """`numerator / denominator`, or `otherwise` where the denominator (never negative) is zero."""
    return where(_node(TINY) < denominator, numerator / maximum(denominator, TINY), otherwise)


def smooth_minimum(sharpness: Operand, *capacities: Operand) -> Expression:
    """Smooth minimum of non-negative quantities: (sum of x^-k)^(-1/k), scaled so that zeros are safe.

    Always at most the true minimum. It is structure, not numerical polish: a city's sets and crews are
    many, and some run short before the average does. It tends to the hard minimum as k grows.
    """
    nodes = [_node(capacity) for capacity in capacities]
    least = nodes[0]
    for node in nodes[1:]:
        least = minimum(least, node)
    powers = [((least + TINY) / (node + TINY)) ** sharpness for node in nodes]
    total = powers[0]
    for power in powers[1:]:
        total = total + power
    return least * total ** (-_node(1) / sharpness)


def _meaning(function: Callable[..., Operand]) -> tuple[Label, tuple[str, ...]]:
    paragraphs = re.split(r"\n\s*\n", inspect.getdoc(function) or "")
    joined = [" ".join(paragraph.split()) for paragraph in paragraphs]
    chinese = next((p.removeprefix("中文：") for p in joined if p.startswith("中文：")), "")
    cited = next((p.removeprefix("Evidence:") for p in joined if p.startswith("Evidence:")), "")
    english = " ".join(p for p in joined if not p.startswith(("中文：", "Evidence:")))
    return Label(chinese, english), tuple(re.findall(r"[\w-]+", cited))


def _declare(
    kind: Kind, unit: str, zh: str, en: str, initial: str = ""
) -> Callable[[Callable[..., Operand]], Equation]:
    def declare(function: Callable[..., Operand]) -> Equation:
        causes = tuple(inspect.signature(function).parameters)
        meaning, evidence = _meaning(function)
        return Equation(
            name=function.__name__,
            kind=kind,
            unit=unit,
            label=Label(zh, en),
            meaning=meaning,
            sector=function.__module__.rpartition(".")[2].partition("_")[0],
            causes=causes,
            expression=_node(function(*(Expression("variable", name=cause) for cause in causes))),
            initial=initial,
            evidence=evidence,
            place=Place(Path(function.__code__.co_filename), function.__code__.co_firstlineno),
        )

    return declare


def stock(unit: str, zh: str, en: str, *, initial: str) -> Callable[[Callable[..., Operand]], Equation]:
    """Declare a stock. Its function returns the sum of its inflows minus its outflows, per month.

    `initial` names the parameter or static auxiliary that holds the value at 2023-01.
    """
    return _declare("stock", unit, zh, en, initial)


def flow(unit: str, zh: str, en: str) -> Callable[[Callable[..., Operand]], Equation]:
    """Declare a flow: what moves into, out of or between stocks, per month."""
    return _declare("flow", unit, zh, en)


def auxiliary(unit: str, zh: str, en: str) -> Callable[[Callable[..., Operand]], Equation]:
    """Declare an auxiliary: a quantity that follows at once from its causes."""
    return _declare("auxiliary", unit, zh, en)
