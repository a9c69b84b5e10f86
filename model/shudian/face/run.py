"""`shudian.run`: packages on the draws of the posterior, as an answer of numbers, tables and one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from shudian.analysis.results import Outcome
from shudian.analysis.verdicts import Verdicts
from shudian.answers.handed import one_by_one, text, texts
from shudian.answers.names import outcome_named
from shudian.answers.plan import Request, plan
from shudian.answers.requests import ASKED, paired_words
from shudian.answers.run import Answer, carry_out, outcomes_with
from shudian.answers.why import WhyRequest
from shudian.answers.why import why as answer
from shudian.face.asked import PackageOptions, Settings, settings, words
from shudian.face.months import dataset, quantiles
from shudian.face.outcome import OutcomeAnswer, Rule, outcome_of
from shudian.face.tidy import chances, measures, verdict_html, with_worth
from shudian.face.why import WhyAnswer
from shudian.files import writing
from shudian.kinds import InputError, Language, Model, Parameter
from shudian.quantities import FIRST_YEAR, same_words, write_value
from shudian.report.render.parquet_tables import write_quantiles, write_yearly
from shudian.report.words.finding_text import basis_text, finding_text
from shudian.scenario_changes import read_setting
from shudian.schedules import find_parameter
from shudian.toml_file import nearest

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_QUOTE = '"'
ParquetTable = Literal["yearly_draws", "monthly_quantiles"]
_WRITERS = {"yearly_draws": write_yearly, "monthly_quantiles": write_quantiles}


def run(*scenarios: str, set: Settings = (), **asked: Unpack[PackageOptions]) -> RunAnswer:
    """What `shudian run` answers, as numbers.

    `scenarios` are names or paths of files, none meaning all shipped packages. `set` changes levers, assumptions and
    uncertain parameters as --set does: `{"fund_size": "2 亿元"}`, or `{"fund_size": "2 亿元@2026-07"}` from a month on;
    a bare number is for what has no unit. `priors` are one's own, as --prior-of reads them:
    `{"national_growth_2026": "normal(0.25, 0.125)"}`. `draws` is how many of the posterior's are used, or draws of
    one's own: a Dataset, DataFrame or mapping of each uncertain parameter's values, [draw], in the units in which
    `shudian.posterior().to_dataset()` has them (its `units`) or in what a `units` attribute says; that dataset, thinned
    or drawn again, may be handed back. The answer then says that it rests on them, and keeps their order; with
    `prior=True` parameters that are not among them are drawn from their priors. `model` is one that was
    changed, as `shudian.model().with_lever(...)` gives it. The rest means what the command's options of that name mean.
    The same arguments give the same numbers, bit for bit. Raises InputError with the nearest name for every mistake.
    """
    request = Request(one_by_one(scenarios), settings=settings(set), **words(asked, PackageOptions))
    return RunAnswer(request, carry_out(plan(request, with_bases=True)))


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

    @property
    def effective(self) -> float:
        """How many independent draws carry the answer: fewer than its draws where priors of one's own weigh them."""
        return self.verdicts.carried

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

    def to_dataset(self, variables: Sequence[str] = ()) -> xr.Dataset:
        """`variables`, or else all that were kept, month by month and draw by draw at the turn of each year.

        `NAME` is [scenario, month, quantile]: the value at the end of the month, so that `.sel(month="2027-12")` is
        the end of 2027, as in every table. `NAME_yearly` is [scenario, year, draw]: the increase over the year of
        what accumulates (its unit is then one per year), and otherwise the level at the year's end. All have `units`
        and `long_name`; the attributes say what the answer rests on. Any variable of the model can be asked for, by
        name or label: what was not kept is run again on the same draws. Raises InputError with the nearest names.
        """
        outcomes = self._with(wanted) if (wanted := texts("variables", variables)) else self.answer.outcomes
        return dataset(outcomes, basis_text(self.verdicts, "en"), self.effective)

    def series(self, *variables: str) -> pd.DataFrame:
        """One row for a variable of a scenario in a month: its quantiles `q05` to `q95` at the month's end, in `unit`.

        Any variables of the model, as in `to_dataset`; none means all that were kept.
        """
        return quantiles(self._with(texts("variables", variables)) if variables else self.answer.outcomes)

    def outcome(self, name: str, rule: Rule, unit: str = "") -> OutcomeAnswer:
        """An outcome of one's own, called `name`, in every scenario of this answer and on its draws.

        `rule` is a text in the language of the model's equations, such as `"fte_jobs / cumulative_fiscal_cost"`, in
        which `yearly(x)` is the increase of x over the last twelve months; its unit follows from its parts, and `unit`
        may only scale it ("人/亿元"). Or it is a function, `lambda months: months.fte_jobs / months.active_firms`, of
        whatever it asks of `Months`; then `unit` says what comes out. Every variable and parameter of the model can
        be used, by name or label. Raises InputError with the nearest name or the units that do not fit.
        """
        return outcome_of(self.answer, name, rule, unit, basis_text(self.verdicts, "en"))

    def to_parquet(self, path: str | Path, table: ParquetTable = "yearly_draws") -> None:
        """Write `yearly_draws` or `monthly_quantiles` to `path`, as `shudian run` writes the file of that name.

        What made it (digests of model, draws and posterior, seed, version) and every column's unit and labels stand
        in the file: `pandas.read_parquet(path).attrs`. Raises InputError where it cannot be written.
        """
        if table not in _WRITERS:
            raise InputError("there is no table “{name}”{nearest}", name=table, nearest=nearest(table, _WRITERS))
        with writing(Path(path), replace=True) as draft:
            _WRITERS[table](self.answer.outcomes, draft)

    def _with(self, variables: Sequence[str]) -> tuple[Outcome, ...]:
        names = dict.fromkeys(outcome_named(name, self.model).name for name in variables)
        return outcomes_with(self.answer, tuple(names))

    def without(self, *levers: str) -> RunAnswer:
        """The same question with these levers as they are without a decision.

        Raises InputError for what is no lever.
        """
        found = [self._lever(text("without", name)) for name in levers]
        names = {parameter.name for parameter in found}
        kept = tuple(text for text in self.request.settings if self._sets(text) not in names)
        idle = tuple(f"{p.name}={write_value(p.value, p).strip(_QUOTE)}@{FIRST_YEAR}-01" for p in found)
        request = replace(self.request, settings=(*kept, *idle), retrospective=True)
        return RunAnswer(request, carry_out(plan(request, with_bases=True)))

    def why(self, outcome: str = "local_output") -> WhyAnswer:
        """Which feedback loops drove `outcome` in the package asked about, and its difference from `against` itself.

        A package that makes assumptions of its own is so compared across two worlds, as `shudian why` does. Raises
        InputError for what is no outcome.
        """
        scenario = self.request.scenarios[0] if self.request.scenarios else ASKED
        request = WhyRequest(scenario, text("outcome", outcome), **paired_words(self.request))
        return WhyAnswer(answer(request))

    def _lever(self, name: str) -> Parameter:
        meant = [p for p in self.model.parameters.values() if p.name == name or same_words(p.label.zh, name)]
        if meant and all(p.role != "lever" for p in meant):
            raise InputError(
                "“{name}” is no lever of the city, so that no package can do without it; change it with set", name=name
            )
        return find_parameter(name, self.model.parameters, ("lever",))

    def _sets(self, setting: str) -> str:
        return read_setting(setting, self.model.parameters)[0].name

    def say(self, language: Language = "en") -> str:
        """What was found, in a sentence or two, and whether few draws carry it."""
        return with_worth(finding_text(self.verdicts, language), self.verdicts, language)

    def __repr__(self) -> str:
        return self.say()

    def _repr_html_(self) -> str:
        return verdict_html(self.verdicts, self.say())
