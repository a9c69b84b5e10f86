"""Prior distributions: six shapes, each truncated to the parameter's range.

Every function takes the prior with its arguments in internal units and the range [`low`, `high`]; the
loader has checked that arguments and range fit together (`complaint`).

normal(mean, sd); lognormal(median, sigma); beta(mean, sd), stretched over the range; uniform();
triangular(mode); nil_or_normal(nil_probability, mean, sd): exactly nothing with that probability,
otherwise normal: the shape for a policy effect that may be nil or work the wrong way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy import special

from shudian.kinds import NO_WORDS, Phrase, Prior

Array = npt.NDArray[np.float64]

ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "beta": ("mean", "sd"),
    "uniform": (),
    "triangular": ("mode",),
    "nil_or_normal": ("nil_probability", "mean", "sd"),
}
"""Distribution -> the arguments that it needs."""

PURE_ARGUMENTS = ("sigma", "nil_probability")
"""Arguments without the parameter's unit."""

_CENTRES = ("mean", "median", "mode")


def complaint(prior: Prior, low: float, high: float) -> Phrase:
    """What is wrong with the prior on this range, as the end of a sentence; empty if nothing is."""
    arguments = prior.arguments
    for name in _CENTRES:
        if name in arguments and not low <= arguments[name] <= high:
            return Phrase("the prior's {name} lies outside the range", name=name)
    for name in ("sd", "sigma"):
        if name in arguments and arguments[name] <= 0:
            return Phrase("the prior's {name} must be above 0", name=name)
    if not 0 <= arguments.get("nil_probability", 0) < 1:
        return Phrase("nil_probability must be at least 0 and below 1")
    if prior.distribution == "nil_or_normal" and not low <= 0 <= high:
        return Phrase("the range of a nil_or_normal prior must contain 0")
    if prior.distribution == "lognormal" and (low < 0 or arguments["median"] <= 0):
        return Phrase("a lognormal prior needs a median above 0 and a range that does not go below 0")
    if prior.distribution == "beta":
        mean, sd = arguments["mean"], arguments["sd"]
        if sd**2 >= (mean - low) * (high - mean):
            return Phrase("the prior's sd is too large for a beta distribution with this mean on this range")
    return NO_WORDS


def quantile(prior: Prior, low: float, high: float, u: Array) -> Array:
    """Inverse of `cumulative`: where the prior truncated to [low, high] has the probability `u` below it.

    `u` has any shape and values in [0, 1]; the result has its shape and the parameter's internal unit.
    """
    arguments = prior.arguments
    match prior.distribution:
        case "normal":
            x = _normal_quantile(arguments["mean"], arguments["sd"], low, high, u)
        case "lognormal":
            x = np.exp(_normal_quantile(math.log(arguments["median"]), arguments["sigma"], _log(low), _log(high), u))
        case "beta":
            x = low + (high - low) * special.betaincinv(*_shape(prior, low, high), u)
        case "uniform":
            x = low + (high - low) * u
        case "triangular":
            mode = arguments["mode"]
            rising = (mode - low) / (high - low)
            left = low + np.sqrt(u * (high - low) * (mode - low))
            right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
            x = np.where(u < rising, left, right)
        case _:
            x = _nil_quantile(prior, low, high, u)
    return np.asarray(np.clip(x, low, high), dtype=np.float64)


def cumulative(prior: Prior, low: float, high: float, x: Array) -> Array:
    """Probability that the truncated prior gives a value of at most `x` (any shape, internal unit)."""
    arguments = prior.arguments
    x = np.clip(x, low, high)
    match prior.distribution:
        case "normal":
            p = _normal_cumulative(arguments["mean"], arguments["sd"], low, high, x)
        case "lognormal":
            with np.errstate(divide="ignore"):
                logarithm = np.log(x)
            centre = math.log(arguments["median"])
            p = _normal_cumulative(centre, arguments["sigma"], _log(low), _log(high), logarithm)
        case "beta":
            p = special.betainc(*_shape(prior, low, high), (x - low) / (high - low))
        case "uniform":
            p = (x - low) / (high - low)
        case "triangular":
            mode, width = arguments["mode"], high - low
            left = (x - low) ** 2 / (width * max(mode - low, np.finfo(float).tiny))
            right = 1 - (high - x) ** 2 / (width * max(high - mode, np.finfo(float).tiny))
            p = np.where(x < mode, left, right)
        case _:
            nil = arguments["nil_probability"]
            p = nil * (x >= 0) + (1 - nil) * _normal_cumulative(arguments["mean"], arguments["sd"], low, high, x)
    return np.asarray(p, dtype=np.float64)


def log_density(prior: Prior, low: float, high: float, x: Array) -> Array:
    """Logarithm of the truncated prior's density at `x` (any shape, internal unit); minus infinity where there is none.

    Where nil has a probability of its own, that probability stands at exactly 0 and the density everywhere else.
    """
    arguments = prior.arguments
    with np.errstate(divide="ignore", invalid="ignore"):
        match prior.distribution:
            case "normal":
                found = _normal_density(arguments["mean"], arguments["sd"], low, high, x)
            case "lognormal":
                logarithm = np.log(x)
                centre = math.log(arguments["median"])
                found = _normal_density(centre, arguments["sigma"], _log(low), _log(high), logarithm) - logarithm
            case "beta":
                one, other = _shape(prior, low, high)
                share = (x - low) / (high - low)
                whole = special.betaln(one, other) + math.log(high - low)
                found = np.asarray(special.xlogy(one - 1, share) + special.xlog1py(other - 1, -share) - whole)
            case "uniform":
                found = np.full_like(x, -math.log(high - low))
            case "triangular":
                mode, width = arguments["mode"], high - low
                found = np.log(2 / width * np.where(x < mode, (x - low) / (mode - low), (high - x) / (high - mode)))
                found = np.where(x == mode, math.log(2 / width), found)
            case _:
                nil = arguments["nil_probability"]
                found = _normal_density(arguments["mean"], arguments["sd"], low, high, x) + math.log(1 - nil)
                found = np.where(x == 0, np.log(nil), found)
        return np.asarray(np.where((x >= low) & (x <= high), found, -np.inf), dtype=np.float64)


def median(prior: Prior, low: float, high: float) -> float:
    """The value that the truncated prior puts half of its probability below."""
    return float(quantile(prior, low, high, np.array(0.5)))


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


def _tails(mean: float, sd: float, low: float, high: float) -> tuple[float, float]:
    return float(special.ndtr((low - mean) / sd)), float(special.ndtr((high - mean) / sd))


def _normal_quantile(mean: float, sd: float, low: float, high: float, u: Array) -> Array:
    below, up_to = _tails(mean, sd, low, high)
    return np.asarray(mean + sd * special.ndtri(below + u * (up_to - below)))


def _normal_cumulative(mean: float, sd: float, low: float, high: float, x: Array) -> Array:
    below, up_to = _tails(mean, sd, low, high)
    return np.asarray((special.ndtr((x - mean) / sd) - below) / (up_to - below))


def _normal_density(mean: float, sd: float, low: float, high: float, x: Array) -> Array:
    below, up_to = _tails(mean, sd, low, high)
    return np.asarray(-0.5 * ((x - mean) / sd) ** 2 - math.log(sd * math.sqrt(2 * math.pi) * (up_to - below)))


def _nil_quantile(prior: Prior, low: float, high: float, u: Array) -> Array:
    nil, mean, sd = (prior.arguments[name] for name in ARGUMENTS["nil_or_normal"])
    negative = (1 - nil) * float(_normal_cumulative(mean, sd, low, high, np.array(0.0)))
    rest = np.where(u < negative, u, u - nil) / (1 - nil)
    x = _normal_quantile(mean, sd, low, high, np.clip(rest, 0, 1))
    return np.where((u >= negative) & (u <= negative + nil), 0.0, x)


def _shape(prior: Prior, low: float, high: float) -> tuple[float, float]:
    mean = (prior.arguments["mean"] - low) / (high - low)
    variance = (prior.arguments["sd"] / (high - low)) ** 2
    total = mean * (1 - mean) / variance - 1
    return mean * total, (1 - mean) * total
