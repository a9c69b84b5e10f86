"""How numbers are written: no more digits than they deserve."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shudian.kinds import FEWEST


def significant(value: float, places: int = 2) -> str:
    """`value` to three significant digits and at most `places` after the point: 1234.5 -> 1,230, 0.1234 -> 0.12."""
    if not math.isfinite(value):
        return "—"
    if value == 0:
        return "0"
    kept = min(2 - math.floor(math.log10(abs(value))), places)
    text = f"{round(value, kept):,.{max(kept, 0)}f}"
    return "0" if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def adding_up(parts: Sequence[float], total: float, places: int) -> tuple[tuple[str, ...], str]:
    """`parts` and the `total` that they make up, all to one place (the greatest to three digits), adding up as printed.

    What rounding down leaves over goes, a unit each, to the parts from which most was taken (largest remainders).
    """
    greatest = max(abs(value) for value in (*parts, total))
    kept = min(2 - math.floor(math.log10(greatest)), places) if greatest else places
    scaled = [part * 10.0**kept for part in parts]
    units = [math.floor(value) for value in scaled]
    whole = round(total * 10.0**kept)
    for part in sorted(range(len(parts)), key=lambda i: units[i] - scaled[i])[: max(0, whole - sum(units))]:
        units[part] += 1
    texts = [f"{count / 10.0**kept:,.{max(kept, 0)}f}".replace("-", "−") if count else "0" for count in (*units, whole)]
    return tuple(texts[:-1]), texts[-1]


def worst_error(draws: float) -> float:
    """Largest binomial standard error of a probability estimated from `draws` draws, reached at one half."""
    return 0.5 / math.sqrt(draws)


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
    return f"{value:z.0f}%"
