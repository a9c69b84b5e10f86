"""`shudian.run`: packages on the draws of the posterior, as an answer of numbers, tables and one sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from shudian.analysis.results import LAST_YEAR, LEVELS, Outcome
from shudian.analysis.verdicts import Verdicts
from shudian.answers.plan import ASKED, Request, plan
from shudian.answers.run import Answer, carry_out
from shudian.answers.why import Question, answer
from shudian.face.asked import Asked, Settings, requested
from shudian.face.tidy import chances, measures, shown
from shudian.face.why import WhyAnswer
from shudian.kinds import Language, Model
from shudian.quantities import FIRST_YEAR, write_value
from shudian.report.finding_text import basis_text, finding_text
from shudian.scenario_changes import read_setting
from shudian.schedules import find_parameter

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_QUOTE = '"'
ACCUMULATED = "cumulative_"
"""How the names of what accumulates from 2023 on begin."""


def run(*scenarios: str, set: Settings = (), **asked: Unpack[Asked]) -> RunAnswer:
    """What `shudian run` answers, as numbers.

    `scenarios` are names or paths of files, none meaning all shipped packages. `set` changes levers, assumptions and
    uncertain parameters as --set does: `{"fund_size": "2 亿元"}`, or `{"fund_size": "2 亿元@2026-07"}` from a month on;
    a bare number is for what has no unit. `priors` are one's own, as --prior-of reads them:
    `{"national_growth_2026": "normal(0.25, 0.125)"}`. The rest means what the command's options of that name mean.
    The same arguments give the same numbers, bit for bit. Raises InputError with the nearest name for every mistake.
    """
    request = requested(scenarios, set, **asked)
    return RunAnswer(request, carry_out(plan(request)))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RunAnswer:
    """What `run` found: every scenario on the same draws."""

    request: Request
    answer: Answer

    @property
    def verdicts(self) -> Verdicts:
        """All that was judged, as `shudian.analysis.verdicts` has it."""
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
        return measures(self.verdicts)

    def chances(self) -> pd.DataFrame:
        """One row for a target of a scenario under one definition: the probability that it is reached.

        `standard_error` is that of the draws alone. Of the market's target `gained` is the difference to the
        reference, and `turned` that which settings make, both draw by draw.
        """
        return chances(self.verdicts)

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

    def why(self, outcome: str = "local_output") -> WhyAnswer:
        """Which feedback loops drove `outcome` in the package asked about, and its difference from `against` itself.

        A package that makes assumptions of its own is so compared across two worlds, as `shudian why` does.
        """
        asked = self.request
        question = Question(
            asked.scenarios[0] if asked.scenarios else ASKED, outcome, asked.against, asked.shocks, asked.settings,
            asked.draws, asked.seed, asked.city, asked.prior, asked.posterior, asked.own_priors,
        )  # fmt: skip
        return WhyAnswer(answer(question))

    def _sets(self, setting: str) -> str:
        return read_setting(setting, self.model.parameters)[0].name

    def say(self, language: Language = "en") -> str:
        """What was found, in a sentence or two."""
        return finding_text(self.verdicts, language)

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return shown(self.verdicts, self.say())


def _yearly(outcome: Outcome, place: int, accumulates: bool) -> Any:
    turns = outcome.yearly[place]
    return np.diff(turns, axis=0) if accumulates else turns[1:]
