"""seeds/effects.csv: what studies of other places found when a lever was moved, each as an experiment on our model.

A study's finding is a report about an effect, the logarithm of an outcome with the lever moved over the same outcome
without. It tells of our city as far as the study's case is like ours:

* its place has our effect times a factor, which is log-normal and the wider the farther the place is;
* with a chance that grows with the distance it tells nothing of us: then its own effect is nil (the spike) or any;
* findings that are not significant are printed less often, so that a significant one is worth less than it says
  (the selection model of Andrews and Kasy 2019, American Economic Review 109, 2766).

All findings of one study tell of us, or not, together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from shudian.kinds import Label, Model, Place, Scenario, Source
from shudian.observe.rules import Distance, Transfer
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario

Array = NDArray[np.float64]
Finding = Literal["estimate", "increase", "decrease", "nil"]
"""`estimate` has a number; `increase` and `decrease` are significant without one; `nil` is not significant."""
Region = Literal["us_states", "china"]
Design = Literal["difference_in_differences", "panel", "instrument", "review", "survey", "count"]
UNTREATED = "no_policy"
START = "2024-01"
STARTS_AT = 12.0
"""Months after 2023-01 at which every treatment begins."""
SIGNIFICANT = 1.96
_NODES, _SIZES = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _SIZES / _SIZES.sum()
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Effect:
    """One finding of one study; numbers are logarithms of ratios."""

    identifier: str
    source: Source
    figures: tuple[str, ...]
    label: Label
    place: Region
    years: str
    """Over which the study looked, as it printed them; empty where that is not known to us."""
    design: Design
    treatment: tuple[str, ...]
    """Settings `lever=value`, in force from `START` on."""
    other_world: tuple[str, ...]
    """Settings of a world in which the effect is read again, where the finding is about the difference of the two."""
    outcome: tuple[str, ...]
    """A variable, or two, of which the first is divided by the second."""
    months: tuple[float, float]
    """Over which months after the treatment began the outcome is read (its mean)."""
    finding: Finding
    estimate: float
    """Of an `estimate`: the middle of the printed range."""
    error: float
    """Standard error; assumed where the study's is not printed."""
    distance: Distance
    is_used: bool
    """False for what cannot be run in the model; `note` says why."""
    note: Label
    where: Place

    @property
    def study(self) -> str:
        """Identifier of the document, which all its findings share."""
        return self.source.identifier


@dataclass(frozen=True)
class Literature:
    """How probable the findings are, given the effects that the model has."""

    effects: tuple[Effect, ...]
    transfer: Transfer

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies, in the order of the rows of `log_likelihood`."""
        return tuple(dict.fromkeys(effect.study for effect in self.effects))

    def log_likelihood(self, ours: Array) -> Array:
        """Log density of each study, [study, draw], where the model's effects are `ours` [effect, draw]."""
        return np.logaddexp(*self._either(ours))

    def told(self, ours: Array) -> Array:
        """Of each study the chance that it tells of our city, [study, draw]."""
        told, untold = self._either(ours)
        return np.asarray(np.exp(told - np.logaddexp(told, untold)))

    def _either(self, ours: Array) -> tuple[Array, Array]:
        told, untold = np.zeros((2, len(self.studies), ours.shape[1]))
        for effect, own, row in zip(self.effects, ours, self._rows, strict=True):
            there = own * np.exp(self.transfer.differs[effect.distance] * _NODES)[:, None]
            told[row] += self._density(effect, there, effect.error)
            wide = math.hypot(effect.error, self.transfer.widest)
            apart = [self._density(effect, np.zeros((1, 1)), deviation) for deviation in (effect.error, wide)]
            untold[row] += np.logaddexp(*apart) + math.log(0.5)
        chance = np.array([[self.transfer.unrelated[d]] for d in self._distances])
        return told + np.log1p(-chance), untold + np.log(chance)

    def _density(self, effect: Effect, means: Array, deviation: float) -> Array:
        """Log density, or probability, of a finding that is printed, drawn from normals about `means` [node, draw]."""
        least = SIGNIFICANT * effect.error
        seldom = self.transfer.nil_printed
        above, below = (special.ndtr((sign * means - least) / deviation) for sign in (1, -1))
        nil = seldom * (1 - above - below)
        match effect.finding:
            case "increase":
                found = above
            case "decrease":
                found = below
            case "nil":
                found = nil
            case "estimate":
                normal = np.exp(-0.5 * ((effect.estimate - means) / deviation) ** 2) / (
                    deviation * math.sqrt(2 * math.pi)
                )
                found = normal * (1.0 if abs(effect.estimate) > least else seldom)
        return np.log(np.maximum(_mean(found), _TINY) / _mean(above + below + nil))

    @cached_property
    def _rows(self) -> tuple[int, ...]:
        return tuple(self.studies.index(effect.study) for effect in self.effects)

    @cached_property
    def _distances(self) -> tuple[Distance, ...]:
        return tuple({effect.study: effect.distance for effect in self.effects}[study] for study in self.studies)


def _mean(by_node: Array) -> Array:
    """The mean over nodes [node, draw]; a single one stands for all."""
    return np.asarray(_WEIGHTS @ by_node if len(by_node) > 1 else by_node[0])


def arms_of(effect: Effect, model: Model) -> tuple[tuple[Scenario, int], ...]:
    """The experiment's schedules, and the sign with which the logarithm of each one's outcome counts.

    Treated and not treated, on a city without policy; again in the other world, if there is one.
    """
    untreated = load_scenario(UNTREATED, model.parameters)

    def arm(*settings: str) -> Scenario:
        return with_settings(untreated, [f"{setting}@{START}" for setting in settings], model.parameters)

    here = ((arm(*effect.treatment), 1), (arm(), -1))
    if not effect.other_world:
        return here
    return *here, (arm(*effect.treatment, *effect.other_world), -1), (arm(*effect.other_world), 1)
