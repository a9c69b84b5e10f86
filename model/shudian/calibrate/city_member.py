"""Another city's posterior: Zhengzhou's structure, the city's own place in it, led to the city's own figures.

The parameters of mechanisms and of the nation have one joint prior, the draws of Zhengzhou's posterior, and those that
describe the city (`local`, and whatever its file states) the city's prior. Each of Zhengzhou's draws is paired with
COPIES draws of the local ones, and a pair counts for the likelihood of the city's figures in it (importance sampling).

A city prints one to three figures, which its own initial share mostly answers, so that half of the structural draws or
more keep their weight: neither temperatures nor moves are needed, and each draw of the structure is one of Zhengzhou's
to the last bit. Moves would have to keep the likelihood of Zhengzhou's reports as well, with its
own local parameters beside the city's, at some ten times the price. Where the weights are too uneven, `effective`
says so, and nothing is written.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.calibration import LEAST_ESS, Evidence, stored
from shudian.calibrate.sampler import systematic
from shudian.calibrate.target import Target
from shudian.draws import effective_draws
from shudian.kinds import Model
from shudian.observe.likelihood import Observer
from shudian.structure import load_model

Array = NDArray[np.float64]
COPIES = 32
"""Local draws for each structural one: with these the weight of a structural draw is exact to a few per cent, and a
city takes some fifteen seconds on two cores."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """A choice of pairs by some weights: as many as Zhengzhou's posterior has draws."""

    shared: NDArray[np.int64]
    """[draw]: number of the draw of Zhengzhou's posterior"""
    local: Array
    """[local parameter, draw], internal units"""
    log_likelihood: Array
    """[draw], of all of the city's figures"""
    structures: float
    """Independent draws of the structure that carry it."""
    pairs: float
    """Independent pairs that carry it."""

    @property
    def effective(self) -> float:
        """How many independent draws these are worth, at most their number."""
        return min(self.structures, self.pairs, float(self.shared.size))


@dataclass(frozen=True, slots=True, eq=False)
class CityMember:
    """A city's draws and how they came about."""

    evidence: Evidence
    target: Target
    local: tuple[str, ...]
    """Names of the parameters that are the city's own."""
    before: Pairs
    """Before any of the city's figures: every structural draw once."""
    chosen: Pairs
    without: Mapping[str, Pairs]
    """By report: as if it had not been printed."""
    seed: int

    @property
    def passed(self) -> bool:
        """Whether enough independent draws carry it."""
        return self.chosen.effective >= LEAST_ESS

    def uncertain(self, names: Sequence[str], values: Array, chosen: Pairs) -> Array:
        """The draws of `chosen`, [uncertain parameter of the city's model, draw].

        `names` and `values` [parameter, draw] are those of Zhengzhou's posterior.
        """
        rows = dict(zip(self.local, chosen.local, strict=True))
        return np.array(
            [
                rows[name] if name in rows else values[list(names).index(name), chosen.shared]
                for name in self.target.latent.names
            ]
        )


def local_names(model: Model) -> tuple[str, ...]:
    """The uncertain parameters that are a city's own, in the model's order: marked so, or stated by its file."""
    home = load_model().parameters
    uncertain = (p for p in model.fixed if p.prior is not None)
    return tuple(p.name for p in uncertain if p.local or p.prior != home[p.name].prior)


def fit_city(
    evidence: Evidence,
    names: Sequence[str],
    values: Array,
    *,
    seed: int = 1,
    copies: int = COPIES,
    target: Target | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> CityMember:
    """The member of the city of `evidence`, on the draws [parameter, draw] of Zhengzhou's posterior.

    `target` stands for that of the evidence. The same seed gives the same draws on any machine. Raises InputError for
    a mistake in the evidence and for a city without figures.
    """
    target = target or evidence.target()
    local = local_names(target.model)
    latent, draws = target.latent, values.shape[1]
    rows = [latent.names.index(name) for name in local]
    own = set(rows)
    shared = np.zeros((len(latent.names), draws))
    for row, name in enumerate(latent.names):
        if row not in own:
            shared[row] = values[list(names).index(name)]
    reports = target.observer.reports
    observers = [Observer(tuple(r for r in reports if r is not left)) for left in reports]
    drawn, whole, without = [], [], []
    for copy in range(copies):
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, copy])))
        z = np.zeros(shared.shape)
        z[rows] = generator.standard_normal((len(rows), draws))
        uncertain = shared.copy()
        uncertain[rows] = stored(latent.uncertain(z)[rows])
        run = target.run(uncertain, None)
        drawn.append(uncertain[rows])
        whole.append(target.observer.total(run))
        without.append([_total(observer, target.observer, run) for observer in observers])
        progress((copy + 1) / copies)
    chooser = _Chooser(np.array(drawn), np.array(whole), seed)
    held_out = np.array(without)
    return CityMember(
        evidence, target, local,
        before=Pairs(np.arange(draws), chooser.drawn[0], chooser.whole[0], float(draws), float(draws)),
        chosen=chooser.choose(chooser.whole),
        without={r.identifier: chooser.choose(held_out[:, row]) for row, r in enumerate(reports)},
        seed=seed,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Chooser:
    """All pairs, from which some are chosen by weights."""

    drawn: Array
    """[copy, local parameter, draw]"""
    whole: Array
    """Log-likelihood, [copy, draw]"""
    seed: int

    def choose(self, logarithms: Array) -> Pairs:
        """Pairs by weights whose `logarithms` are [copy, draw]."""
        top = logarithms.max()
        weights: Array = np.exp(logarithms - top) if math.isfinite(top) else np.ones(logarithms.shape)
        copies, draws = len(weights), weights.shape[1]
        # draw by draw, so that a structural draw is chosen as often as its weight says, but for less than one
        by_draw = (weights / weights.sum()).T.ravel()
        generator = np.random.Generator(np.random.Philox(self.seed))
        chosen = np.sort(systematic(by_draw, generator, draws))
        shared, copy = chosen // copies, chosen % copies
        return Pairs(
            shared, self.drawn[copy, :, shared].T, self.whole[copy, shared],
            structures=effective_draws(weights.sum(axis=0)), pairs=effective_draws(by_draw),
        )  # fmt: skip


def _total(observer: Observer, whole: Observer, run: Array) -> Array:
    """The log-likelihood of some of the reports of `whole`, [draw], from a run of its variables."""
    if not observer.reports:
        return np.zeros(run.shape[2])
    return observer.total(run[[whole.variables.index(variable) for variable in observer.variables]])
