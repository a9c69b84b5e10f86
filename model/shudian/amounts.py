"""What a parameter comes to, in its own unit, as a person reads and types it."""

from __future__ import annotations

import math

from shudian.kinds import Language, Parameter
from shudian.parameters import DATE
from shudian.quantities import write_month
from shudian.units import conversion, scaled_unit, unit_label, with_unit


def amount_text(value: float, parameter: Parameter, language: Language) -> str:
    """A value (internal units) in the parameter's own unit, as a person reads it; it can be typed back."""
    if parameter.display_unit == DATE:
        return write_month(value)
    label = unit_label(parameter.display_unit, language)
    if parameter.unit.startswith("1/") or (not label and parameter.name.endswith(("_rate", "_share"))):
        shown = _plain(100 * value / conversion(parameter.display_unit, parameter.unit))
        return f"{shown}%" + (label[1:] if language == "zh" else label.replace("per ", " a "))
    unit = scaled_unit(value, parameter.display_unit, parameter.unit, language)
    return with_unit(_plain(value / conversion(unit, parameter.unit)), unit, language)


def _plain(number: float) -> str:
    """`number` to four digits, never with an exponent."""
    if number == 0:
        return "0"
    places = 3 - math.floor(math.log10(abs(number)))
    text = f"{round(number, places):,.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
