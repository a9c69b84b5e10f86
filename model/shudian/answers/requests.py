"""What every question may be asked with, in the words in which it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal

from shudian.answers.own_draws import OwnDraws
from shudian.kinds import Model

REFERENCE = "no_policy"
"""Without any policy: what packages are compared with where nothing nearer stands to reason."""
ASKED = "zhengzhou_2025"
"""The package that an answer is about where none is named."""


_NOT_WRITTEN = ("own_draws", "own_model")
_NAMES = "names"
A_FILE, SCENARIOS, A_CITY = {_NAMES: "file"}, {_NAMES: "scenario"}, {_NAMES: "city"}
"""What the words of a request that name a file, or scenarios or a city, which may be files, are declared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyRequest:
    """What every question has."""

    settings: tuple[str, ...] = ()
    """What --set gives a value."""
    draws: int | None = None
    """None: as many as the question takes where nobody asks for a number."""
    seed: int = 1
    prior: bool = False
    """True for draws from the priors, although there is a posterior."""
    now: str = ""
    """The first month in which the city can still choose; empty: the one after the last evidence."""
    own_priors: tuple[str, ...] = ()
    """Priors that somebody believes instead of the shipped ones, as `shudian.own_priors` reads them."""
    own_draws: OwnDraws | None = None
    """Draws that somebody brings instead of the posterior's; no file holds them."""
    own_model: Model | None = None
    """A model that somebody changed, to run instead of the shipped one; no file holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRequest(AnyRequest):
    """What questions have that can be asked of any city."""

    city: str = field(default="", metadata=A_CITY)
    """A name, or the file of a city of one's own; empty: the city that the scenarios name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedRequest(CityRequest):
    """What questions about a scenario beside another have."""

    shocks: tuple[str, ...] = field(default=(), metadata=SCENARIOS)
    posterior: str = field(default="", metadata=A_FILE)
    """A posterior file instead of the shipped one."""
    retrospective: bool = False
    """True where settings may move levers in the past: what if it had been otherwise."""
    against: str = field(default="", metadata=SCENARIOS)
    """The scenario with which every package is compared; empty: as `natural_reference` has it."""


def paired_words(request: PairedRequest) -> dict[str, Any]:
    """What `request` shares with any other question about a scenario beside another."""
    return {word.name: getattr(request, word.name) for word in fields(PairedRequest)}


def named_in(request: AnyRequest, what: Literal["file", "scenario", "city"]) -> tuple[str, ...]:
    """What `request` names: files, scenarios, or cities."""
    given = [getattr(request, word.name) for word in fields(request) if word.metadata.get(_NAMES) == what]
    return tuple(name for entry in given for name in ((entry,) if isinstance(entry, str) else entry) if name)


def written_words(request: AnyRequest | type[AnyRequest]) -> tuple[str, ...]:
    """The words of a request that a file can hold."""
    return tuple(word.name for word in fields(request) if word.name not in _NOT_WRITTEN)
