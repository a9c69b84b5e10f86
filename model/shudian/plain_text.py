"""Text that a person or a stranger's file wrote, made fit to be shown: what would act on a reader's machine is spelt.

A title may hold characters that no screen shows and that move the cursor, turn the direction of writing round, end a
line or may not stand in XML. `visible` is the one filter of all output; the writers of spreadsheets and of Markdown
add to it what their formats would take for a command. The page filters by the same characters (`grammar`).
"""

from __future__ import annotations

import json
import math
import re
import sys
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from itertools import groupby
from typing import Any

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of writing."""
_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters, marks and signs that are drawn as nothing, although Unicode does not count them among the hidden."""
_DOUBTFUL = re.compile(r"[^\n -~\u3400-\u9fff]")
"""Everything but ASCII and the common Chinese characters: to look at the others alone is quick."""
_PICTURE = "\u2600-\u27bf\U0001f000-\U0001faff"
_JOINER = re.compile(f"(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])")
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]")


def visible(text: str) -> str:
    r"""`text` with every character that acts or hides spelt as in `\u001b`, so that it is seen and does nothing.

    Spelt are controls, terminal escapes, direction marks, zero-width characters, separators, lone surrogates and
    non-characters. A tab becomes a space. Line breaks stay, as do emoji that are joined from several.
    """

    def shown(match: re.Match[str]) -> str:
        character = match[0]
        if character == "\t":
            return " "
        return _spelt(character) if _hides(character) and not _JOINER.match(match.string, match.start()) else character

    return _DOUBTFUL.sub(shown, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """`text` with spaces for its line breaks and tabs, and without what hides and does nothing."""
    flat = re.sub(r" *[\n\r\t][ \n\r\t]*", " ", text)

    def kept(match: re.Match[str]) -> str:
        character = match[0]
        idle = _hides(character) and not _acts(character) and not _JOINER.match(flat, match.start())
        return "" if idle else character

    return _DOUBTFUL.sub(kept, flat)


def acting(text: str) -> str:
    """The name of the first character in `text` that acts instead of being shown, as `U+202E`; empty without one."""
    found = (match[0] for match in _DOUBTFUL.finditer(text) if match[0] not in "\r\t")
    return next((f"U+{ord(character):04X}" for character in found if _acts(character)), "")


def unlike_formula(text: str) -> str:
    """`text` as a spreadsheet shows it and does not take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def json_text(data: Any) -> str:
    """`data` as JSON for a file; what acts or hides stands as JSON's own escape, so that reading gives it back.

    What is not a number is null, because JSON has no word for it.
    """
    text = json.dumps(_with_nulls(data), ensure_ascii=False, indent=1)
    return _DOUBTFUL.sub(lambda match: json.dumps(match[0])[1:-1] if _hides(match[0]) else match[0], text) + "\n"


def _with_nulls(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _with_nulls(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_with_nulls(value) for value in data]
    return None if isinstance(data, float) and math.isnan(data) else data


def grammar() -> dict[str, str]:
    """The characters and patterns for a filter in JavaScript, where they need the flag `u`."""
    return {
        "hides": _class(_hides), "acts": _class(_acts), "joiner": _JOINER.pattern, "formula": _FORMULA.pattern,
    }  # fmt: skip


@cache
def _class(holds: Callable[[str], bool]) -> str:
    """The doubtful characters of which `holds` is true, as a class of JavaScript."""
    codes = [c for c in range(sys.maxunicode + 1) if _DOUBTFUL.match(chr(c)) and holds(chr(c))]
    runs = [[c for _, c in run] for _, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0])]
    return "[" + "".join(rf"\u{{{run[0]:x}}}-\u{{{run[-1]:x}}}" for run in runs) + "]"


def _hides(character: str) -> bool:
    return _acts(character) or unicodedata.category(character) == "Cf" or character in _EMPTY


def _acts(character: str) -> bool:
    code, category = ord(character), unicodedata.category(character)
    is_no_character = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return is_no_character or category in ("Cc", "Cs", "Zl", "Zp") or character in _TURNING


def _spelt(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
