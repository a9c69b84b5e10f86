"""The reasons behind the answer for the package asked for: found for runs, comparisons and briefs alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shudian.analysis.doses import DoseResponse, dose_response
from shudian.analysis.latest import Latest, latest
from shudian.analysis.missing_statistics import trials
from shudian.analysis.reasons import Reasons, moved_levers, reasons
from shudian.answers.plan import Plan
from shudian.answers.requests import ASKED
from shudian.draws import Draws
from shudian.grounds import draws_from, standing_posterior
from shudian.kinds import Model, Parameter
from shudian.parameters import DATE, HOME
from shudian.posterior_file import Posterior
from shudian.scenarios import load_scenario

DRAWS, SEED = 200, 1


def responses_of(levers: Iterable[Parameter], model: Model, posterior: Posterior | None) -> dict[str, DoseResponse]:
    """Lever -> the DoseResponse that commands and page show: in the package asked for, on the same few draws."""
    package, draws = load_scenario(ASKED, model.parameters), draws_from(model, posterior, DRAWS, SEED)
    return {lever.name: dose_response(model, lever, package, draws) for lever in levers}


def latest_of(found: DoseResponse, model: Model, posterior: Posterior | None) -> Latest:
    """Until when the lever of `found` can still matter, on the draws of `responses_of`."""
    return latest(found, model, draws_from(model, posterior, DRAWS, SEED))


def reasons_of(work: Plan, draws: Draws) -> Reasons | None:
    """The Reasons of the package that `work` is about; None where its structure is known to another engine only."""
    if work.model_file:
        return None
    model = work.world.model
    found = reasons(model, work.asked, draws)
    moved = moved_levers(model, work.asked, work.compared)
    if len(moved) == 1 and moved[0].display_unit != DATE and model.city == HOME and not model.changes:
        response = responses_of(moved, model, standing_posterior(HOME))[moved[0].name]
        found = replace(found, response=response)
    by_lever = trials()
    labels = dict.fromkeys(label for lever in moved for label in by_lever.get(lever.name, ()))
    return replace(found, trials=tuple(labels))
