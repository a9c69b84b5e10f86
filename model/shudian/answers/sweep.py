"""A sweep: what was asked becomes points, runs, pairs that work only together, regrets and boxes."""

from __future__ import annotations

from dataclasses import dataclass, field

from shudian.analysis.discovery import Discovery, discover, factors_of
from shudian.analysis.many import Executor, Threads, Work
from shudian.analysis.results import LAST_YEAR
from shudian.analysis.sensitivity import Asked
from shudian.analysis.sweep import (
    JOBS,
    OUTPUT,
    Goal,
    Points,
    Together,
    asked_of,
    hits,
    net_benefits,
    sweep_points,
    together,
)
from shudian.analysis.sweep_forms import FormBest, best_by_form
from shudian.analysis.sweep_space import Layout, Swept, points_of, read_space
from shudian.analysis.value import VALUE, check_value
from shudian.answers.names import outcome_named
from shudian.answers.requests import A_FILE, ASKED, SCENARIOS, CityRequest
from shudian.answers.rests import grounds_for, model_for
from shudian.answers.world import World, bare, in_one_world, only_conditions, world_of
from shudian.budget import equalise
from shudian.draws import Array
from shudian.kinds import InputError, Parameter, Scenario, Told
from shudian.now import read_now
from shudian.parameters import HOME
from shudian.quantities import FIRST_YEAR, placed, read_start, write_month
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario
from shudian.structure import load_model

LEAST_TREE = 100
"""Draws below which no tree is grown: half of them are kept unseen."""


@dataclass(frozen=True, slots=True)
class SweepRequest(CityRequest):
    """A package, what is moved in it and where that is looked at; settings say in which world."""

    package: str = field(default=ASKED, metadata=SCENARIOS)
    vary: tuple[str, ...] = ()
    """As `shudian.analysis.sweep_space.read_swept` reads each."""
    layout: Layout = "grid"
    points: int | None = None
    """Values of each range in a grid, or points of a Latin hypercube; None for as many as they take by themselves."""
    by: int = 2027
    """The year in which outcomes are read, and the last of the net benefit."""
    outcomes: tuple[str, ...] = ()
    """Variables that are read beside the usual ones, at the end of the year."""
    start: str = ""
    """Month from which the moved act; empty for the first that can still be chosen."""
    value: float = VALUE
    targets: str = field(default="", metadata=A_FILE)
    retrospective: bool = False
    draws: int = field(default=1000, kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Everything that was found."""

    request: SweepRequest
    world: World
    base: Scenario
    start: float
    space: tuple[Swept, ...]
    asked: tuple[Asked, ...]
    goals: tuple[Goal, ...]
    points: Points
    usual: Array
    """[outcome, draw] of the base package."""
    worlds: tuple[tuple[Parameter, ...], Array]
    """The uncertain parameters that differ between the draws, and [parameter, draw]."""
    benefits: Array
    """[point, kept draw], 亿元: net benefit against the base package."""
    pairs: tuple[Together, ...]
    """Of two moves, the greatest surplus first."""
    discoveries: tuple[Discovery, ...]
    """One for each goal; none of fewer draws than LEAST_TREE."""
    forms: tuple[FormBest, ...]
    """The best point where each contested form is true."""
    draws: int
    draws_digest: str

    @property
    def best(self) -> int:
        """The point with the greatest mean net benefit, on the kept draws; the first of those that are alike."""
        return int(self.benefits.mean(axis=1).argmax())

    def outcome(self, name: str) -> int:
        """Which of the outcomes is called `name`; raises KeyError."""
        for row, one in enumerate(self.asked):
            if one.name == name:
                return row
        raise KeyError(name)


def sweep(request: SweepRequest, told: Told = lambda _stage, _share: None, executor: Executor | None = None) -> Sweep:
    """Carry out `request` on this machine's cores, or wherever `executor` does it: the same numbers to the last bit.

    Raises InputError for any mistake in the request.
    """
    plan = planned(request)
    work, world, space, goals = plan.work, plan.world, plan.space, plan.goals
    points = points_of(space, request.layout, request.points, request.seed)
    executor = executor or Threads()
    found, usual = sweep_points(
        work, goals, space, points, request.value, executor, lambda share: told("points", 0.85 * share)
    )
    kept = found.kept.shape[2]
    benefits = net_benefits(work.asked, found.kept, usual[:, :kept], request.value)
    told("pairs", 0.85)
    pairs = together(work, goals, space, (*(goal.name for goal in goals), OUTPUT, JOBS), usual, executor)
    told("boxes", 0.92)
    discoveries: tuple[Discovery, ...] = ()
    parameters, worlds = factors_of(work.model, work.draws)
    if kept >= LEAST_TREE:
        reached = hits(goals, found.kept)
        discoveries = tuple(
            discover(goal.name, space, points, parameters, worlds[:, :kept], reached[:, place], request.seed)
            for place, goal in enumerate(goals)
        )
    forms, given = world.contested()
    told("boxes", 1.0)
    return Sweep(
        request, world, work.base, work.start, space, work.asked, goals, found, usual, (parameters, worlds),
        benefits, pairs, discoveries,
        best_by_form([form for form in forms if form.parameter.name not in given], work.draws, benefits),
        work.draws.values.shape[1], work.draws.digest,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """What a request comes to before anything is run."""

    work: Work
    world: World
    space: tuple[Swept, ...]
    goals: tuple[Goal, ...]


def planned(request: SweepRequest) -> Planned:
    """What `request` asks to be run, and in which world; raises InputError for any mistake in it."""
    check_value(request.value)
    now = read_now(request.now)
    with placed(f"--from {request.start}"):
        start = read_start(request.start) if request.start else now
        if start < now and not request.retrospective:
            raise InputError(
                "{date} is past, and what is chosen now begins in {now} or later; to ask what if it had been chosen "
                "then, add --retrospective",
                date=write_month(start),
                now=write_month(now),
            )
    first = FIRST_YEAR + int(start) // 12
    if not first <= request.by <= LAST_YEAR:
        raise InputError(
            "--by is {year}; it must be a year from {first} to {last}", year=request.by, first=first, last=LAST_YEAR
        )
    home = request.own_model or load_model(request.city or HOME)
    package = load_scenario(request.package, home.parameters, now=now)
    if package.kind == "shock":
        raise InputError("“{name}” is a shock; name a package in which something is moved", name=package.name)
    if package.reviews:
        raise InputError(
            "“{name}” has reviews, and a sweep moves what is decided once; name a package without them",
            name=package.name,
        )
    model = model_for(request, request.city or package.city)
    only_conditions(request.settings, model)
    grounds, left = in_one_world(grounds_for(request, model), model, [package], request.settings, request.own_priors)
    world = world_of(model, grounds, request.targets)
    draws = world.draw(_draws(request, world), request.seed)
    package = bare(with_settings(package, left, model.parameters), grounds)
    base = equalise(package, model, grounds.posterior)
    space = read_space(request.vary, model.parameters, start)
    own = [outcome_named(name, model).name for name in request.outcomes]
    asked, goals = asked_of(model, world.targets, own, request.by)
    return Planned(Work(model, draws, base, start, asked), world, space, goals)


def _draws(request: SweepRequest, world: World) -> int:
    posterior = world.posterior
    # a condition or draws of one's own leave fewer
    return min(request.draws, posterior.size) if posterior and (posterior.given or posterior.handed) else request.draws
