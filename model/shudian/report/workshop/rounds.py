"""The sheets that tables fill in round by round, and the scenarios that they become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from shudian.answers.requests import ASKED
from shudian.answers.workshop import LATER, MOVES, ROLES, seats
from shudian.kinds import LANGUAGES, InputError, Language, Parameter, Scenario
from shudian.report.form_cells import open_cell, protect
from shudian.report.render import sheets
from shudian.report.scenario_workbook import HEAD_ROW, WIDTHS, about, limit_value
from shudian.report.words.captions import joined
from shudian.report.workshop.documents import seat_name, table_name
from shudian.scenario_form import COLUMNS, STEP
from shudian.scenarios import load_scenario, scenario_of
from shudian.toml_file import TomlFile
from shudian.wording import say
from shudian.workbook_file import read_rounds

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ABOUT = ("label", "unit", "range", "base")
"""Columns before those to fill in; the identifier, which no table needs, stands last."""
_VALUE, _PROPOSES, _HEIGHT = 22.0, 22.0, 22.0
"""Characters of the columns to fill in, and of who proposes; points of a row, so that one can write in it by hand."""


def rounds_workbook(
    people: int, months: Sequence[str], parameters: Mapping[str, Parameter], language: Language
) -> Workbook:
    """A sheet for each table: every lever with what is announced, and a cell for each round, under its month."""
    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    for number in range(len(seats(people))):
        _write(book.create_sheet(table_name(number, language)), months, parameters, language)
    return book


def _write(sheet: Worksheet, months: Sequence[str], parameters: Mapping[str, Parameter], language: Language) -> None:
    sheets.title(
        sheet, say("workshop_rounds_title", language, table=sheet.title), say("workshop_rounds_hint", language)
    )
    between = "" if language == "zh" else " "
    values = [f"{STEP['value'].text(language)}{between}{number}" for number, _ in enumerate(months, 1)]
    head = [*(COLUMNS[key].text(language) for key in _ABOUT), *values, say("workshop_rounds_who", language)]
    widths = [*(WIDTHS[key] for key in _ABOUT), *(_VALUE for _ in months), _PROPOSES, WIDTHS["name"]]
    sheets.headings(sheet, HEAD_ROW, [*head, COLUMNS["name"].text(language)], widths)
    fields = [len(_ABOUT) + step for step, _ in enumerate(months, 1)]
    for step, (column, month) in enumerate(zip(fields, months, strict=True), 1):
        banner = sheets.put(sheet, HEAD_ROW - 1, column, say("workshop_rounds_step", language, round=step, month=month))
        banner.font = sheets.BOLD
    planned = load_scenario(ASKED, parameters).levers
    levers = sorted((p for p in parameters.values() if p.role == "lever"), key=lambda p: min(_holders(p.name)))
    for row, lever in enumerate(levers, HEAD_ROW + 1):
        cells = dict(zip(COLUMNS, about(lever, planned.get(lever.name, ()), language), strict=True))
        # what nobody has decided holds as it always did
        cells["base"] = cells["base"] if lever.name in planned else cells["default"]
        names = [seat_name(ROLES[place], language) if place < len(ROLES) else "" for place in _holders(lever.name)]
        who = joined(names, language, "、", ", ") or say("workshop_rounds_all", language)
        for column, text in enumerate([*(cells[key] for key in _ABOUT), *("" for _ in months), who, lever.name], 1):
            if column in fields:
                open_cell(sheet, row, column)
                limit_value(sheet, sheet.cell(row, column), lever, language)
                continue
            cell = sheets.put(sheet, row, column, text)
            cell.alignment, cell.border = sheets.TOP, sheets.LINE
    last = HEAD_ROW + len(levers)
    for row, line in enumerate(say("workshop_rounds_lines", language).strip().split("\n"), last + 2):
        sheets.put(sheet, row, 1, line).alignment = sheets.TOP
        for column in range(2, len(head) + 1):
            open_cell(sheet, row, column)
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=len(head))
    for row in range(HEAD_ROW + 1, sheet.max_row + 1):
        sheet.row_dimensions[row].height = _HEIGHT
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"
    protect(sheet)


def _holders(lever: str) -> list[int]:
    """Positions of the roles in whose hand a lever is; that behind the last where it is in nobody's."""
    found = [
        place
        for place, role in enumerate(ROLES)
        if any(setting.partition("=")[0] == lever for move in role.moves for setting in MOVES[move])
    ]
    return found or [len(ROLES)]


def read_tables(path: Path, parameters: Mapping[str, Parameter]) -> tuple[Scenario, ...]:
    """A scenario for every table and round that is filled in; the second round goes on from the first.

    Raises InputError, with sheet and cell where it is about one, for whatever no scenario can be, and where nothing is
    filled in.
    """
    read = read_rounds(path, parameters, len(LATER))
    found = tuple(
        scenario
        for number, (name, (months, file)) in enumerate(read.items(), 1)
        for scenario in _of_table(number, name, months, file, parameters)
    )
    if not found:
        raise InputError("no round of any table is filled in").at(path)
    return found


def _of_table(
    number: int, name: str, months: Sequence[str], file: TomlFile, parameters: Mapping[str, Parameter]
) -> Iterator[Scenario]:
    levers: Mapping[str, Mapping[str, Any]] = file.data["levers"]
    for last, month in enumerate(months, 1):
        if not any(month in steps for steps in levers.values()):
            continue
        played = {key: {m: v for m, v in steps.items() if m in months[:last]} for key, steps in levers.items()}
        data = {
            "base": ASKED,
            "title": {one: say("workshop_played_title", one, table=name, round=last) for one in LANGUAGES},
            "question": {one: say("workshop_played_question", one) for one in LANGUAGES},
            "levers": {key: steps for key, steps in played.items() if steps},
        }
        yield scenario_of(TomlFile(Path(f"table_{number}_round_{last}.toml"), data, file.places), parameters)
