"""What the model book tells of the model: its boundary, its numbers before and after the data, data beside the run.

Everything is derived from equations, parameters, evidence and draws; nothing here is a list to keep in step.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from shudian.analysis.contested_forms import ContestedForm, load_contested_forms
from shudian.analysis.reported import RATE_OF, Reported, compare
from shudian.answers.record_of_tests import TestRecord, read_tests
from shudian.budget import equalise
from shudian.calibrate.target import HISTORY
from shudian.draws import Draws, prior_draws
from shudian.evidence import load_figures, load_sources
from shudian.explain import Explanation, explain
from shudian.forecasts.register import Register, load_register, registers_folder
from shudian.grounds import PRIOR_DRAWS, posterior_draws, standing_posterior
from shudian.kinds import Equation, Figure, Label, Model, Parameter, Scenario, Source, Target
from shudian.observe.effects import Effect
from shudian.observe.effects_file import load_effects
from shudian.parameters import HOME
from shudian.paths import seeds_folder
from shudian.posterior_file import Posterior
from shudian.priors import cumulative, quantile
from shudian.scenarios import list_scenarios, load_scenario
from shudian.simulate import bare_run
from shudian.structure import causal_graph, load_model
from shudian.targets import load_targets
from shudian.toml_file import read_toml

Array = NDArray[np.float64]
SEED = 1
BINS = 36
"""Bars of a parameter's picture."""
_LEVELS = (0.05, 0.5, 0.95)
_TAIL = 0.005
"""What a picture leaves out of a prior at either end."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where everything that an equation uses comes from."""

    loops: tuple[Equation, ...]
    """What acts on itself over other variables: the endogenous part."""
    outcomes: tuple[Equation, ...]
    """What follows from it and acts back on nothing in it."""
    carried: tuple[Equation, ...]
    """What levers set in motion and nothing in the city reaches: policy as it is carried out."""
    drivers: tuple[Equation, ...]
    """What moves in time, and what neither levers nor anything in the city reaches."""
    beginnings: tuple[Equation, ...]
    """What follows from fixed numbers alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """An uncertain parameter before and after the data, in internal units."""

    edges: Array
    """BINS + 1 ends of bars."""
    prior: Array
    """Probability of each bar, nil apart."""
    posterior: Array | None
    """None on the priors alone."""
    nil: tuple[float, float | None]
    """Probability that it is exactly nil, before and after; 0 where it cannot be."""
    before: tuple[float, float, float]
    """5, 50 and 95 %."""
    after: tuple[float, float, float] | None
    learned: float | None
    """Share of the prior's variance that the data have removed, never below zero."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A contested form with its weight before and after the data."""

    form: ContestedForm
    nil: float | None
    """Share of the posterior draws in which its parameter is nil."""
    error: float
    """Monte Carlo standard error of that share."""


@dataclass(frozen=True, slots=True, eq=False)
class Mode:
    """A reference mode: a variable under what was decided, and what was printed of it."""

    variable: Equation
    series: Array
    """[5, 50, 95 %; month], internal unit."""
    printed: tuple[Reported, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """The model, told whole."""

    model: Model
    posterior: Posterior | None
    draws: Draws
    boundary: Boundary
    explanations: Mapping[str, Explanation]
    """Of every variable and parameter."""
    beliefs: Mapping[str, Belief]
    """Of every uncertain parameter."""
    forms: tuple[Weighed, ...]
    modes: tuple[Mode, ...]
    figures: Mapping[str, Figure]
    sources: Mapping[str, Source]
    effects: tuple[Effect, ...]
    scenarios: tuple[Scenario, ...]
    targets: tuple[Target, ...]
    registers: tuple[Register, ...]
    scored: Mapping[str, Any]
    """The kept score of the earliest register, as it came out."""
    misses: Mapping[tuple[str, str], tuple[str, Label]]
    """(figure, measure) -> kind of reason, and the reason."""
    tests: TestRecord


def book_of(record: Path | None = None) -> Book:
    """Everything that the book tells, on the shipped posterior or, where that is stale, on the priors.

    `record` is a record of tests, as `read_tests` takes it. Raises InputError for a mistake in seeds or scenarios.
    """
    tests = read_tests(record)  # a wrong file is told before anything is computed
    model, posterior = load_model(HOME), standing_posterior(HOME)
    draws = (
        posterior_draws(model, posterior, posterior.size, SEED) if posterior else prior_draws(model, PRIOR_DRAWS, SEED)
    )
    figures, sources = load_figures(), load_sources()
    rows = dict(zip(draws.names, draws.values, strict=True))
    return Book(
        model=model,
        posterior=posterior,
        draws=draws,
        boundary=boundary_of(model),
        explanations={n: explain(model, figures, sources, n) for n in _names(model)},
        beliefs={p.name: _belief(p, rows[p.name] if posterior else None) for p in model.fixed if p.prior},
        forms=tuple(_weighed(form, draws if posterior else None) for form in load_contested_forms(model)),
        modes=_modes(model, draws, figures),
        figures=figures,
        sources=sources,
        effects=load_effects(model),
        scenarios=tuple(equalise(load_scenario(n, model.parameters), model, posterior) for n in list_scenarios()),
        targets=load_targets(),
        registers=tuple(load_register(path) for path in sorted(registers_folder().glob("*.csv"))),
        scored=_scored(),
        misses=_misses(),
        tests=tests,
    )


def _names(model: Model) -> Sequence[str]:
    return [*(equation.name for equation in model.equations), *model.parameters]


def boundary_of(model: Model) -> Boundary:
    """Sort every variable by what reaches it."""
    graph = causal_graph(model.equations)
    heart = max(nx.strongly_connected_components(graph), key=len)
    follows = nx.descendants(graph, min(heart))
    levers = {parameter.name for parameter in model.scheduled if parameter.role == "lever"}
    decided = set().union(*(nx.descendants(graph, lever) for lever in levers))
    found: dict[str, list[Equation]] = {key: [] for key in ("loops", "outcomes", "carried", "drivers", "beginnings")}
    for equation in model.equations:
        if equation.name in heart:
            key = "loops"
        elif equation in model.static:
            key = "beginnings"
        elif equation.name in follows:
            key = "outcomes"
        else:
            key = "carried" if equation.name in decided else "drivers"
        found[key].append(equation)
    return Boundary(**{key: tuple(equations) for key, equations in found.items()})


def _belief(parameter: Parameter, drawn: Array | None) -> Belief:
    prior, low, high = parameter.prior, parameter.low, parameter.high
    assert prior is not None
    ends = quantile(prior, low, high, np.array([_TAIL, 1 - _TAIL]))
    least, most = (float(end) for end in ends)
    if drawn is not None:
        least, most = min(least, float(drawn.min())), max(most, float(drawn.max()))
    edges = np.linspace(least, most, BINS + 1)
    nil = prior.arguments.get("nil_probability", 0.0)
    below = cumulative(prior, low, high, edges)
    bars = np.diff(below)
    if nil:
        bars[max(int(np.searchsorted(edges, 0.0)) - 1, 0)] -= nil
    before = quantile(prior, low, high, np.array(_LEVELS))
    spread = float(np.var(quantile(prior, low, high, np.linspace(0.0005, 0.9995, 1000))))
    told = (float(before[0]), float(before[1]), float(before[2]))
    if drawn is None:
        return Belief(edges, np.maximum(bars, 0), None, (nil, None), told, None, None)
    some = drawn[drawn != 0] if nil else drawn
    after = np.quantile(drawn, _LEVELS)
    return Belief(
        edges, np.maximum(bars, 0), np.histogram(some, edges)[0] / drawn.size,
        (nil, float((drawn == 0).mean()) if nil else 0.0), told, (float(after[0]), float(after[1]), float(after[2])),
        max(0.0, 1 - float(np.var(drawn)) / spread) if spread > 0 else 0.0,
    )  # fmt: skip


def _weighed(form: ContestedForm, draws: Draws | None) -> Weighed:
    if draws is None:
        return Weighed(form, None, 0.0)
    nil = form.is_nil(draws)
    share = float(nil.mean())
    return Weighed(form, share, (share * (1 - share) / nil.size) ** 0.5)


def _modes(model: Model, draws: Draws, figures: Mapping[str, Figure]) -> tuple[Mode, ...]:
    found: dict[str, list[Reported]] = {}
    for comparison in compare(model, draws, figures, everywhere=True):
        found.setdefault(comparison.variable.name, []).append(comparison)
    drawn = [RATE_OF.get(name, name) for name in found]
    run = bare_run(model, load_scenario(HISTORY, model.parameters), draws, drawn)
    return tuple(
        Mode(model.equation(name), np.quantile(values, _LEVELS, axis=1), tuple(told))
        for name, values, told in zip(drawn, run, found.values(), strict=True)
    )


def _scored() -> Mapping[str, Any]:
    kept = sorted((seeds_folder() / "studies").glob("score-*.json"))
    return dict(json.loads(kept[0].read_text(encoding="utf-8"))) if kept else {}


def _misses() -> Mapping[tuple[str, str], tuple[str, Label]]:
    found: dict[tuple[str, str], tuple[str, Label]] = {}
    for path in sorted((seeds_folder() / "studies").glob("misses-*.toml")):
        for miss in read_toml(path).data["miss"]:
            found[miss["figure"], miss["measure"]] = miss["reason"], Label(miss["zh"], miss["en"])
    return found
