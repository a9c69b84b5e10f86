"""The figure of a sweep: maps over two levers, lines over one, and each lever by itself where there are more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shudian.analysis.sweep_space import Swept
from shudian.answers.sweep import Sweep
from shudian.draws import Array
from shudian.kinds import Language
from shudian.parameters import DATE
from shudian.quantities import write_month
from shudian.report.render import figure_page as page
from shudian.report.sweep.words import TOLD, basis, best_text, definition_text, outcome_text
from shudian.report.words.captions import reader_amount
from shudian.units import conversion, reader_unit, unit_label
from shudian.wording import say, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 8.6
_ROW = 2.5
_ACROSS = 3
_MOST_LEVERS = 6
_LEAST_SPAN = 10.0
"""Points of a chance over which its colours or axis reach at least: what is sampling error must not look like a
landscape."""


def draw(found: Sweep, language: Language) -> Figure:
    """Chances by definition, then output, jobs and cost, each over all that is moved."""
    panels = _panels(found, language)
    shown = found.space[:_MOST_LEVERS]
    over_two = len(found.space) == 2 and found.request.layout == "grid"
    rows = len(shown) if len(shown) > 2 or (len(shown) == 2 and not over_two) else 1
    columns = len(panels) if rows > 1 else _ACROSS
    body = _ROW * (rows if rows > 1 else -(-len(panels) // columns))
    subtitle = say(
        "sweep_figure_subtitle", language, draws=f"{found.draws:,}", base=found.base.title.text(language),
        year=found.request.by,
    )  # fmt: skip
    frame = page.Frame(best_text(found, language), subtitle, (basis(found, language),))
    figure, bottom = page.page(frame, _WIDTH, body)
    high = body / figure.get_size_inches()[1]
    for place, panel in enumerate(panels):
        title, values, is_chance = panel.title, panel.values, panel.interval is None
        if rows > 1:
            for row, one in enumerate(shown):
                axes = _axes(figure, bottom, high, (len(shown), columns), row, place)
                axes.scatter(_scaled(one, found.points.values[:, row], language), values, s=6, color=page.MIDDLE)
                _name(axes, one, language)
                if is_chance:
                    axes.set_ylim(_chance_span(values))
                if row == 0:
                    axes.set_title(wrap(title, 20), fontsize=8, loc="left")
            continue
        across = (-(-len(panels) // columns), columns)
        axes = _axes(figure, bottom, high, across, place // columns, place % columns)
        axes.set_title(wrap(title, 34), fontsize=8.5, loc="left")
        if over_two:
            _map(figure, axes, found, values, is_chance, language)
        else:
            _line(axes, found, panel, language)
            if is_chance:
                axes.set_ylim(_chance_span(values))
    return figure


def _axes(figure: Figure, bottom: float, high: float, shape: tuple[int, int], row: int, column: int) -> Axes:
    rows, columns = shape
    cell = (0.97 / columns, high / rows)
    left = 0.015 + column * cell[0] + 0.05
    low = bottom + high - (row + 1) * cell[1] + 0.2 * cell[1]
    return figure.add_axes((left, low, cell[0] - 0.105, cell[1] * 0.6))


@dataclass(frozen=True, slots=True)
class _Panel:
    """What is shown of each point: a chance in per cent, or the difference to the package as it is."""

    title: str
    values: Array
    interval: tuple[Array, Array] | None = None
    """Ends of the 90 % interval of a difference."""


def _panels(found: Sweep, language: Language) -> list[_Panel]:
    market = [place for place, goal in enumerate(found.goals) if len(goal.target.definitions) > 1]
    panels = [
        _Panel(
            say("sweep_figure_chance", language, definition=definition_text(found, found.goals[place], language)),
            100 * found.points.chances[:, place],
        )
        for place in market
    ]
    for name in TOLD:
        row = found.outcome(name)
        asked = found.asked[row]
        factor, unit = reader_amount(1.0, asked.unit, language)
        title = say("sweep_figure_of", language, what=outcome_text(asked, language), unit=unit)
        low, median, high = factor * found.points.changes[:, row].T
        panels.append(_Panel(title, median, (low, high)))
    return panels


def _map(figure: Figure, axes: Axes, found: Sweep, values: Array, is_chance: bool, language: Language) -> None:
    one, other = found.space
    sides = [np.unique(found.points.values[:, column]) for column in (0, 1)]
    grid = values.reshape(len(sides[0]), len(sides[1])).T
    across, up = (_edges(_scaled(swept, side, language)) for swept, side in zip((one, other), sides, strict=True))
    low, high = _chance_span(grid) if is_chance else (float(grid.min()), float(grid.max()))
    drawn = axes.pcolormesh(across, up, grid, cmap="viridis_r", vmin=low, vmax=high, rasterized=True)
    best = found.points.values[found.best]
    axes.plot(*(_scaled(s, np.array([v]), language) for s, v in zip((one, other), best, strict=True)),
              marker="o", ms=5, mfc="none", mec=page.SIGNAL, mew=1.4)  # fmt: skip
    _name(axes, one, language)
    if other.is_stepped:
        axes.locator_params(axis="y", integer=True)
    axes.set_ylabel(wrap(_label(other, language), 26), fontsize=7.5)
    place = axes.get_position()
    bar = figure.add_axes((place.x1 + 0.006, place.y0, 0.01, place.height))
    figure.colorbar(drawn, cax=bar)
    bar.tick_params(length=0, labelsize=7)
    for spine in bar.spines.values():
        spine.set_visible(False)


def _chance_span(values: Array) -> tuple[float, float]:
    """Between which per cent chances are shown."""
    low, high = float(values.min()), float(values.max())
    if high - low >= _LEAST_SPAN:
        return low, high
    low = min(max(0.0, (low + high - _LEAST_SPAN) / 2), 100.0 - _LEAST_SPAN)
    return low, low + _LEAST_SPAN


def _line(axes: Axes, found: Sweep, panel: _Panel, language: Language) -> None:
    one = found.space[0]
    across = _scaled(one, found.points.values[:, 0], language)
    order = np.argsort(across)
    if panel.interval:
        low, high = (end[order] for end in panel.interval)
        axes.fill_between(across[order], low, high, color=page.LIGHT, linewidth=0)
    axes.plot(across[order], panel.values[order], color=page.DARK, marker="o", ms=3)
    _name(axes, one, language)


def _name(axes: Axes, one: Swept, language: Language) -> None:
    if one.is_stepped:
        axes.locator_params(axis="x", integer=True)
    axes.set_xlabel(wrap(_label(one, language), 26), fontsize=7.5)
    axes.tick_params(length=0, labelsize=7)


def _label(one: Swept, language: Language) -> str:
    label = one.parameter.label.text(language)
    if one.parameter.display_unit == DATE:
        return label
    unit = "%" if one.parameter.unit == "1" and not one.parameter.whole else unit_label(_unit(one, language), language)
    return label if not unit else f"{label}（{unit}）" if language == "zh" else f"{label} ({unit})"


def _unit(one: Swept, language: Language) -> str:
    return reader_unit(one.parameter.display_unit, language)


def _scaled(one: Swept, values: Array, language: Language) -> Array:
    """`values` as an axis shows them: in the reader's unit, a share in per cent, a month as a year with its part."""
    if one.parameter.display_unit == DATE:
        return np.array([float(write_month(v)[:4]) + v % 12 / 12 for v in values])
    if one.parameter.unit == "1":
        return values if one.parameter.whole else 100 * values
    return values / conversion(_unit(one, language), one.parameter.unit)


def _edges(values: Array) -> Array:
    """Borders of cells around `values`, half-way between neighbours."""
    if len(values) == 1:
        return np.array([values[0] - 0.5, values[0] + 0.5])
    middle = (values[1:] + values[:-1]) / 2
    return np.array([values[0] - (middle[0] - values[0]), *middle, values[-1] + (values[-1] - middle[-1])])
