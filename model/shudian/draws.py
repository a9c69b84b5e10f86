"""Draws: what each of many possible worlds takes for the model's fixed parameters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shudian.kinds import Model, Parameter
from shudian.priors import quantile

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Draws:
    """Values of every fixed parameter in every draw, in internal units."""

    names: tuple[str, ...]
    values: Array
    """[fixed parameter, draw]"""
    seed: int
    calibrated: bool
    """False where the draws come from the priors alone, or from somebody who brought them, or were fitted to another
    structure."""
    digest: str
    posterior: str = ""
    """Digest of the posterior that they come from; empty where they come from none."""
    model: str = ""
    """Digest of the shipped model whose parameters they are."""


def draws_of(model: Model, values: Array, seed: int, posterior: str = "") -> Draws:
    """The Draws that hold `values`, [fixed parameter of `model`, draw]; `posterior` is the digest of their origin."""
    fitted = model.origin or model
    return Draws(
        tuple(p.name for p in model.fixed), values, seed, bool(posterior) and fitted is model, _digest(values),
        posterior, fitted.digest,
    )  # fmt: skip


def prior_draws(model: Model, draws: int, seed: int) -> Draws:
    """`draws` independent draws from the priors.

    Each parameter has its own stream of random numbers, named after it, so that a new parameter leaves the
    draws of the others as they were, and the first n draws are the same for any number of draws.
    """
    values = np.array([prior_row(parameter, draws, seed) for parameter in model.fixed])
    return draws_of(model, values, seed)


def central_draw(model: Model) -> Draws:
    """One draw with every parameter at its prior median and no yearly shocks."""
    return draws_of(model, np.array([[parameter.value] for parameter in model.fixed]), 0)


def prior_row(parameter: Parameter, draws: int, seed: int) -> Array:
    """What `prior_draws` has for `parameter`, [draw]."""
    if parameter.prior is None:
        return np.full(draws, parameter.value)
    name = int.from_bytes(hashlib.sha256(parameter.name.encode()).digest()[:8], "big")
    uniform = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, name]))).random(draws)
    return quantile(parameter.prior, parameter.low, parameter.high, uniform)


def effective_draws(weight: Array) -> float:
    """How many draws of equal weight would be as good (Kish): the square of the weights' sum over that of squares."""
    squares = float((weight**2).sum())
    return float(weight.sum()) ** 2 / squares if squares > 0 else 0.0


def _digest(values: Array) -> str:
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:16]
