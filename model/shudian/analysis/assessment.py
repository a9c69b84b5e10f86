"""Packages side by side on the same draws: prices, worth, ranks, regret, what is left, what each lever brings."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.contribution import Contributions, contributions, players, split
from shudian.analysis.cost import Price, Worth, prices, worth
from shudian.analysis.ranking import Flip, Ranking, flips, ranking
from shudian.analysis.regret import Regret, regret, withdrawn
from shudian.analysis.reported import Band, band
from shudian.analysis.results import Readable, evaluate
from shudian.analysis.verdicts import LATER, YEAR, Pairing, Verdicts, measured, reached
from shudian.draws import Draws
from shudian.kinds import InputError, Model, Scenario, Target, Told
from shudian.scenario_changes import combine

Array = NDArray[np.float64]
FEW, FEWER = 1000, 256
"""Draws on which packages are run in other worlds and without support, and on which levers' contributions are
computed; fewer where packages are many, so that twelve take no longer than an errand. Errors are always given."""
_FEW_IN_ALL, _FEWER_IN_ALL = 5000, 1024
BENEFIT, JOBS = "benefit", "jobs"


@dataclass(frozen=True, slots=True)
class Left:
    """What a package leaves in LATER if all support ends in 2028, its reference's too; beside it with support."""

    without: Mapping[str, Band]
    with_support: Mapping[str, Band]
    kept: Mapping[str, float]
    """Expected addition without support as a share of that with it; not a number where support adds nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of what separates two runs, or the whole: outcome -> band."""

    policy: Mapping[str, Band]
    assumption: Mapping[str, Band]
    interaction: Mapping[str, Band]
    total: Mapping[str, Band]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that a comparison says beside the verdicts; packages are named as their scenarios are."""

    packages: tuple[str, ...]
    """In the order asked for, without the references."""
    peers: tuple[str, ...]
    """Those in the world of the package asked about: only these are ranked against each other."""
    value: float
    """What a yuan of additional output is worth, in yuan."""
    prices: Mapping[str, Mapping[tuple[str, int], Price]]
    """万元 a job, yuan a yuan of output."""
    worth: Worth
    rankings: Mapping[str, Mapping[str, Ranking]]
    """Criterion -> world -> Ranking of the peers. Criteria: the target's definitions (amounts in its year, 亿元),
    `reached/<definition>`, jobs, and net benefit to LATER (亿元) at `value`. The first world is the packages' own."""
    definition_flips: tuple[Flip, ...]
    """Of the chance of the target, in the packages' own world."""
    world_flips: Mapping[str, tuple[Flip, ...]]
    """Criterion -> flips between worlds."""
    regrets: Mapping[str, Regret]
    left: Mapping[str, Left]
    contributions: Mapping[str, Contributions]
    outcomes: tuple[str, ...]
    """What the contributions and differences are of: amounts under each definition, jobs, cost, chances."""
    differences: Mapping[str, Difference]
    """Package in another world -> what separates it from the package asked about."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is compared, on which draws."""

    model: Model
    draws: Draws
    scenarios: Mapping[str, Scenario]
    runs: Mapping[str, Readable]
    pairing: Pairing
    verdicts: Verdicts
    variables: tuple[str, ...]
    shocks: tuple[Scenario, ...]
    value: float
    seed: int

    @property
    def market(self) -> Target:
        """The target whose definition is in dispute."""
        return self.verdicts.market

    def reference(self, name: str) -> str:
        """The run with which the package called `name` is compared."""
        return self.pairing.references[name]


def assess(choice: Choice, told: Told = lambda _what, _share: None) -> Assessment:
    """The Assessment of `choice`; `told` hears the package that is being worked on and the share that is done.

    Raises InputError where a package stands beside one with other reviews.
    """
    for name, other in choice.pairing.references.items():
        reviews = choice.scenarios[other].reviews
        if reviews and reviews != choice.scenarios[name].reviews:
            raise InputError(
                "“{name}” has reviews, and a package is taken apart only beside what is decided once; name another one "
                "with --against",
                name=other,
            )
    bases = {*choice.pairing.references.values()}
    names = tuple(name for name in choice.runs if name not in bases)
    own = choice.reference(choice.pairing.asked)
    peers = tuple(name for name in names if choice.reference(name) == own)
    told("", 0.0)
    worlds = _worlds(choice, peers, own)
    rankings = {
        c: {world: ranking(a, "人" if c == JOBS else "亿元") for world, a in by.items()}
        for c, by in _criteria(choice, worlds).items()
    }
    first = next(iter(worlds))
    chances = {d: rankings[f"reached/{d}"][first] for d in choice.market.definitions}
    gained, spent = _additional(choice, peers, own, LATER)
    told("", 0.4)
    # a coalition is too small to be shared out over the cores, and packages are not
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        brought = {}
        for position, (name, found) in enumerate(
            zip(peers, pool.map(lambda name: _contributions(choice, name), peers), strict=True), 1
        ):
            brought[name] = found
            told(name, 0.4 + 0.5 * position / len(peers))
    return Assessment(
        names,
        peers,
        choice.value,
        {name: prices(choice.runs[name], choice.runs[choice.reference(name)]) for name in names},
        worth(gained, spent, own),
        rankings,
        flips(chances),
        {criterion: flips(by_world) for criterion, by_world in rankings.items()},
        {criterion: _regret(choice, worlds, criterion) for criterion in (*choice.market.definitions, JOBS, BENEFIT)},
        {name: _left(choice, name) for name in peers},
        brought,
        outcome_names(choice.market),
        {name: _difference(choice, name) for name in names if name not in peers},
    )


def outcome_names(market: Target) -> tuple[str, ...]:
    """What contributions and differences are of, in order."""
    definitions = tuple(market.definitions)
    return (*definitions, JOBS, "cost", *(f"reached/{d}" for d in definitions))


def _outcomes(market: Target, run: Readable) -> Array:
    rows = [measured(run, market, d) / 1e4 for d in market.definitions]
    rows += [_jobs(run, YEAR), _cost(run, YEAR)]
    rows += [reached(run, market, d).astype(np.float64) for d in market.definitions]
    return np.array(rows)


def _jobs(run: Readable, year: int) -> Array:
    return run.read("fte_jobs", "level_at_year_end", year, "人")


def _cost(run: Readable, year: int) -> Array:
    return run.read("cumulative_fiscal_cost", "level_at_year_end", year, "亿元")


def _output(run: Readable, year: int) -> Array:
    return run.read("cumulative_local_output", "level_at_year_end", year, "亿元")


def _additional(
    choice: Choice, names: Sequence[str], base: str, year: int
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Additional output and cost to the end of `year`, 亿元."""
    runs = choice.runs
    gained = {name: _output(runs[name], year) - _output(runs[base], year) for name in names}
    spent = {name: _cost(runs[name], year) - _cost(runs[base], year) for name in names}
    return gained, spent


def _first(draws: Draws, most: int) -> Draws:
    return replace(draws, values=np.ascontiguousarray(draws.values[:, :most]))


def draws_made_again(draws: int, runs: int) -> int:
    """On how many of `draws` draws so many `runs` are made once more in another way."""
    return min(draws, FEW, max(FEWER, _FEW_IN_ALL // runs))


def _few(choice: Choice) -> Draws:
    return _first(choice.draws, draws_made_again(choice.draws.values.shape[1], len(choice.runs)))


def _fewer(choice: Choice) -> Draws:
    return _first(choice.draws, max(64, min(FEWER, _FEWER_IN_ALL // len(choice.runs))))


def _worlds(choice: Choice, peers: Sequence[str], base: str) -> dict[str, dict[str, Readable]]:
    """World -> run by name: the packages' own world, and the same with one shock more."""
    found: dict[str, dict[str, Readable]] = {"": {name: choice.runs[name] for name in (*peers, base)}}
    draws = _few(choice)
    for shock in choice.shocks:
        struck = {name: combine(choice.scenarios[name], shock) for name in (*peers, base)}
        found[shock.name] = {
            name: evaluate(choice.model, scenario, draws, choice.variables) for name, scenario in struck.items()
        }
    return found


def _criteria(choice: Choice, worlds: Mapping[str, Mapping[str, Readable]]) -> dict[str, dict[str, dict[str, Array]]]:
    """Criterion -> world -> amounts of each package and the reference, more being better."""
    criteria = (*choice.market.definitions, *(f"reached/{d}" for d in choice.market.definitions), JOBS, BENEFIT)
    return {c: {world: _amounts(choice, runs, c) for world, runs in worlds.items()} for c in criteria}


def ranked_by(choice: Choice, names: Sequence[str], criterion: str) -> dict[str, Array]:
    """What packages and the reference are ranked by under `criterion`, [draw], more being better."""
    base = choice.reference(choice.pairing.asked)
    return _amounts(choice, {name: choice.runs[name] for name in (*names, base)}, criterion)


def _amounts(choice: Choice, runs: Mapping[str, Readable], criterion: str) -> dict[str, Array]:
    market = choice.market
    if criterion == JOBS:
        return {name: _jobs(run, YEAR) for name, run in runs.items()}
    if criterion == BENEFIT:
        base = runs[choice.reference(choice.pairing.asked)]
        return {
            name: choice.value * (_output(run, LATER) - _output(base, LATER)) - _cost(run, LATER) + _cost(base, LATER)
            for name, run in runs.items()
        }
    if criterion in market.definitions:
        return {name: measured(run, market, criterion) / 1e4 for name, run in runs.items()}
    definition = criterion.removeprefix("reached/")
    return {name: reached(run, market, definition).astype(np.float64) for name, run in runs.items()}


def _regret(choice: Choice, worlds: Mapping[str, Mapping[str, Readable]], criterion: str) -> Regret:
    amounts = {world: _amounts(choice, runs, criterion) for world, runs in worlds.items()}
    size = min(values.size for by_name in amounts.values() for values in by_name.values())
    names = tuple(next(iter(amounts.values())))
    table = np.array([[amounts[world][name][:size] for name in names] for world in amounts])
    return regret(tuple(amounts), names, table)


def _left(choice: Choice, name: str) -> Left:
    draws, other = _few(choice), choice.reference(name)
    size = draws.values.shape[1]
    ended, base = (
        evaluate(choice.model, withdrawn(choice.scenarios[n]), draws, choice.variables) for n in (name, other)
    )
    kept, bands, full = {}, {}, {}
    for what, read in (("output", _yearly_output), ("jobs", _jobs), ("firms", _firms)):
        without = read(ended, LATER) - read(base, LATER)
        with_support = read(choice.runs[name], LATER)[:size] - read(choice.runs[other], LATER)[:size]
        bands[what], full[what] = band(without), band(with_support)
        whole = float(with_support.mean())
        kept[what] = float(without.mean()) / whole if whole > 0 else float("nan")
    return Left(bands, full, kept)


def _yearly_output(run: Readable, year: int) -> Array:
    return run.read("cumulative_local_output", "increase_over_year", year, "亿元")


def _firms(run: Readable, year: int) -> Array:
    return run.read("active_firms", "level_at_year_end", year, "家")


def _evaluator(choice: Choice) -> Callable[[Scenario, Draws], Array]:
    return lambda scenario, draws: _outcomes(
        choice.market, evaluate(choice.model, scenario, draws, choice.variables, YEAR, threads=1)
    )


def _contributions(choice: Choice, name: str) -> Contributions:
    package, reference = choice.scenarios[name], choice.scenarios[choice.reference(name)]
    return contributions(
        package,
        reference,
        players(package, reference, choice.model.scheduled),
        _fewer(choice),
        _evaluator(choice),
        seed=choice.seed,
    )


def _difference(choice: Choice, name: str) -> Difference:
    first, second = choice.scenarios[choice.pairing.asked], choice.scenarios[name]
    parts = split(first, second, _few(choice), _evaluator(choice))
    names = outcome_names(choice.market)

    def bands(values: Array) -> dict[str, Band]:
        return {outcome: band(row) for outcome, row in zip(names, values, strict=True)}

    return Difference(bands(parts.policy), bands(parts.assumption), bands(parts.interaction), bands(parts.total))
