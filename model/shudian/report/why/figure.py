"""Loops by years as heat maps: what each does to the outcome, and beside it the weights of the second method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from shudian.analysis.loops import LoopEffects
from shudian.analysis.verdicts import YEAR
from shudian.answers.why import Why
from shudian.draws import Array
from shudian.kinds import Language, Loop
from shudian.quantities import FIRST_YEAR
from shudian.report.render import figure_page as page
from shudian.report.why.table import cell, ordered, row_name
from shudian.report.why.words import basis_text, definition_text, headline, reading_text, title, total_text
from shudian.report.words.captions import joined
from shudian.wording import say, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _COLUMN, _NARROW = 0.27, 0.62, 0.46
"""Inches: height of a row, width of a column of effects and of one of weights."""
_RAISES, _NIL, _LOWERS = "#2166ac", "#ffffff", "#d6771f"
"""Told apart by lightness from white and by hue also by those who do not see red and green."""


def draw(why: Why, found: LoopEffects, language: Language) -> Figure:
    """The heat map of the run or of the difference; the run has the second method's beside it, where there is one."""
    loops = ordered(found)
    names = [row_name(loop, language) for loop in loops]
    weights = why.weights if found.reference is None else None
    left = 0.4 + 0.075 * max(width(name) for name in names)
    years = len(found.years)
    span = left + _COLUMN * years + (0.5 + _NARROW * years if weights else 0) + 0.3
    frame = page.Frame(
        headline(found, language),
        f"{title(found, language)}{'。' if language == 'zh' else '. '}{total_text(found, YEAR, language)}",
        (*_notes(why, found, language), definition_text(why, language), basis_text(why, language)),
    )
    body = _ROW * len(loops) + 0.75
    figure, bottom = page.page(frame, span, body)
    inches = figure.get_size_inches()

    def axes(start: float, wide: float) -> Axes:
        return figure.add_axes(
            (start / inches[0], bottom + 0.12 / inches[1], wide / inches[0], _ROW * len(loops) / inches[1])
        )

    main = axes(left, _COLUMN * years)
    _effects(main, found, loops, language)
    main.set_yticks(range(len(loops)), names)
    reading = reading_text(found, language)
    _heading(main, say("why_panel_cut", language, reading=reading), found.years)
    if weights:
        side = axes(left + _COLUMN * years + 0.4, _NARROW * years)
        _weights(side, weights, loops, found.years)
        side.set_yticks([])
        _heading(side, say("why_panel_weights", language), found.years)
    return figure


def _effects(axes: Axes, found: LoopEffects, loops: Sequence[Loop], language: Language) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    effects = [[found.effect(loop, year) for year in found.years] for loop in loops]
    medians = np.array([[effect.band.median for effect in row] for row in effects])
    told = np.array([[effect.sign != 0 for effect in row] for row in effects])
    largest = float(abs(medians).max()) or 1.0
    # small effects beside large ones must still show
    shade = np.where(told, np.sign(medians) * np.sqrt(abs(medians) / largest), 0.0)
    colours = LinearSegmentedColormap.from_list("shudian_loops", [_LOWERS, _NIL, _RAISES])
    axes.imshow(shade, cmap=colours, vmin=-1.25, vmax=1.25, aspect="auto")
    for row, line in enumerate(effects):
        for column, effect in enumerate(line):
            dark = shade[row, column] > 0.8
            colour = "white" if dark else page.INK if effect.sign else page.QUIET
            text = cell(effect, found, language)
            axes.text(column, row, text, ha="center", va="center", size=8, color=colour)


def _weights(axes: Axes, weights: Mapping[str, Array], loops: Sequence[Loop], years: Sequence[int]) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    table = np.array([[weights[loop.name][year - FIRST_YEAR] for year in years] for loop in loops])
    colours = LinearSegmentedColormap.from_list("shudian_weights", ["#ffffff", "#5f5f5f"])
    axes.imshow(table, cmap=colours, vmin=0, vmax=max(0.5, float(table.max())), aspect="auto")
    for (row, column), share in np.ndenumerate(table):
        colour = "white" if share > 0.35 else page.INK
        axes.text(column, row, f"{100 * share:z.0f}%", ha="center", va="center", size=8, color=colour)


def _heading(axes: Axes, text: str, years: Sequence[int]) -> None:
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(years)), [str(year) for year in years])
    axes.tick_params(length=0, labelcolor=page.INK)
    axes.set_title(text, size=9.5, loc="left", pad=9)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xticks(np.arange(-0.5, len(years)), minor=True)
    axes.set_yticks(np.arange(-0.5, axes.get_ylim()[0] + 0.6), minor=True)
    axes.grid(which="minor", color=page.HAIRLINE, linewidth=0.5)
    axes.tick_params(which="minor", length=0)


def _notes(why: Why, found: LoopEffects, language: Language) -> tuple[str, ...]:
    said = [say("why_figure_key", language)]
    if found.reference is not None:
        said.append(say("why_method_difference", language))
    elif why.weights is None:
        said.append(say("why_second_missing", language))
    else:
        said.append(say("why_figure_weights", language))
    return (joined(said, language, "", " "), say("why_figure_cut", language))
