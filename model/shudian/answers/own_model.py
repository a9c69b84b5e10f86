"""A model that somebody changed in words: a lever of one's own, another equation, checked as the shipped ones are."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

from shudian.answers.handed import as_given, flag, number, text
from shudian.equations.language import Expression
from shudian.equations.mistakes import FUNCTIONS
from shudian.equations.text import read_equation
from shudian.explain import find
from shudian.kinds import Equation, InputError, Kind, Label, Model, ModelChange, Parameter, Place
from shudian.quantities import placed
from shudian.structure import TIME, changed
from shudian.units import conversion, internal_unit

OLD = "old"
"""What an equation's text calls the equation that stood there before."""
_SECTOR = "own"
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def with_lever(
    model: Model, name: str, label: Label, unit: str, low: float, high: float, value: float, whole: bool
) -> Model:
    """`model` with a lever that the city may choose: from `low` to `high`, `value` without a decision, all in `unit`.

    It does nothing until an equation uses it. Raises InputError for a name that is taken or no identifier, for a unit
    that is not known, and for a range that is none or does not hold the value.
    """
    place = Place(Path("with_lever"), 1, f"“{text('name', name)}”")
    with placed(place):
        _check_name(name, model)
        internal = internal_unit(text("unit", unit))
        low, high, value = (number(of, given) for of, given in (("low", low), ("high", high), ("value", value)))
        if flag("whole", whole):
            _check_whole(low, high, value)
        if not low <= value <= high or low == high:
            raise InputError(
                "the range {low:g} to {high:g} must hold {value:g}, what holds without a decision",
                low=low, high=high, value=value,
            )  # fmt: skip
    factor = conversion(unit, internal)
    lever = Parameter(
        name, _SECTOR, label, label, internal, unit, "lever", value * factor, None, low * factor, high * factor,
        "assumed", (), Label("", ""), place, whole=whole,
    )  # fmt: skip
    return changed(model, model.equations, {**model.parameters, name: lever}, ModelChange("lever", name, label))


def with_equation(
    model: Model, name: str, equation: str, label: Label | None, unit: str, kind: Kind | None, initial: str
) -> Model:
    """`model` with the equation `equation` for the variable `name`, which keeps its unit and kind, or is new.

    In `equation`, in the language of the model's equations, OLD is the equation that stood there. A new variable has
    the `unit`, `kind` and, as a stock, the `initial` that are given. Raises InputError for what is no equation, for an
    unknown name with the nearest, for units that do not fit, and for variables that would define each other.
    """
    place = Place(Path("with_equation"), 1, f"“{text('name', name)}”")
    before = model.equation(name) if name in model else None
    with placed(place):
        unit, initial, equation = text("unit", unit), text("initial", initial), text("text", equation)
        if kind is not None and kind not in get_args(Kind):
            raise InputError(
                "kind is {given}; it must be {kinds}", given=as_given(kind), kinds=" or ".join(get_args(Kind))
            )
        if before is None:
            _check_new(name, unit, model)
        elif kind not in (None, before.kind) or initial not in ("", before.initial):
            raise InputError("“{name}” keeps its kind and its first value; leave kind and initial out", name=name)
        elif unit and internal_unit(unit) != before.unit:
            raise InputError("“{name}” is in {unit} and keeps that; leave unit out", name=name, unit=before.unit)
        tree = read_equation(equation, lambda word: _variable(word, name, before, model))
    causes = tuple(dict.fromkeys(node.name for node in tree.walk() if node.operation == "variable"))
    meaning = Label(equation, equation)
    if before is None:
        called = label or Label(name, name)
        own = Equation(
            name, kind or "auxiliary", internal_unit(unit), called, meaning, _SECTOR, causes, tree, initial, (), place
        )
        equations = (*model.equations, own)
    else:
        called = label or before.label
        own = replace(before, label=called, meaning=meaning, causes=causes, expression=tree, place=place)
        equations = tuple(own if one is before else one for one in model.equations)
    return changed(
        model, equations, model.parameters, ModelChange("variable" if before is None else "equation", name, called)
    )


def _variable(word: str, name: str, before: Equation | None, model: Model) -> Expression:
    if word == OLD:
        if before is None:
            raise InputError(
                "“{old}” is the equation that stood there before, and “{name}” has had none", old=OLD, name=name
            )
        return before.expression
    found = word if word == TIME or (word == name and before is None) else find(model, word).name
    return Expression("variable", name=found)


def _check_new(name: str, unit: str, model: Model) -> None:
    if name in model.parameters:
        raise InputError("“{name}” is given to the model and has no equation; change that of what uses it", name=name)
    if not unit:
        # a name that is nearly a variable's is a slip of the pen
        find(model, name)
        raise InputError('“{name}” needs its unit, as in unit="万元/人", or unit="1" for a pure number', name=name)
    _check_name(name, model)


def _check_whole(*values: float) -> None:
    for value in values:
        if not value.is_integer():
            raise InputError(
                "the lever is whole, and {value:g} is not; give low, high and value as whole numbers", value=value
            )


def _check_name(name: str, model: Model) -> None:
    if not _NAME.fullmatch(name) or name in (OLD, TIME, *FUNCTIONS):
        raise InputError("“{name}” is no name for a part of the model; write small letters, digits and _", name=name)
    if name in model.parameters or name in model:
        raise InputError("“{name}” is in the model already; choose another name", name=name)
