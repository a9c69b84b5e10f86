"""Does every question leave the same folder, and can each be asked again from its manifest, bit for bit?

Does not establish that an answer is right, nor that the numbers are the same with other versions or on another kind of
processor: the manifest names them. What a manifest of a run tells in full is tried in
tests/test_is_a_changed_manifest_refused.py.
"""

from __future__ import annotations

import copy
import csv
import json
import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from commands import Terminal
from questions import QUESTIONS, RUN
from shudian.report.manifest import file_digest
from shudian.report.table_book import _HEAD_ROW

EVERYWHERE = {"table.md", "summary.json", "tables.xlsx", "columns.csv", "manifest.json", "figures"}
ASKED = [question.name for question in QUESTIONS if question is not RUN]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answered: Path) -> Terminal:
    monkeypatch.chdir(answered)
    return Terminal(monkeypatch, capsys)


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_every_question_leaves_the_same_files_and_names_each_by_its_hash(answered: Path) -> None:
    for question in QUESTIONS:
        folder = answered / question.name
        assert {path.name for path in folder.iterdir()} >= EVERYWHERE, question.name
        assert any((folder / "figures").iterdir()), question.name
        named = manifest_of(folder)["files"]
        written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert written - {"manifest.json"} == named.keys()
        assert all(file_digest(folder / name) == digest for name, digest in named.items())


def test_what_is_found_and_on_what_it_rests_stands_in_the_data(answered: Path) -> None:
    for question in QUESTIONS:
        said = json.loads((answered / question.name / "summary.json").read_text(encoding="utf-8"))
        assert said["question"] == question.name
        assert said["finding"]["zh"]
        assert said["finding"]["en"]
        assert said["finding"]["zh"] != said["finding"]["en"]
        assert said["calibrated"]
        assert said["posterior"]["digest"]


def test_a_sheet_has_the_numbers_of_its_file(answered: Path) -> None:
    checked = 0
    for question in QUESTIONS:
        book = openpyxl.load_workbook(answered / question.name / "tables.xlsx")
        for sheet in book.worksheets[1:]:
            with (answered / question.name / f"{sheet.title}.csv").open(encoding="utf-8-sig", newline="") as file:
                heads, *rows = csv.reader(file)
            shown = [place for place, head in enumerate(heads) if not head.endswith("_zh")]
            cells = list(sheet.iter_rows(min_row=_HEAD_ROW + 1, values_only=True))
            assert len(cells) == len(rows), (question.name, sheet.title)
            for line, row in zip(cells, rows, strict=True):
                for value, place in zip(line, shown, strict=True):
                    if isinstance(value, float):
                        assert math.isclose(value, float(row[place]), rel_tol=1e-6, abs_tol=1e-12)
                        checked += 1
    assert checked > 1000


@pytest.mark.parametrize("name", ASKED)
def test_a_question_asked_again_has_the_same_data(terminal: Terminal, answered: Path, name: str) -> None:
    again = terminal(name, "--repeat", name, "--lang", "en")
    assert again.code == 0, again.err
    assert manifest_of(answered / name)["data_digest"][:16] in again.out


@pytest.mark.parametrize("name", ["why", "compare"])
def test_other_data_are_told(terminal: Terminal, answered: Path, tmp_path: Path, name: str) -> None:
    changed = manifest_of(answered / name)
    changed["request"]["seed"] += 1
    (tmp_path / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
    again = terminal(name, "--repeat", str(tmp_path), "--lang", "en")
    assert again.code == 1
    assert "the data" in again.out


def test_nothing_is_asked_beside_a_repeat(terminal: Terminal) -> None:
    for question in QUESTIONS:
        ended = terminal(question.name, "--repeat", question.name, "--seed", "3", "--full", "--lang", "en")
        assert ended.code == 2, question.name
        assert "leave out --seed, --full" in ended.err or "leave out --full, --seed" in ended.err, ended.err


def test_a_manifest_of_another_question_says_which_command_repeats_it(terminal: Terminal) -> None:
    for asked, other in zip(QUESTIONS, (*QUESTIONS[1:], QUESTIONS[0]), strict=True):
        ended = terminal(asked.name, "--repeat", other.name, "--lang", "en")
        assert ended.code == 2
        assert f"shudian {other.name} --repeat" in ended.err


def test_what_is_left_out_is_named_where_nothing_is_repeated(terminal: Terminal) -> None:
    assert "“shudian compare” needs scenarios" in terminal("compare", "--lang", "en").err
    assert "“shudian design” needs --target" in terminal("design", "--lang", "en").err


def test_a_file_that_has_changed_is_no_longer_the_question_s(terminal: Terminal, answered: Path) -> None:
    file = answered / "own.toml"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before.replace("2 亿元", "3 亿元"), encoding="utf-8")
        for name in ("compare", "why", "sensitivity"):
            ended = terminal(name, "--repeat", name, "--lang", "en")
            assert ended.code == 2, name
            assert "own.toml” is no longer the file of that run" in ended.err
    finally:
        file.write_text(before, encoding="utf-8")


@pytest.mark.parametrize("name", ASKED)
def test_every_word_of_a_request_is_checked(terminal: Terminal, answered: Path, tmp_path: Path, name: str) -> None:
    whole = manifest_of(answered / name)
    for word in whole["request"]:
        for junk in ({"a": 1}, [[1]], 10**400, None):
            changed = copy.deepcopy(whole)
            if junk is None:
                del changed["request"][word]
            else:
                changed["request"][word] = junk
            (tmp_path / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
            ended = terminal(name, "--repeat", str(tmp_path), "--lang", "en")
            assert ended.code == 2, (word, junk)
            named = f"request.{word}" in ended.err or f"--{word.replace('_', '-')}" in ended.err
            assert named, (word, junk, ended.err)
    changed = copy.deepcopy(whole) | {"requests": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(changed), encoding="utf-8")
    assert "did you mean “request”" in terminal(name, "--repeat", str(tmp_path), "--lang", "en").err
