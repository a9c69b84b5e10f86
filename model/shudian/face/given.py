"""What is given before anything is asked: the model, the posterior's draws, and a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shudian.answers.handed import flag, text
from shudian.face.asked import Settings, settings
from shudian.face.inference import about, datatree
from shudian.face.own_model import OpenModel, opened
from shudian.grounds import calibrating, grounds_of
from shudian.kinds import InputError, Model, Scenario
from shudian.now import read_now
from shudian.parameters import HOME
from shudian.posterior_file import Posterior
from shudian.report.words.captions import evidence_words
from shudian.scenario_changes import check_settings, with_settings
from shudian.scenarios import load_scenario
from shudian.structure import load_model

if TYPE_CHECKING:
    import xarray as xr


def model(city: str = HOME) -> OpenModel:
    """The model of `city`: its equations, parameters, loops; and what to change, for `run(..., model=...)`.

    `city` is a name or the file of a city of one's own. Raises InputError for a city that is not known, and for any
    mistake in its file.
    """
    return opened(load_model(text("city", city)))


def scenario(name: str, set: Settings = (), city: str = HOME, now: str = "", retrospective: bool = False) -> Scenario:
    """The scenario `name`, shipped or of a file, with `set` changed as `shudian.run` does. Raises InputError."""
    parameters = load_model(text("city", city)).parameters
    first = read_now(text("now", now))
    loaded = load_scenario(text("name", name), parameters, now=first)
    changes = settings(set)
    check_settings(changes, parameters, first, flag("retrospective", retrospective))
    return with_settings(loaded, changes, parameters) if changes else loaded


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PosteriorDraws:
    """A posterior's draws with what they rest on."""

    posterior: Posterior
    model: Model

    def to_dataset(self) -> xr.Dataset:
        """Every uncertain parameter, [draw], with `units` and `long_name`, and the batch of each draw."""
        import xarray as xr

        found = self.posterior
        variables = {}
        for name, values in zip(found.names, found.values, strict=True):
            variables[name] = ("draw", values, about(self.model, name))
        told = {"city": found.city, "reports": found.reports, "findings": found.findings, "until": found.data_until}
        return xr.Dataset(variables, {"draw": np.arange(found.size), "batch": ("draw", found.batch)}, told)

    def to_datatree(self) -> xr.DataTree:
        """As ArviZ reads it, batches as chains: prior, posterior, log-likelihood, what was and what would be printed.

        `printed` is the number of each report in its unit, under the meaning that has most weight; NaN where only a
        growth rate was printed beside none. `posterior_predictive` has the report's own error and chance of being
        wrong, each report's for itself, but not the reach of words such as 约. Reports that share a definition and a
        year are not independent: their log-likelihoods are of each given those before. Another city's batches are no
        chains, and stand in one.
        """
        return datatree(self.posterior, self.model)

    def __repr__(self) -> str:
        found = self.posterior
        return (
            f"{found.size:,} draws of {len(found.names)} uncertain parameters of {found.city}, "
            f"fitted to {evidence_words(found, 'en')}, data until {found.data_until}"
        )


def posterior(city: str = HOME, file: str = "") -> PosteriorDraws:
    """The shipped posterior of `city`, or that of `file`; raises InputError where there is none, or it is stale."""
    of = load_model(text("city", city))
    found = grounds_of(city, text("file", file))
    if found.posterior is None and found.reason:
        raise InputError(found.reason)
    if found.posterior is None:
        command = calibrating(city)
        raise InputError("no posterior of {city} is there; make one with: {command}", city=city, command=command)
    return PosteriorDraws(found.posterior, of)
