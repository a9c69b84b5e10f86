"""Where levers act on the loops, and how loops that share no variable with the others hang together with them.

Of each lever the nearest variables of the loop diagram are found in the causal graph: first those that are the fewest
stocks away, then those that the fewest links away.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import networkx as nx

from shudian.exchange.polarity import polarities
from shudian.kinds import Model
from shudian.structure import causal_graph

_MOST = 3
"""Targets of one lever in the diagram; more can be followed from one to the next."""
_QUEUE = ("claims_approval", "paid_per_claim")
"""The queue of claims, in which everything that costs money waits for everything else: left out of the search."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A variable of the diagram that something outside acts on, over variables that are not in it."""

    cause: str
    effect: str
    path: tuple[str, ...]
    """From cause to effect."""
    sign: int
    """Product of the signs along the path; 0 where one of them depends."""


def lever_links(model: Model, drawn: Collection[str]) -> tuple[Reached, ...]:
    """For each lever, in order, where it first acts on what is `drawn`."""
    graph = causal_graph(model.equations)
    levers = [parameter.name for parameter in model.scheduled if parameter.role == "lever"]
    return tuple(link for name in levers for link in _nearest(model, graph, name, drawn))


def island_links(model: Model, drawn: Mapping[str, Collection[str]]) -> tuple[Reached, ...]:
    """What joins the parts of the diagram that no loop joins; `drawn` is variable -> the variables it is linked to."""
    joined = nx.Graph([(name, other) for name, others in drawn.items() for other in others])
    parts = sorted(nx.connected_components(joined), key=len, reverse=True)
    graph = causal_graph(model.equations)
    found: list[Reached] = []
    for part in parts[1:]:
        for name in sorted(part):
            found += _nearest(model, graph, name, drawn.keys() - part)
    return tuple(found)


def _nearest(model: Model, graph: nx.DiGraph[str], start: str, targets: Collection[str]) -> Iterator[Reached]:
    signs = polarities(model)
    stocks = {stock.name for stock in model.stocks}
    before: dict[str, str] = {}
    best = {start: (0, 0)}
    found: list[tuple[tuple[int, int], str]] = []
    waiting = [(0, 0, start)]
    while waiting:
        *far, name = heapq.heappop(waiting)
        if tuple(far) != best[name]:
            continue
        if name in targets:
            found.append((best[name], name))
            continue
        for effect in sorted(graph.successors(name)):
            steps = far[0] + (effect in stocks and effect not in targets), far[1] + 1
            if effect not in _QUEUE and (effect not in best or steps < best[effect]):
                best[effect], before[effect] = steps, name
                heapq.heappush(waiting, (*steps, effect))
    least = min((passed for (passed, _), _ in found), default=0)
    for (passed, _), name in sorted(found)[:_MOST]:
        if passed == least:
            path = _path(before, name)
            yield Reached(start, name, path, prod(signs[link] for link in pairwise(path)))


def _path(before: Mapping[str, str], end: str) -> tuple[str, ...]:
    path = [end]
    while path[-1] in before:
        path.append(before[path[-1]])
    return tuple(reversed(path))
