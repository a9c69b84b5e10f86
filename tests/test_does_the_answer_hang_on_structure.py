"""Does the answer where one of two contested forms is true hold for those draws, and is what the data say said right?

Does NOT establish that the forms listed are all that are contested, nor that either of two forms is true.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rich.cells import cell_len

from commands import Terminal
from shudian.analysis.contested_forms import NESTING, ContestedForm, load_contested_forms
from shudian.analysis.reported import band
from shudian.analysis.results import LAST_YEAR, Yearly, evaluate
from shudian.analysis.structures import EFFECTS, LEAST, NIL, OTHERWISE, ByForm, ByStructure, by_structure, what_if
from shudian.analysis.verdicts import MEASURES, Pairing, reached, read
from shudian.answers.plan import Request, plan
from shudian.answers.run import carry_out
from shudian.draws import Draws, draws_of, prior_draws
from shudian.kinds import InputError, Language, Scenario
from shudian.report.words import structures
from shudian.scenarios import load_scenario
from shudian.structure import load_model
from shudian.targets import load_targets, market_of

MODEL = load_model()
FORMS = load_contested_forms(MODEL)
TARGETS = load_targets()
MARKET = market_of(TARGETS)
FEW = 600
REQUEST = Request(("zhengzhou_2025", "hangzhou_mode"), draws=FEW)
VALID = """
[one]
label = { zh = "一", en = "One" }
question = { zh = "是吗？", en = "Is it?" }
parameter = "subsidy_sensitivity"
when_nil = { zh = "不是", en = "it is not" }
otherwise = { zh = "是", en = "it is" }
"""


@cache
def answer():  # type: ignore[no-untyped-def]
    return carry_out(plan(REQUEST))


def found_of(by: ByStructure, name: str) -> ByForm:
    (found,) = (found for found in by.forms if found.form.name == name)
    return found


def test_every_shipped_form_nests_two_structures() -> None:
    assert len(FORMS) >= 8
    for form in FORMS:
        assert form.parameter.prior is not None
        assert form.parameter.prior.distribution == NESTING
        assert 0 < form.prior_nil < 1
        assert form.when_nil != form.otherwise
    assert len({form.parameter.name for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("subsidy_sensitivity", "subsidy_sensitivty", 5, "did you mean “subsidy_sensitivity”"),
        ("subsidy_sensitivity", "coverage_ratio", 5, f"has no {NESTING} prior"),
        ('parameter = "subsidy_sensitivity"', "parameter = 3", 5, "there is no parameter"),
        ("when_nil =", "when_nul =", 6, "“when_nul” is not known here; did you mean “when_nil”"),
        ('otherwise = { zh = "是", en = "it is" }', "", 2, "lacks “otherwise”"),
        ('en = "Is it?"', 'en = ""', 4, "needs a text in both languages"),
        ("[one]", "one = 1\n[two]", 2, "must be a contested form"),
        ("\n[one]", VALID.replace("[one]", "[zero]") + "[one]", 11, "have the same parameter"),
    ],
)
def test_a_mistake_in_the_file_is_refused_with_its_place(
    old: str, new: str, line: int, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "structures.toml"
    path.write_text(VALID, encoding="utf-8")
    assert [form.name for form in load_contested_forms(MODEL, path)] == ["one"]
    assert old in VALID
    path.write_text(VALID.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_contested_forms(MODEL, path)
    assert said in str(refused.value)
    assert str(refused.value).startswith(f"{path}:{line}: ")


def test_the_two_forms_together_give_the_headline() -> None:
    """The law of total probability, for every form, package, target and definition."""
    by, rows = answer().verdicts.structures, answer().verdicts.rows
    told = [found for found in by.forms if found.told]
    assert len(told) > 3
    for found in told:
        assert sum(end.draws for end in found.ends) == FEW
        assert sum(end.prior for end in found.ends) == pytest.approx(1)
        for row in rows:
            for target, by_definition in row.targets.items():
                for definition, chance in by_definition.items():
                    parts = [
                        end.weight.value * end.answers[row.scenario.name].chances[target][definition].value
                        for end in found.ends
                    ]
                    assert sum(parts) == pytest.approx(chance.value)


def test_an_answer_is_that_of_the_draws_of_its_form_run_alone() -> None:
    draws, by = answer().draws, answer().verdicts.structures
    found = found_of(by, "subsidy_pull")
    scenarios = [load_scenario(name, MODEL.parameters) for name in ("zhengzhou_2025", "no_policy")]
    variables = [*{m.variable: 0 for m in MEASURES}, *dict.fromkeys(MARKET.definitions.values(), 0)]
    for end in found.ends:
        nil = found.form.is_nil(draws)
        alone = draws_of(MODEL, np.ascontiguousarray(draws.values[:, nil if end.name == NIL else ~nil]), 1)
        package, base = (evaluate(MODEL, scenario, alone, variables) for scenario in scenarios)
        told = end.answers["zhengzhou_2025"]
        for measure in MEASURES:
            if measure.name in EFFECTS:
                expected = band(read(package, measure) - read(base, measure))
                assert told.effects[measure.name].median == pytest.approx(expected.median, rel=1e-9)
                assert told.effects[measure.name].high == pytest.approx(expected.high, rel=1e-9)
        for definition in MARKET.definitions:
            share = reached(package, MARKET, definition).mean()
            assert told.chances[MARKET.identifier][definition].value == pytest.approx(share)


@dataclass(frozen=True)
class Made:
    """A run whose numbers are made up: the market and everything else are `values` of the draws."""

    scenario: Scenario
    values: NDArray[np.float64]

    @property
    def draws(self) -> int:
        return self.values.size

    def read(self, *_: object) -> NDArray[np.float64]:
        return self.values

    def turns(self) -> Yearly:
        raise NotImplementedError


def with_nil(draws: Draws, share: Mapping[str, float], calibrated: bool = True) -> Draws:
    """`draws` with the first `share` of the draws at nil in each named form's parameter, and none of the others."""
    values = draws.values.copy()
    generator = np.random.default_rng(3)
    for form in FORMS:
        row = draws.names.index(form.parameter.name)
        count = round(share.get(form.name, form.prior_nil) * values.shape[1])
        values[row] = generator.permutation(np.where(np.arange(values.shape[1]) < count, 0.0, 0.1))
    return draws_of(MODEL, values, 1, "posterior" if calibrated else "")


def made_up(draws: Draws, values: Mapping[str, NDArray[np.float64]]) -> ByStructure:
    scenarios = {name: replace(load_scenario("no_policy", MODEL.parameters), name=name) for name in values}
    runs = [Made(scenarios[name], amounts) for name, amounts in values.items()]
    pairing = Pairing("package", dict.fromkeys(values, "base"), {})
    ranked = {name: amounts for name, amounts in values.items() if name != "base"}
    return by_structure(FORMS, draws, runs, pairing, TARGETS, ranked)


PRIOR = prior_draws(MODEL, 2000, 1)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(FORMS), st.floats(0.02, 0.98))
def test_the_data_favour_the_form_that_has_more_weight_than_before(form: ContestedForm, share: float) -> None:
    draws = with_nil(PRIOR, {form.name: share})
    flat = np.linspace(0, 1, PRIOR.values.shape[1])
    by = made_up(draws, {"package": flat, "base": flat})
    found = found_of(by, form.name)
    share = found.ends[0].weight.value
    factor = share / (1 - share) * (1 - form.prior_nil) / form.prior_nil
    error = np.sqrt(form.prior_nil * (1 - form.prior_nil) / 2000)
    if abs(share - form.prior_nil) < 2 * error:
        assert (found.data, found.favoured) == ("nothing", "")
    elif abs(share - form.prior_nil) > 4 * error:
        assert found.favoured == (NIL if share > form.prior_nil else OTHERWISE)
        assert found.data == ("favour" if max(factor, 1 / factor) >= 3 else "lean")
    assert all(other.data == "nothing" for other in by.forms if other is not found)


def test_no_data_say_nothing_and_are_not_said_to() -> None:
    flat = np.linspace(0, 1, PRIOR.values.shape[1])
    by = made_up(with_nil(PRIOR, {"subsidy_pull": 0.9}, calibrated=False), {"package": flat, "base": flat})
    assert {found.data for found in by.forms} == {"unasked"}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_the_form_that_carries_the_chance_is_named_and_no_other(form: ContestedForm) -> None:
    """The target is reached in a third of the draws of one form and in no draw of the other."""
    nil = form.is_nil(with_nil(PRIOR, {}))
    third = np.arange(nil.size) % 3 == 0
    values = np.where(~nil & third, 2.0, 0.5) * MARKET.threshold
    by = made_up(with_nil(PRIOR, {}), {"package": values, "base": np.zeros_like(values)})
    (widest, *others) = by.ranges("package", MARKET)
    assert widest.found.form is form
    assert (widest.low.name, widest.high.name) == (NIL, OTHERWISE)
    assert widest.chances[0].value == 0
    assert widest.chances[1].value == pytest.approx((~nil & third).sum() / (~nil).sum())
    assert not others
    (effect, *_) = by.effect_ranges("package", "output") or (None,)
    assert effect is None or effect.found.form is form


def test_nothing_is_named_where_nothing_differs() -> None:
    values = np.random.default_rng(1).permutation(np.linspace(0.5, 1.5, 2000)) * MARKET.threshold
    by = made_up(with_nil(PRIOR, {}), {"package": values, "base": values / 2})
    assert not by.ranges("package", MARKET)
    assert not by.effect_ranges("package", "output")
    assert not any(found.flips for found in by.forms)


def test_a_choice_that_turns_is_told_with_who_leads_where() -> None:
    (form,) = (form for form in FORMS if form.name == "subsidy_pull")
    nil = form.is_nil(with_nil(PRIOR, {}))
    noise = np.random.default_rng(2).normal(0, 0.1, nil.size)
    by = made_up(
        with_nil(PRIOR, {}),
        {"package": 1.0 + noise, "rival": np.where(nil, 0.5, 1.2) + noise, "base": np.zeros(nil.size)},
    )
    found = found_of(by, "subsidy_pull")
    (flip,) = found.flips
    assert {(flip.first, flip.first_ahead), (flip.second, flip.second_ahead)} == {
        ("package", NIL), ("rival", OTHERWISE)
    }  # fmt: skip
    assert [end.best for end in found.ends] == [("package",), ("rival",)]
    assert not any(other.flips for other in by.forms if other is not found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_group_of_too_few_draws_has_no_number_anywhere(language: Language) -> None:
    found = carry_out(plan(replace(REQUEST, draws=3 * LEAST)))
    small = [f for f in found.verdicts.structures.forms if any(end.few for end in f.ends)]
    assert small
    for form in small:
        assert all(not end.answers and not end.best for end in form.ends if end.few)
        assert not form.flips
    (table,) = structures.tables(found.verdicts, language)
    rows = {row[0]: row for row in table.rows}
    (data,) = structures.csv(found.verdicts)
    heads = [column.name for column in data.columns]
    few = 0
    for form in small:
        for end in form.ends:
            cells = rows[structures.row_label(form, end, language)][2:]
            written = [row for row in data.rows if (row[0], row[3]) == (form.form.name, end.name)]
            numbers = [row[heads.index(name)] for row in written for name in ("median", "p05", "p95", "error")]
            if end.few:
                few += 1
                assert not any(character.isdigit() for cell in cells for character in cell)
                assert {*numbers} == {None}
            else:
                assert all(any(character.isdigit() for character in cell) for cell in cells)
    assert few
    with_ten = carry_out(plan(replace(REQUEST, draws=10)))
    assert structures.line(with_ten.verdicts, language) == ""


def test_a_form_that_a_setting_decides_is_not_told_apart() -> None:
    package = load_scenario("zhengzhou_2025", MODEL.parameters)
    (form,) = (form for form in FORMS if form.name == "subsidy_pull")
    decided = replace(package, fixed={**package.fixed, form.parameter.name: 0.0})
    variables = [*{m.variable: 0 for m in MEASURES}, *{v: 0 for t in TARGETS for v in t.definitions.values()}]
    run = evaluate(MODEL, decided, prior_draws(MODEL, 250, 1), variables, LAST_YEAR)
    pairing = Pairing(package.name, {package.name: package.name}, {})
    by = by_structure(FORMS, prior_draws(MODEL, 250, 1), [run], pairing, TARGETS, {})
    assert by.decided == (form,)
    assert form not in [found.form for found in by.forms]
    assert len(by.forms) == len(FORMS) - 1


def test_what_if_a_form_is_true_is_told_of_its_draws_alone() -> None:
    (form,) = (form for form in FORMS if form.name == "subsidy_pull")
    draws = with_nil(PRIOR, {})
    nil = form.is_nil(draws)
    noise = np.random.default_rng(2).normal(0, 0.1, nil.size)
    found = what_if(FORMS, draws, np.array([np.where(nil, 1.0, 2.0) + noise, noise]))
    (told,) = (entry for entry in found if entry.form is form)
    assert told.bands[0] == (band(1.0 + noise[nil]), band(2.0 + noise[~nil]))
    assert [told.is_told(outcome) for outcome in (0, 1)] == [True, False]
    assert not any(entry.is_told(0) for entry in found if entry is not told)
    assert sum(weight.value for weight in told.weights) == pytest.approx(1)


def test_what_if_says_nothing_of_too_few_draws() -> None:
    draws = with_nil(PRIOR, {"subsidy_pull": (LEAST - 1) / 2000})
    (told,) = (e for e in what_if(FORMS, draws, np.ones((1, 2000))) if e.form.name == "subsidy_pull")
    assert told.bands[0][0] is None
    assert told.bands[0][1] is not None
    assert not told.is_told(0)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", ["run", "compare"])
def test_the_command_shows_and_writes_it(
    command: str,
    language: Language,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    terminal, place = Terminal(monkeypatch, capsys), tmp_path / "out"
    words = (command, "zhengzhou_2025", "hangzhou_mode", "--draws", str(FEW), "--lang", language)
    full = terminal(*words, "-o", str(place), "--full")
    assert full.code == 0
    begins = {"zh": ("按结构看", "会改变方案的先后"), "en": ("By structure", "turns the ranking by")}[language]
    told = "".join(full.out.split()) if language == "zh" else " ".join(full.out.split())
    assert any(beginning in told for beginning in begins)
    assert max(cell_len(line) for line in full.out.splitlines() if str(tmp_path) not in line) <= 80
    document = (place / "table.md").read_text(encoding="utf-8")
    for form in FORMS:
        assert form.label.text(language) in document
        assert form.label.text(language).split()[0] in full.out
    with (place / "structures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["form"] for row in rows} == {form.name for form in FORMS}
    assert {row["scenario"] for row in rows} >= {"zhengzhou_2025", "hangzhou_mode"}
    data = json.loads((place / "summary.json").read_text(encoding="utf-8"))["structures"]
    assert {*data} == {form.name for form in FORMS}
    for row in rows:
        end = data[row["form"]]["ends"][row["end"]]
        assert float(row["posterior"]) == pytest.approx(end["posterior"]["value"], rel=1e-6)
        if row["quantity"] == "additional_output" and row["median"]:
            told_of = end["answers"][row["scenario"]]["additional"]["output"]
            assert float(row["median"]) == pytest.approx(told_of["median"], rel=1e-6)
