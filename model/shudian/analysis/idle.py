"""What was changed and yet does nothing, and why.

Each change is taken back by itself: where outcomes stay the same in all or nearly all draws, it is idle. The reason
follows from what is planned, and for a lever from what `seeds/parameters/levers.toml` says that it needs and which
limit it moves. The page does the same (`page/assets/idle.js`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal, TypeVar

import numpy as np

from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import YEAR
from shudian.draws import Array, Draws, draws_of
from shudian.kinds import SCHEDULED_ROLES, Label, Model, Parameter, Scenario
from shudian.parameters import DATE
from shudian.quantities import FIRST_YEAR, MONTHS
from shudian.scenarios import load_scenario, schedule_matrices
from shudian.simulate import STEPS_PER_MONTH

MOSTLY = 0.9
"""A change is idle if it does nothing, until the end of YEAR, in this share of the draws."""
LEAST = 1e-3
"""Nothing: no outcome moves by as much as this share of itself, at the turn of any year."""
ROUNDING = 1e-9
"""Numbers within this share of themselves are one number: another order of sums or another engine parts them so far."""
AFTER, LATE = (YEAR + 1 - FIRST_YEAR) * 12, MONTHS - 12
"""A change from the first of these months on comes after YEAR, one from the second on in the last year."""
FEW, MANY = 100, 1000
"""Draws on which most changes are seen to act, and draws on which the others are run."""

EXAMPLES = ("zhengzhou_2025", "shenzhen_mode")
"""The packages whose value is offered for a lever that is at 0: of the first one that has any."""

T = TypeVar("T")
Reason = Literal["same", "needs", "off", "ended", "limit", "after", "late", "zero", "unmoved", "small"]


@dataclass(frozen=True, slots=True)
class Idle:
    """One change that does nothing."""

    parameter: Parameter
    reason: Reason
    """It is no change; what it needs is at 0, or both are; support has ended; a limit does not bind; it comes after
    YEAR, or too late; it acts only through what is 0, or through what it does not move; it is small."""
    start: float
    """The month (after 2023-01) from which it acts, or would act."""
    share: float
    """Share of the draws in which it does nothing until the end of YEAR."""
    whole: float
    """Share of the draws in which it does nothing until the end of the horizon."""
    needs: tuple[Parameter, ...] = ()
    """What is missing."""
    through: tuple[Label, ...] = ()
    """The variables through which it acts."""


@dataclass(frozen=True, slots=True)
class Idleness:
    """All that does nothing in `scenario` of that in which it differs from `before`, at least one change."""

    scenario: Scenario
    before: Scenario
    changes: tuple[Idle, ...]

    @property
    def set(self) -> bool:
        """Whether the two differ by settings on the command line, and not by a file."""
        return self.scenario.place == self.before.place


@dataclass(frozen=True, slots=True)
class _Shares:
    """Shares of the draws with the same outcomes, exactly or nearly: until the end of YEAR, and to the end."""

    exact: float
    nearly: float
    exact_whole: float
    nearly_whole: float


def idle(
    model: Model, scenario: Scenario, before: Scenario, draws: Draws, variables: Sequence[str]
) -> tuple[Idle, ...]:
    """What is changed in `scenario`, against `before`, and does nothing to `variables` in nearly all of `draws`.

    Not more than MANY of these are run. Every change is taken back by itself, the others being in place. Budgets must
    be equalised (ValueError).
    """
    found = []
    many = min(MANY, draws.values.shape[1])
    kept: dict[int, tuple[Draws, Array]] = {}

    def runs() -> Iterator[tuple[Draws, Array]]:
        for count in sorted({min(FEW, many), many}):
            if count not in kept:
                few = draws_of(model, draws.values[:, :count], draws.seed, draws.posterior)
                kept[count] = few, evaluate(model, scenario, few, variables).yearly
            yield kept[count]

    for parameter in moved(scenario, before, model.parameters):
        start = _start(parameter, scenario, before)
        if start is None:
            found.append(Idle(parameter, "same", 0.0, 1.0, 1.0))
            continue
        without = _undone(scenario, before, parameter.name)
        for few, own in runs():
            shares = _shares(own, evaluate(model, without, few, variables).yearly)
            # a share of few draws is a rough one
            if shares.nearly < MOSTLY - (0.05 if few.values.shape[1] < many else 0):
                break
        else:
            found.append(_explained(model, scenario, parameter, start, shares, few))
    return tuple(found)


def example_of(lever: Parameter, parameters: Mapping[str, Parameter]) -> float:
    """A value with which `lever` is at work: what the first of EXAMPLES has, for the end of support that of no end.

    Without an example it is the far end of the range: the low one where the lever rests above it.
    """
    if lever.display_unit == DATE:
        return lever.value
    packages = (load_scenario(name, parameters) for name in EXAMPLES)
    values = [package.levers[lever.name][-1].value for package in packages if lever.name in package.levers]
    return next((value for value in values if value), lever.high if lever.value == lever.low else lever.low)


def moved(scenario: Scenario, before: Scenario, parameters: Mapping[str, Parameter]) -> tuple[Parameter, ...]:
    """What is written otherwise in `scenario` than in `before`, even where it comes to the same."""
    own, other = ({**s.levers, **s.assumptions, **s.fixed, **_reviewed(s)} for s in (scenario, before))
    return tuple(p for name, p in parameters.items() if own.get(name) != other.get(name))


def _reviewed(scenario: Scenario) -> dict[str, object]:
    """Each lever that a review of `scenario` may decide, with all that is written of it."""
    branches = [branch for review in scenario.reviews for branch in (review.passed, review.failed)]
    return {
        name: (scenario.levers.get(name), [branch.get(name) for branch in branches])
        for name in dict.fromkeys(name for branch in branches for name in branch)
    }


def _start(parameter: Parameter, scenario: Scenario, before: Scenario) -> float | None:
    """The month in which the two begin to differ in `parameter`; None if they never do."""
    if parameter.role not in SCHEDULED_ROLES:
        return 0.0
    rows, others = ([by_way[0] for by_way in schedule_matrices(s, [parameter])] for s in (scenario, before))
    pairs = zip(rows, others, strict=True) if len(rows) == len(others) else product(rows, others)
    starts = [start for one, other in pairs if (start := _parted(parameter, one, other)) is not None]
    return min(starts, default=None)


def _parted(parameter: Parameter, one: Array, other: Array) -> float | None:
    steps = np.flatnonzero(~np.isclose(one, other, rtol=ROUNDING, atol=0))
    if not steps.size:
        return None
    start = float(steps[0] // STEPS_PER_MONTH)
    if parameter.display_unit == DATE:
        # nothing happens before the earlier of the two dates
        start = max(start, float(np.minimum(one, other)[steps].min()))
    return start


def _undone(scenario: Scenario, before: Scenario, name: str) -> Scenario:
    def back(own: Mapping[str, T], other: Mapping[str, T]) -> dict[str, T]:
        return {**{k: v for k, v in own.items() if k != name}, **({name: other[name]} if name in other else {})}

    # of a review that is none of the package's before, nothing is left of the lever
    old = {review.date: review for review in before.reviews}
    branches = {
        review.date: (old[review.date].passed, old[review.date].failed) if review.date in old else ({}, {})
        for review in scenario.reviews
    }
    reviews = tuple(
        replace(
            review,
            passed=back(review.passed, branches[review.date][0]),
            failed=back(review.failed, branches[review.date][1]),
        )
        for review in scenario.reviews
    )
    return replace(
        scenario,
        reviews=reviews,
        levers=back(scenario.levers, before.levers),
        assumptions=back(scenario.assumptions, before.assumptions),
        fixed=back(scenario.fixed, before.fixed),
    )


def _shares(one: Array, other: Array) -> _Shares:
    difference, size = np.abs(one - other), np.maximum(np.abs(one), np.abs(other))
    exact, nearly = (np.asarray((difference <= share * size).all(axis=0)) for share in (ROUNDING, LEAST))
    until = AFTER // 12 + 1
    return _Shares(*(float(same.all(axis=0).mean()) for same in (exact[:until], nearly[:until], exact, nearly)))


def _explained(
    model: Model, scenario: Scenario, parameter: Parameter, start: float, shares: _Shares, draws: Draws
) -> Idle:
    def found(reason: Reason, exact: bool = False, **more: Any) -> Idle:
        share, whole = (shares.exact, shares.exact_whole) if exact else (shares.nearly, shares.nearly_whole)
        return Idle(parameter, reason, start, share, whole, **more)

    missing = tuple(p for p in (model.parameters[n] for n in parameter.needs) if _at_rest(p, scenario, start))
    if start >= MONTHS:
        return found("late")
    if shares.exact_whole == 1 and missing:
        if any(needed.display_unit == DATE for needed in missing):
            return found("ended", needs=missing)
        return found("off" if _at_rest(parameter, scenario, start) else "needs", needs=missing)
    if parameter.limit and (shares.exact_whole if start >= AFTER else shares.exact) >= MOSTLY:
        return found("limit", exact=True)
    if shares.nearly_whole < MOSTLY:
        return found("after")
    if start >= LATE:
        return found("late")
    if parameter.limit:
        return found("limit")
    if shares.exact_whole == 1:
        values, labels = _through(model, scenario, parameter, draws)
        return found("unmoved" if values.any() else "zero", through=labels)
    return found("small")


def _at_rest(parameter: Parameter, scenario: Scenario, since: float) -> bool:
    """Whether a lever is 0 from month `since` on, or a date lies behind it."""
    by_way = schedule_matrices(scenario, [parameter])
    rows = np.concatenate([row[0, int(since) * STEPS_PER_MONTH :] for row in by_way])
    if parameter.display_unit == DATE:
        return bool((rows <= since).all())
    return bool((rows == 0).all())


def _through(model: Model, scenario: Scenario, parameter: Parameter, draws: Draws) -> tuple[Array, tuple[Label, ...]]:
    """What the variables that the parameter enters come to, and what they are called."""
    effects = [e for e in (*model.stocks, *model.dynamic) if parameter.name in e.causes]
    few = draws_of(model, draws.values[:, :FEW], draws.seed, draws.posterior)
    return evaluate(model, scenario, few, [e.name for e in effects]).yearly, tuple(e.label for e in effects)
