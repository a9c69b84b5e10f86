"""Answers as tidy tables, and verdicts as a cell of a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from shudian.analysis.verdicts import MEASURES, Verdicts
from shudian.kinds import LANGUAGES, Language
from shudian.own_priors import WARNED_BELOW
from shudian.report.document import entries, finding, paragraphs
from shudian.report.render.csv_tables import CsvTable
from shudian.report.render.html import html
from shudian.report.run import short as first
from shudian.report.words.captions import joined
from shudian.report.words.cautions import cautions
from shudian.report.words.finding_text import basis_text
from shudian.wording import say

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

COMPARED = ("level", "additional", "change")
"""What a row of `measures` is: the level, the difference to the reference, and the difference that settings make."""


def measures(verdicts: Verdicts) -> pd.DataFrame:
    """One row for each measure, scenario and comparison; see `RunAnswer.frame`."""
    import pandas as pd

    rows = []
    for row in verdicts.rows:
        bands = dict(zip(COMPARED, (row.measures, row.additional, row.changes), strict=True))
        for measure in MEASURES:
            labels = {
                f"label_{language}": say(measure.label, language, year=measure.year, since=measure.since)
                for language in LANGUAGES
            }
            about = {
                "scenario": row.scenario.name, "measure": measure.name, "variable": measure.variable,
                "since": measure.since if measure.reading == "increase_over_year" else measure.year,
                "year": measure.year, "unit": measure.unit, **labels,
            }  # fmt: skip
            rows += [
                {**about, "compared": of, "median": band.median, "low": band.low, "high": band.high}
                for of, found in bands.items()
                if (band := found.get(measure.name)) is not None
            ]
    return pd.DataFrame(rows)


def chances(verdicts: Verdicts) -> pd.DataFrame:
    """One row for each target, scenario and definition; see `RunAnswer.chances`."""
    import pandas as pd

    rows = []
    for row in verdicts.rows:
        for target, found in row.targets.items():
            is_market = target == verdicts.market.identifier
            for definition, chance in found.items():
                gained, turned = (of.get(definition) if is_market else None for of in (row.gains, row.turns))
                rows.append(
                    {
                        "scenario": row.scenario.name, "target": target, "definition": definition,
                        "probability": chance.value, "standard_error": chance.error,
                        "gained": gained.value if gained else np.nan,
                        "turned": turned.value if turned else np.nan,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def frame_of(table: CsvTable) -> pd.DataFrame:
    """What the command writes as a CSV file: the same heads and units, numbers as they are.

    `attrs` has for each column that has one its `units`, and its label under `long_name` and `long_name_zh`.
    """
    import pandas as pd

    heads = [column.name for column in table.columns]
    assert not isinstance(table.rows, pa.Table)
    found = pd.DataFrame(list(table.rows), columns=heads)
    for name, told in (
        ("units", {column.name: column.unit for column in table.columns if column.unit}),
        ("long_name", {column.name: column.label.en for column in table.columns}),
        ("long_name_zh", {column.name: column.label.zh for column in table.columns}),
    ):
        found.attrs[name] = told
    return found


def dataset_of(frame: pd.DataFrame, *keys: str) -> xr.Dataset:
    """`frame` as a dataset over `keys`, which together name each row once.

    A text that is one and the same in all rows is an attribute, and one that hangs on a single key is a coordinate of
    it (`unit` of a measure, `loop_en` of a loop); so is a whole number that hangs on one of several keys (`year` of a
    measure). Every other number, True and False are variables whatever they come to. Variables have `units` and
    `long_name` where the frame tells them.
    """
    from pandas.api.types import is_integer_dtype

    frame = frame.astype({name: np.float64 for name in frame.columns if _lacking(frame[name])})
    indexed = frame.set_index([*keys])
    found = indexed.to_xarray()
    for name in indexed.columns:
        said = frame[name].map(str)
        text = _of_texts(frame[name])
        if text and said.nunique() == 1:
            found.attrs[name] = said.iloc[0]
            found = found.drop_vars(name)
            continue
        of = [key for key in keys if (said.groupby(frame[key]).nunique() <= 1).all()]
        counted = is_integer_dtype(frame[name]) and len(keys) > 1 and said.nunique() > 1
        if of and (text or counted):
            one = frame.drop_duplicates(of[0]).set_index(of[0])[name].reindex(found.indexes[of[0]])
            found = found.drop_vars(name).assign_coords({name: (of[0], one.to_numpy())})
            continue
        for attribute, told in frame.attrs.items():
            if name in told:
                found[name].attrs[attribute] = told[name]
    return found


def _of_texts(column: pd.Series[Any]) -> bool:
    return any(isinstance(value, str) for value in column)


def _lacking(column: pd.Series[Any]) -> bool:
    """Whether these are numbers of which some are None, which pandas keeps as objects."""
    return column.dtype == object and not _of_texts(column)


def with_worth(text: str, verdicts: Verdicts, language: Language) -> str:
    """`text` and, where weights or repetitions have left few independent draws, how many carry it."""
    if verdicts.carried >= min(verdicts.draws, WARNED_BELOW):
        return text
    worth = say("carried_few", language, effective=f"{verdicts.carried:,.0f}", draws=f"{verdicts.draws:,}")
    return joined([text, worth], language, "", " ")


def verdict_html(verdicts: Verdicts, said: str) -> str:
    """As a cell of a notebook: what was found, what it rests on, the chances, and every caution."""
    warned = (caution.long.en for caution in cautions(verdicts))
    return html(
        (finding(said), paragraphs(basis_text(verdicts, "en")), first.chances(verdicts, "en"), entries(*warned))
    )
