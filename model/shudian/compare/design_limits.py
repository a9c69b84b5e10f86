"""What the evidence cannot carry: levers above what any city printed, and effects that no report has touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shudian.draws import Array
from shudian.kinds import Figure, InputError, Model, Parameter
from shudian.posterior import Posterior
from shudian.priors import quantile
from shudian.units import conversion

_LEARNED = 0.9
"""A parameter whose spread is at least this share of its prior's has learned nothing."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The most that a document prints for a lever."""

    parameter: Parameter
    most: float
    """Internal unit."""
    figure: str


def printed_most(parameter: Parameter, figures: Mapping[str, Figure]) -> Printed | None:
    """The largest amount that the lever's own evidence prints in the lever's unit; None where none does."""
    found = []
    for identifier in parameter.evidence:
        figure = figures.get(identifier)
        if figure is None:
            continue
        amount = figure.high if figure.high is not None else figure.value
        if amount is not None:
            try:
                found.append(Printed(parameter, amount * conversion(figure.unit, parameter.unit), identifier))
            except InputError:  # it prints something of the lever, but not its amount
                continue
    return max(found, key=lambda printed: printed.most, default=None)


def beyond_printed(
    changes: Mapping[str, float], model: Model, figures: Mapping[str, Figure]
) -> tuple[tuple[Printed, ...], tuple[Parameter, ...]]:
    """Of the levers in `changes`: those set above what any document prints, those for which none prints anything."""
    levers = [model.parameters[name] for name in changes]
    found = {lever.name: printed_most(lever, figures) for lever in levers}
    above = tuple(p for name, p in found.items() if p and changes[name] > p.most * (1 + 1e-9))
    silent = tuple(lever for lever in levers if found[lever.name] is None and changes[lever.name] != lever.value)
    return above, silent


def unlearned(model: Model, posterior: Posterior | None, sectors: tuple[str, ...] = ("policy",)) -> tuple[int, int]:
    """How many uncertain parameters of `sectors` are as uncertain as before any report, and how many there are."""
    uncertain = [p for p in model.parameters.values() if p.role == "uncertain" and p.sector in sectors]
    if posterior is None:
        return len(uncertain), len(uncertain)
    rows = dict(zip(posterior.names, posterior.values, strict=True))
    return sum(_spread(rows[p.name]) >= _LEARNED * _prior_spread(p) for p in uncertain), len(uncertain)


def _spread(values: Array) -> float:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(high - low)


def _prior_spread(parameter: Parameter) -> float:
    assert parameter.prior is not None, "an uncertain parameter has a prior"
    low, high = quantile(parameter.prior, parameter.low, parameter.high, np.array([0.05, 0.95]))
    return float(high - low)
