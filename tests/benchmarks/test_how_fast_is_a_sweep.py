"""How long does a map of two levers take, and how much memory do many draws take?

Run with `make bench`; it prints a table. A few points are run and the time of 40 x 40 of them is said from these; only
memory is asserted, and that it does not grow with the number of points.
"""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from shudian.analysis.many import Threads, outcomes_of
from shudian.analysis.results import evaluate
from shudian.analysis.sweep_space import at_point, points_of
from shudian.answers.sweep import SweepRequest, planned

pytestmark = pytest.mark.benchmark
POINTS = 40


def test_a_map_of_two_levers() -> None:
    plan = planned(SweepRequest(vary=("fund_size", "municipal_parks"), draws=1000))
    work = plan.work
    values = points_of(plan.space, "latin", POINTS, seed=1)
    scenarios = [at_point(work.base, plan.space, point, work.start, n) for n, point in enumerate(values, 1)]
    begun = time.perf_counter()
    for _ in outcomes_of(work, scenarios, Threads()):
        pass
    shared = time.perf_counter() - begun
    variables = tuple(dict.fromkeys(one.variable for one in work.asked))
    begun = time.perf_counter()
    for scenario in scenarios[:10]:
        evaluate(work.model, scenario, work.draws, variables, work.until)
    alone = (time.perf_counter() - begun) / 10 * POINTS
    print(
        f"\n1,000 draws to 2027: {1e3 * shared / POINTS:.0f} ms a point, {shared / POINTS * 1600:.0f} s for 40 x 40; "
    )
    print(f"run by themselves {alone / shared:.1f} times as long")


_MEMORY = """
import resource
from shudian.analysis.many import Threads, outcomes_of
from shudian.analysis.sweep_space import at_point, points_of
from shudian.answers.sweep import SweepRequest, planned
plan = planned(SweepRequest(vary=("fund_size",), draws={draws}, prior=True))
points = points_of(plan.space, "latin", {points}, 1)
scenarios = [at_point(plan.work.base, plan.space, p, plan.work.start, n) for n, p in enumerate(points, 1)]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in outcomes_of(plan.work, scenarios, Threads()):
    pass
print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize(("draws", "points"), [(20_000, 4), (20_000, 12)])
def test_memory_does_not_grow_with_points(draws: int, points: int) -> None:
    code = _MEMORY.format(draws=draws, points=points)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    before, after = (int(part) / 1024 for part in told)
    print(f"\n{points} points of {draws:,} draws: {before:,.0f} MB before, {after:,.0f} MB at most")
    assert after < before + 1000
