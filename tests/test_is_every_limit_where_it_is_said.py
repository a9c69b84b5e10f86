"""Does every limit lie where it is said to: what is just under it, exactly on it, and just over it?

The limits beyond which a sampler is called wrong, an answer mostly prior, a definition silent, a lead sure and a chance
too rare to be told; how numbers are rounded and labels put into sentences; and whether both languages print the same
money. Does not establish that a limit is the right one.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shudian.amounts import amount_text
from shudian.analysis.ranking import SURE, Pair, flips, pair, ranking
from shudian.analysis.reported import Band
from shudian.analysis.verdicts import Probability, noise
from shudian.analysis.warnings import (
    ANNOUNCED_BEFORE,
    FEWEST_LEARNED,
    MOST_UNTOUCHED,
    OUTPUT,
    SILENT_AFTER,
    Learning,
    _ratio,
    lever_evidence,
    outside,
    standings,
)
from shudian.budget import COMPARED_UNTIL, _note, equalise
from shudian.calibrate.ranks import LEVEL, LOG_LIKELIHOOD, OUTCOMES, SHARES, Coverage, bands, coverage, judged
from shudian.calibrate.ranks import SURE as SURE_OF_SAMPLER
from shudian.draws import Draws
from shudian.evidence import load_figures, load_parameters
from shudian.grounds import Grounds, draws_from
from shudian.kinds import LANGUAGES, Language, Model, ModelChange, Parameter, Segment
from shudian.observe.rules import load_rules
from shudian.posterior_file import Posterior, read_posterior
from shudian.report.render.numbers import FEWEST, adding_up, percent, significant, worst_error
from shudian.report.words.captions import (
    amount,
    figures_of,
    grounds_mark,
    joined,
    money_scale,
    places,
    posterior_mark,
    reader_amount,
    shown_unit,
    spoken,
    within,
)
from shudian.report.words.warning_text import prior_caution
from shudian.scenarios import load_scenario
from shudian.structure import load_model
from shudian.targets import load_targets
from shudian.units import parse_unit, spell
from shudian.wording import say

MODEL, PARAMETERS = load_model(), load_parameters()
NO_POLICY = load_scenario("no_policy", PARAMETERS)


def under(value: float) -> float:
    return math.nextafter(value, -math.inf)


def over(value: float) -> float:
    return math.nextafter(value, math.inf)


# Ranks of a sampler


def below(count: int, share: float, held: int) -> float:
    """Probability that of `count` fair intervals fewer than `held` hold the truth, summed by hand."""
    return math.fsum(math.comb(count, n) * share**n * (1 - share) ** (count - n) for n in range(held))


@pytest.mark.parametrize("quantities", [1, 3, 40])
@pytest.mark.parametrize("count", [50, 200])
def test_all_coverages_together_are_right_as_often_as_is_said(quantities: int, count: int) -> None:
    """Each side of each interval leaves out no more than its part, and one count further in it would leave out more."""
    ranks = dict.fromkeys([f"q{number}" for number in range(quantities)], np.full(count, 0.5))
    found = coverage(ranks)
    part = (1 - LEVEL) / (2 * quantities * len(SHARES))
    assert len(found) == quantities * len(SHARES)
    for each in found:
        low, high = round(each.low * count), round(each.high * count)
        assert below(count, each.share, low) <= part < below(count, each.share, low + 1)
        assert 1 - below(count, each.share, high + 1) <= part < 1 - below(count, each.share, high)


@pytest.mark.parametrize(
    ("found", "right"), [(under(0.4), False), (0.4, True), (0.6, True), (over(0.6), False)], ids=str
)
def test_a_coverage_on_its_bound_is_right(found: float, right: bool) -> None:
    assert Coverage("x", 0.5, found, 0.4, 0.6).right == right


def leaning(share: float, count: int = 100) -> np.ndarray:  # type: ignore[type-arg]
    """Ranks of which `share` lie below one half, and which are even on either side."""
    left = round(share * count)
    lower, upper = (np.arange(left) + 0.5) / left / 2, 0.5 + (np.arange(count - left) + 0.5) / (count - left) / 2
    return np.concatenate([lower, upper])


@pytest.mark.parametrize("parameters", [20, 185])
def test_of_many_parameters_as_many_leave_their_band_as_must(parameters: int) -> None:
    names = [f"p{number}" for number in range(parameters)]
    ranks = dict.fromkeys([*names, LOG_LIKELIHOOD, *OUTCOMES], leaning(0.5))
    found = judged(ranks | {"p3": leaning(0.8), LOG_LIKELIHOOD: leaning(0.8)})
    assert found.outside == ("p3",)
    (least, most), chance, tail = found.expected_outside, 1 - found.bands.hold, (1 - SURE_OF_SAMPLER) / 2
    assert below(parameters, chance, least) < tail <= below(parameters, chance, least + 1)
    assert 1 - below(parameters, chance, most + 1) <= tail < 1 - below(parameters, chance, most)


def test_outcomes_have_the_wider_band_of_many_and_the_likelihood_its_own() -> None:
    own, shared = bands(100), bands(100, 1 - (1 - LEVEL) / len(OUTCOMES))
    shares = np.arange(50, 80) / 100
    fails_own = next(share for share in shares if not own.hold_all(leaning(share)))
    fails_both = next(share for share in shares if not shared.hold_all(leaning(share)))
    assert 0.5 < fails_own < fails_both
    even = dict.fromkeys(["p", LOG_LIKELIHOOD, *OUTCOMES], leaning(0.5))
    for name in (LOG_LIKELIHOOD, *OUTCOMES):
        assert judged(even | {name: leaning(fails_own)}).watched[name] == (name != LOG_LIKELIHOOD)
        assert not judged(even | {name: leaning(fails_both)}).watched[name]
    assert all(judged(even).watched.values())


# Answers that are mostly prior


def learned(**changes: object) -> Learning:
    found = Learning(
        NO_POLICY, NO_POLICY, OUTPUT, Band(2, 0, 9), Band(2, 0, 5),
        learned=1.0, untouched=0.0, effects=18, effects_learned=0.0,
    )  # fmt: skip
    return replace(found, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "mostly"),
    [
        ({"learned": over(FEWEST_LEARNED)}, False),
        ({"learned": FEWEST_LEARNED}, False),
        ({"learned": under(FEWEST_LEARNED)}, True),
        ({"untouched": under(MOST_UNTOUCHED)}, False),
        ({"untouched": MOST_UNTOUCHED}, False),
        ({"untouched": over(MOST_UNTOUCHED)}, True),
        ({"learned": FEWEST_LEARNED, "untouched": MOST_UNTOUCHED}, False),
        ({"learned": -1.0, "after": Band(0, 0, 0)}, False),
        ({"untouched": 1.0, "after": Band(0, 0, 0)}, False),
        ({"learned": -1.0, "after": Band(0, 0, 1e-9)}, True),
        ({"learned": -1.0, "after": Band(0, -1e-9, 0)}, True),
        ({"learned": -1.0, "after": Band(2, 2, 2)}, True),
    ],
)
def test_an_answer_is_mostly_prior_just_beyond_the_limits(changes: dict[str, object], mostly: bool) -> None:
    assert learned(**changes).mostly_prior == mostly


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0.0, 0.0, 0.0), (1e-9, 0.0, 1.0), (0.5, 0.0, 1.0), (0.0, 2.0, 0.0), (1.0, 4.0, 0.25), (0.3, 0.5, 0.6)],
)
def test_of_nothing_nothing_is_none_and_anything_is_all(part: float, whole: float, share: float) -> None:
    assert _ratio(part, whole) == share


def test_the_limits_are_the_halves_that_are_told() -> None:
    assert (FEWEST_LEARNED, MOST_UNTOUCHED, OUTPUT.name) == (0.5, 0.5, "output")
    told = prior_caution(learned(untouched=0.6)).long
    assert told.zh.count("50%") == told.en.count("50%") == 2


@pytest.mark.parametrize(
    ("untouched", "learned_share", "reason"),
    [(over(MOST_UNTOUCHED), 0.0, "仍有"), (MOST_UNTOUCHED, 0.0, "只消去")],
)
def test_the_reason_changes_at_the_limit(untouched: float, learned_share: float, reason: str) -> None:
    assert reason in prior_caution(learned(untouched=untouched, learned=learned_share)).short.zh


# Levers and definitions


@pytest.mark.parametrize("name", ["fund_size", "municipal_parks"])
def test_a_lever_on_the_edge_of_its_evidence_is_not_beyond(name: str) -> None:
    known = lever_evidence(MODEL, load_figures())[name]
    width = known.high - known.low
    for edge, sign in ((known.high, 1), (known.low, -1)):
        for step, named in ((0.0, False), (5e-10, False), (5e-9, True)):
            levers = {name: (Segment(36.0, edge + sign * step * width),)}
            found = outside(replace(NO_POLICY, levers=levers), {name: known})
            assert (found is not None) == named, (edge, step)


def test_a_lever_may_leave_its_evidence_by_a_thousand_millionth_of_its_width_and_no_more() -> None:
    known = replace(lever_evidence(MODEL, load_figures())["fund_size"], low=1e6, high=1e6 + 1)
    for value, named in ((1e6 + 1 + 5e-10, False), (1e6 + 1 + 5e-9, True), (1e6 - 5e-9, True)):
        found = outside(replace(NO_POLICY, levers={"fund_size": (Segment(0.0, value),)}), {"fund_size": known})
        assert (found is not None) == named, value


def test_evidence_is_that_of_the_package_which_introduced_it() -> None:
    """Of a package, one built on it and one built on that, whatever their order, the first with the value is named."""
    root = replace(NO_POLICY, name="z", base="")
    child = replace(root, name="b", base="z", levers={"fund_size": (Segment(0.0, 3e4),)})
    grandchild = replace(child, name="a", base="b")
    for order in ((grandchild, child, root), (root, grandchild, child), (child, root, grandchild)):
        found = lever_evidence(MODEL, {}, {package.name: package for package in order})["fund_size"]
        assert (found.high, found.high_from) == (3e4, "b")
        assert not found.printed


@pytest.mark.parametrize(("start", "counted"), [(ANNOUNCED_BEFORE - 1, True), (ANNOUNCED_BEFORE, False)])
def test_what_a_package_tries_out_and_nobody_announced_is_no_evidence(start: float, counted: bool) -> None:
    package = replace(NO_POLICY, name="a", base="", levers={"fund_size": (Segment(start, 3e4),)})
    found = lever_evidence(MODEL, {}, {"a": package})["fund_size"]
    assert (found.high_from == "a") == counted


@pytest.mark.parametrize(
    ("last", "state", "months"),
    [
        ("2024-12-31", "silent", SILENT_AFTER),
        ("2025-01-31", "reported", SILENT_AFTER - 1),
        ("2024-11-30", "silent", 25),
    ],
)
def test_a_definition_falls_silent_after_two_years(last: str, state: str, months: int) -> None:
    figures, rules = load_figures(), load_rules(MODEL)
    market = [target for target in load_targets() if "local_output" in target.definitions]
    alone = {"ZM03": replace(figures["ZM03"], period_end=last, period_alternatives=())}
    found = next(s for s in standings(market, alone, rules, {}) if s.definition == "local_output")
    assert (found.state, found.months, found.figure, found.last) == (state, months, "ZM03", last)


def test_of_two_documents_that_print_one_report_the_fitted_one_is_named() -> None:
    figures, rules = load_figures(), load_rules(MODEL)
    market = [target for target in load_targets() if "local_output" in target.definitions]
    for name in ("AA01", "ZZ01"):
        both = {"ZM03": figures["ZM03"], name: replace(figures["ZM03"], identifier=name, role="later")}
        (found,) = (s for s in standings(market, both, rules, {}) if s.definition == "local_output")
        assert found.figure == "ZM03"
    (found,) = (s for s in standings(market, {}, rules, {}) if s.definition == "local_output")
    assert (found.state, found.last, found.figure, found.months) == ("never", "", "", 0)


@pytest.mark.parametrize(("ended", "months"), [("2026-12", 1), ("2026-01", 12), ("2025-12", 13)])
def test_a_definition_that_ended_is_counted_from_its_month(ended: str, months: int) -> None:
    market = [target for target in load_targets() if "local_output" in target.definitions]
    found = standings(market, load_figures(), load_rules(MODEL), {"local_output": ended})
    assert {(s.state, s.months) for s in found if s.definition == "local_output"} == {("ended", months)}


# Who is ahead


@pytest.mark.parametrize(
    ("error", "draws", "least"),
    [
        (0.01, 1000, 0.02),
        (0.0015, 1000, 0.003),
        (0.001, 1000, 0.003),
        (0.0, 60, 0.05),
        (0.5, 1000, 1.0),
        (0.6, 1000, 1.0),
        (0.0, 2, 1.0),
    ],
)
def test_noise_is_twice_the_error_or_the_rule_of_three_and_never_more_than_all(
    error: float, draws: int, least: float
) -> None:
    assert noise(error, draws) == pytest.approx(least, rel=1e-15)


def beside(mean: float, error: float = 0.125, draws: int = 1000, binary: bool = False) -> Pair:
    return Pair(0.5, 0.0, Band(mean, mean, mean), Probability(mean, error), draws, binary)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_lead_is_told_beyond_twice_its_error_and_sure_beyond_more(binary: bool, sign: int) -> None:
    told, sure = 2 * 0.125, SURE * 0.125
    assert SURE == 3.5
    for mean, apart in ((under(told), False), (told, False), (over(told), True)):
        assert beside(sign * mean, binary=binary).told_apart == apart
    for mean, is_sure in ((under(sure), False), (sure, False), (over(sure), True)):
        assert beside(sign * mean, binary=binary).sure == (is_sure and sign > 0)
        assert beside(-sign * mean, binary=binary).turned.sure == (is_sure and sign > 0)


def test_only_chances_are_held_to_the_rule_of_three() -> None:
    few = 3 / 60
    assert not beside(few, error=0.0, draws=60, binary=True).told_apart
    assert not beside(few, error=0.0, draws=60, binary=True).sure
    assert beside(over(few), error=0.0, draws=60, binary=True).told_apart
    assert beside(over(few), error=0.0, draws=60, binary=True).sure
    assert beside(few, error=0.0, draws=60).told_apart
    assert beside(few, error=0.0, draws=60).sure


def test_a_pair_is_binary_only_where_both_are() -> None:
    chances, amounts = np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.0, 1.0, 2.0, 0.0])
    assert pair(chances, chances).binary
    assert not pair(chances, amounts).binary
    assert not pair(amounts, chances).binary


def test_a_pair_by_hand() -> None:
    found = pair(np.array([3.0, 1.0, 5.0, 0.0]), np.array([1.0, 1.0, 1.0, 2.0]))
    assert (found.ahead, found.tie, found.draws) == (0.5 + 0.125, 0.25, 4)
    assert found.mean == Probability(1.0, pytest.approx(math.sqrt(5) / 2))
    assert (found.turned.ahead, found.turned.tie) == (0.5 - 0.125, 0.25)
    assert found.turned.difference.median == -found.difference.median
    many = pair(np.arange(40.0) ** 2, np.zeros(40))
    assert (many.turned.difference.low, many.turned.difference.high) == (-many.difference.high, -many.difference.low)


def test_the_greatest_mean_is_first_and_a_flip_must_be_sure_on_both_sides() -> None:
    noisy = np.random.default_rng(3).standard_normal(400)
    steps = noisy - noisy.mean()
    steps /= steps.std()
    error = 1 / math.sqrt(400)

    def ahead(by: float, first: str, second: str) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
        return {first: steps + by * error, second: np.zeros(400)}

    # the interval's lower end lies so many errors of the mean below it
    end = -float(np.quantile(steps, 0.05)) / error
    for by, is_flip in ((end - 0.01, False), (end + 0.2, True)):
        here, there = ranking(ahead(by, "a", "b")), ranking(ahead(by, "b", "a"))
        assert (here.order, there.order) == (("a", "b"), ("b", "a"))
        sure = ranking(ahead(2 * end, "b", "a"))
        assert bool(flips({"x": here, "y": sure})) == is_flip
        assert bool(flips({"x": sure, "y": here})) == is_flip
        assert ranking(ahead(by, "a", "b")).leaders == (("a",) if is_flip else ("a", "b"))


# Numbers


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 2, "0"),
        (0.004, 2, "0"),
        (-0.004, 2, "0"),
        (0.006, 2, "0.01"),
        (0.1234, 2, "0.12"),
        (0.1234, 4, "0.123"),
        (9.994, 2, "9.99"),
        (9.996, 2, "10.00"),
        (10.0, 2, "10.0"),
        (99.94, 2, "99.9"),
        (100.0, 2, "100"),
        (1234.5, 2, "1,230"),
        (1235.1, 2, "1,240"),
        (-1234.5, 2, "−1,230"),
        (1.6, 0, "2"),
        (0.6, 0, "1"),
        (0.4, 0, "0"),
        (math.inf, 2, "—"),
        (-math.inf, 2, "—"),
        (math.nan, 2, "—"),
    ],
)
def test_a_number_has_three_digits_and_no_more_places_than_it_may(value: float, digits: int, text: str) -> None:
    assert significant(value, digits) == text
    assert digits != 2 or significant(value) == text


@pytest.mark.parametrize(
    ("probability", "draws", "text"),
    [
        (0.5, FEWEST - 1, "—"),
        (0.5, FEWEST, "50%"),
        (0.14, 20, "<15%"),
        (0.15, 20, "15%"),
        (0.85, 20, "85%"),
        (0.86, 20, ">85%"),
        (0.0, 300, "<1%"),
        (0.0099, 300, "<1%"),
        (0.01, 300, "1%"),
        (0.99, 300, "99%"),
        (0.991, 300, ">99%"),
        (0.0, 299, "<2%"),
        (0.0, 100_000, "<1%"),
        (1.0, 100_000, ">99%"),
        (0.364, 4000, "36%"),
    ],
)
def test_a_chance_that_draws_cannot_tell_from_none_is_not_told(probability: float, draws: int, text: str) -> None:
    assert FEWEST == 20
    assert percent(probability, draws) == text


def test_the_worst_error_is_that_of_one_half() -> None:
    assert worst_error(400) == 0.025 == math.sqrt(0.5 * 0.5 / 400)


@pytest.mark.parametrize(
    ("parts", "total", "digits", "texts"),
    [
        ([1 / 3, 1 / 3, 1 / 3], 1.0, 2, ("0.34", "0.33", "0.33", "1.00")),
        ([1.0, 2.0], 3.0, 2, ("1.00", "2.00", "3.00")),
        ([1.0, 2.0], 3.0, 0, ("1", "2", "3")),
        # the greatest of all, part or total, has three digits
        ([150.0, -50.4], 99.6, 2, ("150", "−50", "100")),
        ([15.04, 15.04], 30.08, 2, ("15.1", "15.0", "30.1")),
        ([1234.0, 5.0], 1239.0, 2, ("1,230", "10", "1,240")),
        ([9.994, 0.001], 9.995, 2, ("9.99", "0", "9.99")),
        ([-1.0, -2.0], -3.0, 1, ("−1.0", "−2.0", "−3.0")),
        ([0.0, 0.0], 0.0, 2, ("0", "0", "0")),
    ],
)
def test_parts_and_total_add_up_to_one_place(
    parts: list[float], total: float, digits: int, texts: tuple[str, ...]
) -> None:
    found, whole = adding_up(parts, total, digits)
    assert (*found, whole) == texts


# Labels and marks


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Local output", "local output"),
        ("AI titles' share", "AI titles' share"),
        ("AI", "AI"),
        ("AIs", "AIs"),
        ("Ai", "ai"),
        ("A", "a"),
        ("A title", "a title"),
        ("local Output", "local Output"),
        ("2027 output", "2027 output"),
        ("“Micro-drama” fund", "“Micro-drama” fund"),
        ("", ""),
    ],
)
def test_a_label_loses_its_capital_inside_an_english_sentence(label: str, inside: str) -> None:
    assert within(label, "en") == inside
    assert within(label, "zh") == label


def test_a_label_of_the_model_loses_at_most_its_first_capital() -> None:
    for parameter in PARAMETERS.values():
        label = parameter.label.en
        assert within(label, "en") in (label, label[0].lower() + label[1:])
        assert (within(label, "en") == label) == (re.match(r"[A-Z](?![A-Z])", label) is None), label


def test_parts_of_a_line_are_joined_as_the_language_does() -> None:
    assert [joined(["甲", "乙"], language) for language in ("zh", "en")] == ["甲；乙", "甲; 乙"]
    assert [joined(["甲", "乙"], language, "、", ", ") for language in ("zh", "en")] == ["甲、乙", "甲, 乙"]


def test_one_figure_is_one_and_two_are_figures() -> None:
    assert [figures_of(count, "en") for count in (0, 1, 2)] == ["0 figures", "1 figure", "2 figures"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mark_says_on_what_the_draws_rest(language: Language) -> None:
    posterior, nothing = read_posterior(), posterior_mark(None, language)
    assert posterior is not None
    assert nothing == say("mark_uncalibrated", language)
    whole = posterior_mark(posterior, language)
    assert str(posterior.reports) in whole
    assert str(posterior.findings) in whole
    assert posterior.data_until in whole
    grounds = Grounds(posterior, "calibrated")
    assert grounds_mark(grounds, language) == whole
    change = ModelChange("equation", "fte_jobs", PARAMETERS["fund_size"].label)
    changed = grounds_mark(replace(grounds, changed=(change,)), language)
    assert whole in changed
    assert changed != whole


# Money

YUAN = {"亿元": 1e8, "万元": 1e4, "元": 1.0}
YUAN |= {"billion yuan": 1e9, "million yuan": 1e6, "thousand yuan": 1e3, "yuan": 1.0}
MONEY = [p for p in PARAMETERS.values() if p.display_unit in ("亿元", "万元", "元")]


def yuan(text: str) -> float:
    """What a printed amount of money comes to, read without the program's own reader."""
    found = re.match(r"(−?)([\d,.]+) ?(亿元|万元|元|(?:billion |million |thousand )?yuan)", text)
    assert found, text
    return (-1 if found[1] else 1) * float(found[2].replace(",", "")) * YUAN[found[3]]


def not_between_two(value: float, digits: int) -> bool:
    """Whether `value`, rounded to so many digits, does not lie so near the middle that its own error decides."""
    scaled = abs(value) / 10 ** (math.floor(math.log10(abs(value))) + 1 - digits)
    return abs(scaled % 1 - 0.5) > 1e-6


AMOUNTS = st.floats(4, 11).map(lambda power: float(f"{10**power:.9g}"))
"""Yuan: from ten thousand to a hundred billion."""


@given(AMOUNTS, st.sampled_from(["万元", "亿元", "亿元/年", "万元/月"]), st.sampled_from([1, -1]))
def test_rounded_money_is_the_same_in_both_languages(of_yuan: float, unit: str, sign: int) -> None:
    value = sign * of_yuan / YUAN[unit.partition("/")[0]]
    by_month = 12 if unit.endswith("月") else 1
    assume(not_between_two(of_yuan * by_month, 3) and abs(of_yuan * by_month / 1e6 % 1 - 0.5) > 1e-6)
    zh, en = (spoken(value, unit, language) for language in LANGUAGES)
    assert ("年" in zh) == ("year" in en) == ("/" in unit)
    assert yuan(zh) == pytest.approx(yuan(en), rel=1e-12)
    assert yuan(zh) == pytest.approx(sign * of_yuan * by_month, rel=5e-3, abs=5e5)
    for language in LANGUAGES:
        number, label = reader_amount(value, unit, language)
        assert label in spoken(value, unit, language)
        text = significant(number, places(shown_unit(unit, language), language))
        assert spoken(value, unit, language).startswith(text)


@given(AMOUNTS, st.sampled_from(["万元", "亿元"]))
def test_exact_money_is_the_same_in_both_languages(of_yuan: float, unit: str) -> None:
    value = float(f"{of_yuan:.4g}") / YUAN[unit]
    zh, en = (amount(value, unit, language) for language in LANGUAGES)
    assert yuan(zh) == pytest.approx(yuan(en), rel=1e-12)
    assert yuan(zh) == pytest.approx(float(f"{of_yuan:.4g}"), rel=1e-12)


@given(AMOUNTS, st.sampled_from(MONEY))
def test_a_parameter_s_money_is_the_same_in_both_languages(of_yuan: float, parameter: Parameter) -> None:
    assume(not_between_two(of_yuan, 4))
    zh, en = (amount_text(of_yuan / 1e4, parameter, language) for language in LANGUAGES)
    assert yuan(zh) == pytest.approx(yuan(en), rel=1e-12)
    assert yuan(zh) == pytest.approx(of_yuan, rel=5e-4)


@given(AMOUNTS, AMOUNTS)
def test_the_note_of_equal_budgets_has_the_same_money_in_both_languages(reached: float, wanted: float) -> None:
    for of_yuan in (reached, wanted):
        assume(of_yuan >= 1e6 and abs(of_yuan / 1e6 % 1 - 0.5) > 1e-6)
    note = _note(1.25, reached / 1e4, wanted / 1e4, NO_POLICY)
    zh = [float(found) * 1e8 for found in re.findall(r"([\d.]+) 亿元", note.zh)]
    en = [float(found) * 1e6 for found in re.findall(r"(?:is|against) (\d+)", note.en)]
    assert len(zh) == len(en) == 2
    assert zh == pytest.approx(en, rel=1e-12)
    assert zh == pytest.approx([reached, wanted], abs=5.1e5)
    assert "1.25" in note.zh
    assert "1.25" in note.en


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (100.0, "亿元", "100亿元", "10 billion yuan"),
        (0.1 + 0.2, "亿元", "0.3亿元", "30 million yuan"),
        (1e6, "亿元", "1,000,000亿元", "100,000 billion yuan"),
        (1e-5, "亿元", "0.00001亿元", "1,000 yuan"),
        (40_000.0, "人", "40,000人", "40,000 people"),
        (1e6, "人", "1,000,000人", "1,000,000 people"),
        (1_234_567.0, "人", "1,234,567人", "1,234,567 people"),
        (0.0, "亿元", "0亿元", "0 yuan"),
    ],
)
def test_an_amount_in_a_sentence_is_exact_and_has_no_exponent(value: float, unit: str, zh: str, en: str) -> None:
    assert [amount(value, unit, language) for language in ("zh", "en")] == [zh, en]


def test_costs_that_cannot_meet_stop_at_the_ends_of_the_factor() -> None:
    assert COMPARED_UNTIL == 12 * (2028 - 2023)
    dear = load_scenario("hangzhou_mode", PARAMETERS)
    cheap = replace(NO_POLICY, name="cheap", levers={"fund_size": (Segment(36.0, 10.0),)})
    for package, other, factor in ((dear, NO_POLICY, "0.00"), (cheap, dear, "20.00")):
        scaled = equalise(replace(package, same_budget_as=other.name), MODEL, reference=other)
        assert f"multiplied by {factor}," in scaled.notes[-1].en
        assert f"乘以 {factor}，" in scaled.notes[-1].zh
    assert scaled.levers["fund_size"][-1].value == pytest.approx(200.0)


@pytest.mark.parametrize(("held", "used"), [(40, 40), (4000, 512)])
def test_a_budget_takes_no_more_draws_than_it_needs_or_there_are(
    held: int, used: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, posterior = [], read_posterior()
    assert posterior is not None
    few = replace(
        posterior, values=posterior.values[:, :held], batch=posterior.batch[:held],
        log_likelihood=posterior.log_likelihood[:held],
    )  # fmt: skip

    def recording(model: Model, posterior: Posterior | None, draws: int, seed: int) -> Draws:
        asked.append(draws)
        return draws_from(model, posterior, draws, seed)

    monkeypatch.setattr("shudian.budget.draws_from", recording)
    equalise(replace(NO_POLICY, same_budget_as="no_policy"), MODEL, few, NO_POLICY)
    assert asked == [used]


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("own_finance_share", 0.123456, "12.35%", "12.35%"),
        ("entry_rate", 0.03, "36%/年", "36% a year"),
        ("cancellation_rate", 0.3, "30%/月", "30% a month"),
        # what has no unit and is no share is no percentage, and what is by month or year is one whatever its name
        ("ai_diffusion_multiplier", 0.123456, "0.1235", "0.1235"),
        ("ai_diffusion_multiplier", 0.0, "0", "0"),
        ("national_growth_shift", 0.0, "0%/年", "0% a year"),
        ("fund_size", 123_456.7, "12.35亿元", "1.235 billion yuan"),
        ("fund_size", 99_994.0, "9.999亿元", "999.9 million yuan"),
        ("fund_size", 100.0, "0.01亿元", "1 million yuan"),
        ("fund_size", 99.99, "0.009999亿元", "999,900 yuan"),
        ("fund_size", 2e4, "2亿元", "200 million yuan"),
        ("fund_size", 1.234567e9, "123,500亿元", "12,350 billion yuan"),
    ],
)
def test_an_amount_has_four_digits_and_its_own_unit(name: str, value: float, zh: str, en: str) -> None:
    assert [amount_text(value, PARAMETERS[name], language) for language in ("zh", "en")] == [zh, en]


def test_heads_and_scales_of_money_agree() -> None:
    assert [money_scale(language) for language in LANGUAGES] == pytest.approx([1, 100])
    assert [spell(parse_unit(shown_unit("万元", language))) for language in LANGUAGES] == ["yiyuan", "millionyuan"]
    assert [places("亿元", language) for language in LANGUAGES] == [2, 0]
    assert [places("人", language) for language in LANGUAGES] == [0, 0]
