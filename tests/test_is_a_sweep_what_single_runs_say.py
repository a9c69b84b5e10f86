"""Is a sweep what single runs of its points say, however it is cut, and are its findings those of its numbers?

Points are compared with runs by the kernel alone, which knows nothing of remembered pasts or tasks; pairs, regrets and
boxes with numbers that were made up so that the answer is known. It does not establish that a tree finds the best box,
that the space is the right one, or how fast a sweep is (see tests/benchmarks).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shudian as sd
from commands import Terminal
from shudian.analysis import many
from shudian.analysis.discovery import discover
from shudian.analysis.many import Task, Threads, Work, outcomes_of
from shudian.analysis.results import Variable, Yearly
from shudian.analysis.sensitivity import read_outcomes
from shudian.analysis.sweep import asked_of, hits, net_benefits, sweep_points, together
from shudian.analysis.sweep_space import at_point, points_of, read_space, read_swept
from shudian.answers.sweep import SweepRequest, sweep
from shudian.draws import Array, prior_draws
from shudian.kernel import compile_model
from shudian.kinds import InputError, Scenario
from shudian.report.sweep.words import best_text
from shudian.scenarios import load_scenario, schedule_matrix
from shudian.structure import load_model
from shudian.targets import load_targets

MODEL = load_model()
NOW = 42.0
LEVERS = [p for p in MODEL.parameters.values() if p.role == "lever" and p.display_unit != "date"]


def work(draws: int = 9, year: int = 2027, package: str = "zhengzhou_2025") -> tuple[Work, Any]:
    asked, goals = asked_of(MODEL, load_targets(), (), year)
    base = load_scenario(package, MODEL.parameters)
    return Work(MODEL, prior_draws(MODEL, draws, seed=3), base, NOW, asked), goals


# --- points are runs ---------------------------------------------------------------------------------------------


def test_every_point_is_the_run_of_its_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    task, goals = work(draws=21)
    assumption = next(p.name for p in MODEL.parameters.values() if p.role == "assumption")
    space = read_space(
        ["fund_size=0..10 亿元", "municipal_parks=0;4;12", "support_end", assumption], MODEL.parameters, NOW
    )
    points = points_of(space, "latin", 7, seed=5)
    whole, usual = sweep_points(task, goals, space, points, 0.5, Threads(), lambda _share: None)
    monkeypatch.setattr(many, "SLICE", 8)
    monkeypatch.setattr(many, "_VALUES", 1)
    cut, _ = sweep_points(task, goals, space, points, 0.5, Backwards(), lambda _share: None)
    for name in ("levels", "changes", "chances", "gains", "gain_errors", "regrets", "best", "kept"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(whole, name), err_msg=name)
    for number, point in enumerate(points):
        np.testing.assert_array_equal(whole.kept[number], alone(task, at_point(task.base, space, point, NOW, number)))
    np.testing.assert_array_equal(usual, alone(task, task.base))


def alone(task: Work, scenario: Scenario) -> Array:
    """[outcome, draw] of a run that nothing is remembered of."""
    equations = [MODEL.equation(one.variable) for one in task.asked]
    schedules = schedule_matrix(scenario, MODEL.scheduled, 60)
    values = compile_model(MODEL).run(task.draws.values, schedules, [e.name for e in equations], months=60)
    run = Yearly(scenario, tuple(Variable(e.name, e.unit, e.label) for e in equations), values[:, ::12])
    return read_outcomes(task.asked, run, None)


class Backwards:
    """Does the last task first."""

    def do(self, work: Work, tasks: Sequence[Task]) -> Iterator[tuple[int, Array]]:
        for task in reversed(tasks):
            yield task.number, many.do_task(work, task)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda p: p.name)
def test_a_lever_that_is_moved_to_where_it_is_changes_nothing(lever: Any) -> None:
    task, goals = work(draws=3)
    base = task.base
    swept = read_swept(lever.name, MODEL.parameters, NOW)
    schedules = {**base.levers}.get(lever.name, ())
    usual = schedules[-1].value if schedules else lever.value
    if any(segment.start > NOW for segment in schedules):
        pytest.skip("it moves by itself later on")
    found, _ = sweep_points(task, goals, (swept,), np.array([[usual]]), 0.5, Threads(), lambda _share: None)
    assert not found.changes.any()
    assert not found.gains.any()
    assert not found.regrets.any()


# --- what is moved, and where ------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LEVERS), st.floats(0, 1), st.floats(0, 1), st.integers(2, 40), st.integers(0, 2**31))
def test_a_range_is_kept_whatever_is_laid_out_in_it(lever: Any, a: float, b: float, count: int, seed: int) -> None:
    swept = read_swept(lever.name, MODEL.parameters, NOW)
    low, high = (lever.low + share * (lever.high - lever.low) for share in sorted((a, b)))
    part = type(swept)(lever, low, high) if low < high and not lever.whole else swept
    grid = points_of((part,), "grid", count, seed)
    assert grid[0, 0] == pytest.approx(part.low)
    assert grid[-1, 0] == pytest.approx(part.high)
    assert (np.diff(grid[:, 0]) > 0).all()
    latin = np.sort(points_of((part,), "latin", count, seed)[:, 0])
    assert latin[0] >= part.low
    assert latin[-1] <= part.high
    if not lever.whole:
        # one in each of as many equal parts
        parts = np.floor((latin - part.low) / (part.high - part.low) * count * (1 - 1e-12)).astype(int)
        assert (np.abs(parts - np.arange(count)) <= 1).all()


def test_a_grid_holds_every_combination_and_a_factorial_the_corners() -> None:
    space = read_space(["fund_size=0;2;5 亿元", "municipal_parks=0..12:3"], MODEL.parameters, NOW)
    assert [tuple(row) for row in points_of(space, "grid", None, 1)] == [
        (a, b) for a in (0.0, 20_000.0, 50_000.0) for b in (0.0, 6.0, 12.0)
    ]
    assert len(points_of(space, "factorial", None, 1)) == 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fund_sise", "did you mean “fund_size”"),
        ("fund_size=0..2", "unit"),
        ("fund_size=2..1 亿元", "must begin below its end"),
        ("fund_size=1..1 亿元", "must begin below its end"),
        ("fund_size=0..99999 亿元", "fund_size"),
        ("fund_size=", "lever=from..to"),
        ("fund_size=0..1..2 亿元", "not a range"),
        ("fund_size=0..2 亿元:1", "2 or more"),
        ("fund_size=0..2 亿元:many", "2 or more"),
        ("fund_size=1;2 亿元:3", "leave out “:3”"),
        ("fund_size=1;1 亿元", "names a value twice"),
        ("talent_training=1,000 人/年", "one number or two"),
        ("municipal_parks=0..2.5", "whole"),
        ("support_end=2025-01..2027-01", "before the sweep begins"),
        ("production_margin=0..1", "nobody can choose"),
    ],
)
def test_a_slip_in_what_is_moved_gets_its_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=r"^--vary ") as caught:
        read_swept(text, MODEL.parameters, NOW)
    assert sentence in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="fund_size=0..9 亿元:;,=＝至～-.", max_size=30))
def test_any_text_is_read_or_told(text: str) -> None:
    try:
        found = read_swept(text, MODEL.parameters, NOW)
    except InputError:
        return
    assert found.parameter.low <= found.low <= found.high <= found.parameter.high


def test_too_many_points_and_nothing_to_move_are_told() -> None:
    with pytest.raises(InputError, match="100,000"):
        points_of(read_space(["fund_size", "municipal_parks", "talent_training"], MODEL.parameters, NOW), "grid", 99, 1)
    with pytest.raises(InputError, match="needs something to move"):
        read_space([], MODEL.parameters, NOW)
    with pytest.raises(InputError, match="moved twice"):
        read_space(["fund_size", "产业基金"], MODEL.parameters, NOW)


# --- findings ----------------------------------------------------------------------------------------------------


class MadeUp:
    """Answers each task by a rule instead of the model: [outcome, draw] of the moved levers' values."""

    def __init__(self, rule: Any, draws: int) -> None:
        self.rule, self.draws = rule, draws

    def do(self, work: Work, tasks: Sequence[Task]) -> Iterator[tuple[int, Array]]:
        for task in tasks:
            rows = [self.rule(*(s.levers[name][-1].value for name in ("fund_size", "municipal_parks")))
                    for s in task.scenarios]  # fmt: skip
            noise = np.random.default_rng(7).normal(0, 1, (len(work.asked), self.draws))
            yield task.number, np.array([noise + row for row in rows])


@pytest.mark.parametrize(
    ("rule", "only", "beyond"),
    [
        (lambda a, b: a * b, True, 1.0),
        (lambda a, b: 0.0 * a * b, False, 0.0),
        (lambda a, b: a + b, False, 0.0),
        (lambda a, b: max(a, b), False, -1.0),
    ],
    ids=["product", "nothing", "sum", "either"],
)
def test_pairs_that_work_only_together_are_found(rule: Any, only: bool, beyond: float) -> None:
    task, goals = work(draws=50)
    space = read_space(["fund_size=1..10 亿元", "municipal_parks=2..12"], MODEL.parameters, NOW)
    fund, parks = space

    def scaled(fund_size: float, municipal_parks: float) -> float:
        return float(rule(float(fund_size == fund.high), float(municipal_parks == parks.high)))

    executor = MadeUp(scaled, 50)
    base = next(iter(outcomes_of(task, [task.base], executor)))[1][0]
    pair = next(p for p in together(task, goals, space, ["output", "jobs"], base, executor) if p.outcome == "output")
    assert pair.only_together == only
    assert pair.told == (beyond != 0)
    assert pair.beyond.mean == pytest.approx(beyond, abs=1e-9)


def test_regret_is_what_the_best_point_of_each_draw_brings_more() -> None:
    # net benefits of three points in four draws, by hand: the best are 3, 5, 2 and (two alike) 4
    benefits = np.array([[3.0, 0.0, 2.0, 4.0], [1.0, 5.0, 1.0, 4.0], [0.0, 0.0, 0.0, 0.0]])
    task, goals = work(draws=4)
    names = [one.name for one in task.asked]
    rows = np.zeros((3, len(names), 4))
    rows[:, names.index("output_to_date")] = 2 * benefits

    class Fixed:
        def do(self, work: Work, tasks: Sequence[Task]) -> Iterator[tuple[int, Array]]:
            for one in tasks:
                numbers = [int(s.name[-5:]) - 1 if s is not work.base else 2 for s in one.scenarios]
                yield one.number, rows[numbers]

    space = read_space(["fund_size=0;1;2 亿元"], MODEL.parameters, NOW)
    points = points_of(space, "grid", None, 1)
    found, base = sweep_points(task, goals, space, points, 0.5, Fixed(), lambda _share: None)
    np.testing.assert_allclose(net_benefits(task.asked, rows, base, 0.5), benefits)
    np.testing.assert_allclose(found.regrets[:, 0], [(0 + 5 + 0 + 0) / 4, (2 + 0 + 1 + 0) / 4, (3 + 5 + 2 + 4) / 4])
    np.testing.assert_allclose(found.best, [(1 + 0 + 1 + 0.5) / 4, (0 + 1 + 0 + 0.5) / 4, 0])


def planted(seed: int, signal: bool) -> tuple[Any, ...]:
    generator = np.random.default_rng(seed)
    parameters = [p for p in MODEL.fixed if p.role == "uncertain"][:40]
    worlds = generator.random((40, 600))
    space = read_space(["fund_size=0..10 亿元"], MODEL.parameters, NOW)
    points = points_of(space, "grid", 11, 1)
    lucky = (points[:, :1] > 50_000) & (worlds[7] > 0.6)[None, :]
    reached = lucky if signal else generator.random(lucky.shape[1])[None, :] < np.full((11, 1), 0.3)
    return parameters, worlds, space, points, reached


@pytest.mark.parametrize(("sure", "said"), [(True, "Greatest expected net benefit"), (False, "cannot be told")])
def test_the_best_point_is_praised_only_where_it_can_be_told(sure: bool, said: str) -> None:
    found = sweep(SweepRequest(vary=("fund_size=1;2 亿元",), draws=40))
    spread = np.linspace(1.0 if sure else -1.0, 3.0, 40)
    told = best_text(replace(found, benefits=np.array([spread, spread - 9.0])), "en")
    assert said in told
    assert "90 % interval" in told


def test_a_planted_box_is_found_on_fresh_draws() -> None:
    parameters, worlds, space, points, reached = planted(1, signal=True)
    found = discover("goal", space, points, parameters, worlds, reached, seed=1)
    box = found.boxes[0]
    bounds = {bound.parameter.name: bound for bound in box.bounds}
    assert {*bounds} == {"fund_size", parameters[7].name}
    assert bounds["fund_size"].chosen
    assert not bounds[parameters[7].name].chosen
    assert bounds["fund_size"].low == pytest.approx(55_000, abs=5_001)
    assert bounds[parameters[7].name].low == pytest.approx(0.6, abs=0.02)
    assert box.density > 0.95
    assert box.coverage > 0.95


def test_luck_is_no_condition() -> None:
    """Forty parameters that have nothing to do with it: a tree that took all of them would find some."""
    boxes = [discover("goal", *_order(planted(seed, signal=False)), seed).boxes for seed in range(6)]
    assert sum(map(bool, boxes)) <= 1


@pytest.mark.parametrize("seed", range(4))
def test_choices_that_change_next_to_nothing_are_no_condition(seed: int) -> None:
    """Luck in which point reaches the goal too: every tree parts the points, and no part can be told from the whole."""
    parameters, worlds, space, points, reached = planted(seed, signal=False)
    flipped = np.random.default_rng(seed).random(reached.shape) < 0.02
    assert discover("goal", space, points, parameters, worlds, reached ^ flipped, seed).boxes == ()


def test_a_box_is_told_from_the_whole_by_hand() -> None:
    """Six of eleven points reach the goal, in every other world: in half of these, against 3/11 of all."""
    parameters, worlds, space, points, _ = planted(2, signal=True)
    half = np.repeat([[True], [False]], [6, 5], axis=0) & (np.arange(worlds.shape[1]) // 2 % 2 == 0)
    box, *others = discover("goal", space, points, parameters, worlds, half, seed=1).boxes
    assert box.density == pytest.approx(0.5)
    assert box.beyond.value == pytest.approx(0.5 - 0.5 * 6 / 11)
    # the same draws: 150 of 300 reach it in the box, whose binomial error is that of the share itself
    assert box.error == pytest.approx(np.sqrt(0.25 / 300))
    assert box.beyond.error == pytest.approx(np.sqrt(0.25 / 300) * 5 / 11)
    assert all(other.density <= box.density and other.mass <= box.mass for other in others)


def test_the_condition_that_is_told_explains_more_than_a_corner_where_it_is_sure() -> None:
    """Sure in one point of eleven, and in nine of ten draws of the five points above it."""
    parameters, worlds, space, points, _ = planted(3, signal=True)
    often = np.random.default_rng(3).random(worlds.shape[1]) < 0.9
    reached = np.repeat([False, True], [5, 6])[:, None] & often
    reached[0] = True
    box, *_ = discover("goal", space, points, parameters, worlds, reached, seed=1).boxes
    assert box.coverage > 0.7
    assert box.bounds[0].low > 30_000


def _order(made: tuple[Any, ...]) -> tuple[Any, ...]:
    parameters, worlds, space, points, reached = made
    return space, points, parameters, worlds, reached


# --- as it is asked ----------------------------------------------------------------------------------------------


def test_one_import_is_enough_for_a_map() -> None:
    answer = sd.sweep(
        vary={"fund_size": ["0 亿元", "4 亿元"], "municipal_parks": "0..12:3"}, draws=30, outcomes=["active_firms"]
    )
    found = answer.to_dataset()
    assert found["chance_market_2027_local_output"].sizes == {"lever_fund_size": 2, "lever_municipal_parks": 3}
    assert found["output_median"].attrs["units"] == "亿元"
    experiments, outcomes = answer.experiments()
    assert len(experiments) == 6 * 30
    assert {"fund_size", "municipal_parks", "production_margin", "policy", "scenario"} <= {*experiments.columns}
    frame = answer.frame().set_index("point")
    shares = outcomes["reaches_market_2027_local_output"].reshape(6, 30).mean(axis=1)
    np.testing.assert_allclose(frame["chance_market_2027_local_output"], shares)
    point = answer.scenario(6)
    assert point.levers["municipal_parks"][-1].value == 12
    assert "net benefit" in repr(answer)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"vary": {"fund_size": object()}}, "a text, a list of amounts or None"),
        ({"vary": ["fund_size"], "layout": "cubic"}, "allowed are: grid, latin, factorial"),
        ({"vary": ["fund_size"], "by": 2045}, "from 2026 to 2030"),
        ({"vary": ["fund_size"], "start": "2025-01"}, "retrospective"),
        ({"vary": ["fund_size"], "layout": "factorial", "points": 3}, "leave out --points"),
        ({"vary": ["fund_size"], "outcomes": ["fte_job"]}, "fte_jobs"),
        ({"package": "demand_stalls", "vary": ["fund_size"]}, "is a shock"),
        ({"vary": []}, "needs something to move"),
    ],
)
def test_a_slip_from_a_notebook_gets_its_sentence(words: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        sd.sweep(**words)
    assert sentence in str(caught.value)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def test_the_command_answers_in_a_screen_and_can_be_repeated(terminal: Terminal) -> None:
    asked = ("--vary", "fund_size=0..10 亿元", "--vary", "municipal_parks=0;12", "--points", "3", "--draws", "100")
    ended = terminal("sweep", *asked, "--lang", "en", "--out", "r")
    assert ended.code == 0, ended.err
    assert len(ended.out.splitlines()) <= 32
    assert {"points.csv", "pairs.csv", "boxes.csv", "forms.csv", "tables.xlsx", "manifest.json"} <= {
        path.name for path in Path("r").iterdir()
    }
    again = terminal("sweep", "--repeat", "r", "--lang", "en")
    assert again.code == 0, again.err
    slipped = terminal("sweep", "--vary", "fund_sise=0..1 亿元", "--lang", "en", "--out", "s")
    assert slipped.code == 2
    assert "did you mean “fund_size”" in slipped.err
    assert not Path("s").exists()


def test_a_large_sweep_keeps_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than KEPT single numbers, those of the first draws are kept, and the rest says the same."""
    request = SweepRequest(vary=("fund_size=0..10 亿元:3",), draws=60)
    whole = sweep(request)
    monkeypatch.setattr("shudian.analysis.sweep.KEPT", 3 * len(whole.asked) * 20)
    part = sweep(request)
    assert part.points.kept.shape[2] == 20
    np.testing.assert_array_equal(part.points.kept, whole.points.kept[:, :, :20])
    np.testing.assert_array_equal(part.points.levels, whole.points.levels)
    np.testing.assert_array_equal(part.points.chances, whole.points.chances)


def test_hits_are_read_at_the_threshold() -> None:
    goals = [SimpleNamespace(outcome=0, target=SimpleNamespace(threshold=2.0))]
    values = np.array([[[1.0, 2.0, 3.0]]])
    np.testing.assert_array_equal(hits(goals, values), [[[False, True, True]]])  # type: ignore[arg-type]
