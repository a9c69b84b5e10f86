"""Running a compiled model over many draws, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from shudian.kernel.compiled import CompiledProgram, compile_program
from shudian.kernel.emit import Method, emit
from shudian.kernel.vectors import LANES
from shudian.kinds import Model

Array = NDArray[np.float64]

_BLOCKS_PER_CHUNK = 32
"""Enough that Python's part is negligible, few enough that an interrupt or progress waits only for moments."""
_ALIGNMENT = LANES * 8


@dataclass(frozen=True, slots=True)
class Kernel:
    """A model's equations as machine code for one integration method.

    Results are the same to the last bit for any number of threads, any company of other draws and any
    machine: the only arithmetic is IEEE 754 double precision in a fixed order.
    """

    method: Method
    fixed: tuple[str, ...]
    """Names of the rows of `run`'s argument `fixed`."""
    scheduled: tuple[str, ...]
    """Names of the rows of `run`'s argument `schedules`."""
    _slot_of: Mapping[str, int]
    _slots: int
    _program: CompiledProgram

    def run(
        self,
        fixed: Array,
        schedules: Array,
        outputs: Sequence[str],
        *,
        months: int = 96,
        steps_per_month: int = 8,
        threads: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Array:
        """Integrate every draw and return the `outputs` at the start of each month.

        `fixed` is [fixed parameter, draw] (a broadcast view will do) and `schedules` is [scheduled
        parameter, step], shared by all draws, both in internal units; `outputs` names stocks, flows or
        auxiliaries. The result is [output, month 0..months, draw]; its last month is the state at the
        end of the horizon under the last step's schedule. `progress` is called with the numbers of
        finished and of all draws. Raises KeyError for an unknown output and ValueError for a wrong shape.
        """
        draws: int = fixed.shape[1]
        _check_shape("fixed", fixed, (len(self.fixed), draws))
        slots, by_step = self._asked(outputs, schedules, months, steps_per_month)
        blocks = -(-draws // LANES)
        result = np.empty((len(outputs), months + 1, blocks * LANES))

        def run_chunk(first: int, last: int) -> int:
            lanes = _in_lanes(fixed, first, last)
            work = _aligned(self._slots * LANES)
            self._program.integrate(
                lanes.ctypes.data, by_step.ctypes.data, slots.ctypes.data, len(slots),
                result.ctypes.data + first * LANES * 8, blocks * LANES, last - first, months, steps_per_month,
                work.ctypes.data,
            )  # fmt: skip
            return min(last * LANES, draws) - first * LANES

        _for_each_chunk(run_chunk, blocks, draws, threads or usable_cores(), progress)
        return result[:, :, :draws]

    def begin(
        self,
        fixed: Array,
        schedules: Array,
        outputs: Sequence[str],
        until: int,
        *,
        months: int = 96,
        steps_per_month: int = 8,
        threads: int | None = None,
    ) -> Begun:
        """What all runs have in common whose schedules are alike before the start of month `until`: see `resume`.

        Arguments and errors are those of `run`, and ValueError for a month that is not of the horizon.
        """
        if not 0 <= until <= months:
            raise ValueError(f"until is {until}; expected 0 to {months}")
        draws: int = fixed.shape[1]
        _check_shape("fixed", fixed, (len(self.fixed), draws))
        slots, by_step = self._asked(outputs, schedules, months, steps_per_month)
        blocks = -(-draws // LANES)
        past = np.empty((len(outputs), months + 1, blocks * LANES))
        states = _aligned(blocks * self._slots * LANES)

        def run_chunk(first: int, last: int) -> int:
            lanes = _in_lanes(fixed, first, last)
            self._program.begin(
                lanes.ctypes.data, by_step.ctypes.data, slots.ctypes.data, len(slots),
                past.ctypes.data + first * LANES * 8, blocks * LANES, last - first, months, steps_per_month,
                states.ctypes.data + first * self._slots * LANES * 8, until,
            )  # fmt: skip
            return 0

        _for_each_chunk(run_chunk, blocks, draws, threads or usable_cores(), None)
        steps = until * steps_per_month
        return Begun(tuple(outputs), until, months, steps_per_month, draws, by_step[:steps], past[:, :until], states)

    def resume(self, begun: Begun, schedules: Array, *, threads: int | None = None) -> Array:
        """What `run` gives for `schedules`, to the last bit, without computing again what was `begun`.

        Any number of threads may resume from one Begun at once. Raises ValueError for schedules that differ from those
        that it was begun with before its month.
        """
        slots, by_step = self._asked(begun.outputs, schedules, begun.months, begun.steps_per_month)
        # as bits, because what is not a number is the same past too
        if not np.array_equal(by_step[: len(begun.schedules)].view(np.int64), begun.schedules.view(np.int64)):
            raise ValueError(f"the schedules differ before month {begun.until}, up to which the runs are one")
        blocks = -(-begun.draws // LANES)
        result = np.empty((len(slots), begun.months + 1, blocks * LANES))
        result[:, : begun.until] = begun.past

        def run_chunk(first: int, last: int) -> int:
            work = _aligned(self._slots * LANES)
            self._program.resume(
                begun.states.ctypes.data + first * self._slots * LANES * 8, by_step.ctypes.data, slots.ctypes.data,
                len(slots), result.ctypes.data + first * LANES * 8, blocks * LANES, last - first, begun.months,
                begun.steps_per_month, work.ctypes.data, begun.until,
            )  # fmt: skip
            return 0

        _for_each_chunk(run_chunk, blocks, begun.draws, threads or usable_cores(), None)
        return result[:, :, : begun.draws]

    def _asked(
        self, outputs: Sequence[str], schedules: Array, months: int, steps_per_month: int
    ) -> tuple[NDArray[np.int64], Array]:
        """The slots of `outputs`, and `schedules` as [step, scheduled parameter]."""
        _check_shape("schedules", schedules, (len(self.scheduled), months * steps_per_month))
        slots = np.array([self._slot_of[name] for name in outputs], dtype=np.int64)
        return slots, np.ascontiguousarray(schedules.T, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """Runs of one model up to a month, from which others that share this past go on."""

    outputs: tuple[str, ...]
    until: int
    """The month up to which they are one."""
    months: int
    steps_per_month: int
    draws: int
    schedules: Array
    """[step, scheduled parameter] before that month: runs with others are no sequel."""
    past: Array
    """[output, month before `until`, draw of a whole block]."""
    states: Array
    """Everything that a block needs to go on, block by block: some kilobytes a draw."""


@lru_cache(maxsize=8)
def compile_model(model: Model, method: Method = "euler") -> Kernel:
    """Compile `model`'s equations; fast if this machine compiled the same equations before."""
    program = emit(model, method)
    return Kernel(
        method=method,
        fixed=tuple(parameter.name for parameter in model.fixed),
        scheduled=tuple(parameter.name for parameter in model.scheduled),
        _slot_of=program.slot_of,
        _slots=program.slots,
        _program=compile_program(program.text),
    )


def _check_shape(name: str, array: Array, shape: tuple[int, int]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; expected {shape}")


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_lanes(fixed: Array, first: int, last: int) -> Array:
    """Blocks `first` to `last` as [block, parameter, lane], the last draw repeated to fill its block."""
    draws = np.minimum(np.arange(first * LANES, last * LANES), fixed.shape[1] - 1)
    blocks = np.asarray(fixed[:, draws], dtype=np.float64).reshape(len(fixed), last - first, LANES)
    lanes = _aligned(blocks.size).reshape(last - first, len(fixed), LANES)
    lanes[...] = blocks.transpose(1, 0, 2)
    return lanes


def _aligned(size: int) -> Array:
    """Room for `size` numbers that starts where a vector may be loaded fastest."""
    room = np.empty(size + LANES)
    skipped = -room.ctypes.data % _ALIGNMENT // room.itemsize
    return room[skipped : skipped + size]


def _for_each_chunk(
    run_chunk: Callable[[int, int], int],
    blocks: int,
    draws: int,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    size = min(_BLOCKS_PER_CHUNK, -(-blocks // threads))
    if size == blocks:  # one chunk: starting threads would take a fifth of the time
        done = run_chunk(0, blocks)
        if progress is not None:
            progress(done, draws)
        return
    done = 0
    with ThreadPoolExecutor(threads) as pool:
        chunks = [pool.submit(run_chunk, first, min(first + size, blocks)) for first in range(0, blocks, size)]
        try:
            for chunk in as_completed(chunks):
                done += chunk.result()
                if progress is not None:
                    progress(done, draws)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
