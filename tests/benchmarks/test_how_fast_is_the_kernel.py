"""How fast is the kernel on the real model, how much memory does it take, and what would C do?

Run with `make bench`; it prints a table. Only agreement and memory are asserted, never time. It does not
measure what surrounds the kernel: reading files, drawing parameters, building Datasets.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from c_program import CProgram
from numpy.typing import NDArray

from shudian.draws import prior_draws
from shudian.kernel import Kernel, compile_model
from shudian.kernel.compiled import cache_folder
from shudian.kinds import Model
from shudian.structure import load_model

pytestmark = pytest.mark.benchmark

MONTHS = 96
STEPS = 8


@pytest.fixture(scope="module")
def kernel(model: Model) -> Kernel:
    return compile_model(model)


def ten_outcomes(model: Model) -> list[str]:
    return [equation.name for equation in model.equations if equation.sector == "outcomes"][:10]


def default_schedules(model: Model) -> NDArray[np.float64]:
    return np.repeat([[parameter.value] for parameter in model.scheduled], MONTHS * STEPS, axis=1)


def seconds(action: Callable[[], object], clock: Callable[[], float], repetitions: int) -> float:
    """The shortest of several times, which the rest of the machine disturbed least."""
    times = []
    for _ in range(repetitions):
        start = clock()
        action()
        times.append(clock() - start)
    return min(times)


def test_time_to_compile(model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    compile_model.cache_clear()
    cold = seconds(lambda: compile_model(model), time.perf_counter, 1)
    assert list(cache_folder().iterdir())

    def again() -> None:
        compile_model.cache_clear()
        compile_model(model)

    warm = seconds(again, time.perf_counter, 5)
    print(f"\ncompile: {cold * 1e3:.0f} ms the first time, {warm * 1e3:.0f} ms from the cache")


def test_time_per_run(model: Model) -> None:
    schedules = default_schedules(model)
    for method in ("euler", "rk4"):
        runner = compile_model(model, method)
        for draws, repetitions in ((1, 50), (1_000, 10), (100_000, 1)):
            fixed = prior_draws(model, draws, seed=1).values
            best = seconds(lambda: runner.run(fixed, schedules, ten_outcomes(model)), time.perf_counter, repetitions)  # noqa: B023
            print(f"\n{method}, {draws:7,} draws on all cores: {best / draws * 1e6:8.1f} microseconds per run", end="")
    print()


def test_ratio_to_c(model: Model, kernel: Kernel, tmp_path: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    names, schedules, draws = ten_outcomes(model), default_schedules(model), 512
    fixed = prior_draws(model, draws, seed=1).values
    ours = kernel.run(fixed, schedules, names, threads=1)
    clock = time.process_time
    kernel_time = seconds(lambda: kernel.run(fixed, schedules, names, threads=1), clock, 7)
    print(f"\none core: kernel {kernel_time / draws * 1e6:.1f} microseconds per run", end="")
    for vector in (False, True):
        c = CProgram(model, names, tmp_path, vector=vector)
        theirs = c.run(fixed, schedules)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * np.abs(theirs).max(axis=(1, 2)).min())
        c_time = seconds(lambda: c.run(fixed, schedules), clock, 7)  # noqa: B023
        kind = "across draws" if vector else "scalar"
        print(f"; C, {kind}: {c_time / draws * 1e6:.1f}, ratio {c_time / kernel_time:.2f}", end="")
    print()


def test_memory_of_a_hundred_thousand_draws() -> None:
    here = Path(__file__)
    code = f"import {here.stem}; {here.stem}.big_run()"
    done = subprocess.run([sys.executable, "-c", code], cwd=here.parent, check=True, capture_output=True, text=True)
    peak = int(done.stdout)
    print(f"\npeak memory of 100,000 draws keeping 10 monthly outcomes: {peak / 2**30:.2f} GiB")
    assert peak < 2 * 2**30


def big_run() -> None:
    """Run 100,000 draws in a process of their own and print its peak memory in bytes."""
    model = load_model()
    compile_model(model).run(prior_draws(model, 100_000, seed=1).values, default_schedules(model), ten_outcomes(model))
    unit = 1 if sys.platform == "darwin" else 1024
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def test_what_a_common_past_saves(model: Model, kernel: Kernel) -> None:
    """Runs to the end of 2027 that part in the middle of 2026, as everything does that is chosen now."""
    months, now = 60, 42
    fixed = prior_draws(model, 1_000, seed=1).values
    schedules = default_schedules(model)[:, : months * STEPS]
    begun = kernel.begin(fixed, schedules, ten_outcomes(model), now, months=months)
    whole = seconds(lambda: kernel.run(fixed, schedules, ten_outcomes(model), months=months), time.perf_counter, 10)
    rest = seconds(lambda: kernel.resume(begun, schedules), time.perf_counter, 10)
    print(f"\n1,000 draws to the end of 2027: {whole * 1e3:.0f} ms, from a common past {rest * 1e3:.0f} ms, ", end="")
    print(f"{whole / rest:.1f} times as fast; {begun.states.nbytes / 1e6:.0f} MB")
