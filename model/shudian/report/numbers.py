"""How numbers are written: no more digits than they deserve."""

from __future__ import annotations

import math


def significant(value: float, places: int = 2) -> str:
    """`value` to three significant digits and at most `places` after the point: 1234.5 -> 1,230, 0.1234 -> 0.12."""
    if not math.isfinite(value):
        return "—"
    if value == 0:
        return "0"
    kept = min(2 - math.floor(math.log10(abs(value))), places)
    text = f"{round(value, kept):,.{max(kept, 0)}f}"
    return "0" if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def worst_error(draws: int) -> float:
    """Largest binomial standard error of a probability estimated from `draws` draws, reached at one half."""
    return 0.5 / math.sqrt(draws)


FEWEST = 20
"""Draws below which no probability is stated."""


def percent(probability: float, draws: int) -> str:
    """A probability in whole per cent: `36%`, `<1%`, `>99%`; `—` from fewer than FEWEST draws.

    Where no draw (or every draw) reaches the target, the limit is the rule of three's: 3/draws, which is 95% sure.
    """
    if draws < FEWEST:
        return "—"
    limit = max(1, math.ceil(300 / draws))
    value = probability * 100
    if value < limit:
        return f"<{limit}%"
    if value > 100 - limit:
        return f">{100 - limit}%"
    return f"{value:.0f}%"
