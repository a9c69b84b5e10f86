"""Simulation-based calibration: does the sampler find the posterior of data whose truth is known?

A truth is drawn from the prior, reports are made from it with exactly the errors that the likelihood assumes, the
posterior is sampled, and the truth's rank among the draws is kept. If the sampler is right, ranks are uniform for
every parameter, for outcomes and for the log-likelihood (Talts et al. 2018; Modrák et al. 2023: without a quantity
that looks at the data, a sampler that ignores them passes).

What is asked here is the likelihood with which the sampler begins, of reports read from longer steps and from tables.
What comes in later, studies and shorter steps, is not: it is asked of targets whose posterior is known.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from shudian.calibrate.calibration import diagnose
from shudian.calibrate.sampler import Settings, advance, start
from shudian.calibrate.target import Target, quick, target_of
from shudian.kernel import compile_model
from shudian.observe.likelihood import Observer, scope_of
from shudian.observe.reports import Alternative, Report, load_reports
from shudian.observe.words import Statement
from shudian.scenarios import load_scenario, schedule_matrix
from shudian.structure import load_model

Array = NDArray[np.float64]
FEWER_PARTICLES = Settings(particles=400, keep=0.4, last_stages=Settings().last_stages + Settings().later_stages)
"""As many moves of each particle as the shipped posterior makes."""
GATE, MOST_EXTENSIONS = 1.1, 8
"""R-hat, the worst of all parameters and the log-likelihood, between the two halves of the population. Systematic
resampling keeps order, so that the halves descend from different ancestors and only tell each other where to move."""
OUTCOMES = ("cumulative_local_output", "cumulative_allocated_market", "registered_firms", "head_count", "city_share")
JUDGED = "zhengzhou_2025"
_END_2027 = 60
_MUCH = 2.0
"""Latent number of a parameter that a truth has much of: one in forty has more."""
_UNBOUNDED = 0.2
"""Log width that stands in for a half-line, which has no rounding to draw from."""


@dataclass(frozen=True, slots=True)
class Replicate:
    """One truth and where it stands among the draws."""

    seed: int
    ranks: dict[str, float]
    """Share of draws below the truth, ties split at random: of each parameter, each outcome at the end of 2027 and
    the log-likelihood."""
    rhat: float
    """The worst of any parameter or the log-likelihood."""
    extensions: int
    """How often the last stages were run again until the gate was met."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One truth and how it is looked for. Anything but the defaults is a negative control, which must fail."""

    seed: int
    settings: Settings = FEWER_PARTICLES
    noise: float = 1.0
    """Multiplies the errors of the reports that are made, not those that the likelihood assumes."""
    without: str | None = None
    """An uncertain parameter that may be nil: the truth has much of it, and to the sampler it is nil."""


@cache
def _shipped() -> Target:
    """As the sampler begins with it: truth and fit share the longer steps, so that the question stays the same."""
    model = load_model()
    return target_of(model, load_reports(model)).coarse


def replicate(trial: Trial) -> Replicate:
    """The Replicate of `trial`."""
    seed, settings = trial.seed, trial.settings
    shipped = _shipped()
    generator = np.random.default_rng([seed, 0])
    truth = generator.standard_normal((shipped.dimensions, 1))
    believed = shipped.latent
    if trial.without is not None:
        truth[believed.names.index(trial.without)] = _MUCH
        believed = believed.with_nil(trial.without)
    run = shipped.run(shipped.latent.uncertain(truth))
    reports = made_reports(shipped.observer, run, trial.noise, generator)
    target = replace(shipped, observer=quick(reports), latent=believed)
    half = np.arange(settings.particles) * 2 // settings.particles
    extensions, rhat = -1, math.inf
    with threadpool_limits(1):
        population = start(target.terms, target.dimensions, settings, (seed, 1))
        while population.temperature < 1:
            population = advance(population, target.terms, settings, (seed, 1))
        while rhat > GATE and extensions < MOST_EXTENSIONS:
            for _ in range(settings.last_stages):
                population = advance(population, target.terms, settings, (seed, 1))
            rhat = float(diagnose(believed.names, population.z, population.log_likelihood, half).rhat.max())
            extensions += 1
    draws = population.z
    ranks = dict(zip(target.latent.names, _ranks(truth, draws, generator), strict=True))
    ranks["log_likelihood"] = float(
        _ranks(target.log_likelihood(truth)[None], population.log_likelihood[None], generator)[0]
    )
    ranks |= zip(OUTCOMES, _ranks(_outcomes(shipped, truth), _outcomes(target, draws), generator), strict=True)
    return Replicate(seed, {name: float(rank) for name, rank in ranks.items()}, rhat, extensions)


def made_reports(observer: Observer, run: Array, noise: float, generator: np.random.Generator) -> tuple[Report, ...]:
    """The reports as they would have been printed if `run`, of one draw, were the truth.

    One meaning of each report is the true one; its number is printed with an error, on a grid as coarse as the real
    report's, and every other meaning is offered the same number. What a definition holds in a year is the same for all
    reports of it that are sound.
    """
    read = dict(zip(observer.quantities, observer.read(run)[:, 0], strict=True))
    users = Counter(scope_of(report) for report in observer.reports)
    scopes = {scope: generator.standard_normal() for scope in users}
    made = []
    for report in observer.reports:
        true = report.alternatives[generator.integers(len(report.alternatives))]
        faulty = generator.random() < report.errors.faulty
        errors = report.wide if faulty else report.errors
        value, scope = read[true.quantity], scope_of(report)
        holds = 0.0 if faulty and users[scope] > 1 else report.rule.scope_sigma * scopes[scope]
        level = _printed(true.level, value * math.exp(noise * holds), noise * errors.level, generator)
        before = read[true.quantity.year_before()] if true.growth else 1.0
        growth = _printed(true.growth, value / before, noise * errors.growth, generator)
        alternatives = tuple(
            Alternative(a.quantity, level, growth if a.growth else None, a.period, a.figures)
            for a in report.alternatives
        )
        made.append(replace(report, alternatives=alternatives))
    return tuple(made)


def _printed(real: Statement | None, value: float, sigma: float, generator: np.random.Generator) -> Statement | None:
    if real is None:
        return None
    meant = math.log(max(value, 1e-12)) + sigma * generator.standard_normal()
    if real.word == "within":
        width = math.log(real.high / real.low) if real.low > 0 and math.isfinite(real.high) else _UNBOUNDED
        lower = meant - width * generator.random()
        return replace(real, low=math.exp(lower), high=math.exp(lower + width))
    if real.word == "about":
        meant += real.spread * generator.standard_normal()
    else:
        meant += real.spread * generator.standard_exponential() * (-1 if real.word == "above" else 1)
    return replace(real, low=math.exp(meant), high=math.exp(meant))


def _outcomes(target: Target, z: Array) -> Array:
    model = target.model
    schedules = schedule_matrix(
        load_scenario(JUDGED, model.parameters), model.scheduled, _END_2027, target.steps_per_month
    )
    run = compile_model(model).run(
        target.latent.fixed(target.latent.uncertain(z)), schedules, OUTCOMES,
        months=_END_2027, steps_per_month=target.steps_per_month, threads=1,
    )  # fmt: skip
    return run[:, _END_2027]


def _ranks(truth: Array, draws: Array, generator: np.random.Generator) -> Array:
    """Share of draws [quantity, draw] below the truth [quantity, 1]; a tie counts as below with its own chance."""
    below = (draws < truth).mean(axis=1)
    ties = (draws == truth).mean(axis=1)
    return np.asarray(below + ties * generator.random(len(truth)))
