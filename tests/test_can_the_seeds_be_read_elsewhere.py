"""Does seeds/datapackage.json say what the files of seeds/ hold, so that other tools read them?

Another's implementation of Data Package reads and validates every table. Does NOT establish that the numbers are right,
nor that descriptions are understood.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from frictionless import Resource

from shudian.data_package import FILE, descriptor, descriptor_text
from shudian.paths import seeds_folder

SEEDS = seeds_folder()
PACKAGE = descriptor()
TABLES = {resource["path"]: resource for resource in PACKAGE["resources"] if "schema" in resource}


def test_the_shipped_descriptor_is_fresh() -> None:
    shipped = (SEEDS / FILE).read_text(encoding="utf-8")
    assert shipped == descriptor_text(), "renew it with: python -m shudian.data_package"


def test_every_file_is_a_resource_and_every_csv_a_table() -> None:
    files = {path.relative_to(SEEDS).as_posix() for path in SEEDS.rglob("*") if path.is_file()} - {FILE}
    assert {resource["path"] for resource in PACKAGE["resources"]} == files
    assert {name for name in files if name.endswith(".csv")} == TABLES.keys()
    names = [resource["name"] for resource in PACKAGE["resources"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", TABLES)
def test_the_fields_are_the_heads(path: str) -> None:
    with (SEEDS / path).open(encoding="utf-8", newline="") as file:
        head = next(csv.reader(file))
    fields = TABLES[path]["schema"]["fields"]
    assert [field["name"] for field in fields] == head
    for field in fields:
        assert "\n" in field["description"], "in both languages"
        if field["type"] == "number" and path != "studies/simulation_based_calibration.csv":
            assert field.get("unit") or field["name"] == "rhat", field
        if field.get("unit") == "{unit}":
            assert "unit" in head


@pytest.mark.parametrize("path", TABLES)
def test_another_tool_finds_the_data_valid(path: str) -> None:
    report = Resource.from_descriptor(TABLES[path], basepath=str(SEEDS)).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


@pytest.mark.parametrize(
    ("column", "wrong"),
    [("value", "viele"), ("period_start", "2024-13-01"), ("bound", "roughly"), ("id", ""), ("id", "ZM02")],
)
def test_another_tool_finds_a_slip(column: str, wrong: str, tmp_path: Path) -> None:
    with (SEEDS / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:20]
    rows[0][column] = wrong
    with (tmp_path / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    table: dict[str, Any] = json.loads(json.dumps(TABLES["figures.csv"]))
    assert not Resource.from_descriptor(table, basepath=str(tmp_path)).validate().valid
