"""Is a forecast scored as the literature says, and is every kind of printed figure compared with the right one?

Does NOT establish that the forecasts are good: what is tested is the arithmetic of the scores, of the naive forecasts
and of the matching. Nor that free text is always understood; what is not must be listed, and never guessed.
"""

from __future__ import annotations

import csv
import datetime
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from commands import Terminal
from posteriors import stand_in, write_stand_in
from shudian import posterior_file as posterior_module
from shudian.calibrate.calibration import Calibration, Diagnostics, Evidence
from shudian.calibrate.sampler import Settings
from shudian.evidence import COLUMNS, load_figures, read_figures
from shudian.figure_columns import NEEDED
from shudian.forecasts import register as register_module
from shudian.forecasts import scoring
from shudian.forecasts.backtest import as_data, backtest, write_study
from shudian.forecasts.naive import naive, naive_ratio
from shudian.forecasts.prediction import predictions, questions, world_of
from shudian.forecasts.readings import readings
from shudian.forecasts.register import Row, freeze, load_register, predict_rows
from shudian.forecasts.scores import LEVELS, Forecast, forecast_of, kept_error, score
from shudian.forecasts.scoring import Scores, score_file
from shudian.kinds import Figure, InputError
from shudian.messages import in_language
from shudian.observe.reports import Quantity, Report, load_reports, report_of
from shudian.observe.rules import load_rules
from shudian.paths import seeds_folder
from shudian.posterior_file import Posterior
from shudian.report.words.forecast_text import backtest_text
from shudian.structure import load_model

MODEL = load_model()
RULES = load_rules(MODEL)


@cache
def stood_in() -> Posterior:
    return stand_in(200)


@cache
def rows_frozen() -> tuple[Row, ...]:
    return predict_rows(world_of(stood_in()), stood_in(), datetime.date(2026, 11, 23))


MU, SIGMA = st.floats(-3, 12), st.floats(0.02, 2)


def lognormal(mu: float, sigma: float) -> Forecast:
    return Forecast(tuple(float(q) for q in np.exp(mu + sigma * stats.norm.ppf(LEVELS))))


@st.composite
def forecasts(draw: st.DrawFn) -> Forecast:
    """Any increasing quantiles: skewed, heavy-tailed, with several humps."""
    start, steps = draw(st.floats(-2, 8)), draw(st.lists(st.floats(0.001, 0.8), min_size=12, max_size=12))
    return Forecast(tuple(float(q) for q in np.exp(start + np.cumsum([0.0, *steps]))))


# The score


@given(MU, SIGMA, st.floats(-4, 4))
def test_the_score_of_a_lognormal_forecast_is_the_closed_form_of_the_normal(mu: float, sigma: float, z: float) -> None:
    # Gneiting and Raftery (2007), equation 21
    expected = sigma * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert lognormal(mu, sigma).crps(math.exp(mu + sigma * z)) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@settings(max_examples=40)
@given(forecasts(), st.integers(-500, 1500).map(lambda thousandths: thousandths / 1000))
def test_the_score_of_any_forecast_is_the_integral_that_defines_it(forecast: Forecast, where: float) -> None:
    logs = np.log(forecast.quantiles)
    y = float(logs[0] + where * (logs[-1] - logs[0]))
    reach = 12 * (logs[-1] - logs[0])

    def part(function: Callable[[float], float], start: float, end: float) -> float:
        knots = sorted({start, end, *(float(x) for x in logs if start < x < end)})
        return sum(integrate.quad(function, a, b, limit=200)[0] for a, b in pairwise(knots))

    left = part(lambda x: forecast.below(math.exp(x)) ** 2, min(y, logs[0]) - reach, y)
    right = part(lambda x: (1 - forecast.below(math.exp(x))) ** 2, y, max(y, logs[-1]) + reach)
    assert forecast.crps(math.exp(y)) == pytest.approx(left + right, rel=2e-4, abs=1e-6)


@given(forecasts(), st.floats(0.1, 20))
def test_the_unit_does_not_matter(forecast: Forecast, factor: float) -> None:
    printed = (forecast.quantiles[3], forecast.quantiles[9])
    other = score(forecast.times(factor), (printed[0] * factor, printed[1] * factor))
    own = score(forecast, printed)
    for name in own.__slots__:
        assert getattr(other, name) == pytest.approx(getattr(own, name), abs=1e-6)


def bins(forecast: Forecast, cuts: Sequence[float]) -> list[tuple[tuple[float, float], float]]:
    """A partition of all numbers, with the forecast's probability of each part."""
    ends = [0.0, *sorted(cuts), math.inf]
    return [(part, forecast.below(part[1]) - forecast.below(part[0])) for part in pairwise(ends)]


CUTS = st.lists(st.floats(0.2, 3000), min_size=3, max_size=30, unique=True)


@given(forecasts(), CUTS)
def test_a_true_forecast_covers_what_it_promises_however_coarsely_it_is_printed(
    forecast: Forecast, cuts: list[float]
) -> None:
    expected = {"inside_50": 0.5, "inside_90": 0.9, "pit": 0.5}
    found = dict.fromkeys(expected, 0.0)
    for printed, probability in bins(forecast, cuts):
        for name in found:
            found[name] += probability * getattr(score(forecast, printed), name)
    for name, value in expected.items():
        # a part of less than a billionth is rounded to inside or outside
        assert found[name] == pytest.approx(value, abs=1e-6)


@settings(max_examples=20)
@given(forecasts(), st.floats(-0.5, 0.5), st.floats(0.4, 2.5))
def test_no_other_forecast_has_a_better_expected_score_than_the_true_one(
    truth: Forecast, shift: float, stretch: float
) -> None:
    middle = math.log(truth.median)
    other = Forecast(tuple(math.exp(middle + shift + stretch * (math.log(q) - middle)) for q in truth.quantiles))
    # what happens: 200 equally probable outcomes of the truth, found where its distribution function says
    logs = np.log(truth.quantiles)
    grid = np.linspace(2 * logs[0] - logs[-1], 2 * logs[-1] - logs[0], 20_001)
    below = np.array([truth.below(float(value)) for value in np.exp(grid[::20])])
    outcomes = np.exp(np.interp((np.arange(200) + 0.5) / 200, below, grid[::20]))
    expected = [np.mean([forecast.crps(float(y)) for y in outcomes]) for forecast in (truth, other)]
    assert expected[0] <= expected[1] + 1e-4 * (logs[-1] - logs[0])


def test_a_half_line_has_no_score_and_a_bin_that_of_its_middle() -> None:
    forecast = lognormal(0, 1)
    for printed in ((1.0, math.inf), (0.0, 1.0)):
        found = score(forecast, printed)
        assert (found.crps, found.median_error) == (None, None)
    found = score(forecast, (2.0, 8.0))
    assert found.crps == forecast.crps(4.0)
    assert found.median_error == pytest.approx(math.log(4))


@pytest.mark.parametrize(
    ("printed", "pit", "inside_50"),
    [
        # the quartiles of exp(N(0, 1)) are exp(-0.67449) and exp(0.67449)
        ((1.0, math.exp(0.67449)), (0.5 + 0.75) / 2, 1.0),
        ((1.0, math.inf), 0.75, 0.5),  # at least the median: half of what is left lies below the upper quartile
        ((0.0, math.exp(-0.67449)), 0.125, 0.0),
        ((math.exp(-0.67449), math.inf), (0.25 + 1) / 2, 2 / 3),
        ((1e6, 2e6), 1.0, 0.0),
    ],
)
def test_the_integral_transform_of_a_bin_is_the_middle_of_its_ends(
    printed: tuple[float, float], pit: float, inside_50: float
) -> None:
    found = score(lognormal(0, 1), printed)
    assert found.pit == pytest.approx(pit, abs=1e-5)
    assert found.inside_50 == pytest.approx(inside_50, abs=1e-4)


def test_thirteen_quantiles_keep_the_score_of_many_draws() -> None:
    generator = np.random.default_rng(1)
    for draws in (
        np.exp(generator.normal(2, 0.3, 4000)),
        np.exp(np.where(generator.random(4000) < 0.07, 0.8, 0.1) * generator.standard_normal(4000)),
    ):
        forecast, logs = forecast_of(draws), np.log(draws)
        allowed = kept_error(draws)
        assert allowed < 0.005
        for value in np.quantile(logs, [0.05, 0.3, 0.8]):
            # the energy form: mean |x - y| less half the mean |x - x'|
            energy = np.abs(logs - value).mean() - np.abs(logs[:, None] - logs[None, ::7]).mean() / 2
            assert forecast.crps(math.exp(value)) == pytest.approx(energy, abs=allowed + 0.003)


# Naive forecasts


def figure(identifier: str, indicator: str, definition: str, **cells: Any) -> Figure:
    some = load_figures()["ZM01"]
    given_here = {"value": None, "low": None, "high": None, "bound": "exact", "growth_percent": None} | cells
    return replace(
        some, identifier=identifier, indicator=indicator, definition=definition, period_alternatives=(), **given_here
    )


def report(*arguments: str, **cells: Any) -> Report:
    found = report_of(figure(*arguments, **cells), MODEL, RULES)
    assert found is not None
    return found


def test_the_last_figure_is_carried_on_by_the_month_and_its_growth_by_the_year() -> None:
    known = report(
        "a", "market", "local_output", value=18.0, unit="亿元", period_start="2024-01-01", period_end="2024-09-30",
        growth_percent=20.0,
    )  # fmt: skip
    year_2025 = Quantity("cumulative_local_output", "increase", 24, 36)
    found = naive(year_2025, known.rule, [known])
    # 18 in nine months are 2 a month and 24 a year; in 万元 240,000
    assert found.no_change == pytest.approx(240_000)
    # from the middle of January-September 2024 (16.5) to that of 2025 (30) are 13.5 months: but 2023 + 4.5 = 16.5
    assert found.growth == pytest.approx(240_000 * 1.2 ** (13.5 / 12))
    assert found.figures == ("a",)
    ratio = naive_ratio(year_2025, known.rule, [known])
    assert (ratio.no_change, ratio.growth) == (1.0, pytest.approx(1.2))


def test_growth_is_computed_from_two_figures_where_they_are_later_than_what_was_printed() -> None:
    def firms(name: str, value: float, day: str, **cells: Any) -> Report:
        return report(
            name, "firms", "registered_firms", value=value, unit="家", period_start=day, period_end=day, **cells
        )

    end_2026 = Quantity("registered_firms", "end", 48, 48)
    first, second = firms("a", 700, "2023-12-31", growth_percent=50.0), firms("b", 840, "2024-12-31")
    found = naive(end_2026, first.rule, [second, first])
    # 840 / 700 = 1.2 in a year; two more years: 840 * 1.44
    assert found.no_change == pytest.approx(840)
    assert found.growth == pytest.approx(1209.6)
    assert set(found.figures) == {"a", "b"}
    # three months are too short for a rate, and the printed one is all there is: 850 * 1.5^(21/12)
    close = firms("c", 850, "2025-03-31", growth_percent=50.0)
    assert naive(end_2026, first.rule, [firms("d", 840, "2024-12-31"), close]).growth == pytest.approx(850 * 1.5**1.75)
    # a number behind a word is taken as it is printed, a range at its middle
    for bound, taken in (("bin", 820), ("interval", 825)):
        wide = firms("e", 820, "2024-12-31", low=820.0, high=830.0, bound=bound)
        assert naive(end_2026, first.rule, [wide]).no_change == pytest.approx(taken)


def test_without_an_earlier_figure_of_the_same_definition_there_is_no_naive_forecast() -> None:
    active = report(
        "a", "firms", "active_firms", value=290.0, unit="家", period_start="2024-05-31", period_end="2024-05-31"
    )
    registered = report(
        "b", "firms", "registered_firms", value=800.0, unit="家", period_start="2025-05-31", period_end="2025-05-31"
    )
    found = naive(registered.alternatives[0].quantity, registered.rule, [active])
    assert (found.no_change, found.growth, found.damped, found.figures) == (None, None, None, ())


# What a figure asks, and with what it is compared


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of the stand-in posterior that stands where the shipped ones are looked for, and the posterior."""
    folder = tmp_path_factory.mktemp("seeds")
    path = write_stand_in(folder / "posterior.parquet", 200)
    monkeypatch.setattr(posterior_module, "shipped_posterior", lambda: path)
    monkeypatch.setattr(register_module, "registers_folder", lambda: folder / "register")
    return freeze(rows_frozen(), folder / "register")


def write(path: Path, rows: Sequence[dict[str, object]], columns: Sequence[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


YEAR = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
MARKET: dict[str, object] = {
    "id": "A", "indicator": "market", "geography": "zhengzhou", "definition": "local_output", "value": 30,
    "unit": "亿元", **YEAR,
}  # fmt: skip


def scored(frozen: Path, tmp_path: Path, *rows: dict[str, object], columns: Sequence[str] = COLUMNS) -> Scores:
    return score_file(write(tmp_path / "later.csv", rows, columns), frozen)


def test_a_printed_number_meets_the_row_of_its_definition_and_period(frozen: Path, tmp_path: Path) -> None:
    found = scored(frozen, tmp_path, {**MARKET, "growth_percent": 30})
    assert [row.measure for row in found.rows] == ["level", "ratio_to_year_before"]
    rows = {row.identifier: row for row in load_register(frozen).rows}
    level, growth = found.rows
    assert rows[level.register_row].definition == "local_output"
    assert level.forecast.quantiles == pytest.approx(rows[level.register_row].reported.quantiles)
    assert level.printed == (29.5, 30.5)
    assert growth.printed == pytest.approx((1.295, 1.305))
    assert growth.naive["no_change"] == 1.0


def test_units_are_converted_and_a_years_titles_are_twelve_months(frozen: Path, tmp_path: Path) -> None:
    titles = {**MARKET, "indicator": "titles_reviewed", "definition": "reviewed_titles", "unit": "部", "value": 5000}
    heads = {**MARKET, "id": "B", "indicator": "workers", "definition": "heads", "unit": "万人", "value": 5}
    found = scored(
        frozen, tmp_path, titles, {**heads, "period_start": "2025-12-31"}, {**MARKET, "id": "C", "unit": "万元"}
    )
    rows = {row.identifier: row for row in load_register(frozen).rows}
    for row, factor in zip(found.rows, (12, 1e-4, 1e4), strict=True):
        assert row.forecast.median == pytest.approx(rows[row.register_row].reported.median * factor, rel=1e-6)


@pytest.mark.parametrize(("value", "far"), [(30, False), (3000, True), (0.3, True), (0, True)])
def test_a_slip_of_the_unit_is_pointed_at_and_still_counts(
    frozen: Path, tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, value: float, far: bool
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    (row,) = scored(frozen, tmp_path, {**MARKET, "value": value}).rows
    assert (row.far, row.counts) == (far, True)
    for language, words in (("en", "check number and unit"), ("zh", "请核对数字和单位")):
        told = "".join(terminal("score", str(tmp_path / "later.csv"), "--lang", language).out.split())
        assert (words.replace(" ", "") in told) == far


def test_growth_alone_a_bin_and_a_half_line_are_compared(frozen: Path, tmp_path: Path) -> None:
    alone = {**MARKET, "value": "", "bound": "none", "growth_percent": 33.5}
    national = {
        **MARKET, "id": "B", "indicator": "market_growth", "geography": "china", "definition": "gross_market",
        "value": 34.4, "unit": "%",
    }  # fmt: skip
    firms = {
        **MARKET,
        "indicator": "firms",
        "definition": "registered_firms",
        "unit": "家",
        "period_start": "2025-12-31",
    }
    over = {**firms, "id": "C", "value": 800, "low": 800, "high": 900, "bound": "bin"}
    least = {**firms, "id": "D", "value": 800, "bound": "at_least"}
    found = scored(frozen, tmp_path, alone, national, over, least)
    assert not found.left
    assert [row.printed for row in found.rows] == [
        pytest.approx((1.3345, 1.3355)), pytest.approx((1.3435, 1.3445)), (800, 800), (800, math.inf),
    ]  # fmt: skip
    assert all(row.register_row for row in found.rows)


def test_another_period_is_computed_now_and_says_so(frozen: Path, tmp_path: Path, terminal: Terminal) -> None:
    half = {**MARKET, "period_start": "2026-01-01", "period_end": "2026-06-30", "growth_percent": 20}
    found = scored(frozen, tmp_path, half)
    assert [row.register_row for row in found.rows] == ["", ""]
    (question, _) = questions(found.rows[0].figure, MODEL, RULES)
    (expected,) = predictions([question], world_of(stood_in()))
    assert found.rows[0].forecast == expected.reported
    for language, words in (("en", "Not registered; computed now from the posterior of 2026-11-23"), ("zh", "未登记")):
        assert words in terminal("score", str(tmp_path / "later.csv"), "--lang", language).out


def test_no_share_is_foretold_to_be_more_than_all() -> None:
    """By whatever factor a report errs: of live action and AI together nobody prints 107 %. Growth has no such end."""
    shares = [rule for rule in RULES.rules if rule.indicator.endswith("_share") and not rule.is_ratio]
    assert len(shares) > 5
    for rule in shares:
        place = "zhengzhou" if rule.place == "city" else rule.place
        told = {"value": 50.0, "unit": "%", "geography": place, "growth_percent": 20.0}
        period = {"period_start": "2027-01-01", "period_end": "2027-12-31"}
        asked = questions(figure("a", rule.indicator, rule.definition, **told | period), MODEL, RULES)
        level, growth = predictions(asked, world_of(stood_in()))
        assert 0 < level.reported.quantiles[-1] <= 100
        assert growth.reported.quantiles[-1] > growth.reported.quantiles[0]


@pytest.mark.parametrize("measure", ["level", "ratio_to_year_before"])
def test_a_forecast_does_not_hang_on_who_prints_the_number_and_how(measure: str) -> None:
    """Its width is that of the quantity and of a typical report; grade and words come with the number."""
    half = {"value": 30.0, "unit": "亿元", "growth_percent": 20.0, "geography": "zhengzhou"} | {
        "period_start": "2026-01-01", "period_end": "2026-06-30",
    }  # fmt: skip
    cells: list[dict[str, Any]] = [
        {"grade": "A"}, {"grade": "B"}, {"grade": "C"}, {"grade": "A", "bound": "approximate"},
        {"grade": "C", "bound": "bin", "low": 30.0, "high": 40.0},
    ]  # fmt: skip
    printed = [figure("a", "market", "local_output", **half | told) for told in cells]
    asked = [next(q for q in questions(one, MODEL, RULES) if q.measure == measure) for one in printed]
    first, *others = predictions(asked, world_of(stood_in()))
    assert all(other == first for other in others)
    sound = RULES.typical.level if measure == "level" else RULES.typical.growth
    low, high = (math.log(end) for end in first.reported.interval(0.9))
    own = [math.log(end) for end in first.model.interval(0.9)]
    # the report's error is in it: no narrower than the quantity, up to the few draws' noise, nor than the error alone
    assert high - low > max(0.95 * (own[1] - own[0]), 2 * 1.6 * sound)


def test_what_cannot_be_compared_is_listed_with_the_reason(frozen: Path, tmp_path: Path) -> None:
    wrong: list[tuple[dict[str, object], str, str]] = [
        ({"indicator": "users", "definition": "users", "geography": "china", "unit": "亿人"}, "no_rule", ""),
        ({"bound": "forecast"}, "not_an_outcome", ""),
        ({"role": "target"}, "not_an_outcome", ""),
        ({"period_start": "", "period_end": ""}, "unread", "has no period"),
        ({"unit": "万人"}, "unread", "cannot be counted"),
    ]
    rows = [{**MARKET, "id": f"W{number}", **change} for number, (change, _, _) in enumerate(wrong)]
    found = scored(frozen, tmp_path, *rows, MARKET)
    assert len(found.rows) == 1
    left = {entry.identifier: entry for entry in found.left}
    for number, (_, reason, words) in enumerate(wrong):
        entry = left[f"W{number}"]
        assert (entry.reason, words in str(entry.sentence)) == (reason, True)


def test_a_figure_of_the_fit_or_of_an_open_definition_is_shown_and_not_counted(frozen: Path, tmp_path: Path) -> None:
    fitted = {**MARKET, "id": "ZM07", "definition": "allocated_market"}
    # the number of ZM03, printed again by somebody else
    again = {**MARKET, "id": "D", "value": 23, "period_start": "2024-01-01", "period_end": "2024-12-31"}
    found = scored(frozen, tmp_path, fitted, {**MARKET, "id": "B", "definition": ""}, {**MARKET, "id": "C"}, again)
    assert {row.figure.identifier: row.counts for row in found.rows} == {
        "ZM07": False, "B/local_output": False, "B/allocated_market": False, "B/content_market": False, "C": True,
        "D": False,
    }  # fmt: skip


@pytest.mark.parametrize(("printed", "counts"), [("2026-03-01", True), ("2025-06-01", False)])
def test_a_frozen_forecast_counts_though_its_figure_is_fitted_later(
    printed: str, counts: bool, frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who adds the new figure, calibrates, and then scores, must not lose the score."""
    reports = load_reports(load_model())
    like = next(report for report in reports if report.identifier == "ZM03")
    added = replace(
        like,
        identifier="A",
        figures=(replace(like.figures[0], identifier="A"),),
        available=datetime.date.fromisoformat(printed),
    )
    monkeypatch.setattr(scoring, "load_reports", lambda _model: (*reports, added))
    assert [row.counts for row in scored(frozen, tmp_path, MARKET).rows] == [counts]


def test_columns_may_be_fewer_more_and_in_another_order(frozen: Path, tmp_path: Path) -> None:
    columns = ("weather", *reversed(NEEDED), "source")
    found = scored(
        frozen, tmp_path, {**MARKET, "weather": "fine", "source": "a newspaper of tomorrow"}, columns=columns
    )
    assert found.ignored_columns == ("weather",)
    full = scored(frozen, tmp_path, MARKET)
    assert found.rows[0].score == full.rows[0].score
    assert found.rows[0].figure.bound == "exact"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"indicator": "enterprise output value 企业产值 of makers"}, [("market", "local_output", "read")]),
        (
            {"indicator": "Market"},
            [("market", d, "open") for d in ("local_output", "allocated_market", "content_market")],
        ),
        ({"indicator": "market_size", "geography": "China"}, [("market", "gross_market", "read")]),
        ({"indicator": "firms", "unit": "家"}, [("firms", d, "open") for d in ("active_firms", "registered_firms")]),
        ({"indicator": "practitioners", "unit": "人", "bound": "lower"}, [("workers", "heads", "read")]),
        (
            {"indicator": "dramas made and passed 过审备案", "unit": "部"},
            [("titles_reviewed", "reviewed_titles", "read")],
        ),
        (
            {"indicator": "direct / indirect / total jobs", "geography": "China", "unit": "万个"},
            [("jobs_total", "total_jobs", "read")],
        ),
        ({"indicator": "AI comic-drama market_size", "geography": "China"}, []),
        ({"indicator": "production fee per title", "unit": "万元"}, []),
        ({"indicator": "market scale", "geography": "Beijing"}, []),
        ({"indicator": "market scale", "bound": "derived"}, []),
    ],
)
def test_the_older_columns_are_read_or_refused_and_never_guessed_in_silence(
    cells: dict[str, object], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    row = {**MARKET, "geography": "Zhengzhou", "yoy_pct": "", "printed_phrase": "…", "bound": "approx", **cells}
    del row["definition"]
    found = read_figures(write(tmp_path / "older.csv", [row], [*row]))
    every = [reading for entry in found.figures for reading in readings(entry, RULES)]
    read = [(entry.figure.indicator, entry.figure.definition, entry.certainty) for entry in every]
    assert read == expected
    assert bool(found.unread) == (not expected)


def test_the_tables_own_figures_are_all_read() -> None:
    found = read_figures(seeds_folder() / "figures.csv")
    assert not found.unread
    assert {entry.figure.identifier.split("/")[0] for entry in found.figures} == set(load_figures())


def test_missing_columns_are_refused_with_a_first_line_that_will_do(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [], ["id", "indicator", "value", "definition"])
    with pytest.raises(
        InputError, match="these columns are missing: geography, unit, period_start, period_end"
    ) as raised:
        read_figures(path)
    line = str(raised.value).split(" is: ")[1]
    row = dict.fromkeys(line.split(","), "") | MARKET
    assert read_figures(write(tmp_path / "b.csv", [row], line.split(","))).figures
    assert "缺少这些列：“geography”、“unit”" in in_language(raised.value, "zh")


# Backtests


def early(until: str, draws: int = 60) -> Calibration:
    """What a calibration with a cut-off date would be if the early reports had taught it nothing."""
    evidence = Evidence(until=datetime.date.fromisoformat(until))
    target = evidence.target()
    values = stand_in(draws).values
    none = np.zeros(0)
    return Calibration(
        evidence, target, values, np.zeros(draws, dtype=np.int64), np.zeros(draws), none, 0, 0.0, 1,
        Diagnostics((), np.ones(1), none, none),
    )  # fmt: skip


def test_a_backtest_scores_all_later_figures_and_knows_none_of_them(tmp_path: Path) -> None:
    calibration = early("2024-12-31")
    result = backtest(datetime.date(2024, 12, 31), calibration)
    known = {f.identifier for r in calibration.target.observer.reports for f in r.figures}
    everything = {f.identifier for r in Evidence().target().observer.reports for f in r.figures}
    shown = {row.figure.identifier for row in result.rows}
    assert shown
    assert not shown & known
    # of two figures that are one report, the first stands for both
    assert everything - known - shown <= {"ZM04", "NAT-006", "NAT-018", *result.undated, *result.foretold}
    # 504.4 was printed in November 2024, as an estimate beforehand
    assert result.foretold == ("ZN01",)
    assert "ZN01" not in shown
    assert all(day > result.cut_off for day in result.published)
    data = as_data(result)
    assert json.loads(write_study(result, tmp_path).read_text(encoding="utf-8")) == data
    naive_of_growth = [row for row in data["rows"] if row["measure"] != "level" and row["no_change"]]
    assert all(row["no_change"]["value"] == 1 for row in naive_of_growth)
    for language, words in (("en", "published by 2024-12-31"), ("zh", "2024-12-31以前公布")):
        assert words in backtest_text(result, language)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="knows the figures until 2024-12-31, not until 2025-03-31"):
        backtest(datetime.date(2025, 3, 31), calibration)


@pytest.mark.slow
def test_a_backtest_calibrates_on_what_was_known() -> None:
    quick = Settings(particles=100, sweeps=1, last_stages=1, later_stages=1)
    result = backtest(datetime.date(2024, 12, 31), settings=quick)
    plain = backtest(datetime.date(2024, 12, 31), early("2024-12-31", 400))

    def width(rows: Any, name: str) -> float:
        (row,) = (r for r in rows if r.figure.identifier == name and r.measure == "level")
        low, high = row.forecast.interval(0.9)
        return math.log(high / low)

    # the output of 2024 was foretold by that of its first nine months
    assert width(result.rows, "ZM03") < width(plain.rows, "ZM03")


STUDIES = sorted((seeds_folder() / "studies").glob("backtest-*.json"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_a_published_backtest_adds_up_and_is_of_this_model(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["model_digest"] == MODEL.digest, "the model has changed: run python -m shudian.forecasts.backtest"
    assert "not a blind test" in data["note"]["en"]
    rows = [row for row in data["rows"] if not row["counts_with"]]
    everything = data["summaries"]["all"]
    assert everything["numbers"] == len(rows)
    for name in ("inside_50", "inside_90"):
        assert everything[name] == pytest.approx(sum(row[name] for row in rows), rel=1e-3)
    assert everything["crps"] == pytest.approx(np.mean([r["crps"] for r in rows if r["crps"] is not None]), rel=1e-3)
    for name in ("no_change", "last_growth"):
        both = [row for row in rows if row[name]]
        assert (everything[name] or {"numbers": 0})["numbers"] == len(both)
        if both:
            assert everything[name]["crps"] == pytest.approx(np.mean([row[name]["crps"] for row in both]), rel=1e-3)
            assert everything[name]["model_crps"] == pytest.approx(np.mean([row["crps"] for row in both]), rel=1e-3)
    assert all(row["published"] > data["cut_off"] for row in rows)
    assert not {row["figure"] for row in rows} & set(data["known_reports"])


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)
