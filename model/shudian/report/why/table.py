"""The answer to why as tables for people and as rows for a spreadsheet."""

from __future__ import annotations

import csv
import io

from shudian.compare.loops import Effect, LoopEffects, guarded
from shudian.kinds import Language, Loop
from shudian.report.captions import joined, shown, within
from shudian.report.numbers import significant
from shudian.report.strings import say
from shudian.report.tables import Table
from shudian.report.why.job import Why
from shudian.report.why.words import reading_text, title

_COLUMNS = (
    "scenario", "against", "outcome", "reading", "unit", "loop", "label_zh", "label_en", "polarity", "year", "median",
    "p05", "p95", "share_positive", "share_negative", "told_from_nil", "material", "ltm_weight",
)  # fmt: skip


def tables(why: Why, language: Language) -> list[Table]:
    """One table of effects for the run, and one for its difference: loops by years, the greatest first."""
    return [_table(found, language) for found in (why.run, why.difference) if found is not None]


def ordered(found: LoopEffects) -> tuple[Loop, ...]:
    """The loops, that with the greatest median in any year first."""
    sizes = {loop.name: max(abs(found.effect(loop, year).band.median) for year in found.years) for loop in found.loops}
    return tuple(sorted(found.loops, key=lambda loop: -sizes[loop.name]))


def cell(effect: Effect, found: LoopEffects, language: Language) -> str:
    """The median as a person reads it, in brackets where it cannot be told from nil; `0` where nothing changes."""
    if effect.positive == effect.negative == 0:
        return "0"
    text = significant(shown(effect.band.median, found.aim.unit, language)[0])
    return text if effect.sign else f"({text})"


def spreadsheet(why: Why) -> str:
    """Every effect as a row, in internal units, with both methods' numbers where there are two."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for found in (why.run, why.difference):
        if found is not None:
            writer.writerows(_rows(why, found))
    return told.getvalue()


def cuts_text(why: Why, language: Language) -> str:
    """At which variables each loop is cut."""
    told = []
    for loop in why.model.loops:
        names = joined(
            [within(e.label.text(language), language) for e in guarded(why.model, loop)], language, "、", ", "
        )
        told.append(f"{loop.name} {names}")
    return say("why_cuts", language, cuts=joined(told, language))


def _rows(why: Why, found: LoopEffects) -> list[list[object]]:
    against, aim = found.reference.name if found.reference else "", found.aim
    rows: list[list[object]] = []
    for loop in found.loops:
        for column, year in enumerate(found.years):
            effect = found.effect(loop, year)
            weight = "" if why.weights is None or found.reference else f"{why.weights[loop.name][column]:.6g}"
            numbers = (effect.band.median, effect.band.low, effect.band.high, effect.positive, effect.negative)
            rows.append([
                found.scenario.name, against, aim.variable, aim.reading, aim.unit,
                loop.name, loop.label.zh, loop.label.en, loop.polarity, year,
                *(f"{number:.8g}" for number in numbers), effect.sign, int(effect.material), weight,
            ])  # fmt: skip
    return rows


def _table(found: LoopEffects, language: Language) -> Table:
    head = (say("why_column_loop", language), *map(str, found.years))
    rows = tuple(
        (
            f"{loop.name} {loop.label.text(language)}",
            *(cell(found.effect(loop, year), found, language) for year in found.years),
        )
        for loop in ordered(found)
    )
    brackets = "{}（{}）" if language == "zh" else "{} ({})"
    heading = brackets.format(title(found, language), reading_text(found, language))
    return Table(heading, head, rows, below=(say("why_table_note", language),))


def row_name(loop: Loop, language: Language) -> str:
    """A loop's name, label and polarity."""
    polarity = say(f"polarity_{loop.polarity}", language)
    brackets = "（{}）" if language == "zh" else " ({})"
    return f"{loop.name} {loop.label.text(language)}{brackets.format(polarity)}"
