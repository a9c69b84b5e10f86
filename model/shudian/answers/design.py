"""The options of a design as they were written -> the Question that they ask."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from shudian.analysis.design import Question
from shudian.analysis.design_goal import check_year, read_goal
from shudian.analysis.mixes import first_choice, make_box
from shudian.answers.world import bare, in_one_world, only_conditions
from shudian.budget import equalise
from shudian.grounds import grounds_of
from shudian.kinds import InputError, Model
from shudian.quantities import FIRST_YEAR, placed, read_start
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario
from shudian.structure import load_model


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, in the words in which it was asked."""

    target: str
    by: int = 2027
    probability: float = 0.5
    budget: str = ""
    base: str = "zhengzhou_2025"
    levers: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    start: str = ""
    """Month from which the mix acts; empty for the first that can still be chosen today."""
    draws: int = 1000
    seed: int = 1
    prior: bool = False
    settings: tuple[str, ...] = ()
    """What uncertain parameters are, in a world in which the target is to be reached."""
    own_priors: tuple[str, ...] = ()


def read_wish(wish: Wish, today: datetime.date | None = None) -> tuple[Question, Model]:
    """The Question of `wish`, and the model that answers it; `today` is the day from which is chosen.

    Raises InputError for any mistake.
    """
    day = today or datetime.date.today()
    with placed(f"--from {wish.start}"):
        start = read_start(wish.start) if wish.start else first_choice(day.year, day.month)
    check_year(wish.by, FIRST_YEAR + int(start) // 12)
    package = load_scenario(wish.base, load_model().parameters)
    with placed(f"--base {wish.base}"):
        if package.kind == "shock":
            raise InputError("“{name}” is a shock; name a package on which the mixes are built", name=package.name)
    model = load_model(package.city)
    only_conditions(wish.settings, model)
    grounds, left = in_one_world(
        grounds_of(package.city, prior=wish.prior), model, [package], wish.settings, wish.own_priors
    )
    package = bare(with_settings(package, left, model.parameters), grounds)
    base = equalise(package, model, grounds.posterior)
    goal = read_goal(wish.target, wish.by, wish.probability, wish.budget, model)
    box = make_box(base, model, start, wish.by, wish.levers, wish.fix)
    stored = grounds.posterior
    # half of the draws that are near must stay fresh
    draws = min(wish.draws, stored.size // 2) if stored and stored.given else wish.draws
    return Question(goal, box, draws, wish.seed, grounds), model
