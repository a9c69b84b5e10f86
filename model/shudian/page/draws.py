"""Draws as the page carries them: in few bytes, and every number the one that Python has."""

from __future__ import annotations

import base64
import zlib

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Draws
from shudian.page.facts import Plain


def constants(draws: Draws) -> Plain:
    """Fixed parameters that are the same in all draws -> their values."""
    rows = zip(draws.names, draws.values, strict=True)
    return {name: float(row[0]) for name, row in rows if np.ptp(row) == 0}


def packed(every: Draws, few: NDArray[np.intp], settled: int) -> Plain:
    """The first `settled` of all draws and those of `few` that are not among them, of what varies.

    `few` in the answer are the places among these of the given ones. Where no more are settled than are few, these are
    all. A posterior's numbers take four bytes, as on file, those of priors eight. Of each number the first byte stands
    together with the others' first, and so on: signs and exponents, which differ little, then take little room.
    """
    members = few if settled <= few.size else np.concatenate([np.arange(settled), few[few >= settled]])
    place = {int(draw): position for position, draw in enumerate(members)}
    varies = np.ptp(every.values, axis=1) > 0
    values = every.values[varies][:, members]
    short = values.astype("<f4")
    numbers = short if np.array_equal(short, values) else values.astype("<f8")
    planes = np.frombuffer(numbers.tobytes(), dtype=np.uint8).reshape(-1, numbers.itemsize).T
    told = zlib.compress(planes.tobytes(), 9)
    return {
        "count": int(members.size),
        "few": [place[int(draw)] for draw in few],
        "varying": [name for name, varying in zip(every.names, varies, strict=True) if varying],
        "bytes": numbers.itemsize,
        "values": base64.b64encode(told).decode(),
    }
