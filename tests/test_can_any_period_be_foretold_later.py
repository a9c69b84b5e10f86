"""Do the draws that a register freezes foretell later what it has no row for, as it would have been on the day?

Does NOT establish that such forecasts are good, nor that a definition whose rule is written later is read as it would
have been on the day: it is read by the later rule, and the row says so.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from posteriors import stand_in
from shudian.evidence import load_figures
from shudian.forecasts import prediction, register, scoring
from shudian.forecasts.frozen import DRAWS, frozen_from, read_frozen, write_frozen
from shudian.forecasts.prediction import predictions, questions, world_of
from shudian.forecasts.register import CHECKSUMS, draws_of, freeze, load_register, predict_rows
from shudian.forecasts.scored import Scored
from shudian.forecasts.scoring import Scores, score_file, score_seeds
from shudian.kinds import Figure, InputError
from shudian.messages import in_language
from shudian.observe.rules import Rules, load_rules
from shudian.posterior_file import Posterior
from shudian.quantities import MONTHS
from shudian.report.words.forecast_text import register_text, scores_text
from shudian.structure import load_model

DAY = datetime.date(2026, 11, 23)
MODEL = load_model()
RULES = load_rules(MODEL)


@cache
def stood_in() -> Posterior:
    return stand_in(2000)


@cache
def world() -> Any:
    return world_of(stood_in())


@cache
def all_frozen() -> Any:
    return frozen_from(world(), stood_in(), DAY.isoformat())


@cache
def rows_made() -> tuple[Any, ...]:
    return predict_rows(world(), stood_in(), DAY)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return freeze(rows_made(), tmp_path_factory.mktemp("register"), ("ZM03",), all_frozen())


def figure(**cells: Any) -> Figure:
    some = load_figures()["ZM01"]
    plain = {"value": 30.0, "low": None, "high": None, "bound": "exact", "growth_percent": None, "source": ""}
    return replace(some, identifier="A", period_alternatives=(), **{**plain, **cells})


COLUMNS = (
    "id",
    "indicator",
    "geography",
    "definition",
    "value",
    "unit",
    "period_start",
    "period_end",
    "growth_percent",
)
NINE_MONTHS = ("A", "market", "zhengzhou", "local_output", "40", "亿元", "2026-01-01", "2026-09-30", "35")
PRICE_OF_A_MONTH = ("B", "price_per_title", "china", "", "50", "万元", "2026-03-01", "2026-03-31", "")
OTHER_SHARE = ("C", "titles_share", "zhengzhou", "filings", "30", "%", "2026-01-01", "2026-12-31", "")
WHOLE_YEAR = ("D", "market", "zhengzhou", "local_output", "50", "亿元", "2026-01-01", "2026-12-31", "")


def scored(path: Path, folder: Path, *lines: Sequence[str], posterior: Any = None) -> Scores:
    file = folder / "later.csv"
    file.write_text("".join(",".join(line) + "\n" for line in (COLUMNS, *lines)), encoding="utf-8")
    return score_file(file, path, posterior)


def forecasts(rows: Sequence[Scored]) -> list[tuple[str, str, tuple[float, ...]]]:
    return [(row.figure.identifier, row.measure, row.forecast.quantiles) for row in rows]


# What is frozen


def test_every_variable_that_a_rule_reads_is_frozen_over_the_whole_horizon(path: Path) -> None:
    found = read_frozen(draws_of(path))
    assert set(found.units) == {rule.variable for rule in RULES.rules}
    assert found.values.shape == (len(found.units), MONTHS + 1, DRAWS)
    assert found.values.dtype == np.float32
    assert all(MODEL.unit_of(name) == unit for name, unit in found.units.items())
    run = world().run([*found.units])[:, :, :DRAWS]
    assert np.allclose(found.values, run, rtol=2e-5, atol=0)
    # the posterior's draws differ, and none of them is taken twice
    assert len({own.tobytes() for own in found.values[0].T}) > 0.99 * DRAWS


def test_what_is_written_is_read_again_and_is_small(path: Path) -> None:
    found = read_frozen(draws_of(path))
    assert np.array_equal(found.values, all_frozen().values)
    assert (found.rules, found.units, found.about) == (all_frozen().rules, all_frozen().units, all_frozen().about)
    assert found.about["model_digest"] == MODEL.digest
    assert found.about["inputs_digest"] == stood_in().about["inputs_digest"]
    assert (found.about["draws"], found.about["of_draws"]) == (DRAWS, 2000)
    assert draws_of(path).stat().st_size < 3_000_000
    # anybody can read it
    table = pq.read_table(draws_of(path)).to_pandas()
    assert [*table.columns] == ["draw", "month", *found.units]
    at = table[(table.draw == 7) & (table.month == 45)]
    assert at["national_gross_market"].item() == found.values[[*found.units].index("national_gross_market"), 45, 7]


def test_the_same_posterior_freezes_the_same_draws(path: Path, tmp_path: Path) -> None:
    again = frozen_from(world_of(stood_in()), stood_in(), DAY.isoformat())
    write_frozen(again, tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == draws_of(path).read_bytes()


@pytest.mark.parametrize("where", [10, 0.3, 0.7, -20])
def test_draws_of_which_a_byte_was_changed_are_refused(where: float, tmp_path: Path) -> None:
    path = freeze(rows_made(), tmp_path, frozen=all_frozen())
    assert load_register(path).draws is not None
    draws = draws_of(path)
    content = bytearray(draws.read_bytes())
    content[int(where * len(content)) if isinstance(where, float) else where] ^= 1
    draws.write_bytes(content)
    with pytest.raises(InputError, match=r"parquet: this register is not what was frozen"):
        load_register(path)
    draws.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        load_register(path)


def test_what_are_no_draws_is_refused_in_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_frozen(all_frozen(), path)
    whole = path.read_bytes()
    table = pq.read_table(path)
    for content in (b"", b"PAR1", b"draws", whole[:-200], whole[:5000] + whole[5100:]):
        path.write_bytes(content)
        with pytest.raises(InputError, match="no draws that shudian score has frozen") as raised:
            read_frozen(path)
        assert "封存" in in_language(raised.value, "zh")
    for other in (
        table.drop_columns(["month"]).slice(5),
        table.drop_columns(["hits"]),
        table.replace_schema_metadata(),
    ):
        pq.write_table(other, path)
        with pytest.raises(InputError, match="no draws that shudian score has frozen"):
            read_frozen(path)


def test_a_day_whose_draws_cannot_be_kept_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / CHECKSUMS).mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        freeze(rows_made(), tmp_path, frozen=all_frozen())
    (tmp_path / CHECKSUMS).rmdir()
    assert [*tmp_path.iterdir()] == []
    freeze(rows_made(), tmp_path, frozen=all_frozen())
    assert load_register(tmp_path / f"{DAY}.csv").has_draws


# What is foretold from it


def test_a_frozen_row_and_the_frozen_draws_say_the_same_within_the_noise_of_the_thinning(path: Path) -> None:
    """Medians differ by less than 4.5 standard errors of a median of 400 draws, spreads by as much of theirs.

    Of a normal distribution the standard error of the quartiles' distance is 6 % of it; these have longer tails.
    """
    asked = [
        q
        for figure in (row_figure(row) for row in rows_made() if row.measure == "level")
        for q in questions(figure, all_frozen(), all_frozen().rules)
    ]
    said = predictions(asked, read_frozen(draws_of(path)))
    frozen = load_register(path)
    spread = []
    for question, found in zip(asked, said, strict=True):
        row = frozen.row_for(question)
        assert row is not None
        factor = row.factor_to(question.report.figures[0].unit)
        assert factor is not None
        logs = np.log(np.array(found.reported.quantiles))
        expected = np.log(np.array(row.reported.quantiles) * factor)
        # quartiles and median: of a normal distribution a standard deviation is 0.741 times the quartiles' distance
        sigma = 0.741 * (expected[7] - expected[5])
        assert abs(logs[6] - expected[6]) < 4.5 * 1.25 * sigma / math.sqrt(DRAWS), row.identifier
        spread.append((logs[7] - logs[5]) / (expected[7] - expected[5]))
        assert 0.7 < spread[-1] < 1.4, row.identifier
    assert np.mean(spread) == pytest.approx(1.0, abs=0.05)


def row_figure(row: register.Row) -> Figure:
    return figure(
        indicator=row.indicator, geography=row.geography, definition=row.definition, unit=row.unit,
        period_start=row.period_start, period_end=row.period_end,
        growth_percent=None if row.unit == "%" else 0.0,
    )  # fmt: skip


def test_any_period_and_any_definition_is_foretold_from_the_draws(path: Path, tmp_path: Path) -> None:
    found = scored(path, tmp_path, NINE_MONTHS, PRICE_OF_A_MONTH, OTHER_SHARE, WHOLE_YEAR)
    assert not found.left
    assert {(row.figure.identifier, row.origin) for row in found.rows} == {
        ("A", "draws"), ("B", "draws"), ("C", "draws"), ("D", "register"),
    }  # fmt: skip
    assert [row.measure for row in found.rows if row.figure.identifier == "A"] == ["level", "ratio_to_year_before"]
    assert not any(row.by_later_rule or row.in_fit for row in found.rows)
    # the whole posterior would have said the same
    nine = next(row for row in found.rows if row.figure.identifier == "A" and row.measure == "level")
    (asked, _) = questions(nine.figure, MODEL, RULES)
    (all_of_them,) = predictions([asked], world())
    for level in (0.25, 0.5, 0.75):
        assert nine.forecast.quantile(level) == pytest.approx(all_of_them.reported.quantile(level), rel=0.12)
    for language, words in (("en", "from the draws frozen on 2026-11-23"), ("zh", "由2026-11-23封存的抽样推算")):
        assert words in scores_text(found, language, 160)  # type: ignore[arg-type]
        assert "2026-11-23.parquet" in register_text(load_register(path), language, 160)  # type: ignore[arg-type]


def test_nothing_of_a_later_posterior_or_equation_or_rule_has_a_say(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (NINE_MONTHS, PRICE_OF_A_MONTH, OTHER_SHARE, WHOLE_YEAR)
    before = scored(path, tmp_path, *lines)
    other = stand_in(100)
    assert forecasts(scored(path, tmp_path, *lines, posterior=replace(other, values=other.values[:, ::-1])).rows) == (
        forecasts(before.rows)
    )

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the equations of today were run")

    monkeypatch.setattr(prediction, "bare_run", never)
    monkeypatch.setattr(scoring, "standing_posterior", lambda _city: None)
    assert scored(path, tmp_path, *lines) == replace(before, posterior_made="")

    # other variables, factors, scopes and errors than those of the day
    def changed(model: Any) -> Rules:
        rules = load_rules(model)
        other = [
            replace(rule, variable="head_count", factor_median=3.0, factor_sigma=2.0, scope_sigma=2.0)
            if rule.indicator in ("market", "price_per_title", "titles_share")
            else rule
            for rule in rules.rules
        ]
        return replace(rules, rules=tuple(other), typical=replace(rules.typical, level=1.0, growth=1.0))

    monkeypatch.setattr(scoring, "load_rules", changed)
    monkeypatch.setattr(scoring, "load_reports", lambda _model: ())
    assert forecasts(scored(path, tmp_path, *lines).rows) == forecasts(before.rows)


def test_a_definition_of_which_nothing_was_frozen_is_said_to_be_not_foretold(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule of a later day may read a variable that was frozen, and the row says so; of another there is nothing."""
    some = next(rule for rule in RULES.rules if rule.indicator == "market")
    frozen = replace(some, definition="box_office", variable="national_gross_market", reading="total", place="china")
    new = replace(some, definition="overseas", variable="beliefs_of_tomorrow")
    assert new.variable not in all_frozen().units
    line = ("E", "market", "china", "box_office", "900", "亿元", "2026-01-01", "2026-12-31", "")
    today = replace(RULES, rules=(*RULES.rules, frozen, new))
    assert new not in all_frozen().reading(today).rules
    assert frozen in all_frozen().reading(today).rules
    assert (all_frozen().had(frozen), all_frozen().had(some)) == (False, True)

    less = replace(
        all_frozen(),
        units={n: u for n, u in all_frozen().units.items() if n != "live_price"},
        values=without("live_price"),
    )
    less = replace(less, rules=replace(RULES, rules=tuple(r for r in RULES.rules if r.variable != "live_price"),
                                       groups=(), left_out={}))  # fmt: skip
    rows = tuple(row for row in rows_made() if row.indicator not in ("price_per_title", "production_cost"))
    kept = freeze(rows, tmp_path / "less", frozen=less)
    found = scored(kept, tmp_path, PRICE_OF_A_MONTH, NINE_MONTHS, WHOLE_YEAR)
    assert [(entry.identifier, entry.reason) for entry in found.left] == [("B", "not_foretold")]
    assert {row.figure.identifier for row in found.rows} == {"A", "D"}
    for language, words in (("en", "B: not foretold: the register has no row"), ("zh", "因此没有预测过")):
        assert words.replace(" ", "") in "".join(scores_text(found, language, 160).split())  # type: ignore[arg-type]

    monkeypatch.setattr(scoring, "load_rules", lambda _model: today)
    monkeypatch.setattr(scoring, "read_figures", known_word(scoring.read_figures))
    later = scored(path, tmp_path, line)
    assert [(row.origin, row.by_later_rule) for row in later.rows] == [("draws", True)]
    assert "only after the register" in " ".join(scores_text(later, "en", 220).split())


def known_word(read: Any) -> Any:
    """The figures file as read with one definition more in the vocabulary."""

    def reading(file: Path) -> Any:
        text = file.read_text(encoding="utf-8").replace("box_office", "gross_market")
        file.write_text(text, encoding="utf-8")
        found = read(file)
        named = [replace(r, figure=replace(r.figure, definition="box_office")) for r in found.figures]
        return replace(found, figures=tuple(named))

    return reading


def without(name: str) -> Any:
    return all_frozen().values[[place for place, own in enumerate(all_frozen().units) if own != name]]


def test_a_figure_that_stood_in_the_seeds_when_the_draws_were_frozen_tests_no_forecast(
    path: Path, tmp_path: Path
) -> None:
    """Not fitted, as it repeats what is; but whoever made the model had it in sight."""
    told = score_seeds(path)
    assert not {row.figure.identifier for row in told.rows} & {*all_frozen().about["figures"]}
    seen = {entry.identifier for entry in told.left if entry.reason == "in_sight"}
    assert "tests no forecast" in " ".join(scores_text(told, "en", 160).split())
    # one that came after the register is scored, however it is read
    name = "ZA01"
    assert name in seen
    about = {**all_frozen().about, "figures": [own for own in load_figures() if own != name]}
    after = score_seeds(freeze(rows_made(), tmp_path, frozen=replace(all_frozen(), about=about)))
    assert name in {row.figure.identifier for row in after.rows}


def test_a_register_without_draws_goes_on_as_before(tmp_path: Path) -> None:
    path = freeze(rows_made(), tmp_path)
    assert (load_register(path).has_draws, load_register(path).draws) == (False, None)
    assert "parquet" not in register_text(load_register(path), "en")
    found = scored(path, tmp_path, NINE_MONTHS, posterior=stood_in())
    assert {row.origin for row in found.rows} == {"now"}
    older = load_register(register.registers_folder() / "2026-11-23.csv")
    assert not older.has_draws


def test_frozen_draws_are_a_world_that_is_asked_like_any_other() -> None:
    run = all_frozen().run(["lead_firms", "hits"])
    assert run.shape[:2] == (2, MONTHS + 1)
    # so many reports are drawn that their errors are no noise of their own
    assert run.shape[2] == 4000
    names = [*all_frozen().units]
    assert np.array_equal(run[1, :, DRAWS : 2 * DRAWS], all_frozen().values[names.index("hits")])
