"""The answer by structure in words, tables and data: what holds where each of two contested forms is true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shudian.analysis.reported import Band
from shudian.analysis.structures import (
    EFFECTS,
    LEAST,
    NIL,
    STRONG,
    ByForm,
    ByStructure,
    EffectRange,
    End,
    Range,
)
from shudian.analysis.verdicts import MEASURES, Probability, Verdicts
from shudian.grounds import Grounds
from shudian.kinds import LANGUAGES, Label, Language
from shudian.report.document import Table
from shudian.report.render.csv_tables import CsvCell, CsvTable, both, identifier, labelled, named
from shudian.report.render.numbers import percent
from shudian.report.run.tables import band_cell, measure_head
from shudian.report.words.captions import definition_label, joined, spoken, within
from shudian.units import unit_label
from shudian.wording import say

_SHOWN = [measure for measure in MEASURES if measure.name in EFFECTS]


def line(verdicts: Verdicts, language: Language) -> str:
    """How far the chance of the target hangs on which form is true, and which form carries it; empty if untold."""
    by = verdicts.structures
    if by is None or not any(found.told for found in by.forms):
        return ""
    asked = verdicts.pairing.asked
    if ranges := by.ranges(asked, verdicts.market):
        return _range_text(ranges[0], verdicts, language)
    if effects := by.effect_ranges(asked, "output"):
        return _effect_text(effects[0], verdicts, language)
    few = sum(not found.told for found in by.forms)
    key = "structures_no_range_few" if few else "structures_no_range"
    return say(key, language, count=len(by.forms) - few, few=few)


def _range_text(widest: Range, verdicts: Verdicts, language: Language) -> str:
    low, high = (
        percent(chance.value, end.draws) for chance, end in zip(widest.chances, (widest.low, widest.high), strict=True)
    )
    return say(
        "structures_range",
        language,
        definition=within(definition_label(widest.definition, verdicts, language), language),
        form=widest.found.form.label.text(language),
        low=low,
        high=high,
        low_if=end_text(widest.found, widest.low, language),
        high_if=end_text(widest.found, widest.high, language),
        data=data_text(widest.found, language),
    )


def _effect_text(widest: EffectRange, verdicts: Verdicts, language: Language) -> str:
    output = next(measure for measure in _SHOWN if measure.name == "output")
    low, high = (spoken(band.median, output.unit, language) for band in widest.bands)
    return say(
        "structures_effect_range",
        language,
        reference=verdicts.row(verdicts.reference).scenario.title.text(language),
        year=output.year,
        form=widest.found.form.label.text(language),
        low=low,
        high=high,
        low_if=end_text(widest.found, widest.low, language),
        high_if=end_text(widest.found, widest.high, language),
        data=data_text(widest.found, language),
    )


def turn(verdicts: Verdicts, criterion: str, language: Language) -> str:
    """The first form that turns the ranking by `criterion`, in a sentence; empty where none does."""
    by = verdicts.structures
    turned = _turns(by, verdicts, criterion, language) if by else []
    return turned[0] if turned else ""


def end_text(found: ByForm, end: End, language: Language) -> str:
    """What holds at one end, as a clause."""
    return (found.form.when_nil if end.name == NIL else found.form.otherwise).text(language)


def data_text(found: ByForm, language: Language) -> str:
    """What the data say of a form, as a clause."""
    if not found.favoured:
        return say(f"structures_data_{found.data}", language)
    end = next(end for end in found.ends if end.name == found.favoured)
    return say(f"structures_data_{found.data}", language, form=end_text(found, end, language))


def tables(verdicts: Verdicts, language: Language) -> list[Table]:
    """The answer for the package asked for, two rows a form; none where no form is open."""
    by = verdicts.structures
    if by is None or not by.forms:
        return []
    asked = verdicts.row(verdicts.pairing.asked)
    market = verdicts.market
    head = [say("structures_column_form", language), say("structures_column_weights", language)]
    head += [definition_label(d, verdicts, language) for d in market.definitions]
    effects = [] if verdicts.pairing.asked == verdicts.reference else _SHOWN
    head += [measure_head(measure, language, "additional_") for measure in effects]
    rows = []
    for found in by.forms:
        for end in found.ends:
            cells = [row_label(found, end, language), weight_cell(end)]
            answer = end.answers.get(asked.scenario.name)
            if answer is None:
                few = say("structures_few_cell", language)
                cells += [few] * (len(head) - len(cells))
            else:
                cells += [percent(c.value, end.draws) for c in answer.chances[market.identifier].values()]
                cells += [band_cell(answer.effects[m.name], m.unit, language) for m in effects]
            rows.append(tuple(cells))
    title = say("structures_table", language, package=asked.scenario.title.text(language))
    below = remarks(by, verdicts, say("structures_by_output", language), language)
    return [Table(title, tuple(head), tuple(rows), below=below)]


def row_label(found: ByForm, end: End, language: Language) -> str:
    """The form and what holds at this end of it."""
    return say("structures_row", language, form=found.form.label.text(language), end=end_text(found, end, language))


def weight_cell(end: End) -> str:
    """The weight of an end, as `weights_cell` shows it."""
    return weights_cell(end.prior, end.weight)


def weights_cell(prior: float, weight: Probability) -> str:
    """Weight before and after the data, the latter with its Monte Carlo error in points."""
    return f"{prior:z.0%}→{weight.value:z.0%}\n±{max(100 * weight.error, 0.1):z.1f}"


def remarks(by: ByStructure, verdicts: Verdicts, criterion: str, language: Language) -> tuple[str, ...]:
    """What stands below a table by structure: the rule, what the data say, whether the ranking turns, what was set."""
    told = [say("structures_below", language, least=LEAST, strong=f"{STRONG:g}")]
    told += [
        say("structures_said", language, form=found.form.label.text(language), data=data_text(found, language))
        for found in (*by.saying("favour"), *by.saying("lean"))
    ]
    for data in ("nothing", "unasked"):
        if same := by.saying(data):
            listed = _labels(same, language)
            told.append(say(_same_key(data, verdicts.grounds), language, forms=listed))
    told += _ranking_text(by, verdicts, criterion, language)
    if by.decided:
        names = joined([form.label.text(language) for form in by.decided], language, "、", ", ")
        told.append(say("structures_decided", language, forms=names))
    return tuple(told)


def _same_key(data: str, grounds: Grounds) -> str:
    if data != "unasked" or grounds.posterior is None:
        return f"structures_all_{data}"
    return "structures_all_own" if grounds.posterior.handed else "structures_all_changed"


def _labels(forms: Sequence[ByForm], language: Language) -> str:
    return joined([within(found.form.label.text(language), language) for found in forms], language, "、", ", ")


def _ranking_text(by: ByStructure, verdicts: Verdicts, criterion: str, language: Language) -> list[str]:
    if not any(end.best for found in by.forms for end in found.ends):
        return []
    turned = _turns(by, verdicts, criterion, language)
    return turned or [say("structures_no_turn", language, criterion=criterion)]


def _turns(by: ByStructure, verdicts: Verdicts, criterion: str, language: Language) -> list[str]:
    return [
        say(
            "structures_turns",
            language,
            form=found.form.label.text(language),
            criterion=criterion,
            first=verdicts.row(flip.first).scenario.title.text(language),
            second=verdicts.row(flip.second).scenario.title.text(language),
            first_if=end_text(found, found.ends[flip.first_ahead != NIL], language),
            second_if=end_text(found, found.ends[flip.second_ahead != NIL], language),
        )
        for found in by.forms
        for flip in found.flips[:1]
    ]


def csv(verdicts: Verdicts) -> Iterator[CsvTable]:
    """Every form, end, package and quantity; numbers of a group of too few draws are left empty."""
    by = verdicts.structures
    if by is None or not by.forms:
        return
    columns = (
        *named("structures_column_form", "form"), *named("structures_column_end", "end"),
        labelled("structures_column_prior", "prior"), labelled("structures_column_posterior", "posterior"),
        labelled("structures_column_error", "posterior_error"), labelled("structures_column_draws", "draws"),
        labelled("structures_column_data", "data"), *named("column_package", "scenario"),
        *named("csv_quantity", "quantity"), labelled("column_unit", "unit"), labelled("column_median", "median"),
        labelled("column_low", "p05"), labelled("column_high", "p95"),
        labelled("structures_column_chance_error", "error"),
    )  # fmt: skip
    rows = [row for found in by.forms for end in found.ends for row in _rows(found, end, verdicts)]
    yield CsvTable("structures", columns, rows)


def _rows(found: ByForm, end: End, verdicts: Verdicts) -> Iterator[list[CsvCell]]:
    form, holds = found.form, found.form.when_nil if end.name == NIL else found.form.otherwise
    start: list[CsvCell] = [form.name, form.label.zh, form.label.en, end.name, holds.zh, holds.en]
    start += [end.prior, end.weight.value, end.weight.error, end.draws, found.data]
    for row in verdicts.rows:
        name, title = row.scenario.name, row.scenario.title
        answer = end.answers.get(name)
        for number, (target, definition) in enumerate(_chances(verdicts), 1):
            chance = answer.chances[target][definition] if answer else None
            label = _chance_label(target, definition, verdicts)
            key = f"chance_{identifier(f'{target}_{definition}', str(number))}"
            points: list[CsvCell] = (
                [None] * 4 if chance is None else [100 * chance.value, None, None, 100 * chance.error]
            )
            yield [*start, name, title.zh, title.en, key, label.zh, label.en, "%", *points]
        if name == verdicts.pairing.references[name]:
            continue
        for measure in _SHOWN:
            label = both(f"additional_{measure.label}", year=measure.year, since=measure.since)
            band = answer.effects[measure.name] if answer else None
            ends: list[CsvCell] = [None] * 3 if band is None else [band.median, band.low, band.high]
            unit = unit_label(measure.unit, "zh")
            yield [
                *start,
                name,
                title.zh,
                title.en,
                f"additional_{measure.name}",
                label.zh,
                label.en,
                unit,
                *ends,
                None,
            ]


def _chances(verdicts: Verdicts) -> Iterator[tuple[str, str]]:
    return ((target.identifier, definition) for target in verdicts.targets for definition in target.definitions)


def _chance_label(target: str, definition: str, verdicts: Verdicts) -> Label:
    label = next(found.label for found in verdicts.targets if found.identifier == target)
    counted = Label(*(definition_label(definition, verdicts, language) for language in LANGUAGES))
    return both("column_chance", target=label, definition=counted)


def data(verdicts: Verdicts) -> dict[str, Any]:
    """The same for JSON, by form and end; a group of too few draws has no answers."""
    by = verdicts.structures
    return {} if by is None else {found.form.name: _form_data(found) for found in by.forms}


def _form_data(found: ByForm) -> dict[str, Any]:
    form = found.form
    return {
        "label": {"zh": form.label.zh, "en": form.label.en},
        "question": {"zh": form.question.zh, "en": form.question.en},
        "parameter": form.parameter.name,
        "data": found.data,
        "favoured": found.favoured,
        "flips": [{"first": f.first, "second": f.second, "first_ahead": f.first_ahead} for f in found.flips],
        "ends": {
            end.name: {
                "prior": end.prior,
                "posterior": _number(end.weight),
                "draws": end.draws,
                "best": list(end.best),
                "answers": {
                    package: {
                        "targets": {t: {d: _number(c) for d, c in by.items()} for t, by in answer.chances.items()},
                        "additional": {name: _band(band) for name, band in answer.effects.items()},
                    }
                    for package, answer in end.answers.items()
                },
            }
            for end in found.ends
        },
    }


def _number(chance: Probability) -> dict[str, float]:
    return {"value": chance.value, "error": chance.error}


def _band(band: Band) -> dict[str, float]:
    return {"median": band.median, "low": band.low, "high": band.high}
