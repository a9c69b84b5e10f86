"""A variable of a model file as the file defines it, in PySD's abstract syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pysd.translators.structures import abstract_expressions as syntax

Range = tuple[float | None, float | None]

SAVEPER = "saveper"
CONTROL = ("initial_time", "final_time", "time_step", SAVEPER)
"""Vensim's names for the variables that say from when to when and in what steps a model runs."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What a file says about one of its variables."""

    name: str
    """The identifier."""
    tree: Any
    """The right side. Functions stand in it as calls by the file's own names; a stock is an IntegStructure."""
    units: str = ""
    limits: Range = (None, None)
    """The range that a slider would have."""
    documentation: str = ""
    line: int | None = None
    """Where it is defined, if that is known."""


def identifier(name: str) -> str:
    """The identifier that a tool's spelling of a name stands for: `Gross  market` and `gross_market` are one."""
    bare = name.strip().strip('"').replace('\\"', '"').replace("\\n", " ")
    return re.sub(r"[\s_]+", "_", bare.strip().lower())


def nodes(tree: Any) -> Iterator[Any]:
    """Every part of an equation's abstract form, the tree itself first; a function's name is no part."""
    if isinstance(tree, (list, tuple)):
        for branch in tree:
            yield from nodes(branch)
        return
    yield tree
    if isinstance(tree, syntax.CallStructure):
        yield from nodes(tree.arguments)
    elif isinstance(tree, syntax.AbstractSyntax):
        for branch in vars(tree).values():
            yield from nodes(branch)


def references(*trees: Any) -> set[str]:
    """The names that `trees` refer to."""
    return {node.reference for node in nodes(trees) if isinstance(node, syntax.ReferenceStructure)}


def called(tree: syntax.CallStructure) -> str:
    """The name of the function or table that `tree` calls."""
    return str(tree.function.reference)
