"""Is a figure that has been replaced by nonsense noticed?

It does not establish what a reader is shown of it (`test_does_the_calibration_report_tell_the_truth`), nor that a
figure which is only a little wrong is noticed: within its assumed error it is evidence.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from known_targets import batches_of
from shudian.calibrate.sampler import Settings
from shudian.calibrate.target import target_of
from shudian.evidence import load_figures
from shudian.kinds import Model
from shudian.observe.likelihood import Observer
from shudian.observe.reports import Report, load_reports
from shudian.structure import load_model

Array = NDArray[np.float64]


@lru_cache
def model() -> Model:
    return load_model()


@lru_cache
def reports() -> dict[str, Report]:
    return {report.identifier: report for report in load_reports(model())}


def small_posterior(reports_used: tuple[Report, ...], folder: Path) -> tuple[Observer, Array]:
    """The observer and the run of a small posterior: rough, but from the prior to where the reports want it."""
    target = target_of(model(), reports_used)
    # half the steps of an answer: what is asked is where the reports pull, not how far exactly
    coarse = replace(target, schedules=target.schedules[:, ::2], steps_per_month=target.steps_per_month // 2)
    (batch,) = batches_of(
        coarse, folder, Settings(particles=240, keep=0.4, sweeps=2, last_stages=8, later_stages=4), batches=1
    )
    return target.observer, target.run(target.latent.uncertain(batch.z))


@pytest.fixture(scope="module")
def sensible(tmp_path_factory: pytest.TempPathFactory) -> tuple[Observer, Array]:
    return small_posterior(tuple(reports().values()), tmp_path_factory.mktemp("sensible"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "nonsense"),
    [
        ("ZM01", {"value": 178.9}), ("ZM01", {"value": 0.1789}),
        ("ZE02", {"value": 7100.0, "low": 7100.0, "high": 7200.0}),
        ("ZM03", {"growth_percent": -80.0}), ("ZC01", {"value": 8000.0, "low": 8000.0, "high": 9000.0}),
    ],
)  # fmt: skip
def test_nonsense_is_never_silent(
    name: str, nonsense: dict[str, object], sensible: tuple[Observer, Array], tmp_path: Path
) -> None:
    """The report is called faulty, what it counts moves by more than its own uncertainty, or, where another source
    prints another number for the same thing, the table of conflicts gives the nonsense no support.
    """
    figures = load_figures()
    spoilt_figure = replace(figures[name], **nonsense)  # type: ignore[arg-type]
    changed = load_reports(model(), figures | {name: spoilt_figure})
    alternatives = next(r for r in changed if r.identifier == name).alternatives
    quantity = alternatives[0].quantity
    spoilt = [alternative not in reports()[name].alternatives for alternative in alternatives]
    assert any(spoilt)
    levels, faulty = [], []
    for observer, run in (sensible, small_posterior(changed, tmp_path)):
        levels.append(np.log(observer.read(run)[observer.quantities.index(quantity)]))
        faulty.append(
            dict(zip((r.identifier for r in observer.reports), observer.explanations(run), strict=True))[name]
        )
    before, after = levels
    assert faulty[0][1] < 0.5
    moved = abs(after.mean() - before.mean()) > 2 * before.std()
    support = faulty[1][0][spoilt].sum()
    assert faulty[1][1] > 0.9 or moved or support < 0.01, (faulty, before.mean(), after.mean(), before.std())
    if name == "ZM03":  # before it was spoilt, the first of its two growth rates had support
        assert faulty[0][0][spoilt].sum() > 0.1
