"""Error sentences in the reader's language, from the one catalogue messages.toml.

An error is written in English where it is raised and looked up here by its own words, because a sentence that
stands whole at its place is easy to read and check there, and a test walks every such place and fails where
the Chinese is missing.

A {hole} of a template holds what was found and is kept to the letter. What follows the colon in a hole says that
it holds more than that: `phrase`, a text of the catalogue's [phrases], or a value; `ending`, nothing or a phrase
that begins with `; `; `list`, names with commas between them; `sentence`, itself one of the [sentences].
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shudian.kinds import Language

CATALOGUE = Path(__file__).with_name("messages.toml")


@dataclass(frozen=True, slots=True)
class _Template:
    pattern: re.Pattern[str]
    kinds: Mapping[str, str]
    chinese: str


def in_language(sentence: str, language: Language) -> str:
    """The error `sentence` in `language`; it stays in English where the catalogue does not have it.

    Whatever stands in front of a known sentence and ends with `: ` (file and line, an option) is kept.
    """
    if language == "en":
        return sentence
    for colon in re.finditer(": ", sentence):
        found = _translated(sentence[colon.end() :], "sentences")
        if found is not None:
            return f"{sentence[: colon.start()]}：{found}"
    return _translated(sentence, "sentences") or sentence


def phrase(text: str, language: Language) -> str:
    """A part of a sentence in `language`; it stays in English where the catalogue does not have it."""
    return text if language == "en" else _phrase(text)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """`sentences` and `phrases`: English template -> Chinese template."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


@cache
def _templates(table: str) -> tuple[_Template, ...]:
    # a template with more words of its own is the more particular one, and must be tried first
    ordered = sorted(catalogue()[table].items(), key=lambda entry: -len(re.sub(r"\{\w.*?\}", "", entry[0])))
    return tuple(_compiled(english, chinese) for english, chinese in ordered)


def _compiled(english: str, chinese: str) -> _Template:
    pattern, kinds = "", {}
    for literal, name, kind, _ in string.Formatter().parse(english):
        pattern += re.escape(literal)
        if name in kinds:
            pattern += f"(?P={name})"
        elif name:
            pattern += rf"(?P<{name}>{'(?:; .*)?' if kind == 'ending' else '.*?'})"
            kinds[name] = kind or ""
    return _Template(re.compile(pattern, re.DOTALL), kinds, chinese)


def _translated(text: str, table: str) -> str | None:
    for template in _templates(table):
        if match := template.pattern.fullmatch(text):
            values = {name: _value(match[name], kind) for name, kind in template.kinds.items()}
            if None not in values.values():
                return template.chinese.format(**values)
    return None


def _value(text: str, kind: str) -> str | None:
    match kind:
        case "":
            return text
        case "phrase":
            return _phrase(text)
        case "list":
            return "、".join(_phrase(name) if "“" in name else f"“{name}”" for name in text.split(", "))
        case "ending":
            return _translated(text, "phrases") if text else ""
        case _:
            return _translated(text, "sentences")


def _phrase(text: str) -> str:
    return _translated(text, "phrases") or text
