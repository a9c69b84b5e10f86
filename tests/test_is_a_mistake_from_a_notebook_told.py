"""Is every slip in a notebook told in one sentence of both languages, before anything runs, and is nothing misread?

Does NOT establish that the sentences are those that a reader needs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import shudian as sd
from shudian.face.asked import Options, PackageOptions, words
from shudian.face.run import RunAnswer
from shudian.face.tidy import dataset_of
from shudian.kinds import LANGUAGES, LEAST_DRAWS, Kind, Language
from shudian.messages import in_language
from shudian.report.words import captions

HANDED = sd.posterior().to_dataset().isel(draw=slice(0, 30))
MODEL = sd.model()
CHANGED = MODEL.with_lever("spare", low=0, high=1)


def told(call: Callable[[], Any]) -> str:
    """The sentence that `call` ends with: one, and with another in Chinese."""
    with pytest.raises(sd.InputError) as caught:
        call()
    said = str(caught.value)
    assert "\n" not in said
    assert said != in_language(caught.value, "zh")
    return said


@cache
def few() -> RunAnswer:
    return sd.run("zhengzhou_2025", draws=3)


def outcome(rule: Any, name: Any = "own", unit: Any = "1") -> Callable[[], Any]:
    return lambda: few().outcome(name, rule, unit)


def lever(**given: Any) -> Callable[[], Any]:
    return lambda: MODEL.with_lever("own_lever", **{"low": 0, "high": 1} | given)


def equation(name: Any = "startup_exit", text: Any = "old", **given: Any) -> Callable[[], Any]:
    return lambda: MODEL.with_equation(name, text, **given)


def batches(values: Any) -> Callable[[], Any]:
    return lambda: sd.run("baseline", draws={name: HANDED[name].values for name in HANDED} | {"batch": values})


QUESTIONS: dict[str, Any] = {
    "run": sd.run, "compare": lambda **given: sd.compare("baseline", **given), "why": sd.why,
    "design": lambda **given: sd.design("local_output=60亿元", **given), "sensitivity": sd.sensitivity,
}  # fmt: skip
ASKED: dict[str, list[Any]] = {
    "draws": [True, "20", 2.5, [1, 2], 3 + 0j, HANDED["entry_rate"], 0],
    "seed": [True, None, "1", 1.5, -1, [1]],
    "priors": [None, 5, True, [1], {"entry_rate": None}],
    "set": [None, 5, True, [1], {"fund_size": None}, {"fund_size": [1]}],
    "prior": ["yes", 1, None],
    "shocks": [None, 5, [1], {"demand_stalls": 1}],
    "city": [None, 5],
    "posterior": [None, 5],
    "against": [None, 5],
    "targets": [None, 5],
    "same_budget": ["yes", 1],
    "value": ["x", None, True, [1], float("nan")],
    "by": ["2027", None, True, 2027.5],
    "probability": ["0.5", None, True],
    "budget": [None, 5],
    "base": [None, 5],
    "levers": [None, 5, [1]],
    "fix": [None, 5, [1], {"fund_size": None}],
    "start": [None, 5],
    "outcomes": [None, 5, [1]],
    "base_runs": ["64", True, None, 64.5],
    "outcome": [None, 5],
    "scenario": [None, 5],
    "now": [None, 5, [1]],
    "retrospective": ["yes", 1, None],
}
"""What no question takes under this word."""
WHERE = {
    "shocks": {"run", "why", "compare"},
    "city": {"run", "why", "compare"}, "posterior": {"run", "why", "compare"}, "against": {"run", "why", "compare"},
    "targets": {"run", "compare"}, "same_budget": {"run", "compare"}, "value": {"compare", "sensitivity"},
    "levers": {"design", "sensitivity"}, "outcomes": {"sensitivity"}, "base_runs": {"sensitivity"},
    "outcome": {"why"}, "scenario": {"why"}, "retrospective": {"run", "why", "compare", "design"},
    **{word: {"design"} for word in ("by", "probability", "budget", "base", "fix", "start")},
}  # fmt: skip
SLIPS = [
    (question, word, given)
    for word, values in ASKED.items()
    for question in sorted(WHERE.get(word, {*QUESTIONS}))
    for given in values
]


@pytest.mark.parametrize(
    ("question", "word", "given"), SLIPS, ids=[f"{q}-{w}-{type(g).__name__}-{n}" for n, (q, w, g) in enumerate(SLIPS)]
)
def test_what_is_of_another_kind_is_named_in_a_sentence(question: str, word: str, given: Any) -> None:
    if (question, word) == ("sensitivity", "levers"):
        given = "yes"
    said = told(lambda: QUESTIONS[question](**{word: given}))
    assert said.startswith(word)
    assert len(said) < 200


@pytest.mark.parametrize("question", ["design", "sensitivity"])
def test_handed_draws_that_are_too_few_are_told_how_many_are_needed(question: str) -> None:
    least = {"design": 2 * LEAST_DRAWS["design"], "sensitivity": LEAST_DRAWS["sensitivity"]}[question]
    for given in (HANDED, HANDED.to_dataframe()):
        said = told(lambda: QUESTIONS[question](draws=given))  # noqa: B023
        assert "30" in said
        assert f"{least} or more" in said or f"{least} draws or more" in said


def test_no_number_of_draws_means_what_the_question_takes_by_itself() -> None:
    assert sd.run("baseline", draws=None).verdicts.draws == sd.posterior().posterior.size
    assert words({"draws": None}, Options) == {}


@pytest.mark.parametrize("given", [[1, 2], (1, 2), np.ones(3), {1, 2}], ids=type)
def test_draws_of_an_unknown_form_are_told_the_forms_that_there_are(given: Any) -> None:
    assert "a Dataset, DataFrame or mapping" in told(lambda: sd.run(draws=given))


@pytest.mark.parametrize("how", ["asked", "of an answer", "of handed draws"])
def test_too_few_draws_explain_nothing_however_it_is_asked(how: str) -> None:
    asked = {
        "asked": lambda: sd.why(draws=3),
        "of an answer": lambda: few().why("fte_jobs"),
        "of handed draws": lambda: sd.run("baseline", draws=HANDED.isel(draw=slice(0, 3))).why(),
    }[how]
    assert told(asked) == "draws is 3; it must be a whole number, 20 or more"


OTHERS: dict[str, tuple[Callable[[], Any], str]] = {
    "names in a list": (lambda: sd.run(["a"]), "and not by list"),  # type: ignore[arg-type]
    "names in a list, compared": (lambda: sd.compare(["a", "b"]), "and not by list"),  # type: ignore[arg-type]
    "a name that is a number": (lambda: sd.sensitivity(5), "and not by 5"),  # type: ignore[arg-type]
    "nothing to compare": (lambda: sd.compare(), "compare needs packages"),
    "a target": (lambda: sd.design(60), "target is 60"),  # type: ignore[arg-type]
    "a city": (lambda: sd.posterior("zhengzou"), "did you mean"),
    "a city that is none": (lambda: sd.model(5), "city is 5"),  # type: ignore[arg-type]
    "a scenario": (lambda: sd.scenario(5), "name is 5"),  # type: ignore[arg-type]
    "a fix": (lambda: sd.design("local_output=60亿元", fix={"fund_size": "2 部"}), "fund_size=2 部"),
    "a sensitivity on the priors": (lambda: sd.sensitivity(prior=True), "leave prior out"),
    "another city's model": (lambda: sd.sensitivity(model=sd.model("xian")), "the model is that of xian"),
    "two cities": (
        lambda: sd.design("local_output=60亿元", model=sd.model("xian"), city="hangzhou"),
        "model is that of xian",
    ),
    "a city beside the shipped model": (
        lambda: sd.run("baseline", model=sd.model(), city="xian", draws=5),
        "model is that of zhengzhou",
    ),
    "a model without loops": (lambda: sd.why(model=replace(CHANGED, loops=())), "no named loop is left"),
    "a seed of the sampler": (lambda: sd.calibration(seed=-1), "seed is -1"),
    "a seed that is True": (lambda: sd.calibration(seed=True), "seed is True"),
    "an end that is a number": (lambda: sd.calibration(until=2025), "until is 2025"),  # type: ignore[arg-type]
    "reports that are numbers": (lambda: sd.calibration(without=[1]), "without is list"),  # type: ignore[list-item]
    "figures that are a number": (lambda: sd.calibration(with_=5), "with_ is 5"),  # type: ignore[arg-type]
    "without an uncertain parameter": (lambda: few().without("entry_rate"), "is no lever of the city"),
    "without an assumption": (lambda: few().without("production_share_trend"), "is no lever of the city"),
    "without an unknown one": (lambda: few().without("fund_sise"), "did you mean “fund_size”"),
    "without a number": (lambda: few().without(5), "without is 5"),  # type: ignore[arg-type]
    "series of a number": (lambda: few().series(5), "variables is tuple"),  # type: ignore[arg-type]
    "a dataset of a number": (lambda: few().to_dataset(5), "variables is 5"),  # type: ignore[arg-type]
    "a rule without return": (outcome(lambda _: None), "does it end with return?"),
    "a rule that gives a text": (outcome(lambda _: "many"), "gives 'many', and numbers"),
    "a rule that gives a dataset": (outcome(lambda m: xr.Dataset({"a": m.fte_jobs})), "gives Dataset, and numbers"),
    "a rule that gives a mapping": (outcome(lambda m: {"a": m.fte_jobs}), "gives dict, and numbers"),
    "a rule that gives a dimension more": (outcome(lambda m: m.fte_jobs.expand_dims(x=2)), "has the shape"),
    "a rule that gives ragged lists": (outcome(lambda _: [[1], [1, 2]]), "gives list, and numbers"),
    "a rule that is a number": (outcome(5), "rule is 5"),
    "a rule that is nothing": (outcome(None), "rule is None"),
    "a name of an outcome": (outcome("fte_jobs", name=5), "name is 5"),
    "a unit of an outcome": (outcome("fte_jobs", unit=5), "unit is 5"),
    "a threshold": (lambda: few().outcome("own", "fte_jobs").chances(None), "above is None"),  # type: ignore[arg-type]
    "low as a text": (lever(low="0"), "low is '0'"),
    "high as a flag": (lever(high=True), "high is True"),
    "a value that is none": (lever(value=None), "value is None"),
    "an endless range": (lever(high=float("inf")), "high is inf"),
    "a whole lever with a broken low": (lever(low=0.5, high=2, value=1, whole=True), "0.5 is not"),
    "a whole lever with a broken high": (lever(high=2.5, value=1, whole=True), "2.5 is not"),
    "a whole lever with a broken value": (lever(high=2, value=1.2, whole=True), "1.2 is not"),
    "whole that is none": (lever(whole="yes"), "whole is 'yes'"),
    "a unit of a lever": (lever(unit=5), "unit is 5"),
    "an equation": (equation(text=5), "text is 5"),
    "a name": (equation(name=5), "name is 5"),
    "a kind": (equation("own_one", "fte_jobs", unit="人", kind="blub"), "kind is 'blub'; it must be"),
    "a kind that is none": (equation("own_one", "fte_jobs", unit="人", kind=5), "kind is 5"),
    "a kind that is there": (equation(kind="stock"), "keeps its kind"),
    "a first value that is there": (equation(initial="fte_jobs"), "keeps its kind and its first value"),
    "a first value": (equation("own_one", "fte_jobs", unit="人", initial=5), "initial is 5"),
    "a batch that is no number": (batches(np.full(30, np.nan)), "“batch” says"),
    "a batch that is broken": (batches(np.full(30, 0.5)), "“batch” says"),
    "a batch below nothing": (batches(np.full(30, -1)), "“batch” says"),
    "a batch too short": (batches(np.zeros(29)), "of the 30 draws"),
    "a batch of texts": (batches(["a"] * 30), "the draws of “batch”"),
}


@pytest.mark.parametrize("slip", OTHERS)
def test_a_slip_is_told_by_what_is_wrong(slip: str) -> None:
    call, words = OTHERS[slip]
    assert words in told(call)


@pytest.mark.parametrize("name", ["scenario", "month", "quantile", "year", "draw"])
def test_an_outcome_is_not_called_as_a_dimension(name: str) -> None:
    assert f"an outcome cannot be called “{name}”" in told(outcome("fte_jobs / active_firms", name=name))
    assert name in few().outcome("own", "fte_jobs").to_dataset().coords


def test_a_fix_keeps_its_value() -> None:
    said = told(lambda: sd.design("local_output=60亿元", levers=["fund_size"], fix={"fund_size": "2 亿元"}, draws=50))
    assert "free and fixed at once" in said


def test_what_is_there_may_be_said_again() -> None:
    before = MODEL.equation("startup_exit")
    again = MODEL.with_equation("startup_exit", "old", kind=before.kind, initial=before.initial)
    assert again.equation("startup_exit").kind == before.kind
    assert MODEL.with_equation("own_one", "fte_jobs", unit="人").equation("own_one").kind in get_args(Kind)


def test_numbers_of_numpy_and_paths_are_as_good_as_python_s(tmp_path: Path) -> None:
    one = sd.run("baseline", draws=np.int64(20), seed=np.int32(2), prior=np.bool_(False))  # type: ignore[arg-type]
    assert one.frame().equals(sd.run("baseline", draws=20, seed=2).frame())
    path = tmp_path / "own.toml"
    path.write_text(
        'base = "baseline"\ntitle = { zh = "自定", en = "Own" }\nquestion = { zh = "如何？", en = "How?" }\n',
        encoding="utf-8",
    )
    assert sd.run(path, draws=5).verdicts.draws == 5  # type: ignore[arg-type]


TABLE = pd.DataFrame(
    {
        "package": ["a", "a", "b", "b"], "what": ["x", "y", "x", "y"],
        "label": ["A", "A", "B", "B"], "note": ["n"] * 4, "year": [2027, 2030, 2027, 2030],
        "kept": [True, False, True, True], "trust": [0.5, 0.6, 0.7, 0.8], "count": [1, 2, 3, 4],
        "lacking": [None, True, False, True], "nothing": [None] * 4,
    }
)  # fmt: skip


@pytest.mark.parametrize("name", ["kept", "trust", "count"])
@pytest.mark.parametrize("keys", [("package", "what"), ("number",)], ids=len)
@pytest.mark.parametrize("how", ["different", "the same everywhere", "by one key", "none is there"])
def test_a_number_is_a_variable_whatever_it_comes_to(
    name: str, keys: tuple[str, ...], how: str, tmp_path: Path
) -> None:
    table = TABLE.assign(number=range(4))
    if how == "the same everywhere":
        table[name] = table[name].iloc[0]
    elif how == "by one key" and name != "count":
        table[name] = [table[name].iloc[0], table[name].iloc[1]] * 2
    elif how == "none is there":
        table[name] = None
    found = dataset_of(table, *keys)
    assert name in found.data_vars
    assert all(isinstance(value, str) for value in found.attrs.values())
    assert {*map(str, found.variables), *found.attrs} == {*table.columns}
    found.to_netcdf(tmp_path / "found.nc")
    read = xr.load_dataset(tmp_path / "found.nc")
    assert read.attrs == found.attrs
    assert {*read.data_vars} == {*found.data_vars}


def test_texts_and_years_hang_on_their_key() -> None:
    found = dataset_of(TABLE, "package", "what")
    assert found.attrs == {"note": "n"}
    assert (found["label"].dims, found["year"].dims) == (("package",), ("what",))
    assert {"label", "year"} <= {*found.coords}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_that_stand_together_end_each(language: Language) -> None:
    said = sd.why("zhengzhou_2025", draws=20).say(language)
    stop = "。" if language == "zh" else "."
    assert said.endswith(stop)
    sentences = [part for part in said.split("。" if language == "zh" else ". ") if part]
    assert len(sentences) == 2
    assert all(part[:1] == part[:1].upper() for part in sentences)


@pytest.mark.parametrize("reports", [1, 2])
@pytest.mark.parametrize("findings", [0, 1, 2])
def test_one_is_told_as_one(reports: int, findings: int) -> None:
    class Counted:
        pass

    posterior: Any = Counted()
    posterior.reports, posterior.findings = reports, findings
    said = captions.evidence_words(posterior, "en")
    assert said.startswith("1 report" if reports == 1 else "2 reports")
    assert ("1 reports" in said, "1 findings" in said) == (False, False)
    assert ("finding" in said) == (findings > 0)
    assert str(reports) in captions.evidence_words(posterior, "zh")


def test_every_word_of_a_question_was_tried() -> None:
    """A word that a question gains must be tried here too."""
    for question, function in (("run", sd.run), ("design", sd.design), ("sensitivity", sd.sensitivity)):
        words = {
            name
            for name, word in inspect.signature(function).parameters.items()
            if word.kind is inspect.Parameter.KEYWORD_ONLY
        }
        assert words <= {*ASKED}, question
    assert {*get_type_hints(PackageOptions)} - {"model"} <= {*ASKED}
