"""Is every variable of the page Python's, do sums and products come out, and does a card say where a number is from?

The engine with the shipped few draws, and the page with fewer, in headless Chromium. Does NOT establish that what gains
in the model gains in the city, nor that the texts of the cards are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from engine_page import engine_page, plain, shipped
from planner_visit import Visit, visiting
from shudian.kinds import Model
from shudian.page.data import carried
from shudian.scenario_changes import read_setting
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run

VARIABLES = (
    "title_completions", "value_per_title", "live_output", "startups", "wage_index", "working_capital",
    "city_fiscal_cost", "ai_price", "coverage", "visitors", "support_credibility", "national_sameness",
)  # fmt: skip
"""One or more of each sector."""


def test_any_variable_at_the_turns_of_the_years_is_that_of_python(browser: Browser, model: Model) -> None:
    scenario = load_scenario("hangzhou_mode", model.parameters)
    with engine_page(browser, shipped()[0]) as page:
        page.ask("() => { window.engine = Shudian.engine.create(Shudian.data, { workers: 2 }); }")
        found: Any = page.ask(
            """async ([scenario, names]) => {
              const { draws, values } = await engine.turns(scenario, names);
              return [draws, names.map((name) => values.get(name).map((draws) => [...draws]))];
            }""",
            [plain(scenario), list(VARIABLES)],
        )
    draws = carried().draws
    wanted = bare_run(model, scenario, draws, list(VARIABLES))[:, ::12]
    assert found[0] == draws.values.shape[1]
    np.testing.assert_allclose(np.array(found[1]), wanted, rtol=1e-9, atol=1e-12)


@pytest.fixture
def visit(page_file: Path, browser: Browser) -> Iterator[Visit]:
    with visiting(browser, page_file, (1280, 720), accept_downloads=True) as found:
        yield found


def known(visit: Visit) -> None:
    """Wait until the variables of the panel in sight are computed."""
    expect(visit.page.locator('[data-money="gains"]')).to_be_visible(timeout=60_000)
    visit.painted()


def test_sums_are_sums_and_products_products(visit: Visit) -> None:
    visit.tab("money")
    known(visit)
    falls, rows = visit.page.evaluate(
        """() => {
          const { turns, money, main } = Shudian, found = turns.of(main.context(), money.NEEDED);
          return [money.falls(found), money.identities(found)];
        }"""
    )
    bars = {name: (low, high) for name, low, high in falls}
    assert bars["unbooked"][1] == pytest.approx(bars["content_market"][1])
    assert bars["unbooked"][0] == pytest.approx(bars["own_ip_income"][1])
    assert bars["plus_income"][1] == pytest.approx(bars["local_output"][1])
    for (_, before), (after, _) in zip(list(bars.values())[2:6], list(bars.values())[3:7], strict=True):
        assert before == pytest.approx(after)

    def first(text: str) -> float:
        return float(re.sub(r"[^\d.]", "", re.search(r"[\d,.]+", text)[0]))  # type: ignore[index]

    titles, each, output = (first(text) for text in rows[0][1:])
    assert titles * each * 12 / 10_000 == pytest.approx(output, rel=0.02)
    # of who gains, every one stands there, and what is set against what
    for language in ("zh", "en"):
        heads = visit.page.locator('[data-money="gains"] tbody tr')
        assert heads.count() == 15
        assert not re.search(r"⟦|undefined|NaN", visit.text("#panel-money")), language
        visit.page.click("#language")
        visit.painted()
        known(visit)


def test_any_variable_can_be_chosen_compared_and_taken_away(visit: Visit) -> None:
    page = visit.page
    offered = page.locator("#more-graphs option").count()
    assert offered > 300
    page.select_option("#more-graphs", "coverage")
    page.select_option("#more-graphs", "wage_index")
    card = page.locator('[data-figure="graph-coverage"]')
    card.scroll_into_view_if_needed()
    expect(card.locator(".finding strong")).to_be_visible(timeout=60_000)
    level = card.locator(".finding").inner_text()
    page.select_option("#against", "reference")
    expect(card.locator("h3")).to_contain_text("之差")
    expect(card.locator(".finding")).not_to_have_text(level)
    assert b"coverage_difference_q50" in visit.saved('[data-figure="graph-coverage"] [data-tool="csv"]')
    card.locator('[data-tool="remove"]').click()
    expect(card).to_have_count(0)
    assert page.locator("#graphs .card").count() == 1


def test_every_chart_has_a_card_and_every_number_opens_it(visit: Visit) -> None:
    page = visit.page
    for language in ("zh", "en"):
        for card in page.locator("#panel-paths .card").all():
            name = card.get_attribute("data-figure")
            card.locator("button.number").first.click()
            dialog = page.locator("#dialog")
            expect(dialog).to_have_attribute("data-about", str(name))
            assert "shudian run zhengzhou_2025" in dialog.inner_text()
            assert not re.search(r"⟦|undefined|NaN|\{", dialog.inner_text()), (name, language)
            page.keyboard.press("Escape")
        page.click("#language")
        visit.painted()
    page.click('[data-figure="jobs"] [data-tool="full"]')
    assert page.locator("#dialog canvas").bounding_box()["width"] > 1000  # type: ignore[index]
    page.keyboard.press("Escape")


def test_the_command_of_a_card_asks_for_what_is_set(visit: Visit, model: Model) -> None:
    page = visit.page
    page.fill('[data-field="fund_size"]', "2.5")
    page.keyboard.press("Enter")
    page.fill('[data-field="approval_days"]', "7")
    page.keyboard.press("Enter")
    visit.painted()
    command = page.evaluate("() => Shudian.about.command()")
    levers = visit.state()["levers"]
    settings = re.findall(r'--set "([^"]*)"', command)
    assert len(settings) == len(levers) == 2
    for setting in settings:
        parameter, value, month = read_setting(setting, model.parameters)
        assert value == pytest.approx(levers[parameter.name][0]["value"])
        assert month == levers[parameter.name][0]["start"]


def test_on_a_phone_the_answer_stays_in_sight(visit: Visit) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#compact")).to_be_hidden()
    slider = page.locator('[data-slider="municipal_parks"]')
    slider.scroll_into_view_if_needed()
    compact = page.locator("#compact")
    expect(compact).to_be_visible()
    for chance in visit.chances().values():
        assert chance in compact.inner_text()
    before = compact.inner_text()
    slider.evaluate("(node) => { node.value = 14; node.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(compact).not_to_have_text(before)
    page.emulate_media(media="print")
    expect(compact).to_be_hidden()


def test_a_chance_is_a_hundred_small_worlds(visit: Visit) -> None:
    page = visit.page
    page.click("#market .target-name")
    worlds = page.locator("#dialog .small-worlds")
    assert worlds.count() == 3
    chances = page.evaluate(
        "() => Object.values(Shudian.main.context().result.probability[Shudian.data.market]).map((c) => c.value)"
    )
    for place, chance in enumerate(chances):
        assert worlds.nth(place).locator("rect").count() == 100
        assert worlds.nth(place).locator(".reached").count() == pytest.approx(100 * chance, abs=0.51)


def test_a_job_has_a_price_by_each_lever_that_brings_some(visit: Visit) -> None:
    page = visit.page
    page.select_option("#preset", "hangzhou_mode")
    visit.tab("cost")
    page.wait_for_function("() => Shudian.panels.contributions() !== null", timeout=60_000)
    priced, contributions = page.evaluate("() => [Shudian.price.priced(), Shudian.panels.contributions().levers]")
    assert priced
    for entry in priced:
        jobs, cost = (contributions[entry["group"]][name] for name in ("jobs", "cost"))
        assert jobs["mean"] > 2 * jobs["error"]
        # 亿元 for people, in 万元 each
        assert entry["price"] == pytest.approx(10_000 * cost["mean"] / jobs["mean"])
    prices = [entry["price"] for entry in priced]
    assert prices == sorted(prices)
    page.click('[data-figure="price"] [data-tool="table"]')
    # more draws may have told more levers' prices since they were read
    page.wait_for_function(
        """() => Shudian.price.priced().length
          === document.querySelectorAll('[data-figure="price"] .twin tbody tr').length""",
        timeout=60_000,
    )


def test_what_is_asked_in_haste_is_answered_for_the_last(visit: Visit) -> None:
    """An older question that goes on after a newer one was put would leave the newer one without its answer."""
    page = visit.page
    names = ("coverage", "wage_index", "startups", "visitors")
    for name in names:
        page.select_option("#more-graphs", name)
    visit.drag("municipal_parks", 0.9, settle=False)
    page.select_option("#against", "reference")
    for name in names:
        expect(page.locator(f'[data-figure="graph-{name}"] .finding strong')).to_have_count(1, timeout=60_000)
    page.wait_for_function(
        """(names) => { const { turns, main } = Shudian, context = main.context();
          const found = turns.of(context, Shudian.state.view.graphs);
          return found && !found.old && found.live.draws === context.result.draws && names.length === 4; }""",
        arg=list(names),
        timeout=60_000,
    )
