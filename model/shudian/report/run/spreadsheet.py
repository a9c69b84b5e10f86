"""The results of runs for a spreadsheet: one row a package, one row a quantity, and the quantiles month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shudian.analysis.reported import Band
from shudian.analysis.results import LEVELS, Outcome
from shudian.analysis.verdicts import ADDITIONAL, CHANGED, MEASURES, Measure, Probability, Verdict, Verdicts
from shudian.kinds import FEWEST, LANGUAGES, Label
from shudian.report.render.csv_tables import Column, CsvCell, CsvTable, both, harmless, identifier, labelled, named
from shudian.report.words.captions import definition_label
from shudian.report.words.finding_text import basis_text
from shudian.units import conversion, display_unit, unit_label

Array = NDArray[np.float64]
Amounts = tuple[str, tuple[str, ...]]
"""What a band is of (nothing, `additional_` or `change_`), and the measures that have one."""


def verdict_table(verdicts: Verdicts) -> CsvTable:
    """The verdicts: one row a package, a column for each number; on what they rest stands in the last columns."""
    columns = [*named("column_package", "scenario")]
    columns += [Column(f"chance_{_name(*a, verdicts)}", _chance(*a, verdicts), "%") for a in _chances(verdicts)]
    for definition in verdicts.market.definitions:
        name = f"gain_{_name(verdicts.market.identifier, definition, verdicts)}"
        columns.append(labelled("csv_gain", name, definition=_definition(definition, verdicts)))
    for prefix, names in _amounts(verdicts):
        for measure in _measures(names):
            label, unit = amount_label(measure, prefix), measure.unit
            for key, end in (("median", "median"), ("low", "p05"), ("high", "p95")):
                columns.append(labelled(f"csv_{key}", f"{prefix}{measure.name}_{end}", unit, what=label))
    columns += [Column(f"basis_{language}", both("csv_basis")) for language in LANGUAGES]
    basis = [basis_text(verdicts, language) for language in LANGUAGES]
    return CsvTable("verdicts", tuple(columns), [[*_row(row, verdicts), *basis] for row in verdicts.rows])


def quantity_table(verdicts: Verdicts, stem: str) -> CsvTable:
    """The verdicts, one row a package and quantity; on what they rest stands in the last columns."""
    columns = (
        *named("column_package", "scenario"), *named("csv_quantity", "quantity"), labelled("column_unit", "unit"),
        labelled("column_median", "median"), labelled("column_low", "p05"), labelled("column_high", "p95"),
        *(Column(f"basis_{language}", both("csv_basis")) for language in LANGUAGES),
    )  # fmt: skip
    basis = [basis_text(verdicts, language) for language in LANGUAGES]
    rows = [[*cells, *basis] for row in verdicts.rows for cells in _quantities(row, verdicts)]
    return CsvTable(stem, columns, rows)


def monthly_table(outcomes: Sequence[Outcome]) -> CsvTable:
    """Every variable's monthly quantiles, one row a package, variable and month, in the units in which people think."""
    columns = (
        *named("column_package", "scenario"), *named("column_variable", "variable"), labelled("column_unit", "unit"),
        labelled("column_month", "month"),
        *(labelled("csv_quantile", f"q{100 * level:02.0f}", level=f"{level:z.0%}") for level in LEVELS),
    )  # fmt: skip
    found = []
    for outcome in outcomes:
        months, count, title = len(outcome.months), len(outcome.variables), outcome.scenario.title
        units = [display_unit(variable.unit) for variable in outcome.variables]
        factors = np.array([conversion(v.unit, unit) for v, unit in zip(outcome.variables, units, strict=True)])
        # six digits hold what the draws can tell and spare the reader sixteen
        shown = _rounded(outcome.quantiles * factors[:, None, None])
        texts = [
            *([harmless(text)] * (months * count) for text in (outcome.scenario.name, title.zh, title.en)),
            np.repeat([variable.name for variable in outcome.variables], months),
            *(np.repeat([v.label.text(language) for v in outcome.variables], months) for language in LANGUAGES),
            np.repeat([unit_label(unit, "zh") for unit in units], months),
            np.tile(outcome.months.astype("datetime64[M]").astype(str), count),
        ]
        arrays = [pa.array(text) for text in texts]
        arrays += [pa.array(shown[:, :, position].ravel()) for position in range(len(LEVELS))]
        found.append(pa.table(dict(zip([column.name for column in columns], arrays, strict=True))))
    return CsvTable("monthly_quantiles", columns, pa.concat_tables(found))


def amount_label(measure: Measure, prefix: str) -> Label:
    """What an amount is: a measure, what is additional of it, or what a change brings."""
    key = measure.label if prefix != "additional_" else f"additional_{measure.label}"
    label = both(key, year=measure.year, since=measure.since)
    return both("column_change", measure=label) if prefix == "change_" else label


def _rounded(values: Array) -> Array:
    magnitude = np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values))))
    scale = 10.0 ** np.clip(5 - magnitude, -12, 12)
    return np.asarray(np.round(values * scale) / scale)


def _chances(verdicts: Verdicts) -> Iterator[tuple[str, str]]:
    return ((target.identifier, definition) for target in verdicts.targets for definition in target.definitions)


def _name(target: str, definition: str, verdicts: Verdicts) -> str:
    """A target under a definition, for a head; by its number where the target's own file calls it otherwise."""
    number = 1 + [*_chances(verdicts)].index((target, definition))
    return identifier(f"{target}_{definition}", str(number))


def _chance(target: str, definition: str, verdicts: Verdicts) -> Label:
    label = next(found.label for found in verdicts.targets if found.identifier == target)
    return both("column_chance", target=label, definition=_definition(definition, verdicts))


def _definition(definition: str, verdicts: Verdicts) -> Label:
    return Label(*(definition_label(definition, verdicts, language) for language in LANGUAGES))


def _amounts(verdicts: Verdicts) -> list[Amounts]:
    found: list[Amounts] = [("", tuple(m.name for m in MEASURES)), ("additional_", ADDITIONAL)]
    return found + ([("change_", CHANGED)] if verdicts.pairing.originals else [])


def _measures(names: Sequence[str]) -> list[Measure]:
    return [measure for measure in MEASURES if measure.name in names]


def _row(row: Verdict, verdicts: Verdicts) -> list[CsvCell]:
    title = row.scenario.title
    cells: list[CsvCell] = [row.scenario.name, title.zh, title.en]
    cells += [_percent(row.targets[target][definition], verdicts) for target, definition in _chances(verdicts)]
    cells += [_percent(row.gains.get(definition), verdicts) for definition in verdicts.market.definitions]
    for bands, (_, names) in zip((row.measures, row.additional, row.changes), _amounts(verdicts), strict=False):
        for measure in _measures(names):
            cells += _ends(bands.get(measure.name))
    return cells


def _quantities(row: Verdict, verdicts: Verdicts) -> Iterator[list[CsvCell]]:
    title = row.scenario.title
    start: list[CsvCell] = [row.scenario.name, title.zh, title.en]
    for target, definition in _chances(verdicts):
        label = _chance(target, definition, verdicts)
        chance = _percent(row.targets[target][definition], verdicts)
        yield [*start, f"chance_{_name(target, definition, verdicts)}", label.zh, label.en, "%", chance, None, None]
    for bands, prefix in ((row.measures, ""), (row.additional, "additional_"), (row.changes, "change_")):
        for measure in MEASURES:
            if measure.name in bands:
                label, unit = amount_label(measure, prefix), unit_label(measure.unit, "zh")
                name = f"{prefix}{measure.name}"
                yield [*start, name, label.zh, label.en, unit, *_ends(bands[measure.name])]


def _percent(chance: Probability | None, verdicts: Verdicts) -> CsvCell:
    """A probability or a difference of two in points; none from fewer than FEWEST draws."""
    return None if chance is None or verdicts.draws < FEWEST else round(100 * chance.value, 2)


def _ends(band: Band | None) -> list[CsvCell]:
    if band is None:
        return [None, None, None]
    return [float(f"{value:.6g}") for value in (band.median, band.low, band.high)]
