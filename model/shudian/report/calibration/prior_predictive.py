"""Where each reported number falls in what the priors expect of it: a sentence, a table, a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from shudian.evidence import load_vocabulary
from shudian.forecasts.other_cities import CityPlace
from shudian.forecasts.prior_predictive import RARE, Place, PriorPredictive
from shudian.kinds import Label, Language
from shudian.report.calibration import other_cities
from shudian.report.calibration.cells import Cell, Level, Table, csv_table, shown, unit_text
from shudian.report.calibration.tables import definition_text, phrase_text, printed_cell
from shudian.report.captions import joined
from shudian.report.csv_tables import csv_bytes, write_tables
from shudian.report.document import Document, paragraphs, title
from shudian.report.document import Table as Plain
from shudian.report.document import finding as standing_out
from shudian.report.folder import draft, publish
from shudian.report.render.markdown import markdown
from shudian.wording import say

_MARKDOWN = ("figure", "what", "definition", "period", "phrase", "printed", "unit", "prior_median", "prior_90")
_SCREEN = ("what", "printed", "prior_median", "prior_90", "level", "flag")


def finding(found: PriorPredictive, language: Language) -> str:
    """How many of the reported numbers the priors give hardly any weight, and which."""
    every = len(found.fitted) + len(found.later)
    if not found.flagged:
        return say("calibration_prior_sound", language, all=every)
    names = [
        say(
            "calibration_prior_name",
            language,
            figure=place.figure.identifier,
            what=_what(place, language),
            level=shown(Level(place.quantile), language),
        )
        for place in found.flagged
    ]
    listed = joined(names, language, "、", ", ")
    return say("calibration_prior_flagged", language, all=every, count=len(found.flagged), names=listed)


def table(found: PriorPredictive, language: Language) -> Table:
    """Every reported number, those that the calibration uses first."""
    words = load_vocabulary()
    uses = [("fitted", place) for place in found.fitted] + [("later", place) for place in found.later]
    rows = tuple((*_cells(place, words, language), say(f"calibration_prior_{use}", language)) for use, place in uses)
    loud = tuple(number for number, (_, place) in enumerate(uses) if place.side)
    columns = (*_MARKDOWN, "level", "flag", "standing")
    return Table(
        "prior_predictive", say("calibration_table_prior", language), _note(found, language), columns, rows, loud
    )


def _note(found: PriorPredictive, language: Language) -> str:
    error = 100 * (RARE * (1 - RARE) / found.draws) ** 0.5
    return say("calibration_below_prior", language, draws=f"{found.draws:,}", error=f"{error:.1f}")


def _cells(place: Place, words: Mapping[str, Mapping[str, Label]], language: Language) -> tuple[Cell, ...]:
    figure = place.figure
    periods = [" – ".join(dict.fromkeys(alternative.period)) for alternative in place.report.alternatives]
    low, high = place.printed
    return (
        figure.identifier,
        _what(place, language),
        definition_text(figure, words, language),
        joined([*dict.fromkeys(periods)], language, "或", " or "),
        phrase_text(figure),
        printed_cell(place.printed, float(f"{(low + high) / 2:.6g}")),
        unit_text(figure, place.measure != "level", language),
        place.median,
        (place.low, place.high),
        Level(place.quantile),
        _flag(place, language),
    )


def _what(place: Place, language: Language) -> str:
    label = place.figure.label.text(language)
    if place.measure == "level" or place.report.rule.is_ratio:
        return label
    return say("calibration_prior_growth", language, what=label)


def _flag(place: Place, language: Language) -> str:
    return (
        say("calibration_prior_above" if place.side > 0 else "calibration_prior_below", language) if place.side else ""
    )


def screen_tables(found: PriorPredictive, language: Language) -> list[Plain]:
    """What a terminal has room for: one table for each use, the remark under the last."""
    whole = table(found, language)
    kept = [whole.columns.index(name) for name in _SCREEN]
    heads = tuple(say(f"calibration_column_{name}", language) for name in _SCREEN)
    tables = []
    for key, count in (("fitted", len(found.fitted)), ("later", len(found.later))):
        start = 0 if key == "fitted" else len(found.fitted)
        rows = tuple(_screen_row(row, kept, language) for row in whole.rows[start : start + count])
        if rows:
            tables.append(Plain(say(f"calibration_table_prior_{key}", language), heads, rows))
    return [*tables[:-1], Plain(tables[-1].title, heads, tables[-1].rows, below=(whole.note,))] if tables else []


def _screen_row(row: Sequence[Cell], kept: Sequence[int], language: Language) -> tuple[str, ...]:
    label, *cells = (shown(row[column], language) for column in kept)
    unit = shown(row[_MARKDOWN.index("unit")], language)
    return f"{row[0]} {label} ({unit})" if language == "en" else f"{row[0]} {label}（{unit}）", *cells


def write(found: PriorPredictive, cities: Sequence[CityPlace], out: Path | None, language: Language) -> Path:
    """Write CSV and Markdown to `out` or to a new folder in results/; returns where it stands.

    Raises InputError if `out` exists and is not empty, or cannot be written to.
    """
    with draft(out) as folder:
        data = csv_table(table(found, language))
        write_tables([data, csv_table(other_cities.table(cities, language))], folder)
        told = (*document(found, language), other_cities.document_table(cities, language))
        (folder / "table.md").write_text(markdown(told), encoding="utf-8")
        return publish(folder, out, hashlib.sha256(csv_bytes(data)).hexdigest())


def document(found: PriorPredictive, language: Language) -> Document:
    """The finding and, part by part, every reported number."""
    told = table(found, language)
    rows = [tuple(shown(cell, language) for cell in row[:-1]) for row in told.rows]
    heads = told.heads(language)[:-1]
    split = len(found.fitted)
    parts = {"fitted": rows[:split], "later": rows[split:]}
    return (
        title(say("calibration_section_prior", language)),
        standing_out(finding(found, language)),
        *(
            Plain(say(f"calibration_table_prior_{key}", language), heads, tuple(part))
            for key, part in parts.items()
            if part
        ),
        paragraphs(told.note),
    )
