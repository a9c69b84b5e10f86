"""The model as JavaScript: the same graph of operations as the machine code of `shudian.kernel`, one draw at a time.

The source is a function expression that returns an object with three functions. Every number is a double in a local
variable or a Float64Array, so that a browser's compiler keeps it in a register:

* `prepare(fixed, f, block, b, state, s)` computes from the fixed parameters at `fixed[f...]` what depends on nothing
  else, into `block[b...]`, and the first values of the stocks into `state[s...]`;
* `month(block, b, schedule, m, state, s, out, o, w)` integrates month `m` by Euler's method in `steps` steps, from the
  stocks at `state[s...]` to those behind them, and keeps the `outputs` at the month's start in `out[o]`,
  `out[o + w]`, `out[o + 2 * w]` ...;
* `observe(block, b, schedule, m, row, state, s, out, o)` writes every equation at the start of month `m` into `out`,
  with the schedules of step `row`.

`schedule` holds the scheduled parameters of a step together, one step after the other. Nothing is evaluated from
text when it runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from shudian.kernel.graph import Graph, Level, Node, graph_of
from shudian.kinds import Model

_INFIX = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
_CALLS = {"exp": "exp", "log": "log", "minimum": "min", "maximum": "max"}
_LONGEST = 300
"""Characters up to which an operation that is used once is written where it is used."""


def javascript(model: Model, outputs: Sequence[str], steps_per_month: int) -> str:
    """The source of `model`; `outputs` names the variables that are kept at the start of each month.

    Raises KeyError for an unknown output.
    """
    graph = graph_of(model)
    kept = [graph.variables[name] for name in outputs]
    every = [graph.variables[equation.name] for equation in model.equations]
    slots = _slots(graph, [*graph.rates, *every])
    names = {
        "outputs": list(outputs),
        "equations": [equation.name for equation in model.equations],
        "fixed": len(model.fixed),
        "scheduled": len(model.scheduled),
        "stocks": len(model.stocks),
        "block": len(slots),
        "steps": steps_per_month,
    }
    described = ", ".join(f"{key}: {json.dumps(value)}" for key, value in names.items())
    return "\n".join([
        "(function () {",
        '"use strict";',
        "const exp = Math.exp, log = Math.log, min = Math.min, max = Math.max;",
        _prepare(graph, slots),
        _month(model, graph, slots, kept, steps_per_month),
        _observe(model, graph, slots, every),
        f"return {{ {described}, prepare, month, observe }};",
        "})()",
    ])  # fmt: skip


def _slots(graph: Graph, roots: Iterable[int]) -> dict[int, int]:
    """Where each number stands that is computed once for a draw and used at every step or month, or shown."""
    wanted = list(roots)
    used = set(wanted)
    for level in (Level.STEP, Level.MONTH):
        for user in graph.needed([*wanted, *used], level):
            used.update(graph.nodes[user].operands)
    block = sorted(n for n in used if graph.levels[n] == Level.BLOCK and graph.nodes[n].operation != "constant")
    return {node: slot for slot, node in enumerate(block)}


class _Body:
    """Lines that compute nodes in order; what is used once and is short is written where it is used."""

    def __init__(self, graph: Graph, leaves: dict[int, str]) -> None:
        self.graph = graph
        self.lines: list[str] = []
        self.written = dict(leaves)

    def compute(self, nodes: Sequence[int], roots: Iterable[int]) -> None:
        """Compute `nodes`, which are in order of evaluation; those among `roots` get a name in any case."""
        uses = dict.fromkeys(nodes, 0)
        for node in nodes:
            for operand in self.graph.nodes[node].operands:
                if operand in uses:
                    uses[operand] += 1
        for root in roots:
            if root in uses:
                uses[root] += 2
        for node in nodes:
            if node in self.written:
                continue
            text = self._spell(self.graph.nodes[node])
            if uses[node] > 1 or len(text) > _LONGEST:
                self.lines.append(f"const n{node} = {text};")
                text = f"n{node}"
            self.written[node] = text

    def value(self, node: int) -> str:
        """The text of a node that has been computed, or of a constant."""
        found = self.graph.nodes[node]
        return _number(found.value) if found.operation == "constant" else self.written[node]

    def _spell(self, node: Node) -> str:
        operands = [self.value(operand) for operand in node.operands]
        if node.operation in _INFIX:
            return f"({operands[0]} {_INFIX[node.operation]} {operands[1]})"
        if node.operation in _CALLS:
            return f"{_CALLS[node.operation]}({', '.join(operands)})"
        match node.operation:
            case "negate":
                return f"(-{operands[0]})"
            case "power":
                # the third operand is the logarithm of the first; anything to the power 0 is 1
                return f"({operands[1]} === 0 ? 1 : exp({operands[1]} * {operands[2]}))"
            case "where":
                smaller, larger, then, otherwise = operands
                return f"({smaller} < {larger} ? {then} : {otherwise})"
            case "by_year":
                text = operands[-1]
                for year, knot in reversed(list(enumerate(operands[:-1]))):
                    text = f"year <= {year} ? {knot} : {text}"
                return f"({text})"
            case "constant":
                return _number(node.value)
        raise ValueError(f"the operation “{node.operation}” cannot be written in JavaScript")


def _number(value: float) -> str:
    text = repr(value).removesuffix(".0")
    return f"({text})" if value < 0 else text


def _leaves(graph: Graph, operation: str, text: str) -> dict[int, str]:
    return {
        position: text.format(index=node.index)
        for position, node in enumerate(graph.nodes)
        if node.operation == operation
    }


def _prepare(graph: Graph, slots: dict[int, int]) -> str:
    body = _Body(graph, _leaves(graph, "fixed", "fixed[f + {index}]"))
    roots = [*slots, *graph.initials]
    body.compute(graph.needed(roots, Level.BLOCK), roots)
    lines = [f"block[b + {slot}] = {body.value(node)};" for node, slot in slots.items()]
    lines += [f"state[s + {index}] = {body.value(node)};" for index, node in enumerate(graph.initials)]
    return _function("prepare", "fixed, f, block, b, state, s", [*body.lines, *lines])


def _month(model: Model, graph: Graph, slots: dict[int, int], kept: Sequence[int], steps: int) -> str:
    wanted = [*graph.rates, *kept]
    step = graph.needed(wanted, Level.STEP)
    used = {operand for node in step for operand in graph.nodes[node].operands} | set(wanted)
    yearly, before = _monthly(graph, slots, used)
    stocks = _leaves(graph, "stock", "x{index}")
    body = _Body(graph, yearly | stocks | _leaves(graph, "scheduled", "schedule[t + {index}]") | _time(graph, "time"))
    scheduled = [node for node in step if graph.nodes[node].operation == "scheduled"]
    body.lines += [f"const n{node} = {body.written[node]};" for node in scheduled]
    body.written |= {node: f"n{node}" for node in scheduled}
    body.compute(step, wanted)
    keep = [f"out[o + {index} * w] = {body.value(node)};" for index, node in enumerate(kept)]
    change = [f"x{index} += {_number(1 / steps)} * {body.value(rate)};" for index, rate in enumerate(graph.rates)]
    size = len(model.scheduled)
    return _function("month", "block, b, schedule, m, state, s, out, o, w", [
        *before,
        *(f"let x{index} = state[s + {index}];" for index in range(len(model.stocks))),
        f"for (let k = 0; k < {steps}; k++) {{",
        f"const t = (m * {steps} + k) * {size}, time = m + k / {steps};",
        *body.lines,
        "if (k === 0) {", *keep, "}",
        *change,
        "}",
        *(f"state[s + {len(model.stocks) + index}] = x{index};" for index in range(len(model.stocks))),
    ])  # fmt: skip


def _observe(model: Model, graph: Graph, slots: dict[int, int], every: Sequence[int]) -> str:
    step = graph.needed(every, Level.STEP)
    used = {operand for node in step for operand in graph.nodes[node].operands} | set(every)
    yearly, before = _monthly(graph, slots, used)
    stocks = _leaves(graph, "stock", "state[s + {index}]")
    body = _Body(graph, yearly | stocks | _leaves(graph, "scheduled", "schedule[t + {index}]") | _time(graph, "m"))
    body.compute(step, every)
    keep = [f"out[o + {index}] = {body.value(node)};" for index, node in enumerate(every)]
    lines = [*before, f"const t = row * {len(model.scheduled)};", *body.lines, *keep]
    return _function("observe", "block, b, schedule, m, row, state, s, out, o", lines)


def _monthly(graph: Graph, slots: dict[int, int], used: set[int]) -> tuple[dict[int, str], list[str]]:
    """The text of each number that does not change within a month, and the lines that load or compute it."""
    months = graph.needed(used, Level.MONTH)
    used = used | {operand for node in months for operand in graph.nodes[node].operands}
    blocks = [node for node in sorted(used) if node in slots]
    body = _Body(graph, {node: f"n{node}" for node in blocks})
    body.lines = ["const year = Math.floor(m / 12);", *(f"const n{n} = block[b + {slots[n]}];" for n in blocks)]
    body.compute(months, months)
    return body.written, body.lines


def _time(graph: Graph, text: str) -> dict[int, str]:
    return _leaves(graph, "time", text)


def _function(name: str, arguments: str, lines: Iterable[str]) -> str:
    return "\n".join([f"function {name}({arguments}) {{", *(f"  {line}" for line in lines), "}"])
