"""Can an analyst ask an answer for an outcome that the package does not know, and is it computed as it is written?

Does NOT establish that what somebody writes means anything.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shudian as sd
from shudian.analysis.verdicts import MEASURES
from shudian.answers.own_outcome import written
from shudian.equations.language import Expression
from shudian.face.run import RunAnswer
from shudian.messages import in_language

ANSWER: list[RunAnswer] = []
DRAWS = 60
LEVELS = [measure for measure in MEASURES if measure.reading == "level_at_year_end"]


def answer() -> RunAnswer:
    if not ANSWER:
        ANSWER.append(sd.run("zhengzhou_2025", set={"fund_size": "2 亿元@2026-07"}, draws=DRAWS, against="no_policy"))
    return ANSWER[0]


@pytest.mark.parametrize("measure", LEVELS, ids=lambda measure: measure.name)
def test_an_outcome_that_is_a_shipped_one_has_its_numbers_to_the_last_bit(measure: Any) -> None:
    own = answer().outcome("own", measure.variable, unit=measure.unit).frame()
    shipped = answer().frame()
    compared = 0
    for row in shipped[shipped["measure"] == measure.name].itertuples():
        found = own[(own["scenario"] == row.scenario) & (own["year"] == row.year) & (own["compared"] == row.compared)]
        assert (found["median"].item(), found["low"].item(), found["high"].item()) == (row.median, row.low, row.high)
        assert found["unit"].item() == row.unit
        compared += 1
    assert compared >= 3


@pytest.mark.parametrize("how", ["text", "function"])
def test_an_increase_is_that_of_the_year(how: str) -> None:
    label = sd.model().equation("cumulative_local_output").label.zh
    own = (
        answer().outcome("own", f"yearly('{label}')")
        if how == "text"
        else answer().outcome("own", lambda months: months.increase(months[label]), unit="wanyuan/year")
    )
    shipped = answer().to_dataset()["cumulative_local_output_yearly"]
    assert np.array_equal(own.to_dataset()["own_yearly"], shipped)
    assert own.to_dataset()["own"].attrs["units"] == shipped.attrs["units"] == "wanyuan/year"


def test_text_and_function_say_the_same() -> None:
    text = answer().outcome("own", "where(active_firms > lead_firms, fte_jobs / active_firms, 0)", unit="人/家")
    function = answer().outcome("own", lambda months: months.fte_jobs / months["active_firms"], unit="人/家")
    assert text.frame().equals(function.frame())
    assert repr(text) == repr(function)


def test_a_difference_is_taken_draw_by_draw() -> None:
    frame = answer().outcome("own", "fte_jobs / active_firms").frame()
    yearly = answer().to_dataset()
    ratio = (yearly["fte_jobs_yearly"] / yearly["active_firms_yearly"]).sel(year=2027)
    asked, base = answer().verdicts.pairing.asked, "no_policy"
    difference = ratio.sel(scenario=asked) - ratio.sel(scenario=base)
    row = frame[(frame["scenario"] == asked) & (frame["year"] == 2027) & (frame["compared"] == "additional")]
    assert row["median"].item() == np.quantile(difference, 0.5)
    assert base not in {*frame[frame["compared"] == "additional"]["scenario"]}
    assert {*frame[frame["compared"] == "change"]["scenario"]} == {asked}


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0, 1))
def test_a_chance_is_the_share_of_draws_above_the_threshold(share: float) -> None:
    own = answer().outcome("own", "fte_jobs", unit="人")
    jobs = answer().to_dataset()["fte_jobs_yearly"].sel(year=2027)
    threshold = float(jobs.quantile(share))
    rows = own.chances(above=threshold)
    for row in rows[rows["year"] == 2027].itertuples():
        above = jobs.sel(scenario=row.scenario).values > threshold
        assert row.probability == above.mean()
        base = jobs.sel(scenario="no_policy").values > threshold
        if row.scenario != "no_policy":
            assert row.gained == pytest.approx(above.mean() - base.mean(), abs=1e-12)
    assert own.chances(above=f"{threshold!r} 人").equals(rows)
    assert own.chances(above=f"{threshold / 1e4!r} 万人")["probability"].to_numpy() == pytest.approx(
        rows["probability"].to_numpy(), abs=1.01 / DRAWS
    )


def test_what_is_divided_by_nothing_is_told_and_left_out() -> None:
    own = answer().outcome("own", "fte_jobs / cumulative_fiscal_cost", unit="人/亿元")
    frame = own.frame()
    idle = frame[frame["scenario"] == "no_policy"]
    assert (idle["undefined"] == 1).all()
    assert idle["median"].isna().all()
    assert "no value in" in repr(own)
    row = frame[(frame["scenario"] == "zhengzhou_2025") & (frame["year"] == 2027) & (frame["compared"] == "level")]
    assert row["undefined"].item() == 0
    assert row["median"].item() > 0
    chances = own.chances(above=0)
    assert (chances[chances["scenario"] == "no_policy"]["probability"] == 0).all()
    assert own.to_dataset()["own"].sel(scenario="no_policy").isnull().all()


def test_parameters_and_levers_can_be_used() -> None:
    found = answer().outcome("own", "fund_size", unit="亿元").to_dataset()["own"].sel(quantile=0.5)
    name = answer().verdicts.pairing.asked
    assert float(found.sel(scenario=name, month="2026-05").squeeze()) != 2
    assert found.sel(scenario=name).isel(month=-1) == found.sel(scenario=name, month="2026-07").squeeze() == 2
    drawn = answer().outcome("own", lambda months: months["national_growth_2026"], unit="1").to_dataset()["own_yearly"]
    row = answer().answer.draws.names.index("national_growth_2026")
    assert np.array_equal(drawn.sel(year=2030, scenario=name), answer().answer.draws.values[row])


@settings(max_examples=20, deadline=None)
@given(month=st.integers(0, 96))
def test_the_month_and_the_year_can_be_used(month: int) -> None:
    found = written("by_year(1, 2, 3) * time", sd.model()).of(lambda _name: np.zeros((97, 1)))
    assert found[month, 0] == min(month // 12 + 1, 3) * month


def test_an_answer_is_short_safe_and_can_be_kept(tmp_path: Path) -> None:
    own = answer().outcome("<img src=x>", "fte_jobs")
    assert len(repr(own)) < 600
    assert own.say("zh").endswith("。")
    assert "<img" not in own._repr_html_()
    own.frame().to_parquet(tmp_path / "x.parquet")
    assert pd.read_parquet(tmp_path / "x.parquet").attrs["model_digest"] == sd.model().digest
    answer().outcome("own", "fte_jobs").to_dataset().to_netcdf(tmp_path / "x.nc")


MISTAKES = {
    "fte_job": "did you mean “fte_jobs”",
    "fte_jobs + active_firms": "a sum, minimum or maximum has person, and firm",
    "exp(fte_jobs)": "must be a pure number",
    "fte_jobs +": "look there for a bracket",
    "": "is empty",
    "minimum(fte_jobs)": "is written as minimum(a, b)",
    "smooth_minimm(1, fte_jobs)": "did you mean “smooth_minimum”",
    "fte_jobs < head_count": "first argument of “where",
    "fte_jobs ^ 2": "is no equation",
    "fte_jobs if fte_jobs else 1": "is no equation",
    "True": "is no equation",
    "1e999": "is no equation",
    "-" * 900 + "fte_jobs": "parts in one another",
    "1 + " * 600 + "1": "at most 2000 are read",
    "market_2027": "say under which definition",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_one_sentence_in_both_languages(text: str) -> None:
    with pytest.raises(sd.InputError) as raised:
        answer().outcome("own", text)
    assert MISTAKES[text] in str(raised.value)
    assert "\n" not in str(raised.value)
    assert in_language(raised.value, "zh") != str(raised.value)


def test_units_are_held_to_what_comes_out() -> None:
    with pytest.raises(sd.InputError, match="cannot be expressed in"):
        answer().outcome("own", "fte_jobs", unit="亿元")
    with pytest.raises(sd.InputError, match="is not known"):
        answer().outcome("own", "fte_jobs", unit="zorkmid")
    with pytest.raises(sd.InputError, match="needs its unit"):
        answer().outcome("own", lambda months: months.fte_jobs)
    with pytest.raises(sd.InputError, match="has the shape"):
        answer().outcome("own", lambda months: months.fte_jobs.values[:5], unit="人")
    with pytest.raises(sd.InputError, match="did you mean"):
        answer().outcome("own", lambda months: months.fte_job, unit="人")
    with pytest.raises(sd.InputError, match="is the wrong unit"):
        answer().outcome("own", "fte_jobs").chances(above="5 亿元")


HOSTILE = st.one_of(
    st.text(max_size=80),
    st.from_regex(r"[a-z_().,\[\]{}'\"+*/<>=:0-9 -]{0,60}", fullmatch=True),
    st.sampled_from(["__import__('os').system('true')", "(lambda: 1)()", "[x for x in (1,)]", "f'{fte_jobs}'", "x:=1"]),
)


@settings(max_examples=300, deadline=None)
@given(text=HOSTILE)
def test_no_text_is_run_or_ends_in_anything_but_a_sentence(text: str) -> None:
    with suppress(sd.InputError):
        assert isinstance(written(text, sd.model()).expression, Expression)
