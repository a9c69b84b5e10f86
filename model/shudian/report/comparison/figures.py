"""The figures of a comparison, each titled with its finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.assessment import BENEFIT
from shudian.analysis.cost import VALUES
from shudian.analysis.reported import Band
from shudian.analysis.verdicts import MEASURES, YEAR
from shudian.answers.compare import Compared
from shudian.kinds import Language
from shudian.report.comparison.words import (
    headline,
    is_assumed,
    largest_text,
    lever_label,
    quoted,
    title,
    worth_text,
)
from shudian.report.render import figure_page as page
from shudian.report.render.numbers import significant
from shudian.report.run.figures import draw_probability
from shudian.report.words.captions import label_inches, marked, money_scale, places, row_height
from shudian.report.words.cautions import footer_lines
from shudian.units import conversion, reader_unit
from shudian.wording import say, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
ADDED = ("output", "jobs", "cost")
UNITS = {measure.name: measure.unit for measure in MEASURES}
MOST_PANELS = 3
"""Packages whose contributions stand side by side; the tables have all."""
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
_COLOURS = (page.DARK, page.SIGNAL, "#2a7f62", "#7a5195", "#8c6d1f", page.QUIET)


def write_figures(comparison: Compared, shocks: Mapping[str, str], folder: Path, language: Language) -> list[Path]:
    """Draw every figure into `folder`; returns the paths of all files."""
    written: list[Path] = []
    with page.style():
        drawn = {
            "1_probability": draw_probability(comparison.choice.verdicts, language),
            "2_added": draw_added(comparison, shocks, language),
            "3_worth": draw_worth(comparison, language),
            "4_contributions": draw_contributions(comparison, language),
            "5_regret": draw_regret(comparison, shocks, language),
        }
        for name, figure in drawn.items():
            written += page.save(figure, folder / f"{name}_{language}")
    return written


def draw_added(comparison: Compared, shocks: Mapping[str, str], language: Language) -> Figure:
    """Output, jobs and fiscal cost above the reference: a panel each, a row for each package."""
    verdicts, assessment = comparison.choice.verdicts, comparison.assessment
    names = assessment.packages
    titles = [wrap(title(name, verdicts, language), 32, most=4) for name in names]
    reference = title(verdicts.reference, verdicts, language)
    frame = page.Frame(
        headline(assessment, verdicts, dict(shocks), language),
        marked(say("figure_added_title", language, reference=reference), verdicts, language),
        (say("figure_bands_90", language), *footer_lines(verdicts, language)),
    )
    left, rows = label_inches(titles), row_height(titles) * len(titles)
    figure, bottom = page.page(frame, left + 2.3 * len(ADDED) + 0.3, rows + 1.0)
    inches = figure.get_size_inches()
    span = (inches[0] - left - 0.2) / len(ADDED)
    for column, measure in enumerate(ADDED):
        place = ((left + column * span) / inches[0], bottom + 0.45 / inches[1])
        axes = figure.add_axes((*place, (span - 0.3) / inches[0], rows / inches[1]))
        _ranges(axes, [verdicts.row(name).additional[measure] for name in names], UNITS[measure], language)
        axes.set_yticks(page.row_positions(len(names)), titles if column == 0 else [""] * len(names))
        axes.set_title(
            wrap(say(f"added_{measure}", language, year=YEAR).replace("\n", "" if language == "zh" else " "), 30),
            size=9,
            loc="left",
        )
    return figure


def _ranges(axes: Axes, bands: Sequence[Band], unit: str, language: Language) -> None:
    """A bar and a dot for each band, which is in `unit` and drawn as a reader of `language` counts it."""
    factor, digits = conversion(unit, reader_unit(unit, language)), places(unit, language)
    for y, band in zip(page.row_positions(len(bands)), bands, strict=True):
        low, median, high = (factor * value for value in (band.low, band.median, band.high))
        axes.plot([low, high], [y, y], color=page.MIDDLE, lw=5, solid_capstyle="butt")
        axes.plot(median, y, "o", color=page.DARK, ms=6)
        axes.annotate(significant(median, digits), (median, y), (0, 7), textcoords="offset points", size=8, ha="center")
    axes.axvline(0, color=page.QUIET, lw=0.8)
    axes.set_ylim(-0.6, len(bands) - 0.4)
    axes.grid(axis="x", color="#ececec", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(lambda value, _position: significant(value))
    page.quiet_ticks(axes, keep_left=False)
    axes.tick_params(labelleft=True, labelcolor=page.INK)


def draw_worth(comparison: Compared, language: Language) -> Figure:
    """Chance that each package pays best, at each value of a yuan of additional output."""
    verdicts, worth = comparison.choice.verdicts, comparison.assessment.worth
    frame = page.Frame(
        worth_text(comparison.assessment, verdicts, language),
        marked(say("figure_worth_chance", language), verdicts, language),
        (say("figure_worth_note", language), *footer_lines(verdicts, language)),
    )
    figure, bottom = page.page(frame, 8.6, 3.6)
    inches = figure.get_size_inches()
    axes = figure.add_axes((0.6 / inches[0], bottom + 0.5 / inches[1], 5.0 / inches[0], 2.9 / inches[1]))
    # lines beyond what can be told apart are left to the table
    shown = sorted(worth.names, key=lambda name: -worth.chance[worth.names.index(name)].max())[: len(_COLOURS)]
    ends = []
    for name, colour, line in zip(shown, _COLOURS, _LINES, strict=False):
        chances = 100 * worth.chance[worth.names.index(name)]
        axes.plot(VALUES, chances, color=colour, linestyle=line, lw=1.8)
        ends.append((float(chances[-1]), name, colour))
    axes.axvline(comparison.assessment.value, color=page.QUIET, lw=0.8, linestyle=(0, (2, 2)))
    axes.annotate(
        say("figure_worth_assumed", language, value=f"{comparison.assessment.value:g}"),
        (comparison.assessment.value, 101), (3, 0), textcoords="offset points", size=7.5, color=page.QUIET,
        annotation_clip=False,
    )  # fmt: skip
    axes.set_xlim(0, VALUES[-1])
    axes.set_ylim(0, 100)
    axes.set_yticks(range(0, 101, 25), [f"{tick}%" for tick in range(0, 101, 25)])
    axes.set_xlabel(say("figure_worth_axis", language), color=page.QUIET, loc="left")
    for y, (end, name, colour) in zip(_spread([end[0] for end in sorted(ends)]), sorted(ends), strict=True):
        axes.annotate(
            wrap(title(name, verdicts, language), 34, most=2), (VALUES[-1], end), (VALUES[-1] * 1.06, y),
            va="center", size=8, color=colour, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.7, "shrinkA": 0, "shrinkB": 2, "relpos": (0, 0.5)},
        )  # fmt: skip
    return figure


def _spread(heights: Sequence[float], gap: float = 8.5) -> list[float]:
    """`heights`, ascending, moved apart until labels do not touch."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + gap) if placed else max(height, 2.0))
    over = max(0.0, placed[-1] - 98.0)
    return [height - over for height in placed]


def draw_contributions(comparison: Compared, language: Language) -> Figure:
    """What each lever contributes to local output, a panel for each of the first packages."""
    choice, assessment = comparison.choice, comparison.assessment
    verdicts, model = choice.verdicts, choice.model
    asked = verdicts.pairing.asked
    names = [name for name in (asked, *assessment.contributions) if name in assessment.contributions]
    names = [*dict.fromkeys(names)][:MOST_PANELS]
    found = [assessment.contributions[name] for name in names]
    players = sorted(
        {player for c in found for player in c.players},
        key=lambda player: -max(c.shapley[c.players.index(player), 0] for c in found if player in c.players),
    )
    titles = [wrap(lever_label(player, model, language), 34, most=2) for player in players]
    frame = page.Frame(
        largest_text(assessment, verdicts, model, language) or say("figure_contribution_nothing", language),
        marked(say("figure_contribution_axis", language, year=YEAR), verdicts, language),
        (say("figure_contribution_assumed", language), *footer_lines(verdicts, language)),
    )
    left, rows = label_inches(titles), row_height(titles) * len(titles) + 0.2
    figure, bottom = page.page(frame, left + 2.5 * len(names) + 0.3, rows + 0.75)
    inches = figure.get_size_inches()
    span = (inches[0] - left - 0.2) / len(names)
    shared = None
    for column, (name, contribution) in enumerate(zip(names, found, strict=True)):
        place = ((left + column * span) / inches[0], bottom + 0.3 / inches[1])
        axes = figure.add_axes((*place, (span - 0.25) / inches[0], rows / inches[1]), sharex=shared)
        shared = shared or axes
        for y, player in zip(page.row_positions(len(players)), players, strict=True):
            if player not in contribution.players:
                continue
            i = contribution.players.index(player)
            parts = (contribution.shapley, contribution.errors)
            value, error = (money_scale(language) * float(part[i, 0]) for part in parts)
            fill = "white" if is_assumed(player, verdicts.row(name).scenario, model) else page.DARK
            axes.barh(y, value, height=0.55, color=fill, edgecolor=page.DARK, lw=1.2)
            axes.errorbar(value, y, xerr=2 * error, color=page.QUIET, capsize=2, lw=0.9)
        axes.axvline(0, color=page.QUIET, lw=0.8)
        axes.set_yticks(page.row_positions(len(players)), titles if column == 0 else [""] * len(players))
        axes.set_ylim(-0.6, len(players) - 0.4)
        axes.set_title(wrap(title(name, verdicts, language), 30, most=2), size=9.5, loc="left")
        axes.grid(axis="x", color="#ececec", linewidth=0.7)
        axes.set_axisbelow(True)
        axes.locator_params(axis="x", nbins=4)
        page.quiet_ticks(axes, keep_left=False)
        axes.tick_params(labelleft=column == 0, labelcolor=page.INK)
    return figure


def draw_regret(comparison: Compared, shocks: Mapping[str, str], language: Language) -> Figure:
    """Net benefit missed against the best of each situation: packages down, situations across."""
    verdicts, found = comparison.choice.verdicts, comparison.assessment.regrets[BENEFIT]
    titles = [wrap(title(name, verdicts, language), 32, most=3) for name in found.names]
    worlds = [shocks[world] if world else say("column_world_own", language) for world in found.worlds]
    columns = [*worlds, say("column_worst", language)]
    value = f"{comparison.assessment.value:g}"
    frame = page.Frame(
        say("figure_regret_headline", language, names=quoted(found.least_regretted, verdicts, language)),
        marked(say("figure_regret_title", language, value=value), verdicts, language),
        (say("figure_regret_note", language), *footer_lines(verdicts, language)),
    )
    left, rows = label_inches(titles), row_height(titles) * len(titles)
    figure, bottom = page.page(frame, left + 1.15 * len(columns) + 0.3, rows + 0.75)
    inches = figure.get_size_inches()
    axes = figure.add_axes(
        (left / inches[0], bottom + 0.1 / inches[1], 1 - (left + 0.25) / inches[0], rows / inches[1])
    )
    table = money_scale(language) * np.column_stack([found.regrets.T, found.worst])
    _regrets(axes, table)
    axes.set_yticks(page.row_positions(len(titles)), titles)
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(columns)), [wrap(column, 14) for column in columns], linespacing=1.2)
    axes.tick_params(length=0, labelcolor=page.INK)
    return figure


def _regrets(axes: Axes, table: Array) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("regret", ["#ffffff", "#fbe3d0", "#e59866", page.SIGNAL])
    rows, columns = table.shape
    most = max(float(table.max()), 1e-9)
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5, table[::-1], cmap=shades, vmin=0, vmax=most,
        edgecolors="white", linewidth=1.5,
    )  # fmt: skip
    for row, y in enumerate(page.row_positions(rows)):
        for column in range(columns):
            ink = "white" if table[row, column] > 0.7 * most else page.INK
            axes.text(column, y, significant(float(table[row, column])), ha="center", va="center", color=ink)
    for spine in axes.spines.values():
        spine.set_visible(False)
