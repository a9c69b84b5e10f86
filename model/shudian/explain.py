"""What a variable or a number of the model means, what it follows from, what follows from it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from shudian.equations.language import TINY, Expression
from shudian.kinds import Equation, Figure, InputError, Loop, Model, Parameter, Phrase, Source
from shudian.quantities import FIRST_YEAR
from shudian.structure import TIME


@dataclass(frozen=True, slots=True)
class Explanation:
    """A variable or parameter with everything that touches it; `effects` are names of variables."""

    subject: Equation | Parameter
    variables: tuple[Equation, ...]
    """Causes that are variables themselves."""
    parameters: tuple[Parameter, ...]
    """Numbers that the equation uses; for a parameter, itself."""
    effects: tuple[Equation, ...]
    loops: tuple[Loop, ...]
    initial: Equation | Parameter | None
    """Where a stock's first value comes from."""
    figures: tuple[Figure, ...]
    sources: tuple[Source, ...]


def explain(
    model: Model,
    figures: Mapping[str, Figure],
    sources: Mapping[str, Source],
    text: str,
    aliases: Mapping[str, str] = MappingProxyType({}),
) -> Explanation:
    """The Explanation of what `text` names: an identifier, a Chinese or English label, or one of `aliases`.

    Raises InputError with the nearest names if there is no such thing.
    """
    subject = find(model, text, aliases)
    variables: tuple[Equation, ...] = ()
    parameters: tuple[Parameter, ...]
    initial: Equation | Parameter | None = None
    if isinstance(subject, Parameter):
        parameters = (subject,)
        loops = tuple(loop for loop in model.loops if loop.switch == subject.name)
    else:
        variables = tuple(model.equation(name) for name in subject.causes if name in model)
        parameters = tuple(model.parameters[name] for name in subject.causes if name in model.parameters)
        loops = tuple(loop for loop in model.loops if subject.name in loop.variables)
        if subject.initial:
            initial = find(model, subject.initial)
            if isinstance(initial, Parameter):
                parameters = (*parameters, initial)
    effects = tuple(e for e in model.equations if subject.name in (*e.causes, e.initial))
    cited = dict.fromkeys([*subject.evidence, *(name for parameter in parameters for name in parameter.evidence)])
    found = tuple(figures[name] for name in cited if name in figures)
    documents = dict.fromkeys([*(figure.source for figure in found), *(name for name in cited if name in sources)])
    return Explanation(
        subject, variables, parameters, effects, loops, initial, found,
        tuple(sources[name] for name in documents if name in sources),
    )  # fmt: skip


def upstream(model: Model, subject: Equation | Parameter) -> list[tuple[Parameter, int]]:
    """Every number on which `subject` depends, with the number of steps from it; switches, which are for tests, apart.

    The nearest come first. A stock depends on its first value too.
    """
    steps: dict[str, int] = {subject.name: 0}
    waiting = [subject.name]
    for name in waiting:
        if name in model:
            equation = model.equation(name)
            for cause in (*equation.causes, equation.initial):
                if cause not in steps and (cause in model or cause in model.parameters):
                    steps[cause] = steps[name] + 1
                    waiting.append(cause)
    numbers = [(model.parameters[name], distance) for name, distance in steps.items() if name in model.parameters]
    return [(parameter, distance) for parameter, distance in numbers if parameter.role != "switch"]


def find(model: Model, text: str, aliases: Mapping[str, str] = MappingProxyType({})) -> Equation | Parameter:
    """The variable or parameter called `text`: identifier, label in either language, or alias; InputError if none is.

    `aliases` are other names of variables: text -> identifier.
    """
    wanted = text.strip().casefold()
    things: list[Equation | Parameter] = [*model.equations, *model.parameters.values()]
    known = {thing.name: thing for thing in things}
    names = {alias.casefold(): known[name] for alias, name in aliases.items()}
    names |= {
        name.casefold(): thing for thing in reversed(things) for name in (thing.label.en, thing.label.zh, thing.name)
    }
    names |= known
    if wanted in names:
        return names[wanted]
    inside = [name for name in names if wanted and wanted in name]
    close = dict.fromkeys([*difflib.get_close_matches(wanted, names, n=4, cutoff=0.6), *sorted(inside, key=len)[:3]])
    offered = {names[name].name: names[name].label.zh for name in close}
    if not offered:
        raise InputError("nothing in the model is called “{text}”; try shudian list", text=text)
    told = tuple(Phrase("“{name}” ({label})", name=name, label=label) for name, label in offered.items())
    raise InputError("nothing in the model is called “{text}”; did you mean {names}?", text=text, names=told)


Ground = Literal["told", "stock", "beginning", "identity", "untold"]
"""Why an equation has its form: what its docstring tells, or one of three rules, or nothing yet."""
_ARITHMETIC = ("variable", "constant", "add", "subtract", "multiply", "divide", "negate")


def ground_of(equation: Equation, model: Model) -> Ground:
    """On what the form of `equation` rests; `untold` where its docstring should say and does not.

    Three kinds of equations choose nothing. A *stock* is the sum of its flows. A *beginning* follows from fixed numbers
    once, before the run, so that the city begins in balance. An *identity* joins quantities of the model by sums,
    products and quotients, without a number of its own. Every other form could have been another, and must say why.
    """
    if equation.why.en:
        return "told"
    if equation.kind == "stock":
        return "stock"
    if equation in model.static:
        return "beginning"
    own = [name for name in equation.causes if name in model.parameters and model.parameters[name].role != "switch"]
    return "identity" if not own and TIME not in equation.causes and _is_plain(equation.expression) else "untold"


def _is_plain(node: Expression) -> bool:
    parts = as_ratio(node)
    return (parts is not None or node.operation in _ARITHMETIC) and all(map(_is_plain, parts or node.operands))


_SIGNS = {"add": " + ", "subtract": " − ", "multiply": " × ", "divide": " ÷ ", "power": " ^ ", "less": " < "}
_RANK = {"less": 0, "add": 1, "subtract": 1, "negate": 2, "multiply": 2, "divide": 2, "power": 3}
_STRONGEST = 4


def formula(node: Expression, named: Callable[[str], str]) -> str:
    """The equation as a person reads it; `named` gives the text for a variable's identifier.

    `ratio` and `smooth_minimum`, which the language expands into plain operations, are shown as one step again.
    """
    return _text(node, named)[0]


def _text(node: Expression, named: Callable[[str], str]) -> tuple[str, int]:
    short = _ratio(node, named) or _smooth_minimum(node, named)
    if short:
        return short
    if node.operation == "variable":
        return named(node.name), _STRONGEST
    if node.operation == "constant":
        return ("0" if node.value == TINY else _constant(node.value)), _STRONGEST
    if node.operation == "divide" and node.operands[1].value == TINY:
        return "∞", _STRONGEST
    if node.operation in _SIGNS:
        rank = _RANK[node.operation]
        left, right = (_text(operand, named) for operand in node.operands)
        # a − (b − c) and a ÷ (b ÷ c) keep their brackets
        strict = node.operation in ("subtract", "divide", "power")
        signed = right[0].startswith("−")
        texts = (_bracketed(*left, rank), _bracketed(*right, _STRONGEST + 1 if signed else rank + strict))
        return _SIGNS[node.operation].join(texts), rank
    inner = [_text(operand, named) for operand in node.operands]
    if node.operation == "negate":
        return f"−{_bracketed(*inner[0], _RANK['negate'] + 1)}", _RANK["negate"]
    texts_inside = [text for text, _ in inner]
    if node.operation == "by_year":
        texts_inside = [f"{FIRST_YEAR + year}: {text}" for year, text in enumerate(texts_inside)]
    names = {"minimum": "min", "maximum": "max", "where": "if", "log": "ln"}
    return f"{names.get(node.operation, node.operation)}({', '.join(texts_inside)})", _STRONGEST


def _constant(value: float) -> str:
    short = f"{value:g}"
    return f"{value:.12f}".rstrip("0").rstrip(".") if "e" in short else short


def _bracketed(text: str, rank: int, least: int) -> str:
    return text if rank >= least else f"({text})"


def _ratio(node: Expression, named: Callable[[str], str]) -> tuple[str, int] | None:
    found = as_ratio(node)
    if found is None:
        return None
    numerator, denominator, otherwise = found
    above = _bracketed(*_text(numerator, named), _RANK["divide"])
    below = _bracketed(*_text(denominator, named), _RANK["divide"] + 1)
    if otherwise.operation == "constant" and otherwise.value == 0:
        return f"{above} ÷ {below}", _RANK["divide"]
    return f"ratio({above} ÷ {below}, {formula(otherwise, named)})", _STRONGEST


def _smooth_minimum(node: Expression, named: Callable[[str], str]) -> tuple[str, int] | None:
    found = as_smooth_minimum(node)
    if found is None:
        return None
    sharpness, capacities = found
    terms = [formula(capacity, named) for capacity in capacities]
    return f"softmin({', '.join(terms)}; {formula(sharpness, named)})", _STRONGEST


def as_ratio(node: Expression) -> tuple[Expression, Expression, Expression] | None:
    """Numerator, denominator and what holds where that is zero, if `node` is what the language's `ratio` expands to."""
    if node.operation != "where":
        return None
    condition, division, otherwise = node.operands
    if condition.operands[0].value != TINY or division.operation != "divide":
        return None
    numerator, guarded = division.operands
    if guarded.operation != "maximum" or guarded.operands[0] is not condition.operands[1]:
        return None
    return numerator, guarded.operands[0], otherwise


def as_smooth_minimum(node: Expression) -> tuple[Expression, tuple[Expression, ...]] | None:
    """Sharpness and capacities, if `node` is what the language's `smooth_minimum` expands to."""
    if node.operation != "multiply" or node.operands[1].operation != "power":
        return None
    total, exponent = node.operands[1].operands
    if exponent.operation != "divide" or exponent.operands[0].operation != "negate":
        return None
    powers = _summands(total)
    if any(p.operation != "power" or p.operands[0].operation != "divide" for p in powers):
        return None
    return exponent.operands[1], tuple(p.operands[0].operands[1].operands[0] for p in powers)


def _summands(node: Expression) -> list[Expression]:
    if node.operation == "add":
        return [*_summands(node.operands[0]), *_summands(node.operands[1])]
    return [node]
