"""Equations and parameters become one Model: names resolved, order found, units checked, loops found.

Everything that can be wrong with an equation is found here, at build, with its file and line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import FunctionType, ModuleType

import networkx as nx

from shudian.cities import city_content
from shudian.dimensions import check_units
from shudian.equations.language import Expression
from shudian.equations.mistakes import told_of_files
from shudian.evidence import HOME, load_city
from shudian.kinds import Equation, InputError, Loop, Model, ModelChange, Parameter, Place
from shudian.toml_file import nearest

with told_of_files():
    from shudian.equations import (
        finance,
        finance_fund,
        finance_rivals,
        firms,
        firms_cover,
        firms_register,
        location,
        location_orders,
        location_rivals,
        loops,
        market,
        market_ai,
        market_live,
        outcomes,
        outcomes_reported,
        outreach,
        policy,
        policy_budget,
        policy_capital,
        policy_cost,
        policy_titles,
        talent,
        technology,
        works,
        works_quality,
    )

MODULES: tuple[ModuleType, ...] = (
    market,
    market_ai,
    market_live,
    location,
    location_orders,
    location_rivals,
    works,
    works_quality,
    finance,
    finance_fund,
    finance_rivals,
    firms,
    firms_cover,
    firms_register,
    talent,
    technology,
    outreach,
    policy,
    policy_budget,
    policy_capital,
    policy_cost,
    policy_titles,
    outcomes,
    outcomes_reported,
)
TIME = "time"
"""The implicit variable: the start of the current step, in months after 2023-01."""


def shipped_equations() -> tuple[Equation, ...]:
    """Every equation of every sector, in the order in which they are written; raises InputError as `equations_of`."""
    return tuple(equation for module in MODULES for equation in equations_of(module))


def equations_of(module: ModuleType) -> tuple[Equation, ...]:
    """The equations of an equation file, in the order in which they are written.

    Raises InputError for a function without a decorator and for an equation without labels or meaning in both
    languages.
    """
    for name, thing in vars(module).items():
        if isinstance(thing, FunctionType) and thing.__module__ == module.__name__ and not name.startswith("_"):
            place = Place(Path(thing.__code__.co_filename), thing.__code__.co_firstlineno)
            raise InputError("“{name}” is no equation yet; write @stock, @flow or @auxiliary above it", name=name).at(
                place
            )
    found = tuple(thing for thing in vars(module).values() if isinstance(thing, Equation))
    for equation in found:
        _check_words(equation)
    return found


def _check_words(equation: Equation) -> None:
    place, name = equation.place, equation.name
    if not (equation.label.zh.strip() and equation.label.en.strip()):
        raise InputError("“{name}” needs a label in Chinese and one in English in its decorator", name=name).at(place)
    if not equation.meaning.zh:
        raise InputError("“{name}” needs a docstring with a paragraph that begins with 中文：", name=name).at(place)
    if not equation.meaning.en:
        raise InputError("“{name}” needs a docstring that begins with its meaning in English", name=name).at(place)


def load_model(city: str = HOME) -> Model:
    """The shipped model with the parameters of `city`, which is shipped or a file of the same form.

    Raises InputError for a mistake in seeds, in the file or in equations.
    """
    return _model(city, city_content(city))


@lru_cache(maxsize=64)
def _model(city: str, _: bytes) -> Model:
    return replace(build(shipped_equations(), load_city(city), loops.LOOPS), city=city)


def build(
    equations: Sequence[Equation],
    parameters: Mapping[str, Parameter],
    named_loops: Sequence[Loop] = (),
    *,
    spare: bool = False,
) -> Model:
    """The Model of these equations and parameters; with `spare`, a parameter need not be used.

    Raises InputError, with file and line, for a name without meaning, a parameter that no equation uses, a
    circular definition, a stock whose function is not a sum of flows, a flow that
    fills or drains two stocks, a unit that does not fit, a loop that
    is not in the graph.
    """
    by_name = _unique(equations, parameters)
    _resolve(by_name, parameters, spare)
    static, dynamic = _order(by_name, parameters)
    stocks = tuple(e for e in equations if e.kind == "stock")
    _check_flows(stocks, by_name)
    check_units(equations, parameters)
    model = Model(stocks, static, dynamic, dict(parameters), tuple(named_loops), _digest(equations, parameters))
    for loop in named_loops:
        _find(loop, model)
    return model


def changed(
    model: Model, equations: Sequence[Equation], parameters: Mapping[str, Parameter], change: ModelChange
) -> Model:
    """`model` with these equations and parameters instead of its own, of which `change` says what is new.

    It keeps the loops that are still there; what was not changed computes the same to the last bit. Raises InputError
    as `build`, but a parameter need not be used any more.
    """
    built = build(equations, parameters, spare=True)
    return replace(
        built,
        loops=tuple(loop for loop in model.loops if _is_there(loop, built)),
        city=model.city,
        origin=model.origin or model,
        changes=(*model.changes, change),
    )


def _is_there(loop: Loop, model: Model) -> bool:
    try:
        _find(loop, model)
    except InputError:
        return False
    return True


def _unique(equations: Iterable[Equation], parameters: Mapping[str, Parameter]) -> dict[str, Equation]:
    by_name: dict[str, Equation] = {}
    for equation in equations:
        other = by_name.get(equation.name) or parameters.get(equation.name)
        if equation.name == TIME:
            raise InputError("“{name}” is the month that is being computed; choose another name", name=TIME).at(
                equation.place
            )
        if other is not None:
            raise InputError("“{name}” is already defined at {place}", name=equation.name, place=other.place).at(
                equation.place
            )
        by_name[equation.name] = equation
    return by_name


def _resolve(by_name: Mapping[str, Equation], parameters: Mapping[str, Parameter], spare: bool) -> None:
    known = {*by_name, *parameters, TIME}
    used: set[str] = set()
    for equation in by_name.values():
        names = {*equation.causes, equation.initial} - {""}
        for name in names - known:
            raise InputError(
                "“{name}” uses “{cause}”, which nothing defines{nearest}",
                name=equation.name,
                cause=name,
                nearest=nearest(name, known),
            ).at(equation.place)
        in_tree = {node.name for node in equation.expression.walk() if node.operation == "variable"}
        for name in set(equation.causes) - in_tree:
            raise InputError(
                "“{name}” names “{cause}” as a cause and does not use it", name=equation.name, cause=name
            ).at(equation.place)
        used |= names
    for name, parameter in parameters.items():
        if name not in used and not spare:
            raise InputError("no equation uses the parameter “{name}”; remove it or use it", name=name).at(
                parameter.place
            )


def causal_graph(equations: Iterable[Equation]) -> nx.DiGraph[str]:
    """Cause -> effect over all variables and parameters; a stock's initial value is not a cause."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for equation in equations:
        graph.add_node(equation.name)
        graph.add_edges_from((cause, equation.name) for cause in equation.causes)
    return graph


def _order(
    by_name: Mapping[str, Equation], parameters: Mapping[str, Parameter]
) -> tuple[tuple[Equation, ...], tuple[Equation, ...]]:
    instant = {name: e for name, e in by_name.items() if e.kind != "stock"}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(instant)
    graph.add_edges_from((c, e.name) for e in instant.values() for c in e.causes if c in instant)
    try:
        order = [instant[name] for name in nx.lexicographical_topological_sort(graph, key=list(instant).index)]
    except nx.NetworkXUnfeasible:
        circle = [edge[0] for edge in nx.find_cycle(graph)]
        place = instant[circle[0]].place
        raise InputError(
            "these variables define each other without a stock between them: {names}", names=" -> ".join(circle)
        ).at(place) from None
    fixed = {name for name, p in parameters.items() if p.role not in ("lever", "assumption")}
    static: dict[str, Equation] = {}
    for equation in order:
        steady = all(cause in fixed or cause in static for cause in equation.causes)
        steady = steady and all(node.operation != "by_year" for node in equation.expression.walk())
        if equation.kind == "auxiliary" and steady:
            static[equation.name] = equation
    for stock in by_name.values():
        if stock.initial and stock.initial not in fixed and stock.initial not in static:
            raise InputError("the first value of “{name}” must follow from fixed parameters alone", name=stock.name).at(
                stock.place
            )
    return tuple(static.values()), tuple(e for e in order if e.name not in static)


def signed_flows(stock: Equation, by_name: Mapping[str, Equation]) -> tuple[tuple[str, int], ...]:
    """The flows of `stock` with their signs; raises InputError if its function is anything but their sum."""
    found: list[tuple[str, int]] = []

    def visit(node: Expression, sign: int) -> None:
        if node.operation == "variable" and node.name in by_name and by_name[node.name].kind == "flow":
            found.append((node.name, sign))
        elif node.operation in ("add", "subtract"):
            visit(node.operands[0], sign)
            visit(node.operands[1], sign if node.operation == "add" else -sign)
        elif node.operation == "negate":
            visit(node.operands[0], -sign)
        else:
            raise InputError("the stock “{name}” must be a sum of flows, inflows less outflows", name=stock.name).at(
                stock.place
            )

    visit(stock.expression, 1)
    return tuple(found)


def _check_flows(stocks: Iterable[Equation], by_name: Mapping[str, Equation]) -> None:
    """A flow leaves one stock at most and enters one at most, as diagrams and other engines have it."""
    taken: dict[tuple[str, int], Equation] = {}
    for stock in stocks:
        for flow, sign in signed_flows(stock, by_name):
            other = taken.setdefault((flow, sign), stock)
            if other is not stock:
                raise InputError(
                    "“{flow}” already ends at “{other}”; give “{stock}” a flow of its own",
                    flow=flow,
                    other=other.name,
                    stock=stock.name,
                ).at(stock.place)


def _find(loop: Loop, model: Model) -> None:
    place = model.equation(loop.variables[0]).place if loop.variables[0] in model else ""
    for cause, effect in links(loop):
        if effect not in model or cause not in model.equation(effect).causes:
            raise InputError(
                "loop {loop} needs “{cause}” as a cause of “{effect}”, and it is not",
                loop=loop.name,
                cause=cause,
                effect=effect,
            ).at(place)
    if not any(loop.switch in model.equation(name).causes for name in loop.variables):
        raise InputError("the switch “{name}” acts on no variable of loop {loop}", name=loop.switch, loop=loop.name).at(
            place
        )


def links(loop: Loop) -> tuple[tuple[str, str], ...]:
    """Cause and effect pairs along the loop, closed."""
    return tuple(zip(loop.variables, loop.variables[1:] + loop.variables[:1], strict=True))


def _digest(equations: Iterable[Equation], parameters: Mapping[str, Parameter]) -> str:
    lines = [meaning(equation) for equation in equations]
    lines += [f"{p.name}|{p.role}|{p.unit}" for p in parameters.values()]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def meaning(equation: Equation) -> str:
    """All of an equation that changes what a model computes, as one line."""
    return f"{equation.name}|{equation.kind}|{equation.unit}|{equation.initial}|{spelled(equation.expression)}"


_INFIX = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**", "less": "<"}


def spelled(node: Expression) -> str:
    """An expression as a person would write it in Python, with every pair of brackets it needs and some more."""
    if node.operation == "variable":
        return node.name
    if node.operation == "constant":
        short = f"{node.value:g}"
        return short if float(short) == node.value else repr(node.value)
    inner = [spelled(operand) for operand in node.operands]
    if node.operation in _INFIX:
        return f"({f' {_INFIX[node.operation]} '.join(inner)})"
    if node.operation == "negate":
        return f"(-{inner[0]})"
    return f"{node.operation}({', '.join(inner)})"
