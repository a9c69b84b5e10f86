"""What an analyst changed in an exported model file, found by comparing it with a fresh export.

Layout, order, diagram, brackets that change nothing, spelling of names and numbers, the step of a range and
the settings behind the sketch are no differences. A changed comment has no effect on any result and is kept apart.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pysd.translators.structures import abstract_expressions as syntax
from pysd.translators.structures.abstract_model import AbstractElement

from shudian.budget import equalise
from shudian.draws import Draws
from shudian.evidence import HOME
from shudian.exchange import vensim, xmile
from shudian.exchange.export import exported_with, format_of
from shudian.exchange.forms import form, rounded, unit_form
from shudian.exchange.infix import infix
from shudian.exchange.model_file import ModelFile, check_same_model, identifier, nodes, read_model_file
from shudian.kinds import Equation, Model, Parameter, Scenario
from shudian.posterior import Posterior, reference_draw, standing_posterior
from shudian.quantities import placed
from shudian.scenarios import ROOT, load_scenario
from shudian.structure import load_model

What = Literal["added", "removed", "renamed", "value", "equation", "initial", "floor", "unit", "range"]
_RANGE_DIGITS = 1e-5
"""Tools that draw a range as a slider keep six digits of it."""
_MANY = 20
"""More numbers than this an analyst does not change by hand in one model."""
_EXPORTED = re.compile(r"Scenario: ([^,\n]+),|<name>shudian ([^<]+)</name>")
_DIGEST = re.compile(r"\bmodel ([0-9a-f]{16})\b")
Elements = Mapping[str, AbstractElement]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about one variable that is not as exported."""

    name: str
    """The variable's identifier; of a renamed one the old identifier."""
    what: What
    """`initial` is a stock's first value, `floor` whether a stock may fall below zero."""
    before: str
    """The exported version in words that both languages read: an equation, a number, a unit; empty if none."""
    after: str
    subject: Equation | Parameter | None
    """What the model calls by this name, if anything."""
    values: tuple[float, float] | None = None
    """For `value` both numbers, in the unit of the file."""
    unit: str = ""
    """The unit of an added or a removed variable."""


@dataclass(frozen=True, slots=True)
class Differences:
    """All that distinguishes an edited file from a fresh export of a scenario."""

    path: Path
    scenario: Scenario
    changes: tuple[Change, ...]
    """In the order of the export; what was added comes last."""
    comments: tuple[str, ...]
    """Variables whose comment was rewritten."""
    older: bool
    """True if the file says that it was exported from another version of the model."""
    recalibrated: bool
    """True if most uncertain numbers differ: the file was exported with a posterior that has been renewed since."""


def compare_file(path: Path, scenario: str = "", city: str = "") -> Differences:
    """What `shudian diff` does: compare `path` with an export of `scenario`, named as in `shudian run`.

    Without `scenario` the file says from which one it was exported, or else it is the baseline; without `city` the
    scenario says. The file may have been exported with the medians of the shipped posterior or of the
    priors. Raises InputError for any mistake in the file or the names.
    """
    format_of(path)
    named = scenario or _exported_from(path)
    with placed(path):
        chosen = load_scenario(named or ROOT, load_model(city or HOME).parameters)
    model = load_model(city or chosen.city)
    file = read_model_file(path)
    found = exported_with(file, model, standing_posterior(city or chosen.city))
    return _differences(model, equalise(chosen, model, found), file, found)


def compare(model: Model, scenario: Scenario, path: Path, posterior: Posterior | None = None) -> Differences:
    """The differences between the file at `path` and what `export` would write now, in the file's own format,
    at the medians of `posterior` or, without one, of the priors.

    Raises InputError if the file is no model, not this one, or has an equation that cannot be read; ValueError
    for a scenario whose budget has not been equalised.
    """
    return _differences(model, scenario, read_model_file(path), posterior)


def _differences(model: Model, scenario: Scenario, file: ModelFile, posterior: Posterior | None) -> Differences:
    check_same_model(file, model)
    before, after = _fresh(model, scenario, file.path, reference_draw(model, posterior)), file.variables
    renamed = _renames(before, after)
    subjects: dict[str, Equation | Parameter] = {e.name: e for e in model.equations}
    subjects |= model.parameters
    changes = tuple(_changes(before, after, renamed, subjects))
    touched = {change.name for change in changes}
    pairs = [(name, renamed.get(name, name)) for name in before if renamed.get(name, name) in after]
    comments = tuple(new for old, new in pairs if old not in touched and _words(before[old]) != _words(after[new]))
    said = _DIGEST.search(_text(file.path))
    older = said is not None and said[1] != model.digest
    return Differences(file.path, scenario, changes, comments, older, _recalibrated(model, changes))


def _recalibrated(model: Model, changes: Sequence[Change]) -> bool:
    uncertain = {p.name for p in model.parameters.values() if p.role == "uncertain"}
    changed = sum(change.what == "value" and change.name in uncertain for change in changes)
    return changed > max(_MANY, len(uncertain) / 2)


def _exported_from(path: Path) -> str:
    found = _EXPORTED.search(_text(path))
    return (found[1] or found[2]).strip() if found else ""


def _text(path: Path) -> str:
    # a file that cannot be opened is complained about where it is read as a model
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _fresh(model: Model, scenario: Scenario, path: Path, draws: Draws) -> Elements:
    text = (vensim if format_of(path) == "mdl" else xmile).equations_text(model, scenario, draws)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"shudian.{format_of(path)}"
        place.write_text(text, encoding="utf-8")
        return read_model_file(place).variables


def _changes(
    before: Elements,
    after: Elements,
    renamed: Mapping[str, str],
    subjects: Mapping[str, Equation | Parameter],
) -> Iterator[Change]:
    for name, old in before.items():
        subject = subjects.get(name)
        if name in renamed:
            yield Change(name, "renamed", name, renamed[name], subject)
        elif name not in after:
            yield Change(name, "removed", infix(_tree(old)), "", subject, unit=old.units)
            continue
        new = after[renamed.get(name, name)]
        yield from _of_equation(name, _tree(old), _tree(new), renamed, subject)
        if unit_form(old.units) != unit_form(new.units):
            yield Change(name, "unit", old.units.strip(), new.units.strip(), subject)
        if not _same_range(_range(old), _range(new)):
            yield Change(name, "range", _range_text(old), _range_text(new), subject)
    for name, new in after.items():
        if name not in before and name not in renamed.values():
            yield Change(name, "added", "", infix(_tree(new)), None, unit=new.units)


def _of_equation(
    name: str, old: Any, new: Any, renamed: Mapping[str, str], subject: Equation | Parameter | None
) -> Iterator[Change]:
    numbers = _number(old), _number(new)
    if numbers[0] is not None and numbers[1] is not None:
        if rounded(numbers[0]) != rounded(numbers[1]):
            yield Change(name, "value", infix(old), infix(new), subject, (numbers[0], numbers[1]))
        return
    if not (isinstance(old, syntax.IntegStructure) and isinstance(new, syntax.IntegStructure)):
        if form(old, renamed) != form(new):
            yield Change(name, "equation", infix(old), infix(new), subject)
        return
    if form(old.flow, renamed) != form(new.flow):
        yield Change(name, "equation", infix(old.flow), infix(new.flow), subject)
    if form(old.initial, renamed) != form(new.initial):
        yield Change(name, "initial", infix(old.initial), infix(new.initial), subject)
    if bool(old.non_negative) != bool(new.non_negative):
        yield Change(name, "floor", _floor(old), _floor(new), subject)


def _floor(stock: Any) -> str:
    return "≥ 0" if stock.non_negative else ""


def _renames(before: Elements, after: Elements) -> dict[str, str]:
    """Old name -> new name, where the same equation stands under another name and serves the same variables."""
    gone = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    users_before, users_after = (_users(elements) for elements in (before, after))
    found: dict[str, str] = {}
    for _ in gone:
        known = len(found)
        for old in gone:
            users = {found.get(user, user) for user in users_before.get(old, ())}
            alike = [
                name
                for name in new
                if name not in found.values() and users and users == users_after.get(name)
                and form(_tree(before[old]), found) == form(_tree(after[name]))
                and unit_form(before[old].units) == unit_form(after[name].units)
            ]  # fmt: skip
            if old not in found and len(alike) == 1:
                found[old] = alike[0]
        if len(found) == known:
            break
    return found


def _users(elements: Elements) -> dict[str, set[str]]:
    users: dict[str, set[str]] = {}
    for name, element in elements.items():
        for node in nodes(_tree(element)):
            if isinstance(node, syntax.ReferenceStructure):
                users.setdefault(identifier(node.reference), set()).add(name)
    return users


def _number(tree: Any) -> float | None:
    """The number that an equation comes to without looking at any other variable."""
    if isinstance(tree, (int, float)):
        return float(tree)
    match form(tree):
        case ("number", size):
            return float(size)
        case ("sum", ((-1, ("number", size)),)):
            return -float(size)
    return None


def _tree(element: AbstractElement) -> Any:
    return element.components[0].ast


def _range(element: AbstractElement) -> tuple[float | None, float | None]:
    low, high = (*(element.limits or ()), None, None)[:2]
    return low, high


def _same_range(old: tuple[float | None, ...], new: tuple[float | None, ...]) -> bool:
    return all(
        a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=_RANGE_DIGITS))
        for a, b in zip(old, new, strict=True)
    )


def _range_text(element: AbstractElement) -> str:
    low, high = _range(element)
    if low is None and high is None:
        return ""
    return f"[{', '.join('?' if end is None else f'{end:.6g}' for end in (low, high))}]"


def _words(element: AbstractElement) -> list[str]:
    text = re.sub(r"\d+\.\d+(e-?\d+)?", lambda found: rounded(float(found[0])), element.documentation or "")
    return text.split()
