"""What printed words say of a number: 约, 超, 余, 近, a range, a bare number, and how surely."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from shudian.kinds import Figure

Array = NDArray[np.float64]
Interval = tuple[float, float]
Word = Literal["within", "about", "above", "below"]
WORDS: tuple[Word, ...] = ("within", "about", "above", "below")
Spreads = Mapping[Word, float]
"""Word -> how far, in natural logarithms, a writer who uses it stays from the number that he means."""

Density = Callable[[Array], Array]
"""From logarithms of the model's quantities, [row, draw], to log densities."""

_REACH = 3.0
"""Spreads within which what a word says is looked for when two outlets are compared."""
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Statement:
    """A number as it was printed, with the word before or behind it.

    `within` is a bare number to its last printed digit, or a range that was printed with both ends. Of the other words
    `low` and `high` are both the printed number, and the density falls off from there: its width hangs on the word and
    not on the number's leading digit.
    """

    low: float
    high: float
    word: Word = "within"
    spread: float = 0.0
    """Standard deviation of the logarithm for `about`, mean of the exponential for `above` and `below`."""

    @property
    def bounds(self) -> Interval:
        """The range, or the printed number twice."""
        return self.low, self.high

    @property
    def middle(self) -> float:
        """The number that stands for it: the printed one, the middle of a range, the end of a half-line."""
        return self.low if math.isinf(self.high) else (self.low + self.high) / 2

    @property
    def reach(self) -> Interval:
        """Where the number that is meant lies as good as surely."""
        down = math.exp(-_REACH * self.spread) if self.word in ("about", "below") else 1.0
        up = math.exp(_REACH * self.spread) if self.word in ("about", "above") else 1.0
        return self.low * down, self.high * up

    def over(self, factor: float) -> Statement:
        """The same statement of the number divided by `factor`."""
        return replace(self, low=self.low / factor, high=self.high / factor)

    def agrees(self, other: Statement) -> bool:
        """Whether one number can be meant by both."""
        (low, high), (other_low, other_high) = self.reach, other.reach
        return max(low, other_low) <= min(high, other_high)


def statement_of(figure: Figure, spreads: Spreads) -> Statement | None:
    """What `figure` prints, in its unit, or None where it prints a growth rate alone."""
    bounds, word = printed_bounds(figure), word_of(figure)
    return None if bounds is None else Statement(*bounds, word, spreads.get(word, 0.0))


def printed_bounds(figure: Figure) -> Interval | None:
    """The printed range in the figure's unit: both ends, the digits' rounding, or after a word the number twice."""
    if figure.value is None:
        return None
    value = figure.value
    if word_of(figure) != "within":
        return value, value
    match figure.bound:
        case "bin" | "interval":
            assert figure.low is not None
            assert figure.high is not None
            return figure.low, figure.high
        case "at_least":
            return value, math.inf
        case "at_most":
            return 0.0, value
        case _:
            half = half_digit(value)
    return max(value - half, 0.0), value + half


def sharpest(statements: Sequence[tuple[str, Statement | None]]) -> list[tuple[tuple[str, ...], Statement | None]]:
    """The sharpest, where one number can be meant by all, or else each of them; with the figures that hold it."""
    printed = [(name, said) for name, said in statements if said is not None]
    if not printed:
        return [((), None)]
    low, high = (end([said.reach[place] for _, said in printed]) for place, end in ((0, max), (1, min)))
    if low <= high:
        kept = min((said for _, said in printed), key=lambda said: _width(said.reach))
        return [(tuple(name for name, _ in printed), kept)]
    return [((name,), said) for name, said in printed]


def log_density(y: Array, said: Table, sigma: Array) -> Array:
    """Log density, per unit of the logarithm, that an office whose number is y + e prints what `said` says.

    `y` [row, draw] are logarithms of the model's quantities, `sigma` [row, 1] standard deviations of e.
    """
    result = np.empty(np.broadcast_shapes(y.shape, sigma.shape))
    for word, rows in said.rows.items():
        low, spread, s, at = said.low[rows], said.spread[rows], sigma[rows], y[rows]
        if word == "within":
            result[rows] = _within(at, low, said.high[rows], s)
        elif word == "about":
            wide = np.hypot(s, spread)
            result[rows] = -0.5 * ((low - at) / wide) ** 2 - np.log(wide * math.sqrt(2 * math.pi))
        else:
            far = (at - low) if word == "above" else (low - at)
            result[rows] = _beyond(far, spread, s) - np.log(spread)
    return result


def densities(said: Table, sigma: Array) -> Density:
    """`log_density` of what is said by rows, at errors `sigma` [row, 1]."""
    return partial(log_density, said=said, sigma=sigma)


def distribution(y: Array, said: Table, sigma: Array) -> tuple[Array, Array]:
    """Probability that such an office prints less than the lower, and than the upper end of what `said` says.

    `y` and `sigma` as in `log_density`, whose integral it is. Both are the same number after a word; where the words
    name a range the office's number lies somewhere between its ends, and it is not printed where.
    """
    less, upto = (np.empty(np.broadcast_shapes(y.shape, sigma.shape)) for _ in range(2))
    for word, rows in said.rows.items():
        low, spread, s, at = said.low[rows], said.spread[rows], sigma[rows], y[rows]
        wide = np.hypot(s, spread) if word == "about" else s
        less[rows] = special.ndtr((low - at) / wide)
        if word == "above":  # what is printed is an exponential below the number that is meant
            less[rows] += np.exp(_beyond(at - low, spread, s))
        elif word == "below":
            less[rows] -= np.exp(_beyond(low - at, spread, s))
        upto[rows] = special.ndtr((said.high[rows] - at) / s) if word == "within" else less[rows]
    return less, upto


@dataclass(frozen=True, slots=True)
class Table:
    """Statements in rows, as logarithms [row, 1]."""

    low: Array
    high: Array
    spread: Array
    word: NDArray[np.int64]
    """Place in `WORDS`."""
    rows: Mapping[Word, NDArray[np.int64]]

    @classmethod
    def of(cls, statements: Sequence[Statement]) -> Table:
        """The table of `statements`, in order."""
        low, high, spread = (
            np.array(numbers, dtype=np.float64).reshape(-1, 1)
            for numbers in (
                [_log(said.low) for said in statements],
                [_log(said.high) for said in statements],
                [said.spread for said in statements],
            )
        )
        return cls._of(low, high, spread, np.array([[WORDS.index(said.word)] for said in statements]).reshape(-1, 1))

    def take(self, rows: NDArray[np.int64]) -> Table:
        """The table of `rows` alone."""
        return self._of(self.low[rows], self.high[rows], self.spread[rows], self.word[rows])

    @classmethod
    def _of(cls, low: Array, high: Array, spread: Array, word: NDArray[np.int64]) -> Table:
        rows = {name: np.flatnonzero(word[:, 0] == place) for place, name in enumerate(WORDS)}
        return cls(low, high, spread, word, {name: which for name, which in rows.items() if which.size})


def word_of(figure: Figure) -> Word:
    """The word with which `figure` prints its number; `within` where there is none."""
    if figure.bound == "approximate":
        return "about"
    if figure.bound == "bin" and figure.value == figure.low:
        return "above"
    if figure.bound == "bin" and figure.value == figure.high:
        return "below"
    return "within"


def half_digit(value: float) -> float:
    """Half a unit of the last decimal place that is printed: 17.89 -> 0.005, 3194 -> 0.5."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return 0.5 * 10.0 ** min(int(exponent), 0)


def _within(y: Array, low: Array, high: Array, sigma: Array) -> Array:
    """Log of the probability that y + e lies between `low` and `high`, per unit of log width where that is finite."""
    a, b = (low - y) / sigma, (high - y) / sigma
    flip = a > 0  # the upper tail loses its digits: use the lower one
    lower, upper = np.where(flip, -b, a), np.where(flip, -a, b)
    probability = special.ndtr(upper) - special.ndtr(lower)
    width = np.where(np.isfinite(high - low), high - low, 1.0)
    return np.asarray(np.log(np.maximum(probability, _TINY)) - np.log(width))


def _beyond(far: Array, spread: Array, sigma: Array) -> Array:
    """Log of the probability that a normal error goes as far, and an exponential more.

    The number that is meant is the printed one and an exponential more, or less: divided by the spread this is the
    density of an exponential convolved with the normal error.
    """
    tail = sigma**2 / (2 * spread**2) - far / spread
    return np.asarray(tail + special.log_ndtr(far / sigma - sigma / spread))


def _width(interval: Interval) -> float:
    return math.log(interval[1] / interval[0]) if interval[0] > 0 and math.isfinite(interval[1]) else math.inf


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf
