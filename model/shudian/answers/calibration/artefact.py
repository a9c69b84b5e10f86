"""A Calibration as the artefact on which answers run, with what it says of itself."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shudian.answers.calibration.questions import Answer, chance
from shudian.calibrate.calibration import Calibration
from shudian.calibrate.target import HISTORY
from shudian.observe.reports import Report, excluded
from shudian.observe.words import printed_bounds
from shudian.posterior_file import FORM, Posterior


def artefact(calibration: Calibration, answers: Sequence[Answer]) -> Posterior:
    """The posterior file's content; `answers` are those under the policy that was decided."""
    evidence, target, diagnostics = calibration.evidence, calibration.target, calibration.diagnostics
    reports = target.observer.reports
    about: dict[str, Any] = {
        "form": FORM,
        "made": datetime.date.today().isoformat(),
        "city": evidence.city,
        "model_digest": target.model.digest,
        "inputs_digest": target.inputs_digest,
        "ingredients": target.ingredients,
        "scenario": HISTORY,
        "until": evidence.until.isoformat() if evidence.until else "",
        "without": list(evidence.without),
        "with": str(evidence.extra.resolve()) if evidence.extra else "",
        "evidence_bound_to": max((r.available.isoformat() for r in reports if r.available), default=""),
        "seed": calibration.seed,
        "batches": len(calibration.log_evidence),
        "reports": [described(report) for report in reports],
        "excluded": [figure.identifier for figure, _ in excluded(target.model, evidence.load())],
        "diagnostics": {
            "rhat_max": float(diagnostics.rhat.max()),
            "ess_bulk_min": float(diagnostics.bulk.min()),
            "ess_tail_min": float(diagnostics.tail.min()),
            "evaluations": calibration.evaluations,
            "seconds": round(calibration.seconds, 1),
            "log_evidence": [float(value) for value in calibration.log_evidence],
        },
        "verdicts": _verdicts(answers),
        "medians": dict(zip(calibration.names, np.median(calibration.uncertain, axis=1).tolist(), strict=True)),
    }
    return Posterior(calibration.names, calibration.uncertain, calibration.batch, calibration.log_likelihood, about)


def _verdicts(answers: Sequence[Answer]) -> Mapping[str, Mapping[str, float]]:
    """By question key: the chance that a target is reached; median and 90 % interval of what is judged."""
    found = {}
    for answer in answers:
        low, median, high = np.quantile(answer.posterior, (0.05, 0.5, 0.95))
        told = {"median": float(median), "low": float(low), "high": float(high)}
        if answer.question.threshold is not None:
            told["chance"] = chance(answer.posterior, answer.question)
        found[answer.question.key] = told
    return found


def described(report: Report) -> dict[str, Any]:
    """A report as the artefact tells of it."""
    return {
        "id": report.identifier,
        "figures": [figure.identifier for figure in report.figures],
        "phrase": report.figures[0].phrase,
        "available": report.available.isoformat() if report.available else None,
        "printed": {figure.identifier: _printed(report, position) for position, figure in enumerate(report.figures)},
        "periods": sorted({"/".join(alternative.period) for alternative in report.alternatives}),
        "error": [report.errors.level, report.errors.growth, report.errors.faulty],
    }


def _printed(report: Report, position: int) -> dict[str, Any]:
    figure = report.figures[position]
    bounds = printed_bounds(figure) or (None, None)
    return {
        "bounds": [None if b is None or math.isinf(b) else b for b in bounds],
        "unit": figure.unit,
        # a growth on a year before the model's start is printed, but weighs nothing
        "growth": figure.growth_percent if any(a.growth for a in report.alternatives) else None,
        "definition": figure.definition,
    }
