"""Is a batch that sits elsewhere seen from between the batches, where effective numbers and R-hat do not see it?

Does NOT establish that batches which agree are right: all of them may miss the same mode.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from shudian.calibrate.batch_error import batch_errors
from shudian.calibrate.calibration import LEAST_ESS, WORST_RHAT, diagnose

BATCHES, DRAWS, QUANTITIES = 4, 1000, 60
BATCH = np.repeat(np.arange(BATCHES), DRAWS)
NAMES = tuple(f"p{k}" for k in range(QUANTITIES))


def drawn(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((QUANTITIES, BATCHES * DRAWS))


def test_a_batch_that_sits_elsewhere_is_flagged_while_every_other_diagnostic_passes() -> None:
    values = drawn(1)
    values[7, BATCH == 3] += 0.24
    diagnostics = diagnose(NAMES, values, np.random.default_rng(2).standard_normal(values.shape[1]), BATCH)
    assert diagnostics.passed
    assert diagnostics.rhat[7] < WORST_RHAT
    assert diagnostics.bulk[7] > LEAST_ESS
    found = batch_errors(NAMES, values, BATCH)
    assert np.flatnonzero(found.flagged).tolist() == [7]
    assert found.ratios[7] > 2


def test_sound_batches_are_rarely_flagged_and_their_variances_agree() -> None:
    """One run in a hundred may flag something; of sixty the chance that more than four do is less than one in 1,000."""
    flagged, inflation = 0, []
    for seed in range(60):
        found = batch_errors(NAMES, drawn(seed), BATCH)
        flagged += bool(found.flagged.any())
        inflation.append(found.inflation)
    assert flagged <= 4
    assert np.mean(inflation) == pytest.approx(1, abs=0.05)
    assert np.std(inflation) == pytest.approx(found.chance, rel=0.35)


def test_copies_that_lie_far_apart_are_seen_only_between_the_batches() -> None:
    """Each number stands there ten times in an order that hides it: ten times fewer draws than are counted."""
    generator = np.random.default_rng(3)
    few = generator.standard_normal((QUANTITIES, BATCHES, DRAWS // 10))
    copies = np.tile(few, 10)
    hidden = copies[:, :, generator.permutation(DRAWS)].reshape(QUANTITIES, -1)
    found = batch_errors(NAMES, hidden, BATCH)
    assert found.inflation > 5
    assert np.median(found.by_draws) == pytest.approx(1 / math.sqrt(BATCHES * DRAWS), rel=0.2)
    assert found.between.mean() == pytest.approx(math.sqrt(10 / (BATCHES * DRAWS)), rel=0.3)


def test_what_never_varies_has_no_error_and_no_flag() -> None:
    values = drawn(4)
    values[0] = 1.0
    found = batch_errors(NAMES, values, BATCH)
    assert found.between[0] == found.by_draws[0] == 0
    assert found.ratios[0] == 1
    assert not found.flagged[0]
    assert math.isfinite(found.inflation)
