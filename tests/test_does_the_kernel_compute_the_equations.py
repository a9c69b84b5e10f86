"""Does the compiled kernel compute the equations, and nothing but the equations?

Against three witnesses that share no code with it: NumPy's own arithmetic (to the last bit), Python's
decimal arithmetic (for exp, log and power), and SciPy's adaptive solver (for the order of convergence).
It does not establish that the equations are right, that one time step is fine enough for the real model,
or how fast the kernel is (see tests/benchmarks).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

import reference
import toy
from shudian.draws import prior_draws
from shudian.equations.language import TINY, Expression, Term, by_year, exp, log, maximum, minimum, where
from shudian.kernel import Kernel, Method, compile_model
from shudian.kernel import compiled as compiled_module
from shudian.kinds import Model

METHODS: tuple[Method, ...] = ("euler", "rk4")
STOCKS = ("stock_0", "stock_1")
FIXED = ("fixed_0", "fixed_1", "fixed_2")
SCHEDULED = ("scheduled_0", "scheduled_1")


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Compiled toys must not pile up in the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setenv("LOCALAPPDATA", str(folder))
        yield folder


# --- any equations, to the last bit ------------------------------------------------------------------------------


def expressions(names: tuple[str, ...]) -> st.SearchStrategy[Expression]:
    """Trees of every operation that IEEE 754 rounds correctly, so that NumPy must give the same bits."""
    leaves = st.sampled_from([Expression("variable", name=name) for name in names]) | st.sampled_from(
        [Expression("constant", value=value) for value in (0.0, 1.0, TINY)]
    )

    def larger(smaller: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        binary = st.sampled_from(["add", "subtract", "multiply", "divide", "minimum", "maximum"])
        return st.one_of(
            st.builds(lambda operation, a, b: Expression(operation, (a, b)), binary, smaller, smaller),
            st.builds(lambda a: -a, smaller),
            st.builds(lambda a, b, c, d: where(a < b, c, d), smaller, smaller, smaller, smaller),
            st.lists(smaller, min_size=1, max_size=3).map(lambda knots: by_year(*knots)),
        )

    return st.recursive(leaves, larger, max_leaves=12)


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Two stocks, two static and four dynamic equations, the latter of anything before them."""
    static = [toy.equation(name, "auxiliary", draw(expressions(FIXED))) for name in ("static_0", "static_1")]
    timeless = [*FIXED, *(e.name for e in static if all(node.operation != "by_year" for node in e.expression.walk()))]
    initials = draw(st.tuples(st.sampled_from(timeless), st.sampled_from(timeless)))
    dynamic = []
    known = (*FIXED, "static_0", "static_1", *STOCKS, *SCHEDULED, "time")
    for i in range(4):
        dynamic.append(toy.equation(f"dynamic_{i}", "auxiliary", draw(expressions(known))))
        known += (f"dynamic_{i}",)
    rates = [draw(expressions(known)) for _ in STOCKS]
    stocks = [toy.equation(*args) for args in zip(STOCKS, ("stock", "stock"), rates, initials, strict=True)]
    parameters = [toy.parameter(name) for name in FIXED] + [toy.parameter(name, "lever") for name in SCHEDULED]
    return Model(tuple(stocks), tuple(static), tuple(dynamic), {p.name: p for p in parameters}, (), "toy")


SPECIAL = (0.0, -0.0, 1.0, -1.0, TINY, 12.0, 1e300, -1e300, 5e-324, np.inf, -np.inf, np.nan)


def numbers(shape: tuple[int, int], seed: int) -> NDArray[np.float64]:
    """Ordinary numbers with every kind of special one strewn among them."""
    generator = np.random.default_rng(seed)
    ordinary = generator.normal(0.0, 2.0, shape)
    return np.where(generator.random(shape) < 0.2, generator.choice(SPECIAL, shape), ordinary)


@settings(max_examples=60, deadline=None)
@given(models(), st.sampled_from(METHODS), st.integers(1, 20), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_any_equations_give_the_same_bits_as_numpy(
    model: Model, method: Method, draws: int, steps_per_month: int, seed: int
) -> None:
    months = 26
    fixed = numbers((len(FIXED), draws), seed)
    schedules = numbers((len(SCHEDULED), months * steps_per_month), seed + 1)
    outputs = [equation.name for equation in model.equations]
    kernel = compile_model(model, method)
    got = kernel.run(fixed, schedules, outputs, months=months, steps_per_month=steps_per_month)
    expected = reference.integrate(
        model, fixed, schedules, outputs, months=months, steps_per_month=steps_per_month, method=method
    )
    np.testing.assert_array_equal(got, expected)


@settings(max_examples=40, deadline=None)
@given(models(), st.sampled_from(METHODS), st.integers(1, 20), st.integers(0, 26), st.integers(0, 2**32 - 1))
def test_what_goes_on_from_a_common_past_is_the_whole_run(
    model: Model, method: Method, draws: int, until: int, seed: int
) -> None:
    months, steps = 26, 2
    fixed = numbers((len(FIXED), draws), seed)
    schedules = numbers((len(SCHEDULED), months * steps), seed + 1)
    outputs = [equation.name for equation in model.equations]
    kernel = compile_model(model, method)
    begun = kernel.begin(fixed, schedules, outputs, until, months=months, steps_per_month=steps)
    for other in range(3):
        future = schedules.copy()
        future[:, until * steps :] = numbers((len(SCHEDULED), (months - until) * steps), seed + 2 + other)
        whole = kernel.run(fixed, future, outputs, months=months, steps_per_month=steps)
        np.testing.assert_array_equal(kernel.resume(begun, future, threads=1 + other), whole)


def test_another_past_is_not_gone_on_from(model: Model) -> None:
    kernel = compile_model(model)
    fixed = prior_draws(model, 3, seed=1).values
    schedules = np.repeat([[parameter.value] for parameter in model.scheduled], 96 * 8, axis=1)
    begun = kernel.begin(fixed, schedules, ["fte_jobs"], 40)
    other = schedules.copy()
    other[0, 40 * 8 - 1] += 1.0
    with pytest.raises(ValueError, match="differ before month 40"):
        kernel.resume(begun, other)
    for month in (-1, 97):
        with pytest.raises(ValueError, match="expected 0 to 96"):
            kernel.begin(fixed, schedules, ["fte_jobs"], month)


def test_the_same_operands_in_another_order_are_another_operation() -> None:
    def sums(a: Expression, b: Expression) -> Expression:
        comparisons = where(a < b, 1, 0) - where(b < a, 1, 0)
        return (a - b) / (b - a) + a / b - b / a + comparisons + (a**b - b**a) * b

    got = values_of(sums, a=np.array([2.0]), b=np.array([0.5]))
    np.testing.assert_allclose(got, -1 + 4 - 0.25 - 1 + (2**0.5 - 0.5**2) * 0.5, rtol=1e-14)


# --- exp, log and power ------------------------------------------------------------------------------------------


def values_of(function: object, **arguments: NDArray[np.float64]) -> NDArray[np.float64]:
    """An expression of fixed parameters, computed by the kernel for each draw."""
    assert callable(function)
    still = {"still": (next(iter(arguments)), lambda: 0)}
    kernel = compile_model(toy.model(still, {}, fixed=" ".join(arguments), static={"result": function}))
    result: NDArray[np.float64] = kernel.run(
        np.array(list(arguments.values())), np.empty((0, 1)), ["result"], months=1, steps_per_month=1
    )
    return result[0, 0]


def test_exp_is_within_one_unit_in_the_last_place() -> None:
    generator = np.random.default_rng(1)
    x = np.concatenate(
        [generator.uniform(-707, 709, 1500), generator.normal(0, 1, 1500), generator.normal(0, 1e-5, 500)]
    )
    assert worst_units(values_of(lambda x: exp(x), x=x), [Decimal(value).exp() for value in x]) < 1.0


def test_log_is_within_one_unit_in_the_last_place() -> None:
    generator = np.random.default_rng(2)
    x = np.concatenate(
        [
            np.exp(generator.uniform(-744, 709, 1500)),
            generator.uniform(0.5, 2, 1500),
            1 + generator.normal(0, 1e-6, 500),
        ]
    )
    assert worst_units(values_of(lambda x: log(x), x=x), [Decimal(value).ln() for value in x]) < 1.0


def worst_units(got: NDArray[np.float64], exact: list[Decimal]) -> float:
    """Largest distance from the exact values, in units in the last place."""
    with localcontext(prec=40):
        errors = [abs(Decimal(g) - e) / Decimal(float(np.spacing(abs(g)))) for g, e in zip(got, exact, strict=True)]
    return float(max(errors))


def test_power_has_thirteen_digits_where_the_model_uses_it() -> None:
    generator = np.random.default_rng(3)
    base = np.exp(generator.uniform(-20, 20, 3000))
    exponent = generator.uniform(-30, 30, 3000) / np.maximum(abs(np.log(base)), 0.1)
    got = values_of(lambda base, exponent: base**exponent, base=base, exponent=exponent)
    with localcontext(prec=40):
        exact = [Decimal(b) ** Decimal(e) for b, e in zip(base, exponent, strict=True)]
        worst = max(abs(Decimal(g) / e - 1) for g, e in zip(got, exact, strict=True))
    assert worst < Decimal("1e-13")


def test_exp_and_log_at_their_extremes() -> None:
    inf, nan, largest = np.inf, np.nan, np.finfo(float).max
    x = np.array([0.0, -0.0, inf, -inf, nan, 709.7, 710.0, 1e300, -745.0, -746.0, -1e300, 5e-324, -5e-324])
    np.testing.assert_array_max_ulp(values_of(lambda x: exp(x), x=x), numpy_says(np.exp, x), maxulp=2)
    x = np.array([0.0, -0.0, 1.0, inf, -inf, nan, -1.0, -5e-324, 5e-324, 1e-310, 2.0**-1022, largest])
    np.testing.assert_array_max_ulp(values_of(lambda x: log(x), x=x), numpy_says(np.log, x), maxulp=2)


def test_power_of_a_base_that_is_not_negative_is_that_of_ieee_754() -> None:
    special = (0.0, 1.0, 0.5, 2.0, np.inf, np.nan, 1e-300, 1e300)
    base, exponent = np.array([(b, e) for b in special for e in (*special, -0.5, -2.0, -np.inf)]).T
    got = values_of(lambda base, exponent: base**exponent, base=base, exponent=exponent)
    np.testing.assert_allclose(got, numpy_says(np.power, base, exponent), rtol=1e-12)
    assert np.isnan(values_of(lambda x: x ** (1 + x), x=np.array([-0.5, -2.0]))).all()


def numpy_says(function: np.ufunc, *arguments: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return np.asarray(function(*arguments), dtype=np.float64)


# --- time --------------------------------------------------------------------------------------------------------

PREY = toy.model(
    stocks={
        "prey": ("one", lambda births, eaten: births - eaten),
        "hunters": ("few", lambda eaten, deaths: eaten - deaths),
    },
    dynamic={
        "births": lambda prey, growth, one: growth * prey * exp(-prey / (one + one)) * (one + prey) ** growth,
        "eaten": lambda prey, hunters, hunger: hunger * prey * log(1 + hunters),
        "deaths": lambda hunters, few: few * hunters,
    },
    fixed="one few growth hunger",
)
PREY_FIXED = np.array([[1.0], [0.2], [0.6], [0.8]])


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("rk4", 4)])
def test_halving_the_step_reduces_the_error_as_the_method_promises(method: Method, order: int) -> None:
    def rates(_: float, stocks: NDArray[np.float64]) -> list[float]:
        prey, hunters = stocks
        eaten = 0.8 * prey * np.log(1 + hunters)
        return [0.6 * prey * np.exp(-prey / 2) * (1 + prey) ** 0.6 - eaten, eaten - 0.2 * hunters]

    exact = solve_ivp(rates, (0, 24), [1.0, 0.2], method="DOP853", rtol=1e-13, atol=1e-14).y[:, -1]
    kernel = compile_model(PREY, method)
    steps = (8, 16) if method == "rk4" else (128, 256)
    coarse, fine = (
        np.abs(
            kernel.run(PREY_FIXED, np.empty((0, 24 * k)), STOCKS_OF_PREY, months=24, steps_per_month=k)[:, -1, 0]
            - exact
        )
        for k in steps
    )
    assert np.all(np.abs(np.log2(coarse / fine) - order) < 0.1 * order)


STOCKS_OF_PREY = ("prey", "hunters")


@pytest.mark.parametrize("method", METHODS)
def test_schedules_years_and_time_are_those_of_the_start_of_the_step(method: Method) -> None:
    model = toy.model(
        stocks={
            "spent": ("zero", lambda lever: lever),
            "years": ("zero", lambda knot: knot),
            "area": ("zero", lambda time: time),
        },
        dynamic={
            "knot": lambda a, b, c: by_year(a, b, c),
            "early": lambda time, a, b: where(time < a, 1, 0) * b,
            "lever_now": lambda lever: lever,
        },
        fixed="zero a b c",
        scheduled="lever",
    )
    months, steps = 48, 4
    schedule = np.random.default_rng(4).normal(size=(1, months * steps))
    names = ["spent", "years", "area", "knot", "early", "lever_now"]
    fixed = np.array([[0.0], [5.0], [2.0], [7.0]])
    spent, years, area, knot, early, lever = compile_model(model, method).run(
        fixed, schedule, names, months=months, steps_per_month=steps
    )[:, :, 0]
    at_starts = np.arange(months * steps) / steps
    np.testing.assert_allclose(spent, np.append(0, np.cumsum(schedule[0]) / steps)[::steps], atol=1e-12)
    np.testing.assert_allclose(area, np.append(0, np.cumsum(at_starts) / steps)[::steps], rtol=1e-12)
    np.testing.assert_array_equal(knot, np.repeat([5.0, 2.0, 7.0, 7.0, 7.0], [12, 12, 12, 12, 1]))
    np.testing.assert_allclose(years, np.append(0, np.cumsum(knot[:-1])), rtol=1e-12)
    np.testing.assert_array_equal(early, np.where(np.arange(months + 1) < 5, 2.0, 0.0))
    np.testing.assert_array_equal(lever, np.append(schedule[0, ::steps], schedule[0, -1]))


# --- draws -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prey_kernel(own_cache: Path) -> Kernel:  # noqa: ARG001 - the fixture must come first
    return compile_model(PREY)


def prey_draws(draws: int) -> NDArray[np.float64]:
    return PREY_FIXED * np.random.default_rng(5).lognormal(0, 0.2, (4, draws))


def run_prey(kernel: Kernel, fixed: NDArray[np.float64], threads: int = 2) -> NDArray[np.float64]:
    return kernel.run(fixed, np.empty((0, 96)), ["prey", "eaten"], months=12, threads=threads)


def test_a_draw_does_not_depend_on_its_company(prey_kernel: Kernel) -> None:
    fixed = prey_draws(1001)
    together = run_prey(prey_kernel, fixed)
    order = np.random.default_rng(6).permutation(1001)
    np.testing.assert_array_equal(run_prey(prey_kernel, fixed[:, order]), together[:, :, order])
    for draw in (0, 7, 8, 500, 1000):
        np.testing.assert_array_equal(run_prey(prey_kernel, fixed[:, [draw]])[:, :, 0], together[:, :, draw])


def test_the_number_of_threads_changes_nothing(prey_kernel: Kernel) -> None:
    fixed = prey_draws(777)
    alone = run_prey(prey_kernel, fixed, threads=1)
    for threads in (2, 5):
        np.testing.assert_array_equal(run_prey(prey_kernel, fixed, threads), alone)


def test_any_layout_of_the_parameters_will_do(prey_kernel: Kernel) -> None:
    once = run_prey(prey_kernel, PREY_FIXED)
    many = run_prey(prey_kernel, np.broadcast_to(PREY_FIXED, (4, 300)))
    np.testing.assert_array_equal(many, np.broadcast_to(once, many.shape))
    fixed = prey_draws(50)
    np.testing.assert_array_equal(run_prey(prey_kernel, np.asfortranarray(fixed)), run_prey(prey_kernel, fixed))


def test_a_plain_processor_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch, prey_kernel: Kernel) -> None:
    own = sorted(compiled_module.cache_folder().iterdir())
    monkeypatch.setattr(compiled_module, "_processor", lambda: ("", ""))
    plain_kernel = compile_model(dataclasses.replace(PREY))
    assert len(list(compiled_module.cache_folder().iterdir())) == len(own) + 1
    fixed = prey_draws(64)
    np.testing.assert_array_equal(run_prey(plain_kernel, fixed), run_prey(prey_kernel, fixed))


def test_progress_is_reported_and_an_interrupt_stops_the_run(prey_kernel: Kernel) -> None:
    calls: list[tuple[int, int]] = []
    fixed, schedules = prey_draws(3000), np.empty((0, 8))
    prey_kernel.run(fixed, schedules, ["prey"], months=1, progress=lambda done, all_: calls.append((done, all_)))
    assert calls == sorted(calls)
    assert len(calls) > 2
    assert calls[-1] == (3000, 3000)

    def interrupt(done: int, _: int) -> None:
        calls.append((done, 0))
        raise KeyboardInterrupt

    calls.clear()
    with pytest.raises(KeyboardInterrupt):
        prey_kernel.run(fixed, schedules, ["prey"], months=1, progress=interrupt)
    assert len(calls) == 1


def test_wrong_arguments_are_refused(prey_kernel: Kernel) -> None:
    with pytest.raises(ValueError, match="schedules has shape"):
        prey_kernel.run(PREY_FIXED, np.empty((0, 95)), ["prey"], months=12)
    with pytest.raises(ValueError, match="fixed has shape"):
        prey_kernel.run(PREY_FIXED[:3], np.empty((0, 96)), ["prey"], months=12)
    with pytest.raises(KeyError, match="pray"):
        prey_kernel.run(PREY_FIXED, np.empty((0, 96)), ["pray"], months=12)
    with pytest.raises(ValueError, match="allowed are euler, rk4"):
        compile_model(PREY, "heun")  # type: ignore[arg-type]
    starts_in_a_year = toy.model({"stock": ("first", lambda: 0)}, {}, fixed="a", static={"first": lambda a: by_year(a)})
    with pytest.raises(ValueError, match="first value of stock, first, depends on time"):
        compile_model(starts_in_a_year)


# --- the cache ---------------------------------------------------------------------------------------------------


def grown(rate: Callable[[Expression, Expression], Term]) -> float:
    """Where a stock stands after one step from 3 at `rate`."""
    model = toy.model({"stock": ("three", lambda three, one: rate(three, one))}, {}, fixed="three one")
    result = compile_model(model).run(
        np.array([[3.0], [1.0]]), np.empty((0, 1)), ["stock"], months=1, steps_per_month=1
    )
    return float(result[0, 1, 0])


def test_changed_equations_do_not_run_old_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert grown(lambda a, b: minimum(a, b)) == 4.0
    assert grown(lambda a, b: maximum(a, b)) == 6.0
    kept = sorted(compiled_module.cache_folder().iterdir())
    assert len(kept) == 2
    assert grown(lambda a, b: minimum(a, b)) == 4.0
    assert sorted(compiled_module.cache_folder().iterdir()) == kept


def test_a_damaged_or_unusable_cache_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert grown(lambda a, b: a * b) == 6.0
    (kept,) = compiled_module.cache_folder().iterdir()
    whole = kept.read_bytes()
    for damaged in (b"", whole[:-100], b"x" + whole[1:], whole[:200] + b"x" + whole[201:]):
        kept.write_bytes(damaged)
        assert grown(lambda a, b: a * b) == 6.0
        assert kept.read_bytes() == whole
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "file"))
    assert grown(lambda a, b: a * b) == 6.0
