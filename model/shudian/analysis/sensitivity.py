"""What an outcome hangs on: Sobol indices over the priors and over the levers, and shares of the posterior's variance.

Sobol indices need independent inputs, which parameters are before the reports are seen and no longer after, when some
of them hang together. So they are given for the priors; of the posterior stands beside them the share of variance that
knowing one parameter would take away (a regression), which holds with correlated parameters, but then counts as one
parameter's what it shares with others: these shares do not add up.

Parameters are too many for an index each at a price that one can pay. A first, coarse design over each of them alone
finds those that may matter most; the main design asks for these alone and for the others by sector.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy import special

from shudian.analysis.results import Reading, Variable, Yearly
from shudian.analysis.sobol import Factor, Index, sobol_indices, uniforms
from shudian.analysis.verdicts import YEAR
from shudian.draws import Draws
from shudian.kernel import compile_model
from shudian.kinds import InputError, Label, Model, Parameter, Scenario, Target
from shudian.latent import Latent, latent_of, priors_kept
from shudian.posterior_file import Posterior
from shudian.quantities import FIRST_YEAR, placed, show
from shudian.scenarios import schedule_matrix
from shudian.simulate import STEPS_PER_MONTH
from shudian.targets import market_of
from shudian.toml_file import nearest
from shudian.value_of_information import Gain, told, variances_explained

Array = NDArray[np.float64]
Progress = Callable[[float], None]
SCREENING_BASE = 256
"""Base samples of the coarse design, which is never finer than the main one."""
ALONE = 8
"""Parameters that have an index of their own in the main design."""
LEVER_BASE = 1024
"""Base samples of levers are no more than this: each has a schedule of its own and is run by itself."""
LEVER_DRAWS = 8
"""Draws of the parameters in which each choice of levers is run, and over which its outcome is the mean."""
_CHUNK = 8192
_ADDITIONAL = ("local_output", "fte_jobs")


@dataclass(frozen=True, slots=True)
class Asked:
    """An outcome of one year that is asked what it hangs on."""

    name: str
    variable: str
    reading: Reading
    year: int
    unit: str
    label: Label
    """The variable's."""
    definition: Label | None = None
    """口径, for the market."""
    evidence: tuple[str, ...] = ()
    additional: bool = False
    """True for the difference to the same world without policy."""


@dataclass(frozen=True, slots=True, eq=False)
class ParameterStudy:
    """Sobol indices of outcomes to the uncertain parameters over their priors."""

    outcomes: tuple[Asked, ...]
    factors: tuple[Factor, ...]
    """Members are positions among the uncertain parameters; a group is called `others:SECTOR`."""
    indices: tuple[tuple[Index, ...], ...]
    """[outcome][factor]"""
    screened: tuple[tuple[Index, ...], ...]
    """[outcome][uncertain parameter], from the coarse design."""
    parameters: tuple[Parameter, ...]
    base: int
    runs: int
    """Model runs that it took, with screening and with the runs without policy."""


@dataclass(frozen=True, slots=True, eq=False)
class LeverStudy:
    """Sobol indices of outcomes to the levers over their ranges, from the month on in which the package can choose."""

    outcomes: tuple[Asked, ...]
    levers: tuple[Parameter, ...]
    indices: tuple[tuple[Index, ...], ...]
    """[outcome][lever]"""
    base: int
    runs: int


@dataclass(frozen=True, slots=True, eq=False)
class PosteriorShares:
    """Which share of each outcome's posterior variance knowing one parameter would take away."""

    outcomes: tuple[Asked, ...]
    parameters: tuple[Parameter, ...]
    shares: tuple[tuple[Gain, ...], ...]
    """[outcome][parameter]"""
    kept: tuple[bool, ...]
    """[parameter]: whether the reports have left it its prior."""

    def is_told(self, gain: Gain) -> bool:
        """Whether a share can be told from nil among so many."""
        return is_told(gain, len(self.parameters))

    def prior_part(self, outcome: int) -> float:
        """Of what single parameters explain of an outcome, the part that lies with those that keep their prior.

        nan where none explains anything that can be told from nil.
        """
        every = zip(self.shares[outcome], self.kept, strict=True)
        told_shares = [(gain.value, kept) for gain, kept in every if self.is_told(gain)]
        whole = sum(value for value, _ in told_shares)
        return sum(value for value, kept in told_shares if kept) / whole if whole else float("nan")

    def mostly_prior(self, outcome: int) -> bool:
        """Whether an outcome's uncertainty is mostly what was assumed, and not what the reports have left open."""
        part = self.prior_part(outcome)
        return not part <= 0.5


def is_told(gain: Gain, among: int) -> bool:
    """Whether a gain lies above its error, when it is the one looked at `among` many (Bonferroni, 97.5 %)."""
    return gain.value > max(0.0, NormalDist().inv_cdf(1 - 0.025 / among) * gain.standard_error)


def outcomes_asked(model: Model, targets: Sequence[Target], definitions: Mapping[str, Label]) -> tuple[Asked, ...]:
    """What can be asked: the measure of each target, jobs, firms, fiscal cost, own variables, and what policy adds."""
    market = market_of(targets)
    found = []
    for target in targets:
        for definition, variable in target.definitions.items():
            name, label = (definition, definitions[definition]) if target is market else (variable, None)
            unit = "亿元" if target is market else target.unit
            found.append(
                Asked(name, variable, target.measure, target.year, unit, model.equation(variable).label, label,
                      target.evidence)
            )  # fmt: skip
    for variable, unit in (("fte_jobs", "人"), ("active_firms", "家"), ("cumulative_fiscal_cost", "亿元")):
        found.append(Asked(variable, variable, "level_at_year_end", YEAR, unit, model.equation(variable).label))
    own = (model.equation(change.name) for change in model.changes if change.kind == "variable")
    found += [Asked(e.name, e.name, "level_at_year_end", YEAR, e.unit, e.label) for e in own]
    added = [asked for asked in found if asked.name in _ADDITIONAL]
    return (*found, *(replace(asked, name=f"additional_{asked.name}", additional=True) for asked in added))


def chosen(asked: Sequence[Asked], names: Sequence[str]) -> tuple[Asked, ...]:
    """The outcomes called `names`, all if there are none; raises InputError for an unknown name."""
    known = {outcome.name: outcome for outcome in asked}
    for name in names:
        with placed("--outcome"):
            if name not in known:
                raise InputError("there is no outcome {name}{nearest}", name=show(name), nearest=nearest(name, known))
    return tuple(known[name] for name in dict.fromkeys(names)) or tuple(asked)


def read_outcomes(asked: Sequence[Asked], package: Yearly, reference: Yearly | None) -> Array:
    """[outcome, draw] in each outcome's unit; `reference` is the run without policy on the same draws."""

    def read(run: Yearly, outcome: Asked) -> Array:
        return run.read(outcome.variable, outcome.reading, outcome.year, outcome.unit)

    rows = []
    for outcome in asked:
        value = read(package, outcome)
        if outcome.additional:
            assert reference is not None
            value = value - read(reference, outcome)
        rows.append(value)
    return np.array(rows)


def parameter_study(
    model: Model,
    asked: Sequence[Asked],
    package: Scenario,
    reference: Scenario,
    base: int,
    seed: int,
    progress: Progress = lambda _share: None,
) -> ParameterStudy:
    """Sobol indices over the priors, with `base` samples in the main design; `seed` says which points it takes.

    A parameter that `package` sets has no share. Scenarios are equalised. The same arguments give the same numbers.
    """
    latent = latent_of(model)
    run = partial(_outcomes, model, latent, asked, package, reference)
    each = [Factor(p.name, (row,)) for row, p in enumerate(latent.parameters)]
    screening = min(SCREENING_BASE, base)
    points = _parameter_points(latent, screening, [seed, 0])
    coarse = sobol_indices(run, *points, each, seed, lambda share: progress(0.1 * share))
    factors = _factors(latent.parameters, coarse)
    points = _parameter_points(latent, base, [seed, 1])
    found = sobol_indices(run, *points, factors, seed, lambda share: progress(0.1 + 0.9 * share))
    scenarios = 2 if any(outcome.additional for outcome in asked) else 1
    return ParameterStudy(
        tuple(asked),
        factors,
        tuple(map(tuple, found)),
        tuple(map(tuple, coarse)),
        latent.parameters,
        base,
        scenarios * (screening * (len(each) + 2) + base * (len(factors) + 2)),
    )


def _parameter_points(latent: Latent, base: int, seed: Sequence[int]) -> tuple[Array, Array]:
    stream = int(np.random.SeedSequence(seed).generate_state(1)[0])
    first, second = (latent.uncertain(special.ndtri(u)) for u in uniforms(len(latent.parameters), base, stream))
    return first, second


def _factors(parameters: Sequence[Parameter], screened: Sequence[Sequence[Index]]) -> tuple[Factor, ...]:
    """The parameters with the greatest total share of any outcome, and the others by sector."""
    greatest = np.max([[index.total for index in row] for row in screened], axis=0)
    alone = [int(row) for row in np.argsort(-greatest, kind="stable")[:ALONE]]
    sectors: dict[str, list[int]] = {}
    for row, parameter in enumerate(parameters):
        if row not in alone:
            sectors.setdefault(parameter.sector, []).append(row)
    groups = [Factor(f"others:{sector}", tuple(rows)) for sector, rows in sectors.items()]
    return (*(Factor(parameters[row].name, (row,)) for row in alone), *groups)


def _outcomes(
    model: Model, latent: Latent, asked: Sequence[Asked], package: Scenario, reference: Scenario, uncertain: Array
) -> Array:
    """[outcome, sample] of the uncertain parameters' values [parameter, sample], in pieces that fit into memory."""
    scenarios = [package, reference] if any(outcome.additional for outcome in asked) else [package]
    names = tuple(p.name for p in model.fixed)
    pieces = []
    for start in range(0, uncertain.shape[1], _CHUNK):
        runs = []
        for scenario in scenarios:
            fixed = _set(scenario, names, latent.fixed(uncertain[:, start : start + _CHUNK]))
            runs.append(_yearly(model, scenario, asked, fixed))
        pieces.append(read_outcomes(asked, runs[0], runs[-1]))
    return np.concatenate(pieces, axis=1)


def _set(scenario: Scenario, names: Sequence[str], fixed: Array) -> Array:
    """The fixed parameters with those that `scenario` sets at its values."""
    values = fixed.copy()
    for name, value in scenario.fixed.items():
        values[names.index(name)] = value
    return values


def _yearly(
    model: Model, scenario: Scenario, asked: Sequence[Asked], fixed: Array, schedules: Array | None = None
) -> Yearly:
    variables = tuple(Variable(e.name, e.unit, e.label) for e in map(model.equation, {a.variable: 0 for a in asked}))
    months = _months(asked)
    plan = schedule_matrix(scenario, model.scheduled, months) if schedules is None else schedules
    names = [variable.name for variable in variables]
    run = compile_model(model).run(fixed, plan, names, months=months)
    return Yearly(scenario, variables, np.ascontiguousarray(run[:, ::12]))


def _months(asked: Sequence[Asked]) -> int:
    return 12 * (max(outcome.year for outcome in asked) + 1 - FIRST_YEAR)


def levers_move(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """The outcomes that a lever study is about; raises InputError if there is none."""
    outcomes = tuple(outcome for outcome in asked if not outcome.additional)
    if not outcomes:
        raise InputError("--levers: what policy adds has the same shares as the outcome itself; name that as --outcome")
    return outcomes


def lever_study(
    model: Model,
    asked: Sequence[Asked],
    package: Scenario,
    draws: Draws,
    base: int,
    seed: int,
    progress: Progress = lambda _share: None,
) -> LeverStudy:
    """Sobol indices to the levers, each independently anywhere in its range from now on.

    Until then everything is as in `package`. The outcome of a choice is its mean over `draws`, a few. What policy adds
    is left out: without policy no lever moves, so that its shares are those of the outcome itself.
    """
    outcomes = levers_move(asked)
    levers = tuple(p for p in model.scheduled if p.role == "lever")
    base = min(base, LEVER_BASE)
    first, second = (_settings(levers, u) for u in uniforms(len(levers), base, seed))
    factors = [Factor(lever.name, (row,)) for row, lever in enumerate(levers)]
    run = partial(lever_outcomes, model, outcomes, package, draws, levers)
    found = sobol_indices(run, first, second, factors, seed, progress)
    runs = base * (len(levers) + 2) * draws.values.shape[1]
    return LeverStudy(outcomes, levers, tuple(map(tuple, found)), base, runs)


def lever_outcomes(
    model: Model,
    asked: Sequence[Asked],
    package: Scenario,
    draws: Draws,
    levers: Sequence[Parameter],
    settings: Array,
) -> Array:
    """[outcome, sample], means over `draws`, when from now on the levers have `settings`, [lever, sample]."""
    scheduled = model.scheduled
    plan = schedule_matrix(package, scheduled, _months(asked))
    rows = [scheduled.index(lever) for lever in levers]
    since = int(package.now) * STEPS_PER_MONTH
    fixed = _set(package, draws.names, draws.values)
    compile_model(model)

    def outcome_of(choice: Array) -> Array:
        schedules = plan.copy()
        schedules[rows, since:] = choice[:, None]
        values = read_outcomes(asked, _yearly(model, package, asked, fixed, schedules), None)
        return np.asarray(values.mean(axis=1))

    # the draws of one sample are a single vector to the kernel, which runs it on one core
    with ThreadPoolExecutor() as pool:
        return np.array(list(pool.map(outcome_of, settings.T))).T


def _settings(levers: Sequence[Parameter], uniform: Array) -> Array:
    """Each lever's values, even over its range; of what is counted, every whole number alike."""
    rows = []
    for lever, u in zip(levers, uniform, strict=True):
        if lever.whole:
            rows.append(np.minimum(lever.low + np.floor(u * (lever.high - lever.low + 1)), lever.high))
        else:
            rows.append(lever.low + u * (lever.high - lever.low))
    return np.array(rows)


def posterior_shares(
    model: Model, asked: Sequence[Asked], values: Array, draws: Draws, posterior: Posterior, seed: int
) -> PosteriorShares:
    """The shares of each uncertain parameter in the variance of `values`, [outcome, draw]."""
    parameters = tuple(p for p in model.fixed if p.role == "uncertain")
    columns = []
    for parameter in parameters:
        truth = draws.values[draws.names.index(parameter.name)]
        columns.append(variances_explained(values, told(truth), seed, repeats=1))
    kept = priors_kept(model, posterior.names, posterior.values)
    return PosteriorShares(
        tuple(asked), parameters, tuple(zip(*columns, strict=True)), tuple(kept[p.name] for p in parameters)
    )
