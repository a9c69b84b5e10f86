"""Is a forecast, once registered, there for good: complete, unchanged, and never written again?

Does NOT establish that the forecasts come true, nor that nobody replaced a register together with its checksum: for
that the history of the repository is the witness.
"""

from __future__ import annotations

import datetime
import hashlib
import math
import re
from pathlib import Path

import pytest

from commands import Terminal
from posteriors import stand_in, write_stand_in
from shudian import posterior as posterior_module
from shudian.evidence import load_figures, load_vocabulary
from shudian.forecasts import register as register_module
from shudian.forecasts.prediction import world_of
from shudian.forecasts.register import (
    CHECKSUMS,
    FITTED,
    ITEMS,
    YEARS,
    Row,
    freeze,
    frozen_digests,
    load_register,
    predict_rows,
    registers_folder,
)
from shudian.kinds import InputError
from shudian.messages import in_language

MADE = datetime.date(2026, 11, 23)
POSTERIOR = stand_in(200)
ROWS = predict_rows(world_of(POSTERIOR), POSTERIOR, MADE)
SHIPPED = sorted(registers_folder().glob("*.csv"))


def test_there_is_a_register_and_each_one_is_listed() -> None:
    assert SHIPPED
    assert {path.name for path in SHIPPED} == frozen_digests(registers_folder()).keys()
    listed = (registers_folder() / CHECKSUMS).read_text(encoding="utf-8").split("\n")
    # a line for each, in the form that sha256sum -c reads
    assert all(re.fullmatch(r"[0-9a-f]{64}  \d{4}-\d\d-\d\d\.csv", line) for line in listed if line)
    assert len([line for line in listed if line]) == len(SHIPPED)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_register_is_what_was_frozen(path: Path) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == frozen_digests(path.parent)[path.name]
    register = load_register(path)
    assert register.made == path.stem
    complete(register.rows)
    for row in register.rows:
        # a report adds its error to what the model does not know
        assert row.reported.quantiles[9] / row.reported.quantiles[3] > row.model[4] / row.model[0]
        assert row.crps_error < 0.01


def complete(rows: tuple[Row, ...]) -> None:
    words = load_vocabulary()
    levels = {(r.indicator, r.geography, r.definition, r.period_end[:4]) for r in rows if r.measure == "level"}
    assert levels == {(*item[:3], str(year)) for item in ITEMS for year in YEARS}
    assert len({row.identifier for row in rows}) == len(rows)
    for row in rows:
        for column in ("indicator", "geography", "definition"):
            assert getattr(row, column) in words[column]
        assert row.period_end.endswith("-12-31")
        quantiles = row.reported.quantiles
        assert all(math.isfinite(q) and q > 0 for q in quantiles)
        assert list(quantiles) == sorted(quantiles)
        assert row.crps_error < 0.1
        assert row.origin[0] == "zhengzhou_2025"


def test_all_that_was_promised_is_foretold() -> None:
    complete(ROWS)
    market = {row.definition for row in ROWS if row.indicator == "market" and row.geography == "zhengzhou"}
    assert market == {"local_output", "allocated_market", "content_market"}
    # a growth rate for every amount
    assert 2 * len([row for row in ROWS if row.measure == "level"]) == len(ROWS)


def test_the_same_posterior_gives_the_same_register() -> None:
    assert predict_rows(world_of(POSTERIOR), POSTERIOR, MADE) == ROWS


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = freeze(ROWS, tmp_path)
    for written, read in zip(ROWS, load_register(path).rows, strict=True):
        assert read.reported.quantiles == pytest.approx(written.reported.quantiles, rel=1e-5)
        assert read.model == pytest.approx(written.model, rel=1e-5)
        for name in ("identifier", "made", "definition", "measure", "period_start", "unit", "origin"):
            assert getattr(read, name) == getattr(written, name)
        assert read.naive.figures == written.naive.figures
        for simple in ("no_change", "growth", "damped"):
            values = [getattr(row.naive, simple) or 0.0 for row in (read, written)]
            assert values[0] == pytest.approx(values[1], rel=1e-5)


def test_a_day_has_one_register(tmp_path: Path) -> None:
    path = freeze(ROWS, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(InputError, match="never written again") as raised:
        freeze(ROWS[:3], tmp_path)
    assert "不再重写" in in_language(str(raised.value), "zh")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert path.name == "2026-11-23.csv"


@pytest.mark.parametrize("where", [200, 5000, -40])
def test_a_register_that_was_changed_is_refused(where: int, tmp_path: Path) -> None:
    path = freeze(ROWS, tmp_path)
    content = bytearray(path.read_bytes())
    content[where] = ord("1") if content[where] != ord("1") else ord("2")
    path.write_bytes(content)
    with pytest.raises(InputError, match="not what was frozen"):
        load_register(path)


def test_a_register_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    path = freeze(ROWS, tmp_path)
    other = path.with_name("2026-11-24.csv")
    other.write_bytes(path.read_bytes())
    with pytest.raises(InputError, match="not what was frozen"):
        load_register(other)


def test_a_register_tells_what_it_was_fitted_to(tmp_path: Path) -> None:
    path = freeze(ROWS, tmp_path, ("ZM01", "ZM03"))
    assert (tmp_path / FITTED).read_text(encoding="utf-8") == "2026-11-23.csv  ZM01 ZM03\n"
    assert load_register(path).fitted == {"ZM01", "ZM03"}
    (tmp_path / FITTED).unlink()
    assert load_register(path).fitted is None
    for shipped in SHIPPED:
        # until this day no figure had been taken out of the evidence
        known = load_register(shipped).fitted
        assert known
        assert known <= set(load_figures())
        assert all(figure in known for row in load_register(shipped).rows for figure in row.naive.figures)


def test_a_register_whose_digest_cannot_be_kept_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / CHECKSUMS).mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        freeze(ROWS, tmp_path)
    (tmp_path / CHECKSUMS).rmdir()
    assert [*tmp_path.iterdir()] == []
    freeze(ROWS, tmp_path)


def test_what_is_no_register_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for text in ("id,made\n1,2\n", ",".join(register_module.COLUMNS) + "\n", "nothing"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="not a register that shudian score has written"):
            load_register(path)


def test_the_command_shows_freezes_and_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_stand_in(tmp_path / "posterior.parquet", 200)
    monkeypatch.setattr(posterior_module, "shipped_posterior", lambda: path)
    monkeypatch.setattr(register_module, "registers_folder", lambda: tmp_path / "register")
    terminal = Terminal(monkeypatch, capsys)
    none = terminal("score", "--lang", "en")
    assert (none.code, "shudian score --freeze" in none.err) == (2, True)
    assert terminal("score", "--freeze", "--lang", "en").code == 0
    today = datetime.date.today().isoformat()
    assert (tmp_path / "register" / f"{today}.csv").is_file()
    assert terminal("score", "--freeze", "--lang", "zh").code == 2
    for language, words in (("zh", "郑州市场规模（本地产值）"), ("en", "Zhengzhou: Market")):
        shown = terminal("score", "--list", "--lang", language)
        assert words in shown.out
        assert today in shown.out
    assert terminal("score", "x.csv", "--freeze").code == 2
    for option in ("--list", "--freeze"):
        refused = terminal("score", "x.csv", option, "--lang", "zh")
        assert (refused.code, "不打分" in refused.err) == (2, True)
    assert load_register().fitted == {name for report in POSTERIOR.about["reports"] for name in report["figures"]}
    # without a posterior the register still scores, and what it does not cover is listed
    path.unlink()
    figures = tmp_path / "later.csv"
    figures.write_text(
        "id,indicator,geography,definition,value,unit,period_start,period_end\n"
        "A,market,zhengzhou,local_output,30,亿元,2025-01-01,2025-12-31\n"
        "B,market,zhengzhou,local_output,15,亿元,2025-01-01,2025-06-30\n",
        encoding="utf-8",
    )
    ended = terminal("score", str(figures), "--lang", "en")
    assert ended.code == 0
    assert "· B: not in the register, and the posterior is missing or stale" in ended.out
