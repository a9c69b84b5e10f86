"""The errors that several readers of model files raise alike, and where in a file they say that a mistake stands."""

from __future__ import annotations

from pathlib import Path

from shudian.exchange.equation_text import EquationError
from shudian.exchange.variables import Variable
from shudian.kinds import InputError


def at(path: Path, line: int | None) -> str:
    """File and line, as far as that is known."""
    return f"{path}:{line}" if line else str(path)


def place(path: Path, variable: Variable | None) -> str:
    """File and line where `variable` is defined, as far as that is known."""
    return at(path, None if variable is None else variable.line)


def not_a_model(path: Path, reason: str) -> InputError:
    """The error for a file that is no model at all."""
    return InputError(f"{path}: this is not a model that can be read ({reason})")


def unreadable(path: Path, line: int | None, name: str, error: EquationError) -> InputError:
    """The error for an equation or a table of `name` that `error` was raised for."""
    return InputError(f"{at(path, line)}: the equation of “{name}” cannot be read; {error}")


def other_method(path: Path, method: str) -> InputError:
    """The error for a file that is integrated otherwise than by Euler's method."""
    return InputError(
        f"{path}: this file is integrated by {method}, and a run by Euler's method; set it to Euler in the other tool"
    )
