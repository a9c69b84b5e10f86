"""Which scenario a model file was exported from: the one that it names, or else the shipped one that is nearest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shudian.budget import equalise
from shudian.exchange.equation_text import Spelling, read_equation
from shudian.exchange.expressions import VENSIM, XMILE, spell_schedule
from shudian.exchange.forms import Form, form
from shudian.exchange.variables import Variable
from shudian.kinds import Model, Scenario
from shudian.posterior_file import Posterior
from shudian.scenarios import list_scenarios, load_scenario

_EXPORTED = re.compile(r"Scenario: ([^,\n]+),|<name>shudian ([^<]+)</name>")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The shipped scenario that most of a file's levers and assumptions are as in."""

    scenario: str
    same: int
    of: int
    """How many levers and assumptions the file has."""


def named_scenario(text: str) -> str:
    """The scenario that a file with this text says it was exported from; empty if another tool has dropped it."""
    found = _EXPORTED.search(text)
    return (found[1] or found[2]).strip() if found else ""


def nearest_scenario(
    variables: Mapping[str, Variable], spelling: Spelling, model: Model, posterior: Posterior | None
) -> Nearest:
    """The shipped scenario nearest to a file by its levers and assumptions; of several, the baseline or the first.

    Budgets are equalised as in an export with the medians of `posterior`, which takes seconds and is left out where
    another scenario fits as it is.
    """
    theirs = {p.name: form(variables[p.name].tree) for p in model.scheduled if p.name in variables}
    dialect = VENSIM if spelling == "mdl" else XMILE
    known: dict[str, Form] = {}

    def same(scenario: Scenario) -> int:
        schedules = {**scenario.levers, **scenario.assumptions}
        count = 0
        for parameter in model.scheduled:
            text = spell_schedule(schedules.get(parameter.name, ()), parameter.value, dialect)
            if text not in known:
                known[text] = form(read_equation(text, spelling))
            count += theirs.get(parameter.name) == known[text]
        return count

    # one with reviews was never exported
    shipped = [s for s in (load_scenario(name, model.parameters) for name in list_scenarios()) if not s.reviews]
    counts = {scenario.name: same(scenario) for scenario in shipped}
    if max(counts.values()) < len(theirs):
        counts |= {s.name: same(equalise(s, model, posterior)) for s in shipped if s.same_budget_as}
    best = max(counts, key=lambda name: counts[name])
    return Nearest(best, counts[best], len(theirs))
