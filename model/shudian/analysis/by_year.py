"""What packages that begin now bring year by year: to YEAR they have little time, and most comes after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from shudian.analysis.reported import Band, band
from shudian.analysis.results import Readable
from shudian.analysis.verdicts import LATER, MEASURES, YEAR, Measure, Pairing, read

YEARS = tuple(range(YEAR, LATER + 1))
TOLD = tuple(next(m for m in MEASURES if m.name == name) for name in ("entry", "output", "jobs", "cost"))
"""Measures that are told of each year: a total of the year's own, a level or sum at its end."""


@dataclass(frozen=True, slots=True)
class ByYear:
    """What one package differs in from what it is compared with, draw by draw."""

    scenario: str
    other: str
    """As it was before settings, or its reference."""
    differences: Mapping[str, tuple[Band, ...]]
    """Measure of TOLD -> for each of YEARS the difference, in the measure's unit."""


def by_year(outcomes: Sequence[Readable], pairing: Pairing, names: Collection[str]) -> tuple[ByYear, ...]:
    """The ByYear of each of the scenarios `names` that is compared with another."""
    runs = {outcome.scenario.name: outcome for outcome in outcomes}
    found = []
    for name in names:
        other = pairing.originals.get(name) or pairing.references[name]
        if other != name:
            differences = {
                measure.name: tuple(band(read(runs[name], at) - read(runs[other], at)) for at in _each(measure))
                for measure in TOLD
            }
            found.append(ByYear(name, other, differences))
    return tuple(found)


def _each(measure: Measure) -> list[Measure]:
    return [replace(measure, since=year, year=year) for year in YEARS]
