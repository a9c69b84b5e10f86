"""Do the Sobol indices say how much of an outcome's variance comes from what?

They are compared with closed forms (Ishigami and Homma 1990; sums by hand), with SALib's own sampling and analysis, and
with which parameters an outcome's equations can reach at all. This does not establish that priors and ranges, on which
every index depends, are right, nor that the intervals hold where an outcome has heavy tails and base samples are few.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from SALib.analyze.sobol import analyze
from SALib.sample.sobol import sample

from shudian.analysis.results import evaluate
from shudian.analysis.sensitivity import (
    Asked,
    chosen,
    is_told,
    lever_outcomes,
    lever_study,
    outcomes_asked,
    parameter_study,
    posterior_shares,
    read_outcomes,
)
from shudian.analysis.sobol import Factor, check_base, sobol_indices, uniforms
from shudian.draws import Draws, prior_draws
from shudian.grounds import posterior_draws
from shudian.kinds import InputError, Segment
from shudian.posterior_file import read_posterior
from shudian.scenarios import load_scenario
from shudian.structure import load_model
from shudian.targets import load_definitions, load_targets
from shudian.value_of_information import Gain

Array = NDArray[np.float64]
MODEL = load_model()
ASKED = {asked.name: asked for asked in outcomes_asked(MODEL, load_targets(), load_definitions())}
PACKAGE, NOTHING = (load_scenario(name, MODEL.parameters) for name in ("zhengzhou_2025", "no_policy"))


def each(count: int) -> list[Factor]:
    return [Factor(f"x{row}", (row,)) for row in range(count)]


def test_ishigami() -> None:
    """Its indices are known: 0.314, 0.442, 0 alone, 0.558, 0.442, 0.244 in all."""
    a, b = 7.0, 0.1

    def ishigami(x: Array) -> Array:
        return np.array([np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])])

    first, second = (math.pi * (2 * u - 1) for u in uniforms(3, 4096, 1))
    (found,) = sobol_indices(ishigami, first, second, each(3), 1)
    v1, v2 = 0.5 * (1 + b * math.pi**4 / 5) ** 2, a**2 / 8
    v13 = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    variance = v1 + v2 + v13
    alone, total = [v1, v2, 0.0], [v1 + v13, v2, v13]
    for index, s, t in zip(found, alone, total, strict=True):
        assert index.first == pytest.approx(s / variance, abs=max(index.first_error, 0.01))
        assert index.total == pytest.approx(t / variance, abs=max(index.total_error, 0.01))
        assert index.first_error < 0.08
        assert index.total_error < 0.08


def test_a_sum_is_split_by_its_weights_and_groups_add_up() -> None:
    """Of x + 2y + 3z the shares are 1/14, 4/14 and 9/14; a constant beside it has none; there is no interaction."""
    factors = [Factor("xy", (0, 1)), Factor("z", (2,)), Factor("nothing", (3,))]
    weights = np.array([1.0, 2.0, 3.0, 0.0])
    points = uniforms(4, 2048, 3)
    summed, constant = sobol_indices(lambda x: np.array([weights @ x, np.full(x.shape[1], 0.1)]), *points, factors, 3)
    assert [index.total for index in summed] == pytest.approx([5 / 14, 9 / 14, 0.0], abs=0.005)
    assert [index.first for index in summed] == pytest.approx([5 / 14, 9 / 14, 0.0], abs=0.005)
    assert summed[2].total == 0.0
    assert not summed[2].told_from_nil
    assert all(index.total == index.first == index.total_error == 0.0 for index in constant)


def test_the_points_and_the_estimates_are_salibs() -> None:
    names, groups = ["a", "b", "c", "d"], ["one", "two", "one", "three"]
    problem = {"num_vars": 4, "names": names, "groups": groups, "bounds": [[0.0, 1.0]] * 4}
    theirs = sample(problem, 256, calc_second_order=False, seed=np.random.default_rng(5))
    asked: list[Array] = []

    def function(x: Array) -> Array:
        asked.append(x.copy())
        return np.array([x[0] * x[1] + np.exp(x[2]) + x[3] * x[0]])

    factors = [Factor("one", (0, 2)), Factor("two", (1,)), Factor("three", (3,))]
    (found,) = sobol_indices(function, *uniforms(4, 256, 5), factors, 5)
    first, second, *crossed = asked
    ours = np.stack([first, *crossed, second], axis=2).transpose(1, 2, 0).reshape(-1, 4)
    np.testing.assert_array_equal(ours, theirs)
    asked.clear()
    expected = analyze(problem, function(theirs.T)[0], calc_second_order=False, num_resamples=1000, seed=5)
    assert [index.first for index in found] == pytest.approx(list(expected["S1"]), abs=1e-9)
    assert [index.total for index in found] == pytest.approx(list(expected["ST"]), abs=1e-9)
    assert [index.first_error for index in found] == pytest.approx(list(expected["S1_conf"]), rel=0.2)
    assert [index.total_error for index in found] == pytest.approx(list(expected["ST_conf"]), rel=0.2)


@pytest.mark.parametrize("base", [0, 100, 32, 2**18])
def test_the_number_of_base_samples_is_a_power_of_two(base: int) -> None:
    with pytest.raises(InputError, match="power of two"):
        check_base(base)


def upstream(variable: str) -> set[str]:
    """Everything from which `variable` can be reached."""
    causes = {e.name: {*e.causes, e.initial} for e in MODEL.equations}
    found, open_ = {variable}, [variable]
    while open_:
        new = causes.get(open_.pop(), set()) - found
        found |= new
        open_ += new
    return found


def test_what_no_equation_of_the_outcome_uses_has_no_share() -> None:
    asked = [ASKED["full_chain_bases"]]
    reach = upstream("full_chain_bases")
    study = parameter_study(MODEL, asked, PACKAGE, NOTHING, 1024, 1)
    outside = [p.name not in reach for p in study.parameters]
    assert 20 < sum(outside) < len(outside)
    assert all(index.total == 0.0 for index, out in zip(study.screened[0], outside, strict=True) if out)
    shares = dict(zip((factor.name for factor in study.factors), study.indices[0], strict=True))
    assert shares["full_chain_share"].told_from_nil
    assert sum(index.first for index in study.indices[0]) == pytest.approx(1.0, abs=0.1)
    members = sorted(row for factor in study.factors for row in factor.members)
    assert members == [*range(len(study.parameters))]


def test_a_parameter_that_the_package_sets_has_no_share_and_a_seed_decides_all() -> None:
    asked = [ASKED["full_chain_bases"], ASKED["additional_fte_jobs"]]
    told = replace(PACKAGE, fixed={"full_chain_share": 0.4})
    study = parameter_study(MODEL, asked, told, NOTHING, 64, 2)
    row = [p.name for p in study.parameters].index("full_chain_share")
    assert [indices[row].total for indices in study.screened] == [0.0, 0.0]
    assert parameter_study(MODEL, asked, told, NOTHING, 64, 2).indices == study.indices
    assert parameter_study(MODEL, asked, told, NOTHING, 64, 3).indices != study.indices


def test_lever_settings_are_what_a_scenario_with_them_gives() -> None:
    asked = (ASKED["local_output"], ASKED["active_firms"], ASKED["cumulative_fiscal_cost"])
    draws = prior_draws(MODEL, 5, 1)
    levers = [p for p in MODEL.scheduled if p.role == "lever"]
    settings = np.array([[p.low + share * (p.high - p.low) for share in (0.3, 0.8)] for p in levers])
    found = lever_outcomes(MODEL, asked, PACKAGE, draws, levers, settings)
    for column in range(2):
        later = {p.name: Segment(PACKAGE.now, v) for p, v in zip(levers, settings[:, column], strict=True)}
        plan = {
            name: (*(s for s in PACKAGE.levers.get(name, ()) if s.start < PACKAGE.now), segment)
            for name, segment in later.items()
        }
        run = evaluate(MODEL, replace(PACKAGE, levers=plan), draws, [a.variable for a in asked], 2027)
        np.testing.assert_allclose(found[:, column], read_outcomes(asked, run, None).mean(axis=1), rtol=1e-13)


def test_levers_that_cannot_reach_an_outcome_have_no_share() -> None:
    draws = prior_draws(MODEL, 8, 1)
    study = lever_study(MODEL, [ASKED["full_chain_bases"]], PACKAGE, draws, 64, 1)
    reach = upstream("full_chain_bases")
    told = {lever.name for lever, index in zip(study.levers, study.indices[0], strict=True) if index.total > 0}
    assert "municipal_parks" in told
    assert told <= reach
    with pytest.raises(InputError, match="same shares"):
        lever_study(MODEL, [ASKED["additional_fte_jobs"]], PACKAGE, draws, 64, 1)


def test_shares_of_the_posterior_and_what_is_mostly_prior() -> None:
    """Of an outcome that is one parameter all is explained by it; whether it is mostly prior follows that parameter."""
    posterior = read_posterior()
    draws = posterior_draws(MODEL, posterior, 600, 1)
    asked = (ASKED["local_output"], ASKED["fte_jobs"])
    values = np.array([row(draws, "cost_per_park"), row(draws, "coverage_ratio")])
    shares = posterior_shares(MODEL, asked, values, draws, posterior, 1)
    names = [p.name for p in shares.parameters]
    for outcome, name in enumerate(("cost_per_park", "coverage_ratio")):
        gain = shares.shares[outcome][names.index(name)]
        assert gain.value == pytest.approx(1.0, abs=1e-6)
        assert shares.is_told(gain)
    assert shares.mostly_prior(0)
    assert not shares.mostly_prior(1)


def row(draws: Draws, name: str) -> Array:
    return draws.values[draws.names.index(name)]


def test_looking_at_many_asks_for_more() -> None:
    assert is_told(Gain(2.5, 1.0), 1)
    assert not is_told(Gain(2.5, 1.0), 179)
    assert not is_told(Gain(0.0, 0.0), 1)


def test_an_unknown_outcome_is_refused() -> None:
    every: tuple[Asked, ...] = tuple(ASKED.values())
    assert chosen(every, ()) == every
    assert chosen(every, ["fte_jobs"]) == (ASKED["fte_jobs"],)
    with pytest.raises(InputError, match=r"--outcome: there is no outcome “fte_job”; did you mean “.*fte_jobs”"):
        chosen(every, ["fte_job"])
