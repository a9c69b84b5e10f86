"""What the evidence cannot carry: levers above all evidence, and effects that no report has touched."""

from __future__ import annotations

from collections.abc import Mapping

from shudian.analysis.warnings import LeverEvidence, lever_evidence
from shudian.kinds import Figure, Model, Parameter
from shudian.latent import priors_kept
from shudian.posterior_file import Posterior


def beyond_evidence(
    changes: Mapping[str, float], model: Model, figures: Mapping[str, Figure]
) -> tuple[tuple[LeverEvidence, ...], tuple[Parameter, ...]]:
    """Of the levers in `changes`: those above all evidence, and those moved of which no document prints an amount."""
    known = [(evidence, changes[name]) for name, evidence in lever_evidence(model, figures).items() if name in changes]
    above = tuple(evidence for evidence, value in known if value > evidence.high * (1 + 1e-9))
    silent = tuple(e.lever for e, value in known if not e.printed and value != e.lever.value)
    return above, silent


def unlearned(model: Model, posterior: Posterior | None, sectors: tuple[str, ...] = ("policy",)) -> tuple[int, int]:
    """How many uncertain parameters of `sectors` keep their prior, and how many there are."""
    uncertain = [p for p in model.parameters.values() if p.role == "uncertain" and p.sector in sectors]
    if posterior is None:
        return len(uncertain), len(uncertain)
    kept = priors_kept(model, posterior.names, posterior.values)
    return sum(kept[parameter.name] for parameter in uncertain), len(uncertain)
