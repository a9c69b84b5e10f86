"""Texts that stand beside and below every figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shudian.kinds import Language
from shudian.parameters import city_titles
from shudian.report.numbers import worst_error
from shudian.report.strings import say, width, wrap
from shudian.report.verdicts import Verdicts
from shudian.units import conversion, parse_unit, spell, unit_label


def row_titles(verdicts: Verdicts, language: Language) -> list[str]:
    """Titles of the packages, at most two lines each."""
    return [wrap(row.scenario.title.text(language), 30, most=2) for row in verdicts.rows]


def label_inches(titles: Sequence[str]) -> float:
    """Room on the left for the rows' titles."""
    return 0.4 + 0.063 * max(width(line) for title in titles for line in title.split("\n"))


def joined(parts: Sequence[str], language: Language, zh: str = "；", en: str = "; ") -> str:
    """The parts as one line."""
    return (zh if language == "zh" else en).join(parts)


def footer_lines(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """Source and basis, which stand under every figure."""
    sources = sorted({*verdicts.market.evidence})
    return (
        say("figure_sources", language, sources=joined(sources, language, "、", ", ")),
        basis_line(verdicts, language),
    )


def marked(text: str, verdicts: Verdicts, language: Language) -> str:
    """`text` behind the mark that names the city and says whether the draws are calibrated."""
    mark = joined([city_titles()[verdicts.city].text(language), _mark(verdicts, language)], language, "，", ", ")
    return f"【{mark}】{text}" if language == "zh" else f"[{mark}] {text}"


def _mark(verdicts: Verdicts, language: Language) -> str:
    return say("mark_calibrated" if verdicts.calibrated else "mark_uncalibrated", language)


def basis_line(verdicts: Verdicts, language: Language) -> str:
    """Whether the draws are calibrated, how many, and how exact."""
    error = f"{worst_error(verdicts.draws) * 100:.1f}"
    return say(
        "figure_basis",
        language,
        mark=_mark(verdicts, language),
        draws=f"{verdicts.draws:,}",
        seed=verdicts.seed,
        error=error,
    )


def definition_label(definition: str, verdicts: Verdicts, language: Language) -> str:
    """The short name of a definition (口径): its label up to the bracket that explains it."""
    return re.split("（| \\(", verdicts.definitions[definition].text(language))[0]


def explained(definitions: Iterable[str], verdicts: Verdicts, language: Language) -> str:
    """What each definition counts, in one line."""
    return joined([verdicts.definitions[definition].text(language) for definition in definitions], language)


def display_unit(unit: str) -> str:
    """The unit in which amounts are shown: money in 亿元, everything else as it is."""
    return "亿元" if spell(parse_unit(unit)) == "wanyuan" else unit


def amount(value: float, unit: str, language: Language) -> str:
    """A value with its unit in running text: `100亿元`, `10 billion yuan`, `10 firm`."""
    shown = value * conversion(unit, display_unit(unit))
    if language == "zh":
        return f"{shown:,g}{unit_label(display_unit(unit), language)}"
    if display_unit(unit) == "亿元":
        return f"{shown / 10:,g} billion yuan"
    return f"{shown:,g} {unit_label(unit, language)}"
