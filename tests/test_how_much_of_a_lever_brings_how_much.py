"""Does every lever show over its whole range what each amount of it brings, alike in the command and on the page?

The numbers are computed here again, by runs of their own. It does not establish that the model answers rightly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from rich.cells import cell_len

from commands import Terminal
from shudian.analysis.doses import APART, BUDGET, RESPONSES
from shudian.analysis.idle import LEAST, MOSTLY
from shudian.answers.reasons import DRAWS, SEED, responses_of
from shudian.draws import Array
from shudian.grounds import draws_from, standing_posterior
from shudian.kinds import LANGUAGES, Language, Scenario
from shudian.page.build import build_page
from shudian.parameters import DATE, HOME
from shudian.posterior_file import Posterior
from shudian.report.words.dose_text import flat_text, response_data, response_text
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.structure import load_model

MODEL = load_model()
LEVERS = {p.name: p for p in MODEL.parameters.values() if p.role == "lever"}


@cache
def posterior() -> Posterior | None:
    return standing_posterior(HOME)


@cache
def responses() -> Any:
    return responses_of(LEVERS.values(), MODEL, posterior())


PACKAGE = load_scenario("zhengzhou_2025", MODEL.parameters)


def amounts(scenario: Scenario) -> dict[str, Array]:
    """The four responses of 2027, read from the months themselves, in internal units."""
    draws = draws_from(MODEL, posterior(), DRAWS, SEED)
    names = ("cumulative_firm_entry", "cumulative_local_output", "fte_jobs", "cumulative_fiscal_cost")
    entry, output, jobs, cost = bare_run(MODEL, scenario, draws, names)
    return {"entry": entry[60] - entry[48], "output": output[60] - output[48], "jobs": jobs[60], "cost": cost[60]}


SETTINGS = {
    "fund_size": ("fund_size=0亿元@2025-10", ["fund_size=10亿元@2025-10"]),
    "municipal_parks": ("municipal_parks=0@2025-10", ["municipal_parks=15@2025-10"]),
    "plus_programme": (
        "plus_programme=0亿元/年@2025-10",
        ["plus_programme=2亿元/年@2025-10", "annual_budget=10亿元/年@2025-10"],
    ),
}


@pytest.mark.parametrize("lever", SETTINGS)
def test_the_greatest_dose_brings_what_the_same_settings_of_a_run_bring(lever: str) -> None:
    rest, most = SETTINGS[lever]
    nothing, everything = ([rest, *most[1:]], most)
    old, new = (amounts(with_settings(PACKAGE, settings, MODEL.parameters)) for settings in (nothing, everything))
    factors = {"entry": 1, "output": 1e-4, "jobs": 1, "cost": 1e-4}
    for name, factor in factors.items():
        difference = factor * (new[name] - old[name])
        gain, level = responses()[lever].gains[name][-1], responses()[lever].levels[name]
        assert gain.median == pytest.approx(np.median(difference), rel=1e-9, abs=1e-12)
        assert (gain.low, gain.high) == pytest.approx(tuple(np.quantile(difference, (0.05, 0.95))), rel=1e-9)
        assert level.median == pytest.approx(factor * np.median(old[name]), rel=1e-9)


@pytest.mark.parametrize("lever", LEVERS)
def test_the_doses_span_the_range_and_are_counted_from_rest(lever: str) -> None:
    parameter, found = LEVERS[lever], responses()[lever]
    assert (found.doses[0], found.doses[-1]) == pytest.approx((parameter.low, parameter.high))
    assert list(found.doses) == sorted(set(found.doses))
    assert len(found.doses) >= (2 if parameter.whole else 6)
    if parameter.whole or parameter.display_unit == DATE:
        assert all(dose == round(dose) for dose in found.doses)
    assert found.doses[found.rest] == parameter.value
    for gains in found.gains.values():
        assert (gains[found.rest].low, gains[found.rest].median, gains[found.rest].high) == (0, 0, 0)
        assert all(gain.low <= gain.median <= gain.high for gain in gains)


@pytest.mark.parametrize("lever", LEVERS)
def test_what_a_lever_needs_is_in_place(lever: str) -> None:
    given = responses()[lever].given
    assert (BUDGET in given) == (lever not in APART)
    for name in LEVERS[lever].needs:
        if LEVERS[name].display_unit != DATE:
            assert given.get(name) or PACKAGE.levers[name][-1].value


@pytest.mark.parametrize("lever", LEVERS)
def test_where_the_curve_is_flat_it_says_why_and_elsewhere_it_moves(lever: str) -> None:
    found = responses()[lever]
    stretches = {place for flat in found.flat for place in range(flat.first, flat.last)}
    for place in range(len(found.doses) - 1):
        ends = [(gains[place], gains[place + 1]) for gains in found.gains.values()]
        moves = any(one != other for one, other in ends)
        assert moves or place in stretches
    for flat in found.flat:
        for language in LANGUAGES:
            said = flat_text(flat, found, language)
            assert "{" not in said
            assert flat.why is None or LEVERS[lever].label.text(language) in said
            assert said.endswith("。" if language == "zh" else ".")


@pytest.mark.parametrize("lever", ["annual_budget"])
def test_a_limit_that_holds_at_the_end_of_the_range_is_told(lever: str) -> None:
    found = responses()[lever]
    flat = found.flat[-1]
    assert flat.last == len(found.doses) - 1
    assert flat.why is not None
    assert flat.why.reason == "limit"
    for language in LANGUAGES:
        assert LEVERS[lever].limit.text(language) in flat_text(flat, found, language)


def rows_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("    ")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lever", LEVERS)
def test_a_row_fits_into_eighty_columns(lever: str, language: Language) -> None:
    found = responses()[lever]
    rows = rows_of(response_text(found, MODEL, posterior(), language))
    assert len(rows) == len(RESPONSES) * (len(found.doses) - 1)
    assert max(cell_len(row) for row in rows) <= 80
    bars = [re.search(r"[+-]*$", row) for row in rows]
    assert all(bar is not None and len(bar[0]) <= 10 for bar in bars)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_posterior_the_priors_answer_and_are_named(language: Language) -> None:
    (found,) = responses_of([LEVERS["fund_size"]], MODEL, None).values()
    said = response_text(found, MODEL, None, language)
    assert {"zh": "未校准", "en": "uncalibrated"}[language] in said
    assert found.gains["cost"][-1].median > 0


def test_what_is_called_flat_moves_in_no_more_than_a_tenth_of_the_draws() -> None:
    found = responses()["annual_budget"]
    flat = found.flat[-1]
    doses = [found.doses[place] * 12 / 1e4 for place in (flat.first, flat.last)]
    settings = [[f"annual_budget={dose:.6g}亿元/年@2025-10"] for dose in doses]
    old, new = (amounts(with_settings(PACKAGE, setting, MODEL.parameters)) for setting in settings)
    same = np.all([np.abs(new[n] - old[n]) <= LEAST * np.abs(new[n]) for n in old], axis=0)
    assert same.mean() >= MOSTLY


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page as it is shipped, but with few draws to run, which the curves do not depend on."""
    file = tmp_path_factory.mktemp("page") / "planner.html"
    build_page(file, draws=20, settled=20)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.goto(file.as_uri())
    page.locator('html[data-busy="no"]').wait_for(state="attached", timeout=180_000)
    yield page
    page.close()
    assert troubles == []


def test_the_page_carries_what_the_command_prints(page: Page) -> None:
    carried = page.evaluate("() => Shudian.data.levers.map((lever) => [lever.name, lever.response])")
    assert dict(carried) == {name: response_data(found) for name, found in responses().items()}


@pytest.mark.parametrize(("lever", "language"), [("fund_size", "zh"), ("production_subsidy_cap", "en")])
def test_the_card_draws_and_tells_what_the_command_prints(
    lever: str, language: Language, page: Page, terminal: Terminal
) -> None:
    page.evaluate(
        "([name, language]) => { if (Shudian.text.settings.language !== language) "
        "document.getElementById('language').click(); "
        "Shudian.cards.lever(Shudian.data.levers.find((entry) => entry.name === name)); }",
        [lever, language],
    )
    found = responses()[lever]
    count = len(RESPONSES) * (len(found.doses) - 1)
    printed = np.reshape(rows_of(terminal("explain", lever, "--lang", language).out)[-count:], (len(RESPONSES), -1))
    curves, cells, fits = page.evaluate(READ)
    for response, (role, label, circles) in enumerate(curves):
        assert role == "img"
        assert circles == len(found.doses)
        shown = [row[response] for place, row in enumerate(cells) if place != found.rest]
        told = [NUMBERS.search(row)[0] for row in printed[response]]
        assert [bare(cell) for cell in shown] == [bare(number) for number in told]
        opening = {"zh": "（", "en": " ("}[language]
        assert all(number.split(" (")[0] + opening in label for number in told)
    assert fits
    said = page.inner_text("#dialog")
    assert all(flat_text(flat, found, language) in said for flat in found.flat)
    assert "⟦" not in said


NUMBERS = re.compile(r"−?[\d,.]+ \([^)]*\)")
READ = """() => [
  [...document.querySelectorAll(".dose-curve")].map((node) =>
    [node.getAttribute("role"), node.getAttribute("aria-label"), node.querySelectorAll("circle").length]),
  [...document.querySelectorAll(".doses-table tbody tr")].map((row) =>
    [...row.cells].slice(1).map((cell) => cell.textContent)),
  document.getElementById("dialog").scrollWidth <= document.getElementById("dialog").clientWidth,
]"""


def bare(cell: str) -> str:
    """A median and its interval without the signs that only one of the two writes."""
    return re.sub(r"[+,() –～]", "", cell)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)
