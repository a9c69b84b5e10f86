"""What a package changes in the output of a year, as a share of what there would be without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Draws, draws_of, prior_draws
from shudian.kinds import Model, Scenario
from shudian.quantities import FIRST_YEAR
from shudian.simulate import bare_run

Array = NDArray[np.float64]
LEVELS = (0.05, 0.5, 0.95)
DRAWS = 1000
_OUTPUT = "cumulative_local_output"


@dataclass(frozen=True, slots=True, eq=False)
class OutputChange:
    """Quantiles at LEVELS of the change draw by draw, 0.1 for 10 %."""

    prior: Array
    """Before any figure and any study."""
    posterior: Array


def output_change(model: Model, scenario: Scenario, reference: Scenario, posterior: Draws, year: int) -> OutputChange:
    """What `scenario` changes in `year` against `reference`, by at most DRAWS draws of each.

    Raises ValueError for a scenario whose budget has not been equalised.
    """
    size = posterior.values.shape[1]
    # batches stand one after the other
    chosen = np.linspace(0, size - 1, min(DRAWS, size)).astype(np.int64)
    few = draws_of(model, posterior.values[:, chosen], posterior.seed, posterior.posterior)
    prior = prior_draws(model, DRAWS, posterior.seed)
    found = [
        _output(model, scenario, draws, year) / _output(model, reference, draws, year) - 1 for draws in (prior, few)
    ]
    return OutputChange(*(np.quantile(change, LEVELS) for change in found))


def _output(model: Model, scenario: Scenario, draws: Draws, year: int) -> Array:
    end = (year + 1 - FIRST_YEAR) * 12
    run = bare_run(model, scenario, draws, (_OUTPUT,), end)[0]
    return np.asarray(run[end] - run[end - 12])
