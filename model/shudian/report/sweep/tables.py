"""The tables of a sweep: the best points for people, and every point, pair, box and form as data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from shudian.amounts import amount_text
from shudian.analysis.sweep import COST, JOBS, OUTPUT, Goal
from shudian.analysis.sweep_space import Swept
from shudian.answers.sweep import Sweep
from shudian.draws import Array
from shudian.kinds import LANGUAGES, Label, Language, Parameter
from shudian.parameters import DATE
from shudian.quantities import write_month
from shudian.report.document import Table
from shudian.report.render.csv_tables import Column, CsvCell, CsvTable, both, identifier, labelled, named
from shudian.report.render.numbers import percent, significant
from shudian.report.sweep.words import (
    chosen_rows,
    definition_text,
    goal_text,
    outcome_text,
    pair_outcome,
    sampling_error,
)
from shudian.report.words.captions import places, reader_amount
from shudian.units import conversion
from shudian.wording import say

_LEVELS = ("p05", "median", "p95")


def best_table(found: Sweep, count: int, language: Language, chances: bool = True) -> Table:
    """The points with the greatest expected net benefit, against the package as it is; with `chances` or without."""
    goals = [place for place, goal in enumerate(found.goals) if chances and len(goal.target.definitions) > 1]
    outcomes = [found.outcome(name) for name in (OUTPUT, JOBS, COST)]
    head = [one.parameter.label.text(language) for one in found.space]
    head += [
        say("sweep_column_chance", language, definition=definition_text(found, found.goals[g], language)) for g in goals
    ]
    for o in outcomes:
        asked = found.asked[o]
        unit = reader_amount(1.0, asked.unit, language)[1]
        head.append(say("sweep_column_of", language, what=outcome_text(asked, language), unit=unit))
    head.append(say("sweep_column_benefit", language, money=reader_amount(1.0, "亿元", language)[1]))
    rows = []
    for point in chosen_rows(found, count):
        cells = [
            amount_text(float(v), one.parameter, language)
            for one, v in zip(found.space, found.points.values[point], strict=True)
        ]
        cells += [percent(float(found.points.chances[point, g]), found.draws) for g in goals]
        cells += [_band(found.points.changes[point, o], found.asked[o].unit, language) for o in outcomes]
        cells.append(_band(np.quantile(found.benefits[point], (0.05, 0.5, 0.95)), "亿元", language))
        rows.append(tuple(cells))
    title = say("sweep_table", language, count=len(rows), year=found.request.by)
    below = say("sweep_table_below", language, error=sampling_error(found))
    return Table(title, tuple(head), tuple(rows), 0, (below,))


def _band(levels: Array, unit: str, language: Language) -> str:
    low, median, high = (
        significant(reader_amount(float(v), unit, language)[0], places(unit, language)) for v in levels
    )
    return f"{median}\n{low} – {high}"


def data(found: Sweep) -> Iterator[CsvTable]:
    """Every table; amounts in the units that the columns name."""
    yield _points(found)
    yield _pairs(found)
    yield _boxes(found)
    yield _forms(found)


def shown_value(parameter: Parameter, value: float) -> CsvCell:
    """A value in the parameter's own unit, as files have it; a date as a month."""
    if not math.isfinite(value):
        return None
    if parameter.display_unit == DATE:
        return write_month(value)
    return value if parameter.unit == "1" else value / conversion(parameter.display_unit, parameter.unit)


def value_of(parameter: Parameter, shown: float) -> float:
    """The inverse of `shown_value` for a number, in internal units, within the parameter's range."""
    factor = 1.0 if parameter.unit == "1" else conversion(parameter.display_unit, parameter.unit)
    return min(max(shown * factor, parameter.low), parameter.high)


def lever_column(one: Swept) -> Column:
    """The column of what is moved."""
    unit = "" if one.parameter.display_unit == DATE or one.parameter.unit == "1" else one.parameter.display_unit
    return Column(f"lever_{one.parameter.name}", both("csv_lever", lever=one.parameter.label), unit)


def _points(found: Sweep) -> CsvTable:
    columns = [labelled("sweep_column_point", "point"), *map(lever_column, found.space)]
    heads = goal_heads(found.goals)
    for head, goal in zip(heads, found.goals, strict=True):
        label = Label(*(goal_text(found, goal, language) for language in LANGUAGES))
        columns += [
            labelled("sweep_column_chance_file", f"chance_{head}", goal=label),
            labelled("sweep_column_gain", f"gain_{head}"), labelled("sweep_column_gain_error", f"gain_error_{head}"),
        ]  # fmt: skip
    for asked in found.asked:
        what = Label(*(outcome_text(asked, language) for language in LANGUAGES))
        for level in _LEVELS:
            at = Label(*(say(f"sweep_level_{level}", language) for language in LANGUAGES))
            name = identifier(asked.name, asked.variable)
            columns.append(labelled("sweep_column_level", f"{name}_{level}", asked.unit, what=what, level=at))
            columns.append(labelled("sweep_column_change", f"{name}_change_{level}", asked.unit, what=what, level=at))
    columns += [
        labelled("sweep_column_benefit", "net_benefit", "亿元", money=Label("亿元", "亿元")),
        labelled("sweep_column_regret", "regret", "亿元"), labelled("sweep_column_regret_high", "regret_p95", "亿元"),
        labelled("sweep_column_best", "best_share"),
    ]  # fmt: skip
    rows = []
    points = found.points
    for number in range(points.size):
        cells: list[CsvCell] = [number + 1]
        cells += [shown_value(o.parameter, float(v)) for o, v in zip(found.space, points.values[number], strict=True)]
        for place in range(len(found.goals)):
            cells += [float(table[number, place]) for table in (points.chances, points.gains, points.gain_errors)]
        for outcome in range(len(found.asked)):
            for column in range(len(_LEVELS)):
                cells += [float(table[number, outcome, column]) for table in (points.levels, points.changes)]
        cells += [float(found.benefits[number].mean()), *map(float, points.regrets[number]), float(points.best[number])]
        rows.append(cells)
    return CsvTable("points", tuple(columns), rows)


def goal_heads(goals: Sequence[Goal]) -> list[str]:
    """What each goal is called in the heads of columns."""
    return [
        identifier(f"{goal.target.identifier}_{goal.definition}", f"target_{number}")
        for number, goal in enumerate(goals, 1)
    ]


def _pairs(found: Sweep) -> CsvTable:
    columns = (
        *named("sweep_file_pair_one", "one"), *named("sweep_file_pair_other", "other"),
        *named("sweep_file_outcome", "outcome"), labelled("sweep_file_alone_one", "alone_one"),
        labelled("sweep_file_alone_other", "alone_other"), labelled("sweep_file_both", "both"),
        labelled("sweep_file_beyond", "beyond"), labelled("sweep_column_error", "beyond_error"),
        labelled("sweep_file_told", "told"), labelled("sweep_file_only", "only_together"),
        labelled("sweep_file_unit", "unit"),
    )  # fmt: skip
    rows = []
    units = {asked.name: asked.unit for asked in found.asked}
    for pair in found.pairs:
        what = [pair_outcome(found, pair.outcome, language) for language in LANGUAGES]
        one, other = pair.one.parameter, pair.other.parameter
        rows.append(
            [
                one.name, one.label.zh, one.label.en, other.name, other.label.zh, other.label.en, pair.outcome, *what,
                pair.alone[0].mean, pair.alone[1].mean, pair.both.mean, pair.beyond.mean, pair.beyond.error, pair.told,
                pair.only_together, units.get(pair.outcome, "1"),
            ]
        )  # fmt: skip
    return CsvTable("pairs", columns, rows)


def _boxes(found: Sweep) -> CsvTable:
    columns = (
        *named("sweep_file_goal", "goal"), labelled("sweep_file_box", "box"), *named("sweep_file_factor", "factor"),
        labelled("sweep_file_chosen", "chosen"), labelled("sweep_file_low", "low"), labelled("sweep_file_high", "high"),
        labelled("sweep_file_unit", "unit"), labelled("sweep_file_density", "density"),
        labelled("sweep_column_error", "density_error"), labelled("sweep_file_coverage", "coverage"),
        labelled("sweep_file_mass", "mass"),
    )  # fmt: skip
    rows = []
    for goal, discovery in zip(found.goals, found.discoveries, strict=False):
        named_goal = [goal_text(found, goal, language) for language in LANGUAGES]
        for number, box in enumerate(discovery.boxes, 1):
            for bound in box.bounds:
                p = bound.parameter
                unit = "" if p.display_unit == DATE else p.display_unit
                rows.append(
                    [
                        goal.name, *named_goal, number, p.name, p.label.zh, p.label.en, bound.chosen,
                        shown_value(p, bound.low), shown_value(p, bound.high), unit, box.density, box.error,
                        box.coverage, box.mass,
                    ]
                )  # fmt: skip
    return CsvTable("boxes", columns, rows)


def _forms(found: Sweep) -> CsvTable:
    columns = (
        *named("sweep_file_form", "form"), *named("sweep_file_end", "end"), labelled("sweep_file_mass", "share"),
        labelled("sweep_file_position", "point"), labelled("sweep_file_lost", "lost", "亿元"),
        labelled("sweep_file_told", "told"),
    )  # fmt: skip
    rows = []
    for one in found.forms:
        for side, (end, text) in enumerate((("nil", one.form.when_nil), ("otherwise", one.form.otherwise))):
            best = one.best[side]
            share = one.share if side == 0 else 1 - one.share
            rows.append(
                [
                    one.form.name, one.form.label.zh, one.form.label.en, end, text.zh, text.en, share,
                    None if best is None else best + 1, one.lost[side], one.told[side],
                ]
            )  # fmt: skip
    return CsvTable("forms", columns, rows)
