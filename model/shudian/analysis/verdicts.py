"""Verdicts: how likely each package reaches each target, under each definition, and at what cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.alike import Alike, alike
from shudian.analysis.output_change import OutputChange
from shudian.analysis.reported import Band, Reported, band
from shudian.analysis.results import Readable, Reading
from shudian.grounds import Grounds
from shudian.kinds import Label, Model, Scenario, Target
from shudian.targets import market_of

if TYPE_CHECKING:
    from shudian.analysis.by_year import ByYear
    from shudian.analysis.reasons import Reasons
    from shudian.analysis.reviewing import Held
    from shudian.analysis.structures import ByStructure
    from shudian.analysis.warnings import Limit

YEAR = 2027
LATER = 2030
"""Year of the second look: what is left at the end of the horizon, after a support that may have ended."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of the verdict tables: how it is read from a run."""

    name: str
    variable: str
    reading: Reading
    unit: str
    since: int = YEAR
    """First year that an increase covers."""
    year: int = YEAR
    words: str = ""
    """The measure whose label it has, at another year."""

    @property
    def label(self) -> str:
        """Key of its label."""
        return f"measure_{self.words or self.name}"


MEASURES = (
    Measure("firms", "active_firms", "level_at_year_end", "家"),
    Measure("output", "cumulative_local_output", "increase_over_year", "亿元"),
    Measure("jobs", "fte_jobs", "level_at_year_end", "人"),
    Measure("heads", "head_count", "level_at_year_end", "人"),
    Measure("indirect", "indirect_jobs", "level_at_year_end", "人"),
    Measure("cost", "cumulative_fiscal_cost", "level_at_year_end", "亿元"),
    Measure("support", "cumulative_support_paid", "level_at_year_end", "亿元"),
    Measure("fund", "cumulative_fund_contribution", "level_at_year_end", "亿元"),
    Measure("parks", "cumulative_park_spending", "level_at_year_end", "亿元"),
    Measure("city", "city_fiscal_cost", "level_at_year_end", "亿元"),
    Measure("districts", "district_fiscal_cost", "level_at_year_end", "亿元"),
    Measure("province", "province_fiscal_cost", "level_at_year_end", "亿元"),
    Measure("fund_back", "cumulative_fund_return", "level_at_year_end", "亿元"),
    Measure("net", "cumulative_net_fiscal_cost", "level_at_year_end", "亿元"),
    Measure("taxes", "cumulative_taxes", "increase_over_year", "亿元", since=2025),
    Measure("entry", "cumulative_firm_entry", "increase_over_year", "家"),
    Measure("entry_later", "cumulative_firm_entry", "increase_over_year", "家", LATER, LATER, "entry"),
    Measure("output_later", "cumulative_local_output", "increase_over_year", "亿元", LATER, LATER, "output"),
    Measure("jobs_later", "fte_jobs", "level_at_year_end", "人", LATER, LATER, "jobs"),
    Measure("cost_later", "cumulative_fiscal_cost", "level_at_year_end", "亿元", LATER, LATER, "cost"),
)
ADDITIONAL = ("firms", "entry", "output", "jobs", "heads", "indirect", "cost", "net", "output_later", "jobs_later")
"""Measures that are also compared with the reference on the same draws."""
CHANGED = ("firms", "entry", "output", "jobs", "cost", "output_later", "jobs_later")
"""Measures of which a changed package is compared with the package as it was, on the same draws."""
STANDING_YEARS = (2024, 2025)
"""Years before the target's that show where a definition stands already."""


@dataclass(frozen=True, slots=True)
class Probability:
    """A share of draws and its Monte Carlo standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one scenario comes to."""

    scenario: Scenario
    targets: Mapping[str, Mapping[str, Probability]]
    """Target -> definition -> probability that the target is reached."""
    gains: Mapping[str, Probability]
    """Definition -> change of the market target's probability against the reference, paired draw by draw."""
    measures: Mapping[str, Band]
    additional: Mapping[str, Band]
    """Difference to the reference, draw by draw; empty for the reference itself."""
    changes: Mapping[str, Band]
    """Difference that the settings make, draw by draw; empty for a package that was not changed."""
    turns: Mapping[str, Probability]
    """Definition -> change of the market target's probability that the settings make; empty likewise."""
    moves: Mapping[str, Mapping[str, Probability]] = field(default_factory=dict)
    """Target -> definition -> change of its probability that the settings make or, without any, against the reference,
    draw by draw; empty for the reference."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the market stands in a year before the target's, under one definition."""

    year: int
    amount: Band
    reached: Probability
    """Share of draws in which the target's threshold is already reached in this year."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which run is compared with which, all by name."""

    asked: str
    """The package that the question is about."""
    references: Mapping[str, str]
    """Every run -> the run without policy, under the same assumptions, with which it is compared."""
    originals: Mapping[str, str]
    """Package changed by settings -> the package as it was."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How much of the market answer for the package asked for hangs on the definition, how much on the package.

    `packages_spread` is the largest difference that another package makes, under `spread_definition`; `noise` is
    the largest of what `noise()` gives for such a difference: a smaller one is not a difference.
    """

    definitions_spread: float
    packages_spread: float
    spread_definition: str
    spread_package: str
    """Empty where there is no other package."""
    noise: float


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts of all scenarios of a run, and what they share."""

    city: str
    rows: tuple[Verdict, ...]
    pairing: Pairing
    targets: tuple[Target, ...]
    definitions: Mapping[str, Label]
    """What each definition (口径) is called."""
    market: Target
    """The target whose definition is in dispute."""
    standing: Mapping[str, tuple[Standing, ...]]
    """Definition of the market -> where the package asked for stands in each of STANDING_YEARS."""
    finding: Finding
    alike: tuple[Alike, ...]
    """Pairs of packages with the same measures of YEAR in every draw."""
    reported: tuple[Reported, ...]
    draws: int
    seed: int
    grounds: Grounds
    """What the draws rest on."""
    limits: tuple[Limit, ...] = ()
    """What the answer cannot carry."""
    structures: ByStructure | None = None
    """The answer where each contested form is true."""
    change: OutputChange | None = None
    """What the package asked for changes in output against what it is compared with, before and after all evidence."""
    reasons: Reasons | None = None
    """What stands behind the answer for the package asked for."""
    before: Mapping[str, Probability] = field(default_factory=dict)
    """Definition -> chance of the market target before somebody's own priors or a condition; empty without either."""

    years: tuple[ByYear, ...] = ()
    """Of each package that begins now, what it brings year by year."""
    reviews: Mapping[str, tuple[Held, ...]] = field(default_factory=dict)
    """Of each scenario with reviews, what these find."""

    @property
    def carried(self) -> float:
        """How many independent draws the answer rests on: fewer than its draws where these have weights."""
        return _carried(self.draws, self.grounds)

    @property
    def reference(self) -> str:
        """The run without policy with which the package asked for is compared."""
        return self.pairing.references[self.pairing.asked]

    def row(self, name: str) -> Verdict:
        """The verdict of the scenario called `name`."""
        return next(row for row in self.rows if row.scenario.name == name)


def judge(
    city: str,
    outcomes: Sequence[Readable],
    targets: Sequence[Target],
    definitions: Mapping[str, Label],
    pairing: Pairing,
    reported: tuple[Reported, ...],
    seed: int,
    grounds: Grounds,
) -> Verdicts:
    """The verdicts on `targets` of `outcomes`, all on the same draws, each compared as `pairing` says."""
    market = market_of(targets)
    runs = {outcome.scenario.name: outcome for outcome in outcomes}
    # draws that were drawn again by weight are worth fewer, and errors are those of what they are worth
    wider = math.sqrt(outcomes[0].draws / _carried(outcomes[0].draws, grounds))
    rows = tuple(_widened(_verdict(outcome, runs, pairing, targets, market), wider) for outcome in outcomes)
    standing = {
        d: tuple(_standing(runs[pairing.asked], market, d, y) for y in STANDING_YEARS) for d in market.definitions
    }
    measures = {measure.variable for measure in MEASURES}
    counted = {variable for target in targets for variable in target.definitions.values()}
    pairs = tuple(
        alike(one, other, YEAR, measures, counted)
        for one, other in combinations(outcomes, 2)
        if all(np.array_equal(read(one, m), read(other, m)) for m in MEASURES if m.year == YEAR)
    )
    finding = _finding(runs, pairing, market)
    finding = replace(finding, noise=min(1.0, finding.noise * wider))
    return Verdicts(
        city, rows, pairing, tuple(targets), dict(definitions), market, standing, finding, pairs, reported,
        outcomes[0].draws, seed, grounds,
    )  # fmt: skip


def _carried(draws: int, grounds: Grounds) -> float:
    found = grounds.posterior
    return min(draws, found.effective) if found and found.effective else draws


def _widened(verdict: Verdict, wider: float) -> Verdict:
    """`verdict` with every standard error multiplied."""

    def of(chances: Mapping[str, Probability]) -> dict[str, Probability]:
        return {name: Probability(chance.value, chance.error * wider) for name, chance in chances.items()}

    return replace(
        verdict,
        targets={name: of(chances) for name, chances in verdict.targets.items()},
        gains=of(verdict.gains),
        turns=of(verdict.turns),
        moves={name: of(chances) for name, chances in verdict.moves.items()},
    )


def noise(error: float, draws: int) -> float:
    """The least difference of two probabilities on the same draws that is one: twice its standard error.

    Where hardly a draw differs, that error is no guide, and the rule of three holds: 3/draws.
    """
    return min(1.0, max(2 * error, 3 / draws))


def judged(model: Model, targets: Sequence[Target]) -> tuple[str, ...]:
    """The variables that verdicts read."""
    names = [m.variable for m in MEASURES] + [v for target in targets for v in target.definitions.values()]
    return tuple(dict.fromkeys(name for name in names if name in model))


def measured(outcome: Readable, target: Target, definition: str) -> NDArray[np.float64]:
    """What each draw comes to under one definition of a target, in the target's unit."""
    return outcome.read(target.definitions[definition], target.measure, target.year, target.unit)


def read(outcome: Readable, measure: Measure) -> NDArray[np.float64]:
    """Every draw's value of `measure` in its year, or over the years from `since` to its year."""
    years = range(measure.since if measure.reading == "increase_over_year" else measure.year, measure.year + 1)
    found = [outcome.read(measure.variable, measure.reading, year, measure.unit) for year in years]
    return np.asarray(np.sum(found, axis=0))


def _verdict(
    outcome: Readable, runs: Mapping[str, Readable], pairing: Pairing, targets: Sequence[Target], market: Target
) -> Verdict:
    base = runs[pairing.references[outcome.scenario.name]]
    original = runs.get(pairing.originals.get(outcome.scenario.name, ""))
    measures = {measure.name: read(outcome, measure) for measure in MEASURES}
    return Verdict(
        outcome.scenario,
        {target.identifier: {d: chance(outcome, target, d) for d in target.definitions} for target in targets},
        {} if base is outcome else {d: paired(outcome, base, market, d) for d in market.definitions},
        {name: band(values) for name, values in measures.items()},
        {} if base is outcome else _differences(measures, base, ADDITIONAL),
        _differences(measures, original, CHANGED) if original else {},
        {d: paired(outcome, original, market, d) for d in market.definitions} if original else {},
        {}
        if base is outcome and original is None
        else {t.identifier: {d: paired(outcome, original or base, t, d) for d in t.definitions} for t in targets},
    )


def _differences(measures: Mapping[str, NDArray[np.float64]], other: Readable, names: Sequence[str]) -> dict[str, Band]:
    """What is shown as a difference, everywhere: median and interval of the draw-by-draw differences.

    It is not the difference of the two medians, which belong to two different draws, nor the mean, which the few draws
    that gain most decide. Only where parts must add up (contributions of levers, prices at which a package begins to
    pay) is it the mean, and is called so.
    """
    return {m.name: band(measures[m.name] - read(other, m)) for m in MEASURES if m.name in names}


def _standing(outcome: Readable, market: Target, definition: str, year: int) -> Standing:
    values = outcome.read(market.definitions[definition], market.measure, year, market.unit)
    return Standing(year, band(values), _share(values >= market.threshold))


def reached(outcome: Readable, target: Target, definition: str) -> NDArray[np.bool_]:
    """In which draws a target is reached under one of its definitions."""
    return measured(outcome, target, definition) >= target.threshold


def chance(outcome: Readable, target: Target, definition: str) -> Probability:
    """The probability that a target is reached under one of its definitions, with its standard error."""
    return _share(reached(outcome, target, definition))


def _share(reached: NDArray[np.bool_]) -> Probability:
    share = float(reached.mean())
    return Probability(share, math.sqrt(share * (1 - share) / reached.size))


def paired(outcome: Readable, base: Readable, target: Target, definition: str) -> Probability:
    """How much likelier `outcome` reaches a target than `base`, on the same draws, with its standard error."""
    difference = reached(outcome, target, definition).astype(float) - reached(base, target, definition)
    return Probability(float(difference.mean()), float(difference.std() / math.sqrt(difference.size)))


def _finding(runs: Mapping[str, Readable], pairing: Pairing, market: Target) -> Finding:
    asked = runs[pairing.asked]
    chances = [float(reached(asked, market, d).mean()) for d in market.definitions]
    # a package under other assumptions differs by more than its measures
    peers = [name for name, base in pairing.references.items() if base == pairing.references[pairing.asked]]
    found = [
        (paired(runs[name], asked, market, d), d, name)
        for name in peers
        if name != pairing.asked
        for d in market.definitions
    ]
    largest, definition, package = max(
        found, key=lambda entry: abs(entry[0].value), default=(Probability(0, 0), next(iter(market.definitions)), "")
    )
    errors = [difference.error for difference, _, _ in found]
    return Finding(
        definitions_spread=max(chances) - min(chances),
        packages_spread=abs(largest.value),
        spread_definition=definition,
        spread_package=package,
        noise=noise(max(errors, default=0.0), asked.draws),
    )
