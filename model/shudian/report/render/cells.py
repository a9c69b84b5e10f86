"""What may stand in a cell of a table: a text, or a number that is rounded for people and whole for a file."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.report.render.numbers import significant


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability, or a difference of two in points where `signed`."""

    value: float
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """The level of a quantile, which is shown to a tenth of a per cent: beyond 1 and 99 it is what matters."""

    value: float


@dataclass(frozen=True, slots=True)
class Signed:
    """A difference, which is shown with its sign."""

    value: float


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it was printed, which is shown with all its digits."""

    value: float


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people, firms or titles, which have no fractions."""

    value: float


Interval = tuple[float, float]
Cell = str | float | Interval | Chance | Level | Signed | Printed | Count | None


def shown(cell: Cell) -> str:
    """The cell as a person reads it."""
    match cell:
        case None:
            return "—"
        case str():
            return cell
        case Signed(value=value):
            return signed(value)
        case Printed(value=value):
            return f"{value:,.10g}"
        case Count(value=value):
            return significant(value, 0)
        case Level(value=value):
            return f"{100 * value:z.1f}%"
        case Chance(value=value, signed=is_signed):
            return signed(100 * value, 1) if is_signed else in_percent(value)
        case (low, high):
            if math.isinf(high):
                return f"≥{significant(low)}"
            return significant(low) if low == high else f"{significant(low)}–{significant(high)}"
    return significant(cell)


def raw(cell: Cell) -> str | float | Interval | None:
    """The cell for a file: a number without rounding, a difference of probabilities in points."""
    match cell:
        case Signed(value=number) | Printed(value=number) | Level(value=number) | Count(value=number):
            return number
        case Chance(value=number, signed=is_signed):
            return 100 * number if is_signed else number
    return cell


def in_percent(value: float) -> str:
    """A probability in whole per cent, never quite nothing and never quite sure."""
    if value < 0.01:
        return "<1%"
    return ">99%" if value > 0.99 else f"{100 * value:z.0f}%"


def signed(value: float, places: int = 2) -> str:
    """A difference, with its sign: `+1.5`, `−0.2`."""
    text = significant(value, places)
    return text if text.startswith("−") or text == "0" else f"+{text}"


def middle(values: NDArray[np.float64]) -> float:
    """The median."""
    return float(np.median(values))


def interval(values: NDArray[np.float64], share: float = 0.9) -> Interval:
    """The central `share` of the draws."""
    low, high = np.quantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)
