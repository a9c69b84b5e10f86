"""The calibrated posterior on file, and the one place that decides from which draws an answer is computed."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from shudian.calibrate.calibration import Evidence
from shudian.calibrate.city_member import local_names
from shudian.calibrate.target import Target
from shudian.draws import Array, Draws, central_draw, draws_of, prior_draws, prior_row
from shudian.files import read_bytes, writing
from shudian.kinds import InputError, Model
from shudian.observe.digest import among, changed, prior_told
from shudian.parameters import HOME
from shudian.paths import seeds_folder
from shudian.structure import load_model

PRIOR_DRAWS = 4000
"""How many draws an answer has that rests on the priors, which give as many as one likes."""
SHARED_DRAW = "shared_draw"
"""Column of a city's file: the draw of Zhengzhou's posterior from which a draw has all but its local parameters."""
FORM = 1
"""Number of this form of file; a reader refuses any other."""
_ABOUT, _DIGEST = b"shudian", b"shudian_digest"
_LARGEST, _MOST_NUMBERS = 50_000_000, 20_000_000
"""Bytes, and numbers in the file: ten and thirty times what is shipped."""
_OTHER_COLUMNS = ("batch", "log_likelihood")
_UNDIGESTED = ("made", "diagnostics", "ingredients")
"""What may differ between two posteriors that are the same: when and how fast they were made, and what is told of
the ingredients, of which the digests of model and inputs are a hash already."""
NAMED = 5
"""So many of the things that have changed are told by name."""
Why = Literal["calibrated", "asked", "elsewhere", "stale"]
RENEW = "shudian calibrate"
"""The command that renews the shipped posterior; a city's own with --city behind it."""


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
    own_priors: tuple[str, ...] = ()
    """What somebody believes instead of a shipped prior, as written; the draws are reweighted by it."""
    given: Mapping[str, float] = field(default_factory=dict)
    """Uncertain parameters at the values on which the draws are conditioned, internal units."""
    effective: float | None = None
    """How many independent draws these are worth; None where each of them counts for one."""
    reweighted: float | None = None
    """How many the own priors alone leave, before any condition; None without own priors."""

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
    def findings(self) -> int:
        """Number of findings of studies of other places that led it besides."""
        return len((self.about.get("ingredients") or {}).get("study", ()))

    @property
    def shared(self) -> Mapping[str, Any] | None:
        """Of another city's: on how many `reports` and data `until` when the posterior rests whose structure it shares.

        None for a posterior that shares nothing.
        """
        found: Mapping[str, Any] | None = self.about.get("shared")
        return found

    @property
    def data_until(self) -> str:
        """The cut-off date or, without one, the day on which the latest report whose date is known was available."""
        made = str(self.about["made"])
        available = [str(report.get("available") or "") for report in self.about["reports"]]
        # of a page that shows its year alone only the year's last day is known, which may be still to come
        dated = [day for day in available if day <= made]
        return str(self.about["until"]) or max(dated, default="") or made


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What the draws of an answer rest on: a posterior, or the priors and why."""

    posterior: Posterior | None
    why: Why
    """`asked`: somebody wanted the priors; `elsewhere`: no posterior is this city's; `stale`: its own is too old."""
    file: str = ""
    """The posterior file that was named; empty for the shipped one."""
    posterior_city: str = HOME
    """The city to which the posterior belongs, whether it is used or not."""
    before: Posterior | None = None
    """The posterior as it was before somebody's own priors or a condition; None where it is used as it is."""
    reason: str = ""
    """Of `stale`: the sentence that says what has changed and how the posterior is renewed."""

    @property
    def calibrated(self) -> bool:
        """Whether the draws come from the posterior."""
        return self.posterior is not None

    @property
    def draws(self) -> int:
        """How many draws an answer has where nobody asks for fewer: every one of the posterior.

        Then every command gives the same numbers for the same package.
        """
        return self.posterior.size if self.posterior else PRIOR_DRAWS


def shipped_posterior() -> Path:
    """Where the posterior stands on which every answer runs."""
    return seeds_folder() / "posterior.parquet"


def shipped_member(city: str) -> Path:
    """Where the posterior of another city stands, for a city that has one."""
    return seeds_folder() / "cities" / f"{city}.parquet"


def grounds_of(city: str, file: str = "", prior: bool = False) -> Grounds:
    """What an answer about `city` rests on: the shipped posterior, that of `file`, or the priors if `prior` is set.

    Another city has its own shipped posterior, or the priors where there is none, or where it is stale or damaged.
    Raises InputError for a posterior that is missing, damaged or stale, with the command that renews it.
    """
    if prior and file:
        raise InputError("--prior and --posterior exclude each other; leave one of them out")
    if prior:
        return Grounds(None, "asked")
    if not file and city != HOME:
        return _grounds_elsewhere(city)
    posterior = read_posterior(Path(file) if file else None)
    if posterior.city != city:
        return Grounds(None, "elsewhere", file, posterior.city)
    return Grounds(_belonging(load_model(city), posterior), "calibrated", file, city)


def _grounds_elsewhere(city: str) -> Grounds:
    place = shipped_member(city)
    if not place.is_file():
        return Grounds(None, "elsewhere")
    try:
        return Grounds(_belonging(load_model(city), read_posterior(place)), "calibrated", posterior_city=city)
    except InputError as error:
        return Grounds(None, "stale", posterior_city=city, reason=str(error))


def standing_posterior(city: str) -> Posterior | None:
    """The shipped posterior where it is fresh and of `city`, for what shows one value of each parameter.

    None where it is missing, stale or another city's: such a file or diagram then shows the priors' medians. Raises
    InputError if it is damaged.
    """
    if city != HOME or not shipped_posterior().exists():
        return None
    posterior = read_posterior()
    target = expected_target(posterior)
    return None if any(_staleness(posterior, target)) else completed(posterior, target.model)


def expected_target(posterior: Posterior, model: Model | None = None) -> Target:
    """What a posterior made now, of the same figures as `posterior`, would be made from.

    `model` is by default the shipped one of its city. Raises InputError for a mistake in the evidence.
    """
    about = posterior.about
    evidence = Evidence(
        city=posterior.city,
        extra=Path(about["with"]) if about.get("with") else None,
        until=datetime.date.fromisoformat(about["until"]) if about["until"] else None,
        without=tuple(about.get("without", ())),
    )
    return evidence.target() if model is None else _target(evidence, model)


@lru_cache(maxsize=4)
def _target(evidence: Evidence, model: Model) -> Target:
    return evidence.target(model)


def require_fresh(posterior: Posterior, target: Target) -> None:
    """Raise InputError, with what has changed by name, if a posterior of `target` would have other draws."""
    names, other = _staleness(posterior, target)
    if names:
        more = f"; and {len(names) - NAMED} more" if len(names) > NAMED else ""
        raise InputError(
            f"the posterior is older than {', '.join(names[:NAMED])}{more}; renew it with: {renewal(posterior)}, "
            "or see what the priors alone say with: shudian run --prior"
        )
    if other:
        raise InputError(
            f"the posterior was made with other {other}; renew it with: {renewal(posterior)}, "
            "or see what the priors alone say with: shudian run --prior"
        )


def renewal(posterior: Posterior) -> str:
    """The command that makes the shipped posterior of the same city anew."""
    return RENEW if posterior.city == HOME else f"{RENEW} --city {posterior.city}"


def joined(member: Posterior) -> Posterior:
    """A city's posterior as it is on file, with the structure that it shares with Zhengzhou's; any other as it is.

    Raises InputError where Zhengzhou's posterior is not the one that the city's was made on, or is stale itself, and
    where other parameters are the city's own today.
    """
    if SHARED_DRAW not in member.names:
        return member
    home, told = read_posterior(), member.about["shared"]
    if posterior_digest(home) != told["digest"]:
        raise InputError(
            f"the posterior of {member.city} was made on another posterior of {HOME}; renew it with: "
            f"{renewal(member)}, or see what the priors alone say with: shudian run --prior"
        )
    own = {*local_names(load_model(member.city))}
    if {*member.names} != own | {SHARED_DRAW}:
        raise InputError(
            f"the posterior of {member.city} was made when other parameters were the city's own; renew it with: "
            f"{renewal(member)}, or see what the priors alone say with: shudian run --prior"
        )
    home = _belonging(load_model(), home)
    shared = member.values[member.names.index(SHARED_DRAW)].astype(np.int64)
    if shared.min() < 0 or shared.max() >= home.size:
        raise InputError(f"the posterior of {member.city} is damaged; renew it with: {renewal(member)}")
    rows = dict(zip(home.names, home.values[:, shared], strict=True))
    rows |= {name: row for name, row in zip(member.names, member.values, strict=True) if name in own}
    return replace(member, names=(*rows,), values=np.array([*rows.values()]), effective=float(told["effective"]))


def changed_since(posterior: Posterior, target: Target) -> tuple[str, ...]:
    """What differs between the ingredients of `posterior` and those of `target`, as `changed` has it.

    Empty for a posterior that does not say what it was made from.
    """
    made_from = posterior.about.get("ingredients")
    return changed(made_from, target.ingredients) if made_from else ()


def _staleness(posterior: Posterior, target: Target) -> tuple[tuple[str, ...], str]:
    """What makes `posterior` another one than that of `target`, by name or in general; both empty for a fresh one.

    Of equations, priors and policies only those count on which what the reports read depends: the draws follow from
    no others. One that does not say what it was made from is held to all of them, by its digests.
    """
    uncertain = {p.name for p in target.model.fixed if p.role == "uncertain"}
    made_from = posterior.about.get("ingredients")
    if made_from:
        names = changed(among(made_from, target.read), among(target.ingredients, target.read))
        if names or uncertain & target.read <= {*posterior.names}:
            return names, ""
    equations = posterior.about["model_digest"] != target.model.digest or {*posterior.names} != uncertain
    evidence = posterior.about["inputs_digest"] != target.inputs_digest
    named = {"model equations": equations, "evidence and priors": evidence}
    return (), ", ".join(what for what, differs in named.items() if differs)


def completed(posterior: Posterior, model: Model) -> Posterior:
    """`posterior` with a value of every uncertain parameter of `model`, and of no other, in its order.

    A parameter on which nothing depends that a report reads keeps its prior. Where the posterior has none of it, or
    has drawn it from another prior, its values are prior draws: by the posterior's own seed and the parameter's name,
    whatever stands beside it.
    """
    uncertain = tuple(p for p in model.fixed if p.role == "uncertain")
    rows = dict(zip(posterior.names, posterior.values, strict=True))
    drawn_from = (posterior.about.get("ingredients") or {}).get("prior", {})
    kept = [p.name in rows and drawn_from.get(p.name, told) == told for p in uncertain for told in [prior_told(p)]]
    if all(kept) and tuple(p.name for p in uncertain) == posterior.names:
        return posterior
    seed = int(posterior.about.get("seed", 0))
    values = [
        rows[p.name] if held else prior_row(p, posterior.size, seed) for p, held in zip(uncertain, kept, strict=True)
    ]
    return replace(posterior, names=tuple(p.name for p in uncertain), values=np.array(values))


@lru_cache(maxsize=8)
def _belonging(model: Model, posterior: Posterior) -> Posterior:
    """`posterior`, completed for `model`; raises InputError if it does not belong to it and the evidence of today."""
    posterior = joined(posterior)
    require_fresh(posterior, expected_target(posterior, model))
    return completed(posterior, model)


def posterior_draws(model: Model, posterior: Posterior, draws: int, seed: int) -> Draws:
    """`draws` different ones of the stored draws, with constants and switches at their values.

    `seed` says which ones and in which order. They come evenly from the batches, and the first n are the same for
    any number of draws. Raises InputError for more than are stored, and for a posterior that does not belong to
    `model` and the evidence of today.
    """
    posterior = _belonging(model, posterior)
    if draws > posterior.size:
        raise InputError(
            f"the posterior holds {posterior.size} draws, and {draws} were asked for; "
            "ask for fewer, or use the priors with --prior, which give as many as you like"
        )
    chosen = order_of_draws(posterior, seed)[:draws]
    rows = dict(zip(posterior.names, posterior.values[:, chosen], strict=True))
    # a number at the end of its range may have been stored a rounding beyond it
    values = [
        np.clip(rows[p.name], p.low, p.high) if p.role == "uncertain" else np.full(draws, p.value) for p in model.fixed
    ]
    return draws_of(model, np.array(values), seed, posterior_digest(posterior))


def order_of_draws(posterior: Posterior, seed: int) -> NDArray[np.intp]:
    """The place on file of every draw, in the order in which `posterior_draws` gives them.

    Shuffled within each batch, and the batches in turn.
    """
    batch = posterior.batch
    chance = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed))).random(batch.size)
    turn = np.empty(batch.size)
    for name in np.unique(batch):
        members = np.flatnonzero(batch == name)
        turn[members] = (chance[members].argsort().argsort() + 0.5) / members.size
    return np.lexsort((chance, turn))


def reference_draw(model: Model, posterior: Posterior | None = None) -> Draws:
    """One draw: every parameter at its posterior median or, without a posterior, at its prior median.

    Raises InputError for a posterior that does not belong to `model` and the evidence of today.
    """
    if posterior is None:
        return central_draw(model)
    posterior = _belonging(model, posterior)
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
    with writing(path, replace=True) as draft:
        parquet.write_table(table, draft, compression="zstd")


def read_posterior(path: Path | None = None) -> Posterior:
    """The posterior at `path`, or the shipped one; raises InputError if it is missing, damaged or something else."""
    place = path or shipped_posterior()
    try:
        stamp = place.stat() if place.is_file() else None
    except (OSError, ValueError):  # no file can have such a name
        stamp = None
    if stamp is None:
        raise InputError(
            f"{place}: there is no posterior; make it with: shudian calibrate, "
            "or see what the priors alone say with: shudian run --prior"
        )
    return _read(place, stamp.st_mtime_ns, stamp.st_size)


@cache
def _read(place: Path, _changed: int, _size: int) -> Posterior:
    import pyarrow as pa
    from pyarrow import parquet

    content = read_bytes(place, _LARGEST)
    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        # a few bytes can stand for any number of rows
        if file.metadata.num_rows * file.metadata.num_columns > _MOST_NUMBERS:
            raise ValueError
        table = file.read()
        metadata = table.schema.metadata or {}
        about = json.loads(metadata[_ABOUT])
        form = about["form"]
        found = _decoded(table, about) if form == FORM else None
        stored = metadata[_DIGEST].decode()
    except OSError as error:
        # what pyarrow says of a damaged file is long and not for a planner
        raise InputError(f"{place}: the file cannot be read ({error.strerror or 'damaged'})") from None
    except (pa.ArrowException, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{place}: this is not a posterior that shudian calibrate has written") from None
    if found is None:
        raise InputError(f"{place}: this posterior has form {form}; this version reads form {FORM}")
    finite = np.isfinite(found.values).all() and np.isfinite(found.log_likelihood).all()
    if posterior_digest(found) != stored or not finite:
        raise InputError(f"{place}: this posterior is damaged; renew it with: shudian calibrate")
    return found


def _decoded(table: Any, about: Mapping[str, Any]) -> Posterior:
    told = _About.model_validate(dict(about))
    if told.until:
        datetime.date.fromisoformat(told.until)
    names = tuple(name for name in table.column_names if name not in _OTHER_COLUMNS)
    columns = [table[name].to_numpy() for name in (*_OTHER_COLUMNS, *names)]
    # a damaged number may be one that cannot be cast; the digest finds it
    with np.errstate(invalid="ignore"):
        values = np.array(columns[2:], dtype=np.float64)
        return Posterior(names, values, columns[0].astype(np.int64), columns[1].astype(np.float64), about)


class _Report(BaseModel):
    model_config = ConfigDict(strict=True)
    id: str
    figures: list[str]
    available: str | None = None


class _Shared(BaseModel):
    model_config = ConfigDict(strict=True)
    digest: str
    reports: int
    until: str
    effective: float


class _About(BaseModel):
    """What answers read of the description in a posterior file, which somebody may have changed."""

    model_config = ConfigDict(strict=True, protected_namespaces=())
    made: str
    city: str
    model_digest: str
    inputs_digest: str
    until: str
    reports: list[_Report]
    without: list[str] = []
    extra: str = Field("", alias="with")
    scenario: str = ""
    seed: int = 0
    ingredients: dict[str, dict[str, str]] | None = None
    shared: _Shared | None = None
