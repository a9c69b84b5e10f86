"""The calibrated posterior on file: draws of the uncertain parameters, and all that is told of how they were made."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from shudian.draws import Array
from shudian.files import read_bytes, writing
from shudian.kinds import InputError, Phrase
from shudian.paths import seeds_folder

FORM = 1
"""Number of this form of file; a reader refuses any other."""
_ABOUT, _DIGEST = b"shudian", b"shudian_digest"
_LARGEST, _MOST_NUMBERS = 50_000_000, 20_000_000
"""Bytes, and numbers in the file: ten and thirty times what is shipped."""
_OTHER_COLUMNS = ("batch", "log_likelihood")
_UNDIGESTED = ("made", "diagnostics", "ingredients")
"""What may differ between two posteriors that are the same: when and how fast they were made, and what is told of
the ingredients, of which the digests of model and inputs are a hash already."""


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
    handed: bool = False
    """True for draws that somebody brought: nothing is known of how they were made, and `about` tells the city alone.
    """

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


def shipped_posterior() -> Path:
    """Where the posterior stands on which every answer runs."""
    return seeds_folder() / "posterior.parquet"


def shipped_member(city: str) -> Path:
    """Where the posterior of another city stands, for a city that has one."""
    return seeds_folder() / "cities" / f"{city}.parquet"


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


def standing() -> Posterior | None:
    """The shipped posterior, or None where there is none; raises InputError as `read_posterior`."""
    return read_posterior() if shipped_posterior().exists() else None


def read_posterior(path: Path | None = None) -> Posterior:
    """The posterior at `path`, or the shipped one; raises InputError if it is missing, damaged or something else."""
    place = path or shipped_posterior()
    try:
        stamp = place.stat() if place.is_file() else None
    except (OSError, ValueError):  # no file can have such a name
        stamp = None
    if stamp is None:
        raise InputError(
            "there is no posterior; make it with: shudian calibrate, or see what the priors alone say with: "
            "shudian run --prior"
        ).at(place)
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
        raise InputError(
            "the file cannot be read ({reason})", reason=Phrase(error.strerror) if error.strerror else Phrase("damaged")
        ).at(place) from None
    except (pa.ArrowException, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError("this is not a posterior that shudian calibrate has written").at(place) from None
    if found is None:
        raise InputError("this posterior has form {form}; this version reads form {known}", form=form, known=FORM).at(
            place
        )
    finite = np.isfinite(found.values).all() and np.isfinite(found.log_likelihood).all()
    if posterior_digest(found) != stored or not finite:
        raise InputError("this posterior is damaged; renew it with: shudian calibrate").at(place)
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
