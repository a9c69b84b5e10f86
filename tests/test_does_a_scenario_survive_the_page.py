"""Does a scenario leave the page and come back unchanged, and does hostile input do nothing but give a message?

In real headless Chromium, against `shudian`'s own reader. Does NOT establish that the page's form refuses the same:
there the reader is handed files and addresses.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from playwright.sync_api import Browser

from engine_page import EnginePage, engine_page, plain, shipped
from random_scenarios import random_scenario
from shudian.kinds import InputError, Model, Scenario
from shudian.paths import scenarios_folder
from shudian.plain_text import acting, one_line, visible
from shudian.report.render.csv_tables import harmless
from shudian.scenario_text import template, to_toml
from shudian.scenarios import list_scenarios, load_scenario, schedule_matrix
from shudian.units import conversion, internal_unit

MOUNT = """(scenario) => Shudian.scenario.scheduleRows(scenario).map((row) => Array.from(row))"""
READ = """(text) => {
  const { scenario, error } = Shudian.scenario.fromToml(text);
  if (error) return { error };
  return { scenario, rows: Shudian.scenario.scheduleRows(scenario).map((row) => Array.from(row)) };
}"""
FORTH_AND_BACK = """(scenario) => {
  const S = Shudian.scenario, text = S.toToml(scenario), back = S.fromToml(text);
  const address = S.toFragment([scenario, scenario], { lang: "zh", open: true, chart: ["a", 1] });
  return { text, back, rows: back.scenario && S.scheduleRows(back.scenario).map((row) => Array.from(row)),
           wanted: S.scheduleRows(scenario).map((row) => Array.from(row)), address, again: S.fromFragment(address) };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[EnginePage]:
    with engine_page(browser, shipped()[0]) as found:
        yield found


@pytest.fixture(scope="module")
def scenarios(model: Model) -> list[Scenario]:
    generator = np.random.default_rng(60)
    return [random_scenario(model, generator) for _ in range(30)]


def matrix(scenario: Scenario, model: Model) -> NDArray[np.float64]:
    return schedule_matrix(scenario, model.scheduled)


def loaded(text: str, model: Model, folder: Path) -> Scenario:
    path = folder / "from_page.toml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path, model.parameters)


@pytest.mark.slow
def test_a_file_of_the_page_means_the_same_to_shudian_run(
    page: EnginePage, model: Model, scenarios: list[Scenario], tmp_path: Path
) -> None:
    for scenario in scenarios:
        found = page.ask(FORTH_AND_BACK, plain(scenario))
        assert found["back"].get("error") is None, (found["back"], found["text"])
        # where a ramp is broken off, the shorter ramp that is written rises as steeply but for the last bit
        assert np.allclose(found["rows"], found["wanted"], rtol=1e-12, atol=0), found["text"]
        assert found["back"]["scenario"]["fixed"] == dict(scenario.fixed)
        read = loaded(found["text"], model, tmp_path)
        assert np.array_equal(matrix(read, model), found["rows"]), found["text"]
        assert dict(read.fixed) == dict(scenario.fixed)


def test_every_preset_means_the_same_to_shudian_run(page: EnginePage, model: Model, tmp_path: Path) -> None:
    for preset in page.data["presets"]:
        if preset["kind"] != "package":
            continue
        found = page.ask(f"() => ({FORTH_AND_BACK})(Shudian.scenario.fromPreset({json.dumps(preset['name'])}))")
        assert np.array_equal(found["rows"], found["wanted"])
        assert np.array_equal(matrix(loaded(found["text"], model, tmp_path), model), found["wanted"])


def test_a_lever_that_was_taken_out_stays_out(page: EnginePage, model: Model, tmp_path: Path) -> None:
    """The base's schedule must not show through where the scenario has none or begins later."""
    text = page.ask("""() => {
      const S = Shudian.scenario, s = S.fromPreset("zhengzhou_2025"), { fund_size, ...levers } = s.levers;
      const later = [{ start: 50, value: 3, ramp: 0 }];
      return S.toToml({ ...s, levers: { ...levers, municipal_parks: later } });
    }""")
    read = loaded(text, model, tmp_path)
    rows = dict(zip((p.name for p in model.scheduled), matrix(read, model), strict=True))
    assert not rows["fund_size"].any()
    assert not rows["municipal_parks"][: 50 * 8].any()
    assert (rows["municipal_parks"][50 * 8 :] == 3).all()


def test_files_of_shudian_are_read(page: EnginePage, model: Model, scenarios: list[Scenario], tmp_path: Path) -> None:
    for scenario in scenarios[:20]:
        found = page.ask(READ, to_toml(scenario, model.parameters))
        assert "error" not in found, found
        assert np.array_equal(
            found["rows"], matrix(loaded(to_toml(scenario, model.parameters), model, tmp_path), model)
        )
    for name in list_scenarios(kind="package"):
        text = (scenarios_folder() / f"{name}.toml").read_text(encoding="utf-8")
        found = page.ask(READ, text)
        if "[[review]]" in text:
            assert "shudian run" in found["error"]["en"], found
            assert 'base = ""' not in text
        elif 'base = ""' in text or "same_budget_as" in text or not text.startswith("base"):
            assert "error" in found
        else:
            assert np.array_equal(found["rows"], matrix(load_scenario(name, model.parameters), model)), name
    assert "error" not in page.ask(READ, template(model.parameters, "mine"))


WRITTEN = [
    ("fund_size = { 2025-10 = \"1 亿元\", 2026-07 = '20000万元' }", True),
    ('"产业基金" = "1.5亿元"', True),
    ('municipal_parks = { "2026年7月" = { value = "8 个园区", ramp = "12 个月" } }', True),
    ("municipal_parks = { 2026/07 = 8 }", False),
    ('municipal_parks = { "2026/07" = 8 }', True),
    ('talent_training = "1,000 人/年"', True),
    ('annual_budget = "１２００ 万元／月"', True),
    ('rent_relief_rate = "30 %"', True),
    ('overseas_support = "0.1 亿元/month"', True),
    ('support_end = "2030-01"', True),
    ('approval_days = "10 工作日"', True),
    ('municipal_parks = { now = { value = 8, ramp = "12 个月" } }', True),
    ('municipal_parks = { "即日起" = 8 }', True),
    ("municipal_parks = { 2026-04 = 8 }", False),
    ("fund_size = 1", False),
    ('fund_size = "1 亿元/年"', False),
    ('fund_size = "11 亿元"', False),
    ('fund_size = "-1 亿元"', False),
    ("municipal_parks = 2.5", False),
    ("municipal_parks = true", False),
    ('municipal_parks = { 2026-13 = "8 个园区" }', False),
    ('municipal_parks = { 2022-01 = "8 个园区" }', False),
    ('municipal_parks = { 2026-12 = "8 个园区", 2026-07 = "3 个园区" }', False),
    ('municipal_parks = { 2026-07 = { value = 8, ramp = "12 个月" }, 2026-09 = 3 }', False),
    ('municipal_parks = { 2026-07 = { value = 8, ramp = "12" } }', False),
    ("municipal_parks = 8\nmunicipal_parks = 9", False),
    ('municipal_parks = 8\n"市级产业园" = 9', False),
    ("loop_r1_cluster = 0", False),
    ("platform_guarantee = 0", False),
    ("no_such_lever = 1", False),
    ("municipal_parks = 1e999", False),
    ("municipal_parks = 8 9", False),
]


@pytest.mark.parametrize(("line", "right"), WRITTEN)
def test_what_people_write_is_read_as_shudian_reads_it(
    line: str, right: bool, page: EnginePage, model: Model, tmp_path: Path
) -> None:
    text = f'base = "baseline"\ntitle = "我的"\nquestion = "？"\nevidence = []\nnotes = []\n\n[levers]\n{line}\n'
    found = page.ask(READ, text)
    if not right:
        assert set(found["error"]) == {"zh", "en", "line"}
        assert found["error"]["line"] >= 7
        with pytest.raises(InputError):
            loaded(text, model, tmp_path)
        return
    assert "error" not in found, found
    wanted = matrix(loaded(text, model, tmp_path), model)
    assert np.allclose(found["rows"], wanted, rtol=1e-14, atol=0)


@pytest.mark.slow
def test_a_mangled_file_is_refused_or_means_the_same(
    page: EnginePage, model: Model, scenarios: list[Scenario], tmp_path: Path
) -> None:
    """What the page accepts of files with random errors, `shudian run` accepts too, with the same numbers."""
    generator = random.Random(4)
    signs = [*"[]{}=\"#,.'\\\n 0159e-_", "亿元", "年", "\u202e", "\x00", "，", '"""', "[[", "base", "ramp"]
    accepted = 0
    for round_ in range(150):
        text = to_toml(scenarios[round_ % 12], model.parameters)
        for _ in range(generator.randint(1, 2)):
            at = generator.randrange(len(text))
            cut = generator.choice([0, 1, 1, 3])
            text = text[:at] + generator.choice(["", *signs]) + text[at + cut :]
        found = page.ask(READ, text)
        if "error" in found:
            continue
        accepted += 1
        read = loaded(text, model, tmp_path)
        assert np.allclose(found["rows"], matrix(read, model), rtol=1e-14, atol=0), text
        assert found["scenario"]["fixed"] == pytest.approx(dict(read.fixed))
    assert accepted > 10


HOSTILE_FILES = {
    "nothing": "",
    "huge": 'base = "baseline"\n' + "#" * 10_000_000,
    "brackets": "a = " + "[" * 100_000,
    "braces": "a = " + "{ b = " * 30_000,
    "dots": ".".join(["a"] * 50_000) + " = 1",
    "digits": "base = " + "9" * 100_000,
    "infinite": 'base = "baseline"\n[levers]\nmunicipal_parks = inf',
    "prototype": 'base = "baseline"\n[levers]\n__proto__ = { polluted = 1 }\n[__proto__]\npolluted = 1\n',
    "constructor": 'base = "baseline"\n[levers]\nconstructor = 1\n',
    "inherited": 'base = "toString"\n',
    "own base": 'base = "__proto__"\n',
    "binary": "\x00\x01\x02" * 1000,
    "html": "<script>window.hacked = 1</script>",
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_gives_a_message_and_nothing_else(name: str, page: EnginePage) -> None:
    found = page.ask(READ, HOSTILE_FILES[name])
    assert set(found) == {"error"}
    assert len(found["error"]["zh"]) < 200
    assert "<script" not in found["error"]["zh"] + found["error"]["en"] or name == "html"
    assert page.ask("() => [typeof ({}).polluted, typeof window.hacked]") == ["undefined", "undefined"]


def test_a_script_in_a_title_stays_text(page: EnginePage, tmp_path: Path, model: Model) -> None:
    title = '"><script>window.hacked = 1</script>\\'
    hidden = f"{title}\u2028\x7f"
    found = page.ask(
        """(title) => {
           const S = Shudian.scenario, s = { ...S.fromPreset("baseline"), title: { zh: title, en: title } };
           return [S.toToml(s), S.fromToml(S.toToml(s)), S.fromFragment(S.toFragment([s], {}))]; }""",
        hidden,
    )
    with pytest.raises(InputError, match=r":2: “title” holds the invisible character U\+2028; delete it$"):
        loaded(found[0], model, tmp_path)
    assert found[1]["error"]["en"] == "“title” holds the invisible character U+2028; delete it."
    assert found[1]["error"]["line"] == 2
    assert set(found[2]) == {"error"}
    cleaned = found[0].replace("\u2028", "").replace("\\u2028", "").replace("\\u007f", "")
    assert loaded(cleaned, model, tmp_path).title.zh == title
    assert page.ask("() => typeof window.hacked") == "undefined"


STRANGE = [
    "=1+1", " =1+1", "\u200b=1+1", "\u3000＝1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "-1", "+1", "@x", "\t=1", "\n=1",
    "\r\n=1", "a,b", 'a"b', '"', "'=1", "plain", "方案", "a\nb", "a\r\nb", "a\tb", "a \n \t b", "\u202e=1",
    "\x1b[31mred", "\x00", "\x85=1", "\u2028", "\u2066a", "\u061c", "a\u200bb", "\ufeff=1", "\u00ad=1", "\u3164=1",
    "\u2800", "\ufffe", "\U0001ffff", "\ufdd0", "\U000e0041", "\U0001d173", "\u180e=1", "👩\u200d🚀", "❤\ufe0f\u200d🔥",
    "a\u200db", "\u200d=1", "=\u202e", "\r=1", "",
]  # fmt: skip


@pytest.mark.parametrize("text", STRANGE, ids=ascii)
def test_a_strange_text_is_filtered_as_python_filters_it(text: str, page: EnginePage) -> None:
    filters = "({ cell, visible, oneLine, acting }) => [cell, visible, oneLine, acting]"
    found = page.ask(f"(text) => ({filters})(Shudian.plainText).map((filter) => filter(text))", text)
    assert found == [harmless(text), visible(text), one_line(text), acting(text)]


@given(st.lists(st.characters(exclude_categories=["Cs"]), min_size=50, max_size=400))
def test_any_characters_are_filtered_as_python_filters_them(page: EnginePage, drawn: list[str]) -> None:
    found = page.ask("(texts) => texts.map(Shudian.plainText.cell)", drawn)
    assert found == [harmless(character) for character in drawn]


@pytest.mark.parametrize("text", [text for text in STRANGE if text.strip()], ids=ascii)
def test_a_strange_title_is_read_as_python_reads_it(text: str, page: EnginePage, model: Model, tmp_path: Path) -> None:
    written = json.dumps(text, ensure_ascii=False)
    file = f'base = "baseline"\ntitle = {written}\nquestion = "？"\nevidence = []\nnotes = [{written}]\n'
    found = page.ask(READ, file)
    try:
        expected = loaded(file, model, tmp_path).title.zh
    except InputError:
        assert "error" in found, text
    else:
        assert found["scenario"]["title"]["zh"] == expected


def test_an_address_brings_the_scenarios_back(page: EnginePage, scenarios: list[Scenario]) -> None:
    for scenario in scenarios:
        sent = plain(scenario)
        assert page.ask("(s) => Shudian.scenario.valid(s)", sent) == []
        found = page.ask(FORTH_AND_BACK, sent)
        assert "error" not in found["again"]
        assert found["address"].startswith("#")
        for back in found["again"]["scenarios"]:
            for table in ("levers", "assumptions", "fixed", "title"):
                assert back[table] == sent[table]
        assert found["again"]["view"] == {"lang": "zh", "open": True, "chart": ["a", 1]}


GOOD_ADDRESS = {"v": 1, "s": [{"b": "baseline"}], "w": {}}


def address(content: object) -> str:
    return "#" + base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def test_the_address_that_the_hostile_ones_spoil_is_read(page: EnginePage) -> None:
    found = page.ask("(text) => Shudian.scenario.fromFragment(text)", address(GOOD_ADDRESS))
    assert [scenario["base"] for scenario in found["scenarios"]] == ["baseline"]


def hostile_addresses() -> dict[str, Any]:
    def changed(**what: object) -> dict[str, Any]:
        return {**GOOD_ADDRESS, **what}

    def scenario(**what: object) -> dict[str, Any]:
        return changed(s=[{"b": "baseline", **what}])

    return {
        "other form": changed(v=2),
        "no scenario": changed(s=[]),
        "many": changed(s=[{"b": "baseline"}] * 50),
        "foreign key": changed(x=1),
        "unknown base": changed(s=[{"b": "__proto__"}]),
        "a shock as base": changed(s=[{"b": "demand_stalls"}]),
        "unknown lever": scenario(l={"toString": [[0, 1]]}),
        "an assumption as lever": scenario(l={"platform_guarantee": [[0, 1]]}),
        "out of range": scenario(l={"municipal_parks": [[0, 1e300]]}),
        "a half park": scenario(l={"municipal_parks": [[0, 2.5]]}),
        "a text": scenario(l={"municipal_parks": [[0, "8"]]}),
        "a backward date": scenario(l={"municipal_parks": [[5, 1], [4, 1]]}),
        "a date between months": scenario(l={"municipal_parks": [[5.5, 1]]}),
        "a long schedule": scenario(l={"municipal_parks": [[i, 1] for i in range(2000)]}),
        "a fixed switch": scenario(f={"loop_r1_cluster": 0}),
        "a huge title": scenario(t=["x" * 5000, "x"]),
        "no title": scenario(t=[1, 2]),
        "a foreign shock": scenario(s=["baseline"]),
        "a deep view": changed(w={"a": {"b": 1}}),
        "a view of code": changed(w={"__proto__": 1}),
        "a large view": changed(w={f"k{i}": 1 for i in range(500)}),
    }


@pytest.mark.parametrize("name", hostile_addresses())
def test_a_hostile_address_gives_a_message(name: str, page: EnginePage) -> None:
    found = page.ask("(text) => Shudian.scenario.fromFragment(text)", address(hostile_addresses()[name]))
    assert set(found) == {"error"}


@pytest.mark.parametrize(
    "text", ["", "#", "#%", "#" + "A" * 200_000, "#e30", "#" + "W1tb" * 20_000, "#<script>", "#/w"]
)
def test_a_broken_address_gives_a_message(text: str, page: EnginePage) -> None:
    assert set(page.ask("(text) => Shudian.scenario.fromFragment(text)", text)) == {"error"}


def test_one_merge_rule(page: EnginePage) -> None:
    """`withLever` keeps what came before, and a shock goes as it came."""
    found = page.ask("""() => {
      const S = Shudian.scenario, s = S.fromPreset("zhengzhou_2025");
      const more = S.withLever(s, "fund_size", [{ start: 42, value: 20000, ramp: 0 }]);
      const struck = S.withShock(S.withShock(s, "demand_stalls"), "guarantee_withdrawn");
      return [more.levers.fund_size, s.levers.fund_size, S.withoutShock(struck, "demand_stalls").assumptions,
              S.withShock(s, "guarantee_withdrawn").assumptions,
              S.valueAt(more, "fund_size", 41), S.valueAt(more, "fund_size", 42)];
    }""")
    assert found[0] == [*found[1], {"start": 42, "value": 20000, "ramp": 0}]
    assert found[2] == found[3]
    assert found[4:] == [10000, 20000]


def test_units_are_the_same_on_both_sides(page: EnginePage) -> None:
    units = page.data["units"]
    for spelling, name in units["words"]["names"].items():
        if name in units["sizes"]:  # 个 has no size of its own
            top, bottom, dimensions = units["sizes"][name]
            assert internal_unit(spelling) == (dimensions[0] if dimensions else "1")
            assert conversion(spelling, internal_unit(spelling)) == pytest.approx(top / bottom, rel=1e-14)
