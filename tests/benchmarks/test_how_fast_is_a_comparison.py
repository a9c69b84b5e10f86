"""How long does a comparison of twelve packages take beside the bare runs that it cannot do without?

Prints figures and asserts nothing about time: machines are shared and noisy.
"""

from __future__ import annotations

from time import perf_counter

import pytest

from shudian.analysis.verdicts import judged
from shudian.answers.compare import CompareRequest, compare
from shudian.answers.plan import plan
from shudian.answers.world import targets_of
from shudian.grounds import draws_from
from shudian.scenarios import list_scenarios
from shudian.simulate import bare_run
from shudian.structure import load_model

DRAWS = 4000


@pytest.mark.benchmark
def test_compare_twelve_packages() -> None:
    names = [name for name in list_scenarios(kind="package") if name != "no_policy"][:12]
    request = CompareRequest(tuple(names), draws=DRAWS)
    compare(CompareRequest(tuple(names[:2]), draws=20))  # imports and compiled code
    start = perf_counter()
    found = compare(request)
    whole = perf_counter() - start
    model = load_model()
    work = plan(request)
    draws = draws_from(model, work.world.grounds.posterior, DRAWS, 1)
    variables = judged(model, targets_of(model, ""))
    start = perf_counter()
    for scenario in work.scenarios:
        bare_run(model, scenario, draws, variables)
    bare = perf_counter() - start
    print(
        f"\ncompare {len(names)} packages x {DRAWS} draws: {whole:.1f} s, {whole / bare:.1f} times "
        f"the {len(work.scenarios)} bare runs ({bare:.1f} s)"
    )
    assert len(found.assessment.packages) == len(names)
