"""Dates and numbers with units, as people write them in scenarios, targets and options.

The errors raised here say what is wrong with the text; the caller puts in front where it was written.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from shudian.dates import read_date
from shudian.kinds import InputError, Parameter, Phrase
from shudian.numerals import DIGITS, OPEN_WORDS, check_characters, narrowed, read_numeral
from shudian.parameters import DATE
from shudian.unit_words import COUNT, TIMES, before_number, read_factors, split_rate, without_scale
from shudian.units import conversion, size, unit_label

FIRST_YEAR = 2023
MONTHS = 96
"""The horizon: 2023-01 to 2030-12."""

_COUNTS = ("park", "location", "title", "firm")
"""Units in which a number of things is just a number: nobody can mean another one."""
_OF = ("park", "location", "title", "slot")
"""Units of which 个 is said."""
_MONEY_SCALES = ("万", "亿", "million", "mn", "mln", "mio", "billion", "bn", "trillion", "tn")
"""Scales in which nothing but money is said of a price or a budget; a 千 may be one of 千元 or of 千万元."""
_TENTHS = f"成([{DIGITS[1:]}半])$"
_LONGEST = 200
"""Characters; a number with a unit has fewer."""

_NOT_WORDS = r"""[\s“”‘’'"]"""
_CURRENCY = r"(-?)\s*(?:cn¥|¥|rmb|cny|人民币)\s*(?=[^\s])"
"""In front of a number: ¥2亿, RMB 200m."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what stands behind it, as it was written."""

    number: Fraction
    factors: tuple[tuple[str, int], ...]
    """Units and their powers; none where no unit is written."""
    scale: str
    """The word of the number's scale (万, million); empty where it has none."""
    size: Fraction
    """How many the scale is."""
    unit: str
    """The unit as written, with the scale, for error sentences."""


@contextmanager
def placed(where: object) -> Iterator[None]:
    """Put `where` in front of each sentence of any InputError raised inside."""
    try:
        yield
    except InputError as error:
        raise error.at(where) from None


def read_month(text: object, first: bool = False) -> int:
    """Months from 2023-01 to the month `text`: `2027-01`, `2027/1`, `2027年1月`, `Jan 2027`, or its first day.

    With `first` a year alone is its January. Raises InputError if it is not a month.
    """
    date = read_date(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if not date:
        raise InputError('{value} is not a month; write year and month as in "2025-10"', value=show(text))
    year, month, day = date
    if not month and not first:
        raise InputError(
            '{value} can be the beginning or the end of the year; write the month as in "{year}-01"',
            value=show(text),
            year=year,
        )
    if day > 1:
        written = f"{year}-{month:02d}"
        raise InputError(
            '{value} is a day within a month; write the month as in "{month}"', value=show(text), month=written
        )
    return (year - FIRST_YEAR) * 12 + max(month, 1) - 1


def write_month(months: float) -> str:
    """The month that begins `months` after 2023-01, as `YYYY-MM`."""
    return f"{FIRST_YEAR + int(months) // 12}-{int(months) % 12 + 1:02d}"


def read_start(text: object) -> float:
    """`read_month` of a month inside the horizon; raises InputError for one outside it."""
    months = read_month(text, first=True)
    if not 0 <= months < MONTHS:
        raise InputError(
            "{date} lies outside the horizon, which runs from {first} to {last}",
            date=text,
            first=write_month(0),
            last=write_month(MONTHS - 1),
        )
    return float(months)


def read_quantity(value: object) -> Quantity:
    """A finite number and its unit from `30`, `"30 %"`, `"1,000 人/年"`, `"2亿元"`, `"RMB 200m"`, `"三成"`.

    Raises InputError if `value` is neither a number nor a text that begins with one, if the number could be read in
    two ways or if the unit is not known.
    """
    if isinstance(value, str):
        found = _read_text(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError("{value} is not a finite number", value=show(value))
        number = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
        found = Quantity(number, (), "", Fraction(1), "")
    else:
        raise InputError("{value} is not a number", value=show(value))
    try:
        finite = math.isfinite(float(found.number))
    except OverflowError:
        finite = False
    if not finite:
        raise InputError("{value} is not a finite number", value=show(value))
    return found


def _read_text(value: str) -> Quantity:
    plain = narrowed(value).lower()
    check_characters(plain)
    plain, rate = before_number(plain)
    currency = re.match(_CURRENCY, plain)
    plain = currency[1] + plain[currency.end() :] if currency else plain
    numeral = read_numeral(plain) if len(plain) <= _LONGEST else None
    if not numeral:
        raise InputError("{value} is not a number with a unit", value=show(value))
    number, unit = numeral.value, numeral.rest.strip()
    tenths = re.match(_TENTHS, unit)
    if tenths:  # 三成五 is 35 %
        number, unit = number + Fraction(DIGITS.find(tenths[1]) if tenths[1] != "半" else 5, 10), "成"
    factors = read_factors(unit + rate)
    if factors is None:
        raise InputError("the unit “{unit}” is not known", unit=unit)
    is_money = bool(currency) or any(name.endswith("yuan") and power > 0 for name, power in factors)
    if numeral.scale in OPEN_WORDS and not is_money:
        raise InputError(
            "{value} can mean several things, so write it out, as in 200 million yuan or 6 months", value=show(value)
        )
    if currency and not any(power > 0 for _, power in factors):
        factors, unit = [("yuan", 1), *factors], f"元{unit}"
    space = " " if numeral.scale.isascii() and numeral.scale else ""
    return Quantity(number, tuple(factors), numeral.scale, numeral.size, f"{numeral.scale}{space}{unit}{rate}".strip())


def read_value(value: object, parameter: Parameter) -> float:
    """`value` as a person wrote it for `parameter`, in internal units.

    A count (parks, locations) may stand without a unit or with 个; money and what happens in a year may not,
    because 2 can be 2万元 or 2亿元, a month's or a year's. Raises InputError if the unit is missing, unknown or
    of another dimension, if the value lies outside the parameter's range, or if it is half of something whole.
    """
    if parameter.display_unit == DATE:
        number = float(read_month(value))
    else:
        expected = _expected(parameter)
        try:
            quantity = read_quantity(value)
        except InputError as error:
            raise InputError("{error}; {expected}", error=error.said, expected=expected) from None
        number = measured(quantity, parameter.unit, parameter.display_unit, show(value), expected)
    # a value at the end of its range may have been written in another unit, which costs the last bit
    check_range(number, parameter, show(value), 1e-12 * max(abs(parameter.low), abs(parameter.high)))
    if parameter.whole and number != round(number):
        raise InputError(
            "{value} is not a whole number, and “{name}” is counted in whole ones",
            value=show(value),
            name=parameter.name,
        )
    return min(max(number, parameter.low), parameter.high)


def check_range(number: float, parameter: Parameter, written: str | Phrase, slack: float) -> None:
    """Raise InputError, which begins with `written`, where `number` lies beyond the range by more than `slack`."""
    if not parameter.low - slack <= number <= parameter.high + slack:
        raise InputError(
            "{value} lies outside the range of “{name}”, which is {range}",
            value=written,
            name=parameter.name,
            range=write_range(parameter),
        )


def measured(quantity: Quantity, internal: str, display: str, written: str | Phrase, expected: Phrase) -> float:
    """`quantity` in the unit `internal`, through `display`, the unit in which people write it.

    Two texts that say the same in different units so give the same number to the bit. `written` and `expected` begin
    and end the sentence of the InputError that is raised if the unit is missing or of another dimension.
    """
    due = read_factors(internal) or []
    factors = _completed(quantity, due)
    if factors is None:
        raise InputError("{value} has no unit; {expected}", value=written, expected=expected)
    if any(name == COUNT for name, _ in factors):
        raise InputError("the unit “个” is not known; {expected}", expected=expected)
    given, wanted, shown = (size(parts) for parts in (factors, due, read_factors(display) or []))
    if given[1] != wanted[1]:
        raise InputError(
            "“{unit}” is the wrong unit; {expected}", unit=quantity.unit or str(written)[1:-1], expected=expected
        )
    if given[0] * quantity.size == wanted[0]:
        return float(quantity.number * given[0] / wanted[0])
    return float(quantity.number * given[0] / shown[0]) * conversion(display, internal)


def _completed(quantity: Quantity, due: Sequence[tuple[str, int]]) -> list[tuple[str, int]] | None:
    """The units of `quantity`, and those of `due` that go without saying; None where too much is left open.

    100万 of a price is 100万元, and 100万元 of a price per title is 100万元/部; 2亿元 a year is said to be a year's.
    """
    factors = list(quantity.factors)
    above = [part for part in due if part[1] > 0]
    below = [part for part in due if part[1] < 0]
    for power, parts in ((1, above), (-1, below)):
        if (COUNT, power) in factors and len(parts) == 1 and parts[0][0] in _OF:
            factors[factors.index((COUNT, power))] = parts[0]
    if not any(power > 0 for _, power in factors) and above == [("wanyuan", 1)] and quantity.scale in _MONEY_SCALES:
        factors = [("yuan", 1), *factors]
    if not factors and due:
        if len(due) > 1 or due[0][0] not in _COUNTS or due[0][1] != 1:
            return None
        factors = [due[0]]
    is_bare = all(power > 0 for _, power in factors) and size(factors)[1] == size(above)[1]
    if is_bare and not any(name in TIMES for name, _ in below):
        factors += below
    return factors


def beside(value: object, unit: str) -> object:
    """`value` as written, and what it leaves open taken from the `unit` that stands beside it: `5万` of 亿元/年 is
    5万元/年, `5` is 5亿元/年."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or not unit:
        return value
    try:
        quantity = read_quantity(value)
    except InputError:
        return value
    above, rate = split_rate(unit)
    text = value if isinstance(value, str) else write_number(float(value))
    if any(power < 0 for _, power in quantity.factors):
        return value
    if quantity.factors or "分之" in text:  # 百分之三 is a share, and has no need of %
        return f"{text}{rate}"
    return f"{text} {without_scale(above) if quantity.scale else above}{rate}".rstrip()


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


def write_range(parameter: Parameter) -> Phrase:
    """The range of `parameter` as a person reads it: `0 to 10 亿元`."""
    if parameter.display_unit == DATE:
        return Phrase("{low} to {high}", low=write_month(parameter.low), high=write_month(parameter.high))
    factor = conversion(parameter.display_unit, parameter.unit)
    low, high = parameter.low / factor, parameter.high / factor
    if parameter.unit == "1":
        return Phrase("{low:g} to {high:g}", low=low, high=high)
    return Phrase("{low:g} to {high:g} {unit}", low=low, high=high, unit=parameter.display_unit)


def write_span(low: float, high: float, parameter: Parameter) -> Phrase:
    """`write_range` of the values from `low` to `high` (internal units), to three digits and rounded inwards.

    The parameter is none whose values are months.
    """
    factor = conversion(parameter.display_unit, parameter.unit)
    step = 10.0 ** (math.floor(math.log10(max(high - low, 1e-300) / factor)) - 2)
    ends = math.ceil(low / factor / step - 1e-9) * step, math.floor(high / factor / step + 1e-9) * step
    return write_range(replace(parameter, low=ends[0] * factor, high=ends[1] * factor))


def example(parameter: Parameter) -> str:
    """A value that `parameter` may take, written as in a scenario file."""
    middle = min(max(_round(parameter), parameter.low), parameter.high)
    if parameter.unit.startswith("1/"):
        return f'"{100 * middle / conversion(parameter.display_unit, parameter.unit):g} %{parameter.display_unit[1:]}"'
    return write_value(middle, parameter)


def show(value: object) -> str | Phrase:
    """`value` for an error sentence: on one line and short."""
    if isinstance(value, dict):
        return Phrase("a table")
    if isinstance(value, list):
        return Phrase("a list")
    if value is None or value == "":
        return Phrase("nothing")
    try:
        text = json.dumps(value, ensure_ascii=False)[1:-1] if isinstance(value, str) else str(value)
    except ValueError:  # an integer too long for Python to print
        return Phrase("the number")
    text = text if len(text) <= 60 else f"{text[:57]}..."
    if isinstance(value, bool):
        return text.lower()
    return f"“{text}”" if isinstance(value, str) else text


def comparable(text: str) -> str:
    """`text` for comparing names: in Unicode's compatibility form, no space around it; not for reading numbers, of
    which `numerals.narrowed` leaves ⁵ and ½ as they are."""
    return unicodedata.normalize("NFKC", text).strip()


def same_words(one: str, two: str) -> bool:
    """Whether two names are the same but for quotes, spaces and the width of characters."""
    return _words(one) == _words(two)


@lru_cache(maxsize=2048)
def _words(text: str) -> str:
    return re.sub(_NOT_WORDS, "", comparable(text))


def grammar() -> dict[str, Any]:
    """The tables and patterns for a reader in another language."""
    return {
        "counts": _COUNTS, "of": _OF, "times": TIMES, "money_scales": _MONEY_SCALES, "currency": _CURRENCY,
        "tenths": _TENTHS, "longest": _LONGEST,
    }  # fmt: skip


def _round(parameter: Parameter) -> float:
    if parameter.display_unit == DATE:
        return (parameter.low + parameter.high) // 2
    factor = conversion(parameter.display_unit, parameter.unit)
    middle = (parameter.low + parameter.high) / 2 / factor
    return float(f"{middle:.1g}") * factor


def _expected(parameter: Parameter) -> Phrase:
    name, written = parameter.name, example(parameter)
    if parameter.unit == "1":
        return Phrase("“{name}” is a pure number, as in {example}", name=name, example=written)
    unit = parameter.display_unit
    return Phrase("“{name}” is in {unit}, as in {example}", name=name, unit=unit, example=written)
