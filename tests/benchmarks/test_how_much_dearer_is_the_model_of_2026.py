"""How much longer does a run of the present equations take than one of the first model, in turn on the same machine?

Run with `make bench` in a clone with history: the first model is taken out of it. It prints the ratio and asserts only
that both models ran. It does not measure the commands, the page or the sampler.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
FIRST = "2744086"
"""The last commit with the equations that were scored on 2026's figures."""
ROUNDS = 7
DRAWS = 1000
SCRIPT = f"""
import time
import numpy as np
from shudian.draws import prior_draws
from shudian.kernel import compile_model
from shudian.structure import load_model
model = load_model()
runner = compile_model(model)
fixed = prior_draws(model, {DRAWS}, seed=1).values
schedules = np.repeat([[p.value] for p in model.scheduled], 96 * 8, axis=1)
names = ["local_output", "active_firms", "fte_jobs"]
runner.run(fixed[:, :2], schedules, names)
while input():
    start = time.process_time()
    runner.run(fixed, schedules, names)
    print((time.process_time() - start) / {DRAWS} * 1e6, len(model.equations), flush=True)
"""


def test_ratio_to_the_first_model(tmp_path: Path) -> None:
    archive = subprocess.run(
        ["git", "archive", FIRST, "model", "seeds", "scenarios", "pyproject.toml"], cwd=ROOT, capture_output=True
    )
    if archive.returncode:
        pytest.skip("this copy has no history to take the first model from")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(tmp_path, filter="data")
    runs = {
        place: subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONPATH": str(place / "model"), "XDG_CACHE_HOME": str(tmp_path), "PATH": "/usr/bin"},
            cwd=place,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for place in (tmp_path, ROOT)
    }
    times: dict[Path, list[float]] = {place: [] for place in runs}
    equations: dict[Path, str] = {}
    for _ in range(ROUNDS):
        for place, process in runs.items():
            assert process.stdin
            assert process.stdout
            process.stdin.write("again\n")
            process.stdin.flush()
            time, equations[place] = process.stdout.readline().split()
            times[place].append(float(time))
    for process in runs.values():
        process.communicate("\n")
    first, now = (min(each) for each in times.values())
    ratios = np.array(times[ROOT]) / np.array(times[tmp_path])
    print(
        f"\nfirst model, {equations[tmp_path]} equations: {first:.0f} microseconds of processor time per draw; "
        f"now, {equations[ROOT]}: {now:.0f}; ratio {now / first:.2f}, "
        f"round by round {ratios.min():.2f} to {ratios.max():.2f}"
    )
    assert len(times[ROOT]) == len(times[tmp_path]) == ROUNDS
