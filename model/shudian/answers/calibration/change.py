"""What a new calibration changes against the posterior before it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shudian.analysis.verdicts import noise
from shudian.kinds import Parameter, Phrase
from shudian.observe.digest import Ingredients, changed
from shudian.posterior_file import Posterior
from shudian.units import conversion

FALL = 3.0
"""Fall of the log evidence from which on the misfit is named: what was likely has become twenty times less so."""
_ABOUT_FIGURE = ("printed", "periods", "error")


@dataclass(frozen=True, slots=True)
class Moved:
    """A parameter whose median moved; medians in the unit that people read."""

    parameter: Parameter
    before: float
    after: float
    by: float
    """In standard deviations of the posterior before."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A verdict before and after."""

    key: str
    """Key of its question, such as `market_2027/local_output`."""
    before: float
    after: float
    medians: tuple[float, float]
    """Of the amount that is judged, before and after, in the question's unit."""
    noise: float
    """The least difference that two samplings do not make by chance."""

    @property
    def real(self) -> bool:
        """Whether the difference is more than sampling noise."""
        return abs(self.after - self.before) >= self.noise


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that differs from the posterior before."""

    made: str
    """When the posterior before was made."""
    other_model: bool
    """Whether that was another model, so that only the verdicts can be compared."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]
    """Identifiers of figures."""
    remade: tuple[Phrase, ...]
    """Equations, priors and policies that changed, as `observe.digest.changed` tells them; empty where the posterior
    before does not say what it was made from."""
    moved: tuple[Moved, ...]
    """Parameters, the one that moved most first; empty for another model, and where the draws are the same."""
    turned: tuple[Turned, ...]
    evidence: tuple[float, float, float] | None
    """Log evidence before, after, and the noise of the difference; None for another model, or where figures were
    only taken away, so that a fall is no misfit."""

    @property
    def misfit(self) -> bool:
        """Whether the figures now fit the model clearly worse than those before."""
        return self.evidence is not None and self.evidence[0] - self.evidence[1] > max(FALL, self.evidence[2])


def change(before: Posterior, after: Posterior, parameters: Mapping[str, Parameter]) -> Change:
    """The Change from one posterior to another; `parameters` are those of the present model, by name."""
    old, new = before.about, after.about
    other_model = old["model_digest"] != new["model_digest"] or before.names != after.names
    was, now = figures_told(old), figures_told(new)
    added, removed = tuple(n for n in now if n not in was), tuple(n for n in was if n not in now)
    altered = tuple(name for name in now if name in was and was[name] != now[name])
    only_less = removed and not added and not altered
    return Change(
        made=str(old["made"]),
        other_model=other_model,
        added=added,
        removed=removed,
        altered=altered,
        remade=_remade(old.get("ingredients"), new.get("ingredients")),
        moved=() if other_model else _moved(before, after, parameters),
        turned=_turned(before, after),
        evidence=None if other_model or only_less else _evidence(old, new),
    )


def _remade(was: Ingredients | None, now: Ingredients | None) -> tuple[Phrase, ...]:
    if not was or not now:
        return ()
    kinds = [kind for kind in now if kind != "figure"]
    return changed({kind: was.get(kind, {}) for kind in kinds}, {kind: now[kind] for kind in kinds})


def log_evidence(values: Sequence[float]) -> tuple[float, float]:
    """The batches' log evidence as one number, and its standard error."""
    each = np.asarray(values, dtype=np.float64)
    error = float(each.std(ddof=1)) / math.sqrt(each.size) if each.size > 1 else 0.0
    return float(np.logaddexp.reduce(each) - math.log(each.size)), error


def figures_told(about: Mapping[str, Any]) -> dict[str, Any]:
    """Figure -> all that makes it what it is in the likelihood."""
    found = {}
    for report in about["reports"]:
        for name in report["figures"]:
            told = {key: report.get(key) for key in _ABOUT_FIGURE}
            found[name] = told | {"printed": (report.get("printed") or {}).get(name), "report": report["id"]}
    return found


def _moved(before: Posterior, after: Posterior, parameters: Mapping[str, Parameter]) -> tuple[Moved, ...]:
    old, new = np.median(before.values, axis=1), np.median(after.values, axis=1)
    spread = before.values.std(axis=1)
    found = []
    for row, name in enumerate(after.names):
        parameter = parameters[name]
        factor = conversion(parameter.unit, parameter.display_unit)
        by = float((new[row] - old[row]) / spread[row]) if spread[row] else 0.0
        if by:
            found.append(Moved(parameter, float(old[row] * factor), float(new[row] * factor), by))
    return tuple(sorted(found, key=lambda moved: -abs(moved.by)))


def _turned(before: Posterior, after: Posterior) -> tuple[Turned, ...]:
    found = []
    for key, told in after.about["verdicts"].items():
        was = before.about["verdicts"].get(key)
        if was is None or "chance" not in told or "chance" not in was:
            continue
        p, q = float(was["chance"]), float(told["chance"])
        draws = [_effective(posterior) for posterior in (before, after)]
        error = math.sqrt(p * (1 - p) / draws[0] + q * (1 - q) / draws[1])
        found.append(Turned(key, p, q, (was["median"], told["median"]), noise(error, int(min(draws)))))
    return tuple(found)


def _effective(posterior: Posterior) -> float:
    """Independent draws that the posterior's are worth, cautiously: those of its worst parameter."""
    return min(float(posterior.about["diagnostics"].get("ess_bulk_min", posterior.size)), float(posterior.size))


def _evidence(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[float, float, float] | None:
    if "log_evidence" not in old["diagnostics"]:
        return None
    before, error = log_evidence(old["diagnostics"]["log_evidence"])
    after, other = log_evidence(new["diagnostics"]["log_evidence"])
    return before, after, 2 * math.hypot(error, other)
