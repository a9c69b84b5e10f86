"""Draws of one's own, read from what a notebook holds them in: a Dataset, a DataFrame or a mapping of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from shudian.answers.own_draws import OwnDraws
from shudian.draws import Array
from shudian.kinds import InputError

_BATCH = "batch"
_BESIDE = ("draw", "chain", _BATCH, "log_likelihood")
"""What may stand beside the parameters, as in `shudian.posterior().to_dataset()`; it is no parameter."""


def read_draws(given: Any) -> OwnDraws | None:
    """What `given` holds, or None where it is neither a Dataset nor a DataFrame nor a mapping.

    Raises InputError for values that are no numbers, and for more dimensions than chain and draw.
    """
    if hasattr(given, "children") and "posterior" in given.children:
        given = given["posterior"]
    if hasattr(given, "data_vars"):
        columns = {str(name): values for name, values in given.data_vars.items()}
        units = {name: values.attrs.get("units", values.attrs.get("unit", "")) for name, values in columns.items()}
        beside = given.coords.get(_BATCH)
    elif hasattr(given, "columns") or isinstance(given, Mapping):
        columns = {str(name): given[name] for name in (given.columns if hasattr(given, "columns") else given)}
        units = getattr(given, "attrs", {}).get("units", {})
        beside = columns.get(_BATCH)
    else:
        return None
    parameters = {name: values for name, values in columns.items() if name not in _BESIDE}
    return OwnDraws(
        {name: _numbers(name, values) for name, values in parameters.items()},
        {name: str(unit) for name, unit in units.items() if unit and name in parameters},
        None if beside is None else _numbers(_BATCH, beside),
    )


def _numbers(name: str, values: Any) -> Array:
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("the draws of “{name}” hold what is no finite number", name=name) from None
    if found.ndim > 2 or not found.ndim:
        raise InputError(
            "the draws of “{name}” have the shape {shape}; there is one value for each draw",
            name=name,
            shape=str(found.shape),
        )
    return found.ravel()
