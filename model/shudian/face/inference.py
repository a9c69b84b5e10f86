"""A posterior as the groups that ArviZ reads: prior, posterior, likelihood, what was printed and would be printed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shudian.grounds import expected_target
from shudian.kinds import Model
from shudian.observe.comparison import Comparison, compare
from shudian.posterior_file import Posterior

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
_CHAIN = ("chain", "draw")


def datatree(found: Posterior, model: Model, seed: int = 1) -> xr.DataTree:
    """`posterior`, `prior`, `log_likelihood`, `posterior_predictive`, `observed_data`, as `Drawn.to_datatree` says."""
    import xarray as xr

    target = expected_target(found, model)
    sizes = np.bincount(found.batch)
    # another city's draws are chosen from the home city's, so that their batches are no chains
    chains = len(sizes) if len({*sizes.tolist()}) == 1 else 1
    reports = target.observer.reports
    generator = np.random.default_rng(seed)
    values = found.values[:, np.argsort(found.batch, kind="stable")]
    run = target.run(values, None)
    compared = compare(target.observer, run, seed)
    which = {
        "report": [report.identifier for report in reports],
        "indicator": ("report", [report.rule.indicator for report in reports]),
        "unit": ("report", ["1" if r.rule.is_ratio else r.figures[0].unit for r in reports]),
    }

    def parameters(of_draws: Array, parts: int) -> xr.Dataset:
        shaped = of_draws.reshape(len(of_draws), parts, -1)
        return xr.Dataset({n: (_CHAIN, shaped[row], about(model, n)) for row, n in enumerate(found.names)})

    def of_reports(told: Array) -> xr.Dataset:
        shaped = np.moveaxis(told.reshape(len(told), chains, -1), 0, -1)
        return xr.Dataset({"printed": ((*_CHAIN, "report"), shaped)}, which)

    printed = [_printed(comparison) for comparison in compared]
    return xr.DataTree.from_dict(
        {
            "posterior": parameters(values, chains),
            "prior": parameters(target.latent.uncertain(generator.standard_normal(values.shape)), 1),
            "log_likelihood": of_reports(target.observer.log_likelihood(run)),
            "posterior_predictive": of_reports(np.array([comparison.predictive for comparison in compared])),
            "observed_data": xr.Dataset({"printed": ("report", printed)}, which),
        }
    )


def about(model: Model, name: str) -> dict[str, str]:
    """Unit and labels of a parameter, as plots and other tools look for them."""
    parameter = model.parameters[name]
    return {"units": parameter.unit, "long_name": parameter.label.en, "long_name_zh": parameter.label.zh}


def _printed(comparison: Comparison) -> float:
    """The number of the meaning with most weight; NaN where it prints a growth rate beside no level."""
    report, best = comparison.report, comparison.best.alternative
    if report.rule.is_ratio and best.growth is not None:
        return best.growth.middle
    return best.level.middle * report.display_factor if best.level is not None else math.nan
