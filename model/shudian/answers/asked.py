"""What every question may be asked with, in the words of the commands' options: declared once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack, get_type_hints

from shudian.report.plan import Request

Settings = Mapping[str, object] | Sequence[str]
"""`{"fund_size": "2 亿元@2026-07"}`, or a list of texts as --set takes them."""


class Drawn(TypedDict, total=False):
    """Options that every question has."""

    draws: int
    seed: int
    priors: Mapping[str, str]
    """One's own, `{"national_growth_2026": "normal(0.25, 0.125)"}` (--prior-of)."""


class Explained(Drawn, total=False):
    """Options of questions about a scenario beside another."""

    shocks: Sequence[str]
    """Shocks that strike every scenario (--with)."""
    city: str
    prior: bool
    posterior: str
    """A posterior file instead of the shipped one."""
    against: str


class Asked(Explained, total=False):
    """Options of questions about packages."""

    targets: str
    """A file of one's own targets."""
    same_budget: bool
    """Every package scaled until it costs what the first one costs (--budget same)."""


_OTHERWISE_CALLED = {"priors": "own_priors"}


def words(asked: Mapping[str, object], allowed: type[Drawn]) -> dict[str, Any]:
    """Options as the jobs call them; raises TypeError for a word that the command does not have."""
    names = get_type_hints(allowed).keys()
    if unknown := asked.keys() - names:
        raise TypeError(f"nobody asks with “{min(unknown)}”; allowed are: {', '.join(sorted(names))}")
    plain = {_OTHERWISE_CALLED.get(name, name): value for name, value in asked.items()}
    if isinstance(priors := plain.get("own_priors"), Mapping):
        plain["own_priors"] = settings(priors)
    return plain | {"shocks": tuple(asked["shocks"])} if "shocks" in asked else plain  # type: ignore[arg-type]


def requested(scenarios: Sequence[str], set: Settings, **asked: Unpack[Asked]) -> Request:
    """The request of these words; raises TypeError for a word that no command has."""
    return Request(tuple(scenarios), settings=settings(set), **words(asked, Asked))


def settings(given: Settings) -> tuple[str, ...]:
    """`{"fund_size": "2 亿元"}` as --set is written: `fund_size=2 亿元`."""
    if isinstance(given, str):
        return (given,)
    if isinstance(given, Mapping):
        return tuple(f"{name}={value}" for name, value in given.items())
    return tuple(given)
