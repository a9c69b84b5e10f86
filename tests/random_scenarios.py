"""Random scenarios within what a planner may choose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shudian.kinds import Model, Parameter, Scenario, Segment
from shudian.parameters import DATE
from shudian.quantities import MONTHS
from shudian.scenarios import list_scenarios, load_scenario
from shudian.schedules import Schedule, merge


def random_scenario(model: Model, generator: np.random.Generator) -> Scenario:
    """A shipped package without reviews, with random schedules of some levers and assumptions."""
    packages = [
        package
        for package in (load_scenario(name, model.parameters) for name in list_scenarios(kind="package"))
        if not (package.same_budget_as or package.reviews)
    ]
    base = packages[int(generator.integers(len(packages)))]
    name = base.name
    chosen = {p.name: random_schedule(p, generator) for p in model.scheduled if generator.random() < 0.4}
    levers = {n: s for n, s in chosen.items() if model.parameters[n].role == "lever"}
    assumptions = {n: s for n, s in chosen.items() if n not in levers}
    fixed: dict[str, float] = {}
    if generator.random() < 0.3:
        uncertain = [p for p in model.fixed if p.role == "uncertain" and p.prior is not None]
        parameter = uncertain[int(generator.integers(len(uncertain)))]
        # a value that its prior makes likely: the ends of a range need not be compatible with each other
        fixed[parameter.name] = float(
            np.clip(parameter.value * generator.uniform(0.9, 1.1), parameter.low, parameter.high)
        )
    return replace(
        base,
        name="random",
        base=name,
        levers=merge(base.levers, levers),
        assumptions=merge(base.assumptions, assumptions),
        fixed={**base.fixed, **fixed},
        retrospective=True,
    )


def random_schedule(parameter: Parameter, generator: np.random.Generator) -> Schedule:
    """One to three steps within the parameter's range, some of them ramps, which the next step may interrupt.

    Something whole is scheduled from the beginning on, and no ramp of it is interrupted, its base's neither: half
    a park cannot be written.
    """
    starts = [int(s) for s in sorted(generator.choice(MONTHS, size=int(generator.integers(1, 4)), replace=False))]
    starts[0] = 0 if parameter.whole else starts[0]
    ends = [*starts[1:], MONTHS] if parameter.whole else [MONTHS] * len(starts)
    return tuple(_segment(parameter, start, end, generator) for start, end in zip(starts, ends, strict=True))


def _segment(parameter: Parameter, start: int, end: int, generator: np.random.Generator) -> Segment:
    value = float(generator.uniform(parameter.low, parameter.high))
    if generator.random() < 0.2:
        value = float(generator.choice([parameter.low, parameter.high]))
    if parameter.whole or parameter.display_unit == DATE:
        value = float(round(value))
    ramp = float(generator.integers(1, end - start + 1)) if generator.random() < 0.4 else 0.0
    return Segment(float(start), value, 0.0 if start == 0 or parameter.display_unit == DATE else ramp)
