"""The table of verdicts: in the terminal, as Markdown for a document, as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shudian.kinds import Language
from shudian.parameters import HOME, city_titles
from shudian.report.captions import definition_label, joined
from shudian.report.numbers import percent, significant, worst_error
from shudian.report.strings import say, wrap
from shudian.report.verdicts import ADDITIONAL, MEASURES, YEAR, Band, Probability, Verdict, Verdicts, noise
from shudian.units import unit_label

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of texts; the first column names the row."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(verdicts: Verdicts, language: Language) -> tuple[Table, Table]:
    """The verdicts as two tables: probabilities of the targets, and amounts."""
    return _probabilities(verdicts, language), _amounts(verdicts, language)


def finding_text(verdicts: Verdicts, language: Language) -> str:
    """Headline and detail of the finding together."""
    return ("" if language == "zh" else " ").join(finding_parts(verdicts, language))


def finding_parts(verdicts: Verdicts, language: Language) -> tuple[str, str]:
    """Headline, and detail: does the definition or the package decide the answer to the market target?"""
    found, draws = verdicts.finding, verdicts.draws
    titles = {row.scenario.name: row.scenario.title.text(language) for row in verdicts.rows}
    typical = {d: percent(_typical(verdicts, d), draws) for d in (found.lowest_definition, found.highest_definition)}
    between_packages = (
        say("finding_one_package", language)
        if len(verdicts.rows) == 1
        else say("finding_no_difference", language, noise=_points(found.noise))
        if found.packages_spread <= found.noise
        else say(
            "finding_packages",
            language,
            spread=_points(found.packages_spread),
            definition=definition_label(found.spread_definition, verdicts, language),
            low=titles[found.lowest_package],
            high=titles[found.highest_package],
        )
    )
    driver = (
        "finding_neither"
        if max(found.definitions_spread, found.packages_spread) <= max(found.noise, 2 * worst_error(draws))
        else "finding_definition"
        if found.definitions_spread > found.packages_spread
        else "finding_package"
    )
    between_definitions = say(
        "finding_definitions",
        language,
        target=verdicts.market.label.text(language),
        low=definition_label(found.lowest_definition, verdicts, language),
        high=definition_label(found.highest_definition, verdicts, language),
        p_low=typical[found.lowest_definition],
        p_high=typical[found.highest_definition],
    )
    return say(driver, language), joined([between_definitions, between_packages], language, "", " ")


def basis_text(verdicts: Verdicts, language: Language) -> str:
    """Which city, and what the numbers rest on: prior or posterior draws, how many, from which seed, how exact."""
    city = city_titles()[verdicts.city].text(language)
    place = say("basis_home" if verdicts.city == HOME else "basis_elsewhere", language, city=city)
    basis = say(
        "basis_calibrated" if verdicts.calibrated else "basis_uncalibrated",
        language,
        draws=f"{verdicts.draws:,}",
        seed=verdicts.seed,
        error=f"{worst_error(verdicts.draws) * 100:.1f}",
    )
    return joined([place, basis], language, "", " ")


def notes(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """What the scenarios' authors assumed and want known, each said once, with the scenarios that it concerns."""
    concerned: dict[str, list[str]] = {}
    for row in verdicts.rows:
        for note in row.scenario.notes:
            concerned.setdefault(note.text(language), []).append(row.scenario.title.text(language))
    colon = "：" if language == "zh" else ": "
    return tuple(joined(titles, language, "、", ", ") + colon + text for text, titles in concerned.items())


def render(table: Table, console: Console) -> None:
    """Print `table` to the terminal."""
    from rich import box
    from rich.table import Table as RichTable

    drawn = RichTable(title=table.title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, title_style="bold")
    drawn.add_column(table.head[0], no_wrap=True)
    for head in table.head[1:]:
        drawn.add_column("\n".join(wrap(line, 16) for line in head.split("\n")), justify="right", overflow="fold")
    for row in table.rows:
        drawn.add_row(wrap(row[0], 24), *row[1:])
    console.print(drawn)


def markdown(verdicts: Verdicts, language: Language) -> str:
    """The whole report as Markdown: finding, basis, both tables, notes."""
    parts = [f"# {say('report_title', language)}", f"**{finding_text(verdicts, language)}**"]
    parts.append(basis_text(verdicts, language))
    for table in tables(verdicts, language):
        lines = [_pipe(table.head), _pipe(["---", *["---:"] * (len(table.head) - 1)])]
        lines += [_pipe(row) for row in table.rows]
        parts += [f"## {table.title}", "\n".join(lines)]
    listed = [f"- {note}" for note in notes(verdicts, language)]
    if listed:
        parts += [f"## {say('notes_title', language)}", "\n".join(listed)]
    return "\n\n".join(parts) + "\n"


def spreadsheet(verdicts: Verdicts, language: Language) -> str:
    """The numbers themselves as CSV, unrounded: one row per scenario, quantity and definition."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(
        ["scenario", "title", "quantity", "label", "definition", "unit", "value", "low_5", "high_95", "error", "basis"]
    )
    basis = basis_text(verdicts, language)
    for row in verdicts.rows:
        first = [row.scenario.name, row.scenario.title.text(language)]
        for target in verdicts.targets:
            for definition, p in row.targets[target.identifier].items():
                label = target.label.text(language)
                write([*first, target.identifier, label, definition, "1", p.value, "", "", p.error, basis])
        for measure in MEASURES:
            for prefix, bands in (("", row.measures), ("additional_", row.additional)):
                if (band := bands.get(measure.name)) is not None:
                    label = say(f"{prefix}measure_{measure.name}", language, year=YEAR)
                    values = [band.median, band.low, band.high]
                    write(
                        [
                            *first,
                            prefix + measure.name,
                            label,
                            "",
                            unit_label(measure.unit, language),
                            *values,
                            "",
                            basis,
                        ]
                    )
    return out.getvalue()


def _pipe(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("\n", "<br>").replace("|", "\\|") for cell in cells) + " |"


def _typical(verdicts: Verdicts, definition: str) -> float:
    values = sorted(row.targets[verdicts.market.identifier][definition].value for row in verdicts.rows)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _points(difference: float) -> str:
    return f"{difference * 100:.0f}" if abs(difference) >= 0.01 else "1"


def _probabilities(verdicts: Verdicts, language: Language) -> Table:
    market = verdicts.market
    others = [target for target in verdicts.targets if target is not market]
    head = [say("column_package", language)]
    head += [definition_label(d, verdicts, language) for d in market.definitions]
    head += [say("column_gain", language)]
    head += [target.label.text(language) for target in others]
    rows = []
    for row in verdicts.rows:
        cells = [row.scenario.title.text(language)]
        cells += [percent(row.targets[market.identifier][d].value, verdicts.draws) for d in market.definitions]
        cells.append(_gain(row, verdicts, language))
        for target in others:
            found = row.targets[target.identifier]
            cells.append(" / ".join(percent(p.value, verdicts.draws) for p in found.values()))
        rows.append(tuple(cells))
    title = say("table_probabilities", language, target=market.label.text(language))
    return Table(title, tuple(head), tuple(rows))


def _gain(row: Verdict, verdicts: Verdicts, language: Language) -> str:
    if row.scenario.name == verdicts.reference:
        return say("cell_reference", language)
    return " / ".join(_signed_points(gain, verdicts.draws, language) for gain in row.gains.values())


def _signed_points(gain: Probability, draws: int, language: Language) -> str:
    if abs(gain.value) <= noise(gain.error, draws):
        return say("cell_no_difference", language)
    return f"{gain.value * 100:+.{0 if abs(gain.value) >= 0.01 else 1}f}".replace("-", "−")


def _amounts(verdicts: Verdicts, language: Language) -> Table:
    head = [say("column_package", language)]
    head += [_head(f"measure_{m.name}", m.unit, language) for m in MEASURES]
    head += [_head(f"additional_measure_{m.name}", m.unit, language) for m in MEASURES if m.name in ADDITIONAL]
    rows = []
    for row in verdicts.rows:
        cells = [row.scenario.title.text(language)]
        cells += [_cell(row.measures[m.name], m.unit) for m in MEASURES]
        for m in MEASURES:
            if m.name in ADDITIONAL:
                band = row.additional.get(m.name)
                cells.append(_cell(band, m.unit) if band else say("cell_reference", language))
        rows.append(tuple(cells))
    return Table(say("table_amounts", language, year=YEAR), tuple(head), tuple(rows))


def _head(key: str, unit: str, language: Language) -> str:
    brackets = "\n（{}）" if language == "zh" else "\n({})"
    return say(key, language, year=YEAR) + brackets.format(unit_label(unit, language))


def _cell(band: Band, unit: str) -> str:
    # people and firms come whole, money does not
    places = 2 if unit == "亿元" else 0
    median, low, high = (significant(value, places) for value in (band.median, band.low, band.high))
    return f"{median}\n{low} – {high}"
