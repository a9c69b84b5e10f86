"""Numbers as people write them at the beginning of a text: `1,000`, `1.5千万`, `一百二十`, `３０`, `0.2 billion`.

The page reads by the same tables and patterns (`grammar`), which are therefore written so that Python and JavaScript
understand them alike. Whatever two people could read as two numbers is refused.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NoReturn

from shudian.kinds import InputError

_SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_MINUS = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63"
_TRADITIONAL = dict(
    zip("萬億兩點個園區處劇組圓塊錢幣機業貳陸參佰仟", "万亿两点个园区处剧组元块钱币机业二六三百千", strict=True)
)
_FORMAL = dict(zip("〇两壹贰叁肆伍陆柒捌玖拾佰仟", "零二一二三四五六七八九十百千", strict=True))
DIGITS = "零一二三四五六七八九"
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_WORDS = {
    "hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "mln": 10**6, "mio": 10**6,
    "billion": 10**9, "bn": 10**9, "trillion": 10**12, "tn": 10**12, "m": 10**6, "b": 10**9,
}  # fmt: skip
OPEN_WORDS = ("m", "b")
"""Letters that mean a million or a billion behind a currency only: `6m` may be six months."""

_EDGES = "[\u00ad\u200b-\u200f\u202a\u202c\u2060\u2066\u2069\ufeff]"
"""Characters that nobody sees and that change nothing at the ends of a text, where copying leaves them."""

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_PATTERNS = {
    "edges": f"^{_EDGES}+|{_EDGES}+$",
    "hidden": "[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]",
    "digits": rf"({_NUMBER})(?:e([+-]?[0-9]{{1,3}})(?![a-z0-9]))?",
    "thousands": r"[1-9][0-9]{0,2}\.[0-9]00\s*(?=[百千万亿元人家部处]|thousand|million|billion|yuan|people)",
    "power": r"\s*((?:百(?!分)|[十千])?万?亿?)",
    "word": rf"\s*({'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![a-z])",
    "times": r"\s*[×*]\s*(?=1[0-9]*(?![0-9.,]))",
    "next": r"[0-9]+",
    "chinese": f"([{DIGITS}十百千万亿]{{1,20}})(?:点([{DIGITS}]{{1,9}}))?",
    "again": rf"\s*(?!1/)[0-9.,'’^{DIGITS}]",
    "share": "([百千万])分之",
}
"""Written so that Python and JavaScript understand them alike, for the beginning of a text in small letters."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number, and what stood behind it."""

    value: Fraction
    rest: str
    scale: str
    """The last word or character of its scale (`万`, `million`, `m`); empty where it has none."""
    size: Fraction = Fraction(1)
    """How many the scale is; 1 where there is none or more than one."""


def narrowed(text: str) -> str:
    """`text` as an English keyboard would have written it: wide characters narrow, one kind of space, minus and 万.

    Other than Unicode's own compatibility forms it makes no plain digit of ⁵, ⑤ or ½.
    """
    characters = (chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)
    plain = "".join(" " if c in _SPACES else "-" if c in _MINUS else _TRADITIONAL.get(c, c) for c in characters)
    return re.sub(_PATTERNS["edges"], "", plain.replace("\uffe5", "¥").strip()).strip()


def check_characters(text: str) -> None:
    """Raise InputError where `text` holds a digit that is no plain one (10⁵, ½, ⑤) or a character that nobody sees."""
    if hidden := re.search(_PATTERNS["hidden"], text):
        code = f"U+{ord(hidden[0]):04X}"
        raise InputError("an invisible character ({code}) stands inside the text, which must be typed anew", code=code)
    for character in text:
        if unicodedata.category(character)[0] == "N" and not character.isascii() and character != "〇":
            raise InputError(
                "“{character}” is not a plain digit, so write the number out, as in 100000 or 0.5", character=character
            )


def read_numeral(text: str) -> Numeral | None:
    """The number at the beginning of the narrowed `text` in small letters; None if none stands there.

    Raises InputError where it could be read in two ways: `1.000,5`, `20.000万`, `1万5`, `2 100`, `一百五`.
    """
    negative = text[:1] == "-"
    unsigned = text[1:].lstrip() if text[:1] in ("-", "+") else text
    share = _match("share", unsigned)
    unsigned = unsigned[share.end() :] if share else unsigned
    found = _spoken(unsigned) or _digits(unsigned)
    if not found:
        return None
    if _match("again", found.rest):
        _twice(text)
    value = found.value / _POWERS[share[1]] if share else found.value
    return replace(found, value=-value if negative else value)


def _match(name: str, text: str) -> re.Match[str] | None:
    return re.match(_PATTERNS[name], text, re.ASCII)


def _twice(text: str) -> NoReturn:
    raise InputError(
        "“{text}” can be read as more than one number, so write it as in 1000.5, 15000 or 1.5万", text=text
    )


def _digits(text: str) -> Numeral | None:
    found = _match("digits", text)
    if not found:
        return None
    if _match("thousands", text):
        _twice(text)
    first = value = Fraction(found[1].replace(",", "")) * Fraction(10) ** int(found[2] or 0)
    total, scale, rest, last = Fraction(0), "", text[found.end() :], 0
    while power := _power(rest):
        if last and (power[0] >= last or value * power[0] >= last):
            _twice(text)
        last, total, scale, rest = power[0], total + value * power[0], power[1], power[2]
        following = _match("next", rest) if value.denominator == 1 else None
        value = Fraction(following[0]) if following else Fraction(0)
        if not following:
            break
        rest = rest[following.end() :]
        # 1万2000 is 12,000, and 1万5 may be 10,005 or 15,000
        if not _power(rest) and len(following[0]) != len(str(last)) - 1:
            _twice(text)
    total += value
    while word := _match("word", rest):
        total, scale, rest = total * _WORDS[word[1]], word[1], rest[word.end() :]
    if times := _match("times", rest):  # 2 × 100 million, as tables write it
        factor = _digits(rest[times.end() :])
        assert factor
        return Numeral(total * factor.value, factor.rest, factor.scale, factor.value)
    return Numeral(total, rest, scale, total / first if first else Fraction(1))


def _power(text: str) -> tuple[int, str, str] | None:
    """The size of the 万, 千万 or 亿 at the beginning of `text`, its last character, and what stands behind it."""
    found = _match("power", text)
    if not found or not found[1]:
        return None
    return math.prod(_POWERS[character] for character in found[1]), found[1][-1], text[found.end() :]


def _spoken(text: str) -> Numeral | None:
    """A number in Chinese characters: 一百二十万, 三点五亿, 两千零五, 半."""
    plain = "".join(_FORMAL.get(character, character) for character in text)
    if plain[:1] == "半":
        return Numeral(Fraction(1, 2), text[1:], "")
    found = _match("chinese", plain)
    if not found or found[1][0] in "百千万亿":
        return None
    whole, rest = _whole(found[1]), plain[found.end() :]
    # 一百五 and 百万 are said of more than one number; what is written as one writes it is meant so
    if _characters(whole).replace("一十", "十") != found[1].replace("一十", "十"):
        _twice(text)
    if not found[2]:
        return Numeral(Fraction(whole), rest, found[1][-1])
    value = whole + Fraction(int("".join(str(DIGITS.index(digit)) for digit in found[2])), 10 ** len(found[2]))
    size = _power(rest)
    return Numeral(value * size[0], size[2], size[1]) if size else Numeral(value, rest, "")


def _whole(characters: str) -> int:
    """What `characters` come to, in whatever order they stand."""
    total = section = digit = 0
    for character in characters:
        power = _POWERS.get(character, 0)
        if not power:
            digit = 10 * digit + DIGITS.index(character)
        elif power < 10**4:
            section, digit = section + (digit or 1) * power, 0
        else:
            part = section + digit
            total = (total + part) * power if power == 10**8 else total + part * power
            section = digit = 0
    return total + section + digit


def _characters(number: int) -> str:
    """`number` as one writes it in Chinese characters."""
    for character, size in sorted(_POWERS.items(), key=lambda item: -item[1]):
        if number >= size:
            high, low = divmod(number, size)
            zero = "零" if 0 < low < size // 10 else ""
            return _characters(high) + character + zero + (_characters(low) if low else "")
    return DIGITS[number]


def grammar() -> dict[str, Any]:
    """The tables and patterns for a reader in another language."""
    return {
        "spaces": _SPACES, "minus": _MINUS, "traditional": _TRADITIONAL, "formal": _FORMAL, "digits": DIGITS,
        "powers": _POWERS, "words": _WORDS, "open": OPEN_WORDS, "patterns": _PATTERNS,
    }  # fmt: skip
