"""What somebody believes of a parameter instead of its shipped prior: the posterior's draws, reweighted.

A posterior is prior times likelihood, and the likelihood does not care who believes what: a draw counts for the new
prior's density at its value over the old one's (importance sampling). The draws are then drawn again by these weights,
as many as there were, so that whatever reads them needs to know nothing of weights.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shudian.draws import Array, effective_draws
from shudian.kinds import InputError, Parameter, Phrase, Prior
from shudian.parameters import DATE
from shudian.posterior_file import Posterior
from shudian.priors import ARGUMENTS, PURE_ARGUMENTS, complaint, log_density
from shudian.quantities import measured, placed, read_quantity, show, write_range
from shudian.schedules import find_parameter
from shudian.toml_file import nearest

WARNED_BELOW = 1000
"""Effective draws below which an answer says that it rests on few."""
REFUSED_BELOW = 400
"""Effective draws below which there is none: a chance would be uncertain by more than five points."""
_SEED = 20260101
"""Of the one random number that drawing again needs."""


@dataclass(frozen=True, slots=True)
class OwnPrior:
    """A prior that replaces the shipped one of `parameter`."""

    parameter: Parameter
    prior: Prior


def read_own_prior(text: str, parameters: Mapping[str, Parameter]) -> OwnPrior:
    """What `name=distribution(argument, …)` means: the shapes and arguments of seeds/parameters/*.toml, in that order.

    An argument may have its name in front (`sd=0.125`), and is in the parameter's own unit unless it has one. Raises
    InputError, naming the option, for any mistake.
    """
    with placed(f"--prior-of {text}"):
        narrow = text.translate(str.maketrans("＝（），", "=(),"))
        found = re.fullmatch(r"\s*([^=]*?)\s*=\s*(\w+)\s*(?:\((.*)\))?\s*", narrow)
        if not found:
            raise InputError("write it as name=distribution(…), for example national_growth_2026=normal(0.25, 0.125)")
        parameter = find_parameter(found[1], parameters, ("uncertain",))
        if found[2] not in ARGUMENTS:
            raise InputError(
                "“{name}” is not a distribution{nearest}", name=found[2], nearest=nearest(found[2], ARGUMENTS)
            )
        prior = Prior(found[2], _arguments(found[2], found[3] or "", parameter))
        if problem := complaint(prior, parameter.low, parameter.high):
            raise InputError("{problem} ({range})", problem=problem, range=write_range(parameter))
        return OwnPrior(parameter, prior)


def reweighted(posterior: Posterior, own: Sequence[str], parameters: Mapping[str, Parameter]) -> Posterior:
    """`posterior` as it would be under the priors that `own` writes, as many draws, some of them several times.

    Raises InputError for a mistake in `own`, and where fewer than REFUSED_BELOW effective draws would carry the answer.
    """
    if not own:
        return posterior
    believed = [read_own_prior(text, parameters) for text in own]
    names = [one.parameter.name for one in believed]
    for name in names:
        if names.count(name) > 1:
            raise InputError("“{name}” has two priors; keep one --prior-of", name=name)
    weight = weights(posterior, believed)
    effective = effective_draws(weight)
    if posterior.effective is not None:
        effective *= posterior.effective / posterior.size
    if effective < REFUSED_BELOW:
        raise InputError(
            "the priors of {names} leave {effective:.0f} effective draws of {draws}, and {needed} are "
            "needed; put them into seeds/parameters and recalibrate: shudian calibrate",
            names=tuple(names),
            effective=effective,
            draws=posterior.size,
            needed=REFUSED_BELOW,
        )
    chosen = _again(weight)
    return replace(
        posterior,
        values=posterior.values[:, chosen],
        batch=posterior.batch[chosen],
        log_likelihood=posterior.log_likelihood[chosen],
        own_priors=tuple(own),
        effective=effective,
        reweighted=effective,
    )


def weights(posterior: Posterior, believed: Sequence[OwnPrior]) -> Array:
    """What each draw counts under the priors `believed`: [draw], adding up to 1, or all 0 where none is possible.

    Raises InputError for a prior that gives nil a probability where the shipped one gives it none.
    """
    logarithm = np.zeros(posterior.size)
    for one in believed:
        parameter, old = one.parameter, one.parameter.prior
        assert old is not None
        if one.prior.arguments.get("nil_probability", 0) > 0 and not old.arguments.get("nil_probability", 0) > 0:
            raise InputError(
                "no draw of “{name}” is exactly nil, because its own prior is {distribution}; put a "
                "nil_or_normal prior into seeds/parameters and recalibrate: shudian calibrate",
                name=parameter.name,
                distribution=old.distribution,
            )
        # a number at the end of its range may have been stored a rounding beyond it
        values = np.clip(posterior.values[posterior.names.index(parameter.name)], parameter.low, parameter.high)
        new = log_density(one.prior, parameter.low, parameter.high, values)
        if old.arguments.get("nil_probability", 0) > 0:
            # beside a probability of exactly nil a density counts for nothing
            with np.errstate(divide="ignore"):
                new = np.where(values == 0, np.log(one.prior.arguments.get("nil_probability", 0.0)), new)
        before = log_density(old, parameter.low, parameter.high, values)
        possible = np.isfinite(new) & np.isfinite(before)
        logarithm += np.where(possible, np.where(possible, new, 0) - np.where(possible, before, 0), -np.inf)
    if not np.isfinite(logarithm).any():
        return np.zeros(posterior.size)
    weight = np.exp(logarithm - logarithm.max())
    return np.asarray(weight / weight.sum())


def first_step() -> float:
    """Where among the summed weights, in steps between 0 and 1, the draws that are drawn again begin."""
    return float(np.random.Generator(np.random.Philox(_SEED)).random())


def _again(weight: Array) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """As many draws as there are weights, each as often as its weight says, but for less than one (systematic)."""
    steps = (np.arange(weight.size) + first_step()) / weight.size
    reached = np.cumsum(weight)
    return np.searchsorted(reached / reached[-1], steps, side="right").astype(np.intp)


def _arguments(distribution: str, written: str, parameter: Parameter) -> dict[str, float]:
    names = ARGUMENTS[distribution]
    parts = [part.strip() for part in written.split(",")] if written.strip() else []
    found: dict[str, float] = {}
    for place, part in enumerate(parts):
        name, equals, number = (piece.strip() for piece in part.rpartition("="))
        if not equals:
            name = names[place] if place < len(names) else ""
        if name not in names or name in found:
            break
        found[name] = _number(number, name, parameter)
    if len(found) != len(names) or len(parts) != len(names):
        raise InputError(
            "write the prior as {distribution}({arguments}), and each of these once",
            distribution=distribution,
            arguments=names,
        )
    return found


def _number(text: str, name: str, parameter: Parameter) -> float:
    if parameter.display_unit == DATE:
        raise InputError("“{name}” is a month, which takes no prior of its own here", name=parameter.name)
    quantity = read_quantity(text)
    display, internal = ("1", "1") if name in PURE_ARGUMENTS else (parameter.display_unit, parameter.unit)
    expected = Phrase("write “{argument}” in {unit}, or without a unit", argument=name, unit=display)
    if display == "1":
        expected = Phrase("write “{argument}” without a unit", argument=name)
    if not quantity.unit:
        text = text if display == "1" else f"{text} {display}"
        quantity = read_quantity(text)
    return measured(quantity, internal, display, show(text), expected)
