"""Do runs that share a past with runs before them give every number that they would give alone, bit for bit?

It does not establish how much time is saved, nor that a run alone is right (see the tests of the kernel).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import toy
from shudian.draws import prior_draws
from shudian.kernel import Begun, Kernel, Method, compile_model
from shudian.kernel.remembered import Remembered
from shudian.kinds import Model
from shudian.scenarios import list_scenarios, load_scenario, schedule_matrices
from shudian.simulate import bare_run

MONTHS, STEPS = 30, 2
NAMES = ("prey", "hunters", "eaten", "share")
MODEL = toy.model(
    stocks={
        "prey": ("one", lambda births, eaten: births - eaten),
        "hunters": ("few", lambda eaten, lever: eaten - lever),
    },
    dynamic={
        "births": lambda prey, growth, time: growth * prey / (1 + prey + time),
        "eaten": lambda prey, hunters, growth, other: growth * prey * hunters + other,
        "share": lambda prey, hunters: prey / (1 + hunters * hunters),
    },
    fixed="one few growth",
    scheduled="lever other",
)


def fixed(draws: int, seed: int = 0) -> NDArray[np.float64]:
    return np.array([[1.0], [0.2], [0.05]]) * np.random.default_rng(seed).lognormal(0, 0.2, (3, draws))


def parting(plan: NDArray[np.float64], month: int, seed: int) -> NDArray[np.float64]:
    """`plan` up to that month, and anything after it."""
    found = plan.copy()
    found[:, month * STEPS :] = np.random.default_rng(seed).normal(0, 0.1, found[:, month * STEPS :].shape)
    return found


def equal(
    remembered: Remembered, kernel: Kernel, draws: NDArray[np.float64], plan: NDArray[np.float64], **asked: Any
) -> None:
    names, months = asked.get("names", NAMES), asked.get("months", MONTHS)
    settings = {"months": months, "steps_per_month": STEPS, "threads": asked.get("threads", 2)}
    plan = plan[:, : months * STEPS]
    found = remembered.run(kernel, draws, plan, names, **settings)
    np.testing.assert_array_equal(found, kernel.run(draws, plan, names, **settings))


RUNS = st.tuples(
    st.integers(0, MONTHS), st.integers(0, 2), st.integers(1, 3), st.permutations(NAMES), st.integers(1, 4),
    st.integers(12, MONTHS),
)  # fmt: skip
"""Where a run parts from the plan, which draws it has, how many threads, which outputs and how many months."""


@settings(max_examples=40)
@given(st.lists(RUNS, min_size=2, max_size=8), st.sampled_from(("euler", "rk4")), st.integers(1, 2**20))
def test_any_order_of_runs_gives_what_each_gives_alone(runs: list[Any], method: Method, most_bytes: int) -> None:
    remembered, kernel = Remembered(most_bytes), compile_model(MODEL, method)
    plan = np.random.default_rng(1).normal(0, 0.1, (2, MONTHS * STEPS))
    for number, (month, which, threads, names, outputs, months) in enumerate(runs):
        asked = {"threads": threads, "names": names[:outputs], "months": months}
        equal(remembered, kernel, fixed((7, 40, 600)[which], which), parting(plan, month, number), **asked)


def test_the_shipped_packages_give_the_same_bits(model: Model) -> None:
    draws, kernel, remembered = prior_draws(model, 20, 3), compile_model(model), Remembered()
    names = [equation.name for equation in model.equations]
    for name in list_scenarios(kind="package"):
        package = load_scenario(name, model.parameters)
        for plan in schedule_matrices(package, model.scheduled, 96):
            np.testing.assert_array_equal(
                remembered.run(kernel, draws.values, plan, names, months=96), kernel.run(draws.values, plan, names)
            )


def test_the_third_run_begins_where_the_first_two_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    resumed: list[Begun] = []
    begin, resume = Kernel.begin, Kernel.resume
    monkeypatch.setattr(
        Kernel, "begin", lambda k, f, s, o, until, **m: (begun.append(until), begin(k, f, s, o, until, **m))[1]
    )
    monkeypatch.setattr(Kernel, "resume", lambda k, b, s, **m: (resumed.append(b), resume(k, b, s, **m))[1])
    remembered, kernel, draws = Remembered(), compile_model(MODEL), fixed(50)
    plan = np.random.default_rng(1).normal(0, 0.1, (2, MONTHS * STEPS))
    for number in range(4):
        equal(remembered, kernel, draws, parting(plan, 20, number))
    assert begun == [20]
    assert [past.until for past in resumed] == [20, 20, 20]
    # other draws, however near, begin anew
    equal(remembered, kernel, draws + 1e-12, parting(plan, 20, 5))
    assert len(resumed) == 3


def test_a_zero_with_another_sign_is_another_past() -> None:
    model = toy.model(
        {"stock": ("one", lambda one, lever: one / lever)}, {}, fixed="one", scheduled="lever"
    )  # fmt: skip
    remembered, kernel, one = Remembered(), compile_model(model), np.array([[1.0]])
    plan = np.zeros((1, 40))
    plan[0, 39] = 1
    for sign in (1.0, 1.0, 1.0, -1.0):
        found = remembered.run(kernel, one, np.copysign(plan, sign), ["stock"], months=20, steps_per_month=2)
        assert found[0, 5, 0] == sign * np.inf


def test_what_is_kept_stays_within_what_it_may_take() -> None:
    most = 200_000
    remembered, kernel = Remembered(most), compile_model(MODEL)
    plan = np.random.default_rng(1).normal(0, 0.1, (2, MONTHS * STEPS))
    held = []
    for seed in range(40):
        for number in range(3):
            equal(remembered, kernel, fixed(60, seed), parting(plan, 20, number))
        begun = [b for known in remembered._known.values() for b in known.begun]
        held.append(sum(b.states.nbytes + b.past.nbytes for b in begun))
    assert max(held) <= most
    assert min(held) > 0
    assert len(remembered._known) < 40


def test_draws_whose_digest_is_anothers_are_told_apart(model: Model) -> None:
    """Draws that a test or a notebook has changed keep the digest of what they were."""
    from dataclasses import replace

    draws, package = prior_draws(model, 8, 1), load_scenario("baseline", model.parameters)
    for _ in range(3):
        one = bare_run(model, package, draws, ["local_output"])
    other = bare_run(model, package, replace(draws, values=draws.values[:, ::-1]), ["local_output"])
    np.testing.assert_array_equal(other, one[:, :, ::-1])
