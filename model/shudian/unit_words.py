"""The words for units, in Chinese and English: how they are printed, and everything that people write for them.

The page reads by the same tables and patterns (`grammar`), written so that Python and JavaScript understand them alike.
"""

from __future__ import annotations

import re
from typing import Any

from shudian.numerals import narrowed

TIMES = ("day", "workday", "month", "year")
"""Units of time, which stand behind a stroke."""
WORDS: dict[str, tuple[str, str, str]] = {
    # unit: (Chinese, one in English, several in English), in the order in which Chinese spellings are recognised
    "yiyuan": ("亿元", "100 million yuan", "100 million yuan"),
    "wanyuan": ("万元", "10 thousand yuan", "10 thousand yuan"),
    "yuan": ("元", "yuan", "yuan"),
    "month": ("月", "month", "months"),
    "year": ("年", "year", "years"),
    "workday": ("个工作日", "working day", "working days"),
    "day": ("日", "day", "days"),
    "person": ("人", "person", "people"),
    "firm": ("家", "firm", "firms"),
    "title": ("部", "title", "titles"),
    "slot": ("剧组", "crew", "crews"),
    "park": ("个园区", "park", "parks"),
    "location": ("处", "location", "locations"),
    "thousandyuan": ("千元", "thousand yuan", "thousand yuan"),
    "millionyuan": ("百万元", "million yuan", "million yuan"),
    "billionyuan": ("十亿元", "billion yuan", "billion yuan"),
    "trillionyuan": ("万亿元", "trillion yuan", "trillion yuan"),
    "thousandperson": ("千人", "thousand people", "thousand people"),
    "millionperson": ("百万人", "million people", "million people"),
    "thousandfirm": ("千家", "thousand firms", "thousand firms"),
    "thousandtitle": ("千部", "thousand titles", "thousand titles"),
    "wanperson": ("万人", "10 thousand people", "10 thousand people"),
    "yiperson": ("亿人", "100 million people", "100 million people"),
    "wanfirm": ("万家", "10 thousand firms", "10 thousand firms"),
    "wantitle": ("万部", "10 thousand titles", "10 thousand titles"),
    "percent": ("%", "%", "%"),
    "permille": ("‰", "‰", "‰"),
    "tenth": ("成", "tenth", "tenths"),
}

COUNT = "count"
"""The unit of 个, which only a parameter can tell."""

_SPELLINGS: dict[str, str] = {
    "元": "yuan", "块": "yuan", "块钱": "yuan", "元人民币": "yuan", "人民币": "yuan", "人民币元": "yuan", "¥": "yuan",
    "rmb": "yuan", "cny": "yuan", "renminbi": "yuan", "yuan rmb": "yuan",
    "亿元": "yiyuan", "亿": "yiyuan", "万元": "wanyuan", "万亿元": "trillionyuan",
    "个月": "month", "月": "month", "年": "year", "months": "month", "years": "year", "yr": "year", "yrs": "year",
    "annum": "year", "日": "day", "天": "day", "days": "day",
    "工作日": "workday", "workdays": "workday", "business day": "workday", "business days": "workday",
    "人": "person", "人次": "person", "名": "person", "位": "person", "persons": "person", "people": "person",
    "家": "firm", "家企业": "firm", "个企业": "firm", "firms": "firm", "company": "firm", "companies": "firm",
    "enterprise": "firm", "enterprises": "firm", "部": "title", "部作品": "title", "titles": "title",
    "剧组": "slot", "个剧组": "slot", "机位": "slot", "slots": "slot", "crew": "slot", "crews": "slot",
    "园区": "park", "个园区": "park", "产业园": "park", "个产业园": "park", "parks": "park",
    "处": "location", "取景地": "location", "个取景地": "location", "处取景地": "location", "locations": "location",
    "万人": "wanperson", "亿人": "yiperson", "万家": "wanfirm", "万部": "wantitle",
    "%": "percent", "percent": "percent", "per cent": "percent", "pct": "percent", "个百分点": "percent",
    "百分点": "percent", "percentage point": "percent", "percentage points": "percent", "‰": "permille", "成": "tenth",
    "个": COUNT,
}  # fmt: skip
"""What people write besides the words above, in small letters and simple characters -> the unit's name."""

NAMES = {**_SPELLINGS, **{name: name for name in WORDS}}
NAMES |= {word.lower(): name for name, words in WORDS.items() for word in words}
"""Every way in which a unit may be written -> its name."""
_SINGULARS = {several: one for _, one, several in WORDS.values() if one != several}
_RATE = r"(?:\s*(?:/|每)|(?:^|\s+)(?:per|an?|each|every)(?![a-z]))\s*"
_PATTERNS = {
    "word": "|".join(
        re.escape(word) + ("(?![a-z])" if word[-1:].isascii() and word[-1:].isalpha() else "")
        for word in sorted(NAMES, key=len, reverse=True)
    ),
    "power": r"\s*(?:\*\*|\^)\s*([1-9])",
    "product": r"\s*(?:\*(?!\*)|[·⋅・]|-(?=[a-z]))\s*",
    "rate": _RATE,
    "nothing": rf"1?(?={_RATE})",
    "yearly": r"\s*(annually|yearly|p\.a\.?|per annum|monthly)$",
    "scale": "^(?:10 |100 )?(?:万亿|亿|万|thousand |million |billion |trillion )",
    "before": "每(年|个月|月|部|家|人|处|个园区|个取景地)",
}
"""For the beginning of what is left of a text; `before` is said in front of the number (每年2亿元)."""


def read_factors(text: str) -> list[tuple[str, int]] | None:
    """The units in `text` and their powers: `亿元/年` -> yiyuan 1, year -1; `[]` for `1`; None for an unknown one."""
    rest = narrowed(text).lower()
    if yearly := re.search(_PATTERNS["yearly"], rest):
        rest = f"{rest[: yearly.start()]}/{'month' if yearly[1] == 'monthly' else 'year'}"
    if rest in ("", "1"):
        return []
    sign, factors = 1, list[tuple[str, int]]()
    nothing = None if _match("word", rest) else re.match(_PATTERNS["nothing"], rest)
    if nothing:
        sign, rest = -1, rest[nothing.end() :]
        rest = rest[_match("rate", rest) :]
    while length := _match("word", rest):
        name, rest, power = NAMES[rest[:length]], rest[length:], 1
        if raised := re.match(_PATTERNS["power"], rest):
            power, rest = int(raised[1]), rest[raised.end() :]
        factors.append((name, sign * power))
        if not rest:
            return factors
        sign = 1 if (length := _match("product", rest)) else -1
        length = length or _match("rate", rest)
        if not length:
            return None
        rest = rest[length:]
    return None


def _match(name: str, text: str) -> int:
    found = re.match(_PATTERNS[name], text)
    return found.end() if found else 0


def before_number(text: str) -> tuple[str, str]:
    """Of `每年2亿元` the number and its unit, and the rate that stood in front: (`2亿元`, `/年`)."""
    found = re.match(_PATTERNS["before"], text)
    return (text[found.end() :].lstrip(), f"/{found[1]}") if found else (text, "")


def split_rate(unit: str) -> tuple[str, str]:
    """Of `亿元/年` what is counted and the rate: (`亿元`, `/年`)."""
    found = re.search(_PATTERNS["rate"], unit)
    return (unit[: found.start()], unit[found.start() :]) if found else (unit, "")


def without_scale(unit: str) -> str:
    """`元` of `亿元`, `yuan` of `million yuan`: what a number with a scale of its own is of."""
    return re.sub(_PATTERNS["scale"], "", unit)


def grammar() -> dict[str, Any]:
    """The tables and patterns for a reader in another language."""
    return {"names": NAMES, "patterns": _PATTERNS, "singulars": _SINGULARS}
