"""Whether a module that PySD wrote does nothing but compute: every part of its syntax tree is on a list.

Listed is what PySD writes for a model of plain numbers whose variables are called v1, v2, ... Whatever else it may
write one day is refused, however harmless.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from shudian.exchange.variables import CONTROL

NAME = re.compile(rf"v[1-9][0-9]{{0,6}}|{'|'.join(CONTROL)}", re.ASCII)
"""What a variable may be called where PySD builds."""

_FUNCTIONS = frozenset({"active_initial", "if_then_else", "pulse", "quantum", "ramp", "step", "xidz", "zidz"})
_STATES = frozenset({"DelayFixed", "Initial", "Integ", "SampleIfTrue"})
_IMPORTS = {
    "pathlib": frozenset({"Path"}),
    "pysd": frozenset({"Component"}),
    "pysd.py_backend.functions": _FUNCTIONS,
    "pysd.py_backend.statefuls": _STATES,
}
_OF_NUMPY = (
    "abs power minimum maximum exp sin cos tan arcsin arccos arctan sinh cosh tanh sqrt log logical_and logical_or "
    "logical_not"
)
_TIME = "__data['time']"
_CALLED = frozenset(
    [
        *(f"np.{name}" for name in _OF_NUMPY.split()),
        *(f"{_TIME}.{name}" for name in CONTROL),
        *("component.add", "float", "time"),
        *_FUNCTIONS,
    ]
)
_VALUES = frozenset([_TIME, f"{_TIME}.stage"])
_KEYWORDS = frozenset({
    "name", "comp_type", "comp_subtype", "depends_on", "other_deps",
    "width", "magnitude", "repeat_time", "end",
})  # fmt: skip
_OBJECT = re.compile(
    r"_(?:integ|delayfixed|sampleiftrue|initial|active_initial)"
    rf"_(?:{NAME.pattern})(?:_[0-9]+)?",
    re.ASCII,
)
_WORDS = frozenset({
    "time", "initial", "step", "Constant", "Auxiliary", "Stateful", "Normal", *_STATES,
})  # fmt: skip
_BESIDES = (
    ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.UAdd,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip
_FRAME = """
__data = {"scope": None, "time": lambda: 0}
_root = Path(__file__).parent
component = Component()
def _init_outer_references(data):
    for key in data:
        __data[key] = data[key]
@component.add(name="Time")
def time():
    return __data["time"]()
"""
"""What every module holds, whatever the model."""


class NotComputingError(Exception):
    """A module has a part that is not on the lists; the text says which and where."""


def check_source(source: str, version: str) -> None:
    """Raise NotComputingError unless `source` only says how variables are computed; `version` is PySD's."""
    frame = [*ast.parse(_FRAME).body, *ast.parse(f"__pysd_version__ = {version!r}").body]
    known = {ast.dump(statement) for statement in frame}
    for statement in _active(ast.parse(source).body):
        if isinstance(statement, ast.FunctionDef):
            statement.body = _active(statement.body)
        if ast.dump(statement) not in known:
            _check_statement(statement)


def _active(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """`statements` without texts that stand alone."""
    return [s for s in statements if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]


def _check_statement(statement: ast.stmt) -> None:
    match statement:
        case ast.Import(names=[ast.alias(name="numpy", asname="np")]):
            return
        case ast.ImportFrom(module=str(module), names=names, level=0) if all(
            name.asname is None and name.name in _IMPORTS.get(module, ()) for name in names
        ):
            return
        case ast.Assign(targets=[ast.Name(id="_control_vars")], value=ast.Dict() as value):
            _check_value(value)
            return
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=kind)) as value) if (
            _OBJECT.fullmatch(name) and kind in _STATES
        ):
            _check_values([*value.args, *value.keywords])
            return
        case ast.FunctionDef(
            name=name, decorator_list=[ast.Call() as decorator], body=[ast.Return(value=ast.expr() as value)]
        ):
            shape = f"{ast.unparse(decorator.func)}({ast.unparse(statement.args)})"
            if NAME.fullmatch(name) and shape == "component.add()":
                _check_values([decorator, value])
                return
    _refuse(statement)


def _check_values(values: Sequence[ast.AST]) -> None:
    for value in values:
        _check_value(value)


def _check_value(value: ast.AST) -> None:
    match value:
        case ast.Constant(value=str(text)) if _is_name(text) or text in _WORDS:
            pass
        case ast.Constant(value=int() | float()):
            pass
        case ast.Name() | ast.Attribute() | ast.Subscript() if _is_value(ast.unparse(value)):
            pass
        case ast.Call(func=function) if _is_called(ast.unparse(function)):
            _check_values([*value.args, *value.keywords])
        case ast.keyword(arg=str(name)) if name in _KEYWORDS:
            _check_value(value.value)
        case ast.Lambda(args=arguments) if not ast.unparse(arguments):
            _check_value(value.body)
        case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Dict() | ast.List() | ast.Tuple():
            _check_values([part for part in ast.iter_child_nodes(value) if not isinstance(part, _BESIDES)])
        case _:
            _refuse(value)


def _is_value(text: str) -> bool:
    # the step of time is handed to a delay as a function
    return text in _VALUES or bool(NAME.fullmatch(text))


def _is_called(text: str) -> bool:
    return text in _CALLED or text == _TIME or _is_name(text)


def _is_name(text: str) -> bool:
    return bool(NAME.fullmatch(text) or _OBJECT.fullmatch(text))


def _refuse(part: ast.AST) -> None:
    raise NotComputingError(f"{type(part).__name__} in line {getattr(part, 'lineno', 0)}")
