"""Does a reported figure count the quantity that it was printed for, and with the probability that its words have?

It does not establish that the rules of seeds/observation.toml are the right reading of a source, nor that the errors
assumed for a grade are those of Chinese city bureaus: both are judgements, written down where a reader can change them.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, stats

from shudian.evidence import load_figures, load_sources
from shudian.indicators import Errors, Reading, Rule
from shudian.kinds import Figure, InputError, Label, Model, Place
from shudian.observe import reports as reports_module
from shudian.observe.likelihood import Observer, reading_weights
from shudian.observe.reports import (
    Alternative,
    Quantity,
    Report,
    excluded,
    known_from,
    load_reports,
    report_of,
)
from shudian.observe.rules import load_rules
from shudian.observe.words import Statement, printed_bounds
from shudian.structure import load_model

Array = NDArray[np.float64]
NOTHING = Label("", "")


@lru_cache
def model() -> Model:
    return load_model()


@lru_cache
def reports() -> dict[str, Report]:
    return {report.identifier: report for report in load_reports(model())}


@lru_cache
def shipped() -> dict[str, Figure]:
    return load_figures()


def figure(like: str, **changes: object) -> Figure:
    """The shipped figure `like`, with changes."""
    return replace(shipped()[like], **changes)  # type: ignore[arg-type]


# --- readings --------------------------------------------------------------------------------------------------------

MONTHS = 30
TIMES = st.floats(0, MONTHS).map(lambda time: round(time, 3))


@given(st.integers(0, 10**6), TIMES, TIMES)
def test_totals_and_means_are_the_areas_under_the_broken_line(seed: int, one: float, other: float) -> None:
    start, end = sorted((one, other))
    assume(end - start > 0.01)
    values = np.random.default_rng(seed).uniform(0, 10, MONTHS + 1)
    # the broken line through the months' values is exact on any grid that holds its corners
    grid = np.unique([start, end, *(month for month in range(MONTHS + 1) if start < month < end)])
    area = integrate.trapezoid(np.interp(grid, np.arange(MONTHS + 1), values), grid)
    total = reading_weights(Quantity("x", "total", start, end), MONTHS) @ values
    mean = reading_weights(Quantity("x", "mean", start, end), MONTHS) @ values
    assert total == pytest.approx(area, rel=1e-9, abs=1e-9)
    assert mean == pytest.approx(area / (end - start), rel=1e-6)


@given(st.integers(0, 10**6), TIMES, TIMES)
def test_ends_and_increases_are_read_off_the_broken_line(seed: int, start: float, end: float) -> None:
    values = np.random.default_rng(seed).uniform(0, 10, MONTHS + 1)
    at = np.interp([start, end], np.arange(MONTHS + 1), values)
    assert reading_weights(Quantity("x", "end", start, end), MONTHS) @ values == pytest.approx(at[1])
    increase = reading_weights(Quantity("x", "increase", start, end), MONTHS) @ values
    assert increase == pytest.approx(at[1] - at[0], abs=1e-9)


def test_days_become_months_from_the_start_of_2023() -> None:
    """By the calendar: 290 firms in April and May 2024; 8 months of 2025; 21 October."""
    by_hand = {"ZE01": (15.0, 17.0), "ZC01": (24.0, 32.0), "ZE06": (33 + 20 / 31, 33 + 21 / 31), "ZD01": (17.0, 18.0)}
    for identifier, (start, end) in by_hand.items():
        quantity = reports()[identifier].alternatives[0].quantity
        assert (quantity.start, quantity.end) == pytest.approx((start, end))
    assert reports()["ZM03"].alternatives[0].quantity.year_before().start == 0


# --- what the words allow --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "bound", "bounds"),
    [
        (17.89, "exact", (17.885, 17.895)),
        (3194.0, "exact", (3193.5, 3194.5)),
        (38.5, "exact", (38.45, 38.55)),
        (30000.0, "approximate", (30000.0, 30000.0)),
        (30000.0, "exact", (29999.5, 30000.5)),
        (3.0, "exact", (2.5, 3.5)),
        (0.0, "exact", (0.0, 0.5)),
        (100.0, "at_least", (100.0, math.inf)),
        (100.0, "at_most", (0.0, 100.0)),
        (None, "none", None),
    ],
)
def test_printed_digits_allow_what_rounds_to_them(
    value: float | None, bound: str, bounds: tuple[float, float] | None
) -> None:
    assert printed_bounds(figure("ZM01", value=value, bound=bound)) == pytest.approx(bounds)


@given(st.decimals(min_value=1, max_value=99999, places=3), st.integers(0, 3))
def test_what_is_printed_rounds_to_itself(number: object, places: int) -> None:
    true = float(number)  # type: ignore[arg-type]
    found = printed_bounds(figure("ZM01", value=round(true, places), bound="exact"))
    assert found is not None
    # digits that round to nothing are not seen: 1.50 reads as 1.5, whose bounds are wider
    assert found[0] - 1e-9 <= true <= found[1] + 1e-9


def test_growth_rates_are_ratios_to_the_year_before() -> None:
    growths = {name: [a.growth for a in reports()[name].alternatives] for name in ("ZM03", "ZW03")}
    assert [growth and growth.bounds for growth in growths["ZM03"]] == [
        pytest.approx((1.2735, 1.2745)), pytest.approx((1.2825, 1.2835)),
    ]  # fmt: skip
    assert [growth and (growth.middle, growth.word) for growth in growths["ZW03"]] == [(5, "about")]


# --- units, by hand --------------------------------------------------------------------------------------------------


def test_units_are_converted() -> None:
    """17.89亿元 = 178,900万元; 180亿元/年 = 150,000万元/月; 30万元 a title; 21.9万人; 40 %; 10 halved."""
    said = {name: report.alternatives[0].level for name, report in reports().items()}
    level = {name: (found.bounds, found.word) for name, found in said.items() if found is not None}
    assert level["ZM01"] == (pytest.approx((178_850, 178_950)), "within")
    assert level["NAT-024"] == (pytest.approx((150_000, 150_000)), "above")
    assert level["NAT-077"] == (pytest.approx((218_500, 219_500)), "within")
    assert level["ZP20"] == (pytest.approx((40, 60)), "within")
    assert level["ZD11"] == (pytest.approx((0.40, 0.40)), "below")
    assert level["ZM20"] == (pytest.approx((5, 5)), "above")
    # the way back, to the figure's own number
    assert reports()["ZM01"].display_factor * 178_900 == pytest.approx(17.89)
    assert reports()["ZD11"].display_factor * 0.4 == pytest.approx(40)
    assert reports()["ZM20"].display_factor * 5 == pytest.approx(10)


# --- density -------------------------------------------------------------------------------------------------------


def report(alternatives: tuple[Alternative, ...], errors: Errors, wide: Errors) -> Report:
    rule = Rule("market", "city", "", "x", "end", "", 1.0, 0.0, 0.0, False, NOTHING)
    return Report("R", (figure("ZM01"),), rule, alternatives, errors, wide, None)


def alternative(
    level: tuple[float, float] | None = None,
    growth: tuple[float, float] | None = None,
    variable: str = "x",
    reading: Reading = "end",
) -> Alternative:
    said = [None if bounds is None else Statement(*bounds) for bounds in (level, growth)]
    return Alternative(Quantity(variable, reading, 12.0, 24.0), said[0], said[1], ("", ""), ())


def run_of(now: Array, before: Array) -> Array:
    """A run [variable, month, draw] of one variable that is `before` at month 12 and `now` at month 24."""
    run = np.ones((1, 25, len(now)))
    run[0, 12], run[0, 24] = before, now
    return run


POSITIVE = st.floats(0.2, 5.0)
ERRORS, WIDE = Errors(0.1, 0.05, 0.07), Errors(0.8, 0.5, 1.0)


def density(y: Array, bounds: tuple[float, float], sigma: float) -> Array:
    """Probability per unit of log width, by scipy."""
    low, high = np.log(bounds)
    error = stats.norm(y, sigma)
    return np.asarray((error.cdf(high) - error.cdf(low)) / (high - low))


@given(POSITIVE, POSITIVE, st.floats(1.01, 2.0), POSITIVE, st.floats(1.01, 1.5))
def test_the_density_of_a_report_is_the_one_by_hand(
    now: float, before: float, bin_width: float, bin_start: float, growth_width: float
) -> None:
    level, growth = (bin_start, bin_start * bin_width), (1.2, 1.2 * growth_width)
    observer = Observer((report((alternative(level, growth),), ERRORS, WIDE),))
    found = np.exp(observer.log_likelihood(run_of(np.array([now]), np.array([before]))))[0, 0]
    y, ratio = np.log([now]), np.log([now / before])
    sound = density(y, level, 0.1) * density(ratio, growth, 0.05)
    faulty = density(y, level, 0.8) * density(ratio, growth, 0.5)
    assert found == pytest.approx(0.93 * sound[0] + 0.07 * faulty[0], rel=1e-6)


@given(POSITIVE, POSITIVE)
@settings(max_examples=20)
def test_a_density_adds_up_to_one_over_what_could_be_printed(now: float, edge: float) -> None:
    """Bins that touch, from far below to far above: their probabilities add up to one."""
    edges = edge * np.exp(np.linspace(-8, 8, 401))
    pairs = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    observer = Observer(tuple(report((alternative(pair),), ERRORS, WIDE) for pair in pairs))
    found = np.exp(observer.log_likelihood(run_of(np.array([now]), np.ones(1))))[:, 0]
    assert (found * np.diff(np.log(edges))).sum() == pytest.approx(1.0, abs=1e-6)


@given(st.floats(0.01, 100), st.integers(0, 1000))
def test_growth_does_not_depend_on_what_share_is_covered(factor: float, seed: int) -> None:
    now, before = np.random.default_rng(seed).uniform(0.5, 2, (2, 5))
    observer = Observer((report((alternative(growth=(1.3, 1.31)),), ERRORS, WIDE),))
    plain = observer.log_likelihood(run_of(now, before))
    assert observer.log_likelihood(run_of(now * factor, before * factor)) == pytest.approx(plain, abs=1e-6)


@given(POSITIVE, POSITIVE, POSITIVE)
def test_alternatives_mix_with_equal_weights_and_their_support_is_bayes(now: float, one: float, other: float) -> None:
    alternatives = tuple(alternative((start, 1.1 * start)) for start in (one, other))
    run = run_of(np.array([now]), np.ones(1))
    parts = np.array([
        np.exp(Observer((report((a,), ERRORS, WIDE),)).log_likelihood(run)[0, 0]) for a in alternatives
    ])  # fmt: skip
    mixed = Observer((report(alternatives, ERRORS, WIDE),))
    assert np.exp(mixed.log_likelihood(run)[0, 0]) == pytest.approx(parts.mean())
    weights, _ = mixed.explanations(run)[0]
    assert weights == pytest.approx(parts / parts.sum())


@given(st.floats(5, 12), st.booleans())
def test_nonsense_is_called_faulty_and_stays_finite(logarithm: float, huge: bool) -> None:
    now = np.exp(np.array([logarithm if huge else -logarithm]))
    observer = Observer((report((alternative((1.0, 1.1)),), ERRORS, WIDE),))
    run = run_of(now, np.ones(1))
    assert np.isfinite(observer.total(run)).all()
    assert observer.explanations(run)[0][1] > 0.999
    sense = run_of(np.array([1.05]), np.ones(1))
    assert observer.explanations(sense)[0][1] < 0.02


def test_a_quantity_that_is_nil_or_no_number_loses_and_does_not_break() -> None:
    observer = Observer((report((alternative((1.0, 1.1)),), ERRORS, WIDE),))
    total = observer.total(run_of(np.array([0.0, np.nan, 1.05]), np.ones(3)))
    assert total[0] < -100
    assert total[1] == -np.inf
    assert total[2] > 0


def test_at_least_is_a_probability_that_rises_to_one() -> None:
    observer = Observer((report((alternative((100.0, math.inf)),), ERRORS, WIDE),))
    now = np.array([30.0, 80.0, 100.0, 125.0, 1000.0])
    found = np.exp(observer.log_likelihood(run_of(now, np.ones(5)))[0])
    y = np.log(now / 100)
    assert found == pytest.approx(0.93 * stats.norm.cdf(y / 0.1) + 0.07 * stats.norm.cdf(y / 0.8), rel=1e-6)


def test_alternatives_of_one_report_say_something_about_the_same_numbers() -> None:
    """A density of a level and a growth cannot be weighed against a density of a level alone."""
    for found in reports().values():
        kinds = {(a.level is None, a.growth is None) for a in found.alternatives}
        assert len(kinds) == 1, found.identifier


# --- every figure is somewhere ---------------------------------------------------------------------------------------


def test_every_figure_to_fit_is_tied_once_or_left_out_with_a_reason() -> None:
    to_fit = {name for name, f in shipped().items() if f.role == "calibration"}
    tied = Counter(f.identifier for r in reports().values() for f in r.figures)
    left_out = {f.identifier: reason for f, reason in excluded(model())}
    assert set(tied) | set(left_out) >= to_fit
    assert not set(tied) & set(left_out)
    assert set(tied) <= to_fit
    assert set(tied.values()) == {1}
    assert all(reason.zh and reason.en for reason in left_out.values())


@given(st.sets(st.sampled_from(sorted(f.identifier for r in reports().values() for f in r.figures)), max_size=8))
@settings(max_examples=10)
def test_another_word_in_its_row_is_all_that_keeps_a_figure_aside(names: set[str]) -> None:
    waiting = shipped() | {name: replace(shipped()[name], role="later") for name in names}
    fitted = {f.identifier for r in load_reports(model(), waiting) for f in r.figures}
    assert fitted == {f.identifier for r in reports().values() for f in r.figures} - names


def test_a_figure_of_a_group_that_is_left_out_leaves_the_other() -> None:
    one = {r.identifier: r for r in load_reports(model(), without=("ZM03",))}
    assert [f.identifier for f in one["ZM04"].figures] == ["ZM04"]
    none = {r.identifier for r in load_reports(model(), without=("ZM03", "ZM04"))}
    assert none == set(reports()) - {"ZM03"}


def test_a_figure_that_no_rule_ties_is_refused_with_where_it_stands() -> None:
    new = figure("ZM03", identifier="NEW-1", indicator="cups_of_tea", definition="", place=Place(Path("own.csv"), 7))
    with pytest.raises(InputError, match=r"own\.csv:7.*NEW-1.*cups_of_tea"):
        load_reports(model(), {"NEW-1": new})
    with pytest.raises(InputError, match="NEW-1"):
        load_reports(model(), without=("NEW-1",))


def test_a_figure_without_a_period_or_outside_the_years_is_refused() -> None:
    for changes in ({"period_start": "", "period_end": ""}, {"period_start": "2021-01-01", "period_end": "2021-12-31"}):
        new = figure("NAT-001", identifier="NEW-1", period_alternatives=(), **changes)
        with pytest.raises(InputError, match="NEW-1"):
            load_reports(model(), {"NEW-1": new})


def test_a_figure_of_another_role_can_be_read_but_is_not_fitted() -> None:
    target = shipped()["ZM09"]
    assert target.role == "target"
    assert target.identifier not in {f.identifier for r in reports().values() for f in r.figures}
    assert report_of(figure("ZM03", role="context"), model(), load_rules(model())) is not None


# --- when it was known -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "known"),
    [
        ("2025-10-22", "2025-10-22"),
        ("2025-03（估计 estimated）", "2025-03-31"),
        ("2025-08-07（估计 estimated）", "2025-08-07"),
        ("2025年中 mid-2025", "2025-12-31"),
        ("2025-10之后 after 2025-10", "2025-12-31"),
        ("2023-11/2024-01（估计 estimated）", "2024-01-31"),
        ("2025-01/03", "2025-03-31"),
        ("2024-11 / 2025-10", "2025-10-31"),
        ("2024-2025", "2025-12-31"),
        ("2024-02", "2024-02-29"),
        ("2025", "2025-12-31"),
        ("7月24日（年份未印） 24 July, year not printed", None),
        ("", None),
    ],
)
def test_a_date_however_spelt_is_read_as_its_last_day(published: str, known: str | None) -> None:
    undated = figure("ZM03", period_start="", period_end="")
    assert known_from(undated, published) == (datetime.date.fromisoformat(known) if known else None)


@pytest.mark.parametrize(
    ("published", "end", "said"),
    [
        ("2026-03-12", "2025-12-31", None), ("2025-10-16", "2025-10-31", None), ("2023-11", "2023-12-31", None),
        ("2025-10之后 after 2025-10", "2025-12-31", None), ("2099-03-12", "2025-12-31", "has not come yet"),
        ("2025-12-20", "2026-01-31", "after what its source can know"), ("2099", "2025-12-31", "has not come yet"),
        ("2025-03-12", "2025-12-31", "after what its source can know"),
        ("", "2099-12-31", "after what its source can know"),
    ],
)  # fmt: skip
def test_a_page_cannot_know_what_comes_after_it(published: str, end: str, said: str | None) -> None:
    found = figure("ZM03", period_end=end)
    if said is None:
        reports_module.check_outcome(found, published)
    else:
        with pytest.raises(InputError, match=said):
            reports_module.check_outcome(found, published)


@pytest.mark.parametrize("unit", ["%", "人", "倍"])
def test_a_multiple_is_not_read_from_a_percentage(unit: str) -> None:
    """20 % would be a twentyfold rise."""
    with pytest.raises(InputError, match=r"1\.2 for growth of 20%"):
        report_of(figure("ZW03", value=20.0, unit=unit), model(), load_rules(model()))


def test_every_date_in_the_sources_can_be_read() -> None:
    undated = figure("ZM03", period_start="", period_end="")
    unread = {n for n, s in load_sources().items() if known_from(undated, s.published) is None}
    assert all(not any(f"{year}" in load_sources()[n].published for year in range(2000, 2030)) for n in unread)


def test_nothing_is_known_before_its_period_has_ended() -> None:
    for found in reports().values():
        if found.available is not None:
            assert any(datetime.date.fromisoformat(f.period_end) <= found.available for f in found.figures)


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)), st.integers(0, 400))
@settings(max_examples=10)
def test_a_later_day_knows_no_less(day: datetime.date, days: int) -> None:
    def known(by: datetime.date) -> set[str]:
        return {f.identifier for r in load_reports(model(), until=by) for f in r.figures}

    later = day + datetime.timedelta(days)
    assert known(day) <= known(later)
    for report_known in load_reports(model(), until=day):
        assert report_known.available is not None
        assert report_known.available <= day
