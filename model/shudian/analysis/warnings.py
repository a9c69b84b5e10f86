"""What an answer cannot carry: levers beyond the evidence, answers that the priors give, definitions gone silent.

Findings, as numbers; `shudian.report.words.warning_text` puts them into words.

Levers. The evidence on a lever is its own value before any policy, what the figures that it cites print in its unit,
and what the shipped packages put in force before 2026: Zhengzhou's own measures and those of the
cities that are transplanted. What the shipped packages try out later is no evidence.

Answers. The figures say much about how large the industry is and nothing about what a policy does, so that a
difference between packages can have lost most of its prior variance, with the size of the market, and still hang on
priors. Two shares are computed: of the prior variance how much is gone, and of the variance that is left how much
would stay on average if everything but the policy effects were known (the total index of that group: Saltelli and
others, Global Sensitivity Analysis, 2008, chapter 4). The group can be exchanged between draws because it keeps its
prior, whatever the other parameters are.

Definitions. A definition is reported where a figure of the city counts, without a factor of its own, the variable
that measures the target; its last report is the one whose period ends last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from shudian.analysis.idle import Idleness
from shudian.analysis.reported import Band, band
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import MEASURES, Measure, read
from shudian.draws import Array, Draws, draws_of
from shudian.grounds import draws_from
from shudian.kinds import Figure, InputError, Model, ModelChange, Parameter, Scenario, Target
from shudian.latent import latent_of
from shudian.observe.rules import Rules
from shudian.parameters import DATE, HOME
from shudian.posterior_file import Posterior
from shudian.scenarios import list_scenarios, load_scenario, schedule_matrices
from shudian.targets import UNSTATED
from shudian.units import conversion

NO_EFFECTS = ("platform_break_size", "private_full_chain_bases")
"""Parameters that may be nil and yet are no effect of a policy."""
FEWEST_LEARNED, MOST_UNTOUCHED = 0.5, 0.5
"""An answer is mostly prior if less than the first share of its prior variance is gone, or if more than the second
share of the variance that is left hangs on policy effects."""
SILENT_AFTER = 24
"""Months between the end of the last reported period and the target's year: two yearly rounds without a report."""
ANNOUNCED_BEFORE = 36.0
"""2026-01: what shipped packages put in force before was announced somewhere; later values are their own proposals."""
BEFORE = "before"
"""Origin of a lever's value before any policy."""
SAME = 1e-9
"""Share of a range that tells no two amounts apart."""
_NOT_REPORTS = ("target", "derived", "prior")
_SWAP = 7
"""Seed of the exchange between draws."""
OUTPUT = next(measure for measure in MEASURES if measure.name == "output")
State = Literal["reported", "never", "silent", "ended"]


@dataclass(frozen=True, slots=True)
class Changed:
    """The model was changed by somebody, and was not calibrated as it is."""

    changes: tuple[ModelChange, ...]


@dataclass(frozen=True, slots=True)
class HandedDraws:
    """The draws are somebody's own, and nothing is known here of how they were made."""

    draws: int


@dataclass(frozen=True, slots=True)
class Uncalibrated:
    """An answer that rests on priors alone."""


@dataclass(frozen=True, slots=True)
class Unstated:
    """A target whose own document leaves open what it counts."""

    target: Target


@dataclass(frozen=True, slots=True)
class LeverEvidence:
    """The least and the greatest value of a lever that the evidence holds, internal units, and where each stands."""

    lever: Parameter
    low: float
    high: float
    low_from: str
    """Identifier of a figure or name of a package; BEFORE for the lever's value before any policy."""
    high_from: str
    printed: bool
    """Whether any figure prints an amount in the lever's unit; where none does, the packages assume the range."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """One lever of a package outside its evidence: the value (internal unit) that lies farthest out."""

    evidence: LeverEvidence
    value: float


@dataclass(frozen=True, slots=True)
class Outside:
    """A package with levers beyond the evidence, at least one."""

    scenario: Scenario
    levers: tuple[Beyond, ...]


@dataclass(frozen=True, slots=True)
class Learning:
    """How far the answer “what does this package add” rests on data, and how far on priors."""

    scenario: Scenario
    reference: Scenario
    measure: Measure
    before: Band
    """The difference to the reference on the priors, in the measure's unit."""
    after: Band
    """The same on the posterior."""
    learned: float
    """Share of the difference's prior variance that is gone; negative where the posterior is wider."""
    untouched: float
    """Share of the remaining variance that would stay if everything but the policy effects were known."""
    effects: int
    """Number of policy effects."""
    effects_learned: float
    """Mean share of the policy effects' prior variance that is gone; about 0 where they keep their priors."""

    @property
    def mostly_prior(self) -> bool:
        """Whether the answer is mostly prior; never where the package does nothing at all."""
        nothing = self.after.low == self.after.high == 0
        return not nothing and (self.learned < FEWEST_LEARNED or self.untouched > MOST_UNTOUCHED)


@dataclass(frozen=True, slots=True)
class DefinitionStanding:
    """Whether the definition under which a target is judged is one that somebody still reports."""

    target: Target
    definition: str
    state: State
    last: str
    """Last day of the last reported period, ISO, the latest where it is ambiguous; or the month in which it ended."""
    figure: str
    """The figure that prints it; empty where none does."""
    months: int
    """From then to the beginning of the target's year."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """Packages that choose otherwise in the past beside others that begin now: they had not the same time to act."""

    past: tuple[Scenario, ...]
    future: tuple[Scenario, ...]
    now: float


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A package whose past is another than what was decided, although its file does not say that it asks about that."""

    scenario: Scenario
    since: float
    """Months from 2023-01."""


Limit = (
    Idleness
    | Mixed
    | Unsaid
    | Outside
    | Learning
    | Uncalibrated
    | HandedDraws
    | Changed
    | Unstated
    | DefinitionStanding
)


def shipped_packages(model: Model) -> dict[str, Scenario]:
    """Every shipped package by its name."""
    return {name: load_scenario(name, model.parameters) for name in list_scenarios(kind="package")}


def lever_evidence(
    model: Model, figures: Mapping[str, Figure], shipped: Mapping[str, Scenario] | None = None
) -> dict[str, LeverEvidence]:
    """The evidence on each lever of `model` that is an amount; a date, such as the end of support, is none.

    `shipped` spares a caller who has read the shipped packages another reading.
    """
    loaded = shipped or shipped_packages(model)
    # a value is said to be that of the package which introduced it, and not of one that is built on that
    packages = sorted(loaded.values(), key=lambda package: _depth(package, loaded))
    found = {}
    for lever in model.parameters.values():
        if lever.role == "lever" and lever.display_unit != DATE:
            printed = amounts_printed(lever, figures)
            chosen = [
                (segment.value, package.name)
                for package in packages
                for segment in package.levers.get(lever.name, ())
                if segment.start < ANNOUNCED_BEFORE
            ]
            # of equal values the first is named, and a printed figure says more than a package
            values = [(lever.value, BEFORE), *printed, *chosen]
            low, high = min(values, key=lambda pair: pair[0]), max(values, key=lambda pair: pair[0])
            found[lever.name] = LeverEvidence(lever, low[0], high[0], low[1], high[1], bool(printed))
    return found


def is_printed(lever: Parameter, value: float, scenario: Scenario, figures: Mapping[str, Figure]) -> bool:
    """Whether a figure on `lever` that `scenario` cites prints `value` (internal unit); other amounts are assumed."""
    slack = SAME * (lever.high - lever.low)
    cited = (amount for amount, name in amounts_printed(lever, figures) if name in scenario.evidence)
    return any(abs(amount - value) <= slack for amount in cited)


def amounts_printed(lever: Parameter, figures: Mapping[str, Figure]) -> list[tuple[float, str]]:
    """What figures on `lever` print, in its internal unit, each with the figure's name."""
    return [pair for name in lever.evidence if name in figures for pair in _printed(figures[name], lever)]


def outside(scenario: Scenario, evidence: Mapping[str, LeverEvidence]) -> Outside | None:
    """The levers of `scenario` that leave their evidence at any time, or None if none does."""
    levers = [known.lever for known in evidence.values()]
    # segments begin on the first of a month, and a ramp stays between its ends, so that one look a month is enough
    every = np.concatenate(schedule_matrices(scenario, levers, steps_per_month=1), axis=1)
    rows = dict(zip(evidence, every, strict=True))
    beyond = []
    for name, known in evidence.items():
        low, high = float(rows[name].min()), float(rows[name].max())
        slack = SAME * (known.high - known.low)
        if high > known.high + slack:
            beyond.append(Beyond(known, high))
        elif low < known.low - slack:
            beyond.append(Beyond(known, low))
    return Outside(scenario, tuple(beyond)) if beyond else None


def learning(
    model: Model,
    scenarios: Sequence[Scenario],
    reference: Scenario,
    posterior: Posterior,
    draws: int,
    seed: int,
    measure: Measure = OUTPUT,
) -> tuple[Learning, ...]:
    """For each of `scenarios` how far what it adds to `measure` against `reference` rests on data.

    Raises InputError for more draws than `posterior` holds, ValueError for a budget that is not equalised.
    """
    effects = policy_effects(model)
    after = draws_from(model, posterior, draws, seed)
    swapped = _swapped(model, after, effects)
    worlds = (draws_from(model, None, draws, seed), after, swapped)
    share = _effects_learned(model, worlds[0], after, effects)

    def measured(scenario: Scenario) -> list[Array]:
        runs = [evaluate(model, scenario, world, [measure.variable], measure.year) for world in worlds]
        return [read(run, measure) for run in runs]

    base = measured(reference)
    found = []
    for scenario in scenarios:
        prior, now, other = (own - same for own, same in zip(measured(scenario), base, strict=True))
        found.append(
            Learning(
                scenario, reference, measure, band(prior), band(now),
                1 - _ratio(now.var(), prior.var()),
                # half the mean square of what the exchange changes is the variance that the effects cause
                min(_ratio(0.5 * float(np.mean((now - other) ** 2)), now.var()), 1.0),
                len(effects), share,
            )
        )  # fmt: skip
    return tuple(found)


def policy_effects(model: Model) -> tuple[str, ...]:
    """The parameters that say what a measure does, which may be nothing."""
    return tuple(p.name for p in model.parameters.values() if is_policy_effect(p))


def is_policy_effect(parameter: Parameter) -> bool:
    """Whether `parameter` says what a measure does, which may be nothing."""
    prior = parameter.prior
    return prior is not None and prior.distribution == "nil_or_normal" and parameter.name not in NO_EFFECTS


def standings(
    targets: Iterable[Target],
    figures: Mapping[str, Figure],
    rules: Rules,
    endings: Mapping[str, str],
    city: str = HOME,
) -> tuple[DefinitionStanding, ...]:
    """Each target under each of its definitions: whether that is still reported of `city`.

    `endings` says in which month (`2026-01`) a definition was given up, for those of which that is known.
    """
    return tuple(
        _standing(target, definition, figures, rules, endings, city)
        for target in targets
        for definition in target.definitions
    )


def unstated(targets: Iterable[Target]) -> tuple[Unstated, ...]:
    """Those of `targets` whose own document leaves open what it counts."""
    return tuple(Unstated(target) for target in targets if target.official_definition == UNSTATED)


def _depth(package: Scenario, known: Mapping[str, Scenario]) -> int:
    return 1 + _depth(known[package.base], known) if package.base in known else 0


def _printed(figure: Figure, lever: Parameter) -> list[tuple[float, str]]:
    """What `figure` prints, in the lever's internal unit; nothing where it measures something else.

    A cap or an award is printed as 万元 where each title (部) is meant.
    """
    for unit in (figure.unit, f"{figure.unit}/部"):
        try:
            factor = conversion(unit, lever.unit)
        except InputError:
            continue
        values = (figure.value, figure.low, figure.high)
        return [(value * factor, figure.identifier) for value in values if value is not None]
    return []


def _swapped(model: Model, draws: Draws, names: Sequence[str]) -> Draws:
    """`draws` with the values of `names` exchanged between draws, together, so that what ties them stays."""
    values = draws.values.copy()
    rows = [draws.names.index(name) for name in names]
    # one step along a shuffled circle: no draw keeps its own
    order = np.random.default_rng(_SWAP).permutation(values.shape[1])
    source = np.empty_like(order)
    source[order] = np.roll(order, 1)
    values[rows] = values[rows][:, source]
    return draws_of(model, values, draws.seed, draws.posterior)


def _effects_learned(model: Model, before: Draws, after: Draws, effects: Sequence[str]) -> float:
    latent = latent_of(model)
    rows = [before.names.index(name) for name in latent.names]
    chosen = [latent.names.index(name) for name in effects]
    wide, narrow = (latent.latent(draws.values[rows])[chosen].var(axis=1) for draws in (before, after))
    return float(np.mean(1 - narrow / wide)) if chosen else 0.0


def _ratio(part: float, whole: float) -> float:
    """`part` / `whole`; of nothing, nothing is 0 and anything is 1."""
    return float(part / whole) if whole > 0 else (1.0 if part > 0 else 0.0)


def _standing(
    target: Target, definition: str, figures: Mapping[str, Figure], rules: Rules, endings: Mapping[str, str], city: str
) -> DefinitionStanding:
    variable = target.definitions[definition]
    # of the documents that print one report, the one that is fitted is named
    reports = [
        (end, figure.role == "calibration", figure.identifier)
        for figure in figures.values()
        if figure.role not in _NOT_REPORTS and figure.bound != "forecast" and _counts(figure, variable, rules, city)
        for end in (figure.period_end, *(end for _, end in figure.period_alternatives))
        if end
    ]
    last, _, name = max(reports, default=("", False, ""))
    if definition in endings:
        ended = endings[definition]
        return DefinitionStanding(target, definition, "ended", ended, name, _months(ended, target.year, 0))
    if not name:
        return DefinitionStanding(target, definition, "never", "", "", 0)
    months = _months(last, target.year, 1)
    return DefinitionStanding(
        target, definition, "silent" if months >= SILENT_AFTER else "reported", last, name, months
    )


def _counts(figure: Figure, variable: str, rules: Rules, city: str) -> bool:
    rule = rules.rule_for(figure, city)
    if rule is None or rule.place != "city" or rule.is_ratio:
        return False
    return rule.variable == variable and rule.factor_sigma == 0


def _months(date: str, year: int, over: int) -> int:
    """Months from the month of `date` (the end of it with `over` 1) to the beginning of `year`."""
    return 12 * (year - int(date[:4])) - (int(date[5:7]) - 1 + over)
