"""Budget-equalised packages: the same fiscal cost, so that mixes can be compared and not purses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shudian.draws import Draws
from shudian.grounds import draws_from
from shudian.kinds import Label, Model, Scenario
from shudian.posterior_file import Posterior
from shudian.scenario_changes import in_world_of, scale_money
from shudian.scenario_past import departure, is_prospective
from shudian.scenarios import load_scenario, record_of
from shudian.schedules import ROOT
from shudian.simulate import bare_run

COMPARED_UNTIL = 60
"""Month at which costs are equal: the end of 2027, when the targets are judged."""
_LEAST, _MOST = 0.0, 20.0
_DRAWS, _SEED = 512, 0
"""Costs are equal in the median of these draws, whatever draws a run uses: a package is one set of schedules."""


def equalise(
    scenario: Scenario, model: Model, posterior: Posterior | None = None, reference: Scenario | None = None
) -> Scenario:
    """`scenario` with its money scaled so that it costs what the scenario it names as `same_budget_as` costs.

    One factor multiplies every lever marked `scales_with_budget`, from the date on which `scenario` departs
    from baseline, or from now on where it begins now; cost is the median of cumulative fiscal cost at the end of 2027
    over a fixed set of draws from `posterior` or, without one, from the priors, under the assumptions of `scenario`. A
    lever stays within its range, so the costs may not meet; the note that is added says what was reached. A scenario
    that names no other is returned as it is.
    """
    if not scenario.same_budget_as:
        return scenario
    # Costs a third of a second to import, and most runs never get here.
    from scipy.optimize import brentq

    draws = draws_from(model, posterior, min(_DRAWS, posterior.size) if posterior else _DRAWS, _SEED)
    reference = reference or load_scenario(scenario.same_budget_as, model.parameters)
    wanted = _cost(in_world_of(reference, scenario), model, draws)
    since = departure(scenario, load_scenario(ROOT, model.parameters))
    # only what may change the past is scaled in it
    if not scenario.retrospective or is_prospective(scenario, record_of(scenario, model.parameters)):
        since = max(since, scenario.now)
    plain = replace(scenario, same_budget_as="")

    def excess(factor: float) -> float:
        return _cost(scale_money(plain, model.parameters, factor, since), model, draws) - wanted

    if excess(_MOST) <= 0:
        factor = _MOST
    elif excess(_LEAST) >= 0:
        factor = _LEAST
    else:
        factor = float(brentq(excess, _LEAST, _MOST, xtol=1e-4))
    scaled = scale_money(plain, model.parameters, factor, since)
    reached = _cost(scaled, model, draws)
    return replace(scaled, notes=(*scaled.notes, _note(factor, reached, wanted, reference)))


def _cost(scenario: Scenario, model: Model, draws: Draws) -> float:
    run = bare_run(model, scenario, draws, ["cumulative_fiscal_cost"], COMPARED_UNTIL)
    return float(np.median(run[0, COMPARED_UNTIL]))


def _note(factor: float, reached: float, wanted: float, reference: Scenario) -> Label:
    yiyuan = 1e4
    return Label(
        f"资金类杠杆统一乘以 {factor:z.2f}，使到2027年底财政支出的中位数为 {reached / yiyuan:z.2f} 亿元，"
        f"对照“{reference.title.zh}”的 {wanted / yiyuan:z.2f} 亿元。",
        f"Every money lever is multiplied by {factor:z.2f}, so that the median fiscal cost to the end of 2027 is "
        f"{reached * 1e-2:z.0f} million yuan, against {wanted * 1e-2:z.0f} of “{reference.title.en}”.",
    )
