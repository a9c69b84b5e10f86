"""A table with raw values, written as text for people and as numbers for spreadsheets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import Figure, Language
from shudian.report import csv_tables
from shudian.report.csv_tables import Column, CsvTable, both
from shudian.report.numbers import significant
from shudian.units import unit_label
from shudian.wording import say


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


Interval = tuple[float, float]
Cell = str | float | Interval | Chance | Level | Signed | Printed | None


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; a cell is a text, a number, an interval, a probability or nothing."""

    name: str
    """Stem of its file."""
    title: str
    note: str
    columns: tuple[str, ...]
    """Identifiers; `heads` are what a person reads."""
    rows: tuple[tuple[Cell, ...], ...]
    loud: tuple[int, ...] = ()
    """Rows that must not be overlooked."""

    def heads(self, language: Language) -> tuple[str, ...]:
        """The heads of the columns."""
        return tuple(say(f"calibration_column_{name}", language) for name in self.columns)


def shown(cell: Cell, language: Language) -> str:
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
        case Level(value=value):
            return f"{100 * value:.1f}%"
        case Chance(value=value, signed=is_signed):
            return signed(100 * value, 1) if is_signed else percent(value)
        case (low, high):
            if math.isinf(high):
                return say("calibration_at_least", language, value=significant(low))
            return significant(low) if low == high else f"{significant(low)}–{significant(high)}"
    return significant(cell)


def percent(value: float) -> str:
    """A probability in whole per cent, never quite nothing and never quite sure."""
    if value < 0.01:
        return "<1%"
    return ">99%" if value > 0.99 else f"{100 * value:.0f}%"


def signed(value: float, places: int = 2) -> str:
    """A difference, with its sign: `+1.5`, `−0.2`."""
    text = significant(value, places)
    return text if text.startswith("−") or text == "0" else f"+{text}"


def csv_table(table: Table) -> CsvTable:
    """The table for a CSV file, with unrounded numbers; an interval takes two columns."""
    intervals = [any(isinstance(row[column], tuple) for row in table.rows) for column in range(len(table.columns))]
    columns: list[Column] = []
    for name, is_interval in zip(table.columns, intervals, strict=True):
        label = both(f"calibration_column_{name}")
        ends = [Column(f"{name}_{end}", both(f"calibration_{end}", name=label)) for end in ("low", "high")]
        columns += ends if is_interval else [Column(name, label)]
    rows = [
        [raw for cell, is_interval in zip(row, intervals, strict=True) for raw in _raw(cell, is_interval)]
        for row in table.rows
    ]
    return CsvTable(table.name, tuple(columns), rows)


def _raw(cell: Cell, is_interval: bool) -> Sequence[csv_tables.Cell]:
    if isinstance(cell, tuple):
        return cell
    value: csv_tables.Cell
    match cell:
        case Signed(value=number) | Printed(value=number) | Level(value=number):
            value = number
        case Chance(value=number, signed=is_signed):
            value = 100 * number if is_signed else number
        case _:
            value = cell
    return [value, value] if is_interval else [value]


def with_unit(text: str, unit: str, language: Language) -> str:
    """A number's text with its unit: `17.2亿元`, `17.2 × 100 million yuan`, `298 firm`."""
    if language == "zh":
        return text + unit
    return f"{text} × {unit}" if unit[:1].isdigit() else f"{text} {unit}".rstrip()


def middle(values: NDArray[np.float64]) -> float:
    """The median."""
    return float(np.median(values))


def interval(values: NDArray[np.float64], share: float = 0.9) -> Interval:
    """The central `share` of the draws."""
    low, high = np.quantile(values, [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def unit_text(figure: Figure, is_ratio: bool, language: Language) -> str:
    """The unit of a figure in the reader's language; a pure ratio is `倍` or `times`."""
    return say("calibration_times", language) if is_ratio else unit_label(figure.unit, language)
