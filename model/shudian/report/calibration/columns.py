"""A table of the calibration: a column has one name in every file and a head in each language."""

from __future__ import annotations

from shudian.kinds import Language
from shudian.report.document import Table
from shudian.report.render.cells import Cell
from shudian.report.render.csv_tables import Column, both


def table_of(
    language: Language, stem: str, title: str, note: str, names: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...],
    loud: tuple[int, ...] = (),
) -> Table:  # fmt: skip
    """The table with the columns `names`."""
    columns = tuple(Column(name, both(f"calibration_column_{name}")) for name in names)
    head = tuple(column.label.text(language) for column in columns)
    return Table(title, head, rows, below=(note,) if note else (), loud=loud, stem=stem, columns=columns)
