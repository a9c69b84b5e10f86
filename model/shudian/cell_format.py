"""What a spreadsheet's number format shows beside the number: a percent sign, a unit, a currency, thousands left out.

Formats are written as ECMA-376 part 1, 18.8.31 says; in Chinese Excel `!` hides a meaning as `\\` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from shudian.kinds import InputError, Place
from shudian.numerals import narrowed

_TOKENS = re.compile(
    r"""
      "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.) | [_*]. | \[\$(?P<currency>[^\]-]*)[^\]]*\] | \[[^\]]*\]
    | (?P<general>general|G/通用格式) | (?P<exponent>E[+-]) | (?P<digit>[0\#?]) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SHARES = ("%", "‰")
_PLAIN = "()+-/: @"
"""Characters that change nothing of the number."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands around the number."""

    percent: bool
    """Whether the number is shown a hundred times as large, with a percent sign."""
    words: str
    """Everything else that is no digit; empty where there is nothing."""
    scaled: bool
    """Whether thousands are left out, or a point is put where the number has none."""

    @property
    def is_share(self) -> bool:
        """Whether a percent sign is put behind the number as it is."""
        return self.words in _SHARES and not self.percent and not self.scaled

    def fits(self, unit: str) -> bool:
        """Whether a number in `unit` is shown as what it is."""
        return not self.scaled and (
            not self.words or (not self.percent and narrowed(self.words) == narrowed(_bare(unit)))
        )


def refuse_formula(place: Place) -> NoReturn:
    """Raise InputError for a cell of which only the formula was saved."""
    raise InputError(
        "the formula has no result that can be read; open the workbook in Excel, let it calculate, and "
        "save it, or write the number itself"
    ).at(place)


def refuse_format(place: Place, number_format: str) -> NoReturn:
    """Raise InputError for a number that is shown as another amount than it is."""
    raise InputError(
        "the cell's format “{format}” shows another amount than the number in the cell; write the number "
        "in the row's unit with the format General, or number and unit as a text",
        format=number_format,
    ).at(place)


def shown(number_format: str, number: float) -> Shown:
    """What `number_format` shows beside `number`."""
    sections = _sections(number_format)
    # a condition of its own chooses the section, so that all of them count
    if any(re.search(r"\[[<>=]", section) for section in sections):
        chosen = "".join(sections)
    else:
        by_sign = 1 if number < 0 else 2 if number == 0 else 0
        chosen = sections[by_sign] if by_sign < len(sections) else sections[0]
    percents, words, text, scaled = 0, "", "", False
    for token in _TOKENS.finditer(chosen):
        literal = token["quoted"] or token["escaped"] or token["currency"] or ""
        if token["other"] == "%":
            percents += 1
        elif token["digit"] or token["other"] in (",", "."):
            text += token[0]
        else:
            literal = literal or token["other"] or ""
        if literal in (".", ","):
            scaled = True
        words += _bare(literal)
    return Shown(percents > 0, words + "%" * (percents - 1), scaled or bool(re.search(r",(?![0#?,])", text)))


def _bare(text: str) -> str:
    return "".join(character for character in text if character not in _PLAIN)


def _sections(number_format: str) -> list[str]:
    """The formats for positive and negative numbers, zero and text; fewer where some are not told apart."""
    return [part or "" for part in re.findall(r'(?:^|;)((?:"[^"]*"?|[\\!_*].|[^;"\\!_*])*)', number_format)] or [""]
