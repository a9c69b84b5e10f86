"""When a difference can be told from nil: one rule for every answer, in every language.

The 90 % interval of the differences draw by draw, as it is printed, lies on one side of nil. A chance has no such
interval: its difference is told where it is more than the noise of the draws and does not round to nothing.
"""

from __future__ import annotations

from shudian.analysis.reported import Band
from shudian.analysis.verdicts import Probability, noise
from shudian.kinds import FEWEST
from shudian.units import parse_unit, spell

_COUNTED = ("person", "firm", "title", "slot", "park", "location")


def digits(unit: str) -> int:
    """Digits after the point that an amount in `unit` may have: people and firms come whole, 亿元 have two."""
    return 0 if spell(parse_unit(unit)) in _COUNTED else 2


def is_told(band: Band, unit: str) -> bool:
    """Whether a difference in `unit` can be told from nil; never where the draws are too few for an interval."""
    near = band.low if band.low > 0 else band.high
    return (band.low > 0 or band.high < 0) and round(near, digits(unit)) != 0


def is_chance_told(difference: Probability, draws: int) -> bool:
    """Whether a difference of two chances, each a share of `draws`, can be told from nil."""
    return (
        draws >= FEWEST
        and abs(difference.value) > noise(difference.error, draws)
        and round(difference.value * 100) != 0
    )
