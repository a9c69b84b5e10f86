"""Tasks done on many machines, by dask.distributed: the same numbers to the last bit, whoever does them and dies.

What a worker needs travels as an argument of a task, which the scheduler keeps: so a worker that is killed takes
nothing with it that cannot be sent again. Tasks without a result whose scheduler is gone are handed to the next one.
"""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from shudian.analysis.many import Executor, Task, Threads, Work, do_task
from shudian.draws import Array, draws_of
from shudian.kinds import InputError
from shudian.quantities import show

AHEAD = 3
"""Tasks that wait for each thread of a worker, so that none is idle and few results are under way."""
PATIENCE = 60.0
"""Seconds without a scheduler, or without any result and without a worker, after which nobody waits on."""
_LOCAL = "local:"


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What a worker needs for tasks on one slice of the draws."""

    content: bytes
    key: str
    code: str
    """Digest of the program that has packed it: another one may come to other bits."""


class Cluster:
    """Tasks handed to the workers of a dask scheduler at `address`, or of a client that somebody has already."""

    def __init__(self, address: str = "", client: Any = None, patience: float = PATIENCE) -> None:
        self._address, self._own, self._patience = address, client, patience

    def do(self, work: Work, tasks: Sequence[Task]) -> Iterator[tuple[int, Array]]:
        """See Executor; raises InputError where nobody is there to do them, or a worker has another program."""
        left = {task.number: task for task in tasks}
        parcels = {(task.first, task.last): _parcel(work, task.first, task.last) for task in tasks}
        since = time.monotonic()
        while left:
            try:
                with self._client() as client:
                    for number, result in _round(client, left, parcels, self._patience):
                        since = time.monotonic()
                        del left[number]
                        yield number, result
            except _lost() as error:
                if time.monotonic() - since > self._patience:
                    raise InputError(
                        "{place} does not answer; {left} of {all} tasks are not done",
                        place=self._address or "the dask client",
                        left=len(left),
                        all=len(tasks),
                    ) from error
                time.sleep(1.0)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        from distributed import Client

        if self._own is not None:
            yield self._own
            return
        client = Client(self._address, timeout=5, set_as_default=False)
        try:
            yield client
        finally:
            client.close(timeout=2)


def _lost() -> tuple[type[BaseException], ...]:
    """What is raised where a scheduler is gone."""
    from concurrent.futures import CancelledError

    from distributed import CancelledError as Cancelled
    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError

    return CancelledError, Cancelled, FutureCancelledError, CommClosedError, OSError, TimeoutError


def _round(
    client: Any, left: Mapping[int, Task], parcels: Mapping[tuple[int, int], _Parcel], patience: float
) -> Iterator[tuple[int, Array]]:
    """Results of the tasks of `left`, until all are done or something is raised that `_lost` names."""
    from distributed import wait

    sent = {at: client.submit(_same, parcel, key=f"shudian-{parcel.key}") for at, parcel in parcels.items()}
    waiting = iter(list(left.values()))
    running: dict[Any, int] = {}
    idle = time.monotonic()
    while True:
        threads = sum(worker["nthreads"] for worker in client.scheduler_info()["workers"].values())
        while len(running) < AHEAD * max(1, threads) and (task := next(waiting, None)) is not None:
            future = client.submit(_remote, sent[task.first, task.last], task, pure=False, retries=5)
            running[future] = task.number
        if not running:
            return
        try:
            with client.as_current():
                done = wait([*running], timeout=2, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            if threads:
                idle = time.monotonic()
            if client.status != "running" or time.monotonic() - idle > patience:
                raise
            continue
        idle = time.monotonic()
        for future in done:
            yield running.pop(future), future.result(timeout=patience)


def _parcel(work: Work, first: int, last: int) -> _Parcel:
    part = draws_of(work.model, work.draws.values[:, first:last].copy(), work.draws.seed)
    content = pickle.dumps(replace(work, draws=part))
    code = code_digest()
    return _Parcel(content, hashlib.sha256(content + code.encode()).hexdigest()[:24], code)


def _same(parcel: _Parcel) -> _Parcel:
    return parcel


def _remote(parcel: _Parcel, task: Task) -> Array:
    """On a worker: one task, whose draws are all that the parcel has."""
    if parcel.code != code_digest():
        raise InputError("a worker has another version of shudian; install the same one everywhere")
    return do_task(_unpacked(parcel), replace(task, first=0, last=task.last - task.first))


@lru_cache(maxsize=4)
def _unpacked(parcel: _Parcel) -> Work:
    found: Work = pickle.loads(parcel.content)
    return found


@cache
def code_digest() -> str:
    """Digest of every line of the program."""
    found = hashlib.sha256()
    folder = Path(__file__).resolve().parents[1]
    for path in sorted(folder.rglob("*.py")):
        found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:24]


def executor_on(place: object) -> AbstractContextManager[Executor]:
    """Where `place` says: nothing for the cores here, `local:N` for processes here, an address, or a dask client.

    Raises InputError for anything else, and where dask.distributed is not installed.
    """
    if place is None or place == "":
        return nullcontext(Threads())
    if hasattr(place, "do"):
        return nullcontext(place)
    try:
        import distributed
    except ModuleNotFoundError:
        raise InputError("this needs dask.distributed: pip install 'shudian[many]'") from None
    if isinstance(place, distributed.Client):
        return nullcontext(Cluster(client=place))
    text = str(place)
    if text.startswith(_LOCAL):
        count = text.removeprefix(_LOCAL)
        if not (count.isascii() and count.isdigit() and 1 <= int(count) <= 256):
            raise InputError("write local:N with how many processes, 1 to 256; found {text}", text=show(text))
        return _local(int(count))
    if "://" not in text:
        raise InputError("write the address of a dask scheduler, as tcp://10.0.0.1:8786, or local:N; found {text}",
                         text=show(text))  # fmt: skip
    return nullcontext(Cluster(text))


@contextmanager
def _local(count: int) -> Iterator[Executor]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=40) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield Cluster(client=client)
