"""Can an analyst hand in draws, or weigh them again, and does the answer say so, and what they are worth?

Does NOT establish that anybody's draws are right; that is why an answer on them is never called calibrated.
"""

from __future__ import annotations

from html import unescape
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import shudian as sd
from shudian.grounds import order_of_draws
from shudian.kinds import LANGUAGES
from shudian.messages import in_language
from shudian.own_priors import WARNED_BELOW
from shudian.report.run.document import whole
from shudian.report.run.short import basis
from shudian.report.words.captions import posterior_mark
from shudian.report.words.cautions import cautions
from shudian.report.words.finding_text import basis_text

POSTERIOR = sd.posterior().to_dataset()
FEW = POSTERIOR.isel(draw=slice(0, 200))
CALIBRATED = {"zh": "已校准", "en": "Calibrated"}


@pytest.mark.slow
@pytest.mark.parametrize("package", ["zhengzhou_2025", "hangzhou_mode_same_budget"])
def test_the_posterior_handed_back_gives_the_shipped_numbers(package: str) -> None:
    own, shipped = sd.run(package, draws=POSTERIOR), sd.run(package)
    assert own.frame().equals(shipped.frame())
    assert own.chances().equals(shipped.chances())


FORMS = {
    "dataset": lambda: FEW,
    "frame": lambda: FEW.to_dataframe(),
    "columns": lambda: FEW.to_dataframe().reset_index(),
    "mapping": lambda: {name: values.values.tolist() for name, values in FEW.data_vars.items()},
    "chains": lambda: xr.Dataset(
        {name: (("chain", "draw"), values.values.reshape(4, -1)) for name, values in FEW.data_vars.items()}
    ),
    "labels": lambda: FEW.rename({name: sd.model().parameters[str(name)].label.zh for name in FEW.data_vars}),
    "tree": lambda: xr.DataTree.from_dict({"posterior": FEW}),
}


@pytest.mark.parametrize("form", FORMS)
def test_draws_are_read_from_whatever_holds_them(form: str) -> None:
    found = sd.run("zhengzhou_2025", draws=FORMS[form]())
    assert found.frame().equals(run_on_few().frame())
    assert found.answer.draws.digest == run_on_few().answer.draws.digest


KEPT: list[Any] = []


def run_on_few() -> Any:
    if not KEPT:
        KEPT.append(sd.run("zhengzhou_2025", draws=FEW))
    return KEPT[0]


def test_draws_keep_their_order() -> None:
    turned = sd.run("zhengzhou_2025", draws=FEW.isel(draw=slice(None, None, -1)))
    one, other = run_on_few().to_dataset()["fte_jobs_yearly"], turned.to_dataset()["fte_jobs_yearly"]
    assert np.array_equal(one.values, other.values[:, :, ::-1])
    row = run_on_few().answer.draws.names.index("entry_rate")
    np.testing.assert_array_equal(run_on_few().answer.draws.values[row], FEW["entry_rate"])


def test_a_unit_that_is_written_is_read() -> None:
    name = next(str(n) for n, v in FEW.data_vars.items() if v.attrs["units"].endswith("/month"))
    other = FEW.copy()
    other[name] = (FEW[name] * 12).assign_attrs(units=FEW[name].attrs["units"].replace("/month", "/year"))
    found = sd.run("zhengzhou_2025", draws=other)
    assert found.frame()["median"].to_numpy() == pytest.approx(run_on_few().frame()["median"].to_numpy(), rel=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_on_them_says_so_everywhere_and_is_never_calibrated(language: Any) -> None:
    found = run_on_few()
    told = [
        basis_text(found.verdicts, language),
        basis(found.verdicts, language),
        posterior_mark(found.verdicts.grounds.posterior, language),
        str(whole(found.verdicts, language)),
        " ".join(c.long.text(language) + c.short.text(language) for c in cautions(found.verdicts)),
    ]
    for text in told:
        assert {"zh": "自行提供", "en": "own"}[language] in text or "handed in" in text
        assert CALIBRATED[language] not in text
    assert not found.verdicts.grounds.calibrated
    assert found.to_dataset().attrs["calibrated"] == "no"
    assert found.to_dataset().attrs["posterior"] == ""
    assert "Draws of one's own" in found.to_dataset().attrs["basis"]
    assert "handed in" in found._repr_html_()
    assert {kept.data for kept in found.verdicts.structures.forms} == {"unasked"}
    assert found.verdicts.change is None


def test_it_can_be_asked_on() -> None:
    assert "200 draws of one's own" in unescape(run_on_few().why("fte_jobs")._repr_html_())
    assert run_on_few().without("fund_size").verdicts.grounds.why == "handed"
    compared = sd.compare("zhengzhou_2025", "shenzhen_mode", draws=FEW, against="baseline")
    assert compared.verdicts.grounds.why == "handed"
    assert (
        compared.frame()[lambda f: f["scenario"] == "zhengzhou_2025"]
        .reset_index(drop=True)
        .equals(run_on_few().frame()[lambda f: f["scenario"] == "zhengzhou_2025"].reset_index(drop=True))
    )


@settings(max_examples=10, deadline=None)
@given(copies=st.lists(st.integers(0, 6), min_size=40, max_size=40).filter(any))
def test_draws_that_stand_there_several_times_are_worth_less(copies: list[int]) -> None:
    weight = np.array(copies)
    again = FEW.isel(draw=np.repeat(np.arange(40), weight))
    found = sd.run("zhengzhou_2025", draws=again)
    assert found.effective == pytest.approx(min(weight.sum() ** 2 / (weight**2).sum(), weight.sum()))


def test_what_is_lacking_comes_from_the_priors_where_that_was_asked() -> None:
    found = sd.run("zhengzhou_2025", draws={"entry_rate": FEW["entry_rate"]}, prior=True, seed=7)
    plain = sd.run("zhengzhou_2025", draws=FEW.sizes["draw"], prior=True, seed=7)
    same = (found.answer.draws.values == plain.answer.draws.values).all(axis=1)
    assert [n for n, s in zip(plain.answer.draws.names, same, strict=True) if not s] == ["entry_rate"]


def changed(name: str, values: Any) -> Any:
    return FEW.assign({name: ("draw", values)})


MISTAKES = {
    "a name": (lambda: FEW.rename({"entry_rate": "entry_rat"}), {}, "did you mean “entry_rate”"),
    "a lever": (lambda: changed("fund_size", np.ones(200)), {}, "“fund_size”, which is no uncertain parameter"),
    "a value": (lambda: changed("entry_rate", np.full(200, -1.0)), {}, "lies outside the range of “entry_rate”"),
    "no number": (lambda: changed("entry_rate", np.full(200, np.nan)), {}, "no finite number"),
    "a text": (lambda: {"entry_rate": ["x"]}, {}, "no finite number"),
    "a lack": (lambda: FEW.drop_vars("entry_rate"), {}, "the draws lack entry_rate; begin with"),
    "much lack": (lambda: {"entry_rate": [0.1]}, {}, "more; begin with"),
    "lengths": (lambda: {"entry_rate": FEW["entry_rate"], "startup_hazard": [0.01]}, {}, "every parameter has as many"),
    "nothing": (lambda: {}, {}, "there are no draws"),
    "twice": (lambda: changed(sd.model().parameters["entry_rate"].label.en, FEW["entry_rate"].values), {}, "twice"),
    "a posterior": (lambda: FEW, {"posterior": "x.parquet"}, "exclude each other"),
    "a prior": (
        lambda: FEW,
        {"priors": {"entry_rate": "normal(0.25, 0.125)"}},
        "entry_rate its values, or its weights",
    ),
    "a condition": (lambda: FEW, {"set": {"national_growth_2026": "20 %/年"}}, "national_growth_2026 its values"),
    "a unit": (lambda: FEW.assign(entry_rate=FEW["entry_rate"].assign_attrs(units="亿元")), {}, "cannot be expressed"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence_in_both_languages(mistake: str) -> None:
    draws, words, said = MISTAKES[mistake]
    with pytest.raises(sd.InputError) as raised:
        sd.run("zhengzhou_2025", draws=draws(), **words)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert in_language(raised.value, "zh") != str(raised.value)


@pytest.mark.slow
def test_a_sensitivity_on_the_posterior_handed_back_has_the_shipped_numbers() -> None:
    """But for what one must believe, which stands on priors that handed draws do not tell."""
    same = POSTERIOR.isel(draw=order_of_draws(sd.posterior().posterior, 1))
    own, shipped = (
        sd.sensitivity("zhengzhou_2025", "shenzhen_mode", outcomes=["fte_jobs"], base_runs=64, draws=draws).frames()
        for draws in (same, None)
    )
    assert own.keys() == shipped.keys()
    assert own.pop("beliefs").empty
    assert not shipped.pop("beliefs").empty
    for name, table in own.items():
        # which of the latent numbers of nil a draw has hangs on its place, and with it whether a prior is just kept
        same_of = [found.drop(columns="keeps", errors="ignore") for found in (table, shipped[name])]
        assert same_of[0].equals(same_of[1]), name


def test_sensitivity_and_design_are_asked_of_handed_draws_and_say_so() -> None:
    hangs = sd.sensitivity("zhengzhou_2025", "shenzhen_mode", outcomes=["fte_jobs"], base_runs=64, draws=FEW)
    assert hangs.found.draws_digest == run_on_few().answer.draws.digest
    mixes = sd.design("local_output=60亿元", levers=["fund_size"], start="2027-01", draws=FEW)
    assert (mixes.found.searched, mixes.found.fresh) == (100, 100)
    for found in (hangs, mixes):
        said = unescape(found._repr_html_())
        assert "200 draws of one's own" in said
        assert "calibrated on" not in said


def test_a_sensitivity_draws_what_is_lacking_where_that_was_asked() -> None:
    found = sd.sensitivity(
        "zhengzhou_2025", outcomes=["fte_jobs"], base_runs=64, prior=True, draws={"entry_rate": FEW["entry_rate"]}
    )
    shares = found.frames()["posterior_shares"].set_index("parameter")
    assert shares["keeps"].astype(bool).sum() > 0.8 * len(shares)


def test_too_few_draws_explain_nothing() -> None:
    with pytest.raises(sd.InputError, match="20 or more"):
        sd.why(draws=FEW.isel(draw=slice(0, 5)))


def test_own_priors_say_how_much_their_draws_are_worth() -> None:
    found = sd.run("zhengzhou_2025", priors={"national_growth_2026": "normal(0.45, 0.05)"})
    worth = found.verdicts.grounds.posterior.effective
    assert worth is not None
    assert 400 < worth < WARNED_BELOW
    assert found.effective == worth
    assert f"{worth:,.0f} independent draws" in repr(found)
    assert f"{worth:,.0f}次独立抽样" in found.say("zh")
    assert f"{worth:,.0f}" in found._repr_html_()
    assert found.to_dataset().attrs["effective_draws"] == f"{worth:.0f}"
    assert "independent draws" not in repr(run_on_few())
