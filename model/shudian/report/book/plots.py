"""Small drawings as SVG that stands in the text: a number before and after the data, a dose, a history.

Colours and sizes are attributes and not styles, which the book's security policy would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from shudian.answers.book import Belief
from shudian.report.render import figure_page as page

Array = NDArray[np.float64]
_WIDE, _TALL = 210, 46
_PLOT_WIDE, _PLOT_TALL = 300, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 8, 20
_TEXT = 9


def belief_svg(belief: Belief, alt: str) -> Markup:
    """The prior as an outline and the posterior filled, each with its probability of nil as a bar at nil."""
    bars = [belief.prior] if belief.posterior is None else [belief.prior, belief.posterior]
    greatest = max(float(bar.max()) for bar in bars) or 1.0
    step = _WIDE / len(belief.prior)
    parts = []
    if belief.posterior is not None:
        parts.append(_steps(belief.posterior / greatest, step, f'fill="{page.MIDDLE}" stroke="none"'))
    parts.append(_steps(belief.prior / greatest, step, f'fill="none" stroke="{page.DARK}" stroke-width="1"'))
    low, high = float(belief.edges[0]), float(belief.edges[-1])
    if low <= 0 <= high and high > low:
        x = -low / (high - low) * _WIDE
        for place, share in enumerate(belief.nil):
            if share:
                tall = share * (_TALL - 4)
                fill, line = (("none", page.DARK), (page.SIGNAL, "none"))[place]
                parts.append(
                    Markup('<rect x="{:.1f}" y="{:.1f}" width="4" height="{:.1f}" fill="{}" stroke="{}"/>').format(
                        x - 2, _TALL - tall, tall, fill, line
                    )
                )
    parts.append(_line(0, _TALL, _WIDE, _TALL, page.HAIRLINE))
    return _svg(_WIDE, _TALL + 1, Markup("").join(parts), alt)


def _steps(heights: Array, step: float, look: str) -> Markup:
    points = [(0.0, float(_TALL))]
    for place, height in enumerate(heights):
        y = _TALL - float(height) * (_TALL - 4)
        points += [(place * step, y), ((place + 1) * step, y)]
    points.append((len(heights) * step, float(_TALL)))
    return Markup('<path d="M{}" {}/>').format(_points(points), Markup(look))


def _points(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale from values to points."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where `value` stands."""
        return self.start + (value - self.low) / (self.high - self.low or 1.0) * (self.end - self.start)


def band_svg(
    xs: Sequence[float],
    bands: Sequence[tuple[float, float, float]],
    alt: str,
    told: Callable[[float], str],
    *,
    printed: Sequence[tuple[float, float, float, float, str]] = (),
    zero: bool = True,
    ticks: Sequence[tuple[float, str]] = (),
) -> Markup:
    """A median with its 90 % band over `xs`, on axes; `told` writes a value of the upright axis.

    `printed` are boxes beside it: from, to (of `xs`), least, greatest, what it is. `ticks` are (x, label).
    """
    values = [*chain.from_iterable(bands), *chain.from_iterable((low, high) for _, _, low, high, _ in printed)]
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    across = Scale(min(xs), max(xs), _LEFT, _PLOT_WIDE - _RIGHT)
    upright = Scale(low, high, _PLOT_TALL - _BOTTOM, _TOP)
    above = [(across(x), upright(band[2])) for x, band in zip(xs, bands, strict=True)]
    below = [(across(x), upright(band[0])) for x, band in zip(xs, bands, strict=True)]
    middle = [(across(x), upright(band[1])) for x, band in zip(xs, bands, strict=True)]
    parts = [
        Markup('<path d="M{}Z" fill="{}"/>').format(_points([*above, *reversed(below)]), page.LIGHT),
        Markup('<path d="M{}" fill="none" stroke="{}" stroke-width="1.5"/>').format(_points(middle), page.DARK),
    ]
    for value in dict.fromkeys((low, 0.0, high) if low < 0 < high else (low, high)):
        y = upright(value)
        parts.append(_line(_LEFT, y, _PLOT_WIDE - _RIGHT, y, page.HAIRLINE))
        parts.append(_text(_LEFT - 4, y + 3, told(value), "end"))
    for place, (x, label) in enumerate(ticks):
        anchor = "start" if place == 0 else "end" if place == len(ticks) - 1 else "middle"
        parts.append(_text(across(x), _PLOT_TALL - 6, label, anchor))
    for first, last, least, greatest, what in printed:
        left, top = across(first), upright(greatest)
        wide, tall = max(across(last) - left, 3.0), max(upright(least) - top, 2.5)
        parts.append(
            Markup(
                '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}" fill-opacity="0.75">'
                "<title>{}</title></rect>"
            ).format(left, top, wide, tall, page.SIGNAL, what)
        )
    return _svg(_PLOT_WIDE, _PLOT_TALL, Markup("").join(parts), alt)


def _line(x: float, y: float, u: float, v: float, colour: str) -> Markup:
    line = Markup('<path d="M{:.1f} {:.1f}L{:.1f} {:.1f}" stroke="{}" stroke-width="0.8"/>')
    return line.format(x, y, u, v, colour)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" font-size="{}" fill="{}" text-anchor="{}">{}</text>').format(
        x, y, _TEXT, page.QUIET, anchor, text
    )


def _svg(wide: float, tall: float, inner: Markup, alt: str) -> Markup:
    return Markup('<svg viewBox="0 0 {:g} {:g}" width="{:g}" height="{:g}" role="img" aria-label="{}">{}</svg>').format(
        wide, tall, wide, tall, alt, inner
    )
