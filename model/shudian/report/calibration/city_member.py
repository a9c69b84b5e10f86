"""The report on another city's posterior: which figures, how they were foretold, what moved, what is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shudian.answers.calibration.city import CityView
from shudian.cities import city_title
from shudian.forecasts.city_member import Foretold
from shudian.kinds import Language
from shudian.parameters import HOME
from shudian.report.calibration.columns import table_of
from shudian.report.calibration.tables import phrase_text, printed_cell, unit_text
from shudian.report.document import Document, Table, paragraphs, title
from shudian.report.render.cells import Cell, Signed, in_percent, interval, middle, shown
from shudian.report.render.csv_tables import csv_table, write_tables
from shudian.report.render.markdown import markdown
from shudian.report.words.captions import figures_of, joined
from shudian.structure import load_model
from shudian.units import unit_label
from shudian.wording import say

Array = NDArray[np.float64]
_FIGURES = (
    "figure", "what", "reading", "phrase", "printed", "unit", "before_city_90", "without_90", "posterior_90",
    "inside", "standing",
)  # fmt: skip
_SCREEN = ("what", "printed", "without_90", "posterior_90", "inside")
_PARAMETERS = ("parameter", "unit", "prior_median", "prior_90", "posterior_median", "posterior_90", "shift", "standing")
_MOVED = 0.1
"""Standard deviations by which a parameter moves that is worth a line for people; the file has all."""


def headline(view: CityView, language: Language) -> str:
    """On how many of its figures the city is calibrated, what it shares, and how many draws carry it."""
    told = view.posterior.about["shared"]
    own = view.member.local
    reports = view.posterior.about["reports"]
    names = joined([name for report in reports for name in report["figures"]], language, "、", ", ")
    return say(
        "member_headline", language,
        city=city_title(view.city).text(language), home=city_title(HOME).text(language),
        figures=figures_of(len(reports), language), names=names, shared=len(view.moved) - len(own), own=len(own),
        reports=told["reports"], until=told["until"], effective=f"{told['effective']:z,.0f}",
        draws=f"{view.posterior.size:,}",
    )  # fmt: skip


def sentences(view: CityView, language: Language) -> tuple[str, ...]:
    """How the figures were foretold without themselves, what moved most, and what each figure was taken to mean."""
    city = city_title(view.city).text(language)
    fitted = [entry for entry in view.figures if entry.fitted]
    others = [entry for entry in view.figures if not entry.fitted]
    said = [_held("held", fitted, language)]
    if others:
        said.append(_held("later", others, language))
    shared = next(entry for entry in view.moved if not entry.own)
    ours = next(entry for entry in view.moved if entry.own)
    said.append(
        say(
            "member_moved",
            language,
            city=city,
            own=ours.parameter.label.text(language),
            own_shift=shown(Signed(ours.shift)),
            shared=shared.parameter.label.text(language),
            shared_shift=shown(Signed(shared.shift)),
        )
    )
    return tuple(said)


def _held(kind: str, entries: Sequence[Foretold], language: Language) -> str:
    missed = list(dict.fromkeys(e.report.figures[0].identifier for e in entries if not e.holds))
    names = joined(missed, language, "、", ", ")
    ending = say("member_missed", language, names=names) if missed else ""
    return say(f"member_{kind}", language, all=len(entries), held=sum(entry.holds for entry in entries), missed=ending)


def figure_table(view: CityView, language: Language) -> Table:
    """Every printed number of the city, as it was foretold before any, without itself, and after all."""
    weights = dict(zip([r.identifier for r in view.member.target.observer.reports], view.weights, strict=True))
    rows: list[tuple[Cell, ...]] = []
    for entry in view.figures:
        figure = entry.report.figures[0]
        bounds = entry.after.printed
        rows.append(
            (
                figure.identifier,
                figure.label.text(language),
                _reading(entry, weights, language),
                phrase_text(figure),
                printed_cell(bounds, figure.value) if figure.value is not None else bounds,
                unit_text(figure, entry.after.measure != "level", language),
                *((place.low, place.high) if place else None for place in (entry.before, entry.others, entry.after)),
                say("calibration_yes" if entry.holds else "calibration_no", language),
                say("calibration_prior_fitted" if entry.fitted else "calibration_prior_later", language),
            )
        )
    loud = tuple(number for number, entry in enumerate(view.figures) if not entry.holds)
    city = city_title(view.city).text(language)
    title, note = say("member_table_figures", language, city=city), say("member_below_figures", language)
    return table_of(language, "figures", title, note, _FIGURES, tuple(rows), loud)


def _reading(entry: Foretold, weights: dict[str, tuple[Array, float]], language: Language) -> str:
    equation = load_model().equation
    meanings = [equation(a.quantity.variable).label.text(language) for a in entry.report.alternatives]
    told = weights.get(entry.report.identifier) if entry.fitted else None
    if told is None or len(meanings) == 1:
        return joined(list(dict.fromkeys(meanings)), language, "、", ", ")
    parts = [f"{meaning} {in_percent(float(weight))}" for meaning, weight in zip(meanings, told[0], strict=True)]
    return joined(parts, language, "、", ", ")


def parameter_table(view: CityView, language: Language, least: float = 0.0) -> Table:
    """Every uncertain parameter that moved by `least` or more, with what it was before the city's figures."""
    city, home = (city_title(name).text(language) for name in (view.city, HOME))
    rows = tuple(
        (
            entry.parameter.label.text(language),
            unit_label(entry.parameter.display_unit, language),
            middle(entry.before),
            interval(entry.before),
            middle(entry.after),
            interval(entry.after),
            Signed(entry.shift),
            say("member_own", language, city=city) if entry.own else say("member_shared", language, home=home),
        )
        for entry in view.moved
        if abs(entry.shift) >= least
    )
    title, note = say("member_table_parameters", language), say("member_below_parameters", language, home=home)
    return table_of(language, "parameters", title, note, _PARAMETERS, rows)


def screen_table(view: CityView, language: Language) -> Table:
    """The figures as far as a terminal has room."""
    whole = figure_table(view, language)
    kept = whole.only(_SCREEN)
    names = [f"{row[0]} {row[1]}" for row in whole.rows]
    return replace(kept, rows=tuple((name, *cells) for name, (_, *cells) in zip(names, kept.rows, strict=True)))


def document(view: CityView, language: Language) -> Document:
    """What is told, every figure, and the parameters that moved."""
    return (
        title(headline(view, language)),
        paragraphs(*sentences(view, language)),
        figure_table(view, language),
        parameter_table(view, language, _MOVED),
    )


def write_city(view: CityView, folder: Path, language: Language) -> None:
    """Write the report as Markdown, and its tables as CSV files, into `folder`."""
    tables = (figure_table(view, language), parameter_table(view, language))
    write_tables([csv_table(table) for table in tables], folder)
    (folder / "table.md").write_text(markdown(document(view, language)), encoding="utf-8")
