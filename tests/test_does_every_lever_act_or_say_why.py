"""Does every change of a lever either act or say why it does nothing, for every lever over its whole range?

Whether a change acts is judged here by runs of its own, and each reason by taking it away: with what was missing, the
change acts. It does not establish that the model is right to let a lever do nothing, nor that a change which acts in
more than a tenth of the draws matters.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from combinations import thinned
from commands import Terminal
from shudian.analysis.contribution import INSTRUMENTS
from shudian.analysis.idle import LEAST, MOSTLY, Idle, example_of, idle
from shudian.analysis.results import reduce
from shudian.analysis.verdicts import MEASURES, YEAR, judged, measured, read
from shudian.answers.limits import idleness
from shudian.answers.plan import Request, plan
from shudian.answers.run import carry_out
from shudian.draws import Draws
from shudian.grounds import posterior_draws
from shudian.kinds import Parameter, Scenario, Segment
from shudian.parameters import DATE
from shudian.posterior_file import read_posterior
from shudian.report.run.tables import probabilities
from shudian.report.words.idle_text import idle_caution, idle_clause
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario
from shudian.simulate import simulate
from shudian.structure import load_model
from shudian.targets import load_targets

MODEL, TARGETS = load_model(), load_targets()
VARIABLES = judged(MODEL, TARGETS)
LEVERS = [p for p in MODEL.parameters.values() if p.role == "lever"]
NEEDS = [(lever.name, needed) for lever in LEVERS for needed in lever.needs]
DRAWS = posterior_draws(MODEL, read_posterior(), 120, 1)
BASES = ("baseline", "no_policy", "zhengzhou_2025")
CHOICE = 36.0


def package(name: str) -> Scenario:
    return load_scenario(name, MODEL.parameters)


def put(scenario: Scenario, values: Mapping[str, float], start: float = CHOICE) -> Scenario:
    """`scenario` with levers at `values` from month `start` on."""
    levers = dict(scenario.levers)
    for name, value in values.items():
        levers[name] = (*(s for s in levers.get(name, ()) if s.start < start), Segment(start, value))
    return replace(scenario, levers=levers)


def over_its_range(lever: Parameter, points: int) -> list[float]:
    values = np.linspace(lever.low, lever.high, points)
    return sorted(
        {float(round(value)) if lever.whole or lever.display_unit == DATE else float(value) for value in values}
    )


def outcomes(scenario: Scenario, draws: Draws) -> np.ndarray:
    """Every amount of the verdicts and every quantity that a target counts: [outcome, draw]."""
    run = reduce(scenario, simulate(MODEL, scenario, draws, outputs=VARIABLES))
    amounts = [read(run, measure) for measure in MEASURES if measure.year == YEAR]
    return np.array([*amounts, *(measured(run, target, d) for target in TARGETS for d in target.definitions)])


def acting(scenario: Scenario, before: Scenario, draws: Draws = DRAWS) -> float:
    """Share of the draws in which any outcome of YEAR moves by more than the least that counts."""
    return moving(outcomes(scenario, draws), outcomes(before, draws))


def moving(one: np.ndarray, other: np.ndarray) -> float:
    moves = np.abs(one - other) > LEAST * np.maximum(np.abs(one), np.abs(other))
    return float(moves.any(axis=0).mean())


def found(scenario: Scenario, before: Scenario, draws: Draws = DRAWS) -> dict[str, Idle]:
    return {entry.parameter.name: entry for entry in idle(MODEL, scenario, before, draws, VARIABLES)}


def sweep(base: str, lever: Parameter, points: int, start: float = CHOICE) -> None:
    before = package(base)
    other = outcomes(before, DRAWS)
    for value in over_its_range(lever, points):
        scenario = put(before, {lever.name: value}, start)
        said, one = found(scenario, before), outcomes(scenario, DRAWS)
        if moving(one, other) > 1 - MOSTLY + 1e-9:
            assert not said, (base, lever.name, value)
            continue
        # what moves nothing in the targets' year may move an earlier one, but says so where it does not
        if (one == other).all():
            assert {*said} == {lever.name}, (base, lever.name, value)
        for entry in said.values():
            check_words(entry)


def check_words(entry: Idle) -> None:
    for language in ("zh", "en"):
        clause = idle_clause(entry, language)
        assert entry.parameter.label.text(language) in clause
        assert "{" not in clause
        assert "None" not in clause
        assert not clause.endswith(("，", ",", "：", ":", "因为", "because "))


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_a_lever_alone_acts_or_says_why(base: str, lever: Parameter) -> None:
    sweep(base, lever, 4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lever", "base", "start"),
    thinned(
        3, LEVERS, [*BASES, "shenzhen_mode", "hangzhou_mode", "evaluate_and_exit"], [CHOICE, 53.0, 60.0, 77.0, 95.0]
    ),
    ids=lambda value: getattr(value, "name", None),
)
def test_a_lever_alone_acts_or_says_why_at_any_date(base: str, lever: Parameter, start: float) -> None:
    """At the ends, the middle and the quarters of the range; of three packages, the test above has its thirds."""
    sweep(base, lever, 5, start)


@pytest.mark.parametrize(("lever", "needed"), NEEDS)
def test_what_a_lever_needs_is_what_it_needs(lever: str, needed: str) -> None:
    parameter = MODEL.parameters[lever]
    full = {name: example_of(MODEL.parameters[name], MODEL.parameters) for name in parameter.needs}
    rest = 24.0 if MODEL.parameters[needed].display_unit == DATE else 0.0
    value = example_of(parameter, MODEL.parameters)
    for values, acts in ((full, True), ({**full, needed: rest}, False)):
        before = put(put(package("no_policy"), {lever: parameter.value}, 0.0), values, 0.0)
        scenario = put(before, {lever: value})
        said = found(scenario, before)
        assert bool(said) != acts, (lever, needed, values)
        if not acts:
            assert said[lever].reason == ("ended" if rest else "needs")
            assert [p.name for p in said[lever].needs] == [needed]
            assert acting(scenario, before) == 0


BOUND = [
    (
        "production_subsidy_rate",
        "shenzhen_mode",
        {"production_subsidy_cap": 0.5},
        0.5,
        {"production_subsidy_cap": 300.0},
        0.5,
    ),
    ("annual_budget", "no_policy", {}, 1e5 / 12, {"plus_programme": 2e4 / 12}, 1e5 / 12),
    ("fund_size", "zhengzhou_2025", {"fund_size": 100.0}, 50.0, {}, 30_000.0),
    ("municipal_parks", "zhengzhou_2025", {"municipal_parks": 1.0}, 0.0, {}, 10.0),
    ("support_end", "no_policy", {}, 48.0, {"plus_programme": 1e3, "annual_budget": 1e4 / 12}, 48.0),
]


@pytest.mark.parametrize(("lever", "base", "given", "value", "binding", "other"), BOUND, ids=[row[0] for row in BOUND])
def test_a_limit_that_is_named_does_not_bind_and_acts_where_it_does(
    lever: str, base: str, given: dict[str, float], value: float, binding: dict[str, float], other: float
) -> None:
    start = 84.0 if lever in ("fund_size", "municipal_parks") else CHOICE
    before = put(package(base), given, start - 6 if start > CHOICE else start)
    said = found(put(before, {lever: value}, start), before)
    assert said[lever].reason == "limit"
    assert said[lever].share >= MOSTLY
    freed = put(before, binding)
    assert lever not in found(put(freed, {lever: other}), freed)


def test_every_limit_has_a_case() -> None:
    assert {row[0] for row in BOUND} == {lever.name for lever in LEVERS if lever.limit}


@pytest.mark.parametrize("instrument", INSTRUMENTS.values())
def test_what_is_one_instrument_needs_each_other(instrument: tuple[str, ...]) -> None:
    for lever in instrument:
        assert {*instrument} - {lever} <= {*MODEL.parameters[lever].needs}


def test_what_is_one_instrument_stands_together_and_says_so(terminal: Terminal) -> None:
    (instrument,) = INSTRUMENTS.values()
    listed = [line for line in terminal("list", "--lang", "en").out.splitlines() if line.strip()]
    first = next(number for number, line in enumerate(listed) if line.split()[0] == instrument[0])
    rows = listed[first : first + len(instrument)]
    assert [row.split()[0] for row in rows] == [*instrument]
    assert all("set all 3 together" in row for row in rows)
    assert terminal("new", "blank", "--lang", "en").code == 0
    text = Path("blank.toml").read_text(encoding="utf-8")
    places = [text.index(f"# {name} =") for name in instrument]
    remark = text.index("The next 3 belong together")
    assert remark < places[0] < places[1] < places[2]
    others = [text.index(f"# {lever.name} =") for lever in LEVERS if lever.name not in instrument]
    assert not [place for place in others if remark < place < places[2]]
    assert terminal("new", "form", "--xlsx", "--lang", "en").code == 0
    sheet = openpyxl.load_workbook("form.xlsx")["Levers"]
    cells = [[*row] for row in sheet.iter_rows(values_only=True)]
    for name in instrument:
        (row,) = (cell for cell in cells if name in cell)
        assert any("Does nothing without" in str(value) for value in row)


SETTINGS = [
    ("zhengzhou_2025", ["annual_budget=10亿元/年", "fund_size=2亿元"], {"annual_budget": "limit"}),
    ("zhengzhou_2025", ["production_subsidy_rate=30%", "municipal_parks=8"], {"production_subsidy_rate": "needs"}),
    (
        "zhengzhou_2025",
        ["production_subsidy_rate=30%", "production_subsidy_cap=100万元/部"],
        {"production_subsidy_rate": "needs", "production_subsidy_cap": "needs"},
    ),
    ("zhengzhou_2025", ["fund_size=1亿元"], {"fund_size": "same"}),
    ("zhengzhou_2025", ["fund_size=1亿元@2027-03", "approval_days=10日"], {"fund_size": "same"}),
    ("zhengzhou_2025", ["support_end=2031-06"], {"support_end": "late"}),
    ("zhengzhou_2025", ["support_end=2029-01"], {"support_end": "after"}),
    ("zhengzhou_2025", ["fund_size=3亿元@2028-06"], {"fund_size": "after"}),
    ("zhengzhou_2025", ["talent_training=3000人/年@2030-12"], {"talent_training": "late"}),
    ("zhengzhou_2025", ["subsidy_sensitivity=1"], {"subsidy_sensitivity": "zero"}),
    (
        "zhengzhou_2025",
        ["support_end=2029-01", "quality_award=100万元/部@2029-06"],
        {"support_end": "after", "quality_award": "ended"},
    ),
    (
        "zhengzhou_2025",
        ["annual_budget=0亿元/年@2023-01", "script_incubation=0亿元/年@2023-01"],
        {"script_incubation": "off"},
    ),
    ("shenzhen_mode", ["production_subsidy_rate=40%"], {}),
]


@pytest.mark.parametrize(("base", "settings", "expected"), SETTINGS)
def test_of_several_settings_those_that_do_nothing_are_named(
    base: str, settings: list[str], expected: dict[str, str]
) -> None:
    before = package(base)
    said = found(with_settings(before, settings, MODEL.parameters), before)
    assert {name: entry.reason for name, entry in said.items()} == expected
    for entry in said.values():
        check_words(entry)


WANTING = [(lever, base) for lever in LEVERS if [n for n in lever.needs if n != "support_end"] for base in BASES]


@pytest.mark.parametrize(("lever", "base"), WANTING, ids=[f"{lever.name}-{base}" for lever, base in WANTING])
def test_the_command_that_is_offered_acts(lever: Parameter, base: str) -> None:
    before = package(base)
    scenario = put(before, {lever.name: example_of(lever, MODEL.parameters)}, 38.0)
    idle_found = idleness(scenario, before, MODEL, TARGETS, DRAWS)
    if idle_found is None or found(scenario, before)[lever.name].reason != "needs":
        return
    words = shlex.split(idle_caution(idle_found, MODEL.parameters).long.en.partition("This acts: ")[2])
    assert words[:3] == ["shudian", "run", base]
    settings = words[4::2]
    assert {*words[3::2]} == {"--set"}
    changed = with_settings(before, settings, MODEL.parameters)
    # besides the lever, what was set is what was missing
    assert lever.name not in found(changed, before)
    assert acting(changed, before) > 1 - MOSTLY


def remarks(scenarios: tuple[str, ...], settings: tuple[str, ...], language: str, prior: bool = False) -> str:
    answer = carry_out(plan(Request(scenarios, settings=settings, draws=60, prior=prior)))
    return " ".join(probabilities(answer.verdicts, "zh" if language == "zh" else "en").below)


EXTENT = {
    "production_subsidy_rate=30 %": [
        ("en", ["the same in every outcome of every draw to the end of 2030", "does nothing without"]),
        ("zh", ["每一项结果到2030年末都完全相同", "还需要单部补贴上限"]),
    ],
    "fund_size=1亿元": [
        ("en", ["the same in every outcome of every draw to the end of 2030", "what it was anyway"]),
        ("zh", ["每一项结果到2030年末都完全相同", "等于没有改动"]),
    ],
    "support_end=2029-06": [("en", ["they part in 2029: "]), ("zh", ["从2029年起才有不同"])],
    "coverage_ratio=2": [
        ("en", ["differ only in what targets count", "by Allocated market"]),
        ("zh", ["不同的只是目标如何计算", "分摊口径"]),
    ],
}


@pytest.mark.parametrize("setting", EXTENT)
def test_what_is_the_same_in_the_table_says_how_far(setting: str) -> None:
    # on the posterior a value of an uncertain parameter conditions the package as it was as well
    prior = setting.startswith("coverage_ratio")
    for language, parts in EXTENT[setting]:
        said = remarks(("zhengzhou_2025",), (setting,), language, prior)
        assert all(part in said for part in parts), said


def test_what_no_verdict_reads_is_told_apart_from_what_is_the_same() -> None:
    assert "differ only in claims unpaid" in remarks(("no_policy",), ("script_incubation=0.3亿元/年",), "en")


OWN = """
base = "zhengzhou_2025"
title = { zh = "大预算", en = "Big budget" }
question = { zh = "？", en = "?" }
[levers]
annual_budget = "10 亿元/年"
fund_size = { 2025-10 = "1 亿元", 2026-07 = "2 亿元" }
production_subsidy_rate = { 2026-07 = 0.3 }
municipal_parks = { 2025-10 = 5 }
"""


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(OWN, encoding="utf-8")
    return Terminal(monkeypatch, capsys)


@pytest.mark.parametrize("command", ["run", "compare", "check", "brief"])
def test_every_command_names_what_does_nothing_in_an_own_package(command: str, terminal: Terminal) -> None:
    more = [] if command == "check" else ["--draws", "60", "--out", "r"]
    ended = terminal(command, "mine.toml", *more, "--lang", "en")
    assert ended.code == 0
    if command == "brief":
        said = Path("r/brief_en.html").read_text(encoding="utf-8")
    else:
        said = " ".join(ended.out.split())
        assert 'shudian run mine.toml --set "production_subsidy_cap=100 万元/部@2026-07"' in said
    assert "Production subsidy rate does nothing without" in said
    assert "less is claimed than the budget holds" in said
    # what a file repeats of its base is no news, and what acts is not named
    assert "Municipal parks is" not in said
    assert "Industry fund:" not in said
    if command in ("run", "compare"):
        kept = json.loads(Path("r/summary.json").read_text(encoding="utf-8"))
        assert [caution["subject"] for caution in kept["warnings"] if caution["kind"] == "idle"] == ["mine"]
