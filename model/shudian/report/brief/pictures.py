"""The brief's two figures, drawn at the width at which they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shudian.analysis.results import LEVELS, Outcome
from shudian.analysis.verdicts import MEASURES, YEAR, Verdicts, read
from shudian.kinds import Language
from shudian.report.document import Figure as Told
from shudian.report.render import figure_page as page
from shudian.report.render.numbers import percent
from shudian.report.run.figures import draw_bars, draw_market
from shudian.report.words.captions import basis_line, label_inches, marked, row_height, row_titles
from shudian.units import conversion, reader_unit
from shudian.wording import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 7.1
"""Inches; the width of the text on the page."""
PANELS = ("output", "jobs", "cost")


def write_pictures(
    outcomes: Sequence[Outcome], verdicts: Verdicts, folder: Path, language: Language
) -> dict[str, Told]:
    """Draw both figures into `folder`, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    span = (WIDTH - label_inches(row_titles(verdicts, language)) - 0.4) / len(verdicts.market.definitions)
    found = {}
    with page.style():
        drawn = {
            "market": draw_market(outcomes, verdicts, language, span, noted=False),
            "gain": draw_gain(outcomes, verdicts, language),
        }
        for number, (name, figure) in enumerate(drawn.items(), 1):
            png, _ = page.save(figure, folder / f"{number}_{name}_{language}.png")
            caption = say(f"brief_figure_{name}", language, year=verdicts.market.year)
            # no title of a stranger's package stands in an attribute
            found[name] = Told(png, caption, caption)
    return found


def draw_gain(outcomes: Sequence[Outcome], verdicts: Verdicts, language: Language) -> Figure:
    """What each package adds to the reference and what it pays: a panel for each, a row for each package."""
    runs, references = {outcome.scenario.name: outcome for outcome in outcomes}, verdicts.pairing.references
    shown = [outcome for outcome in outcomes if references[outcome.scenario.name] != outcome.scenario.name]
    bases = [runs[references[outcome.scenario.name]] for outcome in shown]
    by_name = dict(zip([row.scenario.name for row in verdicts.rows], row_titles(verdicts, language), strict=True))
    titles = [by_name[outcome.scenario.name] for outcome in shown]
    measures = [measure for name in PANELS for measure in MEASURES if measure.name == name]
    bands = {
        measure.name: np.array([
            np.quantile(read(outcome, measure) - (0 if measure.name == "cost" else read(base, measure)), LEVELS)
            for outcome, base in zip(shown, bases, strict=True)
        ])
        for measure in measures
    }  # fmt: skip
    name = verdicts.row(verdicts.reference).scenario.title.text(language)
    subtitle = marked(say("brief_gain_subtitle", language, reference=name, year=YEAR), verdicts, language)
    frame = page.Frame(
        _headline(shown, bases, language), subtitle,
        (say("figure_bands", language), say("below_gross", language), basis_line(verdicts, language)),
    )  # fmt: skip
    left, rows = label_inches(titles), row_height(titles) * len(titles) + 0.1
    figure, bottom = page.page(frame, WIDTH, rows + 0.62)
    across, height = figure.get_size_inches()
    span = (across - left - 0.25) / len(measures)
    for column, measure in enumerate(measures):
        place = ((left + column * span) / across, bottom + 0.3 / height, (span - 0.3) / across, rows / height)
        axes = figure.add_axes(place)
        draw_bars(axes, bands[measure.name] * conversion(measure.unit, reader_unit(measure.unit, language)))
        axes.axvline(0, color=page.QUIET, linewidth=0.8, zorder=0)
        axes.set_ylim(-0.6, len(titles) - 0.4)
        axes.set_yticks(page.row_positions(len(titles)), titles if column == 0 else [""] * len(titles))
        page.quiet_ticks(axes, keep_left=column == 0)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", labelcolor=page.INK)
        axes.locator_params(axis="x", nbins=3)
        axes.xaxis.set_major_formatter(lambda value, _position: f"{value:,g}".replace("-", "−"))
        axes.set_title(say(f"brief_panel_{measure.name}", language, year=YEAR), size=9, loc="left", pad=4)
    return figure


def _headline(shown: Sequence[Outcome], bases: Sequence[Outcome], language: Language) -> str:
    jobs = next(measure for measure in MEASURES if measure.name == "jobs")
    chances = [float((read(o, jobs) <= read(base, jobs)).mean()) for o, base in zip(shown, bases, strict=True)]
    low, high = (percent(chance, shown[0].draws) for chance in (min(chances), max(chances)))
    return say("brief_gain_headline", language, chance=low if low == high else f"{low} – {high}")
