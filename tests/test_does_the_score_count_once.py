"""Does each statement count once, and are log score, damped trend and calibration factor what they are said to be?

Does NOT establish that two offices that agree are independent, nor that an office speaks under one name: who speaks is
what seeds/sources.toml says. Nor that the damped trend is the best of the simple forecasts.
"""

from __future__ import annotations

import csv
import datetime
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from commands import Terminal
from posteriors import stand_in, write_stand_in
from shudian import posterior_file as posterior_module
from shudian.evidence import COLUMNS, load_figures, load_sources
from shudian.forecasts import register as register_module
from shudian.forecasts.naive import naive, naive_ratio
from shudian.forecasts.once import COPY, is_copy
from shudian.forecasts.prediction import world_of
from shudian.forecasts.register import Row, freeze, load_register, predict_rows, registers_folder
from shudian.forecasts.scored import LEAST_WIDENED, NAIVES, families_of, summary_of, widening
from shudian.forecasts.scores import LEVELS, Forecast
from shudian.forecasts.scoring import Scores, score_file, score_seeds
from shudian.observe.reports import Quantity, Report, report_of
from shudian.observe.rules import load_rules
from shudian.posterior_file import Posterior
from shudian.structure import load_model

MODEL = load_model()
RULES = load_rules(MODEL)


@cache
def stood_in() -> Posterior:
    return stand_in(100)


@cache
def rows_frozen() -> tuple[Row, ...]:
    return predict_rows(world_of(stood_in()), stood_in(), datetime.date(2026, 11, 23))


MU, SIGMA = st.floats(-3, 12), st.floats(0.02, 2)


def lognormal(mu: float, sigma: float) -> Forecast:
    return Forecast(tuple(float(q) for q in np.exp(mu + sigma * stats.norm.ppf(LEVELS))))


@st.composite
def forecasts(draw: st.DrawFn) -> Forecast:
    start, steps = draw(st.floats(-2, 8)), draw(st.lists(st.floats(0.01, 0.8), min_size=12, max_size=12))
    return Forecast(tuple(float(q) for q in np.exp(start + np.cumsum([0.0, *steps]))))


# The log score


@given(MU, SIGMA, st.floats(-12, 12))
def test_the_log_score_of_a_number_is_minus_the_logarithm_of_the_density(mu: float, sigma: float, z: float) -> None:
    value = math.exp(mu + sigma * z)
    assume(value > 1e-9)  # nothing that is printed is less, and the score takes it for that
    found = lognormal(mu, sigma).log_score((value, value))
    assert found == pytest.approx(-stats.norm.logpdf(mu + sigma * z, mu, sigma), abs=1e-3, rel=1e-3)


@given(forecasts(), st.lists(st.floats(0.2, 3000), min_size=3, max_size=20, unique=True))
def test_the_densities_of_all_that_may_be_printed_add_up_to_one(forecast: Forecast, cuts: list[float]) -> None:
    cuts = sorted(cuts)
    parts = [(low, high) for low, high in pairwise(cuts) if math.log(high / low) > 1e-3]
    for low, high in parts:
        found = forecast.log_score((low, high))
        assert found is not None
        probability = math.exp(-found) * math.log(high / low)
        assert probability == pytest.approx(forecast.below(high) - forecast.below(low), abs=1e-9)
    assert forecast.log_score((0.0, cuts[0])) is None
    assert forecast.log_score((cuts[-1], math.inf)) is None


@settings(max_examples=40)
@given(forecasts(), forecasts(), st.integers(4, 30))
def test_no_other_forecast_has_a_better_expected_log_score_than_the_true_one(
    truth: Forecast, other: Forecast, parts: int
) -> None:
    ends = np.geomspace(truth.quantiles[0] / 100, truth.quantiles[-1] * 100, parts)
    expected = [0.0, 0.0]
    for low, high in pairwise(ends.tolist()):
        probability = truth.below(high) - truth.below(low)
        for index, forecast in enumerate((truth, other)):
            found = forecast.log_score((low, high))
            assert found is not None
            expected[index] += probability * found
    # outside of the ends lies what the truth hardly allows
    assert expected[0] <= expected[1] + 1e-2


# The calibration factor


@settings(max_examples=15)
@given(st.lists(st.tuples(MU, SIGMA), min_size=20, max_size=40), st.floats(0.2, 8))
def test_intervals_that_are_too_narrow_by_a_factor_are_found_to_be_so(
    forecasts: list[tuple[float, float]], factor: float
) -> None:
    """Every printed number lies where one of n equally probable ones would, had the forecast been so much wider."""
    # nearer to nothing than a forecast is ever read
    assume(all(abs(mu) + 3 * factor * sigma < 20 for mu, sigma in forecasts))
    count = len(forecasts)
    scores = stats.norm.ppf((np.arange(count) + 0.5) / count)
    pairs = []
    for (mu, sigma), z in zip(forecasts, scores, strict=True):
        value = math.exp(mu + factor * sigma * float(z))
        pairs.append((lognormal(mu, sigma), (value, value)))
    held = np.sort(np.abs(scores))[math.ceil(0.9 * count) - 1]
    assert widening(pairs) == pytest.approx(factor * held / stats.norm.ppf(0.95), rel=2e-3)


def test_of_few_numbers_no_width_is_measured() -> None:
    pairs = [(lognormal(0.0, 1.0), (1.0, 1.0))] * LEAST_WIDENED
    assert widening(pairs[1:]) is None
    assert widening(pairs) is not None
    assert widening([(lognormal(0.0, 1e-3), (1e9, 1e9))] * LEAST_WIDENED) is None


# The damped trend


def report(name: str, value: float | None, day: str, growth: float | None = None) -> Report:
    some = replace(
        load_figures()["ZM01"], identifier=name, indicator="firms", definition="registered_firms", value=value,
        low=None, high=None, unit="家", period_start=day, period_end=day, period_alternatives=(), growth_percent=growth,
        bound="exact" if value is not None else "none",
    )  # fmt: skip
    found = report_of(some, MODEL, RULES)
    assert found is not None
    return found


@settings(max_examples=12)
@given(st.floats(50, 900), st.floats(-60, 200), st.floats(24.5, 90))
def test_the_trend_fades_between_no_change_and_the_last_growth(level: float, percent: float, end: float) -> None:
    level, percent = round(level), round(percent)
    known = report("a", level, "2024-12-31", percent)
    at = Quantity("registered_firms", "end", end, end)
    found = naive(at, known.rule, [known])
    assert found.damped is not None
    assert found.growth is not None
    assert found.no_change is not None
    near, far = sorted((found.no_change, found.growth))
    assert near * (1 - 1e-9) <= found.damped <= far * (1 + 1e-9)
    # the sum of a trend that keeps 0.8 of itself every year, in continuous time
    years = (end - 24) / 12
    expected = math.log(1 + percent / 100) * (1 - 0.8**years) / -math.log(0.8)
    assert math.log(found.damped / level) == pytest.approx(expected, abs=1e-9)


def test_without_a_growth_rate_the_damped_trend_is_no_change_and_an_older_one_weighs_less() -> None:
    at = Quantity("registered_firms", "end", 36, 36)
    alone = report("a", 800.0, "2024-12-31")
    assert naive(at, alone.rule, [alone]).damped == naive(at, alone.rule, [alone]).no_change
    assert naive_ratio(at, alone.rule, [alone]).damped == 1.0
    # 20 % and, a year before, 50 %, which weighs half: the mean logarithm is (log 1.2 + log 1.5 / 2) / 1.5
    known = [report("b", 1000.0, "2023-12-31", 50.0), report("c", 1200.0, "2024-12-31")]
    rate = (math.log(1.2) + math.log(1.5) / 2) / 1.5
    found = naive(at, alone.rule, known).damped
    assert found == pytest.approx(1200 * math.exp(rate * 0.2 / -math.log(0.8)))


@settings(max_examples=12)
@given(st.floats(36.5, 90), st.integers(-50, 120))
def test_the_damped_ratio_is_that_of_two_damped_levels(end: float, percent: int) -> None:
    known = [report("a", 700.0, "2024-12-31", float(percent))]
    at = Quantity("registered_firms", "end", end, end)
    now, before = (naive(q, known[0].rule, known).damped for q in (at, at.year_before()))
    assert now is not None
    assert before is not None
    assert naive_ratio(at, known[0].rule, known).damped == pytest.approx(now / before)


# What counts


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    path = write_stand_in(folder / "posterior.parquet", 100)
    monkeypatch.setattr(posterior_module, "shipped_posterior", lambda: path)
    monkeypatch.setattr(register_module, "registers_folder", lambda: folder / "register")
    return freeze(rows_frozen(), folder / "register")


def scored(register: Path, tmp_path: Path, *rows: dict[str, object]) -> Scores:
    path = tmp_path / "later.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return score_file(path, register)


YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
MARKET: dict[str, object] = {
    "id": "A", "indicator": "market", "geography": "zhengzhou", "definition": "local_output", "value": 31,
    "unit": "亿元", "source": "the bureau's bulletin", **YEAR,
}  # fmt: skip
CREWS = {
    **MARKET, "indicator": "crews_per_day", "definition": "crews_on_set", "value": 93, "unit": "剧组", "source": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        # a level and its growth rate
        ({**MARKET, "growth_percent": 25}, None, [True, False]),
        # the same, on two lines of one office
        ({**MARKET, "value": "", "bound": "none", "growth_percent": 25}, MARKET, [False, True]),
        # the same line of two offices
        ({**MARKET, "value": "", "bound": "none", "growth_percent": 25}, {**MARKET, "source": "x"}, [True, True]),
        # one office says it again, and more exactly
        ({**MARKET, "value": 30, "low": 30, "high": 40, "bound": "bin"}, MARKET, [False, True]),
        # two offices that do not agree
        ({**MARKET, "value": 33}, {**MARKET, "source": "another office"}, [True, True]),
        # another outlet prints the same number
        (MARKET, {**MARKET, "source": "another outlet"}, [True, False]),
        # another period of the same office
        (MARKET, {**MARKET, "period_end": "2025-09-30"}, [True, True]),
        # an old count that is printed again; after more than a year it is a new one
        (CREWS, {**CREWS, "period_end": "2026-06-30"}, [True, False]),
        (CREWS, {**CREWS, "period_start": "2026-07-01", "period_end": "2027-06-30"}, [True, True]),
        # a sum over other months is no copy, though the number is the same
        (MARKET, {**MARKET, "source": "x", "period_end": "2025-10-31"}, [True, True]),
    ],
)
def test_a_statement_counts_once(
    first: dict[str, object], second: dict[str, object] | None, counts: list[bool], frozen: Path, tmp_path: Path
) -> None:
    rows = [first] if second is None else [first, {**second, "id": "B"}]
    assert [row.counts for row in scored(frozen, tmp_path, *rows).rows] == counts


def test_a_count_that_was_fitted_and_is_printed_again_proves_nothing(frozen: Path, tmp_path: Path) -> None:
    """820余 at the end of 2024 (ZE03), printed again in October 2025 and by others since."""
    firms = {
        **MARKET, "indicator": "firms", "definition": "registered_firms", "unit": "家", "source": "", "bound": "bin",
        "period_start": "2025-12-31", "period_end": "2025-12-31",
    }  # fmt: skip
    again = {**firms, "value": 820, "low": 820, "high": 830}
    found = scored(frozen, tmp_path, again, {**firms, "id": "B", "value": 890, "low": 890, "high": 900})
    assert [(row.in_fit, row.counts) for row in found.rows] == [(True, False), (False, True)]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_printing_everything_again_changes_no_summary(order: Sequence[int], frozen: Path, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {**MARKET, "growth_percent": 25},
        {**MARKET, "id": "B", "definition": "allocated_market", "value": 44},
        {**CREWS, "id": "C"},
        {**MARKET, "id": "D", "indicator": "workers", "definition": "heads", "unit": "人", "value": 47_000},
    ]
    once = scored(frozen, tmp_path, *rows)
    copies = [{**rows[i], "id": f"copy{i}", "source": f"outlet {i}"} for i in order]
    again = scored(frozen, tmp_path, *(rows[i] for i in order), *copies)
    counted = [[row for row in found.rows if row.counts] for found in (once, again)]
    assert {row.figure.identifier for row in counted[1]} == {"A", "B", "C", "D"}
    first, second = (summary_of(rows) for rows in counted)
    assert first is not None
    assert second is not None
    for name in ("figures", "inside_50", "inside_90", "crps", "log_score", "median_error"):
        assert getattr(second, name) == pytest.approx(getattr(first, name))


def test_an_unnamed_page_is_no_office() -> None:
    """Fifteen pages of sources.toml name nobody: they are not one body that says everything twice."""
    figures = load_figures()
    unnamed = [f for f in figures.values() if load_sources()[f.source].body.startswith("未署名")]
    assert len({f.source for f in unnamed}) > 1
    one, other = figures["ZE03"], figures["ZE06"]
    assert is_copy(one, other, "end")
    assert not is_copy(one, replace(other, period_end="2027-01-31"), "end")
    assert COPY < 25


# What is told


def test_the_families_share_out_what_counts() -> None:
    rows = [row for row in score_seeds(registers_folder() / "2026-11-23.csv").rows if row.counts]
    families = families_of(rows)
    assert sum(summary.figures for summary in families.values()) == len(rows)
    whole = summary_of(rows)
    assert whole is not None
    for name, against in whole.against.items():
        assert against.skill is not None
        assert against.skill == pytest.approx(1 - against.crps / against.naive)
        assert against.figures == sum(s.against[name].figures for s in families.values() if name in s.against)
    assert set(whole.against) == set(NAIVES)


def test_a_register_keeps_the_damped_trend_and_older_ones_are_read_without(tmp_path: Path) -> None:
    written = load_register(freeze(rows_frozen(), tmp_path))
    assert written.has_damped_trend
    assert [row.naive.damped is None for row in written.rows] == [row.naive.no_change is None for row in written.rows]
    older = load_register(registers_folder() / "2026-11-23.csv")
    assert not older.has_damped_trend
    assert all(row.naive.damped is None for row in older.rows)


def test_the_command_tells_factor_log_score_and_skill(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(monkeypatch, capsys)
    register = registers_folder() / "2026-11-23.csv"
    counted = [row for row in score_seeds(register).rows if row.counts and row.origin != "now"]
    summary = summary_of(counted)
    assert summary is not None
    assert summary.widening is not None
    for language, words in (("en", "Calibration factor {:.2g}:"), ("zh", "校准系数 {:.2g}：")):
        told = terminal("score", "--register", str(register), "--lang", language).out
        assert words.format(summary.widening) in told
        assert f"{summary.log_score:.3f}" in told
        for against in summary.against.values():
            assert f"{against.skill:+.2f}" in told
