"""The answer where each of two contested forms is true: the draws in two groups, and what the data say of them.

The headline averages over both. What a group says is conditional: the other parameters are as the draws of that group
have them. A group of fewer than LEAST draws is told of as such and has no numbers.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.contested_forms import ContestedForm, undecided
from shudian.analysis.ranking import SURE, Flip, Ranking, flips, ranking
from shudian.analysis.reported import Band, band
from shudian.analysis.results import Readable
from shudian.analysis.verdicts import MEASURES, Pairing, Probability, noise, reached, read
from shudian.draws import Draws
from shudian.kinds import Target

Array = NDArray[np.float64]
LEAST = 100
"""Draws of a group below which no number is stated: its 5 % quantile would be decided by five of them."""
STRONG = 3.0
"""Bayes factor from which the data are said to favour a form, and below which to lean (Kass and Raftery 1995)."""
MATTERS = 0.01
"""A chance that differs by less than this between two forms is not worth a sentence."""
NOTABLE = 0.1
"""Two median additions that differ by no more than this share of the greater are not worth a sentence."""
EFFECTS = ("output", "jobs", "entry")
"""Measures of which each package's addition to its reference is shown."""
NIL, OTHERWISE = "nil", "otherwise"
Data = Literal["nothing", "lean", "favour", "unasked"]
"""What the data say of a form; `unasked` where the draws come from the priors."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one package comes to where one form is true."""

    chances: Mapping[str, Mapping[str, Probability]]
    """Target -> definition -> probability that the target is reached."""
    effects: Mapping[str, Band]
    """Addition to the reference, draw by draw; empty for the reference itself."""
    means: Mapping[str, Probability]
    """Mean addition and its Monte Carlo standard error; empty likewise."""


@dataclass(frozen=True, slots=True)
class End:
    """One of the two forms."""

    name: str
    """NIL or OTHERWISE."""
    prior: float
    """Probability before the data."""
    weight: Probability
    """Share of the draws."""
    draws: int
    answers: Mapping[str, Answer]
    """Package -> answer; empty in a group of fewer than LEAST draws."""
    best: tuple[str, ...]
    """The first package and all that cannot be told from it; empty likewise, or where there is one package only."""

    @property
    def few(self) -> bool:
        """Whether too few draws have this form to state a number."""
        return self.draws < LEAST


@dataclass(frozen=True, slots=True)
class ByForm:
    """One contested form: its two ends, what the data say, and whether it turns the choice."""

    form: ContestedForm
    ends: tuple[End, End]
    """Nil first."""
    data: Data
    favoured: str
    """The end to which the data lean or which they favour; empty where they say nothing."""
    flips: tuple[Flip, ...]
    """Packages of which one is clearly ahead at the one end, and the other at the other."""

    @property
    def told(self) -> bool:
        """Whether both ends have draws enough."""
        return not any(end.few for end in self.ends)


@dataclass(frozen=True, slots=True)
class Range:
    """How far a chance hangs on which of two forms is true."""

    found: ByForm
    definition: str
    low: End
    high: End
    chances: tuple[Probability, Probability]
    """At `low` and at `high`."""

    @property
    def gap(self) -> float:
        """By how much the two chances differ."""
        return self.chances[1].value - self.chances[0].value


@dataclass(frozen=True, slots=True)
class EffectRange:
    """How far what a package adds hangs on which of two forms is true."""

    found: ByForm
    low: End
    """The end at which the median addition is less."""
    high: End
    bands: tuple[Band, Band]
    """At `low` and at `high`."""

    @property
    def gap(self) -> float:
        """By how much the two medians differ."""
        return self.bands[1].median - self.bands[0].median


@dataclass(frozen=True, slots=True)
class ByStructure:
    """Every contested form that the run leaves open."""

    forms: tuple[ByForm, ...]
    decided: tuple[ContestedForm, ...]
    """Forms that a setting has decided, so that all draws have the same."""

    def saying(self, *data: Data) -> tuple[ByForm, ...]:
        """The forms of which the data say one of `data`."""
        return tuple(found for found in self.forms if found.data in data)

    def ranges(self, package: str, market: Target) -> tuple[Range, ...]:
        """The forms on which the chance of `market` hangs for `package`, under the definition where most; widest first.

        A chance hangs on a form if its ends differ by more than MATTERS, and by more than SURE standard errors of the
        difference: many forms and definitions are looked at, and the widest difference is told.
        """
        found = []
        for form in self.forms:
            if form.told:
                every = [_range(form, package, market, definition) for definition in market.definitions]
                if told := [one for one in every if _hangs(one)]:
                    found.append(max(told, key=lambda one: one.gap))
        return tuple(sorted(found, key=lambda one: -one.gap))

    def effect_ranges(self, package: str, measure: str) -> tuple[EffectRange, ...]:
        """The forms on which what `package` adds of `measure` hangs, the widest first; none for a reference.

        It hangs on a form if the means differ by more than SURE standard errors, and the medians by more than
        NOTABLE of the greater one.
        """
        told = [found for found in self.forms if found.told]
        every = [_effect_range(found, package, measure) for found in told if found.ends[0].answers[package].effects]
        return tuple(sorted((one for one in every if _moves(one, package, measure)), key=lambda one: -one.gap))


def by_structure(
    forms: Sequence[ContestedForm],
    draws: Draws,
    runs: Sequence[Readable],
    pairing: Pairing,
    targets: Sequence[Target],
    ranked: Mapping[str, Array],
    given: Collection[str] = (),
) -> ByStructure:
    """The answers of `runs` by each of `forms`; packages are ranked by `ranked`, name -> [draw], more being better.

    Forms whose parameter is `given` in all draws, or that one of the runs has set, are `decided` and not looked at.
    """
    open_ = undecided(forms, [run.scenario for run in runs], given)
    decided = tuple(form for form in forms if form not in open_)
    chances = {
        run.scenario.name: {t.identifier: {d: reached(run, t, d) for d in t.definitions} for t in targets}
        for run in runs
    }
    effects = _effects(runs, pairing)
    found = []
    for form in open_:
        nil = form.is_nil(draws)
        groups = {NIL: (form.prior_nil, nil), OTHERWISE: (1 - form.prior_nil, ~nil)}
        rankings = {
            name: ranking({package: values[members] for package, values in ranked.items()})
            for name, (_, members) in groups.items()
            if len(ranked) > 1 and members.sum() >= LEAST
        }
        first, second = (
            _end(name, prior, members, chances, effects, rankings.get(name))
            for name, (prior, members) in groups.items()
        )
        data, favoured = _said(first, second, draws.calibrated, len(open_))
        found.append(ByForm(form, (first, second), data, favoured, flips(rankings)))
    return ByStructure(tuple(found), decided)


def _effects(runs: Sequence[Readable], pairing: Pairing) -> dict[str, dict[str, Array]]:
    named = {run.scenario.name: run for run in runs}
    shown = [measure for measure in MEASURES if measure.name in EFFECTS]
    levels = {name: {m.name: read(run, m) for m in shown} for name, run in named.items()}
    found: dict[str, dict[str, Array]] = {}
    for name, amounts in levels.items():
        base = pairing.references[name]
        found[name] = {} if base == name else {m: amount - levels[base][m] for m, amount in amounts.items()}
    return found


def _end(
    name: str,
    prior: float,
    members: NDArray[np.bool_],
    chances: Mapping[str, Mapping[str, Mapping[str, NDArray[np.bool_]]]],
    effects: Mapping[str, Mapping[str, Array]],
    ranked: Ranking | None,
) -> End:
    draws = int(members.sum())
    weight = probability(members)
    if draws < LEAST:
        return End(name, prior, weight, draws, {}, ())
    answers = {
        package: Answer(
            {t: {d: probability(hit[members]) for d, hit in by.items()} for t, by in chances[package].items()},
            {measure: band(values[members]) for measure, values in effects[package].items()},
            {measure: _mean(values[members]) for measure, values in effects[package].items()},
        )
        for package in chances
    }
    return End(name, prior, weight, draws, answers, ranked.leaders if ranked else ())


def _said(nil: End, otherwise: End, calibrated: bool, among: int) -> tuple[Data, str]:
    """What the data say: nothing where the share of nil draws agrees with the prior's within its Monte Carlo error.

    The error is that of a prior which the data leave as it is, at the level at which one of `among` forms exceeds it
    by chance once in twenty times (Bonferroni).
    """
    if not calibrated:
        return "unasked", ""
    size = nil.draws + otherwise.draws
    error = math.sqrt(nil.prior * (1 - nil.prior) / size)
    if abs(nil.weight.value - nil.prior) <= NormalDist().inv_cdf(1 - 0.025 / among) * error:
        return "nothing", ""
    share = min(max(nil.weight.value, 0.5 / size), 1 - 0.5 / size)
    odds = share / (1 - share) * (1 - nil.prior) / max(nil.prior, 0.5 / size)
    favoured = NIL if odds > 1 else OTHERWISE
    return ("favour" if max(odds, 1 / odds) >= STRONG else "lean"), favoured


def _range(found: ByForm, package: str, market: Target, definition: str) -> Range:
    ends = sorted(found.ends, key=lambda end: end.answers[package].chances[market.identifier][definition].value)
    low, high = ends
    chances = tuple(end.answers[package].chances[market.identifier][definition] for end in ends)
    return Range(found, definition, low, high, (chances[0], chances[1]))


def _hangs(one: Range) -> bool:
    error = math.hypot(*(chance.error for chance in one.chances))
    return one.gap > max(MATTERS, noise(SURE / 2 * error, min(one.low.draws, one.high.draws)))


def _effect_range(found: ByForm, package: str, measure: str) -> EffectRange:
    low, high = sorted(found.ends, key=lambda end: end.answers[package].effects[measure].median)
    return EffectRange(
        found, low, high, (low.answers[package].effects[measure], high.answers[package].effects[measure])
    )


def _moves(one: EffectRange, package: str, measure: str) -> bool:
    low, high = (end.answers[package].means[measure] for end in (one.low, one.high))
    size = max(abs(band.median) for band in one.bands)
    return abs(high.value - low.value) > SURE * math.hypot(low.error, high.error) and one.gap > NOTABLE * size


def _mean(values: Array) -> Probability:
    return Probability(float(values.mean()), float(values.std()) / math.sqrt(values.size))


def probability(holds: NDArray[np.bool_]) -> Probability:
    """The share of draws in which something holds, with its Monte Carlo standard error."""
    share = float(holds.mean())
    return Probability(share, math.sqrt(share * (1 - share) / holds.size))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Outcomes where each of two forms is true."""

    form: ContestedForm
    weights: tuple[Probability, Probability]
    """Of nil and of the other."""
    bands: tuple[tuple[Band | None, Band | None], ...]
    """[outcome]: at nil and at the other; None in a group of fewer than LEAST draws."""
    gaps: tuple[Probability | None, ...]
    """[outcome]: mean at the other less mean at nil, and its Monte Carlo error; None likewise."""

    def is_told(self, outcome: int) -> bool:
        """Whether an outcome differs between the two by SURE standard errors, because many forms are looked at."""
        gap = self.gaps[outcome]
        return gap is not None and abs(gap.value) > SURE * gap.error


def what_if(forms: Sequence[ContestedForm], draws: Draws, values: Array) -> tuple[WhatIf, ...]:
    """The bands of `values`, [outcome, draw], where each form is true."""
    found = []
    for form in forms:
        nil = form.is_nil(draws)
        groups = (nil, ~nil)
        enough = [g.sum() >= LEAST for g in groups]
        bands, gaps = [], []
        for row in values:
            first, second = (band(row[g]) if many else None for g, many in zip(groups, enough, strict=True))
            bands.append((first, second))
            gaps.append(_gap(row[nil], row[~nil]) if all(enough) else None)
        found.append(WhatIf(form, (probability(nil), probability(~nil)), tuple(bands), tuple(gaps)))
    return tuple(found)


def _gap(nil: Array, otherwise: Array) -> Probability:
    one, other = _mean(nil), _mean(otherwise)
    return Probability(other.value - one.value, math.hypot(one.error, other.error))
