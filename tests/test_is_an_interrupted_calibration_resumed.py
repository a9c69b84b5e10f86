"""Is a calibration that was interrupted taken up where it stood, with the draws that it would have given?

Everything here is bit for bit. It does not establish that two machines give the same draws: their mathematics
libraries differ in last digits.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from known_targets import Array, Linear
from shudian.calibrate.run import Batch, sample
from shudian.calibrate.sampler import Settings
from shudian.calibrate.target import Target
from shudian.calibrate.workers import follow_parent

SETTINGS = Settings(particles=60, sweeps=2, last_stages=4, later_stages=2)
BATCHES = 2


class CutOffError(Exception):
    """Stands for the power cut."""


@dataclass
class Counting:
    """A target that counts how often it is asked, and fails at the `most`th time."""

    most: int | None = None
    asked: int = 0
    dimensions: int = 6
    linear: Linear = field(default_factory=lambda: Linear.random(6, 3, 0.5, seed=1))

    def first(self, z: Array) -> Array:
        return self._asked(z)[:2]

    def later(self, z: Array) -> Array:
        """The last reading, as a second likelihood that comes in when the first has been reached."""
        return self._asked(z)[2:]

    def _asked(self, z: Array) -> Array:
        self.asked += 1
        if self.most is not None and self.asked > self.most:
            raise CutOffError
        return self.linear.terms(z)


def run(make: Callable[[], Counting], folder: Path, executor: Executor | None = None, seed: int = 1) -> list[Batch]:
    """Two batches; in this process, one after the other, unless there is an executor."""
    with ThreadPoolExecutor(1) as here:
        return list(
            sample(
                cast("Callable[[], Target]", make), "counting", seed=seed, checkpoints=folder, settings=SETTINGS,
                batches=BATCHES, executor=executor or here,
            )
        )  # fmt: skip


def assert_same(found: list[Batch], expected: list[Batch]) -> None:
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one.z, other.z)
        assert (one.log_evidence, one.evaluations) == (other.log_evidence, other.evaluations)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Batch], int]:
    """Batches that nothing interrupted, and how often one target was asked for them."""
    targets: list[Counting] = []

    def make() -> Counting:
        targets.append(Counting())
        return targets[-1]

    return run(make, tmp_path_factory.mktemp("whole")), min(target.asked for target in targets)


def checkpoint_of(folder: Path, batch: int = 0) -> Path:
    (found,) = folder.glob(f"calibration-*/batch-{batch}.npz")
    return found


def test_a_cut_anywhere_changes_nothing(whole: tuple[list[Batch], int], tmp_path: Path) -> None:
    expected, asked = whole
    for number, cut in enumerate({1, 2, *np.linspace(3, asked - 1, 12).astype(int).tolist()}):
        folder = tmp_path / str(number)
        with pytest.raises(CutOffError):
            run(partial(Counting, cut), folder)
        assert_same(run(Counting, folder), expected)
        assert not list(folder.iterdir())


def test_work_that_was_done_is_not_done_again(whole: tuple[list[Batch], int], tmp_path: Path) -> None:
    _, asked = whole
    with pytest.raises(CutOffError):
        run(partial(Counting, asked - 1), tmp_path)
    again = Counting()
    run(lambda: again, tmp_path)
    # one last stage of each of two batches, where the whole asks for every stage
    assert again.asked < asked / 2


def test_a_calibration_may_be_cut_again_and_again(whole: tuple[list[Batch], int], tmp_path: Path) -> None:
    expected, asked = whole
    # the longest stage must fit between two cuts
    for _ in range(100):
        try:
            found = run(partial(Counting, asked // 3), tmp_path)
            break
        except CutOffError:
            pass
    assert_same(found, expected)


@pytest.mark.parametrize("length", [0, 3, 100, 0.5, -1])
def test_a_checkpoint_that_was_cut_short_is_begun_anew(
    length: float, whole: tuple[list[Batch], int], tmp_path: Path
) -> None:
    expected, asked = whole
    with pytest.raises(CutOffError):
        run(partial(Counting, asked - 1), tmp_path)
    place = checkpoint_of(tmp_path)
    content = place.read_bytes()
    place.write_bytes(content[: int(length if length in (0, 3, 100) else length * len(content) if length > 0 else -1)])
    assert_same(run(Counting, tmp_path), expected)


def test_no_flipped_byte_gives_other_draws(whole: tuple[list[Batch], int], tmp_path: Path) -> None:
    expected, asked = whole
    chance = random.Random(4)
    for number in range(12):
        folder = tmp_path / str(number)
        with pytest.raises(CutOffError):
            run(partial(Counting, asked - 1), folder)
        place = checkpoint_of(folder, number % BATCHES)
        content = bytearray(place.read_bytes())
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
        place.write_bytes(content)
        assert_same(run(Counting, folder), expected)


def test_a_half_written_checkpoint_is_not_in_the_way(whole: tuple[list[Batch], int], tmp_path: Path) -> None:
    expected, asked = whole
    with pytest.raises(CutOffError):
        run(partial(Counting, asked - 1), tmp_path)
    checkpoint_of(tmp_path).with_suffix(".12345").write_bytes(b"PK")
    assert_same(run(Counting, tmp_path), expected)
    assert not list(tmp_path.iterdir())


def test_another_seed_gives_other_draws_and_leaves_the_checkpoint(
    whole: tuple[list[Batch], int], tmp_path: Path
) -> None:
    expected, asked = whole
    with pytest.raises(CutOffError):
        run(partial(Counting, asked - 1), tmp_path)
    other = run(Counting, tmp_path, seed=2)
    assert not np.array_equal(other[0].z, expected[0].z)
    assert not np.array_equal(expected[1].z, expected[0].z)
    assert checkpoint_of(tmp_path).exists()


@pytest.mark.slow
def test_the_number_of_processes_changes_nothing(whole: tuple[list[Batch], int], tmp_path: Path) -> None:
    expected, _ = whole
    with ThreadPoolExecutor(BATCHES) as executor:
        assert_same(run(Counting, tmp_path / "threads", executor), expected)
    for processes in (1, 2):
        with ProcessPoolExecutor(processes, get_context("spawn"), initializer=follow_parent) as executor:
            assert_same(run(Counting, tmp_path / str(processes), executor), expected)


def test_a_place_that_cannot_be_written_to_costs_only_the_way_back(
    whole: tuple[list[Batch], int], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    assert_same(run(Counting, tmp_path / "file" / "below"), whole[0])
