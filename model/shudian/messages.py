"""Error sentences in the reader's language, from the one catalogue messages.toml.

The English template stands whole where the error is raised, because a sentence is easy to read and check there, and is
itself the key to the Chinese one; a test walks every such place and fails where the Chinese is missing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shudian.kinds import InputError, Language, Phrase

CATALOGUE = Path(__file__).with_name("messages.toml")


def in_language(said: Phrase | InputError, language: Language) -> str:
    """What is `said`, in `language`; a template that the catalogue does not have stays in English."""
    phrase = said.said if isinstance(said, InputError) else said
    return str(phrase) if language == "en" else _chinese(phrase)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """English template -> Chinese template, of our `own` sentences and of those that `foreign` programs say."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


@cache
def _templates() -> Mapping[str, str]:
    return {english: chinese for table in catalogue().values() for english, chinese in table.items()}


def _chinese(phrase: Phrase) -> str:
    template = _templates().get(phrase.template, phrase.template)
    shown = {name: _shown(value) for name, value in phrase.values.items()}
    return template.format(**shown) if shown else template


def _shown(value: object) -> object:
    if isinstance(value, Phrase):
        return _chinese(value)
    if isinstance(value, tuple):
        return "、".join(_chinese(name) if isinstance(name, Phrase) else _quoted(str(name)) for name in value)
    return value


def _quoted(name: str) -> str:
    return name if "“" in name else f"“{name}”"
