"""The figure \"what if this structure is true\": outcomes where each of two contested forms holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shudian.analysis.structures import WhatIf
from shudian.answers.sensitivity import Sensitivity
from shudian.kinds import Language
from shudian.report.render import figure_page as page
from shudian.report.render.numbers import significant
from shudian.report.sensitivity.words import basis, outcome_name, shown_outcomes, structure_text
from shudian.report.words.captions import joined
from shudian.units import conversion, reader_unit, unit_label
from shudian.wording import say, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _LABELS, _PANEL = 0.68, 3.9, 3.4
"""Inches that a form, the labels and an outcome take."""
_APART = 0.17
"""How far the two points of a form stand from its middle."""


def draw_structures(found: Sensitivity, language: Language) -> Figure:
    """Two points with 90 % intervals for each contested form: hollow where its parameter is nil, filled otherwise."""
    positions = shown_outcomes(found.parameters.outcomes)
    positions = [*dict.fromkeys((positions[0], positions[-1]))]
    rows = found.structures
    sources = joined(sorted({*found.market.evidence}), language, "、", ", ")
    frame = page.Frame(
        structure_text(found, language),
        say("sensitivity_figure_structures_detail", language),
        (say("figure_sources", language, sources=sources), basis(found, language)),
    )
    body = _ROW * max(len(rows), 1) + 1.1
    figure, bottom = page.page(frame, _LABELS + _PANEL * len(positions) + 0.3, body)
    wide, high = figure.get_size_inches()
    for column, position in enumerate(positions):
        left = (_LABELS + _PANEL * column) / wide
        place = (left, bottom + 0.6 / high, (_PANEL - 0.3) / wide, _ROW * max(len(rows), 1) / high)
        axes = figure.add_axes(place)
        asked = found.parameters.outcomes[position]
        unit = reader_unit(asked.unit, language)
        for y, entry in zip(page.row_positions(len(rows)), rows, strict=True):
            _draw_ends(axes, y, entry, position, conversion(asked.unit, unit))
        labels = [_label(entry, language) for entry in rows] if column == 0 else [""] * len(rows)
        axes.set_yticks(page.row_positions(len(rows)), labels, size=7.5)
        axes.set_ylim(-0.6, max(len(rows), 1) - 0.4)
        axes.set_title(wrap(outcome_name(asked, language), 40), size=9, loc="left")
        axes.set_xlabel(unit_label(unit, language), size=8)
        axes.locator_params(axis="x", nbins=5)
        axes.xaxis.set_major_formatter(lambda value, _position: significant(value))
        axes.tick_params(length=0)
        axes.grid(axis="x", color=page.HAIRLINE, lw=0.5)
        axes.set_axisbelow(True)
    return figure


def _draw_ends(axes: Axes, y: int, entry: WhatIf, outcome: int, factor: float) -> None:
    for band, shift, fill in zip(entry.bands[outcome], (_APART, -_APART), ("white", page.DARK), strict=True):
        if band is not None:
            axes.plot([factor * band.low, factor * band.high], [y + shift, y + shift], color=page.MIDDLE, lw=2.2)
            axes.plot(factor * band.median, y + shift, "o", mec=page.DARK, mfc=fill, ms=5)


def _label(entry: WhatIf, language: Language) -> str:
    """The form, and below it what its two points stand for, each with its weight or that its draws are too few."""
    form, lines = entry.form, [entry.form.label.text(language)]
    for key, text, weight, band in zip(
        ("hollow", "filled"), (form.when_nil, form.otherwise), entry.weights, entry.bands[0], strict=True
    ):
        told = f"{weight.value:z.0%}" if band else say("structures_few_cell", language)
        end = say(f"sensitivity_figure_structures_{key}", language, weight=told, text=text.text(language))
        lines.append(wrap(end, 64))
    return "\n".join(lines)
