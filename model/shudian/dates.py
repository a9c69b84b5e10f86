"""Dates as people write them: `2025-10`, `2025/1/1`, `2025年10月1日`, `2025.10`, `Oct 2025`, `二〇二五年十月`, `45931`.

The page reads by the same patterns (`grammar`), written so that Python and JavaScript understand them alike.
"""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Any

from shudian.numerals import DIGITS, check_characters, narrowed

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_TIME = r"(?:[ t]0{1,2}:00(?::00)?)?"
_PATTERNS = {
    "ymd": (
        rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]",
        r"(\d{4})(\d{2})(\d{2})",
    ),
    "ym": (
        r"(\d{4}) ?[-/.] ?(\d{1,2})", r"(\d{4}) ?年 ?(\d{1,2}) ?月?份?", r"(\d{4})(\d{2})",
        rf"(\d{{4}}) ?-?{_NAME}",
    ),
    "my": (r"(\d{1,2})/(\d{4})", rf"{_NAME},? ?-?(\d{{4}})"),
    "dmy": (rf"(\d{{1,2}})(?:st|nd|rd|th)? ?-?{_NAME},? ?-?(\d{{4}})",),
    "mdy": (rf"{_NAME} ?(\d{{1,2}})(?:st|nd|rd|th)?,? ?(\d{{4}})",),
    "y": (r"(\d{4}) ?年?",),
    "serial": (r"([34]\d{4})(?:\.0+)?",),
}  # fmt: skip
"""What the groups of a date are (year, month, day) -> how it may be written; `serial` counts days as Excel does."""
_EPOCH = datetime.date(1899, 12, 30)
_CHINESE = {"〇": "0"} | {character: str(digit) for digit, character in enumerate(DIGITS)}
_SPOKEN = f"([〇{DIGITS}]{{4}})年(?:([{DIGITS[1:]}]|十[一二]?)月)?"


def read_date(text: str, serials: bool = False) -> tuple[int, int, int] | None:
    """Year, month and day of `text`; month or day is 0 where the text leaves it open, None if it is no date.

    `serials` reads a number of days as Excel counts them, too. A text that may be two dates (`01/02/2025`, `25-10`) is
    none. Raises InputError for digits that are no plain ones.
    """
    plain = _numbers(narrowed(text).lower())
    check_characters(plain)
    for order, patterns in _PATTERNS.items():
        for pattern in patterns:
            if (order != "serial" or serials) and (found := re.fullmatch(pattern, plain, re.ASCII)):
                return _checked(order, found.groups())
    return None


def _checked(order: str, parts: tuple[str, ...]) -> tuple[int, int, int] | None:
    if order == "serial":
        date = _EPOCH + datetime.timedelta(days=int(parts[0]))
        return date.year, date.month, date.day
    named = dict(zip(order, parts, strict=True))
    month = named.get("m", "0")
    year, number, day = int(named["y"]), _month(month), int(named.get("d", "0"))
    right = year > 0 and ("m" not in named or 1 <= number <= 12)
    if not right or ("d" in named and not 1 <= day <= calendar.monthrange(year, number)[1]):
        return None
    return year, number, day


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3]) + 1


def _numbers(text: str) -> str:
    """二〇二五年十月 with its digits."""
    found = re.fullmatch(_SPOKEN, text)
    if not found:
        return text
    year = "".join(_CHINESE[character] for character in found[1])
    if not found[2]:
        return f"{year}年"
    month = found[2].replace("十", "1" if len(found[2]) > 1 else "10")
    return f"{year}年{''.join(_CHINESE.get(character, character) for character in month)}月"


def grammar() -> dict[str, Any]:
    """The patterns for a reader in another language."""
    return {"patterns": _PATTERNS, "months": _MONTHS, "chinese": _CHINESE, "spoken": _SPOKEN}
