"""Dates and numbers with units, as people write them in scenarios, targets and options.

The errors raised here say what is wrong with the text; the caller puts in front where it was written.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from shudian.kinds import InputError, Parameter
from shudian.parameters import DATE
from shudian.units import conversion, internal_unit, unit_label

FIRST_YEAR = 2023
MONTHS = 96
"""The horizon: 2023-01 to 2030-12."""

_COUNTS = ("park", "location", "title", "firm")
"""Units in which a number of things is just a number: nobody can mean another one."""

_NOT_WORDS = r"""[\s“”‘’'"]"""
_MONTH = re.compile(r"(\d{4})(?:\s*[-/]\s*(\d{1,2})|\s*年\s*(\d{1,2})\s*月)", re.ASCII)
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*(\D.*)?")


@contextmanager
def placed(where: object) -> Iterator[None]:
    """Put `where` in front of the sentence of any InputError raised inside."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def read_month(text: object) -> int:
    """Months from 2023-01 to the month `text`: `2027-01`, `2027-1`, `2027/01` or `2027年1月`.

    Raises InputError if it is not a month.
    """
    written = _MONTH.fullmatch(plain(text)) if isinstance(text, str) else None
    month = int(written[2] or written[3]) if written else 0
    if not written or not 1 <= month <= 12:
        raise InputError(f'{show(text)} is not a month; write year and month as in "2025-10"')
    return (int(written[1]) - FIRST_YEAR) * 12 + month - 1


def write_month(months: float) -> str:
    """The month that begins `months` after 2023-01, as `YYYY-MM`."""
    return f"{FIRST_YEAR + int(months) // 12}-{int(months) % 12 + 1:02d}"


def read_start(text: object) -> float:
    """`read_month` of a month inside the horizon; raises InputError for one outside it."""
    months = read_month(text)
    if not 0 <= months < MONTHS:
        raise InputError(
            f"{text} lies outside the horizon, which runs from {write_month(0)} to {write_month(MONTHS - 1)}"
        )
    return float(months)


def read_quantity(value: object) -> tuple[float, str]:
    """A finite number and its unit as written (`""` if none) from `30`, `"30 %"`, `"1,000 人/年"`, `"2亿元"`.

    Raises InputError if `value` is neither a number nor a text that begins with one.
    """
    if isinstance(value, str):
        written = _NUMBER.fullmatch(plain(value).replace("\N{MINUS SIGN}", "-"))
        if not written:
            raise InputError(f"{show(value)} is not a number with a unit")
        number, unit = float(written[1].replace(",", "")), (written[2] or "").strip()
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            number, unit = float(value), ""
        except OverflowError:
            number, unit = math.inf, ""
    else:
        raise InputError(f"{show(value)} is not a number")
    if not math.isfinite(number):
        raise InputError(f"{show(value)} is not a finite number")
    return number, f"1{unit}" if unit.startswith("/") else unit


def read_value(value: object, parameter: Parameter) -> float:
    """`value` as a person wrote it for `parameter`, in internal units.

    A count (parks, locations) may stand without a unit or with 个; money and what happens in a year may not,
    because 2 can be 2万元 or 2亿元, a month's or a year's. Raises InputError if the unit is missing, unknown or
    of another dimension, if the value lies outside the parameter's range, or if it is half of something whole.
    """
    if parameter.display_unit == DATE:
        number = float(read_month(value))
    else:
        expected = f"“{parameter.name}” is {_unit(parameter)}, as in {example(parameter)}"
        try:
            number, unit = read_quantity(value)
        except InputError as error:
            raise InputError(f"{error}; {expected}") from None
        unit = _own_count(unit, parameter)
        if not unit and parameter.unit != "1":
            raise InputError(f"{show(value)} has no unit; {expected}")
        number = convert(number, unit, parameter.unit, expected)
    # a value at the end of its range may have been written in another unit, which costs the last bit
    slack = 1e-12 * max(abs(parameter.low), abs(parameter.high))
    if not parameter.low - slack <= number <= parameter.high + slack:
        raise InputError(
            f"{show(value)} lies outside the range of “{parameter.name}”, which is {write_range(parameter)}"
        )
    if parameter.whole and number != round(number):
        raise InputError(f"{show(value)} is not a whole number, and “{parameter.name}” is counted in whole ones")
    return min(max(number, parameter.low), parameter.high)


def convert(number: float, unit: str, internal: str, expected: str) -> float:
    """`number` of `unit` in the unit `internal`; `expected` ends the sentence if the dimensions differ."""
    try:
        found = internal_unit(unit)
    except InputError as error:
        raise InputError(f"{error}; {expected}") from None
    if found != internal:
        raise InputError(f"“{unit}” is the wrong unit; {expected}")
    return number * conversion(unit, internal) if unit else number


def write_value(value: float, parameter: Parameter) -> str:
    """`value` (internal units) as TOML in the parameter's own unit, such that `read_value` gives it back to the bit."""
    if parameter.display_unit == DATE:
        return f'"{write_month(value)}"'
    if parameter.unit == "1":
        return write_number(value)
    shown = value / conversion(parameter.display_unit, parameter.unit)
    near = (float(f"{shown:.12g}"), shown, math.nextafter(shown, math.inf), math.nextafter(shown, -math.inf))
    for number in near:
        if number * conversion(parameter.display_unit, parameter.unit) == value:
            return f'"{write_number(number)} {parameter.display_unit}"'
    return f'"{write_number(value)} {unit_label(parameter.unit, "zh")}"'


def write_number(number: float) -> str:
    """`number` such that `float` gives it back to the bit, without a needless `.0`."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def write_range(parameter: Parameter) -> str:
    """The range of `parameter` as a person reads it: `0 to 10 亿元`."""
    if parameter.display_unit == DATE:
        return f"{write_month(parameter.low)} to {write_month(parameter.high)}"
    factor = conversion(parameter.display_unit, parameter.unit)
    unit = "" if parameter.unit == "1" else parameter.display_unit
    return f"{parameter.low / factor:g} to {parameter.high / factor:g} {unit}".rstrip()


def example(parameter: Parameter) -> str:
    """A value that `parameter` may take, written as in a scenario file."""
    return write_value(min(max(_round(parameter), parameter.low), parameter.high), parameter)


def show(value: object) -> str:
    """`value` for an error sentence: on one line and short."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    try:
        text = json.dumps(value, ensure_ascii=False)[1:-1] if isinstance(value, str) else str(value)
    except ValueError:  # an integer too long for Python to print
        return "the number"
    text = text if len(text) <= 60 else f"{text[:57]}..."
    if isinstance(value, bool):
        return text.lower()
    return f"“{text}”" if isinstance(value, str) else text


def plain(text: str) -> str:
    """`text` as an English keyboard would have written it: full-width characters narrow, no space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def same_words(one: str, two: str) -> bool:
    """Whether two names are the same but for quotes, spaces and the width of characters."""
    return re.sub(_NOT_WORDS, "", plain(one)) == re.sub(_NOT_WORDS, "", plain(two))


def _own_count(unit: str, parameter: Parameter) -> str:
    counted = re.sub("个园区|处|部", "个", parameter.display_unit)
    bare = not unit and parameter.unit in _COUNTS
    return parameter.display_unit if bare or unit.replace(" ", "") == counted else unit


def _round(parameter: Parameter) -> float:
    if parameter.display_unit == DATE:
        return (parameter.low + parameter.high) // 2
    factor = conversion(parameter.display_unit, parameter.unit)
    middle = (parameter.low + parameter.high) / 2 / factor
    return float(f"{middle:.1g}") * factor


def _unit(parameter: Parameter) -> str:
    return "a pure number" if parameter.unit == "1" else f"in {parameter.display_unit}"
