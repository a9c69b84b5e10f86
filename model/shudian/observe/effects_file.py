"""seeds/effects.csv -> the findings of studies, or a refusal with the line."""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, get_args

from shudian.evidence import load_figures, load_sources
from shudian.kinds import InputError, Label, Model, Place, Source
from shudian.mistakes import Mistakes
from shudian.observe.effects import Design, Effect, Finding, Literature, Region, arms_of
from shudian.observe.rules import Distance, load_transfer
from shudian.paths import seeds_folder
from shudian.publication import printed_by
from shudian.quantities import show
from shudian.table_file import TableFile, check_length, read_table
from shudian.toml_file import nearest

COLUMNS = (
    "id", "source", "figures", "label_zh", "label_en", "place", "years", "design", "treatment", "other_world",
    "outcome", "from_month", "to_month", "finding", "low", "high", "error", "distance", "use", "note_zh", "note_en",
)  # fmt: skip
USES = ("fitted", "context")
"""What a finding is for: it is run as an experiment and fitted, or it is none that can be run in the model."""
HALF_RANGE = 1.645
"""Standard errors from the middle of a printed range to its ends, as of one of 90 %."""


def literature_of(
    model: Model,
    path: Path | None = None,
    *,
    until: datetime.date | None = None,
    without: Collection[str] = (),
) -> Literature:
    """The findings that are used, of studies that had appeared by `until`; `without` leaves findings out."""
    found = load_effects(model, path)
    kept = [e for e in found if e.is_used and e.identifier not in without]
    return Literature(tuple(e for e in kept if until is None or _known_by(e, until)), load_transfer())


def load_effects(model: Model, path: Path | None = None) -> tuple[Effect, ...]:
    """Every row of seeds/effects.csv or of the file at `path`.

    Raises InputError for all mistakes at once: a column, a lever or outcome that the model does not have, a source or
    figure that is not known, a finding without its numbers, two distances for one study.
    """
    table = read_table(path or seeds_folder() / "effects.csv", {})
    if {*table.columns} != {*COLUMNS}:
        raise InputError("the columns must be: {columns}", columns=",".join(COLUMNS)).at(table.place)
    mistakes = Mistakes()
    found: list[Effect] = []
    for place, cells in table.rows:
        with mistakes.noted():
            check_length(table, place, cells)
            row = _Row(table, place, dict(zip(table.columns, (c.strip() for c in cells), strict=False)), model)
            effect = row.effect()
            _check_beside(effect, found)
            found.append(effect)
    mistakes.tell()
    return tuple(found)


def _known_by(effect: Effect, until: datetime.date) -> bool:
    day = printed_by(effect.source.published)
    return day is not None and day <= until


def _check_beside(effect: Effect, found: Sequence[Effect]) -> None:
    for other in found:
        if other.identifier == effect.identifier:
            raise InputError(
                "the id “{name}” is already used at {place}", name=effect.identifier, place=other.where
            ).at(effect.where)
        if other.study == effect.study and other.distance != effect.distance:
            raise InputError(
                "{first} and {second} are findings of one study, which is as far from us for both; write the "
                "same “distance”",
                first=effect.identifier,
                second=other.identifier,
            ).at(effect.where)


@dataclass(frozen=True, slots=True)
class _Row:
    table: TableFile
    place: Place
    cells: Mapping[str, str]
    model: Model

    def effect(self) -> Effect:
        """The finding that the row writes; raises InputError."""
        cells = self.cells
        used = self.choice("use", USES) == "fitted"
        finding = self.choice("finding", get_args(Finding))
        low, high = (self.ratio("low"), self.ratio("high")) if finding == "estimate" and used else (0.0, 0.0)
        if high < low:
            self.fail("“low”, “value” and “high” must not fall")
        effect = Effect(
            identifier=self.text("id"),
            source=self.source(),
            figures=self.figures(),
            label=Label(self.text("label_zh"), self.text("label_en")),
            place=self.choice("place", get_args(Region)),
            years=cells["years"],
            design=self.choice("design", get_args(Design)),
            treatment=_listed(self.text("treatment")) if used else (),
            other_world=_listed(cells["other_world"]),
            outcome=self.outcome() if used else (),
            months=(self.number("from_month"), self.number("to_month")) if used else (0.0, 0.0),
            finding=finding,
            estimate=(low + high) / 2,
            error=(high - low) / (2 * HALF_RANGE)
            if finding == "estimate"
            else self.number("error") / 100
            if used
            else 0.0,
            distance=self.choice("distance", get_args(Distance)),
            is_used=used,
            note=Label(cells["note_zh"], cells["note_en"]),
            where=self.place,
        )
        if used and effect.error <= 0:
            self.fail("“error” must be above 0; of an estimate “low” and “high” are the two ends of its range")
        if used and not 0 <= effect.months[0] < effect.months[1]:
            self.fail("“from_month” must be below “to_month”, both counted from the treatment's first month")
        if used:
            try:
                arms_of(effect, self.model)
            except InputError as error:
                raise error.at(self.place) from None
        return effect

    def fail(self, template: str, /, **values: object) -> NoReturn:
        raise InputError(template, **values).at(self.place)

    def text(self, column: str) -> str:
        if not self.cells[column]:
            self.fail("“{column}” is empty", column=column)
        return self.cells[column]

    def choice(self, column: str, allowed: Sequence[str]) -> Any:
        written = self.cells[column]
        if written not in allowed:
            self.fail(
                "“{column}” cannot be “{written}”{nearest}",
                column=column,
                written=written,
                nearest=nearest(written, allowed),
            )
        return written

    def number(self, column: str) -> float:
        try:
            number = float(self.text(column))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail("{value} is not a number", value=show(self.cells[column]))
        return number

    def ratio(self, column: str) -> float:
        """The logarithm of a change in per cent."""
        change = self.number(column)
        if change <= -100:
            self.fail(
                "“{column}” is {change:g} %; an outcome cannot fall by more than all of it",
                column=column,
                change=change,
            )
        return math.log1p(change / 100)

    def source(self) -> Source:
        known = load_sources()
        name = self.text("source")
        if name not in known:
            self.fail("there is no figure or source “{name}”{nearest}", name=name, nearest=nearest(name, known))
        return known[name]

    def figures(self) -> tuple[str, ...]:
        known = load_figures()
        named = _listed(self.cells["figures"])
        for name in named:
            if name not in known:
                self.fail("there is no figure or source “{name}”{nearest}", name=name, nearest=nearest(name, known))
        return named

    def outcome(self) -> tuple[str, ...]:
        named = tuple(part.strip() for part in self.text("outcome").split("/"))
        known = [equation.name for equation in self.model.equations]
        for name in named:
            if name not in known:
                self.fail("the model has no variable {name}{nearest}", name=show(name), nearest=nearest(name, known))
        return named


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
