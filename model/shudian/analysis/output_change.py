"""What a package changes in the output of a year, as a share of what there would be without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Draws, draws_of, prior_draws
from shudian.kinds import Model, Place, Scenario
from shudian.quantities import FIRST_YEAR
from shudian.scenarios import schedule_matrix
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


def output_changes(
    model: Model, pairs: Sequence[tuple[Scenario, Scenario]], posterior: Draws, year: int, most: int = DRAWS
) -> tuple[OutputChange, ...]:
    """What the first of each pair changes in `year` against the second, by at most `most` draws of prior and posterior.

    Raises ValueError for a scenario whose budget has not been equalised.
    """
    size = posterior.values.shape[1]
    # batches stand one after the other
    chosen = np.linspace(0, size - 1, min(most, size)).astype(np.int64)
    few = draws_of(model, posterior.values[:, chosen], posterior.seed, posterior.posterior)
    found = []
    for draws in (prior_draws(model, most, posterior.seed), few):
        outputs: dict[bytes, Array] = {}
        for scenario in (scenario for pair in pairs for scenario in pair):
            key = _key(model, scenario)
            if key not in outputs:
                outputs[key] = _output(model, scenario, draws, year)
        changes = [outputs[_key(model, one)] / outputs[_key(model, other)] - 1 for one, other in pairs]
        found.append([np.quantile(change, LEVELS) for change in changes])
    return tuple(OutputChange(*both) for both in zip(*found, strict=True))


def _key(model: Model, scenario: Scenario) -> bytes:
    """What a run of `scenario` depends on."""
    plain = schedule_matrix(replace(scenario, reviews=()), model.scheduled).tobytes()
    reviews = [replace(review, place=Place(Path(), 0)) for review in scenario.reviews]
    return plain + repr(reviews).encode() + repr(sorted(scenario.fixed.items())).encode()


def _output(model: Model, scenario: Scenario, draws: Draws, year: int) -> Array:
    end = (year + 1 - FIRST_YEAR) * 12
    run = bare_run(model, scenario, draws, (_OUTPUT,), end)[0]
    return np.asarray(run[end] - run[end - 12])
