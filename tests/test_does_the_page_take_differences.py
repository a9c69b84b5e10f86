"""Are the page's differences those of Python, draw by draw, and are they taken only in the same worlds?

The engine with the shipped few draws, and the page with fewer, in headless Chromium. Does NOT establish that a
difference is an effect: what a policy does rests on priors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from engine_page import EnginePage, engine_page, plain, shipped
from planner_visit import Visit, visiting
from shudian.analysis.ranking import pair
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import MEASURES, read
from shudian.kinds import Model
from shudian.page.data import OUTPUTS, carried, kept
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@pytest.fixture(scope="module")
def engine(browser: Browser) -> Iterator[EnginePage]:
    with engine_page(browser, shipped()[0]) as page:
        page.ask("() => { window.engine = Shudian.engine.create(Shudian.data, { workers: 2 }); }")
        yield page


TAKEN = """async ([one, other, outputs]) => {
  const reading = Shudian.reading.create(Shudian.data);
  const [a, b] = [await engine.run("one", one), await engine.run("other", other)];
  // what was read before stays as it was when the slot runs something else
  const before = reading.differences(a, b, outputs[0], 1);
  await engine.run("one", other);
  return {
    alike: reading.alike(a, b),
    same: JSON.stringify(before) === JSON.stringify(reading.differences(a, b, outputs[0], 1)),
    fans: outputs.map((name) => reading.differences(a, b, name, 1)),
    ahead: Shudian.data.measures.map((m) => reading.ahead(a, b, m)),
  };
}"""


def test_differences_and_chances_of_being_ahead_are_those_of_python(engine: EnginePage, model: Model) -> None:
    one, other = (load_scenario(name, model.parameters) for name in ("hangzhou_mode", "zhengzhou_2025"))
    found: Any = engine.ask(TAKEN, [plain(one), plain(other), list(OUTPUTS)])
    assert found["alike"]
    assert found["same"]
    draws = carried().draws
    months = [bare_run(model, s, draws, list(OUTPUTS))[:, ::12] for s in (one, other)]
    for fan, ours, theirs in zip(found["fans"], *months, strict=True):
        wanted = np.quantile(ours - theirs, LEVELS, axis=1)
        scale = float(np.abs(ours).max()) or 1.0
        np.testing.assert_allclose(np.array(fan), wanted, rtol=1e-9, atol=1e-12 * scale)
    runs = [evaluate(model, s, draws, kept(model)) for s in (one, other)]
    for measure, told in zip(MEASURES, found["ahead"], strict=True):
        wanted_pair = pair(*(read(run, measure) for run in runs))
        assert told["ahead"] == pytest.approx(wanted_pair.ahead, abs=1e-9), measure.name
        assert told["median"] == pytest.approx(wanted_pair.difference.median, rel=1e-6, abs=1e-6)


@pytest.fixture
def visit(page_file: Path, browser: Browser) -> Iterator[Visit]:
    with visiting(browser, page_file, (1280, 720), accept_downloads=True) as found:
        yield found


def choose(visit: Visit, kind: str) -> None:
    visit.page.select_option("#against", kind)
    visit.painted()


def test_one_switch_turns_every_chart_into_differences_and_back(visit: Visit) -> None:
    page = visit.page
    cards = page.locator("#panel-paths .card")
    level = cards.all_inner_texts()
    choose(visit, "last")
    assert all("还没有上一步" in text for text in page.locator("#panel-paths .finding").all_inner_texts())
    choose(visit, "pin")
    assert all("还没有固定方案" in text for text in page.locator("#panel-paths .finding").all_inner_texts())
    page.click("#pin")
    visit.drag("municipal_parks", 0.9)
    for kind in ("reference", "last", "pin"):
        choose(visit, kind)
        for text in page.locator("#panel-paths .finding").all_inner_texts():
            assert re.match(r"[+−]?[\d,.]+ ", text), text
        for title in page.locator("#panel-paths h3").all_inner_texts():
            assert "之差" in title
    # the last state and the pin are the same scenario here, and a move of the slider shows the few worlds of both
    pinned = visit.text('[data-figure="cost"] .finding strong')
    choose(visit, "last")
    assert visit.text('[data-figure="cost"] .finding strong') == pinned
    page.click('[data-figure="cost"] [data-tool="table"]')
    assert page.locator('[data-figure="cost"] .twin tbody tr').count() == 8
    csv = visit.saved('[data-figure="cost"] [data-tool="csv"]').decode("utf-8-sig")
    assert "cumulative_fiscal_cost_difference_q50" in csv
    assert visit.saved('[data-figure="jobs"] [data-tool="svg"]').decode().startswith("<svg")
    choose(visit, "level")
    page.click("#undo")
    visit.painted()
    page.click('[data-figure="cost"] [data-tool="table"]')
    assert [text.split("\n")[0] for text in cards.all_inner_texts()] == [text.split("\n")[0] for text in level]


def test_the_comparison_has_paired_differences_from_every_pin(visit: Visit) -> None:
    page = visit.page
    page.click("#pin")
    page.select_option("#preset", "shenzhen_mode")
    visit.tab("compare")
    heads = page.locator("#panel-compare table").first.locator("thead th").all_inner_texts()
    assert "与固定A之差" in heads
    cells = page.locator("#panel-compare table").first.locator("tbody tr td:last-child").all_inner_texts()
    assert sum("更高的概率" in cell for cell in cells) == len(MEASURES)


def test_scenarios_in_other_worlds_are_not_taken_from_each_other(visit: Visit) -> None:
    alike = visit.page.evaluate(
        """() => {
          const { reading } = Shudian.difference, context = Shudian.main.context(), { result } = context;
          const other = { ...result, scenario: { ...result.scenario, fixed: { somewhere_else: 1 } } };
          return [result, other, context.few.result].map((found) => reading.alike(result, found));
        }"""
    )
    assert alike == [True, False, False]
