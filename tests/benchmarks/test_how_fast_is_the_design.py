"""How long does a design take, and how many mixes a second does it run?

Run with `make bench`; it prints a table. Nothing about time is asserted: a busy machine takes several times as long.
"""

from __future__ import annotations

import os
import time

import pytest

from shudian.analysis.design import design
from shudian.answers.design import DesignRequest, problem_of

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize(("target", "probability"), [("allocated_market=100亿元", 0.22), ("local_output=100亿元", 0.5)])
def test_time_of_a_design(target: str, probability: float) -> None:
    """With the usual numbers of draws, every lever free, once within reach and once out of it."""
    question, model = problem_of(DesignRequest(target, probability=probability, start="2026-01"))
    stages: dict[str, float] = {}
    begun, used = time.perf_counter(), time.process_time()
    found = design(question, model, lambda stage, _: stages.__setitem__(stage, time.perf_counter() - begun))
    seconds, processor = time.perf_counter() - begun, time.process_time() - used
    ends = ", ".join(f"{stage} {end:.0f}" for stage, end in stages.items())
    print(
        f"\n{target}, {probability:.0%}: {seconds:.0f} s ({processor:.0f} s of processor on {os.cpu_count()} cores), "
        f"{found.runs} mixes, {found.runs / seconds:.0f} a second; each stage ended after (s): {ends}"
    )
    assert found.designed
