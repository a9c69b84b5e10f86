"""Fan charts: firms, output, jobs and fiscal cost to 2030, with the figures that were reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.results import Outcome
from shudian.analysis.verdicts import YEAR, Verdicts
from shudian.kinds import Figure as Reported
from shudian.kinds import InputError, Language
from shudian.quantities import FIRST_YEAR
from shudian.report.render import figure_page as page
from shudian.report.render.numbers import significant
from shudian.report.words.captions import basis_line, joined, marked
from shudian.report.words.cautions import caution_lines, cautions
from shudian.units import conversion, unit_label
from shudian.wording import say, width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KEY_PACKAGES = ("no_policy", "zhengzhou_2025", "hangzhou_mode", "shenzhen_mode")
"""Shown where a run has them all; otherwise the run without policy, the package asked for and the first others."""
LAST_YEAR = 2031
"""The end of the horizon; on a logarithmic axis the years with reports stay readable beside it."""
_SAME_TO_THE_EYE = 0.03
_COLUMN = 0.0175
"""Share of a chart's width that one column of a point's label takes."""


@dataclass(frozen=True, slots=True)
class Path:
    """A row of fan charts: the variable, how it is shown, and which reported figures measure the same thing."""

    name: str
    variable: str
    unit: str
    reported: tuple[tuple[str, str], ...]
    """(indicator, definition) of figures that count what the variable counts."""
    logarithmic: bool = True
    beside: str = ""
    """Variable whose median is drawn as a thin line, because it is easily confused with this one."""


PATHS = (
    Path("firms", "registered_firms", "家", (("firms", "registered_firms"),), beside="active_firms"),
    Path("output", "local_output", "亿元/年", (("market", "local_output"),)),
    Path("allocated", "allocated_market", "亿元/年", (("market", "allocated_market"),)),
    Path("heads", "head_count", "人", (("workers", "heads"),)),
    Path("cost", "cumulative_fiscal_cost", "亿元", (), logarithmic=False),
)


@dataclass(frozen=True, slots=True)
class Point:
    """A reported figure on the chart: the middle of its period, its bounds, and all figures that say the same."""

    year: float
    low: float
    high: float
    bound: str
    figures: tuple[Reported, ...]


def draw_paths(
    outcomes: Sequence[Outcome], verdicts: Verdicts, reported: Sequence[Reported], language: Language
) -> Figure:
    """A row for each quantity, a column for each key package; the reference's median is repeated where it differs."""
    shown = key_outcomes(outcomes, verdicts)
    reference = next(o for o in outcomes if o.scenario.name == verdicts.reference)
    points = {path.name: reported_points(path, reported) for path in PATHS}
    frame = page.Frame(
        _headline(verdicts, language),
        marked(say("figure_paths_title", language), verdicts, language),
        _footer(points, reference, verdicts, language),
    )
    names = [wrap(outcome.scenario.title.text(language), 34, most=6) for outcome in shown]
    most = max(name.count("\n") for name in names)
    across, body = 0.75 + 2.9 * len(shown) + 0.2, 1.85 * len(PATHS) + 0.45 + 0.18 * most
    figure, bottom = page.page(frame, across, body)
    height = figure.get_size_inches()[1]
    for row, path in enumerate(PATHS):
        fans = [_fan(outcome, path.variable, path.unit) for outcome in shown]
        limits = _limits(path, [*fans, *(_beside(outcome, path)[:, None] for outcome in shown)], points[path.name])
        base = _fan(reference, path.variable, path.unit)[:, 2]
        for column, (outcome, fan) in enumerate(zip(shown, fans, strict=True)):
            lower = bottom + (0.3 + 1.85 * (len(PATHS) - 1 - row)) / height
            axes = figure.add_axes(((0.75 + 2.9 * column) / across, lower, 2.7 / across, 1.45 / height))
            _draw_fan(axes, fan, base if _differ(base, fan[:, 2], limits[1]) else None)
            if path.beside:
                line = _beside(outcome, path)
                share = round(float(np.median(line / fan[:, 2])) * 100, -1)
                said = say(f"line_{path.beside}", language, share=f"{share:z.0f}")
                _draw_beside(axes, line, said if column == 0 else "")
            _draw_points(axes, points[path.name], path, language, labelled=column == 0)
            _finish(axes, path, limits, first=column == 0, last=row == len(PATHS) - 1)
            if column == 0:
                unit = unit_label(path.unit, language)
                axes.set_title(say(f"axis_{path.name}", language, unit=unit), size=9.5, loc="left", pad=4)
            if row == 0:
                axes.text(0, 1.2, names[column], transform=axes.transAxes, size=10.5, va="baseline", color=page.DARK)
    return figure


def key_outcomes(outcomes: Sequence[Outcome], verdicts: Verdicts) -> list[Outcome]:
    """Up to four outcomes to show at length, none of which looks like one before it."""
    runs = {outcome.scenario.name: outcome for outcome in outcomes}
    usual = verdicts.pairing.asked == "zhengzhou_2025" and set(KEY_PACKAGES) <= runs.keys()
    names = KEY_PACKAGES if usual else dict.fromkeys([verdicts.reference, verdicts.pairing.asked, *runs])
    tops = [max(float(_fan(o, path.variable, path.unit)[:, 2].max()) for o in outcomes) for path in PATHS]
    shown: list[Outcome] = []
    for name in names:
        if all(_look_different(runs[name], before, tops) for before in shown):
            shown.append(runs[name])
    return shown[: len(KEY_PACKAGES)]


def _look_different(one: Outcome, other: Outcome, tops: Sequence[float]) -> bool:
    return any(
        _differ(_fan(one, path.variable, path.unit)[:, 2], _fan(other, path.variable, path.unit)[:, 2], top)
        for path, top in zip(PATHS, tops, strict=True)
    )


def _differ(one: NDArray[np.float64], other: NDArray[np.float64], top: float) -> bool:
    return bool(np.abs(one - other).max() > _SAME_TO_THE_EYE * top)


def reported_points(path: Path, reported: Sequence[Reported]) -> list[Point]:
    """The calibration figures for Zhengzhou that count what `path` shows; equal ones become one point.

    A total over a period is shown as the yearly rate that it means; where the period is ambiguous, the point spans
    the rates of all periods that it may mean.
    """
    found: dict[tuple[float, float, float, str], list[Reported]] = {}
    for figure in reported:
        wanted = (figure.indicator, figure.definition) in path.reported and figure.role == "calibration"
        if not wanted or figure.geography != "zhengzhou" or not figure.period_start or not figure.period_end:
            continue
        bounds = [value for value in (figure.low, figure.value, figure.high) if value is not None]
        if not bounds:
            continue
        periods = figure.period_alternatives or ((figure.period_start, figure.period_end),)
        spans = [tuple(np.datetime64(day[:10], "D") for day in period) for period in periods]
        try:
            factors = [_per_year(figure.unit, path.unit, int((end - start).astype(int)) + 1) for start, end in spans]
        except InputError:
            continue
        start, end = spans[0]
        middle = _decimal_year(start + (end - start) // 2)
        key = (middle, min(bounds) * min(factors), max(bounds) * max(factors), figure.bound)
        found.setdefault(key, []).append(figure)
    return [Point(*key, tuple(figures)) for key, figures in found.items()]


def _per_year(unit: str, shown: str, days: int) -> float:
    if shown.endswith("/年") and "/" not in unit:
        return conversion(unit, shown.removesuffix("/年")) * 365 / days
    return conversion(unit, shown)


def _decimal_year(day: np.datetime64) -> float:
    year = day.astype("datetime64[Y]")
    return float(year.astype(int) + 1970 + (day - year.astype("datetime64[D]")).astype(int) / 365.25)


def _fan(outcome: Outcome, variable: str, unit: str) -> NDArray[np.float64]:
    position = outcome.index(variable)
    months = (LAST_YEAR - FIRST_YEAR) * 12 + 1
    factor = conversion(outcome.variables[position].unit, unit)
    fan: NDArray[np.float64] = outcome.quantiles[position, :months] * factor
    return fan


def _beside(outcome: Outcome, path: Path) -> NDArray[np.float64]:
    return _fan(outcome, path.beside or path.variable, path.unit)[:, 2]


def _limits(path: Path, fans: Sequence[NDArray[np.float64]], points: Sequence[Point]) -> tuple[float, float]:
    """Least and greatest value of a row of charts, with room for the labels of its points above."""
    top = max([*(float(fan.max()) for fan in fans), *(point.high for point in points)]) or 1.0
    if not path.logarithmic:
        return 0.0, 1.05 * top
    bottom = min([*(float(fan.min()) for fan in fans), *(point.low for point in points)])
    return max(bottom, top / 1000) / 1.15, top * 1.5


def _draw_fan(axes: Axes, fan: NDArray[np.float64], reference: NDArray[np.float64] | None) -> None:
    years = _years(len(fan))
    axes.fill_between(years, fan[:, 0], fan[:, 4], color=page.LIGHT, linewidth=0)
    axes.fill_between(years, fan[:, 1], fan[:, 3], color=page.MIDDLE, linewidth=0)
    axes.plot(years, fan[:, 2], color=page.DARK, linewidth=1.8)
    if reference is not None:
        axes.plot(years, reference, color="white", linewidth=2.6)
        axes.plot(years, reference, color=page.INK, linewidth=1.2, linestyle=(0, (3, 2)))


def _draw_beside(axes: Axes, line: NDArray[np.float64], label: str) -> None:
    years = _years(len(line))
    axes.plot(years, line, color=page.DARK, linewidth=1, linestyle=(0, (1, 1)))
    if label:
        axes.text(0.99, 0.03, label, transform=axes.transAxes, size=7, color=page.DARK, ha="right", va="bottom")


def _years(count: int) -> NDArray[np.float64]:
    return FIRST_YEAR + np.arange(count) / 12


def _draw_points(axes: Axes, points: Sequence[Point], path: Path, language: Language, labelled: bool) -> None:
    markers = {"at_least": "^", "at_most": "v"}
    for point in points:
        axes.plot([point.year] * 2, [point.low, point.high], color=page.SIGNAL, linewidth=1.8, zorder=4)
        axes.plot(
            point.year, (point.low + point.high) / 2, markers.get(point.bound, "o"),
            color=page.SIGNAL, markeredgecolor="white", markeredgewidth=0.6, markersize=4.5, zorder=5,
        )  # fmt: skip
    if not labelled:
        return
    # labels stand in rows above the data's left, in the points' order, so that they cannot cover each other
    across, down = 0.02, 0.9
    for point in sorted(points, key=lambda point: (point.year, point.low)):
        text = _said(point, path, language)
        taken = width(text) * _COLUMN
        if across + taken > 1:
            across, down = 0.02, down - 0.1
        axes.annotate(
            text,
            xy=(point.year, point.high),
            xytext=(across, down),
            textcoords="axes fraction",
            size=6.5,
            color=page.SIGNAL,
            arrowprops={"arrowstyle": "-", "color": page.SIGNAL, "linewidth": 0.4, "shrinkA": 0, "shrinkB": 2},
        )
        across += taken + 0.04


def _said(point: Point, path: Path, language: Language) -> str:
    """What was printed, or the number where that is long or in the other language."""
    figure = point.figures[0]
    text = figure.phrase
    if language == "en" or text.isascii() or width(text) > 16:
        unit = path.unit.removesuffix("/年")
        value = figure.value if figure.value is not None else (figure.low or 0.0)
        text = f"{value * conversion(figure.unit, unit):,g}" + (unit_label(unit, "zh") if language == "zh" else "")
    return say("point_ambiguous", language, text=text) if figure.period_alternatives else text


def _finish(axes: Axes, path: Path, limits: tuple[float, float], first: bool, last: bool) -> None:
    axes.set_xlim(FIRST_YEAR, LAST_YEAR)
    if path.logarithmic:
        axes.set_yscale("log")
        axes.set_ylim(*limits)
        ticks = page.plain_ticks(*limits)
        axes.set_yticks(ticks, [f"{tick:,g}" for tick in ticks])
        axes.minorticks_off()
    else:
        axes.set_ylim(*limits)
        axes.locator_params(axis="y", nbins=4)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    years = range(FIRST_YEAR, LAST_YEAR)
    axes.set_xticks([year + 0.5 for year in years], [str(year) if last else "" for year in years])
    axes.set_xticks(years, minor=True)
    axes.grid(axis="x", which="minor", color="#ececec", linewidth=0.7)
    axes.grid(axis="y", color="#ececec", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(which="minor", length=0)
    page.quiet_ticks(axes, keep_left=first)
    axes.spines["left"].set_visible(False)


def _footer(
    points: dict[str, list[Point]], reference: Outcome, verdicts: Verdicts, language: Language
) -> tuple[str, ...]:
    title = reference.scenario.title.text(language)
    lines = [say("figure_bands", language), say("figure_reference_line", language, title=title)]
    lines = [joined(lines, language, "", " ")]
    cited = sorted({figure.identifier for found in points.values() for point in found for figure in point.figures})
    if cited:
        lines.append(say("figure_reported", language))
        lines.append(say("figure_sources", language, sources=joined(cited, language, "、", ", ")))
    return (*lines, *caution_lines(cautions(verdicts), language), basis_line(verdicts, language))


def _headline(verdicts: Verdicts, language: Language) -> str:
    asked, reference = verdicts.pairing.asked, verdicts.reference
    if asked == reference:
        return say("figure_paths_title", language)
    row = verdicts.row(asked)
    band = row.additional["jobs"]
    text = say(
        "figure_paths_finding",
        language,
        package=row.scenario.title.text(language),
        reference=verdicts.row(reference).scenario.title.text(language),
        year=YEAR,
        median=significant(band.median, places=0),
        low=significant(band.low, places=0),
        high=significant(band.high, places=0),
    )
    return text + (say("figure_paths_sign", language) if band.low < 0 < band.high else "")
