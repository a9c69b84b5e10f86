"""The manifest of a run: everything needed to repeat it, and the hash that says whether the repeat is the same."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from shudian import __version__
from shudian.analysis.results import data_digest
from shudian.analysis.verdicts import Pairing
from shudian.answers.plan import Plan
from shudian.answers.run import Answer
from shudian.conditioning import believing
from shudian.draws import Draws
from shudian.grounds import Grounds, grounds_of
from shudian.kinds import InputError, Model, Scenario
from shudian.posterior_file import posterior_digest
from shudian.quantities import placed
from shudian.report.manifest_file import FORM, check_uncertain, read_manifest_file, scenario_of
from shudian.simulate import STEPS_PER_MONTH
from shudian.structure import load_model


def describe(answer: Answer, command: str, files: Mapping[str, Path]) -> dict[str, Any]:
    """The manifest of `answer`, as data for JSON; `files` are the written files by their name in the folder."""
    plan = answer.plan
    return {
        **origin(plan, answer.model, answer.draws, command),
        "form": FORM,
        "data_digest": data_digest(answer.outcomes),
        "engines": {outcome.scenario.name: outcome.attributes.get("engine", "kernel") for outcome in answer.outcomes},
        "files": {name: file_digest(path) for name, path in sorted(files.items())},
    }


def origin(plan: Plan, model: Model, draws: Draws, command: str) -> dict[str, Any]:
    """What made an answer: command, scenarios in full, draws, model and versions, as data for JSON."""
    return {
        "command": command,
        "city": plan.city,
        "pairing": asdict(plan.pairing),
        "draws": plan.draws,
        "seed": plan.seed,
        "method": plan.method,
        "engine": plan.engine,
        "model_file": plan.model_file,
        "targets_file": plan.targets,
        "steps_per_month": STEPS_PER_MONTH,
        "calibrated": draws.calibrated,
        "posterior": identity(plan.grounds),
        "model_digest": model.digest,
        "draws_digest": draws.digest,
        "scenarios": [_written(scenario) for scenario in plan.scenarios],
        "inputs": {name: file_digest(Path(name)) for name in (plan.model_file, plan.targets) if name},
        "versions": {
            "shudian": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scipy", "llvmlite", "xarray", "pyarrow", "pysd")},
        },
        "platform": platform.platform(),
        "processor": platform.machine(),
        "git_revision": _git_revision(),
    }


def read_manifest(path: Path) -> tuple[Plan, dict[str, Any]]:
    """The plan that a manifest tells, and the manifest itself; raises InputError for anything wrong."""
    file = path / "manifest.json" if path.is_dir() else path
    found = read_manifest_file(file)
    parameters = load_model(found.city).parameters
    for name, digest in found.inputs.items():
        if not Path(name).is_file() or file_digest(Path(name)) != digest:
            raise InputError("“{name}” is no longer the file of that run", name=name).at(file)
    if found.method != "euler" and (found.engine != "kernel" or found.model_file):
        raise InputError("PySD integrates by Euler's method only").at(file)
    plan = Plan(
        found.city,
        tuple(scenario_of(entry, parameters, file) for entry in found.scenarios),
        Pairing(found.pairing.asked, found.pairing.references, found.pairing.originals),
        found.draws,
        found.seed,
        found.method,
        _grounds(found.city, found.posterior.model_dump(), file),
        found.engine,
        found.model_file,
        found.targets_file,
    )
    return plan, found.model_dump()


def identity(grounds: Grounds) -> dict[str, Any]:
    """Which posterior an answer rests on, as data; its digest, date and cut-off are empty where it rests on none.

    The digest is that of the draws after somebody's own priors and a condition, which are told beside it.
    """
    found = grounds.posterior
    return {
        "why": grounds.why,
        "file": grounds.file,
        "city": grounds.posterior_city,
        "digest": posterior_digest(found) if found else "",
        "made": str(found.about["made"]) if found else "",
        "until": found.data_until if found else "",
        "own_priors": list(found.own_priors) if found else [],
        "given": dict(found.given) if found else {},
    }


def _grounds(city: str, recorded: Mapping[str, Any], file: Path) -> Grounds:
    model = load_model(city)
    with placed(file):
        for name, value in recorded["given"].items():
            check_uncertain(name, value, model.parameters)
        grounds = grounds_of(city, recorded["file"], recorded["why"] == "asked")
        grounds = believing(grounds, model, recorded["own_priors"], recorded["given"])
    # the same draws may be made again on another day
    if identity(grounds) | {"made": ""} != dict(recorded) | {"made": ""}:
        raise InputError(
            "the posterior is no longer the one of that run, which was made on {made}", made=recorded["made"]
        ).at(file)
    return grounds


def differences(answer: Answer, manifest: Mapping[str, Any]) -> list[str]:
    """Keys of what a repeat found different from the manifest; empty when the data are the same bit for bit."""
    found = {
        "data_digest": data_digest(answer.outcomes),
        "model_digest": answer.model.digest,
        "draws_digest": answer.draws.digest,
    }
    return [key for key, value in found.items() if manifest.get(key) != value]


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(scenario: Scenario) -> dict[str, Any]:
    written = asdict(scenario)
    written["place"] = scenario.place.path.name
    source = scenario.place.path
    written["file_digest"] = file_digest(source) if source.is_file() else ""
    return written


def _git_revision() -> str:
    checkout = Path(__file__).resolve().parents[3]
    # an installed copy may lie inside somebody else's repository
    if not (checkout / ".git").exists():
        return ""
    command = ["git", "-C", str(checkout), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()
