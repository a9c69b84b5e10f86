"""Runs of the same draws that begin alike: what they have in common is noticed, and computed once.

Packages that are chosen from now on have one past, and so have all values of a lever. Where two runs of the same draws
begin with the same schedules, the second leaves its state where they part, and the next that begins so goes on from
there (`Kernel.begin`, `Kernel.resume`), which changes no bit.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from shudian.kernel.run import Begun, Kernel

Array = NDArray[np.float64]

MOST_BYTES = 96 * 2**20
"""What may be kept of all runs together."""
_FEWEST_MONTHS = 12
"""A past that saves less than this is not worth keeping."""
_SEEN, _SETS = 6, 32
"""How many schedules of one set of draws are compared, and how many sets are known."""


@dataclass(slots=True)
class _Known:
    """What is known of one set of draws, run for the same outputs."""

    kernel: Kernel
    """Held, so that no other kernel can stand in its place."""
    seen: list[Array] = field(default_factory=list)
    """Schedules, [scheduled parameter, step]."""
    begun: list[Begun] = field(default_factory=list)


class Remembered:
    """The latest sets of draws that were run, and the pasts of their runs; several threads may ask at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def run(
        self,
        kernel: Kernel,
        fixed: Array,
        schedules: Array,
        outputs: Sequence[str],
        *,
        months: int,
        steps_per_month: int = 8,
        threads: int | None = None,
    ) -> Array:
        """What `kernel.run` gives, to the last bit; arguments and errors are its own."""
        key = _key(kernel, fixed, outputs, months, steps_per_month)
        begun, until = self._plan(key, kernel, schedules, steps_per_month)
        if until:
            begun = kernel.begin(
                fixed, schedules, outputs, until, months=months, steps_per_month=steps_per_month, threads=threads
            )
            # only what was run, and not the room for the rest
            begun = replace(begun, past=begun.past.copy())
            self._keep(key, begun)
        if begun is None:
            return kernel.run(
                fixed, schedules, outputs, months=months, steps_per_month=steps_per_month, threads=threads
            )
        return kernel.resume(begun, schedules, threads=threads)

    def _plan(self, key: bytes, kernel: Kernel, schedules: Array, steps: int) -> tuple[Begun | None, int]:
        """What a run can go on from, and up to which month it shall itself be kept; 0 for not."""
        with self._lock:
            known = self._known.setdefault(key, _Known(kernel))
            self._known.move_to_end(key)
            while len(self._known) > _SETS:
                self._known.popitem(last=False)
            fitting = [b for b in known.begun if _shared(b.schedules.T, schedules) == len(b.schedules)]
            begun = max(fitting, key=lambda b: b.until, default=None)
            shared = max((_shared(other, schedules) // steps for other in known.seen), default=0)
            known.seen = [*known.seen, schedules][-_SEEN:]
        least = (begun.until if begun else 0) + _FEWEST_MONTHS
        return begun, shared if shared >= least else 0

    def _keep(self, key: bytes, begun: Begun) -> None:
        """Keep `begun`, and forget what has not been asked for longest as long as all is too much."""
        if _bytes(begun) > self.most_bytes:
            return
        with self._lock:
            if key in self._known:
                self._known[key].begun.append(begun)
            while sum(_bytes(b) for known in self._known.values() for b in known.begun) > self.most_bytes:
                next(known for known in self._known.values() if known.begun).begun.pop(0)


def _key(kernel: Kernel, fixed: Array, outputs: Sequence[str], months: int, steps: int) -> bytes:
    """Another one for every other kernel, draws, outputs and time."""
    found = hashlib.sha256(repr((id(kernel), fixed.shape, tuple(outputs), months, steps)).encode())
    found.update(np.ascontiguousarray(fixed, dtype=np.float64).tobytes())
    return found.digest()


def _shared(one: Array, other: Array) -> int:
    """How many steps the two, [parameter, step], begin with in common, bit for bit."""
    length = min(one.shape[1], other.shape[1])
    bits = (np.ascontiguousarray(part[:, :length]).view(np.int64) for part in (one, other))
    differ = np.not_equal(*bits).any(axis=0)
    return int(differ.argmax()) if differ.any() else length


def _bytes(begun: Begun) -> int:
    return begun.states.nbytes + begun.past.nbytes + begun.schedules.nbytes
