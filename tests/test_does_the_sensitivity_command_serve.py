"""Does `shudian sensitivity` answer with a sentence, tables, files and figures, in both languages, and refuse mistakes?

Does not establish that the numbers are right (see the tests of indices, choice and statistics) nor that the figures can
be read: they are looked at by people.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from commands import Terminal
from shudian.evidence import load_parameters

FEW = ("--draws", "400", "--base-runs", "64", "--outcome", "local_output", "--outcome", "additional_fte_jobs")
FILES = {
    "sobol_parameters.csv", "screening.csv", "sobol_levers.csv", "posterior_shares.csv", "policy_sensitivity.csv",
    "policy_flips.csv", "statistics_chance.csv", "statistics_choice.csv", "structures.csv", "beliefs.csv",
    "columns.csv", "table.md", "tables.xlsx", "summary.json", "manifest.json",
}  # fmt: skip


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def rows(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_two_packages_in_both_languages(terminal: Terminal) -> None:
    packages = ("shenzhen_mode", "shanghai_mode")
    zh = terminal("sensitivity", *packages, *FEW, "--levers", "--lang", "zh", "-o", "zh")
    en = terminal("sensitivity", *packages, *FEW, "--lang", "en", "-o", "en")
    assert (zh.code, en.code) == (0, 0), zh.err + en.err
    assert zh.out.startswith("按净收益（每元新增产值计0.5元，假定），")
    assert en.out.startswith("By net benefit (0.5 yuan for a yuan of additional output, assumed)")
    assert "注意：下列结果的不确定性主要来自先验假定" in zh.out
    assert {path.name for path in Path("zh").iterdir()} == FILES | {"figures"}
    assert {path.name for path in Path("en").iterdir()} == FILES - {"sobol_levers.csv"} | {"figures"}
    figures = {"1_indices", "2_levers", "3_choice", "4_statistics", "5_structures"}
    assert {path.name for path in Path("zh/figures").iterdir()} == {
        f"{name}_zh.{end}" for name in figures for end in ("png", "svg")
    }
    told, said = (json.loads(Path(folder, "summary.json").read_text()) for folder in ("zh", "en"))
    assert told["finding"] == said["finding"]
    manifest = json.loads(Path("zh/manifest.json").read_text(encoding="utf-8"))
    packages_told = manifest["told"]["packages"]
    assert packages_told == ["shenzhen_mode", "shanghai_mode", "no_policy"]
    assert manifest["request"]["value"] == 0.5

    shares = rows(Path("zh/posterior_shares.csv"))
    uncertain = [p for p in load_parameters().values() if p.role == "uncertain"]
    assert len(shares) == 2 * len(uncertain)
    assert {row["outcome"] for row in shares} == {"local_output", "additional_fte_jobs"}
    assert all(row["parameter"] and row["parameter_zh"] for row in shares)
    worths = rows(Path("en/policy_sensitivity.csv"))
    assert {row["rule"] for row in worths} == {
        "net_benefit", "chance/local_output", "chance/allocated_market", "chance/content_market", "jobs_per_yuan",
    }  # fmt: skip
    assert {row["best"] for row in worths} <= {*packages_told}
    for name in FILES - {
        "sobol_levers.csv", "columns.csv", "table.md", "tables.xlsx", "summary.json", "manifest.json"
    }:  # fmt: skip
        assert Path("zh", name).read_bytes() == Path("en", name).read_bytes()


def test_identical_packages_tie_and_nothing_changes_the_choice(terminal: Terminal, tmp_path: Path) -> None:
    twin = 'base = "no_policy"\ntitle = "双胞胎"\nquestion = "一样吗？"\n'
    (tmp_path / "twin.toml").write_text(twin, encoding="utf-8")
    ended = terminal("sensitivity", "twin.toml", *FEW[:4], "--outcome", "fte_jobs", "--lang", "zh", "-o", "out")
    assert ended.code == 0, ended.err
    assert "第一、第二名分不出先后；“双胞胎”平均最高" in ended.out
    assert "没有哪个参数能确认会改变这一选择" in ended.out
    worths = rows(Path("out/policy_sensitivity.csv"))
    assert {row["worth"] for row in worths} == {"0"}
    assert rows(Path("out/policy_flips.csv")) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--base-runs", "1000"), "--base-runs 1000：基础样本数须为2的幂"),
        (("--outcome", "jobs"), "--outcome：没有“jobs”这项结果"),
        (("demand_stalls",), "“demand_stalls”是冲击"),
        (("no_such_package",), "no_such_package"),
        (("--draws", "9000"), "后验文件只有4000次抽样"),
        (("--levers", "--outcome", "additional_fte_jobs"), "--levers：政策新增部分的份额与结果本身相同"),
    ],
)
def test_a_mistake_is_refused(terminal: Terminal, words: tuple[str, ...], message: str) -> None:
    ended = terminal("sensitivity", *words, "--lang", "zh", "-o", "out")
    assert ended.code == 2
    assert message in ended.err
    assert not Path("out").exists()
