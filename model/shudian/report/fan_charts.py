"""Fan charts: firms, output, jobs and fiscal cost to 2030, with the figures that were reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import Figure as Reported
from shudian.kinds import InputError, Language
from shudian.quantities import FIRST_YEAR
from shudian.report import page
from shudian.report.captions import basis_line, joined, marked
from shudian.report.numbers import significant
from shudian.report.results import Outcome
from shudian.report.strings import say, wrap
from shudian.report.verdicts import YEAR, Verdicts
from shudian.units import conversion, unit_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KEY_PACKAGES = ("no_policy", "baseline", "zhengzhou_2025")
"""Shown by default; a run without them shows the first ones it has."""
YEARS = (2023, 2025, 2027, 2029)


@dataclass(frozen=True, slots=True)
class Path:
    """A row of fan charts: the variable, how it is shown, and which reported figures measure the same thing."""

    name: str
    variable: str
    unit: str
    reported: tuple[tuple[str, str], ...]
    """(indicator, definition) of figures that count what the variable counts."""


PATHS = (
    Path("firms", "registered_firms", "家", (("firms", "registered_firms"),)),
    Path("output", "local_output", "亿元/年", (("market", "local_output"),)),
    Path("heads", "head_count", "人", (("workers", "heads"),)),
    Path("cost", "cumulative_fiscal_cost", "亿元", ()),
)


@dataclass(frozen=True, slots=True)
class Point:
    """A reported figure on the chart: the middle of its period, its bounds, and all identifiers that say the same."""

    year: float
    low: float
    high: float
    bound: str
    identifiers: tuple[str, ...]


def draw_paths(
    outcomes: Sequence[Outcome], verdicts: Verdicts, reported: Sequence[Reported], language: Language
) -> Figure:
    """A row for each quantity, a column for each key package; the reference's median is repeated in each."""
    shown = key_outcomes(outcomes, verdicts.reference)
    reference = next(o for o in outcomes if o.scenario.name == verdicts.reference)
    points = {path.name: reported_points(path, reported) for path in PATHS}
    cited = sorted({identifier for found in points.values() for point in found for identifier in point.identifiers})
    footer = [say("figure_bands", language)]
    footer[0] += ("" if language == "zh" else " ") + say(
        "figure_reference_line", language, title=reference.scenario.title.text(language), year=YEAR
    )
    if cited:
        footer.append(say("figure_reported", language))
        footer.append(say("figure_sources", language, sources=joined(cited, language, "、", ", ")))
    subtitle = marked(say("figure_paths_title", language), verdicts, language)
    frame = page.Frame(_headline(verdicts, shown, language), subtitle, (*footer, basis_line(verdicts, language)))
    width, body = 0.75 + 2.9 * len(shown) + 0.2, 1.75 * len(PATHS) + 0.45
    figure, bottom = page.page(frame, width, body)
    height = figure.get_size_inches()[1]
    for row, path in enumerate(PATHS):
        fans = [_fan(outcome, path) for outcome in shown]
        top = 1.05 * max([*(float(fan.max()) for fan in fans), *(p.high for p in points[path.name])])
        for column, (outcome, fan) in enumerate(zip(shown, fans, strict=True)):
            lower = bottom + (0.3 + 1.75 * (len(PATHS) - 1 - row)) / height
            axes = figure.add_axes(((0.75 + 2.9 * column) / width, lower, 2.7 / width, 1.35 / height))
            _draw_fan(axes, outcome.months, fan, None if outcome is reference else _fan(reference, path)[:, 2])
            _draw_points(axes, points[path.name], labelled=column == 0)
            _finish(axes, top, first=column == 0, last=row == len(PATHS) - 1)
            if column == 0:
                unit = unit_label(path.unit, language)
                axes.set_title(say(f"axis_{path.name}", language, unit=unit), size=9.5, loc="left", pad=4)
            if row == 0:
                name = wrap(outcome.scenario.title.text(language), 34, most=2)
                axes.text(0, 1.24, name, transform=axes.transAxes, size=10.5, va="bottom", color=page.DARK)
    return figure


def key_outcomes(outcomes: Sequence[Outcome], reference: str) -> list[Outcome]:
    """Up to three outcomes to show at length: the usual three, or the reference and the first others."""
    usual = [o for o in outcomes if o.scenario.name in KEY_PACKAGES]
    if len(usual) == len(KEY_PACKAGES):
        return sorted(usual, key=lambda outcome: KEY_PACKAGES.index(outcome.scenario.name))
    others = [o for o in outcomes if o.scenario.name != reference]
    return [o for o in outcomes if o.scenario.name == reference] + others[:2]


def reported_points(path: Path, reported: Sequence[Reported]) -> list[Point]:
    """The calibration figures for Zhengzhou that count what `path` shows; equal ones become one point."""
    found: dict[tuple[float, float, float, str], list[str]] = {}
    for figure in reported:
        wanted = (figure.indicator, figure.definition) in path.reported and figure.role == "calibration"
        if not wanted or figure.geography != "zhengzhou" or not figure.period_start or not figure.period_end:
            continue
        bounds = [value for value in (figure.low, figure.value, figure.high) if value is not None]
        if not bounds:
            continue
        start, end = (np.datetime64(day[:10], "D") for day in (figure.period_start, figure.period_end))
        try:
            factor = _per_year(figure.unit, path.unit, int((end - start).astype(int)) + 1)
        except InputError:
            continue
        key = (_decimal_year(start + (end - start) // 2), min(bounds) * factor, max(bounds) * factor, figure.bound)
        found.setdefault(key, []).append(figure.identifier)
    return [Point(*key, tuple(identifiers)) for key, identifiers in found.items()]


def _per_year(unit: str, shown: str, days: int) -> float:
    # a total over a period is shown as the yearly rate that it means
    if shown.endswith("/年") and "/" not in unit:
        return conversion(unit, shown.removesuffix("/年")) * 365 / days
    return conversion(unit, shown)


def _decimal_year(day: np.datetime64) -> float:
    year = day.astype("datetime64[Y]")
    return float(year.astype(int) + 1970 + (day - year.astype("datetime64[D]")).astype(int) / 365.25)


def _fan(outcome: Outcome, path: Path) -> NDArray[np.float64]:
    position = outcome.index(path.variable)
    fan: NDArray[np.float64] = outcome.quantiles[position] * conversion(outcome.variables[position].unit, path.unit)
    return fan


def _draw_fan(
    axes: Axes, months: NDArray[np.datetime64], fan: NDArray[np.float64], reference: NDArray[np.float64] | None
) -> None:
    years = FIRST_YEAR + np.arange(len(months)) / 12
    axes.fill_between(years, fan[:, 0], fan[:, 4], color=page.LIGHT, linewidth=0)
    axes.fill_between(years, fan[:, 1], fan[:, 3], color=page.MIDDLE, linewidth=0)
    axes.plot(years, fan[:, 2], color=page.DARK, linewidth=1.8)
    if reference is not None:
        axes.plot(years, reference, color=page.INK, linewidth=1, linestyle=(0, (4, 2)))


def _draw_points(axes: Axes, points: Sequence[Point], labelled: bool) -> None:
    markers = {"at_least": "^", "at_most": "v"}
    for point in points:
        axes.plot([point.year] * 2, [point.low, point.high], color=page.SIGNAL, linewidth=1.5, zorder=4)
        axes.plot(
            point.year, (point.low + point.high) / 2, markers.get(point.bound, "o"),
            color=page.SIGNAL, markeredgecolor="white", markeredgewidth=0.6, markersize=5.5, zorder=5,
        )  # fmt: skip
    if labelled:
        _label_points(axes, points)


def _label_points(axes: Axes, points: Sequence[Point]) -> None:
    # labels stand in a column above the data's left, in the points' order, so that they cannot cover each other
    ordered = sorted(points, key=lambda point: (point.year, point.low))
    for position, point in enumerate(ordered):
        first, *more = point.identifiers
        axes.annotate(
            first + (f"+{len(more)}" if more else ""),
            xy=(point.year, point.high),
            xytext=(0.03 + 0.13 * (position % 7), 0.9 - 0.13 * (position // 7)),
            textcoords="axes fraction",
            size=6.5,
            color=page.SIGNAL,
            arrowprops={"arrowstyle": "-", "color": page.SIGNAL, "linewidth": 0.4, "shrinkA": 0, "shrinkB": 2},
        )


def _finish(axes: Axes, top: float, first: bool, last: bool) -> None:
    axes.set_xlim(FIRST_YEAR, 2031)
    axes.set_ylim(0, top or 1)
    axes.set_xticks(YEARS, [str(year) if last else "" for year in YEARS])
    axes.locator_params(axis="y", nbins=4)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.axvline(YEAR + 1, color=page.HAIRLINE, linewidth=0.8, zorder=0)
    axes.grid(axis="y", color="#ececec", linewidth=0.7)
    axes.set_axisbelow(True)
    page.quiet_ticks(axes, keep_left=first)
    axes.spines["left"].set_visible(False)


def _headline(verdicts: Verdicts, shown: Sequence[Outcome], language: Language) -> str:
    rows = {row.scenario.name: row for row in verdicts.rows}
    compared = [rows[o.scenario.name] for o in shown if o.scenario.name != verdicts.reference]
    if not compared:
        return say("figure_paths_title", language)
    row = compared[-1]
    band = row.additional["jobs"]
    text = say(
        "figure_paths_finding",
        language,
        package=row.scenario.title.text(language),
        reference=rows[verdicts.reference].scenario.title.text(language),
        year=YEAR,
        median=significant(band.median, places=0),
        low=significant(band.low, places=0),
        high=significant(band.high, places=0),
    )
    return text + (say("figure_paths_sign", language) if band.low < 0 < band.high else "")
