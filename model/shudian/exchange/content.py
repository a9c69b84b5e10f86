"""What a file of either format says: one entry for each variable and number, group by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shudian.draws import Draws
from shudian.equations.language import Expression
from shudian.exchange.expressions import Dialect, spell, spell_schedule
from shudian.exchange.names import sectors
from shudian.kinds import SCHEDULED_ROLES, Equation, Label, Model, Parameter, Scenario
from shudian.parameters import DATE
from shudian.quantities import write_month, write_number
from shudian.reviews import check_once
from shudian.schedules import Schedule
from shudian.units import conversion, unit_label


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable or number with what it follows from."""

    subject: Equation | Parameter
    source: Expression | Schedule
    """A variable's expression, a fixed parameter's value, the schedule of a lever or an assumption."""
    note: tuple[str, ...]
    """Lines of documentation: Chinese, English, where it comes from."""

    @property
    def name(self) -> str:
        """The identifier."""
        return self.subject.name

    def text(self, dialect: Dialect) -> str:
        """The right side of the equation; of a stock, the sum of its flows."""
        if isinstance(self.source, Expression):
            return spell(self.source, dialect)
        assert isinstance(self.subject, Parameter)
        return spell_schedule(self.source, self.subject.value, dialect)


def groups(model: Model, scenario: Scenario, draws: Draws) -> dict[str, tuple[Entry, ...]]:
    """The entries of each sector: its equations as they are written, file by file, then its numbers.

    Fixed parameters take the values of the first of `draws`, unless the scenario sets them. Raises ValueError
    for a scenario whose budget has not been equalised, InputError for one with reviews.
    """
    check_once(scenario)
    if scenario.same_budget_as:
        raise ValueError(f"equalise the budget of “{scenario.name}” first")
    fixed = dict(zip(draws.names, map(float, draws.values[:, 0]), strict=True)) | dict(scenario.fixed)
    schedules = {**scenario.levers, **scenario.assumptions}
    found: dict[str, tuple[Entry, ...]] = {}
    for sector in sectors(model):
        equations = [e for e in model.equations if e.sector == sector]
        in_order = sorted(equations, key=lambda e: (e.place.path.name, e.place.line))
        numbers = [p for p in model.parameters.values() if p.sector == sector]
        found[sector] = (
            *(Entry(e, e.expression, _equation_note(e)) for e in in_order),
            *(Entry(p, _source(p, fixed, schedules), _parameter_note(p)) for p in numbers),
        )
    return found


def numbers_from(draws: Draws) -> Label:
    """Where the numbers of the uncertain parameters come from."""
    if draws.calibrated:
        return Label(f"参数取自后验 {draws.posterior[:8]}", f"numbers from the posterior {draws.posterior[:8]}")
    return Label("参数取自先验，未校准", "numbers from the priors, uncalibrated")


def _source(
    parameter: Parameter, fixed: Mapping[str, float], schedules: Mapping[str, Schedule]
) -> Expression | Schedule:
    if parameter.role in SCHEDULED_ROLES:
        return schedules.get(parameter.name, ())
    return Expression("constant", value=fixed[parameter.name])


def _equation_note(equation: Equation) -> tuple[str, ...]:
    return (*_label_and_meaning(equation), *_cited(equation))


def _parameter_note(parameter: Parameter) -> tuple[str, ...]:
    about = f"Role: {parameter.role}. Basis: {parameter.basis}. Written in: {_written_in(parameter)}."
    prior = parameter.prior
    lines = [*_label_and_meaning(parameter), about]
    if prior is not None:
        said = ", ".join(f"{name} {write_number(value)}" for name, value in prior.arguments.items())
        lines.append(f"Prior: {prior.distribution}{': ' if said else ''}{said}.")
    if parameter.note.en:
        lines += [f"依据：{parameter.note.zh}", f"Why: {parameter.note.en}"]
    return (*lines, *_cited(parameter))


def _label_and_meaning(subject: Equation | Parameter) -> tuple[str, str]:
    return f"{subject.label.zh}：{subject.meaning.zh}", f"{subject.label.en}: {subject.meaning.en}"


def _cited(subject: Equation | Parameter) -> tuple[str, ...]:
    return (f"Evidence: {', '.join(subject.evidence)}",) if subject.evidence else ()


def _written_in(parameter: Parameter) -> str:
    if parameter.display_unit == DATE:
        return f"months after {write_month(0)}"
    if parameter.unit == "1":
        return "a pure number"
    factor = write_number(conversion(parameter.display_unit, parameter.unit))
    unit = unit_label(parameter.unit, "zh")
    return f"{parameter.display_unit} (1 {parameter.display_unit} = {factor} {unit})"
