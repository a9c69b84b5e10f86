"""A finished sampling kept until its report stands, so that an interrupted report does not cost it."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np

from shudian.calibrate.calibration import Calibration, Evidence, diagnose
from shudian.calibrate.sampler import VERSION
from shudian.calibrate.target import Target
from shudian.files import writing
from shudian.kernel.compiled import cache_folder
from shudian.kinds import InputError


def keep(calibration: Calibration) -> None:
    """Keep the draws of `calibration`; a place that cannot be written to keeps nothing."""
    place = _place(calibration.target, calibration.seed)
    with suppress(OSError, InputError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with writing(place, replace=True) as draft:
            np.savez(
                draft, uncertain=calibration.uncertain, batch=calibration.batch,
                log_likelihood=calibration.log_likelihood, log_evidence=calibration.log_evidence,
                numbers=np.array([calibration.evaluations, calibration.seconds]),
            )  # fmt: skip


def kept(evidence: Evidence, seed: int) -> Calibration | None:
    """The kept Calibration of this evidence and seed, or None."""
    target = evidence.target()
    try:
        with np.load(_place(target, seed)) as found:
            uncertain, batch = found["uncertain"], found["batch"]
            log_likelihood, log_evidence = found["log_likelihood"], found["log_evidence"]
            evaluations, seconds = (float(number) for number in found["numbers"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None  # there is none, or it is damaged
    diagnostics = diagnose(target.latent.names, uncertain, log_likelihood, batch)
    return Calibration(
        evidence, target, uncertain, batch, log_likelihood, log_evidence, int(evaluations), seconds, seed, diagnostics
    )


def forget(calibration: Calibration) -> None:
    """Remove what `keep` has kept."""
    _place(calibration.target, calibration.seed).unlink(missing_ok=True)


def _place(target: Target, seed: int) -> Path:
    return cache_folder() / f"calibrated-{target.inputs_digest}-{VERSION}-{seed}.npz"
