"""Is there one rule by which a difference can be told from nil, and do all answers keep to it?

Does not establish that a 90 % interval is the right measure of doubt, nor that the draws are as wide as the world.
"""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import shudian as sd
from shudian.analysis.cost import price
from shudian.analysis.ranking import pair, ranking
from shudian.analysis.reported import Band, band
from shudian.analysis.told import is_chance_told, is_told
from shudian.analysis.verdicts import MEASURES, Probability
from shudian.answers.compare import CompareRequest, compare
from shudian.answers.plan import RunRequest, plan
from shudian.answers.run import carry_out
from shudian.kinds import FEWEST, LANGUAGES, LEAST_DRAWS, InputError, Language
from shudian.report.comparison.document import whole as comparison
from shudian.report.render.markdown import markdown
from shudian.report.run.document import whole
from shudian.report.run.tables import band_cell, signed_points

UNITS = sorted({measure.unit for measure in MEASURES})
in_both = pytest.mark.parametrize("language", LANGUAGES)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e3), st.sampled_from(UNITS))
def test_what_is_told_is_what_is_printed_on_one_side_of_nil(low: float, wide: float, unit: str) -> None:
    """In either language: neither end is printed as nothing, and both have one sign."""
    found = Band(low + wide / 2, low, low + wide)
    told = {is_told(found, unit)}
    for language in LANGUAGES:
        ends = band_cell(found, unit, language).split("\n")[1].split(" – ")
        signs = {("−" in end) - ("−" not in end) if re.search("[1-9]", end) else 0 for end in ends}
        told.add(len(signs) == 1 and signs != {0})
    # a bound that is half of the last digit may be rounded either way
    near = low if low > 0 else low + wide
    assert len(told) == 1 or min(abs(abs(near) * scale - 0.5) for scale in (1, 100)) < 1e-6


@given(st.integers(1, 60))
def test_too_few_draws_have_neither_chance_nor_interval(draws: int) -> None:
    values = np.linspace(1, 2, draws)
    found, paid = band(values), price(values, values)
    assert math.isnan(found.low) == math.isnan(found.high) == (draws < FEWEST)
    assert math.isnan(paid.low) == math.isnan(paid.high) == (draws < FEWEST)
    assert not math.isnan(found.median)
    assert is_told(found, "亿元") == (draws >= FEWEST)
    gain = Probability(0.9, 0.0)
    for language in LANGUAGES:
        assert (signed_points(gain, draws, language) == "—") == (draws < FEWEST)
        assert is_chance_told(gain, draws) == (draws >= FEWEST)


@in_both
def test_no_answer_of_few_draws_prints_an_interval(language: Language) -> None:
    """`run` and `compare`, all tables: where others have low – high stands one dash."""
    ran = carry_out(plan(RunRequest(("zhengzhou_2025", "shenzhen_mode"), draws=FEWEST - 1)))
    compared = compare(CompareRequest(("zhengzhou_2025", "shenzhen_mode"), draws=FEWEST - 1))
    for text in (markdown(whole(ran.verdicts, language)), markdown(comparison(compared, language))):
        assert not re.search(r"\bnan\b|—[^ |<]*(～|至| to )—", text)
        assert not re.search(r"\d – −?\d", _without_reports(text)), re.findall(r".*\d – −?\d.*", text)
        assert str(FEWEST - 1) in text


def _without_reports(text: str) -> str:
    # what somebody has printed is a range, however many draws stand beside it; nor are periods, or what output is worth
    others = r"20\d\d-\d\d|\bZ[GM]\d|^\| [\d.]+ – [\d.]+ \|"
    return "\n".join(line for line in text.splitlines() if not re.search(others, line))


def test_compare_and_run_tell_the_same_packages_apart() -> None:
    """Where `run` prints the difference of two packages as nothing, `compare` puts neither ahead, and conversely."""
    names = ("hangzhou_mode", "shenzhen_mode", "shanghai_mode")
    compared = compare(CompareRequest(names, draws=60))
    ranks = next(iter(compared.assessment.rankings["local_output"].values()))
    for one in names:
        for other in (name for name in names if name != one):
            verdicts = carry_out(plan(RunRequest((one,), against=other, draws=60))).verdicts
            added = verdicts.row(one).additional["output"]
            assert ranks.pairs[one, other].told_apart == is_told(added, "亿元"), (one, other)


def test_a_lead_is_none_that_prints_as_nothing_or_that_the_median_denies() -> None:
    steps = np.linspace(-1, 1, 100)
    assert pair(steps + 5, np.zeros(100)).told_apart
    assert not pair(steps + 0.5, np.zeros(100)).told_apart
    # surely ahead, by less than is printed
    assert not pair(np.full(100, 1e-3) + 1e-5 * steps, np.zeros(100)).told_apart
    # behind in nearly all draws, and far ahead in so few that the mean alone is ahead
    few = np.where(np.arange(100) < 3, 1e4, -1.0)
    assert ranking({"a": few, "b": np.zeros(100)}).leaders == ("a", "b")


@pytest.mark.parametrize("question", ["why", "run", "compare", "design", "sensitivity"])
def test_a_wrong_number_of_draws_is_refused_with_the_least_that_the_question_takes(question: str) -> None:
    words = ("local_output=60亿元",) if question == "design" else ("zhengzhou_2025",)
    for draws in (0, LEAST_DRAWS.get(question, 1) - 1):
        with pytest.raises(InputError, match=f"draws is {draws}; .* {LEAST_DRAWS.get(question, 1)} or more"):
            getattr(sd, question)(*words, draws=draws)
