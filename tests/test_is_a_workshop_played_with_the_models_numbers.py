"""Is the kit of a workshop made of the model's own numbers, complete in both languages, and are its rounds understood?

Every number of a card is looked up in what `run` and `compare` answer. It does not establish that a role-play is fun,
that the roles speak for any institution, nor that Word breaks its pages as they were seen in LibreOffice.
"""

from __future__ import annotations

import itertools
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest

import shudian as sd
from commands import Terminal
from shudian.answers.compare import CompareRequest, compare
from shudian.answers.requests import ASKED, REFERENCE
from shudian.answers.workshop import (
    LATER,
    MOVES,
    ROLES,
    SHOCKS,
    Workshop,
    WorkshopRequest,
    rounds,
    seats,
    settings,
    workshop,
)
from shudian.cli.workshop import FEWEST, MOST
from shudian.kinds import LANGUAGES, InputError, Language
from shudian.quantities import write_month
from shudian.report.document import Table, one_line
from shudian.report.run.tables import all_tables
from shudian.report.workshop import tables
from shudian.report.workshop.documents import STEPS, cards, form, script, seat_name, table_name
from shudian.report.workshop.folder import write_kit
from shudian.report.workshop.rounds import read_tables, rounds_workbook
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario
from shudian.structure import load_model

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DRAWS = 60
MODEL = load_model()
in_both = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def found() -> Workshop:
    return workshop(WorkshopRequest(people=13, draws=DRAWS))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


@pytest.fixture(scope="module")
def kits(found: Workshop, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    made = {}
    for language in LANGUAGES:
        made[language] = tmp_path_factory.mktemp(language) / "kit"
        made[language].mkdir()
        write_kit(found, made[language], language, "shudian workshop -o kit")
    return made


def row_of(name: str, **more: object) -> object:
    """The verdict of the package asked for in what `run` answers."""
    verdicts = sd.run(name, draws=DRAWS, **more).answer.verdicts  # type: ignore[arg-type]
    return verdicts.row(verdicts.pairing.asked)


# numbers


def test_the_package_on_the_cards_is_what_run_answers(found: Workshop) -> None:
    row = row_of(ASKED, against=REFERENCE)
    for part in ("targets", "gains", "measures", "additional", "moves"):
        assert getattr(found.package, part) == getattr(row, part), part


@pytest.mark.parametrize("move", ["fund_size", "production_subsidy", "annual_budget"])
def test_a_move_is_what_run_answers_with_its_settings(found: Workshop, move: str) -> None:
    row = row_of(ASKED, set=list(settings(move, found.months[0])))
    for part in ("targets", "measures", "changes", "moves"):
        assert getattr(found.move(move), part) == getattr(row, part), part


def test_a_shock_is_what_run_answers_of_the_package_in_it(found: Workshop) -> None:
    for shock in SHOCKS:
        row = row_of(f"{ASKED}+{shock}", against=REFERENCE)
        for part in ("targets", "measures", "additional"):
            assert getattr(found.shock(shock), part) == getattr(row, part), (shock, part)


def test_a_price_is_what_compare_answers(found: Workshop) -> None:
    told = compare(CompareRequest((ASKED, "baseline"), draws=DRAWS))
    assert told.assessment.prices[ASKED] == found.prices


@in_both
def test_every_number_on_a_card_stands_in_the_tables_of_run(found: Workshop, language: Language) -> None:
    """Cells of the interests are those that `run` prints, found by package and measure."""
    printed = {cell for table in all_tables(found.answer.verdicts, language) for row in table.told for cell in row}
    for role in ROLES:
        for row in tables.interests(role, found, language).told:
            level = row[1]
            assert level in printed or any(level in cell.split(" / ") for cell in printed), (role.name, row)


@in_both
def test_what_can_be_told_from_nil_is_said_to_be(found: Workshop, language: Language) -> None:
    yes = tables.moves(["municipal_parks"], found, language).rows[0][5]
    budget = found.move("annual_budget").changes["output"]
    assert budget.median == 0
    assert tables.moves(["annual_budget"], found, language).rows[0][5] != yes
    for name in MOVES:
        band = found.move(name).changes["output"]
        if tables.moves([name], found, language).rows[0][5] == yes:
            assert band.low > 0 or band.high < 0


def test_only_levers_that_studies_tested_rest_on_studies(found: Workshop) -> None:
    assert {"fund_size", "municipal_parks", "production_subsidy_rate"} <= found.studies.keys()
    assert not {"annual_budget", "approval_days", "script_incubation"} & found.studies.keys()


# seats


@pytest.mark.parametrize("people", range(FEWEST, MOST + 1))
def test_every_table_has_every_role_and_everybody_a_seat(people: int) -> None:
    found = seats(people)
    assert sum(sum(table.values()) for table in found) == people
    assert all({*table} == {*ROLES} and set(table.values()) <= {1, 2} for table in found)
    sizes = [sum(table.values()) for table in found]
    assert max(sizes) - min(sizes) <= 1


@in_both
@pytest.mark.parametrize("people", [FEWEST, MOST])
def test_there_is_a_card_for_everybody(found: Workshop, people: int, language: Language) -> None:
    dealt = cards(replace(found, request=replace(found.request, people=people)), language)
    assert len(dealt) == people
    titles = [document[0].lines[0] for document in dealt]  # type: ignore[union-attr]
    assert titles.count(seat_name(ROLES[0], language)) == people // len(ROLES)
    places = {document[1].lines[0] for document in dealt}  # type: ignore[union-attr]
    assert places == {table_name(number, language) for number in range(people // len(ROLES))}


# papers


def test_the_parts_take_ninety_minutes() -> None:
    assert sum(STEPS.values()) == 90


def texts_of(kit: Path) -> str:
    said = []
    for path in sorted(kit.glob("*.docx")):
        paper = docx.Document(str(path))
        said += [paragraph.text for paragraph in paper.paragraphs]
        said += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    for path in kit.glob("*.xlsx"):
        said += [str(cell) for sheet in openpyxl.load_workbook(path) for row in sheet.values for cell in row if cell]
    page = next(kit.glob("*.html")).read_text(encoding="utf-8")
    return "\n".join([*said, re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]*>", " ", page, flags=re.DOTALL)])


def test_each_language_has_every_paper_and_only_its_own_words(kits: dict[Language, Path]) -> None:
    names = {
        language: sorted(path.name.replace(f"_{language}", "") for path in kits[language].iterdir())
        for language in LANGUAGES
    }
    assert names["zh"] == names["en"]
    assert len(names["zh"]) == 7
    chinese = set(re.findall(r"[\u4e00-\u9fff]+", texts_of(kits["en"])))
    # units stand as they are typed
    assert all(word in "亿元 万元 人 年 月 部 处 家 日 个园区" for word in chinese), chinese
    assert len(re.findall(r"[\u4e00-\u9fff]", texts_of(kits["zh"]))) > 5000


def test_the_same_question_makes_the_same_kit(kits: dict[Language, Path], tmp_path: Path) -> None:
    again = workshop(WorkshopRequest(people=13, draws=DRAWS))
    write_kit(again, tmp_path, "zh", "shudian workshop -o kit")
    for path in (path for path in kits["zh"].rglob("*") if path.is_file()):
        assert (tmp_path / path.relative_to(kits["zh"])).read_bytes() == path.read_bytes(), path.name


@in_both
def test_the_script_says_how_sure_and_names_every_move_and_shock(found: Workshop, language: Language) -> None:
    document = script(found, language)
    told = " ".join(
        itertools.chain(
            (line for block in document if hasattr(block, "lines") for line in block.lines),
            (one_line(cell) for block in document if isinstance(block, Table) for row in block.told for cell in row),
        )
    )
    assert "61" in told  # of the later numbers that the frozen intervals held
    for move in MOVES:
        assert tables.move_name(move, found, language) in told
        assert all(setting in told for setting in settings(move, found.months[0]))
    for shock in SHOCKS:
        assert load_scenario(shock, MODEL.parameters).title.text(language) in told
        assert f"shudian run {ASKED}+{shock} --draws {DRAWS} --against {REFERENCE}" in told


@in_both
def test_the_form_asks_for_every_definition_and_the_slides_have_a_title(
    found: Workshop, kits: dict[Language, Path], language: Language
) -> None:
    guesses = next(block for block in form(found, language) if isinstance(block, Table))
    assert len(guesses.rows) == len(found.answer.verdicts.market.definitions)
    page = next(kits[language].glob("*.html")).read_text(encoding="utf-8")
    assert page.count("<section ") == page.count("<h1>")
    assert "http" not in re.sub(r"data:[^\"')]*|http-equiv", "", page)


@in_both
def test_slides_turn_with_the_keyboard_and_have_room(
    kits: dict[Language, Path], browser: Browser, language: Language
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("request", lambda request: wrong.append(request.url))
    page.goto(next(kits[language].glob("*.html")).as_uri())
    page.wait_for_function("document.fonts.status === 'loaded'")
    for number in range(1, page.locator("section").count() + 1):
        shown = page.locator("section.shown")
        assert shown.get_attribute("id") == f"s{number}"
        assert shown.evaluate("s => s.scrollHeight <= s.clientHeight && s.scrollWidth <= s.clientWidth"), number
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    assert page.url.endswith("#s1")
    assert not [said for said in wrong if not said.startswith(("file:", "data:"))]
    page.close()


# rounds


def filled(path: Path, people: int = 13, language: Language = "zh", now: str = "", **cells: object) -> Path:
    """A sheet of rounds in which each cell `t1_fund_size_2` (table, lever, round) has a value."""
    book = rounds_workbook(people, rounds(now), MODEL.parameters, language)
    for key, value in cells.items():
        table, lever, number = re.fullmatch(r"t(\d)_(\w+)_(\d)", key).groups()  # type: ignore[union-attr]
        sheet = book.worksheets[int(table) - 1]
        row = next(row for row in range(1, sheet.max_row + 1) if any(cell.value == lever for cell in sheet[row]))
        sheet.cell(row, 4 + int(number)).value = value  # type: ignore[assignment]
    book.save(path)
    return path


@in_both
def test_a_filled_round_becomes_a_scenario_that_check_accepts(terminal: Terminal, language: Language) -> None:
    cells = {
        "t1_fund_size_1": 2, "t1_rent_relief_rate_1": "30%", "t1_fund_size_2": "1.5 亿元", "t2_municipal_parks_2": 6,
        "t2_support_end_2": "2029-01",
    }  # fmt: skip
    filled(Path("rounds.xlsx"), language=language, **cells)
    ended = terminal("workshop", "--read", "rounds.xlsx", "-o", "played", "--lang", language)
    assert ended.code == 0, ended.err
    files = sorted(path.name for path in Path("played").iterdir())
    assert files == ["table_1_round_1.toml", "table_1_round_2.toml", "table_2_round_2.toml"]
    assert all(f"played/{name}" in ended.out for name in files)
    assert terminal("check", *(f"played/{name}" for name in files), "--lang", language).code == 0
    one, both, parks = (load_scenario(Path("played") / name, MODEL.parameters) for name in files)
    assert [segment.value for segment in one.levers["fund_size"]] == [1e4, 2e4]
    assert [segment.value for segment in both.levers["fund_size"]] == [1e4, 2e4, 1.5e4]
    assert one.levers["rent_relief_rate"][-1].value == 0.3
    assert parks.levers["municipal_parks"][-1].value == 6
    assert len({one.levers["fund_size"][-1].start, both.levers["fund_size"][-1].start}) == len(LATER)
    assert both.title.text(language).startswith(table_name(0, language))


def test_a_round_gives_what_run_gives_with_the_same_settings(tmp_path: Path) -> None:
    path = filled(tmp_path / "rounds.xlsx", t1_fund_size_1=2)
    (played,) = read_tables(path, MODEL.parameters)
    shipped = load_scenario(ASKED, MODEL.parameters)
    assert played.levers == with_settings(shipped, settings("fund_size", rounds()[0]), MODEL.parameters).levers


def test_a_kit_is_played_in_its_own_months(tmp_path: Path) -> None:
    """Those with which it was written, wherever it is read; a sheet that has lost them is refused."""
    path = filled(tmp_path / "rounds.xlsx", now="2027-01", t1_fund_size_1=2, t1_fund_size_2=3)
    played = read_tables(path, MODEL.parameters)
    assert [write_month(segment.start) for segment in played[-1].levers["fund_size"]][1:] == ["2027-01", "2027-07"]
    with pytest.raises(InputError, match=r"--now 2031-10: .*outside the horizon"):
        rounds("2031-10")
    book = openpyxl.load_workbook(path)
    cell = next(c for row in book.worksheets[0].iter_rows() for c in row if "2027-07" in str(c.value))
    cell.value = "later"
    book.save(path)
    with pytest.raises(InputError, match=rf"第1桌!{cell.column_letter}\d.* has no month"):
        read_tables(path, MODEL.parameters)


@pytest.mark.parametrize("heading", ["数值3", "起始年月1", "过渡月数1"])
def test_a_column_that_no_round_has_is_refused(tmp_path: Path, heading: str) -> None:
    """What stands in it would be left out without a word."""
    path = filled(tmp_path / "rounds.xlsx", t1_fund_size_1=2)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    row = next(row for row in range(1, sheet.max_row + 1) if any(c.value == "数值1" for c in sheet[row]))
    sheet.cell(row, sheet.max_column + 1).value = heading
    book.save(path)
    with pytest.raises(InputError, match=f"第1桌!.*{heading}"):
        read_tables(path, MODEL.parameters)


@pytest.mark.parametrize(
    ("cells", "place", "said"),
    [
        ({"t1_fund_size_1": 99}, "第1桌!E5", "10"),
        ({"t2_municipal_parks_2": "很多"}, "第2桌!F", "很多"),
        ({"t1_rent_relief_rate_1": "3 亿元"}, "第1桌!E", "rent_relief_rate"),
        ({"t1_support_end_1": "2050-01"}, "第1桌!E", "2032-01"),
        ({"t1_open_locations_1": 10.5}, "第1桌!E", "10.5"),
    ],
)
def test_a_wrong_cell_is_named(terminal: Terminal, cells: dict[str, object], place: str, said: str) -> None:
    filled(Path("rounds.xlsx"), **cells)
    ended = terminal("workshop", "--read", "rounds.xlsx", "-o", "played", "--lang", "zh")
    assert (ended.code, ended.err.count("\n")) == (2, 1), ended
    assert place in ended.err
    assert said in ended.err
    assert not Path("played").exists()


def test_an_empty_sheet_and_another_workbook_are_refused(terminal: Terminal) -> None:
    filled(Path("rounds.xlsx"))
    openpyxl.Workbook().save("other.xlsx")
    for name, said in (("rounds.xlsx", "no round of any table"), ("other.xlsx", "no sheet has the headings")):
        ended = terminal("workshop", "--read", name, "-o", "played", "--lang", "en")
        assert (ended.code, ended.err.count("\n")) == (2, 1), ended
        assert said in ended.err
    ended = terminal("workshop", "--read", "rounds.xlsx", "-o", "played", "--people", "8", "--lang", "en")
    assert ended.code == 2
    assert "--people" in ended.err
    with pytest.raises(InputError):
        read_tables(Path("missing.xlsx"), MODEL.parameters)


def test_a_change_that_does_nothing_is_told_with_its_reason(terminal: Terminal) -> None:
    filled(Path("rounds.xlsx"), t1_production_subsidy_rate_1=0.3)
    ended = terminal("workshop", "--read", "rounds.xlsx", "-o", "played", "--lang", "zh")
    assert ended.code == 0
    assert "单部补贴上限" in ended.out


# the command


def test_the_command_writes_the_kit_and_refuses_wrong_numbers_of_people(terminal: Terminal) -> None:
    ended = terminal("workshop", "-o", "kit", "--people", "6", "--draws", "20", "--lang", "zh")
    assert ended.code == 0, ended.err
    assert "6人、1桌" in ended.out
    assert len(openpyxl.load_workbook("kit/3_rounds_zh.xlsx").sheetnames) == 1
    assert terminal("run", "--repeat", "kit/manifest.json").code == 0
    again = terminal("workshop", "-o", "kit", "--draws", "20", "--lang", "en")
    assert (again.code, again.err.count("\n")) == (2, 1)
    shutil.rmtree("kit")
    for people in ("5", "31"):
        ended = terminal("workshop", "-o", "kit", "--people", people)
        assert ended.code == 2
        assert not Path("kit").exists()
