"""(Model, Scenario, Draws) -> Run: the model's answer, draw by draw and month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from shudian import __version__
from shudian.draws import Array, Draws
from shudian.kernel import Method, Remembered, compile_model
from shudian.kinds import Model, Scenario
from shudian.quantities import FIRST_YEAR, MONTHS
from shudian.reviews import Flags, Taken, run_reviewed
from shudian.scenarios import schedule_matrix

if TYPE_CHECKING:
    import xarray as xr

STEPS_PER_MONTH = 8
_REMEMBERED = Remembered()
MONTH_ZERO = np.datetime64(f"{FIRST_YEAR}-01", "M")


def simulate(
    model: Model,
    scenario: Scenario,
    draws: Draws,
    *,
    outputs: Sequence[str] | None = None,
    method: Method = "euler",
    steps_per_month: int = STEPS_PER_MONTH,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Run `scenario` in every draw and return a Run.

    A Run is an xarray Dataset with dimensions draw and month: one variable for each of `outputs` (default:
    the sector "outcomes") with its unit and both labels; month is the first day of 2023-01 to 2031-01, and
    a value is the state at that moment. Its attributes say which model, scenario, draws and versions made it;
    `calibrated` is `no` also for draws of a posterior that were made for other equations.
    `progress` is told how many draws of how many are done. Where the scenario has reviews, each draw takes the way that
    its own figures choose (`shudian.reviews`), and the coordinates `passed` and `held` [review, draw] say which.
    Raises KeyError for an unknown output and
    ValueError for draws of other parameters and for a scenario whose budget has not been equalised
    (`shudian.budget.equalise`).
    """
    require_equalised(scenario)
    names = tuple(outputs) if outputs is not None else tuple(e.name for e in model.equations if e.sector == "outcomes")
    values, taken = _run(
        model, scenario, draws, names, MONTHS, method=method, steps_per_month=steps_per_month, progress=progress
    )
    about: dict[str, str | int] = {
        "scenario": scenario.name,
        "city": model.city or scenario.city,
        "model_digest": model.digest,
        "method": method,
        "steps_per_month": steps_per_month,
        "llvmlite": version("llvmlite"),
    }
    run = as_run(model, names, values, draws, about)
    if taken is None:
        return run
    dates = np.array([MONTH_ZERO + int(review.date) for review in taken.reviews]).astype("datetime64[ns]")
    return run.assign_coords(
        review=dates, passed=(("review", "draw"), taken.passed), held=(("review", "draw"), taken.held)
    )


def as_run(
    model: Model, names: Sequence[str], values: Array, draws: Draws, about: Mapping[str, str | int]
) -> xr.Dataset:
    """The Run of `values`, [output, month, draw], of the variables `names`; `about` becomes part of its attributes."""
    import xarray as xr

    month = np.arange(f"{FIRST_YEAR}-01", MONTHS + 1, dtype="datetime64[M]").astype("datetime64[ns]")
    variables = {}
    for name, series in zip(names, values, strict=True):
        e = model.equation(name)
        attributes = {"unit": e.unit, "label_zh": e.label.zh, "label_en": e.label.en, "sector": e.sector}
        variables[name] = (("draw", "month"), series.T, attributes)
    origin: dict[str, str | int] = {
        **about,
        "draws_digest": draws.digest,
        "seed": draws.seed,
        "calibrated": "yes" if draws.calibrated and draws.model in ("", model.digest) else "no",
        "posterior": draws.posterior,
        "shudian": __version__,
        "numpy": version("numpy"),
    }
    return xr.Dataset(variables, {"draw": np.arange(draws.values.shape[1]), "month": month}, origin)


def bare_run(
    model: Model,
    scenario: Scenario,
    draws: Draws,
    outputs: Sequence[str],
    months: int = MONTHS,
    threads: int | None = None,
) -> Array:
    """The bare numbers of an Euler run, [output, month 0..months, draw], for callers that run many times.

    On all cores, or on as many as `threads` says, for callers that share the cores out themselves.
    Raises ValueError for draws of other parameters, and for a scenario whose budget has not been equalised.
    """
    require_equalised(scenario)
    return _run(model, scenario, draws, outputs, months, threads=threads)[0]


def ways_taken(model: Model, scenario: Scenario, draws: Draws) -> Taken:
    """What the reviews of `scenario` see in each draw and which way it takes; raises ValueError as `bare_run`."""
    require_equalised(scenario)
    last = max((int(review.date) for review in scenario.reviews), default=0)
    taken = _run(model, scenario, draws, (), last + 1)[1]
    if taken is None:
        raise ValueError(f"“{scenario.name}” has no reviews")
    return taken


def _run(
    model: Model,
    scenario: Scenario,
    draws: Draws,
    names: Sequence[str],
    months: int,
    *,
    method: Method = "euler",
    steps_per_month: int = STEPS_PER_MONTH,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Array, Taken | None]:
    """[output, month 0..months, draw], and which way each draw took where the scenario has reviews."""
    fixed, kernel = fixed_values(scenario, draws, model), compile_model(model, method)

    def run(plain: Scenario, outputs: Sequence[str], marked: Flags | None) -> Array:
        schedules = schedule_matrix(plain, model.scheduled, months, steps_per_month)
        chosen = fixed if marked is None else fixed[:, marked]
        if method == "euler" and steps_per_month == STEPS_PER_MONTH and progress is None:
            return _REMEMBERED.run(kernel, chosen, schedules, outputs, months=months, threads=threads)
        told = progress if marked is None else None
        return kernel.run(
            chosen, schedules, outputs,
            months=months, steps_per_month=steps_per_month, threads=threads, progress=told,
        )  # fmt: skip

    if not scenario.reviews:
        return run(scenario, names, None), None
    return run_reviewed(model, scenario, draws, names, months, run)


def require_equalised(scenario: Scenario) -> None:
    """Raise ValueError for a scenario that is to cost what another costs and has not been scaled yet."""
    if scenario.same_budget_as:
        raise ValueError(f"equalise the budget of “{scenario.name}” first")


def fixed_values(scenario: Scenario, draws: Draws, model: Model) -> Array:
    """The fixed parameters of every run, [parameter, draw]: the draws', or what `scenario` says they are.

    Raises ValueError for draws of other parameters.
    """
    if draws.names != tuple(parameter.name for parameter in model.fixed):
        raise ValueError("these draws are of another model's parameters; draw anew for this one")
    if not scenario.fixed:
        return draws.values
    values = draws.values.copy()
    for name, value in scenario.fixed.items():
        values[draws.names.index(name)] = value
    return values
