"""What every question may be asked with, in the words of the commands' options: declared once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any, TypedDict, get_type_hints

from shudian.answers.handed import as_given, counted, flag, text, texts
from shudian.answers.rests import not_of
from shudian.face.own_draws import read_draws
from shudian.kinds import InputError, Model
from shudian.parameters import HOME

Settings = Mapping[str, object] | Sequence[str]
"""`{"fund_size": "2 亿元@2026-07"}`, or a list of texts as --set takes them."""


class Options(TypedDict, total=False):
    """Options that every question has."""

    draws: int | Any | None
    """How many, or draws of one's own: see `shudian.run`; None for as many as the question takes by itself."""
    seed: int
    prior: bool
    now: str
    """The first month in which can still be chosen (--now)."""
    priors: Mapping[str, str]
    """One's own, `{"national_growth_2026": "normal(0.25, 0.125)"}` (--prior-of)."""
    model: Model
    """One that was changed, as `shudian.model().with_lever(...)` gives it."""


class CityOptions(Options, total=False):
    """Options of questions that can be asked of any city."""

    city: str
    """A shipped one by name, or the file of a city of one's own (--city)."""


class PairedOptions(CityOptions, total=False):
    """Options of questions about a scenario beside another."""

    shocks: Sequence[str]
    """Shocks that strike every scenario (--with)."""
    posterior: str
    """A posterior file instead of the shipped one."""
    against: str
    retrospective: bool
    """Let `set` change the past (--retrospective)."""


class PackageOptions(PairedOptions, total=False):
    """Options of questions about packages."""

    targets: str
    """A file of one's own targets."""
    same_budget: bool
    """Every package scaled until it costs what the first one costs (--same-budget)."""


_READ: Mapping[str, Callable[[str, object], object]] = {
    "shocks": texts, "city": text, "prior": flag, "posterior": text, "against": text, "targets": text,
    "same_budget": flag, "now": text, "retrospective": flag,
}  # fmt: skip


def words(asked: Mapping[str, object], allowed: type[Options], least: int = 1) -> dict[str, Any]:
    """Options as the jobs call them, of a question that takes at least so many draws.

    Raises TypeError for a word that the command does not have, and InputError for what is no number of draws or seed.
    """
    known = get_type_hints(allowed)
    if unknown := asked.keys() - known:
        raise TypeError(f"nobody asks with “{min(unknown)}”; allowed are: {', '.join(sorted(known))}")
    plain: dict[str, Any] = dict(asked)
    if "draws" in plain:
        plain |= _drawn(plain.pop("draws"), least)
    if "seed" in plain:
        plain["seed"] = counted("seed", plain["seed"], 0)
    plain |= {name: read(name, plain[name]) for name, read in _READ.items() if name in plain}
    if "model" in plain:
        plain |= _of_model(plain.pop("model"), plain.get("city", "") if "city" in known else None)
    if "priors" in plain:
        plain["own_priors"] = settings(plain.pop("priors"), "priors")
    return plain


def _drawn(given: object, least: int) -> dict[str, Any]:
    """A number of draws, or draws of one's own, or nothing where the question is to take as many as it does."""
    if given is None:
        return {}
    if (own := read_draws(given)) is not None:
        return {"draws": max(own.size, 1), "own_draws": own}
    if not isinstance(given, str | Real):
        raise InputError(
            "draws is {given}; it must be a whole number, or a Dataset, DataFrame or mapping of each uncertain "
            "parameter's values",
            given=as_given(given),
        )
    return {"draws": counted("draws", given, least)}


def _of_model(model: object, city: str | None) -> dict[str, object]:
    """What `model` comes to; a question that has no word for the city, None, has the model itself say which it is."""
    if not isinstance(model, Model):
        raise InputError(
            "model is {what}; write model=sd.model(), or what its with_lever and with_equation give",
            what=as_given(model),
        )
    if city and city != model.city:
        raise not_of(model, city)
    away = model.city != HOME
    found: dict[str, object] = {"own_model": model} if model.changes or (away and city is None) else {}
    if away and city is not None:
        found["city"] = model.city
    return found


def settings(given: Settings, name: str = "set") -> tuple[str, ...]:
    """`{"fund_size": "2 亿元"}` as --set is written: `fund_size=2 亿元`; raises InputError for anything else."""
    if not isinstance(given, Mapping):
        return texts(name, given)
    for key, value in given.items():
        if isinstance(value, bool) or not isinstance(value, str | Real):
            raise InputError(
                "{name} is {given}; it must be a text or a number", name=f"{name}[{key}]", given=as_given(value)
            )
    return tuple(f"{key}={value}" for key, value in given.items())
