"""`shudian.run`: packages on the draws of the posterior, as an answer of numbers, tables and one sentence."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from shudian.answers.given import settings
from shudian.compare.results import LAST_YEAR, LEVELS, Outcome
from shudian.compare.verdicts import MEASURES, Verdicts
from shudian.kinds import Language, Model
from shudian.quantities import FIRST_YEAR, write_value
from shudian.report.job import REFERENCE, Answer, Request, carry_out, plan
from shudian.report.strings import say
from shudian.report.tables import basis_text, finding_text
from shudian.scenarios import read_setting
from shudian.schedules import find_parameter

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_QUOTE = '"'
ACCUMULATED = "cumulative_"
"""How the names of what accumulates from 2023 on begin."""
COMPARED = ("level", "additional", "change")
"""What a row of `frame` is: the level, the difference to the reference, and the difference that settings make."""


def run(
    *scenarios: str,
    set: Mapping[str, object] | Sequence[str] = (),
    shocks: Sequence[str] = (),
    draws: int | None = None,
    seed: int = 1,
    city: str = "",
    targets: str = "",
    prior: bool = False,
    posterior: str = "",
    priors: Mapping[str, str] | None = None,
    against: str = REFERENCE,
    same_budget: bool = False,
) -> RunAnswer:
    """What `shudian run` answers, as numbers.

    `scenarios` are names or paths of files, none meaning all shipped packages. `set` changes levers, assumptions and
    uncertain parameters as --set does: `{"fund_size": "2 亿元"}`, or `{"fund_size": "2 亿元@2026-07"}` from a month on;
    a bare number is for what has no unit. `priors` are one's own, as --prior-of reads them:
    `{"national_growth_2026": "normal(0.25, 0.125)"}`. The rest means what the command's options of that name mean.
    The same arguments give the same numbers, bit for bit. Raises InputError with the nearest name for every mistake.
    """
    request = Request(
        scenarios=scenarios,
        shocks=tuple(shocks),
        settings=settings(set),
        draws=draws,
        seed=seed,
        city=city,
        targets=targets,
        prior=prior,
        posterior=posterior,
        against=against,
        own_priors=tuple(f"{name}={text}" for name, text in (priors or {}).items()),
        same_budget=same_budget,
    )
    return RunAnswer(request, carry_out(plan(request)))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RunAnswer:
    """What `run` found: every scenario on the same draws."""

    request: Request
    answer: Answer

    @property
    def verdicts(self) -> Verdicts:
        """All that was judged, as `shudian.compare.verdicts` has it."""
        return self.answer.verdicts

    @property
    def model(self) -> Model:
        """The model that was run."""
        return self.answer.model

    def frame(self) -> pd.DataFrame:
        """One row for a measure of a scenario: `median` and the 5-95 % range `low` to `high`, in `unit`.

        `compared` says of what: the `level`, the `additional` to the reference, or the `change` that settings make,
        the last two draw by draw. A total is over the years `since` to `year`; a level is that at the end of `year`.
        """
        import pandas as pd

        rows = []
        for row in self.verdicts.rows:
            bands = dict(zip(COMPARED, (row.measures, row.additional, row.changes), strict=True))
            for measure in MEASURES:
                about = {
                    "scenario": row.scenario.name, "measure": measure.name, "variable": measure.variable,
                    "since": measure.since if measure.reading == "increase_over_year" else measure.year,
                    "year": measure.year, "unit": measure.unit,
                    "label_zh": say(measure.label, "zh", year=measure.year, since=measure.since),
                    "label_en": say(measure.label, "en", year=measure.year, since=measure.since),
                }  # fmt: skip
                rows += [
                    {**about, "compared": of, "median": band.median, "low": band.low, "high": band.high}
                    for of, found in bands.items()
                    if (band := found.get(measure.name)) is not None
                ]
        return pd.DataFrame(rows)

    def chances(self) -> pd.DataFrame:
        """One row for a target of a scenario under one definition: the probability that it is reached.

        `standard_error` is that of the draws alone. Of the market's target `gained` is the difference to the
        reference, and `turned` that which settings make, both draw by draw.
        """
        import pandas as pd

        rows = []
        for row in self.verdicts.rows:
            for target, found in row.targets.items():
                is_market = target == self.verdicts.market.identifier
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

    def to_dataset(self) -> xr.Dataset:
        """Every variable that was kept, month by month and draw by draw at the turn of each year.

        `NAME` is [scenario, month, quantile]: the value at the end of the month, so that `.sel(month="2027-12")` is
        the end of 2027, as in every table. `NAME_yearly` is [scenario, year, draw]: the increase over the year of
        what accumulates (its unit is then one per year), and otherwise the level at the year's end. All have `units`
        and `long_name`; the attributes say what the answer rests on.
        """
        import xarray as xr

        outcomes = self.answer.outcomes
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
        # the state on the first of a month is that at the end of the month before
        ends = (first.months.astype("datetime64[D]") - np.timedelta64(1, "D")).astype("datetime64[ns]")
        coordinates = {
            "scenario": names,
            "month": ("month", ends, {"long_name": "end of the month"}),
            "quantile": list(LEVELS),
            "year": np.arange(FIRST_YEAR, LAST_YEAR + 1),
            "draw": np.arange(first.draws),
        }
        return xr.Dataset(found, coordinates, {**first.attributes, "basis": basis_text(self.verdicts, "en")})

    def without(self, *levers: str) -> RunAnswer:
        """The same question with these levers as they are without a decision.

        Raises InputError for what is no lever.
        """
        found = [find_parameter(name, self.model.parameters, ("lever",)) for name in levers]
        names = {parameter.name for parameter in found}
        kept = tuple(text for text in self.request.settings if self._sets(text) not in names)
        idle = tuple(f"{p.name}={write_value(p.value, p).strip(_QUOTE)}@{FIRST_YEAR}-01" for p in found)
        request = replace(self.request, settings=(*kept, *idle))
        return RunAnswer(request, carry_out(plan(request)))

    def _sets(self, setting: str) -> str:
        return read_setting(setting, self.model.parameters)[0].name

    def say(self, language: Language = "en") -> str:
        """What was found, in a sentence or two."""
        return finding_text(self.verdicts, language)

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        """The finding, what it rests on, the chances, and every caution."""
        cautions = "".join(f"<li>{html.escape(caution.long.en)}</li>" for caution in self.verdicts.cautions)
        table = self.chances().to_html(index=False, float_format="{:.2f}".format, na_rep="", border=0)
        said, basis = html.escape(self.say()), html.escape(basis_text(self.verdicts, "en"))
        return f"<p><b>{said}</b></p><p>{basis}</p>{table}<ul>{cautions}</ul>"


def _yearly(outcome: Outcome, place: int, accumulates: bool) -> Any:
    turns = outcome.yearly[place]
    return np.diff(turns, axis=0) if accumulates else turns[1:]
