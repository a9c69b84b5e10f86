"""Vensim's model file, read as data.

The format: https://www.vensim.com/documentation/mdlformat.html and the files that Vensim itself writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.equation_text import EquationError, read_equation, read_table
from shudian.exchange.mistakes import not_a_model, other_method, unreadable
from shudian.exchange.variables import Range, Variable, called, identifier
from shudian.kinds import InputError, Phrase

_SKETCH, _SETTINGS = "\\\\\\---///", "///---\\\\\\"
_QUOTED = r'"(?:\\.|[^"\\]++)*+"'
_COMMENT = r"\{[^}]*+\}"
_BEFORE = re.compile(rf"(?:\s|{_COMMENT})*+")
_ENTRY = re.compile(
    rf'(?P<equation>(?:{_QUOTED}|{_COMMENT}|[^"{{~|]++)*+)~(?P<unit>(?:{_COMMENT}|[^{{~|]++)*+)'
    r"(?:~(?P<note>[^~|]*+)(?:~[^~|]*+)?)?\|\s*+",
    re.DOTALL,
)
_OPEN = re.compile(rf'(?:{_QUOTED}|{_COMMENT}|[^"{{|]++)*+\{{')
"""An entry with a comment that begins and does not end."""
_LEFT = re.compile(rf'(?P<name>{_QUOTED}|[^":=(\[<]+?)\s*(?P<sign>==|=|\(|\[|:[\w ]*:|:=?|<->|$)', re.DOTALL)
_CONTINUED = re.compile(r"\\[ \t]*\n\s*")
_NUMBER_BROKEN = re.compile(rf"(?<=[0-9.][eE][-+]){_CONTINUED.pattern}(?=[0-9])")
"""Simlin breaks a long line at any sign, that of an exponent too."""
_RANGE = re.compile(r"\[([^\]]*)\]$")
_METHOD = re.compile(r"^[ \t]*15[ \t]*:(?:[ \t]*\d+[ \t]*,){3}[ \t]*0*(\d+)", re.MULTILINE)
"""Of the settings behind the sketch, the one that says how Vensim integrates; 0 is Euler's way."""
_METHODS = {"1": "RK4", "2": "Difference", "3": "RK2", "4": "RK2", "5": "RK4"}
_CHECKS = (":the condition:", ":test input:")
"""Reality checks, which no run computes."""


def read_mdl(path: Path, text: str) -> Iterator[Variable]:
    """The variables of a Vensim file's text in their order.

    Raises InputError if something is no entry or no equation, or asks for what is not run here: macros,
    subscripts, data, another integration than Euler's.
    """
    equations, _, behind = text.partition(_SKETCH)
    equations, _, settings = equations.partition(_SETTINGS)
    _check_method(path, settings + behind)
    place, line, last = _end(_BEFORE, equations, 0), 1, ""
    counted = 0
    while place < len(equations):
        line += equations.count("\n", counted, place)
        counted = place
        found = _ENTRY.match(equations, place)
        if found is None and _OPEN.match(equations, place):
            raise InputError("a comment begins with { here or below and ends nowhere; write } behind it").at(
                f"{path}:{line}"
            )
        if found is None and not last:
            raise not_a_model(path, Phrase("no entry in it ends in |"))
        if found is None:
            raise InputError(
                "after “{name}” nothing more can be read; every entry is written as name = equation ~ unit ~ comment |",
                name=last,
            ).at(f"{path}:{line}")
        place = _end(_BEFORE, equations, found.end())
        variable = _variable(path, line, found["equation"], found["unit"], found["note"] or "")
        if variable is not None:
            last = variable.name
            yield variable
    if not last:
        raise not_a_model(path, Phrase("no entry in it ends in |"))


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _check_method(path: Path, settings: str) -> None:
    found = next((found for found in _METHOD.finditer(settings) if found[1] != "0"), None)
    if found:
        raise other_method(path, _METHODS.get(found[1], Phrase("another method")))


def _variable(path: Path, line: int, equation: str, unit: str, note: str) -> Variable | None:
    if equation.startswith("***"):
        return None
    joined = _NUMBER_BROKEN.sub("", _without_comments(equation))
    equation = " ".join(_CONTINUED.sub(" ", joined).split())
    found = _LEFT.match(equation)
    if found is None:
        if equation.lower().startswith(":macro:"):
            raise _not_run(path, line)
        raise InputError("this entry has no name; write it as name = equation ~ unit ~ comment |").at(f"{path}:{line}")
    name, sign = identifier(found["name"]), found["sign"].lower()
    if sign in _CHECKS:
        return None
    right = equation[found.end() :].strip()
    if sign in ("[", ":", "<->"):
        raise _not_run(path, line)
    if sign not in ("=", "==", "("):
        raise InputError(
            "“{name}” has no equation but data from elsewhere, which is not read; write name = equation", name=name
        ).at(f"{path}:{line}")
    try:
        tree = read_table(f"({right}") if sign == "(" else _stock(read_equation(right, "mdl"))
    except EquationError as error:
        raise unreadable(path, line, name, error) from None
    units, limits = _units(path, line, name, _without_comments(unit).strip())
    return Variable(name, tree, units, limits, " ".join(note.split()), line)


def _not_run(path: Path, line: int) -> InputError:
    return InputError("macros and subscripts are not run here; write the equations without them").at(f"{path}:{line}")


def _without_comments(text: str) -> str:
    return re.sub(rf"({_QUOTED})|{_COMMENT}", lambda found: found[1] or " ", text)


def _stock(tree: Any) -> Any:
    # a stock's own equation; anywhere else INTEG is a function that is not run
    if isinstance(tree, syntax.CallStructure) and called(tree) == "integ" and len(tree.arguments) == 2:
        return syntax.IntegStructure(*tree.arguments)
    return tree


def _units(path: Path, line: int, name: str, text: str) -> tuple[str, Range]:
    found = _RANGE.search(text)
    if found is None:
        return " ".join(text.split()), (None, None)
    ends = [None if part.strip() in ("", "?") else part.strip() for part in found[1].split(",")]
    try:
        low, high = (*(None if end is None else float(end) for end in ends[:2]), None, None)[:2]
    except ValueError:
        raise InputError("the range of “{name}” has numbers or ? as its ends, as in [0,10]", name=name).at(
            f"{path}:{line}"
        ) from None
    return " ".join(text[: found.start()].split()), (low, high)
