"""Do command line, scenario files, workbooks, targets and the page read what people write alike, or refuse it alike?

One table of cases (quantity_cases.toml) is put to each of them; what the program prints can be typed back. Does NOT
establish that the table holds everything that people write.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from engine_page import EnginePage, engine_page, shipped
from shudian.amounts import amount_text
from shudian.analysis.design_goal import read_goal
from shudian.evidence import load_parameters
from shudian.kinds import InputError, Language, Model, Parameter
from shudian.messages import catalogue, in_language
from shudian.parameters import DATE
from shudian.quantities import read_month, read_start, read_value, write_month, write_value
from shudian.report.design.words import value_text
from shudian.report.scenario_workbook import scenario_workbook
from shudian.report.sensitivity.words import parameter_value
from shudian.report.words.explanation import range_text
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario
from shudian.units import conversion, unit_label
from shudian.wording import texts

CASES = tomllib.loads(Path(__file__).with_name("quantity_cases.toml").read_text(encoding="utf-8"))
PARAMETERS = load_parameters()
LANGUAGES: tuple[Language, ...] = ("zh", "en")
HEAD = 'base = "baseline"\ntitle = "一"\nquestion = "？"\n'


def internal(name: str, case: dict[str, Any]) -> float:
    if "date" in case:
        return float(read_month(case["date"]))
    parameter = PARAMETERS[name]
    return float(case["value"]) * conversion(parameter.display_unit, parameter.unit)


ACCEPTED = [(c["parameter"], text, internal(c["parameter"], c)) for c in CASES["accepted"] for text in c["texts"]]
REFUSED = [(c["parameter"], text) for c in CASES["refused"] for text in c["texts"]]
BESIDE = [
    (c["parameter"], text, internal(c["parameter"], {"value": value}))
    for c in CASES["beside"]
    for text, value in c["texts"].items()
]


def last(levers: Any, name: str) -> float:
    return float(levers[name][-1].value)


@pytest.mark.parametrize(("name", "text", "value"), ACCEPTED)
def test_an_amount_is_read(name: str, text: str, value: float) -> None:
    assert read_value(text, PARAMETERS[name]) == pytest.approx(value, rel=1e-15)
    # spaces at the ends are a slip of the keyboard
    assert read_value(f" {text}\u3000", PARAMETERS[name]) == read_value(text, PARAMETERS[name])


@pytest.mark.parametrize(("name", "text"), REFUSED)
def test_what_may_mean_two_things_or_none_is_refused_with_an_example(name: str, text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_value(text, PARAMETERS[name])
    assert any(sign in str(refused.value) for sign in ("as in", "which is", "whole ones", "anew"))
    assert not re.search(" (is|has|can|so|the) ", in_language(refused.value, "zh"))


def test_the_command_line_and_a_scenario_file_read_the_same(tmp_path: Path) -> None:
    package = load_scenario("baseline", PARAMETERS)
    for number, (name, text, value) in enumerate(ACCEPTED):
        table = "levers" if PARAMETERS[name].role == "lever" else "assumptions"
        chosen = with_settings(package, [f"{name}={text}"], PARAMETERS)
        path = tmp_path / f"s{number}.toml"
        path.write_text(f'{HEAD}[{table}]\n{name} = "{text}"\n', encoding="utf-8")
        written = load_scenario(path, PARAMETERS)
        for found in (chosen, written):
            assert last(getattr(found, table), name) == pytest.approx(value, rel=1e-15), text
    for name, text in REFUSED:
        with pytest.raises(InputError):
            with_settings(package, [f"{name}={text}"], PARAMETERS)


@pytest.mark.parametrize(("month", "text"), [(m, text) for m, texts in CASES["starts"].items() for text in texts])
def test_a_month_in_which_something_begins_is_read(month: str, text: str) -> None:
    assert read_start(text) == read_month(month)
    package = load_scenario("baseline", PARAMETERS)
    chosen = with_settings(package, [f"fund_size=1亿元@{text}"], PARAMETERS)
    assert chosen.levers["fund_size"][-1].start == read_month(month)


def test_a_workbook_reads_what_stands_beside_its_units(tmp_path: Path) -> None:
    """One workbook holds one text of each lever."""
    few = [(c["parameter"], text, internal(c["parameter"], c)) for c in CASES["accepted"] for text in c["texts"][:3]]
    waiting = [*BESIDE, *(case for case in few if PARAMETERS[case[0]].role == "lever")]
    while waiting:
        batch = {name: (text, value) for name, text, value in reversed(waiting)}
        waiting = [case for case in waiting if batch[case[0]] != (case[1], case[2])]
        path = tmp_path / "mine.xlsx"
        scenario_workbook(PARAMETERS, "mine", "zh").save(path)
        _fill(path, {name: text for name, (text, _) in batch.items()})
        found = load_scenario(path, PARAMETERS).levers
        for name, (text, value) in batch.items():
            assert last(found, name) == pytest.approx(value, rel=1e-15), (name, text)


def _fill(path: Path, texts: dict[str, str]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    heads = {str(cell.value): cell.column for row in sheet.iter_rows(max_row=12) for cell in row if cell.value}
    value = next(column for head, column in heads.items() if head.startswith("数值1"))
    start = next(column for head, column in heads.items() if head.startswith("起始年月1"))
    for row in sheet.iter_rows():
        name = next((str(cell.value) for cell in row if cell.value in texts), "")
        if name:
            sheet.cell(row[0].row, value).value = texts[name]
            sheet.cell(row[0].row, start).value = "2026年7月"
    book.save(path)


@pytest.mark.parametrize("text", ["2 亿元", "200 million yuan", "¥2亿", "20000万", "两亿", "2億元"])
def test_a_budget_and_a_target_are_read_alike(model: Model, text: str) -> None:
    goal = read_goal(f"local_output={text}", 2027, 0.5, text, model)
    assert goal.budget == pytest.approx(2)
    assert goal.threshold == pytest.approx(20_000)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[EnginePage]:
    with engine_page(browser, shipped()[0]) as found:
        yield found


ASK = """([cases]) => cases.map(([name, text, unit]) => {
  const p = Shudian.scenario.parameters().get(name), A = Shudian.amounts;
  try {
    const value = p.kind === "date" ? A.month(text) : A.measured(unit ? A.beside(text, unit) : text, p);
    const wrong = Shudian.scenario.complaint(p, value);
    return wrong ? wrong : value;
  } catch (error) {
    if (error instanceof Shudian.toml.Mistake) return error.text;
    throw error;
  }
})"""


def test_the_page_reads_every_amount_to_the_last_bit(page: EnginePage) -> None:
    found = page.ask(ASK, [[[name, text, ""] for name, text, _ in ACCEPTED]])
    for (name, text, _), value in zip(ACCEPTED, found, strict=True):
        assert value == read_value(text, PARAMETERS[name]), (name, text, value)


def test_the_page_refuses_the_same_in_both_languages(page: EnginePage) -> None:
    found = page.ask(ASK, [[[name, text, ""] for name, text in REFUSED]])
    for (name, text), value in zip(REFUSED, found, strict=True):
        assert isinstance(value, dict), (name, text, value)
        assert all(value.values()), text


def bare(sentence: str) -> str:
    """A sentence without its capital, its full stop and what it says of a parameter."""
    plain = sentence.replace("“{value}”", "{value}")
    plain = re.split("[;；] ?(?:{expected}|“{name}”)", plain)[0].rstrip(".。")
    return plain[:1].lower() + plain[1:]


def test_the_page_refuses_in_the_words_of_the_command_line() -> None:
    known = {bare(english): bare(chinese) for english, chinese in catalogue()["own"].items()}
    said = {key: text for key, text in texts().items() if key.startswith("page_amount_")}
    assert len(said) > 10
    for key, text in said.items():
        assert known.get(bare(text["en"])) == bare(text["zh"]), key


def test_a_field_of_the_page_takes_the_unit_beside_it(page: EnginePage) -> None:
    units = [unit_label(PARAMETERS[name].display_unit, "zh") for name, _, _ in BESIDE]
    found = page.ask(ASK, [[[name, text, unit] for (name, text, _), unit in zip(BESIDE, units, strict=True)]])
    for (name, text, value), read in zip(BESIDE, found, strict=True):
        assert read == pytest.approx(value, rel=1e-15), (name, text)


SETTABLE = [p for p in PARAMETERS.values() if p.role in ("lever", "assumption", "uncertain") and p.low < p.high]


@given(st.sampled_from(SETTABLE), st.data())
def test_whatever_is_printed_can_be_typed_back(parameter: Parameter, data: st.DataObject) -> None:
    shown = 1.0 if parameter.display_unit == DATE else conversion(parameter.display_unit, parameter.unit)
    drawn = data.draw(st.floats(parameter.low, parameter.high))
    whole = parameter.whole or parameter.display_unit == DATE
    value = float(round(drawn)) if whole else float(f"{round(drawn / shown, 6):.3g}") * shown
    value = min(max(value, parameter.low), parameter.high)
    if parameter.display_unit == DATE:
        assert read_value(write_month(value), parameter) == value
        return
    texts = [write_value(value, parameter).strip('"')]
    for language in LANGUAGES:
        texts += [amount_text(value, parameter, language), parameter_value(value, parameter, language)]
        if parameter.role == "lever":
            texts.append(value_text(parameter, value, language))
    for text in texts:
        # shares and rates are printed to a tenth of a point, everything else to three digits and more
        near = 6e-4 if parameter.unit in ("1", "1/month") else 1e-9 * max(abs(value), 1e-12)
        assert abs(read_value(text, parameter) - value) <= near, (text, value)


@pytest.mark.parametrize("parameter", SETTABLE, ids=lambda parameter: parameter.name)
def test_the_ends_of_a_range_can_be_typed_back(parameter: Parameter) -> None:
    for language in LANGUAGES:
        low, high = range_text(parameter, language).split("至" if language == "zh" else " to ")
        assert read_value(high, parameter) == pytest.approx(parameter.high, rel=2e-3)
        if language == "zh":
            assert read_value(low, parameter) == pytest.approx(parameter.low, rel=2e-3)
