"""Runs month by month and draw by draw, as datasets and tables that carry their units and labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.results import LAST_YEAR, LEVELS, Outcome
from shudian.quantities import FIRST_YEAR
from shudian.report.render.parquet_tables import made_by

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

ACCUMULATED = "cumulative_"
"""How the names of what accumulates from 2023 on begin."""


def dataset(outcomes: Sequence[Outcome], basis: str, effective: float) -> xr.Dataset:
    """As `RunAnswer.to_dataset` says; `basis` and how many draws it is worth are told among the attributes."""
    import xarray as xr

    names = [outcome.scenario.name for outcome in outcomes]
    first = outcomes[0]
    found: dict[str, Any] = {}
    for place, variable in enumerate(first.variables):
        about = {"units": variable.unit, "long_name": variable.label.en, "long_name_zh": variable.label.zh}
        found[variable.name] = (
            ("scenario", "month", "quantile"), np.stack([o.quantiles[place] for o in outcomes]), about,
        )  # fmt: skip
        accumulates = variable.name.startswith(ACCUMULATED)
        found[f"{variable.name}_yearly"] = (
            ("scenario", "year", "draw"),
            np.stack([_yearly(outcome, place, accumulates) for outcome in outcomes]),
            {**about, "units": f"{variable.unit}/year"} if accumulates else about,
        )
    coordinates = {
        "scenario": names,
        "month": ("month", month_ends(first.months), {"long_name": "end of the month"}),
        "quantile": list(LEVELS),
        "year": np.arange(FIRST_YEAR, LAST_YEAR + 1),
        "draw": np.arange(first.draws),
    }
    return xr.Dataset(found, coordinates, {**made_by(outcomes), "effective_draws": f"{effective:.0f}", "basis": basis})


def quantiles(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """As `RunAnswer.series` says; `attrs` say what made the runs."""
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                "scenario": outcome.scenario.name, "variable": variable.name, "label_zh": variable.label.zh,
                "label_en": variable.label.en, "unit": variable.unit, "month": month_ends(outcome.months),
                **{f"q{100 * level:02.0f}": outcome.quantiles[place, :, n] for n, level in enumerate(LEVELS)},
            }
        )
        for outcome in outcomes
        for place, variable in enumerate(outcome.variables)
    ]  # fmt: skip
    found = pd.concat(parts, ignore_index=True)
    found.attrs.update(made_by(outcomes))
    return found


def month_ends(months: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """The last day of the month before each of `months`: the state on the first of a month is that at its end."""
    return (months.astype("datetime64[D]") - np.timedelta64(1, "D")).astype("datetime64[ns]")


def _yearly(outcome: Outcome, place: int, accumulates: bool) -> NDArray[np.float64]:
    turns = outcome.yearly[place]
    return np.asarray(np.diff(turns, axis=0) if accumulates else turns[1:])
