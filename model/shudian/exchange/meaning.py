"""The gate between reading a model file and running it: what its equations mean, said so that PySD cannot misread it.

PySD is given numbers, names, arithmetic, logic, stocks and the few functions of `PYSD_CALLS`. Tables become
choices between straight lines, because PySD passes over their kind and rounds their numbers to eight digits. A
comparison within arithmetic becomes a choice between 1 and 0, a number as a condition the question whether it is 0.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import networkx as nx
from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.equation_text import Spelling
from shudian.exchange.functions import FUNCTIONS, TABLES, Function, MeaningError, advice, call, wanted
from shudian.exchange.mistakes import place
from shudian.exchange.variables import Variable, called, references
from shudian.kinds import InputError, Phrase
from shudian.toml_file import nearest

_BUILT_IN: Mapping[Spelling, Mapping[str, Any]] = {
    "mdl": {"time": syntax.ReferenceStructure("time")},
    "xmile": {
        "time": syntax.ReferenceStructure("time"),
        "dt": syntax.ReferenceStructure("time_step"),
        "starttime": syntax.ReferenceStructure("initial_time"),
        "stoptime": syntax.ReferenceStructure("final_time"),
        "pi": math.pi,
    },
}
"""Names that a file may use without defining them."""
_KEPT = (syntax.InitialStructure, syntax.DelayFixedStructure, syntax.SampleIfTrueStructure)
"""What PySD computes step by step beside stocks; each gets a variable of its own."""
_DEEPEST = 20
"""From a number to the name that a file gives it, and to that name's other names: nobody needs as many."""
_OPERATIONS: Mapping[str, Callable[[float, float], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow,
}  # fmt: skip
_CONDITIONS = {"if_then_else", "sample_if_true"}
"""Functions whose first argument is a condition."""


def meaning(path: Path, variables: Mapping[str, Variable], spelling: Spelling) -> dict[str, Any]:
    """The right side of every variable for PySD, and of those that its functions need besides.

    Raises InputError if an equation uses something that nothing defines or that is not run, or if variables define
    each other in a circle.
    """
    said = _Meaning(path, variables, spelling)
    for variable in variables.values():
        said.add(variable)
    _check_circles(path, variables, said.trees, _causes)
    _check_circles(path, variables, said.trees, _first_causes)
    return said.trees


class _Meaning:
    """The trees that are given to PySD, and what is added to them on the way."""

    def __init__(self, path: Path, variables: Mapping[str, Variable], spelling: Spelling) -> None:
        self.path, self.variables, self.spelling = path, variables, spelling
        self.trees: dict[str, Any] = {}
        self.constants: dict[str, float | None] = {}
        self.now: Variable = next(iter(variables.values()))

    def add(self, variable: Variable) -> None:
        self.now = variable
        if isinstance(variable.tree, syntax.LookupsStructure):
            return
        if isinstance(variable.tree, syntax.IntegStructure):
            flow, initial = self._number(variable.tree.flow), self._number(variable.tree.initial)
            self.trees[variable.name] = syntax.IntegStructure(flow, initial)
        else:
            self.trees[variable.name] = self._number(variable.tree)

    def stock(self, flow: Callable[[Any], Any], initial: Any) -> Any:
        level = syntax.ReferenceStructure(self._free_name())
        self.trees[level.reference] = syntax.IntegStructure(flow(level), initial)
        return level

    def variable(self, tree: Any) -> Any:
        if isinstance(tree, (float, syntax.ReferenceStructure)):
            return tree
        name = self._free_name()
        self.trees[name] = tree
        return syntax.ReferenceStructure(name)

    def constant(self, tree: Any, depth: int = 0) -> float | None:
        if isinstance(tree, float):
            return tree
        if isinstance(tree, syntax.ReferenceStructure) and tree.reference in self.variables and depth < _DEEPEST:
            name = tree.reference
            if name not in self.constants:
                # what refers to itself is not constant
                self.constants[name] = None
                self.constants[name] = self.constant(self.variables[name].tree, depth + 1)
            return self.constants[name]
        if isinstance(tree, syntax.ArithmeticStructure):
            parts = [self.constant(part, depth) for part in tree.arguments]
            return None if None in parts else _computed(tree.operators, [part for part in parts if part is not None])
        return None

    def _free_name(self) -> str:
        number = len(self.trees)
        while (name := f"{self.now.name}_part_{number}") in self.variables or name in self.trees:
            number += 1
        return name

    def _number(self, tree: Any) -> Any:
        match tree:
            case float():
                return tree
            case syntax.ReferenceStructure():
                return self._reference(tree.reference)
            case syntax.ArithmeticStructure() if tree.operators == ["^"]:
                # PySD's ** makes a complex number of a negative base
                return call("power", *map(self._number, tree.arguments))
            case syntax.ArithmeticStructure():
                return syntax.ArithmeticStructure(list(tree.operators), tuple(map(self._number, tree.arguments)))
            case syntax.LogicStructure():
                return call("if_then_else", self._condition(tree), 1.0, 0.0)
            case syntax.InlineLookupsStructure():
                return self._looked_up(tree.lookups, self._number(tree.argument))
            case syntax.CallStructure():
                return self._call(called(tree), tree.arguments)
        self.fail("“{name}” has text in quotes where a number is due", name=self.now.name)

    def _condition(self, tree: Any) -> Any:
        if not isinstance(tree, syntax.LogicStructure):
            return syntax.LogicStructure(["<>"], (self._number(tree), 0.0))
        logical = tree.operators[0].startswith(":")
        parts = [self._condition(part) if logical else self._number(part) for part in tree.arguments]
        return syntax.LogicStructure(list(tree.operators), tuple(parts))

    def _reference(self, name: str) -> Any:
        if name in self.variables:
            if isinstance(self.variables[name].tree, syntax.LookupsStructure):
                self.fail(
                    "“{name}” uses the table “{table}” without a place in it; write {table}(Time)",
                    name=self.now.name,
                    table=name,
                )
            return syntax.ReferenceStructure(name)
        if name in _BUILT_IN[self.spelling]:
            return _BUILT_IN[self.spelling][name]
        known = {*self.variables, *_BUILT_IN[self.spelling]}
        self.fail(
            "“{name}” uses “{cause}”, which nothing defines{nearest}",
            name=self.now.name,
            cause=name,
            nearest=nearest(name, known),
        )

    def _call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        if name in self.variables:
            return self._table(name, arguments)
        if name in TABLES and len(arguments) == 2 and isinstance(arguments[0], syntax.ReferenceStructure):
            return self._table(arguments[0].reference, arguments[1:], TABLES[name])
        function = FUNCTIONS[self.spelling].get(name)
        if function is None:
            return self._refuse(name)
        if len(arguments) not in function.takes:
            return self._miscounted(name, len(arguments), wanted(name, len(arguments), self.spelling))
        first = [self._condition(arguments[0])] if name in _CONDITIONS else [self._number(arguments[0])]
        return self._said(name, function, [*first, *map(self._number, arguments[1:])])

    def _said(self, name: str, function: Function, arguments: list[Any]) -> Any:
        try:
            tree = function.meaning(self, *arguments)
        except MeaningError as error:
            self.fail(
                "“{name}” uses the function “{function}” in a way that is not run; {instead}",
                name=self.now.name,
                function=name,
                instead=error.sentence,
            )
        alone = isinstance(tree, _KEPT) or (isinstance(tree, syntax.CallStructure) and called(tree) == "active_initial")
        return self.variable(tree) if alone else tree

    def _refuse(self, name: str) -> NoReturn:
        instead = advice(name, self.spelling)
        if instead:
            self.fail(
                "“{name}” uses the function “{function}”, which is not run; {instead}",
                name=self.now.name,
                function=name,
                instead=instead,
            )
        self.fail(
            "“{name}” uses the function “{function}”, which is not known{nearest}",
            name=self.now.name,
            function=name,
            nearest=nearest(name, {*FUNCTIONS[self.spelling], *self.variables}),
        )

    def _table(self, name: str, arguments: tuple[Any, ...], kind: str = "") -> Any:
        known = self.variables.get(name)
        table = None if known is None else known.tree
        if not isinstance(table, syntax.LookupsStructure):
            self.fail(
                "“{name}” uses “{cause}” like a function, and it is no table; write the sign of multiplication "
                "between factors",
                name=self.now.name,
                cause=name,
            )
        if len(arguments) != 1:
            self._miscounted(name, len(arguments), "1")
        return self._looked_up(table, self._number(arguments[0]), kind)

    def _looked_up(self, table: Any, argument: Any, kind: str = "") -> Any:
        return _pieces(
            list(map(float, table.x)), list(map(float, table.y)), kind or table.type, self.variable(argument)
        )

    def _miscounted(self, name: str, count: int, takes: str | Phrase) -> NoReturn:
        self.fail(
            "“{name}” gives the function “{function}” {count} arguments; it takes {takes}",
            name=self.now.name,
            function=name,
            count=count,
            takes=takes,
        )

    def fail(self, template: str, /, **values: object) -> NoReturn:
        raise InputError(template, **values).at(place(self.path, self.now))


def _computed(operators: list[str], parts: list[float]) -> float | None:
    if operators == ["negative"]:
        return -parts[0]
    total = parts[0]
    try:
        for sign, part in zip(operators, parts[1:], strict=True):
            # chains hold + and -, or * and /, and a power stands alone
            total = _OPERATIONS[sign](total, part)
    except (ArithmeticError, TypeError):
        return None
    return total if isinstance(total, float) else None


def _pieces(xs: list[float], ys: list[float], kind: str, at: Any) -> Any:
    """The value of the table at `at`, found by halving."""
    lines = list(zip(xs, ys, xs[1:], ys[1:], strict=False))
    outside = kind == "extrapolate"
    # from what x on, and what holds there
    parts = [_line(*lines[0], at) if outside else ys[0]]
    for x0, y0, x1, y1 in lines:
        held = {"hold_backward": y0, "look_forward": y1}
        parts.append(held[kind] if kind in held else _line(x0, y0, x1, y1, at))
    parts.append(_line(*lines[-1], at) if outside else ys[-1])
    return _chosen(xs, parts, "<" if kind == "hold_backward" else "<=", at)


def _chosen(ends: list[float], parts: list[Any], operator: str, at: Any) -> Any:
    if not ends:
        return parts[0]
    middle = len(ends) // 2
    condition = syntax.LogicStructure([operator], (at, ends[middle]))
    below = _chosen(ends[:middle], parts[: middle + 1], operator, at)
    return call("if_then_else", condition, below, _chosen(ends[middle + 1 :], parts[middle + 1 :], operator, at))


def _line(x0: float, y0: float, x1: float, y1: float, at: Any) -> Any:
    if x0 == x1 or y0 == y1:
        return y1
    along = syntax.ArithmeticStructure(["-"], (at, x0))
    return syntax.ArithmeticStructure(["+"], (y0, syntax.ArithmeticStructure(["*"], (along, (y1 - y0) / (x1 - x0)))))


def _causes(tree: Any) -> set[str]:
    """What must be known at a moment before `tree` is."""
    if isinstance(tree, (syntax.IntegStructure, syntax.DelayFixedStructure, syntax.InitialStructure)):
        return set()
    return references(tree)


def _first_causes(tree: Any) -> set[str]:
    """What must be known at the start before `tree` is."""
    match tree:
        case syntax.IntegStructure():
            return references(tree.initial)
        case syntax.DelayFixedStructure():
            return references(tree.initial, tree.delay_time)
        case syntax.CallStructure() if called(tree) == "active_initial":
            return references(tree.arguments[1])
    return references(tree)


def _check_circles(
    path: Path, variables: Mapping[str, Variable], trees: Mapping[str, Any], causes: Callable[[Any], set[str]]
) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for name, tree in trees.items():
        graph.add_edges_from((cause, name) for cause in causes(tree))
    tied = {name for part in nx.strongly_connected_components(graph) if len(part) > 1 for name in part}
    tied |= set(nx.nodes_with_selfloops(graph))
    if not tied:
        return
    # from everywhere, the search would take a long chain of variables once for each of them
    circle = [edge[0] for edge in nx.find_cycle(graph, next(name for name in graph if name in tied))]
    named = [name for name in circle if name in variables]
    raise InputError(
        "these variables define each other without a stock between them: {names}", names=" -> ".join(named)
    ).at(place(path, variables[named[0]]))
