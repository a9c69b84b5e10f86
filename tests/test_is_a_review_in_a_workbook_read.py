"""Does the sheet of reviews in a planner's workbook mean what [[review]] means, and is every slip told with its cell?

What a review may be is asked of the scenario file (`test_is_a_review_read_or_refused`), whose reader judges both. Does
NOT establish that Excel shows the sheet as it is written, nor that a planner finds the cells.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import reviewed
from commands import Terminal
from reviewed import ENDS, GROWS, review
from shudian.indicators import load_indicators
from shudian.kinds import InputError, Language, Parameter, Review, Scenario, Segment
from shudian.messages import in_language
from shudian.now import default_now
from shudian.parameters import DATE
from shudian.quantities import write_month
from shudian.report.scenario_workbook import scenario_workbook
from shudian.review_file import MOST, read_reviews
from shudian.scenario_form import (
    BRANCH_WORDS,
    BRANCHES,
    DECIDED,
    NO_REVIEW,
    PLACE_WORDS,
    REVIEW,
    REVIEW_COLUMN,
    REVIEW_ITEMS,
    REVIEWS_SHEET,
    RULE_WORDS,
    RULES,
)
from shudian.scenario_text import to_toml
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.structure import load_model
from shudian.toml_file import TomlFile
from shudian.workbook_cells import Sheet
from shudian.workbook_reviews import read_reviews_of

PARAMETERS = load_model().parameters
LEVERS = [p for p in PARAMETERS.values() if p.role == "lever"]
HEAD, FIRST, TOP = 4, 3, 19
"""Rows of the two lines of headings, and the column of the first review."""


def built(language: Language = "zh", *reviews: Review) -> Workbook:
    """A new workbook on what was decided, its sheet filled in with `reviews`, as small as it may be."""
    key = f"{language} {reviews}"
    if key not in _BUILT:
        base = replace(load_scenario("zhengzhou_2025", PARAMETERS), reviews=reviews)
        book = scenario_workbook(PARAMETERS, "mine", language, base)
        for sheet in book.worksheets:
            if sheet.sheet_state == "hidden":
                book.remove(sheet)
            sheet.data_validations.dataValidation = []
        book.worksheets[2].delete_rows(HEAD + 1, 200)
        out = BytesIO()
        book.save(out)
        _BUILT.clear()
        _BUILT[key] = out.getvalue()
    return openpyxl.load_workbook(BytesIO(_BUILT[key]))


_BUILT: dict[str, bytes] = {}


def loaded(book: Workbook, folder: Path) -> Scenario:
    book.save(folder / "mine.xlsx")
    return load_scenario(folder / "mine.xlsx", PARAMETERS)


def in_memory(book: Workbook) -> tuple[Review, ...]:
    """What the sheet of reviews says, without a file between; a formula is a text here."""
    sheet = Sheet(Path("mine.xlsx"), sheet_of(book), sheet_of(book))
    read = TomlFile(sheet.path, {}, {})
    read_reviews_of(sheet, read, PARAMETERS, {})
    return read_reviews(read, PARAMETERS, default_now(), default_now())


def sheet_of(book: Workbook) -> Worksheet:
    return book["评估"] if "评估" in book.sheetnames else book["Reviews"]


def line(key: str) -> int:
    """The row of a line of the form."""
    return HEAD + 1 + [*REVIEW_ITEMS].index(key)


def column(key: str) -> int:
    """The column of what follows."""
    return 1 + [*DECIDED].index(key)


def later(date: float = 70.0) -> Review:
    """The same review, held later."""
    return review(date=date, failed={"support_end": (Segment(date, date),)})


@st.composite
def schedules(draw: st.DrawFn, lever: Parameter, date: int) -> tuple[Segment, ...]:
    starts = sorted(draw(st.sets(st.integers(date, 95), min_size=1, max_size=3)))
    found = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else 96
        value = draw(st.floats(lever.low, lever.high))
        if lever.whole or lever.display_unit == DATE:
            value = float(round(value))
        ramp = 0 if lever.display_unit == DATE else draw(st.integers(0, end - start))
        found.append(Segment(float(start), min(max(value, lever.low), lever.high), float(ramp)))
    return tuple(found)


@st.composite
def some_reviews(draw: st.DrawFn) -> tuple[Review, ...]:
    """Reviews of any indicator that may be looked at, with what follows for any levers."""
    dates = sorted(draw(st.lists(st.integers(48, 95), unique=True, min_size=1, max_size=MOST)))
    rules = [rule for rule in load_indicators().rules if not rule.is_ratio]
    found = []
    for number, date in enumerate(dates):
        asked = draw(st.sampled_from(["level", "growth", "cost_per_job"]))
        rule = draw(st.sampled_from(rules))
        branches = []
        for _ in BRANCHES:
            levers = draw(st.lists(st.sampled_from(LEVERS), unique_by=lambda p: p.name, max_size=3))
            branches.append({lever.name: draw(schedules(lever, date)) for lever in levers})
        changes: dict[str, Any] = {
            "date": float(date),
            "asked": asked,
            "threshold": draw(st.floats(-1e6, 1e6) | st.sampled_from([0.1, 0.07, 0.29])),
            "at_least": draw(st.booleans()),
            "delay": float(draw(st.integers(0, 12))),
            "bias": draw(st.floats(-0.9, 5)),
            "error": draw(st.floats(0, 10)),
            "rounding": draw(st.floats(0, 1e4)),
            "after": draw(st.sampled_from(["", *BRANCHES])) if number else "",
            "passed": branches[0],
            "failed": branches[1] or ({} if branches[0] else {"support_end": ENDS["support_end"]}),
        }
        if changes["failed"].get("support_end") == ENDS["support_end"]:
            changes["failed"] = {"support_end": (Segment(float(date), float(min(date, 108))),)}
        if asked == "cost_per_job":
            changes |= {"indicator": "cost_per_job", "definition": "heads", "variable": "", "unit": "wanyuan/person"}
        else:
            seen = {"indicator": rule.indicator, "place": rule.place, "definition": rule.definition}
            changes |= {**seen, "variable": rule.variable, "reading": rule.reading, "factor": rule.factor_median}
            changes["unit"] = unit_of(rule.indicator, rule.place, rule.definition)
        found.append(review(**changes))
    return tuple(found)


def unit_of(indicator: str, place: str, definition: str) -> str:
    """The unit in which an indicator is read, as the scenario file's reader has it."""
    from shudian.review_file import _unit

    rules = load_indicators().rules
    return _unit(next(r for r in rules if (r.indicator, r.place, r.definition) == (indicator, place, definition)))


@settings(max_examples=15)
@given(reviews=some_reviews(), language=st.sampled_from(("zh", "en")))
def test_reviews_survive_being_written_into_a_workbook(
    tmp_path_factory: pytest.TempPathFactory, reviews: tuple[Review, ...], language: Language
) -> None:
    """Equal to the bit, in the base's own workbook and in the scenario file that says the same."""
    mine = loaded(built(language, *reviews), tmp_path_factory.getbasetemp())
    assert mine.reviews == reviews
    text = tmp_path_factory.getbasetemp() / "again.toml"
    text.write_text(to_toml(mine, PARAMETERS), encoding="utf-8")
    assert load_scenario(text, PARAMETERS).reviews == reviews


def test_answers_are_the_same_to_the_bit(tmp_path: Path) -> None:
    reviews = (review(passed=GROWS, error=0.3), replace(later(), after="passed"))
    held = replace(load_scenario("zhengzhou_2025", PARAMETERS), reviews=reviews)
    mine = loaded(built("zh", *reviews), tmp_path)
    one, other = (
        bare_run(load_model(), found, reviewed.draws(50), ["fte_jobs", "cumulative_fiscal_cost"])
        for found in (held, mine)
    )
    assert one.tobytes() == other.tobytes()


Fill = Callable[[Workbook], object]


def put(key: str, value: object, number: int = 1, number_format: str = "") -> Fill:
    """Write into the line `key` of a review."""

    def act(book: Workbook) -> None:
        cell = sheet_of(book).cell(line(key), FIRST - 1 + number)
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return act


def follow(row: int, **cells: object) -> Fill:
    """Write into a row of what follows, from 1 on."""

    def act(book: Workbook) -> None:
        for key, value in cells.items():
            sheet_of(book).cell(TOP + row, column(key)).value = value

    return act


def at(address: str, value: object) -> Fill:
    def act(book: Workbook) -> None:
        sheet_of(book)[address] = value

    return act


def merged(area: str) -> Fill:
    def act(book: Workbook) -> None:
        sheet_of(book).merge_cells(area)

    return act


def every(*actions: Fill) -> Fill:
    def act(book: Workbook) -> None:
        for action in actions:
            action(book)

    return act


def emptied(number: int = 1) -> Fill:
    """Take a review out of its column."""
    return every(*(put(key, None, number) for key in REVIEW_ITEMS))


def test_the_form_stands_where_this_file_looks_for_it() -> None:
    sheet = sheet_of(built())
    assert [sheet.cell(line(key), 1).value for key in REVIEW_ITEMS] == [label.zh for label in REVIEW_ITEMS.values()]
    assert [sheet.cell(TOP, column(key)).value for key in DECIDED] == [label.zh for label in DECIDED.values()]
    assert sheet.cell(HEAD, FIRST).value == f"{REVIEW_COLUMN.zh}1"
    assert sheet.cell(HEAD, FIRST - 1 + MOST).value == f"{REVIEW_COLUMN.zh}{MOST}"
    assert set(RULE_WORDS) == set(RULES)
    assert set(BRANCH_WORDS) == set(BRANCHES)


def test_a_new_workbook_has_no_reviews_and_locks_what_is_not_to_be_filled_in(tmp_path: Path) -> None:
    book = scenario_workbook(PARAMETERS, "mine", "zh")
    sheet = sheet_of(book)
    assert loaded(book, tmp_path).reviews == ()
    assert sheet.protection.sheet
    assert not sheet.cell(line("date"), FIRST).protection.locked
    assert sheet.cell(line("date"), 1).protection.locked
    offered = {str(check.sqref) for check in sheet.data_validations.dataValidation if check.type == "list"}
    assert len(offered) == 6 + 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_a_list_offers_is_read_as_what_it_says(language: Language) -> None:
    """Each word in its own line; what cannot stand together is refused by name, never as unknown."""
    from shudian.report.scenario_workbook_reviews import _choices

    said, book = [], built(language, review())
    for key, texts in _choices(language).items():
        assert len(set(texts)) == len(texts)
        before = [sheet_of(book).cell(line(one), FIRST).value for one in REVIEW_ITEMS]
        for text in texts:
            put(key, text)(book)
            if key == "target":
                every(put("indicator", None), put("place", None), put("rule", RULE_WORDS["at_least"].zh))(book)
            try:
                in_memory(book)
                said.append("")
            except InputError as error:
                said.append(str(error))
        every(*(put(one, value) for one, value in zip(REVIEW_ITEMS, before, strict=True)))(book)
    assert len(said) > 40
    assert not [one for one in said if "there is no" in one or "标准" in one or "“after” cannot" in one]
    assert "" in said


MEANT: list[tuple[Fill, dict[str, object]]] = [
    (put("date", datetime.date(2028, 3, 1)), {}),
    (put("date", "２０２８年３月"), {}),
    (put("indicator", "market"), {}),
    (put("indicator", "Market"), {}),
    (put("definition", "local_output"), {}),
    (put("place", None), {}),
    (put("place", "city"), {}),
    (put("place", PLACE_WORDS["city"].en.upper()), {}),
    (put("rule", "growth_at_least"), {}),
    (every(put("rule", RULE_WORDS["growth_below"].en), put("threshold", "两成")),
     {"at_least": False, "threshold": 0.2}),
    (put("threshold", 0.1, number_format="General"), {}),
    (put("threshold", 10, number_format='0"%"'), {}),
    (put("threshold", "10 %"), {}),
    (put("delay", "半年"), {"delay": 6.0}),
    (put("delay", None), {}),
    (put("error", None), {}),
    (put("error", 0.3, number_format="0%"), {"error": 0.3}),
    (put("bias", "-5%"), {"bias": -0.05}),
    (put("rounding", 0.01), {"rounding": 0.01}),
    (follow(1, branch="passed"), {"passed": ENDS, "failed": {}}),
    (follow(1, branch="PASSED"), {"passed": ENDS, "failed": {}}),
    (follow(1, review="评估1"), {}),
    (follow(1, review="Review 1"), {}),
    (follow(1, lever="support_end"), {}),
    (follow(1, start=None), {}),
    (follow(1, start=None, value="届时"), {}),
    (follow(1, start=None, value="then"), {}),
    (follow(1, start="届时"), {}),
    (follow(1, unit=None), {}),
    (follow(2, review=1, branch="通过", lever="产业基金", value=3),
     {"passed": {"fund_size": (Segment(62.0, 3e4),)}}),
    (follow(2, review=1, branch="通过", lever="fund_size", value="5000万元", ramp=6),
     {"passed": {"fund_size": (Segment(62.0, 5e3, 6.0),)}}),
    (every(follow(2, review=1, branch="通过", lever="产业基金", value=3, start="2028-03"),
           follow(3, lever="产业基金", value=4, start="2029-01"), merged("A21:A22"), merged("C21:C22")),
     {"passed": {"fund_size": (Segment(62.0, 3e4), Segment(72.0, 4e4))}}),
    (follow(5, review=2, branch="通过"), {}),
    (every(at("A38", "我的备注"), merged("A38:G38")), {}),
    (at("I7", "=NOW()"), {}),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(MEANT)))
def test_each_cell_may_be_written_so(tmp_path: Path, number: int) -> None:
    act, changes = MEANT[number]
    book = built("zh", review())
    act(book)
    assert loaded(book, tmp_path).reviews == (review(**changes),)


def test_a_merged_line_says_the_same_of_each_review(tmp_path: Path) -> None:
    book = built("zh", review(), later())
    every(put("definition", None, 2), merged(f"C{line('definition')}:D{line('definition')}"))(book)
    assert loaded(book, tmp_path).reviews == (review(), later())


def test_a_column_left_empty_is_no_review(tmp_path: Path) -> None:
    late = later()
    book = built("zh", review(), late)
    emptied(1)(book)
    follow(1, **dict.fromkeys(DECIDED))(book)
    assert loaded(book, tmp_path).reviews == (late,)


def test_the_bases_reviews_are_kept_replaced_or_dropped(tmp_path: Path) -> None:
    """An empty sheet keeps them, the word for none drops them, a review replaces them from its date on."""
    book = built()
    book["方案"]["B4"] = "evaluate_and_exit"
    base = load_scenario("evaluate_and_exit", PARAMETERS)
    assert loaded(book, tmp_path).reviews == base.reviews != ()
    for word in (NO_REVIEW.zh, NO_REVIEW.en):
        put("date", word)(book)
        assert loaded(book, tmp_path).reviews == ()
    book = built("zh", later())
    book["方案"]["B4"] = "evaluate_and_exit"
    assert loaded(book, tmp_path).reviews == (*base.reviews, later())


def test_an_older_workbook_without_the_sheet_is_read(tmp_path: Path) -> None:
    book = built()
    book.remove(sheet_of(book))
    assert loaded(book, tmp_path).reviews == ()


MISTAKES: list[tuple[Fill, str, tuple[str, ...]]] = [
    # (what is filled in, the cell that must be named, words that must be in the sentence)
    (put("date", None), "C4", ("“date” is missing",)),
    (put("date", "2028-13"), "C5", ("2028-13", "month")),
    (put("date", datetime.date(2028, 3, 15)), "C5", ("2028-03-15", "month")),
    (put("date", 2028.1), "C5", ("hyphen", "2026-10")),
    (put("date", "2026-01"), "C5", ("past", "2026-05 or later", "回溯")),
    (put("date", "2031-01"), "C5", ("outside the horizon",)),
    (put("date", "=DATE(2028,3,1)"), "C5", ("the formula has no result",)),
    (put("date", True), "C5", ("TRUE", "month")),
    (put("date", "无"), "C5", ("无", "month")),
    (put("indicator", "市场规摸"), "C6", ("市场规摸", "did you mean “市场规模”")),
    (put("indicator", "Marcket"), "C6", ("Marcket", "did you mean “Market”")),
    (put("indicator", None), "C4", ("“indicator” is missing",)),
    (put("definition", "本地产直"), "C7", ("本地产直", "did you mean “本地产值”")),
    (put("definition", None), "C6", ("definition is one of",)),
    (put("place", "深圳"), "C8", ("深圳",)),
    (put("target", "market_2027"), "C6", ("exclude each other",)),
    (put("rule", "大于"), "C10", ("标准", "大于")),
    (put("rule", None), "C11", ("阈值", "标准")),
    (put("threshold", None), "C10", ("标准", "阈值")),
    (put("threshold", "10 亿元"), "C11", ("wrong unit", "share")),
    (every(put("rule", "不低于"), put("threshold", 60)), "C11", ("60", "no unit")),
    (put("threshold", 60, number_format='0"亿元"'), "C11", ("General",)),
    (put("threshold", "一些"), "C11", ("“些” is not known",)),
    (put("delay", 2.5), "C12", ("2.5", "whole months")),
    (put("delay", "2 亿元"), "C12", ("wrong unit", "months")),
    (put("bias", -1), "C13", ("bias", "lies between")),
    (put("error", 11), "C14", ("error", "lies between")),
    (put("rounding", "10 家"), "C15", ("wrong unit",)),
    (put("after", "通过"), "C16", ("the first review has none before it",)),
    (at("A6", "指标是"), "A6", ("there is no line “指标是” here", "did you mean “指标”")),
    (at("A6", "Indikator"), "A6", ("did you mean “Indicator”",)),
    (at("A6", None), "C6", ("nothing says of what",)),
    (every(at("A17", "指标"), at("C17", "market")), "C17", ("“指标” is filled in twice",)),
    (at("D4", "评估1"), "D4", ("above two columns",)),
    (every(put("date", "2028-03", 2), put("indicator", "market", 2), put("definition", "local_output", 2),
           put("rule", "不低于", 2), put("threshold", "60亿元", 2),
           follow(2, review=2, branch="通过", lever="产业基金", value=3)),
     "D5", ("comes after that of 2028-03", "order of time")),
    (put("date", "2029-03", 2), "D4", ("no threshold",)),
    (every(put("date", None, 2), merged("C5:D5"), put("indicator", "market", 2), put("definition", "local_output", 2),
           put("rule", "不低于", 2), put("threshold", "60亿元", 2),
           follow(2, review=2, branch="通过", lever="产业基金", value=3)),
     "C5", ("comes after that of 2028-03",)),
    (follow(1, **dict.fromkeys(DECIDED)), "C4", ("this review decides nothing",)),
    (follow(1, review=None), "A20", ("none of the reviews",)),
    (follow(1, review=2), "A20", ("“2” is none of the reviews", "are 1")),
    (follow(1, review="第一次"), "A20", ("第一次",)),
    (emptied(), "A20", ("no review is filled in above",)),
    (follow(1, branch=None), "C20", ("结果",)),
    (follow(1, branch="失败"), "C20", ("失败",)),
    (follow(1, branch="pased"), "C20", ("did you mean “passed”",)),
    (follow(1, lever=None), "D20", ("nothing says of what",)),
    (follow(1, lever="产业基今"), "B20", ("产业基今", "did you mean “产业基金”")),
    (follow(1, lever="平台保底程度"), "B20", ("not the city's to choose",)),
    (follow(1, value=None), "F20", ("without a value",)),
    (follow(1, value=None, start=None), "B20", ("退出时间", "without a value")),
    (follow(1, value="=1+1"), "D20", ("the formula has no result",)),
    (follow(1, value=2028.1), "D20", ("hyphen",)),
    (follow(1, start="2028-13"), "F20", ("2028-13", "month")),
    (follow(2, review=1, branch="通过", lever="产业基金", value=11), "D21", ("11 亿元", "0 to 10 亿元")),
    (follow(2, review=1, branch="通过", lever="产业基金", value=2, unit="人"), "D21", ("人",)),
    (follow(2, review=1, branch="通过", lever="产业基金", value=2, start="2027-12"), "B21", ("before the review of",)),
    (follow(2, review=1, branch="通过", lever="产业基金", value=2, ramp=100), "G21", ("0 to 34",)),
    (every(*(follow(row, review=1, branch="通过", lever="产业基金", value=row) for row in (2, 3))), "F22",
     ("two values without a month", "from the review on")),
    (every(*(follow(row, review=1, branch="通过", lever="产业基金", value=row, start="2029-01") for row in (2, 3))),
     "F22", ("twice",)),
    (at("B19", "杠干"), "A1", ("no heading “杠杆”",)),
    (at("C19", None), "A19", ("the column “结果” is missing",)),
    (every(at("C4", None), at("D4", None), at("E4", None)), "A1", ("no heading “评估1”", "rename it")),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_a_mistake_is_refused_with_its_sheet_and_cell(tmp_path: Path, number: int) -> None:
    act, place, words = MISTAKES[number]
    book = built("zh", review())
    act(book)
    with pytest.raises(InputError) as raised:
        loaded(book, tmp_path)
    sentence = str(raised.value)
    assert sentence.startswith(f"{tmp_path / 'mine.xlsx'} 评估!{place}: "), sentence
    for word in words:
        assert word in sentence
    chinese = in_language(raised.value, "zh")
    assert chinese.startswith(f"{tmp_path / 'mine.xlsx'} 评估!{place}：")
    assert not re.search("[a-z]{4,} [a-z]{3,}", re.sub("“[^”]*”", "", chinese.removeprefix(str(tmp_path))))


def test_a_fourth_review_and_a_sheet_under_another_name_are_refused(tmp_path: Path) -> None:
    book = built("zh", *(later(float(date)) for date in (62, 70, 80)))
    every(at("F4", "评估4"), *(at(f"F{line(key)}", sheet_of(book).cell(line(key), 3).value) for key in REVIEW_ITEMS))(
        book
    )
    every(at(f"F{line('date')}", "2030-06"), follow(4, review=4, branch="通过", lever="产业基金", value=3))(book)
    with pytest.raises(InputError, match=r"评估!F4: 4 reviews are too many"):
        loaded(book, tmp_path)
    book = built("zh", review())
    sheet_of(book).title = "我的评估"
    with pytest.raises(InputError, match=r"“我的评估” looks like a sheet to fill in .* rename it to “评估”"):
        loaded(book, tmp_path)
    book = built("zh", review())
    book.create_sheet("Reviews")
    with pytest.raises(InputError, match="which are one and the same"):
        loaded(book, tmp_path)
    book = built()
    book.create_sheet("草稿")["A1"] = "评估1"
    book["草稿"]["B1"] = "评估1"
    assert loaded(book, tmp_path).reviews == ()
    book = built("zh", review())
    sheet_of(book).cell(5000, 3).value = "x"
    with pytest.raises(InputError, match="row 5000"):
        loaded(book, tmp_path)


HOSTILE: tuple[object, ...] = (
    "=1/0", "#DIV/0!", True, -1e300, 1e308, 3, "0", "-", "  ", "\u200b", "\u202e8202", "x" * 3000, "1\n2", "{zh}", "“”",
    datetime.date(1900, 1, 1), datetime.datetime(2028, 3, 1, 12, 30), datetime.time(3), "inf", "nan", "1e999 亿元",
)  # fmt: skip


def test_nothing_that_a_cell_may_hold_ends_in_more_than_sentences() -> None:
    """In each line and each column of what follows: reviews, or sentences that each name a cell of this sheet."""
    places = [(line(key), FIRST) for key in REVIEW_ITEMS] + [(TOP + 1, column(key)) for key in DECIDED]
    places += [(HEAD, FIRST), (TOP, 2), (line("indicator"), 1)]
    book = built("zh", review())
    for row, number in places:
        cell, refused = sheet_of(book).cell(row, number), 0
        before = cell.value
        for kind in HOSTILE:
            cell.value = kind
            try:
                in_memory(book)
            except InputError as error:
                refused += 1
                for told in str(error).splitlines():
                    assert re.match(r"mine\.xlsx 评估![A-G]\d+: \S", told), (kind, told)
                    assert len(told) < 1500, (kind, told)
        assert refused, (row, number)
        cell.value = before


@pytest.mark.parametrize("row", [line("threshold"), TOP + 1])
@pytest.mark.parametrize("kind", ["=1/0", "#DIV/0!", True, "\u202e8202", "x" * 3000, "nan"])
def test_a_files_hostile_cell_is_refused_by_one_sentence(tmp_path: Path, row: int, kind: object) -> None:
    book = built("zh", review())
    sheet_of(book).cell(row, FIRST if row < TOP else column("value")).value = kind
    with pytest.raises(InputError) as raised:
        loaded(book, tmp_path)
    assert re.fullmatch(r"[^\n]*mine\.xlsx 评估![CD]\d+: [^\n]{1,1500}", str(raised.value))


def test_every_mistake_of_the_sheet_is_told_at_once(tmp_path: Path) -> None:
    book = built("zh", review(), later())
    every(put("indicator", "市场规摸"), put("delay", 99, 2))(book)
    with pytest.raises(InputError) as raised:
        loaded(book, tmp_path)
    cells = re.findall(r"评估!(\w+):", str(raised.value))
    assert cells == ["C6", "D12"]


def test_a_retrospective_workbook_reviews_the_past(tmp_path: Path) -> None:
    book = built("zh", review(date=40.0, failed={"support_end": (Segment(40.0, 60.0),)}))
    every(put("date", "2026-01"), follow(1, start="2026-01"))(book)
    with pytest.raises(InputError, match=r"评估!C5: the review of 2026-01 is past"):
        loaded(book, tmp_path)
    book["方案"]["B11"] = "是"
    assert loaded(book, tmp_path).reviews[0].date == 36


def test_the_commands_make_check_and_run_a_workbook_with_reviews(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(monkeypatch, capsys)
    base = load_scenario("evaluate_and_scale", PARAMETERS)
    for language in ("zh", "en"):
        assert terminal("new", f"mine_{language}", "--xlsx", "--base", base.name, "--lang", language).code == 0
        book = openpyxl.load_workbook(f"mine_{language}.xlsx")
        assert sheet_of(book).title == REVIEWS_SHEET.text("zh" if language == "zh" else "en")
        assert sheet_of(book).cell(line("date"), FIRST).value == write_month(base.reviews[0].date)
        assert load_scenario(Path(f"mine_{language}.xlsx"), PARAMETERS).reviews == base.reviews
    assert terminal("new", "mine", "--base", base.name).code == 0
    text = Path("mine.toml").read_text("utf-8")
    assert text.count(f"[[{REVIEW}]]") == len(base.reviews)
    assert load_scenario(Path("mine.toml"), PARAMETERS).reviews == base.reviews
    for wrong in ("demand_stalls", f"{base.name}+demand_stalls", "no_such"):
        ended = terminal("new", "other", "--base", wrong)
        assert (ended.code, ended.out) == (2, "")
        assert len(ended.err.strip().splitlines()) == 1
    assert terminal("new", "a_city", "--city", "--base", base.name).code == 2
    assert terminal("new", "deeper", "--xlsx", "--base", "mine.toml").code == 0
    assert load_scenario(Path("deeper.xlsx"), PARAMETERS).reviews == base.reviews
    put("threshold", "=1+1")(book)
    book.save("mine_en.xlsx")
    ended = terminal("run", "mine_en.xlsx", "--draws", "20", "--lang", "zh")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("mine_en.xlsx Reviews!C11：")
    assert len(ended.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("rule", "said"),
    [("-95%", "is passed in every one"), ("900%", "is passed in none"), ("10%", "")],
)
def test_check_tells_reviews_and_which_of_them_decides_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, rule: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    again = replace(later(), after="passed")
    book = built("zh", review(), again)
    every(put("threshold", rule), put("threshold", rule, 2))(book)
    book.save("mine.xlsx")
    ended = Terminal(monkeypatch, capsys)("check", "mine.xlsx", "--lang", "en")
    assert ended.code == 0
    assert ended.out.count("Review of 20") == 2
    assert "Review of 2028-03: passed where" in ended.out
    if said:
        assert f"The review of 2028-03, held in 200 of 200 draws, {said}" in ended.err
    assert ("hardly ever" in ended.err) == bool(said)
    assert ("is held in 0 of 200 draws" in ended.err) == (rule == "900%")
