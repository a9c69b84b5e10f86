"""The answer to why as tables for people and as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shudian.analysis.loops import Effect, LoopEffects, guarded
from shudian.analysis.verdicts import LATER, YEAR
from shudian.answers.why import Why
from shudian.kinds import Language, Loop
from shudian.report.document import Table
from shudian.report.render.csv_tables import CsvCell, CsvTable, labelled, named
from shudian.report.render.numbers import significant
from shudian.report.why.words import parts, reading_text, title
from shudian.report.words.captions import joined, places, reader_amount, within
from shudian.wording import say

_SHORT_YEARS, _SHORT_LOOPS = (2025, YEAR, LATER), 4


def tables(why: Why, language: Language) -> list[Table]:
    """One table of effects for the run, and one for its difference: loops by years, the greatest first."""
    return [_table(found, found.years, ordered(found), language) for found in parts(why)]


def short_tables(why: Why, language: Language) -> list[Table]:
    """The greatest loops in the years that matter most, for the run and for its difference."""
    found = [
        _table(part, [year for year in _SHORT_YEARS if year in part.years], ordered(part)[:_SHORT_LOOPS], language)
        for part in parts(why)
    ]
    return [replace(table, below=table.below if table is found[-1] else ()) for table in found]


def ordered(found: LoopEffects) -> tuple[Loop, ...]:
    """The loops, that with the greatest median in any year first."""
    sizes = {loop.name: max(abs(found.effect(loop, year).band.median) for year in found.years) for loop in found.loops}
    return tuple(sorted(found.loops, key=lambda loop: -sizes[loop.name]))


def cell(effect: Effect, found: LoopEffects, language: Language) -> str:
    """The median as a person reads it, in brackets where it cannot be told from nil; `0` where nothing changes."""
    if effect.positive == effect.negative == 0:
        return "0"
    text = significant(reader_amount(effect.band.median, found.aim.unit, language)[0], places(found.aim.unit, language))
    return text if effect.sign else f"({text})"


def effect_table(why: Why) -> CsvTable:
    """Every effect as a row, in internal units, with both methods' numbers where there are two."""
    columns = (
        labelled("column_package", "scenario"), labelled("csv_against", "against"),
        *(labelled(f"csv_{name}", name) for name in ("outcome", "reading")), labelled("column_unit", "unit"),
        *named("csv_loop", "loop"), *(labelled(f"csv_{name}", name) for name in ("polarity", "year")),
        labelled("column_median", "median"), labelled("column_low", "p05"), labelled("column_high", "p95"),
        *(labelled(f"csv_{name}", name) for name in
          ("share_positive", "share_negative", "told_from_nil", "material", "ltm_weight")),
    )  # fmt: skip
    shown = [found for found in (why.run, why.difference) if found is not None]
    return CsvTable("why", columns, [row for found in shown for row in _rows(why, found)])


def cuts_text(why: Why, language: Language) -> str:
    """At which variables each loop is cut."""
    told = []
    for loop in why.model.loops:
        names = joined(
            [within(e.label.text(language), language) for e in guarded(why.model, loop)], language, "、", ", "
        )
        told.append(f"{loop.name} {names}")
    return say("why_cuts", language, cuts=joined(told, language))


def _rows(why: Why, found: LoopEffects) -> list[list[CsvCell]]:
    against, aim = found.reference.name if found.reference else "", found.aim
    rows: list[list[CsvCell]] = []
    for loop in found.loops:
        for column, year in enumerate(found.years):
            effect = found.effect(loop, year)
            weight = None if why.weights is None or found.reference else float(why.weights[loop.name][column])
            numbers = (effect.band.median, effect.band.low, effect.band.high, effect.positive, effect.negative)
            rows.append([
                found.scenario.name, against, aim.variable, aim.reading, aim.unit,
                loop.name, loop.label.zh, loop.label.en, loop.polarity, year,
                *numbers, effect.sign, bool(effect.material), weight,
            ])  # fmt: skip
    return rows


def _table(found: LoopEffects, years: Sequence[int], loops: Sequence[Loop], language: Language) -> Table:
    head = (say("why_column_loop", language), *map(str, years))
    rows = tuple(
        (
            f"{loop.name} {loop.label.text(language)}",
            *(cell(found.effect(loop, year), found, language) for year in years),
        )
        for loop in loops
    )
    brackets = "{}（{}）" if language == "zh" else "{} ({})"
    heading = brackets.format(title(found, language), reading_text(found, language))
    return Table(heading, head, rows, below=(say("why_table_note", language),))


def row_name(loop: Loop, language: Language) -> str:
    """A loop's name, label and polarity."""
    polarity = say(f"polarity_{loop.polarity}", language)
    brackets = "（{}）" if language == "zh" else " ({})"
    return f"{loop.name} {loop.label.text(language)}{brackets.format(polarity)}"
