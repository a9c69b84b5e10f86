"""What a yuan of additional output is worth to the city, in yuan: nobody has measured it."""

from __future__ import annotations

from shudian.kinds import InputError

VALUE = 0.5
"""Taken where nobody says: an assumption, always shown."""
MOST_VALUE = 3.0
"""Three times itself."""


def check_value(value: float) -> None:
    """Raise InputError unless a yuan of additional output can be worth `value` yuan."""
    if not 0 <= value <= MOST_VALUE:
        raise InputError(
            "a yuan of output cannot be worth {value} yuan; name a number from 0 to {most}",
            value=f"{value:g}", most=f"{MOST_VALUE:g}",
        )  # fmt: skip
