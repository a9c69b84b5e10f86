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
        _follow(f"<{lanes} x double>", lanes, len(model.scheduled)),
        _integrate(f"<{lanes} x double>", len(model.fixed)),
        _begin(f"<{lanes} x double>", len(model.fixed), layout.slots),
        _resume(f"<{lanes} x double>", layout.slots),
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


def _follow(vector: str, lanes: int, scheduled: int) -> str:
    return f"""
; One block, whose stocks stand in its slots, from the start of month `from` to that of month `until`. Its outputs at
; the start of each of these go to out: [output][month 0..months][draw], with `row` draws to a row.
define internal void @follow(ptr noalias %schedules, ptr noalias %outputs, i64 %n_outputs, ptr noalias %out, i64 %row,
                             i64 %from, i64 %until, i64 %months, i64 %steps, ptr noalias %slots) nounwind {{
entry:
  %steps_as_double = uitofp i64 %steps to double
  %step = fdiv double 1.0, %steps_as_double
  %rows = add i64 %months, 1
  %all_steps = mul i64 %months, %steps
  %last_step = sub i64 %all_steps, 1
  br label %month

month:
  %m = phi i64 [ %from, %entry ], [ %next_m, %month_end ]
  %year = udiv i64 %m, 12
  %first_step = mul i64 %m, %steps
  %beyond = icmp eq i64 %m, %months ; where no schedule is, the last one's values stand
  %schedule_step = select i1 %beyond, i64 %last_step, i64 %first_step
  %schedule_offset = mul i64 %schedule_step, {scheduled}
  %schedule_of_month = getelementptr double, ptr %schedules, i64 %schedule_offset
  %month_as_double = uitofp i64 %m to double
  call void @prepare_month(ptr %slots, i64 %year)
  call void @observe(ptr %slots, ptr %schedule_of_month, double %month_as_double, i64 %year)
  br label %output

output:
  %o = phi i64 [ 0, %month ], [ %next_o, %copy ]
  %copied = icmp eq i64 %o, %n_outputs
  br i1 %copied, label %steps_or_end, label %copy

copy:
  %slot_place = getelementptr i64, ptr %outputs, i64 %o
  %slot = load i64, ptr %slot_place
  %value_place = getelementptr {vector}, ptr %slots, i64 %slot
  %value = load {vector}, ptr %value_place, align {lanes * 8}
  %rows_before = mul i64 %o, %rows
  %row_index = add i64 %rows_before, %m
  %out_offset = mul i64 %row_index, %row
  %out_place = getelementptr double, ptr %out, i64 %out_offset
  store {vector} %value, ptr %out_place, align 8
  %next_o = add i64 %o, 1
  br label %output

steps_or_end:
  %at_end = icmp eq i64 %m, %until
  br i1 %at_end, label %return, label %step_start

step_start:
  %k = phi i64 [ 0, %steps_or_end ], [ %next_k, %advance ]
  %s = add i64 %first_step, %k
  %s_as_double = uitofp i64 %s to double
  %time = fdiv double %s_as_double, %steps_as_double
  %step_offset = mul i64 %s, {scheduled}
  %schedule = getelementptr double, ptr %schedules, i64 %step_offset
  %is_first = icmp eq i64 %k, 0
  br i1 %is_first, label %advance, label %derive ; @observe has left the derivatives at the month's start

derive:
  call void @derivatives(ptr %slots, ptr %schedule, double %time, i64 %year)
  br label %advance

advance:
  call void @advance(ptr %slots, ptr %schedule, double %time, i64 %year, double %step)
  %next_k = add i64 %k, 1
  %month_done = icmp eq i64 %next_k, %steps
  br i1 %month_done, label %month_end, label %step_start

month_end:
  %next_m = add i64 %m, 1
  br label %month

return:
  ret void
}}
"""


def _integrate(vector: str, fixed: int) -> str:
    return f"""
; fixed: [block][parameter][lane]; schedules: [step][parameter]; outputs: slots; out: [output][month 0..months][draw]
; with `row` draws to a row; slots: working space, aligned to a vector.
define void @integrate(ptr noalias %fixed, ptr noalias %schedules, ptr noalias %outputs, i64 %n_outputs,
                       ptr noalias %out, i64 %row, i64 %blocks, i64 %months, i64 %steps, ptr noalias %slots) nounwind {{
entry:
  br label %block

block:
  %b = phi i64 [ 0, %entry ], [ %next_b, %block ]
  %fixed_offset = mul i64 %b, {fixed}
  %fixed_of_block = getelementptr {vector}, ptr %fixed, i64 %fixed_offset
  %out_of_block = getelementptr {vector}, ptr %out, i64 %b
  call void @prepare_block(ptr %slots, ptr %fixed_of_block)
  call void @follow(ptr %schedules, ptr %outputs, i64 %n_outputs, ptr %out_of_block, i64 %row, i64 0, i64 %months,
                    i64 %months, i64 %steps, ptr %slots)
  %next_b = add i64 %b, 1
  %done = icmp eq i64 %next_b, %blocks
  br i1 %done, label %return, label %block

return:
  ret void
}}
"""


def _begin(vector: str, fixed: int, slots: int) -> str:
    return f"""
; As `integrate` up to month `until`, whose state is left in `states`: [block][slot][lane], aligned to a vector.
define void @begin(ptr noalias %fixed, ptr noalias %schedules, ptr noalias %outputs, i64 %n_outputs, ptr noalias %out,
                   i64 %row, i64 %blocks, i64 %months, i64 %steps, ptr noalias %states, i64 %until) nounwind {{
entry:
  br label %block

block:
  %b = phi i64 [ 0, %entry ], [ %next_b, %block ]
  %fixed_offset = mul i64 %b, {fixed}
  %fixed_of_block = getelementptr {vector}, ptr %fixed, i64 %fixed_offset
  %out_of_block = getelementptr {vector}, ptr %out, i64 %b
  %state_offset = mul i64 %b, {slots}
  %slots = getelementptr {vector}, ptr %states, i64 %state_offset
  call void @prepare_block(ptr %slots, ptr %fixed_of_block)
  call void @follow(ptr %schedules, ptr %outputs, i64 %n_outputs, ptr %out_of_block, i64 %row, i64 0, i64 %until,
                    i64 %months, i64 %steps, ptr %slots)
  %next_b = add i64 %b, 1
  %done = icmp eq i64 %next_b, %blocks
  br i1 %done, label %return, label %block

return:
  ret void
}}
"""


def _resume(vector: str, slots: int) -> str:
    return f"""
; From the states that `begin` has left at month `from` to the end; they stay as they are. Of `out` the months before
; `from` are not written. slots: working space for one block, aligned to a vector.
define void @resume(ptr noalias %states, ptr noalias %schedules, ptr noalias %outputs, i64 %n_outputs, ptr noalias %out,
                    i64 %row, i64 %blocks, i64 %months, i64 %steps, ptr noalias %slots, i64 %from) nounwind {{
entry:
  br label %block

block:
  %b = phi i64 [ 0, %entry ], [ %next_b, %copied ]
  %out_of_block = getelementptr {vector}, ptr %out, i64 %b
  %state_offset = mul i64 %b, {slots}
  %state = getelementptr {vector}, ptr %states, i64 %state_offset
  br label %copy

copy:
  %n = phi i64 [ 0, %block ], [ %next_n, %copy ]
  %source = getelementptr {vector}, ptr %state, i64 %n
  %value = load {vector}, ptr %source
  %target = getelementptr {vector}, ptr %slots, i64 %n
  store {vector} %value, ptr %target
  %next_n = add i64 %n, 1
  %all = icmp eq i64 %next_n, {slots}
  br i1 %all, label %copied, label %copy

copied:
  call void @follow(ptr %schedules, ptr %outputs, i64 %n_outputs, ptr %out_of_block, i64 %row, i64 %from, i64 %months,
                    i64 %months, i64 %steps, ptr %slots)
  %next_b = add i64 %b, 1
  %done = icmp eq i64 %next_b, %blocks
  br i1 %done, label %return, label %block

return:
  ret void
}}
"""
