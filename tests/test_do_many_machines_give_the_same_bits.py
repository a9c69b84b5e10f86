"""Do workers elsewhere give the same bits as this machine's cores, whoever of them is killed, stopped or started anew?

With a scheduler and workers that are processes of their own, as on other machines. It does not establish that a network
between machines holds, nor how much is gained by many of them.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer

import numpy as np
import pytest
from numpy.typing import NDArray

import shudian as sd
from shudian.analysis import cluster
from shudian.analysis.cluster import Cluster, executor_on
from shudian.analysis.many import Threads, Work, outcomes_of
from shudian.analysis.sweep import asked_of
from shudian.analysis.sweep_space import at_point, points_of, read_space
from shudian.draws import prior_draws
from shudian.kinds import InputError, Scenario
from shudian.scenarios import load_scenario
from shudian.structure import load_model
from shudian.targets import load_targets

pytestmark = pytest.mark.slow
POINTS = 40


@pytest.fixture(scope="module")
def work() -> Work:
    model = load_model()
    asked, _ = asked_of(model, load_targets(), (), 2027)
    return Work(model, prior_draws(model, 40, seed=1), load_scenario("baseline", model.parameters), 42.0, asked)


@pytest.fixture(scope="module")
def scenarios(work: Work) -> list[Scenario]:
    space = read_space(["fund_size", "municipal_parks"], work.model.parameters, 42.0)
    points = points_of(space, "latin", POINTS, seed=1)
    return [at_point(work.base, space, point, 42.0, number) for number, point in enumerate(points, 1)]


@pytest.fixture(scope="module")
def here(work: Work, scenarios: Sequence[Scenario]) -> NDArray[np.float64]:
    return np.concatenate([found for _, found in outcomes_of(work, scenarios, Threads())])


@pytest.fixture(autouse=True)
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shudian.analysis.many._VALUES", 1)
    monkeypatch.setattr("shudian.analysis.many.SLICE", 16)


class Machines:
    """A scheduler and workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler = self._scheduler()
        self.workers = [self.worker() for _ in range(2)]

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *words], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def _scheduler(self) -> subprocess.Popen[bytes]:
        return self._start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port),
                           "--no-dashboard", "--no-show")  # fmt: skip

    def worker(self) -> subprocess.Popen[bytes]:
        return self._start("distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-dashboard",
                           "--no-nanny", "--death-timeout", "120")  # fmt: skip

    def restart_scheduler(self) -> None:
        stop(self.scheduler)
        self.scheduler = self._scheduler()
        # a worker whose scheduler is gone ends by itself
        self.workers += [self.worker()]

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    found = Machines(folder)
    try:
        yield found
    finally:
        found.stop()


def test_trouble_of_every_kind_changes_no_bit(
    work: Work, scenarios: Sequence[Scenario], here: NDArray[np.float64], tmp_path: Path
) -> None:
    """A worker is killed, one is stopped for a while and one comes late; then the scheduler starts anew."""
    with machines(tmp_path) as them:
        found = []
        for number, (_, part) in enumerate(outcomes_of(work, scenarios, Cluster(them.address))):
            found.append(part)
            if number == 4:
                stop(them.workers.pop())
            if number == 6:
                them.workers.append(them.worker())
                os.kill(them.workers[0].pid, signal.SIGSTOP)
                Timer(3, os.kill, (them.workers[0].pid, signal.SIGCONT)).start()
            if number == 8:
                them.restart_scheduler()
        np.testing.assert_array_equal(np.concatenate(found), here)


def test_processes_here_answer_as_the_face_does() -> None:
    asked = {"vary": {"fund_size": "0..4 亿元:3"}, "draws": 40}
    here = sd.sweep(**asked).frame()  # type: ignore[arg-type]
    there = sd.sweep(**asked, on="local:2").frame()  # type: ignore[arg-type]
    assert here.equals(there)


def test_nobody_there_is_told_at_once(work: Work, scenarios: Sequence[Scenario]) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(InputError, match=r"does not answer; \d+ of \d+ tasks are not done"):
        list(outcomes_of(work, scenarios, Cluster(f"tcp://127.0.0.1:{port}", patience=1)))
    assert time.monotonic() - begun < 60


def test_another_program_is_refused(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    parcel = cluster._parcel(work, 0, 16)
    monkeypatch.setattr(cluster, "code_digest", lambda: "another")
    with pytest.raises(InputError, match="another version"):
        cluster._remote(parcel, cluster.Task(0, (work.base,), 0, 16))


@pytest.mark.parametrize("place", ["local:", "local:0", "local:-1", "local:many", "localhost", "8786", "here"])
def test_a_place_that_is_none_is_told(place: str) -> None:
    with pytest.raises(InputError, match="local:N"), executor_on(place):
        pass
