"""Is what `compare` says of reviews what the runs of their ways come to?

It does not establish that a figure of the future will have the errors tried, that net benefit is what a city wants, nor
that a signpost which tells much will tell it again.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

import reviewed
from reviewed import GROWS, review, with_reviews
from shudian.analysis.reviewing import ReviewsWorth, reviews_worth
from shudian.answers.compare import CompareRequest, compare
from shudian.answers.plan import RunRequest, plan
from shudian.answers.run import carry_out
from shudian.face.compare import CompareAnswer
from shudian.kinds import LANGUAGES, InputError, Language, Model, Segment
from shudian.report.comparison.document import short, whole
from shudian.report.comparison.question import output
from shudian.report.run.document import short as run_short
from shudian.report.words.review_text import in_short, review_text
from shudian.reviews import along, ways
from shudian.simulate import bare_run, ways_taken

VALUE = 0.5


@pytest.fixture(scope="module")
def found(model: Model) -> ReviewsWorth:
    return reviews_worth(model, with_reviews(review(passed=GROWS)), reviewed.draws(100), VALUE, 1)


def benefit(model: Model, answer: bool) -> np.ndarray:
    plain = along(with_reviews(review(passed=GROWS)), (answer,))
    output, cost = bare_run(model, plain, reviewed.draws(100), ("cumulative_local_output", "cumulative_fiscal_cost"))
    return np.asarray((VALUE * output[96] - cost[96]) / 1e4)


def test_worth_is_what_the_ways_come_to(model: Model, found: ReviewsWorth) -> None:
    both = np.array([benefit(model, answer) for answer in (True, False)])
    best = int(both.mean(axis=1).argmax())
    assert found.best == ((True, False)[best],)
    above = both - both[best]
    assert found.hindsight.value == pytest.approx(above.max(axis=0).mean())
    taken = ways_taken(model, with_reviews(review(passed=GROWS)), reviewed.draws(100))
    planned = next(reading for reading in found.readings if reading.manner == "planned")
    assert planned.worth.value == pytest.approx(np.where(taken.passed[0], above[0], above[1]).mean())
    assert planned.wrong == pytest.approx(taken.wrong[0].mean())
    assert (found.held[0].passed, found.held[0].wrong) == pytest.approx((taken.passed.mean(), taken.wrong.mean()))


def test_no_reading_is_worth_more_than_hindsight(found: ReviewsWorth) -> None:
    manners = [reading.manner for reading in found.readings]
    assert {"planned", "perfect", "late", "noisy", "high", "low", "definition", "blind"} == {*manners}
    by_manner = {reading.manner: reading for reading in found.readings}
    assert by_manner["perfect"].wrong == 0
    assert by_manner["blind"].wrong > by_manner["noisy"].wrong > by_manner["planned"].wrong
    for reading in found.readings:
        assert reading.worth.value <= found.hindsight.value
        assert min(0.0, *(band.low for band in found.once.values())) <= reading.worth.value
    assert all(sign.gains.keys() == sign.told.keys() for sign in found.signs)
    assert found.signs


def test_equal_branches_are_worth_nothing(model: Model) -> None:
    same = reviews_worth(model, with_reviews(review(passed=GROWS, failed=GROWS)), reviewed.draws(60), VALUE, 1)
    assert same.hindsight.value == 0
    assert all(reading.worth.value == 0 for reading in same.readings)


def test_every_way_of_two_reviews_is_told(model: Model) -> None:
    several = reviews_worth(
        model, with_reviews(review(), review(date=74.0, failed={"fund_size": (Segment(74.0, 0.0),)})),
        reviewed.draws(60), VALUE, 1,
    )  # fmt: skip
    assert {*several.once} == {way for way, _ in ways(with_reviews(review(), review(date=74.0)))}
    assert len(several.held) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_say_how_often_each_branch_is_taken_and_what_it_is_worth(language: Language) -> None:
    answer = carry_out(plan(RunRequest(("evaluate_and_exit",), draws=30)))
    (held,) = answer.verdicts.reviews["evaluate_and_exit"]
    said = in_short((held,), 30, language)
    assert said in str(run_short(answer.verdicts, "evaluate_and_exit", language))
    assert f"{held.passed:.0%}" in said
    assert "2028-03" in review_text(held.review, language)


def test_a_comparison_says_what_evaluating_is_worth() -> None:
    comparison = compare(CompareRequest(("evaluate_and_exit",), draws=30))
    (worth,) = comparison.reviews
    for language in LANGUAGES:
        for document in (short(comparison, "evaluate_and_exit", language), whole(comparison, language)):
            text = str(document)
            assert re.search("评估值多少" if language == "zh" else "What the reviews of", text)
        assert worth.scenario == "evaluate_and_exit"
    frame = CompareAnswer(comparison).reviews().set_index("reading")
    assert {"planned", "perfect", "blind", "hindsight"} < {*frame.index}
    for reading in worth.readings:
        rows = frame.loc[[name for name in frame.index if name.startswith(reading.manner)]]
        assert reading.worth.value in {*rows["worth"]}
        assert 100 * reading.passed in {*rows["passed"]}
    assert frame.loc["hindsight", "worth"] == worth.hindsight.value
    assert frame.attrs["units"]["worth"] == "亿元"
    written = {table.stem: table for table in output(comparison).tables}
    assert len(written["reviews"].rows) == len(frame)


def test_without_reviews_there_is_no_table_of_them() -> None:
    comparison = compare(CompareRequest(("shenzhen_mode",), draws=8))
    assert "reviews" not in {table.stem for table in output(comparison).tables}
    with pytest.raises(InputError, match="none of these packages has reviews"):
        CompareAnswer(comparison).reviews()
