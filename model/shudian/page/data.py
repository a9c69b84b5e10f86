"""Everything that the planner's page knows, as one object for JSON."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from shudian import __version__, plain_text
from shudian.analysis import reasons
from shudian.analysis.contribution import INSTRUMENTS
from shudian.analysis.cost import SAVING
from shudian.analysis.idle import AFTER, LATE, LEAST, MOSTLY, ROUNDING, example_of
from shudian.analysis.missing_statistics import trials
from shudian.analysis.reported import compare
from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import ADDITIONAL, MEASURES, STANDING_YEARS, YEAR, measured
from shudian.analysis.warnings import lever_evidence, shipped_packages, standings
from shudian.answers.reasons import responses_of
from shudian.answers.requests import ASKED, REFERENCE
from shudian.budget import equalise
from shudian.conditioning import FEWEST, NEAREST, REACH
from shudian.draws import Draws, draws_of, prior_draws
from shudian.evidence import known_evidence, load_figures, load_sources
from shudian.grounds import order_of_draws, posterior_draws, standing_posterior
from shudian.kernel.wasm import LANES
from shudian.kinds import LANGUAGES, Caution, Figure, Model, Scenario, Target
from shudian.now import NOW_WORDS, default_now
from shudian.observe.rules import load_rules
from shudian.own_priors import REFUSED_BELOW, WARNED_BELOW, first_step
from shudian.page import facts
from shudian.page.brief import brief_data
from shudian.page.cards import load_cards
from shudian.page.designs import designs
from shudian.page.draws import constants, packed
from shudian.page.entries import (
    instrument_entry,
    loop_entry,
    measure_entry,
    measure_label,
    output_entry,
    preset_entry,
    target_entry,
)
from shudian.page.facts import Plain, both
from shudian.page.subset import Deviation, Quantity, choose, deviations, largest, quantities
from shudian.parameters import HOME
from shudian.posterior_file import Posterior, posterior_digest, shipped_posterior
from shudian.quantities import FIRST_YEAR, MONTHS
from shudian.report.run import strip
from shudian.report.words.belief_text import past_text
from shudian.report.words.captions import evidence_words
from shudian.report.words.dose_text import response_data
from shudian.report.words.warning_text import definition_caution, unstated_caution
from shudian.scenario_form import RETROSPECTIVE
from shudian.scenarios import list_scenarios, load_scenario
from shudian.schedules import RECORD, ROOT
from shudian.simulate import STEPS_PER_MONTH
from shudian.structure import load_model
from shudian.targets import UNSTATED, load_definitions, load_endings, load_targets, market_of
from shudian.wording import texts

CARRIED = 200
"""Draws that the page runs while a slider moves."""
SETTLED = 4000
"""Draws that it runs once a change has settled: all that `shudian run` uses, or as many of the priors."""
_SEED = 1
OUTPUTS = (
    "active_firms", "registered_firms", "lead_firms", "local_output", "allocated_market", "content_market", "fte_jobs",
    "head_count", "city_titles", "filed_titles", "reviewed_titles", "city_title_share", "crews_on_set", "hits",
    "plan_quality_works", "full_chain_bases", "cumulative_fiscal_cost", "cumulative_support_paid",
)  # fmt: skip
"""Variables that the page draws month by month."""
CONTRIBUTED = ("firms", "output", "jobs", "heads", "cost")
"""Measures to which the levers' contributions are given, besides the probability of the market target."""


_SHARED = (
    "strip_",
    "limit_",
    "idle_",
    "belief_",
    "brief_",
    "structures_",
    "short_error",
    "title_beside",
    "column_name",
    "column_package",
    "column_unit",
    "column_value",
    "column_low",
    "column_high",
    "column_chance",
    "column_label",
    "column_median",
    "basis_error",
    "note_all",
    "note_many",
    "cell_no_difference",
    "figure_market_",
    "figure_bands",
    "sector_",
    "kind_stock",
    "kind_flow",
    "kind_auxiliary",
    "basis_measured",
    "basis_derived",
    "basis_assumed",
)
"""Beginnings of the texts that the page shares with other parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """The draws of the page, and how they differ from all draws."""

    model: Model
    posterior: Posterior | None
    every: Draws
    chosen: NDArray[np.intp]
    """Which of `every` are `draws`."""
    draws: Draws
    packages: tuple[Scenario, ...]
    """All shipped packages, budgets equalised."""
    deviations: tuple[Deviation, ...]


def carried(count: int = CARRIED) -> Carried:
    """`count` draws of the shipped posterior or, where it is stale or missing, of the priors; chosen once."""
    # a cache tells a default from the same number given, and would choose twice
    return _carried(count)


@cache
def _carried(count: int) -> Carried:
    model, posterior, every, packages, found = _to_choose_from()
    chosen = choose(found, count)
    draws = draws_of(model, every.values[:, chosen], _SEED, every.posterior)
    return Carried(model, posterior, every, chosen, draws, packages, deviations(found, chosen))


@cache
def _to_choose_from() -> tuple[Model, Posterior | None, Draws, tuple[Scenario, ...], tuple[Quantity, ...]]:
    """What does not hang on how many draws are chosen: it takes most of the time, and is computed once."""
    model = load_model(HOME)
    posterior = standing_posterior(HOME)
    every = (
        posterior_draws(model, posterior, posterior.size, _SEED) if posterior else prior_draws(model, SETTLED, _SEED)
    )
    # what a review decides draw by draw the page does not compute yet, and says so
    packages = tuple(equalise(one, model, posterior) for one in shipped_packages(model).values() if not one.reviews)
    return model, posterior, every, packages, quantities(model, every, packages, REFERENCE, load_targets())


def page_data(count: int = CARRIED, settled: int = SETTLED, command: str = "shudian page") -> Plain:
    """All data of the page, for JSON; numbers are in internal units unless a name says display.

    It has `count` draws for a slider in motion and the first `settled` of all draws for a change that has settled.

    Raises InputError for a mistake in the seeds, the scenarios or the cards.
    """
    chosen = carried(count)
    model, figures, sources = chosen.model, load_figures(), load_sources()
    cards = load_cards(model.parameters, known_evidence())
    evidence = lever_evidence(model, figures)
    levers = [p for p in model.scheduled if p.role == "lever"]
    responses = responses_of(levers, model, chosen.posterior)
    targets = load_targets(variables={e.name: e.unit for e in model.equations}, known_evidence=known_evidence())
    outputs = [output_entry(model, name) for name in OUTPUTS]
    importance = _importance(chosen, targets)
    reported = compare(model, chosen.draws, figures)
    rows = dict(zip(chosen.every.names, chosen.every.values, strict=True))
    by_name = {output["name"]: output for output in outputs}
    return {
        "meta": _meta(chosen, command),
        "months": MONTHS,
        "steps_per_month": STEPS_PER_MONTH,
        "first_year": FIRST_YEAR,
        "now": int(default_now()),
        "now_words": list(NOW_WORDS),
        "record": RECORD,
        "root": ROOT,
        "retrospective": list(RETROSPECTIVE),
        "reviewed": [{"name": s.name, "title": both(s.title)} for s in shipped_packages(model).values() if s.reviews],
        "levers": [
            {
                **facts.lever(p, cards[p.name], evidence.get(p.name)),
                "example": example_of(p, model.parameters),
                "response": response_data(responses[p.name]),
                "told": {language: strip.dose_text(responses[p.name], language) for language in LANGUAGES},
            }
            for p in levers
        ],
        "assumptions": [facts.lever(p, None) for p in model.scheduled if p.role == "assumption"],
        "parameters": [
            facts.parameter(p, rows[p.name], importance.get(p.name), facts.best_grade(p.evidence, figures, sources))
            for p in model.fixed
        ],
        "fixed": {"names": list(chosen.draws.names), "constants": constants(chosen.every)},
        "draws": packed(chosen.every, chosen.chosen, min(settled, chosen.every.values.shape[1])),
        "lanes": LANES,
        "beliefs": _beliefs(chosen, min(settled, chosen.every.values.shape[1])),
        "past": _past(),
        "whole": _whole(chosen, min(settled, chosen.every.values.shape[1])),
        "scheduled": [parameter.name for parameter in model.scheduled],
        "presets": [preset_entry(scenario, model) for scenario in (*chosen.packages, *_shocks(model))],
        "reference": REFERENCE,
        "asked": ASKED,
        "targets": [target_entry(target) for target in targets],
        "unreported": _unreported(model, targets, figures),
        "definitions": {name: both(label) for name, label in load_definitions().items()},
        "market": market_of(targets).identifier,
        "standing_years": [*STANDING_YEARS, YEAR],
        "outputs": outputs,
        "kept": list(kept(model)),
        "units": facts.units(),
        "characters": plain_text.grammar(),
        "strings": {key: text for key, text in texts().items() if key.startswith(("page_", *_SHARED))},
        "measures": [measure_entry(model, measure) for measure in MEASURES],
        "additional": list(ADDITIONAL),
        "strip": _strip(),
        "designs": designs(),
        "brief": brief_data(model, chosen.posterior, targets, reported, _cautions(model, targets, figures), figures),
        "saving": SAVING,
        "instruments": [instrument_entry(name, model) for name in INSTRUMENTS],
        "idle": {"mostly": MOSTLY, "least": LEAST, "rounding": ROUNDING, "after": AFTER, "late": LATE},
        "lever_groups": [list(levers) for levers in INSTRUMENTS.values()],
        "contributed": list(CONTRIBUTED),
        "reported": [facts.reported(c, by_name, sources) for c in reported],
        "sources": {identifier: facts.source(source) for identifier, source in sources.items()},
        "figures": {identifier: facts.figure(figure) for identifier, figure in figures.items()},
        "loops": [loop_entry(loop) for loop in model.loops],
        "diagram": facts.diagram(model),
        "equations": [facts.equation(equation) for equation in model.equations],
    }


def kept(model: Model) -> tuple[str, ...]:
    """Variables that the engine keeps of every month: what is drawn, and what targets and measures read."""
    read = [v for target in load_targets() for v in target.definitions.values()] + [m.variable for m in MEASURES]
    names = tuple(dict.fromkeys([*OUTPUTS, *read]))
    assert all(name in model for name in names)
    return names


def _strip() -> Plain:
    """By what the answer in words goes."""
    by_lever = {lever: [both(label) for label in labels] for lever, labels in trials().items()}
    return {
        "measures": [measure.name for measure in strip.KEY],
        "late": [measure.name for measure in strip.LATE],
        "fund": reasons.FUND,
        "stages": list(reasons.STAGES.items()),
        "limits": list(reasons.LIMITS.items()),
        "half": strip.HALF,
        "named": strip.MOST_NAMED,
        "answered": reasons.ANSWERED,
        "trials": by_lever,
    }


def _cautions(model: Model, targets: Sequence[Target], figures: Mapping[str, Figure]) -> list[Caution]:
    """What every answer warns of: a target that leaves open what it counts, definitions that nobody can check."""
    labels = load_definitions()
    states = standings(targets, figures, load_rules(model), load_endings())
    unstated = [unstated_caution(target, labels) for target in targets if target.official_definition == UNSTATED]
    return unstated + [definition_caution(state, labels, HOME) for state in states if state.state != "reported"]


def _unreported(model: Model, targets: Sequence[Target], figures: Mapping[str, Figure]) -> Plain:
    """Target -> definition -> in short why nobody can check it: no figure, or no new one, counts by it."""
    labels = load_definitions()
    found: dict[str, dict[str, Plain]] = {}
    for state in standings(targets, figures, load_rules(model), load_endings()):
        if state.state != "reported":
            told = definition_caution(state, labels, HOME).short
            found.setdefault(state.target.identifier, {})[state.definition] = both(told)
    return found


def _whole(chosen: Carried, count: int) -> Plain | None:
    """How many of all draws, the first ones, are run once a change has settled; None where these are the few."""
    return {"draws": count} if count > chosen.chosen.size else None


def _beliefs(chosen: Carried, count: int) -> Plain:
    """How values and priors of one's own are taken: the limits of `shudian run`, and the place of each draw on file."""
    size = chosen.every.values.shape[1]
    place = order_of_draws(chosen.posterior, _SEED) if chosen.posterior else np.arange(size)
    places = place[:count] if count > chosen.chosen.size else place[chosen.chosen]
    return {
        "nearest": NEAREST,
        "fewest": FEWEST,
        "reach": REACH,
        "warned": WARNED_BELOW,
        "refused": REFUSED_BELOW,
        "first": first_step(),
        "order": [int(p) for p in places],
    }


def _past() -> Plain | None:
    """How the intervals of earlier forecasts did, in the words of `shudian run`."""
    said: Plain = {language: " ".join(past_text(language)) for language in LANGUAGES}
    return said if any(said.values()) else None


def _meta(chosen: Carried, command: str) -> Plain:
    posterior = chosen.posterior
    return {
        "city": HOME,
        "model_digest": chosen.model.digest,
        "posterior_digest": posterior_digest(posterior) if posterior else "",
        "draws_digest": chosen.draws.digest,
        "made": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "data_until": posterior.data_until if posterior else "",
        "evidence": {language: evidence_words(posterior, language) for language in LANGUAGES} if posterior else None,
        "calibrated": posterior is not None,
        "stale": posterior is None and shipped_posterior().exists(),
        "draws": chosen.draws.values.shape[1],
        "version": __version__,
        "command": command,
        "subset": {
            "of": chosen.every.values.shape[1],
            "largest_deviations": [_told(d) for d in largest(chosen.deviations).values()],
        },
    }


def _told(deviation: Deviation) -> Plain:
    """A deviation for the page: a probability as a share, anything else in the measure's display unit."""
    quantity = deviation.quantity
    plain: Plain = {
        "kind": quantity.kind,
        "package": quantity.package,
        "statistic": deviation.statistic,
        "name": quantity.name,
        "definition": quantity.definition,
        "full": deviation.full,
        "subset": deviation.subset,
        "relative": deviation.relative,
        "unit": "",
    }
    if quantity.kind == "target":
        target = next(t for t in load_targets() if t.identifier == quantity.name)
        return plain | {"what": both(target.label)}
    measure = next(m for m in MEASURES if m.name == quantity.name)
    return plain | {"what": both(measure_label(measure)), "unit": measure.unit}


def _importance(chosen: Carried, targets: Sequence[Target]) -> dict[str, dict[str, float]]:
    """Uncertain parameter -> definition of the market -> squared rank correlation with it over all draws.

    It is the share of the variance of the market's rank that goes with the parameter's, under the package asked for.
    """
    market = market_of(targets)
    asked = next(s for s in chosen.packages if s.name == ASKED)
    run = evaluate(chosen.model, asked, chosen.every, list(market.definitions.values()), market.year)
    outcomes = {d: rankdata(measured(run, market, d)) for d in market.definitions}
    found: dict[str, dict[str, float]] = {}
    for parameter, values in zip(chosen.model.fixed, chosen.every.values, strict=True):
        if parameter.role == "uncertain" and np.ptp(values) > 0:
            ranks = rankdata(values)
            found[parameter.name] = {d: float(np.corrcoef(ranks, o)[0, 1] ** 2) for d, o in outcomes.items()}
    return found


def _shocks(model: Model) -> list[Scenario]:
    return [load_scenario(name, model.parameters) for name in list_scenarios(kind="shock")]
