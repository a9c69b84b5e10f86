"""What a notebook hands in, each checked to be of the kind that the question takes; no file and no command needs it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from os import PathLike, fspath

from shudian.kinds import InputError


def as_given(given: object) -> str:
    """`given` inside a sentence: a number or text as it is written, of anything else what it is."""
    if isinstance(given, str):
        return repr(given)
    return str(given) if given is None or isinstance(given, Real) else type(given).__name__


def counted(name: str, given: object, low: int) -> int:
    """`given` as a whole number of at least `low`; raises InputError for anything else, True among it."""
    if isinstance(given, bool) or not isinstance(given, Integral) or int(given) < low:
        raise InputError(
            "{name} is {given}; it must be a whole number, {low} or more", name=name, given=as_given(given), low=low
        )
    return int(given)


def number(name: str, given: object) -> float:
    """`given` as a number; raises InputError for what is none, or is not finite."""
    if isinstance(given, bool) or not isinstance(given, Real) or not math.isfinite(given):
        raise InputError("{name} is {given}; it must be a number", name=name, given=as_given(given))
    return float(given)


def flag(name: str, given: object) -> bool:
    """`given` as True or False; raises InputError for anything else."""
    # numpy has a bool of its own
    if not isinstance(given, bool) and type(given).__name__ not in ("bool", "bool_"):
        raise InputError("{name} is {given}; it must be True or False", name=name, given=as_given(given))
    return bool(given)


def text(name: str, given: object) -> str:
    """`given` as a text, a path as what it spells; raises InputError for anything else."""
    spelt = fspath(given) if isinstance(given, PathLike) else given
    if not isinstance(spelt, str):
        raise InputError("{name} is {given}; it must be a text", name=name, given=as_given(given))
    return str(spelt)


def texts(name: str, given: object) -> tuple[str, ...]:
    """The texts in a sequence, or one alone; raises InputError for anything else."""
    if isinstance(given, str | PathLike):
        return (text(name, given),)
    entries = tuple(given) if isinstance(given, Iterable) and not isinstance(given, Mapping | bytes) else None
    if entries is None or not all(isinstance(entry, str | PathLike) for entry in entries):
        raise InputError("{name} is {given}; it must be a text or a list of texts", name=name, given=as_given(given))
    return tuple(text(name, entry) for entry in entries)


def one_by_one(given: tuple[object, ...]) -> tuple[str, ...]:
    """Names of scenarios, handed in one after the other; raises InputError for a list of them, or anything else."""
    for name in given:
        if not isinstance(name, str | PathLike):
            raise InputError(
                'a scenario is named by a text, and not by {given}; name several as in "baseline", "zhengzhou_2025"',
                given=as_given(name),
            )
    return tuple(text("scenario", name) for name in given)
