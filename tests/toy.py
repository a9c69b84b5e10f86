"""Small models built by hand, for tests of machinery that must work for any equations."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path

from shudian.equations.language import Expression, Term
from shudian.kinds import Equation, Kind, Label, Model, Parameter, Place, Role

NOWHERE = Place(Path("toy"), 1)
NOTHING = Label("", "")


def parameter(name: str, role: Role = "uncertain") -> Parameter:
    """A parameter of which only name and role matter."""
    return Parameter(
        name, "toy", NOTHING, NOTHING, "1", "1", role, 1.0, None, 0.0, 1.0, "assumed", (), NOTHING, NOWHERE
    )


def equation(name: str, kind: Kind, expression: Expression, initial: str = "") -> Equation:
    """An equation of which only name, kind, expression and initial value matter."""
    causes = tuple(dict.fromkeys(node.name for node in expression.walk() if node.operation == "variable"))
    return Equation(name, kind, "1", NOTHING, NOTHING, "toy", causes, expression, initial, (), NOWHERE)


def from_function(name: str, kind: Kind, function: Callable[..., Term], initial: str = "") -> Equation:
    """An equation from a function whose arguments are its causes."""
    causes = inspect.signature(function).parameters
    expression = function(*(Expression("variable", name=cause) for cause in causes))
    if not isinstance(expression, Expression):
        expression = Expression("constant", value=float(expression))
    return equation(name, kind, expression, initial)


def model(
    stocks: Mapping[str, tuple[str, Callable[..., Term]]],
    dynamic: Mapping[str, Callable[..., Term]],
    *,
    fixed: str,
    scheduled: str = "",
    static: Mapping[str, Callable[..., Term]] | None = None,
) -> Model:
    """A model of the given functions; each stock comes with the name of its initial value."""
    parameters = [parameter(name) for name in fixed.split()]
    parameters += [parameter(name, "lever") for name in scheduled.split()]
    return Model(
        stocks=tuple(from_function(name, "stock", rate, initial) for name, (initial, rate) in stocks.items()),
        static=tuple(from_function(name, "auxiliary", f) for name, f in (static or {}).items()),
        dynamic=tuple(from_function(name, "auxiliary", f) for name, f in dynamic.items()),
        parameters={p.name: p for p in parameters},
        loops=(),
        digest="toy",
    )
