"""Is the parameter named that changes which package is best, is its worth right, and is the threshold where it is?

Checked on decisions whose answer is known by hand. This does not establish that the rules are those by which a city
should choose, nor that the spline follows every shape of an expectation along a parameter.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from shudian.analysis.policy_sensitivity import (
    VARIABLES,
    Decision,
    decisions,
    policy_sensitivity,
    worth,
)
from shudian.analysis.results import Variable, Yearly, evaluate
from shudian.draws import prior_draws
from shudian.kinds import Label
from shudian.scenarios import load_scenario
from shudian.structure import load_model
from shudian.targets import load_targets
from toy import parameter

Array = NDArray[np.float64]
MODEL = load_model()
MARKET = load_targets()[0]
DRAWS = 4000


def normal(seed: int) -> Array:
    return np.random.default_rng(seed).standard_normal(DRAWS)


def test_a_choice_between_nothing_and_a_gamble() -> None:
    """Nothing, or theta and noise: knowing theta, standard normal, is worth E max(0, theta) = 1/sqrt(2 pi)."""
    theta, noise = normal(1), normal(2)
    decision = Decision("net_benefit", "", ("nothing", "gamble"), np.array([np.zeros(DRAWS), theta + noise - 0.02]))
    found = worth(decision, parameter("theta"), theta, 179, 1)
    assert found.told
    now = max(0.0, float(decision.benefits[1].mean()))
    assert found.gain.value + now == pytest.approx(1 / math.sqrt(2 * math.pi), abs=3 * found.gain.standard_error)
    assert [stretch.package for stretch in found.stretches] == ["nothing", "gamble"]
    assert sum(stretch.share for stretch in found.stretches) == pytest.approx(1.0)
    (flip,) = found.flips
    assert flip.low < 0.02 < flip.high
    assert flip.high - flip.low < 0.3
    assert flip.support == 1.0
    assert found.stretches[0].share == pytest.approx(0.5, abs=0.06)
    assert worth(decision, parameter("theta"), theta, 179, 1) == found


def test_three_packages_along_one_parameter() -> None:
    """Each is best where its line is highest: -theta below -1, 1 in between, theta above 1."""
    theta = 3 * normal(3)
    decision = Decision("net_benefit", "", ("low", "middle", "high"), np.array([-theta, np.full(DRAWS, 1.0), theta]))
    found = worth(decision, parameter("theta"), theta, 1, 1)
    assert [stretch.package for stretch in found.stretches] == ["low", "middle", "high"]
    assert [flip.at for flip in found.flips] == pytest.approx([-1.0, 1.0], abs=0.05)
    assert [(flip.below, flip.above) for flip in found.flips] == [("low", "middle"), ("middle", "high")]


def test_a_parameter_that_does_not_matter_is_not_told_from_nil() -> None:
    decision = Decision("net_benefit", "", ("a", "b"), np.array([normal(4), normal(5) + 0.05]))
    told = [worth(decision, parameter("other"), normal(100 + k), 40, 1).told for k in range(40)]
    assert not any(told)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_identical_packages_tie_exactly(seed: int) -> None:
    generator = np.random.default_rng(seed)
    theta, benefit = generator.standard_normal((2, 500))
    decision = Decision("net_benefit", "", ("one", "other"), np.array([benefit + theta, benefit + theta]))
    found = worth(decision, parameter("theta"), theta, 1, 1)
    assert (found.gain.value, found.gain.standard_error) == (0.0, 0.0)
    assert decision.best == "one"
    assert (decision.lead.value, decision.lead.standard_error) == (0.0, 0.0)
    assert not found.told
    assert found.flips == ()


def test_a_nil_effect_is_one_value_with_one_winner() -> None:
    """Half of the draws are exactly nil: the threshold lies between nil and the least effect, not among the nils."""
    effect = np.where(normal(6) > 0, 0.5 + np.abs(normal(7)), 0.0)
    decision = Decision("net_benefit", "", ("without", "with"), np.array([np.full(DRAWS, 0.2), effect]))
    found = worth(decision, parameter("effect"), effect, 1, 1)
    (flip,) = found.flips
    assert 0.0 < flip.at < 0.5 + 1e-3
    assert found.stretches[0].share == pytest.approx((effect == 0).mean())


def yearly(name: str, output: Array, cost: Array, jobs: Array) -> Yearly:
    """A run whose levels are the same at every turn of the year; in internal units."""
    names = (*VARIABLES, "cumulative_allocated_market", "cumulative_content_market")
    units = ("wanyuan", "wanyuan", "person", "wanyuan", "wanyuan")
    variables = tuple(Variable(n, unit, Label("", "")) for n, unit in zip(names, units, strict=True))
    levels = np.array([output, cost, jobs, output, output])
    scenario = load_scenario("no_policy", MODEL.parameters)
    return Yearly(replace(scenario, name=name), variables, np.repeat(levels[:, None], 9, axis=1))


def test_the_rules_by_hand() -> None:
    """20,000万元 more output for 5,000万元 at half a yuan each is 0.5亿元; 100 more jobs for it are 200 per 亿元."""
    nothing = yearly("nothing", np.full(2, 1e5), np.zeros(2), np.full(2, 500.0))
    policy = yearly("policy", np.full(2, 1.2e5), np.full(2, 5e3), np.full(2, 600.0))
    found = decisions([nothing, policy], nothing, MARKET, 0.5)
    assert [d.rule for d in found] == ["net_benefit", "chance", "chance", "chance", "jobs_per_yuan"]
    np.testing.assert_allclose(found[0].benefits, [[0.0, 0.0], [0.5, 0.5]])
    assert found[0].best == "policy"
    assert found[-1].packages == ("policy",)
    np.testing.assert_allclose(found[-1].benefits, [[200.0, 200.0]])
    assert [d.definition for d in found[1:4]] == list(MARKET.definitions)


def test_nothing_is_worth_more_than_everything() -> None:
    """On the shipped model; and the parameter of what only one of two packages does is worth most."""
    draws = prior_draws(MODEL, 1000, 1)
    variables = tuple(dict.fromkeys([*VARIABLES, *MARKET.definitions.values()]))
    runs = [evaluate(MODEL, load_scenario(n, MODEL.parameters), draws, variables) for n in ("no_policy", "baseline")]
    found = policy_sensitivity(MODEL, decisions(runs, runs[0], MARKET, 0.5)[0], draws, 1)
    assert len(found.worths) == sum(p.role == "uncertain" for p in MODEL.fixed)
    values = [entry.gain.value for entry in found.worths]
    assert values == sorted(values, reverse=True)
    assert values[0] <= found.everything.value
