"""Draws that somebody brings, such as a posterior that was thinned or weighed again, as what an answer rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Array, prior_row
from shudian.grounds import NAMED, Grounds
from shudian.kinds import NO_WORDS, InputError, Model, Parameter, Phrase
from shudian.posterior_file import Posterior
from shudian.quantities import check_range, placed, write_value
from shudian.toml_file import nearest
from shudian.units import conversion

_ROUNDED = 1e-6
"""A number at the end of its range may have been kept in single precision, which is a rounding beyond it."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnDraws:
    """Values of uncertain parameters, as they were handed in."""

    values: Mapping[str, Array]
    """Name or label -> [draw]"""
    units: Mapping[str, str] = field(default_factory=dict)
    """Name or label -> the unit of its values, where that is not the model's own."""
    batch: Array | None = None
    """[draw], where it is known from which independent part each comes."""

    @property
    def size(self) -> int:
        """Number of draws; of the first parameter, where they differ."""
        return next((values.size for values in self.values.values()), 0)


def own_grounds(own: OwnDraws, model: Model, city: str, prior: bool, seed: int) -> Grounds:
    """What an answer rests on that runs on `own` draws of the uncertain parameters of `model`, in their order.

    Every parameter must be among them, because a posterior's hang together. With `prior` those that are not are drawn
    from their priors by `seed`, where they are independent of each other. Raises InputError for a name that is no
    uncertain parameter, with the nearest; for values that are no numbers, out of range, or not as many as the others.
    """
    rows = {parameter.name: _row(parameter, name, own) for name, parameter in _named(own, model).items()}
    size = _size({name: values.size for name, values in own.values.items()})
    uncertain = [parameter for parameter in model.fixed if parameter.role == "uncertain"]
    missing = [parameter for parameter in uncertain if parameter.name not in rows]
    if missing and not prior:
        lacking = tuple(parameter.name for parameter in missing[:NAMED])
        more = Phrase("; and {count} more", count=len(missing) - NAMED) if len(missing) > NAMED else NO_WORDS
        raise InputError(
            "the draws lack {lacking}{more}; begin with sd.posterior().to_dataset(), because parameters hang "
            "together, or ask with prior=True, and what is lacking is drawn from its prior",
            lacking=lacking,
            more=more,
        )
    rows |= {parameter.name: prior_row(parameter, size, seed) for parameter in missing}
    values = np.array([rows[parameter.name] for parameter in uncertain])
    batch = np.zeros(size, dtype=np.int64) if own.batch is None else _batch(own.batch, size)
    about = {"city": city, "made": "", "until": "", "reports": []}
    names = tuple(parameter.name for parameter in uncertain)
    posterior = Posterior(names, values, batch, np.zeros(size), about, effective=_worth(values), handed=True)
    return Grounds(posterior, "handed", posterior_city=city)


def _batch(given: Array, size: int) -> NDArray[np.int64]:
    if given.size != size or not (np.isfinite(given) & (given >= 0) & (given == np.floor(given))).all():
        raise InputError(
            "“batch” says from which part each of the {size} draws comes, with a whole number, 0 or more; leave it out "
            "where that is not known",
            size=size,
        )
    return np.asarray(given, dtype=np.int64)


def _named(own: OwnDraws, model: Model) -> dict[str, Parameter]:
    uncertain = [parameter for parameter in model.fixed if parameter.role == "uncertain"]
    known = {name: p for p in uncertain for name in (p.label.en, p.label.zh)} | {p.name: p for p in uncertain}
    found: dict[str, Parameter] = {}
    for name in own.values:
        if name not in known:
            raise InputError(
                "the draws have “{name}”, which is no uncertain parameter of the model{nearest}",
                name=name,
                nearest=nearest(name, known),
            )
        if known[name] in found.values():
            raise InputError("the draws have “{name}” twice; keep one of the two", name=known[name].name)
        found[name] = known[name]
    return found


def _size(sizes: Mapping[str, int]) -> int:
    first, size = next(iter(sizes.items()), ("", 0))
    if not size:
        raise InputError("there are no draws; hand in one value or more of each uncertain parameter")
    for name, other in sizes.items():
        if other != size:
            raise InputError(
                "“{first}” has {size} draws and “{name}” {other}; every parameter has as many",
                first=first,
                size=size,
                name=name,
                other=other,
            )
    return size


def _row(parameter: Parameter, name: str, own: OwnDraws) -> Array:
    values, unit = own.values[name], own.units.get(name, "")
    if unit and unit != parameter.unit:
        with placed(f"draws of {name}"):
            values = values * conversion(unit, parameter.unit)
    if not np.isfinite(values).all():
        raise InputError("the draws of “{name}” hold what is no finite number", name=name)
    slack = _ROUNDED * max(abs(parameter.low), abs(parameter.high))
    for value in (values.min(initial=parameter.high), values.max(initial=parameter.low)):
        written = write_value(float(value), parameter).strip('"')
        check_range(float(value), parameter, f"“{written}”", slack)
    return np.asarray(np.clip(values, parameter.low, parameter.high))


def _worth(values: Array) -> float | None:
    """How many different draws these are worth where some stand there several times (Kish); None where none does."""
    _, count = np.unique(values, axis=1, return_counts=True)
    return None if count.max() == 1 else float(count.sum()) ** 2 / float((count**2).sum())
