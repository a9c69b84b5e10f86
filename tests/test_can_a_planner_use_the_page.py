"""Can a planner use the page in a browser without a network, with mouse or keyboard, and does nothing hostile get in?

Runs the built file from disk in headless Chromium, with fewer draws than are shipped. Does not establish that its
numbers are Python's (see test_does_the_page_compute_what_python_computes), that all draws are ready in time, nor that
every browser shows it alike. Without Chromium it is skipped, except where CI is set.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from planner_visit import DEFINITIONS, MOVING, SETTLED, Visit, full_page, visiting
from shudian.kinds import InputError
from shudian.now import default_now
from shudian.page import build
from shudian.wording import texts


@pytest.fixture
def visit(page_file: Path, browser: Browser) -> Iterator[Visit]:
    with visiting(browser, page_file, (1280, 720), accept_downloads=True) as found:
        yield found


def test_the_page_is_one_small_file_under_a_strict_policy(page_file: Path) -> None:
    text = page_file.read_text(encoding="utf-8")
    assert len(full_page().encode()) < 10_000_000
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules["default-src"] == rules["connect-src"] == rules["form-action"] == rules["base-uri"] == "'none'"
    # the model is WebAssembly; nothing else may be made from text
    assert rules["script-src"].endswith(" 'wasm-unsafe-eval'")
    assert policy[1].count("unsafe") == 1
    assert set(rules) >= {"script-src", "style-src", "font-src", "img-src", "worker-src"}
    assert not re.search(r'(?:src|href)="(?!data:)', text)


@pytest.mark.parametrize("missing", ["WebAssembly", "DecompressionStream"])
def test_an_older_browser_is_told_so_in_both_languages(browser: Browser, page_file: Path, missing: str) -> None:
    page = browser.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.add_init_script(f"delete window.{missing};")
    page.goto(page_file.as_uri())
    told = page.locator("#old-browser")
    expect(told).to_be_visible()
    assert "浏览器版本太旧" in told.inner_text()
    assert "too old" in told.inner_text()
    expect(page.locator("#loading")).to_be_hidden()
    expect(page.locator("#page")).to_be_hidden()
    page.close()
    assert troubles == []


def test_the_same_sources_give_the_same_bytes(page_file: Path) -> None:
    assert build.page_text(MOVING, SETTLED) == page_file.read_text(encoding="utf-8")


def test_an_existing_file_is_left_alone(page_file: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="already exists"):
        build.build_page(page_file)
    with pytest.raises(InputError, match="cannot be written"):
        build.build_page(tmp_path / "no" / "such" / "folder" / "planner.html")


def test_every_text_is_there_and_says_something(visit: Visit) -> None:
    for tab in ("paths", "compare", "money", "cost", "mechanism", "evidence"):
        visit.tab(tab)
        for language in ("中文", "English"):
            assert "⟦" not in visit.text("body"), (tab, language)
            assert not re.search(r"\b(undefined|NaN|null|Infinity|\[object)", visit.text("body")), (tab, language)
            visit.page.click("#language")
            visit.painted()


def test_pulling_a_slider_moves_the_answer(visit: Visit) -> None:
    before = visit.text('[data-figure="cost"] .finding')
    visit.drag("fund_size", 0.9)
    assert visit.text('[data-figure="cost"] .finding') != before
    assert visit.state()["levers"]["fund_size"][0]["start"] == default_now()
    assert visit.state()["levers"]["fund_size"][0]["value"] == pytest.approx(90_000, rel=0.03)
    assert "产业基金" in visit.text("#now-title")
    assert "未由数据识别" in visit.text('[data-figure="cost"] .chart-warning')
    assert "产业基金" in visit.text("#warnings")


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit.page
    page.focus('[data-slider="municipal_parks"]')
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    visit.painted()
    assert visit.state()["levers"]["municipal_parks"][0]["value"] == 8
    page.keyboard.press("Control+z")
    visit.painted()
    assert visit.state()["levers"]["municipal_parks"][0]["value"] == 7
    page.keyboard.press("Control+Shift+z")
    visit.painted()
    assert visit.state()["levers"]["municipal_parks"][0]["value"] == 8
    page.focus("#tab-paths")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#panel-compare")).to_be_visible()
    page.focus('[data-lever="municipal_parks"] .lever-name')
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()


def test_everything_that_can_be_used_has_a_name(visit: Visit) -> None:
    for tab in ("paths", "compare", "money", "cost", "mechanism", "evidence"):
        visit.tab(tab)
        nameless = visit.page.evaluate(
            """() => [...document.querySelectorAll("button, input, select, textarea, [role=img]")].filter((node) => {
              const labels = node.labels ? [...node.labels].map((label) => label.textContent).join("") : "";
              const by = node.getAttribute("aria-labelledby");
              return !(node.getAttribute("aria-label") || labels || node.textContent.trim() || by);
            }).map((node) => node.outerHTML.slice(0, 120))"""
        )
        assert nameless == []


def test_a_wrong_entry_is_refused_with_what_is_allowed(visit: Visit) -> None:
    before = visit.state()
    wrong = {"fund_size": ("11", "很多"), "municipal_parks": ("2.5",), "support_end": ("2027-13",)}
    for lever, entry in ((lever, entry) for lever, entries in wrong.items() for entry in entries):
        visit.page.fill(f'[data-field="{lever}"]', entry)
        visit.page.keyboard.press("Enter")
        assert entry in visit.message()
    visit.page.fill('[data-from="fund_size"]', "明年")
    visit.page.keyboard.press("Enter")
    assert "明年" in visit.message()
    assert visit.state() == before


def test_a_schedule_has_from_until_and_ramp(visit: Visit) -> None:
    visit.page.click('[data-steps="fund_size"]')
    rows = visit.page.locator('[data-lever="fund_size"] .step-table tbody tr')
    for column, entry in ((2, "3"), (3, "6")):
        rows.nth(0).locator("input").nth(column).fill(entry)
        visit.page.keyboard.press("Enter")
    rows.nth(0).locator("input").nth(1).fill("2028年1月")
    visit.page.keyboard.press("Enter")
    visit.painted()
    assert visit.state()["levers"]["fund_size"] == [
        {"start": default_now(), "value": 30_000, "ramp": 6}, {"start": 60, "value": 10_000, "ramp": 0},
    ]  # fmt: skip


def test_undo_redo_and_reset_go_all_the_way(visit: Visit) -> None:
    page = visit.page
    start = visit.state()
    visit.drag("fund_size", 0.5)
    dragged = visit.state()
    page.select_option("#preset", "shenzhen_mode")
    visit.painted()
    page.click("#undo")
    assert visit.state() == dragged
    page.click("#undo")
    visit.painted()
    assert visit.state() == start
    page.click("#redo")
    visit.painted()
    assert visit.state() == dragged
    page.click("#reset")
    visit.painted()
    assert visit.state() == start


def test_up_to_four_scenarios_are_pinned_and_overlaid(visit: Visit) -> None:
    page = visit.page
    for package in ("shenzhen_mode", "hangzhou_mode", "shanghai_mode", "talent_first"):
        page.select_option("#preset", package)
        page.click("#pin")
        visit.painted()
    expect(page.locator("#pins .pin")).to_have_count(4)
    expect(page.locator("#pin")).to_be_disabled()
    page.click('[data-figure="cost"] [data-tool="table"]')
    heads = page.locator('[data-figure="cost"] .twin thead th').all_inner_texts()
    assert heads[-4:] == ["A", "B", "C", "D"]
    legend = visit.text("#legend")
    assert all(page.locator("#pins .pin").nth(place).inner_text().split("\n")[1][:6] in legend for place in range(4))
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    # a line for each, with the probability under every definition
    assert len(re.findall(r"^[ABCD].*%.*%.*%", visit.text("#print-summary"), re.MULTILINE)) == 4


def test_the_definition_decides_and_the_flip_is_marked(visit: Visit) -> None:
    page = visit.page
    chances = visit.chances()
    assert len(set(chances.values())) == 3
    expect(page.locator("#flip")).to_be_visible()
    for definition in DEFINITIONS:
        page.check(f"#definition-{definition}")
        visit.painted()
        assert visit.chances() == chances
        title = visit.text('[data-figure="market"] h3')
        label = page.locator(f'[data-definition="{definition}"] .definition-name').inner_text()
        assert label in title
        flipped = page.locator(".definition.flipped").count()
        assert flipped == (2 if definition == "content_market" else 1)


def test_a_shock_strikes_the_reference_too(visit: Visit) -> None:
    page = visit.page
    page.click('[data-figure="market"] [data-tool="table"]')
    rows = page.locator('[data-figure="market"] .twin tbody').first
    before = rows.inner_text().split("\n")[-1].split("\t")
    page.check('[data-shock="demand_stalls"]')
    visit.painted()
    after = rows.inner_text().split("\n")[-1].split("\t")
    assert float(after[1]) < float(before[1])
    assert float(after[-1]) < float(before[-1])


def test_the_table_beside_a_chart_holds_its_numbers(visit: Visit) -> None:
    page = visit.page
    for figure, output in (("jobs", "fte_jobs"), ("cost", "cumulative_fiscal_cost")):
        page.click(f'[data-figure="{figure}"] [data-tool="table"]')
        visit.painted()
        # both at one moment, since a table may be filled anew between two questions
        cells, series = page.evaluate(
            """([figure, name]) => [
              [...document.querySelector(`[data-figure="${figure}"] .twin tbody`).rows]
                .map((row) => [...row.cells].map((cell) => cell.textContent)),
              [0.5, 0.05, 0.95].map((level) => [...Shudian.main.context().result.series[name]
                ["q" + String(Math.round(level * 100)).padStart(2, "0")]])]""",
            [figure, output],
        )
        assert cells
        for month, median, low, _, _, high, *_ in cells:
            place = (int(month[:4]) - 2023) * 12 + int(month[5:]) - 1
            for shown, values in zip((median, low, high), series, strict=True):
                assert float(shown.replace(",", "")) == pytest.approx(values[place], rel=0.01, abs=0.01)


def test_a_link_brings_everything_back(visit: Visit) -> None:
    page = visit.page
    page.select_option("#preset", "shenzhen_mode")
    page.click("#pin")
    page.select_option("#preset", "zhengzhou_2025")
    visit.drag("fund_size", 0.6)
    page.check('[data-shock="ai_surge"]')
    page.check("#definition-content_market")
    visit.tab("compare")
    state, chances, title = visit.state(), visit.chances(), visit.text("#now-title")
    fragment = page.evaluate("() => Shudian.share.fragment()")
    visit.open(fragment)
    again = visit.state()
    assert {k: again[k] for k in ("base", "shocks", "levers", "assumptions", "fixed")} == {
        k: state[k] for k in ("base", "shocks", "levers", "assumptions", "fixed")
    }
    assert (visit.chances(), visit.text("#now-title")) == (chances, title)
    expect(page.locator("#definition-content_market")).to_be_checked()
    expect(page.locator("#panel-compare")).to_be_visible()
    expect(page.locator("#pins .pin")).to_have_count(1)


def test_a_scenario_file_goes_out_and_comes_in(visit: Visit) -> None:
    page = visit.page
    visit.drag("municipal_parks", 0.8)
    page.click("#share summary")
    text = visit.saved("#save-toml").decode()
    state, chances = visit.state(), visit.chances()
    page.click("#reset")
    visit.painted()
    assert visit.state() != state
    visit.drop("mine.toml", text)
    assert visit.state()["levers"] == state["levers"]
    assert visit.chances() == chances


HOSTILE_FILES = {
    "no toml": "<script>alert(1)</script>",
    "unknown key": 'base = "zhengzhou_2025"\n[levers]\n__proto__ = 1\n',
    "huge number": 'base = "zhengzhou_2025"\n[levers]\nfund_size = { 2026-01 = 1e308 }\n',
    "deep nesting": 'base = "zhengzhou_2025"\nnotes = ' + "[" * 5000 + "]" * 5000,
    "10 MB": "#" + "x" * 10_000_000,
    "binary": "\x00\x01\x02",
    "unknown base": 'base = "../../etc/passwd"\n',
}


def test_a_hostile_file_gives_a_message_and_does_nothing_else(visit: Visit) -> None:
    before, chances = visit.state(), visit.chances()
    for name, content in HOSTILE_FILES.items():
        visit.drop("evil<img src=x onerror=alert(1)>.toml", content)
        assert visit.page.locator("#message.error").count() == 1, name
        assert (visit.state(), visit.chances()) == (before, chances), name
        assert visit.page.locator("#message img").count() == 0
        visit.page.click("#message button")


def titled(title: str) -> str:
    return f'''base = "zhengzhou_2025"
title = {{ zh = "{title}", en = "{title}" }}
[levers]
fund_size = {{ 2026-07 = "2 亿元" }}
'''


def test_a_script_in_a_title_stays_a_text(visit: Visit) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    visit.drop("mine.toml", titled(evil))
    visit.page.click("#pin")
    visit.painted()
    assert evil in visit.text("#now-title")
    assert visit.page.locator("main img").count() == 0
    fragment = visit.page.evaluate("() => Shudian.share.fragment()")
    visit.open(fragment)
    assert evil in visit.text("#now-title")


def encoded(content: object) -> str:
    return "#" + base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


HOSTILE_FRAGMENTS = {
    "script": "#<script>alert(1)</script>",
    "nonsense": "#" + "A" * 3000,
    "too long": "#" + "A" * 200_000,
    "prototype": encoded({"__proto__": {"polluted": 1}, "v": 1, "s": [{"b": "zhengzhou_2025"}], "w": {}}),
    "huge": encoded({"v": 1, "s": [{"b": "zhengzhou_2025", "l": {"fund_size": [[36, 1e300]]}}], "w": {}}),
    "percent": "#%00%ff%fe",
}


def test_a_hostile_link_gives_a_message_and_the_usual_page(visit: Visit) -> None:
    usual = visit.chances()
    for name, fragment in HOSTILE_FRAGMENTS.items():
        visit.open(fragment)
        assert visit.page.locator("#message.error").count() == 1, name
        assert visit.chances() == usual, name
        assert visit.page.evaluate("() => ({}).polluted") is None, name
        assert visit.state()["levers"] == {}, name


def test_pictures_and_data_can_be_taken_along(visit: Visit) -> None:
    png = visit.saved('[data-figure="jobs"] [data-tool="png"]')
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(png) > 20_000
    svg = visit.saved('[data-figure="market"] [data-tool="svg"]').decode()
    assert svg.startswith("<svg")
    assert "本地产值口径" in svg
    assert "数据截至" in svg
    csv = visit.saved('[data-figure="jobs"] [data-tool="csv"]')
    assert csv[:3] == b"\xef\xbb\xbf"
    lines = csv.decode("utf-8-sig").splitlines()
    assert len(lines) > 97
    assert lines[1].startswith("2023-01,")


def test_a_cell_is_never_a_formula(visit: Visit) -> None:
    page = visit.page
    visit.drop("mine.toml", titled("=cmd|1"))
    csv = visit.saved('[data-figure="jobs"] [data-tool="csv"]').decode("utf-8-sig")
    assert "=cmd" in csv
    assert not re.search(r'(?:^|,)"?=', csv, re.MULTILINE)
    assert page.locator("#message").count() == 1


def test_every_card_opens(visit: Visit) -> None:
    page = visit.page
    dialog = page.locator("#dialog")
    for name in ("fund_size", "production_subsidy_rate"):
        page.click(f'[data-lever="{name}"] .lever-name')
        for key in ("page_lever_says", "page_lever_examples", "page_lever_gains", "page_lever_side", "page_sources"):
            assert texts()[key]["zh"] in dialog.inner_text()
        page.keyboard.press("Escape")
    page.click("#market .target-name")
    assert "口径" in dialog.inner_text()
    page.keyboard.press("Escape")
    page.click("#warnings .link")
    assert texts()["page_about_subset"]["zh"] in dialog.inner_text()
    page.keyboard.press("Escape")
    visit.tab("evidence")
    page.locator("#panel-evidence .link").last.click()
    assert "先验" in dialog.inner_text()


def test_a_page_with_few_draws_answers_under_no_condition(visit: Visit) -> None:
    """What a page does that has enough draws: test_can_a_planner_say_what_they_believe."""
    page = visit.page
    visit.tab("evidence")
    page.locator("#panel-evidence section").last.locator(".link").first.click()
    for button in ("[data-fix]", "[data-believe]"):
        page.click(button)
        assert re.search(rf"{SETTLED}次抽样.*不作回答", visit.text("#dialog-message"))
    assert visit.state()["fixed"] == visit.state()["priors"] == {}


def test_the_mechanism_shows_live_values(visit: Visit) -> None:
    visit.tab("mechanism")
    page = visit.page
    page.select_option("#sector", "policy")
    before = page.locator(".live-value").all_text_contents()
    assert sum(bool(re.search(r"\d", text)) for text in before) > 10
    visit.drag("fund_size", 0.95)
    assert page.locator(".live-value").all_text_contents() != before


def test_the_mechanism_serves_who_has_no_mouse(visit: Visit) -> None:
    visit.tab("mechanism")
    page = visit.page
    name = page.locator("#diagram text[role=button]").first
    name.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    shown = sorted(page.locator("#diagram .live-value").all_text_contents())
    page.click("#diagram-twin")
    rows = page.locator("#diagram tbody tr")
    assert sorted(rows.locator("td:last-child").all_inner_texts()) == shown
    before = rows.all_inner_texts()
    visit.drag("fund_size", 0.95)
    page.select_option("#sector", "policy")
    assert rows.all_inner_texts() != before


def test_a_lever_that_a_link_takes_away_is_away(visit: Visit) -> None:
    visit.open(encoded({"v": 1, "s": [{"b": "zhengzhou_2025", "l": {"municipal_parks": []}}], "w": {}}))
    schedule = visit.page.evaluate("() => Shudian.main.now().levers.municipal_parks")
    default = visit.page.evaluate("() => Shudian.state.parameters.get('municipal_parks').default")
    assert [step["value"] for step in schedule] == [default]
    assert visit.page.locator('[data-lever="municipal_parks"].changed').count() == 1


def test_contributions_and_packages_arrive(visit: Visit) -> None:
    visit.tab("cost")
    page = visit.page
    page.click('[data-figure="contributions"] [data-tool="table"]')
    expect(page.locator('[data-figure="contributions"] tbody tr').first).to_be_visible()
    visit.tab("compare")
    packages = page.evaluate("() => Shudian.data.presets.filter((preset) => preset.kind === 'package').length")
    assert packages > 15
    expect(page.locator("#packages tbody tr")).to_have_count(packages)


def test_every_chart_is_drawn(visit: Visit) -> None:
    blank = visit.page.evaluate(
        """() => [...document.querySelectorAll("#panel-paths .drawing canvas")].filter((canvas) => {
          const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          const colours = new Set();
          for (let i = 0; i < pixels.length; i += 4) colours.add(pixels.slice(i, i + 4).join());
          return colours.size < 20;
        }).length"""
    )
    assert blank == 0
    assert visit.page.locator("#panel-paths .drawing canvas").count() >= 6


def test_nothing_is_wider_than_the_screen(visit: Visit) -> None:
    for _ in range(2):
        for width, height in ((1280, 720), (820, 1180), (1024, 768), (1920, 1080)):
            visit.page.set_viewport_size({"width": width, "height": height})
            for tab in ("paths", "compare", "cost"):
                visit.tab(tab)
                over = visit.page.evaluate(
                    "() => Math.max(...[document.documentElement, document.getElementById('verdict')]"
                    ".map((node) => node.scrollWidth - node.clientWidth))"
                )
                assert over <= 0, (width, tab)
        visit.page.click("#language")
        visit.painted()


def test_the_print_is_one_page(visit: Visit) -> None:
    for _ in range(2):
        pdf = visit.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
        visit.page.click("#language")
        visit.painted()
