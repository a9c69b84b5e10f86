"""The manifest of an answer: everything needed to repeat it, and the hash that says whether the repeat is the same."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from shudian import __version__
from shudian.analysis.results import data_digest
from shudian.analysis.verdicts import Pairing
from shudian.answers.plan import Plan
from shudian.answers.requests import AnyRequest, named_in, written_words
from shudian.answers.run import Answer
from shudian.answers.world import world_of
from shudian.cities import own_city
from shudian.conditioning import believing
from shudian.grounds import Grounds, grounds_of
from shudian.kinds import LANGUAGES, InputError, Scenario
from shudian.now import read_now
from shudian.posterior_file import posterior_digest
from shudian.quantities import placed, write_month
from shudian.report.manifest_file import FORM, check_uncertain, input_names, read_asked, read_manifest_file, scenario_of
from shudian.report.render.csv_tables import CsvTable
from shudian.report.render.data import records
from shudian.scenarios import own_files
from shudian.simulate import STEPS_PER_MONTH
from shudian.structure import load_model

R = TypeVar("R", bound=AnyRequest)
MANIFEST = "manifest.json"
_PACKAGES = ("numpy", "scipy", "llvmlite", "xarray", "pyarrow", "pysd", "pymoo")


@dataclass(frozen=True, slots=True)
class Origin:
    """What made an answer, and the hash of what came of it."""

    question: str
    """The command that asks it."""
    request: AnyRequest | None
    """The words that ask the same again; None where `told` says what is run in full."""
    city: str
    grounds: Grounds
    model_digest: str
    draws_digest: str
    data_digest: str
    """Hash of every number that was found, bit for bit."""
    told: Mapping[str, Any] = field(default_factory=dict)


def describe(origin: Origin, command: str, files: Mapping[str, Path]) -> dict[str, Any]:
    """The manifest of an answer, as data for JSON; `files` are the written files by their name in the folder."""
    request = {} if origin.request is None else {"request": _words(origin.request), "inputs": _inputs(origin.request)}
    return {
        "form": FORM,
        "question": origin.question,
        "command": command,
        **request,
        "city": origin.city,
        "calibrated": origin.grounds.calibrated,
        "posterior": identity(origin.grounds),
        "model_digest": origin.model_digest,
        "draws_digest": origin.draws_digest,
        "data_digest": origin.data_digest,
        **(origin.told if origin.request is None else {"told": dict(origin.told)}),
        "versions": {
            "shudian": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
        "platform": platform.platform(),
        "processor": platform.machine(),
        "git_revision": _git_revision(),
        "files": {name: file_digest(path) for name, path in sorted(files.items())},
    }


def run_origin(answer: Answer) -> Origin:
    """The Origin of a run, whose scenarios are told in full, so that it means the same after files have changed."""
    plan, city = answer.plan, answer.plan.world.city
    told = {
        "pairing": asdict(plan.pairing),
        "draws": plan.draws,
        "seed": plan.seed,
        "method": plan.method,
        "engine": plan.engine,
        "model_file": plan.model_file,
        "targets_file": plan.targets,
        "now": write_month(plan.now),
        "steps_per_month": STEPS_PER_MONTH,
        "scenarios": [written(scenario) for scenario in plan.scenarios],
        "inputs": {name: file_digest(Path(name)) for name in input_names(plan.model_file, plan.targets, city)},
        "engines": {outcome.scenario.name: outcome.attributes.get("engine", "kernel") for outcome in answer.outcomes},
    }
    return Origin(
        "run", None, city, plan.world.grounds, answer.model.digest, answer.draws.digest,
        data_digest(answer.outcomes), told,
    )  # fmt: skip


def tables_digest(tables: Iterable[CsvTable]) -> str:
    """Hash of every cell of `tables`, numbers bit for bit."""
    digest = hashlib.sha256()
    for table in tables:
        # labels may be worded anew
        said = {column.name for column in table.columns if column.name.endswith(tuple(f"_{one}" for one in LANGUAGES))}
        for row in records(table):
            digest.update(repr((table.stem, [(n, value) for n, value in row.items() if n not in said])).encode())
    return digest.hexdigest()


def read_request(path: Path, question: str, kind: type[R]) -> tuple[R, dict[str, Any]]:
    """The words that a manifest of `question` repeats, and the manifest; raises InputError for anything wrong."""
    file = _file(path)
    found, request = read_asked(file, question, kind)
    _require_inputs(found.inputs, file)
    _grounds(found.city, found.posterior.model_dump(), file)
    return request, found.model_dump()


def _file(path: Path) -> Path:
    return path / MANIFEST if path.is_dir() else path


def _require_inputs(inputs: Mapping[str, str], file: Path) -> None:
    for name, digest in inputs.items():
        if not Path(name).is_file() or file_digest(Path(name)) != digest:
            raise InputError("“{name}” is no longer the file of that run", name=name).at(file)


def _words(request: AnyRequest) -> dict[str, Any]:
    return {word: getattr(request, word) for word in written_words(request)}


def _inputs(request: AnyRequest) -> dict[str, str]:
    """Every file that somebody wrote and the answer rests on, by its name and its hash."""
    names, parameters = {*named_in(request, "file")}, load_model().parameters
    names |= {str(path) for city in named_in(request, "city") if (path := own_city(city))}
    for name in named_in(request, "scenario"):
        # one may rest on others
        names |= {str(path) for path in own_files(name, parameters, read_now(request.now))}
    return {name: file_digest(Path(name)) for name in sorted(names) if Path(name).is_file()}


def read_manifest(path: Path) -> tuple[Plan, dict[str, Any]]:
    """The plan that a manifest tells, and the manifest itself; raises InputError for anything wrong."""
    file = _file(path)
    found = read_manifest_file(file)
    _require_inputs(found.inputs, file)
    with placed(file):
        now = read_now(found.now)
    parameters = load_model(found.city).parameters
    if found.method != "euler" and (found.engine != "kernel" or found.model_file):
        raise InputError("PySD integrates by Euler's method only").at(file)
    grounds = _grounds(found.city, found.posterior.model_dump(), file)
    plan = Plan(
        world_of(load_model(found.city), grounds, found.targets_file),
        tuple(scenario_of(entry, parameters, file, now) for entry in found.scenarios),
        Pairing(found.pairing.asked, found.pairing.references, found.pairing.originals),
        found.draws,
        found.seed,
        found.method,
        found.engine,
        found.model_file,
        found.targets_file,
        now,
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


def differences(origin: Origin, manifest: Mapping[str, Any]) -> list[str]:
    """Keys of what a repeat found different from the manifest; empty when the data are the same bit for bit."""
    return [key for key in ("data_digest", "model_digest", "draws_digest") if manifest.get(key) != getattr(origin, key)]


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def written(scenario: Scenario) -> dict[str, Any]:
    """`scenario` in full, as data for JSON."""
    found = asdict(scenario)
    # the manifest says it once
    del found["now"]
    found["place"] = scenario.place.path.name
    for review in found["reviews"]:
        del review["place"]
    source = scenario.place.path
    found["file_digest"] = file_digest(source) if source.is_file() else ""
    return found


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
