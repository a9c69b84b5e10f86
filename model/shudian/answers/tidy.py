"""Verdicts as tidy tables and as a cell of a notebook, for every answer that has them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np

from shudian.compare.verdicts import MEASURES, Verdicts
from shudian.kinds import LANGUAGES
from shudian.report.finding_text import basis_text
from shudian.report.strings import say

if TYPE_CHECKING:
    import pandas as pd

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


def shown(verdicts: Verdicts, said: str) -> str:
    """As HTML: what was found, what it rests on, the chances, and every caution."""
    cautions = "".join(f"<li>{html.escape(caution.long.en)}</li>" for caution in verdicts.cautions)
    table = chances(verdicts).to_html(index=False, float_format="{:.2f}".format, na_rep="", border=0)
    basis = html.escape(basis_text(verdicts, "en"))
    return f"<p><b>{html.escape(said)}</b></p><p>{basis}</p>{table}<ul>{cautions}</ul>"
