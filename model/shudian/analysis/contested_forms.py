"""seeds/structures.toml -> ContestedForm: two structures that one parameter nests, both held possible."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shudian.draws import Draws
from shudian.kinds import Label, Model, Parameter, Place, Scenario
from shudian.paths import seeds_folder
from shudian.quantities import show
from shudian.toml_file import TomlFile, nearest, read_toml

NESTING = "nil_or_normal"
"""The prior that nests two structures: exactly nil with a probability, otherwise a number."""
_TEXTS = ("label", "question", "when_nil", "otherwise")
_KEYS = ("label", "question", "parameter", "when_nil", "otherwise")


@dataclass(frozen=True, slots=True)
class ContestedForm:
    """A question of form that no report has settled."""

    name: str
    label: Label
    question: Label
    parameter: Parameter
    when_nil: Label
    """What holds where the parameter is nil."""
    otherwise: Label
    place: Place

    @property
    def prior_nil(self) -> float:
        """Prior probability of the form in which the parameter is nil."""
        assert self.parameter.prior is not None
        return self.parameter.prior.arguments["nil_probability"]

    def is_nil(self, draws: Draws) -> NDArray[np.bool_]:
        """In which draws the parameter is nil."""
        return np.asarray(draws.values[draws.names.index(self.parameter.name)] == 0)


def load_contested_forms(model: Model, path: Path | None = None) -> tuple[ContestedForm, ...]:
    """The contested forms of the file at `path` (default: the shipped one).

    Raises InputError for a mistake in it, and for a parameter that `model` lacks or whose prior nests no two forms.
    """
    file = read_toml(path or seeds_folder() / "structures.toml")
    found: dict[str, ContestedForm] = {}
    for name in file.data:
        form = _form(file, name, model)
        if form.parameter.name in found:
            other = found[form.parameter.name].name
            file.fail(
                "“{name}” and “{other}” have the same parameter; a form is listed once",
                name,
                "parameter",
                name=name,
                other=other,
            )
        found[form.parameter.name] = form
    return tuple(found.values())


def undecided(
    forms: Sequence[ContestedForm], scenarios: Sequence[Scenario], given: Collection[str] = ()
) -> tuple[ContestedForm, ...]:
    """The forms whose parameter is not `given`, and which none of `scenarios` decides by setting it."""
    named = {*given, *(name for scenario in scenarios for name in scenario.fixed)}
    return tuple(form for form in forms if form.parameter.name not in named)


def _form(file: TomlFile, name: str, model: Model) -> ContestedForm:
    table = file.data[name]
    if not isinstance(table, dict):
        file.fail(
            "“{name}” must be a contested form: a table [{table}] with its question and the parameter",
            name,
            name=name,
            table=name,
        )
    file.only(_KEYS, name)
    for key in _KEYS:
        if key not in table:
            file.fail("the contested form “{name}” lacks “{key}”", name, name=name, key=key)
    asked = table["parameter"]
    nesting = [p.name for p in model.fixed if p.prior is not None and p.prior.distribution == NESTING]
    if not isinstance(asked, str) or asked not in model.parameters:
        file.fail(
            "there is no parameter {name}{nearest}",
            name,
            "parameter",
            name=show(asked),
            nearest=nearest(str(asked), nesting),
        )
    if asked not in nesting:
        file.fail(
            "“{name}” has no {prior} prior, so that no draw has the other form; give it one, or name another",
            name,
            "parameter",
            name=asked,
            prior=NESTING,
        )
    label, question, when_nil, otherwise = (file.label(table[key], name, key) for key in _TEXTS)
    return ContestedForm(name, label, question, model.parameters[asked], when_nil, otherwise, file.place(name))
