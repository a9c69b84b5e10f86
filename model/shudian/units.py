"""The units: what people write (亿元, 家, 年), what the model uses, and how one becomes the other.

Inside the model money is in 万元 (`wanyuan`), time in months; working and calendar days stay days,
because a month has about 30.4 of one and 21.75 of the other. Years become months and 亿元 become 万元 at
the boundary. Counts (persons, firms, titles, slots, parks, locations) are units too, so that they cannot be
added to each other by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import pint

from shudian.kinds import InputError, Language

_DEFINITIONS = """
wanyuan = [money]
yuan = 1e-4 wanyuan
yiyuan = 1e4 wanyuan
month = [time]
year = 12 month
day = [day]
person = [person]
firm = [firm]
title = [title]
slot = [slot]
park = [park]
location = [location]
trillionyuan = 1e8 wanyuan
wanperson = 1e4 person
yiperson = 1e8 person
wanfirm = 1e4 firm
wantitle = 1e4 title
percent = 0.01
"""

_WORDS: dict[str, tuple[str, str]] = {
    # unit: (Chinese, English), in the order in which Chinese spellings are recognised
    "yiyuan": ("亿元", "100 million yuan"),
    "wanyuan": ("万元", "10 thousand yuan"),
    "yuan": ("元", "yuan"),
    "month": ("月", "month"),
    "year": ("年", "year"),
    "day": ("日", "day"),
    "person": ("人", "person"),
    "firm": ("家", "firm"),
    "title": ("部", "title"),
    "slot": ("剧组", "crew"),
    "park": ("个园区", "park"),
    "location": ("处", "location"),
    "trillionyuan": ("万亿元", "trillion yuan"),
    "wanperson": ("万人", "10 thousand persons"),
    "yiperson": ("亿人", "100 million persons"),
    "wanfirm": ("万家", "10 thousand firms"),
    "wantitle": ("万部", "10 thousand titles"),
    "percent": ("%", "%"),
}

_SPELLINGS: dict[str, str] = {
    "亿元": "yiyuan", "亿": "yiyuan", "万元": "wanyuan", "元": "yuan",
    "个月": "month", "月": "month", "年": "year", "工作日": "day", "日": "day", "天": "day",
    "人次": "person", "人": "person", "家": "firm", "部": "title", "个剧组": "slot", "剧组": "slot", "机位": "slot",
    "个园区": "park", "园区": "park", "处": "location", "个取景地": "location", "取景地": "location",
    "万亿元": "trillionyuan", "万人": "wanperson", "亿人": "yiperson", "万家": "wanfirm", "万部": "wantitle",
    "%": "percent", "％": "percent",
    "parks": "park", "locations": "location", "firms": "firm", "persons": "person", "people": "person",
    "titles": "title", "slots": "slot", "crews": "slot", "crew": "slot",
    "months": "month", "years": "year", "days": "day",
}  # fmt: skip


_UNIT = re.compile(r"\s*(1|[a-z]+)(\s*\*\*\s*[1-9])?(\s*[*/·]\s*[a-z]+(\s*\*\*\s*[1-9])?)*\s*")
"""Names joined by * and /, each with a power of one digit; anything else would reach pint's own evaluator."""


def spellings() -> Mapping[str, str]:
    """Every way in which a unit may be written -> its name."""
    return {**_SPELLINGS, **{name: name for name in _WORDS if name != "percent"}}


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
    plain = text.strip() or "1"
    for spelling in sorted(_SPELLINGS, key=len, reverse=True):
        pattern = re.escape(spelling) if not spelling.isascii() or spelling == "%" else rf"\b{spelling}\b"
        plain = re.sub(pattern, f" {_SPELLINGS[spelling]} ", plain)
    if not _UNIT.fullmatch(plain):
        raise InputError(f"the unit “{text}” is not known")
    try:
        return registry().parse_units(
            "dimensionless" if plain.strip() == "1" else re.sub(r"^\s*1\s*/", "dimensionless/", plain)
        )
    except (pint.errors.UndefinedUnitError, pint.errors.DefinitionSyntaxError, ValueError, TypeError) as error:
        raise InputError(f"the unit “{text}” is not known") from error


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
        raise InputError(f"“{unit}” cannot be expressed in “{into}”") from error
    return 1 / round(backward) if forward < 1 and abs(backward - round(backward)) < 1e-6 else forward


def spell(unit: pint.Unit) -> str:
    """The one spelling of a unit: `wanyuan/month`, `person*day/title`, `1`."""
    powers = sorted((name, float(str(power))) for name, power in unit._units.items())
    above = [name if power == 1 else f"{name}**{power:g}" for name, power in powers if power > 0]
    below = [name if power == -1 else f"{name}**{-power:g}" for name, power in powers if power < 0]
    return "/".join(["*".join(above) or "1", *below])


@cache
def unit_label(unit: str, language: Language) -> str:
    """The unit as a person reads it: `万元/月` or `10 thousand yuan/month`; a pure number has no label."""
    spelled = spell(parse_unit(unit))
    if spelled == "1":
        return ""
    words = re.sub(r"[a-z]+", lambda m: _WORDS[m.group()][0 if language == "zh" else 1], spelled)
    return words.replace("*", "·")
