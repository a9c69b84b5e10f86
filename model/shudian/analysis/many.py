"""Many scenarios, each on the same draws: cut into tasks that any machine can do alone.

A task is some scenarios and a slice of the draws; its result is what is read of them, and nothing else is carried
about. How the whole is cut, in which order tasks end and where they are done changes no bit of any number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from shudian.analysis.results import evaluate
from shudian.analysis.sensitivity import Asked, read_outcomes
from shudian.draws import Array, Draws, draws_of
from shudian.kernel import usable_cores
from shudian.kinds import Model, Scenario

SLICE = 2048
"""Draws of a task: their past, which a run remembers for the next one, takes some 16 MB."""
_VALUES = 500_000
"""Numbers that a task brings back at most, unless one scenario alone has more."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What all tasks of a piece of work have in common."""

    model: Model
    draws: Draws
    base: Scenario
    """Equalised; every scenario is this one before `start`."""
    start: float
    asked: tuple[Asked, ...]
    """What is read of each run; none of it is additional to another run."""

    @property
    def until(self) -> int:
        """The last year that is run."""
        return max(one.year for one in self.asked)


@dataclass(frozen=True, slots=True)
class Task:
    """Some scenarios on the draws from `first` to before `last`."""

    number: int
    scenarios: tuple[Scenario, ...]
    first: int
    last: int


class Executor(Protocol):
    """Something that does tasks: threads here, or workers elsewhere."""

    def do(self, work: Work, tasks: Sequence[Task]) -> Iterator[tuple[int, Array]]:
        """The number and the result of each task, in any order, each once."""
        ...


def outcomes_of(work: Work, scenarios: Sequence[Scenario], executor: Executor) -> Iterator[tuple[int, Array]]:
    """The position of the first of some scenarios, and [scenario, outcome, draw] of these, in order.

    Memory holds some scenarios at a time, whatever their number. Raises ValueError as `evaluate`.
    """
    count = work.draws.values.shape[1]
    slices = [(first, min(first + SLICE, count)) for first in range(0, count, SLICE)]
    together = max(1, _VALUES // (len(work.asked) * min(count, SLICE)))
    tasks = [
        Task(0, tuple(scenarios[start : start + together]), first, last)
        for start in range(0, len(scenarios), together)
        for first, last in slices
    ]
    numbered = [Task(number, task.scenarios, task.first, task.last) for number, task in enumerate(tasks)]
    waiting: dict[int, Array] = {}
    group = 0
    for number, result in executor.do(work, numbered):
        waiting[number] = result
        while all(group * len(slices) + part in waiting for part in range(len(slices))):
            parts = [waiting.pop(group * len(slices) + part) for part in range(len(slices))]
            yield group * together, np.concatenate(parts, axis=2)
            group += 1


def do_task(work: Work, task: Task) -> Array:
    """[scenario, outcome, draw] of one task, on one core."""
    values = np.ascontiguousarray(work.draws.values[:, task.first : task.last])
    draws = draws_of(work.model, values, work.draws.seed)
    variables = tuple(dict.fromkeys(one.variable for one in work.asked))
    runs = (evaluate(work.model, one, draws, variables, work.until, threads=1) for one in task.scenarios)
    return np.array([read_outcomes(work.asked, run, None) for run in runs])


class Threads:
    """Tasks done on this machine, one on each core."""

    def __init__(self, cores: int | None = None) -> None:
        self._cores = cores or usable_cores()

    def do(self, work: Work, tasks: Sequence[Task]) -> Iterator[tuple[int, Array]]:
        """See Executor; no more results wait than there are cores twice over."""
        pool = ThreadPoolExecutor(self._cores)
        running: dict[Future[Array], int] = {}
        left = iter(tasks)
        try:
            while True:
                while len(running) < 2 * self._cores and (task := next(left, None)) is not None:
                    running[pool.submit(do_task, work, task)] = task.number
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        finally:
            pool.shutdown(cancel_futures=True)
