"""Is a mistake in a scenario, in a target or in an option refused in one sentence that says where it is?

Does NOT establish that a file without mistakes says what its writer meant: a wrong number inside the
range, or a package built on the wrong base, is accepted. Nor does it cover seeds/ or the exit code.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudian.evidence import known_evidence, load_parameters
from shudian.files import LARGEST_FILE
from shudian.kinds import InputError, Label, Scenario
from shudian.mistakes import sentences_of
from shudian.quantities import write_range
from shudian.scenario_changes import combine, with_settings
from shudian.scenarios import load_scenario
from shudian.targets import load_targets, market_of

_SHARE = load_parameters()["production_subsidy_eligible_share"]
PARAMETERS = load_parameters() | {
    "made_up_share": replace(_SHARE, name="made_up_share", label=Label("虚构占比", "Made-up share"), role="uncertain"),
    "made_up_year": replace(_SHARE, name="made_up_year", label=Label("虚构常数", "Made-up constant"), role="constant"),
}

EVIDENCE = tuple(known_evidence())

VALID = """\
base = "baseline"
kind = "package"
title = { zh = "试", en = "Trial" }
question = { zh = "问？", en = "Question?" }
evidence = ["ZG08"]
notes = [ { zh = "注", en = "Note" } ]
city = "zhengzhou"
same_budget_as = "zhengzhou_2025"
[levers]
fund_size = { 2025-10 = "1 亿元", 2026-07 = { value = "2 亿元", ramp = "6 个月" }, 2027-07 = "3 亿元" }
"取景地开放" = "100 处"
production_subsidy_rate = "30 %"
support_end = "2028-01"
[levers.approval_days]
2026-07 = "10 日"
2026-10 = "8 日"
[assumptions]
platform_guarantee = { 2025-10 = 0.5 }
made_up_share = 0.3
"""

MISTAKES = [
    # (what is replaced, by what, the line that must be named, words that must be in the sentence)
    ("fund_size =", "fund_sise =", 10, ("fund_sise", "did you mean “fund_size”")),
    ('"取景地开放"', '"取景地开发"', 11, ("did you mean “取景地开放”",)),
    ('"取景地开放"', '"zzz"', 11, ("there is no lever", "shudian new")),
    ('"取景地开放"', '"产业基金"', 11, ("fund_size", "set twice")),
    ('"100 处"', '"501 处"', 11, ("501 处", "0 to 500 处")),
    ('"30 %"', "0.51", 12, ("0.51", "0 to 0.5")),
    ('"30 %"', "-0.01", 12, ("-0.01", "0 to 0.5")),
    ('"100 处"', '"2 parks"', 11, ("“parks” is the wrong unit", "处")),
    ('2025-10 = "1 亿元"', '2025-10 = "2 parks"', 10, ("“parks” is the wrong unit", "亿元")),
    ('2025-10 = "1 亿元"', '2025-10 = "1 亿元/年"', 10, ("wrong unit", "亿元")),
    ('2025-10 = "1 亿元"', '2025-10 = "2 bananas"', 10, ("bananas", "not known", "亿元")),
    ('"3 亿元"', "3", 10, ("3 has no unit", "亿元")),
    ('"3 亿元"', '"3"', 10, ("has no unit", "亿元")),
    ('"3 亿元"', '"3 个"', 10, ("“个” is not known", "亿元")),
    ('"100 处"', '"2.5 处"', 11, ("“2.5 处” is not a whole number", "open_locations")),
    ('"100 处"', "501", 11, ("501", "0 to 500 处")),
    ('"100 处"', '"100 个园区"', 11, ("“个园区” is the wrong unit", "处")),
    ('"30 %"', '"0.3 亿元"', 12, ("wrong unit", "pure number")),
    ('"100 处"', '"many 处"', 11, ("many 处", "not a number")),
    ('"100 处"', '"1e999 处"', 11, ("not a finite number",)),
    ('"100 处"', '"nan 处"', 11, ("nan 处", "not a number")),
    ('"30 %"', "nan", 12, ("nan is not a finite number",)),
    ('"30 %"', "-inf", 12, ("-inf is not a finite number",)),
    ('"30 %"', "1" + "0" * 400, 12, ("not a finite number",)),
    ('"30 %"', "true", 12, ("true is not a number",)),
    ('"30 %"', "[0.3]", 12, ("a list is not a number",)),
    ('"30 %"', "2028-01-01", 12, ("2028-01-01 is not a number",)),
    ('"30 %"', "{ value = 0.3 }", 12, ("needs a date",)),
    ('"30 %"', "{}", 12, ("empty",)),
    ('"2028-01"', '"2028-13"', 13, ("2028-13", "not a month", "2025-10")),
    ('"2028-01"', "2028", 13, ("2028 is not a month",)),
    ('"2028-01"', '"2033-02"', 13, ("2033-02", str(write_range(PARAMETERS["support_end"])))),
    ('"2028-01"', '{ 2026-01 = { value = "2028-01", ramp = "2 个月" } }', 13, ("ramp", "date")),
    ("{ 2025-10 = 0.5 }", "{ 2022-12 = 0.5 }", 18, ("2022-12", "2023-01 to 2030-12")),
    ("{ 2025-10 = 0.5 }", "{ 2031-01 = 0.5 }", 18, ("2031-01", "2023-01 to 2030-12")),
    ("{ 2025-10 = 0.5 }", "{ 2025-13 = 0.5 }", 18, ("2025-13", "not a month")),
    ("{ 2025-10 = 0.5 }", "{ 2025.10 = 0.5 }", 18, ("2025", "not a month")),
    ("{ 2025-10 = 0.5 }", '{ "2025年13月" = 0.5 }', 18, ("2025年13月", "not a month")),
    ("{ 2025-10 = 0.5 }", "{ 2025年10月 = 0.5 }", 18, ("not TOML", 'straight quotes: "2025年10月" = …')),
    ("{ 2025-10 = 0.5 }", "{ 2025/10 = 0.5 }", 18, ("not TOML", "2027-01", '"2025/10" = …')),
    ("{ 2025-10 = 0.5 }", "{ 2025-10 ＝ 0.5 }", 18, ("not TOML", "write = instead of ＝")),
    ("{ 2025-10 = 0.5 }", "{ 2025-10 = 0.5 ｝", 18, ("not TOML", "write } instead of ｝")),
    ('"1 亿元", 2026', '"1 亿元"， 2026', 10, ("not TOML", "write , instead of ，")),
    ("[assumptions]", "［assumptions］", 17, ("not TOML", "write [ instead of ［")),
    ('"100 处"', '"100 处”', 11, ("not TOML", 'straight quotes (")')),
    ('"100 处"', '"100 处', 11, ("not TOML", "illegal character")),
    ("{ 2025-10 = 0.5 }", '{ "2025-00" = 0.5 }', 18, ("2025-00", "not a month")),
    ("{ 2025-10 = 0.5 }", "{ spring = 0.5 }", 18, ("spring", "not a month")),
    ('2026-10 = "8 日"', '2026-05 = "8 日"', 16, ("2026-05 is written after 2026-07", "order")),
    ('2026-07 = "10 日"', '2026-04 = "10 日"', 15, ("approval_days", "from 2026-04 on", "past", "2026-05 or later")),
    ('2025-10 = "1 亿元", ', '2025-11 = "1 亿元", ', 10, ("fund_size", "past", "retrospective = true")),
    ('kind = "package"', 'retrospective = "yes"', 2, ("retrospective", "true or false")),
    ('kind = "package"', "retrospectiv = true", 2, ("did you mean “retrospective”",)),
    ("2027-07 =", "2026-12 =", 10, ("ramp from 2026-07 lasts 6 months", "2026-12")),
    ('"6 个月"', '"60 个月"', 10, ("0 to 54 months", "not 60")),
    ('"6 个月"', '"-6 个月"', 10, ("0 to 54 months", "not -6")),
    ('"6 个月"', "6", 10, ("6 is not a length of time", "6 个月")),
    ('"6 个月"', '"6 亿元"', 10, ("not a length of time",)),
    ('ramp = "6', 'rump = "6', 10, ("“value” and “ramp”",)),
    ("{ 2025-10 = 0.5 }", '{ 2023-01 = { value = 0.5, ramp = "2 个月" } }', 18, ("cannot start in 2023-01",)),
    ('base = "baseline"', 'base = "baselin"', 1, ("baselin", "did you mean “baseline”")),
    ('base = "baseline"', 'base = "targets"', 1, ("there is no scenario",)),
    ('base = "baseline"', 'base = "../baseline"', 1, ("there is no scenario",)),
    ('base = "baseline"', "base = 3", 1, ("name of a scenario",)),
    ('base = "baseline"', 'base = "trial"', 1, ("circle", "trial → trial")),
    ('base = "baseline"', 'base = "ai_surge"', 1, ("ai_surge", "is a shock")),
    ('base = "baseline"', "", 1, ("“base” is missing", "baseline")),
    ('kind = "package"', 'kind = "shok"', 2, ("shok", "did you mean “shock”")),
    ('kind = "package"', "kind = []", 2, ("kind", "a list")),
    ('kind = "package"', 'kind = "package" "shock"', 2, ("not TOML",)),
    ('kind = "package"', 'colour = "red"', 2, ("colour", "not known")),
    ('zh = "试", ', "", 3, ("title", "both languages")),
    ('en = "Question?"', 'en = " "', 4, ("question", "both languages")),
    ('question = { zh = "问？", en = "Question?" }', "", 1, ("question", "both languages")),
    ('["ZG08"]', '["ZG80"]', 5, ("ZG80", "no figure or source")),
    ('["ZG08"]', '"ZG08"', 5, ("list",)),
    ('[ { zh = "注", en = "Note" } ]', '{ zh = "注", en = "Note" }', 6, ("list",)),
    ('[ { zh = "注", en = "Note" } ]', "[ 3 ]", 6, ("both languages",)),
    ('title = { zh = "试", en = "Trial" }', 'title = " "', 3, ("title", "both languages")),
    ('base = "baseline"', 'base = "深圳模式（移值）"', 1, ("did you mean “深圳模式（移植）”",)),
    ('"zhengzhou"', '"zhengzou"', 7, ("zhengzou", "did you mean “zhengzhou”")),
    ('same_budget_as = "zhengzhou_2025"', 'same_budget_as = "zhengzhou_2024"', 8, ("did you mean “zhengzhou_2025”",)),
    ('same_budget_as = "zhengzhou_2025"', 'same_budget_as = "trial"', 8, ("not scaled itself",)),
    ('same_budget_as = "zhengzhou_2025"', 'same_budget_as = "ai_surge"', 8, ("package",)),
    ("platform_guarantee = { 2025-10 = 0.5 }", 'fund_size = "1 亿元"', 18, ("is a lever", "[levers]")),
    ("production_subsidy_rate", "platform_guarantee", 12, ("not the city's", "[assumptions]")),
    ("production_subsidy_rate", "made_up_share", 12, ("not the city's", "[assumptions]")),
    ("made_up_share", "made_up_year", 19, ("constant", "no scenario can set")),
    ("made_up_share = 0.3", "made_up_share = { 2026-01 = 0.3 }", 19, ("without a date",)),
    ("made_up_share = 0.3", "made_up_share = 3", 19, ("0 to 1",)),
    ("[assumptions]", "[assumption]", 17, ("assumption", "did you mean “assumptions”")),
    ("[assumptions]", "[levers]", 17, ("not TOML",)),
    ("made_up_share = 0.3", "made_up_share = " + "[" * 100_000, None, ("nested too deeply",)),
    ("made_up_share = 0.3", "made_up_share = " + "9" * 5000, None, ("thousands of digits",)),
]


def _sentence(error: InputError) -> str:
    text = str(error)
    assert "\n" not in text
    assert "Traceback" not in text
    return text


def _load(folder: Path, text: str | bytes, name: str = "trial.toml") -> Scenario:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_scenario(path, PARAMETERS, known_evidence=EVIDENCE)


def test_the_file_without_a_mistake_is_accepted(tmp_path: Path) -> None:
    """Otherwise every refusal below could have another cause."""
    assert _load(tmp_path, VALID).name == "trial"


@pytest.mark.parametrize(("old", "new", "line", "words"), MISTAKES, ids=[f"{m[0][:20]}→{m[1][:30]}" for m in MISTAKES])
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int | None, words: tuple[str, ...]
) -> None:
    assert VALID.count(old) >= 1
    with pytest.raises(InputError) as raised:
        _load(tmp_path, VALID.replace(old, new, 1))
    sentence = _sentence(raised.value)
    assert sentence.startswith(f"{tmp_path / 'trial.toml'}:{line}: " if line else f"{tmp_path / 'trial.toml'}: ")
    for word in words:
        assert word in sentence


def test_a_lever_in_a_shock_is_refused(tmp_path: Path) -> None:
    head = 'kind = "shock"\ntitle = { zh = "试", en = "T" }\nquestion = { zh = "问", en = "Q" }\n'
    with pytest.raises(InputError, match=r"trial\.toml:4: a shock .*\[assumptions\] only"):
        _load(tmp_path, head + '[levers]\nfund_size = "1 亿元"\n')


def test_a_circle_of_bases_is_named_in_full(tmp_path: Path) -> None:
    head = 'title = { zh = "试", en = "T" }\nquestion = { zh = "问", en = "Q" }\nbase = '
    for name, base in (("one", "two"), ("two", "three"), ("three", "one")):
        (tmp_path / f"{name}.toml").write_text(f'{head}"{base}"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"three\.toml:3: .*\(one → two → three → one\)"):
        load_scenario(tmp_path / "one.toml", PARAMETERS)


def test_a_mistake_in_a_base_is_placed_in_the_base(tmp_path: Path) -> None:
    (tmp_path / "ground.toml").write_text(VALID.replace('"100 处"', '"-1 处"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"ground\.toml:11: .*-1 处"):
        _load(tmp_path, VALID.replace('"baseline"', '"ground"', 1))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"base = 'a'\ntitle = '\xff\xff'\n", ":2: the file is not UTF-8"),
        (b"\x80\x81\x00\x01", ":1: the file is not UTF-8"),
        (b"\xff\xfeb\x00a", "not UTF-8"),
        (b"#" * (LARGEST_FILE + 1), f"at most {LARGEST_FILE:,}"),
        (b"base = \n", ":1: this line is not TOML"),
    ],
)
def test_a_file_that_is_no_scenario_at_all(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(InputError) as raised:
        _load(tmp_path, content)
    assert words in _sentence(raised.value)


def test_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="did you mean “zhengzhou_2025”"):
        load_scenario("zhengzhou_2052", PARAMETERS)
    (tmp_path / "my_plan.toml").write_text(VALID, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"“my_plan”; did you mean “my_plan\.toml”"):
        load_scenario("my_plan", PARAMETERS)
    with pytest.raises(InputError, match=r"nothing\.toml: the file cannot be read"):
        load_scenario(tmp_path / "nothing.toml", PARAMETERS)
    (tmp_path / "notepad.toml.txt").write_text(VALID, encoding="utf-8")
    for name in ("notepad.toml", "notepad.toml.txt"):
        with pytest.raises(InputError, match=r"notepad\.toml\.txt: Windows .*; rename it to notepad\.toml$"):
            load_scenario(name, PARAMETERS)
    with pytest.raises(InputError, match="cannot be read"):
        load_scenario(tmp_path, PARAMETERS)
    with pytest.raises(InputError, match=r"my-plan\.toml:1: .*letters, digits and _"):
        _load(tmp_path, VALID, "my-plan.toml")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["fund_size"], "--set fund_size: write it as name=value"),
        (["fund_sise=2亿元"], "--set fund_sise=2亿元: there is no lever “fund_sise”; did you mean “fund_size”?"),
        (["fund_size=2 parks"], "“parks” is the wrong unit"),
        (["fund_size=2"], "has no unit"),
        (["fund_size=20亿元"], "0 to 10 亿元"),
        (["fund_size=2亿元@2035-01"], "2023-01 to 2030-12"),
        (["fund_size=2亿元@soon"], "not a month"),
        (["fund_size=2亿元", "产业基金=3亿元"], "each once"),
        (["fund_size=1亿", "fund_size=2亿"], "“fund_size” is set twice"),
        (["fund_size=1亿@2027-01", "产业基金=2亿"], "“fund_size” is set twice"),
        (["fund_size=1亿", "fund_size=2亿@2025-05"], "“fund_size” is set twice"),
        (["fund_size=2亿元@2027-01", "fund_size=3亿元@2026-05"], "2026-05 is written after 2027-01"),
        (["made_up_share=0.3@2026-01"], "without a date"),
        (["made_up_year=0.3"], "no scenario can set"),
    ],
)
def test_a_mistake_in_an_option_speaks_of_the_option(settings: list[str], words: str) -> None:
    with pytest.raises(InputError) as raised:
        with_settings(load_scenario("baseline", PARAMETERS), settings, PARAMETERS)
    sentence = _sentence(raised.value)
    assert sentence.startswith(f"--set {settings[-1]}: ")
    assert words in sentence
    assert ".toml" not in sentence


SETTINGS = ("fund_sise=2亿元", "municipal_parks=2亿元", "support_end=soon", "platform_guarantee=7", "shoot=1")


@given(st.lists(st.sampled_from(SETTINGS), min_size=1, unique=True))
def test_every_option_with_a_mistake_is_told(wrong: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        with_settings(load_scenario("baseline", PARAMETERS), ["fund_size=1亿元", *wrong], PARAMETERS)
    assert [str(said).split(": ")[0] for said in sentences_of(raised.value)] == [f"--set {one}" for one in wrong]


WRONG = {
    "colour": ('base = "baseline"', 'base = "baseline"\ncolour = "red"'), "fund_sise": ("fund_size =", "fund_sise ="),
    "取景地开发": ('"取景地开放"', '"取景地开发"'), "“人”": ('"30 %"', '"30 人"'), "0.5.": ("= 0.5", '= "0.5."'),
}  # fmt: skip
"""What a sentence must hold -> what is replaced, and by what."""


@given(st.sets(st.sampled_from(sorted(WRONG)), min_size=1))
def test_every_line_with_a_mistake_is_told(wrong: set[str]) -> None:
    text = VALID
    for found in wrong:
        text = text.replace(*WRONG[found], 1)
    with tempfile.TemporaryDirectory() as folder, pytest.raises(InputError) as raised:
        _load(Path(folder), text)
    sentences = [*map(str, sentences_of(raised.value))]
    assert len(sentences) == len(wrong)
    for found in wrong:
        assert [sentence for sentence in sentences if found in sentence], found


def test_a_package_is_no_shock_and_a_shock_no_package() -> None:
    package, shock = load_scenario("baseline", PARAMETERS), load_scenario("ai_surge", PARAMETERS)
    with pytest.raises(InputError, match="“ai_surge” is a shock"):
        combine(shock, shock)
    with pytest.raises(InputError, match="“baseline” is a package"):
        combine(package, shock, package)


TARGET = """\
[definitions]
heads = { zh = "人头", en = "Heads" }
[jobs_2028]
label = { zh = "就业", en = "Jobs" }
measure = "level_at_year_end"
year = 2028
threshold = "5 万人"
judged_under = "heads"
evidence = ["ZG04"]
document_date = "2026-01-05"
note = { zh = "注", en = "Note" }
[jobs_2028.definitions]
heads = "reported_heads"
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("heads = {", "head = {", 13, "has no label"),
        ('en = "Heads"', 'eng = "Heads"', 2, "both languages"),
        ("measure =", "mesure =", 5, "did you mean “measure”"),
        ("level_at_year_end", "level", 5, "“measure” cannot be"),
        ("year = 2028\n", "", 3, "lacks “year”"),
        ("2028\nthreshold", "2031\nthreshold", 6, "2023 to 2030"),
        ('"5 万人"', "50000", 7, "has no unit"),
        ('"5 万人"', '"5 elephants"', 7, "not known"),
        ('"5 万人"', '"0 人"', 7, "“0 人” cannot be a target, which is an amount above 0"),
        ('"5 万人"', '"-0 人"', 7, "above 0"),
        ('"5 万人"', '"-5 万人"', 7, "above 0"),
        ('"5 万人"', '"1e308 万人"', 7, "not a finite number"),
        ('"5 万人"', "nan", 7, "not a finite number"),
        ('"5 万人"', "-inf", 7, "not a finite number"),
        ('"5 万人"', "true", 7, "not a number"),
        ("2028\nthreshold", "2022\nthreshold", 6, "2023 to 2030"),
        ("2028\nthreshold", "2028.5\nthreshold", 6, "2023 to 2030"),
        ('zh = "就业"', 'zh = "就\\u001b[31m业"', 4, "“label” holds the invisible character U+001B; delete it"),
        ('zh = "注"', 'zh = "\\u202e注"', 11, "“note” holds the invisible character U+202E; delete it"),
        ('judged_under = "heads"', 'judged_under = "hands"', 8, "did you mean “heads”"),
        ('["ZG04"]', '["ZG4"]', 9, "no figure or source"),
        ('"2026-01-05"', '"5 January"', 10, "not a date"),
        ('"reported_heads"', '"reported_hands"', 13, "did you mean “reported_heads”"),
        ('"reported_heads"', '"output"', 13, "“output” is in wanyuan, the threshold in person"),
        ("[jobs_2028.definitions]\nheads", "definitions = {}\n#", 12, "names, for each definition"),
    ],
)
def test_a_mistake_in_a_target(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    path = tmp_path / "mine.toml"
    variables = {"reported_heads": "person", "output": "wanyuan"}
    path.write_text(TARGET, encoding="utf-8")
    assert load_targets(path, variables, ("ZG04",))[0].threshold == 50_000
    assert TARGET.count(old) == 1
    path.write_text(TARGET.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_targets(path, variables, ("ZG04",))
    sentence = _sentence(raised.value)
    assert sentence.startswith(f"{path}:{line}: ")
    assert words in sentence


def test_a_file_of_targets_holds_targets_and_leaves_the_official_definitions_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[definitions]\nheads = { zh = "人头", en = "Heads" }\n', encoding="utf-8")
    with pytest.raises(InputError, match="holds no target"):
        load_targets(path)
    path.write_text(TARGET.replace("[definitions]", '[definitions]\nlocal_output = { zh = "a", en = "b" }'), "utf-8")
    with pytest.raises(InputError, match=":2: “local_output” is an official definition"):
        load_targets(path)


def test_a_planners_own_target_never_takes_the_place_of_the_official_market() -> None:
    official = load_targets()
    own = replace(official[0], identifier="mine", definitions=dict.fromkeys("abcdefgh", "fte_jobs"))
    assert market_of((*official, own)).identifier == market_of(official).identifier == "market_2027"


_PIECES = st.sampled_from([
    "[", "]", "{", "}", "=", '"', "'", ".", ",", "\n", "#", "-", "1", "0", "e", "nan", "inf", "年", "亿元", "/", "%",
    " ", "2025-10", "value", "ramp", "[levers]", "[[levers]]", "[assumptions.x]", "true", "1979-05-27T07:32:00Z",
    "\x00", "\u2028", '"""', "\\u",
])  # fmt: skip


_UNITS = st.lists(
    st.sampled_from(["亿元", "年", "%", "/", "*", "**", "(", ")", "^", "1", "2", " ", "万", "park"]), max_size=5
)
_QUANTITIES = st.builds("{}{}".format, st.floats() | st.integers(), _UNITS.map("".join)).map(json.dumps)
_VALUES = st.recursive(
    _QUANTITIES
    | st.sampled_from(["true", "nan", "-inf", '""', '"2025-10"', '"2031-01"', "2025-10-01", "07:32:00", '"6 个月"'])
    | st.integers().map(str)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(["zh", "en", "value", "ramp", "2025-10", "2026-07", "x"]), inner, max_size=3
        ).map(lambda table: f"{{ {', '.join(f'{key} = {item}' for key, item in table.items())} }}")
    ),
    max_leaves=6,
)
_VALUED_LINES = [number for number, line in enumerate(VALID.splitlines()) if " = " in line]


def _is_scenario_or_sentence(folder: Path, text: str) -> None:
    refusal = ""
    try:
        assert isinstance(_load(folder, text.encode("utf-8", "replace")), Scenario)
    except InputError as error:
        refusal = str(error)
    assert not refusal or refusal.startswith(str(folder))


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), _PIECES | st.text(max_size=4)), min_size=1, max_size=4))
def test_no_damage_to_a_file_gives_anything_but_a_scenario_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[float, int, str]]
) -> None:
    text = VALID
    for where, length, piece in changes:
        start = int(where * len(text))
        text = text[:start] + piece + text[start + length :]
    _is_scenario_or_sentence(tmp_path_factory.getbasetemp(), text)


@given(st.lists(st.tuples(st.sampled_from(_VALUED_LINES), _VALUES), min_size=1, max_size=3))
def test_no_other_value_in_a_file_gives_anything_but_a_scenario_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str]]
) -> None:
    lines = VALID.splitlines()
    for number, value in changes:
        lines[number] = f"{lines[number].partition(' = ')[0]} = {value}"
    _is_scenario_or_sentence(tmp_path_factory.getbasetemp(), "\n".join(lines))
