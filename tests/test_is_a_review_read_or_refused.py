"""Does a file's [[review]] mean what it says, is a mistake in it told where it is, and is no review ever ignored?

Every command and function that takes a scenario either answers with the reviews at work or refuses by a sentence. It
does not establish that what a review decides is wise, nor what the answers make of it (other files ask).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reviewed
from reviewed import ENDS, review, with_reviews
from shudian.analysis.contribution import coalition, players
from shudian.analysis.idle import idle, moved
from shudian.analysis.regret import withdrawn
from shudian.analysis.warnings import lever_evidence, outside
from shudian.answers.design import DesignRequest, problem_of
from shudian.answers.plan import RunRequest, plan
from shudian.answers.run import carry_out
from shudian.answers.sensitivity import SensitivityRequest, sensitivity
from shudian.answers.sweep import SweepRequest, sweep
from shudian.answers.why import WhyRequest, why
from shudian.evidence import load_figures
from shudian.exchange import vensim, xmile
from shudian.indicators import load_indicators
from shudian.kinds import InputError, Model, Review, Scenario, Segment
from shudian.now import default_now
from shudian.quantities import write_month
from shudian.report.manifest import written
from shudian.report.manifest_file import ScenarioEntry, scenario_of
from shudian.report.scenario_workbook import scenario_workbook
from shudian.review_file import read_reviews
from shudian.reviews import ways
from shudian.scenario_changes import combine, in_world_of, scale_money, with_settings
from shudian.scenario_past import departure, is_prospective, is_retrospective
from shudian.scenario_text import template, to_toml
from shudian.scenarios import list_scenarios, load_scenario, record_of, schedule_matrix, unchanged
from shudian.simulate import ways_taken
from shudian.structure import load_model
from shudian.targets import load_targets
from shudian.toml_file import read_toml

PARAMETERS = load_model().parameters
NOW = default_now()
PLAIN = """base = "zhengzhou_2025"
title = "试一试"
question = "如何？"
"""
GOOD = """
[[review]]
date = "2028-03"
indicator = "market"
definition = "local_output"
growth_at_least = "10 %"
[review.failed]
support_end = "then"
"""


def load(folder: Path, text: str, name: str = "mine", now: float | None = None) -> Scenario:
    path = folder / f"{name}.toml"
    path.write_text(PLAIN + text if "base =" not in text else text, encoding="utf-8")
    return load_scenario(path, PARAMETERS, now=now)


def test_a_review_says_what_it_says(tmp_path: Path) -> None:
    (found,) = load(tmp_path, GOOD).reviews
    assert found == review()
    assert found.place.line == 5


@pytest.mark.parametrize(
    ("written", "changes"),
    [
        ('date = "now + 22 个月"', {"date": NOW + 22, "failed": {"support_end": (Segment(NOW + 22, NOW + 22),)}}),
        ('date = "2028年3月"', {}),
        ('indicator = "市场规模"', {}),
        ('definition = "本地产值"', {}),
        ('place = "city"', {}),
        ("growth_below = 0.2", {"threshold": 0.2, "at_least": False}),
        ('at_least = "60亿元"', {"threshold": 600_000.0, "asked": "level", "error": math.hypot(0.1, 0.1)}),
        ('below = "3 billion yuan"', {
            "threshold": 300_000.0, "asked": "level", "at_least": False, "error": math.hypot(0.1, 0.1)
        }),
        ('delay = "半年"', {"delay": 6.0}),
        ('delay = "0 个月"', {"delay": 0.0}),
        ('bias = "10 %"', {"bias": 0.1}),
        ("error = 0", {"error": 0.0}),
        ('error = "30%"', {"error": 0.3}),
        ("rounding = 0.01", {"rounding": 0.01}),
    ],
)  # fmt: skip
def test_each_part_may_be_written(tmp_path: Path, written: str, changes: dict[str, object]) -> None:
    key = written.split(" =")[0]
    text = GOOD.replace('growth_at_least = "10 %"\n', "") if key.endswith(("at_least", "below")) else GOOD
    lines = [line for line in text.splitlines() if not line.startswith(f"{key} =")]
    lines.insert(lines.index("[review.failed]"), written)
    (found,) = load(tmp_path, "\n".join(lines)).reviews
    assert found == review(**changes)


def test_a_share_of_a_target_and_what_a_job_costs(tmp_path: Path) -> None:
    common = '[[review]]\ndate = "2028-03"\n{}\n[review.failed]\nsupport_end = "届时"\n'
    target = next(target for target in load_targets() if target.identifier == "market_2027")
    text = 'target = "market_2027"\ndefinition = "local_output"\nat_least = "60%"'
    (share,) = load(tmp_path, common.format(text)).reviews
    assert (share.target, share.target_threshold, share.threshold) == ("market_2027", target.threshold, 0.6)
    assert (share.seen.variable, share.seen.reading) == ("cumulative_local_output", "increase")
    (cost,) = load(tmp_path, common.format('indicator = "cost_per_job"\nbelow = "50 万元/人"')).reviews
    assert (cost.asked, cost.threshold, cost.at_least) == ("cost_per_job", 50.0, False)
    for scenario in (share, cost):
        taken = ways_taken(load_model(), with_reviews(scenario), reviewed.draws(100))
        assert 0 < taken.passed.mean() < 1


def test_defaults_are_the_observation_models(tmp_path: Path) -> None:
    """Every indicator that it has a rule for can be looked at, with the error of such a report."""
    known = load_indicators()
    looked_at = 0
    for rule in known.rules:
        if rule.is_ratio:
            continue
        for key in ("growth_at_least", "at_least"):
            unit = read_reviews_unit(tmp_path, rule.indicator, rule.place, rule.definition)
            text = (
                f'[[review]]\ndate = "2028-03"\nindicator = "{rule.indicator}"\nplace = "{rule.place}"\n'
                f'definition = "{rule.definition}"\n{key} = "{"0.1" if key != "at_least" else unit}"\n'
                '[review.failed]\nsupport_end = "then"\n'
            )
            (found,) = load(tmp_path, text).reviews
            expected = (
                known.typical.growth
                if key != "at_least"
                else math.hypot(known.typical.level, rule.scope_sigma, rule.factor_sigma)
            )
            assert found.seen.error == pytest.approx(expected)
            assert (found.seen.delay, found.seen.bias, found.seen.rounding) == (known.delay, 0, 0)
            assert (found.seen.variable, found.seen.reading) == (rule.variable, rule.reading)
            assert found.seen.factor == rule.factor_median
            looked_at += 1
    assert looked_at > 50


def read_reviews_unit(folder: Path, indicator: str, place: str, definition: str) -> str:
    """An amount in the unit in which the indicator is read."""
    from shudian.review_text import amount_in

    path = folder / "unit.toml"
    path.write_text(
        f'[[review]]\ndate = "2028-03"\nindicator = "{indicator}"\nplace = "{place}"\n'
        f'definition = "{definition}"\ngrowth_at_least = 0\n[review.failed]\nsupport_end = "then"\n',
        encoding="utf-8",
    )
    (found,) = read_reviews(read_toml(path), PARAMETERS, NOW, NOW)
    return amount_in(1.0, found.seen.unit).strip('"')


def test_how_late_a_figure_is_by_default_lies_among_those_of_the_city() -> None:
    """As far as the day of a city's figure is known to the month."""
    from shudian.evidence import published_dates

    figures = {n: f for n, f in load_figures().items() if f.geography == "zhengzhou" and f.role == "calibration"}
    lags = []
    for name, published in published_dates(figures.values()).items():
        if re.fullmatch(r"\d{4}-\d\d-\d\d", published):
            (year, month, _), end = map(int, published.split("-")), figures[name].period_end
            lags.append(12 * (year - int(end[:4])) + month - int(end[5:7]))
    assert np.quantile(lags, 0.25) <= load_indicators().delay <= np.quantile(lags, 0.75)


MISTAKES = [
    ('date = "2026-01"', "the review of 2026-01 is past, and what is decided now begins in 2026-05 or later", 6),
    ('date = "2031-01"', "outside the horizon", 6),
    ('date = "soon"', "is not a month", 6),
    ('indicator = "markt"', "there is no indicator “markt”; did you mean “market”", 7),
    ('definition = "local_ouput"', "“definition” cannot be “local_ouput”; did you mean “local_output”", 8),
    ('growth_at_least = "10 亿元"', "“亿元” is the wrong unit; “growth_at_least” is a share", 9),
    ('growth_at_least = "10 %"\nat_least = "60 亿元"', "“at_least” and “growth_at_least” exclude each other", 9),
    ("", "this review has no threshold", 5),
    ('at_least = "60 家"', "“家” is the wrong unit; “at_least” is in 亿元", 9),
    ("at_least = 60", "60 has no unit; “at_least” is in 亿元", 9),
    ('delay = "2 亿元"', "“亿元” is the wrong unit; a delay is in whole months", 10),
    ('delay = "50 个月"', "cannot be a delay; write whole months from 0 to 36", 10),
    ("error = 11", "“error” lies between 0 and 10, and 11 does not", 10),
    ("error = -0.1", "“error” lies between 0 and 10", 10),
    ("bias = -1", "“bias” lies between", 10),
    ('rounding = "10 家"', "“家” is the wrong unit", 10),
    ('after = "passed"', "the first review has none before it", 10),
    ("noise = 0.1", "“noise” is not known here", 10),
    ('target = "market_2027"', "“target” and “indicator” exclude each other", 7),
    ('[review.failed]\nfund_size = { 2027-12 = "2 亿元" }', "before the review of 2028-03", 11),
    ('[review.failed]\nfund_sise = "2 亿元"', "did you mean “fund_size”", 11),
    ('[review.failed]\nfund_size = "200 亿元"', "lies outside the range of “fund_size”", 11),
    ("[review.failed]\nplatform_guarantee = 0.5", "is not the city's to choose", 11),
    ("[review.failed]", "this review decides nothing", 5),
]


@pytest.mark.parametrize(("written", "said", "line"), MISTAKES)
def test_a_mistake_is_told_in_one_sentence_with_its_line(tmp_path: Path, written: str, said: str, line: int) -> None:
    key = written.split(" =")[0] if written else "growth_at_least"
    if key.startswith("[review.failed]"):
        text = GOOD[: GOOD.index("[review.failed]")] + written + "\n"
    else:
        lines = [found for found in GOOD.splitlines() if not found.startswith(f"{key} =")]
        if key in ("at_least", "below") and "growth" not in written:
            lines = [found for found in lines if not found.startswith("growth_at_least")]
        place = {"date": 2, "indicator": 3, "definition": 4}.get(key, lines.index("[review.failed]"))
        lines[place:place] = [written] if written else []
        text = "\n".join(lines)
    with pytest.raises(InputError) as found:
        load(tmp_path, text)
    told = str(found.value)
    assert said in told
    assert "\n" not in told
    assert told.startswith(f"{tmp_path / 'mine.toml'}:{line}: "), told


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        (GOOD * 4, "4 reviews are too many", 29),
        (GOOD + GOOD, "comes after that of 2028-03; write reviews in the order of time", 14),
        (GOOD.replace("2028-03", "2029-03") + GOOD, "the review of 2028-03 comes after that of 2029-03", 14),
        ("review = 3\n", "a review begins with a line [[review]]", 4),
        ("[review]\ndate = 3\n", "a review begins with a line [[review]]", 4),
    ],
)
def test_what_is_wrong_with_several_is_told(tmp_path: Path, text: str, said: str, line: int) -> None:
    with pytest.raises(InputError) as found:
        load(tmp_path, text)
    assert said in str(found.value)
    assert f"mine.toml:{line}: " in str(found.value)


def test_a_shock_has_no_reviews(tmp_path: Path) -> None:
    text = PLAIN.replace('base = "zhengzhou_2025"', 'kind = "shock"') + 'base = ""\n' + GOOD
    with pytest.raises(InputError, match="a shock happens to the city"):
        load(tmp_path, text)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as found:
        load(tmp_path, GOOD.replace('"market"', '"markt"') + GOOD.replace("2028-03", "2020-01"))
    assert len(str(found.value).splitlines()) == 2


def test_the_past_can_be_reviewed_in_a_retrospective_file_only(tmp_path: Path) -> None:
    text = "retrospective = true\n" + GOOD.replace("2028-03", "2026-01").replace('"then"', '"2028-01"')
    assert load(tmp_path, text).reviews[0].date == 36
    with pytest.raises(InputError, match="too early"):
        load(tmp_path, text.replace("2026-01", "2024-06"))


# What a base decides is taken over, and may be replaced.
def test_reviews_are_inherited_and_replaced_from_a_date_on(tmp_path: Path) -> None:
    later = GOOD.replace("2028-03", "2029-03").replace("10 %", "5 %")
    base = load(tmp_path, GOOD + later, "theirs")
    child = 'base = "theirs"\ntitle = "子"\nquestion = "？"\n'
    assert load(tmp_path, child).reviews == base.reviews
    assert load(tmp_path, child + "review = []\n").reviews == ()
    other = GOOD.replace("2028-03", "2028-09").replace("10 %", "20 %")
    replaced = load(tmp_path, child + other).reviews
    assert [(r.date, r.threshold) for r in replaced] == [(62, 0.1), (68, 0.2)]


def test_decisions_act_in_the_order_of_time(tmp_path: Path) -> None:
    """What is set before a review's own decision gives way to it; what is set with it or later replaces it."""
    load(tmp_path, GOOD + '[review.passed]\nfund_size = "5 亿元"\n', "theirs")
    child = 'base = "theirs"\ntitle = "子"\nquestion = "？"\n[levers]\nfund_size = {}\n'
    funds = {}
    for month in ("now", "2028-03", "2029-01"):
        scenario = load(tmp_path, child.replace("{}", f'{{ {month} = "2 亿元" }}'))
        settled = with_settings(
            load(tmp_path, GOOD + '[review.passed]\nfund_size = "5 亿元"\n', "theirs"),
            [f"fund_size=2亿元@{month}"],
            PARAMETERS,
        )
        assert settled.reviews == scenario.reviews
        plain = dict(ways(scenario))[True,]
        funds[month] = schedule_matrix(plain, [PARAMETERS["fund_size"]], steps_per_month=1)[0][[61, 62, 71, 72]] / 1e4
    assert funds["now"].tolist() == [2, 5, 5, 5]
    assert funds["2028-03"].tolist() == [1, 2, 2, 2]
    assert funds["2029-01"].tolist() == [1, 5, 5, 2]


@st.composite
def some_reviews(draw: st.DrawFn) -> tuple[Review, ...]:
    dates = sorted(draw(st.lists(st.integers(int(NOW), 95), unique=True, min_size=1, max_size=3)))
    found = []
    for number, date in enumerate(dates):
        asked = draw(st.sampled_from(["level", "growth", "cost_per_job"]))
        changes: dict[str, object] = {
            "date": float(date),
            "asked": asked,
            "threshold": draw(st.floats(-1e6, 1e6)),
            "at_least": draw(st.booleans()),
            "delay": float(draw(st.integers(0, 12))),
            "bias": draw(st.floats(-0.9, 5)),
            "error": draw(st.floats(0, 10)),
            "rounding": draw(st.floats(0, 1e4)),
            "after": draw(st.sampled_from(["", "passed", "failed"])) if number else "",
        }
        if asked == "cost_per_job":
            changes |= {"indicator": "cost_per_job", "definition": "heads", "variable": "", "unit": "wanyuan/person"}
        start = draw(st.integers(date, 95))
        branch = {"fund_size": (Segment(float(start), draw(st.floats(0, 1e5))),)}
        ends = {"support_end": (Segment(float(date), float(draw(st.integers(24, 108)))),)}
        changes |= {"passed": branch, "failed": draw(st.sampled_from([{}, ends]))}
        found.append(review(**changes))
    return tuple(found)


@settings(max_examples=60)
@given(some_reviews())
def test_reviews_survive_being_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, reviews: tuple[Review, ...]
) -> None:
    scenario = with_reviews(*reviews)
    path = tmp_path_factory.getbasetemp() / "written.toml"
    path.write_text(to_toml(scenario, PARAMETERS), encoding="utf-8")
    again = load_scenario(path, PARAMETERS)
    assert replace(again, name=scenario.name, place=scenario.place) == scenario


def test_a_file_that_drops_the_reviews_of_its_base_keeps_them_dropped(tmp_path: Path) -> None:
    load(tmp_path, GOOD, "theirs")
    child = load(tmp_path, 'base = "theirs"\ntitle = "子"\nquestion = "？"\nreview = []\n')
    assert load(tmp_path, to_toml(child, PARAMETERS), "again").reviews == ()


# Every function that takes a scenario: with the reviews at work, or a sentence.
def test_no_schedule_is_read_off_a_scenario_with_reviews() -> None:
    with pytest.raises(ValueError, match="has reviews"):
        schedule_matrix(with_reviews(review()), load_model().scheduled)


def test_a_review_is_a_difference() -> None:
    plain, held, record = with_reviews(), with_reviews(review()), record_of(with_reviews(), PARAMETERS)
    assert departure(held, plain) == departure(plain, held) == 62
    assert departure(held, held) == 96
    assert is_prospective(held, record)
    assert not is_retrospective(held, record)
    assert is_retrospective(with_reviews(review(date=NOW - 1)), record)
    assert not unchanged(held, plain, PARAMETERS)
    assert unchanged(held, held, PARAMETERS)
    assert unchanged(held, replace(held, name="other"), PARAMETERS)


def test_shocks_and_worlds_leave_reviews_alone() -> None:
    held = with_reviews(review())
    shock = load_scenario("demand_stalls", PARAMETERS)
    assert combine(held, shock).reviews == held.reviews
    assert in_world_of(held, combine(held, shock)).reviews == held.reviews


def test_money_that_a_review_decides_is_scaled(model: Model) -> None:
    held = with_reviews(review(passed={"fund_size": (Segment(62.0, 1e4),)}))
    scaled = scale_money(held, model.parameters, 3.0, NOW)
    assert scaled.reviews[0].passed["fund_size"] == (Segment(62.0, 3e4),)
    assert scaled.reviews[0].failed == ENDS


def test_support_that_is_withdrawn_is_withdrawn_on_every_way(model: Model) -> None:
    longer = {"support_end": (Segment(50.0, 108.0),)}
    for _, plain in ways(withdrawn(with_reviews(review(date=50.0, passed=longer)))):
        assert schedule_matrix(plain, [model.parameters["support_end"]])[0][-1] == 60


def test_a_lever_that_only_a_review_decides_takes_part(model: Model) -> None:
    held, plain = with_reviews(review(passed=reviewed.GROWS)), with_reviews()
    names = {"fund_size", "municipal_parks", "support_end"}
    assert {*players(held, plain, model.scheduled)} == names
    assert {p.name for p in moved(held, plain, model.parameters)} == names
    alone = coalition(held, plain, ["fund_size"])
    assert [(*r.passed, *r.failed) for r in alone.reviews] == [("fund_size",)]
    assert coalition(held, plain, sorted(names)) == held
    found = idle(model, held, plain, reviewed.draws(100), ("cumulative_local_output", "fte_jobs"))
    assert {one.parameter.name for one in found} <= names
    reach = {"fund_size": (Segment(62.0, model.parameters["fund_size"].high),)}
    assert outside(with_reviews(review(passed=reach)), lever_evidence(model, load_figures())) is not None
    assert outside(with_reviews(review(passed={})), lever_evidence(model, load_figures())) == outside(
        plain, lever_evidence(model, load_figures())
    )


@pytest.mark.parametrize("title", ["评估", "Reviews"])
def test_a_sheet_of_ones_own_that_is_called_like_that_of_reviews_is_refused(tmp_path: Path, title: str) -> None:
    book = scenario_workbook(PARAMETERS, "mine", "zh")
    book.save(tmp_path / "mine.xlsx")
    assert not load_scenario(tmp_path / "mine.xlsx", PARAMETERS).reviews
    child = f'base = "mine"\ntitle = "t"\nquestion = "q"\n{GOOD}'
    held = load(tmp_path, child, "other")
    assert held.reviews
    book.remove(book["评估"])
    book.create_sheet(title)
    book.save(tmp_path / "mine.xlsx")
    with pytest.raises(InputError, match=f"{title}!A1: a sheet called “{title}” holds reviews, and this one has no"):
        load_scenario(tmp_path / "mine.xlsx", PARAMETERS)


def test_the_review_that_a_new_file_offers_is_read(tmp_path: Path) -> None:
    text = template(PARAMETERS, "mine")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert load_scenario(path, PARAMETERS).reviews == ()
    path.write_text(re.sub(r"(?m)^#   (?=\[|\w+ = )", "", text), encoding="utf-8")
    (offered,) = load_scenario(path, PARAMETERS).reviews
    assert offered.passed.keys() | offered.failed.keys() == {"fund_size", "support_end"}


REFUSALS: dict[str, Callable[[str, Model], object]] = {
    "why": lambda name, _: why(WhyRequest(name, draws=20)),
    "why against": lambda name, _: why(WhyRequest("zhengzhou_2025", draws=20, against=name)),
    "sensitivity": lambda name, _: sensitivity(SensitivityRequest((name,), draws=200)),
    "design": lambda name, _: problem_of(DesignRequest("local_output=60亿元", base=name)),
    "sweep": lambda name, _: sweep(SweepRequest(name, ("fund_size",), draws=2)),
    "vensim": lambda name, m: vensim.equations_text(m, load_scenario(name, PARAMETERS), reviewed.draws(1)),
    "xmile": lambda name, m: xmile.equations_text(m, load_scenario(name, PARAMETERS), reviewed.draws(1)),
    "pysd": lambda name, _: carry_out(plan(RunRequest((name,), engine="pysd", draws=2))),
}


@pytest.mark.parametrize("asked", REFUSALS)
@pytest.mark.parametrize("name", ["evaluate_and_exit", "evaluate_and_exit+demand_stalls"])
def test_what_cannot_take_reviews_says_so(model: Model, asked: str, name: str) -> None:
    with pytest.raises(InputError, match=r"“evaluate_and_exit.*” has reviews"):
        REFUSALS[asked](name, model)


@settings(max_examples=20)
@given(some_reviews())
def test_a_manifest_tells_reviews_in_full(reviews: tuple[Review, ...]) -> None:
    scenario = with_reviews(*(replace(one, seen=replace(one.seen, variable="active_firms")) for one in reviews))
    entry = ScenarioEntry.model_validate(json.loads(json.dumps(written(scenario))))
    again = scenario_of(entry, PARAMETERS, scenario.place.path, scenario.now)
    assert replace(again, place=scenario.place) == scenario


def test_a_shipped_review_is_read_in_any_month() -> None:
    """It is held later where now is later."""
    for name in set(list_scenarios()) - {*reviewed.decided_once()}:
        for now in (NOW, NOW + 20, 70.0):
            found = load_scenario(name, PARAMETERS, now=now)
            assert found.reviews
            assert all(held.date >= now for held in found.reviews)
    assert write_month(load_scenario("evaluate_and_exit", PARAMETERS).reviews[0].date) == "2028-03"
