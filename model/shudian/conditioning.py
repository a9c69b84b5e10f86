"""“What if this parameter were …”: the worlds of the posterior in which it is, which fit the reports as all of them do.

To overwrite the parameter in every draw would leave the others as they were: worlds that no longer fit what was
reported. Instead the draws nearest to the value are kept, and the little by which each misses it is made good in the
others too, by their linear regression on it (local regression: Beaumont, Zhang and Balding 2002). All this happens on
the latent scale, where each prior is a standard normal distribution. What may be nil keeps the value that its draw has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Array
from shudian.grounds import Grounds
from shudian.kinds import NO_WORDS, InputError, Model, Parameter, Phrase
from shudian.latent import Latent, latent_number, latent_of, latent_value
from shudian.own_priors import reweighted
from shudian.posterior_file import Posterior
from shudian.quantities import placed, write_span, write_value

NEAREST = 1000
"""So many of the draws carry an answer that is conditioned on a value, where so many are near."""
FEWEST = 200
"""Fewer near draws give no answer: a chance would be uncertain by more than seven points."""
REACH = 0.5
"""How far from the value a draw may lie, in standard deviations of the posterior on the latent scale.

In `production_share_trend`, the parameter on which the answer leans most, draws that are moved from anywhere by the
regression give chances five points off those of the draws that are near, because the others do not follow in a straight
line over the whole range; within half a standard deviation none was found off by more than chance.
"""


def believing(grounds: Grounds, model: Model, own: Sequence[str], given: Mapping[str, float]) -> Grounds:
    """`grounds` with the priors `own` instead of the shipped ones, conditioned on the values `given`.

    Without a posterior nothing changes, because a priori the parameters know nothing of each other: to condition on a
    value is then to set it, which a run does. Raises InputError for a mistake in `own`, for own priors where there is
    no posterior to reweight, and where too few draws would be left.
    """
    if own and grounds.posterior is None:
        raise InputError("--prior-of reweights the calibrated draws, and this answer rests on the priors; leave it out")
    for text in own:
        name = text.replace("＝", "=").partition("=")[0].strip()
        for parameter in (model.parameters[known] for known in given):
            if name in (parameter.name, parameter.label.zh, parameter.label.en):
                raise InputError(
                    "“{name}” cannot have a value and a prior at once; leave one of the two out", name=parameter.name
                )
    if grounds.posterior is None:
        return grounds
    if not (own or given):
        return grounds
    if grounds.posterior.handed:
        names = (*(text.partition("=")[0].strip() for text in own), *given)
        raise InputError(
            "draws of your own are taken as they are; give {names} its values, or its weights, before you hand them in",
            names=names,
        )
    posterior = conditioned(reweighted(grounds.posterior, own, model.parameters), model, given)
    return replace(grounds, posterior=posterior, before=grounds.posterior)


def conditioned(posterior: Posterior, model: Model, given: Mapping[str, float]) -> Posterior:
    """The draws of `posterior` in which the uncertain parameters have the values `given` (internal units).

    Raises InputError, with the values on which can be conditioned, where fewer than FEWEST draws are near.
    """
    if not given:
        return posterior
    latent = latent_of(model)
    place = [posterior.names.index(name) for name in latent.names]
    values = posterior.values[place]
    z = latent.latent(values)
    asked = [_asked(latent, name, value, values, z) for name, value in given.items()]
    far = np.max([one.far for one in asked], axis=0)
    near = far <= min(REACH, np.sort(far)[min(NEAREST, far.size) - 1])
    copies = _copies(posterior)
    carrying = _worth(copies[near])
    if carrying < FEWEST:
        _refuse(asked, copies, carrying)
    moved = values[:, near]
    smooth = [row for row, parameter in enumerate(latent.parameters) if not _may_be_nil(parameter)]
    moved[smooth] = latent.uncertain(z[:, near] + _shift(asked, z, near))[smooth]
    for one in asked:
        moved[one.row] = one.value
    return replace(
        posterior,
        values=moved[np.argsort(place)],
        batch=posterior.batch[near],
        log_likelihood=posterior.log_likelihood[near],
        given=dict(given),
        effective=None if posterior.effective is None else carrying,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One parameter that is given a value."""

    parameter: Parameter
    row: int
    value: float
    z: Array
    """[draw], latent"""
    latent: float
    """The value's latent number."""
    possible: NDArray[np.bool_]
    """[draw]: whether the parameter is nil where the value is, and is not where the value is not."""
    spread: float
    """Standard deviation of the possible draws, latent."""
    far: Array
    """[draw]: how many of these a draw is away; infinite where it is not possible."""


def _asked(latent: Latent, name: str, value: float, values: Array, z: Array) -> _Asked:
    row = latent.names.index(name)
    parameter = latent.parameters[row]
    nil = _may_be_nil(parameter) and value == 0
    possible = (values[row] == 0) == nil if _may_be_nil(parameter) else np.ones(z.shape[1], dtype=np.bool_)
    spread = float(z[row, possible].std()) if possible.any() else 0.0
    spread = spread if spread > 0 else 1.0
    number = 0.0 if nil else latent_number(parameter, value)
    gap = np.zeros(z.shape[1]) if nil else np.abs(z[row] - number) / spread
    return _Asked(parameter, row, value, z[row], number, possible, spread, np.where(possible, gap, np.inf))


def _may_be_nil(parameter: Parameter) -> bool:
    assert parameter.prior is not None
    return parameter.prior.distribution == "nil_or_normal"


def _copies(posterior: Posterior) -> Array:
    """[draw]: how often the same world is among the draws, which it is where they were drawn again."""
    if posterior.effective is None:
        return np.ones(posterior.size)
    _, world, count = np.unique(posterior.values, axis=1, return_inverse=True, return_counts=True)
    return np.asarray(count[world.ravel()], dtype=np.float64)


def _worth(copies: Array) -> float:
    """How many independent draws some draws are, of each of which there are so many `copies` (Kish)."""
    return float(copies.size**2 / copies.sum()) if copies.size else 0.0


def _shift(asked: Sequence[_Asked], z: Array, near: NDArray[np.bool_]) -> Array:
    """By how much the latent numbers of the near draws move, [parameter, near draw], for the values to be met exactly.

    The slopes are those of all draws that are possible, because those of a narrow strip are mostly noise.
    """
    leading = [one for one in asked if not (_may_be_nil(one.parameter) and one.value == 0)]
    if not leading:
        return np.zeros((len(z), int(near.sum())))
    base = np.all([one.possible for one in asked], axis=0)
    causes = np.array([one.z[base] for one in leading])
    causes -= causes.mean(axis=1, keepdims=True)
    # sums in a fixed order: a threaded product may differ in the last bit from one run to the next
    products = np.array([[float(np.sum(one * other)) for other in causes] for one in causes])
    with_others = np.array([[float(np.sum(one * row[base])) for row in z] for one in causes])
    slopes = np.linalg.lstsq(products, with_others, rcond=None)[0]
    missing = np.array([one.latent - one.z[near] for one in leading])
    return np.asarray(np.einsum("kp,kd->pd", slopes, missing))


def _refuse(asked: Sequence[_Asked], copies: Array, carrying: float) -> NoReturn:
    for one in asked:
        others = np.all([other.far <= REACH for other in asked if other is not one] or [copies > 0], axis=0)
        if _worth(copies[others & (one.far <= REACH)]) < FEWEST and (allowed := _allowed(one, copies, others)):
            written = write_value(one.value, one.parameter).strip('"')
            with placed(f"--set {one.parameter.name}={written}"):
                raise InputError(
                    "only {near:.0f} of the {draws} draws that fit the reports lie near this value, and {needed} are "
                    "needed; write a value from {range}",
                    near=carrying,
                    draws=copies.size,
                    needed=FEWEST,
                    range=allowed,
                )
    names = tuple(one.parameter.name for one in asked)
    raise InputError(
        "only {near:.0f} of the {draws} draws that fit the reports lie near the values of {names} "
        "together, and {needed} are needed; leave one of them out",
        near=carrying,
        draws=copies.size,
        names=names,
        needed=FEWEST,
    )


def _allowed(one: _Asked, copies: Array, others: NDArray[np.bool_]) -> Phrase:
    """The values of one parameter on which can be conditioned, as `low to high unit`; empty where there are none."""
    if _may_be_nil(one.parameter) and one.value == 0:
        return NO_WORDS
    members = others & one.possible
    order = np.argsort(one.z[members], kind="stable")
    z, worth = one.z[members][order], np.concatenate([[0.0], np.cumsum(copies[members][order])])
    first = np.searchsorted(z, z - REACH * one.spread, side="left")
    last = np.searchsorted(z, z + REACH * one.spread, side="right")
    open_ = z[(last - first) ** 2 >= FEWEST * (worth[last] - worth[first])]
    if not open_.size:
        return NO_WORDS
    low, high = (latent_value(one.parameter, float(end)) for end in (open_[0], open_[-1]))
    return write_span(low, high, one.parameter)
