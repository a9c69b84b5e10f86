"""Worlds for the behaviour contract: scenarios in a line of text, parameters moved draw by draw, runs by name.

The draws are those of the shipped posterior, or of the priors while there is no posterior of the present equations.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.idle import example_of
from shudian.draws import Draws
from shudian.grounds import draws_from, standing_posterior
from shudian.kinds import Parameter, Scenario
from shudian.parameters import DATE, HOME
from shudian.quantities import FIRST_YEAR, conversion
from shudian.scenario_changes import with_settings
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run
from shudian.structure import load_model

Array = NDArray[np.float64]
"""[month, draw], or [draw] where one month or year was read."""

MODEL = load_model()
VARIABLES = {equation.name for equation in MODEL.equations}
DRAWS = draws_from(MODEL, standing_posterior(HOME), 200, 9)
MOST = 0.9
"""What a sign must hold in, as a share of the draws."""
GROWTH = tuple(f"national_growth_{year}" for year in range(FIRST_YEAR, 2031))


def world(base: str, *settings: str) -> Scenario:
    """A shipped package with settings as on the command line: `fund_size=10亿元@2024-01`."""
    return with_settings(load_scenario(base, MODEL.parameters), settings, MODEL.parameters)


def fixed(draws: Draws = DRAWS, *, times: Mapping[str, float] | None = None, **values: float) -> Draws:
    """`draws` with parameters at `values` (internal units) or multiplied, also beyond what a scenario may set."""
    changed = draws.values.copy()
    for name in (*values, *(times or {})):
        assert name in draws.names, f"the model has no parameter “{name}” yet"
        row = draws.names.index(name)
        changed[row] = values[name] if name in values else changed[row] * (times or {})[name]
    return replace(draws, values=changed)


def still(draws: Draws = DRAWS, **values: float) -> Draws:
    """A country in which nothing grows, drifts, breaks or shakes; with `AI_STANDS` nothing diffuses either."""
    calm = {
        "free_shift_rate": 0.0, "production_share_trend": 0.0, "platform_break_size": 0.0, "process_noise": 0.0,
        "rival_drift": 0.0, "overseas_growth": 0.0, "guarantee_supply_sensitivity": 0.0, "ai_entry_rate": 0.0,
    }  # fmt: skip
    return fixed(draws, **{**dict.fromkeys(GROWTH, 0.0), **calm, **values})


AI_STANDS = ("ai_diffusion_multiplier=0@2023-01", "platform_guarantee=0.6@2023-01")
"""AI stays where it was, and platforms guarantee what they did at the start."""


def growth(first: int, factor: float, years: int, rest: float | None = None) -> dict[str, float]:
    """The growth parameters with which the market comes to `factor` of itself over `years` years from `first` on.

    `rest` is the yearly logarithmic growth after that; None leaves what was drawn.
    """
    chosen = {f"national_growth_{year}": math.log(factor) / years / 12 for year in range(first, first + years)}
    later = {} if rest is None else {f"national_growth_{year}": rest / 12 for year in range(first + years, 2031)}
    return {**chosen, **later}


def run(scenario: Scenario, names: Sequence[str], draws: Draws = DRAWS) -> dict[str, Array]:
    """The variables `names`, each [month, draw]; all must be finite."""
    wanted = require(*names)
    result = dict(zip(wanted, bare_run(MODEL, scenario, draws, wanted), strict=True))
    for name, series in result.items():
        assert np.isfinite(series).all(), name
    return result


def require(*names: str) -> tuple[str, ...]:
    """`names`, all of them variables of the model."""
    lacking = [name for name in names if name not in VARIABLES]
    assert not lacking, f"the model has no variable “{', '.join(lacking)}” yet"
    return names


def month(year: int, of: int = 1) -> int:
    """The month after 2023-01 that begins in `year`."""
    return (year - FIRST_YEAR) * 12 + of - 1


def over(series: Array, year: int) -> Array:
    """The mean of `series` over `year`, [draw]."""
    return np.asarray(series[month(year) : month(year) + 13].mean(axis=0))


def share(holds: NDArray[np.bool_]) -> float:
    """In which share of the draws something holds."""
    return float(np.mean(holds))


def rises(new: Array, old: Array, least: float = 0.0) -> float:
    """In which share of the draws `new` lies above `old` by more than `least` of it."""
    return share(new > old + least * np.abs(old))


LEVERS = [p for p in MODEL.parameters.values() if p.role == "lever"]
FROM = "2024-01"
RATE = 0.5
"""The subsidy rate at which the cap is tried: what a title is granted must be able to reach it."""


def dose_world(lever: Parameter, dose: float) -> Scenario:
    """The package of 2025 with `lever` at `dose` of its range from FROM on, and what it needs in place.

    Of the range 0 is the least of what the lever brings: the longest approval and the earliest end.
    """
    low, high = (lever.high, lever.low) if lever.name == "approval_days" else (lever.low, lever.high)
    value = low + dose * (high - low)
    needed = {n: example_of(MODEL.parameters[n], MODEL.parameters) for n in lever.needs if n != "support_end"}
    if "annual_budget" in needed:
        needed["annual_budget"] = MODEL.parameters["annual_budget"].high
    if lever.name == "annual_budget":
        needed = {p.name: p.high for p in LEVERS if p is not lever and p.name not in ("approval_days", "support_end")}
    if lever.name == "production_subsidy_cap":
        budget = MODEL.parameters["annual_budget"].high
        needed |= {"production_subsidy_rate": RATE, "production_subsidy_eligible_share": 1.0, "annual_budget": budget}
    settings = [setting(MODEL.parameters[name], amount) for name, amount in needed.items()]
    return world("zhengzhou_2025", *settings, setting(lever, value))


def setting(lever: Parameter, value: float) -> str:
    """`lever` at `value` (internal units) from FROM on, as on the command line."""
    if lever.display_unit == DATE:
        return f"{lever.name}={FIRST_YEAR + int(value) // 12}-{int(value) % 12 + 1:02d}@{FROM}"
    shown = value / conversion(lever.display_unit, lever.unit)
    number = str(round(shown)) if lever.whole else f"{shown:.9g}"
    return f"{lever.name}={number}{'' if lever.display_unit == '1' else lever.display_unit}@{FROM}"


EARNS = {
    "overseas_income": {"overseas_city_potential": 2.0, "overseas_channel_initial": 2.0},
    "own_ip_income": {"own_ip_share_initial": 4.0},
    "plus_income": {"plus_title_share": 0.5},
}

ISOLATED = {"guarantee_spending_premium": 0.0, "guarantee_price_effect": 0.0, "guarantee_supply_sensitivity": 0.0}
"""A guarantee that moves neither what platforms spend nor what they pay for a title."""
BOUND = {"settlement_time": 3.0, "own_finance_share": 1.0, "finance_margin": 0.8, "fund_title_share": 0.5, **ISOLATED}
"""Titles tie up their makers' money for months, and there is less of it than plans need."""
FREE = {"settlement_time": 0.0, "advance_share": 1.0, "platform_guarantee_initial": 1.0, **ISOLATED}

FUNDS = (0, 1, 2, 5, 10)


def funded(draws_fixed: Mapping[str, float]) -> Array:
    """Local output of 2027, [fund, draw], with each of FUNDS announced at the start of 2024."""
    draws = fixed(**draws_fixed)
    return np.array(
        [
            over(
                run(world("no_policy", f"fund_size={size}亿元@2024-01"), ["local_output"], draws)["local_output"], 2027
            )
            for size in FUNDS
        ]
    )


PULLS = {
    "subsidy": (["production_subsidy_rate=0.3@2024-01", "production_subsidy_cap=300万元/部@2024-01",
                 "production_subsidy_eligible_share=1@2024-01", "annual_budget=10亿元/年@2024-01"],
                {"subsidy_sensitivity": 1.0}),
    "locations": (["open_locations=500@2024-01"], {"location_sensitivity": 0.1}),
    "approval": (["approval_days=5日@2024-01", "annual_budget=10亿元/年@2024-01"],
                 {"approval_sensitivity": 0.2, "approval_critical_share": 0.0}),
    "rent": (["rent_relief_rate=1@2024-01", "annual_budget=10亿元/年@2024-01"], {"relief_incidence": 1.0}),
}  # fmt: skip
