"""Where each reported number falls in what the priors expect of it: a sentence, a table, a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from shudian.evidence import load_vocabulary
from shudian.forecasts.other_cities import CityPlace
from shudian.forecasts.prior_predictive import RARE, Place, PriorPredictive
from shudian.kinds import Label, Language
from shudian.report.calibration import other_cities
from shudian.report.calibration.columns import table_of
from shudian.report.calibration.tables import definition_text, phrase_text, printed_cell, unit_text
from shudian.report.document import Document, Table, paragraphs, title
from shudian.report.document import finding as standing_out
from shudian.report.folder import draft, publish
from shudian.report.render.cells import Cell, Level, shown
from shudian.report.render.csv_tables import csv_bytes, csv_table, write_tables
from shudian.report.render.markdown import markdown
from shudian.report.words.captions import joined
from shudian.wording import say

_MARKDOWN = (
    "figure", "what", "definition", "period", "phrase", "printed", "unit", "prior_median", "prior_90", "level", "flag",
)  # fmt: skip
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
            level=shown(Level(place.quantile)),
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
    columns = (*_MARKDOWN, "standing")
    return table_of(
        language,
        "prior_predictive",
        say("calibration_table_prior", language),
        _note(found, language),
        columns,
        rows,
        loud,
    )


def _note(found: PriorPredictive, language: Language) -> str:
    error = 100 * (RARE * (1 - RARE) / found.draws) ** 0.5
    return say("calibration_below_prior", language, draws=f"{found.draws:,}", error=f"{error:z.1f}")


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


def screen_tables(found: PriorPredictive, language: Language) -> list[Table]:
    """What a terminal has room for: one table for each use, the remark under the last."""
    whole = table(found, language)
    parts = []
    for part, kept in zip(_parts(found, whole, language), _parts(found, whole.only(_SCREEN), language), strict=True):
        names = [_name(whole, row, language) for row in part.rows]
        rows = tuple((name, *cells) for name, (_, *cells) in zip(names, kept.rows, strict=True))
        parts.append(replace(kept, rows=rows))
    return [*parts[:-1], replace(parts[-1], below=whole.below)] if parts else []


def _parts(found: PriorPredictive, whole: Table, language: Language) -> list[Table]:
    """The numbers that the calibration uses, and those that came later; a part of no number is left out."""
    split = len(found.fitted)
    rows = {"fitted": whole.rows[:split], "later": whole.rows[split:]}
    return [
        replace(whole, title=say(f"calibration_table_prior_{key}", language), rows=part, below=(), loud=())
        for key, part in rows.items()
        if part
    ]


def _name(table: Table, row: Sequence[Cell], language: Language) -> str:
    figure, what, unit = (row[table.column(name)] for name in ("figure", "what", "unit"))
    return f"{figure} {what} ({unit})" if language == "en" else f"{figure} {what}（{unit}）"


def write(found: PriorPredictive, cities: Sequence[CityPlace], out: Path | None, language: Language) -> Path:
    """Write CSV and Markdown to `out` or to a new folder in results/; returns where it stands.

    Raises InputError if `out` exists and is not empty, or cannot be written to.
    """
    with draft(out) as folder:
        data = csv_table(table(found, language))
        write_tables([data, csv_table(other_cities.table(cities, language))], folder)
        told = (*document(found, language), other_cities.table(cities, language))
        (folder / "table.md").write_text(markdown(told), encoding="utf-8")
        return publish(folder, out, hashlib.sha256(csv_bytes(data)).hexdigest())


def document(found: PriorPredictive, language: Language) -> Document:
    """The finding and, part by part, every reported number."""
    told = table(found, language)
    return (
        title(say("calibration_section_prior", language)),
        standing_out(finding(found, language)),
        *_parts(found, told.only(_MARKDOWN), language),
        paragraphs(*told.below),
    )
