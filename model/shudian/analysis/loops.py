"""Which feedback loops make an outcome what it is: each named loop is cut in turn, on the same draws.

The effect of a loop in a year is the outcome with every loop closed less the outcome with this one cut, draw by draw.
It is cut from the beginning of the run, through its switch: the link that the switch guards stays at its first value
or does nothing. A world with a loop cut does not fit the figures of 2023 to 2025, so that an effect attributes inside
the model and predicts nothing. Loops share links and answer for each other: their effects do not add up to the whole.

Between two runs the effect of a loop is the difference of the two differences: how much of the difference between the
runs is there only because the loop is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.reported import Band, band
from shudian.analysis.results import LAST_YEAR, Reading, evaluate
from shudian.analysis.verdicts import YEAR
from shudian.draws import Array, Draws
from shudian.kinds import Equation, InputError, Label, Loop, Model, Scenario
from shudian.quantities import FIRST_YEAR

MATERIAL = 0.01
"""An effect counts for something if its median is at least this share of the median of what is explained."""
LEANING = 0.8
"""Share of draws with one sign from which an effect that cannot be told from nil is said to lean to that side."""
_ROUNDING = 1e-9
"""Share of the outcome below which a difference is the arithmetic's and not the loop's."""
_CUMULATIVE = "cumulative_"


@dataclass(frozen=True, slots=True)
class Aim:
    """The outcome asked about: a variable, and how a year's value is read from it."""

    variable: str
    label: Label
    meaning: Label
    reading: Reading
    unit: str
    """Internal unit of the value."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one loop does to the outcome of one year, over all draws."""

    loop: Loop
    year: int
    band: Band
    """With the loop closed less with it cut, in the aim's unit."""
    positive: float
    """Share of draws in which the outcome is greater with the loop closed."""
    negative: float
    material: bool
    """Whether the median is worth naming beside the outcome's."""
    leading: float
    """Share of draws in which no loop has a greater effect in this direction."""

    @property
    def sign(self) -> int:
        """1 or -1 where the 5-95 % band lies on one side of nil, otherwise 0: it cannot be told from nil."""
        return int(self.band.low > 0) - int(self.band.high < 0)

    @property
    def side(self) -> int:
        """The side on which most draws lie, if at least LEANING of them do; otherwise 0."""
        return int(self.positive >= LEANING) - int(self.negative >= LEANING)

    @property
    def agreement(self) -> float:
        """Share of draws with the sign of the median."""
        return self.positive if self.band.median > 0 else self.negative


@dataclass(frozen=True, slots=True)
class Spell:
    """Years in which the same loop raises, and the same loop lowers, the outcome most."""

    first: int
    last: int
    year: int
    """The year of which the numbers are told: the targets' year if it is one of these, otherwise the last."""
    drivers: tuple[Effect, ...]
    """The loops that raise the outcome of that year, the greatest first; empty where none can be told from nil."""
    brakes: tuple[Effect, ...]
    """The loops that lower it."""


@dataclass(frozen=True, slots=True, eq=False)
class LoopEffects:
    """What every loop does to one outcome, in every year and draw, in one run or in the difference of two."""

    scenario: Scenario
    reference: Scenario | None
    """The run that is subtracted; None where one run is explained."""
    aim: Aim
    loops: tuple[Loop, ...]
    years: tuple[int, ...]
    whole: Array
    """[year, draw]: the outcome or the difference to be explained, every loop closed."""
    effects: Array
    """[loop, year, draw]"""

    def total(self, year: int) -> Band:
        """The outcome of `year`, or the difference, with every loop closed."""
        return band(self.whole[self.years.index(year)])

    def effect(self, loop: Loop, year: int) -> Effect:
        """What `loop` does in `year`."""
        return _effects(self)[loop.name, year]

    def surest(self, effect: Effect) -> bool:
        """Whether another loop's median is greater in the same direction, though it cannot be told from nil."""
        side = 1 if effect.band.median > 0 else -1
        first = next(e for e in self.of_year(effect.year) if e.band.median * side > 0)
        return first.loop != effect.loop

    def of_year(self, year: int) -> tuple[Effect, ...]:
        """Every loop's effect in `year`, the greatest median first, whatever its sign."""
        return tuple(sorted((self.effect(loop, year) for loop in self.loops), key=lambda e: -abs(e.band.median)))

    def drivers(self, year: int) -> tuple[Effect, ...]:
        """The loops that raise the outcome of `year`: told from nil and material, the greatest first."""
        return tuple(e for e in self.of_year(year) if e.sign > 0 and e.material)

    def brakes(self, year: int) -> tuple[Effect, ...]:
        """The loops that lower the outcome of `year`: told from nil and material, the greatest first."""
        return tuple(e for e in self.of_year(year) if e.sign < 0 and e.material)

    def spells(self) -> tuple[Spell, ...]:
        """The years, in runs of those in which the same loop comes first in either direction."""
        heads = [tuple(found[0].loop.name if found else "" for found in self._both(year)) for year in self.years]
        bounds = [0, *(i for i in range(1, len(heads)) if heads[i] != heads[i - 1]), len(heads)]
        found = []
        for begin, after in pairwise(bounds):
            first, last = self.years[begin], self.years[after - 1]
            year = YEAR if first <= YEAR <= last else last
            found.append(Spell(first, last, year, *self._both(year)))
        return tuple(found)

    def _both(self, year: int) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
        return self.drivers(year), self.brakes(year)

    def idle(self) -> tuple[Loop, ...]:
        """Loops that change nothing in any year and draw."""
        return tuple(loop for loop, effects in zip(self.loops, self.effects, strict=True) if not effects.any())

    def slight(self) -> tuple[Loop, ...]:
        """Loops that do something, but in no year anything worth naming."""
        still = self.idle()
        return tuple(loop for loop in self.loops if loop not in still and not any(self._material(loop)))

    def untold(self) -> tuple[Loop, ...]:
        """Loops that would be worth naming, but can in no such year be told from nil."""
        named = {e.loop.name for year in self.years for e in (*self.drivers(year), *self.brakes(year))}
        return tuple(loop for loop in self.loops if any(self._material(loop)) and loop.name not in named)

    def _material(self, loop: Loop) -> list[bool]:
        return [self.effect(loop, year).material for year in self.years]


@lru_cache(maxsize=4)
def _effects(found: LoopEffects) -> dict[tuple[str, int], Effect]:
    """Every effect, by loop and year; sentences, table and figure all ask for each of them, and many times."""
    low, median, high = np.quantile(found.effects, (0.05, 0.5, 0.95), axis=2)
    positive, negative = (found.effects > 0).mean(axis=2), (found.effects < 0).mean(axis=2)
    greatest, least = found.effects.max(axis=0), found.effects.min(axis=0)
    first = np.where((median > 0)[:, :, None], found.effects == greatest, found.effects == least).mean(axis=2)
    enough = (abs(median) >= MATERIAL * abs(np.median(found.whole, axis=1))) & (median != 0)
    return {
        (loop.name, year): Effect(
            loop,
            year,
            Band(*(float(level[row, column]) for level in (median, low, high))),
            float(positive[row, column]),
            float(negative[row, column]),
            bool(enough[row, column]),
            float(first[row, column]) if median[row, column] else 0.0,
        )
        for row, loop in enumerate(found.loops)
        for column, year in enumerate(found.years)
    }


def aim_of(model: Model, subject: Equation) -> Aim:
    """How a year's value of `subject` is read: its sum over the year where the model adds it up, or its year's end.

    `local_output` and `cumulative_local_output` both mean what is added in the year.
    """
    flow, total = subject.name.removeprefix(_CUMULATIVE), f"{_CUMULATIVE}{subject.name.removeprefix(_CUMULATIVE)}"
    if flow in model and total in model:
        about = model.equation(flow)
        return Aim(total, about.label, about.meaning, "increase_over_year", model.equation(total).unit)
    return Aim(subject.name, subject.label, subject.meaning, "level_at_year_end", subject.unit)


def loop_effects(
    model: Model,
    scenario: Scenario,
    draws: Draws,
    aim: Aim,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> LoopEffects:
    """What each loop of `model` does to `aim` under `scenario`: one run with every loop closed, one with each cut.

    `progress` is told how many runs of how many are done. Raises InputError if a number is not finite, and ValueError
    for a scenario whose budget is not equalised.
    """
    runs = len(model.loops) + 1
    whole = _yearly(model, scenario, draws, aim)
    effects = []
    for done, loop in enumerate(model.loops, 1):
        progress(done, runs)
        effects.append(_difference(whole, _yearly(model, cut(scenario, loop), draws, aim)))
    progress(runs, runs)
    stacked = np.array(effects).reshape(len(model.loops), *whole.shape)
    years = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
    return LoopEffects(scenario, None, aim, model.loops, years, whole, stacked)


def cut(scenario: Scenario, loop: Loop) -> Scenario:
    """`scenario` with `loop` cut from the beginning."""
    return replace(scenario, fixed={**scenario.fixed, loop.switch: 0.0})


def between(one: LoopEffects, other: LoopEffects) -> LoopEffects:
    """What each loop does to the difference of two runs on the same draws; ValueError if they are not comparable."""
    if (one.aim, one.loops, one.years, one.whole.shape) != (other.aim, other.loops, other.years, other.whole.shape):
        raise ValueError("the two runs must have the same outcome, loops, years and draws")
    scale = np.maximum(abs(one.whole), abs(other.whole))
    return replace(
        one,
        reference=other.scenario,
        whole=_rounded(one.whole - other.whole, scale),
        effects=_rounded(one.effects - other.effects, scale),
    )


def guarded(model: Model, loop: Loop) -> tuple[Equation, ...]:
    """The variables whose equations hold the switch of `loop`: where it is cut."""
    return tuple(equation for equation in model.equations if loop.switch in equation.causes)


def _yearly(model: Model, scenario: Scenario, draws: Draws, aim: Aim) -> Array:
    found = evaluate(model, scenario, draws, [aim.variable])
    if not np.isfinite(found.yearly).all():
        raise InputError(
            "“{scenario}” gives no finite number for “{name}”; its values are too extreme",
            scenario=scenario.name,
            name=aim.variable,
        )
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return np.array([found.read(aim.variable, aim.reading, year, aim.unit) for year in years])


def _difference(closed: Array, open_: Array) -> Array:
    return _rounded(closed - open_, np.maximum(abs(closed), abs(open_)))


def _rounded(difference: Array, scale: NDArray[np.float64]) -> Array:
    return np.where(abs(difference) <= _ROUNDING * scale, 0.0, difference)
