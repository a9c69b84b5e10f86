"""Runs reduced to what is reported: monthly quantiles, and every draw at the turn of each year."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Draws
from shudian.kinds import InputError, Label, Model, Scenario
from shudian.quantities import FIRST_YEAR, MONTHS
from shudian.simulate import bare_run
from shudian.units import conversion

if TYPE_CHECKING:
    import xarray as xr

LAST_YEAR = FIRST_YEAR + MONTHS // 12 - 1
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
Reading = Literal["increase_over_year", "level_at_year_end"]


@dataclass(frozen=True, slots=True)
class Variable:
    """What a column of results is."""

    name: str
    unit: str
    label: Label


class Readable(Protocol):
    """What verdicts are read from: a run of one scenario at the turn of each year."""

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        ...

    @property
    def draws(self) -> int:
        """Number of draws."""
        ...

    def read(self, variable: str, reading: Reading, year: int, unit: str) -> NDArray[np.float64]:
        """Every draw's value of `variable` in `year`, in `unit`: its increase over the year, or its level at the end.

        An increase is counted per year, so that `unit` is one of the stock itself (`亿元`).
        """
        ...

    def turns(self) -> Yearly:
        """The run at the turn of each year."""
        ...


@dataclass(frozen=True, slots=True)
class Yearly:
    """One scenario's run at the turn of each year, and nothing else: for callers that run many."""

    scenario: Scenario
    variables: tuple[Variable, ...]
    yearly: NDArray[np.float64]
    """[variable, year, draw]: the value on 1 January of each year from 2023 on."""

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.yearly.shape[2])

    def index(self, variable: str) -> int:
        """Position of `variable`; raises KeyError if the run does not have it."""
        for position, candidate in enumerate(self.variables):
            if candidate.name == variable:
                return position
        raise KeyError(variable)

    def read(self, variable: str, reading: Reading, year: int, unit: str) -> NDArray[np.float64]:
        """See Readable; raises KeyError for a variable that the run does not have."""
        position = self.index(variable)
        end = year + 1 - FIRST_YEAR
        values = self.yearly[position, end]
        if reading == "increase_over_year":
            values = values - self.yearly[position, end - 1]
        converted: NDArray[np.float64] = values * conversion(self.variables[position].unit, unit)
        return converted

    def turns(self) -> Yearly:
        """The run itself."""
        return self


def evaluate(
    model: Model,
    scenario: Scenario,
    draws: Draws,
    variables: Sequence[str],
    until: int = LAST_YEAR,
    threads: int | None = None,
) -> Yearly:
    """Run `scenario` in every draw to the end of the year `until`, and keep `variables` at the turn of each year.

    Raises KeyError for an unknown variable, and ValueError for a scenario whose budget is not equalised.
    """
    kept = tuple(Variable(e.name, e.unit, e.label) for e in map(model.equation, variables))
    months = 12 * (until + 1 - FIRST_YEAR)
    values = bare_run(model, scenario, draws, variables, months, threads)
    return Yearly(scenario, kept, np.ascontiguousarray(values[:, ::12]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario's run, reduced."""

    scenario: Scenario
    variables: tuple[Variable, ...]
    months: NDArray[np.datetime64]
    quantiles: NDArray[np.float64]
    """[variable, month, level], levels as in LEVELS."""
    yearly: NDArray[np.float64]
    """[variable, year, draw]: the value on 1 January of each year from 2023 to 2031."""
    attributes: dict[str, str]
    """What the run remembers of itself: digests, seed, method, versions."""

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.yearly.shape[2])

    def index(self, variable: str) -> int:
        """Position of `variable`; raises KeyError if the run does not have it."""
        return self.turns().index(variable)

    def read(self, variable: str, reading: Reading, year: int, unit: str) -> NDArray[np.float64]:
        """See Readable; raises KeyError for a variable that the run does not have."""
        return self.turns().read(variable, reading, year, unit)

    def turns(self) -> Yearly:
        """The run at the turn of each year."""
        return Yearly(self.scenario, self.variables, self.yearly)


def reduce(scenario: Scenario, run: xr.Dataset) -> Outcome:
    """The Outcome of `scenario` from its run (draw, month); raises InputError if a number is not finite."""
    names = [str(name) for name in run.data_vars]
    for name in names:
        if not np.isfinite(run[name].values).all():
            raise InputError(
                "“{scenario}” gives no finite number for “{name}”; its values are too extreme",
                scenario=scenario.name,
                name=name,
            )
    variables = tuple(
        Variable(name, run[name].attrs["unit"], Label(run[name].attrs["label_zh"], run[name].attrs["label_en"]))
        for name in names
    )
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        # sorting is most of what a run of many packages does, and NumPy lets other threads sort meanwhile
        quantiles = np.stack([*threads.map(_quantiles, [run[name].values for name in names])])
    yearly = np.stack([np.ascontiguousarray(run[name].values[:, ::12].T) for name in names])
    attributes = {str(key): str(value) for key, value in run.attrs.items()}
    months = run["month"].values.astype("datetime64[D]")
    return Outcome(scenario, variables, months, quantiles, yearly, attributes)


def _quantiles(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # along contiguous memory: several times faster than np.quantile along the first axis
    ordered = np.sort(values.T, axis=1)
    position = np.array(LEVELS) * (ordered.shape[1] - 1)
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    found: NDArray[np.float64] = ordered[:, below] + (position - below) * (ordered[:, above] - ordered[:, below])
    return found


def data_digest(outcomes: tuple[Outcome, ...]) -> str:
    """Hash of every reported number, bit for bit."""
    digest = hashlib.sha256()
    for outcome in outcomes:
        digest.update(" ".join([outcome.scenario.name, *(v.name for v in outcome.variables)]).encode())
        digest.update(np.ascontiguousarray(outcome.quantiles).tobytes())
        digest.update(np.ascontiguousarray(outcome.yearly).tobytes())
    return digest.hexdigest()
