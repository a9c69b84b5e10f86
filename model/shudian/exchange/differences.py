"""What an analyst changed in an exported model file, found by comparing it with a fresh export.

Layout, order, diagram, brackets that change nothing, spelling of names and numbers, the step of a range and
the settings behind the sketch are no differences. A changed comment has no effect on any result and is kept apart.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pysd.translators.structures import abstract_expressions as syntax

from shudian.budget import equalise
from shudian.draws import Draws
from shudian.evidence import HOME
from shudian.exchange import vensim, xmile
from shudian.exchange.export import exported_with, format_of
from shudian.exchange.forms import form, number_of, rounded, unit_form
from shudian.exchange.infix import infix
from shudian.exchange.model_file import ModelFile, check_same_model, read_model_file
from shudian.exchange.origin import Nearest, named_scenario, nearest_scenario
from shudian.exchange.variables import CONTROL, SAVEPER, Range, Variable, references
from shudian.grounds import reference_draw, standing_posterior
from shudian.kinds import Equation, Model, Parameter, Scenario
from shudian.posterior_file import Posterior
from shudian.quantities import placed
from shudian.scenarios import load_scenario
from shudian.schedules import ROOT
from shudian.structure import load_model

What = Literal["added", "removed", "renamed", "value", "equation", "initial", "floor", "unit", "range"]
_RANGE_DIGITS = 1e-5
"""Tools that draw a range as a slider keep six digits of it."""
_MANY = 20
"""More numbers, ranges or units than this an analyst does not change by hand in one model."""
_ROUNDED = 1e-5
"""Tools that save fewer digits keep at least six."""
_DIGEST = re.compile(r"\bmodel ([0-9a-f]{16})\b")
Dropped = Literal["range", "unit", "digits"]
Elements = Mapping[str, Variable]


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
    dropped: Mapping[Dropped, int]
    """How many ranges, units and last digits another tool has not kept; they are no changes."""
    nearest: Nearest | None = None
    """How `scenario` was recognised, if the file does not name one and nobody did."""


def compare_file(path: Path, scenario: str = "", city: str = "") -> Differences:
    """What `shudian diff` does: compare `path` with an export of `scenario`, named as in `shudian run`.

    Without `scenario` the file says from which one it was exported, or else it is the shipped one nearest to it;
    without `city` the scenario says. The file may have been exported with the medians of the shipped posterior or of
    the priors. Raises InputError for any mistake in the file or the names.
    """
    format_of(path)
    home = load_model(city or HOME)
    file = read_model_file(path)
    named = scenario or named_scenario(file.text)
    with placed(path):
        chosen = load_scenario(named or ROOT, home.parameters)
    nearest = None
    if not named:
        check_same_model(file, home)
        medians = exported_with(file, home, standing_posterior(city or HOME))
        nearest = nearest_scenario(file.variables, file.spelling, home, medians)
        chosen = load_scenario(nearest.scenario, home.parameters)
    model = load_model(city or chosen.city)
    found = exported_with(file, model, standing_posterior(city or chosen.city))
    return replace(differences_of(model, equalise(chosen, model, found), file, found), nearest=nearest)


def differences_of(
    model: Model, scenario: Scenario, file: ModelFile, posterior: Posterior | None = None
) -> Differences:
    """The differences between `file` and what `export` would write now, in the file's own format.

    Parameters are at the medians of `posterior` or, without one, of the priors. Raises InputError if the file is not
    this model, or has an equation that cannot be read; ValueError for a scenario whose budget has not been equalised.
    """
    check_same_model(file, model)
    before, after = _fresh(model, scenario, file.path, reference_draw(model, posterior)), file.variables
    renamed = _renames(before, after)
    subjects: dict[str, Equation | Parameter] = {e.name: e for e in model.equations}
    subjects |= model.parameters
    changes, dropped = _kept(tuple(_changes(before, after, renamed, subjects)), before)
    touched = {change.name for change in changes}
    pairs = [(n, renamed.get(n, n)) for n in before if n not in CONTROL and renamed.get(n, n) in after]
    comments = tuple(new for old, new in pairs if old not in touched and _words(before[old]) != _words(after[new]))
    said = _DIGEST.search(file.text)
    older = said is not None and said[1] != model.digest
    return Differences(file.path, scenario, changes, comments, older, _recalibrated(model, changes), dropped)


def _kept(changes: tuple[Change, ...], before: Elements) -> tuple[tuple[Change, ...], Mapping[Dropped, int]]:
    """The changes that someone made, and how many a tool made that does not keep such things at all."""
    had = {
        "range": sum(e.limits != (None, None) for e in before.values()),
        "unit": sum(bool(e.units) for e in before.values()),
    }
    lost: dict[Dropped, list[Change]] = {
        "range": [c for c in changes if c.what == "range" and not c.after],
        "unit": [c for c in changes if c.what == "unit" and not c.after],
        "digits": [c for c in changes if c.values and math.isclose(*c.values, rel_tol=_ROUNDED)],
    }
    found = {what: some for what, some in lost.items() if len(some) > max(_MANY, had.get(what, 0) / 2)}
    dropped = {id(change) for some in found.values() for change in some}
    return tuple(c for c in changes if id(c) not in dropped), {what: len(some) for what, some in found.items()}


def _recalibrated(model: Model, changes: Sequence[Change]) -> bool:
    uncertain = {p.name for p in model.parameters.values() if p.role == "uncertain"}
    changed = sum(change.what == "value" and change.name in uncertain for change in changes)
    return changed > max(_MANY, len(uncertain) / 2)


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
        if name == SAVEPER:
            # a run reports whole months, whatever a tool would save
            continue
        if name in renamed:
            yield Change(name, "renamed", name, renamed[name], subject)
        elif name not in after:
            yield Change(name, "removed", infix(old.tree), "", subject, unit=old.units)
            continue
        new = after[renamed.get(name, name)]
        yield from _of_equation(name, old.tree, new.tree, renamed, subject)
        if unit_form(old.units) != unit_form(new.units):
            yield Change(name, "unit", old.units.strip(), new.units.strip(), subject)
        if not _same_range(old.limits, new.limits):
            yield Change(name, "range", _range_text(old), _range_text(new), subject)
    for name, new in after.items():
        if name not in before and name not in renamed.values():
            yield Change(name, "added", "", infix(new.tree), None, unit=new.units)


def _of_equation(
    name: str, old: Any, new: Any, renamed: Mapping[str, str], subject: Equation | Parameter | None
) -> Iterator[Change]:
    numbers = number_of(old), number_of(new)
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
                and form(before[old].tree, found) == form(after[name].tree)
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
        for cause in references(element.tree):
            users.setdefault(cause, set()).add(name)
    return users


def _same_range(old: Range, new: Range) -> bool:
    return all(
        a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=_RANGE_DIGITS))
        for a, b in zip(old, new, strict=True)
    )


def _range_text(element: Variable) -> str:
    low, high = element.limits
    if low is None and high is None:
        return ""
    return f"[{', '.join('?' if end is None else f'{end:.6g}' for end in (low, high))}]"


def _words(element: Variable) -> list[str]:
    text = re.sub(r"\d+\.\d+(e-?\d+)?", lambda found: rounded(float(found[0])), element.documentation)
    return text.split()
