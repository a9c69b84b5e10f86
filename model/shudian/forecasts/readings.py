"""A figure that leaves its definition open, given in each one that its indicator has in the model."""

from __future__ import annotations

from dataclasses import replace

from shudian.figure_row import Certainty
from shudian.figure_rows import Reported
from shudian.observe.rules import Rules
from shudian.parameters import HOME

_OPEN = ("", "unstated")


def readings(reported: Reported, rules: Rules, city: str = HOME) -> tuple[Reported, ...]:
    """`reported` itself, or, where it says no definition, one figure for each that observation.toml has for it.

    Nothing is guessed in silence: of one possible definition the figure says that it was read, of several that they
    are open.
    """
    figure = reported.figure
    spot = "city" if figure.geography == city else figure.geography
    ties = [rule.definition for rule in rules.rules if (rule.indicator, rule.place) == (figure.indicator, spot)]
    if figure.definition not in _OPEN or figure.definition in ties or not ties:
        return (reported,)
    several = len(ties) > 1
    certainty: Certainty = "open" if several else "read"
    return tuple(
        Reported(
            replace(
                figure,
                identifier=f"{figure.identifier}/{definition}" if several else figure.identifier,
                definition=definition,
            ),
            certainty,
        )
        for definition in ties
    )
