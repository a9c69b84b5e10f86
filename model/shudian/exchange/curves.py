"""Rectangles and the curved links between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Points = NDArray[np.float64]

_BENDS = (10, -10, 17, -17, 24, -24, 31, -31, 38, -38, 46, -46, 56, -56)
"""How far the middle of a link may stand beside the straight line, in hundredths of its length."""
_SAMPLES = 120


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its centre and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """Its upper edge; y grows downwards."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height / 2


def meet(a: Box, b: Box) -> bool:
    """Whether two rectangles have a part in common; a shared edge is none."""
    return abs(a.x - b.x) * 2 < a.width + b.width and abs(a.y - b.y) * 2 < a.height + b.height


@dataclass(frozen=True, slots=True)
class Curve:
    """A quadratic Bézier curve, cut off where it leaves its cause and where it meets its effect."""

    start: Point
    control: Point
    end: Point
    middle: Point
    """A point of the curve halfway between the centres."""


def curve_between(
    cause: Sequence[Box], effect: Sequence[Box], obstacles: Sequence[Box], others: Sequence[Curve], sheet: Box
) -> Curve:
    """The link from the boxes of `cause` to those of `effect` that goes over least of `obstacles`.

    Of links that are alike in that it is the one that is bent least and does not run where one of `others` has its
    middle; it stays within `sheet`.
    """
    boxes = np.array([(box.left, box.right, box.top, box.bottom) for box in obstacles]).reshape(-1, 4)
    taken = np.array([other.middle for other in others]).reshape(-1, 2)
    best: tuple[int, Curve] | None = None
    for rank, bend in enumerate(_BENDS):
        # a link costs its rank at least
        if best is not None and best[0] <= rank:
            break
        points = _arc(_middle(cause), _middle(effect), bend / 100)
        first, last = _outside(points, cause, effect)
        seen = points[first : last + 1]
        cost = 25 * _within(seen, boxes) + rank + 200 * bool((~_in(points, sheet, 0.0)).any())
        if len(taken):
            cost += 12 * int((np.abs(taken - points[_SAMPLES // 2]).max(axis=1) < 8).sum())
        if best is None or cost < best[0]:
            best = cost, _cut(points, first, last)
    assert best is not None
    return best[1]


def beside_the_pipe(stock: Box, valve: Box) -> Curve:
    """The link from a stock to the valve of its own flow: a low arc over the pipe that joins them."""
    side = 1 if valve.x > stock.x else -1
    start = (stock.x + side * stock.width / 2, valve.y - 5)
    end = (valve.x - side * valve.width / 2, valve.top - 1)
    across = (start[0] + end[0]) / 2
    return Curve(start, (across, valve.y - 17), end, (across, valve.y - 11))


def _arc(start: Point, end: Point, bend: float) -> Points:
    a, b = np.array(start), np.array(end)
    across = np.array([b[1] - a[1], a[0] - b[0]])
    control = (a + b) / 2 + 2 * bend * across
    t = np.linspace(0, 1, _SAMPLES + 1)[:, None]
    return np.asarray((1 - t) ** 2 * a + 2 * t * (1 - t) * control + t**2 * b)


def _outside(points: Points, cause: Sequence[Box], effect: Sequence[Box]) -> tuple[int, int]:
    """The first sample beyond the cause and the last one before the effect."""
    after = np.flatnonzero(np.any([_in(points, box, 2.0) for box in cause], axis=0))
    before = np.flatnonzero(np.any([_in(points, box, 2.0) for box in effect], axis=0))
    first = int(after[-1]) + 1 if len(after) else 0
    last = int(before[0]) - 1 if len(before) else _SAMPLES
    return (first, last) if first < last else (0, _SAMPLES)


def _middle(boxes: Sequence[Box]) -> Point:
    """The middle of the boxes' common frame."""
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    return (left + right) / 2, (min(box.top for box in boxes) + max(box.bottom for box in boxes)) / 2


def _in(points: Points, box: Box, around: float) -> NDArray[np.bool_]:
    x, y = np.abs(points[:, 0] - box.x), np.abs(points[:, 1] - box.y)
    return np.asarray((x <= box.width / 2 + around) & (y <= box.height / 2 + around))


def _within(points: Points, boxes: Points) -> int:
    """How many of the boxes (left, right, top, bottom) the points touch."""
    x, y = points[:, None, 0], points[:, None, 1]
    # `any` sample inside counts once for a box, however long the way through it
    inside = (x > boxes[:, 0]) & (x < boxes[:, 1]) & (y > boxes[:, 2]) & (y < boxes[:, 3])
    return int(inside.any(axis=0).sum())


def _cut(points: Points, first: int, last: int) -> Curve:
    """The part from sample `first` to sample `last`, as a curve of its own."""
    u, v = first / _SAMPLES, last / _SAMPLES
    a, b = points[0], points[-1]
    control = 2 * points[_SAMPLES // 2] - (a + b) / 2
    inner = (1 - u) * (1 - v) * a + ((1 - u) * v + u * (1 - v)) * control + u * v * b
    return Curve(_point(points[first]), _point(inner), _point(points[last]), _point(points[_SAMPLES // 2]))


def _point(values: Points) -> Point:
    return round(float(values[0]), 2), round(float(values[1]), 2)
