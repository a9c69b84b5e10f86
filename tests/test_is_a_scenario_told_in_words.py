"""Does `shudian explain` tell of a scenario all that its file sets: what, how much, from when, what is decided later?

Does NOT establish that the notes are right, nor that the words are understood.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import Terminal
from shudian.amounts import amount_text
from shudian.kinds import LANGUAGES, Language
from shudian.quantities import write_month
from shudian.report.words.scenario_words import reviews_of, scenario_text
from shudian.scenarios import base_of, list_scenarios, load_scenario
from shudian.structure import load_model

PARAMETERS = load_model().parameters


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list_scenarios())
def test_all_that_a_file_sets_is_told(name: str, language: Language) -> None:
    scenario = load_scenario(name, PARAMETERS)
    base = base_of(scenario, PARAMETERS)
    said = scenario_text(scenario, base, PARAMETERS, language)
    lines = said.splitlines()
    before = base.levers if base else {}
    for lever, schedule in scenario.levers.items():
        parameter = PARAMETERS[lever]
        assert parameter.label.text(language) in said, lever
        (line,) = [one for one in lines if f"  {lever}" in one] or [""]
        assert (line == "") == (schedule == before.get(lever)), lever
        for segment in schedule if line else ():
            assert amount_text(segment.value, parameter, language) in line
            assert segment.start == 0 or write_month(segment.start) in line
    for assumption in {**scenario.assumptions, **scenario.fixed}:
        assert any(f"  {assumption}" in one for one in lines), assumption
    for text in (*reviews_of(scenario, language), *(note.text(language) for note in scenario.notes)):
        assert text in said
    assert all(identifier in said for identifier in scenario.evidence)
    assert len(reviews_of(scenario, language)) == len(scenario.reviews)


OWN = """base = "zhengzhou_2025"
title = { zh = "自设", en = "Own" }
question = { zh = "？", en = "?" }
[levers]
fund_size = { 2027-01 = { value = "2 亿元", ramp = "6 个月" }, 2028-01 = "3 亿元" }
"""


def test_a_file_of_ones_own_and_a_package_struck_by_a_shock_are_told(terminal: Terminal) -> None:
    Path("own.toml").write_text(OWN, encoding="utf-8")
    said = " ".join(terminal("explain", "own.toml", "--lang", "en").out.split())
    # English counts a fund in millions
    assert "200 million yuan from 2027-01 (reached within 6 months); 300 million yuan from 2028-01" in said
    both = terminal("explain", "zhengzhou_2025+ai_surge", "--lang", "en").out
    assert "ai_diffusion_multiplier: 2 from 2026-05" in both
    titled = load_scenario("zhengzhou_2025", PARAMETERS).title.zh
    assert terminal("explain", titled, "--lang", "zh").out == terminal("explain", "zhengzhou_2025", "--lang", "zh").out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("zhengzou_2025", "did you mean “zhengzhou_2025”"),
        ("mine.toml", "cannot be read"),
        ("xyzzy", "try shudian list"),
    ],
)
def test_what_is_nothing_gets_one_sentence(terminal: Terminal, name: str, told: str) -> None:
    ended = terminal("explain", name, "--lang", "en")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert told in ended.err
