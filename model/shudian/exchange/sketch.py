"""The views of a Vensim file: one stock-and-flow diagram for each sector.

The format: https://www.vensim.com/documentation/sketch_objects.html and the sketches that Vensim itself writes.
Sizes of boxes are half sizes there; numbers that do not matter here are those that Vensim writes.
"""

from __future__ import annotations

from collections.abc import Mapping

from shudian.exchange.curves import Box, Point
from shudian.exchange.layout import Node, View, file_views, pixels
from shudian.exchange.names import sector_label
from shudian.exchange.polarity import polarities
from shudian.kinds import Model

_HEAD = (
    "\\\\\\---/// Sketch information - do not modify anything except names\n"
    "V300  Do not put anything below this section - it will be ignored\n"
)
_STYLE = "$192-192-192,0,Arial|10||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,100,0"
_BOX, _PLAIN, _ON_VALVE = 3, 8, 40
"""Vensim's shapes: a stock, a name without a box, a name below a valve."""
_OWN, _SHADOW = 3, 2
"""Bit 1 lets arrows in; a shadow variable has none."""
_GREY = "0,3,-1,0,0,0,128-128-128,0-0-0,|10||128-128-128"
_PIPE_FORWARD, _PIPE_BACK, _CURVED = 4, 100, 1
_SIGNS = {1: ord("+"), -1: ord("-"), 0: 0}


def sketch(model: Model) -> str:
    """Everything from the first view's head to the last view's end, one view for each sector of `model`.

    Every variable and parameter stands in exactly one view as itself; elsewhere it is a shadow variable.
    """
    signs = polarities(model)
    text = []
    for sector, drawn in file_views(model).items():
        text.append(f"{_HEAD}*{sector_label(sector).en}\n{_STYLE}\n{_text(drawn, signs)}")
    return "".join(text)


def sign_of(cause: Node, effect: Node, signs: Mapping[tuple[str, str], int]) -> int:
    """1 where more of `cause` means more of `effect`, -1 where it means less, 0 where neither can be said."""
    # an arrow into a stock tells where it begins, which is neither more nor less of it
    return 0 if effect.kind == "stock" else signs[cause.name, effect.name]


def _text(drawn: View, signs: Mapping[tuple[str, str], int]) -> str:
    lines = _Lines()
    ends = {position for pipe in drawn.pipes for position in (pipe.source, pipe.sink)}
    piped = {pipe.flow: pipe for pipe in drawn.pipes}
    for position, node in enumerate(drawn.nodes):
        if node.kind != "flow":
            lines.node(position, node, boxed=position in ends)
    for position, pipe in piped.items():
        lines.flow(position, drawn.nodes[position], pipe.source, pipe.sink, pipe.points)
    for link in drawn.links:
        cause, effect = drawn.nodes[link.cause], drawn.nodes[link.effect]
        lines.link(link.cause, link.effect, link.curve.middle, sign_of(cause, effect, signs))
    return "".join(f"{line}\n" for line in lines.written)


class _Lines:
    """Numbers the objects of a view as it writes them."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.number: dict[int, int] = {}
        """Position in the view -> number of its object; for a flow that of its name."""

    def _next(self) -> int:
        return len(self.written) + 1

    def node(self, position: int, node: Node, boxed: bool) -> None:
        self.number[position] = self._next()
        box = _box(node.body)
        if node.kind == "cloud":
            self.written.append(f"12,{self._next()},48,{box},0,3,0,0,-1,0,0,0")
        else:
            self._name(node, box, _BOX if boxed else _PLAIN)

    def _name(self, node: Node, box: str, shape: int) -> None:
        rest = f"{_SHADOW},{_GREY}" if node.ghost else f"{_OWN},0,0,{0 if shape == _BOX else -1},0,0,0"
        self.written.append(f"10,{self._next()},{node.name},{box},{shape},{rest}")

    def flow(self, position: int, node: Node, source: int, sink: int, points: tuple[Point, Point]) -> None:
        # Vensim counts on the name coming right after its valve
        valve = self._next() + 2
        for shape, end, point in ((_PIPE_FORWARD, sink, points[1]), (_PIPE_BACK, source, points[0])):
            self.written.append(
                f"1,{self._next()},{valve},{self.number[end]},{shape},0,0,22,0,0,0,-1--1--1,,1|({_rounded(point)})|"
            )
        self.written.append(f"11,{valve},0,{_box(node.body)},34,3,0,0,1,0,0,0")
        self.number[position] = self._next()
        self._name(node, _box(node.label), _ON_VALVE)

    def link(self, cause: int, effect: int, middle: Point, sign: int) -> None:
        start, end = self.number[cause], self.number[effect]
        self.written.append(
            f"1,{self._next()},{start},{end},{_CURVED},0,{_SIGNS[sign]},0,0,{192 if sign else 64},0,-1--1--1,,"
            f"1|({_rounded(middle)})|"
        )


def _box(box: Box) -> str:
    return f"{_rounded((box.x, box.y))},{_rounded((box.width / 2, box.height / 2))}"


def _rounded(point: Point) -> str:
    x, y = pixels(point)
    return f"{x},{y}"
