"""A workbook's sheet of reviews -> the blocks [[review]] that a scenario file saying the same would have.

A column for each review says when it looks at what, and the rows below say what follows. What may be written is for the
reader of scenario files to judge: here it is only found, each with its cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from shudian.kinds import Label, Parameter
from shudian.now import NOW_WORDS
from shudian.quantities import comparable, same_words, show
from shudian.scenario_form import (
    BRANCH_WORDS,
    DECIDED,
    INDICATOR_WORDS,
    NO_REVIEW,
    PLACE_WORDS,
    REVIEW,
    REVIEW_COLUMN,
    REVIEW_ITEMS,
    RULE_WORDS,
    THEN,
)
from shudian.toml_file import TomlFile, nearest
from shudian.workbook_cells import COLUMNS_READ, ROWS, Sheet, is_called, month_of, value_of
from shudian.workbook_schedules import Step, entry_of, meant_by, step_of

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange

_WORDS = {"indicator": INDICATOR_WORDS, "place": PLACE_WORDS, "after": BRANCH_WORDS}
_HEADING_ROWS = 12
"""The headings of the columns of reviews stand within so many rows from the top."""
_Cell = tuple[int, int]


def holds_reviews(sheet: Sheet) -> bool:
    """Whether `sheet` has the headings of a sheet of reviews."""
    return bool(_columns(sheet)) and bool(_decided(sheet))


def read_reviews_of(
    sheet: Sheet, read: TomlFile, parameters: Mapping[str, Parameter], units: Mapping[str, str]
) -> None:
    """Put what `sheet` says of reviews into `read`; a lever's row that names no unit has that of `units`.

    A sheet that is not filled in leaves the base's reviews as they are. Raises InputError, with sheet and cell, for a
    line or a heading that is not known or missing and for a row of which it is not clear to which review it belongs.
    """
    headings, decided = _columns(sheet), _decided(sheet)
    _check_headings(sheet, headings, decided)
    columns = dict(headings)
    below = next(iter(decided.values()))[0]
    cells = _lines(sheet, columns, below)
    numbers = [number for number in columns if any(key[0] == number for key in cells)]
    steps = _steps(sheet, below, {key: column for key, (_, column) in decided.items()}, numbers, parameters, units)
    read.places[REVIEW,] = sheet.place(1, 1)
    if [*cells] == [(1, "date")] and not steps and is_called(sheet.text(*cells[1, "date"]), NO_REVIEW):
        read.data[REVIEW] = []
    elif numbers:
        read.data[REVIEW] = []
        for index, number in enumerate(numbers):
            read.places[REVIEW, str(index)] = sheet.place(*columns[number])
            own = {key: cell for (held, key), cell in cells.items() if held == number}
            block = _block(sheet, own, index, read)
            for (held, branch, name), found in steps.items():
                if held == number:
                    keys = (REVIEW, str(index), branch, name)
                    read.places.setdefault(keys[:3], sheet.place(found[0].row, decided["branch"][1]))
                    read.places[keys] = sheet.place(found[0].row, decided["lever"][1])
                    levers = block.setdefault(branch, {})
                    assert isinstance(levers, dict)
                    levers[name] = entry_of(sheet, keys, found, read, parameters, NOW_WORDS[0])
            read.data[REVIEW].append(block)


def _columns(sheet: Sheet) -> list[tuple[int, _Cell]]:
    """The number of each review that has a column, in order, and where its heading stands."""
    for row in range(1, min(_HEADING_ROWS, sheet.values.max_row) + 1):
        columns = range(1, min(COLUMNS_READ, sheet.values.max_column) + 1)
        numbers = [(_number(sheet.values.cell(row, column).value), (row, column)) for column in columns]
        if found := sorted(one for one in numbers if one[0]):
            return found
    return []


def _number(text: object) -> int:
    """Which review a heading such as “评估2” is about; 0 for any other text."""
    numbered = re.fullmatch(r"(.*?)\s*(\d{1,3})", comparable(text)) if isinstance(text, str) else None
    return int(numbered[2]) if numbered and is_called(numbered[1], REVIEW_COLUMN) else 0


def _decided(sheet: Sheet) -> dict[str, _Cell]:
    """Where the headings of what follows stand, by the keys of DECIDED; empty where there are none."""
    for row in range(1, min(ROWS, sheet.values.max_row) + 1):
        found: dict[str, _Cell] = {}
        for column in range(1, min(COLUMNS_READ, sheet.values.max_column) + 1):
            value = sheet.values.cell(row, column).value
            key = next((k for k, label in DECIDED.items() if isinstance(value, str) and is_called(value, label)), "")
            if key:
                found.setdefault(key, (row, column))
        if {"lever", "value"} <= found.keys():
            return found
    return {}


def _check_headings(sheet: Sheet, columns: list[tuple[int, _Cell]], decided: Mapping[str, _Cell]) -> None:
    if not columns or not decided:
        missing = f"{REVIEW_COLUMN.zh}1" if not columns else DECIDED["lever"].zh
        sheet.fail(
            "a sheet called “{sheet}” holds reviews, and this one has no heading “{column}”; rename it if it is your "
            "own, or make a new workbook with: shudian new {name} --xlsx", 1, 1,
            sheet=sheet.title, column=missing, name=sheet.path.stem,
        )  # fmt: skip
    for (number, _), (other, cell) in pairwise(columns):
        if number == other:
            sheet.fail("“{text}” stands above two columns; number the reviews 1, 2, 3", *cell, text=sheet.text(*cell))
    for key, label in DECIDED.items():
        if key not in decided:
            sheet.fail(
                "the column “{column}” is missing; make a new workbook with: shudian new {name} --xlsx",
                decided["lever"][0], 1,
                column=label.zh, name=sheet.path.stem,
            )  # fmt: skip


def _lines(sheet: Sheet, columns: Mapping[int, _Cell], below: int) -> dict[tuple[int, str], _Cell]:
    """The cells that are filled in above row `below`, by review and line."""
    found: dict[tuple[int, str], _Cell] = {}
    first, own = next(iter(columns.values()))[0] + 1, [column for _, column in columns.values()]
    for row in range(first, below):
        written = sheet.text(row, 1)
        key = next((key for key, label in REVIEW_ITEMS.items() if is_called(written, label)), "")
        for number, (_, column) in columns.items():
            # an area merged across reviews says the same of each of them
            cell = _merged(sheet, row, column, across=True)
            if sheet.at(*cell) is None or cell[1] not in own:
                continue
            if not key and written:
                names = [name for label in REVIEW_ITEMS.values() for name in (label.zh, label.en)]
                sheet.fail(
                    "there is no line {text} here{nearest}", row, 1, text=show(written), nearest=nearest(written, names)
                )
            if not key:
                sheet.fail(
                    "a value stands here and nothing says of what; write in the first column what it is, or empty the "
                    "cell", *cell,
                )  # fmt: skip
            if (number, key) in found:
                sheet.fail("“{text}” is filled in twice; keep one of the two lines", *cell, text=written)
            found[number, key] = cell
    return found


def _block(sheet: Sheet, cells: Mapping[str, _Cell], index: int, read: TomlFile) -> dict[str, object]:
    """One review as a scenario file would write it, but for what follows from it."""
    block: dict[str, object] = {}
    for key, cell in cells.items():
        if key in ("rule", "threshold"):
            continue
        read.places[REVIEW, str(index), key] = sheet.place(*cell)
        if key == "date":
            block[key] = month_of(sheet, *cell)
        elif key in ("delay", "bias", "error", "rounding"):
            block[key] = value_of(sheet, *cell, "个月" if key == "delay" else "")
        else:
            text = sheet.text(*cell)
            block[key] = next((word for word, label in _WORDS.get(key, {}).items() if is_called(text, label)), text)
    for one, other in (("rule", "threshold"), ("threshold", "rule")):
        if one in cells and other not in cells:
            sheet.fail(
                "“{one}” is filled in and “{other}” is not; a review needs both, or a column with nothing in it",
                *cells[one],
                one=REVIEW_ITEMS[one].zh, other=REVIEW_ITEMS[other].zh,
            )  # fmt: skip
    if "rule" in cells:
        rule = _word(sheet, cells["rule"], REVIEW_ITEMS["rule"], RULE_WORDS)
        block[rule] = value_of(sheet, *cells["threshold"], "")
        read.places[REVIEW, str(index), rule] = sheet.place(*cells["threshold"])
    return block


def _steps(
    sheet: Sheet,
    below: int,
    columns: Mapping[str, int],
    numbers: list[int],
    parameters: Mapping[str, Parameter],
    units: Mapping[str, str],
) -> dict[tuple[int, str, str], list[Step]]:
    """What follows, by review, branch and lever, in the rows below row `below`."""
    found: dict[tuple[int, str, str], list[Step]] = {}
    for row in range(below + 1, sheet.values.max_row + 1):
        written = sheet.text(row, columns["lever"])
        name = meant_by(written, parameters)
        unit = sheet.text(row, columns["unit"]) or units.get(name, "")
        step = step_of(sheet, row, columns["value"], columns["start"], columns["ramp"], unit)
        if step and not written:
            sheet.fail(
                "a value stands here and nothing says of what; write the name of the lever or assumption in its row",
                row, columns["value"],
            )  # fmt: skip
        if written and not step:
            sheet.fail(
                "{name} stands here without a value; fill in the value or empty the row", row, columns["lever"],
                name=show(written),
            )  # fmt: skip
        if step:
            number = _review_of(sheet, _merged(sheet, row, columns["review"]), numbers)
            branch = _word(sheet, _merged(sheet, row, columns["branch"]), DECIDED["branch"], BRANCH_WORDS)
            if any(same_words(step.date.casefold(), word) for word in THEN):
                step = replace(step, date="")
            found.setdefault((number, branch, name), []).append(step)
    return found


def _review_of(sheet: Sheet, cell: _Cell, numbers: list[int]) -> int:
    """The review that a cell names by its number."""
    written = sheet.text(*cell)
    plain = re.fullmatch(r"\d{1,3}", comparable(written))
    number = int(plain[0]) if plain else _number(written)
    if not numbers:
        sheet.fail(
            "this row says what follows from a review, and no review is filled in above; fill in its column or empty "
            "the row", *cell,
        )  # fmt: skip
    if number not in numbers:
        sheet.fail(
            "{value} is none of the reviews that are filled in above, which are {numbers}; write the number of the one "
            "from which this row follows", *cell,
            value=show(written), numbers=", ".join(map(str, numbers)),
        )  # fmt: skip
    return number


def _word(sheet: Sheet, cell: _Cell, title: Label, words: Mapping[str, Label]) -> str:
    """The key of `words` that a cell says in either language or by itself."""
    written = sheet.text(*cell)
    for key, label in words.items():
        if written == key or is_called(written, label):
            return key
    offered = [text for label in words.values() for text in (label.zh, label.en)]
    sheet.fail(
        "“{key}” cannot be {value}{nearest}", *cell,
        key=title.zh, value=show(written), nearest=nearest(written, offered),
    )  # fmt: skip


def _merged(sheet: Sheet, row: int, column: int, across: bool = False) -> _Cell:
    """The cell that shows what stands at a place: the first of an area merged down a column, or `across` a row."""
    for area in cast("set[CellRange]", sheet.values.merged_cells.ranges):
        is_line = area.min_row == area.max_row if across else area.min_col == area.max_col
        if is_line and area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return area.min_row, area.min_col
    return row, column
