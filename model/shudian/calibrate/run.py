"""Independent batches side by side, each leaving after every stage all that is needed to go on."""

from __future__ import annotations

import hashlib
import shutil
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from shudian.calibrate.sampler import VERSION, Population, Settings, Terms, advance, start
from shudian.calibrate.workers import Given, Result, submitted, worker_processes
from shudian.files import writing
from shudian.kinds import InputError

Array = NDArray[np.float64]
BATCHES = 4
_POLL = 0.3


class Sampled(Protocol):
    """What is sampled, as `calibrate.target.Target` is."""

    @property
    def dimensions(self) -> int:
        """Number of latent numbers, round normal before the likelihood."""

    @property
    def first(self) -> Terms:
        """The likelihood that leads a population from the prior."""

    @property
    def later(self) -> Terms | None:
        """A second one, which comes in when the first has been reached; None if there is none."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The outcome of one batch."""

    z: Array
    """[parameter, draw]"""
    log_evidence: float
    evaluations: int


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is given; `make_target` is called in the worker, because a model travels badly."""

    make_target: Callable[[], Sampled]
    settings: Settings
    seed: int
    batch: int
    folder: Path
    """Where its progress is kept; it holds nothing else."""


def sample(
    make_target: Callable[[], Sampled],
    key: str,
    *,
    seed: int,
    checkpoints: Path,
    settings: Settings | None = None,
    batches: int = BATCHES,
    executor: Executor | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> tuple[Batch, ...]:
    """`batches` independent batches of draws from the target that `make_target` makes (a picklable function).

    `key` says what is sampled (a digest of model and reports). Work that was interrupted is taken up from
    `checkpoints` where key, seed and settings are the same, and gives the draws that it would have given. Without
    an `executor` there is a process for each core. The same seed gives the same draws on the same machine, for any
    number of processes.
    """
    settings = settings or Settings()
    what = f"{key} {VERSION} {seed} {batches} {sorted(asdict(settings).items())}"
    name = hashlib.sha256(what.encode()).hexdigest()[:16]
    folder = checkpoints / f"calibration-{name}"
    with suppress(OSError):  # a place that cannot be written to keeps nothing
        folder.mkdir(parents=True, exist_ok=True)
    tasks = [Task(make_target, settings, seed, batch, folder) for batch in range(batches)]
    found = in_processes(sample_batch, tasks, executor, progress, lambda task, done: 1.0 if done else _share(task))
    shutil.rmtree(folder, ignore_errors=True)  # a run that was cut off while it wrote has left a temporary file too
    return found


def sample_batch(task: Task) -> Batch:
    """Carry one batch to its end, from where it stood."""
    target = task.make_target()
    settings, seed = task.settings, (task.seed, task.batch)
    # The matrices are small: more threads of the linear algebra would only take the other batch's core.
    stages = settings.last_stages + (settings.later_stages if target.later else 0)
    with threadpool_limits(1):
        population, left = _load(task) or (start(target.first, target.dimensions, settings, seed), stages)
        while population.temperature < 1 or left or (target.later and population.later_power < 1):
            left = max(0, left - (population.temperature == 1))
            later = target.later if left < settings.later_stages else None
            population = advance(population, target.first, settings, seed, later)
            _store(task, population, left, stages)
    return Batch(population.z, population.log_evidence, population.evaluations)


def in_processes(
    work: Callable[[Given], Result],
    tasks: Sequence[Given],
    executor: Executor | None,
    progress: Callable[[float], None],
    share: Callable[[Given, bool], float] = lambda _task, done: float(done),
) -> tuple[Result, ...]:
    """`work` on each of `tasks` by `executor`, or by a process for each core; `share` says how far a task is."""
    if executor is None:
        with worker_processes(len(tasks)) as own:
            return in_processes(work, tasks, own, progress, share)
    futures = submitted(executor, work, tasks)
    while not all(future.done() for future in futures):
        progress(sum(share(task, future.done()) for task, future in zip(tasks, futures, strict=True)) / len(tasks))
        time.sleep(_POLL)
    progress(1.0)
    return tuple(future.result() for future in futures)


def _files(task: Task) -> tuple[Path, Path]:
    return task.folder / f"batch-{task.batch}.npz", task.folder / f"batch-{task.batch}.share"


def _store(task: Task, population: Population, left: int, last: int) -> None:
    place, share = _files(task)
    # the way to the posterior takes about twelve temperatures, and the first are the quickest
    rise = 12
    with suppress(OSError, InputError):
        with writing(place, replace=True) as draft:
            np.savez(
                draft, z=population.z, log_likelihood=population.log_likelihood,
                numbers=np.array([population.temperature, population.log_evidence, population.later_power]),
                counts=np.array([population.stage, population.evaluations, left]),
            )  # fmt: skip
        share.write_text(str((rise * population.temperature**0.5 + last - left) / (rise + last)))


def _load(task: Task) -> tuple[Population, int] | None:
    place, _ = _files(task)
    try:
        with place.open("rb") as file, np.load(file) as kept:
            temperature, log_evidence, power = (float(number) for number in kept["numbers"])
            stage, evaluations, left = (int(count) for count in kept["counts"])
            z, values = kept["z"], kept["log_likelihood"]
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile):
        return None  # there is none, or it is damaged: begin
    return Population(z, values, temperature, log_evidence, stage, evaluations, power), left


def _share(task: Task) -> float:
    try:
        return float(_files(task)[1].read_text())
    except (OSError, ValueError):
        return 0.0
