"""Reviews for tests: one that a file could write, on the package that was decided, and the draws they are held on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from shudian.draws import Draws
from shudian.grounds import draws_from, standing_posterior
from shudian.kinds import Review, Scenario, Seen, Segment
from shudian.parameters import HOME
from shudian.scenarios import list_scenarios, load_scenario
from shudian.structure import load_model

DATE = 62.0
"""2028-03."""
OUTPUT = Seen(
    "market", "city", "local_output", "cumulative_local_output", "increase", 1.0, "wanyuan", 2.0, 0.0, 0.05, 0.0
)
ENDS = {"support_end": (Segment(DATE, DATE),)}
GROWS = {"fund_size": (Segment(DATE, 50_000.0),), "municipal_parks": (Segment(DATE, 8.0, 12.0),)}


def review(**changes: Any) -> Review:
    """Output must have grown by a tenth; else support ends."""
    seen = {name: changes.pop(name) for name in [*changes] if name in Seen.__dataclass_fields__}
    plain = Review(DATE, replace(OUTPUT, **seen), "growth", True, 0.1, {}, ENDS)
    return replace(plain, **changes)


def with_reviews(*reviews: Review) -> Scenario:
    """What was decided, with these reviews."""
    return replace(load_scenario("zhengzhou_2025", load_model().parameters), name="reviewed", reviews=reviews)


@cache
def draws(count: int = 200, seed: int = 1) -> Draws:
    """Draws of the shipped posterior."""
    return draws_from(load_model(), standing_posterior(HOME), count, seed)


def decided_once() -> list[str]:
    """The shipped scenarios that have no reviews."""
    return [name for name in list_scenarios() if not load_scenario(name, load_model().parameters).reviews]
