"""Does a workbook that a planner fills in mean what the scenario file that says the same means, mistakes included?

Does NOT establish that Excel shows the drop-downs and locks as they are written, nor that a planner finds the cells;
the workbooks here are filled in by openpyxl.
"""

from __future__ import annotations

import csv
import datetime
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.workbook import Workbook

from commands import Terminal
from shudian.evidence import load_parameters
from shudian.files import LARGEST_FILE
from shudian.kinds import InputError, Language, Parameter, Scenario
from shudian.messages import in_language
from shudian.parameters import DATE
from shudian.quantities import write_month, write_range
from shudian.report.scenario_workbook import FREE_ROWS, scenario_workbook
from shudian.scenario_form import COLUMNS, PACKAGE, SHEETS, STEP, YES
from shudian.scenarios import base_of, load_scenario, schedule_matrix, unchanged
from shudian.spreadsheet_file import LARGEST_CONTENT
from shudian.units import conversion

PARAMETERS = load_parameters()
SCHEDULED = [parameter for parameter in PARAMETERS.values() if parameter.role in ("lever", "assumption")]
TABLES = {"lever": "levers", "assumption": "assumptions"}
HEAD = 4


def fresh(language: Language = "zh") -> Workbook:
    """A new workbook to fill in, as `shudian new` writes it."""
    if language not in _FRESH:
        out = BytesIO()
        scenario_workbook(PARAMETERS, "mine", language).save(out)
        _FRESH[language] = out.getvalue()
    return openpyxl.load_workbook(BytesIO(_FRESH[language]))


_FRESH: dict[Language, bytes] = {}


def loaded(book: Workbook, folder: Path, name: str = "mine.xlsx") -> Scenario:
    book.save(folder / name)
    return load_scenario(folder / name, PARAMETERS)


def cell(book: Workbook, parameter: Parameter, column: str, step: int = 1, language: Language = "zh") -> Any:
    """The cell of a lever's or an assumption's own row under a heading."""
    sheet = book[SHEETS[TABLES[parameter.role]].text(language)]
    heads = {sheet.cell(HEAD, number).value: number for number in range(1, sheet.max_column + 1)}
    between = "" if language == "zh" else " "
    title = f"{STEP[column].text(language)}{between}{step}" if column in STEP else COLUMNS[column].text(language)
    row = next(row for row in range(HEAD + 1, sheet.max_row + 1) if sheet.cell(row, 2).value == parameter.name)
    return sheet.cell(row, heads[title])


def free_cell(book: Workbook, parameter: Parameter, column: str, row: int, language: Language) -> Any:
    """The cell in one of the empty rows below, where any name can be chosen."""
    known = cell(book, parameter, column, 1, language)
    sheet = book[SHEETS[TABLES[parameter.role]].text(language)]
    count = sum(1 for other in SCHEDULED if other.role == parameter.role)
    return sheet.cell(HEAD + 1 + count + row, known.column)


def matrix(scenario: Scenario) -> np.ndarray:
    return schedule_matrix(scenario, SCHEDULED, steps_per_month=1)


WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


@st.composite
def plans(draw: st.DrawFn) -> dict[str, list[tuple[int, float, int]]]:
    """Schedules in the parameters' own units: name -> (month, value, ramp), in the order of time."""
    chosen = draw(st.lists(st.sampled_from(SCHEDULED), unique_by=lambda p: p.name, max_size=5))
    found = {}
    for parameter in chosen:
        months = sorted(draw(st.sets(st.integers(1, 95), min_size=1, max_size=4)))
        steps = []
        for month, after in zip(months, [*months[1:], 96], strict=True):
            if parameter.display_unit == DATE:
                steps.append((month, draw(st.integers(int(parameter.low), int(parameter.high))), 0))
                continue
            factor = conversion(parameter.display_unit, parameter.unit)
            low, high = parameter.low / factor, parameter.high / factor
            value = round(draw(st.floats(low, high)), 0 if parameter.whole else 4)
            steps.append((month, min(max(value, low), high), draw(st.integers(0, after - month))))
        found[parameter.name] = steps
    return found


def as_toml(plan: dict[str, list[tuple[int, float, int]]], base: str) -> str:
    lines = [f'base = "{base}"', 'title = "我的"', 'question = "会怎样？"', "retrospective = true"]
    for role, table in TABLES.items():
        lines.append(f"[{table}]")
        for name, steps in plan.items():
            parameter = PARAMETERS[name]
            if parameter.role != role:
                continue
            written = []
            for month, value, ramp in steps:
                unit = "" if parameter.unit == "1" else parameter.display_unit.removeprefix("1")
                text = write_month(value) if parameter.display_unit == DATE else f"{value!r} {unit}".rstrip()
                step = f'{{ value = "{text}", ramp = "{ramp} 个月" }}' if ramp else f'"{text}"'
                written.append(f"{write_month(month)} = {step}")
            lines.append(f"{name} = {{ {', '.join(written)} }}")
    return "\n".join(lines)


def value_forms(parameter: Parameter, value: float) -> list[object]:
    """Ways in which a planner may write a value into a cell."""
    if parameter.display_unit == DATE:
        return date_forms(int(value))
    unit = "" if parameter.unit == "1" else parameter.display_unit.removeprefix("1")
    plain = f"{value!r}"
    return [value, plain, plain.translate(WIDE), f"{plain}{unit}", f" {plain} {unit} "]


def date_forms(month: int) -> list[object]:
    year, of_year = 2023 + month // 12, month % 12 + 1
    iso = f"{year}-{of_year:02d}"
    return [datetime.date(year, of_year, 1), iso, f"{year}年{of_year}月", iso.translate(WIDE), f"{year}/{of_year}"]


@settings(max_examples=15)
@given(plan=plans(), language=st.sampled_from(("zh", "en")), data=st.data())
def test_a_workbook_means_what_the_file_means_that_says_the_same(
    tmp_path_factory: pytest.TempPathFactory, plan: dict[str, Any], language: Language, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("same")
    book = fresh(language)
    book[SHEETS[PACKAGE].text(language)]["B11"] = YES.text(language)
    used = dict.fromkeys(TABLES, 0)
    for name, steps in plan.items():
        parameter = PARAMETERS[name]
        for number, (month, value, ramp) in enumerate(steps, 1):
            if number <= 2:
                cells = {key: cell(book, parameter, key, number, language) for key in STEP}
            elif used[parameter.role] < FREE_ROWS:
                row = used[parameter.role]
                cells = {key: free_cell(book, parameter, key, row, language) for key in STEP}
                free_cell(book, parameter, "label", row, language).value = parameter.label.text(language)
                used[parameter.role] += 1
            else:
                steps = plan[name] = steps[: number - 1]
                break
            cells["value"].value = data.draw(st.sampled_from(value_forms(parameter, value)))
            cells["start"].value = data.draw(st.sampled_from(date_forms(month)))
            cells["ramp"].value = data.draw(st.sampled_from([ramp, f"{ramp}", f"{ramp}个月"])) if ramp else None
    (folder / "same.toml").write_text(as_toml(plan, "zhengzhou_2025"), encoding="utf-8")
    file, mine = load_scenario(folder / "same.toml", PARAMETERS), loaded(book, folder)
    assert np.array_equal(matrix(mine), matrix(file))
    assert (mine.levers, mine.assumptions, mine.fixed) == (file.levers, file.assumptions, file.fixed)
    assert (mine.base, mine.city, mine.kind, mine.notes) == (file.base, file.city, file.kind, file.notes)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_workbook_is_its_base_and_explains_every_lever(tmp_path: Path, language: Language) -> None:
    mine = loaded(fresh(language), tmp_path)
    base = base_of(mine, PARAMETERS)
    assert base
    assert unchanged(mine, base, PARAMETERS)
    book = fresh(language)
    for parameter in SCHEDULED:
        sheet = book[SHEETS[TABLES[parameter.role]].text(language)]
        assert cell(book, parameter, "label", 1, language).value == parameter.label.text(language)
        checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
        value = cell(book, parameter, "value", 1, language)
        check = checks[value.coordinate]
        if parameter.display_unit != DATE:
            assert f"{float(check.formula1):g} to {float(check.formula2):g}" in str(write_range(parameter))
        assert not value.protection.locked
        assert cell(book, parameter, "label", 1, language).protection.locked
        assert sheet.protection.sheet


def test_what_the_package_sheet_says_is_read(tmp_path: Path) -> None:
    book = fresh()
    sheet = book["方案"]
    lines = {sheet.cell(row, 1).value: row for row in range(1, sheet.max_row + 1)}
    for line, text in (
        ("基础方案", "深圳模式（移植）"), ("城市", "郑州"), ("标题（中文）", "我的"), ("标题（英文）", "Mine"),
        ("与此方案同预算", "zhengzhou_2025"), ("依据编号", "ZG08，ZG09"), ("假定说明", "一条假定"),
    ):  # fmt: skip
        sheet.cell(lines[line], 2).value = text
    mine = loaded(book, tmp_path)
    (tmp_path / "same.toml").write_text(
        'base = "shenzhen_mode"\ntitle = { zh = "我的", en = "Mine" }\nquestion = "这一方案有助于实现2027年目标吗？"\n'
        'city = "zhengzhou"\nsame_budget_as = "zhengzhou_2025"\nevidence = ["ZG08", "ZG09"]\nnotes = ["一条假定"]\n',
        encoding="utf-8",
    )
    file = load_scenario(tmp_path / "same.toml", PARAMETERS)
    for field in ("base", "title", "question", "city", "same_budget_as", "evidence", "notes", "levers"):
        assert getattr(mine, field) == getattr(file, field), field


@pytest.mark.parametrize(("shown", "meant"), [(0.3, 0.3), ("30%", 0.3), ("３０％", 0.3), ("0.3", 0.3)])
def test_a_share_may_be_a_percent_cell(tmp_path: Path, shown: object, meant: float) -> None:
    book, parameter = fresh(), PARAMETERS["rent_relief_rate"]
    value = cell(book, parameter, "value")
    assert "%" in value.number_format
    value.value = shown
    cell(book, parameter, "start").value = "2027-01"
    assert loaded(book, tmp_path).levers[parameter.name][-1].value == meant


@pytest.mark.parametrize(
    ("number_format", "meant"),
    [('0.0"%"', 0.004), (r"0.0\%", 0.004), ("0.0!%", 0.004), ('0.0"‰"', 0.0004), ("0.0 %", 0.4), ('0.0"";-0.0"%"', 0.4),
     ("0.0_%", 0.4), ("0.0*%", 0.4), ("General", 0.4), ("#,##0.0_ ;[Red]-#,##0.0 ", 0.4)],
)  # fmt: skip
def test_only_a_percent_sign_that_multiplies_does(tmp_path: Path, number_format: str, meant: float) -> None:
    book = fresh()
    formatted("rent_relief_rate", 0.4, number_format)(book)
    assert loaded(book, tmp_path).levers["rent_relief_rate"][-1].value == pytest.approx(meant)


@pytest.mark.parametrize(
    "number_format", ['0.0"亿元"', r"0.0\亿\元", "#,##0.00", "0.00E+00", '_ * #,##0.00_ ;_ * "-"_ ']
)
def test_a_format_that_shows_the_rows_own_unit_changes_nothing(tmp_path: Path, number_format: str) -> None:
    book = fresh()
    formatted("fund_size", 0.5, number_format)(book)
    assert loaded(book, tmp_path).levers["fund_size"][-1].value == 5000


def test_a_result_that_was_saved_with_a_formula_is_read_and_nothing_is_computed(tmp_path: Path) -> None:
    book, parameter = fresh(), PARAMETERS["fund_size"]
    cell(book, parameter, "value").value = "=1+1"
    cell(book, parameter, "start").value = "2026-07"
    with pytest.raises(InputError, match=r"mine\.xlsx 杠杆!G5: the formula has no result"):
        loaded(book, tmp_path)
    # what a spreadsheet saves: a result that is not the formula's tells that it is read and not computed
    path, saved = tmp_path / "mine.xlsx", tmp_path / "saved.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(saved, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part, re.sub(rb"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", b"<f>1+1</f><v>3</v>", text))
    assert load_scenario(saved, PARAMETERS).levers["fund_size"][-1].value == 30_000


Fill = Callable[[Workbook], object]


def fill(name: str, value: object, start: object = "2026-07", ramp: object = None, step: int = 1) -> Fill:
    def act(book: Workbook) -> None:
        for key, written in (("value", value), ("start", start), ("ramp", ramp)):
            cell(book, PARAMETERS[name], key, step).value = written

    return act


def write(sheet: str, address: str, value: object) -> Fill:
    def act(book: Workbook) -> None:
        book[sheet][address] = value

    return act


def as_percent(book: Workbook) -> None:
    fill("fund_size", 0.2)(book)
    cell(book, PARAMETERS["fund_size"], "value").number_format = "0%"


def formatted(name: str, value: object, number_format: str, key: str = "value") -> Fill:
    def act(book: Workbook) -> None:
        fill(name, 2)(book)
        cell(book, PARAMETERS[name], key).value = value
        cell(book, PARAMETERS[name], key).number_format = number_format

    return act


OTHER_UNITS = (
    '0.0"万元"', '0.0"百万"', "[$$-409]#,##0.00", "¥#,##0", "[$¥-804]#,##0.00", "0.0,", '0!.0,"万"', r"0.0\万\元",
    'G/通用格式"万"', '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ', '[>1]0"万";0', '0.0,"%"', '0%"%"',
)  # fmt: skip

MISTAKES: list[tuple[tuple[Fill, ...], str, tuple[str, ...]]] = [
    # (what is filled in, the cell that must be named, words that must be in the sentence)
    ((fill("fund_size", 11),), "杠杆!G5", ("11 亿元", "0 to 10 亿元", "fund_size")),
    ((fill("municipal_parks", 2.5),), "杠杆!G6", ("2.5", "whole")),
    ((fill("fund_size", "两三亿"),), "杠杆!G5", ("两三亿", "in 亿元")),
    ((fill("fund_size", "2 人"),), "杠杆!G5", ("“人”", "亿元")),
    *(((formatted("fund_size", 0.5, shown),), "杠杆!G5", (shown, "General")) for shown in OTHER_UNITS),
    ((formatted("fund_size", 6, '0"年"', "ramp"),), "杠杆!I5", ("General",)),
    *(((fill("fund_size", 2, month),), "杠杆!H5", ("hyphen", "2026-10")) for month in (2026.1, 2026.12, 2026.05)),
    ((fill("support_end", 2028.1),), "杠杆!G21", ("hyphen", "2026-10")),
    ((formatted("fund_size", 0.4, '0.0"%"'),), "杠杆!G5", ("“%”", "wrong unit")),
    ((fill("fund_size", True),), "杠杆!G5", ("not a number",)),
    ((as_percent,), "杠杆!G5", ("“%”", "wrong unit")),
    ((fill("fund_size", datetime.date(2026, 7, 1)),), "杠杆!G5", ("2026-07",)),
    ((fill("fund_size", 2, "2026-13"),), "杠杆!H5", ("2026-13", "month")),
    ((fill("fund_size", 2, datetime.date(2026, 7, 15)),), "杠杆!H5", ("2026-07-15", "month")),
    ((fill("fund_size", 2, datetime.date(2031, 7, 1)),), "杠杆!H5", ("2031-07", "2023-01 to 2030-12")),
    ((fill("platform_guarantee", 0.2, None),), "假设!H8", ("no month",)),
    ((fill("fund_size", 2, "2026-04"),), "杠杆!H5", ("past", "2026-05 or later", "回溯")),
    ((fill("fund_size", 2, None), write("方案", "B11", "是")), "杠杆!H5", ("no month",)),
    ((write("方案", "B11", "也许"),), "方案!B11", ("true or false", "是 (yes)")),
    ((fill("fund_size", None),), "杠杆!H5", ("without a value",)),
    ((fill("fund_size", None, None, 6),), "杠杆!I5", ("without a value",)),
    ((fill("fund_size", 2, ramp=200),), "杠杆!I5", ("0 to 54",)),
    ((fill("fund_size", 2, ramp="6 家"),), "杠杆!I5", ("length of time",)),
    ((fill("fund_size", 2), fill("fund_size", 3, "2026-01", step=2)), "杠杆!K5", ("order of time",)),
    ((fill("fund_size", 2), fill("fund_size", 3, "2026-07", step=2)), "杠杆!K5", ("twice",)),
    ((fill("fund_size", 2, None), fill("fund_size", 3, None, step=2)), "杠杆!K5", ("two values without a month",)),
    ((fill("support_end", "2040-01"),), "杠杆!G21", ("2025-01 to 2032-01",)),
    ((write("杠杆", "G23", 2),), "杠杆!G23", ("nothing says of what",)),
    ((write("杠杆", "G23", 2), write("杠杆", "H23", "2027-01"), write("杠杆", "A23", "产业基今")), "杠杆!A23",
     ("产业基今", "did you mean “产业基金”")),
    ((write("杠杆", "G23", 2), write("杠杆", "H23", "2027-01"), write("杠杆", "A23", "平台保底程度")), "杠杆!A23",
     ("not the city's to choose",)),
    ((write("杠杆", "A5", "市级产业园"),), "杠杆!A5", ("two different things",)),
    ((fill("platform_guarantee", 2),), "假设!G8", ("0 to 1",)),
    ((write("方案", "B4", "深圳模氏（移植）"),), "方案!B4", ("did you mean “深圳模式（移植）”",)),
    ((write("方案", "B4", None),), "方案!B4", ("“base” is missing",)),
    ((write("方案", "B5", "郑洲"),), "方案!B5", ("郑洲",)),
    ((write("方案", "B6", None),), "方案!B6", ("标题（中文）", "empty")),
    ((write("方案", "A4", "基础方桉"),), "方案!A4", ("did you mean “基础方案”",)),
    ((write("方案", "A5", "基础方案"), write("方案", "B5", "x")), "方案!B5", ("twice",)),
    ((write("方案", "B10", "no_such"),), "方案!B10", ("no_such",)),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_a_mistake_is_refused_with_its_sheet_and_cell(tmp_path: Path, number: int) -> None:
    actions, place, words = MISTAKES[number]
    book = fresh()
    for action in actions:
        action(book)
    with pytest.raises(InputError) as raised:
        loaded(book, tmp_path)
    sentence = str(raised.value)
    assert sentence.startswith(f"{tmp_path / 'mine.xlsx'} {place}: ")
    for word in words:
        assert word in sentence
    chinese = in_language(raised.value, "zh")
    assert chinese.startswith(f"{tmp_path / 'mine.xlsx'} {place}：")
    assert not re.search("[a-z]{4,} [a-z]{3,}", re.sub("“[^”]*”", "", chinese.removeprefix(str(tmp_path))))


def test_a_workbook_that_lost_a_sheet_or_a_heading_is_refused(tmp_path: Path) -> None:
    book = fresh()
    book["杠杆"].title = "我的杠杆"
    with pytest.raises(InputError, match=r"“我的杠杆” looks like a sheet to fill in.*“杠杆”"):
        loaded(book, tmp_path)
    del book["我的杠杆"]
    with pytest.raises(InputError, match="no sheet “杠杆”"):
        loaded(book, tmp_path)
    book = fresh()
    book.copy_worksheet(book["杠杆"])
    with pytest.raises(InputError, match="looks like a sheet to fill in"):
        loaded(book, tmp_path)
    book = fresh()
    book["杠杆"]["G4"] = "数字"
    with pytest.raises(InputError, match="the column “数值1” is missing"):
        loaded(book, tmp_path)
    book = fresh()
    book["杠杆"].cell(5000, 3).value = "x"
    with pytest.raises(InputError, match="row 5000"):
        loaded(book, tmp_path)


def test_oddities_of_a_spreadsheet_do_no_harm(tmp_path: Path) -> None:
    book, parameter = fresh(), PARAMETERS["fund_size"]
    fill("fund_size", 2)(book)
    sheet = book["杠杆"]
    sheet.merge_cells("M5:M7")
    sheet.row_dimensions[5].hidden = True
    sheet.protection.sheet = False
    sheet.insert_cols(7)
    sheet["G4"] = "我的备注"
    sheet["G5"] = "=NOW()"
    book.create_sheet("草稿")["A1"] = "=1/0"
    assert loaded(book, tmp_path).levers[parameter.name][-1].value == 20_000


def rewritten(path: Path, part: str, content: bytes) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(part, content)


def test_what_is_no_plain_workbook_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    fresh().save(path)
    good = path.read_bytes()
    rewritten(path, "xl/bomb.xml", b"0" * (LARGEST_CONTENT + 1))
    assert path.stat().st_size < LARGEST_FILE
    for content, words in (
        (path.read_bytes(), "unpacked, the workbook has"),
        (b"0" * (LARGEST_FILE + 1), "at most 1,000,000 are read"),
        (b"not a workbook", "this is not an Excel workbook"),
        (good[: len(good) // 2], "this is not an Excel workbook"),
        (b"", "this is not an Excel workbook"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=words):
            load_scenario(path, PARAMETERS)
    for part, content, words in (
        ("xl/vbaProject.bin", b"macro", "contains macros"),
        ("xl/entities.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "this is not an Excel workbook"),
    ):
        path.write_bytes(good)
        rewritten(path, part, content)
        with pytest.raises(InputError, match=words):
            load_scenario(path, PARAMETERS)
    with zipfile.ZipFile(BytesIO(good)) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = text.replace(
                    b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
                )
            new.writestr(part, text)
    with pytest.raises(InputError, match="the workbook merges 17,179,869,184 cells"):
        load_scenario(path, PARAMETERS)
    for name in ("mine.xlsm", "mine.xls", "mine.et"):
        (tmp_path / name).write_bytes(good)
        with pytest.raises(InputError, match=r"save it as \.xlsx"):
            load_scenario(tmp_path / name, PARAMETERS)
    (tmp_path / "my-plan.xlsx").write_bytes(good)
    with pytest.raises(InputError, match=r"as in my_plan\.xlsx"):
        load_scenario(tmp_path / "my-plan.xlsx", PARAMETERS)


def test_the_commands_make_check_and_run_a_workbook(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(monkeypatch, capsys)
    assert terminal("new", "mine", "--xlsx", "--lang", "zh").code == 0
    assert terminal("new", "mine", "--xlsx").code == 2
    assert terminal("new", "not a name", "--xlsx").code == 2
    assert terminal("check", "mine.xlsx").code == 0
    book = openpyxl.load_workbook("mine.xlsx")
    fill("fund_size", 2)(book)
    book.save("mine.xlsx")
    (tmp_path / "file.toml").write_text(
        'base = "zhengzhou_2025"\ntitle = "我"\nquestion = "？"\n[levers]\nfund_size = { 2026-07 = "2 亿元" }\n',
        "utf-8",
    )
    (tmp_path / "on_it.toml").write_text('base = "mine"\ntitle = "我"\nquestion = "？"\n', "utf-8")
    assert terminal("check", "on_it.toml").code == 0
    asked = ("--draws", "20", "--lang", "zh")
    assert terminal("run", "mine.xlsx", *asked, "--out", "one").code == 0
    assert terminal("run", "file.toml", *asked, "--out", "two").code == 0
    one, two = (
        [
            row
            for row in csv.reader((tmp_path / out / "verdicts.csv").read_text("utf-8-sig").splitlines())
            if row[0] == name
        ]
        for out, name in (("one", "mine"), ("two", "file"))
    )
    numbers = [[cell for cell in row if re.fullmatch(r"-?[\d.e-]+", cell)] for (row,) in (one, two)]
    assert len(numbers[0]) > 10
    assert numbers[0] == numbers[1]
    fill("fund_size", 20)(book)
    book.save("mine.xlsx")
    ended = terminal("run", "mine.xlsx", *asked)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("mine.xlsx 杠杆!G5：")
