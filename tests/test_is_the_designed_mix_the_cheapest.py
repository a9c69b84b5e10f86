"""Is what the search calls the cheapest mix not beaten by a grid, by a shipped package or by a single change?

It does not establish that no cheaper mix exists anywhere: the search is a heuristic, and a mix that none of these
checks tries may be cheaper. Nor does it say that the effects are right: they are the model's, and mostly priors.
"""

from __future__ import annotations

import datetime
import itertools
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from commands import Terminal
from shudian.analysis.design import Design, Problem, design
from shudian.analysis.design_bench import Bench, deal, make_bench, thinned
from shudian.analysis.design_goal import read_goal
from shudian.analysis.design_limits import beyond_evidence
from shudian.analysis.mixes import TRIPLE, Mix, make_box, seeds
from shudian.analysis.warnings import lever_evidence
from shudian.answers.design import DesignRequest, problem_of
from shudian.evidence import load_figures
from shudian.grounds import Grounds, draws_from
from shudian.kinds import InputError
from shudian.now import default_now
from shudian.report.design.question import QUESTION, Designed
from shudian.report.design.tables import mix_table
from shudian.report.design.words import headline
from shudian.report.folder import write
from shudian.report.manifest import tables_digest
from shudian.scenarios import load_scenario
from shudian.structure import load_model

MODEL = load_model()
BASE = load_scenario("zhengzhou_2025", MODEL.parameters)
PRIOR = Grounds(None, "asked")
DRAWS = 80
START = 36.0
FEW = ("open_locations", "approval_days", "rent_relief_rate")


def ask(target: str, probability: float, levers: tuple[str, ...] = FEW, budget: str = "") -> Problem:
    box = make_box(BASE, MODEL, START, 2027, levers)
    return Problem(read_goal(target, 2027, probability, budget, MODEL), box, DRAWS, 3, PRIOR, 4)


def silent(*_: object) -> None:
    pass


def benches(problem: Problem) -> tuple[Bench, Bench]:
    """The draws of the search and the fresh ones, made again."""
    draws = draws_from(MODEL, None, 4 * DRAWS, problem.seed)
    search, rest, _ = deal(MODEL, problem.box, problem.goal, draws, DRAWS)
    assert not {*search} & {*rest}
    return (
        make_bench(MODEL, problem.box, problem.goal, draws, search),
        make_bench(MODEL, problem.box, problem.goal, draws, rest),
    )


def best_mix(found: Design) -> Mix:
    return tuple(found.best.changes.get(a.parameter.name, a.usual) for a in found.problem.box.axes)


QUESTIONS = {
    "few": ask("jobs=4万人", 0.45),
    "market": ask("allocated_market=100亿元", 0.25),
    "all": ask("jobs=4万人", 0.45, levers=()),
}


@cache
def answered(name: str) -> Design:
    return design(QUESTIONS[name], MODEL, silent)


@pytest.fixture(params=["few", "market", pytest.param("all", marks=pytest.mark.slow)])
def found(request: pytest.FixtureRequest) -> Design:
    return answered(request.param)


@pytest.fixture
def small() -> Design:
    return answered("few")


def test_no_point_of_a_coarse_grid_is_better(found: Design) -> None:
    """Over the first three levers; where there are more, the others stay as the best mix has them."""
    axes, mix = found.problem.box.axes, best_mix(found)
    bench, _ = benches(found.problem)
    grid = itertools.product(*(np.linspace(axis.low, axis.high, 7) for axis in axes[:3]))
    points = [
        (*(round(v) if a.parameter.whole else float(v) for a, v in zip(axes, p, strict=False)), *mix[3:]) for p in grid
    ]
    best, other = bench.key(mix), min(bench.key(point) for point in points)
    # where no mix reaches the target many come equally near, and the search knows the cheapest of them to some per cent
    assert best[:3] <= other[:3]
    assert best[:3] < other[:3] or best[3] <= 1.05 * other[3]


def test_no_shipped_package_is_better_with_any_scale(found: Design) -> None:
    bench, _ = benches(found.problem)
    best = bench.key(best_mix(found))
    assert best <= min(bench.key(mix) for mix in seeds(found.problem.box, MODEL, 2027).values())


def test_no_single_lever_can_be_moved_to_something_better(found: Design) -> None:
    """At random values, which are not those that the search tries; a hair is what its grid of values may cost."""
    bench, _ = benches(found.problem)
    mix, chance = best_mix(found), np.random.default_rng(5)
    best = bench.key(mix)
    for number, axis in enumerate(found.problem.box.axes):
        for value in chance.uniform(axis.low, axis.high, 6):
            other = found.problem.box.coupled([axis.snapped(value) if n == number else v for n, v in enumerate(mix)])
            key = bench.key(other)
            assert key[:3] >= best[:3]
            assert key[:3] > best[:3] or key[3] >= best[3] * 0.99


def test_the_best_mix_reaches_the_target_where_one_of_the_others_does(found: Design) -> None:
    bench, _ = benches(found.problem)
    mixes = seeds(found.problem.box, MODEL, 2027).values()
    assert found.best.reaches or not any(bench.reaches(mix) for mix in mixes)


def test_the_search_and_the_score_use_different_draws_of_equal_difficulty(small: Design) -> None:
    search, fresh = benches(small.problem)
    usual = small.problem.box.usual
    assert abs(search.score(usual).probability - fresh.score(usual).probability) < 2 / DRAWS
    assert small.fresh == 3 * small.searched
    assert small.best.search == search.score(best_mix(small))
    assert small.best.fresh.probability == fresh.score(best_mix(small)).probability


def test_a_thinned_bench_agrees_with_the_whole_one() -> None:
    problem = QUESTIONS["market"]
    draws = draws_from(MODEL, None, 800, 3)
    order, _, share = deal(MODEL, problem.box, problem.goal, draws, 400)
    whole = make_bench(MODEL, problem.box, problem.goal, draws, order)
    parts, weights = thinned(share, order)
    part = make_bench(MODEL, problem.box, problem.goal, draws, parts, weights)
    assert weights.sum() == pytest.approx(400)
    assert parts.size < 200
    for mix in list(seeds(problem.box, MODEL, 2027).values())[:12]:
        assert part.score(mix).probability == pytest.approx(whole.score(mix).probability, abs=0.02)
        assert part.score(mix).cost == pytest.approx(whole.score(mix).cost, rel=0.2)


def test_a_written_mix_is_a_scenario_with_the_same_numbers(small: Design, tmp_path: Path) -> None:
    asked = DesignRequest("local_output=100亿元", start="2026-01", retrospective=True)
    write(QUESTION.output(Designed(asked, small)), tmp_path, "en", ["shudian", "design"])
    _, fresh = benches(small.problem)
    base = small.problem.goal.reached(fresh.run(small.problem.box.base))
    for f in (*small.designed, *small.front[:2]):
        read = load_scenario(tmp_path / "mixes" / f"{f.scenario.name}.toml", MODEL.parameters)
        assert fresh.detail(read, base) == f.fresh
    assert (tmp_path / "front.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["model_digest"] == MODEL.digest
    assert manifest["request"]["start"] == "2026-01"


def test_the_same_question_has_the_same_answer(small: Design) -> None:
    again = design(QUESTIONS["few"], MODEL, silent)
    assert tables_digest([mix_table(again)]) == tables_digest([mix_table(small)])
    assert [mix.fresh for mix in again.front] == [mix.fresh for mix in small.front]


@pytest.mark.parametrize(
    ("target", "probability", "budget", "words"),
    [
        ("jobs=40万人", 0.5, "", "No mix found"),
        ("jobs=4万人", 0.45, "0.01 亿元", "no mix keeps the fiscal cost"),
    ],
)
def test_what_cannot_be_reached_is_said(target: str, probability: float, budget: str, words: str) -> None:
    found = design(ask(target, probability, FEW, budget), MODEL, silent)
    assert not found.best.reaches
    assert words in headline(found, "en")


def test_a_budget_is_kept_in_the_median_of_the_search(small: Design) -> None:
    bench, _ = benches(small.problem)
    least = bench.score(tuple(20.0 if a.parameter.name == "approval_days" else a.low for a in small.problem.box.axes))
    cap = (least.cost + small.best.search.cost) / 2
    assert least.cost < cap < small.best.search.cost
    capped = design(ask("jobs=4万人", 0.45, FEW, f"{cap} 亿元"), MODEL, silent)
    assert capped.best.search.cost <= cap
    # what costs less than the cheapest that reaches the target cannot reach it
    assert not capped.best.reaches


def test_mixes_are_whole_and_their_subsidies_complete() -> None:
    box = make_box(BASE, MODEL, START, 2027)
    chance = np.random.default_rng(2)
    names = [axis.parameter.name for axis in box.axes]
    for shares in chance.random((200, len(names))) * chance.integers(0, 2, (200, len(names))):
        mix = dict(zip(names, box.mix(shares), strict=True))
        assert len({mix[name] > 0 for name in TRIPLE}) == 1
        assert all(mix[n] == round(mix[n]) for n in ("municipal_parks", "overseas_service_window", "support_end"))
        assert mix["support_end"] >= START


def test_a_shipped_package_adopted_on_its_own_date_is_the_package() -> None:
    """With the package's own start and base the box holds it exactly: nothing is lost on the way into the box."""
    root, package = load_scenario("baseline", MODEL.parameters), load_scenario("shenzhen_mode", MODEL.parameters)
    box = make_box(root, MODEL, 33.0, 2027)
    mix = seeds(box, MODEL, 2027)["shenzhen_mode"]
    assert box.scenario(mix).levers == package.levers


def test_the_first_month_that_can_be_chosen_is_the_next_one_and_not_before_now() -> None:
    wish = DesignRequest("local_output=100亿元", levers=FEW, prior=True, draws=50)
    assert problem_of(wish, datetime.date(2026, 11, 25))[0].box.start == 47
    assert problem_of(wish, datetime.date(2025, 11, 25))[0].box.start == default_now()


def test_a_design_warns_of_the_same_levers_as_a_comparison() -> None:
    figures = load_figures()
    evidence = lever_evidence(MODEL, figures)
    cap, fund = evidence["production_subsidy_cap"], evidence["fund_size"]
    changes = {"production_subsidy_cap": cap.high, "fund_size": 1.01 * fund.high, "approval_days": 10.0}
    above, silent = beyond_evidence(changes, MODEL, figures)
    assert above == (fund,)
    assert [parameter.name for parameter in silent] == ["approval_days"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--target", "local_ouput=100亿元"], "local_output"),
        (["--target", "local_output=100"], "has no unit"),
        (["--target", "local_output=100人"], "is the wrong unit"),
        (["--target", "local_output"], "name=value"),
        (["--target", "cumulative_fiscal_cost=1亿元"], "--budget"),
        (["--target", "jobs=0人"], "doing nothing"),
        (["--target", "jobs=4万人", "--probability", "1.5"], "a probability"),
        (["--target", "jobs=4万人", "--by", "2035"], "is judged in"),
        (["--target", "jobs=4万人", "--from", "2028-01"], "is judged in"),
        (["--target", "jobs=4万人", "--from", "2026-01"], "--from 2026-01: 2026-01 is past"),
        (["--target", "jobs=4万人", "--budget", "3"], "has no unit"),
        (["--target", "jobs=4万人", "--budget", "0亿元"], "buys nothing"),
        (["--target", "jobs=4万人", "--levers", "fund_sise"], "fund_size"),
        (["--target", "jobs=4万人", "--fix", "fund_size"], "lever=value"),
        (["--target", "jobs=4万人", "--fix", "fund_size=99亿元"], "outside the range"),
        (
            ["--target", "jobs=4万人", "--fix", "support_end=2025-06", "--from", "2026-01", "--retrospective"],
            "has ended",
        ),
        (["--target", "jobs=4万人", "--fix", "fund_size=1亿元", "--levers", "fund_size"], "at once"),
        (["--target", "jobs=4万人", "--base", "demand_stalls"], "is a shock"),
        (["--target", "jobs=4万人", "--draws", "3000"], "at most 2000"),
    ],
)
def test_a_mistake_is_refused_with_the_right_spelling(
    options: list[str], words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = Terminal(monkeypatch, capsys)("design", *options, "--lang", "en")
    assert ended.code == 2
    assert words in ended.err
    assert not [*tmp_path.iterdir()]


def test_chinese_names_ask_the_same_question() -> None:
    for chinese, english in (("分摊口径", "allocated_market"), ("就业", "jobs"), ("全职就业", "fte_jobs")):
        unit = "亿元" if english == "allocated_market" else "万人"
        one, two = (read_goal(f"{name}＝5{unit}", 2027, 0.5, "", MODEL) for name in (chinese, english))
        assert (one.variable, one.reading, one.threshold) == (two.variable, two.reading, two.threshold)
    with pytest.raises(InputError, match="就业"):
        read_goal("就业人=4万人", 2027, 0.5, "", MODEL)


def test_the_command_writes_a_folder_and_says_what_it_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    options = [
        "--levers",
        "取景地开放,审批时限",
        "--fix",
        "fund_size=1亿元",
        "--draws",
        "50",
        "--prior",
        "--from",
        "2026-01",
        "--retrospective",
    ]
    ended = Terminal(monkeypatch, capsys)(
        "design", "--target", "就业=4万人", "--probability", "0.45", *options, "--lang", "zh", "-o", "out"
    )
    assert ended.code == 0, ended.err
    for name in (
        "front.csv",
        "table.md",
        "manifest.json",
        "figures/front_zh.png",
        "figures/front_zh.svg",
        "mixes/design_1.toml",
    ):
        assert (tmp_path / "out" / name).is_file()
    assert "从2026-01起" in ended.out
    assert "未校准" in ended.out
