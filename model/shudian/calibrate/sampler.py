"""Tempered sequential Monte Carlo, moved by differences between particles and by draws from the prior.

A population starts as draws from the prior and is led to the posterior through powers of the likelihood, each so
little above the last that the reweighted population keeps most of its effective size; it is resampled and moved
(Del Moral, Doucet and Jasra 2006). Because every mode has its share of the population from the start, their weights
come out right where a single chain would settle in one.

Particles move in two halves, each by what the other half is like, so that the product of their posteriors is kept
exactly. Moved by themselves they become too narrow: in a trial with 178 parameters, 1,000 particles and a normal
reference fitted to them the variance of what the data say nothing about fell to 0.87 of the prior's, and R-hat did not
see it.

Three kinds of move go in random order, each kept or not by Metropolis' rule. A fraction of the difference
between two particles of the other half is added (ter Braak 2006), in those directions only in which the terms of the
likelihood have slopes: steps have the posterior's own shape, and no more dimensions than the data have. In what is
left some directions are drawn anew from the prior, which is almost the posterior there (Cui, Law and Marzouk 2016). And
small blocks of parameters are, which moves a few all the way where a difference moves all a little. Per evaluation, at
the posterior of 2026, this moves the direction that moves least twice as far as the elliptical slices (Nishihara,
Murray and Adams 2014) did that stood here before.

A second likelihood, too dear to be evaluated at every try, comes in when the first has been reached, through powers of
its own. What a sweep of moves has made of a particle under the first is then kept or not by the second alone (delayed
acceptance, Christen and Fox 2005). There the moves of a sweep go there and back again, which makes them reversible
under the first together, whatever their order and their blocks, which a half has in common: the product of both
likelihoods is kept exactly, for all particles at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Terms = Callable[[Array], Array]
"""From latent numbers [parameter, draw] to the terms of their log-likelihood, [term, draw] or, of one term, [draw]."""
DIFFERENCES, BLOCKS, PARTS = 8, 4, 4
"""Moves of each kind in a sweep."""
SCALE = 1.7
"""Length of a difference: as long as the posterior is wide, times the scale over the root of the number of directions,
times a factor between a half and one and a half. 2.38 is the best for a normal posterior in many dimensions (Roberts,
Gelman and Gilks 1997); ours is not normal."""
BLOCK, PART = 10, 20
"""How many parameters, and directions without slopes, are drawn anew from the prior."""
LOOSE = 0.5
"""Least variance, in units of the prior's, of a parameter that is worth drawing anew from the prior."""
POINTS, WIDTH, STEEPEST, SLOPE = 6, 0.05, 3.0, 0.3
"""Slopes are taken at so many points over this width; none counts for more than the steepest, so that one point far
out on one report's flank does not drown the others; directions whose mean square slope is greater are informed."""
KEEP = 0.5
"""Effective share of the population that a step in temperature leaves."""


VERSION = 4
"""Another number with every change that gives other draws: no sampler goes on with the work of another."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How much work a batch is."""

    particles: int = 1000
    keep: float = KEEP
    sweeps: int = 3
    """How often every kind of move is made in each stage."""
    last_stages: int = 14
    """Stages at the posterior, after the one that arrives there."""
    later_stages: int = 12
    """Stages more in which the second likelihood comes in, where there is one, and is then held."""


@dataclass(frozen=True, slots=True)
class Population:
    """Where a batch stands; everything that is needed to go on."""

    z: Array
    """[parameter, particle]"""
    log_likelihood: Array
    temperature: float
    """Power of the likelihood, 0 the prior and 1 the posterior."""
    log_evidence: float
    """Log of the normalising constant so far."""
    stage: int
    """Stages done; each stage has its own stream of random numbers, so that going on gives what not stopping gave."""
    evaluations: int
    """Of the first likelihood."""
    later_power: float = 0.0
    """Power of the second likelihood."""


def start(terms: Terms, dimensions: int, settings: Settings, seed: tuple[int, ...]) -> Population:
    """A population drawn from the prior."""
    z = _generator(seed, 0).standard_normal((dimensions, settings.particles))
    return Population(z, _total(terms(z)), 0.0, 0.0, 1, settings.particles)


def advance(
    population: Population, terms: Terms, settings: Settings, seed: tuple[int, ...], later: Terms | None = None
) -> Population:
    """One stage: to the next temperature if there is one, then `sweeps` of moves.

    `later` is the second likelihood; it is given once the first has been reached, and in every stage from then on.
    """
    generator = _generator(seed, population.stage)
    if population.temperature < 1:
        population = _heat(population, settings, generator)
    elif later is not None and population.later_power < 1:
        population = _introduce(population, later, settings, generator)
    population = move(population, terms, settings.sweeps, generator, later)
    return replace(population, stage=population.stage + 1)


def bridge(
    z: Array,
    terms: Terms,
    left_out: int,
    sweeps: int,
    generator: np.random.Generator,
    later: Terms | None = None,
    excess: Array | float = 0.0,
) -> Population:
    """From a posterior's draws `z` to the posterior without the term number `left_out` of the first likelihood.

    The term is taken out by falling powers of it, with `sweeps` of moves at each. `excess`, [draw], is what the term
    was more in the posterior of `z`, where it is another one there; it is taken out with the first power.
    """
    power = 1.0
    population = Population(z, np.zeros(z.shape[1]), 1.0, 0.0, 0, 0, later_power=1.0)
    while power > 0:
        going = terms(population.z)[left_out]
        step = _step(-going, power, KEEP)
        chosen, _ = _resampled(-step * going - excess, generator)
        excess = 0.0
        power = 0.0 if step >= power else power - step
        weakened = _weakened(terms, left_out, power)
        moved = population.z[:, chosen]
        population = replace(population, z=moved, log_likelihood=_total(weakened(moved)))
        population = move(population, weakened, sweeps, generator, later)
    return population


def _weakened(terms: Terms, number: int, power: float) -> Terms:
    def weakened(z: Array) -> Array:
        values = np.atleast_2d(terms(z)).copy()
        values[number] = power * values[number] if power else 0.0
        return values

    return weakened


def _total(terms: Array) -> Array:
    """Their sum, [draw]; -inf where it is not a number."""
    total = np.atleast_2d(terms).sum(axis=0)
    return np.where(np.isnan(total), -np.inf, total)


def informed(z: Array, terms: Terms, generator: np.random.Generator) -> tuple[Array, int]:
    """Orthonormal directions in which the terms have slopes at some of the points `z`, and the evaluations taken."""
    dimensions, particles = z.shape
    points = z[:, generator.choice(particles, min(POINTS, particles), replace=False)]
    count = points.shape[1]
    moved = np.repeat(points, dimensions, axis=1)
    moved[np.tile(np.arange(dimensions), count), np.arange(count * dimensions)] += WIDTH
    here, there = np.atleast_2d(terms(points)), np.atleast_2d(terms(moved))
    slopes = (there.reshape(len(here), count, dimensions) - here[:, :, None]).reshape(-1, dimensions) / WIDTH
    slopes = slopes[np.isfinite(slopes).all(axis=1)]
    slopes *= np.minimum(1, STEEPEST / np.maximum(np.linalg.norm(slopes, axis=1, keepdims=True), 1e-12))
    eigenvalues, vectors = np.linalg.eigh(slopes.T @ slopes / count)
    return vectors[:, eigenvalues > SLOPE], count * (dimensions + 1)


def move(
    population: Population, terms: Terms, sweeps: int, generator: np.random.Generator, later: Terms | None = None
) -> Population:
    """`sweeps` times every kind of move, of every particle, at its temperature and power of `later`."""
    particles = population.z.shape[1]
    second = _Second(later, population.later_power)
    z, values = population.z.copy(), population.log_likelihood.copy()
    evaluations = population.evaluations
    # resampling puts copies of a particle side by side: keep them in one half
    halves = np.arange(particles) < particles // 2
    for moved in (halves, ~halves):
        others = _Others.of(z[:, ~moved], terms, generator)
        evaluations += others.evaluations
        seconds = second.of(z[:, moved])
        for _ in range(sweeps):
            points, heights = z[:, moved], values[moved]
            for propose in _sweep(others, generator, there_and_back=second.acts):
                proposed, prior = propose(points)
                proposed_heights = _total(terms(proposed))
                evaluations += heights.size
                # where neither has a likelihood the rise is not a number, and nothing is kept
                rise = population.temperature * (proposed_heights - heights) + prior
                kept = np.log(generator.random(heights.size)) < rise
                points, heights = np.where(kept, proposed, points), np.where(kept, proposed_heights, heights)
            kept, seconds = second.test(points, seconds, generator)
            z[:, moved] = np.where(kept, points, z[:, moved])
            values[moved] = np.where(kept, heights, values[moved])
    return replace(population, z=z, log_likelihood=values, evaluations=evaluations)


@dataclass(frozen=True, slots=True)
class _Others:
    """What the other half tells of where to move."""

    basis: Array
    """[parameter, direction], orthonormal: where the likelihood has slopes."""
    inside: Array
    """[direction, particle]: the other half in these directions."""
    loose: NDArray[np.int64]
    """Parameters that are worth drawing anew from the prior."""
    evaluations: int

    @classmethod
    def of(cls, z: Array, terms: Terms, generator: np.random.Generator) -> _Others:
        """Of the particles z [parameter, particle]."""
        basis, evaluations = informed(z, terms, generator)
        return cls(basis, basis.T @ z, np.flatnonzero(z.var(axis=1) > LOOSE), evaluations)


Propose = Callable[[Array], tuple[Array, Array | float]]
"""From points [parameter, particle] to others, and by how much the prior speaks for these where it has not drawn them
itself."""


def _difference(others: _Others, generator: np.random.Generator) -> Propose:
    """Some of the difference between two of the others added in the directions that have slopes."""

    def propose(z: Array) -> tuple[Array, Array | float]:
        directions, particles = others.basis.shape[1], z.shape[1]
        one, other = generator.integers(0, others.inside.shape[1], (2, particles))
        # the difference of two has twice the variance of one
        length = SCALE / math.sqrt(2 * max(directions, 1)) * generator.uniform(0.5, 1.5, particles)
        points = z + others.basis @ (length * (others.inside[:, one] - others.inside[:, other]))
        return points, 0.5 * ((z**2).sum(axis=0) - (points**2).sum(axis=0))

    return propose


def _block(others: _Others, generator: np.random.Generator) -> Propose:
    """Some of the loose parameters drawn anew from the prior."""
    block = generator.permutation(others.loose)[:BLOCK]

    def propose(z: Array) -> tuple[Array, Array | float]:
        points = z.copy()
        points[block] = generator.standard_normal((len(block), z.shape[1]))
        return points, 0.0

    return propose


def _part(others: _Others, generator: np.random.Generator) -> Propose:
    """Some directions drawn anew from the prior, as near as can be to some of the parameters.

    They have no slopes, as long as there are so many that have none.
    """
    dimensions = len(others.basis)
    chosen = generator.permutation(dimensions)[:PART]
    near = np.eye(dimensions)[:, chosen] - others.basis @ others.basis[chosen].T
    directions, _ = np.linalg.qr(near)

    def propose(z: Array) -> tuple[Array, Array | float]:
        return z + directions @ (generator.standard_normal((len(chosen), z.shape[1])) - directions.T @ z), 0.0

    return propose


_KINDS = (*[_difference] * DIFFERENCES, *[_block] * BLOCKS, *[_part] * PARTS)


def _sweep(others: _Others, generator: np.random.Generator, *, there_and_back: bool) -> Iterator[Propose]:
    """Every kind of move in random order; `there_and_back` half of them, and then these from the last to the first."""
    kinds = _KINDS[::2] if there_and_back else _KINDS
    done: list[Propose] = []
    for kind in generator.permutation(len(kinds)):
        done.append(kinds[kind](others, generator))
        yield done[-1]
    if there_and_back:
        yield from reversed(done)


@dataclass(frozen=True, slots=True)
class _Second:
    """The second likelihood at its power; without one, everything passes."""

    terms: Terms | None
    power: float

    @property
    def acts(self) -> bool:
        """Whether there is one, at a power above nil."""
        return self.terms is not None and self.power > 0

    def of(self, points: Array) -> Array:
        """Its logarithm at points [parameter, particle]."""
        if self.terms is None or not self.power:
            return np.zeros(points.shape[1])
        return self.power * _total(self.terms(points))

    def test(self, points: Array, current: Array, generator: np.random.Generator) -> tuple[NDArray[np.bool_], Array]:
        """Which of the `points` that the first has let pass are kept, and the value where each particle then is."""
        if self.terms is None or not self.power:
            return np.ones(current.size, dtype=bool), current
        proposed = self.of(points)
        kept = np.log(generator.random(current.size)) < proposed - current
        return kept, np.where(kept, proposed, current)


def _heat(population: Population, settings: Settings, generator: np.random.Generator) -> Population:
    """The next temperature and a population resampled for it."""
    values = population.log_likelihood
    step = _step(values, 1 - population.temperature, settings.keep)
    chosen, mean = _resampled(step * values, generator)
    arrived = step >= 1 - population.temperature
    return replace(
        population,
        z=population.z[:, chosen],
        log_likelihood=values[chosen],
        temperature=1.0 if arrived else population.temperature + step,
        log_evidence=population.log_evidence + mean,
    )


def _introduce(population: Population, later: Terms, settings: Settings, generator: np.random.Generator) -> Population:
    """The next power of the second likelihood and a population resampled for it."""
    values, left = _total(later(population.z)), 1 - population.later_power
    step = _step(values, left, settings.keep)
    chosen, mean = _resampled(step * values, generator)
    return replace(
        population,
        z=population.z[:, chosen],
        log_likelihood=population.log_likelihood[chosen],
        log_evidence=population.log_evidence + mean,
        later_power=1.0 if step >= left else population.later_power + step,
    )


def _resampled(logarithms: Array, generator: np.random.Generator) -> tuple[NDArray[np.int64], float]:
    """Particles drawn by weights with these logarithms, and the logarithm of the mean weight."""
    top = logarithms.max()
    weights = np.exp(logarithms - top)
    return systematic(weights / weights.sum(), generator), float(top + math.log(weights.mean()))


def _step(values: Array, most: float, keep: float) -> float:
    values = values[np.isfinite(values)]  # those where the model gives no number are lost at any temperature

    def share(step: float) -> float:
        weights = np.exp(step * (values - values.max()))
        return float(weights.sum() ** 2 / (weights**2).sum() / len(values))

    if share(most) >= keep:
        return most
    low, high = 0.0, most
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) >= keep else (low, middle)
    return low


def systematic(weights: Array, generator: np.random.Generator, count: int | None = None) -> NDArray[np.int64]:
    """`count` draws (default: as many as `weights`, which add up to 1), each as often as it counts, but for one."""
    count = count or len(weights)
    positions = (generator.random() + np.arange(count)) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), positions), len(weights) - 1)


def _generator(seed: tuple[int, ...], stage: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([*seed, stage])))
