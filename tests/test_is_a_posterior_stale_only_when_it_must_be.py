"""Is a posterior refused exactly when its draws would be others, and is a Python caller told as a command is?

What the reports' readings depend on is found out by running the model with every equation changed in turn, and not by
asking the graph that the refusal asks. Does NOT establish that a change of an ancestor changes the draws much, nor that
one without effect under the policy of the past is let through: the graph does not know that policy, and is careful.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from posteriors import stand_in
from shudian.calibrate.calibration import Evidence
from shudian.calibrate.target import Target
from shudian.draws import prior_draws
from shudian.equations import loops
from shudian.equations.language import Expression, Term, auxiliary, flow, stock
from shudian.evidence import load_city
from shudian.grounds import completed, expected_target, posterior_draws, reference_draw, require_fresh
from shudian.kernel import compile_model
from shudian.kinds import Equation, InputError, Model, Parameter, Prior
from shudian.messages import in_language
from shudian.parameters import HOME
from shudian.posterior_file import Posterior
from shudian.scenarios import load_scenario
from shudian.simulate import bare_run, simulate
from shudian.structure import build, load_model, shipped_equations

MODEL = load_model()


@cache
def target_now() -> Target:
    return Evidence().target()


@cache
def stood_in() -> Posterior:
    return stand_in(60, ingredients=target_now().ingredients)


PARAMETERS = load_city(HOME)
SOME = next(p for p in MODEL.fixed if p.role == "uncertain")
LEVER = next(p for p in MODEL.scheduled if p.role == "lever")


@auxiliary("1", "无人读取的量", "A number that nobody reads")
def unread_ratio(fte_jobs: Term, unread_scale: Term) -> Term:
    """Jobs in units of a scale.

    中文：以某个尺度计的岗位数。
    """
    return fte_jobs / unread_scale


@flow("wanyuan/month", "试验支出", "Trial spending")
def trial_spending(trial_lever: Term, trial_price: Term) -> Term:
    """What the trial costs in a month.

    中文：试验每月的支出。
    """
    return trial_lever * trial_price


@stock("wanyuan", "累计试验支出", "Cumulative trial spending", initial="trial_start")
def cumulative_trial_spending(trial_spending: Term) -> Term:
    """What the trial has cost.

    中文：试验已花的钱。
    """
    return trial_spending


def uncertain(name: str, unit: str) -> Parameter:
    prior = Prior("normal", {"mean": 2.0, "sd": 0.25})
    return replace(
        SOME, name=name, unit=unit, display_unit=unit, role="uncertain", value=2.0, prior=prior, low=1.0, high=3.0
    )


SCALE = uncertain("unread_scale", "person")
ACCOUNT = {
    "trial_lever": replace(LEVER, name="trial_lever", unit="1", display_unit="1", value=0.0, low=0.0, high=1.0),
    "trial_price": uncertain("trial_price", "wanyuan/month"),
    "trial_start": replace(SOME, name="trial_start", unit="wanyuan", role="constant", value=0.0, prior=None),
}


def with_more(equations: Sequence[Equation], parameters: Mapping[str, Parameter]) -> Model:
    return build((*shipped_equations(), *equations), {**PARAMETERS, **parameters}, loops.LOOPS)


def with_equation(changed: Equation) -> Model:
    """The shipped model with one equation in the place of that of the same name, not built anew."""

    def exchanged(group: tuple[Equation, ...]) -> tuple[Equation, ...]:
        return tuple(changed if equation.name == changed.name else equation for equation in group)

    groups = {name: exchanged(getattr(MODEL, name)) for name in ("stocks", "static", "dynamic")}
    return replace(MODEL, digest="another", **groups)


def twice(name: str) -> Model:
    equation = MODEL.equation(name)
    return with_equation(replace(equation, expression=equation.expression + equation.expression))


# What leaves it fresh


def test_what_no_report_reads_costs_no_calibration() -> None:
    """An output, a lever with its cost account, and the uncertain parameters of both."""
    larger = with_more((unread_ratio, trial_spending, cumulative_trial_spending), {"unread_scale": SCALE, **ACCOUNT})
    drawn, before = (posterior_draws(model, stood_in(), 40, 3) for model in (larger, MODEL))
    assert drawn.names == tuple(p.name for p in larger.fixed)
    assert set(drawn.names) - set(before.names) == {"unread_scale", "trial_price", "trial_start"}
    for name, row in zip(before.names, before.values, strict=True):
        np.testing.assert_array_equal(drawn.values[drawn.names.index(name)], row)
    outputs = ["fte_jobs", "cumulative_trial_spending", "unread_ratio"]
    run = simulate(larger, load_scenario("zhengzhou_2025", larger.parameters), drawn, outputs=outputs)
    assert run.attrs["calibrated"] == "yes"
    scale = drawn.values[drawn.names.index("unread_scale")]
    assert len(set(scale)) == 40
    np.testing.assert_allclose(run["unread_ratio"].values, run["fte_jobs"].values / scale[:, None])
    assert reference_draw(larger, stood_in()).values.shape == (len(larger.fixed), 1)


def test_a_new_parameter_is_drawn_by_its_name_wherever_it_stands() -> None:
    first = replace(MODEL, parameters={"unread_scale": SCALE, **MODEL.parameters})
    last = replace(MODEL, parameters={**MODEL.parameters, "trial_price": ACCOUNT["trial_price"], "unread_scale": SCALE})
    found = [completed(stood_in(), model) for model in (first, last)]
    rows = [made.values[made.names.index("unread_scale")] for made in found]
    np.testing.assert_array_equal(*rows)
    wanted = prior_draws(last, stood_in().size, int(stood_in().about["seed"]))
    np.testing.assert_array_equal(rows[0], wanted.values[wanted.names.index("unread_scale")])
    other = found[1].values[found[1].names.index("trial_price")]
    assert not np.array_equal(rows[0], other)
    # every stored draw has its own, whichever draws are asked for and in which order
    drawn = posterior_draws(last, stood_in(), stood_in().size, 11)
    assert set(drawn.values[drawn.names.index("unread_scale")]) == set(rows[0])
    assert completed(stood_in(), MODEL) is stood_in()
    assert completed(found[1], MODEL).names == stood_in().names


def unread() -> Parameter:
    return next(p for p in MODEL.fixed if p.role == "uncertain" and p.name not in target_now().read)


def test_an_unread_parameter_with_another_prior_is_drawn_from_that() -> None:
    """The reports say nothing of it, so that its posterior is its prior: the new one, and not the one of then."""
    parameter = unread()
    low = parameter.low + 0.9 * (parameter.high - parameter.low)
    moved = replace(parameter, low=low, prior=Prior("uniform", {"low": low, "high": parameter.high}))
    model = replace(MODEL, parameters={**MODEL.parameters, parameter.name: moved})
    drawn, before = (posterior_draws(m, stood_in(), 60, 1) for m in (model, MODEL))
    at = drawn.names.index(parameter.name)
    assert (drawn.values[at] >= low).all()
    assert not (before.values[at] >= low).all()
    np.testing.assert_array_equal(np.delete(drawn.values, at, axis=0), np.delete(before.values, at, axis=0))


# What makes it stale


def ancestor(role: str) -> Parameter:
    return next(p for p in MODEL.fixed if p.role == role and p.name in target_now().read)


def only_initial() -> Parameter:
    causes = {cause for equation in MODEL.equations for cause in equation.causes}
    initial = {equation.initial for equation in MODEL.stocks if equation.name in target_now().read} - causes
    return next(p for p in MODEL.fixed if p.name in initial)


@pytest.mark.parametrize("which", [lambda: ancestor("uncertain"), lambda: ancestor("constant"), only_initial])
def test_a_prior_or_a_value_on_which_a_report_depends_makes_it_stale(which: object) -> None:
    assert callable(which)
    parameter: Parameter = which()
    changed = replace(parameter, low=parameter.low - 1, high=parameter.high + 1)
    model = replace(MODEL, parameters={**MODEL.parameters, parameter.name: changed})
    with pytest.raises(InputError, match=f"older than the prior “{parameter.name}”; renew it") as error:
        posterior_draws(model, stood_in(), 5, 1)
    assert parameter.name in in_language(error.value, "zh")
    with pytest.raises(InputError, match="older than"):
        reference_draw(model, stood_in())


def test_a_new_parameter_of_what_is_read_makes_it_stale() -> None:
    read = next(e for e in MODEL.dynamic if e.kind == "auxiliary" and e.name in target_now().read)
    factor = Expression("variable", name="unread_scale")
    model = with_equation(replace(read, causes=(*read.causes, "unread_scale"), expression=read.expression * factor))
    model = replace(model, parameters={**MODEL.parameters, "unread_scale": SCALE})
    told = f"older than the equation “{read.name}”, the new prior “unread_scale”; renew it with: shudian calibrate"
    with pytest.raises(InputError, match=told):
        posterior_draws(model, stood_in(), 5, 1)


def test_a_changed_first_value_makes_it_stale() -> None:
    read = next(e for e in MODEL.stocks if e.name in target_now().read)
    other = next(e.initial for e in MODEL.stocks if e.initial != read.initial)
    with pytest.raises(InputError, match=f"older than the equation “{read.name}”"):
        posterior_draws(with_equation(replace(read, initial=other)), stood_in(), 5, 1)


def test_a_report_makes_it_stale() -> None:
    fewer = Evidence(without=("ZM03",)).target()
    with pytest.raises(InputError, match="figure “ZM03”"):
        require_fresh(stood_in(), fewer)
    assert expected_target(stood_in()).ingredients == target_now().ingredients


def refused(name: str) -> bool:
    """Whether a posterior is refused that was made from another equation of this name, and says so."""
    made_from = {**target_now().ingredients, "equation": {**target_now().ingredients["equation"], name: "another"}}
    try:
        require_fresh(replace(stood_in(), about={**stood_in().about, "ingredients": made_from}), target_now())
    except InputError as error:
        return f"older than the equation “{name}”;" in str(error)
    return False


@pytest.mark.slow
def test_it_is_stale_for_an_equation_exactly_when_a_reading_moves_with_it() -> None:
    """In a copy of the model every equation is multiplied by a number of its own, and a number of its own added.

    One or the other is changed in some of the draws, under the policy that was decided and under one in which every
    lever acts, since a report depends on an equation of the subsidy though none was paid.
    """
    added: dict[str, Parameter] = {}

    def loosened(equation: Equation) -> Equation:
        names = (f"factor_{equation.name}", f"shift_{equation.name}")
        for name, value in zip(names, (1.0, 0.0), strict=True):
            added[name] = replace(SOME, name=name, role="constant", prior=None, value=value)
        factor, shift = (Expression("variable", name=name) for name in names)
        expression = equation.expression * factor + shift
        return replace(equation, causes=(*equation.causes, *names), expression=expression)

    groups = {name: tuple(map(loosened, getattr(MODEL, name))) for name in ("stocks", "static", "dynamic")}
    loose = replace(MODEL, **groups, parameters={**MODEL.parameters, **added})
    kernel, observer = compile_model(loose), target_now().observer
    names, few = [equation.name for equation in MODEL.equations], 3
    base = prior_draws(loose, few, 5).values
    fixed = [parameter.name for parameter in loose.fixed]
    size = np.abs(kernel.run(base, target_now().schedules, names, months=observer.months)).max(axis=(1, 2))
    columns = [base]
    for name, typical in zip(names, size, strict=True):
        changed = base.copy()
        changed[fixed.index(f"factor_{name}")] = 1.1
        changed[fixed.index(f"shift_{name}")] = 0.01 * typical or 0.01
        columns.append(changed)
    moves: set[str] = set()
    acting = np.array([np.full(target_now().schedules.shape[1], (p.low + p.high) / 2) for p in MODEL.scheduled])
    for schedules in (target_now().schedules, acting):
        run = kernel.run(np.concatenate(columns, axis=1), schedules, observer.variables, months=observer.months)
        parts = run.reshape(*run.shape[:2], len(names) + 1, few)
        as_it_is, changed = parts[:, :, :1], parts[:, :, 1:]
        moved = ~np.isclose(changed, as_it_is, rtol=1e-12, atol=0).all(axis=(0, 1, 3))
        moves |= {name for name, has in zip(names, moved, strict=True) if has}
    assert 300 < len(moves) < len(names) - 20
    stale = {name for name in names if refused(name)}
    assert stale == moves


# Python callers


def test_a_posterior_is_refused_for_an_edited_model_in_python_too() -> None:
    """README's example, with an equation edited: it must not print an answer that says `calibrated`."""
    with pytest.raises(InputError, match="older than the equation “fte_jobs”"):
        posterior_draws(twice("fte_jobs"), stood_in(), 10, seed=1)


def test_draws_of_another_model_are_not_called_calibrated() -> None:
    draws = posterior_draws(MODEL, stood_in(), 4, seed=1)
    scenario = load_scenario("baseline", MODEL.parameters)
    for model, calibrated in ((MODEL, "yes"), (twice("fte_jobs"), "no")):
        run = simulate(model, scenario, draws, outputs=["fte_jobs"])
        assert run.attrs["calibrated"] == calibrated
    assert simulate(MODEL, scenario, prior_draws(MODEL, 4, 1), outputs=["fte_jobs"]).attrs["calibrated"] == "no"


def test_draws_are_not_run_in_a_model_of_other_parameters() -> None:
    """Their values are told apart by position alone."""
    draws = posterior_draws(MODEL, stood_in(), 4, seed=1)
    scenario = load_scenario("baseline", MODEL.parameters)
    moved = dict(reversed(MODEL.parameters.items()))
    for parameters in ({**MODEL.parameters, "unread_scale": SCALE}, moved):
        model = replace(MODEL, parameters=parameters)
        with pytest.raises(ValueError, match="another model's parameters"):
            simulate(model, scenario, draws, outputs=["fte_jobs"])
        with pytest.raises(ValueError, match="another model's parameters"):
            bare_run(model, scenario, draws, ["fte_jobs"])
