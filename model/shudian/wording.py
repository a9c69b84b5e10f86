"""Every text of the interface, from the files in strings/, in the reader's language."""

from __future__ import annotations

import locale
import os
import re
import sys
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from shudian.kinds import LANGUAGES, Language
from shudian.plain_text import visible

STRINGS = Path(__file__).resolve().parent / "strings"


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """All texts: key -> language -> text with {named} places; raises ValueError for a key that stands in two files."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(STRINGS.glob("*.toml")):
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        if twice := found.keys() & read.keys():
            raise ValueError(f"{path.name} has again: {', '.join(sorted(twice))}")
        found |= read
    return found


def say(key: str, language: Language, **values: object) -> str:
    """The text of `key` with its places filled in; raises KeyError for a key or a place that does not exist."""
    return texts()[key][language].format(**values)


def short(label: str) -> str:
    """A label up to the bracket that explains it."""
    return re.split("（| \\(", label)[0]


def help_language() -> Language:
    """The language that the command line asks for, or else the locale's."""
    words = " ".join(sys.argv[1:]).replace("=", " ").split()
    for option, value in pairwise(words):
        if option == "--lang" and value in LANGUAGES:
            return "zh" if value == "zh" else "en"
    return locale_language()


def locale_language() -> Language:
    """`zh` if the machine's locale is Chinese, otherwise `en`."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if setting := os.environ.get(variable):
            return "zh" if setting.lower().startswith("zh") else "en"
    if sys.platform == "win32":
        name = (locale.getlocale()[0] or "").lower()
        return "zh" if name.startswith(("zh", "chinese")) else "en"
    return "en"


def width(text: str) -> int:
    """Columns that `text` takes; a Chinese character, or a sign that a Chinese font draws as wide, takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


_EVERY = 1000
"""More lines than any text has."""


def wrap(text: str, columns: int, most: int = _EVERY) -> str:
    """`text` broken into lines of at most `columns`: Latin words stay whole, no line begins with punctuation.

    What does not fit into `most` lines is cut off, and `…` says so; a word that is longer than a line is then broken.
    """
    lines, line = [], ""
    pieces = _pieces(visible(text))
    if most < _EVERY:
        pieces = [piece[at : at + columns] for piece in pieces for at in range(0, len(piece), columns)]
    for piece in pieces:
        if line.strip() and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    return "\n".join(lines) if len(lines) <= most else "\n".join(lines[:most]) + "…"


def _pieces(text: str) -> list[str]:
    # a dash or a sign between digits is wide in a Chinese font only, and an interval stays whole
    pieces: list[str] = []
    for character in text:
        wide = _is_wide(character)
        closes = character in "，。；：！？、）》”’%,.;:)"
        opens_before = bool(pieces) and pieces[-1][-1] in "（《“‘("
        word_goes_on = bool(pieces) and not (wide or pieces[-1][-1].isspace() or _is_wide(pieces[-1][-1]))
        if pieces and (closes or opens_before or word_goes_on or character.isspace()):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
