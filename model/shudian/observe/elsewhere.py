"""seeds/cities/*.toml, [reports]: what the printed figures of another city measure in the same equations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from shudian.cities import city_path
from shudian.evidence import load_figures, load_parameters, published_dates
from shudian.indicators import rule_of
from shudian.kinds import Figure, InputError, Label, Model
from shudian.observe.reports import (
    CALIBRATION,
    Report,
    check_left_out,
    check_outcome,
    check_twins,
    load_reports,
    report_of,
)
from shudian.observe.rules import load_rules
from shudian.toml_file import TomlFile, nearest, read_toml

_KEYS = ("readings", "unit", "bound", "reason")


@dataclass(frozen=True, slots=True)
class CityReport:
    """One printed figure of another city, with everything that its words may measure."""

    city: str
    figure: Figure
    """As it was printed."""
    readings: tuple[Report, ...]
    """One for each definition that it may have; empty where the model counts nothing like it."""
    reason: Label | None
    """Why its definition differs from those of the model, or which of them is meant."""
    used: bool
    """Whether a prior of that city names it as evidence: it then shows consistency and is no forecast."""


def city_reports(
    city: str, model: Model, figures: Mapping[str, Figure] | None = None, path: Path | None = None
) -> tuple[CityReport, ...]:
    """The figures that the file of `city` (or at `path`) reads, for `model`, which has that city's parameters.

    Raises InputError for a city without a file and on any mistake in its [reports].
    """
    figures = load_figures() if figures is None else figures
    file = read_toml(path or city_path(city))
    home = load_parameters()
    backing = {name for p in model.parameters.values() if p != home[p.name] for name in p.evidence}
    found = []
    for name in file.data.get("reports", {}):
        if name not in figures:
            file.fail(
                "there is no figure or source “{name}”{nearest}",
                "reports",
                name,
                name=name,
                nearest=nearest(name, figures),
            )
        found.append(_report(file, city, figures[name], model, name in backing))
    return tuple(found)


def own_reports(
    city: str,
    model: Model,
    figures: Mapping[str, Figure] | None = None,
    *,
    without: Collection[str] = (),
    path: Path | None = None,
) -> tuple[Report, ...]:
    """The likelihood's rows of another city than Zhengzhou: its own figures of role calibration, and no other place's.

    Those of the nation are in the posterior with which the city shares its structure, and would count twice. A figure
    that the city's file reads (or that at `path`) is read as it says, each reading with its weight as one thing that
    the words may mean; any other with the rule of observation.toml. `without` leaves figures out. Raises InputError as
    `city_reports` and `load_reports` do, and for readings of one figure that differ in factor, scope or unit.
    """
    figures = load_figures() if figures is None else figures
    read = {report.figure.identifier: report for report in city_reports(city, model, figures, path)}
    others = {name: f for name, f in figures.items() if f.geography == city and name not in read}
    chosen = [report for report in read.values() if report.readings and report.figure.role == CALIBRATION]
    published = published_dates(report.figure for report in chosen)
    for report in chosen:
        check_outcome(report.figure, published[report.figure.identifier])
    found = [*map(_as_one, chosen), *load_reports(model, others, city=city)]
    check_twins(found)
    used = [figure.identifier for report in found for figure in report.figures]
    check_left_out(without, used)
    return tuple(report for report in found if not {f.identifier for f in report.figures} & {*without})


def _as_one(report: CityReport) -> Report:
    """The readings of one printed figure as what its words may mean."""
    first, *others = report.readings
    for other in others:
        if _width(other) != _width(first):
            raise InputError(
                "the readings of {figure} in the file of {city} differ in factor, scope or unit; a figure that "
                "is fitted has the same in all",
                figure=report.figure.identifier,
                city=report.city,
            ).at(report.figure.place)
    return replace(first, alternatives=tuple(a for reading in report.readings for a in reading.alternatives))


def _width(report: Report) -> tuple[object, ...]:
    return report.errors, report.rule.scope_sigma, report.display_factor


def _report(file: TomlFile, city: str, figure: Figure, model: Model, used: bool) -> CityReport:
    keys = ("reports", figure.identifier)
    table = file.data["reports"][figure.identifier]
    if not isinstance(table, dict) or not ("readings" in table or "reason" in table):
        file.fail(
            "“{figure}” needs “readings”, or a “reason” why its definition differs", *keys, figure=figure.identifier
        )
    file.only(_KEYS, *keys)
    written = table.get("readings", [])
    if not isinstance(written, list) or not all(isinstance(entry, dict) for entry in written):
        file.fail("“readings” is a list of tables, each with a variable and how it is read", *keys, "readings")
    # a count in another unit of the same thing, or of a part of the city, is read as what it tells of the whole city
    read_as = replace(figure, unit=table.get("unit", figure.unit), bound=table.get("bound", figure.bound))
    rules, readings = load_rules(model), []
    for entry in written:
        asked = {"indicator": figure.indicator, "place": city, "definition": figure.definition, **entry}
        report = report_of(read_as, model, rules, city, rule_of(file, asked, model))
        if report is None or not report.alternatives:
            raise InputError("{figure} prints no level to read", figure=figure.identifier).at(file.place(*keys))
        readings.append(report)
    reason = file.label(table["reason"], *keys, "reason") if "reason" in table else None
    return CityReport(city, figure, tuple(readings), reason, used)
