"""The language in which equations are written.

An equation is a function whose name is the variable and whose arguments are its causes. The decorator
says what kind of variable it is, its unit and its labels; the docstring says what it means, in English
and, in the paragraph that begins with `中文：`, in Chinese; the paragraphs `Why:` and `为何：` say in both why it has
this form and not another (`shudian.explain.ground_of` says which need none); a line `Evidence: ID, ID` cites figures.
The function is called once, with symbols, and gives an expression tree from which the kernel, the
exported model files, the documentation and the unit check are all derived.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Literal

from shudian.equations.mistakes import EquationFileError, fail, told_of
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
        return _joined("add", self, other)

    def __radd__(self, other: Operand) -> Expression:
        return _joined("add", other, self)

    def __sub__(self, other: Operand) -> Expression:
        return _joined("subtract", self, other)

    def __rsub__(self, other: Operand) -> Expression:
        return _joined("subtract", other, self)

    def __mul__(self, other: Operand) -> Expression:
        return _joined("multiply", self, other)

    def __rmul__(self, other: Operand) -> Expression:
        return _joined("multiply", other, self)

    def __truediv__(self, other: Operand) -> Expression:
        return _joined("divide", self, other)

    def __rtruediv__(self, other: Operand) -> Expression:
        return _joined("divide", other, self)

    def __pow__(self, other: Operand) -> Expression:
        return _joined("power", self, other)

    def __neg__(self) -> Expression:
        return Expression("negate", (_node(self),))

    def __rpow__(self, other: Operand) -> Expression:
        return _joined("power", other, self)

    def __lt__(self, other: Operand) -> Expression:
        return _joined("less", self, other)

    def __gt__(self, other: Operand) -> Expression:
        return _joined("less", other, self)

    def __bool__(self) -> bool:
        fail(
            "an equation cannot choose with if, and, or, not, min(), max() or a < b < c; "
            "write “where(a < b, then, otherwise)”, “minimum(a, b)” or “maximum(a, b)”"
        )

    def __eq__(self, other: object) -> bool:
        fail("an equation compares with < and > only, inside “where(a < b, then, otherwise)”")

    __ne__ = __le__ = __ge__ = __eq__
    __hash__ = object.__hash__
    # numpy's functions and numbers then leave the work to this class
    __array_ufunc__ = None

    def walk(self) -> Iterator[Expression]:
        """This node and all nodes below it, parents first."""
        yield self
        for operand in self.operands:
            yield from operand.walk()


Operand = Expression | float
Term = Expression
"""An equation's arguments and its result."""


def _node(term: Operand | Real) -> Expression:
    if isinstance(term, Expression):
        if term.operation == "less":
            fail("a comparison can only be the first argument of “where(a < b, then, otherwise)”")
        return term
    if not isinstance(term, Real) or isinstance(term, bool):
        raise TypeError(term)
    if term not in (0, 1, TINY):
        fail("the number {number} stands in an equation; give it a name in seeds/parameters", number=term)
    return Expression("constant", value=float(term))


def _joined(operation: Operation, one: Operand, other: Operand) -> Expression:
    return Expression(operation, (_node(one), _node(other)))


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
    if not isinstance(condition, Expression) or condition.operation != "less":
        fail("the first argument of where() must be a comparison, as in “where(a < b, then, otherwise)”")
    return Expression("where", (condition, _node(then), _node(otherwise)))


def by_year(*knots: Operand) -> Expression:
    """The knot of the calendar year at the start of the time step: the first for 2023, and so on."""
    if not knots:
        fail("by_year() needs a value for 2023 at least, as in “by_year(first, second)”")
    return Expression("by_year", tuple(_node(knot) for knot in knots))


def ratio(numerator: Operand, denominator: Operand, otherwise: Operand) -> Expression:
    """`numerator / denominator`, or `otherwise` where the denominator (never negative) is zero."""
    return where(_node(TINY) < denominator, numerator / maximum(denominator, TINY), otherwise)


def smooth_minimum(sharpness: Operand, *capacities: Operand) -> Expression:
    """Smooth minimum of non-negative quantities: (sum of x^-k)^(-1/k), scaled so that zeros are safe.

    Always at most the true minimum. It is structure, not numerical polish: a city's sets and crews are
    many, and some run short before the average does. It tends to the hard minimum as k grows.
    """
    if not capacities:
        fail("smooth_minimum() needs what it is the minimum of, as in “smooth_minimum(sharpness, first, second)”")
    nodes = [_node(capacity) for capacity in capacities]
    least = nodes[0]
    for node in nodes[1:]:
        least = minimum(least, node)
    powers = [((least + TINY) / (node + TINY)) ** sharpness for node in nodes]
    total = powers[0]
    for power in powers[1:]:
        total = total + power
    return least * total ** (-_node(1) / sharpness)


_MARKS = ("中文：", "Why:", "为何：", "Evidence:")
"""What the paragraphs of a docstring begin with, but those of the meaning in English."""


def _told(function: Callable[..., Operand]) -> tuple[Label, Label, tuple[str, ...]]:
    """The meaning, the reason for the form and the evidence."""
    paragraphs = re.split(r"\n\s*\n", inspect.getdoc(function) or "")
    # a line may break between two Chinese characters
    joined = [
        "".join(map(str.strip, p.split("\n"))) if p.startswith("为何：") else " ".join(p.split()) for p in paragraphs
    ]
    chinese, why, why_chinese, cited = (
        next((p.removeprefix(mark).strip() for p in joined if p.startswith(mark)), "") for mark in _MARKS
    )
    english = " ".join(p for p in joined if not p.startswith(_MARKS))
    return Label(chinese, english), Label(why_chinese, why), tuple(re.findall(r"[\w-]+", cited))


def _causes(function: Callable[..., Operand], place: Place) -> tuple[str, ...]:
    parameters = inspect.signature(function).parameters.values()
    odd = [p.name for p in parameters if p.kind is not p.POSITIONAL_OR_KEYWORD or p.default is not p.empty]
    if odd:
        raise EquationFileError(
            "write the causes of “{name}” as plain names between commas, unlike “{odd}”",
            name=function.__name__,
            odd=odd[0],
        ).at(place)
    return tuple(parameter.name for parameter in parameters)


def _result(name: str, result: object) -> Expression:
    if result is None:
        fail("“{name}” gives nothing back; end it with a line that begins with return", name=name)
    if not isinstance(result, Expression | Real):
        fail("what “{name}” gives back is no equation; let it return one", name=name)
    return _node(result)


def _declare(
    kind: Kind, unit: str, zh: str, en: str, initial: str = ""
) -> Callable[[Callable[..., Operand]], Equation]:
    def declare(function: Callable[..., Operand]) -> Equation:
        place = Place(Path(function.__code__.co_filename), function.__code__.co_firstlineno)
        causes = _causes(function, place)
        meaning, why, evidence = _told(function)
        earlier = function.__globals__.get(function.__name__)
        if isinstance(earlier, Equation) and earlier.place != place:
            raise EquationFileError(
                "“{name}” is already defined at {place}", name=earlier.name, place=earlier.place
            ).at(place)
        with told_of(function, causes):
            result = function(*(Expression("variable", name=cause) for cause in causes))
            expression = _result(function.__name__, result)
        return Equation(
            name=function.__name__,
            kind=kind,
            unit=unit,
            label=Label(zh, en),
            meaning=meaning,
            sector=function.__module__.rpartition(".")[2].partition("_")[0],
            causes=causes,
            expression=expression,
            initial=initial,
            evidence=evidence,
            place=place,
            why=why,
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
