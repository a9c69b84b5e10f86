"""What every question may be asked with, in the words of the commands' options: declared once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any, TypedDict, get_type_hints

from shudian.answers.handed import counted, flag, shown, text, texts
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

    draws: int | Any | None
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


_READ: Mapping[str, Callable[[str, object], object]] = {
    "shocks": texts, "city": text, "prior": flag, "posterior": text, "against": text, "targets": text,
    "same_budget": flag,
}  # fmt: skip


def words(asked: Mapping[str, object], allowed: type[Common], least: int = 1) -> dict[str, Any]:
    """Options as the jobs call them, of a question that takes at least so many draws.

    Raises TypeError for a word that the command does not have, and InputError for what is no number of draws or seed.
    """
    hints = get_type_hints(allowed)
    if unknown := asked.keys() - hints:
        raise TypeError(f"nobody asks with “{min(unknown)}”; allowed are: {', '.join(sorted(hints))}")
    plain: dict[str, Any] = dict(asked)
    if "draws" in plain:
        plain |= _drawn(plain["draws"], hints["draws"] is not int, least)
    if "seed" in plain:
        plain["seed"] = counted("seed", plain["seed"], 0)
    plain |= {name: read(name, plain[name]) for name, read in _READ.items() if name in plain}
    if "model" in plain:
        plain |= _of_model(plain.pop("model"), plain)
    if "priors" in plain:
        plain["own_priors"] = settings(plain.pop("priors"), "priors")
    return plain


def _drawn(given: object, own_allowed: bool, least: int) -> dict[str, Any]:
    """A number of draws, or where they are allowed draws of one's own, or None for as many as there are."""
    if not own_allowed:
        return {"draws": counted("draws", given, least)}
    if given is None:
        return {"draws": None}
    if (own := read_draws(given)) is not None:
        return {"draws": max(own.size, 1), "own_draws": own}
    if not isinstance(given, str | Real):
        raise InputError(
            "draws is {given}; it must be a whole number, or a Dataset, DataFrame or mapping of each uncertain "
            "parameter's values",
            given=shown(given),
        )
    return {"draws": counted("draws", given, least)}


def _of_model(model: object, asked: Mapping[str, object]) -> dict[str, object]:
    if not isinstance(model, Model):
        raise InputError(
            "model is {what}; write model=sd.model(), or what its with_lever and with_equation give", what=shown(model)
        )
    city = {} if model.city == HOME else {"city": asked.get("city") or model.city}
    return {**city, "own_model": model} if model.changes else city


def settings(given: Settings, name: str = "set") -> tuple[str, ...]:
    """`{"fund_size": "2 亿元"}` as --set is written: `fund_size=2 亿元`; raises InputError for anything else."""
    if not isinstance(given, Mapping):
        return texts(name, given)
    for key, value in given.items():
        if isinstance(value, bool) or not isinstance(value, str | Real):
            raise InputError(
                "{name} is {given}; it must be a text or a number", name=f"{name}[{key}]", given=shown(value)
            )
    return tuple(f"{key}={value}" for key, value in given.items())
