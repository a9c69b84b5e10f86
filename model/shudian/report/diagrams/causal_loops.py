"""The causal-loop diagram of the named loops, and of the levers that act on them, as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from shudian.exchange.curves import Curve, Point
from shudian.exchange.draft import Draft, NodeKind
from shudian.exchange.layout import View, arranged, lay_out
from shudian.exchange.polarity import polarities
from shudian.kinds import Language, Loop, Model
from shudian.report.diagrams.reach import island_links, lever_links
from shudian.report.diagrams.stock_flow import (
    CHOSEN,
    SIGN,
    beside,
    draw_chosen,
    draw_label,
    draw_link,
    draw_sign,
    free_spot,
)
from shudian.report.render import figure_page as page
from shudian.structure import links

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#0072b2", "#d55e00", "#007a59", "#a8508a", "#b87d00", "#2f9bd8", "#222222", "#7a4a21", "#6a5acd")
"""After Okabe and Ito, darkened for thin lines, and two more; names stand on the lines, so colour is never alone."""
SHARED = "#9a9a9a"
_MARKER = (17.0, 13.0)
"""Room for the name of a loop, in points."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One link of the diagram, which may stand for several of the model."""

    cause: str
    effect: str
    sign: int
    loops: tuple[str, ...]
    """Empty for an arrow from a lever, and for one that joins two parts of the diagram."""


def style_of(loop: Loop, model: Model) -> tuple[str, object]:
    """Colour and line style: reinforcing loops are solid, balancing ones dashed."""
    peers = [other.name for other in model.loops if other.polarity == loop.polarity]
    return _COLOURS[peers.index(loop.name) % len(_COLOURS)], "-" if loop.polarity == "reinforcing" else (0, (4, 1.6))


@cache
def arrows(model: Model) -> tuple[Arrow, ...]:
    """The links of all named loops, without what only passes an influence on.

    A flow or an auxiliary with one cause and one effect among the loops is left out, and its two links become
    one with the product of their signs; so is a flow whose only effect is its stock. No loop loses its last two
    variables.
    """
    signs = polarities(model)
    used: dict[tuple[str, str], set[str]] = {}
    for loop in model.loops:
        for link in links(loop):
            used.setdefault(link, set()).add(loop.name)
    found = {link: Arrow(*link, signs[link], tuple(sorted(names))) for link, names in used.items()}
    kinds = {equation.name: equation.kind for equation in model.equations}
    names = list(dict.fromkeys(name for loop in model.loops for name in loop.variables))
    for together in (False, True):
        while any(_pass_over(found, name, kinds, together) for name in names):
            pass
    return tuple(found.values())


@cache
def all_arrows(model: Model) -> tuple[Arrow, ...]:
    """`arrows(model)`, what joins loops that stand apart from the others, and where each lever first acts on them."""
    ours = arrows(model)
    linked: dict[str, set[str]] = {}
    for arrow in ours:
        linked.setdefault(arrow.cause, set()).add(arrow.effect)
        linked.setdefault(arrow.effect, set()).add(arrow.cause)
    more = (*island_links(model, linked), *lever_links(model, linked))
    return (*ours, *(Arrow(link.cause, link.effect, link.sign, ()) for link in more))


def _pass_over(found: dict[tuple[str, str], Arrow], name: str, kinds: Mapping[str, str], together: bool) -> bool:
    """Leave `name` out if that is allowed; with `together` also a flow with several causes, for its stock."""
    before = [arrow for arrow in found.values() if arrow.effect == name]
    after = [arrow for arrow in found.values() if arrow.cause == name]
    into_stock = together and kinds[name] == "flow" and len(after) == 1 and kinds[after[0].effect] == "stock"
    if kinds[name] == "stock" or len(after) != 1 or not before or (len(before) > 1 and not into_stock):
        return False
    effect = after[0].effect
    if any(arrow.cause == effect or (arrow.cause, effect) in found for arrow in before):
        return False
    for arrow in before:
        found[arrow.cause, effect] = Arrow(arrow.cause, effect, arrow.sign * after[0].sign, arrow.loops)
    for arrow in (*before, *after):
        del found[arrow.cause, arrow.effect]
    return True


def loop_arrangement(model: Model, levers: bool) -> tuple[Draft, tuple[tuple[int, int], ...]]:
    """The drawing of the loops, with `levers` of these too, and the corner of each of its blocks."""
    drawing = Draft()
    for arrow in all_arrows(model) if levers else arrows(model):
        for name in (arrow.cause, arrow.effect):
            if name not in drawing.known:
                kind: NodeKind = "parameter" if name in model.parameters else "auxiliary"
                drawing.alone(name, kind, ghost=False, width=3, height=2 if kind == "auxiliary" else 1)
        drawing.links.append((drawing.known[arrow.cause], drawing.known[arrow.effect]))
    return drawing, tuple(arranged(drawing, [], 20))


def loop_view(model: Model, language: Language, *, levers: bool = False) -> View:
    """The diagram in its places; its links are `arrows(model)`, or with `levers` `all_arrows(model)`, in this order."""
    labels = {equation.name: equation.label for equation in model.equations}
    labels |= {name: parameter.label for name, parameter in model.parameters.items()}
    # curly quotes are as wide as a Chinese character in the shipped font, which tears English words apart
    plain = str.maketrans("“”‘’", "\"\"''") if language == "en" else {}
    return lay_out(*loop_arrangement(model, levers), lambda name: labels[name].text(language).translate(plain))


def draw_loops(axes: Axes, model: Model, view: View, scale: float) -> None:
    """Draw `view`, levers included, on axes in points of it; `scale` is points of paper per point of the view."""
    styles = {loop.name: style_of(loop, model) for loop in model.loops}
    taken = [node.label for node in view.nodes]
    for link, arrow in zip(view.links, all_arrows(model), strict=True):
        alone = len(arrow.loops) == 1
        colour, line = styles[arrow.loops[0]] if alone else (arrow_colour(arrow, model), "-")
        draw_link(axes, link, scale, colour, 2.2 if len(arrow.loops) > 1 else 1.5 if alone else 1.0, line)
        spot = free_spot(taken, [beside(link.curve, back, side) for back in (11, 17) for side in (7, -7)], SIGN)
        draw_sign(axes, spot, arrow.sign, scale, page.QUIET if len(arrow.loops) > 1 else colour)
        if alone:
            spot = free_spot(
                taken, [_along(link.curve, share / 20) for share in (10, 9, 11, 8, 12, 7, 13, 6, 14)], _MARKER
            )
            marker(axes, *spot, arrow.loops[0], colour, scale)
    for node in view.nodes:
        ink = page.INK
        if node.name in model.parameters:
            ink = CHOSEN["lever"][0]
            draw_chosen(axes, node.label, "lever", scale)
        draw_label(axes, node, ink, scale)


def arrow_colour(arrow: Arrow, model: Model) -> str:
    """Of an arrow that is not in exactly one loop: grey where several share it, a lever's ink, or faint."""
    if arrow.loops:
        return SHARED
    return CHOSEN["lever"][0] if arrow.cause in model.parameters else page.HAIRLINE


def marker(axes: Axes, x: float, y: float, name: str, colour: str, scale: float) -> None:
    """The name of a loop in a box of its colour; round corners for a reinforcing loop."""
    shape = "round,pad=0.18,rounding_size=0.5" if name.startswith("R") else "square,pad=0.18"
    axes.text(
        x, y, name, size=7.5 * scale, color="white", ha="center", va="center_baseline", zorder=4,
        bbox={"boxstyle": shape, "facecolor": colour, "edgecolor": "white", "linewidth": 0.6 * scale},
    )  # fmt: skip


def _along(curve: Curve, share: float) -> Point:
    weights = ((1 - share) ** 2, 2 * share * (1 - share), share**2)
    x, y = (
        sum(w * p[axis] for w, p in zip(weights, (curve.start, curve.control, curve.end), strict=True))
        for axis in (0, 1)
    )
    return x, y
