"""The brief's two tables: what the packages contain, and what they come to, with the packages side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shudian.amounts import amount_text
from shudian.analysis.reported import Band
from shudian.analysis.verdicts import MEASURES, YEAR, Measure, Verdict, Verdicts
from shudian.analysis.warnings import is_printed
from shudian.evidence import load_figures
from shudian.kinds import Language, Model, Parameter, Scenario
from shudian.parameters import DATE
from shudian.quantities import FIRST_YEAR
from shudian.report.brief.package import Package
from shudian.report.brief.words import price_cell
from shudian.report.document import Table, one_line
from shudian.report.render.numbers import percent
from shudian.report.run.tables import band_cell, measure_head, signed_points
from shudian.report.words.captions import definition_label, joined, within
from shudian.report.words.review_text import review_text
from shudian.scenarios import schedule_matrix
from shudian.wording import say

SHOWN = ("entry", "firms", "output", "jobs", "cost", "net", "output_later")
"""Firms, output, jobs and the purse, and what is left of them at the end of the horizon."""
FEWER = ("firms", "output", "jobs", "cost", "output_later")
"""Those for which there is room beside more than MANY packages."""
MANY = 3
ASSUMED = "△"
"""Behind an amount that no document prints which the package cites."""


def measures(packages: int) -> tuple[Measure, ...]:
    """The measures for which there is room beside so many packages."""
    by_name = {measure.name: measure for measure in MEASURES}
    return tuple(by_name[name] for name in (SHOWN if packages <= MANY else FEWER))


def compared(verdicts: Verdicts) -> tuple[Verdict, ...]:
    """The packages that are compared, the one asked for first; what they are measured by is left out."""
    bases = {*verdicts.pairing.references.values()}
    rows = [row for row in verdicts.rows if row.scenario.name not in bases]
    return tuple(sorted(rows, key=lambda row: row.scenario.name != verdicts.pairing.asked))


def contents(verdicts: Verdicts, model: Model, language: Language) -> Table:
    """What each package sets at the end of YEAR, lever by lever; what is the same in all of several stands below."""
    rows = compared(verdicts)
    found = [*_set(rows, model, language)]
    apart = [(name, cells) for name, cells in found if len(rows) == 1 or len({*cells}) > 1]
    alike = [
        f"{name}{'' if language == 'zh' else ' '}{cells[0]}" for name, cells in found if (name, cells) not in apart
    ]
    below = [say("brief_contents_below", language, year=YEAR, mark=ASSUMED)]
    if alike:
        listed = joined([within(entry, language) for entry in alike], language, "、", ", ")
        below.append(say("brief_contents_alike", language, listed=listed))
    for row in rows:
        below += [
            say(
                "review_of",
                language,
                package=row.scenario.title.text(language),
                review=review_text(r, language, verdicts.city),
            )
            for r in row.scenario.reviews
        ]
    head = (say("brief_column_lever", language), *(row.scenario.title.text(language) for row in rows))
    lines = tuple((name, *cells) for name, cells in apart)
    none = ((say("brief_contents_none", language), *("—" for _ in rows)),)
    return Table("", head, lines or none, below=tuple(below))


def _set(rows: Sequence[Verdict], model: Model, language: Language) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Label and amounts of what any of the packages sets, and of what is assumed otherwise in any of them."""
    figures = load_figures()
    for parameter in sorted(model.scheduled, key=lambda parameter: parameter.role != "lever"):
        values = [_at_the_end(row.scenario, parameter) for row in rows]
        lever = parameter.role == "lever"
        if all(value == parameter.value for value in values) or (not lever and len({*values}) == 1):
            continue
        cells = []
        for row, value in zip(rows, values, strict=True):
            is_date = parameter.display_unit == DATE
            printed = lever and (is_date or is_printed(parameter, value, row.scenario, figures))
            told = _amount(value, parameter, language) + ("" if printed or _is_switch(parameter) else ASSUMED)
            cells.append("—" if value == 0 and lever else told)
        yield parameter.label.text(language), tuple(cells)


def _amount(value: float, parameter: Parameter, language: Language) -> str:
    return say("brief_switched_on", language) if _is_switch(parameter) else amount_text(value, parameter, language)


def _is_switch(parameter: Parameter) -> bool:
    return parameter.whole and (parameter.low, parameter.high) == (0, 1)


def _at_the_end(scenario: Scenario, parameter: Parameter) -> float:
    # what reviews may decide stands below in words
    months = schedule_matrix(replace(scenario, reviews=()), [parameter], steps_per_month=1)[0]
    return float(months[(YEAR + 1 - FIRST_YEAR) * 12 - 1])


def outcomes(packages: Sequence[Package], verdicts: Verdicts, language: Language) -> Table:
    """The chance of every target, then firms, output, jobs and the purse: level, and below it what is added."""
    reference = verdicts.row(verdicts.reference)
    rows = (reference, *compared(verdicts))
    head = (say("brief_column_quantity", language), *(row.scenario.title.text(language) for row in rows))
    lines = [*_chances(rows, verdicts, language)]
    lines += [
        (one_line(measure_head(measure, language)), *(_cell(row, measure, language) for row in rows))
        for measure in measures(len(rows) - 1)
    ]
    if len(rows) <= MANY + 1:
        prices = {package.name: package.prices for package in packages}
        cells = (price_cell(prices[row.scenario.name], language) for row in rows)
        lines.append((say("brief_row_price", language, year=YEAR), *cells))
    below = say("brief_outcomes_below", language, reference=reference.scenario.title.text(language))
    return Table("", head, tuple(lines), below=(below,))


def _chances(rows: Sequence[Verdict], verdicts: Verdicts, language: Language) -> Iterator[tuple[str, ...]]:
    for target in verdicts.targets:
        several = len(target.definitions) > 1
        for definition in target.definitions:
            label = target.label.text(language)
            if several:
                counted = within(definition_label(definition, verdicts, language), language)
                label = say("brief_row_chance", language, target=label, definition=counted)
            cells = []
            for row in rows:
                chance = percent(row.targets[target.identifier][definition].value, verdicts.draws)
                move = row.moves.get(target.identifier, {}).get(definition)
                points = signed_points(move, verdicts.draws, language) if move else ""
                cells.append(f"{chance} ({points})" if points else chance)
            yield (label, *cells)


def _cell(row: Verdict, measure: Measure, language: Language) -> str:
    """The median, and below it what is added with its interval; of the reference, the interval."""
    band, added = row.measures[measure.name], row.additional.get(measure.name)
    median = band_cell(band, measure.unit, language).partition("\n")[0]
    if added is None:
        return (
            median if row.additional or band.low == band.high else f"{median}\n({span(band, measure.unit, language)})"
        )
    return f"{median}\n{added_text(added, measure.unit, language)}"


def added_text(added: Band, unit: str, language: Language) -> str:
    """A difference with its sign and interval."""
    median = band_cell(added, unit, language).partition("\n")[0]
    sign = "" if median.startswith("−") or median == "0" else "+"
    return f"{sign}{median} ({span(added, unit, language)})"


def span(band: Band, unit: str, language: Language) -> str:
    """The interval; a minus does not stand beside a dash."""
    low, between, high = band_cell(band, unit, language).partition("\n")[2].partition(" – ")
    if not between:
        return low
    dash = "～" if language == "zh" else " to " if high.startswith("−") else "–"
    return f"{low}{dash}{high}"
