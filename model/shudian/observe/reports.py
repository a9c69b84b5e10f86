"""Figures -> reports: the rows of the likelihood, each with every period and number that its words may mean."""

from __future__ import annotations

import calendar
import datetime
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Protocol

from shudian.evidence import load_figures, published_dates
from shudian.indicators import Errors, Reading, Rule
from shudian.kinds import Figure, InputError, Label, Model
from shudian.mistakes import Mistakes
from shudian.observe.rules import Rules, load_rules
from shudian.observe.words import Spreads, Statement, half_digit, sharpest, statement_of
from shudian.parameters import HOME
from shudian.publication import check_dates, check_sign, known_from
from shudian.quantities import FIRST_YEAR, MONTHS
from shudian.units import conversion

CALIBRATION = "calibration"
LATER = "later"
"""Role of figures that came after the calibration's evidence was closed."""


class Measured(Protocol):
    """Whatever knows in which unit a variable is counted: a model, or what was frozen of one."""

    def unit_of(self, name: str) -> str:
        """The internal unit of variable `name`."""
        ...


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a run gives: `variable` read over the months from `start` to `end` after 2023-01."""

    variable: str
    reading: Reading
    start: float
    end: float

    def year_before(self) -> Quantity:
        """The same reading twelve months earlier."""
        return Quantity(self.variable, self.reading, self.start - 12, self.end - 12)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing that a report's words may mean."""

    quantity: Quantity
    level: Statement | None
    """What is said of the quantity in internal units, the definition's factor taken out."""
    growth: Statement | None
    """What is said of the quantity's ratio to the year before."""
    period: tuple[str, str]
    """First and last day, ISO."""
    figures: tuple[str, ...]
    """The figures all of whose printed numbers it holds."""
    copied: float | None = None
    """The number that is printed again here, in internal units, if this meaning is a copy of another report's.

    A copy says of the number copied what its words say, and of the city nothing.
    """


@dataclass(frozen=True, slots=True)
class Report:
    """One office's statement, printed once or more: one row of the likelihood."""

    identifier: str
    figures: tuple[Figure, ...]
    rule: Rule
    alternatives: tuple[Alternative, ...]
    errors: Errors
    """With the definition's factor in the level's."""
    wide: Errors
    available: datetime.date | None
    """By when it was surely published; None where no page shows a date."""
    note: Label | None = None

    @property
    def display_factor(self) -> float:
        """From the quantity in internal units to the figure's number: unit and definition's median factor."""
        return self.rule.factor_median * _from_internal(self.figures[0], self.rule, self.variable_unit)

    variable_unit: str = "1"

    @property
    def greatest(self) -> float:
        """The greatest number that a report of this kind prints, in the figure's unit: of a share, all of it."""
        if self.rule.is_ratio or not self.rule.indicator.endswith("_share"):
            return math.inf
        return _from_internal(self.figures[0], self.rule, self.variable_unit)

    def level_error(self, errors: Errors) -> float:
        """Standard deviation of a level's logarithm with `errors`, if nothing else tells what the definition holds."""
        return math.hypot(errors.level, self.rule.scope_sigma)


def load_reports(
    model: Model,
    figures: Mapping[str, Figure] | None = None,
    *,
    city: str = HOME,
    until: datetime.date | None = None,
    without: Collection[str] = (),
    rules: Rules | None = None,
) -> tuple[Report, ...]:
    """The likelihood's rows: every figure of role calibration that a rule ties to the model of `city`.

    `until` keeps what was published by that day; `without` leaves figures out. Raises InputError for a figure of
    role calibration that nothing ties to the model and nothing leaves out, and for a name in `without` that is none;
    the mistakes of all figures are told at once. What a city's own file reads of it, `elsewhere.own_reports` adds.
    """
    figures = load_figures() if figures is None else figures
    rules = rules or load_rules(model)
    chosen = [f for f in figures.values() if f.role == CALIBRATION and f.identifier not in rules.left_out]
    mistakes, tied = Mistakes(), {}
    for figure in chosen:
        with mistakes.noted():
            if _is_tied(figure, rules, city):
                tied[figure.identifier] = figure
    if not {*without} <= tied.keys():
        mistakes.tell()
        check_left_out(without, tied)
    groups = {names[0]: (names, note) for names, note in rules.groups}
    grouped = {name for names, _ in groups.values() for name in names[1:]}
    published = published_dates(figures.values())
    reports = []
    for identifier in tied:
        if identifier in grouped and any(identifier in names and names[0] in tied for names, _ in groups.values()):
            continue
        names, note = groups.get(identifier, ((identifier,), None))
        group = tuple(tied[name] for name in names if name in tied and name not in without)
        group = tuple(f for f in group if until is None or _known_by(f, published[f.identifier], until))
        if group:
            rule = rules.rule_for(group[0], city)
            assert rule is not None
            for figure in group:
                with mistakes.noted():
                    check_outcome(figure, published[figure.identifier])
                with mistakes.noted():
                    _check_fitted(figure, rule)
            with mistakes.noted():
                reports.append(_report(group, rule, rules, model, published, note if len(group) > 1 else None))
    with mistakes.noted():
        check_twins(reports)
    mistakes.tell()
    return tuple(_with_copies(report, reports) for report in reports)


def check_left_out(without: Collection[str], used: Collection[str]) -> None:
    """Refuse a figure that is to be left out and that is not `used` at all."""
    for identifier in without:
        if identifier not in used:
            raise InputError(
                "“{name}” is not a figure that the calibration uses; it uses: {names}",
                name=identifier,
                names=tuple(used),
            )


def excluded(model: Model, figures: Mapping[str, Figure] | None = None) -> tuple[tuple[Figure, Label], ...]:
    """Figures of role calibration that are left out, with the reason."""
    figures = load_figures() if figures is None else figures
    left_out = load_rules(model).left_out
    fitted = [figure for figure in figures.values() if figure.role == CALIBRATION]
    return tuple((figure, left_out[figure.identifier]) for figure in fitted if figure.identifier in left_out)


def with_errors(report: Report, errors: Errors, rules: Rules) -> Report:
    """`report` with `errors` and what is not known of its definition, in the place of those of its grade."""
    sound = Errors(math.hypot(errors.level, report.rule.factor_sigma), errors.growth, errors.faulty)
    wide = Errors(math.hypot(sound.level, rules.wide.level), math.hypot(sound.growth, rules.wide.growth), 1.0)
    return replace(report, errors=sound, wide=wide)


def report_of(
    figure: Figure, model: Measured, rules: Rules, city: str = HOME, rule: Rule | None = None
) -> Report | None:
    """`figure` as a report of its own whatever its role, or None where nothing, nor `rule`, ties it to the model."""
    rule = rule or rules.rule_for(figure, city)
    if rule is None:
        return None
    return _report((figure,), rule, rules, model, published_dates([figure]), None)


def _is_tied(figure: Figure, rules: Rules, city: str) -> bool:
    if rules.rule_for(figure, city) is not None:
        return figure.bound != "none" or figure.growth_percent is not None
    if figure.geography in (city, "china") or city == HOME:
        raise InputError(
            "nothing says what {figure} measures: add a rule for “{indicator}”, “{geography}”, "
            "“{definition}” to observation.toml, or name it under left_out there",
            figure=figure.identifier,
            indicator=figure.indicator,
            geography=figure.geography,
            definition=figure.definition,
        ).at(figure.place)
    return False


def _check_fitted(figure: Figure, rule: Rule) -> None:
    """Refuse what observation.toml shows beside the model only, whoever printed it."""
    if not rule.is_fitted:
        raise InputError(
            "{figure} counts what stands beside the model and is never fitted (“{indicator}”, "
            "“{definition}”); give it the role “context”",
            figure=figure.identifier,
            indicator=rule.indicator,
            definition=rule.definition,
        ).at(figure.place)


def check_outcome(figure: Figure, published: str) -> None:
    """Refuse what cannot have been counted yet when it was printed."""
    if figure.bound == "forecast":
        raise InputError(
            "{figure} is a forecast and cannot be fitted; give it the role “forecast”", figure=figure.identifier
        ).at(figure.place)
    check_dates(figure, published)


def check_twins(reports: Sequence[Report]) -> None:
    """Refuse a number that stands there twice under two names: it would count as two.

    One of several meanings of a report may print what another report prints; it counts with its own weight.
    """
    mistakes = Mistakes()
    for place, report in enumerate(reports):
        figure = report.figures[0]
        for first in (other.figures[0] for other in reports[:place] if _is_twin(other, report)):
            mistakes.note(
                InputError(
                    "{figure} prints the same number for the same thing as {first} and would count twice; if one "
                    "office is behind both, give it the role “context”",
                    figure=figure.identifier,
                    first=first.identifier,
                ).at(figure.place)
            )
    mistakes.tell()


def _is_twin(one: Report, other: Report) -> bool:
    """Whether two reports print the same of the same thing, be it that one of them leaves the growth rate out."""
    certain = len(one.alternatives) == len(other.alternatives) == 1
    for a, b in product(one.alternatives, other.alternatives):
        if a.quantity == b.quantity:
            level, growth = _is_same(a.level, b.level), _is_same(a.growth, b.growth)
            if (level and growth) or (certain and (level and a.level) and None in (a.growth, b.growth)):
                return True
    return False


def _is_same(one: Statement | None, other: Statement | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one.middle, other.middle, rel_tol=1e-9)


def _with_copies(report: Report, reports: Sequence[Report]) -> Report:
    """`report` with those of its several meanings marked that print again what another report prints for certain."""
    if len(report.alternatives) == 1:
        return report
    certain = {r.alternatives[0].quantity: r.alternatives[0] for r in reports if len(r.alternatives) == 1}

    def marked(alternative: Alternative) -> Alternative:
        first = certain.get(alternative.quantity)
        if first is None or not (first.level and alternative.level and first.level.agrees(alternative.level)):
            return alternative
        return replace(alternative, copied=first.level.middle)

    return replace(report, alternatives=tuple(marked(alternative) for alternative in report.alternatives))


def _report(
    figures: Sequence[Figure],
    rule: Rule,
    rules: Rules,
    model: Measured,
    published: Mapping[str, str],
    note: Label | None,
) -> Report:
    first = figures[0]
    for figure in figures:
        check_sign(figure)
    unit = model.unit_of(rule.variable)
    errors = rules.errors[min(figure.grade for figure in figures)]
    dates = [known_from(figure, published[figure.identifier]) for figure in figures]
    known = [date for date in dates if date is not None]
    report = Report(
        identifier=first.identifier,
        figures=tuple(figures),
        rule=rule,
        alternatives=tuple(_alternatives(figures, rule, unit, rules.spreads)),
        errors=errors,
        wide=rules.wide,
        available=min(known) if known else None,
        note=note,
        variable_unit=unit,
    )
    return with_errors(report, errors, rules)


def _alternatives(figures: Sequence[Figure], rule: Rule, unit: str, spreads: Spreads) -> Iterable[Alternative]:
    first = figures[0]
    levels = sharpest([(f.identifier, _level(f, rule, unit, spreads)) for f in figures if not rule.is_ratio])
    growths = sharpest([(f.identifier, _growth(f, rule, spreads)) for f in figures])
    for period in first.period_alternatives or ((first.period_start, first.period_end),):
        start, end = _position(period[0], first, last=False), _position(period[1] or period[0], first, last=True)
        quantity = Quantity(rule.variable, _reading(first, rule), start, end)
        for (level_of, level), (growth_of, growth) in product(levels, growths):
            if growth is not None and quantity.year_before().start < 0 and rule.reading != "end":
                growth = None  # the year before lies before the model's start
            if growth is not None and quantity.end < 12:
                growth = None
            if level is not None or growth is not None:
                held = [
                    f.identifier
                    for f in figures
                    if (rule.is_ratio or f.value is None or f.identifier in level_of)
                    and (_growth(f, rule, spreads) is None or f.identifier in growth_of)
                ]
                yield Alternative(quantity, level, growth, period, tuple(held))


def _level(figure: Figure, rule: Rule, unit: str, spreads: Spreads) -> Statement | None:
    said = statement_of(figure, spreads)
    return said and said.over(_from_internal(figure, rule, unit) * rule.factor_median)


def _growth(figure: Figure, rule: Rule, spreads: Spreads) -> Statement | None:
    if rule.is_ratio:
        if figure.unit != "1":
            raise InputError(
                "{figure} is a multiple of the year before and is written in the unit 1 (1.2 for growth of 20%), "
                "not in “{unit}”",
                figure=figure.identifier,
                unit=figure.unit,
            ).at(figure.place)
        return statement_of(figure, spreads)
    if figure.growth_percent is None:
        return None
    half = half_digit(figure.growth_percent)
    return Statement(1 + (figure.growth_percent - half) / 100, 1 + (figure.growth_percent + half) / 100)


def _reading(figure: Figure, rule: Rule) -> Reading:
    # a rate such as 部/月 or 亿元/年 is a mean, where the same definition's plain number is a total
    return "mean" if rule.reading == "total" and "/" in figure.unit else rule.reading


def _from_internal(figure: Figure, rule: Rule, unit: str) -> float:
    if rule.is_ratio:
        return 1.0
    printed = f"{figure.unit}/{rule.per}" if rule.per else figure.unit
    try:
        return conversion(f"{unit}*month" if _reading(figure, rule) == "total" else unit, printed)
    except InputError:
        raise InputError(
            "{figure} is printed in “{unit}”, in which “{indicator}” cannot be counted",
            figure=figure.identifier,
            unit=figure.unit,
            indicator=figure.indicator,
        ).at(figure.place) from None


def _position(day: str, figure: Figure, *, last: bool) -> float:
    """Months from 2023-01 to the start of `day`, or to its end where it is the `last` of a period."""
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        raise InputError("{figure} has no period; a figure to fit needs one", figure=figure.identifier).at(
            figure.place
        ) from None
    days = calendar.monthrange(date.year, date.month)[1]
    position = (date.year - FIRST_YEAR) * 12 + date.month - 1 + (date.day - (not last)) / days
    if not 0 <= position <= MONTHS:
        raise InputError(
            "{figure} lies outside the model's years ({first} to 2030)", figure=figure.identifier, first=FIRST_YEAR
        ).at(figure.place)
    return position


def _known_by(figure: Figure, published: str, until: datetime.date) -> bool:
    date = known_from(figure, published)
    return date is not None and date <= until
