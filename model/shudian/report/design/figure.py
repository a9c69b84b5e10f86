"""The figure of a design: what each mix costs and how likely it reaches the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shudian.analysis.design import Design, Found
from shudian.kinds import Language
from shudian.report.design.words import basis, short_headline, target_text
from shudian.report.render import figure_page as page
from shudian.report.words.captions import money_scale
from shudian.wording import say, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure
    from matplotlib.patheffects import AbstractPathEffect

_WIDTH, _BODY = 8.6, 4.6
_SMALL, _LARGE = 15.0, 110.0
"""Areas of the least and the greatest dot, square points."""


def draw(found: Design, language: Language) -> Figure:
    """Cost against probability: the front, the designed mixes with their optimism, the shipped packages."""
    meaning = say("design_figure_subtitle", language, meaning=found.problem.goal.meaning.text(language))
    frame = page.Frame(short_headline(found, language), meaning, tuple(_footer(found, language)))
    figure, bottom = page.page(frame, _WIDTH, _BODY)
    height = figure.get_size_inches()[1]
    axes = figure.add_axes((0.75 / _WIDTH, bottom + 0.6 / height, (_WIDTH - 2.2) / _WIDTH, (_BODY - 0.85) / height))
    _front(figure, axes, found, language)
    _packages(axes, found, language)
    _designed(axes, found, language)
    _frame(axes, found, language)
    return figure


def _front(figure: Figure, axes: Axes, found: Design, language: Language) -> None:
    import matplotlib as mpl

    mixes = [*found.front, *found.designed]
    jobs = np.array([f.fresh.jobs.median for f in mixes])
    quality = np.array([f.fresh.quality.median for f in mixes])
    low, high = float(quality.min()), float(quality.max())
    areas = _SMALL + (_LARGE - _SMALL) * (quality - low) / max(high - low, 1e-9)
    colours: Colormap = mpl.colormaps["viridis_r"]
    drawn = axes.scatter(
        [f.fresh.cost.median for f in found.front], [f.fresh.probability for f in found.front],
        s=areas[: len(found.front)], c=jobs[: len(found.front)], cmap=colours, vmin=jobs.min(), vmax=jobs.max(),
        edgecolors="white", linewidths=0.5, zorder=2,
    )  # fmt: skip
    inches = figure.get_size_inches()
    place = axes.get_position()
    bar = figure.add_axes((1 - 1.25 / inches[0], place.y0, 0.12 / inches[0], place.height * 0.55))
    figure.colorbar(drawn, cax=bar)
    bar.set_title(say("design_figure_jobs", language), fontsize=8, loc="left", color=page.QUIET)
    bar.tick_params(length=0, labelsize=8)
    for spine in bar.spines.values():
        spine.set_visible(False)
    sizes = [low, high]
    handles = [
        axes.scatter([], [], s=area, color=page.QUIET, label=f"{value:z.0f}")
        for value, area in zip(sizes, (_SMALL, _LARGE), strict=True)
    ]
    legend = axes.legend(
        handles=handles, title=say("design_figure_quality", language), loc="upper left", bbox_to_anchor=(1.02, 1.02),
        frameon=False, fontsize=8, title_fontsize=8, alignment="left",
    )  # fmt: skip
    legend.get_title().set_color(page.QUIET)


def _packages(axes: Axes, found: Design, language: Language) -> None:
    shown = [found.base, *found.packages]
    # names of all would lie on each other; the spreadsheet has them
    named = {found.base.scenario.name: "top"}
    if found.packages:
        named[max(found.packages, key=lambda f: f.fresh.probability).scenario.name] = "center"
        named[min(found.packages, key=lambda f: f.fresh.cost.median).scenario.name] = "top"
    for f in shown:
        x, y = f.fresh.cost.median, f.fresh.probability
        face = page.INK if f.kept_word else "white"
        axes.plot(x, y, "D" if f.kind == "base" else "s", ms=5, mfc=face, mec=page.INK, mew=0.9, zorder=3)
        if side := named.get(f.scenario.name):
            left = x > axes.get_xlim()[1] / 2
            axes.annotate(
                wrap(f.scenario.title.text(language), 36, most=1), (x, y),
                (-7 if left else 7, -5 if side == "top" else 0),
                ha="right" if left else "left",
                textcoords="offset points", fontsize=7, color=page.INK, va=side, path_effects=_halo(), zorder=2.5,
            )  # fmt: skip


def _designed(axes: Axes, found: Design, language: Language) -> None:
    for number, f in enumerate(found.designed):
        x, y = f.fresh.cost.median, f.fresh.probability
        axes.errorbar(x, y, 2 * f.fresh.gain_error, color=page.SIGNAL, lw=1, capsize=2, zorder=4)
        axes.plot(x, y, "*", ms=15 if number == 0 else 10, mfc=page.SIGNAL, mec="white", mew=0.7, zorder=6)
        # where the search itself believed the mix to be
        axes.plot(f.search.cost, f.search.probability, "x", ms=6, color=page.SIGNAL, zorder=5)
        axes.plot([x, f.search.cost], [y, f.search.probability], ":", color=page.SIGNAL, lw=1, zorder=4)
    best: Found = found.best
    left = best.fresh.cost.median > axes.get_xlim()[1] / 2
    axes.annotate(
        best.scenario.title.text(language), (best.fresh.cost.median, best.fresh.probability), (-9 if left else 9, 9),
        textcoords="offset points", fontsize=8.5, color=page.SIGNAL, path_effects=_halo(), zorder=7,
        ha="right" if left else "left",
    )  # fmt: skip


def _halo() -> list[AbstractPathEffect]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground="white")]


def _frame(axes: Axes, found: Design, language: Language) -> None:
    goal = found.problem.goal
    shares = [f.fresh.probability for f in (*found.front, *found.designed, *found.packages, found.base)]
    shares += [f.search.probability for f in found.designed]
    reach = max(shares) - min(shares)
    low, high = min(shares) - 0.12 * reach - 0.01, max(shares) + 0.15 * reach + 0.01
    if low < goal.probability < high + 0.5 * reach:
        high = max(high, goal.probability + 0.02)
        axes.axhline(goal.probability, color=page.QUIET, lw=0.8, ls="--", zorder=1)
        axes.text(
            1.0, goal.probability, say("design_figure_wanted", language, wanted=f"{goal.probability * 100:g}%"),
            transform=axes.get_yaxis_transform(), ha="right", va="bottom", fontsize=7.5, color=page.QUIET,
        )  # fmt: skip
    if goal.budget is not None:
        axes.axvline(goal.budget, color=page.QUIET, lw=0.8, ls="--", zorder=1)
        axes.text(
            goal.budget, 0.99, say("design_figure_budget", language), transform=axes.get_xaxis_transform(),
            ha="right", va="top", rotation=90, fontsize=7.5, color=page.QUIET,
        )  # fmt: skip
    axes.set_ylim(max(low, -0.002), min(high, 1.005))
    axes.set_xlim(left=0)
    scale = money_scale(language)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value * scale:,g}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{round(value * 100, 1):g}%")
    axes.grid(axis="y", color=page.HAIRLINE, lw=0.4, zorder=0)
    axes.tick_params(length=0)
    axes.set_xlabel(say("design_figure_cost", language, year=goal.year))
    axes.set_title(
        say("design_figure_chance", language, target=target_text(goal, language)),
        loc="left",
        fontsize=9,
        color=page.QUIET,
    )


def _footer(found: Design, language: Language) -> list[str]:
    kept, every = found.unlearned
    lines = [
        say("design_figure_marks", language),
        say("design_prior_short", language, kept=kept, all=every),
    ]
    if found.above or found.silent:
        levers = [*(known.lever for known in found.above), *found.silent]
        named = ("、" if language == "zh" else ", ").join(p.label.text(language) for p in levers)
        lines.append(say("design_outside_short", language, levers=named))
    if evidence := found.problem.goal.evidence:
        named = ("、" if language == "zh" else ", ").join(evidence)
        lines.append(say("figure_sources", language, sources=named))
    return [*lines, basis(found, language)]
