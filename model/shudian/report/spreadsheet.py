"""The results for a spreadsheet: one row a package, and the monthly quantiles with names and units that people use."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shudian.compare.reported import Band
from shudian.compare.results import LEVELS, Outcome
from shudian.compare.verdicts import ADDITIONAL, CHANGED, MEASURES, Verdict, Verdicts
from shudian.kinds import Language
from shudian.report.captions import definition_label, display_unit
from shudian.report.numbers import percent, significant
from shudian.report.strings import say
from shudian.report.tables import basis_text, measure_head, signed_points
from shudian.units import conversion, unit_label

Array = NDArray[np.float64]


def spreadsheet(verdicts: Verdicts, language: Language) -> str:
    """The verdicts as CSV: one row a package, a column for each number; the basis stands in the last row."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(_head(verdicts, language))
    for row in verdicts.rows:
        write(_row(row, verdicts, language))
    write([basis_text(verdicts, language)])
    return out.getvalue()


def harmless(text: str) -> str:
    """`text` as a spreadsheet shows it and does not take it for a formula: titles may come from a stranger's file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def monthly(outcomes: Sequence[Outcome], language: Language) -> pa.Table:
    """Every variable's monthly quantiles, one row a package, variable and month, in the units in which people think."""
    keys = ("name", "package", "variable", "label", "unit", "month")
    heads = [say(f"column_{key}", language) for key in keys] + [f"{level:.0%}" for level in LEVELS]
    found = []
    for outcome in outcomes:
        months, count = len(outcome.months), len(outcome.variables)
        units = [display_unit(variable.unit) for variable in outcome.variables]
        factors = np.array([conversion(v.unit, unit) for v, unit in zip(outcome.variables, units, strict=True)])
        # six digits hold what the draws can tell and spare the reader sixteen
        shown = _rounded(outcome.quantiles * factors[:, None, None])
        texts = [
            [outcome.scenario.name] * (months * count),
            [harmless(outcome.scenario.title.text(language))] * (months * count),
            np.repeat([variable.name for variable in outcome.variables], months),
            np.repeat([variable.label.text(language) for variable in outcome.variables], months),
            np.repeat([unit_label(unit, language) for unit in units], months),
            np.tile(outcome.months.astype("datetime64[M]").astype(str), count),
        ]
        columns = [pa.array(text) for text in texts]
        columns += [pa.array(shown[:, :, position].ravel()) for position in range(len(LEVELS))]
        found.append(pa.table(dict(zip(heads, columns, strict=True))))
    return pa.concat_tables(found)


def _rounded(values: Array) -> Array:
    magnitude = np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values))))
    scale = 10.0 ** np.clip(5 - magnitude, -12, 12)
    return np.asarray(np.round(values * scale) / scale)


def _head(verdicts: Verdicts, language: Language) -> list[str]:
    head = [say("column_name", language), say("column_package", language)]
    for target in verdicts.targets:
        for definition in target.definitions:
            name = definition_label(definition, verdicts, language)
            label = target.label.text(language)
            head.append(say("column_chance", language, target=label, definition=name))
    for definition in verdicts.market.definitions:
        name = definition_label(definition, verdicts, language)
        head.append(f"{say('column_gain', language)} {name}")
    for prefix, names in _amounts(verdicts):
        for measure in MEASURES:
            if measure.name in names:
                title = measure_head(measure, language, prefix).replace("\n", "" if language == "zh" else " ")
                if prefix == "" and names == CHANGED:
                    title = say("column_change", language, measure=title)
                head += [f"{title} {say(f'column_{key}', language)}" for key in ("median", "low", "high")]
    return head


def _amounts(verdicts: Verdicts) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = [("", tuple(m.name for m in MEASURES)), ("additional_", ADDITIONAL)]
    return found + ([("", CHANGED)] if verdicts.pairing.originals else [])


def _row(row: Verdict, verdicts: Verdicts, language: Language) -> list[str]:
    cells = [row.scenario.name, harmless(row.scenario.title.text(language))]
    for target in verdicts.targets:
        cells += [percent(chance.value, verdicts.draws) for chance in row.targets[target.identifier].values()]
    for definition in verdicts.market.definitions:
        gain = row.gains.get(definition)
        cells.append(signed_points(gain, verdicts.draws, language).replace("−", "-") if gain else "")
    for bands, (_, names) in zip((row.measures, row.additional, row.changes), _amounts(verdicts), strict=False):
        for measure in MEASURES:
            if measure.name in names:
                cells += _plain(bands.get(measure.name), measure.unit)
    return cells


def _plain(band: Band | None, unit: str) -> list[str]:
    if band is None:
        return ["", "", ""]
    places = 2 if unit == "亿元" else 0
    values = (band.median, band.low, band.high)
    return [significant(value, places).replace(",", "").replace("−", "-") for value in values]
