"""Now: the first month in which a city can still choose. What came before it is done and can only be asked about.

Nothing here looks at a clock: the same seeds give the same month, so that a run can be repeated.
"""

from __future__ import annotations

import re

from shudian.evidence import load_figures, published_dates
from shudian.quantities import FIRST_YEAR, placed, read_start, same_words

NOW_WORDS = ("now", "现在", "即日起")
"""What may stand in a schedule in place of its month."""
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})(?!\d)")


def default_now() -> float:
    """The month after that in which the last fitted figure was published, in months from 2023-01.

    A page that shows its year alone tells no month and is left out.
    """
    fitted = [figure for figure in load_figures().values() if figure.role == "calibration"]
    dated = [found for text in published_dates(fitted).values() if (found := _MONTH.match(text))]
    return float(max((int(found[1]) - FIRST_YEAR) * 12 + int(found[2]) for found in dated))


def read_now(text: str) -> float:
    """The month that --now names, or `default_now` where `text` is empty; raises InputError for what is no month."""
    if not text:
        return default_now()
    with placed(f"--now {text}"):
        return read_start(text)


def read_start_or_now(text: str, now: float) -> float:
    """`read_start`, or `now` where that is what the text says."""
    return now if any(same_words(text.casefold(), word) for word in NOW_WORDS) else read_start(text)
