"""The model as LLVM IR: one function that integrates blocks of as many draws as a vector has lanes over all months.

The state of a block is an array of vectors, one slot for each number that outlives a step:
fixed parameters, stocks, rates, two working copies of the stocks for RK4, and then whatever is
computed once per block or month and what may be asked for as output.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from shudian.kernel.graph import Graph, Level, Node, graph_of
from shudian.kernel.loop import blocks, follow
from shudian.kernel.vectors import LANES, Emitter, literal
from shudian.kinds import Model

Method = Literal["euler", "rk4"]


@dataclass(frozen=True, slots=True)
class Program:
    """IR text, and where in a block's slots each variable stands once a month begins."""

    text: str
    lanes: int
    slot_of: dict[str, int]
    slots: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which slot each node has that is kept, and the first slots of the regions that hold all stocks."""

    slot_of: dict[int, int]
    values: int
    """The stocks themselves."""
    rates: int
    """Their derivatives, per month."""
    start: int
    """RK4 only: their values at the start of the step."""
    total: int
    """RK4 only: the weighted sum of the four derivatives."""
    stocks: int
    slots: int
    lanes: int


def emit(model: Model, method: Method, lanes: int = LANES) -> Program:
    """The program that integrates `model`, `lanes` draws at a time; raises ValueError for an unknown method.

    How many lanes changes no bit of a draw's numbers.
    """
    if method not in get_args(Method):
        raise ValueError(f"method is {method!r}; allowed are {', '.join(get_args(Method))}")
    graph = graph_of(model)
    outputs = {equation.name: graph.variables[equation.name] for equation in model.equations}
    layout = _layout(model, graph, outputs.values(), lanes)
    parts = [
        _prepare_block(model, graph, layout),
        _prepare_month(graph, layout),
        _derivatives("derivatives", graph, layout, keep=False),
        _derivatives("observe", graph, layout, keep=True),
        _advance_euler(layout) if method == "euler" else _advance_rk4(layout),
        follow(f"<{lanes} x double>", lanes, len(model.scheduled)),
        blocks(f"<{lanes} x double>", len(model.fixed), layout.slots),
    ]
    slot_of = {name: layout.slot_of[node] for name, node in outputs.items()}
    return Program("\n".join(parts), lanes, slot_of, layout.slots)


def _layout(model: Model, graph: Graph, outputs: Iterable[int], lanes: int) -> _Layout:
    stocks = len(model.stocks)
    values = len(model.fixed)
    rates, start, total = values + stocks, values + 2 * stocks, values + 3 * stocks
    slots = values + 4 * stocks
    slot_of: dict[int, int] = {}
    for position, node in enumerate(graph.nodes):
        if node.operation == "fixed":
            slot_of[position] = node.index
        elif node.operation == "stock":
            slot_of[position] = values + node.index
    roots = [*graph.rates, *outputs]
    for position in dict.fromkeys([*_crossing(graph, roots), *outputs]):
        if position not in slot_of:
            slot_of[position] = slots
            slots += 1
    return _Layout(slot_of, values, rates, start, total, stocks, slots, lanes)


def _crossing(graph: Graph, roots: list[int]) -> list[int]:
    """The nodes that are computed less often than something that uses them, constants left out."""
    found: set[int] = set()
    for level in (Level.STEP, Level.MONTH):
        users = graph.needed([*roots, *found], level)
        used = {operand for user in users for operand in graph.nodes[user].operands}
        found |= {node for node in (*used, *graph.rates) if graph.levels[node] < level}
    return sorted(node for node in found if graph.nodes[node].operation != "constant")


class _Body:
    """One function of the program: it computes nodes of one level and loads those of lower levels."""

    def __init__(self, graph: Graph, layout: _Layout, level: Level) -> None:
        self.emitter = Emitter(layout.lanes)
        self.graph = graph
        self.layout = layout
        self.level = level
        self.values: dict[int, str] = {}

    def compute(self, roots: Iterable[int]) -> None:
        """Compute every node of this function's level that `roots` need."""
        for position in self.graph.needed(roots, self.level):
            if position not in self.values:
                self.values[position] = self._compute(self.graph.nodes[position], position)

    def compute_and_keep(self) -> None:
        """Compute the nodes of this function's level that have slots of their own, and fill these."""
        nodes, levels = self.graph.nodes, self.graph.levels
        kept = [p for p in self.layout.slot_of if levels[p] == self.level and nodes[p].operation not in _STORED]
        self.compute(kept)
        for position in kept:
            self.store(position, self.layout.slot_of[position])

    def value(self, position: int) -> str:
        """The vector of a node that was computed here, or is kept by a function that runs less often."""
        node = self.graph.nodes[position]
        if node.operation == "constant":
            return literal(node.value)
        if position not in self.values:
            self.values[position] = self.emitter.load("%slots", self.layout.slot_of[position])
        return self.values[position]

    def store(self, position: int, slot: int) -> None:
        """Put a node's value into `slot`."""
        self.emitter.store(self.value(position), "%slots", slot)

    def _compute(self, node: Node, position: int) -> str:
        e = self.emitter
        match node.operation:
            case "constant" | "fixed" | "stock":
                return self.value(position)
            case "time":
                return e.same_in_all_lanes("%time")
            case "scheduled":
                place = e.emit(f"getelementptr inbounds double, ptr %schedule, i64 {node.index}")
                return e.same_in_all_lanes(e.emit(f"load double, ptr {place}"))
            case "by_year":
                return self._by_year(node)
            case _:
                operation = getattr(e, node.operation)
                return str(operation(*(self.value(operand) for operand in node.operands)))

    def _by_year(self, node: Node) -> str:
        value = self.value(node.operands[-1])
        vector = self.emitter.vector
        for year, knot in reversed(list(enumerate(node.operands[:-1]))):
            so_early = self.emitter.emit(f"icmp ule i64 %year, {year}")
            value = self.emitter.emit(f"select i1 {so_early}, {vector} {self.value(knot)}, {vector} {value}")
        return value


_STORED = ("fixed", "stock")
"""Leaves whose slots are filled before anything is computed."""


def _function(name: str, arguments: str, emitter: Emitter) -> str:
    lines = "\n".join(emitter.lines)
    return f"define internal void @{name}(ptr noalias %slots, {arguments}) nounwind {{\n{lines}\n  ret void\n}}\n"


def _prepare_block(model: Model, graph: Graph, layout: _Layout) -> str:
    body = _Body(graph, layout, Level.BLOCK)
    for slot in range(len(model.fixed)):
        body.emitter.store(body.emitter.load("%fixed", slot), "%slots", slot)
    body.compute_and_keep()
    body.compute(graph.initials)
    for index, initial in enumerate(graph.initials):
        body.store(initial, layout.values + index)
    return _function("prepare_block", "ptr noalias %fixed", body.emitter)


def _prepare_month(graph: Graph, layout: _Layout) -> str:
    body = _Body(graph, layout, Level.MONTH)
    body.compute_and_keep()
    return _function("prepare_month", "i64 %year", body.emitter)


_STEP_ARGUMENTS = "ptr noalias %schedule, double %time, i64 %year"


def _derivatives(name: str, graph: Graph, layout: _Layout, *, keep: bool) -> str:
    body = _Body(graph, layout, Level.STEP)
    if keep:
        body.compute_and_keep()
    body.compute(graph.rates)
    for index, rate in enumerate(graph.rates):
        body.store(rate, layout.rates + index)
    return _function(name, _STEP_ARGUMENTS, body.emitter)


def _advance_euler(layout: _Layout) -> str:
    e = Emitter(layout.lanes)
    step = e.same_in_all_lanes("%step")
    _add_scaled(e, layout, layout.values, layout.values, step, layout.rates)
    return _function("advance", f"{_STEP_ARGUMENTS}, double %step", e)


def _advance_rk4(layout: _Layout) -> str:
    e = Emitter(layout.lanes)
    step = e.same_in_all_lanes("%step")
    half = e.multiply(step, literal(0.5))
    for index in range(layout.stocks):
        e.store(e.load("%slots", layout.values + index), "%slots", layout.start + index)
        e.store(e.load("%slots", layout.rates + index), "%slots", layout.total + index)
    for fraction, weight in ((half, 2.0), (half, 2.0), (step, 1.0)):
        _add_scaled(e, layout, layout.values, layout.start, fraction, layout.rates)
        e.do("call void @derivatives(ptr %slots, ptr %schedule, double %time, i64 %year)")
        _add_scaled(e, layout, layout.total, layout.total, literal(weight), layout.rates)
    _add_scaled(e, layout, layout.values, layout.start, e.divide(step, literal(6.0)), layout.total)
    return _function("advance", f"{_STEP_ARGUMENTS}, double %step", e)


def _add_scaled(e: Emitter, layout: _Layout, target: int, base: int, factor: str, region: int) -> None:
    for index in range(layout.stocks):
        change = e.multiply(factor, e.load("%slots", region + index))
        e.store(e.add(e.load("%slots", base + index), change), "%slots", target + index)
