"""Answers as data for JSON."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from shudian.report.document import Document, Text
from shudian.report.render.csv_tables import CsvTable


def finding_lines(document: Document) -> list[str]:
    """What stands out in `document`, line by line."""
    return [line for block in document if isinstance(block, Text) and block.kind == "finding" for line in block.lines]


def records(table: CsvTable) -> list[dict[str, Any]]:
    """The rows of `table` under the heads of its columns."""
    heads = [column.name for column in table.columns]
    if isinstance(table.rows, pa.Table):
        return [plain(row) for row in table.rows.select(heads).to_pylist()]
    return [plain(dict(zip(heads, row, strict=True))) for row in table.rows]


def plain(value: Any) -> Any:
    """`value` as data for JSON: dataclasses as tables, arrays as lists, pairs as keys, infinity as a word."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {"/".join(map(str, k)) if isinstance(k, tuple) else str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "infinite" if value > 0 else "-infinite"
    return value
