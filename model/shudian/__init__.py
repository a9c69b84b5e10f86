"""Shudian: a stock-and-flow model of Zhengzhou's micro-drama industry.

    import shudian as sd
    answer = sd.run("zhengzhou_2025", set={"fund_size": "2 亿元"})

What stands in `__all__` is the face: it keeps its names and meanings, and what is to go is announced by a
DeprecationWarning for one minor version first. Everything below it may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shudian.face.calibration import calibration
    from shudian.face.compare import compare
    from shudian.face.design import design
    from shudian.face.ema import ema_model
    from shudian.face.given import model, posterior, scenario
    from shudian.face.run import run
    from shudian.face.score import score
    from shudian.face.sensitivity import sensitivity
    from shudian.face.sweep import sweep
    from shudian.face.why import why
    from shudian.kinds import InputError

__version__ = "0.1.0"
__all__ = [
    "InputError", "calibration", "compare", "design", "ema_model", "model", "posterior", "run", "scenario", "score",
    "sensitivity", "sweep", "why",
]  # fmt: skip
_PLACES = {
    "InputError": "shudian.kinds",
    "calibration": "shudian.face.calibration",
    "compare": "shudian.face.compare",
    "design": "shudian.face.design",
    "ema_model": "shudian.face.ema",
    "model": "shudian.face.given",
    "posterior": "shudian.face.given",
    "run": "shudian.face.run",
    "scenario": "shudian.face.given",
    "score": "shudian.face.score",
    "sensitivity": "shudian.face.sensitivity",
    "sweep": "shudian.face.sweep",
    "why": "shudian.face.why",
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
