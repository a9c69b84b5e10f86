"""One printed number beside its forecast, and what many of them say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from shudian.figure_row import Certainty
from shudian.forecasts.scores import Forecast, Interval, Score, inside_90, point_error
from shudian.kinds import Figure
from shudian.observe.reports import Quantity
from shudian.observe.rows import Measure

FAR = 5.0
"""A number so many times its forecast, or so many times smaller, is rather a slip of pen or unit than news."""
LEAST_WIDENED = 10
"""Of fewer numbers no width can be measured."""
_WIDENINGS = 0.05, 100.0

NaiveName = Literal["no_change", "last_growth", "damped_trend"]
NAIVES: tuple[NaiveName, ...] = get_args(NaiveName)
Origin = Literal["register", "draws", "kept", "now"]
"""Where a forecast comes from: a row of a frozen register; draws that were frozen with it; the register's posterior,
asked of it later and kept since; or the posterior of today."""
_FAMILIES = (
    ("titles", "titles"), ("works", "titles"), ("firms", "firms"), ("firm_", "firms"), ("producers", "firms"),
    ("worker", "jobs"), ("job", "jobs"), ("work_days", "jobs"), ("engagements", "jobs"), ("market", "markets"),
    ("revenue", "markets"), ("plays", "markets"), ("crews", "shooting"), ("shooting", "shooting"), ("base", "shooting"),
    ("locations", "shooting"), ("parks", "shooting"), ("price", "costs"), ("production_cost", "costs"),
    ("wage", "costs"), ("set_rent", "costs"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scored:
    """One printed number beside its forecast, in the figure's unit or as a ratio to the year before."""

    figure: Figure
    measure: Measure
    quantity: Quantity
    """What it tells of; of several readings the first."""
    printed: Interval
    forecast: Forecast
    score: Score
    naive: Mapping[NaiveName, float]
    """The naive forecasts that an earlier figure gives."""
    origin: Origin
    register_row: str
    """Identifier of the register's row, or empty where the forecast is not the register's."""
    certainty: Certainty
    in_fit: bool
    """Whether the posterior was fitted to this number, here or from another outlet: agreement then proves nothing."""
    repeats: str = ""
    """Identifier of the figure together with which this number counts once; empty where it counts itself."""
    by_later_rule: bool = False
    """Whether what it counts was tied to the model only after the register was made, whose draws foretell it."""

    @property
    def counts(self) -> bool:
        """Whether it is counted in the summary."""
        return not self.in_fit and self.certainty != "open" and not self.repeats

    @property
    def far(self) -> bool:
        """Whether it is so far from the forecast that its unit should be looked at; it is scored all the same."""
        low, high = (end / self.forecast.median for end in self.printed)
        return low > FAR or high < 1 / FAR

    @property
    def family(self) -> str:
        """The kind of thing that its indicator counts: titles, firms, jobs, markets, shooting, costs or other."""
        return family_of(self.figure.indicator)

    @property
    def log_score(self) -> float | None:
        """Minus the logarithm of the forecast's density at what was printed, per unit of log width; see Forecast."""
        return self.forecast.log_score(self.printed)

    def naive_error(self, which: NaiveName) -> float | None:
        """CRPS of a naive forecast, which is one number: its distance on the logarithmic scale."""
        return point_error(self.naive[which], self.printed) if which in self.naive else None


def family_of(indicator: str) -> str:
    """The kind of thing that an indicator counts: titles, firms, jobs, markets, shooting, costs or other."""
    return next((family for start, family in _FAMILIES if indicator.startswith(start)), "other")


@dataclass(frozen=True, slots=True)
class Against:
    """The mean of a naive forecast's error and of our scores, over the figures that have both."""

    figures: int
    naive: float
    crps: float
    median_error: float

    @property
    def skill(self) -> float | None:
        """The part of the naive forecast's CRPS that ours has not: 1 is perfect, 0 no better, below 0 worse.

        None beside a naive forecast that was exactly right, which leaves nothing to be better at.
        """
        return 1 - self.crps / self.naive if self.naive else None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many of the figures that count lie inside, and the mean scores."""

    figures: int
    inside_50: float
    inside_90: float
    crps: float | None
    """Over the figures that are no half-lines; None if there are none. So is the log score."""
    log_score: float | None
    median_error: float | None
    against: Mapping[NaiveName, Against]
    """The naive forecasts that at least one of the figures has."""
    widening: float | None
    """By what factor the intervals, on the logarithmic scale, would have to be as wide as they are for their 90 % to
    hold 90 % of the figures; None of fewer than LEAST_WIDENED, and where no width would do."""


def summary_of(rows: Sequence[Scored]) -> Summary | None:
    """The summary of `rows`, all of which count; None if there are none."""
    if not rows:
        return None
    against = {which: found for which in NAIVES if (found := _against(rows, which)) is not None}
    return Summary(
        figures=len(rows),
        inside_50=sum(row.score.inside_50 for row in rows),
        inside_90=sum(row.score.inside_90 for row in rows),
        crps=_mean([row.score.crps for row in rows]),
        log_score=_mean([row.log_score for row in rows]),
        median_error=_mean([row.score.median_error for row in rows]),
        against=against,
        widening=widening([(row.forecast, row.printed) for row in rows]),
    )


def families_of(rows: Sequence[Scored]) -> dict[str, Summary]:
    """The summary of each family of indicators among `rows`, in the order in which they come."""
    found = {family: summary_of([row for row in rows if row.family == family]) for family in _in_order(rows)}
    return {family: summary for family, summary in found.items() if summary is not None}


def _in_order(rows: Sequence[Scored]) -> dict[str, None]:
    return dict.fromkeys(row.family for row in rows)


def widening(pairs: Sequence[tuple[Forecast, Interval]]) -> float | None:
    """The least factor on the width of all forecasts at which their 90 % intervals hold 90 % of what was printed.

    A forecast is stretched around its median, on the logarithmic scale; below 1 the intervals were too wide. None of
    fewer than LEAST_WIDENED numbers, and where no factor up to 100 will do.
    """

    def held(factor: float) -> bool:
        inside = sum(inside_90(forecast.stretched(factor), printed) for forecast, printed in pairs)
        return inside >= 0.9 * len(pairs) - 1e-9

    low, high = _WIDENINGS
    if len(pairs) < LEAST_WIDENED or not held(high):
        return None
    while high / low > 1.0001:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if held(middle) else (middle, high)
    return high


def _against(rows: Sequence[Scored], which: NaiveName) -> Against | None:
    pairs = [(row, error) for row in rows if (error := row.naive_error(which)) is not None]
    if not pairs:
        return None
    both = [row for row, _ in pairs]
    return Against(
        figures=len(pairs),
        naive=float(np.mean([error for _, error in pairs])),
        crps=_mean([row.score.crps for row in both]) or 0.0,
        median_error=_mean([row.score.median_error for row in both]) or 0.0,
    )


def _mean(numbers: Sequence[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return float(np.mean(known)) if known else None
