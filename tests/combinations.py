"""Fewer combinations than all of them, so that a sweep over many things at once stays affordable."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any


def thinned(every: int, *axes: Sequence[Any]) -> list[tuple[Any, ...]]:
    """One in `every` combinations of what stands on `axes`, spread so that any two values of two axes still meet.

    At least three axes; they meet where each of the others has `every` values or more.
    """
    assert len(axes) >= 3
    assert sum(len(axis) >= every for axis in axes) >= 3
    numbered = product(*(enumerate(axis) for axis in axes))
    return [
        tuple(value for _, value in combination)
        for combination in numbered
        if sum(number for number, _ in combination) % every == 0
    ]
