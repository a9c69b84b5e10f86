"""A model file that someone has edited, read as data: what it defines, checked before any of it is run."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
from pysd.builders.python.python_functions import functionspace
from pysd.translators.structures import abstract_expressions as syntax
from pysd.translators.structures.abstract_model import AbstractElement, AbstractModel
from pysd.translators.vensim.vensim_file import VensimFile
from pysd.translators.xmile.xmile_file import XmileFile

from shudian.kinds import InputError, Model
from shudian.quantities import MONTHS
from shudian.simulate import STEPS_PER_MONTH
from shudian.toml_file import nearest

VENSIM_SUFFIX = ".mdl"
XMILE_SUFFIXES = (".xmile", ".xml", ".stmx")
_HORIZON = {"initial_time": 0.0, "final_time": float(MONTHS), "time_step": 1 / STEPS_PER_MONTH}
_STATES = (
    syntax.IntegStructure, syntax.DelayStructure, syntax.DelayNStructure, syntax.DelayFixedStructure,
    syntax.SmoothStructure, syntax.SmoothNStructure, syntax.TrendStructure, syntax.ForecastStructure,
    syntax.SampleIfTrueStructure, syntax.InitialStructure,
)  # fmt: skip
_KNOWN = (
    *_STATES, syntax.ArithmeticStructure, syntax.LogicStructure, syntax.ReferenceStructure, syntax.CallStructure,
    syntax.GameStructure, syntax.LookupsStructure, syntax.InlineLookupsStructure,
)  # fmt: skip
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file's variables by identifier, in PySD's own abstract form."""

    path: Path
    variables: Mapping[str, AbstractElement]
    abstract: AbstractModel


def identifier(name: str) -> str:
    """The identifier that a tool's spelling of a name stands for: `Gross  market` and `gross_market` are one."""
    return re.sub(r"[\s_]+", "_", name.strip().strip('"').lower())


def read_model_file(path: Path) -> ModelFile:
    """The model in the Vensim or XMILE file at `path`.

    Raises InputError if it is no such file, if an equation cannot be read, uses something that nothing defines
    or is defined twice, if variables define each other in a circle, or if the file asks for something that
    Shudian does not run: subscripts, macros, data from other files.
    """
    _check_text(path)
    with quiet(), _sentences(path):
        abstract = _parse(path)
    if len(abstract.sections) != 1 or abstract.sections[0].subscripts:
        raise InputError(f"{path}: macros and subscripts are not run here; write the equations without them")
    variables: dict[str, AbstractElement] = {}
    for element in abstract.sections[0].elements:
        name = identifier(element.name)
        if name in variables or len(element.components) != 1:
            raise InputError(f"{_place(path, name)}: “{name}” is defined more than once; keep one of its equations")
        variables[name] = element
    _check_whole(path, variables)
    _check_references(path, variables)
    _check_circles(path, variables)
    return ModelFile(path, variables, abstract)


def check_ours(file: ModelFile, model: Model, outputs: tuple[str, ...]) -> None:
    """Raise InputError unless `file` is an edited `model` that still has `outputs` and runs over its horizon."""
    check_same_model(file, model)
    for name in outputs:
        if name not in file.variables:
            raise InputError(f"{file.path}: “{name}” is missing, and a run reports it{nearest(name, file.variables)}")
    for name, expected in _HORIZON.items():
        if value(file, name) != expected:
            raise InputError(
                f"{file.path}: “{name}” must be {expected:g}, as in every run that results are compared with"
            )


def check_same_model(file: ModelFile, model: Model) -> None:
    """Raise InputError unless `file` has at least half of `model`'s variables."""
    names = {equation.name for equation in model.equations}
    if len(names & set(file.variables)) < len(names) / 2:
        raise InputError(
            f"{file.path}: this is another model, with few of Shudian's variables; start from a file that "
            "“shudian export” wrote"
        )


def value(file: ModelFile, name: str) -> float | None:
    """The number that `name` is in `file`; None if it is missing or anything but a number."""
    element = file.variables.get(name)
    tree = element.components[0].ast if element else None
    if isinstance(tree, syntax.ArithmeticStructure) and tree.operators == ["negative"]:
        tree = tree.arguments[0]
        return -float(tree) if isinstance(tree, (int, float)) else None
    return float(tree) if isinstance(tree, (int, float)) else None


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


@contextmanager
def quiet() -> Iterator[None]:
    """PySD warns of many things that are none of the reader's business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - PySD raises whatever its parser met
        raise InputError(f"{path}: this is not a model that can be read ({first_line(error)})") from None


def first_line(error: Exception) -> str:
    """The first line of an error's text, or its kind if it has none."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _check_text(path: Path) -> None:
    if path.suffix.lower() not in (VENSIM_SUFFIX, *XMILE_SUFFIXES):
        kinds = ", ".join((VENSIM_SUFFIX, *XMILE_SUFFIXES))
        raise InputError(f"{path}: the name of a model file ends in one of {kinds}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: the file cannot be read ({error.strerror})") from None
    if len(data) > _LARGEST or b"\0" in data:
        raise InputError(f"{path}: this is not a model that can be read (it is not a text file of a model's size)")
    if _is_vensim(path):
        _check_tables(path, data.decode(_encoding(path), errors="ignore"))
    else:
        try:
            ET.fromstring(data)
        except (ET.ParseError, ValueError) as error:
            raise InputError(f"{path}: this is not XML ({error})") from None


def _check_tables(path: Path, text: str) -> None:
    # PySD evaluates the limits of a table as Python while it reads them
    for table in re.finditer(r"\([\s\\]*\[([^\]]*)\]", text):
        if not re.fullmatch(r"[-+\d.,()\s\\eE]*", table[1], re.ASCII):
            line = text.count("\n", 0, table.start()) + 1
            raise InputError(f"{path}:{line}: the limits of a table are numbers, as in [(0,0)-(10,1)]")


def _is_vensim(path: Path) -> bool:
    return path.suffix.lower() == VENSIM_SUFFIX


def _encoding(path: Path) -> str:
    # never what the file itself names, which could hide from _check_tables what PySD would read
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _open(path: Path) -> Any:
    return VensimFile(path, encoding=_encoding(path)) if _is_vensim(path) else XmileFile(path)


def _parse(path: Path) -> AbstractModel:
    file = _open(path)
    try:
        file.parse()
    except Exception as error:
        for name, why in _broken(path):
            raise InputError(f"{_place(path, name)}: the equation of “{name}” cannot be read; {why}") from None
        raise error
    abstract: AbstractModel = file.get_abstract_model()
    return abstract


def _broken(path: Path) -> Iterator[tuple[str, str]]:
    # one equation at a time, to name the one that stopped the reading of them all
    file = _open(path)
    file.parse(parse_all=False)
    for section in file.sections:
        section.parse(parse_all=False)
        xmile = isinstance(file, XmileFile)
        for element in section.components if xmile else section.elements:
            name = identifier(element.name if xmile else element.equation.split("=")[0])
            try:
                if xmile:
                    element.parse(section.behaviors)
                else:
                    parsed = element.parse()
                    if hasattr(parsed, "expression"):
                        parsed.parse()
            except Exception as error:  # noqa: BLE001 - PySD raises whatever its parser met
                found = re.search(r"(?:begins with|didn't match at) '(.*?)' \(line", str(error))
                yield name, f"what is wrong begins with “{found[1]}”" if found else first_line(error)


def _place(path: Path, name: str) -> str:
    """File and line where `name` is defined, as far as a search can tell."""
    text = path.read_text(encoding="utf-8", errors="replace")
    spelled = re.escape(name).replace("_", r"[\s_]+")
    found = re.search(rf'^\s*"?{spelled}"?\s*(?:==?|:|\()|name="{spelled}"', text, re.IGNORECASE | re.MULTILINE)
    return f"{path}:{text.count(chr(10), 0, found.end()) + 1}" if found else str(path)


def _check_whole(path: Path, variables: Mapping[str, AbstractElement]) -> None:
    # PySD takes what follows an entry that does not end for a diagram
    if not set(_HORIZON) <= set(variables):
        last = list(variables)[-1] if variables else ""
        raise InputError(
            f"{_place(path, last)}: after “{last}” nothing more can be read; every entry is written as "
            "name = equation ~ unit ~ comment |"
        )


def _check_references(path: Path, variables: Mapping[str, AbstractElement]) -> None:
    known = {*variables, "time"}
    for name, element in variables.items():
        for node in nodes(element.components[0].ast):
            if isinstance(node, syntax.AbstractSyntax) and not isinstance(node, _KNOWN):
                raise InputError(f"{_place(path, name)}: “{name}” needs data or an allocation that is not run here")
            if isinstance(node, syntax.CallStructure):
                function = identifier(str(getattr(node.function, "reference", node.function)))
                if function not in functionspace and function not in known:
                    raise InputError(
                        f"{_place(path, name)}: “{name}” uses the function “{function}”, which is not known"
                    )
            if isinstance(node, syntax.ReferenceStructure) and identifier(node.reference) not in known:
                cause = identifier(node.reference)
                raise InputError(
                    f"{_place(path, name)}: “{name}” uses “{cause}”, which nothing defines{nearest(cause, known)}"
                )


def _check_circles(path: Path, variables: Mapping[str, AbstractElement]) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for name, element in variables.items():
        tree = element.components[0].ast
        if isinstance(tree, _STATES):
            continue
        causes = (identifier(n.reference) for n in nodes(tree) if isinstance(n, syntax.ReferenceStructure))
        graph.add_edges_from((cause, name) for cause in causes)
    try:
        circle = [edge[0] for edge in nx.find_cycle(graph)]
    except nx.NetworkXNoCycle:
        return
    raise InputError(
        f"{_place(path, circle[0])}: these variables define each other without a stock between them: "
        f"{' -> '.join(circle)}"
    )
