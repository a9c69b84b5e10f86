"""The view of an XMILE file: the stock-and-flow diagrams of all sectors, one below the other, each in its frame.

The format: section 6 of https://docs.oasis-open.org/xmile/xmile/v1.0/xmile-v1.0.html
A cloud is not written there: a pipe has one wherever it does not end at a stock. One view and not one for each
sector, because readers of XMILE draw the first view only and look there for what an alias repeats.
"""

from __future__ import annotations

from cmath import phase
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from math import degrees
from xml.etree import ElementTree as ET

from shudian.exchange.curves import Point
from shudian.exchange.layout import View, file_views, pixels
from shudian.exchange.polarity import polarities
from shudian.exchange.sketch import sign_of
from shudian.kinds import Model

_TAGS = {"stock": "stock", "flow": "flow", "auxiliary": "aux", "parameter": "aux"}
_SIGNS = {1: "+", -1: "-", 0: "none"}
_APART = 40
"""Pixels between the frames of two sectors."""


def add_view(parent: ET.Element, model: Model) -> None:
    """Add `<views>` with the diagram of `model` to the `<model>` element `parent`.

    Every variable and parameter stands there once as itself, in the frame of its sector; elsewhere it is an alias.
    An alias has no pipe: a flow that moves a stock of another sector has its own between clouds, where it is itself.
    """
    element = ET.SubElement(ET.SubElement(parent, "views"), "view", {"type": "stock_flow"})
    signs = polarities(model)
    uids = count(1)
    top = 0
    for sector, drawn in file_views(model).items():
        uid = {position: str(next(uids)) for position, node in enumerate(drawn.nodes) if node.kind != "cloud"}
        width, height = pixels((drawn.width, drawn.height))
        frame = {"x": "0", "y": str(top), "width": str(width), "height": str(height)}
        ET.SubElement(element, "group", {"name": sector, "uid": str(next(uids)), **frame})
        _Sheet(element, drawn, uid, top).write(signs)
        top += height + _APART


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The drawing of a sector within the view."""

    element: ET.Element
    drawn: View
    uid: Mapping[int, str]
    """Position in the drawing -> number in the whole view."""
    top: int

    def write(self, signs: Mapping[tuple[str, str], int]) -> None:
        points = {pipe.flow: pipe.points for pipe in self.drawn.pipes}
        for position in self.uid:
            self._node(position, points.get(position, ()))
        for link in self.drawn.links:
            cause, effect = self.drawn.nodes[link.cause], self.drawn.nodes[link.effect]
            angle = takeoff((cause.body.x, cause.body.y), link.curve.middle, (effect.body.x, effect.body.y))
            drawing = {"angle": str(angle), "polarity": _SIGNS[sign_of(cause, effect, signs)]}
            connector = ET.SubElement(self.element, "connector", drawing)
            self._end(ET.SubElement(connector, "from"), link.cause)
            self._end(ET.SubElement(connector, "to"), link.effect)

    def _node(self, position: int, points: tuple[Point, ...]) -> None:
        node = self.drawn.nodes[position]
        place = {"uid": self.uid[position], **self._place((node.body.x, node.body.y))}
        if node.ghost:
            ET.SubElement(ET.SubElement(self.element, "alias", place), "of").text = node.name
            return
        drawing = ET.SubElement(self.element, _TAGS[node.kind], {"name": node.name, **place})
        if points:
            pts = ET.SubElement(drawing, "pts")
            for point in points:
                ET.SubElement(pts, "pt", self._place(point))
        else:
            width, height = pixels((node.body.width, node.body.height))
            kind = "rectangle" if node.kind == "stock" else "name_only"
            ET.SubElement(drawing, "shape", {"type": kind, "width": str(width), "height": str(height)})

    def _end(self, end: ET.Element, position: int) -> None:
        if self.drawn.nodes[position].ghost:
            ET.SubElement(end, "alias", {"uid": self.uid[position]})
        else:
            end.text = self.drawn.nodes[position].name

    def _place(self, point: Point) -> dict[str, str]:
        x, y = pixels(point)
        return {"x": str(x), "y": str(y + self.top)}


def takeoff(start: Point, middle: Point, end: Point) -> float:
    """The direction in which the arc of a circle through three points leaves the first, in degrees from 0 to 360.

    0 is to the right and 90 up, while the points' second coordinate grows downwards.
    """
    a, m, b = (complex(x, -y) for x, y in (start, middle, end))
    # the angle between tangent and chord is what the angle at the middle lacks to a straight line
    return round(degrees(phase((m - a) * (b - a) / (b - m))), 1) % 360
