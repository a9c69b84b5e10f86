"""Reports that do not say the same of one thing: what may explain it, and with what posterior support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shudian.answers.calibration.learning import Learned
from shudian.kinds import Figure
from shudian.observe.comparison import Comparison

FAMILIES = {"workers_growth": "workers", "titles_filed": "titles", "titles_reviewed": "titles", "titles_made": "titles"}
"""Indicators that speak of the same thing as another one, and that thing."""
RATIOS = {
    "registered_firms": "registered_ratio",
    "cumulative_allocated_market": "coverage_ratio",
    "filed_titles": "filed_ratio",
    "reviewed_titles": "reviewed_ratio",
    "national_counted_live_titles": "national_count_ratio",
}
"""Variable that counts under one definition -> how many times the plain count it is."""
DOUBTFUL = 0.5
"""Probability of being wrong from which on the rest contradicts a report."""
UNSUPPORTED = 0.02
"""Probability of being right below which the rest contradicts one of several figures that are one report."""


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """Reports of one thing that differ in definition or meaning, or of which one is contradicted."""

    family: str
    place: str
    reports: tuple[Comparison, ...]
    ratios: tuple[Learned, ...]


def conflicts(comparisons: Sequence[Comparison], parameters: Sequence[Learned]) -> tuple[Conflict, ...]:
    """Every such group, in the order of the reports."""
    groups: dict[tuple[str, str], list[Comparison]] = {}
    for comparison in comparisons:
        figure = comparison.figure
        groups.setdefault((FAMILIES.get(figure.indicator, figure.indicator), figure.geography), []).append(comparison)
    by_name = {entry.parameter.name: entry for entry in parameters}
    found = []
    for (family, place), group in groups.items():
        definitions = {c.figure.definition for c in group}
        open_to_doubt = any(len(c.readings) > 1 or c.faulty > DOUBTFUL for c in group)
        if len(definitions) > 1 or open_to_doubt:
            names = dict.fromkeys(RATIOS[c.report.rule.variable] for c in group if c.report.rule.variable in RATIOS)
            found.append(Conflict(family, place, tuple(group), tuple(by_name[n] for n in names if n in by_name)))
    return tuple(found)


def contradicted(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Reports that the rest contradicts, in whole or in one of their figures, the surest first."""
    return tuple(sorted((c for c in comparisons if doubtful(c)), key=lambda c: -c.faulty))


def doubtful(comparison: Comparison) -> tuple[Figure, ...]:
    """The figures of a report that the rest contradicts."""
    figures = comparison.report.figures
    if comparison.faulty > DOUBTFUL:
        return figures
    return tuple(figure for figure in figures if comparison.support(figure) < UNSUPPORTED)
