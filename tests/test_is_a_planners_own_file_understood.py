"""Is a scenario that a planner writes understood as it was meant, and does it start from a helpful file?

Does NOT establish that a planner finds the words; only that these ways of writing the same thing are read alike.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from shudian.evidence import load_parameters
from shudian.kinds import InputError, Label, Scenario
from shudian.scenario_changes import with_settings
from shudian.scenario_text import START, template
from shudian.scenarios import base_of, list_scenarios, load_scenario, schedule_matrix, unchanged

PARAMETERS = load_parameters()
LEVERS = [parameter for parameter in PARAMETERS.values() if parameter.role == "lever"]
SCHEDULED = [*LEVERS, *(parameter for parameter in PARAMETERS.values() if parameter.role == "assumption")]
PACKAGES, SHOCKS = list_scenarios(kind="package"), list_scenarios(kind="shock")


def row(scenario: Scenario, name: str) -> np.ndarray:
    return schedule_matrix(scenario, [PARAMETERS[name]], steps_per_month=1)[0]


@cache
def shipped(name: str) -> Scenario:
    return load_scenario(name, PARAMETERS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("产业基金＝2 亿元", "fund_size=2亿元"),
        ("产业基金＝２亿元＠２０２７－０１", "fund_size=2亿元@2027-01"),
        ("fund_size=2亿元@2027年1月", "fund_size=2亿元@2027-01"),
        ("fund_size=2亿元@2027-1", "fund_size=2亿元@2027-01"),
        ("fund_size=2亿元@2027/01", "fund_size=2亿元@2027-01"),
        ("场地补贴比例=３０％", "rent_relief_rate=0.3"),
        ("市级产业园=8个", "municipal_parks=8 个园区"),
        ("市级产业园=8", "municipal_parks=8 个园区"),
        ("取景地开放=８０ 个", "open_locations=80 处"),
        ("quality_award=50 万元/个", "quality_award=50 万元/部"),
        ("微短剧+委托=0.5亿元/年", "plus_programme=0.5 亿元/年"),
        ("技术扶持(AI、虚拟制作)=0.5亿元/年", "ai_support=0.5 亿元/年"),
    ],
)
def test_a_setting_may_be_written_as_a_chinese_keyboard_does(written: str, meant: str) -> None:
    package = shipped("zhengzhou_2025")
    one, other = (with_settings(package, [setting], PARAMETERS) for setting in (written, meant))
    assert one.levers == other.levers != package.levers


def test_a_planners_own_file_may_be_in_one_language_and_name_its_base_by_title(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'base = "深圳模式(移植)"\ntitle = "我的"\nquestion = "会怎样？"\nnotes = ["我的假设"]\n'
        '[levers]\n"市级产业园" = { "2027年1月" = "8 个", "2028/2" = "９个" }\n',
        encoding="utf-8",
    )
    mine = load_scenario(path, PARAMETERS)
    assert (mine.base, mine.title, mine.question) == ("shenzhen_mode", Label("我的", "我的"), Label(*["会怎样？"] * 2))
    assert row(mine, "municipal_parks")[[47, 48, 60, 61]].tolist() == [2, 8, 8, 9]
    assert load_scenario("深圳模式（移植）", PARAMETERS) == shipped("shenzhen_mode")
    assert mine.notes == (Label("我的假设", "我的假设"), *shipped("shenzhen_mode").notes)


@pytest.mark.parametrize("name", [*PACKAGES, *SHOCKS])
def test_a_scenario_passes_on_what_its_base_assumes(name: str) -> None:
    base = base_of(shipped(name), PARAMETERS)
    assert (base.name if base else "") == shipped(name).base
    # What the opinion of 2024 pays is not paid without policy, so that its notes would be untrue there.
    passed_on = base.notes if base and name != "no_policy" else ()
    for own, inherited in (
        (shipped(name).notes, passed_on),
        (shipped(name).evidence, base.evidence if base else ()),
    ):
        assert len(set(own)) == len(own)
        assert set(inherited) <= set(own)
    assert not base or shipped(name).notes[0] not in base.notes
    assert name != "no_policy" or not set(shipped(name).notes) & set(base.notes if base else ())


@pytest.mark.parametrize("name", [name for name in PACKAGES if name != "baseline"])
def test_only_a_scenario_that_changes_nothing_is_called_unchanged(name: str, tmp_path: Path) -> None:
    scenario = shipped(name)
    base = base_of(scenario, PARAMETERS)
    assert base
    assert not unchanged(scenario, base, PARAMETERS)
    path = tmp_path / "mine.toml"
    path.write_text(
        f'base = "{name}"\ntitle = "我"\nquestion = "？"\n[levers]\nfund_size = {{ 2027-01 = "'
        f'{row(replace(scenario, reviews=()), "fund_size")[-1]} 万元" }}\n',
        encoding="utf-8",
    )
    mine = load_scenario(path, PARAMETERS)
    found = base_of(mine, PARAMETERS)
    assert found == scenario
    assert unchanged(mine, found, PARAMETERS) is (scenario.same_budget_as == "")
    path.write_text(path.read_text(encoding="utf-8") + "overseas_support = '1.9 亿元/年'", encoding="utf-8")
    assert not unchanged(load_scenario(path, PARAMETERS), found, PARAMETERS)


def test_the_same_quantity_can_be_written_in_many_ways(tmp_path: Path) -> None:
    head = 'base = ""\ntitle = { zh = "一", en = "1" }\nquestion = { zh = "问", en = "Q" }\n[levers]\n'
    found = set()
    for line in (
        'overseas_support = "1.2 亿元/年"',
        '"出海扶持" = "1.2亿元／年"',
        'overseas_support = "１２，０００ 万元/年"',
        'overseas_support = "1,000 万元/月"',
        'overseas_support = "1.2e8 yuan/year"',
    ):
        (tmp_path / "many.toml").write_text(head + line, encoding="utf-8")
        found.add(row(load_scenario(tmp_path / "many.toml", PARAMETERS), "overseas_support")[-1])
    assert list(found) == pytest.approx([1000.0] * len(found), rel=1e-15)  # up to the last bit


def test_a_planner_starts_from_a_file_that_loads(tmp_path: Path) -> None:
    text = template(PARAMETERS, "my_plan")
    path = tmp_path / "my_plan.toml"
    path.write_text(text, encoding="utf-8")
    fresh = load_scenario(path, PARAMETERS)
    assert fresh.base == START
    assert unchanged(fresh, shipped(START), PARAMETERS)
    for parameter in LEVERS:
        assert parameter.label.zh in text
        assert parameter.label.en in text
    path.write_text("\n".join(re.sub(r"^# (\w+ = )", r"\1", line) for line in text.splitlines()), "utf-8")
    filled, base = load_scenario(path, PARAMETERS), shipped(START)
    now = int(base.now)
    for parameter in SCHEDULED:
        was, became = row(base, parameter.name), row(filled, parameter.name)
        if parameter.name == "overseas_service_window":
            assert became[-1] == 1
        elif parameter.name == "support_end":
            assert 48 < became[-1] < 96  # after the examples' month, before the horizon ends
        elif parameter.name == "approval_days":
            assert became[-1] < was[-1]
        else:
            assert became[-1] != was[-1], parameter.name
            assert np.array_equal(became[:now], was[:now])
    with pytest.raises(InputError, match="“my-plan” cannot be"):
        template(PARAMETERS, "my-plan")
