"""The results as a workbook: verdicts, inputs, results by year, sources, and how it was computed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from openpyxl import Workbook

from shudian.amounts import amount_text
from shudian.analysis.cost import Price
from shudian.analysis.reported import Band
from shudian.analysis.results import LAST_YEAR, LEVELS, Outcome, Reading
from shudian.analysis.verdicts import ADDITIONAL, MEASURES, YEAR
from shudian.answers.run import Answer
from shudian.kinds import Language, Parameter, Scenario
from shudian.quantities import FIRST_YEAR, write_month
from shudian.report.brief.comparison_sheet import fill
from shudian.report.brief.content import Brief
from shudian.report.document import Document, Table, heading, notes, paragraphs, title
from shudian.report.render.cells import Cell, Count
from shudian.report.render.sheet import write
from shudian.report.words.captions import definition_label
from shudian.report.words.cautions import cautions
from shudian.report.words.explanation import range_text
from shudian.schedules import Schedule
from shudian.units import display_unit, unit_label
from shudian.wording import say


def results_book(brief: Brief, answer: Answer) -> Workbook:
    """The workbook of `brief`; numbers are numbers, in the units that their headings name."""
    book, language = Workbook(), brief.language
    first = book.active
    assert first is not None
    book.remove(first)
    fill(book.create_sheet(say("brief_sheet_comparison", language)), brief, answer)
    for name, told in _sheets(brief, answer).items():
        called = say(f"brief_sheet_{name}", language)
        write(book.create_sheet(called), (title(called), *told))
    return book


def _sheets(brief: Brief, answer: Answer) -> Mapping[str, Document]:
    """What each sheet tells below its title."""
    language = brief.language
    below = [brief.basis, *say("brief_method_lines", language).strip().split("\n"), *brief.confidence]
    below += [caution.long.text(language) for caution in cautions(answer.verdicts)]
    return {
        "verdicts": (
            notes(brief.conclusion),
            Table("", _verdict_head(language), _counted(_verdict_rows(brief, answer), language)),
        ),
        "inputs": (
            Table("", _input_head(language), tuple(_input_rows(answer, language))),
            heading(say("brief_notes_title", language)),
            paragraphs(*brief.assumed),
        ),
        "years": (Table("", _year_head(language), _counted(_year_rows(answer, language), language)),),
        "sources": (Table("", _source_head(language), tuple(_source_rows(brief))),),
        "method": (Table("", (), (*brief.repeat, ("", ""), *(("", line) for line in below))),),
    }


def _counted(rows: Iterable[tuple[Cell, ...]], language: Language) -> tuple[tuple[Cell, ...], ...]:
    """The rows, where the numbers of those whose unit cannot be divided are counts."""
    whole = {unit_label(unit, language) for unit in ("人", "家", "部")}
    return tuple(
        tuple(Count(cell) if isinstance(cell, float) else cell for cell in row) if whole.intersection(row) else row
        for row in rows
    )


def _verdict_head(language: Language) -> tuple[str, ...]:
    keys = ("column_name", "column_package", "brief_column_quantity", "column_unit", "column_value", "column_low",
            "column_high", "brief_column_error")  # fmt: skip
    return tuple(say(key, language) for key in keys)


def _verdict_rows(brief: Brief, answer: Answer) -> Iterator[tuple[Cell, ...]]:
    language, verdicts = brief.language, answer.verdicts
    money = unit_label("亿元", language)
    for package in brief.packages:
        start = (package.name, package.title.text(language))
        for definition, chance in package.chances.items():
            name = definition_label(definition, verdicts, language)
            title = say("column_chance", language, target=verdicts.market.label.text(language), definition=name)
            yield (*start, title, "%", 100 * chance.value, None, None, 100 * chance.error)
        for key, band, unit in (
            ("output", package.output, money), ("jobs", package.jobs, unit_label("人", language)),
            ("cost", package.cost, money),
        ):  # fmt: skip
            if band:
                yield (*start, say(f"brief_quantity_{key}", language, year=YEAR), unit, *_ends(band), None)
        if package.prices:
            for key, price, unit in (
                ("per_job", package.prices["jobs", YEAR], unit_label("万元/人", language)),
                ("per_output", package.prices["output", YEAR], ""),
            ):
                yield (*start, say(f"brief_quantity_{key}", language, year=YEAR), unit, *_price(price, language))
            without = 100 * package.prices["jobs", YEAR].nothing
            yield (*start, say("brief_quantity_without", language, year=YEAR), "%", without, None, None, None)


def _ends(band: Band) -> tuple[Cell, ...]:
    return (band.median, band.low, band.high)


def _price(price: Price, language: Language) -> tuple[Cell, ...]:
    """Median and interval; a price without limit in words, and nothing where there is none."""
    if math.isnan(price.median):
        return (None, None, None, None)
    ends = (price.median, price.low, price.high)
    return (*(end if math.isfinite(end) else say("brief_unbounded", language) for end in ends), None)


def _input_head(language: Language) -> tuple[str, ...]:
    keys = ("column_package", "brief_column_kind", "column_name", "column_label", "column_unit",
            "brief_column_schedule", "brief_column_default", "brief_column_range", "brief_column_basis")  # fmt: skip
    return tuple(say(key, language) for key in keys)


def _input_rows(answer: Answer, language: Language) -> Iterator[tuple[Cell, ...]]:
    for scenario in answer.plan.scenarios:
        for parameter in sorted(answer.model.scheduled, key=lambda parameter: parameter.role != "lever"):
            yield (
                scenario.title.text(language),
                say(f"role_{parameter.role}", language),
                parameter.name,
                parameter.label.text(language),
                unit_label(parameter.display_unit, language) if parameter.unit != "month" else "",
                _schedule(_planned(scenario, parameter), parameter, language),
                amount_text(parameter.value, parameter, language),
                range_text(parameter, language),
                say(f"basis_{parameter.basis}", language),
            )


def _planned(scenario: Scenario, parameter: Parameter) -> Schedule:
    return (scenario.levers if parameter.role == "lever" else scenario.assumptions).get(parameter.name, ())


def _schedule(schedule: Schedule, parameter: Parameter, language: Language) -> str:
    told = []
    for segment in schedule:
        value, month = amount_text(segment.value, parameter, language), write_month(segment.start)
        key = "brief_ramp" if segment.ramp else "brief_from"
        told.append(say(key, language, value=value, month=month, ramp=f"{segment.ramp:g}"))
    return ("；" if language == "zh" else "; ").join(told) or say("brief_default", language)


def _year_head(language: Language) -> tuple[str, ...]:
    keys = ("column_package", "brief_column_quantity", "column_unit", "brief_column_year")
    levels = (f"{level:z.0%}" if level != 0.5 else say("column_median", language) for level in LEVELS)
    return *(say(key, language) for key in keys), *levels


def _year_rows(answer: Answer, language: Language) -> Iterator[tuple[Cell, ...]]:
    verdicts = answer.verdicts
    runs = {outcome.scenario.name: outcome for outcome in answer.outcomes}
    reference = runs[verdicts.reference]
    for outcome in answer.outcomes:
        for label, variable, reading, unit in _quantities(answer, language):
            yield from _years(outcome, None, label, variable, reading, unit, language)
        if outcome is not reference:
            for measure in MEASURES:
                if measure.name in ADDITIONAL and not measure.words:
                    label = say("brief_additional", language, measure=_plain(measure.label, language))
                    yield from _years(
                        outcome, reference, label, measure.variable, measure.reading, measure.unit, language
                    )


def _quantities(answer: Answer, language: Language) -> Iterator[tuple[str, str, Reading, str]]:
    market = answer.verdicts.market
    for definition, variable in market.definitions.items():
        name = answer.verdicts.definitions[definition].text(language)
        yield name, variable, market.measure, display_unit(market.unit)
    for measure in MEASURES:
        if not measure.words and measure.name != "output":
            yield _plain(measure.label, language), measure.variable, measure.reading, measure.unit


def _plain(key: str, language: Language) -> str:
    """A measure's label without its year."""
    return say(f"brief_{key}", language)


def _years(
    outcome: Outcome, reference: Outcome | None, label: str, variable: str, reading: Reading, unit: str,
    language: Language,
) -> Iterator[tuple[Cell, ...]]:  # fmt: skip
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        values = outcome.read(variable, reading, year, unit)
        if reference:
            values = values - reference.read(variable, reading, year, unit)
        ends = [float(end) for end in np.quantile(values, LEVELS)]
        yield outcome.scenario.title.text(language), label, unit_label(unit, language), year, *ends


def _source_head(language: Language) -> tuple[str, ...]:
    keys = ("title", "body", "date", "grade", "address", "figures")
    return tuple(say(f"brief_column_{key}", language) for key in keys)


def _source_rows(brief: Brief) -> Iterator[tuple[Cell, ...]]:
    for cited in brief.sources:
        source = cited.source
        yield (
            source.title.text(brief.language), source.body, source.published, source.grade, source.address,
            ", ".join(cited.figures),
        )  # fmt: skip
