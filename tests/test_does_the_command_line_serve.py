"""Does each command do what it says, end a mistake with one sentence, and never leave half a result behind?

Does not establish that a full disk behaves like the error that stands for it here, nor how a figure looks.
"""

from __future__ import annotations

import errno
import json
import math
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from commands import Terminal
from reference import evaluate
from shudian.explain import formula
from shudian.paths import scenarios_folder
from shudian.report.render.numbers import percent, significant
from shudian.report.words.explanation import number_lines
from shudian.structure import load_model
from shudian.targets import load_targets

FEW = ("--draws", "30", "--lang", "en")
MODEL = load_model()
NAMES = [*(e.name for e in MODEL.equations), *MODEL.parameters]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    """A terminal for what is said there alone."""
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys, writes=False)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'pandas', 'xarray', 'matplotlib', 'pint', 'pyarrow', 'scipy', 'llvmlite', 'networkx', 'pysd'}"
    code = f"import sys, shudian.cli; print(sorted({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_run_without_its_reference_is_still_compared_with_it(screen: Terminal) -> None:
    ended = screen("run", "zhengzhou_2025", *FEW, "--out", "r")
    assert ended.code == 0
    assert 'and difference from "Opinion of 2024' in " ".join(ended.out.split())
    assert "Calibrated on 52 reports" in ended.out
    assert "Earlier forecasts for Zhengzhou and the country were too narrow" in " ".join(ended.out.split())
    assert not ended.err


def test_a_lever_is_set_on_the_package_and_not_on_the_reference(terminal: Terminal) -> None:
    ended = terminal("run", "baseline", "--set", "fund_size=9 亿元", *FEW, "--out", "r")
    assert ended.code == 0
    import pandas as pd

    table = pd.read_parquet("r/yearly_draws.parquet")
    cost = table[table["date"].astype(str) == "2031-01-01"].groupby("scenario")["cumulative_fiscal_cost"].mean()
    assert cost["no_policy"] == 0
    assert cost["baseline_set"] > cost["baseline"] + 1000


def test_a_changed_package_stands_beside_the_package_as_it_was(terminal: Terminal) -> None:
    words = ("run", "baseline", "zhengzhou_2025", "baseline", "--set", "fund_size=2亿元", *FEW, "--out", "r")
    ended = terminal(*words)
    assert ended.code == 0
    said = json.loads(Path("r/summary.json").read_text(encoding="utf-8"))
    assert list(said["scenarios"]) == [
        "no_policy", "baseline", "baseline_set", "zhengzhou_2025", "zhengzhou_2025_set",
    ]  # fmt: skip
    assert said["asked"] == "baseline_set"
    import pandas as pd

    table = pd.read_parquet("r/yearly_draws.parquet")
    at_end = table[table["date"].astype(str) == "2028-01-01"].set_index(["scenario", "draw"])["cumulative_fiscal_cost"]
    difference = (at_end["baseline_set"] - at_end["baseline"]) / 1e4
    change = said["scenarios"]["baseline_set"]["changes"]["cost"]
    expected = difference.quantile([0.05, 0.5, 0.95]).tolist()
    assert [change["low"], change["median"], change["high"]] == pytest.approx(expected, rel=1e-9)


def test_what_is_set_on_a_package_of_the_same_cost_is_what_is_run(terminal: Terminal) -> None:
    words = ("run", "hangzhou_mode_same_budget", "--set", "fund_size=3亿元@2026-07")
    assert terminal(*words, *FEW, "--out", "r").code == 0
    scenarios = json.loads(Path("r/manifest.json").read_text(encoding="utf-8"))["scenarios"]
    assert scenarios[-1]["levers"]["fund_size"][-1] == {"start": 42.0, "value": 30000.0, "ramp": 0.0}
    assert scenarios[-1]["levers"]["fund_size"][:-1] == scenarios[-2]["levers"]["fund_size"]


def test_a_package_is_compared_with_no_policy_under_its_own_assumptions(terminal: Terminal) -> None:
    assert terminal("run", "baseline", "--set", "platform_guarantee=0.2@2026-02", *FEW, "--out", "r").code == 0
    said = json.loads(Path("r/summary.json").read_text(encoding="utf-8"))
    compared = {name: row["reference"] for name, row in said["scenarios"].items()}
    assert compared == {
        "no_policy": "no_policy", "no_policy_set": "no_policy_set",
        "baseline": "no_policy", "baseline_set": "no_policy_set",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_answer_fits_into_a_usual_terminal(language: str, screen: Terminal) -> None:
    words = ("hangzhou_mode_same_budget", "--set", "fund_size=2亿元", "--draws", "30", "--out", "r")
    ended = screen("run", *words, "--lang", language)
    assert ended.code == 0
    # a path may be longer than any line
    assert max(cell_len(line.rstrip()) for line in ended.out.splitlines() if "/r" not in line) <= 120
    assert "…" not in ended.out


def test_packages_that_part_after_the_target_year_are_said_to_be_alike(terminal: Terminal) -> None:
    """Support that ends with January 2028: on its first day the year-end's jobs would already lack those of tie-ins."""
    titles = 'title = { zh = "晚退", en = "Late exit" }\nquestion = { zh = "晚退如何？", en = "What of a late exit?" }'
    Path("late.toml").write_text(
        f'base = "zhengzhou_2025"\n{titles}\n[levers]\nsupport_end = "2028-02"\n', encoding="utf-8"
    )
    ended = terminal("run", "zhengzhou_2025", "late.toml", "baseline", *FEW, "--out", "r")
    said = json.loads(Path("r/summary.json").read_text(encoding="utf-8"))
    (pair,) = said["alike"]
    assert (pair["one"], pair["other"], pair["extent"]) == ("zhengzhou_2025", "late", "later")
    assert "the same until the end of 2027" in ended.out


def test_an_assumption_is_set_on_the_reference_too_and_after_the_shock(terminal: Terminal) -> None:
    import pandas as pd

    set_ = ("--set", "platform_guarantee=0.2@2026-02")
    runs = {"plain": (), "set": set_, "both": ("--with", "guarantee_withdrawn", *set_)}
    for name, more in runs.items():
        assert terminal("run", "baseline", *more, *FEW, "--out", name).code == 0
    output = {}
    for name in runs:
        table = pd.read_parquet(f"{name}/yearly_draws.parquet")
        reference = json.loads(Path(f"{name}/summary.json").read_text(encoding="utf-8"))["reference"]
        table = table[(table["scenario"] == reference) & (table["date"].astype(str) == "2031-01-01")]
        output[name] = table["cumulative_local_output"].mean()
    assert output["set"] < output["plain"]
    assert output["both"] == output["set"]


def test_too_few_draws_make_no_probability_and_no_difference(screen: Terminal) -> None:
    ended = screen("run", "zhengzhou_2025", "--draws", "1", "--lang", "en", "--out", "r", "--full")
    assert ended.code == 0
    row = next(line for line in ended.out.splitlines() if "— / — / —" in line)
    assert row.count("—") == 9
    assert "≈" not in row
    assert "%" not in row
    assert "too few for probabilities" in " ".join(ended.out.split())


def test_another_city_is_named_with_the_targets_that_are_not_its_own(screen: Terminal) -> None:
    ended = screen("run", "baseline", "--city", "hangzhou", *FEW, "--out", "r")
    assert "City: Hangzhou. The targets are Zhengzhou's" in ended.out
    assert "City: Zhengzhou." in screen("run", "baseline", *FEW, "--out", "z").out


def test_results_get_a_folder_of_their_own(screen: Terminal) -> None:
    for _ in range(2):
        assert screen("run", "baseline", *FEW).code == 0
    assert len(list(Path("results").iterdir())) == 2


def interrupted(*_: object, **__: object) -> NoReturn:
    raise KeyboardInterrupt


def full(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("place", "happens", "code"),
    [
        ("shudian.answers.run.simulate", interrupted, 130),
        ("shudian.report.run.question.write_figures", interrupted, 130),
        ("shudian.report.run.question.write_figures", full, 2),
        ("shudian.report.folder.describe", full, 2),
    ],
)
def test_a_run_that_ends_early_leaves_no_trace(
    place: str, happens: Any, code: int, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Path("results/earlier").mkdir(parents=True)
    Path("results/earlier/table.md").write_text("earlier", encoding="utf-8")
    before = everything(tmp_path)
    monkeypatch.setattr(place, happens)
    for out in ([], ["--out", "other"], ["--out", "deep/er"]):
        ended = terminal("run", "baseline", *FEW, *out)
        assert (ended.code, ended.err.count("\n")) == (code, 1)
        assert everything(tmp_path) == before
        assert not Path("deep").exists()
        assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_results_are_never_overwritten_nor_put_where_they_cannot_be(terminal: Terminal, tmp_path: Path) -> None:
    Path("full").mkdir()
    Path("full/mine.txt").write_text("mine")
    before = everything(tmp_path)
    for out in ("full", "full/mine.txt", "full/mine.txt/below"):
        ended = terminal("run", "baseline", *FEW, "--out", out)
        assert (ended.code, ended.err.count("\n"), ended.out) == (2, 1, "")
        assert everything(tmp_path) == before
    Path("empty").mkdir()
    assert terminal("run", "baseline", *FEW, "--out", "empty").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("run", "zhengzou_2025"),
        ("run", "baseline", "--with", "ai_surg"),
        ("run", "baseline", "--with", "no_policy"),
        ("run", "ai_surge"),
        ("run", "baseline", "--set", "fund_sise=1亿元"),
        ("run", "baseline", "--set", "fund_size=11亿元"),
        ("run", "baseline", "--set", "fund_size=2 parks"),
        ("run", "baseline", "--set", "fund_size"),
        ("run", "baseline", "--city", "atlantis"),
        ("run", "nowhere/plan.toml"),
        ("run", "--repeat", "nowhere.json"),
        ("check", "nowhere.toml"),
        ("explain", "frim_entry"),
        ("new", "not a name"),
    ],
)
def test_a_mistake_gets_one_sentence(words: tuple[str, ...], terminal: Terminal, tmp_path: Path) -> None:
    ended = terminal(*words)
    assert (ended.code, ended.out) == (2, "")
    assert re.fullmatch(r"[^\n]+\n", ended.err)
    assert not list(tmp_path.iterdir())


def test_a_part_of_several_labels_offers_them_all(terminal: Terminal) -> None:
    labels = [p.label.zh for p in MODEL.parameters.values() if p.role == "lever"]
    parts = {label[at : at + 4] for label in labels for at in range(len(label) - 3)}
    shared = {part: held for part in parts if len(held := [label for label in labels if part in label]) > 1}
    assert "补贴比例" in shared
    for part, held in shared.items():
        told = terminal("run", "baseline", "--set", f"{part}=1", "--lang", "zh")
        assert told.code == 2
        for label in sorted(held, key=len)[:2]:
            assert f"“{label}”" in told.err, part


def test_the_nearest_name_is_offered(terminal: Terminal) -> None:
    assert "firm_entry" in terminal("explain", "frim_entry").err
    assert "fund_size" in terminal("explain", "fund size").err
    assert "zhengzhou_2025" in terminal("run", "zhengzou_2025").err


def test_a_new_scenario_loads_and_is_not_overwritten(terminal: Terminal) -> None:
    assert terminal("new", "my_plan").code == 0
    text = Path("my_plan.toml").read_bytes()
    assert terminal("check", "my_plan.toml").code == 0
    assert terminal("new", "my_plan").code == 2
    assert Path("my_plan.toml").read_bytes() == text
    assert terminal("run", "my_plan.toml", *FEW, "--out", "r").code == 0


def test_everything_shipped_passes_its_check(terminal: Terminal) -> None:
    assert terminal("check").code == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_list_names_what_run_takes(language: str, terminal: Terminal) -> None:
    ended = terminal("list", "--lang", language)
    assert ended.code == 0
    for name in ("baseline", "ai_surge", "market_2027", "fund_size", "hangzhou"):
        assert re.search(rf"^  {name} ", ended.out, re.MULTILINE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_name_can_be_explained(language: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    # the model and the seeds are loaded once, not once for each of several hundred names
    from shudian import evidence

    for loader in ("load_figures", "load_sources"):
        loaded = getattr(evidence, loader)()
        monkeypatch.setattr(evidence, loader, lambda loaded=loaded: loaded)
    for name in NAMES:
        ended = terminal("explain", name, "--lang", language)
        assert ended.code == 0, name
        if name in MODEL:
            assert all(cause == "time" or cause in ended.out for cause in MODEL.equation(name).causes), name


def test_a_label_names_its_variable(terminal: Terminal) -> None:
    by_name = terminal("explain", "local_output").out
    assert terminal("explain", MODEL.equation("local_output").label.zh).out == by_name
    assert terminal("explain", MODEL.equation("local_output").label.en.upper()).out == by_name


@pytest.mark.parametrize(
    ("text", "variable"),
    [("分摊口径", "allocated_market"), ("revenue_over_1yi", "lead_firms"), ("2027年末活跃企业", "active_firms")],
)
def test_a_word_of_the_table_names_its_variable(text: str, variable: str, terminal: Terminal) -> None:
    assert terminal("explain", text, "--lang", "zh").out == terminal("explain", variable, "--lang", "zh").out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_target_is_explained_with_the_variables_that_measure_it(language: str, terminal: Terminal) -> None:
    for target in load_targets():
        ended = terminal("explain", target.identifier, "--lang", language)
        assert ended.code == 0
        assert all(variable in ended.out for variable in target.definitions.values())


def test_deep_lists_the_numbers_that_move_the_variable_and_no_others(terminal: Terminal) -> None:
    links = [(cause, e.name) for e in MODEL.equations for cause in (*e.causes, e.initial) if cause]
    cone = networkx.ancestors(networkx.DiGraph(links), "value_per_title")
    expected = {name for name, parameter in MODEL.parameters.items() if parameter.role != "switch" and name in cone}
    ended = terminal("explain", "value_per_title", "--deep", "--lang", "en")
    listed = re.findall(r"(\w+)  \(\d+ steps away\)", ended.out)
    assert len(listed) == len(expected)
    assert {*listed} == expected


def test_no_number_is_written_with_an_exponent() -> None:
    for parameter in MODEL.parameters.values():
        _, values, _ = number_lines(parameter, "zh")
        assert not re.search(r"\d[eE][+-]?\d", values), parameter.name


WRITTEN = {"×": "*", "÷": "/", "−": "-", "^": "**"}
FUNCTIONS: dict[str, Any] = {"exp": math.exp, "ln": math.log, "min": min, "max": max}
FUNCTIONS["choose"] = lambda condition, then, otherwise: then if condition else otherwise


PLAIN = [
    e
    for e in MODEL.equations
    if not any(word in formula(e.expression, str) for word in ("softmin(", "ratio(", "2023:", "∞"))
]


@pytest.mark.parametrize("equation", PLAIN, ids=lambda equation: equation.name)
def test_the_readable_formula_means_what_the_equation_means(equation: Any) -> None:
    text = formula(equation.expression, lambda name: f"v_{name}").replace("if(", "choose(")
    for sign, operator in WRITTEN.items():
        text = text.replace(sign, operator)
    chance = random.Random(equation.name)
    for _ in range(5):
        values = {name: chance.uniform(0.1, 0.9) for name in equation.causes}
        expected = evaluate(equation.expression, {name: np.float64(x) for name, x in values.items()})
        found = eval(text, {"__builtins__": {}}, FUNCTIONS | {f"v_{name}": x for name, x in values.items()})
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(st.integers(0, 5000), st.integers(20, 5000))
def test_a_printed_probability_is_true_to_the_draws(hits: int, draws: int) -> None:
    share = min(hits, draws) / draws
    text = percent(share, draws)
    shown = float(re.sub(r"[<>%]", "", text))
    if text.startswith("<"):
        assert 100 * share < shown
    elif text.startswith(">"):
        assert 100 * share > shown
    else:
        assert abs(shown - 100 * share) <= 0.5 + 1e-9
        assert 0 < shown < 100


@given(st.floats(-1e9, 1e9))
def test_a_printed_amount_is_within_half_a_percent_or_half_a_digit(number: float) -> None:
    shown = float(significant(number).replace(",", "").replace("−", "-"))
    assert abs(shown - number) <= max(0.0051 * abs(number), 0.0051)


def test_an_edited_model_file_is_compared_with_the_scenario_it_came_from(terminal: Terminal) -> None:
    """What differs must be the edit and nothing else: an unedited export of a package differs by nothing."""
    assert terminal("export", "-o", "m.mdl", "--scenario", "zhengzhou_2025", "--lang", "en").code == 0
    ended = terminal("run", "--model", "m.mdl", "--draws", "2", "--out", "r", "--lang", "en")
    assert ended.code == 0, ended.err
    manifest = json.loads(Path("r/manifest.json").read_text(encoding="utf-8"))
    assert manifest["engines"] == {"zhengzhou_2025": "kernel", "m_file": "pysd"}
    changes = json.loads(Path("r/summary.json").read_text(encoding="utf-8"))["scenarios"]["m_file"]["changes"]
    for name, band in changes.items():
        assert abs(band["median"]) < 1e-6, name
        # of two draws no interval is told
        assert band["low"] is band["high"] is None, name
    assert "reference" not in ended.out
    Path("m.mdl").write_text("{UTF-8}\n", encoding="utf-8")
    assert "is no longer the file of that run" in terminal("run", "--repeat", "r", "--lang", "en").err


def test_an_own_target_may_not_take_an_official_name(terminal: Terminal) -> None:
    official = (scenarios_folder() / "targets.toml").read_text(encoding="utf-8")
    Path("own.toml").write_text(official, encoding="utf-8")
    ended = terminal("run", "baseline", "--targets", "own.toml", "--draws", "30", "--out", "r", "--lang", "en")
    assert ended.code == 2
    assert "is an official target; choose another name" in ended.err
    assert not Path("r").exists()


def test_a_loop_is_explained_by_its_name(terminal: Terminal) -> None:
    ended = terminal("explain", "r1", "--lang", "en")
    assert ended.code == 0
    assert "ordinary_firms" in ended.out.splitlines()[-1]
    assert "reinforcing" in ended.out
