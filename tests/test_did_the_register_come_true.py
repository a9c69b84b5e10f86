"""How did the frozen predictions fare on what was published later, and is that what is printed?

Does NOT establish why a number was missed: the reasons are judgements, and only that each miss has one is tested. Nor
that the figures are independent, or that the others, which the model does not count, would have fared alike.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from commands import Terminal
from shudian.evidence import load_figures
from shudian.forecasts import kept, scoring, study
from shudian.forecasts.kept import study_path
from shudian.forecasts.register import load_register, registers_folder
from shudian.forecasts.scored import NAIVES
from shudian.forecasts.scores import Forecast, score
from shudian.forecasts.scoring import Scores, score_seeds
from shudian.kinds import InputError
from shudian.paths import seeds_folder
from shudian.report.calibration.words import study_text
from shudian.report.words import belief_text
from shudian.report.words.belief_text import past_text
from shudian.toml_file import read_toml

MADE = "2026-11-23"
REGISTER = registers_folder() / f"{MADE}.csv"
STUDY: dict[str, Any] = json.loads(study_path(MADE).read_text(encoding="utf-8"))
README = (seeds_folder() / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scores() -> Scores:
    return score_seeds(REGISTER)


def test_the_published_scores_are_those_of_the_register_and_the_rows() -> None:
    """Recomputed from the frozen file, the forecasts that the study keeps, and what it says was printed."""
    assert hashlib.sha256(REGISTER.read_bytes()).hexdigest() == STUDY["register_sha256"]
    frozen = {row.identifier: row.reported for row in load_register(REGISTER).rows}
    for row in STUDY["rows"]:
        forecast = frozen[row["register_row"]] if row["register_row"] else Forecast(tuple(row["quantiles"]))
        low, high = row["printed"]
        found = score(forecast, (low, high))
        for name in ("inside_50", "inside_90", "pit", "crps"):
            assert getattr(found, name) == pytest.approx(row[name], rel=2e-3, abs=2e-3), (row["figure"], name)
    assert {bool(row["register_row"]) for row in STUDY["rows"]} == {True, False}


def test_what_is_scored_today_is_what_was_published_where_the_reading_is_the_same(scores: Scores) -> None:
    """Since then, words are no bins, and NAT-107 and NAT-020 are read with animated dramas in them."""
    today = {(r.figure.identifier, r.measure): r for r in scores.rows if r.origin != "now"}
    published = {(row["figure"], row["measure"]): row for row in STUDY["rows"]}
    assert published.keys() - today.keys() == {("NAT-107", "level"), ("NAT-020", "ratio_to_year_before")}
    for key in published.keys() & today.keys():
        row, again = published[key], today[key]
        assert again.forecast.median == pytest.approx(row["median"], rel=1e-3)
        if again.figure.bound in ("exact", "interval"):
            assert again.score.pit == pytest.approx(row["pit"], rel=2e-3)


def test_the_summary_adds_up() -> None:
    rows, everything = [row for row in STUDY["rows"] if not row["counts_with"]], STUDY["summaries"]["all"]
    assert everything["numbers"] == len(rows) > 10
    assert everything["numbers"] == sum(family["numbers"] for family in STUDY["families"].values())
    for name in ("inside_50", "inside_90"):
        assert everything[name] == pytest.approx(sum(row[name] for row in rows), rel=1e-3)
        share = f"{round(100 * everything[name] / len(rows))}"
        assert f"{share} %" in README or f" {share} and" in README or f"and {share} %" in README
    for name in ("crps", "log_score"):
        assert everything[name] == pytest.approx(sum(row[name] for row in rows) / len(rows), rel=1e-3)
    for name in NAIVES:
        both = [row for row in rows if row[name]]
        assert everything[name]["numbers"] == len(both)
        assert everything[name]["crps"] == pytest.approx(sum(row[name]["crps"] for row in both) / len(both), rel=1e-3)
        assert README.count(f"{everything[name]['model_crps']:.3f}") >= 2, "each half, English and Chinese"
        assert README.count(f"{everything[name]['crps']:.3f}") >= 2
    for told in (f"{everything['widening']:.1f}", f"{everything['log_score']:.3f}"):
        assert README.count(told) >= 2


def test_what_counts_with_another_row_stands_beside_it() -> None:
    counted = {row["figure"] for row in STUDY["rows"] if not row["counts_with"]}
    together = [row for row in STUDY["rows"] if row["counts_with"]]
    assert together
    assert {row["counts_with"] for row in together} <= counted


def test_a_published_study_stays_as_it_came_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = study_path(MADE).read_bytes()
    monkeypatch.setattr(study, "score_seeds", lambda: score_seeds(REGISTER))
    with pytest.raises(InputError, match="stays as it came out"):
        study.write_study()
    assert study_path(MADE).read_bytes() == before
    broken = tmp_path / "score.json"
    broken.write_text('{"rows": []}', encoding="utf-8")
    for module in (study, kept):
        monkeypatch.setattr(module, "study_path", lambda _made: broken)
    with pytest.raises(InputError, match="not a study that"):
        score_seeds(REGISTER)


def test_every_number_outside_has_a_reason_and_no_other() -> None:
    file = read_toml(seeds_folder() / "studies" / f"misses-{MADE}.toml")
    outside = {(row["figure"], row["measure"]) for row in STUDY["rows"] if row["inside_50"] < 0.5}
    assert {(entry["figure"], entry["measure"]) for entry in file.data["miss"]} == outside
    for entry in file.data["miss"]:
        assert entry["reason"] in ("definition", "structure", "prior", "observation")
        assert entry["zh"]
        assert entry["en"]
    for figure, _ in outside:
        assert README.count(f"| `{figure}` ") >= 2


def test_every_later_row_is_scored_once_or_listed_with_the_reason(scores: Scores) -> None:
    later = {name for name, figure in load_figures().items() if figure.role == "later"}
    scored = {row.figure.identifier for row in scores.rows}
    left = {entry.identifier for entry in scores.left}
    assert later <= scored | left
    assert not scored & left
    assert not scored & (scores.register.fitted or set())
    for entry in scores.left:
        assert entry.why is not None or entry.reason == "foretold"
    assert next(entry.reason for entry in scores.left if entry.identifier == "ZN03") == "foretold"


def test_a_later_figure_counts_for_the_old_register_once_it_is_fitted(
    scores: Scores, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who changes the word, and calibrates, must not lose the score of what was foretold without it."""
    known_then = scores.register.fitted or set()
    figures = {
        n: replace(f, role="later") if f.role == "calibration" and n not in known_then else f
        for n, f in load_figures().items()
    }
    monkeypatch.setattr(scoring, "load_figures", lambda: figures)
    known = scoring.load_reports
    monkeypatch.setattr(scoring, "load_reports", lambda model: known(model, figures))
    again = score_seeds(REGISTER)
    before, after = ([r for r in s.rows if r.register_row] for s in (scores, again))
    assert [(row.figure.identifier, row.score, row.counts) for row in after] == [
        (row.figure.identifier, row.score, row.counts) for row in before
    ]
    assert not any(row.in_fit for row in after)


def test_an_answer_says_how_earlier_forecasts_did(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = STUDY["summaries"]["all"]
    held = f"{everything['inside_90'] / everything['numbers']:.0%}"
    for language, words in (("en", "were too narrow: of 12 later numbers"), ("zh", "预测偏窄")):
        (told,) = past_text(language)  # type: ignore[arg-type]
        assert words in told
        assert held in told
        assert f"{everything['widening']:.1f}" in told
    wide = kept.Record(MADE, 20, 0.95, 0.8)
    monkeypatch.setattr(belief_text, "latest_record", lambda: wide)
    assert "narrow" not in past_text("en")[0]
    assert "95%" in past_text("en")[0]
    monkeypatch.setattr(belief_text, "latest_record", lambda: None)
    assert past_text("en") == ()


def test_the_calibration_report_tells_of_it() -> None:
    for language, words in (
        ("en", "frozen on 2026-11-23 met 12 numbers"),
        ("zh", "2026-11-23封存的登记表遇到它不知道的12个数"),
    ):
        told = study_text("score", STUDY, language)  # type: ignore[arg-type]
        assert words in told
        assert "seeds/README.md" in told


def test_without_an_argument_the_command_scores_what_the_seeds_hold(terminal: Terminal) -> None:
    for language, words in (("en", "10 numbers: "), ("zh", "共10个数")):
        ended = terminal("score", "--register", str(REGISTER), "--lang", language)
        assert ended.code == 0
        assert "ZM11" in ended.out
        assert words in ended.out


def test_later_rows_in_a_file_of_ones_own_are_scored_too(tmp_path: Path, terminal: Terminal) -> None:
    path = tmp_path / "later.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["id", "indicator", "geography", "definition", "value", "unit", "period_start", "period_end", "role"]
        )
        writer.writerow(["A", "market", "zhengzhou", "local_output", 30, "亿元", "2025-01-01", "2025-12-31", "later"])
    assert "1 numbers: " in terminal("score", str(path), "--lang", "en").out


def test_a_first_study_is_not_written_from_another_posterior(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(study, "standing_posterior", lambda _city: None)
    monkeypatch.setattr(study, "score_seeds", lambda: score_seeds(REGISTER))
    for module in (study, kept):
        monkeypatch.setattr(module, "study_path", lambda _made: tmp_path / "none.json")
    with pytest.raises(InputError, match="not the one that this register was made from"):
        study.write_study()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)
