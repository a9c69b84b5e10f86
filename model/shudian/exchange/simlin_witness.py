"""simlin, a third engine and a second reading of units, as a witness: it loads our file and never saves it.

Loops That Matter: Schoenberg, Davidsen and Eberlein, "Understanding model behavior using the Loops that
Matter method", System Dynamics Review 36(2), 2020. A loop's score at a moment is the product of the scores of
its links there; it is positive while the loop reinforces what happens and negative while it balances it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shudian.draws import Array
from shudian.exchange.variables import identifier
from shudian.kinds import Loop
from shudian.quantities import MONTHS
from shudian.structure import links


def every_series(path: Path) -> dict[str, list[float]]:
    """Every variable of the model file at `path` at the start of each month, by identifier."""
    simulation = _load(path).simulate()
    simulation.run_to_end()
    return {identifier(name): _monthly(simulation.get_series(name)).tolist() for name in simulation.get_var_names()}


def loop_scores(path: Path, loops: Sequence[Loop]) -> dict[str, Array]:
    """The score of each of `loops` at the start of each month, by its name.

    A loop with a link that the file lacks scores 0 throughout.
    """
    simulation = _load(path).simulate(enable_ltm=True)
    simulation.run_to_end()
    scores = {(link.from_var, link.to_var): _monthly(link.score) for link in simulation.get_links()}
    return {
        loop.name: np.prod([_score(cause, effect, scores) for cause, effect in links(loop)], axis=0) for loop in loops
    }


def _score(cause: str, effect: str, scores: Mapping[tuple[str, str], Array]) -> Array:
    """The score of the link, or of the two links where a flow of the file's format stands between."""
    if (cause, effect) in scores:
        return scores[cause, effect]
    between = [name for start, name in scores if start == cause and (name, effect) in scores]
    total: Array = np.sum([scores[cause, name] * scores[name, effect] for name in between], axis=0)
    return total


def _load(path: Path) -> Any:
    import simlin

    return simlin.load(path)


def _monthly(series: Array) -> Array:
    # an XMILE file has no word for the interval of saving, and simlin then keeps every step
    step, left = divmod(len(series) - 1, MONTHS)
    if left or not step:
        raise ValueError("the file saves no whole months")
    return np.asarray(series, dtype=np.float64)[::step]


if __name__ == "__main__":
    # a process of its own: see second_engine
    print(json.dumps(every_series(Path(sys.argv[1]))))
