"""The sheet of reviews of the workbook with which a planner starts: when to look at what, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from shudian.evidence import load_vocabulary
from shudian.indicators import load_indicators
from shudian.kinds import Label, Language, Parameter, Review
from shudian.parameters import DATE
from shudian.quantities import write_month, write_number
from shudian.report.form_cells import limit_month, limit_ramp, listed, offer, open_cell, protect
from shudian.report.render import sheets
from shudian.review_file import COST_PER_JOB, MOST
from shudian.review_text import amount_in, rule_key
from shudian.scenario_form import (
    BRANCH_WORDS,
    BRANCHES,
    DECIDED,
    INDICATOR_WORDS,
    NO_REVIEW,
    PLACE_WORDS,
    REVIEW_COLUMN,
    REVIEW_ITEMS,
    RULE_WORDS,
)
from shudian.scenario_text import written_steps
from shudian.targets import load_targets
from shudian.wording import say
from shudian.workbook_schedules import meant_by

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD_ROW, _FIRST = 4, 3
"""The row of the headings, and the column of the first review."""
_LEAST_ROWS, _FREE_ROWS = 18, 9
"""Rows for what follows: so many in all, and so many that are empty."""
_WIDTHS = (20.0, 50.0, *(26.0,) * MOST, 14.0, 18.0)
_SHARES, _PERCENT = ("threshold", "bias", "error", "rounding"), "0.##%"
"""Lines whose bare numbers are shares, and how they are shown."""
_Value = str | float


def write_reviews(
    sheet: Worksheet,
    lists: Worksheet,
    reviews: Sequence[Review],
    parameters: Mapping[str, Parameter],
    units: Mapping[str, str],
    language: Language,
) -> None:
    """Fill `sheet` with cells for MOST reviews, the first of them with `reviews`, and for what follows from each.

    `units` are those of the levers as they stand in their column; drop-down lists go into the sheet `lists`.
    """
    sheets.title(sheet, say("form_reviews_title", language), say("form_reviews_hint", language, none=_none(language)))
    between = "" if language == "zh" else " "
    titles = [f"{REVIEW_COLUMN.text(language)}{between}{number}" for number in range(1, MOST + 1)]
    empty = [""] * (len(_WIDTHS) - MOST - 2)
    sheets.headings(sheet, _HEAD_ROW, ["", say("form_meaning", language), *titles, *empty], _WIDTHS)
    choices = {key: listed(lists, lists.max_column + 1, texts) for key, texts in _choices(language).items()}
    filled = [dict(_said(review, language)) for review in reviews]
    for row, (key, label) in enumerate(REVIEW_ITEMS.items(), _HEAD_ROW + 1):
        for column, text, font in (
            (1, label.text(language), sheets.BOLD), (2, say(f"form_review_{key}", language), sheets.GREY)
        ):  # fmt: skip
            said = sheet.cell(row, column, text)
            said.font, said.alignment = font, sheets.TOP
        for number in range(MOST):
            open_cell(sheet, row, _FIRST + number)
            if number < len(filled):
                _put(sheet, row, _FIRST + number, filled[number].get(key), key in _SHARES)
            if key == "date":
                limit_month(sheet, sheet.cell(row, _FIRST + number), language)
        if key in choices:
            letters = [get_column_letter(_FIRST + number) for number in (0, MOST - 1)]
            offer(sheet, choices[key], f"{letters[0]}{row}:{letters[1]}{row}", language)
    last = _HEAD_ROW + len(REVIEW_ITEMS)
    sheets.heighten(sheet, _HEAD_ROW + 1, last)
    _write_decided(sheet, lists, last + 2, reviews, parameters, units, language)
    sheet.freeze_panes = f"B{_HEAD_ROW + 1}"
    protect(sheet)


def _write_decided(
    sheet: Worksheet,
    lists: Worksheet,
    top: int,
    reviews: Sequence[Review],
    parameters: Mapping[str, Parameter],
    units: Mapping[str, str],
    language: Language,
) -> None:
    """From row `top` on, the rows of what follows."""
    sheet.cell(top, 1, say("form_decided_hint", language)).font = sheets.GREY
    sheets.headings(sheet, top + 1, [label.text(language) for label in DECIDED.values()], _WIDTHS)
    columns = {key: column for column, key in enumerate(DECIDED, 1)}
    rows = [
        cells
        for number, review in enumerate(reviews, 1)
        for cells in _decisions(number, review, parameters, units, language)
    ]
    first, count = top + 2, max(_LEAST_ROWS, len(rows) + _FREE_ROWS)
    for row in range(first, first + count):
        for column in columns.values():
            open_cell(sheet, row, column)
        for key, value in rows[row - first].items() if row - first < len(rows) else ():
            _put(sheet, row, columns[key], value)
        limit_month(sheet, sheet.cell(row, columns["start"]), language)
        limit_ramp(sheet, sheet.cell(row, columns["ramp"]), language)
    offered = {
        "review": [str(number) for number in range(1, MOST + 1)],
        "lever": [parameters[name].label.text(language) for name in units],
        "branch": [label.text(language) for label in BRANCH_WORDS.values()],
        "unit": [*dict.fromkeys(units.values())],
    }
    for key, texts in offered.items():
        letter = get_column_letter(columns[key])
        choices = listed(lists, lists.max_column + 1, texts)
        offer(sheet, choices, f"{letter}{first}:{letter}{first + count - 1}", language)


def _choices(language: Language) -> dict[str, list[str]]:
    """What is offered in a line."""
    words = load_vocabulary()
    rules = [rule for rule in load_indicators().rules if not rule.is_ratio]
    targets = load_targets()
    definitions = dict.fromkeys(name for target in targets for name in target.definitions)

    def told(table: str, names: Mapping[str, object]) -> list[str]:
        return [words[table][name].text(language) if name in words[table] else name for name in names]

    return {
        "indicator": [
            *told("indicator", dict.fromkeys(rule.indicator for rule in rules)),
            *(label.text(language) for label in INDICATOR_WORDS.values()),
        ],
        "definition": [
            *dict.fromkeys(told("definition", {**dict.fromkeys(rule.definition for rule in rules), **definitions}))
        ],
        "place": [label.text(language) for label in PLACE_WORDS.values()],
        "target": [target.label.text(language) for target in targets],
        "rule": [label.text(language) for label in RULE_WORDS.values()],
        "after": [label.text(language) for label in BRANCH_WORDS.values()],
    }


def _said(review: Review, language: Language) -> Iterator[tuple[str, _Value]]:
    """What each line says of `review`."""
    seen = review.seen
    is_share = review.asked == "growth" or bool(review.target)
    words = load_vocabulary()
    yield "date", write_month(review.date)
    if review.target:
        yield "target", next(t.label.text(language) for t in load_targets() if t.identifier == review.target)
    else:
        yield "indicator", _called({**words["indicator"], **INDICATOR_WORDS}, seen.indicator, language)
    if seen.indicator != COST_PER_JOB:
        yield "definition", _called(words["definition"], seen.definition, language)
        if not review.target:
            yield "place", _called(PLACE_WORDS, seen.place, language)
    yield "rule", RULE_WORDS[rule_key(review)].text(language)
    yield "threshold", _amount(review.threshold, "1" if is_share else seen.unit)
    yield "delay", seen.delay
    if seen.bias:
        yield "bias", seen.bias
    yield "error", seen.error
    if seen.rounding:
        yield "rounding", _amount(seen.rounding, "1" if review.asked == "growth" else seen.unit)
    if review.after:
        yield "after", BRANCH_WORDS[review.after].text(language)


def _decisions(
    number: int, review: Review, parameters: Mapping[str, Parameter], units: Mapping[str, str], language: Language
) -> Iterator[dict[str, _Value]]:
    """What each row says of what follows from `review`."""
    for branch in BRANCHES:
        for name, schedule in (review.passed if branch == "passed" else review.failed).items():
            parameter = parameters[name]
            label = parameter.label.text(language)
            for start, written, ramp in written_steps(parameter, schedule):
                value, _, unit = written.strip('"').partition(" ")
                row: dict[str, _Value] = {
                    "review": number,
                    "lever": label if meant_by(label, parameters) == name else name,
                    "branch": BRANCH_WORDS[branch].text(language),
                    # where it cannot be told exactly in the unit of its column, it is in another one
                    "unit": units[name] if unit in ("", parameter.display_unit) else unit,
                    "value": value if parameter.display_unit == DATE else float(value),
                    "start": write_month(start),
                }
                yield {**row, "ramp": ramp} if ramp else row


def _amount(value: float, unit: str) -> _Value:
    text = amount_in(value, unit).strip('"')
    return value if unit == "1" else text


def _put(sheet: Worksheet, row: int, column: int, value: _Value | None, may_be_share: bool = False) -> None:
    # a number of a cell is saved with 16 digits, and one that needs 17 is read from a text
    if isinstance(value, float) and float(f"{value:.16g}") != value:
        value = write_number(value)
    cell = sheets.put(sheet, row, column, value)
    if may_be_share and isinstance(value, float) and _is_exact(value):
        cell.number_format = _PERCENT


def _is_exact(share: float) -> bool:
    """Whether a share is read to the bit from its percentage."""
    return float(f"{share * 100:.12g}") / 100 == share


def _called(words: Mapping[str, Label], name: str, language: Language) -> str:
    return words[name].text(language) if name in words else name


def _none(language: Language) -> str:
    return NO_REVIEW.text(language)
