"""The mixes of a design as a table, for the terminal, the document and the spreadsheet."""

from __future__ import annotations

from shudian.analysis.design import Design, Found
from shudian.analysis.reported import Band
from shudian.kinds import Label, Language
from shudian.parameters import DATE
from shudian.quantities import write_month
from shudian.report.design.words import unit_of, value_text
from shudian.report.document import Table
from shudian.report.render.csv_tables import Column, CsvCell, CsvTable, both, labelled, named
from shudian.report.render.numbers import percent, significant
from shudian.report.words.captions import money_scale
from shudian.units import conversion, reader_unit, unit_label
from shudian.wording import say

COLUMNS = ("probability", "cost", "jobs", "quality", "owed")
"""What is shown of every mix."""
_MONEY = Label(unit_label("亿元", "zh"), unit_label("亿元", "en"))
"""The unit of files, which is the same in every language."""


def mixes_table(found: Design, language: Language) -> Table:
    """The designed mixes, the base package and the shipped ones, on fresh draws."""
    year = found.problem.goal.year
    money = unit_label(reader_unit("亿元", language), language)
    head = [
        say("column_package", language),
        *(say(f"design_column_{c}", language, year=year, money=money) for c in COLUMNS),
    ]
    shown = [*found.designed, found.base, *sorted(found.packages, key=lambda f: f.fresh.cost.median)]
    return Table(
        say("design_table", language, draws=f"{found.fresh:,}"),
        tuple(head),
        tuple(_row(f, found, language) for f in shown),
        len(found.designed),
        (say("design_below", language),),
    )


def mix_table(found: Design) -> CsvTable:
    """Every mix with its results and the values of all free levers; amounts of money in 亿元."""
    year = found.problem.goal.year
    columns = [
        labelled("design_column_kind", "kind"), *named("column_package", "scenario"),
        labelled("design_column_file", "file"), labelled("design_column_probability", "probability"),
        labelled("design_column_error", "standard_error"), labelled("design_column_searched", "probability_searched"),
        labelled("design_column_cost", "cost", "亿元", year=year, money=_MONEY),
        labelled("design_column_jobs", "jobs", "人", year=year),
        labelled("design_column_quality", "quality", "部"),
        labelled("design_column_owed", "owed", "亿元", money=_MONEY),
        labelled("design_column_trust", "trust"), labelled("design_column_word", "keeps_word"),
    ]  # fmt: skip
    for axis in found.problem.box.axes:
        label = both("csv_lever", lever=axis.parameter.label)
        columns.append(Column(f"lever_{axis.parameter.name}", label, unit_of(axis.parameter)))
    mixes = (*found.designed, *found.front, found.base, *found.packages)
    return CsvTable("front", tuple(columns), [_cells(f, found) for f in mixes])


def file_of(found: Found) -> str:
    """The file in which a mix stands, relative to the folder; empty for a package that is shipped."""
    return f"mixes/{found.scenario.name}.toml" if found.kind in ("designed", "front") else ""


def _cells(f: Found, found: Design) -> list[CsvCell]:
    fresh, title = f.fresh, f.scenario.title
    cells: list[CsvCell] = [f.kind, f.scenario.name, title.zh, title.en, file_of(f)]
    cells += [round(fresh.probability, 4), round(fresh.error, 4), round(f.search.probability, 4)]
    cells += [round(fresh.cost.median, 4), round(fresh.jobs.median, 1), round(fresh.quality.median, 2)]
    cells += [round(fresh.owed.median, 4), round(fresh.trust.median, 3), bool(f.kept_word)]
    for axis in found.problem.box.axes:
        value = f.changes.get(axis.parameter.name, axis.usual)
        if axis.parameter.display_unit == DATE:
            cells.append(write_month(value) if value < axis.parameter.high else None)
        elif axis.parameter.unit == "1":
            cells.append(value)
        else:
            cells.append(value / conversion(axis.parameter.display_unit, axis.parameter.unit))
    return cells


def _row(f: Found, found: Design, language: Language) -> tuple[str, ...]:
    fresh = f.fresh
    name = f.scenario.title.text(language) + ("" if f.kept_word else say("design_unpaid_mark", language))
    chance = percent(fresh.probability, found.fresh)
    return (
        name,
        f"{chance}\n±{fresh.error * 100:z.1f}",
        _band(fresh.cost, 2 if language == "zh" else 0, money_scale(language)),
        _band(fresh.jobs, 0),
        _band(fresh.quality, 0),
        _band(fresh.owed, 2 if language == "zh" else 0, money_scale(language)),
    )


def _band(band: Band, places: int, scale: float = 1.0) -> str:
    median, low, high = (significant(scale * value, places) for value in (band.median, band.low, band.high))
    return f"{median}\n{low} – {high}"


def levers_table(found: Design, language: Language) -> Table:
    """What each designed mix sets every free lever to, beside the base package."""
    titles = [f.scenario.title.text(language) for f in found.designed]
    head = (say("design_lever", language), found.problem.box.base.title.text(language), *titles)
    rows = tuple(
        (
            axis.parameter.label.text(language),
            value_text(axis.parameter, axis.usual, language),
            *(
                value_text(axis.parameter, f.changes.get(axis.parameter.name, axis.usual), language)
                for f in found.designed
            ),
        )
        for axis in found.problem.box.axes
    )
    title = say("design_levers", language, start=write_month(found.problem.box.start))
    return Table(title, head, rows)
