"""Runs as parquet files that say of themselves what made them: model, draws, posterior, seed, version, units, labels.

What holds for the whole file stands in the schema's metadata under ABOUT, as JSON, and once more under the key from
which pandas reads `DataFrame.attrs`; unit and labels stand beside each column too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from shudian.analysis.results import LEVELS, Outcome, Variable
from shudian.kinds import Label
from shudian.quantities import FIRST_YEAR
from shudian.report.render.csv_tables import both

ABOUT = b"shudian"
"""The key of what made a file: `model_digest`, `draws_digest`, `posterior` (its digest), `seed`, `shudian` ..."""
_PANDAS = b"PANDAS_ATTRS"
_OF_ONE = "scenario"


@dataclass(frozen=True, slots=True)
class Field:
    """What a column or a variable holds; `unit` is empty where there is none or the rows name it."""

    label: Label
    unit: str = ""


def made_by(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """What made these runs, as far as it is the same for all of them."""
    first, *others = (outcome.attributes for outcome in outcomes)
    return {
        name: value
        for name, value in first.items()
        if name != _OF_ONE and all(other.get(name) == value for other in others)
    }


def told(about: Mapping[str, object], fields: Mapping[str, Field]) -> dict[str, object]:
    """What pandas keeps in `attrs`: `about`, and by name `units`, `long_name` and `long_name_zh`."""
    return {
        **about,
        "units": {name: field.unit for name, field in fields.items() if field.unit},
        "long_name": {name: field.label.en for name, field in fields.items()},
        "long_name_zh": {name: field.label.zh for name, field in fields.items()},
    }


def described(schema: pa.Schema, about: Mapping[str, object], fields: Mapping[str, Field]) -> pa.Schema:
    """`schema` with what made its file, and with the unit and labels of each column that is among `fields`."""
    columns = [
        column.with_metadata(_metadata(fields[column.name])) if column.name in fields else column for column in schema
    ]
    return pa.schema(columns, {ABOUT: _json(about), _PANDAS: _json(told(about, fields))})


def quantile_table(outcomes: Sequence[Outcome]) -> pa.Table:
    """Every variable's monthly quantiles in the model's own units, one row a scenario, variable and month."""
    tables = []
    for outcome in outcomes:
        count, months = len(outcome.variables), len(outcome.months)
        columns: dict[str, pa.Array] = {
            "scenario": pa.array([outcome.scenario.name] * (count * months)),
            "variable": pa.array(np.repeat([v.name for v in outcome.variables], months)),
            "unit": pa.array(np.repeat([v.unit for v in outcome.variables], months)),
            "month": pa.array(np.tile(outcome.months, count), pa.date32()),
        }
        for position, level in enumerate(LEVELS):
            columns[_quantile(level)] = pa.array(outcome.quantiles[:, :, position].ravel())
        tables.append(pa.table(columns))
    found = pa.concat_tables(tables)
    fields = {
        "scenario": Field(both("column_package")),
        "variable": Field(both("column_variable")),
        "unit": Field(both("column_unit")),
        "month": Field(both("column_month")),
        **{_quantile(level): Field(both("csv_quantile", level=f"{level:z.0%}")) for level in LEVELS},
    }
    return found.cast(described(found.schema, made_by(outcomes), {**fields, **_variables(outcomes[0].variables)}))


def write_quantiles(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write `quantile_table` to `path`."""
    parquet.write_table(quantile_table(outcomes), path)


def write_yearly(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write every draw's values at the turn of each year to `path`: one row a scenario, day and draw."""
    years = outcomes[0].yearly.shape[1]
    dates = np.array([f"{FIRST_YEAR + year}-01-01" for year in range(years)], dtype="datetime64[D]")
    about = made_by(outcomes)
    fields = {
        "scenario": Field(both("column_package")),
        "date": Field(both("csv_date")),
        "draw": Field(both("csv_draw")),
        **_variables(outcomes[0].variables),
    }
    writer: parquet.ParquetWriter | None = None
    try:
        for outcome in outcomes:
            columns: dict[str, pa.Array] = {
                "scenario": pa.array([outcome.scenario.name] * (years * outcome.draws)),
                "date": pa.array(np.repeat(dates, outcome.draws), pa.date32()),
                "draw": pa.array(np.tile(np.arange(outcome.draws, dtype=np.int32), years)),
            }
            for position, variable in enumerate(outcome.variables):
                columns[variable.name] = pa.array(outcome.yearly[position].ravel())
            table = pa.table(columns)
            table = table.cast(described(table.schema, about, fields))
            # numbers that hardly ever repeat only cost time in a dictionary
            writer = writer or parquet.ParquetWriter(path, table.schema, use_dictionary=["scenario"])
            writer.write_table(table)
    finally:
        if writer:
            writer.close()


def _variables(variables: Sequence[Variable]) -> dict[str, Field]:
    return {variable.name: Field(variable.label, variable.unit) for variable in variables}


def _quantile(level: float) -> str:
    return f"q{level * 100:02.0f}"


def _metadata(field: Field) -> dict[str, str]:
    unit = {"units": field.unit} if field.unit else {}
    return {**unit, "long_name": field.label.en, "long_name_zh": field.label.zh}


def _json(data: Mapping[str, object]) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()
