"""Is `import shudian as sd` enough for a notebook: the same numbers as the command, in forms that others read?

Does NOT establish that the numbers are right (other files ask); questions other than `run` and `compare` are in
`test_is_every_question_asked_from_a_notebook`.
"""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shudian as sd
from commands import Terminal
from shudian.analysis.verdicts import MEASURES
from shudian.answers.plan import Request, plan
from shudian.face.compare import CompareAnswer
from shudian.face.run import RunAnswer
from shudian.face.tidy import COMPARED
from shudian.quantities import write_value
from shudian.units import conversion, parse_unit

DRAWS = 60
SETTING = {"fund_size": "2 亿元@2026-07"}
LEVERS = [p for p in sd.model().parameters.values() if p.role == "lever"]


@pytest.fixture(scope="module")
def answer() -> RunAnswer:
    return sd.run("zhengzhou_2025", set=SETTING, draws=DRAWS)


def test_the_import_alone_loads_nothing() -> None:
    code = "import sys, shudian; print(sorted({'numpy', 'pandas', 'xarray', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_face_is_what_it_says() -> None:
    for name in sd.__all__:
        assert getattr(sd, name).__doc__, name
    assert {*sd.__all__} <= {*dir(sd)}
    with pytest.raises(AttributeError, match=f"it offers: {', '.join(sorted(sd.__all__))}$"):
        sd.sweeep  # noqa: B018


def test_the_numbers_are_those_of_the_command(
    answer: RunAnswer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    setting = [f"{name}={value}" for name, value in SETTING.items()]
    command = Terminal(monkeypatch, capsys)
    ended = command("run", "zhengzhou_2025", "--set", *setting, "--draws", str(DRAWS), "-o", "r")
    assert ended.code == 0, ended.err
    told: dict[str, Any] = json.loads(Path("r/summary.json").read_text(encoding="utf-8"))["scenarios"]
    chances, frame = answer.chances(), answer.frame()
    assert {*chances["scenario"]} == {*frame["scenario"]} == {*told}
    for row in chances.itertuples():
        assert row.probability == told[row.scenario]["targets"][row.target][row.definition]["value"]
    keys = dict(zip(COMPARED, ("measures", "additional", "changes"), strict=True))
    assert len(frame) == sum(len(of[key]) for of in told.values() for key in keys.values())
    for row in frame.itertuples():
        assert row.median == told[row.scenario][keys[row.compared]][row.measure]["median"]


@pytest.fixture(scope="module")
def comparison() -> CompareAnswer:
    return sd.compare("zhengzhou_2025", "shenzhen_mode", "hangzhou_mode", draws=DRAWS)


def test_no_module_hides_what_the_face_offers() -> None:
    modules = {found.name for found in pkgutil.iter_modules(sd.__path__)}
    assert not modules & {*sd.__all__}


def test_a_comparison_has_the_numbers_of_the_command(
    comparison: CompareAnswer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    command = Terminal(monkeypatch, capsys)
    packages = ("zhengzhou_2025", "shenzhen_mode", "hangzhou_mode")
    ended = command("compare", *packages, "--draws", str(DRAWS), "-o", "c", "--lang", "en")
    assert ended.code == 0, ended.err
    assert comparison.say().split(";")[0][:60] in " ".join(ended.out.split())
    told: dict[str, Any] = json.loads(Path("c/summary.json").read_text(encoding="utf-8"))
    for row in comparison.prices().itertuples():
        assert row.median == pytest.approx(told["prices"][row.package][f"{row.what}/{row.year}"]["median"], nan_ok=True)
    assert {*packages} <= {*comparison.chances()["scenario"]}
    rankings = comparison.rankings()
    for (criterion, world), found in rankings.groupby(["criterion", "world"], sort=False):
        assert [*found["place"]] == [1, 2, 3, 4], (criterion, world)
        assert found["mean"].is_monotonic_decreasing
        assert found["leads"].iloc[0]
        for row in found.itertuples():
            assert row.mean == told["rankings"][criterion][world]["means"][row.package]
    regrets = comparison.regrets()
    assert (regrets["regret"] >= 0).all()
    assert (regrets.groupby(["criterion", "world"])["regret"].min() == 0).all()
    brought = comparison.contributions()
    for (package, outcome), found in brought.groupby(["package", "outcome"]):
        place = comparison.assessment.outcomes.index(outcome)
        total = comparison.assessment.contributions[package].total[place]
        assert found["shapley"].sum() == pytest.approx(total, rel=1e-6, abs=1e-9), (package, outcome)
    assert {*comparison.prices()["what"]} == {"jobs", "output"}


def test_a_month_and_a_year_are_those_of_the_tables(answer: RunAnswer) -> None:
    found, frame = answer.to_dataset(), answer.frame()
    levels = frame[frame["compared"] == "level"]
    compared = 0
    for measure in MEASURES:
        if measure.variable not in found:
            continue
        factor = conversion(found[measure.variable].attrs["units"], measure.unit)
        for scenario in found["scenario"].values:
            row = levels[(levels["scenario"] == scenario) & (levels["measure"] == measure.name)]
            if measure.reading == "level_at_year_end":
                end = found[measure.variable].sel(scenario=scenario, month=f"{measure.year}-12", quantile=0.5)
                value = float(end.squeeze()) * factor
            elif measure.since == measure.year:
                of_year = found[f"{measure.variable}_yearly"].sel(scenario=scenario, year=measure.year)
                value = float(of_year.median("draw")) * factor
            else:
                continue
            assert value == pytest.approx(row["median"].item(), rel=1e-9, abs=1e-9), measure.name
            compared += 1
    assert compared > 20
    assert str(found["month"].sel(month="2027-12").values[0])[:10] == "2027-12-31"


def test_what_accumulates_is_told_by_the_year(answer: RunAnswer) -> None:
    """The years add up to what has accumulated, and their unit is one per year."""
    found = answer.to_dataset()
    for name, series in found.data_vars.items():
        assert series.attrs["units"]
        parse_unit(series.attrs["units"].removesuffix("/year"))
        assert series.attrs["long_name"]
        if str(name).startswith("cumulative_") and not str(name).endswith("_yearly"):
            yearly = found[f"{name}_yearly"]
            assert yearly.attrs["units"] == f"{series.attrs['units']}/year"
            total = np.median(yearly.sum("year").values, axis=1)
            assert total == pytest.approx(series.sel(quantile=0.5).isel(month=-1).values, rel=1e-9, abs=1e-9), name


def test_an_answer_can_be_kept(answer: RunAnswer, tmp_path: Path) -> None:
    answer.frame().to_parquet(tmp_path / "measures.parquet")
    assert answer.to_dataset().attrs["model_digest"] == sd.model().digest
    assert "52 reports" in answer.to_dataset().attrs["basis"]


def test_short_to_read_and_safe_to_show(answer: RunAnswer) -> None:
    assert len(repr(answer)) < 500
    assert "2 亿元" not in repr(answer)
    assert answer.say("zh").endswith("。")
    shown = answer._repr_html_()
    assert answer.say("en").split('"')[0] in shown
    assert "<script" not in shown
    assert repr(sd.posterior()).startswith("4,000 draws of")
    assert repr(sd.model()).endswith(f"digest {sd.model().digest}")
    assert len(repr(sd.model())) < 200


def test_a_strange_title_is_shown_as_text(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    words = '{ zh = "<img src=x onerror=alert(1)>", en = "<img src=x onerror=alert(1)>" }'
    file.write_text(f'base = "baseline"\ntitle = {words}\nquestion = {words}\n', encoding="utf-8")
    assert "<img" not in sd.run(str(file), draws=DRAWS)._repr_html_()


@settings(max_examples=10)
@given(lever=st.sampled_from(LEVERS))
def test_without_a_lever_is_the_package_with_nothing_of_it(lever: Any) -> None:
    whole = sd.run("zhengzhou_2025", set=SETTING, draws=5)
    idle = whole.without(lever.label.zh)
    value = write_value(lever.value, lever).strip('"')
    kept = {name: text for name, text in SETTING.items() if name != lever.name}
    same = sd.run("zhengzhou_2025", set={**kept, lever.name: f"{value}@2023-01"}, draws=5, retrospective=True)
    assert idle.frame().equals(same.frame())


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
@pytest.mark.parametrize("package", ["zhengzhou_2025", "no_policy"])
def test_a_lever_set_to_what_the_reference_has_is_no_change_of_the_world(package: str, lever: Any) -> None:
    value = write_value(lever.value, lever).strip('"')
    for setting in (f"{lever.name}={value}", f"{lever.name}={value}@2023-01"):
        asked = Request((package,), settings=(setting,), draws=5, against="no_policy", retrospective=True)
        assert {*plan(asked).pairing.references.values()} == {"no_policy"}


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: sd.run("zhengzou_2025"), "did you mean “zhengzhou_2025”?"),
        (lambda: sd.run("baseline", set={"fund_sise": "2 亿元"}), "did you mean “fund_size”?"),
        (lambda: sd.run("baseline", set={"fund_size": "2"}), "unit"),
        (lambda: sd.run("baseline", set={"fund_size": "2 亿元@2026-13"}), "2026-13"),
        (lambda: sd.run("baseline", draws=10**6), "4000"),
        (lambda: sd.run("baseline", priors={"national_growth_2026": "normal(0.25)"}), "normal"),
        (lambda: sd.run("baseline", draws=5).without("fund_sise"), "did you mean “fund_size”?"),
        (lambda: sd.scenario("basline"), "did you mean “baseline”?"),
        (lambda: sd.model("shenzen"), "shenzhen"),
        (lambda: sd.compare("baseline", "shenzen_mode"), "did you mean “shenzhen_mode”?"),
        (lambda: sd.posterior("hangzhou"), "shudian calibrate --city hangzhou"),
    ],
)
def test_a_mistake_is_one_sentence_with_the_nearest_name(ask: Any, said: str) -> None:
    with pytest.raises(sd.InputError) as raised:
        ask()
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_word_that_no_command_has_is_refused() -> None:
    with pytest.raises(TypeError, match="allowed are: against, city, draws"):
        sd.run("baseline", drws=5)  # type: ignore[call-arg]


def test_draws_say_what_they_are() -> None:
    found = sd.posterior().to_dataset()
    assert found.sizes["draw"] == 4000
    assert {*found.data_vars} == {p.name for p in sd.model().fixed if p.role == "uncertain"}
    for name, values in found.data_vars.items():
        assert values.attrs["units"] == sd.model().parameters[str(name)].unit
    assert sorted(np.unique(found["batch"])) == [0, 1, 2, 3]
