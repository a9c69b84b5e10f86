"""What every question may be asked with, in the words of the commands' options: declared once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any, TypedDict, get_type_hints

from shudian.face.own_draws import read_draws
from shudian.kinds import InputError, Model
from shudian.parameters import HOME

Settings = Mapping[str, object] | Sequence[str]
"""`{"fund_size": "2 亿元@2026-07"}`, or a list of texts as --set takes them."""


class Common(TypedDict, total=False):
    """Options that every question has."""

    seed: int
    priors: Mapping[str, str]
    """One's own, `{"national_growth_2026": "normal(0.25, 0.125)"}` (--prior-of)."""


class Drawn(Common, total=False):
    """Options of questions that draw as many as they are told."""

    draws: int


class Explained(Common, total=False):
    """Options of questions about a scenario beside another."""

    draws: int | Any
    """How many, or draws of one's own: see `shudian.run`."""
    shocks: Sequence[str]
    """Shocks that strike every scenario (--with)."""
    city: str
    prior: bool
    posterior: str
    """A posterior file instead of the shipped one."""
    against: str


class Asked(Explained, total=False):
    """Options of questions about packages."""

    model: Model
    """One that was changed, as `shudian.model().with_lever(...)` gives it."""
    targets: str
    """A file of one's own targets."""
    same_budget: bool
    """Every package scaled until it costs what the first one costs (--same-budget)."""


def words(asked: Mapping[str, object], allowed: type[Common], least: int = 1) -> dict[str, Any]:
    """Options as the jobs call them, of a question that takes at least so many draws.

    Raises TypeError for a word that the command does not have, and InputError for what is no number of draws or seed.
    """
    hints = get_type_hints(allowed)
    if unknown := asked.keys() - hints:
        raise TypeError(f"nobody asks with “{min(unknown)}”; allowed are: {', '.join(sorted(hints))}")
    plain: dict[str, Any] = dict(asked)
    if hints["draws"] is not int and (own := read_draws(plain.get("draws"))) is not None:
        plain |= {"draws": max(own.size, 1), "own_draws": own}
    for name, low in (("draws", least), ("seed", 0)):
        given = plain.get(name)
        if given is not None and not (isinstance(given, Integral) and int(given) >= low):
            raise InputError(
                "{name} is {given}; it must be a whole number, {low} or more", name=name, given=repr(given), low=low
            )
    if "model" in plain:
        plain |= _of_model(plain.pop("model"), plain)
    if "shocks" in plain:
        plain["shocks"] = several(plain["shocks"])
    return plain | {"own_priors": settings(plain.pop("priors"))} if "priors" in plain else plain


def _of_model(model: object, asked: Mapping[str, object]) -> dict[str, object]:
    if not isinstance(model, Model):
        raise InputError(
            "model is {what}; write model=sd.model(), or what its with_lever and with_equation give", what=repr(model)
        )
    city = {} if model.city == HOME else {"city": asked.get("city") or model.city}
    return {**city, "own_model": model} if model.changes else city


def several(given: Sequence[str]) -> tuple[str, ...]:
    """Names in a sequence, or one alone."""
    return (given,) if isinstance(given, str) else tuple(given)


def settings(given: Settings) -> tuple[str, ...]:
    """`{"fund_size": "2 亿元"}` as --set is written: `fund_size=2 亿元`."""
    if isinstance(given, Mapping):
        return tuple(f"{name}={value}" for name, value in given.items())
    return several(given)
