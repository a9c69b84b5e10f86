"""How many evaluations a second does the calibration make, and how many effective draws?

Run with `make bench`; it prints a table. Nothing about time is asserted. One batch is short and has not converged: the
effective draws are those of the shipped settings only as far as the shipped artefact's own diagnostics say.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from shudian.calibrate.calibration import Evidence, diagnose
from shudian.calibrate.run import sample
from shudian.calibrate.sampler import Settings
from shudian.calibrate.target import Target

pytestmark = pytest.mark.benchmark

BATCHES = 4


@pytest.fixture(scope="module")
def target() -> Target:
    return Evidence().target()


def test_time_per_evaluation(target: Target) -> None:
    """Of the model's run with reading and comparing the reports, on one core."""
    z = np.random.default_rng(1).standard_normal((target.dimensions, 1000))
    parts = {
        "latent numbers to parameters": lambda: target.latent.fixed(target.latent.uncertain(z)),
        "with the run": lambda: target.run(target.latent.uncertain(z)),
        "with the likelihood": lambda: target.log_likelihood(z),
        "as the sampler begins, with longer steps and from tables": lambda: target.first(z),
    }
    for name, part in parts.items():
        seconds = []
        for _ in range(5):
            began = time.process_time()
            part()
            seconds.append(time.process_time() - began)
        print(f"\n{name}: {min(seconds) * 1e3:.1f} microseconds a draw", end="")
    print()


def test_effective_draws_a_second(target: Target, tmp_path: Path) -> None:
    settings = Settings(particles=400, sweeps=4, last_stages=4)
    began = time.process_time()
    with ThreadPoolExecutor(1) as executor:
        found = sample(
            lambda: target, "benchmark", seed=1, checkpoints=tmp_path, settings=settings, batches=BATCHES,
            executor=executor,
        )  # fmt: skip
    seconds = time.process_time() - began
    uncertain = np.concatenate([target.latent.uncertain(batch.z) for batch in found], axis=1)
    log_likelihood = target.observer.total(target.run(uncertain))
    told = diagnose(target.latent.names, uncertain, log_likelihood, np.repeat(np.arange(BATCHES), settings.particles))
    evaluations = sum(batch.evaluations for batch in found)
    print(
        f"\n{evaluations:,} evaluations in {seconds:.0f} s of one core: {evaluations / seconds:,.0f} a second; "
        f"effective draws a second: {told.bulk.min() / seconds:.1f} of the worst parameter, "
        f"{np.median(told.bulk) / seconds:.1f} of the middle one; greatest R-hat {told.rhat.max():.3f}"
    )
    assert np.isfinite(log_likelihood).all()
