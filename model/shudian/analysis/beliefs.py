"""What one must believe for a target to be likely: the one prior that would have to move, and how far.

To move a parameter's prior by d of its standard deviations, on the latent scale where it is a standard normal
distribution, is to count each draw for exp(d z - d²/2): the reports' likelihood is in the draws already. The chance of
the target is followed along d as far as enough effective draws are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shudian.draws import Array, Draws
from shudian.kinds import Model, Parameter
from shudian.latent import latent_of, latent_value
from shudian.own_priors import REFUSED_BELOW

LIKELY = 0.5
"""The chance from which a target is called likely."""
_STEP, _STEPS = 0.05, 60
"""The prior is moved in such steps, at most so many: three standard deviations."""


@dataclass(frozen=True, slots=True)
class Belief:
    """The prior whose move makes a target likely soonest or, where none does, the one that comes nearest."""

    parameter: Parameter
    moved: float
    """By how many prior standard deviations, latent; negative towards lower values."""
    before: float
    """Median of the shipped prior, internal unit."""
    after: float
    """Median of the prior that is moved."""
    chance: float
    """Of the target, under that prior."""
    effective: float
    """Effective draws that are left then."""

    @property
    def likely(self) -> bool:
        """Whether the target is likely under it."""
        return self.chance >= LIKELY


def beliefs(model: Model, draws: Draws, hits: Mapping[str, Array]) -> dict[str, Belief]:
    """For each target of `hits`, name -> [draw] of 0 or 1, that is not likely already, the Belief that it needs.

    A prior moves as long as REFUSED_BELOW effective draws are left, or as many as there are, if fewer.
    """
    wanted = {name: hit for name, hit in hits.items() if hit.mean() < LIKELY}
    if not wanted:
        return {}
    latent = latent_of(model)
    z = latent.latent(draws.values[[draws.names.index(name) for name in latent.names]])
    least = min(REFUSED_BELOW, z.shape[1] / 2)
    rows = np.array([*wanted.values()])
    best: dict[str, Belief] = {}
    for parameter, numbers in zip(latent.parameters, z, strict=True):
        for sign in (1, -1):
            moves, chances, worth = _followed(sign * numbers, rows, least)
            for position, name in enumerate(wanted):
                place = int(np.argmax(chances[position] >= LIKELY)) or int(np.argmax(chances[position]))
                moved = sign * float(moves[place])
                found = Belief(
                    parameter, moved, latent_value(parameter, 0.0), latent_value(parameter, moved),
                    float(chances[position, place]), float(worth[place]),
                )  # fmt: skip
                if name not in best or _key(found) < _key(best[name]):
                    best[name] = found
    return best


def _key(found: Belief) -> tuple[bool, float]:
    return (not found.likely, abs(found.moved) if found.likely else -found.chance)


def _followed(numbers: Array, hits: Array, least: float) -> tuple[Array, Array, Array]:
    """Moves of the prior upwards, the chances there, [target, move], and the effective draws that are left."""
    moves = _STEP * np.arange(_STEPS + 1)
    weight = np.exp(moves[:, None] * (numbers - numbers.max()))
    total = weight.sum(axis=1)
    worth = total**2 / (weight**2).sum(axis=1)
    enough = np.logical_and.accumulate(worth >= least)
    chances = np.asarray(hits @ weight.T / total, dtype=np.float64)
    return np.asarray(moves[enough], dtype=np.float64), chances[:, enough], np.asarray(worth[enough], dtype=np.float64)
