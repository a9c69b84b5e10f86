"""Is what the two READMEs say true: links, tree, commands, code, example scenario, counts?

It does not establish that the READMEs are easy to follow, nor that the figure in them is the newest.
"""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shudian.calibrate.calibration import Evidence
from shudian.cli import app
from shudian.equations import market
from shudian.scenarios import list_scenarios, load_scenario
from shudian.structure import load_model

ROOT = Path(__file__).parents[1]
READMES = {language: (ROOT / name).read_text() for language, name in (("en", "README.md"), ("zh", "README.zh.md"))}
MODEL = load_model()
both = pytest.mark.parametrize("text", READMES.values(), ids=READMES)


def blocks(text: str, kind: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    return [body for found, body in fenced if found == kind]


@both
def test_links_and_folders_exist(text: str) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / link).exists(), link
    tree = next(block for block in blocks(text, "") if "seeds/ " in block)
    for folder in re.findall(r"^(\S+/) ", tree, flags=re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder


@both
def test_the_example_scenario_is_right(text: str, tmp_path: Path) -> None:
    example, review = blocks(text, "toml")
    path = tmp_path / "my_package.toml"
    path.write_text(f"{example}\n{review}", encoding="utf-8")
    scenario = load_scenario(path, MODEL.parameters)
    assert [segment.value for segment in scenario.levers["fund_size"]] == [1e4, 2e4]
    assert scenario.levers["municipal_parks"][-1].ramp == 12
    shipped = load_scenario("evaluate_and_exit", MODEL.parameters)
    assert scenario.reviews == shipped.reviews


@both
def test_the_example_of_figures_is_read_and_fitted(text: str, tmp_path: Path) -> None:
    (example,) = blocks(text, "csv")
    path = tmp_path / "new.csv"
    path.write_text(example, encoding="utf-8")
    figure = Evidence(extra=path).added["NEW-1"]
    assert (figure.indicator, figure.geography, figure.value) == ("crews_per_day", "zhengzhou", 93)
    assert figure.own_source is not None
    reports = Evidence(extra=path).target().observer.reports
    assert "NEW-1" in {fitted.identifier for report in reports for fitted in report.figures}


def test_the_example_in_python_runs() -> None:
    codes = [blocks(text, "python")[0] for text in READMES.values()]
    # run once: only the comments are in another language
    assert len({ast.dump(ast.parse(code)) for code in codes}) == 1
    names: dict[str, Any] = {}
    exec(compile(codes[0], "README", "exec"), names)
    assert names["months"]["fte_jobs"].sizes == {"scenario": 3, "month": 97, "quantile": 5}


@both
def test_the_example_of_ones_own_runs(text: str) -> None:
    code = blocks(text, "python")[1]
    names: dict[str, Any] = {}
    exec(compile(code, "README", "exec"), names)
    assert names["own"].frame()["unit"].unique().tolist() == ["人/亿元"]
    assert names["draws"].sizes["draw"] == 500
    assert [change.name for change in names["model"].changes] == ["tax_credit", "startup_exit"]


@both
def test_the_example_equation_is_the_shipped_one(text: str) -> None:
    code = blocks(text, "python")[2]
    shipped = Path(market.__file__).read_text()
    assert code.strip() in shipped


@both
def test_every_command_named_exists(text: str) -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    lines = [line for block in blocks(text, "") for line in block.splitlines() if line.startswith("shudian ")]
    assert len(lines) >= 8
    for line in lines:
        words = shlex.split(line, comments=True)
        assert words[1] in known, line
        for word in words[2:]:
            if re.fullmatch(r"[a-z]+_[a-z0-9_]+", word) and words[1] == "run":
                assert word in list_scenarios(), word


@both
def test_options_named_exist(text: str) -> None:
    lines = [line for block in blocks(text, "") for line in block.splitlines() if line.startswith("shudian ")]
    for line in lines:
        command = line.split()[1]
        offered = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
        for option in re.findall(r"(?<![\w-])--[a-z]+", line.partition("#")[0]):
            assert option in offered, line


def test_counts_are_true() -> None:
    assert f"{len(MODEL.stocks)} stocks, {len(MODEL.loops)} named feedback loops" in READMES["en"]
    assert f"{len(MODEL.stocks)}个存量，{len(MODEL.loops)}个有名称的反馈回路" in READMES["zh"]


def test_both_say_the_same_things() -> None:
    headings = {language: len(re.findall(r"^## ", text, flags=re.MULTILINE)) for language, text in READMES.items()}
    assert headings["en"] == headings["zh"]
    assert len(blocks(READMES["en"], "python")) == len(blocks(READMES["zh"], "python"))
