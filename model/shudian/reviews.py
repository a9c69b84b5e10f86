"""Reviews: what a city sees at a date decides, draw by draw, between two ways to go on.

A scenario with reviews is a tree of plain scenarios, its ways, one for each answer that its reviews may give. Every way
is run by the same kernel on the same draws, and each draw takes the way that its own figures choose. Until a review the
ways that it parts are one, so that a draw is run again only where another way was taken for granted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import special

from shudian.draws import Draws
from shudian.kinds import InputError, Model, Review, Scenario
from shudian.schedules import Schedule, merge, replace_from

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Way = tuple[bool | None, ...]
"""The answer of each review, None where it is not held."""
Runs = Callable[[Scenario, Sequence[str], Flags | None], Array]
"""Runs a plain scenario in the marked draws, or in all: [variable, month, draw]."""

YEAR = 12
"""Months that a figure covers."""
SPENT, HEADS = "cumulative_fiscal_cost", "head_count"
"""What a job is said to cost is the increase of the one over that of the other."""
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What reviews saw and which way each draw took; arrays are [review, draw]."""

    reviews: tuple[Review, ...]
    held: Flags
    passed: Flags
    """False where the review was not held."""
    right: Flags
    """What would have been found without delay, bias, error and rounding, on the way on which the draw was."""
    seen: Array
    """What was held against the threshold, in its unit."""
    true: Array
    """The same without delay, bias, error and rounding."""

    @property
    def wrong(self) -> Flags:
        """Where a review that was held found what an immediate and perfect figure would not have found."""
        return np.asarray(self.held & (self.passed != self.right))

    def on(self, way: Way) -> Flags:
        """The draws, [draw], that took `way`."""
        found = np.ones(self.held.shape[1], dtype=bool)
        for answer, held, passed in zip(way, self.held, self.passed, strict=True):
            found &= ~held if answer is None else held & (passed == answer)
        return found


def ways(scenario: Scenario) -> Iterator[tuple[Way, Scenario]]:
    """Every way of `scenario` and the plain scenario that it is; one without reviews has itself."""
    seen = set()
    for answers in product((True, False), repeat=len(scenario.reviews)):
        way = _held_only(scenario.reviews, answers)
        if way not in seen:
            seen.add(way)
            yield way, along(scenario, way)


def along(scenario: Scenario, way: Way) -> Scenario:
    """The plain scenario that `scenario` is where its reviews end as `way` says."""
    levers = dict(scenario.levers)
    for review, answer in zip(scenario.reviews, way, strict=True):
        if answer is not None:
            levers = merge(levers, review.passed if answer else review.failed)
    return replace(scenario, levers=levers, reviews=())


def check_once(scenario: Scenario) -> None:
    """Raise InputError for a scenario with reviews, of which a model file holds one way at most."""
    if scenario.reviews:
        raise InputError(
            "“{name}” has reviews, which choose draw by draw; a model file holds one schedule for all draws, so write "
            "one of the ways that they may lead as a package of its own",
            name=scenario.name,
        )


def with_branches(scenario: Scenario, change: Callable[[Mapping[str, Schedule]], dict[str, Schedule]]) -> Scenario:
    """`scenario` with what each of its reviews decides changed."""
    reviews = tuple(
        replace(review, passed=change(review.passed), failed=change(review.failed)) for review in scenario.reviews
    )
    return replace(scenario, reviews=reviews)


def decided_later(scenario: Scenario, levers: Mapping[str, Schedule]) -> Scenario:
    """`scenario` whose reviews know of `levers`, which are decided on top of it.

    Decisions act in the order of time: what begins before a review's own decision gives way to it, and what begins with
    it or after it replaces it from then on.
    """

    def patched(branch: Mapping[str, Schedule]) -> dict[str, Schedule]:
        found = dict(branch)
        for name, schedule in levers.items():
            if name in found:
                later = tuple(segment for segment in schedule if segment.start >= found[name][0].start)
                found[name] = replace_from(found[name], later) if later else found[name]
        return found

    return with_branches(scenario, patched)


def run_reviewed(
    model: Model, scenario: Scenario, draws: Draws, names: Sequence[str], months: int, run: Runs
) -> tuple[Array, Taken]:
    """The run of `names`, [variable, month 0..months, draw], each draw on the way that its reviews choose.

    Reviews from month `months` on are not held. Raises KeyError for an unknown variable.
    """
    reviews = tuple(review for review in scenario.reviews if review.date < months)
    plan = replace(scenario, reviews=reviews)
    variables = tuple(dict.fromkeys([*names, *(name for review in reviews for name in read_by(review))]))
    size = draws.values.shape[1]
    answers = np.ones((len(reviews), size), dtype=bool)
    first = _held_only(reviews, [True] * len(reviews))
    values = run(along(plan, first), variables, None)
    held, seen, true = np.zeros((len(reviews), size), dtype=bool), *np.full((2, len(reviews), size), math.nan)
    right = np.zeros((len(reviews), size), dtype=bool)
    for number, review in enumerate(reviews):
        before = (held[number - 1] & answers[number - 1]) if number else None
        failed = (held[number - 1] & ~answers[number - 1]) if number else None
        held[number] = {"": True, "passed": before, "failed": failed}[review.after]
        read = {name: values[variables.index(name)] for name in read_by(review)}
        seen[number] = as_seen(review, read, model, figure_errors(draws, number))
        true[number] = as_seen(perfect(review), read, model, None)
        answers[number], right[number] = holds(review, seen[number]) & held[number], holds(review, true[number])
        # until now all were run as if what is still open were passed
        for way, marked in _to_rerun(reviews, number, held, answers):
            values[:, :, marked] = run(along(plan, way), variables, marked)
    return values[: len(names)], Taken(reviews, held, answers, right, seen, true)


def read_by(review: Review) -> tuple[str, ...]:
    """The variables that a review reads."""
    return (SPENT, HEADS) if review.asked == "cost_per_job" else (review.seen.variable,)


def perfect(review: Review) -> Review:
    """`review` with a figure that is immediate and true."""
    return replace(review, seen=replace(review.seen, delay=0.0, bias=0.0, error=0.0, rounding=0.0))


def holds(review: Review, figure: Array) -> Flags:
    """Whether the review is passed by what is held against its threshold."""
    return np.asarray(figure >= review.threshold if review.at_least else figure < review.threshold)


def as_seen(review: Review, run: Mapping[str, Array], model: Model, errors: Array | None) -> Array:
    """What the city holds against the threshold, [draw], of a run [month, draw] of each variable that is read.

    `errors` are standard normal, one for each draw; None for none. Only what was before the review is read: a stock
    until its own day, any other variable until the month before, because it answers at once to what is decided then.
    """
    seen = review.seen

    def last(name: str) -> int:
        is_stock = model.equation(name).kind == "stock"
        return int(review.date - (seen.delay if is_stock else max(seen.delay, 1.0)))

    if review.asked == "cost_per_job":
        spent, added = (run[n][last(n)] - run[n][last(n) - YEAR] for n in (SPENT, HEADS))
        figure = np.where(added > 0, spent / np.where(added > 0, added, 1.0), np.inf)
    else:
        figure = _read(seen.reading, run[seen.variable], last(seen.variable))
        if review.asked == "growth":
            before = _read(seen.reading, run[seen.variable], last(seen.variable) - YEAR)
            figure = np.where(before > 0, figure / np.where(before > 0, before, 1.0), np.inf)
        else:
            figure = figure * seen.factor / review.target_threshold
    figure = figure * (1 + seen.bias)
    if errors is not None and seen.error:
        figure = figure * np.exp(seen.error * errors)
    if review.asked == "growth":
        figure = figure - 1
    return np.asarray(np.round(figure / seen.rounding) * seen.rounding if seen.rounding else figure)


def months_read(review: Review) -> float:
    """How many months before its date the earliest number lies that a review reads."""
    return max(review.seen.delay, 1.0) + (2 * YEAR if review.asked == "growth" else YEAR)


def figure_errors(draws: Draws, number: int) -> Array:
    """Standard normal errors of the figure of review `number`, one for each draw.

    An error belongs to its draw, whatever the company and the order in which that is run: it follows from the seed, the
    review's number and the draw's own values.
    """
    values = np.ascontiguousarray(draws.values, dtype=np.float64).view(np.uint64)
    with np.errstate(over="ignore"):
        state = _mixed(np.full(values.shape[1], (draws.seed * 8 + number) % 2**64, dtype=np.uint64))
        for row in values:
            state = _mixed(state ^ row)
    uniform = ((state >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.asarray(special.ndtri(uniform))


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea and Flood 2014): each bit of `state` moves about half of the bits."""
    state = state + np.uint64(_MIX[0])
    state = (state ^ (state >> np.uint64(30))) * np.uint64(_MIX[1])
    state = (state ^ (state >> np.uint64(27))) * np.uint64(_MIX[2])
    return np.asarray(state ^ (state >> np.uint64(31)))


def _read(reading: str, series: Array, end: int) -> Array:
    """The figure of the year that ends with month `end`, of `series` [month, draw]; flows by the trapezoid rule."""
    start = end - YEAR
    if reading == "end":
        return np.asarray(series[end])
    if reading == "increase":
        return np.asarray(series[end] - series[start])
    total = (series[start] + series[end]) / 2 + series[start + 1 : end].sum(axis=0)
    return np.asarray(total if reading == "total" else total / YEAR)


def _held_only(reviews: Sequence[Review], answers: Sequence[bool]) -> Way:
    """`answers` with None for a review that is not held after them."""
    way: list[bool | None] = []
    for review, answer in zip(reviews, answers, strict=True):
        wanted = {"": None, "passed": True, "failed": False}[review.after]
        is_held = not review.after or (bool(way) and way[-1] == wanted)
        way.append(answer if is_held else None)
    return tuple(way)


def _to_rerun(reviews: Sequence[Review], number: int, held: Flags, answers: Flags) -> Iterator[tuple[Way, Flags]]:
    """Each way onto which review `number` has led draws off that on which they were run, and these draws."""
    off = held[number] & ~answers[number]
    known = np.where(held[: number + 1], answers[: number + 1], False)
    for prefix in np.unique(known[:, off], axis=1).T:
        marked = off & (known == prefix[:, None]).all(axis=0)
        rest = [True] * (len(reviews) - number - 1)
        yield _held_only(reviews, [*map(bool, prefix), *rest]), marked
