"""What the chances of the target were before somebody's own priors or a condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shudian.analysis.results import evaluate
from shudian.analysis.verdicts import Probability, Verdicts, chance
from shudian.grounds import posterior_draws
from shudian.kinds import Model, Scenario


def chances_before(model: Model, scenarios: Sequence[Scenario], verdicts: Verdicts) -> Mapping[str, Probability]:
    """The chance of the market target by definition, for the package asked for, on the posterior as it is on file.

    Empty where the answer rests on that, or on the priors.
    """
    before, market = verdicts.grounds.before, verdicts.market
    if before is None:
        return {}
    asked = next(scenario for scenario in scenarios if scenario.name == verdicts.pairing.asked)
    draws = posterior_draws(model, before, before.size, verdicts.seed)
    run = evaluate(model, asked, draws, tuple(market.definitions.values()), market.year)
    return {definition: chance(run, market, definition) for definition in market.definitions}
