"""A model file's equations under names of our own, which is all that PySD is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shudian.exchange.mistakes import place
from shudian.exchange.model_file import ModelFile
from shudian.exchange.pysd_syntax import NotPlainError, pack, plain
from shudian.exchange.variables import CONTROL, SAVEPER
from shudian.kinds import InputError
from shudian.structure import TIME


@dataclass(frozen=True, slots=True)
class PlainModel:
    """What the process that runs PySD is sent."""

    names: Mapping[str, str]
    """What each variable is called there."""
    variables: Sequence[tuple[str, Any]]
    """The new name of each variable and its equation, packed."""


def plain_model(file: ModelFile) -> PlainModel:
    """`file` for PySD: no name, unit, comment or range of it, and of its equations what pysd_syntax lists.

    Raises InputError if an equation holds anything else.
    """
    trees = {SAVEPER: 1.0, **file.trees}
    names = {name: name if name in CONTROL else f"v{number}" for number, name in enumerate(trees, 1)}

    def name_of(name: str) -> str:
        if name not in names and name != TIME:
            raise NotPlainError
        return names.get(name, TIME)

    packed = []
    for name, tree in trees.items():
        try:
            packed.append((names[name], pack(plain(tree, name_of))))
        except NotPlainError:
            where = place(file.path, file.variables.get(name))
            raise InputError("the equation of “{name}” holds something that is not run here", name=name).at(
                where
            ) from None
    return PlainModel(names, packed)
