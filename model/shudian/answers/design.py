"""The options of a design as they were written -> the problem that they pose."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from shudian.analysis.design import Design, Problem
from shudian.analysis.design import design as search
from shudian.analysis.design_goal import check_year, read_goal
from shudian.analysis.mixes import make_box
from shudian.answers.requests import ASKED, SCENARIOS, CityRequest
from shudian.answers.rests import grounds_for, model_for
from shudian.answers.world import bare, in_one_world, only_conditions
from shudian.budget import equalise
from shudian.kinds import LEAST_DRAWS, InputError, Model, Told
from shudian.now import read_now
from shudian.parameters import HOME
from shudian.quantities import FIRST_YEAR, placed, read_start
from shudian.scenario_changes import check_not_past, with_settings
from shudian.scenarios import load_scenario
from shudian.structure import load_model


@dataclass(frozen=True, slots=True)
class DesignRequest(CityRequest):
    """What is to be reached, by what and when; settings say in which world, as uncertain parameters."""

    target: str
    by: int = 2027
    probability: float = 0.5
    budget: str = ""
    base: str = field(default=ASKED, metadata=SCENARIOS)
    levers: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    start: str = ""
    """Month from which the mix acts; empty for the first that can still be chosen today."""
    retrospective: bool = field(default=False, kw_only=True)
    """True where it may begin in the past: what if it had been designed then."""
    draws: int = field(default=1000, kw_only=True)


def design(request: DesignRequest, told: Told = lambda _stage, _share: None) -> Design:
    """The cheapest mix that reaches what `request` asks for, or those that come nearest.

    Raises InputError for any mistake in the request.
    """
    problem, model = problem_of(request)
    return search(problem, model, told)


def problem_of(request: DesignRequest, today: datetime.date | None = None) -> tuple[Problem, Model]:
    """The Problem of `request`, and the model that answers it; `today` is the day from which is chosen.

    Raises InputError for any mistake.
    """
    day = today or datetime.date.today()
    with placed(f"--from {request.start}"):
        now = read_now(request.now)
        # without a word about now, a mix cannot begin before the day on which it is asked for
        first = now if request.now else max(now, _next_month(day))
        start = read_start(request.start) if request.start else first
        if start < now and not request.retrospective:
            check_not_past(start, now)
    check_year(request.by, FIRST_YEAR + int(start) // 12)
    home = request.own_model or load_model(request.city or HOME)
    package = load_scenario(request.base, home.parameters, now=now)
    with placed(f"--base {request.base}"):
        if package.kind == "shock":
            raise InputError("“{name}” is a shock; name a package on which the mixes are built", name=package.name)
        if package.reviews:
            raise InputError(
                "“{name}” has reviews, and a mix is decided once; name a base without them", name=package.name
            )
    model = model_for(request, request.city or package.city)
    only_conditions(request.settings, model)
    grounds, left = in_one_world(grounds_for(request, model), model, [package], request.settings, request.own_priors)
    package = bare(with_settings(package, left, model.parameters), grounds)
    base = equalise(package, model, grounds.posterior)
    goal = read_goal(request.target, request.by, request.probability, request.budget, model)
    box = make_box(base, model, start, request.by, request.levers, request.fix)
    stored = grounds.posterior
    draws = request.draws
    if stored and (stored.given or stored.handed):
        # half of the draws that are near, or that there are, must stay fresh
        draws = min(draws, stored.size // 2)
    if stored and stored.handed and draws < LEAST_DRAWS["design"]:
        raise InputError(
            "a design searches on one half of the draws and tries what it has found on the other; hand in {least} "
            "draws or more, and not {count}",
            least=2 * LEAST_DRAWS["design"],
            count=stored.size,
        )
    return Problem(goal, box, draws, request.seed, grounds), model


def _next_month(day: datetime.date) -> float:
    return float((day.year - FIRST_YEAR) * 12 + day.month)
