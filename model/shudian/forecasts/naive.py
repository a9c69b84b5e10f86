"""Forecasts that need no model: the last figure stays, its last growth rate goes on, or its trend fades.

The damped trend (Gardner and McKenzie 1985) is the hard one to beat: on the logarithmic scale, the growth rates of the
figures so far, the latest weighing most, go on ever more weakly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shudian.indicators import Rule
from shudian.observe.reports import Quantity, Report

_LEAST_APART = 6.0
"""Months between the middles of two figures from which a growth rate is computed; less would be mostly rounding."""
_DAMPING = 0.8
"""What a year leaves of a trend: the least that is usual (Hyndman and Athanasopoulos 2021, section 8.2), since a step
is a year here and not a month."""
_FORGETTING = 0.5
"""What a year leaves of the weight of a growth rate."""


@dataclass(frozen=True, slots=True)
class Naive:
    """Three numbers, each None where no earlier figure gives it, in internal units of the quantity or as ratios."""

    no_change: float | None
    growth: float | None
    damped: float | None
    """The same as `no_change` where there is no growth rate at all."""
    figures: tuple[str, ...]
    """From which figures the first two come."""

    def times(self, factor: float) -> Naive:
        """The same in another unit."""
        no_change, growth, damped = (
            None if value is None else value * factor for value in (self.no_change, self.growth, self.damped)
        )
        return Naive(no_change, growth, damped, self.figures)


@dataclass(frozen=True, slots=True)
class _Known:
    report: Report
    middle: float
    """Months from 2023-01 to the middle of its period, or to the moment that it tells of."""
    rate: float | None
    """A level, or a flow's amount in a month."""
    growth: float | None
    """Ratio to a year before, as printed."""


def naive(quantity: Quantity, rule: Rule, known: Sequence[Report]) -> Naive:
    """The naive forecasts of `quantity`, from the `known` reports of the same indicator, place and definition.

    A flow is compared by its amount in a month, so that nine months can foretell a year. The latest figure is the
    one whose period ends last, and of these the one published last; a bin is taken at its middle, an ambiguous
    period as its first reading. Growth is the one printed last or, where two figures half a year apart or more tell
    of a later time, computed from them; it goes on at its yearly rate. The damped trend takes all growth rates.
    """
    same = [_known(r) for r in known if _key(r.rule) == _key(rule) and r.alternatives]
    levels = [entry for entry in same if entry.rate is not None]
    if not levels:
        return Naive(None, None, None, ())
    last = levels[-1] if len(levels) == 1 else max(levels, key=_age)
    assert last.rate is not None
    growth, origin = _growth(same, levels, last)
    months = quantity.end - quantity.start if quantity.reading in ("total", "increase") else 1.0
    years = (_middle(quantity) - last.middle) / 12
    figures = dict.fromkeys((last.report.identifier, *origin))
    return Naive(
        no_change=last.rate * months,
        growth=None if growth is None else last.rate * growth**years * months,
        damped=last.rate * math.exp(_trend(same, levels) * _damped(years)) * months,
        figures=tuple(figures),
    )


def naive_ratio(quantity: Quantity, rule: Rule, known: Sequence[Report]) -> Naive:
    """The naive forecasts of `quantity` over its year before: one, the last known ratio, and the damped one."""
    same = [_known(r) for r in known if _key(r.rule) == _key(rule) and r.alternatives]
    levels = [entry for entry in same if entry.rate is not None]
    if not same:
        return Naive(None, None, None, ())
    last = max(levels or same, key=_age)
    growth, origin = _growth(same, levels, last)
    years = (_middle(quantity) - last.middle) / 12
    damped = math.exp(_trend(same, levels) * (_damped(years) - _damped(years - 1)))
    return Naive(1.0, growth, damped, tuple(dict.fromkeys((last.report.identifier, *origin))))


def _damped(years: float) -> float:
    """For how many years at its full rate a trend counts that has gone on for `years`; before the last figure, all."""
    return years if years <= 0 else (1 - _DAMPING**years) / -math.log(_DAMPING)


def _trend(same: Sequence[_Known], levels: Sequence[_Known]) -> float:
    """The yearly rate on the logarithmic scale: the mean of all known ones, the older the less; 0 if there is none."""
    rates = [(entry.middle, math.log(entry.growth)) for entry in same if entry.growth is not None and entry.growth > 0]
    for entry in (entry for entry in levels if entry.growth is None):
        earlier = max((e for e in levels if entry.middle - e.middle >= _LEAST_APART), key=_age, default=None)
        if earlier is not None and earlier.rate and entry.rate:
            years = (entry.middle - earlier.middle) / 12
            rates.append((entry.middle, math.log(entry.rate / earlier.rate) / years))
    if not rates:
        return 0.0
    latest = max(middle for middle, _ in rates)
    weights = [_FORGETTING ** ((latest - middle) / 12) for middle, _ in rates]
    total = sum(weight * rate for weight, (_, rate) in zip(weights, rates, strict=True))
    return float(total / sum(weights))


def _growth(same: Sequence[_Known], levels: Sequence[_Known], last: _Known) -> tuple[float | None, tuple[str, ...]]:
    printed = max((entry for entry in same if entry.growth is not None), key=_age, default=None)
    earlier = max((e for e in levels if last.middle - e.middle >= _LEAST_APART), key=_age, default=None)
    if printed is not None and (earlier is None or _age(printed)[0] >= _age(last)[0]):
        return printed.growth, (printed.report.identifier,)
    if earlier is None or earlier.rate is None or last.rate is None:
        return None, ()
    return (last.rate / earlier.rate) ** (12 / (last.middle - earlier.middle)), (earlier.report.identifier,)


def _known(report: Report) -> _Known:
    first = report.alternatives[0]
    quantity, level = first.quantity, first.level
    months = quantity.end - quantity.start if quantity.reading in ("total", "increase") else 1.0
    rate = None if level is None or report.rule.is_ratio else level.middle / months
    # as printed, also where the year before lies before the model's start
    printed = next((f.growth_percent for f in report.figures if f.growth_percent is not None), None)
    growth = None if printed is None else 1 + printed / 100
    if report.rule.is_ratio and first.growth is not None:
        growth = first.growth.middle
    return _Known(report, _middle(quantity), rate, growth)


def _middle(quantity: Quantity) -> float:
    return quantity.end if quantity.reading == "end" else (quantity.start + quantity.end) / 2


def _age(known: _Known) -> tuple[float, str]:
    return known.report.alternatives[0].quantity.end, str(known.report.available)


def _key(rule: Rule) -> tuple[str, str, str]:
    return rule.indicator, rule.place, rule.definition
