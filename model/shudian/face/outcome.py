"""An outcome of one's own in an answer: as tables, as a dataset, and in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from shudian.analysis.results import LEVELS
from shudian.analysis.verdicts import YEAR
from shudian.answers.handed import as_given, number, text
from shudian.answers.names import thing_named
from shudian.answers.own_outcome import Compared, OwnOutcome, Reader, band_of, own_outcome, written, years
from shudian.answers.run import Answer
from shudian.face.months import month_ends
from shudian.kinds import InputError, Language, Model
from shudian.quantities import FIRST_YEAR
from shudian.report.document import finding, paragraphs
from shudian.report.render.html import html
from shudian.report.render.numbers import significant
from shudian.report.render.parquet_tables import made_by
from shudian.report.words.captions import joined
from shudian.units import unit_label
from shudian.wording import say

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Rule = str | Callable[["Months"], Any]
"""Text in the language of the model's equations, or a function of the months."""


class Months:
    """What a rule of one's own is given: any variable of the model in one scenario, by name, in every draw.

    `months.fte_jobs` and `months["fte_jobs"]` are DataArrays [month, draw] with `units`; a month is its end, the first
    one the state at the beginning. `months.increase(x)` is what x has gained over the last twelve months.
    """

    def __init__(self, read: Reader, ends: Any, model: Model) -> None:
        self._read, self._ends, self._model = read, ends, model

    def __getitem__(self, name: str) -> xr.DataArray:
        """The variable or parameter `name`; raises InputError with the nearest names."""
        import xarray as xr

        values, thing = self._read(name), thing_named(name, self._model)
        about = {"units": thing.unit, "long_name": thing.label.en, "long_name_zh": thing.label.zh}
        places = {"month": self._ends, "draw": np.arange(values.shape[1])}
        return xr.DataArray(values, places, ("month", "draw"), thing.name, about)

    def __getattr__(self, name: str) -> xr.DataArray:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    @staticmethod
    def increase(series: xr.DataArray) -> xr.DataArray:
        """What `series` has gained over the last twelve months; not a number in the first year."""
        return series - series.shift(month=12)


def outcome_of(answer: Answer, name: str, rule: Rule, unit: str, basis: str) -> OutcomeAnswer:
    """As `RunAnswer.outcome` says; `basis` is told among the attributes of the dataset."""
    name, unit = text("name", name), text("unit", unit)
    if not isinstance(rule, str) and not callable(rule):
        raise InputError(
            "rule is {given}; write a text such as {example}, or a function of the months",
            given=as_given(rule), example='"fte_jobs / active_firms"',
        )  # fmt: skip
    if isinstance(rule, str):
        found = own_outcome(answer, name, written(rule, answer.model), unit)
    else:
        ends = month_ends(answer.outcomes[0].months)
        found = own_outcome(answer, name, lambda read: _plain(rule(Months(read, ends, answer.model))), unit)
    return OutcomeAnswer(found, {**made_by(answer.outcomes), "basis": basis})


def _plain(result: Any) -> Any:
    """A DataArray as [month, draw], whatever the order of its dimensions; anything else as it is."""
    if hasattr(result, "data_vars") or not hasattr(result, "dims"):
        return result
    return result.transpose("month", "draw", ..., missing_dims="ignore").values


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OutcomeAnswer:
    """An outcome of one's own in every scenario of an answer, on the same draws."""

    found: OwnOutcome
    made: dict[str, str]
    """What the answer rests on: digests, seed, version, and a sentence."""

    def frame(self) -> pd.DataFrame:
        """One row for a scenario at a year's end: `median` and the 5-95 % range `low` to `high`, in `unit`.

        `compared` says of what, as in `RunAnswer.frame`; differences are taken draw by draw. `undefined` is the share
        of the draws that have no value, as where something is divided by nothing; the rest is of the others.
        """
        import pandas as pd

        rows = []
        for scenario in self.found.scenarios:
            for compared in get_args(Compared):
                for year in years():
                    values = self.found.read(scenario.name, year, compared)
                    if values is None:
                        continue
                    band, undefined = band_of(values)
                    rows.append(
                        {
                            "scenario": scenario.name, "outcome": self.found.name, "year": year,
                            "unit": self.found.unit, "compared": compared, "median": band.median,
                            "low": band.low, "high": band.high, "undefined": undefined,
                        }
                    )  # fmt: skip
        return self._told(pd.DataFrame(rows))

    def chances(self, above: float | str) -> pd.DataFrame:
        """One row for a scenario at a year's end: how likely the outcome exceeds `above`, with its standard error.

        `above` is a number in `unit`, or an amount with a unit of its own. `gained` is the difference to the reference,
        draw by draw. A draw that has no value does not exceed. Raises InputError for another unit.
        """
        import pandas as pd

        threshold = self.found.threshold(above if isinstance(above, str) else number("above", above))
        rows = []
        for scenario in self.found.scenarios:
            for year in years():
                chance = self.found.chance(scenario.name, year, threshold)
                gained = self.found.gained(scenario.name, year, threshold)
                rows.append(
                    {
                        "scenario": scenario.name, "outcome": self.found.name, "year": year, "above": threshold,
                        "unit": self.found.unit, "probability": chance.value, "standard_error": chance.error,
                        "gained": gained.value if gained else np.nan,
                        "gained_error": gained.error if gained else np.nan,
                    }
                )  # fmt: skip
        return self._told(pd.DataFrame(rows))

    def to_dataset(self) -> xr.Dataset:
        """`NAME` [scenario, month, quantile] and `NAME_yearly` [scenario, year, draw], as `RunAnswer.to_dataset`.

        Quantiles are of the draws that have a value; `NAME_yearly` is that at the year's end.
        """
        import xarray as xr

        found, about = self.found, {"units": self.found.unit, "long_name": self.found.name}
        names = [scenario.name for scenario in found.scenarios]
        every = [found.values[name] for name in names]
        quantiles = np.full((len(names), len(found.months), len(LEVELS)), np.nan)
        for place, values in enumerate(every):
            told = np.isfinite(values).any(axis=1)
            if told.any():
                quantiles[place, told] = np.nanquantile(values[told], LEVELS, axis=1).T
        yearly = [[values[12 * (year + 1 - FIRST_YEAR)] for year in years()] for values in every]
        return xr.Dataset(
            {
                found.name: (("scenario", "month", "quantile"), quantiles, about),
                f"{found.name}_yearly": (("scenario", "year", "draw"), np.array(yearly), about),
            },
            {
                "scenario": names,
                "month": ("month", month_ends(found.months), {"long_name": "end of the month"}),
                "quantile": list(LEVELS),
                "year": list(years()),
                "draw": np.arange(every[0].shape[1]),
            },
            self.made,
        )

    def say(self, language: Language = "en") -> str:
        """What the outcome comes to in the targets' year, in every scenario."""
        told = []
        for scenario in self.found.scenarios:
            values = self.found.read(scenario.name, YEAR)
            assert values is not None
            band, undefined = band_of(values)
            numbers = [significant(value, 6) for value in (band.median, band.low, band.high)]
            key = "own_outcome_undefined" if undefined == 1 else "own_outcome_in"
            title = scenario.title.text(language)
            told.append(
                say(key, language, scenario=title, **dict(zip(("median", "low", "high"), numbers, strict=True)))
            )
        unit = unit_label(self.found.unit, language) or "1"
        return say("own_outcome", language, name=self.found.name, unit=unit, year=YEAR, told=joined(told, language))

    def _told(self, frame: pd.DataFrame) -> pd.DataFrame:
        frame.attrs.update(self.made)
        return frame

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return html((finding(self.say()), paragraphs(self.made["basis"])))
