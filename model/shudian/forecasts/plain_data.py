"""Scores as plain data, for the JSON of a study."""

from __future__ import annotations

from typing import Any

from shudian.forecasts.scored import NAIVES, NaiveName, Scored, Summary
from shudian.forecasts.scores import Interval


def short(number: float) -> float:
    """`number` with five significant digits."""
    return float(f"{number:.5g}")


def summary_data(summary: Summary | None) -> dict[str, Any] | None:
    """Counts and means of a summary, and its `widening`; None if there is none."""
    if summary is None:
        return None
    found: dict[str, Any] = {
        "numbers": summary.figures, "inside_50": short(summary.inside_50), "inside_90": short(summary.inside_90),
        "crps": _maybe(summary.crps), "log_score": _maybe(summary.log_score),
        "median_error": _maybe(summary.median_error), "widening": _maybe(summary.widening),
    }  # fmt: skip
    for name in NAIVES:
        against = summary.against.get(name)
        found[name] = against and {
            "numbers": against.figures, "crps": short(against.naive), "model_crps": short(against.crps),
            "skill": _maybe(against.skill), "model_median_error": short(against.median_error),
        }  # fmt: skip
    return found


def row_data(row: Scored) -> dict[str, Any]:
    """One printed number, its forecast and its scores."""
    figure, forecast = row.figure, row.forecast
    return {
        "figure": figure.identifier, "indicator": figure.indicator, "geography": figure.geography,
        "definition": figure.definition, "measure": row.measure, "period": [figure.period_start, figure.period_end],
        "phrase": figure.phrase, "family": row.family, "counts_with": row.repeats,
        "unit": figure.unit if row.measure == "level" else "1",
        "printed": _bounds(row.printed), "median": short(forecast.median),
        "interval_50": _bounds(forecast.interval(0.5)), "interval_90": _bounds(forecast.interval(0.9)),
        "inside_50": short(row.score.inside_50),
        "inside_90": short(row.score.inside_90), "pit": short(row.score.pit), "crps": _maybe(row.score.crps),
        "log_score": _maybe(row.log_score), "median_error": _maybe(row.score.median_error),
        **{name: _naive(row, name) for name in NAIVES},
    }  # fmt: skip


def _naive(row: Scored, name: NaiveName) -> dict[str, float] | None:
    error = row.naive_error(name)
    return None if error is None else {"value": short(row.naive[name]), "crps": short(error)}


def _bounds(interval: Interval) -> list[float | None]:
    return [None if abs(end) == float("inf") else short(end) for end in interval]


def _maybe(number: float | None) -> float | None:
    return None if number is None else short(number)
