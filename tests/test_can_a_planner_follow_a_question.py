"""Do the three questions lead through the page, with or without a guess, and does a replay show a change and leave it?

Visits the built page with few draws in headless Chromium. Does NOT establish that the numbers in the sentences are
Python's (they are those of the page, see test_does_the_page_print_what_run_prints), nor that a reader is persuaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from planner_visit import Visit, visiting

QUESTIONS = {
    "fund": {"fund_size": 20_000},
    "parks": {"municipal_parks": 8},
    "copy": {},
}
"""Of each question, what its second step sets."""


IN_SIGHT = """() => [...document.querySelectorAll(".pointed")].map((node) => {
  const box = node.getBoundingClientRect();
  return box.top < innerHeight && box.bottom > 0;
})"""
"""Whether each thing that is pointed at can be seen."""


@pytest.fixture(params=[(1280, 720), (390, 844)], ids=["desk", "phone"])
def visit(page_file: Path, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    with visiting(browser, page_file, request.param) as found:
        yield found


def words(visit: Visit) -> str:
    return visit.text(".story-words")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_told_by_the_keyboard_alone(visit: Visit, question: str) -> None:
    page = visit.page
    page.focus(f'[data-story="{question}"]')
    page.keyboard.press("Enter")
    said: list[str] = []
    for step in range(10):
        visit.painted()
        said.append(words(visit))
        assert re.search(r"\d", said[-1])
        assert not re.search(r"⟦|undefined|NaN|\{", said[-1])
        assert any(page.evaluate(IN_SIGHT))
        if step == 1:
            levers = {name: steps[-1]["value"] for name, steps in visit.state()["levers"].items()}
            assert levers == QUESTIONS[question]
        expect(page.locator("[data-next]")).to_be_focused(timeout=10_000)
        last = page.locator("[data-story-end]").count() == 0
        page.keyboard.press("Enter")
        if last:
            break
    assert len(set(said)) == len(said) in {4, 5}
    assert page.locator(".pointed").count() == 0
    expect(page.locator("#story button").first).to_be_focused(timeout=10_000)


def test_a_guess_is_asked_for_first_and_stands_beside_the_answer(visit: Visit) -> None:
    page = visit.page
    page.check("#guess-first")
    page.click('[data-story="fund"]')
    visit.painted()
    page.click("[data-next]")
    visit.painted()
    assert visit.state()["levers"] == {}
    assert page.locator(".pointed").count() == 0
    page.fill("#guess", "很多")
    page.keyboard.press("Enter")
    assert visit.message()
    page.fill("#guess", "9,000,000人")
    page.keyboard.press("Enter")
    visit.painted()
    assert visit.state()["levers"]["fund_size"][0]["value"] == 20_000
    assert "+9,000,000" in words(visit)
    assert "还高" in words(visit)
    expect(page.locator("[data-next]")).to_be_focused(timeout=10_000)


def test_a_story_gives_way_to_what_a_planner_does(visit: Visit) -> None:
    page = visit.page
    page.click('[data-story="parks"]')
    visit.painted()
    page.click("[data-next]")
    visit.painted()
    told = words(visit)
    page.click("#undo")
    visit.painted()
    assert words(visit) != told
    page.click("[data-next]")
    visit.painted()
    assert visit.state()["levers"]["municipal_parks"][0]["value"] == 8
    page.focus("[data-next]")
    page.keyboard.press("Escape")
    assert page.locator(".story-words").count() == 0
    assert visit.state()["levers"]["municipal_parks"][0]["value"] == 8
    page.click("[data-story-skip]")
    expect(page.locator("#story")).to_be_hidden()
    page.click("#questions")
    expect(page.locator("#story")).to_be_visible()
    fragment = page.evaluate("() => Shudian.share.fragment()")
    visit.open(fragment)
    expect(page.locator("#story")).to_be_hidden()


def test_the_last_change_is_shown_again_and_stays_as_it_is(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("#replay")).to_be_disabled()
    visit.drag("fund_size", 0.9)
    history = "() => JSON.stringify([Shudian.state.history.past, Shudian.state.history.now])"
    before, chances, jobs = page.evaluate(history), visit.chances(), visit.text('[data-figure="jobs"] .finding')
    page.evaluate("""() => { window.seen = new Set(); window.watch = setInterval(() => {
      const now = Shudian.state.history.now.levers.fund_size; window.seen.add(now ? now[0].value : null); }, 20); }""")
    page.click("#replay")
    expect(page.locator("#message")).to_contain_text("重放完毕", timeout=20_000)
    visit.painted()
    assert page.evaluate("() => window.seen.size") > 3
    assert page.evaluate(history) == before
    assert (visit.chances(), visit.text('[data-figure="jobs"] .finding')) == (chances, jobs)
    # whatever is done meanwhile begins with what stood before
    page.click("#replay")
    page.click("#undo")
    visit.painted()
    assert visit.state()["levers"] == {}
    page.click("#redo")
    visit.painted()
    assert page.evaluate(history) == before
