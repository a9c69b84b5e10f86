"""Does any prior rest on a figure that the likelihood uses as well, directly or through a row worked out from it?

Does NOT establish that a prior is right, nor that whoever chose it had not seen the figures; it checks what is cited,
and, of rows worked out from others, the identifiers that their notes print. Nor that two
outlets of one office are always known for one: only the same number of the same thing is. Where a report may be a
repeat in one of its meanings (ZE05 and ZE06 of ZE03), that meaning counts a second time, with its weight; a refit
without ZE06 moves the registered firms by less than a standard error.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from shudian.calibrate.calibration import Evidence
from shudian.evidence import COLUMNS, load_figures
from shudian.indicators import Rule
from shudian.kinds import Figure, InputError, Parameter
from shudian.messages import in_language
from shudian.observe.elsewhere import own_reports
from shudian.observe.reports import load_reports
from shudian.observe.rules import load_rules
from shudian.parameters import HOME, city_titles
from shudian.structure import load_model

MODEL = load_model()
FIGURES = load_figures()
FITTED = {figure.identifier for report in load_reports(MODEL) for figure in report.figures}
UNCERTAIN = [parameter for parameter in MODEL.parameters.values() if parameter.role == "uncertain"]
IDENTIFIER = re.compile(r"\b(?:[A-Z]{3}-\d{3}|[A-Z]{2}\d{2})\b")


def rests_on(identifier: str) -> set[str]:
    """`identifier`, and, where it repeats or is worked out from other figures, every figure behind it."""
    found: set[str] = set()
    ahead = [identifier]
    while ahead:
        here = ahead.pop()
        if here in found:
            continue
        found.add(here)
        figure = FIGURES.get(here)
        if figure is not None and figure.role in ("derived", "context"):
            ahead += [i for i in IDENTIFIER.findall(f"{figure.note} {figure.phrase}") if i in FIGURES]
    return found


@pytest.mark.parametrize("parameter", UNCERTAIN, ids=lambda parameter: parameter.name)
def test_no_prior_rests_on_a_fitted_figure(parameter: Parameter) -> None:
    behind = {cited: rests_on(cited) & FITTED for cited in parameter.evidence}
    assert {cited: sorted(fitted) for cited, fitted in behind.items() if fitted} == {}


@pytest.mark.parametrize("city", [city for city in city_titles() if city != HOME])
def test_no_prior_of_a_city_rests_on_a_figure_that_its_calibration_fits(city: str) -> None:
    """Nor on one that Zhengzhou's fits, whose posterior is the prior of what both share."""
    model = load_model(city)
    fitted = FITTED | {figure.identifier for report in own_reports(city, model) for figure in report.figures}
    behind = {
        (parameter.name, cited): rests_on(cited) & fitted
        for parameter in model.parameters.values()
        if parameter.role == "uncertain"
        for cited in parameter.evidence
    }
    assert {place: sorted(found) for place, found in behind.items() if found} == {}


def test_the_likelihood_uses_the_figures_in_dispute() -> None:
    assert {"ZM01", "ZM03", "ZM07", "ZE01", "ZE03", "ZW04", "ZD03", "ZC01", "ZN01", "NAT-077"} <= FITTED


def test_a_figure_under_a_second_name_is_refused() -> None:
    again = replace(FIGURES["ZM01"], identifier="NEW", source="origin_article", grade="C")
    with pytest.raises(InputError, match="NEW prints the same number for the same thing as ZM01"):
        load_reports(MODEL, FIGURES | {"NEW": again})
    with pytest.raises(InputError, match="count twice"):
        load_reports(MODEL, FIGURES | {"NEW": replace(again, value=178900.0, unit="万元", period_alternatives=())})
    assert len(load_reports(MODEL, FIGURES | {"NEW": replace(again, value=17.9)})) == len(load_reports(MODEL)) + 1


@pytest.mark.parametrize("left_out", [{"growth_percent": None}, {"period_alternatives": (), "growth_percent": None}])
def test_a_figure_is_the_same_without_its_growth(left_out: dict[str, object]) -> None:
    """A second outlet that prints the level alone is no second count."""
    again = replace(FIGURES["ZE03"], identifier="NEW", source="origin_article", **left_out)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="NEW prints the same number for the same thing as ZE03"):
        load_reports(MODEL, FIGURES | {"NEW": again})


def test_a_row_worked_out_from_reports_leads_back_to_them() -> None:
    assert {"ZM03", "ZD03"} <= rests_on("DX05")
    assert "NAT-088" in rests_on("NAT-102"), "a repeat of a report"
    assert rests_on("PRI-004") == {"PRI-004"}


@pytest.mark.parametrize(
    "figure", [f for f in FIGURES.values() if f.source == "own_arithmetic"], ids=lambda f: f.identifier
)
def test_every_row_of_own_arithmetic_names_what_it_was_worked_out_from(figure: Figure) -> None:
    assert len(rests_on(figure.identifier)) > 1


# What stands beside the model only


@pytest.mark.parametrize(
    "rule", [r for r in load_rules(MODEL).rules if not r.is_fitted], ids=lambda rule: rule.indicator
)
def test_what_is_never_fitted_is_refused_whoever_prints_it(rule: Rule, tmp_path: Path) -> None:
    like = next(f for f in FIGURES.values() if (f.indicator, f.definition) == (rule.indicator, rule.definition))
    assert like.identifier not in FITTED
    cells = dict.fromkeys(COLUMNS, "") | {
        "id": "NEW", "indicator": like.indicator, "label_zh": "就业", "label_en": "Jobs", "geography": like.geography,
        "definition": like.definition, "value": "50", "unit": like.unit, "period_start": "2024-01-01",
        "period_end": "2024-12-31", "bound": "exact", "source": like.source, "grade": "A", "role": "calibration",
    }  # fmt: skip
    path = tmp_path / "more.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{','.join(cells[name] for name in COLUMNS)}\n", "utf-8")
    with pytest.raises(InputError, match="NEW counts what stands beside the model and is never fitted") as raised:
        Evidence(extra=path).target()
    assert "从不用于校准" in in_language(raised.value, "zh")
