"""Does a comparison of packages tie what is alike, add up, and tell noise from a difference?

Does not establish that the model's policy effects are right: no comparison can be better than its priors.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from commands import Terminal
from shudian.analysis.assessment import BENEFIT, Assessment, Choice, assess, outcome_names
from shudian.analysis.contribution import INSTRUMENTS, coalition, contributions, players, split
from shudian.analysis.cost import VALUES, Worth, price, worth
from shudian.analysis.ranking import flips, pair, ranking
from shudian.analysis.regret import regret, withdrawn
from shudian.analysis.results import evaluate
from shudian.answers.compare import Compared, CompareRequest, compare
from shudian.draws import Draws
from shudian.grounds import posterior_draws
from shudian.kinds import Scenario, Segment
from shudian.posterior_file import read_posterior
from shudian.report.comparison.words import details, headline
from shudian.scenarios import load_scenario
from shudian.structure import load_model

MODEL = load_model()
FEW = ("--draws", "60", "--lang", "en")


def scenario(name: str) -> Scenario:
    return load_scenario(name, MODEL.parameters)


@cache
def compared(*names: str, draws: int = 120) -> Compared:
    return compare(CompareRequest(names, draws=draws))


@cache
def draws(count: int = 64) -> Draws:
    return posterior_draws(MODEL, read_posterior(), count, 1)


# Prices and worth, by hand


def test_a_price_is_what_was_spent_by_what_was_added() -> None:
    # 10, 10, 10 spent for 5, 2 and nothing, as often each: 2, 5 and no price
    found = price(np.full(30, 10.0), np.repeat([5.0, 2.0, 0.0], 10))
    assert (found.low, found.median, found.high) == (2.0, 5.0, math.inf)
    assert found.nothing == pytest.approx(1 / 3)
    few = price(np.full(3, 10.0), np.array([5.0, 2.0, 0.0]))
    assert few.median == 5.0
    assert math.isnan(few.low)
    assert math.isnan(few.high)


def test_what_costs_nothing_and_adds_nothing_has_no_price() -> None:
    assert math.isnan(price(np.zeros(4), np.zeros(4)).median)


def best_at(found: Worth, value: float) -> tuple[str, ...]:
    return [names for start, names in found.best if start <= value][-1]


def test_what_saves_money_and_output_has_no_value_from_which_it_pays() -> None:
    # the first costs 3 less and brings 1 less: it is the best below a value of 3
    found = worth({"a": np.full(4, -1.0)}, {"a": np.full(4, -3.0)}, "nothing")
    assert math.isnan(found.break_even["a"])
    assert best_at(found, 1.0) == ("a",)
    assert worth({"a": np.full(4, 1.0)}, {"a": np.full(4, -3.0)}, "nothing").break_even["a"] == 0


@given(arrays(float, (3, 5), elements=st.integers(-5, 30)), arrays(float, (3, 5), elements=st.integers(0, 30)))
def test_the_best_at_each_value_is_the_best_on_a_fine_grid(output: Any, cost: Any) -> None:
    names = ("a", "b", "c")
    found = worth(dict(zip(names, output, strict=True)), dict(zip(names, cost, strict=True)), "nothing")
    assert found.names == (*names, "nothing")
    means = np.array([*zip(output.mean(axis=1), cost.mean(axis=1), strict=True), (0.0, 0.0)])
    turns = np.array([start for start, _ in found.best])
    for value in np.linspace(0.003, 2.997, 97):
        if np.abs(turns - value).min() > 1e-6:
            net = value * means[:, 0] - means[:, 1]
            best = {name for name, n in zip(found.names, net, strict=True) if n >= net.max() - 1e-9}
            assert {*best_at(found, value)} <= best
    assert found.chance.sum(axis=0) == pytest.approx(np.ones(VALUES.size))
    assert found.chance[-1, 0] == pytest.approx(np.mean([(1.0 / (1 + n)) if n >= 0 else 0 for n in _ties(cost)]))


def _ties(cost: Any) -> list[int]:
    """In each draw: how many packages cost nothing, as the reference does, so that at value 0 they share the lead."""
    return [int((column == 0).sum()) for column in cost.T]


# Who is ahead


@given(arrays(float, (2, 40), elements=st.integers(0, 3)))
def test_chances_of_a_pair_add_up_and_equals_tie(values: Any) -> None:
    one, other = values
    assert pair(one, other).ahead + pair(other, one).ahead == pytest.approx(1)
    same = pair(one, one)
    assert (same.ahead, same.tie, same.mean.value, same.told_apart) == (0.5, 1.0, 0.0, False)


def test_a_flip_needs_both_sides_to_be_more_than_noise() -> None:
    generator = np.random.default_rng(1)
    noise = generator.standard_normal(400)
    up, down = {"a": noise + 1, "b": noise}, {"a": noise, "b": noise + 1}
    slight = {"a": noise + 0.02 * generator.standard_normal(400), "b": noise}
    (flip,) = flips({"x": ranking(up), "y": ranking(down)})
    assert (flip.first, flip.second, flip.first_ahead, flip.second_ahead) == ("a", "b", "x", "y")
    assert flips({"x": ranking(up), "z": ranking(up)}) == ()
    assert flips({"x": ranking(up), "z": ranking(slight)}) == ()
    assert ranking(slight).leaders == ranking(slight).order


def test_regret_by_hand() -> None:
    # world 1: 3 against 1; world 2: 0 against 4; worst: 4 for the first, 2 for the second
    amounts = np.array([[[3.0, 3.0], [1.0, 1.0]], [[0.0, 0.0], [4.0, 4.0]]])
    found = regret(("calm", "storm"), ("first", "second"), amounts)
    assert found.regrets.tolist() == [[0, 2], [4, 0]]
    assert found.worst.tolist() == [4, 2]
    assert found.least_regretted == ("second",)


def test_a_wild_package_does_not_excuse_one_that_is_surely_worse() -> None:
    calm, wild = np.ones(400), 20 * np.random.default_rng(1).standard_normal(400)
    found = regret(("calm",), ("first", "second", "wild"), np.array([[calm, calm - 0.1, calm - 5 + wild]]))
    assert "first" in found.least_regretted
    assert "second" not in found.least_regretted


# Contributions


def test_three_gloves_are_shared_as_shapley_shares_them() -> None:
    # one left glove and two right ones, a pair is worth 1: 2/3 for the left, 1/6 for each right (Shapley 1953)
    def value(package: Scenario, _draws: Draws) -> Any:
        left, *right = (
            "fund_size" in package.levers,
            "ai_support" in package.levers,
            "plus_programme" in package.levers,
        )
        return np.array([[float(left and any(right))] * 4])

    names = ("fund_size", "ai_support", "plus_programme")
    package = replace(scenario("no_policy"), levers={name: (Segment(0.0, 1.0),) for name in names})
    nothing = replace(package, levers={})
    exact = contributions(package, nothing, names, draws(64), value)
    assert exact.exact
    assert exact.shapley[:, 0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    sampled = contributions(package, nothing, names, draws(64), value, exact=0)
    assert sampled.shapley.sum() == pytest.approx(1, abs=1e-12)
    assert np.abs(sampled.shapley - exact.shapley).max() <= 4 * sampled.errors.max()
    # with the other right glove in place the pair (left, right) brings nothing more
    assert exact.together["fund_size", "ai_support"][0] == 0
    assert exact.together["ai_support", "plus_programme"][0] == -1


def outcomes(package: Scenario, chosen: Draws) -> Any:
    run = evaluate(MODEL, package, chosen, ("cumulative_local_output", "fte_jobs"), 2027)
    return np.array(
        [
            run.read("cumulative_local_output", "level_at_year_end", 2027, "亿元"),
            run.read("fte_jobs", "level_at_year_end", 2027, "人"),
        ]
    )


@pytest.mark.parametrize("exact", [0, 12])
def test_contributions_add_up_to_the_whole(exact: int) -> None:
    package, reference = scenario("integration_plus"), scenario("zhengzhou_2025")
    names = players(package, reference, MODEL.scheduled)
    found = contributions(package, reference, names, draws(), outcomes, exact=exact)
    whole = (outcomes(package, draws()) - outcomes(reference, draws())).mean(axis=1)
    assert found.total == pytest.approx(whole, rel=1e-12)
    assert np.abs(found.shapley.sum(axis=0) - whole).max() < 1e-9
    assert np.abs(whole).min() > 1e-6


def test_a_lever_that_is_nothing_contributes_nothing() -> None:
    reference = scenario("no_policy")
    named = {"fund_size": (Segment(33.0, 1e4),), "municipal_parks": (Segment(33.0, 0.0),)}
    package = replace(reference, levers={**reference.levers, **named})
    assert players(package, reference, MODEL.scheduled) == ("fund_size",)
    for exact in (0, 12):
        found = contributions(package, reference, ("fund_size", "municipal_parks"), draws(), outcomes, exact=exact)
        assert found.shapley[1].tolist() == [0.0, 0.0]
        assert found.alone[1].tolist() == found.last[1].tolist() == [0.0, 0.0]


def test_an_instrument_moves_as_one() -> None:
    package, reference = scenario("shenzhen_mode"), scenario("baseline")
    found = players(package, reference, MODEL.scheduled)
    assert "production_subsidy" in found
    assert not {*INSTRUMENTS["production_subsidy"]} & {*found}
    whole = coalition(package, reference, found)
    assert {k: whole.levers.get(k) for k in package.levers} == dict(package.levers)
    assert dict(coalition(package, reference, ()).levers) == dict(reference.levers)


@given(st.sampled_from(["zhengzhou_2025", "shenzhen_mode"]), st.sampled_from(["demand_stalls", "ai_surge"]))
@settings(max_examples=4, deadline=None)
def test_a_difference_is_policy_and_assumption_and_interaction(package: str, shock: str) -> None:
    from shudian.scenario_changes import combine

    first, second = scenario("baseline"), combine(scenario(package), scenario(shock))
    found = split(first, second, draws(16), outcomes)
    whole = outcomes(second, draws(16)) - outcomes(first, draws(16))
    assert np.abs(found.total - whole).max() < 1e-9
    only_world = split(first, combine(first, scenario(shock)), draws(16), outcomes)
    assert not only_world.policy.any()
    assert not only_world.interaction.any()
    assert only_world.assumption.any()


# The whole comparison


def test_two_packages_that_differ_by_nothing_tie_exactly(tmp_path: Path) -> None:
    twin = tmp_path / "twin.toml"
    twin.write_text(
        'base = "shenzhen_mode"\ntitle = { zh = "双胞胎", en = "Twin" }\nquestion = { zh = "同？", en = "Same?" }\n'
    )
    found = compare(CompareRequest(("shenzhen_mode", str(twin)), draws=120))
    one, other = found.assessment.peers
    for by_world in found.assessment.rankings.values():
        for ranked in by_world.values():
            assert (ranked.pairs[one, other].ahead, ranked.pairs[one, other].tie) == (0.5, 1.0)
    assert found.assessment.prices[one] == found.assessment.prices[other]
    assert found.assessment.worth.break_even[one] == found.assessment.worth.break_even[other]
    assert {one, other} in [{*names} for _, names in found.assessment.worth.best]
    assert np.array_equal(found.assessment.contributions[one].shapley, found.assessment.contributions[other].shapley)
    verdicts = found.choice.verdicts
    assert verdicts.row(one).additional == verdicts.row(other).additional
    # each titled alike in the sentence: neither is said to be ahead
    assert "exactly the same" in headline(found.assessment, verdicts, {}, "en")


def test_the_reference_adds_nothing_to_itself_and_costs_nothing_more() -> None:
    found = compared("no_policy", "zhengzhou_2025")
    assert found.assessment.packages == ("zhengzhou_2025",)
    assert found.assessment.worth.best[0] == (0.0, ("no_policy",))
    assert found.assessment.regrets[BENEFIT].values[0, 1] == 0


def test_only_packages_in_one_world_are_ranked() -> None:
    found = compared("zhengzhou_2025", "shenzhen_mode", "zhengzhou_2025+demand_stalls").assessment
    assert found.peers == ("zhengzhou_2025", "shenzhen_mode")
    assert found.packages == (*found.peers, "zhengzhou_2025+demand_stalls")
    (difference,) = found.differences.values()
    assert difference.policy["local_output"].high == 0
    assert difference.assumption["local_output"].median < 0


def test_what_a_file_assumes_is_not_charged_to_policy(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'base = "zhengzhou_2025"\ntitle = { zh = "自设", en = "Own" }\nquestion = { zh = "？", en = "?" }\n'
        '[assumptions]\nnational_growth_shift = { now = "-20 %/年" }\n',
        encoding="utf-8",
    )
    found = compare(CompareRequest((str(own), "zhengzhou_2025"), draws=120))
    struck = compare(CompareRequest(("zhengzhou_2025",), shocks=("demand_stalls",), draws=120))
    alone = found.choice.verdicts.row("own").additional
    assert alone == struck.choice.verdicts.row("zhengzhou_2025+demand_stalls").additional
    # what sets it apart from the same package in the usual world is told as an assumption
    assert found.assessment.peers == ("own",)
    (difference,) = found.assessment.differences.values()
    assert difference.policy["local_output"].low == difference.policy["local_output"].high == 0


def test_a_setting_does_not_change_the_purse() -> None:
    packages, settings = ("zhengzhou_2025", "shenzhen_mode"), ("fund_size=3亿元",)
    request = CompareRequest(packages, settings=settings, draws=60, same_budget=True)
    found = {s.name: s for s in compare(request).plan.scenarios}
    assert found["zhengzhou_2025"].levers == scenario("zhengzhou_2025").levers
    assert found["shenzhen_mode"].levers != scenario("shenzhen_mode").levers


def test_equal_budgets_cost_the_same() -> None:
    found = compare(CompareRequest(("zhengzhou_2025", "shenzhen_mode"), draws=120, same_budget=True))
    costs = [found.choice.verdicts.row(name).measures["cost"].median for name in found.assessment.peers]
    # equal in the median of other draws: 512 fixed ones
    assert costs[0] == pytest.approx(costs[1], rel=0.15)
    plain = compared("zhengzhou_2025", "shenzhen_mode").choice.verdicts
    assert plain.row("shenzhen_mode").measures["cost"].median < 0.95 * costs[1]


def test_the_worlds_are_the_shocks_and_more_is_better_in_each() -> None:
    found: Assessment = compared("zhengzhou_2025", "shenzhen_mode").assessment
    assert found.regrets[BENEFIT].worlds == ("", "ai_surge", "demand_stalls", "guarantee_withdrawn", "rivals_escalate")
    for table in found.regrets.values():
        assert (table.regrets.min(axis=1) == 0).all()
    jobs = found.rankings["jobs"]
    assert jobs["demand_stalls"].means["no_policy"] < jobs[""].means["no_policy"]


def test_what_is_left_is_less_than_with_support() -> None:
    choice: Choice = compared("zhengzhou_2025", "shenzhen_mode").choice
    found = assess(replace(choice, shocks=())).left["zhengzhou_2025"]
    assert 0 <= found.kept["output"] < 1
    assert found.without["jobs"].median < found.with_support["jobs"].median
    ended = withdrawn(scenario("zhengzhou_2025"))
    assert ended.levers["support_end"] == (Segment(0.0, 60.0),)
    prolonged = replace(ended, levers={"support_end": (Segment(30.0, 41.0), Segment(38.0, 96.0))})
    assert [s.value for s in withdrawn(prolonged).levers["support_end"]] == [60, 41, 60]


def test_contributions_to_the_chance_are_of_the_chance() -> None:
    found = compared("zhengzhou_2025", "shenzhen_mode")
    names = outcome_names(found.choice.market)
    gain = found.choice.verdicts.row("zhengzhou_2025").gains["content_market"].value
    total = found.assessment.contributions["zhengzhou_2025"].total[names.index("reached/content_market")]
    assert total == pytest.approx(gain, abs=1e-12)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sentences_name_who_is_ahead(language: Any) -> None:
    found = compared("zhengzhou_2025", "hangzhou_mode", draws=240)
    verdicts = found.choice.verdicts
    ranked = next(iter(found.assessment.rankings["local_output"].values()))
    text = headline(found.assessment, verdicts, {s.name: s.name for s in found.choice.shocks}, language)
    text += "".join(details(found.assessment, verdicts, MODEL, language))
    for name in ranked.leaders:
        assert verdicts.row(name).scenario.title.text(language) in text


# The command


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def test_the_command_writes_a_folder_that_says_the_same(terminal: Terminal, tmp_path: Path) -> None:
    ended = terminal("compare", "zhengzhou_2025", "shenzhen_mode", *FEW, "-o", "c")
    assert ended.code == 0
    written = {path.name for path in (tmp_path / "c").rglob("*") if path.is_file()}
    assert {"table.md", "comparison.csv", "summary.json", "manifest.json", "3_worth_en.png"} <= written
    table = (tmp_path / "c" / "table.md").read_text(encoding="utf-8")
    assert ended.out.split("\n")[0].split(":")[0] in table
    found = json.loads((tmp_path / "c" / "summary.json").read_text(encoding="utf-8"))
    assert set(found["contributions"]) == {"zhengzhou_2025", "shenzhen_mode"}
    manifest = json.loads((tmp_path / "c" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("shudian compare zhengzhou_2025 shenzhen_mode")
    again = terminal("compare", "zhengzhou_2025", "shenzhen_mode", *FEW, "-o", "d")
    assert again.code == 0
    other = json.loads((tmp_path / "d" / "manifest.json").read_text(encoding="utf-8"))
    assert other["data_digest"] == manifest["data_digest"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("zhengzhou_2052",), "zhengzhou_2025"),
        (("zhengzhou_2025+demand_stals",), "demand_stalls"),
        (("zhengzhou_2025", "--against", "no_polcy"), "no_policy"),
        (("no_policy",), "nothing is left to compare"),
        (("zhengzhou_2025+shenzhen_mode",), "is a package, not a shock"),
    ],
)
def test_a_mistake_is_refused_with_the_nearest_name(terminal: Terminal, words: tuple[str, ...], said: str) -> None:
    ended = terminal("compare", *words, *FEW)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
