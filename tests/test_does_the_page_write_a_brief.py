"""Is the brief that the page writes by itself the one that `shudian brief` writes of the same state?

In headless Chromium, on the same draws: every sentence, every cell of the tables and of the workbook. What each lever
contributes is computed on other draws there and here, and stays out, but for which amounts are called assumed. Does NOT
establish that a brief says what is right, nor that its picture is the same, which a canvas draws here and Matplotlib
there.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pytest
from playwright.sync_api import Browser

from commands import Terminal
from engine_page import plain
from planner_visit import ENOUGH, MOVING, Visit, ample_page, visiting
from random_scenarios import random_scenario
from shudian.analysis.contribution import INSTRUMENTS
from shudian.kinds import LANGUAGES, Language, Model
from shudian.page.data import carried
from shudian.report.comparison.words import is_assumed
from shudian.wording import say

_OWN = ("brief_repeat_command", "brief_repeat_digests", "brief_repeat_digests_page")
"""Rows that name the file and the digest of results, which the page does not have."""
HOSTILE = "</w:t></w:r>⟦body⟧ & \"x\" 'y' <b>=1+1 $& $1"


@pytest.fixture(scope="module")
def visit(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    path = tmp_path_factory.mktemp("page") / "planner.html"
    path.write_text(ample_page(), encoding="utf-8")
    with visiting(browser, path, (1280, 720), accept_downloads=True) as found:
        yield found


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


def speak(visit: Visit, language: Language) -> None:
    if visit.page.evaluate("() => Shudian.text.settings.language") != language:
        visit.page.click("#language")
    visit.painted()


def choose(visit: Visit, choice: str) -> None:
    visit.page.evaluate(f"() => Shudian.main.change({choice}, true)")
    visit.painted()


def sentences(file: bytes | Path, language: Language) -> tuple[list[str], list[list[str]]]:
    """Paragraphs and rows of tables, but for what the two compute on other draws or call otherwise."""
    word = docx.Document(io.BytesIO(file) if isinstance(file, bytes) else str(file))
    heads = [say(f"brief_advice_{name}_head", language) for name in ("first", "leave")]
    idle = say("strip_idle", language, clauses="")[:5]
    told = [p.text.lstrip("0123456789. •") for p in word.paragraphs]
    rows = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    own = [say(key, language) for key in _OWN]
    return (
        [text for text in told if not text.startswith((*heads, idle)) and "shudian" not in text],
        [row for row in rows if row[0] not in own],
    )


def cells(file: bytes | Path, but: set[str]) -> dict[str, dict[str, Any]]:
    """Sheet -> place -> value and format, of the sheets that tell results."""
    book = openpyxl.load_workbook(io.BytesIO(file) if isinstance(file, bytes) else file)
    return {
        sheet.title: {
            cell.coordinate: (cell.value, cell.number_format, cell.font.b)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "") and cell.value not in but
        }
        for sheet in book.worksheets[:-1]
    }


def alike(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one.keys() == other.keys()
    for place, (value, *look) in one.items():
        wanted, *due = other[place]
        assert look == due, place
        assert value == (pytest.approx(wanted, rel=1e-9, abs=1e-9) if isinstance(value, float) else wanted), place


def compare(visit: Visit, command: Terminal, folder: Path, language: Language) -> None:
    file = folder / "own.toml"
    file.write_bytes(visit.saved("#save-toml"))
    word, book = visit.saved("#brief"), visit.saved("#brief-book")
    ended = command("brief", str(file), "-o", str(folder / "out"), "--draws", str(ENOUGH), "--lang", language)
    assert ended.code == 0, ended.err
    ours, theirs = sentences(word, language), sentences(folder / "out" / f"brief_{language}.docx", language)
    assert ours == theirs
    assert len(ours[0]) > 20
    # what files are called, and the reference beside one of them
    ours_ = visit.page.evaluate(
        "() => [Shudian.main.now(), Shudian.reference.of(Shudian.main.now())].map((s) => s.name)"
    )
    names = {"own", *ours_, f"{ours_[1]}_beside_own"}
    found, wanted = cells(book, names), cells(folder / "out" / f"results_{language}.xlsx", names)
    assert [*found] == [*wanted]
    for name in found:
        alike(found[name], wanted[name])
    assert sum(map(len, found.values())) > 3000


CHOICES = {
    "announced": "Shudian.state.fresh('zhengzhou_2025')",
    "from_now": "Shudian.state.fresh('hangzhou_from_now')",
    "past": "Shudian.state.fresh('shenzhen_mode')",
}


@pytest.mark.parametrize("name", CHOICES)
def test_a_shipped_package_has_the_same_brief(visit: Visit, command: Terminal, tmp_path: Path, name: str) -> None:
    language = LANGUAGES[len(name) % 2]
    speak(visit, language)
    choose(visit, CHOICES[name])
    compare(visit, command, tmp_path, language)


def test_a_random_state_has_the_same_brief(visit: Visit, command: Terminal, tmp_path: Path, model: Model) -> None:
    scenario = plain(random_scenario(model, np.random.default_rng(5))) | {"fixed": {}, "priors": {}}
    speak(visit, "en")
    choose(visit, f"Shudian.state.choiceOf({json.dumps({**scenario, 'title': {'zh': '甲', 'en': 'A'}})})")
    # a ramp that the next step breaks off is written in a file as what it comes to
    visit.page.evaluate("() => Shudian.share.take(Shudian.scenario.toToml(Shudian.main.now()), 'own.toml')")
    visit.painted()
    compare(visit, command, tmp_path, "en")


def test_what_is_called_assumed_is_the_same(visit: Visit, model: Model) -> None:
    groups = list(INSTRUMENTS.values())
    told = "([name, of]) => of.map((one) => Shudian.briefWords.isAssumed(Shudian.scenario.fromPreset(name), one))"
    for package in carried(MOVING).packages:
        players = [lever for lever in package.levers if not any(lever in members for members in groups)]
        wanted = [is_assumed(player, package, model) for player in (*players, *INSTRUMENTS)]
        # there an instrument goes by its first lever
        asked = [*players, *(members[0] for members in groups)]
        assert visit.page.evaluate(told, [package.name, asked]) == wanted, package.name
        if package.name == "zhengzhou_2025":
            assert len({*wanted}) == 2


def test_a_hostile_title_stays_a_text(visit: Visit) -> None:
    speak(visit, "zh")
    named = json.dumps({"zh": HOSTILE, "en": HOSTILE})
    choose(visit, f"Shudian.state.choiceOf({{...Shudian.scenario.fromPreset('zhengzhou_2025'), title: {named}}})")
    word = docx.Document(io.BytesIO(visit.saved("#brief")))
    assert sum(HOSTILE in paragraph.text for paragraph in word.paragraphs) >= 1
    assert any(HOSTILE in cell.text for table in word.tables for row in table.rows for cell in row.cells)
    book = openpyxl.load_workbook(io.BytesIO(visit.saved("#brief-book")))
    held = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value == HOSTILE]
    assert held
    assert {cell.data_type for cell in held} == {"s"}


def test_of_the_reference_itself_there_is_no_brief(visit: Visit) -> None:
    speak(visit, "en")
    choose(visit, "Shudian.state.fresh('no_policy')")
    visit.page.locator("#brief").evaluate("(node) => node.click()")
    visit.page.locator("#message").get_by_text("is itself the reference").wait_for(timeout=180_000)
