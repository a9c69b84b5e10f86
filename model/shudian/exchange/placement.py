"""Where blocks of a drawing go on a grid: short links, few crossings, nothing under a link.

All arithmetic is on integers and ties go to the first candidate, so that a drawing is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Spot = tuple[int, int]

GRAIN = 4
"""Steps of a coordinate in one grid unit; parts and links are measured in them."""
_CROSSING, _COVERED = 60, 150
"""What a crossing and a node under a link cost, in the unit of a link's length."""
_LABEL = 3
"""Half width of a label in grains; only boxes are wider."""
_CANDIDATES = 80
_TRIED_AT_ONCE = 16
_HOPELESS = np.iinfo(np.int64).max


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
    board = _Board(blocks, edges, size)
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
        self.centre = np.zeros((count, 2), dtype=np.int64)
        self.half = np.zeros((count, 2), dtype=np.int64)
        self.placed = np.zeros(count, dtype=bool)
        self.home = np.zeros(count, dtype=np.int64)
        for index, block in enumerate(blocks):
            for part in block.parts:
                self.home[part.node] = index
                self.half[part.node] = part.half_width, part.half_height
        self.edges = np.array([(e.start, e.end) for e in edges], dtype=np.int64).reshape(-1, 2)
        self.weights = np.array([e.weight for e in edges], dtype=np.int64)

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
        ours = (self.home[self.edges] == index).any(axis=1)
        both = self.placed[self.edges] | (self.home[self.edges] == index)
        mine = np.flatnonzero(ours & both.all(axis=1))
        lengths = self._lengths(index, free, mine)
        near = np.argsort(lengths, kind="stable")[:_CANDIDATES]
        costs = self._costs(index, free[near], mine, lengths[near])
        if now is not None and 0 in near:
            at = int(np.flatnonzero(near == 0)[0])
            if costs[at] <= costs.min():
                return now
        column, row = free[near[int(np.argmin(costs))]]
        return int(column), int(row)

    def _costs(self, index: int, spots: Integers, mine: Integers, lengths: Integers) -> Integers:
        """What each spot costs, the shortest first; a spot that cannot be the best is left at _HOPELESS."""
        costs = np.full(len(spots), _HOPELESS)
        for first in range(0, len(spots), _TRIED_AT_ONCE):
            # disorder costs at least nothing, and the lengths grow from here on
            if lengths[first] > costs.min():
                break
            tried = slice(first, first + _TRIED_AT_ONCE)
            costs[tried] = lengths[tried] + self._disorder(index, spots[tried], mine)
        return costs

    def _free(self, block: Block) -> Integers:
        total = np.zeros((self.size[1] + 1, self.size[0] + 1), dtype=np.int64)
        total[1:, 1:] = self.taken.cumsum(axis=0).cumsum(axis=1)
        h, w = block.height, block.width
        used = total[h:, w:] - total[:-h, w:] - total[h:, :-w] + total[:-h, :-w]
        rows, columns = np.nonzero(used == 0)
        middle = np.abs(2 * columns + w - self.size[0]) + np.abs(2 * rows + h - self.size[1])
        return np.stack([columns, rows], axis=1)[np.argsort(middle, kind="stable")]

    def _ends(self, index: int, spots: Integers, edges: Integers) -> tuple[Integers, Integers]:
        """Ends of the edges for each spot of the block: [spot, edge, 2]."""
        ends = []
        offset = {part.node: (part.dx, part.dy) for part in self.blocks[index].parts}
        for side in (0, 1):
            nodes = self.edges[edges, side]
            still = np.broadcast_to(self.centre[nodes], (len(spots), len(nodes), 2)).copy()
            for k, node in enumerate(nodes.tolist()):
                if node in offset:
                    still[:, k] = GRAIN * spots + np.array(offset[node])
            ends.append(still)
        return ends[0], ends[1]

    def _lengths(self, index: int, spots: Integers, mine: Integers) -> Integers:
        start, end = self._ends(index, spots, mine)
        across = np.abs(end - start)
        length = across.sum(axis=2) + np.maximum(across[..., 0], across[..., 1])
        return np.asarray(((length + length * length // 16) * self.weights[mine]).sum(axis=1), dtype=np.int64)

    def _disorder(self, index: int, spots: Integers, mine: Integers) -> Integers:
        """Crossings and covered nodes, [spot]."""
        start, end = self._ends(index, spots, mine)
        whole = self.placed[self.edges].all(axis=1)
        other = np.flatnonzero(whole)
        a, b = self.centre[self.edges[other, 0]], self.centre[self.edges[other, 1]]
        cost = _CROSSING * _crosses(start[:, :, None], end[:, :, None], a, b).sum(axis=(1, 2))
        nodes = np.flatnonzero(self.placed)
        covered = covers(start[:, :, None], end[:, :, None], self.centre[nodes], self.half[nodes])
        covered &= (self.edges[mine][:, None, :] != nodes[None, :, None]).all(axis=2)
        cost += _COVERED * (covered * self._worth(nodes)).sum(axis=(1, 2))
        for part in self.blocks[index].parts:
            centre = GRAIN * spots + np.array([part.dx, part.dy])
            half = np.array([part.half_width, part.half_height])
            worth = self._worth(np.array([part.node]))
            cost += _COVERED * worth * covers(a[None], b[None], centre[:, None], half).sum(axis=1)
        return np.asarray(cost, dtype=np.int64)

    def _worth(self, nodes: Integers) -> Integers:
        """A stock counts three times: what runs under its box cannot be followed."""
        return np.where(self.half[nodes, 0] > _LABEL, 3, 1)


def _side(a: Integers, b: Integers, point: Integers) -> Integers:
    return np.asarray(
        np.sign(
            (b[..., 0] - a[..., 0]) * (point[..., 1] - a[..., 1])
            - (b[..., 1] - a[..., 1]) * (point[..., 0] - a[..., 0])
        ),
        dtype=np.int64,
    )


def _crosses(a: Integers, b: Integers, c: Integers, d: Integers) -> NDArray[np.bool_]:
    apart = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)
    return np.asarray(apart, dtype=bool)


def covers(a: Integers, b: Integers, centre: Integers, half: Integers) -> NDArray[np.bool_]:
    """Whether the line from `a` to `b` goes through the rectangle."""
    # axis by axis: NumPy takes several times as long over an axis of two
    ax, ay, bx, by, x, y = a[..., 0], a[..., 1], b[..., 0], b[..., 1], centre[..., 0], centre[..., 1]
    wide, tall = half[..., 0], half[..., 1]
    meets = (np.minimum(ax, bx) <= x + wide) & (np.maximum(ax, bx) >= x - wide)
    meets &= (np.minimum(ay, by) <= y + tall) & (np.maximum(ay, by) >= y - tall)
    # distance of the centre from the line against the rectangle's reach across it, both times the line's length
    aside = np.abs((bx - ax) * (y - ay) - (by - ay) * (x - ax))
    reach = wide * np.abs(by - ay) + tall * np.abs(bx - ax)
    return np.asarray(meets & (aside <= reach), dtype=bool)
