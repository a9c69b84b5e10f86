"""Does a run's folder hold what its verdicts rest on, and can the run be repeated from its manifest, bit for bit?

Does not establish that the numbers are the same on another kind of processor or with other versions: the
manifest names them, and `--repeat` says when the data differ. Nor that the verdicts are right about the world.
"""

from __future__ import annotations

import codecs
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from commands import Terminal
from shudian.report.manifest import file_digest
from shudian.units import conversion

DRAWS = 150
COMMAND = (
    "run",
    "zhengzhou_2025",
    "hangzhou_mode_same_budget",
    "--with",
    "ai_surge",
    "--draws",
    str(DRAWS),
    "--seed",
    "4",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("run") / "results"
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("sys.argv", ["shudian", *COMMAND, "--out", str(place), "--lang", "zh"])
        from shudian import cli

        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code
    return place


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys, paints=True)


def summary(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return found


def readings(
    folder: Path, scenario: str, variable: str, how: str, year: int, since: int | None = None
) -> pd.Series[float]:
    table = pd.read_parquet(folder / "yearly_draws.parquet")
    table = table[table["scenario"] == scenario].assign(year=pd.to_datetime(table["date"]).dt.year)
    wide = table.pivot(index="draw", columns="year", values=variable)
    found: pd.Series[float] = wide[year + 1] - (wide[since or year] if how == "increase_over_year" else 0)
    return found


def test_the_probabilities_follow_from_the_draws_on_file(folder: Path) -> None:
    said = summary(folder)
    checked = 0
    for scenario, row in said["scenarios"].items():
        for name, target in said["targets"].items():
            for definition, variable in target["definitions"].items():
                found = readings(folder, scenario, variable, target["measure"], target["year"]) >= target["threshold"]
                assert row["targets"][name][definition]["value"] == found.mean()
                error = np.sqrt(found.mean() * (1 - found.mean()) / DRAWS)
                assert row["targets"][name][definition]["error"] == pytest.approx(error, abs=1e-15)
                checked += 1
    assert checked == 3 * 6


def test_the_amounts_and_differences_follow_from_the_draws_on_file(folder: Path) -> None:
    said = summary(folder)
    internal = pd.read_parquet(folder / "monthly_quantiles.parquet").groupby("variable")["unit"].first()
    for name, measure in said["measures"].items():
        factor = conversion(internal[measure["variable"]], measure["unit"])
        values = {
            scenario: factor
            * readings(folder, scenario, measure["variable"], measure["reading"], measure["year"], measure["since"])
            for scenario in said["scenarios"]
        }
        for scenario, row in said["scenarios"].items():
            shown = [row["measures"][name][key] for key in ("low", "median", "high")]
            assert shown == pytest.approx(values[scenario].quantile([0.05, 0.5, 0.95]).tolist(), rel=1e-12)
            if name in row["additional"]:
                difference = values[scenario] - values[said["reference"]]
                shown = [row["additional"][name][key] for key in ("low", "median", "high")]
                assert shown == pytest.approx(difference.quantile([0.05, 0.5, 0.95]).tolist(), rel=1e-9, abs=1e-9)


def test_the_quantiles_on_file_agree_with_each_other_and_with_the_draws(folder: Path) -> None:
    parquet = pd.read_parquet(folder / "monthly_quantiles.parquet")
    levels = ["q05", "q25", "q50", "q75", "q95"]
    raw = (folder / "monthly_quantiles.csv").read_bytes()
    assert raw.startswith(codecs.BOM_UTF8)
    csv = pd.read_csv(io.BytesIO(raw), dtype={"unit": str}, keep_default_na=False)
    assert len(csv) == len(parquet)
    factors = [conversion(inside, shown or "1") for inside, shown in zip(parquet["unit"], csv["unit"], strict=True)]
    expected = parquet[levels].to_numpy() * np.array(factors)[:, None]
    np.testing.assert_allclose(csv[levels], expected, rtol=1e-5, atol=1e-9)
    assert (np.diff(parquet[levels], axis=1) >= 0).all()
    yearly = pd.read_parquet(folder / "yearly_draws.parquet")
    variables = [name for name in yearly.columns if name not in ("scenario", "date", "draw")]
    of_draws = yearly.groupby(["scenario", "date"])[variables].quantile(0.25).stack()
    on_file = parquet.set_index(["scenario", "month", "variable"])["q25"].loc[of_draws.index]
    np.testing.assert_allclose(on_file, of_draws, rtol=1e-12, atol=1e-12)


def test_the_manifest_names_every_file_by_its_hash(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    on_disk = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    assert on_disk == manifest["files"].keys()
    assert {"figures/1_probability_zh.png", "figures/3_paths_zh.svg", "verdicts.csv", "table.md"} <= on_disk
    assert all(file_digest(folder / name) == digest for name, digest in manifest["files"].items())


def test_figures_need_no_font_to_be_installed(folder: Path) -> None:
    for path in (folder / "figures").glob("*.svg"):
        drawing = path.read_text(encoding="utf-8")
        assert "<path" in drawing
        assert "<text" not in drawing
        assert "font-family" not in drawing


def test_everything_says_that_it_is_calibrated(folder: Path) -> None:
    said = summary(folder)
    assert said["calibrated"]
    assert "已校准" in said["basis"]["zh"]
    assert "已校准" in (folder / "table.md").read_text(encoding="utf-8")
    assert "已校准" in (folder / "verdicts.csv").read_text(encoding="utf-8-sig").splitlines()[-1]


def test_the_spreadsheet_has_a_row_for_each_package_and_the_numbers_of_the_summary(folder: Path) -> None:
    said = summary(folder)
    table = pd.read_csv(folder / "verdicts.csv", encoding="utf-8-sig")
    assert (folder / "verdicts.csv").read_bytes().startswith(codecs.BOM_UTF8)
    assert table["scenario"].tolist() == list(said["scenarios"])
    for (_, row), scenario in zip(table.iterrows(), said["scenarios"].values(), strict=True):
        for name in ("firms", "cost"):
            shown = [float(row[f"{name}_{level}"]) for level in ("p05", "median", "p95")]
            expected = [scenario["measures"][name][key] for key in ("low", "median", "high")]
            assert shown == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_the_parts_of_the_cost_make_the_whole_in_every_draw(folder: Path) -> None:
    table = pd.read_parquet(folder / "yearly_draws.parquet")
    parts = ["cumulative_support_paid", "cumulative_fund_contribution", "cumulative_park_spending"]
    np.testing.assert_allclose(table[parts].sum(axis=1), table["cumulative_fiscal_cost"], rtol=1e-12, atol=1e-9)


def test_where_a_definition_stands_already_follows_from_the_draws_on_file(folder: Path) -> None:
    said = summary(folder)
    target = said["targets"]["market_2027"]
    for definition, variable in target["definitions"].items():
        for standing in said["standing"][definition]:
            values = readings(folder, said["asked"], variable, target["measure"], standing["year"])
            assert standing["amount"]["median"] == pytest.approx(values.median(), rel=1e-12)
            assert standing["reached"]["value"] == (values >= target["threshold"]).mean()


def test_the_finding_is_the_largest_difference_that_another_package_makes(folder: Path) -> None:
    said = summary(folder)
    chances = {
        (scenario, definition): chance["value"]
        for scenario, row in said["scenarios"].items()
        for definition, chance in row["targets"]["market_2027"].items()
    }
    asked = {d: p for (scenario, d), p in chances.items() if scenario == said["asked"]}
    assert said["finding_numbers"]["definitions_spread"] == max(asked.values()) - min(asked.values())
    expected = max(abs(p - asked[definition]) for (_, definition), p in chances.items())
    assert said["finding_numbers"]["packages_spread"] == pytest.approx(expected, abs=1e-12)


def test_a_reported_total_is_compared_with_the_draws_of_the_same_year(folder: Path, terminal: Terminal) -> None:
    # what was decided is what reports are compared with, whatever was asked
    assert terminal("run", "zhengzhou_2025", "--draws", str(DRAWS), "--seed", "4", "--out", "b").code == 0
    compared = {(c["figure"], c["start"], c["end"]): c for c in summary(folder)["reported"]}
    for figure, variable, year in (
        ("ZM03", "cumulative_local_output", 2024),
        ("ZM07", "cumulative_allocated_market", 2025),
    ):
        values = readings(Path("b"), "zhengzhou_2025", variable, "increase_over_year", year) / 1e4
        found = compared[(figure, f"{year}-01-01", f"{year}-12-31")]
        assert found["model"]["median"] == pytest.approx(values.median(), rel=1e-9)
        low, high = values.quantile([0.05, 0.95])
        # a report's own error only widens the interval
        assert found["inside"] or not (low <= found["printed"][1] and high >= found["printed"][0])


def test_a_repeat_from_the_manifest_is_the_same_bit_for_bit(folder: Path, terminal: Terminal) -> None:
    ended = terminal("run", "--repeat", str(folder / "manifest.json"), "--lang", "en")
    assert ended.code == 0
    assert "same bit for bit" in ended.out
    assert not list(Path.cwd().iterdir())


def test_a_repeat_of_something_else_is_called_different(folder: Path, terminal: Terminal, tmp_path: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    scenario = next(entry for entry in manifest["scenarios"] if entry["name"].startswith("zhengzhou_2025"))
    scenario["levers"]["fund_size"][-1]["value"] *= 1 + 1e-12
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    ended = terminal("run", "--repeat", str(tmp_path), "--lang", "en")
    assert ended.code == 1
    assert "the data" in ended.out


def test_the_same_command_gives_the_same_files(folder: Path, terminal: Terminal) -> None:
    ended = terminal(*COMMAND, "--out", "again", "--lang", "zh")
    assert ended.code == 0
    first = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    second = json.loads(Path("again/manifest.json").read_text(encoding="utf-8"))
    assert first["files"] == second["files"]


def test_more_draws_begin_with_the_same_ones(folder: Path, terminal: Terminal) -> None:
    ended = terminal(
        "run", "zhengzhou_2025", "--with", "ai_surge", "--draws", str(DRAWS + 20), "--seed", "4", "--out", "m"
    )
    assert ended.code == 0
    few = pd.read_parquet(folder / "yearly_draws.parquet")
    many = pd.read_parquet("m/yearly_draws.parquet")
    few = few[few["scenario"] == "zhengzhou_2025+ai_surge"]
    many = many[(many["scenario"] == "zhengzhou_2025+ai_surge") & (many["draw"] < DRAWS)]
    pd.testing.assert_frame_equal(few.reset_index(drop=True), many.reset_index(drop=True), check_exact=True)


@pytest.mark.parametrize("text", ["", "{}", '{"form": 99}', "[1, 2]", '{"form": 2, "city": "zhengzhou"}'])
def test_what_is_not_a_manifest_is_refused(text: str, terminal: Terminal) -> None:
    Path("m.json").write_text(text, encoding="utf-8")
    ended = terminal("run", "--repeat", "m.json")
    assert ended.code == 2
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    "words", [("baseline",), ("--set", "fund_size=2亿元"), ("--seed", "9"), ("--draws", "5"), ("--prior",), ("-o", "x")]
)
def test_what_stands_beside_a_manifest_is_refused_and_not_passed_over(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = Terminal(monkeypatch, capsys)("run", "--repeat", "anywhere.json", *words, "--lang", "en")
    assert ended.code == 2
    assert "--repeat runs what the manifest says; leave out" in ended.err
