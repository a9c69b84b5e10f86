"""Diagrams of the model for reports: stocks and flows of a sector, and the named loops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shudian.exchange.curves import Box
from shudian.exchange.draft import sectors_of
from shudian.exchange.layout import Node, View, view
from shudian.exchange.names import sector_label
from shudian.exchange.polarity import polarities
from shudian.files import writing
from shudian.kinds import InputError, Language, Model
from shudian.report.diagrams.causal_loops import draw_loops, loop_view, marker, style_of
from shudian.report.diagrams.stock_flow import (
    GHOST,
    draw_chosen,
    draw_cloud,
    draw_pipe,
    draw_stock,
    draw_valve,
    draw_view,
)
from shudian.report.render import figure_page as page
from shudian.wording import say, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LANDSCAPE, _PORTRAIT = 11.2, 7.7
"""Inches: the width of an A4 page less narrow margins."""
_ROW = 0.25
"""Inches from one loop's name to the next."""
_FORMATS = (".png", ".svg")


def draw(model: Model, sector: str, language: Language, path: Path) -> None:
    """Write the diagram of `sector`, named by its identifier or its label, or the causal loops if it is empty.

    Raises InputError as `stock_and_flow` and `causal_loops` do.
    """
    if not sector:
        causal_loops(model, language, path)
        return
    called = {
        word.casefold(): name for name in sectors_of(model) for word in (sector_label(name).zh, sector_label(name).en)
    }
    stock_and_flow(model, called.get(sector.casefold(), sector), language, path)


def stock_and_flow(model: Model, sector: str, language: Language, path: Path) -> None:
    """Write the stock-and-flow diagram of `sector` to `path`, as SVG or PNG by its ending.

    Constants and uncertain numbers are left out; the exported model file has them. Raises InputError for a
    sector that the model does not have, another ending, or a path that cannot be written.
    """
    _check(path)
    drawn = view(model, sector, _labels(model, language))
    title = say("diagram_sector_title", language, sector=sector_label(sector).text(language))
    frame = page.Frame(title, "", (say("diagram_sector_footer", language, version=model.digest),))
    with page.style():
        figure, axes, scale = _sheet(frame, drawn, _LANDSCAPE, 0.35)
        roles = {name: parameter.role for name, parameter in model.parameters.items()}
        draw_view(axes, drawn, roles, polarities(model), scale)
        _key(figure, language)
        _write(figure, path)


def causal_loops(model: Model, language: Language, path: Path) -> None:
    """Write the causal-loop diagram of the named loops to `path`, as SVG or PNG by its ending.

    Raises InputError for another ending or a path that cannot be written.
    """
    _check(path)
    drawn = loop_view(model, language, levers=True)
    frame = page.Frame(
        say("diagram_loops_title", language), "", (say("diagram_loops_footer", language, version=model.digest),)
    )
    rows = (len(model.loops) + 1) // 2
    with page.style():
        figure, axes, scale = _sheet(frame, drawn, _PORTRAIT, _ROW * rows + 0.2)
        draw_loops(axes, model, drawn, scale)
        _loop_names(figure, model, language, rows)
        _write(figure, path)


def _labels(model: Model, language: Language) -> Callable[[str], str]:
    labels = {equation.name: equation.label for equation in model.equations}
    labels |= {name: parameter.label for name, parameter in model.parameters.items()}
    # curly quotes are as wide as a Chinese character in the shipped font, which tears English words apart
    plain = str.maketrans("“”‘’", "\"\"''") if language == "en" else {}
    return lambda name: labels[name].text(language).translate(plain)


def _check(path: Path) -> None:
    if path.suffix.lower() not in _FORMATS:
        raise InputError("a diagram is written as .svg or .png; give the file one of these endings").at(path)


def _sheet(frame: page.Frame, drawn: View, width: float, below: float) -> tuple[Figure, Axes, float]:
    """A page with axes in points of the view, `below` inches free under them, and the scale of the view."""
    scale = min(1.0, width * 72 / drawn.width)
    wide, tall = drawn.width * scale / 72, drawn.height * scale / 72
    figure, bottom = page.page(frame, width, tall + below)
    height = figure.get_size_inches()[1]
    axes = figure.add_axes(((width - wide) / 2 / width, bottom + below / height, wide / width, tall / height))
    axes.set_xlim(0, drawn.width)
    axes.set_ylim(drawn.height, 0)
    axes.axis("off")
    return figure, axes, scale


def _strip(figure: Figure, bottom: float, height: float) -> Axes:
    """Axes in points over the whole width, `bottom` inches from the lower edge and `height` inches tall."""
    width, total = figure.get_size_inches()
    axes = figure.add_axes((0, bottom / total, 1, height / total))
    axes.set_xlim(0, width * 72)
    axes.set_ylim(height * 72, 0)
    axes.axis("off")
    return axes


def _footer_top(figure: Figure) -> float:
    """Inches from the lower edge to the top of the footer, which `page.page` has written last."""
    return 0.15 + 0.16 * (figure.texts[-1].get_text().count("\n") + 1)


def _key(figure: Figure, language: Language) -> None:
    """What the symbols mean, in one row."""
    axes = _strip(figure, _footer_top(figure), 0.35)
    y, x = 12.0, 18.0
    symbols = ("stock", "flow", "cloud", "ghost", "lever", "assumption")
    for symbol in symbols:
        text = say(f"diagram_key_{symbol}", language)
        if symbol == "stock":
            draw_stock(axes, Box(x + 11, y, 22, 12), False, 0.8)
        elif symbol == "flow":
            draw_pipe(axes, ((x - 6, y), (x + 28, y)), 0.8)
            draw_valve(axes, Node("", "flow", False, Box(x + 8, y, 10, 12), Box(x, y, 0, 0), ()), 0.8)
        elif symbol == "cloud":
            draw_cloud(axes, Box(x + 11, y, 22, 15), 0.8)
        elif symbol == "ghost":
            axes.text(x + 11, y, "<…>", size=8, color=GHOST, ha="center", va="center_baseline")
        else:
            draw_chosen(axes, Box(x + 11, y, 24, 12), symbol, 0.8)
        axes.text(x + 33, y, text, size=8, color=page.QUIET, va="center_baseline")
        x += 33 + 8 * sum(1.0 if ord(c) > 0x2000 else 0.52 for c in text) + 24


def _loop_names(figure: Figure, model: Model, language: Language, rows: int) -> None:
    """The name and meaning of each loop, in two columns, reinforcing ones first."""
    axes = _strip(figure, _footer_top(figure), _ROW * rows + 0.1)
    for position, loop in enumerate(model.loops):
        x, y = 18 + (position // rows) * _PORTRAIT * 36, 12 + (position % rows) * _ROW * 72
        colour, line = style_of(loop, model)
        axes.plot([x, x + 34], [y, y], color=colour, linestyle=line, linewidth=1.5)
        marker(axes, x + 17, y, loop.name, colour, 0.85)
        text = say("diagram_loop", language, name=loop.label.text(language), meaning=loop.meaning.text(language))
        axes.text(x + 41, y, wrap(text, 64, most=2), size=6.5, va="center", linespacing=1.15)


def _write(figure: Figure, path: Path) -> None:
    # without a date the files are the same for the same model
    metadata = {"Software": "shudian"} if path.suffix.lower() == ".png" else {"Date": None}
    with writing(path, replace=True) as draft:
        figure.savefig(draft, format=path.suffix.lower()[1:], dpi=200, metadata=metadata)
