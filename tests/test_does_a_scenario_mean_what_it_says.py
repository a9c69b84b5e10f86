"""Does a scenario do in the model what its file says, and do the shipped scenarios hold what they promise?

Does NOT establish that a package is a fair picture of the city it is named after: most of its amounts are
assumed, as its notes say. Nor that the model uses a lever; that is tested with the model.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudian.evidence import known_evidence, load_parameters
from shudian.files import state_of
from shudian.kinds import Label, Parameter, Scenario, Segment
from shudian.now import default_now
from shudian.paths import scenarios_folder, seeds_folder
from shudian.plain_text import acting, one_line
from shudian.quantities import read_value, write_month, write_value
from shudian.reviews import along, ways
from shudian.scenario_changes import combine, scale_money, with_settings
from shudian.scenario_past import departure
from shudian.scenario_text import to_toml
from shudian.scenarios import levers_apart, list_scenarios, load_scenario, schedule_matrix
from shudian.schedules import from_month, merge, values
from shudian.targets import load_definitions, load_targets
from shudian.units import conversion

PARAMETERS = load_parameters()
EVIDENCE = tuple(known_evidence())
LEVERS = [parameter for parameter in PARAMETERS.values() if parameter.role == "lever"]
SCHEDULED = [*LEVERS, *(parameter for parameter in PARAMETERS.values() if parameter.role == "assumption")]
PACKAGES, SHOCKS = list_scenarios(kind="package"), list_scenarios(kind="shock")
MODES = ("hangzhou_mode", "shenzhen_mode", "shanghai_mode")
STACKED = {"zhengzhou_plus_shenzhen": "shenzhen_mode", "hangzhou_from_now": "hangzhou_mode"}
RECOMMENDED = ("precise_targeting", "integration_plus", "talent_first", "go_global", "evaluate_and_exit")
OCTOBER_2025 = 33


def row(scenario: Scenario, name: str, steps_per_month: int = 1) -> np.ndarray:
    return schedule_matrix(scenario, [PARAMETERS[name]], steps_per_month=steps_per_month)[0]


@cache
def shipped(name: str) -> Scenario:
    return load_scenario(name, PARAMETERS, known_evidence=EVIDENCE)


def values_of(parameter: Parameter) -> st.SearchStrategy[float]:
    """Values that may be chosen for `parameter`; never a negative zero, which is written as zero."""
    if parameter.whole:
        return st.integers(int(parameter.low), int(parameter.high)).map(float)
    return st.floats(parameter.low, parameter.high).map(lambda value: value + 0.0)


@st.composite
def schedules(draw: st.DrawFn, parameter: Parameter) -> tuple[Segment, ...]:
    """A schedule as a file can write it; the values are arbitrary floats within the range."""
    if parameter.display_unit == "date":
        numbers = st.integers(int(parameter.low), int(parameter.high)).map(float)
    else:
        numbers = values_of(parameter)
    starts = sorted(draw(st.sets(st.integers(0, 95), min_size=1, max_size=4)))
    found = []
    for start, end in zip(starts, [*starts[1:], 96], strict=True):
        steep = start == 0 or parameter.display_unit == "date"
        ramp = 0.0 if steep else draw(st.just(0.0) | st.floats(0.125, end - start))
        found.append(Segment(float(start), draw(numbers), ramp))
    return tuple(found)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    chosen = draw(st.lists(st.sampled_from(SCHEDULED), unique_by=lambda p: p.name, max_size=4))
    drawn = {parameter.name: draw(schedules(parameter)) for parameter in chosen}
    # a character that acts on a screen is refused, and a line that breaks is joined
    text = st.text(min_size=1).filter(str.strip).filter(lambda t: not acting(t) and one_line(t) == t)
    label = st.builds(Label, text, text)
    return replace(
        shipped("zhengzhou_2025"),
        base="",
        retrospective=True,
        title=draw(label),
        notes=tuple(draw(st.lists(label, max_size=2, unique=True))),
        levers={name: schedule for name, schedule in drawn.items() if PARAMETERS[name].role == "lever"},
        assumptions={name: schedule for name, schedule in drawn.items() if PARAMETERS[name].role == "assumption"},
    )


def _written(scenario: Scenario, folder: Path) -> Scenario:
    path = folder / "written.toml"
    path.write_text(to_toml(scenario, PARAMETERS), encoding="utf-8", newline="")
    return load_scenario(path, PARAMETERS)


@given(scenarios())
def test_a_scenario_survives_being_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, scenario: Scenario
) -> None:
    again = _written(scenario, tmp_path_factory.getbasetemp())
    assert replace(again, name=scenario.name, place=scenario.place) == scenario


@pytest.mark.parametrize("name", [*PACKAGES, *SHOCKS])
def test_a_shipped_scenario_survives_being_written_and_read(tmp_path: Path, name: str) -> None:
    again = _written(shipped(name), tmp_path)
    assert replace(again, name=name, place=shipped(name).place) == shipped(name)


@given(st.sampled_from([p for p in SCHEDULED if p.display_unit != "date"]), st.data())
def test_a_value_survives_being_written_and_read(parameter: Parameter, data: st.DataObject) -> None:
    value = data.draw(values_of(parameter))
    written = write_value(value, parameter)
    assert read_value(written.strip('"') if written.startswith('"') else float(written), parameter) == value


@given(st.data())
def test_the_merge_rule(data: st.DataObject) -> None:
    """Before its first date a scenario is its base; from then on what the base says no longer matters.

    (A ramp on the first date leads away from what the base had reached, so it is compared where it is over.)
    """
    parameter = PARAMETERS["fund_size"]
    base, other, own = (data.draw(schedules(parameter)) for _ in range(3))
    times = np.arange(96 * 8) / 8
    merged, alone, elsewhere = (
        values(merge({"x": below}, {"x": own})["x"], times, parameter.value) for below in (base, (), other)
    )
    before, after = times < own[0].start, times >= own[0].start + own[0].ramp
    assert np.array_equal(merged[before], values(base, times, parameter.value)[before])
    assert np.array_equal(merged[after], elsewhere[after])
    assert np.array_equal(merged[after], alone[after])


@given(schedules(PARAMETERS["fund_size"]), st.floats(0, 96))
def test_a_schedule_agrees_with_plain_interpolation(schedule: tuple[Segment, ...], default: float) -> None:
    """numpy.interp through the corner points, as the second opinion."""
    corners, level = [(0.0, default)], default
    for segment in schedule:
        corners += [(segment.start, level), (segment.start + segment.ramp, segment.value)]
        level = segment.value
    times = np.arange(96 * 8) / 8
    # np.interp takes the value before a jump at the jump itself; a schedule takes the one after
    expected = np.interp(np.nextafter(times, np.inf), *zip(*corners, strict=True))
    assert np.allclose(values(schedule, times, default), expected, rtol=1e-9, atol=1e-9 * PARAMETERS["fund_size"].high)


def test_an_interrupted_ramp_stops_where_it_is() -> None:
    schedule = (Segment(0.0, 0.0), Segment(12.0, 12.0, 12.0), Segment(18.0, 0.0, 6.0))
    assert values(schedule, np.array([12.0, 15.0, 18.0, 21.0, 24.0]), 5.0).tolist() == [0.0, 3.0, 6.0, 3.0, 0.0]


EDITS: dict[str, Callable[[Path], object]] = {
    "a digit": lambda folder: (folder / "a.toml").write_text("x = 2"),
    "a file put in its place": lambda folder: put_in_place(folder, "x = 2"),
    "a file more": lambda folder: (folder / "c.toml").write_text("x = 1"),
    "a file less": lambda folder: (folder / "b.toml").unlink(),
    "a name": lambda folder: (folder / "b.toml").rename(folder / "c.toml"),
}


def put_in_place(folder: Path, text: str) -> None:
    (folder / "new").write_text(text)
    (folder / "new").replace(folder / "a.toml")


@pytest.mark.parametrize("age", [0, 100])
@pytest.mark.parametrize("edit", EDITS)
def test_whatever_is_edited_is_read_again(tmp_path: Path, edit: str, age: int) -> None:
    """Also within the moment in which a file was written, whose time the next edit may share."""
    written = time.time() - age
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text("x = 1")
        os.utime(tmp_path / f"{name}.toml", (written, written))
    before = state_of(tmp_path)
    assert state_of(tmp_path) == before
    EDITS[edit](tmp_path)
    if not age and edit == "a digit":
        os.utime(tmp_path / "a.toml", (written, written))
    assert state_of(tmp_path) != before


def test_an_interrupted_ramp_is_written_as_what_it_is(tmp_path: Path) -> None:
    struck = combine(shipped("baseline"), shipped("guarantee_withdrawn"))
    rescued = with_settings(struck, ["platform_guarantee=0.8@2026-08"], PARAMETERS)
    again = _written(rescued, tmp_path)
    assert row(again, "platform_guarantee")[[42, 43]].tolist() == pytest.approx([0.3 - 0.3 * 2 / 6, 0.8])
    assert np.allclose(row(again, "platform_guarantee", 8), row(rescued, "platform_guarantee", 8), rtol=1e-12)


def test_the_matrix_steps_on_the_printed_date() -> None:
    fund = row(shipped("zhengzhou_2025"), "fund_size", steps_per_month=8)
    assert fund.shape == (96 * 8,)
    assert fund[OCTOBER_2025 * 8 - 1] == 0
    assert fund[OCTOBER_2025 * 8] == 10_000  # 1亿元 in 万元
    exits = shipped("evaluate_and_exit")
    (date,) = (int(review.date) for review in exits.reviews)
    ends = row(along(exits, (False,)), "support_end")
    assert ends[[date - 1, date]].tolist() == [PARAMETERS["support_end"].value, date]


@given(st.sampled_from(PACKAGES), st.lists(st.sampled_from(SHOCKS), unique=True, max_size=4))
def test_a_shock_moves_only_what_it_names_and_only_from_its_date(name: str, struck_by: list[str]) -> None:
    package, shocks = shipped(name), [shipped(shock) for shock in struck_by]
    struck = combine(package, *shocks)
    assert struck.levers == package.levers
    assert struck.name == "+".join([name, *struck_by])
    struck, package = (along(s, (False,) * len(package.reviews)) for s in (struck, package))
    for parameter in SCHEDULED:
        starts = [shock.assumptions[parameter.name][0].start for shock in shocks if parameter.name in shock.assumptions]
        quiet = slice(0, int(min(starts, default=96)))
        assert np.array_equal(row(struck, parameter.name)[quiet], row(package, parameter.name)[quiet])
    for shock in shocks:
        for changed in shock.assumptions:
            assert row(struck, changed)[-1] != row(package, changed)[-1]


def test_a_shock_leaves_alone_what_the_package_assumes_before_it() -> None:
    struck = row(combine(shipped("baseline"), shipped("guarantee_withdrawn")), "platform_guarantee")
    assert struck[[0, 32, 33, 36, 37, 39, 43, 46]].tolist() == [1.0, 1.0, 0.5, 0.5, 0.3, 0.3, 0.15, 0.0]


def test_settings_act_from_their_date_on() -> None:
    package = shipped("zhengzhou_2025")
    changed = with_settings(
        package, ["产业基金=2亿元@2027-01", "fund_size=30,000 万元@2028-01", "rent_relief_rate=30%"], PARAMETERS
    )
    assert np.unique(row(changed, "fund_size")).tolist() == [0, 10_000, 20_000, 30_000]
    assert row(changed, "fund_size")[[47, 48, 59, 60]].tolist() == [10_000, 20_000, 20_000, 30_000]
    assert row(changed, "rent_relief_rate")[[39, 40]].tolist() == [0.2, 0.3]
    assert package.now == 40
    assert "产业基金=2亿元@2027-01" in changed.title.zh
    assert with_settings(package, [], PARAMETERS) == package


@given(st.floats(0, 5), st.sampled_from([f"{mode}_same_budget" for mode in MODES]), st.sampled_from([0.0, 33.0, 36.0]))
def test_scaling_money_scales_money_only(factor: float, name: str, since: float) -> None:
    scenario = shipped(name)
    scaled = scale_money(scenario, PARAMETERS, factor, since)
    for parameter in SCHEDULED:
        was, became = row(scenario, parameter.name), row(scaled, parameter.name)
        expected = was.copy()
        if parameter.scales_with_budget:
            expected[int(since) :] = np.clip(was[int(since) :] * factor, parameter.low, parameter.high)
        assert np.array_equal(became, expected), parameter.name


def test_a_ramp_in_progress_is_scaled_from_where_it_is() -> None:
    assert from_month((Segment(10.0, 8.0, 8.0),), 14.0) == (Segment(14.0, 8.0, 4.0),)


@pytest.mark.parametrize("unit", ["亿元/年", "万元/年", "yuan/year", "亿元/月", "万元/月", "yuan/month"])
def test_the_end_of_a_range_is_inside_it_in_every_unit(unit: str) -> None:
    for parameter in LEVERS:
        if parameter.display_unit == "亿元/年":
            most = parameter.high / conversion(unit, parameter.unit)
            assert read_value(f"{most!r} {unit}", parameter) <= parameter.high
            assert read_value(f"{most!r} {unit}", parameter) == pytest.approx(parameter.high, rel=1e-15)


def test_every_shipped_file_loads_and_is_listed_once() -> None:
    names = list_scenarios()
    assert sorted((*names, "targets")) == sorted(path.stem for path in scenarios_folder().glob("*.toml"))
    assert names == PACKAGES + SHOCKS
    assert names[:2] == ("baseline", "no_policy")
    for name in names:
        scenario = shipped(name)
        assert scenario.notes, f"{name} does not say what it assumes"
        for text in (scenario.title, scenario.question, *scenario.notes):
            assert text.zh != text.en
        assert len(scenario.title.zh) <= 14 or name == "baseline", f"{name}'s title does not fit a table"
        assert scenario.question.zh.endswith("？")
        assert scenario.question.en.endswith("?")
    assert set(MODES) | {f"{mode}_same_budget" for mode in MODES} | set(RECOMMENDED) | set(STACKED) <= set(PACKAGES)


def test_no_package_wins_by_a_number_that_no_city_printed() -> None:
    for name in PACKAGES:
        assert any("审批" in note.zh for note in shipped(name).notes)
        for _, plain in ways(shipped(name)):
            assert (row(plain, "approval_days") == PARAMETERS["approval_days"].value).all(), name
            if name not in ("no_policy", "integration_plus"):
                assert np.array_equal(row(plain, "open_locations"), row(shipped("baseline"), "open_locations"))
    assert row(shipped("baseline"), "open_locations")[[0, 21, 27, 33, 95]].tolist() == [20, 20, 60, 100, 100]


@pytest.mark.parametrize("name", STACKED)
def test_a_stacked_package_adds_the_other_citys_instruments(name: str) -> None:
    """Amounts add up (what the other city's mode keeps of baseline is not added twice); of rates the greater holds."""
    announced, mode, plain = shipped("zhengzhou_2025"), shipped(STACKED[name]), shipped("baseline")
    assert departure(shipped(name), announced) == default_now()
    for parameter in LEVERS:
        stacked, ours, theirs, neither = (row(s, parameter.name)[-1] for s in (shipped(name), announced, mode, plain))
        money = parameter.unit in ("wanyuan", "wanyuan/month", "person/month")
        expected = ours + theirs if money and theirs != neither else max(ours, theirs)
        assert stacked == pytest.approx(expected, rel=1e-12), parameter.name


def test_without_policy_every_lever_is_neutral_from_the_first_day() -> None:
    none = shipped("no_policy")
    for parameter in LEVERS:
        neutral = 0.0 if parameter.name == "annual_budget" else parameter.value
        assert (row(none, parameter.name) == neutral).all(), parameter.name
    assert none.assumptions == shipped("baseline").assumptions


@pytest.mark.parametrize("name", [*MODES, "zhengzhou_2025"])
def test_the_four_modes_differ_from_baseline_from_one_common_date(name: str) -> None:
    levers = [row(shipped(name), p.name) - row(shipped("baseline"), p.name) for p in LEVERS]
    assert np.flatnonzero(np.any(levers, axis=0)).tolist() == list(range(OCTOBER_2025, 96))
    assert departure(shipped(name), shipped("baseline")) == OCTOBER_2025
    assert departure(shipped(name), shipped(name)) == 96


def test_a_same_budget_variant_is_its_mode_under_the_same_yearly_limit_until_it_is_scaled() -> None:
    announced = shipped("zhengzhou_2025")
    for mode in MODES:
        variant = shipped(f"{mode}_same_budget")
        assert variant.same_budget_as == "zhengzhou_2025"
        assert np.array_equal(row(variant, "annual_budget"), row(announced, "annual_budget"))
        for parameter in SCHEDULED:
            if parameter.name != "annual_budget":
                assert np.array_equal(row(variant, parameter.name), row(shipped(mode), parameter.name))


def test_the_recommended_packages_leave_the_past_and_the_budget_of_zhengzhou_alone() -> None:
    announced = shipped("zhengzhou_2025")
    for name in RECOMMENDED:
        changed = levers_apart(shipped(name), announced, SCHEDULED)
        assert changed
        for _, plain in ways(shipped(name)):
            assert np.array_equal(row(plain, "annual_budget"), row(announced, "annual_budget"))
            for parameter in changed:
                assert np.array_equal(row(plain, parameter.name)[:36], row(announced, parameter.name)[:36])


def test_the_printed_amounts_are_the_ones_in_the_evidence() -> None:
    """Read from the rows of figures.csv, not from our own loader's objects."""
    with (seeds_folder() / "figures.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    identifier = next(column for column in rows[0] if column in ("id", "identifier"))
    printed = {line[identifier]: float(line["value"]) for line in rows if line["value"]}
    for scenario, lever, figure, factor in (
        ("zhengzhou_2025", "fund_size", "ZG08", 1e4),
        ("zhengzhou_2025", "municipal_parks", "ZG09", 1),
        ("baseline", "quality_award", "ZG02", 1),
        ("hangzhou_mode", "fund_size", "HZJ-001", 1e4),
        ("hangzhou_mode", "production_subsidy_cap", "HZJ-007", 1),
        ("shenzhen_mode", "production_subsidy_rate", "SZN-001", 0.01),
        ("shenzhen_mode", "production_subsidy_cap", "SZN-002", 1),
        ("shanghai_mode", "annual_budget", "SHH-001", 1e4 / 12),
        ("shanghai_mode", "quality_award", "SHH-002", 1),
    ):
        assert row(shipped(scenario), lever)[-1] == pytest.approx(printed[figure] * factor, rel=1e-12)
        assert figure in shipped(scenario).evidence


def test_the_official_targets() -> None:
    targets = {target.identifier: target for target in load_targets(known_evidence=EVIDENCE)}
    found = {name: (target.threshold, target.unit, target.year) for name, target in targets.items()}
    assert found == {
        "market_2027": (1_000_000, "wanyuan", 2027),
        "lead_firms_2027": (10, "firm", 2027),
        "full_chain_bases_2027": (1, "park", 2027),
        "quality_works_2027": (50, "title", 2027),
    }
    assert list(targets["market_2027"].definitions) == ["local_output", "allocated_market", "content_market"]
    assert {definition for target in targets.values() for definition in target.definitions} == set(load_definitions())
    assert all("2025-07-31" in target.note.en for target in targets.values())


@given(st.integers(0, 96))
def test_months_are_counted_from_2023(month: int) -> None:
    stamp = np.datetime64("2023-01", "M") + np.timedelta64(month, "M")
    assert write_month(month) == str(stamp)
