"""Is a strange figure told with both explanations: that the report is wrong, and what the model would have to be?

It does not establish which of the two is true, nor that the mechanism that is missing would be found by it; that a
structure is missing is said where no prior world, no other definition and no contested form gives the number.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from shudian.analysis.contested_forms import load_contested_forms
from shudian.answers.calibration.rereading import Rereading, reread
from shudian.calibrate.target import HISTORY
from shudian.draws import Draws
from shudian.evidence import load_figures
from shudian.forecasts.prior_predictive import Place
from shudian.grounds import posterior_draws
from shudian.kinds import LANGUAGES, Figure, Model
from shudian.observe.comparison import Comparison, compare
from shudian.observe.likelihood import Observer
from shudian.observe.reports import Report, report_of
from shudian.observe.rules import load_rules
from shudian.parameters import HOME
from shudian.posterior_file import read_posterior
from shudian.report.calibration.words import rival_text
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.structure import load_model


@lru_cache
def model() -> Model:
    return load_model()


@lru_cache
def draws() -> Draws:
    return posterior_draws(model(), read_posterior(), 1000, seed=4)


def figure(like: str, **changes: object) -> Figure:
    return replace(load_figures()[like], **changes)  # type: ignore[arg-type]


def compared(found: Figure) -> tuple[Report, Comparison]:
    report = report_of(found, model(), load_rules(model()))
    assert report is not None
    observer = Observer((report,))
    run = bare_run(model(), load_scenario(HISTORY, model().parameters), draws(), observer.variables)
    return report, compare(observer, run)[0]


def read_again(found: Figure, reach: float = 0.3) -> tuple[Rereading, float]:
    """The Rereading of a figure that `reach` of the prior worlds print, and the probability that it is wrong."""
    report, comparison = compared(found)
    place = Place(report, "level", (1.0, 1.0), 1.0, 1.0, 1.0, reach / 2, 1 - reach / 2, 4000)
    return reread([comparison], [place], draws(), model(), load_rules(model()), HOME)[0], comparison.faulty


def test_a_number_of_another_definition_is_found_to_be_one() -> None:
    """The whole market as if viewers paid it, and what advertising pays as if it were the market."""
    for value, definition, meant in ((500.0, "market_with_manju", "ad_market"), (900.0, "paid_market", "gross_market")):
        found = figure("NAT-107", definition=definition, value=value, bound="exact", low=None, high=None)
        again, faulty = read_again(found)
        assert faulty > 0.5
        assert meant in again.definitions
        assert definition not in again.definitions
        assert again.times == pytest.approx(value / np.median(compared(found)[1].best.level))
        assert not again.lacks_structure


def test_an_ordinary_number_asks_for_no_other_scope() -> None:
    again, faulty = read_again(figure("NAT-107"))
    assert faulty < 0.25
    assert again.times is None


@pytest.mark.parametrize(("reach", "lacks"), [(0.3, False), (0.001, True)])
def test_what_no_prior_world_prints_is_asked_of_the_structure_first(reach: float, lacks: bool) -> None:
    """A thousand times what the model has: neither definition nor form gives it, and the priors decide what is said."""
    again, faulty = read_again(figure("ZC01", value=80_000.0, low=80_000.0, high=90_000.0), reach)
    assert faulty > 0.99
    assert not again.definitions
    assert not again.forms
    assert again.lacks_structure == lacks
    told = {language: rival_text(again, language) for language in LANGUAGES}
    assert ("应先想缺了什么机制" in told["zh"]) == lacks
    assert ("ask which mechanism is missing" in told["en"]) == lacks
    assert ("the other reports that exclude it" in told["en"]) != lacks


@pytest.mark.parametrize("nil", [True, False])
def test_the_form_in_which_a_report_is_ordinary_is_named_and_no_other(nil: bool) -> None:
    """Where one form holds the country is made 2.5 times as large; a market as large points to it."""
    form = next(form for form in load_contested_forms(model()) if form.name == "location_pull")
    chosen = form.is_nil(draws()) == nil
    values = draws().values.copy()
    values[draws().names.index("national_market_initial"), chosen] *= 2.5
    found = figure("NAT-107", value=2200.0, bound="exact", low=None, high=None)
    report, comparison = compared(found)
    place = Place(report, "level", (1.0, 1.0), 1.0, 1.0, 1.0, 0.15, 0.85, 4000)
    worlds = replace(draws(), values=values)
    (again,) = reread([comparison], [place], worlds, model(), load_rules(model()), HOME)
    assert [(entry.name, is_nil) for entry, is_nil in again.forms] == [("location_pull", nil)]
    for language in LANGUAGES:
        assert (form.when_nil if nil else form.otherwise).text(language) in rival_text(again, language)
