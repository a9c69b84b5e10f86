"""Does a file of results say of itself what made it, and in which units, when it is found without its folder?

Does NOT establish that its numbers are right, nor that a run can be repeated (`test_can_a_run_be_repeated` asks).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

import shudian as sd
from commands import Terminal
from shudian.face.run import RunAnswer
from shudian.posterior_file import posterior_digest

DRAWS, SEED = 60, 5
TABLES = ("yearly_draws", "monthly_quantiles")


@pytest.fixture(scope="module")
def answer() -> RunAnswer:
    return sd.run("zhengzhou_2025", draws=DRAWS, seed=SEED)


@pytest.fixture(scope="module")
def files(answer: RunAnswer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for table in TABLES:
        answer.to_parquet(folder / f"{table}.parquet", table)  # type: ignore[arg-type]
    return folder


@pytest.mark.parametrize("table", TABLES)
def test_a_file_names_what_made_it(answer: RunAnswer, files: Path, table: str) -> None:
    attributes = pd.read_parquet(files / f"{table}.parquet").attrs
    assert attributes["model_digest"] == sd.model().digest
    assert attributes["draws_digest"] == answer.answer.draws.digest
    assert attributes["posterior"] == posterior_digest(sd.posterior().posterior)
    assert (attributes["seed"], attributes["shudian"], attributes["calibrated"]) == (str(SEED), sd.__version__, "yes")
    assert "scenario" not in attributes  # there are two of them in the file
    told = parquet.read_schema(files / f"{table}.parquet").metadata[b"shudian"]
    assert json.loads(told).items() <= attributes.items()


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_its_unit_and_labels(files: Path, table: str) -> None:
    schema = parquet.read_schema(files / f"{table}.parquet")
    attributes = pd.read_parquet(files / f"{table}.parquet").attrs
    model = sd.model()
    for column in schema:
        about = {key.decode(): value.decode() for key, value in column.metadata.items()}
        assert about["long_name"] == attributes["long_name"][column.name]
        assert about["long_name_zh"] == attributes["long_name_zh"][column.name]
        if column.name in model:
            assert about["units"] == attributes["units"][column.name] == model.unit_of(column.name)
            assert about["long_name"] == model.equation(column.name).label.en
    assert {*attributes["units"]} >= {"fte_jobs", "cumulative_fiscal_cost"}


def test_the_command_writes_the_same_files(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = Terminal(monkeypatch, capsys)(
        "run", "zhengzhou_2025", "--draws", str(DRAWS), "--seed", str(SEED), "-o", "r"
    )
    assert ended.code == 0, ended.err
    for table in TABLES:
        assert Path(f"r/{table}.parquet").read_bytes() == (files / f"{table}.parquet").read_bytes()


def test_what_a_file_holds_is_what_the_answer_holds(answer: RunAnswer, files: Path) -> None:
    table = pd.read_parquet(files / "yearly_draws.parquet")
    jobs = table[table["scenario"] == "zhengzhou_2025"].pivot(index="date", columns="draw", values="fte_jobs")
    outcome = answer.answer.outcomes[1]
    assert np.array_equal(jobs.to_numpy(), outcome.yearly[outcome.index("fte_jobs")])


def test_a_table_that_is_not_there_is_refused_with_the_nearest(answer: RunAnswer, tmp_path: Path) -> None:
    with pytest.raises(sd.InputError, match="did you mean “yearly_draws”"):
        answer.to_parquet(tmp_path / "x.parquet", "yearly_draw")  # type: ignore[arg-type]
    with pytest.raises(sd.InputError, match=r"no folder|cannot be written"):
        answer.to_parquet(tmp_path / "nowhere" / "x.parquet")
    assert not [*tmp_path.iterdir()]
