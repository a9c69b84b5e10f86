"""The stock-and-flow diagram of a sector, laid out: stocks as boxes, flows as valved pipes, links as curves.

The places do not depend on the language; labels are then wrapped into the room that every node has.
Coordinates are those of a Vensim sketch: points to the right and down.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from shudian.exchange.curves import Box, Curve, Point, beside_the_pipe, curve_between
from shudian.exchange.draft import Draft, NodeKind, draft, sectors_of
from shudian.exchange.placement import GRAIN, Boxes, Edge, Lines, Spot
from shudian.exchange.places import placed
from shudian.kinds import InputError, Model
from shudian.toml_file import nearest

UNIT = 50
"""Points in one grid unit; an auxiliary takes two by one."""
FONT_SIZE, LINE = 10.0, 12.5
_ROOM = {"stock": 84.0, "flow": 106.0, "auxiliary": 92.0, "parameter": 92.0}
"""Greatest width of a label in points; that of a flow may go on below its cloud."""
_STOCK_WIDTH = 88.0
_MARGIN = 30
_PIXELS = 96 / 72
"""A view is laid out in points; the other tools count in pixels, of which there are 96 to an inch."""
_PIPE_RAISED = 10
"""A pipe runs this far above the middle of its row, so that its label fits below."""
_FAR = 8 * GRAIN
"""A link longer than this (along the axes) is replaced by a ghost of its cause beside its effect; less, down to half
of it, where a cause has many effects."""


@dataclass(frozen=True, slots=True)
class Node:
    """A variable, a parameter or a cloud in its place."""

    name: str
    kind: NodeKind
    ghost: bool
    """True for a grey repetition of what has its own place elsewhere, in this view or in another."""
    body: Box
    """The box of a stock, the valve of a flow, a cloud; for everything else the label."""
    label: Box
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pipe:
    """The pipe of a flow from `source` to `sink` (stocks or clouds); numbers are positions in View.nodes."""

    flow: int
    source: int
    sink: int
    points: tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Link:
    """A causal link between two nodes of the view."""

    cause: int
    effect: int
    curve: Curve


@dataclass(frozen=True, slots=True)
class View:
    """A drawing with everything in its place."""

    nodes: tuple[Node, ...]
    pipes: tuple[Pipe, ...]
    links: tuple[Link, ...]
    width: float
    height: float


def view(model: Model, sector: str, text: Callable[[str], str], *, complete: bool = False) -> View:
    """The diagram of `sector`, with `text(name)` as the label of each variable.

    A picture shows of the numbers only levers and assumptions, leaves out what only says where stocks begin, and
    draws stocks of other sectors in grey where a flow of this one moves them. A `complete` view is for other
    tools: over all of them every variable and every number has exactly one place that is no ghost, and a flow
    whose stocks are elsewhere runs between clouds. Raises InputError for a sector without equations.
    """
    if sector not in sectors_of(model):
        known = sectors_of(model)
        raise InputError(
            "there is no sector “{name}”{nearest}; the sectors are {names}",
            name=sector,
            nearest=nearest(sector, known),
            names=tuple(known),
        )
    return lay_out(*arrangement(model, sector, complete), text)


def nodes_of(model: Model, sector: str, text: Callable[[str], str]) -> tuple[Node, ...]:
    """The nodes alone of the picture of `sector`, for a caller that has its links, which cost most."""
    return _nodes(*arrangement(model, sector, False), text)


@cache
def file_views(model: Model) -> Mapping[str, View]:
    """Sector -> its complete view, with identifiers as labels: what a model file of another tool shows."""
    return {sector: view(model, sector, lambda name: name, complete=True) for sector in sectors_of(model)}


def pixels(point: Point) -> tuple[int, int]:
    """A place or a size in a view as a model file of another tool counts it."""
    return round(point[0] * _PIXELS), round(point[1] * _PIXELS)


def lay_out(drawing: Draft, spots: Sequence[Spot], text: Callable[[str], str]) -> View:
    """The drawing with its blocks at `spots`, and with `text(name)` as the label of each variable."""
    nodes = _nodes(drawing, spots, text)
    pipes = tuple(Pipe(flow, a, b, _pipe_ends(nodes[flow], nodes[a], nodes[b])) for flow, a, b in drawing.pipes)
    width, height = extent(nodes)
    links = _links(drawing, nodes, pipes, Box(width / 2, height / 2, width, height))
    return View(nodes, pipes, links, width, height)


def extent(nodes: Sequence[Node]) -> tuple[float, float]:
    """The width and height of a view with these nodes."""
    return max(node.label.right for node in nodes) + _MARGIN, max(node.label.bottom for node in nodes) + _MARGIN


def _nodes(drawing: Draft, spots: Sequence[Spot], text: Callable[[str], str]) -> tuple[Node, ...]:
    return tuple(_node(drawing, position, centre, text) for position, centre in enumerate(_centres(drawing, spots)))


def arrangement(model: Model, sector: str, complete: bool) -> tuple[Draft, tuple[Spot, ...]]:
    """The drawing of a `view` and the corner of each of its blocks."""
    drawing = draft(model, sector, complete)
    spots = arranged(drawing, [], 12)
    for _ in range(2):
        count = len(drawing.blocks)
        _shorten(drawing, _centres(drawing, spots))
        if len(drawing.blocks) == count:
            break
        spots = arranged(drawing, spots, 6)
    return drawing, tuple(spots)


def arranged(drawing: Draft, begin: Sequence[Spot], sweeps: int) -> list[Spot]:
    """The corner of each block, in grid units, improved `sweeps` times; the first ones start at `begin`."""
    edges = [Edge(cause, effect, 1) for cause, effect in drawing.links]
    edges += [Edge(a, b, 0) for _, a, b in drawing.pipes]
    area = sum(block.width * (block.height + 1) for block in drawing.blocks)
    # a long chain makes the sheet wide; there must still be room above and below it
    rows = 5 + max(block.height for block in drawing.blocks)
    while rows * _columns(rows, drawing) < area * 0.88:
        rows += 1
    known = [*begin, *[None] * (len(drawing.blocks) - len(begin))]
    return placed(drawing.blocks, edges, (_columns(rows, drawing), rows), known, sweeps)


def _columns(rows: int, drawing: Draft) -> int:
    return max(rows * 8 // 5, *(block.width + 2 for block in drawing.blocks))


def _centres(drawing: Draft, spots: Sequence[Spot]) -> list[Spot]:
    """The centre of each node, in grains; grid columns and rows in which nothing stands are left out."""
    centres: list[Spot] = [(0, 0)] * len(drawing.items)
    placed = list(zip(drawing.blocks, spots, strict=True))
    columns = sorted({spot[0] + step for block, spot in placed for step in range(block.width)})
    rows = sorted({spot[1] + step for block, spot in placed for step in range(block.height)})
    for block, spot in placed:
        for part in block.parts:
            centres[part.node] = GRAIN * columns.index(spot[0]) + part.dx, GRAIN * rows.index(spot[1]) + part.dy
    return centres


def _shorten(drawing: Draft, centres: list[Spot]) -> None:
    """Give an effect a ghost of its cause where the cause is far away, or a stock stands between them.

    What has no causes here keeps its nearest effect, so that nothing is left without a link.
    """
    stocks = [(p.node, p) for block in drawing.blocks for p in block.parts if drawing.items[p.node].kind == "stock"]
    uses = Counter(cause for cause, _ in drawing.links)
    has_causes = {effect for _, effect in drawing.links} | {node for pipe in drawing.pipes for node in pipe}
    nearest_use: dict[int, tuple[int, int]] = {}
    for position, (cause, effect) in enumerate(drawing.links):
        if cause not in has_causes:
            found = _apart(centres[cause], centres[effect]), position
            nearest_use[cause] = min(nearest_use.get(cause, found), found)
    for position, (cause, effect) in enumerate(drawing.links):
        if cause in nearest_use and nearest_use[cause][1] == position:
            continue
        item = drawing.items[cause]
        between = [(*centres[node], p.half_width, p.half_height) for node, p in stocks if node not in (cause, effect)]
        boxes = np.array(between, dtype=np.float32).reshape(-1, 4).T
        line = Lines(*(np.array(centres[node], dtype=np.float32)[:, None] for node in (cause, effect)))
        hidden = line.cover(Boxes(boxes[:2], boxes[2:])).any()
        far = max(_FAR - GRAIN * max(uses[cause] - 3, 0), _FAR // 2)
        if hidden or _apart(centres[cause], centres[effect]) > far:
            kind: NodeKind = "parameter" if item.kind == "parameter" else "auxiliary"
            drawing.links[position] = drawing.alone(item.name, kind, ghost=True), effect


def _apart(a: Spot, b: Spot) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _node(drawing: Draft, position: int, centre: Spot, text: Callable[[str], str]) -> Node:
    item = drawing.items[position]
    x, y = _MARGIN + centre[0] * UNIT / GRAIN, _MARGIN + centre[1] * UNIT / GRAIN
    if item.kind == "cloud":
        cloud = Box(x, y - _PIPE_RAISED, 22, 15)
        return Node("", "cloud", False, cloud, cloud, ())
    shown = f"<{text(item.name)}>" if item.ghost else text(item.name)
    lines = wrapped(shown, _ROOM[item.kind])
    wide, tall = max(map(text_width, lines)) + 4, LINE * len(lines)
    if item.kind == "flow":
        valve = Box(x, y - _PIPE_RAISED, 12, 15)
        return Node(item.name, "flow", item.ghost, valve, Box(x, valve.bottom + 1 + tall / 2, wide, tall), lines)
    if item.kind == "stock":
        box = Box(x, y, _STOCK_WIDTH, UNIT * item.rows - 8)
        return Node(item.name, "stock", item.ghost, box, box, lines)
    label = Box(x, y, wide, tall)
    return Node(item.name, item.kind, item.ghost, label, label, lines)


def _pipe_ends(flow: Node, source: Node, sink: Node) -> tuple[Point, Point]:
    y = flow.body.y
    rightwards = source.body.x < sink.body.x
    begin = source.body.right if rightwards else source.body.left
    end = sink.body.left if rightwards else sink.body.right
    return (begin, y), (end, y)


def _links(drawing: Draft, nodes: tuple[Node, ...], pipes: tuple[Pipe, ...], sheet: Box) -> tuple[Link, ...]:
    obstacles = [(position, box) for position, node in enumerate(nodes) for box in _parts(node)]
    for pipe in pipes:
        (x, y), (u, _) = pipe.points
        obstacles.append((-1, Box((x + u) / 2, y, abs(x - u), 6)))
    links: list[Link] = []
    for cause, effect in drawing.links:
        clear = [box for owner, box in obstacles if owner not in (cause, effect)]
        ends = _outline(nodes[cause], nodes[effect]), _outline(nodes[effect], nodes[cause])
        if any(pipe.flow == effect and cause in (pipe.source, pipe.sink) for pipe in pipes):
            links.append(Link(cause, effect, beside_the_pipe(nodes[cause].body, nodes[effect].body)))
            continue
        links.append(Link(cause, effect, curve_between(*ends, clear, [link.curve for link in links], sheet)))
    return tuple(links)


def _parts(node: Node) -> tuple[Box, ...]:
    """What a link should not run over; a stock counts three times, since nothing can be read under it."""
    return (node.body,) * 3 if node.kind == "stock" else tuple({node.body, node.label})


def _outline(node: Node, other: Node) -> tuple[Box, ...]:
    """What a link ends at: the lines of a label and the valve above it, or the part of a stock beside the other end."""
    if node.kind == "stock":
        spare = max(0.0, (node.body.height - UNIT) / 2)
        y = min(max(other.label.y, node.body.y - spare), node.body.y + spare)
        return (Box(node.body.x, y, node.body.width, node.body.height - 2 * spare),)
    top = node.label.top + LINE / 2
    lines = [Box(node.label.x, top + LINE * i, text_width(line), LINE) for i, line in enumerate(node.lines)]
    return (*lines, node.body) if node.kind == "flow" else tuple(lines)


def text_width(line: str) -> float:
    """Width of a line in points: a Chinese character is square, a Latin letter takes somewhat over half."""
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in line)
    return FONT_SIZE * (wide + 0.55 * (len(line) - wide))


@cache
def wrapped(text: str, room: float) -> tuple[str, ...]:
    """`text` on as few lines as fit into `room`, as even as they can be; Latin words stay whole."""
    words = re.findall(r"\s*[（“<]*(?:[!-;=?-~]+|.)[”）、，>]*", text.replace("_", " "))
    count = 1
    while True:
        lines = _broken(words, text_width(text) / count, room)
        if all(text_width(line) <= room for line in lines) or count > len(words):
            return lines
        count += 1


def _broken(words: list[str], aim: float, room: float) -> tuple[str, ...]:
    lines = [""]
    for word in words:
        longer = lines[-1] + word
        if text_width(longer) <= room and text_width(longer) - text_width(word) / 2 <= aim:
            lines[-1] = longer
        else:
            lines.append(word.strip())
    return tuple(line for line in lines if line)
