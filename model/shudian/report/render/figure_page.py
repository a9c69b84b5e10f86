"""The page on which a figure stands: shipped font, headline, footer, file formats."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shudian.kinds import Language
from shudian.plain_text import visible
from shudian.wording import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONT = Path(__file__).resolve().parents[2] / "fonts" / "NotoSansCJKsc-GB2312.otf"
INK, QUIET, HAIRLINE = "#1a1a1a", "#595959", "#bfbfbf"
DARK, MIDDLE, LIGHT = "#08306b", "#6baed6", "#d3e3f3"
"""Median, 50 % and 90 % interval: one hue, told apart by lightness, so that they survive print and colour blindness."""
SIGNAL = "#b8430a"
_LINE = 0.19
"""Inches from one line of small text to the next."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The texts around a figure."""

    headline: str
    subtitle: str
    footer: tuple[str, ...]


@cache
def _family() -> str:
    from matplotlib import font_manager

    font_manager.fontManager.addfont(FONT)
    return font_manager.FontProperties(fname=FONT).get_name()


@contextmanager
def style() -> Iterator[None]:
    """Matplotlib's settings for the project's figures, restored afterwards."""
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "font.family": _family(),
        "font.size": 9,
        "axes.unicode_minus": False,
        "axes.edgecolor": HAIRLINE,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "text.color": INK,
        "svg.fonttype": "path",
        "svg.hashsalt": "shudian",
        "path.simplify": True,
        # a dollar in a title is a dollar
        "text.parse_math": False,
    }
    with mpl.rc_context(settings):
        yield


def page(frame: Frame, width: float, body: float) -> tuple[Figure, float]:
    """A figure `width` inches wide whose middle `body` inches are free, with the frame's texts above and below.

    Returns the figure and the free middle's lower edge as a share of its height.
    """
    from matplotlib.figure import Figure

    columns = int((width - 0.5) * 15.7)
    headline = wrap(frame.headline, int(columns * 9 / 13.5))
    subtitle = wrap(frame.subtitle, columns) if frame.subtitle else ""
    footer = "\n".join(wrap(line, int(columns * 9 / 7.5)) for line in frame.footer)
    top = 0.25 + 0.27 * (headline.count("\n") + 1) + (_LINE * (subtitle.count("\n") + 1) + 0.1 if subtitle else 0)
    bottom = 0.15 + 0.16 * (footer.count("\n") + 1)
    height = top + body + bottom
    figure = Figure(figsize=(width, height), facecolor="white")
    left = 0.25 / width
    figure.text(left, 1 - 0.18 / height, headline, size=13.5, va="top", linespacing=1.25)
    if subtitle:
        down = 0.18 + 0.27 * (headline.count("\n") + 1) + 0.06
        figure.text(left, 1 - down / height, subtitle, size=9, va="top", color=QUIET, linespacing=1.3)
    figure.text(left, 0.1 / height, footer, size=7.5, va="bottom", color=QUIET, linespacing=1.35)
    return figure, bottom / height


def told(figure: Figure, language: Language) -> str:
    """What a page's `figure` says at its top, for who does not see it."""
    between, end = ("", "；") if language == "zh" else (" ", "; ")
    return end.join(text.get_text().replace("\n", between) for text in figure.texts[:2])


def save(figure: Figure, path: Path) -> tuple[Path, Path]:
    """Write `figure` beside `path` as PNG (200 dpi) and as SVG with its letters drawn as outlines."""
    png, svg = path.with_suffix(".png"), path.with_suffix(".svg")
    # without a date the files are the same for the same run; a low compression level is quick and costs little
    drawing = io.StringIO()
    with warnings.catch_warnings():
        # a sign that the shipped font lacks, such as an emoji in a title, is drawn as an empty box
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        figure.savefig(png, dpi=200, metadata={"Software": "shudian"}, pil_kwargs={"compress_level": 3})
        figure.savefig(drawing, format="svg", metadata={"Date": None})
    # every text stands in a comment beside its outlines, where a control would be no XML
    svg.write_text(visible(drawing.getvalue()), encoding="utf-8", newline="\n")
    return png, svg


def quiet_ticks(axes: Axes, keep_left: bool) -> None:
    """Ticks without marks; the left spine and labels only where `keep_left`."""
    axes.tick_params(length=0, labelleft=keep_left)
    axes.spines["left"].set_visible(keep_left)


def plain_ticks(low: float, high: float) -> list[float]:
    """At most seven ticks 1, 2, 5, 10 ... within [low, high], thinned to powers of ten where they are too many."""
    decades = [10.0**power for power in range(-3, 9)]
    fine = [step * decade for decade in decades for step in (1, 2, 5) if low <= step * decade <= high]
    middle = [step * decade for decade in decades for step in (1, 3) if low <= step * decade <= high]
    return next((ticks for ticks in (fine, middle) if len(ticks) <= 6), [d for d in decades if low <= d <= high])


def row_positions(count: int) -> Sequence[int]:
    """Positions of `count` rows, the first on top."""
    return range(count - 1, -1, -1)
