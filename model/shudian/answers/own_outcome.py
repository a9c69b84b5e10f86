"""An outcome of one's own: what follows from the model's variables by somebody's own rule, in every draw and month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shudian.analysis.reported import Band, band
from shudian.analysis.results import LAST_YEAR
from shudian.analysis.verdicts import Pairing, Probability
from shudian.answers.handed import as_given
from shudian.answers.names import thing_named
from shudian.answers.run import Answer, run_of
from shudian.dimensions import unit_of
from shudian.draws import Array, Draws
from shudian.equations.language import Expression
from shudian.equations.text import read_equation
from shudian.kinds import InputError, Model, Parameter, Phrase, Scenario
from shudian.quantities import FIRST_YEAR, MONTHS, measured, read_quantity, show
from shudian.reviews import ways
from shudian.scenarios import schedule_matrix
from shudian.simulate import ways_taken
from shudian.structure import TIME
from shudian.units import conversion, internal_unit, parse_unit

Reader = Callable[[str], Array]
"""What a variable is, by name or label: [month, draw], in its own unit."""
Rule = Callable[[Reader], Array]
"""The outcome from what it reads, [month, draw]."""
Compared = Literal["level", "additional", "change"]
YEARLY = "yearly"
"""The function that gives the increase over the last twelve months, and its unit one per year."""
_FEW = 2
"""Draws on which a rule is tried first, which says what it reads."""
_YEAR = 12
_TAKEN = ("scenario", "month", "quantile", "year", "draw")
"""What a dataset calls its dimensions, so that no outcome can be called that."""


@dataclass(frozen=True, slots=True)
class Written:
    """An outcome as text."""

    expression: Expression
    variables: tuple[str, ...]
    unit: str
    """That in which it comes out."""
    _yearly: Mapping[str, Expression] = field(default_factory=dict)

    def of(self, read: Reader) -> Array:
        """The outcome from what it reads, [month, draw]; what is divided by nothing is not finite."""
        months = np.arange(MONTHS + 1, dtype=np.float64)[:, None]
        values: dict[str, Array] = {TIME: months, **{name: read(name) for name in self.variables}}
        with np.errstate(all="ignore"):
            for name, inner in self._yearly.items():
                values[name] = increase(_values(inner, values))
            return _values(self.expression, values)


@dataclass(frozen=True, slots=True, eq=False)
class OwnOutcome:
    """An outcome of one's own in every scenario of an answer."""

    name: str
    unit: str
    scenarios: tuple[Scenario, ...]
    pairing: Pairing
    months: NDArray[np.datetime64]
    """The first day of each month, at whose beginning a value holds."""
    values: Mapping[str, Array]
    """Scenario -> [month, draw] in `unit`; not a number where there is none."""
    carried: float
    """How many independent draws these are worth."""

    def read(self, scenario: str, year: int, compared: Compared = "level") -> Array | None:
        """Every draw at the end of `year`, or its difference to the reference or to the package as it was.

        None where a scenario has nothing to be compared with.
        """
        other = {
            "level": "",
            "additional": self.pairing.references[scenario],
            "change": self.pairing.originals.get(scenario, ""),
        }[compared]
        if other == scenario or (compared != "level" and not other):
            return None
        place = _YEAR * (year + 1 - FIRST_YEAR)
        own = self.values[scenario][place]
        with np.errstate(invalid="ignore"):
            return own if compared == "level" else np.asarray(own - self.values[other][place])

    def threshold(self, given: float | str) -> float:
        """A number in `unit`, or an amount with its own unit, in `unit`; raises InputError for another dimension."""
        if not isinstance(given, str):
            return float(given)
        internal = internal_unit(self.unit)
        example = f'"5 {self.unit}"'
        expected = Phrase("“{name}” is in {unit}, as in {example}", name=self.name, unit=self.unit, example=example)
        found = measured(read_quantity(given), internal, self.unit, show(given), expected)
        return found / conversion(self.unit, internal)

    def above(self, scenario: str, year: int, threshold: float) -> NDArray[np.bool_]:
        """In which draws the outcome exceeds `threshold` at the end of `year`; one that has no value does not."""
        return np.asarray(self.values[scenario][_YEAR * (year + 1 - FIRST_YEAR)] > threshold)

    def chance(self, scenario: str, year: int, threshold: float) -> Probability:
        """How likely the outcome exceeds `threshold` at the end of `year`, with its standard error."""
        return self._mean(self.above(scenario, year, threshold).astype(np.float64))

    def gained(self, scenario: str, year: int, threshold: float) -> Probability | None:
        """By how much likelier than in the reference, on the same draws; None for a reference."""
        other = self.pairing.references[scenario]
        if other == scenario:
            return None
        own, base = (self.above(name, year, threshold).astype(np.float64) for name in (scenario, other))
        return self._mean(own - base)

    def _mean(self, values: Array) -> Probability:
        return Probability(float(values.mean()), float(values.std()) / float(np.sqrt(self.carried)))


def years() -> range:
    """The years at whose end an outcome is told."""
    return range(FIRST_YEAR, LAST_YEAR + 1)


def band_of(values: Array) -> tuple[Band, float]:
    """Median and 5-95 % range of the draws that have a value, and the share of those that have none."""
    finite = values[np.isfinite(values)]
    return band(finite) if finite.size else Band(np.nan, np.nan, np.nan), 1 - finite.size / values.size


def increase(values: Array) -> Array:
    """What [month, draw] has gained over the last twelve months; not finite in the first year."""
    found = np.full(values.shape, np.nan)
    found[_YEAR:] = values[_YEAR:] - values[:-_YEAR]
    return found


def written(text: str, model: Model) -> Written:
    """The outcome that `text` writes in the language of the model's equations, and `yearly(x)`, with units checked.

    Raises InputError for what is no equation, for an unknown name with the nearest, and for units that do not fit.
    """
    inner: dict[str, Expression] = {}
    units: dict[str, str] = {TIME: "month"}

    def variable(name: str) -> Expression:
        if name == TIME:
            return Expression("variable", name=TIME)
        thing = thing_named(name, model)
        units[thing.name] = thing.unit
        return Expression("variable", name=thing.name)

    def yearly(term: Expression) -> Expression:
        name = f"{YEARLY}({len(inner)})"
        unit = unit_of(term, units)
        inner[name], units[name] = term, f"{unit}/year"
        return Expression("variable", name=name)

    expression = read_equation(text, variable, {YEARLY: yearly})
    unit = unit_of(expression, units)
    names = tuple(name for name in units if name not in inner and name != TIME)
    return Written(expression, names, unit, inner)


def own_outcome(answer: Answer, name: str, rule: Rule | Written, unit: str = "") -> OwnOutcome:
    """`rule` in every scenario of `answer`, on the same draws, in `unit`.

    What is written has a unit of its own, which `unit` may only scale; any other rule's unit is `unit`. A rule is tried
    on two draws first. Raises InputError for a unit that is not known or of another dimension, and for a rule whose
    result has another shape than what it reads.
    """
    if name in _TAKEN:
        raise InputError(
            "an outcome cannot be called “{name}”, as months and draws are; choose another name", name=name
        )
    if unit:
        parse_unit(unit)
    factor = 1.0
    of: Rule = rule.of if isinstance(rule, Written) else rule
    if isinstance(rule, Written):
        unit = unit or rule.unit
        factor = conversion(rule.unit, unit)
    elif not unit:
        raise InputError('“{name}” needs its unit, as in unit="万元/人", or unit="1" for a pure number', name=name)
    scenarios = answer.plan.scenarios
    few = replace(answer.draws, values=answer.draws.values[:, :_FEW])
    tried = _Runs(answer, scenarios[0], few, ())
    _shaped(of(tried.read), few, name)
    values = {}
    for scenario in scenarios:
        runs = _Runs(answer, scenario, answer.draws, tuple(tried.found))
        found = _shaped(of(runs.read), answer.draws, name)
        values[scenario.name] = found if factor == 1 else found * factor
    return OwnOutcome(
        name, unit, scenarios, answer.plan.pairing, answer.outcomes[0].months, values, answer.verdicts.carried
    )


class _Runs:
    """One scenario's variables, [month, draw], run when they are first asked for; `names` all at once."""

    def __init__(self, answer: Answer, scenario: Scenario, draws: Draws, names: Sequence[str]) -> None:
        self.answer, self.scenario, self.draws = answer, scenario, draws
        self.found: dict[str, Array] = {}
        self._run([name for name in names if name in answer.model])

    def read(self, text: str) -> Array:
        model = self.answer.model
        name = text if text in model else thing_named(text, model).name
        if name not in self.found and name in model:
            self._run([name])
        elif name not in self.found:
            self.found[name] = _given(name, model, self.scenario, self.draws)
        return self.found[name]

    def _run(self, names: Sequence[str]) -> None:
        if names:
            run = run_of(self.answer.plan, self.answer.model, self.scenario, self.draws, names)
            self.found |= {name: np.ascontiguousarray(run[name].values.T) for name in names}


def _given(name: str, model: Model, scenario: Scenario, draws: Draws) -> Array:
    """A parameter: as the draws have it, or as the scenario has it at the beginning of each month."""
    parameter = model.parameters[name]
    shape = (MONTHS + 1, draws.values.shape[1])
    if parameter not in model.scheduled:
        row = draws.values[draws.names.index(name)]
        return np.broadcast_to(scenario.fixed.get(name, row), shape)
    if not scenario.reviews:
        return np.broadcast_to(_monthly(scenario, parameter)[:, None], shape)
    taken, found = ways_taken(model, scenario, draws), np.empty(shape)
    for way, plain in ways(scenario):
        found[:, taken.on(way)] = _monthly(plain, parameter)[:, None]
    return found


def _monthly(scenario: Scenario, parameter: Parameter) -> Array:
    months = schedule_matrix(scenario, [parameter], MONTHS, 1)[0]
    # after the last step nothing is decided, and what held in it holds
    return np.append(months, schedule_matrix(scenario, [parameter])[0, -1])


def _shaped(values: object, draws: Draws, name: str) -> Array:
    if values is None:
        raise InputError("the rule of “{name}” gives nothing back; does it end with return?", name=name)
    shape = (MONTHS + 1, draws.values.shape[1])
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            "the rule of “{name}” gives {found}, and numbers are needed, one for each month and draw",
            name=name,
            found=as_given(values),
        ) from None
    try:
        return np.broadcast_to(np.where(np.isfinite(found), found, np.nan), shape).copy()
    except ValueError:
        raise InputError(
            "“{name}” must have a value for each month and draw, {wanted}, and has the shape {found}",
            name=name,
            wanted=str(shape),
            found=str(found.shape),
        ) from None


def _values(node: Expression, values: Mapping[str, Array]) -> Array:
    if node.operation == "variable":
        return values[node.name]
    if node.operation == "constant":
        return np.asarray(node.value)
    parts = [_values(operand, values) for operand in node.operands]
    match node.operation:
        case "negate":
            return np.asarray(-parts[0])
        case "minimum":
            return np.minimum(parts[0], parts[1])
        case "maximum":
            return np.maximum(parts[0], parts[1])
        case "where":
            return np.where(parts[0], parts[1], parts[2])
        case "by_year":
            year = np.minimum(values[TIME] // _YEAR, len(parts) - 1)
            return np.asarray(np.select([year == place for place in range(len(parts))], parts))
    return np.asarray(getattr(np, node.operation)(*parts))
