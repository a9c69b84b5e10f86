"""The three figures of a run: how likely, how large, how it gets there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shudian.analysis.results import LEVELS, Outcome
from shudian.analysis.verdicts import Verdicts, measured
from shudian.kinds import Figure as Reported
from shudian.kinds import Language
from shudian.report.render import figure_page as page
from shudian.report.render.numbers import percent
from shudian.report.run.fan_charts import draw_paths
from shudian.report.words.captions import (
    amount,
    definition_label,
    explained,
    joined,
    label_inches,
    marked,
    row_height,
    row_titles,
    within,
)
from shudian.report.words.cautions import footer_lines
from shudian.report.words.finding_text import finding_parts
from shudian.units import conversion, display_unit, unit_label
from shudian.wording import say, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def write_figures(
    outcomes: Sequence[Outcome],
    verdicts: Verdicts,
    reported: Sequence[Reported],
    folder: Path,
    language: Language,
) -> list[Path]:
    """Draw the three figures into `folder`; returns the paths of all files."""
    written: list[Path] = []
    with page.style():
        for name, figure in (
            ("1_probability", draw_probability(verdicts, language)),
            ("2_market", draw_market(outcomes, verdicts, language)),
            ("3_paths", draw_paths(outcomes, verdicts, reported, language)),
        ):
            written += page.save(figure, folder / f"{name}_{language}")
    return written


def draw_probability(verdicts: Verdicts, language: Language) -> Figure:
    """Probability of the market target: packages down, definitions across."""
    definitions = list(verdicts.market.definitions)
    titles = row_titles(verdicts, language)
    headline, detail = finding_parts(verdicts, language)
    frame = page.Frame(
        headline.rstrip("：:"),
        marked(detail, verdicts, language),
        (explained(definitions, verdicts, language), *footer_lines(verdicts, language)),
    )
    body = row_height(titles) * len(titles) + 1.1
    left = label_inches(titles)
    figure, bottom = page.page(frame, left + 1.45 * len(definitions) + 0.3, body)
    inches = figure.get_size_inches()
    size = (1 - (left + 0.25) / inches[0], row_height(titles) * len(titles) / inches[1])
    axes = figure.add_axes((left / inches[0], bottom + 0.1 / inches[1], *size))
    table = np.array([[row.targets[verdicts.market.identifier][d].value for d in definitions] for row in verdicts.rows])
    _heat(axes, table, [[percent(float(v), verdicts.draws) for v in row] for row in table])
    axes.set_yticks(page.row_positions(len(titles)), titles)
    axes.xaxis.tick_top()
    axes.set_xticks(
        range(len(definitions)), [_column(d, verdicts, language) for d in definitions], va="bottom", linespacing=1.3
    )
    axes.tick_params(length=0, labelcolor=page.INK)
    axes.text(
        0, 1.0 + 0.68 / (row_height(titles) * len(titles)),
        say("figure_probability_columns", language, target=verdicts.market.label.text(language)),
        transform=axes.transAxes, color=page.QUIET, va="bottom",
    )  # fmt: skip
    return figure


def _column(definition: str, verdicts: Verdicts, language: Language) -> str:
    """A definition's name and, so that a probability does not read as an outlook, where it stands already."""
    market, standing = verdicts.market, verdicts.standing[definition][-1]
    rounded = float(f"{standing.amount.median:.2g}")
    stands = say("figure_standing", language, year=standing.year, amount=amount(rounded, market.unit, language))
    return f"{definition_label(definition, verdicts, language)}\n{wrap(stands, 20)}"


def _market_headline(medians: Mapping[str, float], verdicts: Verdicts, language: Language) -> str:
    """Under which definitions the median of the package asked for reaches the target."""
    market = verdicts.market
    parts = {
        "reached": [d for d, median in medians.items() if median >= market.threshold],
        "missed": [d for d, median in medians.items() if median < market.threshold],
    }
    key = "some" if all(parts.values()) else "all" if parts["reached"] else "none"
    named = {
        part: joined(
            [within(definition_label(d, verdicts, language), language) for d in found], language, "、", english
        )
        for (part, found), english in zip(parts.items(), (" and ", " or "), strict=True)
    }
    return say(
        f"figure_market_{key}",
        language,
        package=verdicts.row(verdicts.pairing.asked).scenario.title.text(language),
        year=market.year,
        threshold=amount(market.threshold, market.unit, language),
        **named,
    )


def _heat(axes: Axes, table: np.ndarray[tuple[int, int], np.dtype[np.float64]], texts: list[list[str]]) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("probability", ["#ffffff", page.LIGHT, page.MIDDLE, page.DARK])
    rows, columns = table.shape
    axes.pcolormesh(
        np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5, table[::-1], cmap=shades, vmin=0, vmax=1,
        edgecolors="white", linewidth=1.5,
    )  # fmt: skip
    for row, position in enumerate(page.row_positions(rows)):
        for column in range(columns):
            ink = "white" if table[row, column] > 0.6 else page.INK
            axes.text(column, position, texts[row][column], ha="center", va="center", color=ink, size=9.5)
    for spine in axes.spines.values():
        spine.set_visible(False)


def draw_market(
    outcomes: Sequence[Outcome], verdicts: Verdicts, language: Language, panel: float = 2.1, *, noted: bool = True
) -> Figure:
    """The market in the target's year: a panel for each definition, `panel` inches wide, a row for each package.

    Where what stands below it is told beside it, it is not `noted`.
    """
    market = verdicts.market
    definitions = list(market.definitions)
    titles = row_titles(verdicts, language)
    unit = unit_label(display_unit(market.unit), language)
    factor = conversion(market.unit, display_unit(market.unit))
    threshold_value = market.threshold * factor
    bands = {d: np.array([np.quantile(measured(o, market, d) * factor, LEVELS) for o in outcomes]) for d in definitions}
    threshold = amount(market.threshold, market.unit, language)
    asked = next(o for o in outcomes if o.scenario.name == verdicts.pairing.asked)
    medians = {d: float(np.median(measured(asked, market, d))) for d in definitions}
    headline = _market_headline(medians, verdicts, language)
    subtitle = marked(say("figure_market_title", language, year=market.year), verdicts, language)
    frame = page.Frame(
        headline,
        subtitle,
        (say("figure_bands", language), explained(definitions, verdicts, language), *footer_lines(verdicts, language))
        if noted
        else (say("figure_bands", language),),
    )
    left = label_inches(titles)
    figure, bottom = page.page(frame, left + panel * len(definitions) + 0.4, row_height(titles) * len(titles) + 0.8)
    inches = figure.get_size_inches()
    span = (inches[0] - left - 0.25) / len(definitions)
    everything = np.concatenate(list(bands.values()))
    low, high = min(float(everything.min()), threshold_value), max(float(everything.max()), threshold_value)
    logarithmic = low > 0 and high / low > 10
    key = "figure_market_axis" if logarithmic else "figure_market_axis_linear"
    for column, definition in enumerate(definitions):
        axes = figure.add_axes(
            (
                (left + column * span) / inches[0],
                bottom + 0.5 / inches[1],
                (span - 0.3) / inches[0],
                row_height(titles) * len(titles) / inches[1],
            )
        )
        draw_bars(axes, bands[definition])
        axes.axvline(threshold_value, color=page.SIGNAL, linewidth=1.2, linestyle=(0, (4, 2)), zorder=3)
        axes.set_ylim(-0.6, len(titles) - 0.4)
        axes.set_yticks(page.row_positions(len(titles)), titles if column == 0 else [""] * len(titles))
        page.quiet_ticks(axes, keep_left=column == 0)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", labelcolor=page.INK)
        _scale(axes, low, high, logarithmic)
        axes.grid(axis="x", color="#ececec", linewidth=0.7, zorder=-1)
        axes.set_axisbelow(True)
        axes.set_title(definition_label(definition, verdicts, language), size=10, loc="left", pad=5)
        if column == 0:
            axes.set_xlabel(say(key, language, year=market.year, unit=unit), color=page.QUIET, loc="left")
        if column == len(definitions) - 1:
            axes.set_xlabel(say("figure_market_line", language, threshold=threshold), color=page.SIGNAL, loc="right")
    return figure


def draw_bars(axes: Axes, bands: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    """A row for each of `bands`, quantiles at LEVELS: 90 % and 50 % interval as bars, the median as a dot."""
    rows = np.array(page.row_positions(len(bands)))
    axes.hlines(rows, bands[:, 0], bands[:, 4], color=page.LIGHT, linewidth=9)
    axes.hlines(rows, bands[:, 1], bands[:, 3], color=page.MIDDLE, linewidth=9)
    axes.plot(bands[:, 2], rows, "o", color=page.DARK, markersize=5)


def _scale(axes: Axes, low: float, high: float, logarithmic: bool) -> None:
    if logarithmic:
        axes.set_xscale("log")
        axes.set_xlim(low / 1.15, high * 1.15)
        ticks = page.plain_ticks(low / 1.15, high * 1.15)
        axes.set_xticks(ticks, [f"{tick:,g}" for tick in ticks])
        axes.minorticks_off()
    else:
        axes.set_xlim(min(low, 0), high * 1.06)
