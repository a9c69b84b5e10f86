"""What simlin says of a model file: its complaints, and its runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from shudian.draws import Array
from shudian.exchange.simlin_witness import every_series

simlin = pytest.importorskip("simlin", reason="it has no wheel for Windows")


def complaints(path: Path) -> tuple[str, ...]:
    """What simlin finds wrong with the equations or units of the model file at `path`."""
    model = simlin.load(path)
    return tuple(str(issue) for issue in (*model.check(), *model.check_units()))


def run_with_simlin(path: Path, outputs: Sequence[str]) -> Array:
    """`outputs` at the start of each month, [output, month], of the model file at `path`."""
    series = every_series(path)
    return np.array([series[name] for name in outputs])
