"""Cells of a workbook that somebody fills in: open ones among locked ones, checks and drop-down lists."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from shudian.kinds import Language
from shudian.quantities import FIRST_YEAR, MONTHS, write_month
from shudian.report.render import sheets
from shudian.wording import say

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet


def open_cell(sheet: Worksheet, row: int, column: int) -> None:
    """Make a cell one to fill in."""
    cell = sheet.cell(row, column)
    cell.fill, cell.border, cell.protection = sheets.FILL_IN, sheets.BOX, Protection(locked=False)
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def protect(sheet: Worksheet) -> None:
    """Lock everything that is not to be filled in, without a password, and let columns be widened."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def check(
    sheet: Worksheet,
    cells: str,
    kind: Literal["date", "decimal", "whole"],
    bounds: Sequence[float],
    prompt: str,
    language: Language,
) -> None:
    """Let `cells` take what lies between `bounds`, and warn of anything else; `prompt` says so beside them."""
    low, high = (f"{bound:g}" if kind == "decimal" else f"{bound:z.0f}" for bound in bounds)
    rule = DataValidation(kind, operator="between", formula1=low, formula2=high, allow_blank=True)
    _explain(rule, prompt, language)
    # a number may be written with a unit of its own, which Excel takes for text
    rule.errorStyle = "warning"
    rule.add(cells)
    sheet.add_data_validation(rule)


def offer(sheet: Worksheet, choices: str, cells: str, language: Language) -> None:
    """Offer in `cells` the list at the address `choices`, and warn of anything else."""
    rule = DataValidation("list", formula1=choices, allow_blank=True)
    _explain(rule, say("form_prompt_list", language), language)
    # one's own package may be a base too, and is not in the list
    rule.errorStyle = "warning"
    rule.add(cells)
    sheet.add_data_validation(rule)


def _explain(check: DataValidation, prompt: str, language: Language) -> None:
    check.prompt = check.error = prompt
    check.errorTitle = say("form_wrong", language)
    check.showInputMessage = check.showErrorMessage = True


def listed(lists: Worksheet, column: int, texts: Sequence[str]) -> str:
    """Write `texts` down a column of the hidden sheet; returns the address from which a drop-down takes them."""
    for row, text in enumerate(texts, 1):
        lists.cell(row, column, text)
    letter = get_column_letter(column)
    return f"'{lists.title}'!${letter}$1:${letter}${len(texts)}"


def serial(date: datetime.date) -> int:
    """The number that a spreadsheet keeps for `date`."""
    return (date - datetime.date(1899, 12, 30)).days


def limit_month(sheet: Worksheet, cell: Cell | MergedCell, language: Language) -> None:
    """Let a cell take a month of the horizon."""
    cell.number_format = "yyyy-mm"
    ends = [datetime.date(FIRST_YEAR, 1, 1), datetime.date(FIRST_YEAR + MONTHS // 12 - 1, 12, 31)]
    prompt = say("form_prompt_start", language, first=write_month(0), last=write_month(MONTHS - 1))
    check(sheet, cell.coordinate, "date", [serial(date) for date in ends], prompt, language)


def limit_ramp(sheet: Worksheet, cell: Cell | MergedCell, language: Language) -> None:
    """Let a cell take the months within which a value is reached."""
    check(sheet, cell.coordinate, "decimal", [0, MONTHS], say("form_prompt_ramp", language, most=MONTHS), language)
