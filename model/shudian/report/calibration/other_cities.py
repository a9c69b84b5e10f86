"""What was reported of other cities beside the same equations with their data: one table for screen and folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shudian.forecasts.other_cities import CityPlace
from shudian.forecasts.prior_predictive import Place
from shudian.kinds import Language
from shudian.observe.words import printed_bounds
from shudian.report.calibration.columns import table_of
from shudian.report.calibration.tables import phrase_text, printed_cell, unit_text
from shudian.report.document import Table
from shudian.report.render.cells import Cell
from shudian.report.words.captions import joined
from shudian.structure import load_model
from shudian.wording import say

_COLUMNS = (
    "figure", "what", "reading", "phrase", "printed", "unit", "prior_median", "prior_90", "inside", "standing",
    "remark",
)  # fmt: skip
_SCREEN = ("what", "printed", "prior_90", "inside")


def table(found: Sequence[CityPlace], language: Language) -> Table:
    """A row for each thing that a printed figure may measure, without numbers where the model has no such thing."""
    rows: list[tuple[Cell, ...]] = []
    loud: list[int] = []
    for entry in found:
        if not entry.holds:
            loud.append(len(rows))
        rows += [_cells(entry, place, language) for place in entry.places] or [_cells(entry, None, language)]
    used = joined([e.report.figure.identifier for e in found if e.report.used], language, "、", ", ")
    title, note = say("calibration_table_cities", language), say("calibration_below_cities", language, used=used)
    return table_of(language, "other_cities", title, note, _COLUMNS, tuple(rows), tuple(loud))


def _cells(entry: CityPlace, place: Place | None, language: Language) -> tuple[Cell, ...]:
    figure, reason = entry.report.figure, entry.report.reason
    bounds = place.printed if place else printed_bounds(figure)
    beside: tuple[Cell, ...] = (None, None, say("calibration_city_other", language))
    if place:
        answer = say("calibration_yes" if place.inside else "calibration_no", language)
        beside = (place.median, (place.low, place.high), answer)
    return (
        figure.identifier,
        figure.label.text(language),
        load_model().equation(place.report.rule.variable).label.text(language) if place else None,
        phrase_text(figure),
        printed_cell(bounds, figure.value) if bounds and figure.value is not None else None,
        unit_text(figure, False, language),
        *beside,
        say("calibration_city_used" if entry.report.used else "calibration_city_unused", language),
        reason.text(language) if reason else "",
    )


def screen_table(found: Sequence[CityPlace], language: Language) -> Table:
    """The table as far as a terminal has room, with the sentence of every figure that not all its readings hold."""
    whole = table(found, language)
    kept = whole.only(_SCREEN)
    rows = tuple((_name(whole, row, language), *cells) for row, (_, *cells) in zip(whole.rows, kept.rows, strict=True))
    told = [
        say(
            "calibration_city_reason",
            language,
            figure=e.report.figure.identifier,
            reason=e.report.reason.text(language),
        )
        for e in found
        if e.report.reason and not (e.places and all(place.inside for place in e.places))
    ]
    return replace(kept, rows=rows, below=(*whole.below, *told))


def _name(table: Table, row: Sequence[Cell], language: Language) -> str:
    figure, what, reading, unit = (row[table.column(name)] for name in ("figure", "what", "reading", "unit"))
    key = "calibration_city_row" if reading is None else "calibration_city_row_as"
    return say(key, language, figure=figure, what=what, reading=reading, unit=unit)
