"""A second engine for an edited file: whether simlin, where it is installed, computes what PySD computes.

simlin reads a file with a parser and functions of its own, so that both will hardly misread an equation alike. It
runs in a process of its own: it is native code, and the file may be anybody's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from pysd.translators.structures import abstract_expressions as syntax

from shudian.draws import Array
from shudian.exchange.model_file import ModelFile, read_model_file
from shudian.exchange.pysd_engine import translate
from shudian.exchange.pysd_process import bare_environment, module_places
from shudian.exchange.variables import CONTROL, references

AGREED = 1e-9
"""The greatest difference that rounding explains, as a share of the largest value of the variable."""
_NOTHING = 1e-3
"""Values are not told apart more finely than those of a variable of this size: what is left of nothing is rounding."""
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two engines first give a variable other values."""

    name: str
    month: int
    ours: float
    """What PySD gives, from which the results come."""
    theirs: float


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What a second engine says of a file at the file's own numbers."""

    verdict: Literal["absent", "unable", "agrees", "parts"]
    """`unable` if simlin cannot run the file."""
    parting: Parting | None = None


def second_opinion(path: Path) -> SecondOpinion:
    """Whether simlin agrees with PySD on every variable and month of the file at `path`, as the file stands.

    Raises InputError if the file is no model or PySD cannot run it.
    """
    if find_spec("simlin") is None:
        return SecondOpinion("absent")
    theirs = _by_simlin(path)
    if theirs is None:
        return SecondOpinion("unable")
    file = read_model_file(path)
    shared = [
        name
        for name, variable in file.variables.items()
        if name in theirs and name not in CONTROL and not isinstance(variable.tree, syntax.LookupsStructure)
    ]
    parting = _parting(file, shared, translate(file).run({}, shared), np.array([theirs[name] for name in shared]))
    return SecondOpinion("parts" if parting else "agrees", parting)


def _by_simlin(path: Path) -> Mapping[str, Sequence[float]] | None:
    """Every variable at the start of each month, by identifier; None if simlin cannot run the file."""
    command = [sys.executable, "-P", "-m", "shudian.exchange.simlin_witness", str(path.absolute())]
    surroundings = {**bare_environment(), "PYTHONPATH": os.pathsep.join(module_places())}
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True, env=surroundings)
        found: Mapping[str, Sequence[float]] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return None
    return found


def _parting(file: ModelFile, names: Sequence[str], ours: Array, theirs: Array) -> Parting | None:
    """The earliest, and of those in one month one whose causes do not part before it in the file's own order."""
    size = np.maximum(np.maximum(np.abs(ours), np.abs(theirs)).max(axis=1, keepdims=True), _NOTHING)
    apart = ~(np.abs(ours - theirs) <= AGREED * size)
    if not apart.any():
        return None
    month = int(np.argmax(apart.any(axis=0)))
    parted = {name: row for row, name in enumerate(names) if apart[row, month]}
    first = next((n for n in parted if not _causes(file, n) & (parted.keys() - {n})), next(iter(parted)))
    return Parting(first, month, float(ours[parted[first], month]), float(theirs[parted[first], month]))


def _causes(file: ModelFile, name: str) -> set[str]:
    tree = file.variables[name].tree
    # what a stock is at a moment does not follow from what flows in that moment
    tree = tree.initial if isinstance(tree, syntax.IntegStructure) else tree
    return references(tree)
