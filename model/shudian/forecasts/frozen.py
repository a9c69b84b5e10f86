"""Draws that a register freezes beside its rows, so that what has no row can still be foretold by what was known then.

Of every variable that a rule of observation.toml reads, a few hundred of the posterior's draws over the whole horizon,
and the rules and errors themselves: neither the posterior nor the equations nor the rules of a later day have a say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from shudian.evidence import load_figures
from shudian.files import read_bytes, writing
from shudian.forecasts.prediction import Array, World
from shudian.indicators import Errors, Rule
from shudian.kinds import InputError
from shudian.observe.rules import Rules
from shudian.posterior_file import Posterior, posterior_digest
from shudian.quantities import FIRST_YEAR, MONTHS

FORM = 1
"""Number of this form of file; a reader refuses any other."""
DRAWS = 400
"""How many of the posterior's draws are frozen: the median of a quantity is then off by some 6 % of its spread."""
_REPORTS = 4000
"""About how many reports are drawn of a quantity: each frozen draw is reported several times, with other errors."""
_BITS = 15
"""Binary digits that are kept of each number, 2e-5 of it; the others would be two fifths of the file."""
_ABOUT = b"shudian"
_LARGEST, _MOST_NUMBERS = 20_000_000, 20_000_000
_OTHER_COLUMNS = ("draw", "month")


class _About(BaseModel):
    """What is told of the draws, in the file's metadata."""

    model_config = ConfigDict(strict=True, protected_namespaces=())
    form: int
    made: str
    city: str
    scenario: str
    posterior_made: str
    posterior_digest: str
    model_digest: str
    inputs_digest: str
    first_month: str
    months: int
    draws: int
    of_draws: int
    units: dict[str, str]
    rules: list[Rule]
    errors: dict[str, Errors]
    figures: list[str]
    spreads: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Frozen:
    """The draws of a register, which foretell like a model's run."""

    values: NDArray[np.float32]
    """[variable, month, draw], internal units."""
    units: Mapping[str, str]
    """Variable -> its internal unit, in the order of `values`."""
    rules: Rules
    """The observation model of the day."""
    about: Mapping[str, Any]
    """When, from which posterior, model and evidence the draws were made, how many of how many they are, and which
    figures stood in the seeds, fitted or not: those are no test of a forecast."""

    def unit_of(self, name: str) -> str:
        """The internal unit of variable `name`."""
        return self.units[name]

    def run(self, variables: Sequence[str]) -> Array:
        """[variable, month, draw] over the whole horizon, every frozen draw as often as its reports are drawn."""
        names = [*self.units]
        chosen = self.values[[names.index(name) for name in variables]].astype(np.float64)
        return np.tile(chosen, (1, 1, -(-_REPORTS // chosen.shape[2])))

    def reading(self, today: Rules) -> Rules:
        """The rules of the day and, for definitions that had none, those of `today` that read a frozen variable."""
        known = {_key(rule) for rule in self.rules.rules}
        later = [rule for rule in today.rules if _key(rule) not in known and rule.variable in self.units]
        return replace(self.rules, rules=(*self.rules.rules, *later))

    def had(self, rule: Rule) -> bool:
        """Whether the definition of `rule` had a rule on the day."""
        return any(_key(own) == _key(rule) for own in self.rules.rules)


def _key(rule: Rule) -> tuple[str, str, str]:
    return rule.indicator, rule.place, rule.definition


def frozen_from(world: World, posterior: Posterior, made: str) -> Frozen:
    """The first DRAWS of `world`, which are those of `posterior` by its seed, evenly from the sampler's batches."""
    variables = tuple(dict.fromkeys(rule.variable for rule in world.rules.rules))
    run = world.run(variables)
    values = _rounded(run[:, :, :DRAWS].astype(np.float32))
    about = {
        "form": FORM, "made": made, "city": posterior.city, "scenario": world.scenario,
        "posterior_made": world.made, "posterior_digest": posterior_digest(posterior),
        "model_digest": str(posterior.about["model_digest"]), "inputs_digest": str(posterior.about["inputs_digest"]),
        "first_month": f"{FIRST_YEAR}-01", "months": MONTHS, "draws": values.shape[2], "of_draws": posterior.size,
        "figures": [*load_figures()],
    }  # fmt: skip
    units = {name: world.model.unit_of(name) for name in variables}
    return Frozen(values, units, replace(world.rules, groups=(), left_out={}), about)


def _rounded(values: NDArray[np.float32]) -> NDArray[np.float32]:
    less = 23 - _BITS
    bits = values.view(np.uint32) + np.uint32(1 << (less - 1))
    return ((bits >> np.uint32(less)) << np.uint32(less)).view(np.float32)


def write_frozen(frozen: Frozen, path: Path) -> None:
    """Write `frozen` to `path` at once; raises InputError if it cannot be written, or something stands there."""
    import pyarrow as pa
    from pyarrow import parquet

    _, months, draws = frozen.values.shape
    rules = frozen.rules
    about = {
        **frozen.about,
        "units": dict(frozen.units),
        "rules": [asdict(rule) for rule in rules.rules],
        "errors": {
            name: asdict(errors)
            for name, errors in {**rules.errors, "typical": rules.typical, "wide": rules.wide}.items()
        },
        "spreads": dict(rules.spreads),
    }
    columns = {
        "draw": np.repeat(np.arange(draws, dtype=np.int32), months),
        "month": np.tile(np.arange(months, dtype=np.int32), draws),
        **{name: np.ascontiguousarray(own.T).ravel() for name, own in zip(frozen.units, frozen.values, strict=True)},
    }
    table = pa.table(columns).replace_schema_metadata({_ABOUT: json.dumps(about, ensure_ascii=False).encode()})
    with writing(path) as draft:
        parquet.write_table(
            table, draft, compression="zstd", compression_level=19, use_dictionary=[*_OTHER_COLUMNS],
            column_encoding=dict.fromkeys(frozen.units, "BYTE_STREAM_SPLIT"),
        )  # fmt: skip


def read_frozen(path: Path) -> Frozen:
    """The draws at `path`; raises InputError if they are missing, damaged or something else."""
    return _read(path, read_bytes(path, _LARGEST))


@cache
def _read(path: Path, content: bytes) -> Frozen:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(pa.BufferReader(content))
        # a few bytes can stand for any number of rows
        if file.metadata.num_rows * file.metadata.num_columns > _MOST_NUMBERS:
            raise ValueError
        table = file.read()
        return _decoded(table, _About.model_validate_json((table.schema.metadata or {})[_ABOUT]))
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError("these are no draws that shudian score has frozen").at(path) from None


def _decoded(table: Any, told: _About) -> Frozen:
    shape = told.draws, told.months + 1
    columns = [table[name].to_numpy().reshape(shape).T for name in told.units]
    values = np.array(columns, dtype=np.float32)
    read = {rule.variable for rule in told.rules}
    if told.form != FORM or told.months != MONTHS or not read <= told.units.keys() or not np.isfinite(values).all():
        raise ValueError
    errors = dict(told.errors)
    typical, wide = errors.pop("typical"), errors.pop("wide")
    spreads: Any = told.spreads
    rules = Rules(tuple(told.rules), errors, typical, wide, spreads, (), {})
    kept = told.model_dump(exclude={"units", "rules", "errors", "spreads"})
    return Frozen(values, told.units, rules, kept)
