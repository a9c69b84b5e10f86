"""The model as one graph of operations in which equal sub-expressions are one node.

Each node has a level that says how often it must be computed: once per block of draws, once per month
or at every step. What depends on fixed parameters alone thus never enters the time loop.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from shudian.equations.language import Expression
from shudian.kinds import Model


class Level(IntEnum):
    """How often a node changes; a node has the highest level among its operands."""

    BLOCK = 0
    MONTH = 1
    STEP = 2


_LOWEST_LEVELS = {"by_year": Level.MONTH, "time": Level.STEP, "scheduled": Level.STEP, "stock": Level.STEP}


@dataclass(frozen=True, slots=True)
class Node:
    """One operation; `operands` are positions in `Graph.nodes`, always smaller than the node's own.

    Operations are those of `Expression` without `variable` and `less`, and with the leaves `fixed`, `stock` and
    `scheduled` (`index` counts within the model's tuples of that name) and `time`. The third operand
    of `power` is the logarithm of the first, so that it is shared and computed as rarely as it can be;
    `where` takes the two sides of its comparison, then its two values.
    """

    operation: str
    operands: tuple[int, ...] = ()
    index: int = 0
    value: float = 0.0


@dataclass
class Graph:
    """A model's nodes in order of evaluation, and the nodes that its variables and stocks need."""

    nodes: list[Node] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    variables: dict[str, int] = field(default_factory=dict)
    """Name of each parameter, stock, auxiliary and flow (and `time`) -> its node."""
    rates: list[int] = field(default_factory=list)
    """For each stock the node of its derivative, per month."""
    initials: list[int] = field(default_factory=list)
    """For each stock the node of its first value."""
    _positions: dict[tuple[str, tuple[int, ...], int, str], int] = field(default_factory=dict)

    def add(self, operation: str, operands: tuple[int, ...] = (), index: int = 0, value: float = 0.0) -> int:
        """The node for this operation, made if there is none yet."""
        key = (operation, operands, index, value.hex())
        if key not in self._positions:
            self._positions[key] = len(self.nodes)
            self.nodes.append(Node(operation, operands, index, value))
            lowest = _LOWEST_LEVELS.get(operation, Level.BLOCK)
            self.levels.append(max([lowest, *(self.levels[operand] for operand in operands)]))
        return self._positions[key]

    def add_expression(self, expression: Expression) -> int:
        """The node for a whole expression; a name that is not yet in `variables` raises KeyError."""
        if expression.operation == "variable":
            return self.variables[expression.name]
        parts = expression.operands
        if expression.operation == "where":
            parts = parts[0].operands + parts[1:]
        operands = tuple(self.add_expression(part) for part in parts)
        if expression.operation == "power":
            operands += (self.add("log", operands[:1]),)
        return self.add(expression.operation, operands, value=expression.value)

    def needed(self, roots: Iterable[int], level: Level) -> list[int]:
        """The nodes of `level` that `roots` depend on, in order of evaluation."""
        found: set[int] = set()
        stack = list(roots)
        while stack:
            node = stack.pop()
            if node not in found and self.levels[node] == level:
                found.add(node)
                stack.extend(self.nodes[node].operands)
        return sorted(found)


def graph_of(model: Model) -> Graph:
    """The graph of all of `model`'s equations; raises ValueError if a stock's first value depends on time."""
    graph = Graph()
    for index, parameter in enumerate(model.fixed):
        graph.variables[parameter.name] = graph.add("fixed", index=index)
    for equation in model.static:
        graph.variables[equation.name] = graph.add_expression(equation.expression)
    graph.variables["time"] = graph.add("time")
    for index, parameter in enumerate(model.scheduled):
        graph.variables[parameter.name] = graph.add("scheduled", index=index)
    for index, equation in enumerate(model.stocks):
        graph.variables[equation.name] = graph.add("stock", index=index)
    for equation in model.dynamic:
        graph.variables[equation.name] = graph.add_expression(equation.expression)
    graph.rates = [graph.add_expression(equation.expression) for equation in model.stocks]
    graph.initials = [graph.variables[equation.initial] for equation in model.stocks]
    for equation, initial in zip(model.stocks, graph.initials, strict=True):
        if graph.levels[initial] > Level.BLOCK:
            raise ValueError(f"the first value of {equation.name}, {equation.initial}, depends on time")
    return graph
