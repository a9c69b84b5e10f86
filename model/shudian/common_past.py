"""Scenarios that are one up to a month, as all that is chosen now: their past is computed once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shudian.draws import Array, Draws
from shudian.kernel import Begun, compile_model
from shudian.kinds import Model, Scenario
from shudian.quantities import MONTHS
from shudian.scenarios import schedule_matrix
from shudian.simulate import fixed_values, require_equalised


@dataclass(frozen=True, slots=True, eq=False)
class CommonPast:
    """What runs of one model on the same draws have in common before a month."""

    model: Model
    outputs: tuple[str, ...]
    months: int
    fixed: dict[str, float]
    begun: Begun

    def run(self, scenario: Scenario, threads: int | None = None) -> Array:
        """What `shudian.simulate.bare_run` gives for `scenario`, to the last bit: [output, month 0..months, draw].

        Any number of threads may ask at once. Raises ValueError for a scenario with another past, and for one whose
        budget has not been equalised or that has reviews.
        """
        _require_plain(scenario)
        if dict(scenario.fixed) != self.fixed:
            raise ValueError(f"“{scenario.name}” is not in the world in which this past is")
        schedules = schedule_matrix(scenario, self.model.scheduled, self.months)
        return compile_model(self.model).resume(self.begun, schedules, threads=threads)


def common_past(
    model: Model, scenario: Scenario, draws: Draws, outputs: Sequence[str], until: float, months: int = MONTHS
) -> CommonPast:
    """The past of `scenario` before month `until`, for runs of `outputs` over `months`.

    It takes some kilobytes a draw. Raises KeyError for an unknown output, and ValueError for draws of other parameters
    and for a scenario whose budget has not been equalised or that has reviews.
    """
    _require_plain(scenario)
    schedules = schedule_matrix(scenario, model.scheduled, months)
    last = min(max(int(until), 0), months)
    fixed = fixed_values(scenario, draws, model)
    begun = compile_model(model).begin(fixed, schedules, outputs, last, months=months)
    return CommonPast(model, tuple(outputs), months, dict(scenario.fixed), begun)


def _require_plain(scenario: Scenario) -> None:
    require_equalised(scenario)
    if scenario.reviews:
        raise ValueError(f"“{scenario.name}” has reviews; run it as it is")
