"""The experiments of seeds/effects.csv run in the model: what each lever does there, draw by draw."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shudian.kernel import compile_model
from shudian.kinds import Model
from shudian.observe.digest import read_by
from shudian.observe.effects import STARTS_AT, Effect, Literature, arms_of
from shudian.observe.likelihood import reading_weights
from shudian.observe.reports import Quantity
from shudian.scenarios import schedule_matrix

Array = NDArray[np.float64]
STEPS_PER_MONTH = 4
"""Half of what answers use: it moves an effect by hundredths of itself, where studies are worth a factor of two."""
_LEAST = 1e-9


@dataclass(frozen=True)
class Experiments:
    """Runs the arms of each finding; arms that several findings share are run once."""

    model: Model
    literature: Literature

    def terms(self, fixed: Array) -> Array:
        """Log density of each study, [study, draw], for values of the fixed parameters [parameter, draw]."""
        return self.literature.log_likelihood(self.effects(fixed))

    def effects(self, fixed: Array, threads: int | None = 1) -> Array:
        """The model's own effect for each finding, the logarithm of treated over control, [finding, draw]."""
        run = {
            key: compile_model(self.model).run(
                fixed, schedules, self.variables, months=self.months, steps_per_month=STEPS_PER_MONTH, threads=threads
            )
            for key, schedules in self._arms.items()
        }
        found = [
            np.sum([sign * self._level(run[key], effect) for key, sign in arms], axis=0)
            for effect, arms in self._signed
        ]
        return np.array(found).reshape(-1, fixed.shape[1])

    @property
    def told(self) -> dict[str, bytes]:
        """All that the draws depend on of each finding, by its identifier.

        Of the arms only what the outcomes depend on counts: a new lever, which every schedule has, changes no effect.
        """
        read = read_by(self.model, self.variables)
        rows = [row for row, parameter in enumerate(self.model.scheduled) if parameter.name in read]
        return {
            effect.identifier: repr((_numbers(effect), astuple(self.literature.transfer))).encode()
            + b"".join(np.ascontiguousarray(self._arms[key][rows]).tobytes() for key, _ in arms)
            for effect, arms in self._signed
        }

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """What the experiments read."""
        return tuple(dict.fromkeys(name for effect in self.literature.effects for name in effect.outcome))

    @cached_property
    def months(self) -> int:
        """How many months a run must have."""
        return math.ceil(max((STARTS_AT + effect.months[1] for effect in self.literature.effects), default=0))

    @cached_property
    def _arms(self) -> dict[bytes, Array]:
        schedules = [s for effect in self.literature.effects for s, _ in self._schedules(effect)]
        return {each.tobytes(): each for each in schedules}

    @cached_property
    def _signed(self) -> tuple[tuple[Effect, list[tuple[bytes, int]]], ...]:
        return tuple(
            (effect, [(schedules.tobytes(), sign) for schedules, sign in self._schedules(effect)])
            for effect in self.literature.effects
        )

    def _schedules(self, effect: Effect) -> list[tuple[Array, int]]:
        return [
            (schedule_matrix(scenario, self.model.scheduled, self.months, STEPS_PER_MONTH), sign)
            for scenario, sign in arms_of(effect, self.model)
        ]

    def _level(self, run: Array, effect: Effect) -> Array:
        first, last = (STARTS_AT + month for month in effect.months)
        logarithms = [
            np.log(np.maximum(reading_weights(Quantity(name, "mean", first, last), self.months) @ values, _LEAST))
            for name in effect.outcome
            for values in [run[self.variables.index(name)]]
        ]
        return np.asarray(logarithms[0] - logarithms[1] if len(logarithms) == 2 else logarithms[0])


def _numbers(effect: Effect) -> tuple[object, ...]:
    return effect.study, effect.outcome, effect.months, effect.finding, effect.estimate, effect.error, effect.distance
