"""A posterior as the groups that ArviZ reads: prior, posterior, likelihood, what was printed and would be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.calibration import Evidence
from shudian.calibrate.target import Target
from shudian.kinds import InputError, Model
from shudian.observe.reports import Report
from shudian.posterior_file import Posterior

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
_CHAIN = ("chain", "draw")


def datatree(found: Posterior, model: Model, seed: int = 1) -> xr.DataTree:
    """`posterior`, `prior`, `log_likelihood`, `posterior_predictive`, `observed_data`, as `Drawn.to_datatree` says.

    Raises InputError for a posterior that was fitted to other reports than the shipped figures give.
    """
    import xarray as xr

    target = Evidence(city=found.city).target(model)
    reports = target.observer.reports
    if {report.identifier for report in reports} != {fitted["id"] for fitted in found.about["reports"]}:
        raise InputError(f"the posterior of {found.city} was fitted to other reports than the shipped figures give")
    generator = np.random.default_rng(seed)
    values = found.values[:, np.argsort(found.batch, kind="stable")]
    chains = len(np.unique(found.batch))
    run = target.run(values, None)
    which = {
        "report": [report.identifier for report in reports],
        "indicator": ("report", [report.rule.indicator for report in reports]),
        "unit": ("report", [_unit(report) for report in reports]),
    }

    def parameters(of_draws: Array, parts: int) -> xr.Dataset:
        shaped = of_draws.reshape(len(of_draws), parts, -1)
        return xr.Dataset({n: (_CHAIN, shaped[row], about(model, n)) for row, n in enumerate(found.names)})

    def of_reports(told: Array) -> xr.Dataset:
        shaped = np.moveaxis(told.reshape(len(told), chains, -1), 0, -1)
        return xr.Dataset({"printed": ((*_CHAIN, "report"), shaped)}, which)

    return xr.DataTree.from_dict(
        {
            "posterior": parameters(values, chains),
            "prior": parameters(target.latent.uncertain(generator.standard_normal(values.shape)), 1),
            "log_likelihood": of_reports(target.observer.log_likelihood(run)),
            "posterior_predictive": of_reports(_would_print(target, run, generator)),
            "observed_data": xr.Dataset({"printed": ("report", [_printed(report) for report in reports])}, which),
        }
    )


def about(model: Model, name: str) -> dict[str, str]:
    """Unit and labels of a parameter, as plots and other tools look for them."""
    parameter = model.parameters[name]
    return {"units": parameter.unit, "long_name": parameter.label.en, "long_name_zh": parameter.label.zh}


def _unit(report: Report) -> str:
    """Of what it prints first: a level, or else a ratio to the year before."""
    return report.figures[0].unit if report.alternatives[0].level else "1"


def _printed(report: Report) -> float:
    first = report.alternatives[0]
    if first.level is not None:
        return first.level.middle * report.display_factor
    assert first.growth is not None
    return first.growth.middle


def _would_print(target: Target, run: Array, generator: np.random.Generator) -> Array:
    """What each report would print first if it meant that and were sound, [report, draw], with its error."""
    observer = target.observer
    read = dict(zip(observer.quantities, observer.read(run), strict=True))
    found = []
    for report in observer.reports:
        first = report.alternatives[0]
        value = read[first.quantity]
        if first.level is not None:
            value, error = value * report.display_factor, report.level_error(report.errors)
        else:
            value, error = value / read[first.quantity.year_before()], report.errors.growth
        found.append(value * np.exp(error * generator.standard_normal(value.size)))
    return np.array(found)
