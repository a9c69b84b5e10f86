"""The stock-and-flow diagram of a sector as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shudian.exchange.curves import Box, Curve, Point, meet
from shudian.exchange.layout import FONT_SIZE, LINE, Link, Node, View
from shudian.kinds import Role
from shudian.report.render import figure_page as page

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STOCK_FILL, STOCK_EDGE, GHOST, LINK = "#e6eef7", page.DARK, "#7a7a7a", "#8fa3b5"
CHOSEN: Mapping[str, tuple[str, str, str]] = {
    "lever": (page.SIGNAL, "#fdeee2", "-"),
    "assumption": ("#4b3d8f", "#ffffff", "--"),
}
"""Ink, fill and outline of what a scenario sets: levers are filled, assumptions have a dashed frame."""
SIGN, _SMALL = (8.0, 10.0), (5.0, 6.0)
"""Room for the sign of a link in points: among the loops, and in a sector's diagram."""
_PUFFS = ((-5, 2, 11, 9), (5, 2, 11, 9), (-1, -2, 12, 10))
"""A cloud is three ellipses: offset from its centre, and size."""


def draw_view(
    axes: Axes, view: View, roles: Mapping[str, Role], signs: Mapping[tuple[str, str], int], scale: float
) -> None:
    """Draw `view` on axes whose unit is a point of the view; `scale` is points of paper per point of the view.

    `signs` has the sign of each link from a cause to its effect.
    """
    taken = [box for node in view.nodes for box in (node.body, node.label)]
    for link in view.links:
        draw_link(axes, link, scale, LINK, 0.9, "-")
        sign = signs[view.nodes[link.cause].name, view.nodes[link.effect].name]
        spot = free_spot(taken, [beside(link.curve, back, side) for back in (9, 14) for side in (5, -5)], _SMALL)
        draw_sign(axes, spot, sign, scale, page.QUIET, 7.5)
    for pipe in view.pipes:
        draw_pipe(axes, pipe.points, scale)
        draw_valve(axes, view.nodes[pipe.flow], scale)
    for node in view.nodes:
        ink = GHOST if node.ghost else page.INK
        if node.kind == "stock":
            draw_stock(axes, node.body, node.ghost, scale)
        elif node.kind == "cloud":
            draw_cloud(axes, node.body, scale)
        elif roles.get(node.name) in CHOSEN:
            ink = CHOSEN[roles[node.name]][0]
            draw_chosen(axes, node.label, roles[node.name], scale)
        draw_label(axes, node, ink, scale)


def draw_link(axes: Axes, link: Link, scale: float, colour: str, width: float, line: object) -> None:
    """A curved arrow."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    curve = link.curve
    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3]
    shape = Path([curve.start, curve.control, curve.end], codes)
    axes.add_patch(
        FancyArrowPatch(
            path=shape, arrowstyle="-", linewidth=width * scale, linestyle=line, color=colour, zorder=1, capstyle="butt"
        )
    )
    head = f"-|>,head_length={3.4 * scale},head_width={1.7 * scale}"
    axes.add_patch(
        FancyArrowPatch(
            path=shape, arrowstyle=head, mutation_scale=1.2 + 0.4 * width, linewidth=0, color=colour, zorder=1.1
        )
    )


def draw_pipe(axes: Axes, points: tuple[tuple[float, float], tuple[float, float]], scale: float) -> None:
    """A double line with an open head."""
    from matplotlib.patches import Polygon

    (x, y), (u, _) = points
    tip = u - 9 if u > x else u + 9
    axes.plot([x, tip], [y, y], color=STOCK_EDGE, linewidth=5 * scale, solid_capstyle="butt", zorder=2)
    axes.plot([x, tip], [y, y], color="white", linewidth=3 * scale, solid_capstyle="butt", zorder=2.1)
    corners = [(u, y), (tip, y - 6), (tip, y + 6)]
    axes.add_patch(Polygon(corners, facecolor="white", edgecolor=STOCK_EDGE, linewidth=scale, zorder=2.2))


def draw_valve(axes: Axes, node: Node, scale: float) -> None:
    """Two triangles that meet on the pipe; grey for a flow that has its own place elsewhere."""
    from matplotlib.patches import Polygon

    valve = node.body
    ink = GHOST if node.ghost else STOCK_EDGE
    for y in (valve.top, valve.bottom):
        corners = [(valve.x, valve.y), (valve.left, y), (valve.right, y)]
        axes.add_patch(Polygon(corners, facecolor=ink, edgecolor=ink, linewidth=0.6 * scale, zorder=2.3))


def draw_stock(axes: Axes, box: Box, ghost: bool, scale: float) -> None:
    """A box; without a fill for a stock of another sector."""
    from matplotlib.patches import Rectangle

    edge, fill, width = (GHOST, "white", 0.8) if ghost else (STOCK_EDGE, STOCK_FILL, 1.4)
    corner = (box.left, box.top)
    axes.add_patch(
        Rectangle(corner, box.width, box.height, facecolor=fill, edgecolor=edge, linewidth=width * scale, zorder=3)
    )


def draw_cloud(axes: Axes, box: Box, scale: float) -> None:
    """What lies outside the model."""
    from matplotlib.patches import Ellipse

    # outlines first and fills over them, so that only the outer edge stays
    for edge, width, order in ((GHOST, 1.6, 3.0), ("none", 0.0, 3.1)):
        for dx, dy, wide, tall in _PUFFS:
            axes.add_patch(
                Ellipse(
                    (box.x + dx, box.y + dy), wide, tall,
                    facecolor="white", edgecolor=edge, linewidth=width * scale, zorder=order,
                )
            )  # fmt: skip


def draw_chosen(axes: Axes, box: Box, role: str, scale: float) -> None:
    """The frame of a lever or an assumption."""
    from matplotlib.patches import FancyBboxPatch

    ink, fill, line = CHOSEN[role]
    axes.add_patch(
        FancyBboxPatch(
            (box.left + 1, box.top - 0.5), box.width - 2, box.height + 2, boxstyle="round,pad=0,rounding_size=4",
            facecolor=fill, edgecolor=ink, linewidth=0.6 * scale, linestyle=line, zorder=3,
        )
    )  # fmt: skip


def draw_label(axes: Axes, node: Node, ink: str, scale: float) -> None:
    """The lines of a node's label, one by one, so that they stand where the layout has put them."""
    from matplotlib.patheffects import withStroke

    halo = [] if node.kind == "stock" else [withStroke(linewidth=2.4 * scale, foreground="white")]
    top = node.label.y - LINE * (len(node.lines) - 1) / 2
    for number, line in enumerate(node.lines):
        axes.text(
            node.label.x, top + LINE * number, line, size=FONT_SIZE * scale, color=ink, ha="center",
            va="center_baseline", zorder=5, path_effects=halo if node.kind != "parameter" else [],
        )  # fmt: skip


def free_spot(taken: list[Box], spots: Sequence[Point], size: Point) -> Point:
    """The first of `spots` at which a box of `size` meets nothing that is there, else the first; it is then taken."""
    boxes = [Box(x, y, *size) for x, y in spots]
    best = min(boxes, key=lambda box: sum(meet(box, other) for other in taken))
    taken.append(best)
    return best.x, best.y


def beside(curve: Curve, back: float, side: float) -> Point:
    """So many points before the curve's end, and so many beside it."""
    dx, dy = curve.end[0] - curve.control[0], curve.end[1] - curve.control[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    return curve.end[0] - (back * dx + side * dy) / length, curve.end[1] - (back * dy - side * dx) / length


def draw_sign(axes: Axes, spot: Point, sign: int, scale: float, colour: str, size: float = 10.5) -> None:
    """The sign of a link: + where it moves with its cause, − against it, ± where it depends."""
    from matplotlib.patheffects import withStroke

    axes.text(
        *spot, {1: "+", -1: "−", 0: "±"}[sign], size=size * scale, color=colour, ha="center", va="center_baseline",
        zorder=6, path_effects=[withStroke(linewidth=2 * scale, foreground="white")],
    )  # fmt: skip
