"""What reviews find, how often they are wrong, and what it is worth to hold them.

A city that evaluates chooses later and knows more; how much that brings is told beside choosing one of the ways once
for all, and beside hindsight, which takes the best way in each draw. The figure is also taken as if it were otherwise:
perfect, later, less exact, too high, by another definition, or telling nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from shudian.analysis.reported import Band, band
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import LATER, Probability
from shudian.draws import Array, Draws
from shudian.indicators import load_indicators
from shudian.kinds import Model, Review, Scenario
from shudian.review_file import default_error
from shudian.reviews import Flags, Taken, Way, as_seen, months_read, perfect, ways
from shudian.simulate import bare_run, ways_taken
from shudian.value_of_information import Gain, Measure, decision_gain, variances_explained

BLIND = 10.0
"""Standard deviation of a logarithm with which a figure tells nothing."""
LATE = (6.0, 12.0)
"""Months by which the figure is later than planned."""
NOISIER = 3.0
"""How many times its error is."""
TOO_HIGH = 0.05
"""Share by which it is too high, and too low."""
EARLIER = (18.0, 12.0, 6.0, 0.0)
"""Months before the first review at which indicators are tried as signposts."""
MONEY = ("cumulative_local_output", "cumulative_fiscal_cost")
YIYUAN = 1e4
"""万元"""


@dataclass(frozen=True, slots=True)
class Held:
    """What one review finds, as shares of draws."""

    review: Review
    held: float
    passed: float
    """Of the draws in which it is held."""
    wrong: float
    """Of these, where an immediate and perfect figure would have found the opposite."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reviews are worth whose figure is read in one manner."""

    manner: str
    """`planned`, `perfect`, `late`, `noisy`, `high`, `low`, `blind` or `definition`."""
    amount: float
    """By how much: months, times, a share."""
    definition: str
    passed: float
    """Of the first review."""
    wrong: float
    """Share of draws in which any review found what a perfect figure, of the definition planned, would not."""
    worth: Probability
    """Mean net benefit above that of the best way chosen once, 亿元, and its standard error."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What an indicator tells of which way is better, at each of the months before the first review."""

    indicator: str
    place: str
    definition: str
    gains: Mapping[float, Gain]
    """Months before the review -> what choosing after the figure brings, 亿元."""
    told: Mapping[float, Gain]
    """The same -> share of the variance of output's logarithm in LATER that the figure is expected to take away."""


@dataclass(frozen=True, slots=True)
class ReviewsWorth:
    """What it is worth to hold the reviews of one scenario."""

    scenario: str
    held: tuple[Held, ...]
    once: Mapping[Way, Band]
    """Way -> net benefit to LATER above that of the best way, draw by draw, 亿元."""
    best: Way
    """The way that is best on average, where it is chosen once for all."""
    taken: Band
    """The same of the scenario with its reviews."""
    hindsight: Probability
    """What the best way of each draw brings on average above the best way of all."""
    readings: tuple[Reading, ...]
    signs: tuple[Sign, ...]
    """The best first, by what they bring to the choice at the review, or tell of output where that is nil."""
    value: float
    draws: int


def held_reviews(taken: Taken) -> tuple[Held, ...]:
    """What each review finds."""
    found = []
    for review, held, passed, wrong in zip(taken.reviews, taken.held, taken.passed, taken.wrong, strict=True):
        count = max(int(held.sum()), 1)
        found.append(Held(review, float(held.mean()), float(passed.sum()) / count, float(wrong.sum()) / count))
    return tuple(found)


def reviews_held(model: Model, scenarios: Iterable[Scenario], draws: Draws) -> dict[str, tuple[Held, ...]]:
    """What the reviews of each of `scenarios` that has any find, by its name."""
    return {s.name: held_reviews(ways_taken(model, s, draws)) for s in scenarios if s.reviews}


def reviews_worth(model: Model, scenario: Scenario, draws: Draws, value: float, seed: int) -> ReviewsWorth:
    """The ReviewsWorth of `scenario`, a yuan of output being worth `value` yuan.

    Raises ValueError for a scenario without reviews, and for a budget that is not equalised.
    """
    taken = ways_taken(model, scenario, draws)
    known = {way: _benefit(model, plain, draws, value) for way, plain in ways(scenario)}
    best = max(known, key=lambda way: float(known[way].mean()))
    above = {way: benefit - known[best] for way, benefit in known.items()}
    every = np.array([*above.values()])
    return ReviewsWorth(
        scenario.name,
        held_reviews(taken),
        {way: band(benefit) for way, benefit in above.items()},
        best,
        band(_along(above, taken)),
        _mean(every.max(axis=0)),
        tuple(_readings(model, scenario, draws, above, taken)),
        _signs(model, scenario, draws, every, _log_output(model, scenario, draws), seed),
        value,
        draws.values.shape[1],
    )


def _benefit(model: Model, plain: Scenario, draws: Draws, value: float) -> Array:
    output, cost = (row[:, -1] for row in evaluate(model, plain, draws, MONEY, LATER).yearly.transpose(0, 2, 1))
    return np.asarray((value * output - cost) / YIYUAN)


def _log_output(model: Model, scenario: Scenario, draws: Draws) -> Array:
    run = evaluate(model, scenario, draws, MONEY[:1], LATER)
    return np.log(np.maximum(run.read(MONEY[0], "increase_over_year", LATER, "万元"), 1.0))


def _along(known: Mapping[Way, Array], taken: Taken) -> Array:
    found = np.full(taken.held.shape[1], math.nan)
    for way, benefit in known.items():
        marked = taken.on(way)
        found[marked] = benefit[marked]
    return found


def _mean(values: Array) -> Probability:
    return Probability(float(values.mean()), float(values.std() / math.sqrt(values.size)))


def _readings(
    model: Model, scenario: Scenario, draws: Draws, above: Mapping[Way, Array], planned: Taken
) -> Iterator[Reading]:
    for manner, amount, definition, reviews in _manners(scenario.reviews):
        found = planned if manner == "planned" else ways_taken(model, replace(scenario, reviews=reviews), draws)
        # what is right is what the planned figure would show, if it were perfect
        right = _right(model, scenario, draws, found) if manner == "definition" else found.right
        wrong = (found.held & (found.passed != right)).any(axis=0)
        yield Reading(
            manner, amount, definition, float(found.passed[0].mean()), float(wrong.mean()),
            _mean(_along(above, found)),
        )  # fmt: skip


def _manners(reviews: tuple[Review, ...]) -> Iterator[tuple[str, float, str, tuple[Review, ...]]]:
    """In which manner figures are read, by how much otherwise than planned, and the reviews that read them so."""

    def seen(**changes: float) -> tuple[Review, ...]:
        return tuple(replace(review, seen=replace(review.seen, **changes)) for review in reviews)  # type: ignore[arg-type]

    yield "planned", 0.0, "", reviews
    yield "perfect", 0.0, "", tuple(perfect(review) for review in reviews)
    for months in LATE:
        late = tuple(replace(r, seen=replace(r.seen, delay=r.seen.delay + months)) for r in reviews)
        if all(review.date >= months_read(review) for review in late):
            yield "late", months, "", late
    noisy = tuple(replace(r, seen=replace(r.seen, error=NOISIER * r.seen.error)) for r in reviews)
    if any(review.seen.error for review in reviews):
        yield "noisy", NOISIER, "", noisy
    yield "high", TOO_HIGH, "", seen(bias=TOO_HIGH)
    yield "low", TOO_HIGH, "", seen(bias=-TOO_HIGH)
    for definition, others in _redefined(reviews):
        yield "definition", 0.0, definition, others
    yield "blind", BLIND, "", seen(error=BLIND)


def _redefined(reviews: tuple[Review, ...]) -> Iterator[tuple[str, tuple[Review, ...]]]:
    """The first review's indicator counted in each other way that has the same unit, against the same threshold."""
    first, known = reviews[0], load_indicators()
    if first.asked == "cost_per_job" or first.target:
        return
    for rule in known.rules:
        is_other = (rule.indicator, rule.place) == (first.seen.indicator, first.seen.place) and not rule.is_ratio
        if not is_other or rule.definition == first.seen.definition:
            continue
        growth = first.asked == "growth"
        other = replace(
            first.seen, definition=rule.definition, variable=rule.variable, reading=rule.reading,
            factor=rule.factor_median, error=default_error(rule, known, growth),
        )  # fmt: skip
        yield rule.definition, (replace(first, seen=other), *reviews[1:])


def _right(model: Model, scenario: Scenario, draws: Draws, found: Taken) -> Flags:
    """What a perfect figure of the definition planned would find on the way on which each draw is."""
    planned = ways_taken(model, replace(scenario, reviews=tuple(perfect(r) for r in scenario.reviews)), draws)
    # the first review sees the same past in both; later ones are taken as they were found
    return np.vstack([planned.right[:1], found.right[1:]])


def _signs(
    model: Model, scenario: Scenario, draws: Draws, benefits: Array, output: Array, seed: int
) -> tuple[Sign, ...]:
    """What the growth of each indicator of the city would bring to the choice, at each month of EARLIER.

    Of indicators that read one variable alike, the first is tried: their growth is the same.
    """
    known, first = load_indicators(), scenario.reviews[0]
    alike = {
        (rule.variable, rule.reading): rule
        for rule in reversed(known.rules)
        if rule.place == "city" and not rule.is_ratio and rule.is_fitted
    }
    rules = [*reversed(alike.values())]
    variables = tuple(dict.fromkeys(rule.variable for rule in rules))
    plain = next(plain for _, plain in ways(scenario))
    run = bare_run(model, plain, draws, variables, int(first.date))
    found = []
    for rule in rules:
        error = default_error(rule, known, is_growth=True)
        gains, told = {}, {}
        for months in EARLIER:
            seen = replace(
                first.seen, indicator=rule.indicator, place=rule.place, definition=rule.definition,
                variable=rule.variable, reading=rule.reading, factor=1.0, delay=known.delay, bias=0.0, error=0.0,
                rounding=0.0,
            )  # fmt: skip
            looked = replace(first, date=first.date - months, seen=seen, asked="growth", target="")
            if looked.date < max(months_read(looked), scenario.now):
                continue
            ratio = 1 + as_seen(looked, {rule.variable: run[variables.index(rule.variable)]}, model, None)
            if not np.isfinite(ratio).all() or not (ratio > 0).all() or np.ptp(ratio) == 0:
                continue
            measure = _measured(np.log(ratio), error)
            gains[months] = decision_gain(benefits, measure, seed, repeats=2)
            told[months] = variances_explained(output[None], measure, seed, repeats=1)[0]
        if gains:
            found.append(Sign(rule.indicator, rule.place, rule.definition, gains, told))
    return tuple(sorted(found, key=_rank))


def _rank(sign: Sign) -> tuple[float, float]:
    """What is told from nil of the choice comes first, and then what is told of output."""
    last = min(sign.gains)
    gain = sign.gains[last]
    return (-gain.value if gain.value > 2 * gain.standard_error else 0.0), -sign.told[last].value


def _measured(value: Array, error: float) -> Measure:
    def measure(generator: np.random.Generator) -> Array:
        return np.asarray(value + error * generator.standard_normal(value.shape))[None]

    return measure
