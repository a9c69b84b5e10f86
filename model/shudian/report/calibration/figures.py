"""The figures of the calibration report, each titled with its finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shudian.answers.calibration.conflicts import DOUBTFUL, FAMILIES
from shudian.answers.calibration.moves import NOISE
from shudian.answers.calibration.questions import chance
from shudian.answers.calibration.view import MATRIX, NO_POLICY, View
from shudian.calibrate.target import HISTORY
from shudian.kinds import Language
from shudian.observe.comparison import Comparison
from shudian.report.calibration.tables import phrase_text, unit_text
from shudian.report.calibration.words import basis, headline
from shudian.report.document import Figure as Told
from shudian.report.render import figure_page as page
from shudian.report.render.cells import in_percent, signed
from shudian.report.render.numbers import significant
from shudian.report.words.captions import joined, label_inches
from shudian.units import unit_label
from shudian.wording import say, short, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 9.6
TOPICS = ("market", "firms", "workers", "titles", "national")
_LEARNED, _MOVED = 24, 15
_LARGEST = 8.0
"""The chart of reports ends at this many times the printed value."""


def write_figures(view: View, folder: Path, language: Language) -> dict[str, Told]:
    """Draw every figure into `folder`, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn: dict[str, Callable[[View, Language], Figure]] = {
        "targets": draw_targets, "reports": draw_reports, "learning": draw_learning, "correlations": draw_matrix,
    }  # fmt: skip
    if view.moves:
        drawn["moves"] = draw_moves
    found = {}
    with page.style():
        for name, draw in drawn.items():
            figure = draw(view, language)
            found[name] = Told(page.save(figure, folder / f"{name}_{language}")[0], page.told(figure, language))
    return found


def _framed(
    view: View, language: Language, title: str, subtitle: str, notes: Sequence[str], rows: float, labels: Sequence[str]
) -> tuple[Figure, Axes, float]:
    """A page with one axes whose row labels stand on the left; returns also the axes' left edge in inches."""
    frame = page.Frame(title, subtitle, (*notes, basis(view, language)))
    figure, bottom = page.page(frame, WIDTH, rows)
    height = figure.get_size_inches()[1]
    left = min(label_inches(list(labels)), 4.6)
    axes = figure.add_axes((left / WIDTH, bottom + 0.45 / height, (WIDTH - left - 2.0) / WIDTH, (rows - 0.65) / height))
    return figure, axes, left


def _beside(axes: Axes, y: float, text: str, strong: bool = False) -> None:
    axes.annotate(
        text, (1.02, y), xycoords=("axes fraction", "data"), va="center", size=8,
        color=page.SIGNAL if strong else page.INK, annotation_clip=False,
    )  # fmt: skip


def draw_targets(view: View, language: Language) -> Figure:
    """Probability of each target under each definition: prior, posterior, posterior without policy."""
    asked = [answer for answer in view.asked(HISTORY) if answer.question.threshold is not None]
    without = {answer.question.key: answer for answer in view.asked(NO_POLICY)}
    labels = []
    for answer in asked:
        definition = short(answer.question.definition.text(language)) if answer.question.definition else ""
        labels.append(wrap(joined([answer.question.label.text(language), definition], language, "：", ": "), 44))
    figure, axes, _ = _framed(
        view, language, headline(view, language), say("calibration_figure_targets", language), (),
        0.5 * len(asked) + 0.9, [line for label in labels for line in label.split("\n")],
    )  # fmt: skip
    for y, answer in zip(page.row_positions(len(asked)), asked, strict=True):
        before, after = (100 * chance(values, answer.question) for values in (answer.prior, answer.posterior))
        bare = 100 * chance(without[answer.question.key].posterior, answer.question)
        axes.plot([before, after], [y, y], color=page.HAIRLINE, lw=2, zorder=1)
        axes.plot(before, y, "o", ms=8, mfc="white", mec=page.MIDDLE, mew=1.6)
        axes.plot(after, y, "o", ms=9, color=page.DARK)
        axes.plot(bare, y, "|", ms=16, mew=2, color=page.SIGNAL)
        _beside(axes, y, f"{in_percent(before / 100)} → {in_percent(after / 100)}")
    axes.set_xlim(-3, 103)
    axes.set_ylim(-0.6, len(asked) - 0.4)
    axes.set_xticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
    axes.set_yticks(list(page.row_positions(len(asked))), labels)
    axes.grid(axis="x", color=page.HAIRLINE, lw=0.4)
    page.quiet_ticks(axes, keep_left=True)
    axes.legend(
        handles=_keys([("o", page.MIDDLE, False), ("o", page.DARK, True), ("|", page.SIGNAL, True)]),
        labels=[say(f"calibration_key_{key}", language) for key in ("prior", "posterior", "no_policy")],
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=8,
    )  # fmt: skip
    return figure


def _keys(marks: Sequence[tuple[str, str, bool]]) -> list[object]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], ls="", marker=marker, color=colour, mfc=colour if filled else "white", ms=8, mew=1.8)
        for marker, colour, filled in marks
    ]


def topic(comparison: Comparison) -> str:
    """Under which heading a report stands in the chart."""
    figure = comparison.figure
    if figure.geography == "china":
        return "national"
    family = FAMILIES.get(figure.indicator, figure.indicator)
    if family in ("market", "workers"):
        return family
    return "firms" if family.startswith("firms") else "titles"


def draw_reports(view: View, language: Language) -> Figure:
    """Every report: the model's interval as a multiple of what was printed."""
    rows: list[Comparison | str] = []
    for name in TOPICS:
        group = [c for c in view.comparisons if topic(c) == name]
        rows += [name, *group] if group else []
    outside = [f"{c.report.identifier} {_phrase(c, language)}" for c in view.comparisons if not c.inside()]
    title = say(
        "calibration_figure_reports_some" if outside else "calibration_figure_reports_all", language,
        inside=len(view.comparisons) - len(outside), all=len(view.comparisons),
        names=joined(outside, language, "、", ", "),
    )  # fmt: skip
    labels = [_report_label(row, language) for row in rows]
    notes = (say("calibration_figure_reports_note", language),)
    subtitle = say("calibration_figure_reports", language)
    figure, axes, _ = _framed(view, language, title, subtitle, notes, 0.235 * len(rows) + 0.9, labels)
    for y, row in zip(page.row_positions(len(rows)), rows, strict=True):
        if not isinstance(row, str):
            _draw_report(axes, y, row, language)
    axes.axvline(1, color=page.INK, lw=0.8, zorder=0)
    axes.set_xscale("log")
    axes.set_xlim(1 / _LARGEST, _LARGEST)
    ticks = [0.125, 0.25, 0.5, 1, 2, 4, 8]
    axes.set_xticks(ticks, [say("calibration_multiple", language, value=f"{tick:g}") for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_yticks(list(page.row_positions(len(rows))), labels)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontsize(8)
        if isinstance(row, str):
            label.set_color(page.DARK)
            label.set_fontsize(9.5)
    axes.grid(axis="x", color=page.HAIRLINE, lw=0.4)
    page.quiet_ticks(axes, keep_left=True)
    return figure


def _report_label(row: Comparison | str, language: Language) -> str:
    if isinstance(row, str):
        return say(f"calibration_topic_{row}", language)
    what = wrap(row.figure.label.text(language), 34, most=1)
    return f"{what}  {wrap(_phrase(row, language), 26, most=1)}  {row.report.identifier}"


def _phrase(row: Comparison, language: Language) -> str:
    """The printed words, or the number alone where the font lacks a character of them."""
    figure = row.figure
    phrase = phrase_text(figure)
    if all(ord(character) in _characters() for character in phrase) or figure.value is None:
        return phrase
    return _with_unit(significant(figure.value), unit_text(figure, row.report.rule.is_ratio, language), language)


@cache
def _characters() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(page.FONT).get_charmap())


def _draw_report(axes: Axes, y: float, row: Comparison, language: Language) -> None:
    printed = row.printed
    if printed is None:
        return
    low, high = printed
    finite = np.isfinite(high)
    middle = float(np.sqrt(low * high)) if finite and low > 0 else (high / 2 if finite else low)
    q = np.quantile(row.best.level, (0.05, 0.25, 0.5, 0.75, 0.95)) / middle
    wide = np.quantile(row.predictive, (0.05, 0.95)) / middle
    inside = row.inside()
    colour = page.DARK if inside else page.SIGNAL
    axes.fill_betweenx([y - 0.36, y + 0.36], low / middle, (high if finite else middle * _LARGEST) / middle,
                       color="#f2d9a0", lw=0, zorder=0.5)  # fmt: skip
    axes.plot(wide, [y, y], color=page.HAIRLINE, lw=1, zorder=1)
    axes.plot(q[[0, 4]], [y, y], color=page.MIDDLE if inside else colour, lw=2.4, solid_capstyle="butt", zorder=2)
    axes.plot(q[[1, 3]], [y, y], color=colour, lw=5, solid_capstyle="butt", zorder=3)
    axes.plot(q[2], y, "o", ms=4.5, mfc="white", mec=colour, zorder=4)
    wrong = say("calibration_mark_wrong", language, chance=in_percent(row.faulty)) if row.faulty > DOUBTFUL else ""
    unit = unit_text(row.figure, row.report.rule.is_ratio, language)
    model = _with_unit(significant(float(q[2] * middle)), unit, language)
    _beside(axes, y, f"{model}  {wrong}".rstrip(), strong=bool(wrong) or not inside)


def draw_learning(view: View, language: Language) -> Figure:
    """The parameters that learned most, on the scale on which each prior is a standard normal."""
    top = view.learned[:_LEARNED]
    labels = [wrap(entry.parameter.label.text(language), 36, most=1) for entry in top]
    kept = sum(entry.kept for entry in view.learned)
    title = say("calibration_figure_learning_title", language, learned=len(view.learned) - kept, all=len(view.learned))
    figure, axes, _ = _framed(
        view, language, title, say("calibration_figure_learning", language), (), 0.27 * len(top) + 0.9, labels
    )
    axes.axvspan(-1.645, 1.645, color="#ededed", lw=0, zorder=0)
    axes.axvline(0, color=page.HAIRLINE, lw=0.8, zorder=0.5)
    for y, entry in zip(page.row_positions(len(top)), top, strict=True):
        q = entry.latent
        axes.plot(q[[0, 4]], [y, y], color=page.MIDDLE, lw=2.4, solid_capstyle="butt")
        axes.plot(q[[1, 3]], [y, y], color=page.DARK, lw=5, solid_capstyle="butt")
        axes.plot(q[2], y, "o", ms=4.5, mfc="white", mec=page.DARK)
        unit = unit_label(entry.parameter.display_unit, language)
        text = f"{in_percent(max(entry.share, 0))}   {significant(entry.prior[2])} → {significant(entry.posterior[2])}"
        _beside(axes, y, f"{text} {unit if language == 'zh' else ''}".rstrip())
    axes.set_xlim(-2.6, 2.6)
    axes.set_ylim(-0.7, len(top) - 0.3)
    axes.set_yticks(list(page.row_positions(len(top))), labels)
    axes.set_xlabel(say("calibration_axis_latent", language))
    page.quiet_ticks(axes, keep_left=True)
    return figure


def draw_matrix(view: View, language: Language) -> Figure:
    """Posterior correlations of the parameters that learned most."""
    top = view.learned[:MATRIX]
    labels = [f"{wrap(e.parameter.label.text(language), 36, most=1)}  {k + 1}" for k, e in enumerate(top)]
    pair = view.pairs[0]
    title = say(
        "calibration_figure_matrix_title", language, first=pair.first.label.text(language),
        second=pair.second.label.text(language), correlation=signed(pair.correlation),
    )  # fmt: skip
    rows = 0.235 * len(top) + 0.9
    figure, axes, _ = _framed(view, language, title, say("calibration_figure_matrix", language), (), rows, labels)
    shown = np.where(np.eye(len(view.matrix), dtype=bool), np.nan, view.matrix)
    image = axes.imshow(shown, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    for first in range(len(shown)):
        for second in range(len(shown)):
            if first != second and abs(shown[first, second]) >= 0.3:
                text = f"{shown[first, second]:z.1f}".replace("-", "−")
                dark = abs(shown[first, second]) > 0.6
                axes.text(second, first, text, ha="center", va="center", size=6, color="white" if dark else page.INK)
    axes.set_yticks(range(len(top)), labels, fontsize=8)
    axes.set_xticks(range(len(top)), [str(k + 1) for k in range(len(top))], fontsize=7)
    page.quiet_ticks(axes, keep_left=True)
    axes.spines["bottom"].set_visible(False)
    position = axes.get_position()
    bar = figure.add_axes((1 - 1.1 / WIDTH, position.y0, 0.14 / WIDTH, position.height))
    figure.colorbar(image, cax=bar).set_label(say("calibration_axis_correlation", language))
    return figure


def draw_moves(view: View, language: Language) -> Figure:
    """Shift of the median of local output when one report is left out, with its noise."""
    question = view.moves[0].question
    ranked = sorted((m for m in view.moves if m.question.key == question.key), key=lambda m: -abs(m.median))[:_MOVED]
    reports = {c.report.identifier: c for c in view.comparisons}
    labels = [f"{wrap(_phrase(reports[m.report], language), 30, most=1)}  {m.report}" for m in ranked]
    unit = unit_label(question.unit, language)
    title = say("calibration_figure_moves_none", language)
    told = [move for move in ranked if move.told]
    if told:
        title = say(
            "calibration_figure_moves_title", language, name=told[0].report, unit=unit,
            phrase=_phrase(reports[told[0].report], language), shift=signed(told[0].median),
        )  # fmt: skip
    figure, axes, _ = _framed(
        view, language, title, say("calibration_figure_moves", language, year=question.year, unit=unit), (),
        0.27 * len(ranked) + 0.9, labels,
    )  # fmt: skip
    for y, move in zip(page.row_positions(len(ranked)), ranked, strict=True):
        colour = page.DARK if move.told else page.MIDDLE
        reach = NOISE * move.median_error
        axes.plot([move.median - reach, move.median + reach], [y, y], color=colour, lw=2)
        axes.plot(move.median, y, "o", ms=6, color=colour)
        _beside(axes, y, signed(move.median) + (f" {unit}" if language == "zh" else ""))
    axes.axvline(0, color=page.INK, lw=0.8)
    axes.set_yticks(list(page.row_positions(len(ranked))), labels)
    axes.set_ylim(-0.7, len(ranked) - 0.3)
    axes.grid(axis="x", color=page.HAIRLINE, lw=0.4)
    page.quiet_ticks(axes, keep_left=True)
    return figure


def _with_unit(text: str, unit: str, language: Language) -> str:
    """A number's text with its unit: `17.2亿元`, `17.2 × 100 million yuan`, `298 firm`."""
    if language == "zh":
        return text + unit
    return f"{text} × {unit}" if unit[:1].isdigit() else f"{text} {unit}".rstrip()
