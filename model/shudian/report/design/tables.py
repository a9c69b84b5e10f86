"""The mixes of a design as a table, for the terminal, the document and the spreadsheet."""

from __future__ import annotations

import csv
import io

from shudian.compare.design import Design, Found
from shudian.compare.reported import Band
from shudian.kinds import Language
from shudian.parameters import DATE
from shudian.quantities import write_month
from shudian.report.design.words import headline, paragraphs, unit_of, value_text
from shudian.report.numbers import percent, significant
from shudian.report.strings import say
from shudian.report.tables import Table
from shudian.units import conversion, unit_label

COLUMNS = ("probability", "cost", "jobs", "quality", "owed")
"""What is shown of every mix."""


def mixes_table(found: Design, language: Language) -> Table:
    """The designed mixes, the base package and the shipped ones, on fresh draws."""
    year = found.question.goal.year
    head = [say("column_package", language), *(say(f"design_column_{c}", language, year=year) for c in COLUMNS)]
    shown = [*found.designed, found.base, *sorted(found.packages, key=lambda f: f.fresh.cost.median)]
    return Table(
        say("design_table", language, draws=f"{found.fresh:,}"),
        tuple(head),
        tuple(_row(f, found, language) for f in shown),
        len(found.designed),
        (say("design_below", language),),
    )


def markdown(found: Design, language: Language) -> str:
    """The whole answer as a document."""
    table = mixes_table(found, language)
    parts = [f"# {say('design_title', language)}", f"**{headline(found, language)}**", f"## {table.title}"]
    parts += [_grid(table), *table.below, *paragraphs(found, language)]
    parts.append(f"## {say('design_levers', language, start=write_month(found.question.box.start))}")
    parts.append(_grid(_levers(found, language)))
    return "\n\n".join(parts) + "\n"


def spreadsheet(found: Design, language: Language) -> str:
    """Every mix with its results and the values of all free levers, as comma-separated values."""
    year = found.question.goal.year
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    results = [say(f"design_column_{c}", language, year=year).replace("\n", " ") for c in COLUMNS]
    heads = [say("design_column_kind", language), say("column_package", language), say("design_column_file", language)]
    heads += [results[0], say("design_column_error", language), say("design_column_searched", language), *results[1:]]
    heads += [say("design_column_trust", language), say("design_column_word", language)]
    for axis in found.question.box.axes:
        unit = unit_of(axis.parameter)
        label = axis.parameter.label.text(language)
        heads.append(f"{label} [{unit_label(unit, language)}]" if unit else label)
    writer.writerow(heads)
    for f in (*found.designed, *found.front, found.base, *found.packages):
        writer.writerow(_cells(f, found, language))
    return text.getvalue()


def file_of(found: Found) -> str:
    """The file in which a mix stands, relative to the folder; empty for a package that is shipped."""
    return f"mixes/{found.scenario.name}.toml" if found.kind in ("designed", "front") else ""


def _cells(f: Found, found: Design, language: Language) -> list[object]:
    fresh = f.fresh
    cells: list[object] = [say(f"design_kind_{f.kind}", language), f.scenario.title.text(language), file_of(f)]
    cells += [round(fresh.probability, 4), round(fresh.error, 4), round(f.search.probability, 4)]
    cells += [round(fresh.cost.median, 4), round(fresh.jobs.median, 1), round(fresh.quality.median, 2)]
    cells += [round(fresh.owed.median, 4), round(fresh.trust.median, 3)]
    cells.append(say("design_yes" if f.kept_word else "design_no", language))
    for axis in found.question.box.axes:
        value = f.changes.get(axis.parameter.name, axis.usual)
        if axis.parameter.display_unit == DATE:
            cells.append(write_month(value) if value < axis.parameter.high else "")
        elif axis.parameter.unit == "1":
            cells.append(value)
        else:
            cells.append(float(f"{value / conversion(axis.parameter.display_unit, axis.parameter.unit):.10g}"))
    return cells


def _row(f: Found, found: Design, language: Language) -> tuple[str, ...]:
    fresh = f.fresh
    name = f.scenario.title.text(language) + ("" if f.kept_word else say("design_unpaid_mark", language))
    chance = percent(fresh.probability, found.fresh)
    return (
        name,
        f"{chance}\n±{fresh.error * 100:.1f}",
        _band(fresh.cost, 2),
        _band(fresh.jobs, 0),
        _band(fresh.quality, 1),
        _band(fresh.owed, 2),
    )


def _band(band: Band, places: int) -> str:
    median, low, high = (significant(value, places) for value in (band.median, band.low, band.high))
    return f"{median}\n{low} – {high}"


def _levers(found: Design, language: Language) -> Table:
    titles = [f.scenario.title.text(language) for f in found.designed]
    head = (say("design_lever", language), found.question.box.base.title.text(language), *titles)
    rows = tuple(
        (
            axis.parameter.label.text(language),
            value_text(axis.parameter, axis.usual, language),
            *(
                value_text(axis.parameter, f.changes.get(axis.parameter.name, axis.usual), language)
                for f in found.designed
            ),
        )
        for axis in found.question.box.axes
    )
    return Table("", head, rows)


def _grid(table: Table) -> str:
    def line(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.replace("\n", "<br>").replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(table.head), line(("---", *["---:"] * (len(table.head) - 1))), *map(line, table.rows)])
