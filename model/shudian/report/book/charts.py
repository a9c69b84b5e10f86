"""Diagrams of the model as SVG whose names are links: a sector's stocks and flows, the loops, the map of sectors."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from shudian.exchange.curves import Curve
from shudian.exchange.draft import sectors_of
from shudian.exchange.layout import FONT_SIZE, LINE, Node, Pipe, View, text_width
from shudian.exchange.names import sector_label
from shudian.exchange.polarity import polarities
from shudian.kinds import Language, Model
from shudian.report.diagrams.causal_loops import all_arrows, arrow_colour, loop_view, style_of
from shudian.report.diagrams.stock_flow import CHOSEN, GHOST, LINK, STOCK_EDGE, STOCK_FILL
from shudian.report.render import figure_page as page

Address = Callable[[str], str]
"""An identifier -> where the book tells of it."""
_SIGN = {1: "+", -1: "−", 0: "±"}
_ROUND, _ACROSS, _UP = 34.0, 330.0, 215.0
"""Of the map: radius of a sector, half width and half height of the ellipse on which they stand."""


def sector_svg(model: Model, view: View, address: Address, alt: str) -> Markup:
    """Stocks, flows and causes of a sector; each link with its sign."""
    signs = polarities(model)
    parts = []
    for link in view.links:
        cause, effect = view.nodes[link.cause].name, view.nodes[link.effect].name
        parts.append(_arrow(link.curve, LINK, 0.9, ""))
        parts.append(_sign(link.curve, signs.get((cause, effect), 0), page.QUIET))
    parts += [_pipe(pipe, view.nodes[pipe.flow]) for pipe in view.pipes]
    parts += [_node(node, model, address) for node in view.nodes]
    return _svg(view.width, view.height, parts, alt)


def loops_svg(model: Model, language: Language, address: Address, alt: str) -> Markup:
    """The named loops and the levers that act on them."""
    view = loop_view(model, language, levers=True)
    styles = {loop.name: style_of(loop, model) for loop in model.loops}
    parts = []
    for link, arrow in zip(view.links, all_arrows(model), strict=True):
        alone = len(arrow.loops) == 1
        colour, line = styles[arrow.loops[0]] if alone else (arrow_colour(arrow, model), "-")
        parts.append(_arrow(link.curve, colour, 1.5 if arrow.loops else 1.0, "" if line == "-" else "5 3"))
        parts.append(_sign(link.curve, arrow.sign, colour))
        if alone:
            x, y = _along(link.curve, 0.5)
            parts.append(_mark(x, y, arrow.loops[0], colour, address))
    parts += [_node(node, model, address) for node in view.nodes]
    return _svg(view.width, view.height, parts, alt)


def map_svg(model: Model, language: Language, alt: str) -> Markup:
    """The sectors on an ellipse, and how many causal links lead from one to the other."""
    sectors = sectors_of(model)
    places = {
        name: (
            _ACROSS * math.sin(2 * math.pi * place / len(sectors)),
            -_UP * math.cos(2 * math.pi * place / len(sectors)),
        )
        for place, name in enumerate(sectors)
    }
    parts = []
    for (cause, effect), count in sorted(links_between(model).items()):
        (x, y), (u, v) = places[cause], places[effect]
        # bent towards the middle and to the right of its way, so that there and back stand apart
        length = math.hypot(u - x, v - y)
        bend = 0.08 * length
        middle = (0.85 * (x + u) / 2 - bend * (v - y) / length, 0.85 * (y + v) / 2 + bend * (u - x) / length)
        start, end = _towards((x, y), middle), _towards((u, v), middle)
        curve = Curve(start, middle, end, middle)
        parts.append(_arrow(curve, LINK, min(0.6 + 0.25 * count, 4.0), ""))
        a, b = _along(curve, 0.62)
        parts.append(_words(a, b + 3, (str(count),), page.QUIET, 8.0))
    equations = Counter(equation.sector for equation in model.equations)
    for name, (x, y) in places.items():
        text = sector_label(name).text(language)
        parts.append(
            Markup('<a href="#sector-{}"><circle cx="{:.1f}" cy="{:.1f}" r="{}" fill="{}" stroke="{}"/>').format(
                name, x, y, _ROUND, STOCK_FILL, STOCK_EDGE
            )
        )
        parts.append(_words(x, y, (*_halves(text), f"({equations[name]})"), page.INK, 9.0))
        parts.append(Markup("</a>"))
    wide, tall = 2 * (_ACROSS + _ROUND + 6), 2 * (_UP + _ROUND + 6)
    inner = Markup('<g transform="translate({:g} {:g})">{}</g>').format(wide / 2, tall / 2, Markup("").join(parts))
    return _svg(wide, tall, [inner], alt)


def links_between(model: Model) -> Mapping[tuple[str, str], int]:
    """(sector, another sector) -> causal links from variables of the one to variables of the other."""
    sectors = {equation.name: equation.sector for equation in model.equations}
    return Counter(
        (sectors[cause], equation.sector)
        for equation in model.equations
        for cause in equation.causes
        if sectors.get(cause, equation.sector) != equation.sector
    )


def _halves(text: str) -> tuple[str, ...]:
    if text_width(text) * 0.9 < 2 * _ROUND - 8:
        return (text,)
    words = text.split(" ")
    cut = (len(words) + 1) // 2 if len(words) > 1 else 0
    return (" ".join(words[:cut]), " ".join(words[cut:])) if cut else (text[: len(text) // 2], text[len(text) // 2 :])


def _towards(point: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    dx, dy = other[0] - point[0], other[1] - point[1]
    length = math.hypot(dx, dy) or 1.0
    return point[0] + dx / length * (_ROUND + 3), point[1] + dy / length * (_ROUND + 3)


def _arrow(curve: Curve, colour: str, width: float, dashes: str) -> Markup:
    (x, y), (a, b), (u, v) = curve.start, curve.control, curve.end
    length = math.hypot(u - a, v - b) or 1.0
    dx, dy = (u - a) / length, (v - b) / length
    back, side = 4.5 + width, 2.2 + 0.5 * width
    head = f"M{u:.1f} {v:.1f}L{u - back * dx - side * dy:.1f} {v - back * dy + side * dx:.1f}"
    head += f"L{u - back * dx + side * dy:.1f} {v - back * dy - side * dx:.1f}Z"
    dash = Markup(' stroke-dasharray="{}"').format(dashes) if dashes else ""
    line = Markup(
        '<path d="M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}" fill="none" stroke="{}" stroke-width="{:g}"{}/>'
    )
    tip = Markup('<path d="{}" fill="{}"/>').format(head, colour)
    return line.format(x, y, a, b, u - back * dx / 2, v - back * dy / 2, colour, width, dash) + tip


def _along(curve: Curve, share: float) -> tuple[float, float]:
    (x, y), (a, b), (u, v) = curve.start, curve.control, curve.end
    p, q, r = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return p * x + q * a + r * u, p * y + q * b + r * v


def _sign(curve: Curve, sign: int, colour: str) -> Markup:
    (a, b), (u, v) = curve.control, curve.end
    length = math.hypot(u - a, v - b) or 1.0
    x, y = u - (11 * (u - a) + 6 * (v - b)) / length, v - (11 * (v - b) - 6 * (u - a)) / length
    return _words(x, y, (_SIGN[sign],), colour, 10.0)


def _mark(x: float, y: float, name: str, colour: str, address: Address) -> Markup:
    box = Markup('<a href="{}"><rect x="{:.1f}" y="{:.1f}" width="18" height="11" rx="{}" fill="{}"/>{}</a>')
    words = _words(x, y, (name,), "#ffffff", 7.5, halo=False)
    return box.format(address(name), x - 9, y - 5.5, 4 if name.startswith("R") else 0, colour, words)


def _pipe(pipe: Pipe, valve: Node) -> Markup:
    (x, y), (u, _) = pipe.points
    tip = u - 9 if u > x else u + 9
    tube = Markup('<path d="M{0:.1f} {1:.1f}L{2:.1f} {1:.1f}" stroke="{3}" stroke-width="{4}"/>')
    head = Markup('<path d="M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z" fill="#ffffff" stroke="{}"/>')
    body, ink = valve.body, GHOST if valve.ghost else STOCK_EDGE
    valves = Markup("").join(
        Markup('<path d="M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z" fill="{}"/>').format(
            body.x, body.y, body.left, edge, body.right, edge, ink
        )
        for edge in (body.top, body.bottom)
    )
    return (
        tube.format(x, y, tip, STOCK_EDGE, 5)
        + tube.format(x, y, tip, "#ffffff", 3)
        + head.format(u, y, tip, y - 6, tip, y + 6, STOCK_EDGE)
        + valves
    )


def _node(node: Node, model: Model, address: Address) -> Markup:
    body, label = node.body, node.label
    if node.kind == "cloud":
        cloud = Markup('<ellipse cx="{:.1f}" cy="{:.1f}" rx="11" ry="7" fill="#ffffff" stroke="{}"/>')
        return cloud.format(body.x, body.y, GHOST)
    ink, frame = (GHOST if node.ghost else page.INK), Markup("")
    box = Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="{}" fill="{}" stroke="{}" stroke-width="{}"{}/>'
    )
    role = model.parameters[node.name].role if node.name in model.parameters else ""
    if node.kind == "stock":
        edge, fill, width = (GHOST, "#ffffff", 0.8) if node.ghost else (STOCK_EDGE, STOCK_FILL, 1.4)
        frame = box.format(body.left, body.top, body.width, body.height, 0, fill, edge, width, "")
    elif role in CHOSEN:
        ink, fill, line = CHOSEN[role]
        dash = "" if line == "-" else Markup(' stroke-dasharray="3 2"')
        frame = box.format(label.left + 1, label.top - 0.5, label.width - 2, label.height + 2, 4, fill, ink, 0.6, dash)
    words = _words(label.x, label.y, node.lines, ink, FONT_SIZE, halo=not frame)
    return Markup('<a href="{}">{}{}</a>').format(address(node.name), frame, words)


def _words(x: float, y: float, lines: Sequence[str], colour: str, size: float, halo: bool = True) -> Markup:
    """Lines of text around a middle."""
    around = Markup(' stroke="#ffffff" stroke-width="2.4" paint-order="stroke"') if halo else ""
    top = y - LINE * size / FONT_SIZE * (len(lines) - 1) / 2 + 0.35 * size
    return Markup("").join(
        Markup('<text x="{:.1f}" y="{:.1f}" font-size="{:g}" fill="{}" text-anchor="middle"{}>{}</text>').format(
            x, top + LINE * size / FONT_SIZE * number, size, colour, around, line
        )
        for number, line in enumerate(lines)
    )


def _svg(width: float, height: float, parts: Sequence[Markup], alt: str) -> Markup:
    drawing = Markup('<svg class="diagram" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>')
    return drawing.format(width, height, alt, Markup("").join(parts))
