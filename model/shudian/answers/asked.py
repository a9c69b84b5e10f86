"""What every question may be asked with, in the words of the commands' options: declared once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

from shudian.report.plan import Request

Settings = Mapping[str, object] | Sequence[str]
"""`{"fund_size": "2 亿元@2026-07"}`, or a list of texts as --set takes them."""


class Asked(TypedDict, total=False):
    """Options that mean in each question what they mean in each command."""

    shocks: Sequence[str]
    """Shocks that strike every scenario (--with)."""
    draws: int
    seed: int
    city: str
    targets: str
    """A file of one's own targets."""
    prior: bool
    posterior: str
    """A posterior file instead of the shipped one."""
    priors: Mapping[str, str]
    """One's own, `{"national_growth_2026": "normal(0.25, 0.125)"}` (--prior-of)."""
    against: str
    same_budget: bool
    """Every package scaled until it costs what the first one costs (--budget same)."""


def requested(scenarios: Sequence[str], set: Settings, **asked: Unpack[Asked]) -> Request:
    """The request of these words; raises TypeError for a word that no command has."""
    if unknown := asked.keys() - Asked.__optional_keys__:
        raise TypeError(f"nobody asks with “{min(unknown)}”; allowed are: {', '.join(sorted(Asked.__optional_keys__))}")
    rest = {name: value for name, value in asked.items() if name not in ("shocks", "priors")}
    return Request(
        tuple(scenarios),
        tuple(asked.get("shocks", ())),
        settings(set),
        own_priors=tuple(f"{name}={text}" for name, text in asked.get("priors", {}).items()),
        **rest,  # type: ignore[arg-type]
    )


def settings(given: Settings) -> tuple[str, ...]:
    """`{"fund_size": "2 亿元"}` as --set is written: `fund_size=2 亿元`."""
    if isinstance(given, str):
        return (given,)
    if isinstance(given, Mapping):
        return tuple(f"{name}={value}" for name, value in given.items())
    return tuple(given)
