"""Does the JSON schema of scenario files say what the reader says, and is the shipped one fresh?

What the schema accepts may still be refused by the reader, which alone knows units, bases and the past. Does NOT
establish that an editor shows the texts well.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from commands import Terminal
from random_scenarios import random_scenario
from shudian.kinds import InputError
from shudian.now import NOW_WORDS
from shudian.paths import scenarios_folder
from shudian.quantities import read_value
from shudian.scenario_schema import FILE, scenario_schema, schema_text
from shudian.scenario_text import template, to_toml
from shudian.scenarios import list_scenarios, load_scenario, scenario_of
from shudian.structure import load_model
from shudian.toml_file import TomlFile

MODEL = load_model()
SCHEMA = scenario_schema(MODEL.parameters)
VALIDATOR = Draft7Validator(SCHEMA)
SETTABLE = {name: p for name, p in MODEL.parameters.items() if p.role in ("lever", "assumption", "uncertain")}
OWN = {
    "base": "zhengzhou_2025",
    "title": "Mine",
    "question": {"zh": "行吗？", "en": "Will it do?"},
    "levers": {"fund_size": {"2026-07": "2 亿元"}, "市级产业园": {"now": {"value": 8, "ramp": "12 个月"}}},
    "assumptions": {"platform_guarantee": {"2027年1月": 0.2}},
    "review": [
        {
            "date": "2028-03",
            "indicator": "market",
            "definition": "local_output",
            "growth_at_least": 0.1,
            "failed": {"support_end": "届时"},
        }
    ],
}


def accepted(data: dict[str, Any]) -> bool:
    return not list(VALIDATOR.iter_errors(data))


def read(data: dict[str, Any]) -> bool:
    """Whether the reader takes `data` as a scenario file."""
    try:
        scenario_of(TomlFile(Path("mine.toml"), data, {}), MODEL.parameters)
    except InputError:
        return False
    return True


def changed(data: dict[str, Any], *keys: str, to: object) -> dict[str, Any]:
    """`data` with another value at `keys`; without the key where it is None."""
    copy = json.loads(json.dumps(data))
    table = copy
    for key in keys[:-1]:
        table = table.setdefault(key, {})
    if to is None:
        table.pop(keys[-1])
    else:
        table[keys[-1]] = to
    return copy


def test_the_shipped_schema_is_fresh() -> None:
    shipped = (scenarios_folder() / FILE).read_text(encoding="utf-8")
    assert shipped == schema_text(MODEL.parameters), "renew it with: python -m shudian.scenario_schema"


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_scenario_is_accepted(name: str) -> None:
    data = tomllib.loads((scenarios_folder() / f"{name}.toml").read_text(encoding="utf-8"))
    assert not [error.message for error in VALIDATOR.iter_errors(data)]


def test_every_key_of_a_shipped_scenario_is_told() -> None:
    files = [tomllib.loads((scenarios_folder() / f"{name}.toml").read_text("utf-8")) for name in list_scenarios()]
    assert {key for data in files for key in data} <= SCHEMA["properties"].keys()
    for name in SETTABLE:
        (table,) = (t for t in ("levers", "assumptions") if name in SCHEMA["properties"][t]["properties"])
        assert MODEL.parameters[name].label.zh in SCHEMA["properties"][table]["properties"][name]["description"]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_every_scenario_that_is_written_is_accepted(seed: int) -> None:
    scenario = random_scenario(MODEL, np.random.default_rng(seed))
    assert accepted(tomllib.loads(to_toml(scenario, MODEL.parameters)))


def test_the_file_to_fill_in_is_accepted_whole() -> None:
    text = template(MODEL.parameters, "mine")
    assert accepted(tomllib.loads(text))
    # every line that is offered is taken, too
    whole = tomllib.loads(re.sub(r"(?m)^# (?=[a-z_0-9]+ = [{\"])", "", text))
    assert {*whole["levers"], *whole["assumptions"]} == {
        name for name, parameter in SETTABLE.items() if parameter.role != "uncertain"
    }
    assert not [error.message for error in VALIDATOR.iter_errors(whole)]


@given(st.sampled_from(sorted(SETTABLE)), st.data())
@settings(max_examples=200)
def test_a_bare_number_is_accepted_where_the_reader_takes_it(name: str, data: st.DataObject) -> None:
    parameter = SETTABLE[name]
    span = max(abs(parameter.low), abs(parameter.high))
    number = data.draw(st.one_of(st.floats(-2 * span, 2 * span), st.integers(-3, 40)), "number")
    # the reader forgives the last bit at the end of a range
    number = round(number, 9)
    table = "levers" if parameter.role == "lever" else "assumptions"
    try:
        read_value(number, parameter)
    except InputError:
        taken = False
    else:
        taken = True
    assert accepted(changed(OWN, table, name, to=number)) == taken


def test_what_it_refuses_the_reader_refuses_too() -> None:
    """Mistakes of each kind, at each place where it can be made."""
    assert accepted(OWN)
    assert read(OWN)
    mistakes = [changed(OWN, key, to=None) for key in ("base", "title", "question")]
    for wrong in (7, True, [], {"zh": "半"}, ""):
        mistakes += [changed(OWN, key, to=wrong) for key in ("title", "question")]
    mistakes += [changed(OWN, key, to=wrong) for key in ("evidence", "notes") for wrong in ("ZM07", 3, [7])]
    mistakes += [changed(OWN, key, to="yes") for key in ("retrospective", "回溯", "inherit_notes")]
    mistakes += [changed(OWN, "kind", to="packages"), changed(OWN, "leavers", to={}), changed(OWN, "kind", to="shock")]
    mistakes += [changed(OWN, table, to=7) for table in ("levers", "assumptions")]
    (review,) = OWN["review"]
    for key in ("date", "indicator", "growth_at_least"):
        mistakes.append(changed(OWN, "review", to=[{name: told for name, told in review.items() if name != key}]))
    for wrong in (
        {"dat": "2028-03"},
        {"below": 3},
        {"after": "never"},
        {"failed": 3},
        {"failed": {"fund": 1}},
        {"date": 7},
    ):
        mistakes.append(changed(OWN, "review", to=[review | wrong]))
    mistakes += [changed(OWN, "review", to=wrong) for wrong in (review, "2028-03", [review] * 4, ["2028-03"])]
    for table, name in (("levers", "fund_size"), ("levers", "市级产业园"), ("assumptions", "platform_guarantee")):
        mistakes += [changed(OWN, table, f"{name}x", to="1"), changed(OWN, table, name, to=[1])]
        mistakes += [changed(OWN, table, name, to={}), changed(OWN, table, name, to={"value": 1})]
        for month in ("2026-13", "2026-00", "2026/0", "soon", "1999-01", "2031-01"):
            mistakes.append(changed(OWN, table, name, to={month: 1}))
        for step in ({"ramp": "6 个月"}, {"value": 1, "rmap": "6 个月"}, {"value": 1, "ramp": 6}, [1], True):
            mistakes.append(changed(OWN, table, name, to={"2027-01": step}))
    for name, parameter in SETTABLE.items():
        wrong_table = "assumptions" if parameter.role == "lever" else "levers"
        mistakes.append(changed(OWN, wrong_table, name, to="1"))
        if parameter.role == "uncertain":
            mistakes.append(changed(OWN, "assumptions", name, to={"2027-01": parameter.value}))
    assert len(mistakes) > 300
    # the reader reads the base of each; of the same mistake at so many names it is asked of some
    asked = [*mistakes[:153], *mistakes[153::25]]
    assert [mistake for mistake in mistakes if accepted(mistake)] == []
    assert [mistake for mistake in asked if read(mistake)] == []


def test_every_word_for_now_may_stand_for_a_month() -> None:
    for word in NOW_WORDS:
        assert accepted(changed(OWN, "levers", "fund_size", to={word: "2 亿元"})), word


def test_a_new_file_can_bring_the_schema_with_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(monkeypatch, capsys)
    assert terminal("new", "mine", "--schema", "--lang", "en").code == 0
    assert terminal("new", "other", "--schema", "--lang", "en").code == 0, "the schema is there already and is ours"
    assert (tmp_path / FILE).read_text(encoding="utf-8") == schema_text(MODEL.parameters)
    first, *_ = (tmp_path / "mine.toml").read_text(encoding="utf-8").splitlines()
    assert first == f"#:schema ./{FILE}"
    load_scenario(tmp_path / "mine.toml", MODEL.parameters)
    ended = terminal("new", "third", "--schema", "--xlsx", "--lang", "en")
    assert ended.code == 2
    assert "workbook" in ended.err
    (tmp_path / FILE).write_text('{"title": "of somebody else"}', encoding="utf-8")
    ended = terminal("new", "fourth", "--schema", "--lang", "en")
    assert ended.code == 2
    assert FILE in ended.err
    assert not (tmp_path / "fourth.toml").exists()
