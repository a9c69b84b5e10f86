"""Do field and model stay together, do messages go, does nothing stick out, and does every number say of what it is?

Sweeps over every field, message, width and chart of the page, in headless Chromium. Does NOT establish that the
numbers are right (see test_does_the_page_print_what_run_prints), nor how it looks: somebody has to look at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from planner_visit import DEFINITIONS, MOVING, SETTLED, Visit, visiting
from shudian.kinds import Model
from shudian.page.data import carried
from shudian.quantities import FIRST_YEAR

TABS = ("paths", "compare", "money", "cost", "mechanism", "evidence")
WIDTHS = (320, 360, 390, 414, 768, 1024)
LEVERS = ("fund_size", "municipal_parks", "approval_days", "support_end")
"""Money, a count, days, a date."""


@pytest.fixture
def visit(page_file: Path, browser: Browser) -> Iterator[Visit]:
    with visiting(browser, page_file, (1280, 720), accept_downloads=True, has_touch=True) as found:
        yield found


# ---- field and model ----

TOGETHER = """() => [...document.querySelectorAll("#levers .lever")].flatMap((row) => {
  const name = row.dataset.lever, { state, text } = Shudian, choice = state.history.now;
  const lever = state.parameters.get(name);
  const steps = state.stepsOf(choice, name), own = choice[state.kinds.get(name)][name];
  const value = steps[steps.length - 1].value, before = state.scheduleBefore(choice, name);
  const field = row.querySelector("[data-field]"), from = row.querySelector("[data-from]");
  const slider = row.querySelector('input[type="range"]');
  const said = lever.kind === "date" ? text.monthOf(value) : null;
  const last = (own || before).slice(-1)[0];
  const wrong = [];
  if (field && said && field.value !== said) wrong.push([name, field.value, said]);
  if (field && !said && Math.abs(Number(field.value) - value * lever.factor) > 1e-9 * Math.abs(value * lever.factor)) {
    wrong.push([name, field.value, value * lever.factor]);
  }
  if (from.value !== text.monthOf(last ? last.start : 0)) wrong.push([name, from.value, last]);
  const far = slider && Math.abs(Number(slider.value) - value * lever.factor);
  if (slider && far > Number(slider.step) + 1e-9) wrong.push([name, slider.value, value]);
  return wrong;
})"""


def together(visit: Visit) -> None:
    """Every field and slider says what is chosen, and its date since when it holds."""
    assert visit.page.evaluate(TOGETHER) == []


def test_the_date_beside_a_lever_is_that_of_its_schedule(visit: Visit, model: Model) -> None:
    for package in carried(MOVING).packages:
        visit.page.evaluate("(name) => { document.getElementById('preset').value = name; }", package.name)
        visit.page.dispatch_event("#preset", "change")
        together(visit)
        for parameter in model.scheduled:
            schedule = {**package.levers, **package.assumptions}.get(parameter.name, ())
            start = int(schedule[-1].start) if schedule else 0
            shown = visit.page.input_value(f'[data-from="{parameter.name}"]')
            assert shown == f"{FIRST_YEAR + start // 12}-{start % 12 + 1:02d}", (package.name, parameter.name)
    visit.painted()


def fields(lever: str) -> dict[str, str]:
    """Every kind of text field of a lever, and what can be written into it."""
    rows = f'[data-lever="{lever}"] .step-table tbody tr td, [data-lever="{lever}"] .step-table tbody tr th'
    value = {"support_end": "2029-06"}.get(lever, "7")
    found = {f'[data-field="{lever}"]': value, f'[data-from="{lever}"]': "2027-03"}
    cells = [f":nth-match({rows}, {place}) >> input" for place in (1, 2, 3)]
    return found | dict(zip(cells, ("2027-05", "2028-02", value), strict=True))


UNDO: dict[str, Callable[[Visit], None]] = {
    "Control+z": lambda visit: visit.page.keyboard.press("Control+z"),
    "Meta+z": lambda visit: visit.page.keyboard.press("Meta+z"),
    "the menu of the browser": lambda visit: visit.page.evaluate("() => document.execCommand('undo')"),
}
REDO = ("Control+Shift+z", "Control+y")


@pytest.mark.parametrize("lever", LEVERS)
def test_undo_in_a_field_leaves_field_and_model_together(visit: Visit, lever: str) -> None:
    page = visit.page
    page.click(f'[data-steps="{lever}"]')
    for number, (field, text) in enumerate(fields(lever).items()):
        name, undo = list(UNDO.items())[number % len(UNDO)]
        before = page.input_value(field)
        state = visit.state()
        page.fill(field, "")
        page.type(field, text)
        undo(visit)
        if name != "the menu of the browser":  # which takes back a letter at a time
            assert page.input_value(field) == before, (field, name)
        page.keyboard.press("Escape")
        assert page.input_value(field) == before, field
        assert visit.state() == state, (field, name)
        page.type(field, text)
        page.fill(field, text)
        page.keyboard.press("Enter")
        visit.painted()
        changed = visit.state()
        if changed == state:  # a date written before its value waits for the value, and can be taken back
            page.keyboard.press("Control+z")
            together(visit)
            continue
        undo(visit)
        if name == "the menu of the browser":
            page.keyboard.press("Control+z") if visit.state() == changed else None
        visit.painted()
        assert visit.state() == state, (field, name)
        together(visit)
        page.keyboard.press(REDO[number % 2])
        visit.painted()
        assert visit.state() == changed, (field, name)
        together(visit)
        page.click("#reset")
        visit.painted()


def test_what_is_typed_and_left_is_taken_and_never_stands_beside_the_model(visit: Visit) -> None:
    page = visit.page
    for leave in ("Tab", "click", "blur"):
        page.fill('[data-field="fund_size"]', "3")
        if leave == "Tab":
            page.keyboard.press("Tab")
        elif leave == "click":
            page.click("#now-title")
        else:
            page.evaluate("() => document.activeElement.blur()")
        visit.painted()
        assert visit.state()["levers"]["fund_size"][-1]["value"] == 30_000, leave
        together(visit)
        page.click("#reset")
        visit.painted()
    # a browser that fills in a field by itself tells of a change and of nothing else
    page.evaluate("""() => { const field = document.querySelector('[data-field="fund_size"]');
      field.value = "4"; field.dispatchEvent(new Event("change", { bubbles: true })); }""")
    visit.painted()
    assert visit.state()["levers"]["fund_size"][-1]["value"] == 40_000
    together(visit)
    assert page.evaluate(
        "() => [...document.querySelectorAll('#levers input[type=text]')].every((n) => n.autocomplete === 'off')"
    )


def test_a_cell_of_the_steps_keeps_the_focus(visit: Visit) -> None:
    page = visit.page
    page.click('[data-steps="fund_size"]')
    cells = page.locator('[data-lever="fund_size"] .step-table input')
    cells.nth(2).fill("3")
    cells.nth(3).click()
    visit.painted()
    expect(cells.nth(3)).to_be_focused()
    cells.nth(3).fill("6")
    page.keyboard.press("Enter")
    visit.painted()
    expect(cells.nth(3)).to_be_focused()


# ---- messages ----

WRONG = {
    '[data-field="fund_size"]': "很多",
    '[data-field="municipal_parks"]': "2.5",
    '[data-field="support_end"]': "2027-13",
    '[data-from="fund_size"]': "明年",
    '[data-lever="fund_size"] .step-table input >> nth=3': "500",
    '[data-lever="fund_size"] .step-table input >> nth=2': "11",
}
MENDED: dict[str, Callable[[Visit, str], None]] = {
    "new words": lambda visit, field: visit.page.type(field, "1"),
    "Escape": lambda visit, _: visit.page.keyboard.press("Escape"),
    "another change": lambda visit, _: visit.drag("municipal_parks", 0.7),
    "undo": lambda visit, _: visit.page.click("#undo"),
    "reset": lambda visit, _: visit.page.click("#reset"),
    "its button": lambda visit, _: visit.page.click("#message button"),
}


@pytest.mark.parametrize("mend", MENDED)
def test_an_error_belongs_to_its_field_and_goes_when_it_is_mended(visit: Visit, mend: str) -> None:
    page = visit.page
    visit.drag("open_locations", 0.5)  # something to undo
    page.click('[data-steps="fund_size"]')
    for field, text in WRONG.items():
        page.fill(field, text)
        page.keyboard.press("Enter")
        expect(page.locator("#message[role=alert]")).to_contain_text(text if "nth=3" not in field else "0")
        assert page.get_attribute(field, "aria-describedby") == "message", field
        together(visit)
        MENDED[mend](visit, field)
        visit.painted()
        assert visit.message() == "", (field, mend)
        assert page.get_attribute(field, "aria-describedby") is None
        page.keyboard.press("Escape")
        if not page.is_enabled("#undo"):
            visit.drag("open_locations", 0.3)


def test_errors_of_files_and_cards_go_as_well(visit: Visit) -> None:
    page = visit.page
    visit.drop("bad.toml", "base = 1")
    assert page.locator("#message.error").count() == 1
    visit.drop("good.toml", 'base = "zhengzhou_2025"\ntitle = { zh = "甲", en = "A" }\n')
    assert page.locator("#message.error").count() == 0
    visit.tab("evidence")
    page.locator("#panel-evidence .card").nth(1).locator("button.link").first.click()
    page.fill("#dialog input", "viel")
    page.click("#dialog button[data-fix]")
    expect(page.locator("#dialog-message")).to_contain_text("viel")
    assert page.get_attribute("#dialog input", "aria-describedby") == "dialog-message"
    page.type("#dialog input", "1")
    expect(page.locator("#dialog-message")).to_be_empty()


# ---- keyboard ----


def test_links_lead_past_the_many_stops(visit: Visit) -> None:
    page = visit.page
    goals = {"verdict": "verdict", "levers": "levers", "tabs": "tab-paths"}
    for number, goal in enumerate(goals.values(), 1):
        visit.open()
        for _ in range(number):
            page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == goal
        assert visit.message() == ""


def test_the_focus_comes_back_although_the_page_was_drawn_anew(visit: Visit) -> None:
    page = visit.page
    openers = (
        '[data-lever="fund_size"] .lever-name', "#market .target-name", '[data-target] .target-name >> nth=1',
        "#warnings .link", "#changes .link",
    )  # fmt: skip
    for opener in openers:
        page.focus(opener)
        page.keyboard.press("Enter")
        expect(page.locator("#dialog")).to_be_visible()
        page.evaluate("() => Shudian.main.restart()")
        visit.painted()
        page.keyboard.press("Escape")
        expect(page.locator(opener)).to_be_focused()
    page.click("#share summary")
    page.keyboard.press("Escape")
    expect(page.locator("#share summary")).to_be_focused()


def test_what_has_the_focus_can_be_seen_to_have_it(visit: Visit) -> None:
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        seen = visit.page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
              return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2; }"""
        )
        assert seen, visit.page.evaluate("() => document.activeElement.outerHTML.slice(0, 80)")


# ---- widths ----

STICKS_OUT = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
  [document.scrollingElement.scrollWidth, ...[...document.querySelectorAll("body *")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1).slice(-3)
    .map((node) => node.outerHTML.slice(0, 90))]"""
TOO_SMALL = """() => [...document.querySelectorAll("button, input, select, summary")].filter((node) => {
  const box = node.getBoundingClientRect();
  return box.width && box.height && !node.closest(".off-screen") && Math.min(box.width, box.height) < 23.5;
}).map((node) => node.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_sticks_out_at_any_width(visit: Visit, language: str) -> None:
    page = visit.page
    for package in ("zhengzhou_plus_shenzhen", "hangzhou_mode"):
        page.select_option("#preset", package)
        page.click("#pin")
        visit.painted()
    visit.drag("fund_size", 0.9)
    for lever in LEVERS:
        page.click(f'[data-steps="{lever}"]')
    if language == "en":
        page.click("#language")
        visit.painted()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for tab in TABS:
            visit.tab(tab)
            assert page.evaluate(STICKS_OUT) == [], (width, tab)
            if width < 600:
                assert page.evaluate(TOO_SMALL) == [], (width, tab)
        visit.tab("paths")
        page.click('[data-figure="market"] [data-tool="table"]')
        page.fill('[data-field="fund_size"]', "x" * 60)
        page.keyboard.press("Enter")
        assert page.evaluate(STICKS_OUT) == [], (width, "table, message")
        page.click("#share summary")
        assert page.evaluate(STICKS_OUT) == [], (width, "menu")
        page.keyboard.press("Escape")
        for card in ('[data-lever="fund_size"] .lever-name', "#market .target-name", "#warnings .link"):
            page.click(card)
            assert page.evaluate(STICKS_OUT) == [], (width, card)
            page.keyboard.press("Escape")
        page.click('[data-figure="market"] [data-tool="table"]')


# ---- what numbers and lines say of themselves ----


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_headline_and_every_picture_says_of_which_year(visit: Visit, language: str) -> None:
    page = visit.page
    if language == "en":
        page.click("#language")
        visit.painted()
    for definition in DEFINITIONS:
        page.check(f"#definition-{definition}")
        visit.painted()
        for card in page.locator("#panel-paths .card").all():
            assert "2027" in card.locator("h3").inner_text()
            assert re.search(r"\d [^\d\s]", card.locator(".finding strong").inner_text()), "a number without a unit"
    for figure in page.locator("#panel-paths .card").all():
        name = figure.get_attribute("data-figure")
        figure.scroll_into_view_if_needed()
        picture = visit.saved(f'[data-figure="{name}"] [data-tool="svg"]').decode()
        words = re.sub(r"<[^>]+>", " ", picture)
        assert "2027" in words, name
        assert str(SETTLED) in words, name  # possible worlds: the settled ones
    visit.tab("cost")
    for card in page.locator("#panel-cost .card").all():
        assert "2027" in card.locator("h3").inner_text()


def test_data_have_the_same_heads_in_both_languages(visit: Visit) -> None:
    page = visit.page
    heads: dict[str, set[str]] = {}
    for _ in ("zh", "en"):
        visit.tab("paths")
        for figure in page.locator("#panel-paths .card").all():
            name = str(figure.get_attribute("data-figure"))
            figure.scroll_into_view_if_needed()
            file = visit.saved(f'[data-figure="{name}"] [data-tool="csv"]').decode("utf-8-sig")
            heads.setdefault(name, set()).add(file.splitlines()[0])
            assert "label_zh,label_en,unit" in file
        visit.tab("compare")
        file = visit.saved("#panel-compare .tools button").decode("utf-8-sig")
        heads.setdefault("compare", set()).add(file.splitlines()[0])
        page.click("#language")
        visit.painted()
    for name, found in heads.items():
        assert len(found) == 1, name
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", head) for head in next(iter(found)).split(",")), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_four_pins_differ_without_colour_and_fit_on_one_page(visit: Visit, language: str) -> None:
    page = visit.page
    for package in ("shenzhen_mode", "hangzhou_mode", "shanghai_mode", "talent_first"):
        page.select_option("#preset", package)
        page.click("#pin")
        visit.painted()
    if language == "en":
        page.click("#language")
        visit.painted()
    looks = page.evaluate("() => Shudian.charts.PINS.map((pin) => [String(pin.dash), pin.symbol, pin.letter])")
    assert all(len(set(column)) == 4 for column in zip(*looks, strict=True))
    drawn = page.evaluate(
        """() => [...document.querySelectorAll("#legend svg")].map((mark) =>
             mark.querySelector("line").getAttribute("stroke-dasharray") + "|" + mark.textContent)"""
    )
    assert len(set(drawn)) == len(drawn) >= 6
    picture = re.sub(r"<[^>]+>", " ", visit.saved('[data-figure="cost"] [data-tool="svg"]').decode())
    assert all(re.search(rf"\b{letter} ", picture) for letter in "ABCD")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_the_page_says_how_many_worlds_stand_on_it(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("#worlds")).to_have_attribute("data-draws", str(SETTLED))
    slider = page.locator('[data-slider="fund_size"]')
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2)
    page.mouse.down()
    for x in (80, 100, 120):
        page.mouse.move(box["x"] + x, box["y"] + box["height"] / 2)
    expect(page.locator("#worlds")).to_have_attribute("data-draws", str(MOVING))
    expect(page.locator("#worlds")).to_contain_text(f"{MOVING} → {SETTLED}")
    page.mouse.up()
    expect(page.locator("#worlds")).to_have_attribute("data-draws", str(SETTLED))
