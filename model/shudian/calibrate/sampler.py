"""Tempered sequential Monte Carlo with generalised elliptical slice moves.

A population starts as draws from the prior and is led to the posterior through powers of the likelihood, each so
little above the last that the reweighted population keeps most of its effective size; it is resampled and moved
(Del Moral, Doucet and Jasra 2006). Because every mode has its share of the population from the start, their weights
come out right where a single chain would settle in one.

Particles move in two halves, each under a reference fitted to the other half, so that the product of their posteriors
is kept exactly. Fitted to the very particles that it moves, a reference makes them too narrow: in a trial with 178
parameters and 1,000 particles the variance of what the data say nothing about fell to 0.87 of the prior's, and
R-hat did not see it.

Two kinds of move alternate. A generalised elliptical slice step (Nishihara, Murray and Adams 2014) goes along an
ellipse through the particle and a draw from the normal reference, shrinking until a uniformly drawn height is
exceeded: nothing to tune, no step rejected. The reference is fitted in the directions in which the terms of the
likelihood have slopes; in all others it is the prior itself (Cui, Law and Marzouk 2016). And small random blocks of
parameters are drawn anew from the prior and kept or not by the likelihood (Metropolis), which most of them hardly
touch: where a slice step moves all a little, these move a few all the way.

A second likelihood, too dear to be evaluated at every try, comes in when the first has been reached, through powers of
its own. What a slice step and some blocks have made of a particle under the first is then kept or not by the second
alone (delayed acceptance, Christen and Fox 2005). They go in one order or the other by the toss of a coin, so that
together they are reversible under the first, and the product of both likelihoods is kept exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Terms = Callable[[Array], Array]
"""From latent numbers [parameter, draw] to the terms of their log-likelihood, [term, draw] or, of one term, [draw]."""
PRIOR_EVERY = 4
BLOCKS, BLOCK = 4, 10
LOOSE = 0.5
"""Least variance, in units of the prior's, of a parameter that is worth drawing anew from the prior."""
POINTS, WIDTH, STEEPEST, SLOPE = 10, 0.05, 3.0, 0.3
"""Slopes are taken at so many points over this width; none counts for more than the steepest, so that one point far
out on one report's flank does not drown the others; directions whose mean square slope is greater are informed."""
KEEP = 0.5
"""Effective share of the population that a step in temperature leaves."""


VERSION = 3
"""Another number with every change that gives other draws: no sampler goes on with the work of another."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How much work a batch is."""

    particles: int = 1000
    keep: float = KEEP
    sweeps: int = 8
    """Moves of every particle in each stage."""
    last_stages: int = 18
    """Stages at the posterior, after the one that arrives there."""
    later_stages: int = 8
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


@dataclass(frozen=True, slots=True)
class Reference:
    """A normal distribution that differs from the prior in the columns of `basis` only."""

    basis: Array
    """[parameter, direction], orthonormal"""
    mean: Array
    deviation: Array


def start(terms: Terms, dimensions: int, settings: Settings, seed: tuple[int, ...]) -> Population:
    """A population drawn from the prior."""
    z = _generator(seed, 0).standard_normal((dimensions, settings.particles))
    return Population(z, _total(terms(z)), 0.0, 0.0, 1, settings.particles)


def advance(
    population: Population, terms: Terms, settings: Settings, seed: tuple[int, ...], later: Terms | None = None
) -> Population:
    """One stage: to the next temperature if there is one, then `sweeps` moves.

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
    z: Array, terms: Terms, left_out: int, sweeps: int, generator: np.random.Generator, later: Terms | None = None
) -> Population:
    """From a posterior's draws `z` to the posterior without the term number `left_out` of the first likelihood.

    The term is taken out by falling powers of it, with `sweeps` moves at each.
    """
    power = 1.0
    population = Population(z, np.zeros(z.shape[1]), 1.0, 0.0, 0, 0, later_power=1.0)
    while power > 0:
        going = terms(population.z)[left_out]
        step = _step(-going, power, KEEP)
        chosen, _ = _resampled(-step * going, generator)
        power = 0.0 if step >= power else power - step
        weakened = _weakened(terms, left_out, power)
        moved = population.z[:, chosen]
        population = replace(population, z=moved, log_likelihood=_total(weakened(moved)))
        population = move(population, weakened, sweeps, generator, later)
    return population


def _weakened(terms: Terms, number: int, power: float) -> Terms:
    def weakened(z: Array) -> Array:
        values = terms(z)
        values[number] *= power
        return values

    return weakened


def _total(terms: Array) -> Array:
    """Their sum, [draw]; -inf where it is not a number."""
    total = np.atleast_2d(terms).sum(axis=0)
    return np.where(np.isnan(total), -np.inf, total)


def reference_of(z: Array, basis: Array) -> Reference:
    """The reference fitted to a population [parameter, particle] in the columns of `basis`; the prior if none."""
    if not basis.shape[1]:
        return Reference(basis, np.empty(0), np.empty(0))
    inside = basis.T @ z
    eigenvalues, vectors = np.linalg.eigh(np.atleast_2d(np.cov(inside)))
    return Reference(basis @ vectors, vectors.T @ inside.mean(axis=1), np.sqrt(np.maximum(eigenvalues, 1e-8)))


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
    """`sweeps` times a slice step and some blocks, of every particle, at its temperature and power of `later`.

    Every fourth slice step is under the prior: it reaches tails that a fitted reference is too narrow for.
    """
    particles = population.z.shape[1]
    second = _Second(later, population.later_power)
    z, values = population.z.copy(), population.log_likelihood.copy()
    evaluations = population.evaluations
    # resampling puts copies of a particle side by side: keep them in one half
    halves = np.arange(particles) < particles // 2
    for moved in (halves, ~halves):
        others = z[:, ~moved]
        basis, count = informed(others, terms, generator)
        fitted, prior = reference_of(others, basis), reference_of(others, basis[:, :0])
        loose = np.flatnonzero(others.var(axis=1) > LOOSE)
        evaluations += count
        seconds = second.of(z[:, moved])
        for sweep in range(sweeps):
            reference = prior if sweep % PRIOR_EVERY == PRIOR_EVERY - 1 else fitted
            at = population.temperature, terms, generator
            steps = [partial(_slice, reference=reference), partial(_refresh, loose=loose)]
            points, heights = z[:, moved], values[moved]
            for step in steps if generator.random() < 0.5 else reversed(steps):
                points, heights, count = step(points, heights, *at)
                evaluations += count
            kept, seconds = second.test(points, seconds, generator)
            z[:, moved] = np.where(kept, points, z[:, moved])
            values[moved] = np.where(kept, heights, values[moved])
    return replace(population, z=z, log_likelihood=values, evaluations=evaluations)


@dataclass(frozen=True, slots=True)
class _Second:
    """The second likelihood at its power; without one, everything passes."""

    terms: Terms | None
    power: float

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


def _refresh(
    z: Array,
    current: Array,
    temperature: float,
    terms: Terms,
    generator: np.random.Generator,
    loose: NDArray[np.int64],
) -> tuple[Array, Array, int]:
    """Blocks of the parameters `loose` drawn anew from the prior: points, values, evaluations."""
    particles = z.shape[1]
    order = generator.permutation(loose)
    for number in range(BLOCKS):
        block = order[number * BLOCK : (number + 1) * BLOCK]
        points = z.copy()
        points[block] = generator.standard_normal((len(block), particles))
        proposed = _total(terms(points))
        accepted = np.log(generator.random(particles)) < temperature * (proposed - current)
        z, current = np.where(accepted, points, z), np.where(accepted, proposed, current)
    return z, current, BLOCKS * particles


def _slice(
    z: Array,
    current: Array,
    temperature: float,
    terms: Terms,
    generator: np.random.Generator,
    reference: Reference,
) -> tuple[Array, Array, int]:
    """One generalised elliptical slice step of particles [parameter, particle]: points, values, evaluations."""
    origin, z, current = z, z.copy(), current.copy()
    dimensions, particles = z.shape
    basis = reference.basis
    mean, deviation = reference.mean.reshape(-1, 1), reference.deviation.reshape(-1, 1)

    noise = generator.standard_normal((dimensions, particles))
    direction = noise + basis @ (mean + (deviation - 1) * (basis.T @ noise))
    centre = basis @ mean

    def height(points: Array, values: Array) -> Array:
        inside = basis.T @ points
        ratio: Array = 0.5 * ((((inside - mean) / deviation) ** 2).sum(axis=0) - (inside**2).sum(axis=0))
        return temperature * values + ratio

    threshold = height(z, current) + np.log(generator.random(particles))
    angle = np.asarray(generator.random(particles) * 2 * math.pi)
    low, high = angle - 2 * math.pi, angle.copy()
    active = np.arange(particles)
    evaluations = 0
    while active.size:
        cosine, sine = np.cos(angle[active]), np.sin(angle[active])
        points = centre + (origin[:, active] - centre) * cosine + (direction[:, active] - centre) * sine
        values = _total(terms(points))
        evaluations += active.size
        accepted = height(points, values) > threshold[active]
        chosen = active[accepted]
        z[:, chosen], current[chosen] = points[:, accepted], values[accepted]
        active = active[~accepted]
        behind = angle[active] < 0
        low[active] = np.where(behind, angle[active], low[active])
        high[active] = np.where(behind, high[active], angle[active])
        angle[active] = generator.uniform(low[active], high[active])
        # an ellipse that has shrunk to its start stays there
        stuck = high[active] - low[active] < 1e-9
        active = active[~stuck]
    return z, current, evaluations


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
