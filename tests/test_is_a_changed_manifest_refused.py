"""Is a manifest that somebody or something changed told in one sentence, and never run as if nothing had happened?

Does not establish that a change to a title or a note is noticed: no number depends on them, and they are free. Nor that
the numbers of a repeat are right: tests/test_can_a_run_be_repeated.py is about that.
"""

from __future__ import annotations

import copy
import json
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import Terminal
from shudian.kinds import InputError
from shudian.report.manifest import read_manifest

FREE = {
    "command", "platform", "processor", "git_revision", "versions", "engines", "files", "title", "question", "notes",
    "evidence", "base", "place", "same_budget_as", "made",
}  # fmt: skip
"""Entries on which no number of a repeat depends."""
NESTED: Any = []
for _ in range(200):
    NESTED = [NESTED]
JUNK: tuple[Any, ...] = (
    None, True, -5, 10**8, 10**400, 0.5, -1e308, float("nan"), float("inf"), "", "x", "../../etc/passwd", "/dev/zero",
    "\ud800", "\0", "a" * 10_000, [], {}, [None], {"zh": 1}, NESTED,
)  # fmt: skip
OURS = re.compile(r"Error\b|Traceback|__\w+__|None|\bdict\b|\bstr\b|“”")
"""What belongs into no sentence for a person."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("run") / "results"
    words = ["run", "zhengzhou_2025", "--with", "ai_surge", "--set", "fund_size=2亿元", "--draws", "5"]
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("sys.argv", ["shudian", *words, "--out", str(place)])
        from shudian import cli

        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code
    found: dict[str, Any] = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    return found


def places(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each entry of `data` stands."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*above, key)
        yield from places(value, (*above, key))


def table_at(data: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        data = data[step]
    return data


def refused(path: Path, content: str | bytes) -> str:
    """The sentence with which the manifest is refused; empty if it is accepted."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode(errors="surrogatepass"))
    try:
        read_manifest(path)
    except InputError as error:
        said = str(error)
    else:
        return ""
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    assert not OURS.search(said), said
    return said


@settings(max_examples=300)
@given(data=st.data())
def test_whatever_is_changed_is_refused_or_matters_to_no_number(
    made: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.json"
    changed = copy.deepcopy(made)
    place = data.draw(st.sampled_from(list(places(made))), label="place")
    table, key = table_at(changed, place[:-1]), place[-1]
    match data.draw(st.sampled_from(["junk", "gone", "renamed", "more"]), label="change"):
        case "junk":
            table[key] = data.draw(st.sampled_from(JUNK), label="junk")
        case "gone":
            del table[key]
        case "renamed" if isinstance(table, dict):
            table[f"{key}x"] = table.pop(key)
        case _:
            (changed if isinstance(table, list) else table)["nothing_known"] = 1
    if changed == made:
        return
    if not refused(path, json.dumps(changed)):
        # a seed may be any whole number; a lever's value within its range, or one piece less, is another plan; without
        # its original a changed package is compared with the reference alone
        of_scenario = place[:1] == ("scenarios",) and {*place} & {"levers", "assumptions", "fixed"}
        digests = {"data_digest", "draws_digest", "model_digest", "file_digest"}
        assert {*place} & (FREE | {"seed", "originals"} | digests) or of_scenario, place


@pytest.mark.parametrize(
    ("entry", "value", "said"),
    [
        ("draws", -5, "“draws” cannot be -5"), ("draws", 10**8, "“draws” cannot be 100000000"),
        ("draws", 10**4000, "“draws” cannot be 1000"), ("draws", True, "“draws” cannot be true"),
        ("seed", 1.5, "“seed” cannot be 1.5"), ("city", "zhengzho", "did you mean “zhengzhou”"),
        ("method", "eulr", "“method” cannot be “eulr”"), ("steps_per_month", 4, "“steps_per_month” cannot be 4"),
        ("model_file", "/dev/zero", "“inputs” does not name"), ("scenarios", [], "“scenarios” cannot be a list"),
    ],
)  # fmt: skip
def test_the_entry_is_named(made: dict[str, Any], tmp_path: Path, entry: str, value: Any, said: str) -> None:
    assert said in refused(tmp_path / "m.json", json.dumps(made | {entry: value}))


def test_a_lever_that_nobody_knows_is_refused_with_the_nearest(made: dict[str, Any], tmp_path: Path) -> None:
    changed = copy.deepcopy(made)
    levers = changed["scenarios"][-1]["levers"]
    levers["fund_sise"] = levers.pop("fund_size")
    assert "did you mean “fund_size”" in refused(tmp_path / "m.json", json.dumps(changed))
    levers["fund_size"] = levers.pop("fund_sise")
    levers["fund_size"][-1]["value"] = 1e12
    assert "lies outside the range of “fund_size”" in refused(tmp_path / "m.json", json.dumps(changed))


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b'{"form": 5, "form": 5}', b'{"form": NaN}', b"5", b"null",
        b'"form"', b'{"form": ' + b"9" * 5000 + b"}", b" " * 5_000_001,
        b"[" + b"[]," * 2_000_000 + b"[]]", b'{"form": [5]}',
    ],
)  # fmt: skip
def test_what_is_no_manifest_costs_one_sentence_and_little_memory(tmp_path: Path, content: bytes) -> None:
    tracemalloc.start()
    try:
        assert refused(tmp_path / "m.json", content)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_command_tells_it(
    made: dict[str, Any], language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    (tmp_path / "m.json").write_text(json.dumps(made | {"draws": 10**8}), encoding="utf-8")
    ended = Terminal(monkeypatch, capsys)("run", "--repeat", str(tmp_path / "m.json"), "--lang", language)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "100000000" in ended.err
    assert ("不能是" in ended.err) == (language == "zh")
