"""Do the papers at the top (architecture, contributing, changelog, citation) say what is there?

Does NOT establish that they are easy to follow, nor that the changelog tells every change.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

import shudian
from shudian.cli import app

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
MADE = ("planner.html", "figures/1_probability_en.png", "figures/1_probability_zh.png")
"""Files that commands write."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
SCHEMA = Draft7Validator(json.loads((ROOT / "tests" / "schemas" / "cff-1.2.0.json").read_text(encoding="utf-8")))


def paper(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_layers_are_those_of_the_contract() -> None:
    (contract,) = PROJECT["tool"]["importlinter"]["contracts"]
    layers = [[name.strip(" ()") for name in layer.split(":")] for layer in contract["layers"]]
    table = paper("ARCHITECTURE.md").split("## Layers")[1].split("## Four flows")[0]
    rows = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in table.splitlines() if line.startswith("| `")]
    # neighbours may share a row, which says of both what they are
    assert [name for row in rows for name in row] == [name for layer in layers for name in layer]
    places = {name: number for number, layer in enumerate(layers) for name in layer}
    for row in rows:
        assert places[row[-1]] - places[row[0]] < 4, row


@pytest.mark.parametrize("name", PAPERS)
def test_what_a_paper_names_is_there(name: str) -> None:
    text = paper(name)
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / link).exists(), link
    for written in re.findall(r"`([\w./]+\.(?:py|toml|csv|md|png|mdl|xmile|parquet|json|txt))`", text):
        places = [ROOT / written, *(ROOT / top / written for top in ("seeds", "tests", "model/shudian", "scenarios"))]
        found = any(place.exists() for place in places) or [*ROOT.glob(f"model/shudian/**/{Path(written).name}")]
        assert found or written in MADE, written
    targets = set(re.findall(r"^(\w+):", paper("Makefile"), flags=re.MULTILINE))
    assert {*re.findall(r"`make (\w+)", text)} <= targets
    commands = {str(c.name or c.callback.__name__).rstrip("_") for c in app.registered_commands if c.callback}
    assert {*re.findall(r"`shudian (\w+)", text)} <= commands


def test_the_modules_that_are_run_are_there() -> None:
    for module in re.findall(r"python -m (shudian[\w.]+)", paper("CONTRIBUTING.md")):
        assert "__main__" in (ROOT / "model" / Path(*module.split("."))).with_suffix(".py").read_text("utf-8"), module


def mistakes(citation: object) -> list[str]:
    # YAML's own dates are texts in the form of the schema
    plain = json.loads(json.dumps(citation, default=str))
    return [error.message for error in SCHEMA.iter_errors(plain)]


def test_the_citation_has_the_form_that_others_read() -> None:
    assert mistakes(CITATION) == []
    for key in ("message", "title", "authors", "cff-version"):
        assert mistakes({name: value for name, value in CITATION.items() if name != key}), key
    wrong: dict[str, Any] = {"license": "MYT", "date-released": "yesterday", "type": "novel", "colour": "red"}
    for key, value in wrong.items():
        assert mistakes(CITATION | {key: value}), key


def test_the_citation_is_of_this_version_and_of_these_authors() -> None:
    assert CITATION["version"] == shudian.__version__
    assert [author["name"] for author in CITATION["authors"]] == [a["name"] for a in PROJECT["project"]["authors"]]
    assert PROJECT["project"]["license"].startswith(CITATION["license"])
