"""The sensitivity's figures: what outcomes hang on, which parameter changes the choice, what statistics are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shudian.analysis.missing_statistics import move
from shudian.analysis.policy_sensitivity import Worth
from shudian.analysis.sobol import Factor, Index
from shudian.answers.sensitivity import Sensitivity
from shudian.kinds import Language
from shudian.report.render import figure_page as page
from shudian.report.sensitivity.structure_figure import draw_structures
from shudian.report.sensitivity.tables import statistic_told
from shudian.report.sensitivity.words import (
    basis,
    benefit_factor,
    benefit_unit,
    choice_warning,
    definition_name,
    factor_name,
    foremost,
    gain_text,
    leading,
    outcome_name,
    outcome_warning,
    package_title,
    rule_name,
    shown_outcomes,
    threshold_text,
)
from shudian.report.words.captions import joined, within
from shudian.wording import say, width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FACTORS, _PARAMETERS = 8, 8
_ROW = 0.27


def write_figures(found: Sensitivity, folder: Path, language: Language) -> list[Path]:
    """Draw the figures into `folder`; returns the paths of all files."""
    drawers = {
        "1_indices": draw_indices,
        "2_levers": draw_levers,
        "3_choice": draw_choice,
        "4_statistics": draw_statistics,
        "5_structures": draw_structures,
    }
    written: list[Path] = []
    with page.style():
        for name, draw in drawers.items():
            if draw is not draw_levers or found.levers:
                written += page.save(draw(found, language), folder / f"{name}_{language}")
    return written


def draw_indices(found: Sensitivity, language: Language) -> Figure:
    """Total and first-order indices over the priors, and the posterior's shares beside them."""
    study = found.parameters
    posterior = {p.name: row for row, p in enumerate(found.shares.parameters)}
    panels = {}
    for position in shown_outcomes(study.outcomes):
        tops = leading(study.factors, study.indices[position])[:_FACTORS]
        shares = {
            factor.name: max(found.shares.shares[position][posterior[factor.name]].value, 0.0)
            for factor, _ in tops
            if factor.name in posterior
        }
        title = outcome_name(study.outcomes[position], language)
        if found.shares.mostly_prior(position):
            title = say("sensitivity_figure_panel_prior", language, outcome=title)
        panels[title] = ([(factor_name(found, f, language), f.name, i) for f, i in tops], shares)
    first = shown_outcomes(study.outcomes)[0]
    headline = say(
        "sensitivity_figure_indices",
        language,
        outcome=outcome_name(study.outcomes[first], language),
        factor=foremost(found, study.factors, study.indices[first], language),
    )
    return _index_panels(found, headline, say("sensitivity_figure_indices_detail", language), panels, language)


def draw_levers(found: Sensitivity, language: Language) -> Figure:
    """Total and first-order indices of the levers."""
    study = found.levers
    assert study is not None
    factors = [Factor(lever.name, (row,)) for row, lever in enumerate(study.levers)]
    labels = {lever.name: lever.label.text(language) for lever in study.levers}
    positions = shown_outcomes(study.outcomes)
    panels: dict[str, tuple[list[tuple[str, str, Index]], Mapping[str, float]]] = {}
    for position in positions:
        tops = leading(factors, study.indices[position])[:_FACTORS]
        panels[outcome_name(study.outcomes[position], language)] = ([(labels[f.name], f.name, i) for f, i in tops], {})
    headline = say(
        "sensitivity_figure_levers",
        language,
        outcome=outcome_name(study.outcomes[positions[0]], language),
        factor=within(labels[leading(factors, study.indices[positions[0]])[0][0].name], language),
    )
    return _index_panels(found, headline, say("sensitivity_figure_levers_detail", language), panels, language)


def _index_panels(
    found: Sensitivity,
    headline: str,
    detail: str,
    panels: Mapping[str, tuple[Sequence[tuple[str, str, Index]], Mapping[str, float]]],
    language: Language,
) -> Figure:
    told = outcome_warning(found, language)
    columns = min(2, len(panels))
    lines = -(-len(panels) // columns)
    height = _ROW * _FACTORS + 0.95
    figure, bottom = page.page(
        page.Frame(headline, detail, _footer(found, told, language)), 5.2 * columns + 0.2, height * lines
    )
    wide, high = figure.get_size_inches()
    for number, (title, (rows, shares)) in enumerate(panels.items()):
        column, line = number % columns, number // columns
        left, low = 5.2 * column + 2.25, bottom * high + height * (lines - 1 - line) + 0.5
        axes = figure.add_axes((left / wide, low / high, 2.85 / wide, _ROW * _FACTORS / high))
        _draw_indices(axes, rows, shares)
        axes.text(-2.0 / 2.85, 1.04, title, transform=axes.transAxes, size=9, va="bottom")
        axes.set_xlabel(say("sensitivity_figure_axis_share", language), size=8)
    return figure


def _draw_indices(axes: Axes, rows: Sequence[tuple[str, str, Index]], shares: Mapping[str, float]) -> None:
    positions = page.row_positions(len(rows))
    for y, (_, name, index) in zip(positions, rows, strict=True):
        axes.plot(
            [max(index.total - index.total_error, 0), index.total + index.total_error], [y, y], color=page.DARK, lw=1.2
        )
        axes.plot(index.total, y, "o", color=page.DARK, ms=5)
        axes.plot(max(index.first, 0), y, "o", mec=page.DARK, mfc="white", ms=5)
        if name in shares:
            axes.plot(shares[name], y, "D", color=page.SIGNAL, ms=4.5)
    axes.set_yticks(positions, [wrap(label, 30, most=2) for label, _, _ in rows], size=8)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlim(left=-0.02)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=page.HAIRLINE, lw=0.5)
    axes.set_axisbelow(True)


def draw_choice(found: Sensitivity, language: Language) -> Figure:
    """Along each parameter that changes the choice by net benefit, which package is best."""
    entry = found.policy[0]
    told = [worth for worth in entry.worths if worth.told]
    shown = told[:_PARAMETERS]
    headline = say("sensitivity_figure_policy_none", language)
    if told:
        headline = say(
            "sensitivity_figure_policy",
            language,
            count=len(told),
            parameter=within(told[0].parameter.label.text(language), language),
        )
    rule, told_of = rule_name(found, entry.decision, language), choice_warning(found, language)
    frame = page.Frame(
        headline, say("sensitivity_figure_policy_detail", language, rule=rule), _footer(found, told_of, language)
    )
    row = 0.85
    body = row * max(len(shown), 1) + 0.7
    figure, bottom = page.page(frame, 10.0, body)
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((2.7 / wide, bottom + 0.55 / high, 7.0 / wide, row * max(len(shown), 1) / high))
    for y, worth in zip(page.row_positions(len(shown)), shown, strict=True):
        _draw_stretches(axes, y, found, worth, _shades(shown), language)
    unit = benefit_unit(entry.decision, language)
    labels = [
        f"{wrap(w.parameter.label.text(language), 30, most=2)}\n{gain_text(w.gain, entry.decision, language)} {unit}"
        for w in shown
    ]
    axes.set_yticks(page.row_positions(len(shown)), labels, size=8)
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.6, max(len(shown), 1) - 0.4)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
    axes.set_xlabel(say("sensitivity_figure_axis_draws", language))
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)
    return figure


def _draw_stretches(
    axes: Axes, y: int, found: Sensitivity, worth: Worth, shades: Mapping[str, tuple[str, str]], language: Language
) -> None:
    start = 0.0
    for position, stretch in enumerate(worth.stretches):
        fill, ink = shades[stretch.package]
        axes.barh(y + 0.05, stretch.share, left=start, height=0.42, color=fill, edgecolor="white", linewidth=1.5)
        columns = max(int(stretch.share * 7.0 * 14), 4)
        whole = package_title(found, stretch.package, language)
        title = wrap(whole, columns, most=3)
        middle = start + stretch.share / 2
        if "…" not in title and max(width(line) for line in title.split("\n")) <= columns + 1:
            axes.text(middle, y + 0.05, title, ha="center", va="center", size=7, linespacing=1.05, color=ink)
        else:
            side = "right" if middle > 0.8 else "left" if middle < 0.2 else "center"
            axes.text(middle, y + (0.28 if position % 2 else 0.42), whole, ha=side, va="bottom", size=7)
        start += stretch.share
        if position < len(worth.flips):
            # neighbours stand on two lines, so that they do not run into each other
            down = 0.18 if position % 2 == 0 else 0.34
            text = threshold_text(worth, position, language)
            axes.text(start, y - down, text, ha="center", va="top", size=7, color=page.QUIET)


def _shades(worths: Sequence[Worth]) -> dict[str, tuple[str, str]]:
    """Fill and ink of each package, the same in every bar; lightness tells them apart in print."""
    packages = dict.fromkeys(stretch.package for worth in worths for stretch in worth.stretches)
    fills = ((page.LIGHT, page.INK), (page.MIDDLE, page.INK), (page.DARK, "white"), (page.HAIRLINE, page.INK),
             (page.SIGNAL, "white"))  # fmt: skip
    return {package: fills[position % len(fills)] for position, package in enumerate(packages)}


def draw_statistics(found: Sensitivity, language: Language) -> Figure:
    """What each missing statistic is worth to judging the target and to the choice."""
    ordered = sorted(found.statistics, key=lambda worth: max(
        move(gain, found.chances[name])[0] for name, gain in worth.chances.items()
    ))  # fmt: skip
    labels = [worth.missing.label.text(language) for worth in ordered]
    names = [*found.chances]
    unit = benefit_unit(found.policy[0].decision, language)
    choice = [w for w in found.statistics if w.decision and statistic_told(w.decision, found)]
    key = "sensitivity_figure_statistics" if choice else "sensitivity_figure_statistics_none"
    best = (
        max(choice, key=lambda w: w.decision.value if w.decision else 0.0).missing.label.text(language)
        if choice
        else ""
    )
    headline = say(key, language, first=within(labels[-1], language), choice=within(best, language))
    footer = _footer(found, choice_warning(found, language), language)
    frame = page.Frame(headline, say("sensitivity_figure_statistics_detail", language), footer)
    panel, left = 1.75, 3.0
    figure, bottom = page.page(frame, left + panel * (len(names) + 1) + 0.3, _ROW * len(labels) + 1.5)
    wide, high = figure.get_size_inches()
    for column in range(len(names) + 1):
        x = left + panel * column
        axes = figure.add_axes((x / wide, bottom + 0.75 / high, (panel - 0.25) / wide, _ROW * len(labels) / high))
        for y, worth in enumerate(ordered):
            gain = worth.chances.get(names[column]) if column < len(names) else worth.decision
            if gain is None:
                continue
            factor = benefit_factor(found.policy[0].decision, language)
            value, error = factor * gain.value, factor * gain.standard_error
            if column < len(names):
                value, error = (100 * part for part in move(gain, found.chances[names[column]]))
            fill = page.DARK if statistic_told(gain, found) else "white"
            axes.plot([value - 2 * error, value + 2 * error], [y, y], color=page.DARK, lw=1)
            axes.plot(value, y, "o", mec=page.DARK, mfc=fill, ms=5)
        axes.axvline(0, color=page.QUIET, lw=0.8)
        axes.set_yticks(range(len(labels)), [wrap(text, 40, most=2) for text in labels] if column == 0 else [], size=8)
        axes.set_ylim(-0.6, len(labels) - 0.4)
        axes.tick_params(length=0, labelsize=8)
        axes.grid(axis="y", color=page.HAIRLINE, lw=0.4)
        title = definition_name(found, names[column], language) if column < len(names) else ""
        axes.set_title(wrap(title, 20), size=8.5)
        key = "sensitivity_figure_axis_move" if column < len(names) else "sensitivity_figure_axis_choice"
        axes.set_xlabel(say(key, language, unit=unit), size=8)
    return figure


def _footer(found: Sensitivity, warnings: Sequence[str], language: Language) -> tuple[str, ...]:
    sources = joined(sorted({*found.market.evidence}), language, "、", ", ")
    return (*warnings, say("figure_sources", language, sources=sources), basis(found, language))
