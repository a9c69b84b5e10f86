"""The errors that several readers of model files raise alike, and where in a file they say that a mistake stands."""

from __future__ import annotations

from pathlib import Path

from shudian.exchange.equation_text import EquationError
from shudian.exchange.variables import Variable
from shudian.kinds import InputError, Phrase


def at(path: Path, line: int | None) -> str:
    """File and line, as far as that is known."""
    return f"{path}:{line}" if line else str(path)


def place(path: Path, variable: Variable | None) -> str:
    """File and line where `variable` is defined, as far as that is known."""
    return at(path, None if variable is None else variable.line)


def not_a_model(path: Path, reason: Phrase) -> InputError:
    """The error for a file that is no model at all."""
    return InputError("this is not a model that can be read ({reason})", reason=reason).at(path)


def unreadable(path: Path, line: int | None, name: str, error: EquationError) -> InputError:
    """The error for an equation or a table of `name` that `error` was raised for."""
    return InputError("the equation of “{name}” cannot be read; {why}", name=name, why=error.sentence).at(
        at(path, line)
    )


def other_method(path: Path, method: str | Phrase) -> InputError:
    """The error for a file that is integrated otherwise than by Euler's method."""
    return InputError(
        "this file is integrated by {method}, and a run by Euler's method; set it to Euler in the other tool",
        method=method,
    ).at(path)
