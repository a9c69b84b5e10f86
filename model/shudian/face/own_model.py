"""The model in a notebook: what it consists of, and how to change it without touching the package."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from shudian.answers.own_model import with_equation, with_lever
from shudian.kinds import Kind, Label, Model


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OpenModel(Model):
    """A model that can be changed; each change gives another model and leaves this one as it is."""

    def with_lever(
        self,
        name: str,
        *,
        low: float,
        high: float,
        unit: str = "1",
        value: float = 0.0,
        label: str = "",
        label_zh: str = "",
        whole: bool = False,
    ) -> OpenModel:
        """This model with a lever of one's own, from `low` to `high` and at `value` without a decision, in `unit`.

        Equations may use it, and `set={"NAME": "0.3@2026-07"}` and `without` as every other. With `whole` half of it
        cannot be chosen. An answer of a changed model says that its structure is not calibrated. Raises InputError for
        a name that is taken, an unknown unit, and a range that does not hold the value.
        """
        named = Label(label_zh or label or name, label or name)
        return opened(with_lever(self, name, named, unit, low, high, value, whole))

    def with_equation(
        self,
        name: str,
        text: str,
        *,
        unit: str = "",
        kind: Kind | None = None,
        initial: str = "",
        label: str = "",
        label_zh: str = "",
    ) -> OpenModel:
        """This model with another equation of the variable `name`, or with a new variable that has `unit` and `kind`.

        `text` is in the language of the model's equations, `"old * (1 - tax_credit)"`, in which `old` is the equation
        that stood there before. Numbers are pure numbers, and units are checked as those of the shipped equations. A
        new variable is an auxiliary where no `kind` is given; a new stock is a sum of flows and has its first value
        from the parameter or variable `initial`. Loops that a change has cut are no longer listed, and new ones are not
        found. Raises InputError for what is no equation, for an unknown name with the nearest, for units that do not
        fit, and for variables that would define each other.
        """
        named = Label(label_zh or label, label) if label else None
        return opened(with_equation(self, name, text, named, unit, kind, initial))


@lru_cache(maxsize=16)
def opened(model: Model) -> OpenModel:
    """`model`, so that it can be changed."""
    return OpenModel(**{field.name: getattr(model, field.name) for field in fields(Model)})
