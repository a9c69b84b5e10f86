"""How good a forecast was, once the number is printed: coverage, probability integral transform, CRPS and log score.

Everything is on the scale of natural logarithms, so that a miss by a tenth counts the same for firms and for money.
What is printed is an interval: a rounded number, a bin such as 超800家, a half-line. Coverage and transform use its two
ends. The continuous ranked probability score (Gneiting and Raftery 2007) needs a number and takes the middle of the
interval's logarithms; a half-line has none, and no such score. (To leave the interval out of the score's integral looks
kinder to coarse words, but rewards forecasts that are too narrow.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Interval = tuple[float, float]

LEVELS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995)
"""Probabilities whose quantiles a forecast keeps."""
_NODES = special.ndtri(np.array(LEVELS))
_LEAST = 1e-9
TAIL_50, TAIL_90 = 0.25, 0.05
"""Probability on either side of the central half, and of the central 90 %."""
_FAR = 40.0
"""Normal score beyond which a forecast holds nothing."""
_NARROW = 1e-4
"""Log width of a number that is printed to the last digit, for its density."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A distribution of a positive number, kept as its quantiles at LEVELS.

    Between two quantiles the logarithm is linear in the normal score of the probability, and beyond the outermost
    it goes on as between the last two: a lognormal distribution is kept exactly.
    """

    quantiles: tuple[float, ...]

    def quantile(self, level: float) -> float:
        """The quantile at one of LEVELS."""
        return self.quantiles[LEVELS.index(level)]

    @property
    def median(self) -> float:
        """The quantile at one half."""
        return self.quantile(0.5)

    def interval(self, share: float) -> Interval:
        """The central interval that holds `share` (0.5 or 0.9)."""
        low = {0.5: 0.25, 0.9: 0.05}[share]
        return self.quantile(low), self.quantile(1 - low)

    def times(self, factor: float) -> Forecast:
        """The forecast in another unit."""
        return Forecast(tuple(value * factor for value in self.quantiles))

    def below(self, value: float) -> float:
        """Probability of less than `value`."""
        return float(special.ndtr(self._score(_log(value))))

    def stretched(self, factor: float) -> Forecast:
        """The forecast around the same median, `factor` times as wide on the logarithmic scale."""
        middle = max(self.median, _LEAST)
        return Forecast(tuple(middle * (max(value, _LEAST) / middle) ** factor for value in self.quantiles))

    def log_score(self, printed: Interval) -> float | None:
        """Minus the logarithm of the density, per unit of log width, of what the words allow; None for a half-line.

        Of an interval it is the probability divided by the width, of a number the density. Smaller is better, and
        what is certain and right has no least.
        """
        if middle(printed) is None:
            return None
        ends = [_log(end) for end in printed]
        width = max(ends[1] - ends[0], _NARROW)
        low, high = (float(np.clip(self._score(sum(ends) / 2 + side * width / 2), -_FAR, _FAR)) for side in (-1, 1))
        if low > 0:  # the upper tail loses its digits: use the lower one
            low, high = -high, -low
        whole, less = special.log_ndtr(high), special.log_ndtr(low)
        return float(math.log(width) - whole - math.log1p(-math.exp(min(less - whole, -1e-15))))

    def crps(self, value: float) -> float:
        """The continuous ranked probability score of the logarithm once `value` is known; 0 is perfect."""
        x = _log(value)
        return self._below_squared(x) + self._mirrored()._below_squared(-x)

    def _line(self) -> tuple[Array, Array]:
        """Normal scores and logarithms at the knots, one far out on either side so that the ends are lines too."""
        x = np.log(np.maximum(self.quantiles, _LEAST))
        slopes = np.diff(x) / np.diff(_NODES)
        z = np.concatenate([[-_FAR], _NODES, [_FAR]])
        ends = x[0] - slopes[0] * (_FAR + _NODES[0]), x[-1] + slopes[-1] * (_FAR - _NODES[-1])
        return z, np.concatenate([ends[:1], x, ends[1:]])

    def _mirrored(self) -> Forecast:
        # the levels are symmetric: the distribution of 1/x has the inverse quantiles in the opposite order
        return Forecast(tuple(1 / max(value, _LEAST) for value in reversed(self.quantiles)))

    def _score(self, x: float) -> float:
        z, knots = self._line()
        return float(np.interp(x, knots, z, left=-math.inf, right=math.inf))

    def _below_squared(self, x: float) -> float:
        """Integral of F squared up to `x`: on each line x = a + b z it is b times that of the normal's squared."""
        z, knots = self._line()
        ends = np.interp(min(x, 1e6), knots, z)
        left, right = np.minimum(z[:-1], ends), np.minimum(z[1:], ends)
        slopes = np.diff(knots) / np.diff(z)
        inside = float((slopes * (_squared(right) - _squared(left))).sum())
        return float(inside + max(x - float(knots[-1]), 0.0))


def _squared(z: Array) -> Array:
    """An antiderivative of the squared normal distribution function."""
    below, density = special.ndtr(z), np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return np.asarray(z * below**2 + 2 * density * below - special.ndtr(math.sqrt(2) * z) / math.sqrt(math.pi))


def forecast_of(draws: Array) -> Forecast:
    """The Forecast of draws [draw] of a positive number."""
    return Forecast(tuple(float(value) for value in np.quantile(draws, LEVELS)))


def kept_error(draws: Array) -> float:
    """By how much the score differs, at most, from that of the draws themselves, at nine numbers from 1 to 99 %."""
    kept, x = forecast_of(draws), np.sort(np.log(np.maximum(draws, _LEAST)))
    # the mean absolute difference between two draws, from the order statistics
    spread = 2 * float(((2 * np.arange(1, x.size + 1) - x.size - 1) * x).sum()) / x.size**2
    values = np.quantile(x, np.linspace(0.01, 0.99, 9))
    exact = np.abs(x[:, None] - values).mean(axis=0) - spread / 2  # the energy form of the score
    return max(float(abs(kept.crps(math.exp(v)) - e)) for v, e in zip(values, exact, strict=True))


@dataclass(frozen=True, slots=True)
class Score:
    """How one forecast fared against one printed number."""

    inside_50: float
    """1 or 0 for a number that is printed to the digit; for a bin, the forecast's own share of it that lies inside."""
    inside_90: float
    pit: float
    """Probability integral transform: the forecast's probability of less; of a bin, the middle of its two ends'."""
    crps: float | None
    """None for a half-line."""
    median_error: float | None
    """Distance of the median's logarithm from what was printed: what the CRPS is of a forecast of one number."""


def score(forecast: Forecast, printed: Interval) -> Score:
    """Score `forecast` against the interval that the printed words allow, in the forecast's unit."""
    low, high = forecast.below(printed[0]), forecast.below(printed[1])
    value = middle(printed)
    return Score(
        inside_50=share_inside(low, high, TAIL_50),
        inside_90=share_inside(low, high, TAIL_90),
        pit=(low + high) / 2,
        crps=None if value is None else forecast.crps(value),
        median_error=point_error(forecast.median, printed),
    )


def inside_90(forecast: Forecast, printed: Interval) -> float:
    """The `inside_90` of `score`, without the rest."""
    return share_inside(forecast.below(printed[0]), forecast.below(printed[1]), TAIL_90)


def middle(printed: Interval) -> float | None:
    """The number that stands for the interval: the middle of the logarithms; None for a half-line."""
    return math.sqrt(printed[0] * printed[1]) if printed[0] > 0 and printed[1] < math.inf else None


def point_error(forecast: float, printed: Interval) -> float | None:
    """The CRPS of a forecast without any spread: the distance of its logarithm; None for a half-line."""
    value = middle(printed)
    return None if value is None else abs(_log(forecast) - _log(value))


def share_inside(low: float, high: float, tail: float) -> float:
    """Which part of the probability between `low` and `high` lies in the centre that leaves `tail` on either side."""
    if high - low < 1e-9:
        return float(tail <= low <= 1 - tail)
    return max(min(high, 1 - tail) - max(low, tail), 0.0) / (high - low)


def _log(value: float) -> float:
    if value == math.inf:
        return math.inf
    return math.log(max(value, _LEAST))
