"""One package of the brief, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shudian.analysis.cost import Price
from shudian.analysis.reported import Band
from shudian.analysis.verdicts import Probability
from shudian.kinds import Label


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the table, in numbers: money in 亿元, price per job in 万元, output's in yuan per yuan."""

    name: str
    title: Label
    chances: Mapping[str, Probability]
    """Definition of the market -> probability that the target is reached."""
    gains: Mapping[str, Probability]
    """Definition -> change against the reference; empty for the reference."""
    cost: Band
    more_cost: Band | None
    """Cost above the reference's; None for the reference."""
    output: Band | None
    """Additional local output in YEAR; None for the reference."""
    jobs: Band | None
    """Additional full-time jobs at the end of YEAR; None for the reference."""
    prices: Mapping[tuple[str, int], Price] | None
