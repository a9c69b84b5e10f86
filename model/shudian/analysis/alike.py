"""Runs that a table of verdicts cannot tell apart: the same to the end, the same until they part, or the same but for
something that stands in another table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.results import Readable, Variable
from shudian.quantities import FIRST_YEAR

Extent = Literal["same", "later", "targets", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two runs with the same measures in every draw of the verdicts' year."""

    one: str
    other: str
    extent: Extent
    """The same bits in everything to the end; the same in what verdicts read until that year's end, and not later; not
    in what targets count; only different in what no verdict reads."""
    year: int | None
    """The first year in which anything that `variables` names differs; None where they are the same."""
    variables: tuple[Variable, ...]
    """What differs first, or, before the verdicts' year is over, at all."""


def alike(one: Readable, other: Readable, year: int, measured: Collection[str], counted: Collection[str]) -> Alike:
    """How far two runs with the same measures at the end of `year` are the same.

    `measured` are the variables of the measures and `counted` those of the targets.
    """
    mine, others = one.turns(), other.turns()
    # a value on 1 January tells of the year before
    differ = (mine.yearly != others.yearly).any(axis=2)[:, 1:]
    until = year + 1 - FIRST_YEAR
    targets = np.array([v.name in counted for v in mine.variables])
    read = targets | np.array([v.name in measured for v in mine.variables])

    def found(extent: Extent, which: NDArray[np.bool_]) -> Alike:
        first = int(np.argmax(which.any(axis=0)))
        rows = np.flatnonzero(which[:, first] if extent == "later" else which.any(axis=1))
        variables = tuple(mine.variables[row] for row in rows)
        return Alike(one.scenario.name, other.scenario.name, extent, FIRST_YEAR + first, variables)

    early = differ.copy()
    early[:, until:] = False
    if (early & targets[:, None]).any():
        return found("targets", early & targets[:, None])
    if (differ & read[:, None]).any():
        return found("later", differ & read[:, None])
    if differ.any():
        return found("elsewhere", differ)
    return Alike(one.scenario.name, other.scenario.name, "same", None, ())
