"""The units: what people write (亿元, 家, 年), what the model uses, and how one becomes the other.

Inside the model money is in 万元 (`wanyuan`), time in months.
A day is a calendar day where it is a time, and a day of work where it is work; what somebody writes as working
days is a time, five to a week. Years become months and 亿元 become 万元 at
the boundary. Counts (persons, firms, titles, slots, parks, locations) are units too, so that they cannot be
added to each other by mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from functools import cache

import pint

from shudian.kinds import InputError, Language
from shudian.unit_words import COUNT, TIMES, WORDS, read_factors

_DEFINITIONS = """
wanyuan = [money]
yuan = 1e-4 wanyuan
yiyuan = 1e4 wanyuan
month = [time]
year = 12 month
day = [day]
workday = 1.4 day
person = [person]
firm = [firm]
title = [title]
slot = [slot]
park = [park]
location = [location]
thousandyuan = 0.1 wanyuan
millionyuan = 100 wanyuan
billionyuan = 1e5 wanyuan
trillionyuan = 1e8 wanyuan
thousandperson = 1e3 person
millionperson = 1e6 person
thousandfirm = 1e3 firm
thousandtitle = 1e3 title
wanperson = 1e4 person
yiperson = 1e8 person
wanfirm = 1e4 firm
wantitle = 1e4 title
percent = 0.01
permille = 0.001
tenth = 0.1
"""

_ENGLISH = {
    "yiyuan": "millionyuan", "wanyuan": "thousandyuan", "wanperson": "thousandperson", "yiperson": "millionperson",
    "wanfirm": "thousandfirm", "wantitle": "thousandtitle",
}  # fmt: skip
"""Chinese counts in steps of ten thousand, English in steps of one thousand: the unit in which it says the same."""


@cache
def registry() -> pint.UnitRegistry[float]:
    """The project's own unit registry; it knows only the units above."""
    ureg: pint.UnitRegistry[float] = pint.UnitRegistry(None, cache_folder=None)
    for line in _DEFINITIONS.split("\n"):
        if line:
            ureg.define(line)
    return ureg


@cache
def parse_unit(text: str) -> pint.Unit:
    """The unit that `text` names, in Chinese or English (`亿元/年`, `wanyuan/month`, `1`).

    Raises InputError for a unit that the project does not know.
    """
    factors = read_factors(text)
    if factors is None or any(name == COUNT for name, _ in factors):
        raise InputError("the unit “{unit}” is not known", unit=text)
    return _product(factors)


def _product(factors: Iterable[tuple[str, int]]) -> pint.Unit:
    product = registry().Unit("dimensionless")
    for name, power in factors:
        product = product * registry().Unit(name) ** power
    return product


def internal_of(factors: Iterable[tuple[str, int]]) -> str:
    """The internal unit of the same dimension as the product of `factors` (unit, power)."""
    return spell(registry().get_root_units(_product(factors))[1])


def to_internal(value: float, unit: str) -> tuple[float, str]:
    """`value` in the internal units, and the internal unit's spelling: (1, `亿元/年`) -> (833.3, `wanyuan/month`)."""
    internal = internal_unit(unit)
    return value * conversion(unit, internal), internal


@cache
def internal_unit(unit: str) -> str:
    """The internal unit of the same dimension as `unit`."""
    return spell(registry().get_root_units(parse_unit(unit))[1])


@cache
def conversion(unit: str, into: str) -> float:
    """What one `unit` is in `into`; raises InputError if they measure different things."""
    try:
        # Through exact multiples of 12 and 10 000, so that 12 months are a year to the last bit.
        forward: float = registry().convert(1.0, parse_unit(unit), parse_unit(into))
        backward: float = registry().convert(1.0, parse_unit(into), parse_unit(unit))
    except pint.DimensionalityError as error:
        raise InputError("“{unit}” cannot be expressed in “{into}”", unit=unit, into=into) from error
    return 1 / round(backward) if forward < 1 and abs(backward - round(backward)) < 1e-6 else forward


@cache
def _size(name: str) -> tuple[Fraction, str]:
    if name == COUNT:
        return Fraction(1), COUNT
    return Fraction(conversion(name, internal_unit(name))).limit_denominator(10**9), internal_unit(name)


def size(factors: Iterable[tuple[str, int]]) -> tuple[Fraction, dict[str, int]]:
    """What one of the product of `factors` (unit, power) is in internal units, exactly, and the powers of those."""
    number, powers = Fraction(1), Counter[str]()
    for name, power in factors:
        one, internal = _size(name)
        number *= one**power
        powers[internal] += power
    return number, {name: power for name, power in powers.items() if power and name != "1"}


def spell(unit: pint.Unit) -> str:
    """The one spelling of a unit: `wanyuan/month`, `person*day/title`, `1`."""
    powers = sorted((name, float(str(power))) for name, power in unit._units.items())
    above = [name if power == 1 else f"{name}**{power:g}" for name, power in powers if power > 0]
    below = [name if power == -1 else f"{name}**{-power:g}" for name, power in powers if power < 0]
    return "/".join(["*".join(above) or "1", *below])


@cache
def display_unit(unit: str) -> str:
    """The unit in which amounts are shown: money in 亿元 or 亿元/年, everything else as it is."""
    return {"wanyuan": "亿元", "wanyuan/month": "亿元/年"}.get(spell(parse_unit(unit)), unit)


def reader_unit(unit: str, language: Language) -> str:
    """The unit in which a reader of `language` expects what is in `unit`: 亿元/年 is millions of yuan in English."""
    if language == "zh":
        return unit
    return re.sub(r"[a-z]+", lambda m: _ENGLISH.get(m.group(), m.group()), spell(parse_unit(unit)))


def scaled_unit(value: float, unit: str, given: str, language: Language) -> str:
    """`unit`, or in English the scale of yuan in which one says `value` (of `given`): yuan, millions or billions."""
    into = reader_unit(unit, language)
    if not re.search("(thousand|million)yuan", into):
        return into
    plain = re.sub("(thousand|million)yuan", "yuan", into)
    yuan = float(f"{abs(value) * conversion(given, plain):.12g}")
    return plain.replace("yuan", "billionyuan" if yuan >= 1e9 else "millionyuan" if yuan >= 1e6 else "yuan")


@cache
def unit_label(unit: str, language: Language, one: bool = False) -> str:
    """The unit as a person reads it: `亿元/年`, `million yuan a year`, `parks`, or where there is `one` of it `park`.

    A pure number has no label. Every label can be typed back.
    """
    spelled = spell(parse_unit(unit))
    if spelled == "1":
        return ""
    if language == "zh":
        return re.sub(r"[a-z]+", lambda m: WORDS[m.group()][0], spelled).replace("**", "^").replace("*", "·")
    above, *below = [_repeated(part) for part in spelled.split("/")]
    words = [WORDS[name][1] for name in above]
    if words and not one:
        words[-1] = WORDS[above[-1]][2]
    # what it is for comes before how often: thousand yuan per firm a month
    rates = sorted((name for names in below for name in names), key=lambda name: name in TIMES)
    return " ".join(
        ["-".join(words), *(f"{'a' if words and name in TIMES else 'per'} {WORDS[name][1]}" for name in rates)]
    ).strip()


def _repeated(product: str) -> list[str]:
    """The names in a product as often as their powers say, times last; none for `1`."""
    names = [(name, int(power or 1)) for name, power in re.findall(r"([a-z]+)(?:\*\*(\d))?", product)]
    return sorted((name for name, power in names for _ in range(power)), key=lambda name: name in TIMES)


def with_unit(text: str, unit: str, language: Language) -> str:
    """The number `text` and its unit in running text: `2亿元`, `200 million yuan`, `1 park`, `30%`."""
    label = unit_label(unit, language, text in ("1", "-1"))
    if language == "zh" or label == "%":
        return text + ("个月" if label == "月" else label.removeprefix("1"))  # 5月 is May, 51/年 is not 5/年
    return f"{text} {label}".rstrip()
