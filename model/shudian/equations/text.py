"""An equation that was written as text, such as `fte_jobs / maximum(cost, 1)`, read into a tree; nothing of it is run.

The text has the grammar of Python's expressions and the words of `equations.language`, but it is data from whoever
wrote it: Python's parser is asked for the tree, and every node of it that is no equation is refused.
"""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn

from shudian.equations import language
from shudian.equations.language import Expression
from shudian.equations.mistakes import FUNCTIONS
from shudian.kinds import InputError
from shudian.toml_file import nearest

Function = Callable[..., Expression]
_LONGEST = 2000
"""Characters; nobody writes more into one equation."""
_DEEPEST = 100
_SHOWN = 60
_JOINING: Mapping[type[ast.operator], Callable[[Expression, Expression], Expression]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}
_LANGUAGE: Mapping[str, Function] = {name: getattr(language, name) for name in FUNCTIONS}


def read_equation(
    text: str, variable: Callable[[str], Expression], more: Mapping[str, Function] = MappingProxyType({})
) -> Expression:
    """The tree of `text`; `variable` says what a name stands for, and `more` are functions besides the language's.

    A name that is no single word stands in quotes. Numbers are pure numbers. Raises InputError for what is no equation,
    with the part that is wrong, and whatever `variable` raises for a name.
    """
    if len(text) > _LONGEST:
        raise InputError("the equation has {count} characters; at most {most} are read", count=len(text), most=_LONGEST)
    if not text.strip():
        raise InputError("the equation is empty; write one such as fte_jobs / head_count")
    try:
        tree = ast.parse(" ".join(text.split()), mode="eval")
        found = _Reader(variable, {**_LANGUAGE, **more}).term(tree.body)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            "“{text}” is no equation; look there for a bracket or a sign too many", text=_shown(text)
        ) from None
    if found.operation == "less":
        raise InputError("a comparison can only be the first argument of “where(a < b, then, otherwise)”")
    return found


class _Reader:
    def __init__(self, variable: Callable[[str], Expression], functions: Mapping[str, Function]) -> None:
        self.variable, self.functions = variable, functions
        self.depth = 0

    def term(self, node: ast.expr) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise InputError(
                "the equation has more than {most} parts in one another; divide it into several", most=_DEEPEST
            )
        found = self.one(node)
        self.depth -= 1
        return found

    def one(self, node: ast.expr) -> Expression:
        match node:
            case ast.Name(id=name) | ast.Constant(value=str(name)):
                return self.variable(name)
            case ast.Constant(value=bool()):
                self.refuse(node)
            case ast.Constant(value=int() | float() as number) if abs(number) < math.inf:
                return Expression("constant", value=float(number))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return self.term(ast.Constant(-number))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.term(operand)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.term(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _JOINING:
                return _JOINING[type(op)](self.term(left), self.term(right))
            case ast.Compare(left=left, ops=[ast.Lt()], comparators=[right]):
                return self.term(left) < self.term(right)
            case ast.Compare(left=left, ops=[ast.Gt()], comparators=[right]):
                return self.term(right) < self.term(left)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(name, arguments, node)
        self.refuse(node)

    def call(self, name: str, arguments: list[ast.expr], node: ast.expr) -> Expression:
        if name not in self.functions:
            raise InputError(
                "nothing here is called “{name}”{nearest}", name=name, nearest=nearest(name, self.functions)
            )
        function = self.functions[name]
        terms = [self.term(argument) for argument in arguments]
        try:
            inspect.signature(function).bind(*terms)
        except TypeError:
            form = FUNCTIONS.get(name, "(x)")
            raise InputError(
                "“{name}” is written as {name}{form}, and not as in “{written}”",
                name=name,
                form=form,
                written=_part(node),
            ) from None
        return function(*terms)

    def refuse(self, node: ast.expr) -> NoReturn:
        functions = ", ".join(self.functions)
        raise InputError(
            "“{written}” is no equation; write one with + - * / ** and {functions}",
            written=_part(node),
            functions=functions,
        )


def _part(node: ast.expr) -> str:
    return _shown(ast.unparse(node))


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
