"""Which of the named loops drive the central run, year by year, by Loops That Matter."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from shudian.draws import Array
from shudian.exchange.vensim import equations_text
from shudian.grounds import reference_draw
from shudian.kinds import InputError, Model, Scenario
from shudian.posterior_file import Posterior
from shudian.quantities import MONTHS


def loop_weights(model: Model, scenario: Scenario, posterior: Posterior | None = None) -> dict[str, Array]:
    """Share of each named loop in the absolute scores of all named loops, [year from 2023], averaged over months.

    The scores are simlin's (Schoenberg, Davidsen and Eberlein 2020), of the run with every parameter at its median
    in `posterior` or, without one, in the priors. Months in which no named loop scores count for nothing.
    Raises InputError where simlin is not installed, and ValueError for a scenario whose budget is not equalised.
    """
    if not available():
        raise InputError("--loops needs simlin; install it with: pip install pysimlin")
    from shudian.exchange.simlin_witness import loop_scores

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shudian.mdl"
        path.write_text(equations_text(model, scenario, reference_draw(model, posterior)), encoding="utf-8")
        scores = loop_scores(path, model.loops)
    sizes = np.abs([scores[loop.name][:MONTHS] for loop in model.loops])
    total = sizes.sum(axis=0)
    shares = np.divide(sizes, total, out=np.zeros_like(sizes), where=total > 0)
    yearly = shares.reshape(len(model.loops), -1, 12).mean(axis=2)
    return {loop.name: weights for loop, weights in zip(model.loops, yearly, strict=True)}


def available() -> bool:
    """Whether simlin is installed."""
    try:
        import simlin  # noqa: F401
    except ImportError:
        return False
    return True
