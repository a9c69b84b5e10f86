"""Does each question that a command answers have a function, with the numbers that the command writes?

Does NOT establish that the numbers are right (other files ask); `calibration`, which runs for minutes, has a file of
its own, `test_can_a_notebook_calibrate`.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from arviz_stats.base.array import BaseArray

import shudian as sd
from commands import Terminal

DRAWS, SEED = 200, 3
FEW = {"draws": DRAWS, "seed": SEED}
SAME = ("--draws", str(DRAWS), "--seed", str(SEED), "--lang", "en")
QUESTIONS: dict[str, tuple[Any, tuple[str, ...], dict[str, str]]] = {
    "why": (
        lambda: sd.why("shenzhen_mode", "fte_jobs", set={"fund_size": "2 亿元"}, against="baseline", **FEW),
        ("why", "shenzhen_mode", "--outcome", "fte_jobs", "--set", "fund_size=2 亿元", "--against", "baseline", *SAME),
        {"": "why"},
    ),
    "sensitivity": (
        lambda: sd.sensitivity("zhengzhou_2025", "shenzhen_mode", outcomes=["fte_jobs"], base_runs=64, **FEW),
        ("sensitivity", "zhengzhou_2025", "shenzhen_mode", "--outcome", "fte_jobs", "--base-runs", "64", *SAME),
        {"": "sobol_parameters", "shares": "posterior_shares", "structures": "structures", "beliefs": "beliefs"},
    ),
    "design": (
        # no more draws than a search must have, and prior ones, of which few are fresh; and a given month, because
        # the next one may begin meanwhile
        lambda: sd.design("local_output=60亿元", probability=0.4, levers=["fund_size", "municipal_parks"],
                          start="2027-01", draws=50, seed=SEED, prior=True),
        ("design", "--target", "local_output=60亿元", "--probability", "0.4", "--levers", "fund_size", "--levers",
         "municipal_parks", "--from", "2027-01", "--draws", "50", "--prior", *SAME[2:]),
        {"": "front"},
    ),
}  # fmt: skip
NAMES = [pytest.param("design", marks=pytest.mark.slow), "sensitivity", "why"]


@cache
def answer_of(name: str) -> Any:
    return QUESTIONS[name][0]()


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_those_that_the_command_writes(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, command, tables = QUESTIONS[name]
    monkeypatch.chdir(tmp_path)
    ended = Terminal(monkeypatch, capsys)(*command, "-o", "r")
    assert ended.code == 0, ended.err
    assert answer_of(name).say().split(";")[0].split(".")[0][:50] in " ".join(ended.out.split())
    for table, stem in tables.items():
        found = answer_of(name).frames()[stem] if table else answer_of(name).frame()
        with Path(f"r/{stem}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [*found.columns] == [*rows[0]]
        assert len(found) == len(rows)
        compared = 0
        for column in found.columns:
            for value, text in zip(found[column], (row[column] for row in rows), strict=True):
                if isinstance(value, (float, np.floating)) and np.isfinite(value):
                    assert float(text) == pytest.approx(value, rel=1e-6), (stem, column)
                    compared += 1
                elif isinstance(value, str):
                    assert text in (value, f"'{value}"), (stem, column)
        assert compared


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_short_to_read_safe_to_show_and_can_be_kept(name: str, tmp_path: Path) -> None:
    answer = answer_of(name)
    assert repr(answer) == answer.say("en")
    assert 20 < len(repr(answer)) < 900
    assert answer.say("zh") != answer.say("en")
    shown = answer._repr_html_()
    assert shown.startswith(("<p><b>", "<h3>"))
    assert "<script" not in shown
    frame = answer.frame()
    assert {*frame.attrs["long_name"]} == {*frame.columns} == {*frame.attrs["long_name_zh"]}
    assert {*frame.attrs["units"]} <= {*frame.columns}
    frame.to_parquet(tmp_path / "x.parquet")
    assert pd.read_parquet(tmp_path / "x.parquet").attrs == frame.attrs


def test_an_answer_can_be_asked_on() -> None:
    answer = sd.run("shenzhen_mode", set={"fund_size": "2 亿元"}, against="baseline", draws=60, seed=SEED)
    asked = sd.why("shenzhen_mode", "fte_jobs", set={"fund_size": "2 亿元"}, against="baseline", draws=60, seed=SEED)
    assert answer.why("fte_jobs").frame().equals(asked.frame())


@pytest.mark.slow
def test_a_designed_mix_is_a_scenario() -> None:
    designed = answer_of("design")
    best = designed.scenarios[0]
    row = designed.frame().set_index("scenario").loc[best.name]
    assert row["kind"] == "designed"
    assert {*best.levers} >= {"fund_size"}


def test_a_score_counts_what_the_command_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "later.csv"
    file.write_text(
        "id,indicator,geography,definition,value,unit,period_start,period_end,bound,publisher\n"
        "X1,market,china,gross_market,2000,亿元,2027-01-01,2027-12-31,exact,Daily\n"
        "X2,firms,zhengzhou,registered_firms,1500,家,2026-12-31,2026-12-31,exact,Daily\n"
        "X3,firms,zhengzhou,registered_firms,,家,2026-12-31,2026-12-31,none,Daily\n",
        encoding="utf-8",
    )
    found = sd.score(file)
    frame = found.frame()
    assert {*frame["figure"]} == {"X1", "X2"}
    assert (frame["low_90"] <= frame["low_50"]).all()
    assert (frame["median"] <= frame["high_50"]).all()
    summary = next(iter(found.summaries.values()))
    counted = frame[frame["counts"]]
    assert summary.inside_90 == pytest.approx(counted["inside_90"].sum())
    assert summary.crps == pytest.approx(counted["crps"].mean())
    ended = Terminal(monkeypatch, capsys)("score", str(file), "--lang", "en")
    assert ended.code == 0, ended.err
    assert " ".join(found.say().split())[:60] in " ".join(ended.out.split())
    assert len(repr(found)) < 900
    assert "<script" not in found._repr_html_()
    assert "X3" in found._repr_html_()  # a figure that is compared with nothing is not lost


def test_a_register_that_nothing_has_followed_gives_an_empty_table() -> None:
    found = sd.score()
    assert {"figure", "crps", "counts"} <= {*found.frame().columns}


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: sd.why("shenzen_mode"), "did you mean “shenzhen_mode”?"),
        (lambda: sd.why(outcome="fte_job"), "fte_jobs"),
        (lambda: sd.sensitivity("zhengzou_2025"), "did you mean “zhengzhou_2025”?"),
        (lambda: sd.sensitivity(base_runs=100), "base-runs"),
        (lambda: sd.design("local_outptu=60亿元"), "local_output"),
        (lambda: sd.design("local_output=60亿元", levers=["fund_sise"]), "did you mean “fund_size”?"),
        (lambda: sd.score("nowhere.csv"), "nowhere.csv"),
        (lambda: sd.why(draws=19), "draws is 19; it must be a whole number, 20 or more"),
        (lambda: sd.sensitivity(draws=-1), "200 or more"),
        (lambda: sd.design("local_output=60亿元", draws=2.5), "50 or more"),  # type: ignore[arg-type]
        (lambda: sd.run(draws="20"), "draws is '20'"),  # type: ignore[arg-type]
        (lambda: sd.run(seed=-1), "seed is -1"),
        (lambda: sd.run("baseline", shocks="demand_stall"), "demand_stalls"),
        (lambda: sd.sensitivity(outcomes="fte_job"), "fte_jobs"),
        (lambda: sd.design("local_output=60亿元", levers="fund_sise"), "fund_size"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_nearest_name(ask: Any, said: str) -> None:
    with pytest.raises(sd.InputError) as raised:
        ask()
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sd.why(same_budget=True),  # type: ignore[call-arg]
        lambda: sd.sensitivity(city="shenzhen"),  # type: ignore[call-arg]
        lambda: sd.design("local_output=60亿元", drws=5),  # type: ignore[call-arg]
    ],
)
def test_a_word_that_the_command_does_not_have_is_refused(ask: Any) -> None:
    with pytest.raises(TypeError, match="allowed are: "):
        ask()


def test_every_command_that_answers_has_a_function() -> None:
    """Commands that show or write files of the project need none; that of `calibrate` is called `calibration`."""
    from shudian.cli.terminal import app

    commands = {str(c.name or c.callback.__name__).rstrip("_") for c in app.registered_commands if c.callback}
    others = {
        "brief",
        "calibrate",
        "check",
        "diagram",
        "diff",
        "document",
        "explain",
        "export",
        "list",
        "new",
        "page",
        "rename",
        "workshop",
    }
    assert commands - {*sd.__all__} <= others, commands - {*sd.__all__} - others


def test_a_posterior_is_read_by_arviz() -> None:
    """Its diagnostics from the groups are those that were shipped with the draws."""
    drawn = sd.posterior()
    tree = drawn.to_datatree()
    reports = len(drawn.posterior.about["reports"])
    assert tree["posterior"].sizes == {"chain": 4, "draw": 1000}
    assert tree["log_likelihood"]["printed"].sizes == {"chain": 4, "draw": 1000, "report": reports}
    total = tree["log_likelihood"]["printed"].sum("report").values
    assert np.sort(total.ravel()) == pytest.approx(np.sort(drawn.posterior.log_likelihood), abs=0.01)
    array_stats: Any = BaseArray()
    every = [*(values.values for values in tree["posterior"].values()), total]
    rhat = [array_stats.rhat(values, chain_axis=0, draw_axis=1, method="rank") for values in every]
    assert max(rhat) == pytest.approx(drawn.posterior.about["diagnostics"]["rhat_max"], abs=1e-4)
    printed, would = tree["observed_data"]["printed"], tree["posterior_predictive"]["printed"]
    low, high = (would.quantile(level, ("chain", "draw")).values for level in (0.05, 0.95))
    known = np.isfinite(printed.values)
    assert known.mean() > 0.9
    assert 0.8 < np.mean((low <= printed.values)[known] & (printed.values <= high)[known]) <= 1
    shares = would.where(would["unit"] == "%")
    assert float(shares.max()) <= 100
    assert tree["prior"]["entry_rate"].attrs == tree["posterior"]["entry_rate"].attrs
    assert tree["prior"]["entry_rate"].std() > tree["posterior"]["entry_rate"].std()


def test_answers_go_to_netcdf(tmp_path: Path) -> None:
    for number, found in enumerate((sd.run("zhengzhou_2025", draws=60).to_dataset(), sd.posterior().to_dataset())):
        found.to_netcdf(tmp_path / f"{number}.nc")
        assert xr.load_dataset(tmp_path / f"{number}.nc").equals(found)


def test_another_citys_draws_are_no_chains() -> None:
    assert sd.posterior("xian").to_datatree()["posterior"].sizes["chain"] == 1


def test_a_frame_and_its_dataset_have_the_same_numbers_and_units() -> None:
    """Each row of a frame stands once in the dataset, under its keys; what is text hangs on a key or on the whole."""
    for answer, keys in (
        (sd.why("zhengzhou_2025", draws=40), ("against", "loop", "year")),
        (sd.compare("zhengzhou_2025", "shenzhen_mode", draws=40), ("scenario", "measure", "compared")),
    ):
        frame, found = answer.frame(), answer.to_dataset()
        assert {*found.dims} == {*keys}
        for _, row in frame.iterrows():
            at = found["median"].sel({key: row[key] for key in keys})
            assert float(at) == row["median"]
            unit = found.attrs.get("unit") or str(found["unit"].sel(measure=row["measure"]).item())
            assert unit == row["unit"]
        assert {*frame.columns} == {*map(str, found.variables), *found.attrs}
