"""Can a planner ask on the page what if a parameter were a certain value, and set a prior of their own?

In headless Chromium, with mouse or keyboard, in both languages; with fewer draws than are shipped, and enough to carry
an answer. Does not establish that the numbers are those of Python (test_does_the_page_keep_to_the_reports asks that).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from planner_visit import ENOUGH, Visit, ample_page
from shudian.wording import texts

GROWTH = "national_growth_2026"


@pytest.fixture(scope="module")
def visit(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    path = tmp_path_factory.mktemp("page") / "planner.html"
    path.write_text(ample_page(), encoding="utf-8", newline="")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN", accept_downloads=True)
    found = Visit(context.new_page(), path)
    found.page.on("pageerror", lambda error: found.troubles.append(str(error)))
    found.page.on("console", lambda message: found.troubles.append(message.text))
    yield found
    context.close()
    assert found.troubles == []


def card(visit: Visit, name: str) -> None:
    """Open the page and the card of a parameter."""
    visit.open()
    visit.page.evaluate(f"() => Shudian.cards.parameter(Shudian.state.parameterOf('{name}'))")


def typed(visit: Visit, level: str) -> str:
    """A quantile of the posterior as a planner would type it."""
    script = f"() => {{ const p = Shudian.state.parameterOf('{GROWTH}'); return [p.posterior.{level}, p.factor]; }}"
    value, factor = visit.page.evaluate(script)
    return f"{value * factor:.4g}"


def test_a_value_is_a_condition_and_can_be_dropped(visit: Visit) -> None:
    card(visit, GROWTH)
    page, before = visit.page, visit.chances()
    page.locator("#dialog input").fill(typed(visit, "q95"))
    page.click("[data-fix]")
    assert re.search(r"不作回答；请填.*之间的值", visit.text("#dialog-message"))
    assert visit.state()["fixed"] == {}
    page.locator("#dialog input").fill(typed(visit, "q50"))
    page.click("[data-fix]")
    visit.painted()
    assert [*visit.state()["fixed"]] == [GROWTH]
    assert "以" in visit.text("#now-title")
    assert page.evaluate("() => Shudian.main.now().name") == "zhengzhou_2025_set"
    said = visit.text("#warnings")
    carried = int(page.get_attribute("#worlds", "data-draws") or 0)
    assert 200 <= carried < ENOUGH / 2
    assert f"相当于{carried}次独立抽样" in said
    assert "不作此设定时" in said
    for chance in before.values():
        assert chance in said
    assert str(carried) in visit.text("#worlds")
    page.click("#language")
    visit.painted()
    assert f"worth {carried} independent draws" in visit.text("#warnings")
    page.click("#fixed button")
    visit.painted()
    assert visit.state()["fixed"] == {}
    assert visit.chances() == before
    assert "independent draws" not in visit.text("#warnings")


def test_a_prior_is_moved_by_keys_and_undone_and_stands_in_the_link(visit: Visit) -> None:
    card(visit, GROWTH)
    page, before = visit.page, visit.chances()
    page.click("[data-believe]")
    visit.painted()
    row = page.locator(f'[data-prior="{GROWTH}"]')
    slider = row.locator('[data-prior-slider="mean"]')
    expect(slider).to_be_focused()
    first = visit.state()["priors"][GROWTH]["arguments"]
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    visit.painted()
    moved = visit.state()["priors"][GROWTH]["arguments"]
    assert moved["mean"] < first["mean"]
    assert moved["sd"] == first["sd"]
    said, chances = visit.text("#warnings"), visit.chances()
    assert chances != before
    worth = re.search(r"相当于(\d+)次独立抽样", row.inner_text())
    assert worth
    assert worth[0] in said
    assert 400 <= int(worth[1]) < ENOUGH
    assert texts()["belief_few"]["zh"][:6] in said
    fragment = page.evaluate("() => Shudian.share.fragment()")
    page.click("#undo")
    visit.painted()
    assert visit.state()["priors"][GROWTH]["arguments"]["mean"] > moved["mean"]
    visit.open(fragment)
    assert visit.state()["priors"][GROWTH] == {"distribution": "normal", "arguments": moved}
    assert visit.chances() == chances
    file = page.evaluate("() => Shudian.scenario.toToml(Shudian.main.now())")
    assert re.search(rf"^# --prior-of .{GROWTH}=normal\(", file, re.MULTILINE)
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert "独立抽样" in page.locator("#warnings").inner_text()
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    row.locator("button.mini").click()
    visit.painted()
    assert visit.state()["priors"] == {}
    assert visit.chances() == before


def test_a_prior_that_leaves_too_few_draws_is_refused(visit: Visit) -> None:
    card(visit, GROWTH)
    page = visit.page
    page.click("[data-believe]")
    visit.painted()
    before = visit.state()
    field = page.locator(f'[data-prior="{GROWTH}"] [data-prior-field="sd"]')
    field.fill("0.001")
    field.press("Enter")
    assert "重新校准" in visit.message()
    assert visit.state() == before
    field.fill("mm")
    field.press("Enter")
    assert visit.message()
    assert visit.state() == before


def test_hostile_priors_in_a_link_are_refused(visit: Visit) -> None:
    visit.open()
    texts_ = visit.page.evaluate(
        """() => [
          {x: ["normal", 1, 1]}, {__proto__x: ["normal", 1, 1]}, {national_growth_2026: ["gauss", 1, 1]},
          {national_growth_2026: ["normal", 1]}, {national_growth_2026: ["normal", "1", 1]},
          {national_growth_2026: ["normal", 0.02, -1]}, {national_growth_2026: ["constructor"]},
          {national_growth_2026: 3}, ["normal"], {fund_size: ["normal", 1, 1]},
        ].map((p) => {
          const text = btoa(JSON.stringify({v: 1, s: [{b: "zhengzhou_2025", p}], w: {}})).replace(/=+$/, "");
          return Boolean(Shudian.scenario.fromFragment("#" + text).error);
        })"""
    )
    assert all(texts_)


def test_earlier_forecasts_are_told_beside_these(visit: Visit) -> None:
    visit.open()
    for language in ("zh", "en"):
        assert visit.text("#past") == visit.page.evaluate(f"() => Shudian.data.past.{language}")
        visit.page.click("#language")
        visit.painted()
