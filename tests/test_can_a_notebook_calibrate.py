"""Does a calibration from a notebook find what the command finds, and write nothing that is shipped?

Does NOT establish that the sampler is right (other files ask); most of it here has a stand-in for its draws.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import shudian as sd
from calibrations import DRAWS, stand_in
from shudian.answers.calibration.view import view_of
from shudian.calibrate.calibration import calibrate
from shudian.calibrate.sampler import Settings
from shudian.face import calibration as face
from shudian.face.calibration import CalibrationAnswer
from shudian.posterior_file import posterior_digest, shipped_posterior

KEPT: list[CalibrationAnswer] = []


def answer() -> CalibrationAnswer:
    if not KEPT:
        KEPT.append(CalibrationAnswer(stand_in()))
    return KEPT[0]


def test_the_posterior_is_the_one_that_the_command_writes(tmp_path: Path) -> None:
    view = view_of(answer().found)
    assert posterior_digest(answer().posterior.posterior) == view.digest
    answer().to_parquet(tmp_path / "posterior.parquet")
    found = sd.run("zhengzhou_2025", posterior=str(tmp_path / "posterior.parquet"))
    assert found.to_dataset().attrs["posterior"] == view.digest
    assert found.verdicts.draws == DRAWS
    own = sd.run("zhengzhou_2025", draws=answer().posterior.to_dataset())
    assert own.frame().equals(found.frame())


def test_parameters_and_reports_are_those_of_the_calibration_report() -> None:
    view, table = view_of(answer().found), answer().parameters()
    assert [*table["parameter"]] == [entry.parameter.name for entry in view.learned]
    assert np.array_equal(table["posterior_q50"], [entry.posterior[2] for entry in view.learned])
    assert np.array_equal(table["share"], [entry.share for entry in view.learned])
    assert answer().frame().equals(table)
    reports = answer().reports()
    assert [*reports["report"]] == [comparison.report.identifier for comparison in view.comparisons]
    assert [*reports["inside"]] == [comparison.inside() for comparison in view.comparisons]
    assert (reports["low"] <= reports["median"]).all()


def test_an_answer_is_one_sentence_and_goes_to_arviz() -> None:
    assert repr(answer()).startswith("240 draws fitted to 52 reports and 10 findings")
    assert answer().say("zh").endswith("可以使用。")
    assert "<script" not in answer()._repr_html_()
    tree = answer().to_datatree()
    assert tree["posterior"].sizes == {"chain": 4, "draw": DRAWS // 4}
    assert isinstance(answer().parameters(), pd.DataFrame)


def test_draws_whose_batches_disagree_say_so_and_are_not_written(tmp_path: Path) -> None:
    found = CalibrationAnswer(stand_in(rhat=1.2))
    assert not found.passed
    assert "no answer may rest on them" in repr(found)
    assert "不能据此作答" in found.say("zh")
    with pytest.raises(sd.InputError, match="do not agree"):
        found.to_parquet(tmp_path / "x.parquet")
    assert not [*tmp_path.iterdir()]


def test_what_is_asked_is_what_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def noted(evidence: Any, *, seed: int) -> Any:
        asked.append((evidence.until, evidence.without, seed))
        return stand_in(evidence, seed=seed)

    monkeypatch.setattr(face, "fitted", noted)
    found = sd.calibration(until="2025-06-30", without="ZM07", seed=3)
    assert [(str(until), without, seed) for until, without, seed in asked] == [("2025-06-30", ("ZM07",), 3)]
    assert "ZM07" not in {*found.reports()["report"]}
    assert len(found.reports()) < len(answer().reports())
    for words, said in (({"until": "2025-6"}, "is not a date"), ({"with_": "nowhere.csv"}, "there is no such file")):
        with pytest.raises(sd.InputError, match=said):
            sd.calibration(**words)
    with pytest.raises(sd.InputError):
        sd.calibration(without="no_such_report").reports()


@pytest.mark.slow
def test_a_tiny_calibration_runs_and_leaves_the_shipped_one_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = shipped_posterior().stat()

    def tiny(evidence: Any, *, seed: int) -> Any:
        effort = Settings(particles=40, sweeps=1, last_stages=1, later_stages=1)
        return calibrate(evidence, seed=seed, settings=effort, batches=2, checkpoints=tmp_path)

    monkeypatch.setattr(face, "fitted", tiny)
    found = sd.calibration(seed=2)
    assert found.found.uncertain.shape[1] == 80
    assert not found.passed
    assert {*found.diagnostics.names} == {*found.found.names, "log_likelihood"}
    assert shipped_posterior().stat() == before


@pytest.mark.slow
def test_another_city_is_calibrated_as_its_shipped_posterior_was(tmp_path: Path) -> None:
    found, shipped = sd.calibration("xian"), sd.posterior("xian")
    assert isinstance(found, face.CityCalibrationAnswer)
    assert np.array_equal(found.posterior.posterior.values, shipped.posterior.values)
    assert repr(found).startswith("Xi'an is calibrated") or "Xi'an" in repr(found)
    assert "西安" in found.say("zh")
    table = found.frame()
    assert {*table["parameter"]} == {*shipped.posterior.names}
    assert table["own"].any()
    assert not table["own"].all()
    reports = found.reports()
    assert [*reports["report"]] == [report["id"] for report in shipped.posterior.about["reports"]]
    assert (reports["low"] <= reports["median"]).all()
    assert found.effective == pytest.approx(shipped.posterior.shared["effective"])  # type: ignore[index]
    assert "<script" not in found._repr_html_()
    found.to_parquet(tmp_path / "xian.parquet")
    ran = sd.run("zhengzhou_2025", city="xian", posterior=tmp_path / "xian.parquet", draws=20)  # type: ignore[arg-type]
    assert ran.frame().equals(sd.run("zhengzhou_2025", city="xian", draws=20).frame())


def test_a_city_that_cannot_be_calibrated_is_told_why() -> None:
    for words, said in (
        ({"city": "xain"}, "xian"),
        ({"city": "xian", "until": "2025-06-30"}, "--until does not go with --city"),
        ({"city": 5}, "city is 5"),
    ):
        with pytest.raises(sd.InputError, match=said):
            sd.calibration(**words)  # type: ignore[arg-type]
