"""Processes that calculate side by side, and end with the command that started them, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from shudian.kinds import InputError

Given = TypeVar("Given")
Result = TypeVar("Result")


@contextmanager
def worker_processes(most: int) -> Iterator[Executor]:
    """At most `most` processes, one a core; they are ended at once if the block is left by an error or an interrupt.

    Raises InputError if the system has ended one of them.
    """
    before = {*multiprocessing.active_children()}
    count = min(most, usable_cores())
    executor = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=follow_parent)
    try:
        yield executor
    except BrokenProcessPool:
        raise InputError(
            "a process of the calculation was ended from outside, as happens where memory runs out; "
            "close other programs and try again"
        ) from None
    except BaseException:
        for child in {*multiprocessing.active_children()} - before:
            child.terminate()
        raise
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def follow_parent() -> None:
    """Make this worker process leave interrupts to its parent, and end as soon as that has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def submitted(
    executor: Executor, work: Callable[[Given], Result], tasks: Sequence[Given]
) -> tuple[Future[Result], ...]:
    """`work` on each of `tasks`, given to `executor`, whose processes start without hearing an interrupt.

    An interrupt that comes meanwhile is heard afterwards, here; where the system cannot hold it back, a process
    that has not got as far as `follow_parent` may print how far it had come.
    """
    if not hasattr(signal, "pthread_sigmask"):
        return tuple(executor.submit(work, task) for task in tasks)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return tuple(executor.submit(work, task) for task in tasks)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
