"""A model file that someone has edited, read as data: what it defines, checked before any of it is run."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pysd.translators.structures import abstract_expressions as syntax

from shudian.exchange.equation_text import Spelling
from shudian.exchange.forms import number_of
from shudian.exchange.meaning import meaning
from shudian.exchange.mistakes import not_a_model, place
from shudian.exchange.read_mdl import read_mdl
from shudian.exchange.read_xmile import read_xmile
from shudian.exchange.variables import Variable
from shudian.files import declares_document_type, read_bytes
from shudian.kinds import InputError, Model, Phrase
from shudian.quantities import MONTHS
from shudian.simulate import STEPS_PER_MONTH
from shudian.toml_file import nearest

VENSIM_SUFFIX = ".mdl"
XMILE_SUFFIXES = (".xmile", ".xml", ".stmx")
_HORIZON = {"initial_time": 0.0, "final_time": float(MONTHS), "time_step": 1 / STEPS_PER_MONTH}
LARGEST_MODEL = 5_000_000
"""Bytes; an exported model has half a million."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file's variables by identifier, and what they mean in PySD's own abstract form."""

    path: Path
    text: str
    spelling: Spelling
    variables: Mapping[str, Variable]
    """As the file says them."""
    trees: Mapping[str, Any]
    """As PySD must be told them, and what they need besides: see `meaning`."""


def read_model_file(path: Path) -> ModelFile:
    """The model in the Vensim or XMILE file at `path`.

    Raises InputError if it is no such file, if an equation cannot be read, uses something that nothing defines
    or is defined twice, if variables define each other in a circle, or if the file asks for something that
    Shudian does not run: subscripts, macros, data from other files, another integration than Euler's.
    """
    text = _text(path)
    spelling: Spelling = "mdl" if path.suffix.lower() == VENSIM_SUFFIX else "xmile"
    variables: dict[str, Variable] = {}
    for variable in (read_mdl if spelling == "mdl" else read_xmile)(path, text):
        if variable.name in variables:
            raise InputError("“{name}” is defined more than once; keep one of its equations", name=variable.name).at(
                place(path, variable)
            )
        variables[variable.name] = variable
    for name in _HORIZON:
        if name not in variables:
            raise InputError(
                "“{name}” is missing, and a run needs it{nearest}", name=name, nearest=nearest(name, variables)
            ).at(path)
    return ModelFile(path, text, spelling, variables, meaning(path, variables, spelling))


def check_ours(file: ModelFile, model: Model, outputs: tuple[str, ...]) -> None:
    """Raise InputError unless `file` is an edited `model` that still has `outputs` and runs over its horizon."""
    check_same_model(file, model)
    for name in outputs:
        if name not in file.variables:
            raise InputError(
                "“{name}” is missing, and a run reports it{nearest}", name=name, nearest=nearest(name, file.variables)
            ).at(file.path)
    for name, expected in _HORIZON.items():
        if number_of(file.variables[name].tree) != expected:
            raise InputError(
                "“{name}” must be {expected:g}, as in every run that results are compared with",
                name=name,
                expected=expected,
            ).at(file.path)


def check_same_model(file: ModelFile, model: Model) -> None:
    """Raise InputError unless `file` has at least half of `model`'s variables."""
    names = {equation.name for equation in model.equations}
    if len(names & set(file.variables)) < len(names) / 2:
        raise InputError(
            "this is another model, with few of Shudian's variables; start from a file that “shudian export” wrote"
        ).at(file.path)


def floored(file: ModelFile) -> tuple[str, ...]:
    """The stocks that `file` keeps from falling below zero; a run does not, and must find that they never would."""
    stocks = ((name, variable.tree) for name, variable in file.variables.items())
    return tuple(name for name, tree in stocks if isinstance(tree, syntax.IntegStructure) and tree.non_negative)


def value(file: ModelFile, name: str) -> float | None:
    """The number that `name` is in `file`; None if it is missing or anything but a number."""
    variable = file.variables.get(name)
    return variable.tree if variable is not None and isinstance(variable.tree, float) else None


def _text(path: Path) -> str:
    if path.suffix.lower() not in (VENSIM_SUFFIX, *XMILE_SUFFIXES):
        kinds = (VENSIM_SUFFIX, *XMILE_SUFFIXES)
        raise InputError("the name of a model file ends in one of {names}", names=kinds).at(path)
    data = read_bytes(path, LARGEST_MODEL)
    if path.suffix.lower() != VENSIM_SUFFIX and declares_document_type(data):
        raise InputError("a model file declares no document type; take out what begins with <!DOCTYPE").at(path)
    text = _decoded(data)
    if "\0" in text:
        raise not_a_model(path, Phrase("it is not a text file"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    # never as the file itself says, which other readers may not believe
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return data.decode("latin-1")
