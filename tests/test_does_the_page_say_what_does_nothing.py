"""Does the page say beside a lever that it does nothing, for Python's reason, and is the subsidy one control?

In real headless Chromium. Python's `zero` is `unmoved` on the page, which keeps no variable that would tell the
two apart, so that these are not compared. It does not establish that the reasons are right: see
test_does_every_lever_act_or_say_why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from combinations import thinned
from engine_page import EnginePage, engine_page, plain, shipped, with_draws
from planner_visit import MOVING, Visit, visiting
from shudian.analysis.contribution import INSTRUMENTS
from shudian.analysis.idle import idle
from shudian.analysis.verdicts import judged
from shudian.draws import Draws
from shudian.kinds import Parameter
from shudian.page.data import carried
from shudian.report.words.idle_text import idle_clause
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario
from shudian.structure import load_model
from shudian.targets import load_targets
from test_does_every_lever_act_or_say_why import SETTINGS, over_its_range, put

MODEL = load_model()
LEVERS = [p for p in MODEL.parameters.values() if p.role == "lever"]
SUBSIDY = INSTRUMENTS["production_subsidy"]
FEW = 50
"""Draws where there are many dates; with fewer, those that may stray would be a larger share."""
STRAYED = 2.2
"""Draws that may lie on the other side: another engine rounds otherwise."""
_UNMOVED = """
async (asked) => {
  const found = [];
  for (const [name, scenario, before] of asked) found.push(await window.engine.unmoved(name, scenario, before));
  return found;
}
"""


@contextmanager
def asked(browser: Browser, data: Mapping[str, Any]) -> Iterator[EnginePage]:
    with engine_page(browser, data) as page:
        page.ask("() => { window.engine = Shudian.engine.create(Shudian.data, { workers: 2 }); }")
        yield page


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[EnginePage]:
    with asked(browser, shipped()[0]) as page:
        yield page


@pytest.fixture(scope="module")
def page_of_few(browser: Browser) -> Iterator[EnginePage]:
    """Fewer draws: both engines are given the same ones, and there are many dates."""
    with asked(browser, with_draws(carried(FEW).draws)) as page:
        yield page


def agree(page: EnginePage, draws: Draws, lever: Parameter, bases: Sequence[str], points: int, start: float) -> None:
    changes = [
        (put(before, {lever.name: value}, start), before)
        for before in (load_scenario(base, MODEL.parameters) for base in bases)
        for value in over_its_range(lever, points)
    ]
    said = page.ask(_UNMOVED, [[lever.name, plain(scenario), plain(before)] for scenario, before in changes])
    variables, strayed = judged(MODEL, load_targets()), STRAYED / draws.values.shape[1]
    for (scenario, before), told in zip(changes, said, strict=True):
        (expected,) = idle(MODEL, scenario, before, draws, variables) or (None,)
        case = (lever.name, scenario.name, scenario.levers[lever.name][-1])
        assert (told is None) == (expected is None), case
        if expected:
            reason = {"zero": "unmoved"}.get(expected.reason, expected.reason)
            assert (told["reason"], told["start"]) == (reason, expected.start), case
            assert told["needs"] == [p.name for p in expected.needs], case
            assert told["share"] == pytest.approx(expected.share, abs=strayed), case
            assert told["whole"] == pytest.approx(expected.whole, abs=strayed), case


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_the_page_finds_what_python_finds(lever: Parameter, page: EnginePage) -> None:
    # of the other packages fewer draws are asked, below
    agree(page, carried().draws, lever, ("zhengzhou_2025",), 3, 36.0)


STARTS = (36.0, 53.0, 60.0, 95.0)
BASES = ("baseline", "no_policy", "zhengzhou_2025", "shenzhen_mode")


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_the_page_finds_what_python_finds_at_any_date(lever: Parameter, start: float, page_of_few: EnginePage) -> None:
    bases = [base for of, base, at in thinned(2, LEVERS, BASES, STARTS) if (of, at) == (lever, start)]
    agree(page_of_few, carried(FEW).draws, lever, bases, 6, start)


@pytest.fixture
def visit(page_file: Path, browser: Browser) -> Iterator[Visit]:
    with visiting(browser, page_file, (1280, 800)) as found:
        yield found


def enter(visit: Visit, lever: str, text: str) -> None:
    field = visit.page.locator(f'[data-field="{lever}"]')
    field.fill(text)
    field.press("Enter")
    visit.painted()


def notes(visit: Visit) -> dict[str, str]:
    shown = visit.page.locator("[data-idle]:not([hidden])").all()
    return {str(node.get_attribute("data-idle")): node.inner_text() for node in shown}


def starts(visit: Visit) -> dict[str, Any]:
    return {name: steps[-1]["value"] for name, steps in visit.state()["levers"].items()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lever_that_does_nothing_says_so_beside_it(language: str, visit: Visit) -> None:
    if language == "en":
        visit.page.click("#language")
        visit.painted()
    enter(visit, "production_subsidy_rate", "30")
    before = load_scenario("zhengzhou_2025", MODEL.parameters)
    scenario = put(before, {"production_subsidy_rate": 0.3})
    (found,) = idle(MODEL, scenario, before, carried(MOVING).draws, judged(MODEL, load_targets()))
    clause = idle_clause(found, "zh" if language == "zh" else "en")
    assert [*notes(visit)] == ["production_subsidy_rate"]
    assert notes(visit)["production_subsidy_rate"].startswith(clause)
    # a lever that acts says nothing, and what is said goes when it is no longer true
    enter(visit, "municipal_parks", "8")
    assert [*notes(visit)] == ["production_subsidy_rate"]
    visit.page.click("#reset")
    visit.painted()
    assert notes(visit) == {}


def test_what_is_lacking_is_set_with_one_click_and_one_undo(visit: Visit) -> None:
    enter(visit, "production_subsidy_cap", "100")
    visit.page.click('[data-supply="production_subsidy_cap"]')
    visit.painted()
    assert {*starts(visit)} == {*SUBSIDY}
    assert notes(visit) == {}
    assert "撤销" in visit.message()
    visit.page.click("#undo")
    visit.painted()
    assert starts(visit) == {"production_subsidy_cap": 100}
    assert [*notes(visit)] == ["production_subsidy_cap"]


def test_the_subsidy_is_one_control(visit: Visit) -> None:
    group = visit.page.locator(".instrument")
    assert {node.get_attribute("data-lever") for node in group.locator("[data-lever]").all()} == {*SUBSIDY}
    switch = visit.page.locator('[data-instrument="production_subsidy"]')
    assert not switch.is_checked()
    switch.click()
    visit.painted()
    shenzhen = load_scenario("shenzhen_mode", MODEL.parameters)
    assert starts(visit) == {name: shenzhen.levers[name][-1].value for name in SUBSIDY}
    assert switch.is_checked()
    assert "深圳模式" in visit.message()
    assert notes(visit) == {}
    enter(visit, "production_subsidy_rate", "20")
    assert starts(visit)["production_subsidy_rate"] == pytest.approx(0.2)
    for _ in range(2):
        visit.page.click("#undo")
        visit.painted()
    assert starts(visit) == {}
    assert not switch.is_checked()


def test_the_switch_closes_a_subsidy_that_a_package_has(visit: Visit) -> None:
    visit.page.select_option("#preset", "shenzhen_mode")
    visit.painted()
    switch = visit.page.locator('[data-instrument="production_subsidy"]')
    assert switch.is_checked()
    switch.click()
    visit.painted()
    assert starts(visit) == dict.fromkeys(SUBSIDY, 0)
    switch.click()
    visit.painted()
    assert all(starts(visit)[name] > 0 for name in SUBSIDY)


@pytest.mark.parametrize(("base", "settings", "expected"), SETTINGS)
def test_of_several_changes_the_page_names_those_that_python_names(
    base: str, settings: list[str], expected: dict[str, str], page: EnginePage
) -> None:
    before = load_scenario(base, MODEL.parameters)
    scenario = with_settings(before, settings, MODEL.parameters)
    if scenario.fixed:
        return  # the page has no lever for what is not scheduled
    said = {}
    for name in [name for name in scenario.levers if scenario.levers[name] != before.levers.get(name)]:
        levers = {lever: steps for lever, steps in scenario.levers.items() if lever != name}
        levers |= {name: before.levers[name]} if name in before.levers else {}
        (found,) = page.ask(_UNMOVED, [[name, plain(scenario), plain(replace(scenario, levers=levers))]])
        if found:
            said[name] = found["reason"]
    assert said == expected
