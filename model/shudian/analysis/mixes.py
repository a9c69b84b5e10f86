"""Mixes: what a city can still choose, as points of a box, and each point as a scenario."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shudian.draws import Array
from shudian.kinds import InputError, Label, Model, Parameter, Scenario, Segment
from shudian.parameters import DATE
from shudian.paths import scenarios_folder
from shudian.quantities import MONTHS, placed, read_value, write_month
from shudian.scenarios import list_scenarios, load_scenario
from shudian.schedules import ROOT, find_parameter, replace_from, values
from shudian.units import conversion

Mix = tuple[float, ...]
"""A value for each free lever of a Box, in internal units and in the box's order."""

TRIPLE = ("production_subsidy_rate", "production_subsidy_cap", "production_subsidy_eligible_share")
"""A subsidy is paid at a rate, up to a cap, to a share of titles: where one is nothing, the others mean nothing."""
_GRID = 200
"""The range of a lever holds at least so many steps; a step is 1, 2 or 5 in the unit in which it is written."""
_SCALES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""A shipped package is tried with its money multiplied by each of these."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A lever that is free, in internal units."""

    parameter: Parameter
    low: float
    high: float
    step: float
    usual: float
    """What the base package has in force at the end of the target's year."""

    def snapped(self, value: float) -> float:
        """The nearest value that a person would write; the base's own stays as it is."""
        if value == self.usual:
            return value
        factor = conversion(self.parameter.display_unit, self.parameter.unit) if self._scaled else 1.0
        step = self.step / factor
        # through the unit in which it is written, so that 0.3 亿元 is 0.3 and not 0.30000000000000004
        shown = float(f"{round(value / factor / step) * step:.12g}") * factor
        return min(max(shown, self.low), self.high)

    def at(self, share: float) -> float:
        """The value at a share of the range; where nothing is spent at its start, small amounts get more room."""
        bent = self.low == 0 and not self.parameter.whole
        return self.snapped(self.low + (self.high - self.low) * (share**2 if bent else share))

    def share(self, value: float) -> float:
        """The inverse of `at`."""
        share = (value - self.low) / (self.high - self.low)
        return math.sqrt(share) if self.low == 0 and not self.parameter.whole else share

    @property
    def _scaled(self) -> bool:
        return self.parameter.display_unit != DATE and self.parameter.unit != "1"


@dataclass(frozen=True, slots=True)
class Box:
    """What can be chosen: free levers, each constant from one month on, on top of a base package."""

    base: Scenario
    start: float
    """Month after 2023-01 from which a mix acts."""
    axes: tuple[Axis, ...]
    held: Mapping[str, float]
    """Levers that are set to a value and not searched."""

    @property
    def usual(self) -> Mix:
        """The base package itself, as far as its free levers go."""
        return tuple(axis.usual for axis in self.axes)

    def coupled(self, mix: Sequence[float]) -> Mix:
        """`mix` with a production subsidy that lacks rate, cap or coverage taken out as a whole."""
        places = [n for n, axis in enumerate(self.axes) if axis.parameter.name in TRIPLE]
        if len(places) < len(TRIPLE) or all(mix[n] > 0 for n in places):
            return tuple(mix)
        return tuple(0.0 if n in places else value for n, value in enumerate(mix))

    def mix(self, shares: Array) -> Mix:
        """The mix at a point of the unit cube."""
        return self.coupled([axis.at(float(share)) for axis, share in zip(self.axes, shares, strict=True)])

    def shares(self, mix: Mix) -> Array:
        """The point of the unit cube at which `mix` lies."""
        return np.array([axis.share(value) for axis, value in zip(self.axes, mix, strict=True)])

    def changes(self, mix: Mix) -> dict[str, float]:
        """Levers in which `mix` departs from the base package, and to what."""
        moved = {axis.parameter.name: v for axis, v in zip(self.axes, mix, strict=True) if v != axis.usual}
        return {**self.held, **moved}

    def scenario(self, mix: Mix, name: str = "mix", title: Label | None = None) -> Scenario:
        """The scenario of `mix`; what it does not change stays as the base package has it."""
        levers = dict(self.base.levers)
        for lever, value in self.changes(mix).items():
            levers[lever] = replace_from(levers.get(lever, ()), (Segment(self.start, value),))
        # a base of one's own is not beside the file that is written, and its schedules are written in full
        shipped = self.base.place.path.parent.resolve() == scenarios_folder().resolve()
        base = self.base.name if shipped else ROOT
        # on the root what a base of one's own had in the past is another past
        past = self.base.retrospective or self.start < self.base.now or not shipped
        title = title or self.base.title
        return replace(self.base, name=name, title=title, levers=levers, base=base, retrospective=past)


def make_box(
    base: Scenario, model: Model, start: float, year: int, levers: Sequence[str] = (), fix: Sequence[str] = ()
) -> Box:
    """The Box of mixes on `base` that act from `start` on and are judged at the end of `year`.

    `levers` names the free ones (default: all), `fix` sets others (`fund_size=1亿元`).
    Raises InputError on any mistake.
    """
    held = {}
    for setting in fix:
        with placed(f"--fix {setting}"):
            name, equals, value = (part.strip() for part in setting.replace("＝", "=").partition("="))
            if not (name and equals and value):
                raise InputError("write it as lever=value, for example fund_size=1亿元")
            parameter = find_parameter(name, model.parameters, ("lever",))
            held[parameter.name] = read_value(value, parameter)
            if parameter.display_unit == DATE and held[parameter.name] < start:
                raise InputError(
                    "support that ends before {month} has ended before the mix begins", month=write_month(start)
                )
    chosen = []
    for lever in (part.strip() for text in levers for part in text.replace("，", ",").split(",")):
        with placed(f"--levers {lever}"):
            chosen.append(find_parameter(lever, model.parameters, ("lever",)).name)
            if chosen[-1] in held:
                raise InputError("“{lever}” cannot be free and fixed at once; leave one of the two out", lever=lever)
    free = [
        p
        for p in model.parameters.values()
        if p.role == "lever" and p.name not in held and (not chosen or p.name in chosen)
    ]
    if not free:
        raise InputError("every lever is fixed, so that there is nothing to choose; leave a --fix out")
    return Box(base, start, tuple(_axis(p, base, start, year) for p in free), held)


def seeds(box: Box, model: Model, year: int) -> dict[str, Mix]:
    """Mixes to start from: every shipped package as if it were adopted at the start, by name, with its money scaled.

    The name of an unscaled one is the package's own. The base with each lever at either end is among them.
    """
    found: dict[str, Mix] = {"": box.usual}
    for name, package in packages(model):
        values_ = [_in_force(axis.parameter, package, year) for axis in box.axes]
        for scale in _SCALES:
            scaled = [
                v * scale if axis.parameter.scales_with_budget or axis.parameter.name == "annual_budget" else v
                for axis, v in zip(box.axes, values_, strict=True)
            ]
            mix = box.coupled([min(max(v, axis.low), axis.high) for axis, v in zip(box.axes, scaled, strict=True)])
            found[name if scale == 1 else f"{name}*{scale:g}"] = mix
    for number, axis in enumerate(box.axes):
        for end in ("low", "high"):
            one = list(box.usual)
            one[number] = getattr(axis, end)
            found[f"{axis.parameter.name}@{end}"] = box.coupled(one)
    found["@low"] = tuple(axis.low for axis in box.axes)
    found["@high"] = tuple(axis.high for axis in box.axes)
    return found


def packages(model: Model) -> Iterator[tuple[str, Scenario]]:
    """The shipped packages by name; of two that differ by a factor for their money only, the one that is not scaled.

    One that a review decides later is no mix, because a mix is decided once.
    """
    for name in list_scenarios(kind="package"):
        package = load_scenario(name, model.parameters)
        if not (package.same_budget_as or package.reviews):
            yield name, package


def _axis(parameter: Parameter, base: Scenario, start: float, year: int) -> Axis:
    usual = _in_force(parameter, base, year)
    if parameter.display_unit == DATE:
        # support cannot end before the mix begins
        return Axis(parameter, start, parameter.high, 1.0, max(usual, start))
    factor = 1.0 if parameter.unit == "1" else conversion(parameter.display_unit, parameter.unit)
    step = 1.0 if parameter.whole else _round_below((parameter.high - parameter.low) / factor / _GRID)
    return Axis(parameter, parameter.low, parameter.high, step * factor, usual)


def _in_force(parameter: Parameter, scenario: Scenario, year: int) -> float:
    end = float(min((year - 2022) * 12, MONTHS) - 1)
    return float(values(scenario.levers.get(parameter.name, ()), np.array([end]), parameter.value)[0])


def _round_below(width: float) -> float:
    decade = 10.0 ** math.floor(math.log10(width))
    return max(step * decade for step in (1, 2, 5) if step * decade <= width * (1 + 1e-9))


def differ(one: Mix, other: Mix, axes: Collection[Axis]) -> float:
    """How far two mixes are apart: the largest difference of a lever as a share of its range."""
    return max(abs(a - b) / (axis.high - axis.low) for a, b, axis in zip(one, other, axes, strict=True))
