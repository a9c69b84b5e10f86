"""Does a field of the page run what was typed and say how it understood, and does a slider stay where it is put?

In real headless Chromium. The words themselves are tested in test_is_an_amount_read_alike_everywhere.py. Does NOT
establish how the page looks while it answers.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from planner_visit import Visit, small_page

SWEEP = """() => {
  // every lever: the ends of its slider and 200 steps between them, shown, read and typed back
  const wrong = [], L = Shudian.levers;
  for (const lever of [...Shudian.state.levers, ...Shudian.state.assumptions]) {
    if (lever.kind === "switch") continue;
    const low = L.shown(lever, lever.low), high = L.shown(lever, lever.high);
    const ends = [L.internal(lever, low), L.internal(lever, high)];
    if (ends[0] !== lever.low || ends[1] !== lever.high) wrong.push([lever.name, ...ends]);
    for (let n = 0; n <= 200; n++) {
      const shown = Number((low + ((high - low) * n) / 200).toPrecision(6));
      const value = L.internal(lever, shown);
      const kept = value >= lever.low && value <= lever.high && L.shown(lever, value) === shown;
      const text = Shudian.text.leverValue(lever, value);
      if (!kept || (L.understood(lever, text).wrong && !lever.whole)) wrong.push([lever.name, shown, value, text]);
    }
  }
  return wrong;
}"""


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Visit]:
    path = tmp_path_factory.mktemp("page") / "planner.html"
    path.write_text(small_page(), encoding="utf-8", newline="")
    context = browser.new_context(locale="zh-CN")
    found = Visit(context.new_page(), path)
    found.open()
    yield found
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_lever_shows_is_what_it_is_set_to(visit: Visit, language: str) -> None:
    visit.page.evaluate("(language) => { Shudian.text.settings.language = language; }", language)
    try:
        assert visit.page.evaluate(SWEEP) == []
    finally:
        visit.page.evaluate("() => { Shudian.text.settings.language = 'zh'; }")


@pytest.mark.parametrize("lever", ["talent_training", "ai_support", "overseas_support", "plus_programme"])
def test_a_slider_stays_at_its_upper_end(visit: Visit, lever: str) -> None:
    slider = visit.page.locator(f'[data-slider="{lever}"]')
    slider.focus()
    slider.press("End")
    visit.painted()
    assert slider.input_value() == slider.get_attribute("max")
    value = visit.state()["levers"][lever][-1]["value"]
    assert value == visit.page.evaluate("(name) => Shudian.state.parameters.get(name).high", lever)


@pytest.mark.parametrize(
    ("lever", "text", "shown", "said"),
    [
        ("annual_budget", "5万", "0.0005", "5万 = 0.0005 亿元/年"),
        ("annual_budget", "1.5千万", "0.15", "1.5千万 = 0.15 亿元/年"),
        ("annual_budget", "50元", "5e-7", "50元 = 5e-7 亿元/年"),
        ("fund_size", "0.2 billion yuan", "2", "0.2 billion yuan = 2 亿元"),
        ("rent_relief_rate", "三成", "30", "三成 = 30%"),
        ("approval_days", "5个工作日", "7", "5个工作日 = 7 日"),
        ("support_end", "2028年10月1日", "2028-10", "2028年10月1日 = 2028-10"),
    ],
)
def test_a_field_runs_what_was_typed_and_says_how_it_understood(
    visit: Visit, lever: str, text: str, shown: str, said: str
) -> None:
    field = visit.page.locator(f'[data-field="{lever}"]')
    heard = visit.page.locator(f'[data-heard="{lever}"]')
    field.fill(text)
    assert heard.inner_text() == said.removeprefix(text).strip()
    field.press("Enter")
    field.blur()
    visit.painted()
    assert field.input_value() == shown
    assert heard.inner_text() == said


@pytest.mark.parametrize(
    ("lever", "text", "why"),
    [
        ("annual_budget", "10⁵", "不是普通数字"),
        ("fund_size", "1.000,5", "不止一个数"),
        ("fund_size", "5 park", "不对"),
        ("support_end", "2028年", "年初"),
    ],
)
def test_what_cannot_be_told_says_why_and_changes_nothing(visit: Visit, lever: str, text: str, why: str) -> None:
    before = visit.state()
    field = visit.page.locator(f'[data-field="{lever}"]')
    field.fill(text)
    field.blur()
    visit.painted()
    assert visit.state() == before
    assert why in visit.page.locator(f'[data-heard="{lever}"]').inner_text()
