"""Where blocks of a drawing go on a grid: short links, few crossings, nothing under a link.

All arithmetic is on whole numbers, which short floats hold exactly on a sheet of up to 500 columns and multiply faster
than integers, and ties go to the first candidate, so that a drawing is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Numbers = NDArray[np.float32]
Spot = tuple[int, int]

GRAIN = 4
"""Steps of a coordinate in one grid unit; parts and links are measured in them."""
_CROSSING, _COVERED = 60, 150
"""What a crossing and a node under a link cost, in the unit of a link's length."""
_LABEL = 3
"""Half width of a label in grains; only boxes are wider."""
_CANDIDATES = 80
_TRIED_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Part:
    """One node of a block: its centre from the block's corner and its half size, in grains."""

    node: int
    dx: int
    dy: int
    half_width: int
    half_height: int


@dataclass(frozen=True, slots=True)
class Block:
    """Nodes that keep their places among each other, and the grid units that they occupy."""

    parts: tuple[Part, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two nodes; a line of weight 0 (a pipe) is only to be kept clear of."""

    start: int
    end: int
    weight: int


def place(
    blocks: Sequence[Block], edges: Sequence[Edge], size: Spot, known: Sequence[Spot | None], sweeps: int
) -> list[Spot]:
    """The corner of each block, in grid units, within `size` (columns, rows); `known` ones are where to begin."""
    # a product of matrices may look at what lies beside them in memory, and then warns of numbers that are none of ours
    with np.errstate(invalid="ignore", over="ignore"):
        return _placed(_Board(blocks, edges, size), known, sweeps)


def _placed(board: _Board, known: Sequence[Spot | None], sweeps: int) -> list[Spot]:
    blocks = board.blocks
    for index, spot in enumerate(known):
        if spot is not None:
            board.put(index, spot)
    while waiting := [index for index in range(len(blocks)) if board.spots[index] is None]:
        best = max(
            waiting, key=lambda index: (blocks[index].width * blocks[index].height > 2, board.pull(index), -index)
        )
        board.put(best, board.best_spot(best))
    for _ in range(sweeps):
        moved = False
        for index in range(len(blocks)):
            before = board.spots[index]
            board.take(index)
            board.put(index, board.best_spot(index, before))
            moved = moved or board.spots[index] != before
        if not moved:
            break
    return [spot for spot in board.spots if spot is not None]


class _Board:
    """The grid while it fills up."""

    def __init__(self, blocks: Sequence[Block], edges: Sequence[Edge], size: Spot) -> None:
        count = 1 + max(part.node for block in blocks for part in block.parts)
        self.blocks, self.size = blocks, size
        self.spots: list[Spot | None] = [None] * len(blocks)
        self.taken = np.zeros((size[1], size[0]), dtype=np.int64)
        self.centre, self.offset, self.half = (np.zeros((count, 2), dtype=np.float32) for _ in range(3))
        self.placed = np.zeros(count, dtype=bool)
        self.home = np.zeros(count, dtype=np.int64)
        for index, block in enumerate(blocks):
            for part in block.parts:
                self.home[part.node] = index
                self.offset[part.node] = part.dx, part.dy
                self.half[part.node] = part.half_width, part.half_height
        # a stock counts three times: what runs under its box cannot be followed
        self.worth = _COVERED * np.where(self.half[:, 0] > _LABEL, 3, 1).astype(np.float32)
        self.edges = np.array([(e.start, e.end) for e in edges], dtype=np.int64).reshape(-1, 2)
        self.weights = np.array([e.weight for e in edges], dtype=np.float32)

    def put(self, index: int, spot: Spot) -> None:
        block = self.blocks[index]
        self.spots[index] = spot
        self.taken[spot[1] : spot[1] + block.height, spot[0] : spot[0] + block.width] += 1
        for part in block.parts:
            self.centre[part.node] = GRAIN * spot[0] + part.dx, GRAIN * spot[1] + part.dy
            self.placed[part.node] = True

    def take(self, index: int) -> None:
        block, spot = self.blocks[index], self.spots[index]
        assert spot is not None
        self.spots[index] = None
        self.taken[spot[1] : spot[1] + block.height, spot[0] : spot[0] + block.width] -= 1
        for part in block.parts:
            self.placed[part.node] = False

    def pull(self, index: int) -> int:
        """Links from a block to what is placed."""
        ours = self.home[self.edges] == index
        return int((ours & self.placed[self.edges[:, ::-1]]).sum())

    def best_spot(self, index: int, now: Spot | None = None) -> Spot:
        """The free corner at which a block costs least; `now` wins a tie."""
        free = self._free(self.blocks[index])
        if now is not None:
            free = np.concatenate([np.array([now], dtype=np.int64), free])
        trial = _Trial(self, index)
        lengths = trial.lengths(free)
        near = np.argsort(lengths, kind="stable")[:_CANDIDATES]
        costs = _costs(trial, free[near], lengths[near])
        if now is not None and 0 in near:
            at = int(np.flatnonzero(near == 0)[0])
            if costs[at] <= costs.min():
                return now
        column, row = free[near[int(np.argmin(costs))]]
        return int(column), int(row)

    def _free(self, block: Block) -> Integers:
        total = np.zeros((self.size[1] + 1, self.size[0] + 1), dtype=np.int64)
        total[1:, 1:] = self.taken.cumsum(axis=0).cumsum(axis=1)
        h, w = block.height, block.width
        used = total[h:, w:] - total[:-h, w:] - total[h:, :-w] + total[:-h, :-w]
        rows, columns = np.nonzero(used == 0)
        middle = np.abs(2 * columns + w - self.size[0]) + np.abs(2 * rows + h - self.size[1])
        return np.stack([columns, rows], axis=1)[np.argsort(middle, kind="stable")]


class _Trial:
    """One block that is tried at many corners: what it costs there, with what is the same at all worked out once."""

    def __init__(self, board: _Board, index: int) -> None:
        parts = [part.node for part in board.blocks[index].parts]
        inside, placed = board.home[board.edges] == index, board.placed[board.edges]
        mine = inside.any(axis=1) & (placed | inside).all(axis=1)
        edges, ours = board.edges[mine], inside[mine]
        self._weights = board.weights[mine]
        # an end is where it is or, of the block itself, so far from its corner: [end, axis, 1, edge]
        self._base = np.where(ours[..., None], board.offset[edges], board.centre[edges]).transpose(1, 2, 0)[:, :, None]
        self._moves = GRAIN * ours.T[:, None, None].astype(np.float32)
        self._others = Lines(*board.centre[board.edges[placed.all(axis=1)]].transpose(1, 2, 0))
        nodes = np.flatnonzero(board.placed)
        self._nodes = Boxes(board.centre[nodes].T, board.half[nodes].T)
        strange = (edges[:, :, None] != nodes).all(axis=1)
        self._worth = (strange * board.worth[nodes]).ravel()
        self._parts = [(board.offset[part], board.half[part][:, None], board.worth[part]) for part in parts]

    def lengths(self, spots: Integers) -> Numbers:
        """How long the links are at each spot, a long one more than in proportion."""
        start, end = self._ends(spots)
        across = np.abs(end - start)
        length = across.sum(axis=0) + across.max(axis=0)
        return np.asarray((length + length * length // 16) @ self._weights, dtype=np.float32)

    def disorder(self, spots: Integers) -> Numbers:
        """What crossings and covered nodes cost at each spot."""
        count = len(spots)
        mine = Lines(*self._ends(spots).reshape(2, 2, -1))
        cost = mine.cross(self._others).reshape(count, -1).sum(axis=1) * np.float32(_CROSSING)
        cost += mine.cover(self._nodes).reshape(count, -1) @ self._worth
        for offset, half, worth in self._parts:
            covered = self._others.cover(Boxes((GRAIN * spots + offset).T.astype(np.float32), half))
            cost += worth * covered.sum(axis=0)
        return np.asarray(cost, dtype=np.float32)

    def _ends(self, spots: Integers) -> Numbers:
        """Where the block's links begin and end: [end, axis, spot, edge]."""
        return np.asarray(self._base + self._moves * spots.T[:, :, None].astype(np.float32), dtype=np.float32)


def _costs(trial: _Trial, spots: Integers, lengths: Numbers) -> Numbers:
    """What each spot costs, the shortest first; a spot that cannot be the best is left at infinity."""
    costs = np.full(len(spots), np.inf, dtype=np.float32)
    for first in range(0, len(spots), _TRIED_AT_ONCE):
        # disorder costs at least nothing, and the lengths grow from here on
        hopeful = int(np.searchsorted(lengths, costs.min(), side="right"))
        if hopeful <= first:
            break
        tried = slice(first, min(first + _TRIED_AT_ONCE, hopeful))
        costs[tried] = lengths[tried] + trial.disorder(spots[tried])
    return costs


class Boxes:
    """Rectangles by their centres and half sizes [axis, rectangle]."""

    def __init__(self, centre: Numbers, half: Numbers) -> None:
        self.half, one = half, np.ones(centre.shape[1], dtype=np.float32)
        (left, top), (right, bottom) = centre - half, centre + half
        self.edges = np.array([[one, -right], [one, -bottom], [one, left], [one, top]])
        self.centre = _points(centre)


class Lines:
    """Lines from `start` to `end` [axis, line].

    Every question asks all lines about all of something else, which is a product of two small matrices each time.
    """

    def __init__(self, start: Numbers, end: Numbers) -> None:
        self.start, self.end = _points(start), _points(end)
        x, y = across = end - start
        # with a point's row of `_points`: on which side of the line it lies, times the line's length
        self.side = np.array([x, -y, y * start[0] - x * start[1]])
        self.across = np.abs(across)[::-1]
        (left, top), (right, bottom) = np.minimum(start, end), np.maximum(start, end)
        one = np.ones(start.shape[1], dtype=np.float32)
        self.edges = np.array([[left, one], [top, one], [-right, one], [-bottom, one]])

    def cross(self, others: Lines) -> NDArray[np.bool_]:
        """Whether each line crosses each of `others`: [line, other]."""
        crossing = (self.side.T @ others.start) * (self.side.T @ others.end) < 0
        crossing &= (self.start.T @ others.side) * (self.end.T @ others.side) < 0
        return crossing

    def cover(self, boxes: Boxes) -> NDArray[np.bool_]:
        """Whether each line goes through each of `boxes`: [line, rectangle]."""
        # distance of the centre from the line against the rectangle's reach across it, both times the line's length
        beyond = np.abs(self.side.T @ boxes.centre) - self.across.T @ boxes.half
        for line, box in zip(self.edges, boxes.edges, strict=True):
            np.maximum(beyond, line.T @ box, out=beyond)
        return np.asarray(beyond <= 0, dtype=bool)


def _points(points: Numbers) -> Numbers:
    """Points [axis, point] as `Lines.side` needs them."""
    return np.array([points[1], points[0], np.ones(points.shape[1], dtype=np.float32)])
