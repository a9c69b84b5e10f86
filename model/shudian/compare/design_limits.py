"""What the evidence cannot carry: levers above all evidence, and effects that no report has touched."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shudian.compare.warnings import LeverEvidence, lever_evidence
from shudian.draws import Array
from shudian.kinds import Figure, Model, Parameter
from shudian.posterior import Posterior
from shudian.priors import quantile

_LEARNED = 0.9
"""A parameter whose spread is at least this share of its prior's has learned nothing."""


def beyond_evidence(
    changes: Mapping[str, float], model: Model, figures: Mapping[str, Figure]
) -> tuple[tuple[LeverEvidence, ...], tuple[Parameter, ...]]:
    """Of the levers in `changes`: those above all evidence, and those moved of which no document prints an amount."""
    known = [(evidence, changes[name]) for name, evidence in lever_evidence(model, figures).items() if name in changes]
    above = tuple(evidence for evidence, value in known if value > evidence.high * (1 + 1e-9))
    silent = tuple(e.lever for e, value in known if not e.printed and value != e.lever.value)
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
