"""The calibrated posterior on file, and the one place that decides from which draws an answer is computed."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from shudian.calibrate.calibration import Evidence
from shudian.draws import Array, Draws, central_draw, draws_of, prior_draws
from shudian.kinds import InputError, Model
from shudian.parameters import HOME
from shudian.paths import seeds_folder
from shudian.structure import load_model

FORM = 1
"""Number of this form of file; a reader refuses any other."""
_ABOUT, _DIGEST = b"shudian", b"shudian_digest"
_OTHER_COLUMNS = ("batch", "log_likelihood")
_NEEDED = {"made", "city", "model_digest", "inputs_digest", "until", "reports"}
_UNDIGESTED = ("made", "diagnostics")
"""What may differ between two posteriors that are the same: when and how fast they were made."""
Why = Literal["calibrated", "asked", "elsewhere"]


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws of the uncertain parameters, given the reported figures."""

    names: tuple[str, ...]
    values: Array
    """[uncertain parameter, draw], internal units; on file with the precision of float32"""
    batch: NDArray[np.int64]
    """[draw]: which of the independent batches of the sampler made it"""
    log_likelihood: Array
    """[draw]"""
    about: Mapping[str, Any]
    """When, from which model and figures, and with which diagnostics it was made."""

    @property
    def size(self) -> int:
        """Number of draws."""
        return int(self.values.shape[1])

    @property
    def city(self) -> str:
        """The city whose figures it is fitted to."""
        return str(self.about["city"])

    @property
    def reports(self) -> int:
        """Number of reports that it is fitted to."""
        return len(self.about["reports"])

    @property
    def data_until(self) -> str:
        """The cut-off date or, without one, the day on which the latest report became available."""
        available = [str(report.get("available") or "") for report in self.about["reports"]]
        return str(self.about["until"]) or max(available, default="") or str(self.about["made"])


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What the draws of an answer rest on: a posterior, or the priors and why."""

    posterior: Posterior | None
    why: Why
    """`asked`: somebody wanted the priors; `elsewhere`: the posterior is another city's."""
    file: str = ""
    """The posterior file that was named; empty for the shipped one."""
    posterior_city: str = HOME
    """The city to which the posterior belongs, whether it is used or not."""

    @property
    def calibrated(self) -> bool:
        """Whether the draws come from the posterior."""
        return self.posterior is not None


def shipped_posterior() -> Path:
    """Where the posterior stands on which every answer runs."""
    return seeds_folder() / "posterior.parquet"


def grounds_of(city: str, file: str = "", prior: bool = False) -> Grounds:
    """What an answer about `city` rests on: the shipped posterior, that of `file`, or the priors if `prior` is set.

    Another city than the posterior's has the priors. Raises InputError for a posterior that is missing, damaged
    or stale, with the command that renews it.
    """
    if prior and file:
        raise InputError("--prior and --posterior exclude each other; leave one of them out")
    if prior:
        return Grounds(None, "asked")
    if not file and city != HOME:
        return Grounds(None, "elsewhere")
    posterior = read_posterior(Path(file) if file else None)
    if posterior.city != city:
        return Grounds(None, "elsewhere", file, posterior.city)
    model = load_model(city)
    require_fresh(posterior, model, expected_inputs(posterior))
    return Grounds(posterior, "calibrated", file, city)


def standing_posterior(city: str) -> Posterior | None:
    """The shipped posterior where it is fresh and of `city`, for what shows one value of each parameter.

    None where it is missing, stale or another city's: such a file or diagram then shows the priors' medians. Raises
    InputError if it is damaged.
    """
    if city != HOME or not shipped_posterior().exists():
        return None
    posterior, model = read_posterior(), load_model(city)
    return None if _other(posterior, model, expected_inputs(posterior)) else posterior


def expected_inputs(posterior: Posterior) -> str:
    """The digest that a posterior made now, of the same figures as `posterior`, would have of evidence and priors.

    Raises InputError for a mistake in the evidence.
    """
    about = posterior.about
    evidence = Evidence(
        city=posterior.city,
        extra=Path(about["with"]) if about.get("with") else None,
        until=datetime.date.fromisoformat(about["until"]) if about["until"] else None,
        without=tuple(about.get("without", ())),
    )
    return evidence.target().inputs_digest


def require_fresh(posterior: Posterior, model: Model, inputs: str) -> None:
    """Raise InputError if `posterior` was made with another model, or not with the digest `inputs`."""
    if what := _other(posterior, model, inputs):
        raise InputError(
            f"the posterior was made with other {what}; renew it with: shudian calibrate, "
            "or see what the priors alone say with: shudian run --prior"
        )


def _other(posterior: Posterior, model: Model, inputs: str) -> str:
    uncertain = {p.name for p in model.parameters.values() if p.role == "uncertain"}
    equations = posterior.about["model_digest"] != model.digest or {*posterior.names} != uncertain
    evidence = posterior.about["inputs_digest"] != inputs
    named = {"model equations": equations, "evidence and priors": evidence}
    return ", ".join(what for what, differs in named.items() if differs)


def posterior_draws(model: Model, posterior: Posterior, draws: int, seed: int) -> Draws:
    """`draws` different ones of the stored draws, with constants and switches at their values.

    `seed` says which ones and in which order. They come evenly from the batches, and the first n are the same for
    any number of draws. Raises InputError for more than are stored.
    """
    if draws > posterior.size:
        raise InputError(
            f"the posterior holds {posterior.size} draws, and {draws} were asked for; "
            "ask for fewer, or use the priors with --prior, which give as many as you like"
        )
    chosen = _order(posterior.batch, seed)[:draws]
    rows = dict(zip(posterior.names, posterior.values[:, chosen], strict=True))
    # a number at the end of its range may have been stored a rounding beyond it
    values = [
        np.clip(rows[p.name], p.low, p.high) if p.role == "uncertain" else np.full(draws, p.value) for p in model.fixed
    ]
    return draws_of(model, np.array(values), seed, posterior_digest(posterior))


def _order(batch: NDArray[np.int64], seed: int) -> NDArray[np.intp]:
    """Every stored draw once: shuffled within its batch, and the batches in turn."""
    chance = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed))).random(batch.size)
    turn = np.empty(batch.size)
    for name in np.unique(batch):
        members = np.flatnonzero(batch == name)
        turn[members] = (chance[members].argsort().argsort() + 0.5) / members.size
    return np.lexsort((chance, turn))


def reference_draw(model: Model, posterior: Posterior | None = None) -> Draws:
    """One draw: every parameter at its posterior median or, without a posterior, at its prior median."""
    central = central_draw(model)
    if posterior is None:
        return central
    medians = dict(zip(posterior.names, np.median(posterior.values, axis=1), strict=True))
    values = [[np.clip(medians[p.name], p.low, p.high) if p.role == "uncertain" else p.value] for p in model.fixed]
    return draws_of(model, np.array(values), 0, posterior_digest(posterior))


def draws_from(model: Model, posterior: Posterior | None, draws: int, seed: int) -> Draws:
    """From the posterior or, without one, from the priors: which draws an answer uses is decided here alone."""
    return posterior_draws(model, posterior, draws, seed) if posterior else prior_draws(model, draws, seed)


def few_draws(model: Model, posterior: Posterior | None, draws: int, seed: int) -> Draws:
    """The reference draw and then `draws` - 1 others, for engines that take seconds for each."""
    first, others = reference_draw(model, posterior), draws_from(model, posterior, draws, seed)
    return draws_of(model, np.hstack([first.values, others.values[:, : draws - 1]]), seed, others.posterior)


def posterior_digest(posterior: Posterior) -> str:
    """Hash of the draws and of what they were made from; not of when, nor of the diagnostics."""
    told = {key: value for key, value in posterior.about.items() if key not in _UNDIGESTED}
    digest = hashlib.sha256(json.dumps([posterior.names, told], sort_keys=True, ensure_ascii=False).encode())
    for numbers in (posterior.values, posterior.log_likelihood):
        digest.update(np.ascontiguousarray(numbers, dtype=np.float32).tobytes())
    digest.update(np.ascontiguousarray(posterior.batch, dtype=np.int32).tobytes())
    return digest.hexdigest()


def write_posterior(posterior: Posterior, path: Path) -> None:
    """Write `posterior` to `path` at once; raises InputError if it cannot be written."""
    import pyarrow as pa
    from pyarrow import parquet

    columns: dict[str, Any] = {
        "batch": posterior.batch.astype(np.int32),
        "log_likelihood": posterior.log_likelihood.astype(np.float32),
        **dict(zip(posterior.names, posterior.values.astype(np.float32), strict=True)),
    }
    about = json.dumps(dict(posterior.about), ensure_ascii=False).encode()
    table = pa.table(columns).replace_schema_metadata({_ABOUT: about, _DIGEST: posterior_digest(posterior)})
    draft = path.with_name(f".{path.name}-{uuid4().hex[:8]}")
    try:
        try:
            parquet.write_table(table, draft, compression="zstd")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror or error})") from None


def read_posterior(path: Path | None = None) -> Posterior:
    """The posterior at `path`, or the shipped one; raises InputError if it is missing, damaged or something else."""
    place = path or shipped_posterior()
    if not place.is_file():
        raise InputError(
            f"{place}: there is no posterior; make it with: shudian calibrate, "
            "or see what the priors alone say with: shudian run --prior"
        )
    stamp = place.stat()
    return _read(place, stamp.st_mtime_ns, stamp.st_size)


@cache
def _read(place: Path, _changed: int, _size: int) -> Posterior:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(place)
        metadata = table.schema.metadata or {}
        about = json.loads(metadata[_ABOUT])
        form = about["form"]
        found = _decoded(table, about) if form == FORM else None
        stored = metadata[_DIGEST].decode()
    except OSError as error:
        # what pyarrow says of a damaged file is long and not for a planner
        raise InputError(f"{place}: the file cannot be read ({error.strerror or 'damaged'})") from None
    except (pa.ArrowException, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(f"{place}: this is not a posterior that shudian calibrate has written") from None
    if found is None:
        raise InputError(f"{place}: this posterior has form {form}; this version reads form {FORM}")
    if posterior_digest(found) != stored or not np.isfinite(found.values).all():
        raise InputError(f"{place}: this posterior is damaged; renew it with: shudian calibrate")
    return found


def _decoded(table: Any, about: Mapping[str, Any]) -> Posterior:
    if missing := _NEEDED - about.keys():
        raise KeyError(*missing)
    names = tuple(name for name in table.column_names if name not in _OTHER_COLUMNS)
    columns = [table[name].to_numpy() for name in (*_OTHER_COLUMNS, *names)]
    # a damaged number may be one that cannot be cast; the digest finds it
    with np.errstate(invalid="ignore"):
        values = np.array(columns[2:], dtype=np.float64)
    return Posterior(names, values, columns[0].astype(np.int64), columns[1].astype(np.float64), about)
