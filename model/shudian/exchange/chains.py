"""Stocks and their flows as chains, from left to right, before anything has a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shudian.kinds import Equation
from shudian.structure import signed_flows


@dataclass(frozen=True, slots=True)
class Flow:
    """One pipe: its variable, and the stocks at its ends; an empty name is a cloud."""

    name: str
    source: str
    sink: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Stocks from left to right, and the flows in the gap before each of them and after the last one."""

    stocks: tuple[str, ...]
    gaps: tuple[tuple[Flow, ...], ...]


def chains(stocks: Sequence[Equation], by_name: Mapping[str, Equation]) -> tuple[Chain, ...]:
    """The chains in which `stocks` stand.

    A pipe joins two stocks that stand side by side; a flow that leaves or enters more than that has a
    further pipe, with a cloud, for each.
    """
    order = {stock.name: position for position, stock in enumerate(stocks)}
    sources: dict[str, list[str]] = {}
    sinks: dict[str, list[str]] = {}
    for stock in stocks:
        for flow, sign in signed_flows(stock, by_name):
            (sinks if sign > 0 else sources).setdefault(flow, []).append(stock.name)
    flows = list(dict.fromkeys(flow for stock in stocks for flow, _ in signed_flows(stock, by_name)))
    following = _follow(flows, sources, sinks, order)
    heads = [name for name in order if name not in following.values()]
    return tuple(_chain(_walk(head, following), flows, sources, sinks) for head in heads)


def _follow(
    flows: Sequence[str],
    sources: Mapping[str, Sequence[str]],
    sinks: Mapping[str, Sequence[str]],
    order: Mapping[str, int],
) -> dict[str, str]:
    """Which stock stands to the right of which: one at most, and never in a circle."""
    following: dict[str, str] = {}
    for flow in flows:
        for source in sources.get(flow, ()):
            for sink in sinks.get(flow, ()):
                free = source not in following and sink not in following.values()
                if free and order[source] < order[sink] and sink not in _walk(source, following):
                    following[source] = sink
    return following


def _walk(head: str, following: Mapping[str, str]) -> tuple[str, ...]:
    names = [head]
    while names[-1] in following:
        names.append(following[names[-1]])
    return tuple(names)


def _chain(
    stocks: tuple[str, ...],
    flows: Sequence[str],
    sources: Mapping[str, Sequence[str]],
    sinks: Mapping[str, Sequence[str]],
) -> Chain:
    place = {name: position for position, name in enumerate(stocks)}
    gaps: list[list[Flow]] = [[] for _ in range(len(stocks) + 1)]
    for flow in flows:
        out = [name for name in sources.get(flow, ()) if name in place]
        into = [name for name in sinks.get(flow, ()) if name in place]
        for source in out:
            joined = next((sink for sink in into if abs(place[sink] - place[source]) == 1), "")
            if joined:
                into.remove(joined)
            gap = max(place[source], place[joined]) if joined else place[source] + 1
            gaps[gap].append(Flow(flow, source, joined))
        for sink in into:
            gaps[place[sink]].append(Flow(flow, "", sink))
    # what goes from stock to stock comes first, so that the chain itself is one straight line
    return Chain(stocks, tuple(tuple(sorted(gap, key=lambda f: not (f.source and f.sink))) for gap in gaps))
