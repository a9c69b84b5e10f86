"""What a command needs of a question: how it is asked, how it is told, and what it leaves in its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from shudian.answers.requests import AnyRequest
from shudian.kinds import Language
from shudian.report.document import Document
from shudian.report.folder import Output

R = TypeVar("R", bound=AnyRequest)
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Question(Generic[R, A]):
    """A question with requests of kind R and answers of kind A."""

    name: str
    """The command that asks it."""
    request: type[R]
    ask: Callable[[R, Callable[[str, float], None]], A]
    """Told the key of what is being done and the share that is done."""
    doing: Callable[[str, Language], str]
    """What is being done, in words."""
    short: Callable[[A, R, Language], Document]
    """What is told first."""
    full: Callable[[A, Path, Language], Document]
    """All that a terminal shows; the path is the folder in which the rest stands."""
    output: Callable[[A], Output]
