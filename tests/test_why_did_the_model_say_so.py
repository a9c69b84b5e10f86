"""Does `why` name the loops that made the numbers, and only those that can be told from nil?

It does not establish that cutting a loop is the right way to ask for its importance, nor that a loop of the model is
one of the world.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toy
from commands import Terminal
from shudian.analysis.loops import MATERIAL, Aim, LoopEffects, aim_of, between, cut, guarded, loop_effects
from shudian.answers.why import Why, WhyRequest, why
from shudian.draws import Draws, draws_of, prior_draws
from shudian.kinds import InputError, Label, Language, Loop, Model, Scenario, Segment
from shudian.report.render.csv_tables import csv_bytes
from shudian.report.render.markdown import markdown
from shudian.report.why.document import whole
from shudian.report.why.table import effect_table, tables
from shudian.report.why.words import headline, second_method, spell_text
from shudian.scenarios import load_scenario
from shudian.structure import load_model

MODEL = load_model()
BOTH: tuple[Language, Language] = ("zh", "en")
NOTHING = Label("", "")


def package(name: str = "no_policy") -> Scenario:
    return load_scenario(name, MODEL.parameters)


# By hand


def switched(*switches: str) -> tuple[Loop, ...]:
    return tuple(Loop(s.upper(), NOTHING, NOTHING, "reinforcing", ("sold",), s) for s in switches)


def toy_model(rate: object) -> Model:
    made = toy.model({"sold": ("start", rate)}, {}, fixed="start gain loss r1 b1 r2", scheduled="lever")  # type: ignore[dict-item]
    return replace(made, loops=switched("r1", "b1", "r2"))


def toy_draws(model: Model, gain: tuple[float, float] = (3.0, 4.0)) -> Draws:
    """Two draws; every switch is closed."""
    rows = {"start": [1.0, 2.0], "gain": list(gain), "loss": [0.5, -0.25]}
    return draws_of(model, np.array([rows.get(p.name, [1.0, 1.0]) for p in model.fixed]), 0)


YEARLY = Aim("sold", NOTHING, NOTHING, "increase_over_year", "1")
LEVEL = replace(YEARLY, reading="level_at_year_end")


def test_what_two_terms_add_is_found_and_an_unused_switch_changes_nothing() -> None:
    model = toy_model(lambda lever, gain, loss, r1, b1: lever + r1 * gain - b1 * loss)
    found = loop_effects(model, package(), toy_draws(model), YEARLY)
    assert found.effects.shape == (3, 8, 2)
    np.testing.assert_allclose(found.effects[0], 12 * np.array([[3.0, 4.0]] * 8), rtol=1e-12)
    np.testing.assert_allclose(found.effects[1], -12 * np.array([[0.5, -0.25]] * 8), rtol=1e-12)
    assert not found.effects[2].any()
    assert [loop.name for loop in found.idle()] == ["R2"]
    effect = found.effect(model.loops[0], 2027)
    assert (effect.band.median, effect.sign, effect.positive, effect.leading) == (pytest.approx(42), 1, 1.0, 1.0)
    # one draw of two has each sign
    assert found.effect(model.loops[1], 2027).sign == 0


def test_a_growing_loop_gives_what_compound_interest_gives() -> None:
    model = toy_model(lambda sold, gain, r1: r1 * gain * sold)
    found = loop_effects(model, package(), toy_draws(model, (0.03, 0.04)), LEVEL)
    start, gain = np.array([1.0, 2.0]), np.array([0.03, 0.04])
    for column in range(8):
        expected = start * (1 + gain / 8) ** (96 * (column + 1)) - start
        np.testing.assert_allclose(found.effects[0, column], expected, rtol=1e-9)


def test_between_two_runs_it_is_the_difference_of_the_differences() -> None:
    """With x' = lever + k x the loop multiplies what the lever puts in, and its difference is that of the two runs."""
    model = toy_model(lambda lever, sold, gain, r1: lever + r1 * gain * sold)
    one, other = (replace(package(), levers={"lever": (Segment(0.0, size),)}) for size in (2.0, 1.0))
    draws = toy_draws(model, (0.03, 0.04))
    runs = [loop_effects(model, scenario, draws, LEVEL) for scenario in (one, other)]
    found = between(*runs)
    step = (1 + np.array([0.03, 0.04]) / 8) ** (96 * 8)
    added = (step - 1) / np.array([0.03, 0.04])
    np.testing.assert_allclose(found.whole[-1], added, rtol=1e-9)
    np.testing.assert_allclose(found.effects[0, -1], added - 96, rtol=1e-9)
    assert not found.effects[1:].any()
    same = between(runs[0], runs[0])
    assert not same.whole.any()
    assert not same.effects.any()


def test_runs_that_cannot_be_compared_are_refused() -> None:
    model = toy_model(lambda lever: lever)
    one, other = (loop_effects(model, package(), toy_draws(model), aim) for aim in (YEARLY, LEVEL))
    with pytest.raises(ValueError, match="same outcome"):
        between(one, other)


# The shipped model


def test_without_policy_the_loops_of_policy_change_nothing() -> None:
    aim = aim_of(MODEL, MODEL.equation("local_output"))
    found = loop_effects(MODEL, package(), prior_draws(MODEL, 40, 5), aim)
    assert {"R5", "R6", "B5", "B7"} <= {loop.name for loop in found.idle()}
    assert {loop.name for loop in (*found.slight(), *found.untold())}.isdisjoint({loop.name for loop in found.idle()})


def test_every_loop_is_cut_somewhere_and_by_its_own_switch() -> None:
    for loop in MODEL.loops:
        assert guarded(MODEL, loop)
        assert cut(package(), loop).fixed == {loop.switch: 0.0}


def test_a_year_is_added_up_where_the_model_does_so_and_read_at_its_end_elsewhere() -> None:
    for name in ("local_output", "cumulative_local_output"):
        aim = aim_of(MODEL, MODEL.equation(name))
        assert (aim.variable, aim.reading) == ("cumulative_local_output", "increase_over_year")
        assert aim.label == MODEL.equation("local_output").label
    assert aim_of(MODEL, MODEL.equation("fte_jobs")).reading == "level_at_year_end"


# Sentences


def random_effects(seed: int, spread: float, draws: int = 40) -> LoopEffects:
    """Effects of any size, some surely of one sign and some not, some nil."""
    chance = np.random.default_rng(seed)
    loops, years = MODEL.loops, tuple(range(2023, 2031))
    centre = chance.normal(0, 1e4, (len(loops), len(years), 1)) * (chance.random((len(loops), 1, 1)) > 0.2)
    noise = chance.normal(0, spread * 1e4, (len(loops), len(years), draws)) * (centre != 0)
    aim = aim_of(MODEL, MODEL.equation("local_output"))
    whole = chance.normal(5e5, 1e4, (len(years), draws))
    reference = package() if seed % 2 else None
    return LoopEffects(package("zhengzhou_2025"), reference, aim, loops, years, whole, centre + noise)


def loops_in(text: str) -> list[str]:
    return re.findall(r"[RB]\d+", text)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.01, 0.3, 1.0, 5.0]))
def test_the_sentences_name_the_loops_that_the_numbers_name(seed: int, spread: float) -> None:
    found = random_effects(seed, spread)
    spells = found.spells()
    assert [year for spell in spells for year in range(spell.first, spell.last + 1)] == list(found.years)
    for spell in spells:
        row = found.years.index(spell.year)
        low, high = np.quantile(found.effects[:, row], (0.05, 0.95), axis=1)
        medians = np.median(found.effects[:, row], axis=1)
        enough = abs(medians) >= MATERIAL * abs(np.median(found.whole[row]))
        raising = sorted(np.flatnonzero((low > 0) & enough), key=lambda i: -medians[i])
        lowering = sorted(np.flatnonzero((high < 0) & enough), key=lambda i: medians[i])
        for language in BOTH:
            text = spell_text(found, spell, language)
            expected = []
            for side, told in ((1, raising), (-1, lowering)):
                if told:
                    second = [i for i in told[1:2] if abs(medians[i]) >= 0.5 * abs(medians[told[0]])]
                    expected += [found.loops[i].name for i in (told[0], *second)]
                else:
                    share = (np.sign(found.effects[:, row]) == side).mean(axis=1)
                    leaning = [i for i in np.argsort(-abs(medians)) if share[i] >= 0.8 and enough[i]]
                    expected += [found.loops[i].name for i in leaning[:1]]
            assert loops_in(text) == expected
        if spell.year == 2027:
            told_first = [found.loops[order[0]].name for order in (raising, lowering) if order]
            if told_first:
                assert loops_in(headline(found, "zh")) == loops_in(headline(found, "en")) == told_first
    named = {found.loops[i].name for i in range(len(found.loops)) if not found.effects[i].any()}
    assert {loop.name for loop in found.idle()} == named


def test_every_loop_is_accounted_for_once() -> None:
    found = random_effects(3, 1.0)
    told = {e.loop.name for year in found.years for e in (*found.drivers(year), *found.brakes(year))}
    groups = [told, *({loop.name for loop in loops} for loops in (found.untold(), found.slight(), found.idle()))]
    assert sum(map(len, groups)) == len(MODEL.loops)
    assert set().union(*groups) == {loop.name for loop in MODEL.loops}


# The whole answer


@pytest.fixture(scope="module")
def small() -> Why:
    return why(WhyRequest(draws=40))


@pytest.fixture
def one_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the second method, which takes most of the time."""
    monkeypatch.setitem(sys.modules, "simlin", None)


def test_the_same_seed_gives_the_same_numbers_and_another_does_not(small: Why) -> None:
    assert csv_bytes(effect_table(why(WhyRequest(draws=40)))) == csv_bytes(effect_table(small))
    assert small.weights is not None
    assert all(isinstance(row[-1], float) for row in effect_table(small).rows if not row[3])


@pytest.mark.usefixtures("one_method")
def test_another_seed_gives_others_and_more_draws_keep_those_of_the_first(small: Why) -> None:
    assert not np.array_equal(why(WhyRequest(draws=40, seed=2)).run.effects, small.run.effects)
    more = why(WhyRequest(draws=60))
    np.testing.assert_array_equal(more.run.effects[:, :, :40], small.run.effects)


def test_the_methods_are_compared_by_what_comes_first(small: Why) -> None:
    by_cut = [effect.loop.name for effect in small.run.of_year(2027)]
    flat = {name: np.full(8, 0.01) for name in by_cut}
    for heaviest, agree in ((by_cut[0], True), (by_cut[1], True), (by_cut[-1], False)):
        weights = flat | {by_cut[0]: np.full(8, 0.02), heaviest: np.full(8, 0.5)}
        text = second_method(replace(small, weights=weights), "en")
        assert ("disagree" not in text) == agree
        assert heaviest in text


@pytest.mark.usefixtures("one_method")
def test_without_simlin_the_first_method_stands_and_the_second_is_said_to_be_missing(
    small: Why,
) -> None:
    found = why(WhyRequest(draws=40))
    assert found.weights is None
    np.testing.assert_array_equal(found.run.effects, small.run.effects)
    assert "没有安装pysimlin" in markdown(whole(found, "zh"))
    assert "left out" in markdown(whole(found, "en"))


@pytest.mark.usefixtures("one_method")
def test_a_package_against_itself_has_no_difference_and_a_setting_makes_one() -> None:
    assert why(WhyRequest("no_policy", draws=20)).difference is None
    changed = why(
        WhyRequest("no_policy", against="no_policy", settings=("fund_size=1亿元", "platform_guarantee=0.2"), draws=20)
    ).difference
    assert changed is not None
    assert changed.reference is not None
    # the assumption is the same on both sides, the lever is not
    assert changed.scenario.assumptions == changed.reference.assumptions
    assert changed.scenario.levers != changed.reference.levers


@pytest.mark.parametrize(
    ("outcome", "message"),
    [("local_outptu", "did you mean “local_output”"), ("fund_size", "given to the model"), ("market_2027", "target")],
)
def test_an_outcome_that_is_none_is_refused(outcome: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        why(WhyRequest(outcome=outcome, draws=20))


@pytest.mark.usefixtures("one_method")
def test_definitions_labels_and_targets_of_one_definition_are_outcomes() -> None:
    for text, variable in (("分摊口径", "cumulative_allocated_market"), ("lead_firms_2027", "lead_firms")):
        assert why(WhyRequest("no_policy", text, draws=20)).run.aim.variable == variable


@pytest.mark.usefixtures("one_method")
def test_the_command_tells_writes_and_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(monkeypatch, capsys)
    out = tmp_path / "why"
    told = terminal("why", "--draws", "40", "--lang", "zh", "-o", str(out), "--full")
    assert told.code == 0
    assert "切断它" in told.out
    assert {path.name for path in (out / "figures").iterdir()} == {
        "loops_zh.png", "loops_zh.svg", "loops_difference_zh.png", "loops_difference_zh.svg"
    }  # fmt: skip
    document = (out / "table.md").read_text(encoding="utf-8")
    assert all(loop.name in document for loop in MODEL.loops)
    assert terminal("why", "--draws", "40", "-o", str(out)).code == 2
    refused = terminal("why", "--outcome", "local_outptu", "--lang", "zh")
    assert refused.code == 2
    assert "local_output" in refused.err


def test_every_number_of_the_table_is_that_of_the_data(small: Why) -> None:
    table = tables(small, "zh")[0]
    for row in table.rows:
        loop = next(loop for loop in MODEL.loops if re.match(rf"{loop.name}\b", row[0]))
        for year, cell in zip(small.run.years, row[1:], strict=True):
            effect = small.run.effect(loop, year)
            value = float(cell.strip("()").replace("−", "-").replace(",", ""))
            assert value == pytest.approx(effect.band.median / 1e4, rel=6e-3, abs=5.1e-3)
            assert cell.startswith("(") == (effect.sign == 0 and bool(effect.positive + effect.negative))
