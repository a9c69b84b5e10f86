"""What stands in the drawing of one sector: nodes, pipes and links, before anything has a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from shudian.exchange.chains import Chain, Flow, chains
from shudian.exchange.placement import GRAIN, Block, Part
from shudian.kinds import SCHEDULED_ROLES, Equation, Model
from shudian.structure import TIME

NodeKind = Literal["stock", "flow", "auxiliary", "parameter", "cloud"]


@dataclass(frozen=True, slots=True)
class Item:
    """A node without a place. A cloud has no name.

    A ghost repeats a variable whose own place is elsewhere; without a pipe it is a mere label, an `auxiliary`.
    """

    name: str
    kind: NodeKind
    ghost: bool
    rows: int = 1
    """Grid rows that a stock spans: one for each flow on its busier side."""


@dataclass(slots=True)
class Draft:
    """What a drawing is made of; `links` and `pipes` hold positions in `items`."""

    items: list[Item] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pipes: list[tuple[int, int, int]] = field(default_factory=list)
    """Flow, where it comes from, where it goes; in the order of the chain."""
    links: list[tuple[int, int]] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    """Where each variable is to be found as a cause: its own place, or the first ghost."""

    def add(self, name: str, kind: NodeKind, ghost: bool, rows: int = 1) -> int:
        """A new node."""
        self.items.append(Item(name, kind, ghost, rows))
        position = len(self.items) - 1
        if name and (not ghost or name not in self.known):
            self.known[name] = position
        return position

    def alone(self, name: str, kind: NodeKind, ghost: bool, width: int = 2, height: int = 1) -> int:
        """A new node that stands by itself, in the middle of so many grid units."""
        position = self.add(name, kind, ghost)
        self.blocks.append(Block((Part(position, GRAIN * width // 2, GRAIN * height // 2, 3, 1),), width, height))
        return position


def home_of_parameters(model: Model) -> dict[str, str]:
    """Parameter -> the sector in whose view it stands: the first that uses it, in the order of the sectors."""
    home: dict[str, str] = {}
    for sector in sectors_of(model):
        for equation in model.equations:
            if equation.sector == sector:
                for name in (*equation.causes, equation.initial):
                    if name in model.parameters:
                        home.setdefault(name, sector)
    return home


def sectors_of(model: Model) -> tuple[str, ...]:
    """The sectors that have equations, in the order in which the model lists them."""
    return tuple(dict.fromkeys(equation.sector for equation in model.equations))


def draft(model: Model, sector: str, complete: bool) -> Draft:
    """The drawing of `sector`; what `complete` means is said at `shudian.exchange.layout.view`."""
    by_name = {equation.name: equation for equation in model.equations}
    ours = [equation for equation in model.equations if equation.sector == sector]
    drawing = Draft()
    own_stocks = [equation for equation in ours if equation.kind == "stock"]
    for chain in chains(own_stocks, by_name):
        _add_chain(drawing, chain, by_name, sector)
    loose = {equation.name for equation in ours if equation.kind == "flow"} - drawing.known.keys()
    if complete:
        for name in sorted(loose):
            _add_between_clouds(drawing, name)
    else:
        for chain in _foreign_chains(loose, sector, by_name):
            _add_chain(drawing, chain, by_name, sector)
    shown = ours if complete else _without_beginnings(ours, model)
    for equation in shown:
        if equation.kind == "auxiliary":
            drawing.alone(equation.name, "auxiliary", ghost=False)
    home = home_of_parameters(model)
    for equation in shown:
        for cause in _drawn_causes(equation, model, complete):
            if cause not in drawing.known:
                in_parameters = cause in model.parameters
                ghost = not in_parameters or home[cause] != sector
                drawing.alone(cause, "parameter" if in_parameters else "auxiliary", ghost)
            drawing.links.append((drawing.known[cause], drawing.known[equation.name]))
    return drawing


def _without_beginnings(ours: list[Equation], model: Model) -> list[Equation]:
    """The equations less those that only say where stocks begin: fixed, and a cause of nothing that is shown."""
    shown = ours
    while True:
        causes = {cause for equation in shown for cause in equation.causes}
        kept = [e for e in shown if e not in model.static or e.name in causes]
        if len(kept) == len(shown):
            return kept
        shown = kept


def _drawn_causes(equation: Equation, model: Model, complete: bool) -> Iterator[str]:
    causes = () if equation.kind == "stock" else equation.causes
    for cause in dict.fromkeys((*causes, equation.initial)):
        if cause in ("", TIME):
            continue
        if complete or cause not in model.parameters or model.parameters[cause].role in SCHEDULED_ROLES:
            if cause == equation.initial and not complete:
                continue
            yield cause


def _foreign_chains(loose: set[str], sector: str, by_name: Mapping[str, Equation]) -> Iterator[Chain]:
    """The stocks of other sectors that only flows of this sector move, each with those flows."""
    foreign = [e for e in by_name.values() if e.kind == "stock" and e.sector != sector]
    for chain in chains(foreign, by_name):
        for position, stock in enumerate(chain.stocks):
            sides = tuple(
                tuple(flow for flow in gap if flow.name in loose and stock in (flow.source, flow.sink))
                for gap in chain.gaps[position : position + 2]
            )
            if any(sides):
                yield Chain((stock,), sides)


def _add_between_clouds(drawing: Draft, name: str) -> None:
    """A flow whose stocks are elsewhere; the other tools let no pipe end at a ghost."""
    valve, left, right = (
        drawing.add(name, "flow", False),
        drawing.add("", "cloud", False),
        drawing.add("", "cloud", False),
    )
    middle = GRAIN // 2
    parts = (
        Part(left, middle, middle, 1, 1),
        Part(valve, 2 * GRAIN, middle, 3, 2),
        Part(right, 4 * GRAIN - middle, middle, 1, 1),
    )
    drawing.blocks.append(Block(parts, 4, 1))
    drawing.pipes.append((valve, left, right))


def _add_chain(drawing: Draft, chain: Chain, by_name: Mapping[str, Equation], sector: str) -> None:
    parts: list[Part] = []
    stocks: dict[str, int] = {}
    column = 0
    starts: list[int] = []
    for position, gap in enumerate(chain.gaps):
        starts.append(column)
        column += _gap_width(gap, 0 < position < len(chain.stocks))
        if position < len(chain.stocks):
            name = chain.stocks[position]
            rows = _rows(name, position, chain)
            stocks[name] = drawing.add(name, "stock", by_name[name].sector != sector, rows)
            parts.append(Part(stocks[name], GRAIN * column + GRAIN, GRAIN * rows // 2, 4, 2 * rows - 1))
            column += 2
    for start, gap, wide in zip(starts, chain.gaps, _inner(chain), strict=True):
        for row, flow in enumerate(gap):
            ghost = by_name[flow.name].sector != sector or _stands(drawing, flow.name)
            valve = drawing.add(flow.name, "flow", ghost)
            ends = (stocks.get(flow.source), stocks.get(flow.sink))
            middle, cloud_at = _columns(flow, start, _gap_width(gap, wide), bool(ends[0]) or ends[0] == 0)
            height = GRAIN * row + GRAIN // 2
            parts.append(Part(valve, middle, height, 3, 2))
            at = [end if end is not None else drawing.add("", "cloud", False) for end in ends]
            parts += [Part(a, cloud_at, height, 1, 1) for a, end in zip(at, ends, strict=True) if end is None]
            drawing.pipes.append((valve, at[0], at[1]))
    tall = max(len(gap) for gap in chain.gaps)
    drawing.blocks.append(Block(tuple(parts), column, max(tall, 1)))


def _stands(drawing: Draft, name: str) -> bool:
    return any(item.name == name and not item.ghost for item in drawing.items)


def _inner(chain: Chain) -> list[bool]:
    return [0 < position < len(chain.stocks) for position in range(len(chain.gaps))]


def _gap_width(gap: tuple[Flow, ...], inner: bool) -> int:
    """Two units for a valve and its label, one more where there is a cloud."""
    if not gap:
        return 1 if inner else 0
    return 2 if all(flow.source and flow.sink for flow in gap) else 3


def _columns(flow: Flow, start: int, width: int, leaves_left: bool) -> tuple[int, int]:
    """Where in the gap valve and cloud stand, in grains."""
    begin, end = GRAIN * start, GRAIN * (start + width)
    if flow.source and flow.sink:
        return (begin + end) // 2, 0
    return (begin + GRAIN, end - GRAIN // 2) if leaves_left else (end - GRAIN, begin + GRAIN // 2)


def _rows(name: str, position: int, chain: Chain) -> int:
    """Rows from the top down to the last flow of the stock."""
    last = 0
    for gap in chain.gaps[position : position + 2]:
        last = max([last, *(row for row, flow in enumerate(gap) if name in (flow.source, flow.sink))])
    return last + 1
