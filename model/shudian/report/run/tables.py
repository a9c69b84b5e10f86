"""The tables of verdicts, in the terminal and as Markdown for a document."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shudian.analysis.alike import Alike
from shudian.analysis.by_year import TOLD, YEARS
from shudian.analysis.reported import Band, Reported
from shudian.analysis.results import LAST_YEAR
from shudian.analysis.told import is_chance_told
from shudian.analysis.verdicts import (
    CHANGED,
    LATER,
    MEASURES,
    STANDING_YEARS,
    YEAR,
    Measure,
    Probability,
    Verdict,
    Verdicts,
)
from shudian.kinds import FEWEST, Language, Target
from shudian.quantities import write_month
from shudian.report.document import Table
from shudian.report.render.numbers import percent, significant
from shudian.report.words.captions import (
    amount,
    definition_label,
    grounds_mark,
    joined,
    places,
    shown_unit,
    within,
)
from shudian.report.words.cautions import cautions
from shudian.report.words.review_text import reviews_table
from shudian.units import conversion, reader_unit, unit_label
from shudian.wording import say, short

SHOWN = ("firms", "output", "jobs", "cost")
"""Measures for which the terminal has room."""
PEOPLE = ("firms", "output", "jobs", "heads", "cost")
LAST = ("entry", "entry_later", "output_later", "jobs_later", "cost_later")
"""Entry of firms, and what is left at the end of the horizon."""
ADDED = ("firms", "output", "jobs", "output_later", "jobs_later")
"""Measures of which the tables of a run show what is additional."""
MOST_NAMED = 4
"""Outcomes that a remark names."""
COST = ("cost", "support", "fund", "parks", "taxes")
PAYERS = ("city", "districts", "province", "fund_back", "net")


def tables(verdicts: Verdicts, language: Language) -> list[Table]:
    """The tables for the terminal: probabilities of the targets, amounts, what settings changed."""
    found = [probabilities(verdicts, language), _amounts(verdicts, SHOWN, language), _later(verdicts, language)]
    found += [*years(verdicts, language), *reviews(verdicts, language)]
    return found + ([_changes(verdicts, language)] if verdicts.pairing.originals else [])


def all_tables(verdicts: Verdicts, language: Language) -> list[Table]:
    """The tables for the document: also heads, the parts of the fiscal cost, and what was reported."""
    found = [probabilities(verdicts, language), _amounts(verdicts, PEOPLE, language)]
    found += [
        _later(verdicts, language),
        *years(verdicts, language),
        *reviews(verdicts, language),
        _cost(verdicts, language),
        _payers(verdicts, language),
    ]
    found += [_changes(verdicts, language)] if verdicts.pairing.originals else []
    return found + ([_reported(verdicts, language)] if verdicts.reported else [])


def signed_points(gain: Probability, draws: int, language: Language) -> str:
    """A difference of probabilities in whole points, or `≈0` where it is none or rounds to none; `—` as `percent`."""
    if draws < FEWEST:
        return "—"
    if not is_chance_told(gain, draws):
        return say("cell_no_difference", language)
    return f"{round(gain.value * 100):+d}".replace("-", "−")


def measure_head(measure: Measure, language: Language, prefix: str = "") -> str:
    """What a column of amounts shows, with the unit in which a reader counts on a second line."""
    brackets = "\n（{}）" if language == "zh" else "\n({})"
    text = say(f"{prefix}{measure.label}", language, year=measure.year, since=measure.since)
    return text + brackets.format(unit_label(reader_unit(measure.unit, language), language))


def probabilities(verdicts: Verdicts, language: Language) -> Table:
    """The probability of each target, under each definition of the market."""
    market = verdicts.market
    others = [target for target in verdicts.targets if target is not market]
    head = [say("column_package", language)]
    head += [definition_label(d, verdicts, language) for d in market.definitions]
    head += [say("column_gain", language)]
    head += [_target_head(target, verdicts, language) for target in others]
    empty = ("",) * (1 + len(others))
    rows = [(*cells, *empty) for cells in _standing(verdicts, language)]
    leading = len(rows)
    for row in verdicts.rows:
        cells = [row.scenario.title.text(language)]
        cells += [percent(row.targets[market.identifier][d].value, verdicts.draws) for d in market.definitions]
        cells.append(_gain(row, verdicts, language))
        for target in others:
            found = row.targets[target.identifier]
            cells.append(" / ".join(percent(p.value, verdicts.draws) for p in found.values()))
        rows.append(tuple(cells))
    title = say("table_probabilities", language, target=market.label.text(language))
    return Table(title, tuple(head), tuple(rows), leading, alike_lines(verdicts, language))


def _target_head(target: Target, verdicts: Verdicts, language: Language) -> str:
    """A target's name and, where its cells hold one probability for each of several definitions, those in order."""
    label = target.label.text(language)
    if len(target.definitions) == 1:
        return label
    return f"{label}\n" + " / ".join(definition_label(d, verdicts, language) for d in target.definitions)


def _standing(verdicts: Verdicts, language: Language) -> list[tuple[str, ...]]:
    """Where each definition stands already: medians of the years before, and what the last of them reaches."""
    market, rows = verdicts.market, []
    unit = shown_unit(market.unit, language)
    factor = conversion(market.unit, unit)
    for position, year in enumerate(STANDING_YEARS):
        medians = [verdicts.standing[d][position].amount.median * factor for d in market.definitions]
        name = say("row_standing", language, year=year, unit=unit_label(unit, language))
        rows.append((name, *(significant(median, 1 if language == "zh" else 0) for median in medians)))
    reached = [percent(verdicts.standing[d][-1].reached.value, verdicts.draws) for d in market.definitions]
    threshold = amount(market.threshold, market.unit, language)
    name = say("row_standing_reached", language, year=STANDING_YEARS[-1], threshold=threshold)
    return [*rows, (name, *reached)]


def alike_lines(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """Which packages are the same and how far, for a remark below a table."""
    # what is the same without policy is no news beside the packages
    aside = {*verdicts.pairing.references.values()} - {verdicts.pairing.asked}
    return tuple(
        _alike_text(pair, verdicts, language) for pair in verdicts.alike if not {pair.one, pair.other} <= aside
    )


def _alike_text(pair: Alike, verdicts: Verdicts, language: Language) -> str:
    """How far two packages with the same amounts are the same, where they part, and why they do not."""
    titles = {name: verdicts.row(name).scenario.title.text(language) for name in (pair.one, pair.other)}
    names = [within(short(v.label.text(language)), language) for v in pair.variables]
    if pair.extent == "targets":
        differ = {v.name for v in pair.variables}
        names = [
            say(
                "alike_target",
                language,
                target=t.label.text(language),
                definition=definition_label(d, verdicts, language),
            )
            for t in verdicts.targets
            for d, variable in t.definitions.items()
            if variable in differ
        ]
    listed = joined(names[:MOST_NAMED], language, "、", ", ")
    if len(names) > MOST_NAMED:
        listed += say("alike_more", language, count=len(names) - MOST_NAMED)
    said = say(
        f"below_alike_{pair.extent}",
        language,
        one=titles[pair.one],
        other=titles[pair.other],
        year=YEAR,
        last=LAST_YEAR,
        part=pair.year,
        names=listed,
    )
    idle = {c.subject: c.short.text(language) for c in cautions(verdicts) if c.kind == "idle"}
    why = [
        say(
            "below_alike_why",
            language,
            said=idle[name].removeprefix(say("warning_idle_short", language, scenario=title, said="")),
        )
        for name, title in titles.items()
        if pair.extent == "same" and name in idle
    ]
    return joined([said, *why], language, "", " ")


def _gain(row: Verdict, verdicts: Verdicts, language: Language) -> str:
    if not row.gains:
        return _no_comparison(verdicts, language)
    return " / ".join(signed_points(gain, verdicts.draws, language) for gain in row.gains.values())


def _no_comparison(verdicts: Verdicts, language: Language) -> str:
    """The cell of a row that is compared with none: the reference, or a run without one."""
    return "—" if verdicts.reference == verdicts.pairing.asked else say("cell_reference", language)


def _measures(names: Sequence[str]) -> list[Measure]:
    return [measure for measure in MEASURES if measure.name in names]


def _amounts(verdicts: Verdicts, names: Sequence[str], language: Language) -> Table:
    title = say("table_amounts", language, year=YEAR)
    return _bands(verdicts, names, YEAR, title, language)


def _later(verdicts: Verdicts, language: Language) -> Table:
    return _bands(verdicts, LAST, LATER, say("table_later", language, year=LATER), language)


def _bands(verdicts: Verdicts, names: Sequence[str], year: int, title: str, language: Language) -> Table:
    measures, additional = _measures(names), [m for m in _measures(ADDED) if m.year == year]
    head = [say("column_package", language)]
    head += [measure_head(m, language) for m in measures]
    head += [measure_head(m, language, "additional_") for m in additional]
    rows = _package_rows(verdicts, measures, additional, language)
    return Table(
        title, tuple(head), tuple(rows), below=(say("below_gross", language), say("difference_note", language))
    )


def _package_rows(
    verdicts: Verdicts, measures: Sequence[Measure], added: Sequence[Measure], language: Language
) -> list[tuple[str, ...]]:
    """A row for each package: its title, `measures`, and what it adds of `added`."""
    rows = []
    for row in verdicts.rows:
        cells = [row.scenario.title.text(language)]
        cells += [band_cell(row.measures[m.name], m.unit, language) for m in measures]
        for m in added:
            band = row.additional.get(m.name)
            cells.append(band_cell(band, m.unit, language) if band else _no_comparison(verdicts, language))
        rows.append(tuple(cells))
    return rows


def years(verdicts: Verdicts, language: Language) -> list[Table]:
    """What each package that begins now brings year by year; no table where none does."""
    tables = []
    for found in verdicts.years:
        names = [verdicts.row(name).scenario.title.text(language) for name in (found.scenario, found.other)]
        rows = [
            (measure_head(m, language, "year_"), *(band_cell(b, m.unit, language) for b in found.differences[m.name]))
            for m in TOLD
        ]
        title = say("table_years", language, package=names[0], other=names[1], now=write_month(_now(verdicts)))
        head = (say("short_column_measure", language), *(str(year) for year in YEARS))
        tables.append(Table(title, head, tuple(rows), below=(say("difference_note", language),)))
    return tables


def reviews(verdicts: Verdicts, language: Language) -> list[Table]:
    """How often each branch of each review is taken; no table where no package has any."""
    found = [(verdicts.row(name).scenario.title.text(language), held) for name, held in verdicts.reviews.items()]
    return [reviews_table(found, verdicts.draws, language)] if found else []


def _now(verdicts: Verdicts) -> float:
    return verdicts.row(verdicts.pairing.asked).scenario.now


def _cost(verdicts: Verdicts, language: Language) -> Table:
    measures = _measures(COST)
    head = (say("column_package", language), *(measure_head(m, language) for m in measures))
    rows = [
        (row.scenario.title.text(language), *(band_cell(row.measures[m.name], m.unit, language) for m in measures))
        for row in verdicts.rows
    ]
    title = say("table_cost", language, year=YEAR)
    return Table(title, head, tuple(rows), below=(say("below_gross", language), say("below_medians", language)))


def _payers(verdicts: Verdicts, language: Language) -> Table:
    measures, added = _measures(PAYERS), _measures(("net",))
    head = [say("column_package", language), *(measure_head(m, language) for m in measures)]
    head += [measure_head(m, language, "additional_") for m in added]
    rows = _package_rows(verdicts, measures, added, language)
    title = say("table_payers", language, year=YEAR)
    return Table(title, tuple(head), tuple(rows), below=(say("below_net", language), say("difference_note", language)))


def _changes(verdicts: Verdicts, language: Language) -> Table:
    measures = _measures(CHANGED)
    head = (say("column_package", language), *(measure_head(m, language) for m in measures))
    rows = [
        (row.scenario.title.text(language), *(band_cell(row.changes[m.name], m.unit, language) for m in measures))
        for row in verdicts.rows
        if row.changes
    ]
    return Table(say("table_changes", language), head, tuple(rows))


def _reported(verdicts: Verdicts, language: Language) -> Table:
    keys = ("reported", "printed", "period", "counted", "model", "would_print", "inside")
    head = tuple(say(f"column_{key}", language) for key in keys)
    rows = tuple(_reported_row(comparison, language) for comparison in verdicts.reported)
    title = say("table_reported", language, mark=grounds_mark(verdicts.grounds, language))
    return Table(title, head, rows, below=(say("below_reported", language),))


def _reported_row(comparison: Reported, language: Language) -> tuple[str, ...]:
    figure = comparison.figure
    unit = unit_label(reader_unit(figure.unit, language), language)
    return (
        f"{figure.label.text(language)} [{figure.identifier}]",
        figure.phrase,
        _period(comparison.start, comparison.end),
        comparison.variable.label.text(language),
        *(
            band_cell(band, figure.unit, language) + ("" if language == "zh" else " ") + unit
            for band in (comparison.model, comparison.report)
        ),
        say("cell_inside" if comparison.inside else "cell_outside", language),
    )


def _period(start: str, end: str) -> str:
    if start[:4] == end[:4] and (start[5:], end[5:]) == ("01-01", "12-31"):
        return start[:4]
    return start[:7] if start[:7] == end[:7] else f"{start[:7]} – {end[:7]}"


def band_cell(band: Band, unit: str, language: Language) -> str:
    """Median, and on a second line the interval, of a band in `unit` as a reader of `language` counts it."""
    factor = conversion(unit, reader_unit(unit, language))
    median, low, high = (
        significant(factor * value, places(unit, language)) for value in (band.median, band.low, band.high)
    )
    return f"{median}\n{low} – {high}" if not math.isnan(band.low) else f"{median}\n—"
