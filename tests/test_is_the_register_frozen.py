"""Is a forecast, once registered, there for good: complete, unchanged, and never written again?

Does NOT establish that the forecasts come true, nor that nobody replaced a register together with its checksum: for
that the history of the repository is the witness.
"""

from __future__ import annotations

import datetime
import hashlib
import math
import re
from functools import cache
from pathlib import Path

import pytest

from commands import Terminal
from posteriors import stand_in, write_stand_in
from shudian import posterior_file as posterior_module
from shudian.evidence import load_figures, load_vocabulary
from shudian.forecasts import register as register_module
from shudian.forecasts.items import ITEMS, YEARS, periods
from shudian.forecasts.prediction import world_of
from shudian.forecasts.register import (
    CHECKSUMS,
    FITTED,
    Row,
    draws_of,
    freeze,
    frozen_digests,
    load_register,
    predict_rows,
    registers_folder,
)
from shudian.kinds import InputError
from shudian.messages import in_language
from shudian.observe.reports import load_reports
from shudian.observe.rules import load_rules
from shudian.posterior_file import Posterior
from shudian.structure import load_model

MADE = datetime.date(2026, 11, 23)


@cache
def stood_in() -> Posterior:
    return stand_in(200)


MODEL = load_model()
RULES = load_rules(MODEL)


@cache
def rows_made() -> tuple[Row, ...]:
    return predict_rows(world_of(stood_in()), stood_in(), MADE)


SHIPPED = sorted(registers_folder().glob("*.csv"))


def test_there_is_a_register_and_each_one_is_listed() -> None:
    assert SHIPPED
    files = [file for path in SHIPPED for file in (path, draws_of(path)) if file.exists()]
    assert {file.name for file in files} == frozen_digests(registers_folder()).keys()
    assert {file.name for file in registers_folder().glob("*.parquet")} <= {file.name for file in files}
    listed = (registers_folder() / CHECKSUMS).read_text(encoding="utf-8").split("\n")
    # a line for each, in the form that sha256sum -c reads
    assert all(re.fullmatch(r"[0-9a-f]{64}  \d{4}-\d\d-\d\d\.(csv|parquet)", line) for line in listed if line)
    assert len([line for line in listed if line]) == len(files)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_register_is_what_was_frozen(path: Path) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == frozen_digests(path.parent)[path.name]
    register = load_register(path)
    assert register.made == path.stem
    complete(register.rows)
    for row in register.rows:
        # a report adds its error to what the model does not know; beside a very wide one it is lost in the draws' noise
        assert row.reported.quantiles[9] / row.reported.quantiles[3] > 0.97 * row.model[4] / row.model[0]
        assert row.crps_error < 0.02


def complete(rows: tuple[Row, ...]) -> None:
    words = load_vocabulary()
    assert len({row.identifier for row in rows}) == len(rows)
    for row in rows:
        for column in ("indicator", "geography", "definition"):
            assert getattr(row, column) in {*words[column], *([""] if column == "definition" else [])}
        quantiles = row.reported.quantiles
        assert all(math.isfinite(q) and q > 0 for q in quantiles)
        assert list(quantiles) == sorted(quantiles)
        # 200 prior draws span several orders of magnitude
        assert row.crps_error < 0.2
        assert row.origin[0] == "zhengzhou_2025"
    # a growth rate for every amount
    amounts = {row.identifier for row in rows if row.measure == "level" and row.unit != "%"}
    growths = {row.identifier.removesuffix("/growth") for row in rows if row.measure != "level"}
    assert amounts <= growths


def test_all_that_was_promised_is_foretold() -> None:
    complete(rows_made())
    promised = {(*item.key, end) for item in ITEMS for _, _, end in periods(item)}
    assert told_by(rows_made()) == promised


def told_by(rows: tuple[Row, ...]) -> set[tuple[str, str, str, str]]:
    return {(r.indicator, r.geography, r.definition, r.period_end) for r in rows if r.measure == "level"}


def test_what_the_posterior_was_fitted_to_is_not_foretold() -> None:
    every = load_reports(MODEL)
    reports = [
        {"id": r.identifier, "figures": [f.identifier for f in r.figures], "phrase": "…", "available": None}
        for r in every
    ]
    fitted_to_all = stand_in(40, reports=reports)
    left_out = told_by(rows_made()) - told_by(predict_rows(world_of(fitted_to_all), fitted_to_all, MADE))
    # printed for the whole of 2025, and for the first quarter of 2026
    assert {
        ("market", "china", "gross_market", "2025-12-31"),
        ("titles_share", "china", "live_titles", "2026-03-31"),
    } < (left_out)
    printed = {
        (f.indicator, f.geography, f.definition, f.period_end or f.period_start) for r in every for f in r.figures
    }
    assert left_out <= printed
    # a number that may tell of eight months or of the year (ZM07) leaves the year to be foretold
    assert ("market", "zhengzhou", "allocated_market", "2025-12-31") not in left_out


def test_quarters_are_foretold_and_the_ends_of_half_years() -> None:
    def spans(indicator: str, definition: str, year: str) -> set[tuple[str, str]]:
        rows = [row for row in rows_made() if (row.indicator, row.definition) == (indicator, definition)]
        return {(row.period_start, row.period_end) for row in rows if row.period_end.startswith(year)}

    for year in ("2026", "2027"):
        assert spans("titles_online", "ai_titles", year) == {
            (f"{year}-01-01", f"{year}-12-31"), (f"{year}-01-01", f"{year}-03-31"), (f"{year}-04-01", f"{year}-06-30"),
            (f"{year}-07-01", f"{year}-09-30"), (f"{year}-10-01", f"{year}-12-31"),
        }  # fmt: skip
        assert spans("firms", "registered_firms", year) == {(f"{year}-{end}",) * 2 for end in ("06-30", "12-31")}
        assert spans("market", "content_market", year) == {(f"{year}-01-01", f"{year}-12-31")}
    # the quarters make up the year
    quarters = [r for r in rows_made() if r.identifier.startswith("2026-11-23/zhengzhou/market/local_output/2026Q")]
    (whole,) = (r for r in rows_made() if r.identifier == "2026-11-23/zhengzhou/market/local_output/2026")
    levels = [row.model[2] for row in quarters if row.measure == "level"]
    assert len(levels) == 4
    assert sum(levels) == pytest.approx(whole.model[2], rel=0.1)


def test_every_item_has_a_rule_and_every_fitted_rule_of_the_whole_is_an_item_or_named() -> None:
    """What is left out: other denominators of the city's share, and a list whose rules nobody prints."""
    rules = {(r.indicator, r.place, r.definition) for r in RULES.rules if not r.is_ratio}
    items = {(i.indicator, "city" if i.geography == "zhengzhou" else i.geography, i.definition) for i in ITEMS}
    assert rules - items == {
        ("titles_share", "city", "filings"), ("titles_share", "city", "unstated"),
        ("titles_on_hot_list", "city", "hot_list"),
    }  # fmt: skip
    assert items <= rules
    assert YEARS[0] == 2025


def test_the_same_posterior_gives_the_same_register() -> None:
    assert predict_rows(world_of(stood_in()), stood_in(), MADE) == rows_made()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = freeze(rows_made(), tmp_path)
    for written, read in zip(rows_made(), load_register(path).rows, strict=True):
        assert read.reported.quantiles == pytest.approx(written.reported.quantiles, rel=1e-5)
        assert read.model == pytest.approx(written.model, rel=1e-5)
        for name in ("identifier", "made", "definition", "measure", "period_start", "unit", "origin"):
            assert getattr(read, name) == getattr(written, name)
        assert read.naive.figures == written.naive.figures
        for simple in ("no_change", "growth", "damped"):
            values = [getattr(row.naive, simple) or 0.0 for row in (read, written)]
            assert values[0] == pytest.approx(values[1], rel=1e-5)


def test_a_day_has_one_register(tmp_path: Path) -> None:
    path = freeze(rows_made(), tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(InputError, match="never written again") as raised:
        freeze(rows_made()[:3], tmp_path)
    assert "不再重写" in in_language(raised.value, "zh")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert path.name == "2026-11-23.csv"


@pytest.mark.parametrize("where", [200, 5000, -40])
def test_a_register_that_was_changed_is_refused(where: int, tmp_path: Path) -> None:
    path = freeze(rows_made(), tmp_path)
    content = bytearray(path.read_bytes())
    content[where] = ord("1") if content[where] != ord("1") else ord("2")
    path.write_bytes(content)
    with pytest.raises(InputError, match="not what was frozen"):
        load_register(path)


def test_a_register_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    path = freeze(rows_made(), tmp_path)
    other = path.with_name("2026-11-24.csv")
    other.write_bytes(path.read_bytes())
    with pytest.raises(InputError, match="not what was frozen"):
        load_register(other)


def test_a_register_tells_what_it_was_fitted_to(tmp_path: Path) -> None:
    path = freeze(rows_made(), tmp_path, ("ZM01", "ZM03"))
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
        freeze(rows_made(), tmp_path)
    (tmp_path / CHECKSUMS).rmdir()
    assert [*tmp_path.iterdir()] == []
    freeze(rows_made(), tmp_path)


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
    assert (tmp_path / "register" / f"{today}.parquet").stat().st_size < 3_000_000
    assert terminal("score", "--freeze", "--lang", "zh").code == 2
    for language, words in (("zh", "郑州市场规模（本地产值）"), ("en", "Zhengzhou: Market")):
        shown = terminal("score", "--list", "--lang", language)
        assert words in shown.out
        assert today in shown.out
    assert terminal("score", "x.csv", "--freeze").code == 2
    for option in ("--list", "--freeze"):
        refused = terminal("score", "x.csv", option, "--lang", "zh")
        assert (refused.code, "不打分" in refused.err) == (2, True)
    assert load_register().fitted == {name for report in stood_in().about["reports"] for name in report["figures"]}
    # without a posterior the register still scores, and so do its draws what it has no row for
    path.unlink()
    figures = tmp_path / "later.csv"
    figures.write_text(
        "id,indicator,geography,definition,value,unit,period_start,period_end\n"
        "A,market,zhengzhou,local_output,30,亿元,2025-01-01,2025-12-31\n"
        "B,market,zhengzhou,local_output,15,亿元,2025-01-01,2025-06-30\n",
        encoding="utf-8",
    )
    for language, words in (("en", f"from the draws frozen on {today}"), ("zh", f"由{today}封存的抽样推算")):
        ended = terminal("score", str(figures), "--lang", language)
        assert ended.code == 0
        assert words.replace(" ", "") in "".join(ended.out.split())
    # a register without draws lists it instead
    (tmp_path / "register" / f"{today}.parquet").unlink()
    sums = tmp_path / "register" / CHECKSUMS
    sums.write_text("".join(f"{line}\n" for line in sums.read_text("utf-8").split("\n") if ".csv" in line), "utf-8")
    ended = terminal("score", str(figures), "--lang", "en")
    assert ended.code == 0
    assert "· B: not in the register, and the posterior is missing or stale" in ended.out
