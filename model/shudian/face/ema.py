"""`shudian.ema_model`: the model as one of the EMA Workbench, for its samplers, PRIM and plots."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Unpack

import numpy as np

from shudian.analysis.many import Threads, outcomes_of
from shudian.analysis.sweep import hits
from shudian.analysis.sweep_space import at_point
from shudian.answers.handed import counted, text, texts
from shudian.answers.requests import ASKED
from shudian.answers.sweep import SweepRequest, planned
from shudian.face.asked import CityOptions, Settings, settings, words
from shudian.face.sweep import Vary, read_vary
from shudian.kinds import InputError
from shudian.parameters import DATE
from shudian.quantities import FIRST_YEAR
from shudian.report.sweep.tables import goal_heads, shown_value, value_of


def ema_model(
    package: str = ASKED,
    vary: Vary = (),
    *,
    by: int = 2027,
    outcomes: Sequence[str] = (),
    start: str = "",
    set: Settings = (),
    **asked: Unpack[CityOptions],
) -> Any:
    """The package as a `ema_workbench.Model` called `shudian`: levers, outcomes, and `draw` as its uncertainty.

    EMA's samplers know no joint posterior, so that an experiment's world is the number of a posterior draw, from 0 on,
    and its uncertain parameters stand in `model.worlds`, a frame by draw. Levers are in their own units, outcomes and
    words are those of `shudian.sweep`. Raises InputError as `shudian.sweep` does, and without the EMA Workbench.
    """
    try:
        from ema_workbench import IntegerParameter, Model, RealParameter, ScalarOutcome
    except ModuleNotFoundError:
        raise InputError("this needs the EMA Workbench: pip install 'shudian[many]'") from None
    import pandas as pd

    from shudian.analysis.discovery import factors_of

    request = SweepRequest(
        text("package", package), read_vary(vary), by=counted("by", by, FIRST_YEAR),
        outcomes=texts("outcomes", outcomes), start=text("start", start), settings=settings(set),
        **words(asked, CityOptions),
    )  # fmt: skip
    plan = planned(request)
    names = [one.parameter.name for one in plan.space]
    heads = [*(one.name for one in plan.work.asked), *(f"reaches_{head}" for head in goal_heads(plan.goals))]

    @lru_cache(maxsize=256)
    def all_draws(point: tuple[float, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """[outcome, draw]: one policy meets every draw, and a draw alone takes as long."""
        scenario = at_point(plan.work.base, plan.space, point, plan.work.start, 1)
        found = next(iter(outcomes_of(plan.work, [scenario], Threads())))[1][0]
        return np.vstack([found, hits(plan.goals, found)])

    def run(draw: int, **moved: float) -> dict[str, float]:
        point = tuple(value_of(one.parameter, moved[one.parameter.name]) for one in plan.space)
        return dict(zip(heads, all_draws(point)[:, int(draw)].tolist(), strict=True))

    model = Model("shudian", function=run)
    count = plan.work.draws.values.shape[1]
    model.uncertainties = [IntegerParameter("draw", 0, count - 1)]
    if dates := [one.parameter.name for one in plan.space if one.parameter.display_unit == DATE]:
        raise InputError("“{name}” is a month, which the EMA Workbench has no parameter for", name=dates[0])
    model.levers = [
        (IntegerParameter if one.is_stepped else RealParameter)(
            name,
            *(float(shown_value(one.parameter, end)) for end in (one.low, one.high)),  # type: ignore[arg-type]
        )
        for name, one in zip(names, plan.space, strict=True)
    ]
    model.outcomes = [ScalarOutcome(head) for head in heads]
    parameters, worlds = factors_of(plan.work.model, plan.work.draws)
    model.worlds = pd.DataFrame(worlds.T, columns=[parameter.name for parameter in parameters])
    return model
