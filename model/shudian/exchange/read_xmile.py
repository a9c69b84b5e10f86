"""An XMILE file, read as data, from whatever tool: with or without prefixes, its own words kept apart by namespace.

The format: https://docs.oasis-open.org/xmile/xmile/v1.0/xmile-v1.0.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import unescape

import numpy as np
from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.equation_text import EquationError, read_equation, table_of
from shudian.exchange.mistakes import at, not_a_model, other_method, unreadable
from shudian.exchange.variables import Range, Variable, identifier
from shudian.exchange.xmile_words import check_words
from shudian.kinds import InputError, Phrase

_NAMED = re.compile(r"""<(?:\w+:)?(?:aux|flow|stock|gf)\s[^<>]*?\bname\s*=\s*(["'])(?P<name>.*?)\1""", re.DOTALL)
_TABLES = {"continuous": "interpolate", "extrapolate": "extrapolate", "discrete": "hold_backward"}
_CONTROL = (("start", "initial_time"), ("stop", "final_time"), ("dt", "time_step"))


def read_xmile(path: Path, text: str) -> Iterator[Variable]:
    """The variables of an XMILE file's text, and its start, stop and dt by Vensim's names.

    Raises InputError if it is no XML or no XMILE, if an equation cannot be read, or if it asks for what is not run
    here: modules, macros, arrays, conveyors, another integration than Euler's.
    """
    root = _root(path, text)
    _check_whole(path, text, root)
    control = list(_control(path, root))
    yield from control
    lines = _lines(text)
    floors = _floors(root.find("behavior")) | _floors(root.find("model/behavior"))
    for element in root.findall("model/variables/*"):
        # Vensim writes its control variables among the others too
        if element.tag in ("aux", "flow", "stock", "gf"):
            variable = _variable(path, lines, element, floors)
            if (variable.name, variable.tree) not in ((one.name, one.tree) for one in control):
                yield variable


def _root(path: Path, text: str) -> ET.Element:
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise InputError("this is not XML; what is wrong begins in this line").at(
            f"{path}:{error.position[0]}"
        ) from None
    space = root.tag.rpartition("}")[0]
    for element in root.iter():
        # words of other tools stay with their namespace and are passed over
        element.tag = element.tag.removeprefix(f"{space}}}") if space else element.tag
    return root


def _check_whole(path: Path, text: str, root: ET.Element) -> None:
    if root.tag != "xmile" or not root.findall("model"):
        raise not_a_model(path, Phrase("it is no XMILE file with a <model>"))
    check_words(path, text, root)
    if any(_spec(root, tag) is None for tag, _ in _CONTROL):
        raise not_a_model(path, Phrase("<sim_specs> lacks its start, stop or dt"))
    for specs in _specs(root):
        _check_method(path, specs)


def _specs(root: ET.Element) -> list[ET.Element]:
    """What says how long and in what steps to run: the model's own, which comes first, and that of the file."""
    return [*root.findall("model/sim_specs"), *root.findall("sim_specs")]


def _spec(root: ET.Element, tag: str) -> ET.Element | None:
    return next((found for specs in _specs(root) for found in specs.findall(tag)), None)


def _check_method(path: Path, specs: ET.Element) -> None:
    method = specs.get("method", "euler")
    if method.split(",")[0].strip().lower() != "euler":
        raise other_method(path, method)


def _control(path: Path, root: ET.Element) -> Iterator[Variable]:
    unit = next((specs.get("time_units", "") for specs in _specs(root) if specs.get("time_units")), "")
    for tag, name in _CONTROL:
        element = _spec(root, tag)
        if element is not None:
            text = _text(element)
            if element.get("reciprocal", "").lower() == "true":
                text = f"1 / ({text})"
            yield Variable(name, _equation(path, None, name, text), unit)


def _floors(behaviour: ET.Element | None) -> set[str]:
    """The kinds of variables that the file keeps from falling below zero."""
    if behaviour is None:
        return set()
    if behaviour.find("non_negative") is not None:
        return {"stock", "flow"}
    return {kind for kind in ("stock", "flow") if behaviour.find(f"{kind}/non_negative") is not None}


def _variable(path: Path, lines: Mapping[str, int], element: ET.Element, floors: set[str]) -> Variable:
    name = identifier(element.get("name", ""))
    line = lines.get(element.get("name", ""))
    if not name:
        raise InputError('a variable has no name; write <{kind} name="…">', kind=element.tag).at(path)
    own = element.find("non_negative")
    floor = element.tag in floors if own is None else _text(own).lower() != "false"
    tree = _tree(path, line, name, element, floor)
    units, note = element.find("units"), element.find("doc")
    limits = _limits(path, line, name, element.find("range"))
    return Variable(
        name,
        tree,
        "" if units is None else " ".join(_text(units).split()),
        limits,
        "" if note is None else _text(note),
        line,
    )


def _tree(path: Path, line: int | None, name: str, element: ET.Element, floor: bool) -> Any:
    graph = element if element.tag == "gf" else element.find("gf")
    equations = element.findall("eqn")
    if graph is not None and (element.tag == "gf" or not equations or not _text(equations[0])):
        return _table(path, line, name, graph)
    if len(equations) != 1:
        raise InputError("“{name}” has {count} equations; write one <eqn>", name=name, count=len(equations)).at(
            at(path, line)
        )
    tree = _equation(path, line, name, _text(equations[0]))
    if graph is not None:
        tree = syntax.InlineLookupsStructure(tree, _table(path, line, name, graph))
    if element.tag == "stock":
        return syntax.IntegStructure(_net(path, line, name, element), tree, floor)
    if element.tag == "flow" and floor:
        return syntax.CallStructure(syntax.ReferenceStructure("max"), (tree, 0.0))
    return tree


def _net(path: Path, line: int | None, name: str, stock: ET.Element) -> Any:
    """The sum of the flows; what stands there is a name, with spaces or underscores."""
    flows = [(tag, identifier(_text(flow))) for tag in ("inflow", "outflow") for flow in stock.findall(tag)]
    if any(not flow for _, flow in flows):
        raise InputError("a flow of “{name}” has no name; write <inflow>name</inflow>", name=name).at(at(path, line))
    if not flows:
        return 0.0
    named = [syntax.ReferenceStructure(flow) for _, flow in flows]
    signs = ["+" if tag == "inflow" else "-" for tag, _ in flows]
    first = named[0] if signs[0] == "+" else syntax.ArithmeticStructure(["negative"], (named[0],))
    return syntax.ArithmeticStructure(signs[1:], (first, *named[1:])) if named[1:] else first


def _table(path: Path, line: int | None, name: str, graph: ET.Element) -> syntax.LookupsStructure:
    kind = graph.get("type", "continuous").lower()
    if kind not in _TABLES:
        raise InputError("the table of “{name}” is of no known type; write continuous or discrete", name=name).at(
            at(path, line)
        )
    try:
        ys = _numbers(graph.find("ypts"))
        scale = graph.find("xscale")
        if scale is not None:
            low, high = (float(scale.get(end, "")) for end in ("min", "max"))
            xs = [float(x) for x in np.linspace(low, high, len(ys))]
        else:
            xs = _numbers(graph.find("xpts"))
        return table_of(xs, ys, _TABLES[kind])
    except ValueError:
        raise InputError("the table of “{name}” needs numbers in <ypts>, and <xscale> or <xpts>", name=name).at(
            at(path, line)
        ) from None
    except EquationError as error:
        raise unreadable(path, line, name, error) from None


def _numbers(points: ET.Element | None) -> list[float]:
    if points is None:
        raise ValueError("no points")
    return [float(part) for part in _text(points).split(points.get("sep", ",")) if part.strip()]


def _limits(path: Path, line: int | None, name: str, span: ET.Element | None) -> Range:
    if span is None:
        return None, None
    try:
        low, high = (float(span.get(end, "nan")) for end in ("min", "max"))
    except ValueError:
        raise InputError(
            'the range of “{name}” has numbers as its ends; write <range min="0" max="10"/>', name=name
        ).at(at(path, line)) from None
    return (None if np.isnan(low) else low), (None if np.isnan(high) else high)


def _equation(path: Path, line: int | None, name: str, text: str) -> Any:
    try:
        return read_equation(text, "xmile")
    except EquationError as error:
        raise unreadable(path, line, name, error) from None


def _text(element: ET.Element) -> str:
    return "".join(element.itertext()).strip()


def _lines(text: str) -> dict[str, int]:
    """The line of each variable's name as the file spells it; ElementTree does not say where an element began."""
    found: dict[str, int] = {}
    line, counted = 1, 0
    for named in _NAMED.finditer(text):
        line += text.count("\n", counted, named.start())
        counted = named.start()
        found.setdefault(unescape(named["name"], {"&quot;": '"', "&apos;": "'"}), line)
    return found
