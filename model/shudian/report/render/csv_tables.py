"""The one writer of CSV: stable English heads in every language, and beside them what each head means.

A folder with CSV files has a `columns.csv`, with a row for each column of each file: its label in both languages and
its unit. Numbers are written plainly, to eight digits; what is not finite is left empty; texts are no formulas.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from shudian.kinds import LANGUAGES, Label
from shudian.plain_text import unlike_formula, visible
from shudian.report.document import Table
from shudian.report.render.cells import raw
from shudian.wording import say

CsvCell = str | float | bool | None
DICTIONARY = "columns"
"""Stem of the file that says what every column means."""
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `name` is its head in every language, `label` says what it holds."""

    name: str
    label: Label
    unit: str = ""
    """Spelt as `shudian.units` reads it, or `%`; empty where there is none or the rows name it."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table of a folder; its rows may come as an arrow table whose heads are the columns' names."""

    stem: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[CsvCell]] | pa.Table


def both(key: str, **values: object) -> Label:
    """The text `key` in both languages; a Label among `values` fills its place in each."""
    zh, en = (
        say(key, language, **{n: v.text(language) if isinstance(v, Label) else v for n, v in values.items()})
        for language in LANGUAGES
    )
    return Label(zh, en)


def labelled(key: str, name: str, unit: str = "", **values: object) -> Column:
    """The column `name` whose label is the text `key`, on one line."""
    label = both(key, **values)
    return Column(name, Label(label.zh.replace("\n", ""), label.en.replace("\n", " ")), unit)


def named(key: str, name: str) -> tuple[Column, Column, Column]:
    """The columns of a thing that has an identifier and a label: `name`, `name_zh`, `name_en`."""
    label = both(key)
    return Column(name, label), Column(f"{name}_zh", label), Column(f"{name}_en", label)


def identifier(text: str, otherwise: str) -> str:
    """`text` if it can be part of a head, else `otherwise`: a stranger's file may name its targets in any script."""
    return text if _IDENTIFIER.fullmatch(text) else otherwise


def csv_table(table: Table) -> CsvTable:
    """`table` for a file, with unrounded numbers; an interval takes two columns."""
    rows = [tuple(map(raw, row)) for row in table.rows]
    widths = [1 + any(isinstance(row[place], tuple) for row in rows) for place in range(len(table.columns))]
    columns: list[Column] = []
    for column, width in zip(table.columns, widths, strict=True):
        ends = [
            Column(f"{column.name}_{end}", both(f"calibration_{end}", name=column.label), column.unit)
            for end in ("low", "high")
        ]
        columns += ends if width == 2 else [column]
    cells = [
        [
            part
            for cell, width in zip(row, widths, strict=True)
            for part in (cell if isinstance(cell, tuple) else [cell] * width)
        ]
        for row in rows
    ]
    return CsvTable(table.stem, tuple(columns), cells)


def harmless(text: str) -> str:
    """`text` as a cell."""
    return unlike_formula(visible(text))


def write_tables(tables: Iterable[CsvTable], folder: Path) -> None:
    """Write each table to `folder` as CSV, and `columns.csv`; raises ValueError for a head that is no identifier."""
    written = list(tables)
    for table in (*written, _dictionary(written)):
        (folder / f"{table.stem}.csv").write_bytes(csv_bytes(table))


def csv_bytes(table: CsvTable) -> bytes:
    """The content of the file, with a byte-order mark, without which spreadsheets read Chinese as gibberish."""
    heads = [column.name for column in table.columns]
    if len({*heads}) != len(heads) or not all(_IDENTIFIER.fullmatch(head) for head in heads):
        raise ValueError(f"{table.stem}: the heads {heads} are not different identifiers")
    if isinstance(table.rows, pa.Table):
        sink = io.BytesIO()
        arrow_csv.write_csv(table.rows.select(heads), sink)
        return codecs.BOM_UTF8 + sink.getvalue()
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(heads)
    for row in table.rows:
        write([_written(cell) for cell in row])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def _dictionary(tables: Sequence[CsvTable]) -> CsvTable:
    keys = ("file", "column", "label_zh", "label_en", "unit")
    columns = tuple(labelled(f"csv_{key}", key) for key in keys)
    rows = [(f"{t.stem}.csv", c.name, c.label.zh, c.label.en, c.unit) for t in tables for c in t.columns]
    rows += [(f"{DICTIONARY}.csv", c.name, c.label.zh, c.label.en, "") for c in columns]
    return CsvTable(DICTIONARY, columns, rows)


def _written(cell: CsvCell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return harmless(cell)
        case int():
            return str(cell)
    return f"{cell:.8g}" if math.isfinite(cell) else ""
