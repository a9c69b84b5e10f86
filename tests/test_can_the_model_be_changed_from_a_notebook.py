"""Can an analyst add a lever or change an equation without touching the package, checked as strictly as shipped ones?

Does NOT establish that a changed model is right: its structure is not calibrated, and every answer says so.
"""

from __future__ import annotations

from html import unescape
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shudian as sd
from shudian.kinds import LANGUAGES
from shudian.messages import in_language
from shudian.report.run.document import whole
from shudian.report.run.short import basis
from shudian.report.words.captions import basis_line, marked
from shudian.report.words.cautions import cautions
from shudian.report.words.finding_text import basis_text

DRAWS = 60
PACKAGE = "zhengzhou_2025"
KEPT: dict[str, Any] = {}
SAID = {"zh": "模型已被改动", "en": "hanged"}
CALIBRATED = {"zh": "已校准：", "en": "Calibrated:"}


def credit() -> Any:
    lever = sd.model().with_lever("tax_credit", low=0, high=1, label="Tax credit", label_zh="税收抵免")
    return lever.with_equation("startup_exit", "old * (1 - tax_credit)")


def shipped() -> Any:
    if "shipped" not in KEPT:
        KEPT["shipped"] = sd.run(PACKAGE, draws=DRAWS)
    return KEPT["shipped"]


def spared() -> Any:
    if "spared" not in KEPT:
        KEPT["spared"] = sd.run(
            PACKAGE, draws=DRAWS, model=credit(), set={"tax_credit": "0.5@2026-01"}, retrospective=True
        )
    return KEPT["spared"]


def same_numbers(one: Any, other: Any) -> bool:
    pairs = zip(one.answer.outcomes, other.answer.outcomes, strict=True)
    return all(np.array_equal(a.yearly, b.yearly) and np.array_equal(a.quantiles, b.quantiles) for a, b in pairs)


EQUATIONS = [equation.name for equation in sd.model().equations if equation.kind != "stock"]
FORMS = ["old", "old * 1", "old * (1 - spare)", "old / (1 - spare)"]


@settings(max_examples=8, deadline=None)
@given(name=st.sampled_from(EQUATIONS), form=st.sampled_from(FORMS))
def test_a_change_that_changes_nothing_changes_no_bit(name: str, form: str) -> None:
    if "spare" in form and sd.model().equation(name) in sd.model().static:
        form = "old * 1"  # what is fixed for good cannot hang on a lever
    model = sd.model().with_lever("spare", low=0, high=0.9).with_equation(name, form)
    assert model.digest != sd.model().digest
    assert same_numbers(sd.run(PACKAGE, draws=DRAWS, model=model), shipped())


def test_a_lever_that_nothing_uses_is_said_to_be_idle() -> None:
    model = sd.model().with_lever("spare", low=0, high=1)
    found = sd.run(PACKAGE, draws=DRAWS, model=model, set={"spare": 0.5})
    outcomes = {outcome.scenario.name: outcome for outcome in found.answer.outcomes}
    assert np.array_equal(outcomes[PACKAGE].yearly, outcomes[f"{PACKAGE}_set"].yearly)
    assert "idle" in {caution.kind for caution in cautions(found.verdicts)}


def test_what_is_changed_acts_as_it_is_written() -> None:
    """From the month in which the lever is set on: half of the exits at first, and more firms."""
    found = spared().to_dataset(["startup_exit", "active_firms"])
    before, after = (found.sel(scenario=name) for name in (PACKAGE, f"{PACKAGE}_set"))
    first = [run["startup_exit"].sel(month="2025-12").values for run in (before, after)]
    assert np.array_equal(first[1], first[0] / 2)
    assert np.array_equal(before["startup_exit"].sel(month="2025-11"), after["startup_exit"].sel(month="2025-11"))
    assert (after["active_firms_yearly"].sel(year=2026) > before["active_firms_yearly"].sel(year=2026)).all()


def test_an_answer_of_a_changed_model_can_be_asked_on() -> None:
    without = spared().without("税收抵免")
    assert same_numbers(
        without, sd.run(PACKAGE, draws=DRAWS, model=credit(), set={"tax_credit": "0@2023-01"}, retrospective=True)
    )
    own = spared().outcome("own", "startup_exit * (1 - tax_credit)", unit="家/年")
    assert own.frame()["median"].notna().all()
    compared = sd.compare(PACKAGE, "shenzhen_mode", draws=DRAWS, model=credit())
    assert "not a calibrated structure" in compared._repr_html_()
    own_draws = sd.posterior().to_dataset().isel(draw=slice(0, 30))
    both = sd.run(PACKAGE, draws=own_draws, model=credit()).to_dataset().attrs["basis"]
    assert "not a calibrated structure" in both
    assert "Draws of one's own" in both


def test_every_question_takes_a_changed_model_and_says_so() -> None:
    """A lever of one's own is chosen, a variable of one's own is aimed at, and the loops that are there are asked."""
    own = credit().with_equation("jobs_per_firm", "fte_jobs / active_firms", unit="人/家", label="Jobs per firm")
    draws = sd.posterior().to_dataset().isel(draw=slice(0, 200))
    loops = sd.why(PACKAGE, "jobs_per_firm", model=own, draws=20)
    assert {*loops.frame()["loop"]} == {loop.name for loop in sd.model().loops}
    outcomes = sd.sensitivity(PACKAGE, outcomes=["jobs_per_firm"], model=own, draws=draws, base_runs=64)
    assert {*outcomes.frame()["outcome"]} == {"jobs_per_firm"}
    mixes = sd.design(
        "jobs_per_firm=25 人/家",
        levers=["tax_credit"],
        start="2027-01",
        model=own,
        draws=draws.isel(draw=slice(0, 100)),
    )
    assert mixes.frame()["lever_tax_credit"].between(0, 1).all()
    for found in (loops, outcomes, mixes):
        said = unescape(found._repr_html_())
        assert "not a calibrated structure" in said
        assert 'new lever "Tax credit" (tax_credit)' in said
        assert not getattr(found.found, "grounds", mixes.found.problem.grounds).calibrated
    assert "18 named loops of the shipped model that are still there" in unescape(loops._repr_html_())
    again = spared().why("fte_jobs")
    assert again.found.model.changes == credit().changes
    assert again.found.difference is not None


def test_a_change_that_acts_on_nothing_leaves_every_question_its_numbers() -> None:
    own = sd.model().with_lever("spare", low=0, high=1)
    for ask in (
        lambda **given: sd.why(PACKAGE, draws=20, **given),
        lambda **given: sd.sensitivity(PACKAGE, outcomes=["fte_jobs"], draws=200, base_runs=64, **given),
    ):
        assert ask(model=own).frame().equals(ask().frame())


def test_an_equation_in_other_words_gives_the_same_numbers() -> None:
    text = "startups * (startup_hazard * distress) / (1 + startup_hazard * distress * closing_time)"
    model = sd.model().with_equation("startup_exit", text)
    assert same_numbers(sd.run(PACKAGE, draws=DRAWS, model=model), shipped())


def test_a_variable_of_ones_own_has_the_numbers_of_an_outcome_of_ones_own() -> None:
    model = sd.model().with_equation("jobs_per_firm", "fte_jobs / active_firms", unit="人/家")
    found = sd.run(PACKAGE, draws=DRAWS, model=model)
    assert same_numbers(found, shipped())
    variable = found.to_dataset(["jobs_per_firm"])["jobs_per_firm_yearly"]
    assert np.array_equal(variable, shipped().outcome("own", "fte_jobs / active_firms").to_dataset()["own_yearly"])


def test_a_stock_of_ones_own_adds_up_its_flow() -> None:
    model = sd.model().with_equation("lost", "startup_exit", unit="家/月", kind="flow")
    model = model.with_equation("gone", "lost", unit="家", kind="stock", initial="initial_startups")
    found = sd.run(PACKAGE, draws=DRAWS, model=model).to_dataset(["gone", "lost"])
    assert (found["gone_yearly"].diff("year") > 0).all()


def test_a_loop_that_is_cut_is_not_listed() -> None:
    assert {loop.name for loop in credit().loops} == {loop.name for loop in sd.model().loops}
    calm = sd.model().with_equation("startup_exit", "startups * startup_hazard")
    assert {loop.name for loop in sd.model().loops} - {loop.name for loop in calm.loops} == {"B10"}
    assert len(sd.run(PACKAGE, draws=5, model=calm).answer.outcomes) == 2


def test_a_model_stays_as_it_is_when_another_is_made_of_it() -> None:
    before = sd.model().digest, repr(sd.model())
    assert repr(credit()).endswith("changed: lever tax_credit; changed: equation startup_exit")
    assert (sd.model().digest, repr(sd.model())) == before
    assert not sd.run(PACKAGE, draws=5, model=sd.model()).verdicts.grounds.changed
    fine = [sd.model().with_equation("startup_exit", f"old * {share!r}").digest for share in (0.1234567, 0.1234568)]
    assert fine[0] != fine[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_of_a_changed_model_says_so_everywhere(language: Any) -> None:
    verdicts = spared().verdicts
    told = [
        basis_text(verdicts, language),
        basis(verdicts, language),
        basis_line(verdicts, language),
        marked("", verdicts, language),
        str(whole(verdicts, language)),
        " ".join(c.long.text(language) for c in cautions(verdicts)),
        " ".join(c.short.text(language) for c in cautions(verdicts)),
    ]
    for text in told:
        assert SAID[language] in text
        assert CALIBRATED[language] not in text
    assert "Tax credit" in unescape(spared()._repr_html_())
    assert not verdicts.grounds.calibrated
    assert verdicts.change is None
    assert {form.data for form in verdicts.structures.forms} == {"unasked"}
    assert spared().to_dataset().attrs["calibrated"] == "no"
    assert spared().to_dataset().attrs["model_digest"] == credit().digest


MISTAKES = {
    "a name": (lambda m: m.with_equation("startup_exi", "old"), "did you mean “startup_exit”"),
    "a cause": (lambda m: m.with_equation("startup_exit", "old + startup_exi"), "did you mean “startup_exit”"),
    "a unit": (lambda m: m.with_equation("startup_exit", "fte_jobs"), "its function gives person"),
    "a year": (lambda m: m.with_equation("closing_time", "1"), "is given to the model and has no equation"),
    "a circle": (lambda m: m.with_equation("distress", "old * active_firms / ordinary_firms").with_equation(
        "active_firms", "old * distress"), "define each other"),
    "a stock": (lambda m: m.with_equation("startups", "firm_entry * 2"), "must be a sum of flows"),
    "a flow": (lambda m: m.with_equation("mine", "firm_entry", unit="家", kind="stock", initial="initial_startups"),
               "already ends at"),
    "no old": (lambda m: m.with_equation("mine", "old", unit="家"), "has had none"),
    "no unit": (lambda m: m.with_equation("fund_size", "1"), "is given to the model"),
    "another unit": (lambda m: m.with_equation("startup_exit", "old", unit="人"), "keeps that; leave unit out"),
    "a taken name": (lambda m: m.with_lever("fund_size", low=0, high=1), "is in the model already"),
    "a strange name": (lambda m: m.with_lever("my lever", low=0, high=1), "is no name for a part"),
    "a word": (lambda m: m.with_lever("old", low=0, high=1), "is no name for a part"),
    "a range": (lambda m: m.with_lever("mine", low=0, high=1, value=2), "must hold 2"),
    "no range": (lambda m: m.with_lever("mine", low=0, high=float("inf")), "high is inf"),
    "a strange unit": (lambda m: m.with_lever("mine", low=0, high=1, unit="zorkmid"), "is not known"),
    "code": (lambda m: m.with_equation("startup_exit", "__import__('os').system('true')"), "is no equation"),
    "a value": (lambda m: sd.run(PACKAGE, draws=5, model=m.with_lever("mine", low=0, high=1), set={"mine": 2}),
                "outside the range of “mine”"),
    "a lever": (lambda _: sd.run(PACKAGE, draws=5, model=credit(), set={"tax_credi": 0.5}), "mean “tax_credit”"),
    "a city": (lambda _: sd.run(PACKAGE, draws=5, model=credit(), city="xian"), "model is that of zhengzhou"),
    "no model": (lambda _: sd.run(PACKAGE, model="x"), "write model=sd.model()"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence_in_both_languages(mistake: str) -> None:
    ask, said = MISTAKES[mistake]
    with pytest.raises(sd.InputError) as raised:
        ask(sd.model())
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert in_language(raised.value, "zh") != str(raised.value)


def test_another_citys_model_is_run_for_that_city() -> None:
    model = sd.model("xian").with_lever("spare", low=0, high=1)
    found = sd.run(PACKAGE, draws=20, model=model)
    assert found.verdicts.city == "xian"
    assert same_numbers(found, sd.run(PACKAGE, draws=20, city="xian"))
