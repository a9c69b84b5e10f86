"""Does the planner's page print the numbers of `shudian run`, digit by digit, once a change has settled?

For shipped packages, and for what a planner may have set: the page saves a scenario file, and the command line runs it.
In real headless Chromium, one of them with all draws that the shipped page carries, the others with as many as carry an
answer. Does NOT establish that either is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from commands import Terminal
from planner_visit import DEFINITIONS, ENOUGH, Visit, ample_page, full_page, visiting
from shudian.analysis.verdicts import ADDITIONAL, MEASURES, YEAR
from shudian.answers.plan import Request, plan
from shudian.answers.run import carry_out
from shudian.kinds import LANGUAGES, Language, Model
from shudian.page.data import SETTLED
from shudian.report.run.strip import strip
from shudian.scenario_changes import read_setting
from shudian.wording import say

PACKAGES = ("zhengzhou_2025", "shenzhen_mode")
RANDOM = 2
_NUMBER = re.compile(r"[<>+−]?\d[\d,.]*%?")


@pytest.fixture(scope="module")
def visit(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    with opened(browser, tmp_path_factory.mktemp("page"), ample_page()) as found:
        yield found


@contextmanager
def opened(browser: Browser, folder: Path, text: str) -> Iterator[Visit]:
    path = folder / "planner.html"
    path.write_text(text, encoding="utf-8", newline="")
    with visiting(browser, path, (1280, 720), accept_downloads=True) as found:
        found.tab("compare")
        yield found


def numbers(text: str) -> list[str]:
    """The numbers of a cell; a plus says nothing that its absence does not, and of equal bounds one is enough."""
    found = [number.lstrip("+") for number in _NUMBER.findall(text.replace("<br>", "|").replace(" ", ""))]
    return found[:-1] if len(found) == 3 and found[1] == found[2] else found


def shown(visit: Visit) -> tuple[list[str], dict[str, list[list[str]]]]:
    """The chances of the market; of every quantity the numbers of the scenario and of what it adds."""
    rows = visit.page.locator("#panel-compare .card").first.locator("tbody tr")
    cells = [[cell.strip() for cell in row.split("\t")] for row in rows.all_inner_texts()]
    chances = [numbers(row[1])[0] for row in cells[: len(DEFINITIONS)]]
    return chances, {row[0]: [numbers(row[1]), numbers(row[-1])] for row in cells}


def printed(folder: Path, title: str) -> dict[str, list[str]]:
    """Head of a column -> the numbers in the row of the scenario called `title`, over all tables of `table.md`."""
    found: dict[str, list[str]] = {}
    head: list[str] = []
    for line in (folder / "table.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and not head:
            head = [cell.replace("<br>（", "（").replace("<br>(", " (") for cell in cells]
        elif cells and cells[0] == title:
            found |= {name: numbers(cell) for name, cell in zip(head[1:], cells[1:], strict=True) if name not in found}
        if not cells:
            head = []
    return found


def compare(
    visit: Visit, command: Terminal, scenario: str, folder: Path, language: Language, draws: int = ENOUGH
) -> None:
    assert visit.page.get_attribute("#worlds", "data-draws") == str(draws)
    words = ("-o", str(folder), "--lang", language)
    ended = command("run", scenario, "--draws", str(draws), *words)
    assert ended.code == 0, ended.err
    wanted = printed(folder, visit.text("#now-title"))
    chances, found = shown(visit)
    labels = [visit.page.locator(f'[data-definition="{d}"] .definition-name').inner_text() for d in DEFINITIONS]
    assert chances == [wanted[label][0] for label in labels]
    assert list(visit.chances().values()) == chances
    compared = 0
    for measure in MEASURES:
        name = say(measure.label, language, year=measure.year, since=measure.since)
        row = next(cells for label, cells in found.items() if label.startswith(name))
        head = next((head for head in wanted if head.startswith(name)), None)
        if head:
            assert row[0] == wanted[head], head
            compared += 1
        if measure.name not in ADDITIONAL or measure.year != YEAR:
            continue
        added = say(f"additional_{measure.label}", language, year=measure.year, since=measure.since)
        head = next((head for head in wanted if head.startswith(added)), None)
        if head:
            assert row[1] == wanted[head], head
            compared += 1
    assert compared >= 12


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_shipped_package_has_the_same_numbers(
    visit: Visit, command: Terminal, tmp_path: Path, language: Language
) -> None:
    # the numbers are the same in both languages; of the second, every fourth package tells whether its words are
    for package in PACKAGES if language == "zh" else PACKAGES[::4]:
        visit.page.select_option("#preset", package)
        if visit.page.evaluate("() => Shudian.text.settings.language") != language:
            visit.page.click("#language")
        visit.painted()
        compare(visit, command, package, tmp_path / package, language)


def test_with_all_draws_too(browser: Browser, command: Terminal, tmp_path: Path) -> None:
    with opened(browser, tmp_path, full_page()) as visit:
        compare(visit, command, PACKAGES[0], tmp_path / "out", "zh", SETTLED)


def test_what_a_planner_sets_has_the_same_numbers(
    visit: Visit, command: Terminal, tmp_path: Path, model: Model
) -> None:
    generator = np.random.default_rng(12)
    levers = [p for p in model.scheduled if p.role == "lever"]
    if visit.page.evaluate("() => Shudian.text.settings.language") != "zh":
        visit.page.click("#language")
    for number in range(RANDOM):
        visit.page.select_option("#preset", PACKAGES[number % len(PACKAGES)])
        visit.painted()
        for lever in generator.choice(len(levers), size=3, replace=False):
            visit.drag(levers[int(lever)].name, float(generator.uniform(0.1, 0.9)), settle=False)
        visit.painted()
        visit.page.click("#share summary")
        file = tmp_path / f"own{number}.toml"
        file.write_bytes(visit.saved("#save-toml"))
        compare(visit, command, str(file), tmp_path / f"out{number}", "zh")


CHOICES = (
    ("zhengzhou_2025",),
    ("shenzhen_from_now",),
    ("zhengzhou_2025", "fund_size=3亿元"),
    ("shenzhen_mode", "municipal_parks=2个园区", "approval_days=8天"),
    ("baseline", "overseas_support=0.1亿元/年"),
)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice[-1])
def test_the_answer_in_words_is_the_same(visit: Visit, model: Model, choice: tuple[str, ...]) -> None:
    """Sentence by sentence; titles are written in two ways, and what does nothing is sought on other draws."""
    base, *settings = choice
    levers = [read_setting(setting, model.parameters) for setting in settings]
    verdicts = carry_out(plan(Request((base,), settings=tuple(settings), draws=ENOUGH))).verdicts
    visit.page.evaluate(
        """([base, levers]) => {
          const { state, main } = Shudian;
          const step = (value) => [{ start: state.FIRST_CHOICE, value, ramp: 0 }];
          const put = (choice, [name, value]) => state.withSteps(choice, name, step(value));
          main.change(levers.reduce(put, state.fresh(base)), true);
        }""",
        [base, [[parameter.name, value] for parameter, value, _ in levers]],
    )
    visit.painted()
    assert visit.page.get_attribute("#worlds", "data-draws") == str(ENOUGH)
    for language in LANGUAGES:
        shown, title = visit.page.evaluate(
            """(language) => {
              const { settings } = Shudian.text, before = settings.language, context = Shudian.main.context();
              settings.language = language;
              const found = [Shudian.strip.sentences(context), context.scenario.title[language]];
              settings.language = before;
              return found;
            }""",
            language,
        )
        titles = [verdicts.row(verdicts.pairing.asked).scenario.title.text(language), title]
        idle = say("strip_idle", language, clauses="")[:5]
        one, other = (
            [sentence.replace(name, "") for sentence in sentences if not sentence.startswith(idle)]
            for sentences, name in zip((strip(verdicts, language), shown), titles, strict=True)
        )
        assert one == other
        assert len(one) >= 3
