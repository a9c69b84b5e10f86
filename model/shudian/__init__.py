"""Shudian: a stock-and-flow model of Zhengzhou's micro-drama industry.

    import shudian as sd
    answer = sd.run("zhengzhou_2025", set={"fund_size": "2 亿元"})

What stands in `__all__` is the face: it keeps its names and meanings, and what is to go is announced by a
DeprecationWarning for one minor version first. Everything below it may change.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shudian.answers.compare import compare
    from shudian.answers.design import design
    from shudian.answers.given import model, posterior, scenario
    from shudian.answers.run import run
    from shudian.answers.score import score
    from shudian.answers.sensitivity import sensitivity
    from shudian.answers.why import why
    from shudian.kinds import InputError

__version__ = "0.1.0"
__all__ = [
    "InputError", "compare", "design", "model", "posterior", "run", "scenario", "score", "sensitivity", "why",
]  # fmt: skip
_PLACES = {
    "InputError": "shudian.kinds",
    "compare": "shudian.answers.compare",
    "design": "shudian.answers.design",
    "model": "shudian.answers.given",
    "posterior": "shudian.answers.given",
    "run": "shudian.answers.run",
    "scenario": "shudian.answers.given",
    "score": "shudian.answers.score",
    "sensitivity": "shudian.answers.sensitivity",
    "why": "shudian.answers.why",
}


def __getattr__(name: str) -> Any:
    """What the face offers, imported when it is first asked for: `import shudian` itself takes no time."""
    if name not in _PLACES:
        raise AttributeError(f"module “shudian” has no attribute “{name}”; it offers: {', '.join(__all__)}")
    found = getattr(import_module(_PLACES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


class _Face(ModuleType):
    """This module, whose `compare` stays the function when the package of that name has been imported."""

    @property
    def compare(self) -> Any:
        """`shudian.answers.compare.compare`."""
        return import_module(_PLACES["compare"]).compare

    @compare.setter
    def compare(self, _package: ModuleType) -> None:
        """The import system leaves the package here; `from shudian.compare.x import y` does not need it."""


sys.modules[__name__].__class__ = _Face
