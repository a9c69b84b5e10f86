"""What it is worth to hold the reviews of a package: in a sentence, and in three tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shudian.analysis.reported import Band
from shudian.analysis.reviewing import EARLIER, Reading, ReviewsWorth
from shudian.analysis.verdicts import LATER, Probability, Verdicts
from shudian.evidence import load_vocabulary
from shudian.kinds import LANGUAGES, Language
from shudian.report.document import Table
from shudian.report.render.csv_tables import CsvCell, CsvTable, labelled, named
from shudian.report.render.numbers import percent, significant
from shudian.report.run.tables import band_cell
from shudian.report.words.captions import money_scale, places, within
from shudian.report.words.review_text import indicator_text
from shudian.reviews import Way
from shudian.units import reader_unit, unit_label
from shudian.wording import say

UNIT = "亿元"
SIGNS = 6
"""Indicators for which a table has room."""
_AMOUNTS = {"late": "{:g}", "noisy": "{:g}", "high": "{:z.0%}", "low": "{:z.0%}"}


def worth_text(found: ReviewsWorth, verdicts: Verdicts, language: Language) -> str:
    """What reviewing is worth, beside deciding once, a perfect figure, one that tells nothing, and hindsight."""
    by_manner = {reading.manner: reading.worth for reading in found.readings}
    shown = {name: _amount(by_manner[name], language) for name in ("planned", "perfect", "blind")}
    return say(
        "reviews_worth_text",
        language,
        package=verdicts.row(found.scenario).scenario.title.text(language),
        year=LATER,
        value=f"{found.value:g}",
        best=_way(found.best, language),
        hindsight=_amount(found.hindsight, language),
        **shown,
    )


def review_tables(found: ReviewsWorth, verdicts: Verdicts, language: Language) -> Iterator[Table]:
    """The ways beside each other, the figure read otherwise, and the signposts."""
    title = verdicts.row(found.scenario).scenario.title.text(language)
    unit = unit_label(reader_unit(UNIT, language), language)
    yield _ways(found, title, unit, language)
    yield _readings(found, title, unit, language)
    if found.signs:
        yield _signs(found, title, unit, language)


def csv(several: Sequence[ReviewsWorth], verdicts: Verdicts) -> CsvTable:
    """Every manner in which the figure of a package's reviews may be read, and hindsight, which reads none."""
    columns = (
        *named("column_package", "scenario"), *named("column_reading", "reading"), labelled("csv_amount", "amount"),
        labelled("csv_passed", "passed", "%"), labelled("csv_wrong", "wrong", "%"),
        labelled("csv_worth", "worth", UNIT, year=LATER), labelled("csv_worth_error", "worth_error", UNIT),
        labelled("csv_worth_draws", "draws"),
    )  # fmt: skip
    rows: list[list[CsvCell]] = []
    for found in several:
        title = verdicts.row(found.scenario).scenario.title
        start: list[CsvCell] = [found.scenario, title.zh, title.en]
        for reading in found.readings:
            told = [_manner(reading, language) for language in LANGUAGES]
            name = f"{reading.manner}_{reading.definition}" if reading.manner == "definition" else reading.manner
            amount = reading.amount if reading.manner in _AMOUNTS else None
            shares = [100 * reading.passed, 100 * reading.wrong]
            rows.append([*start, name, *told, amount, *shares, *_ends(reading.worth), found.draws])
        told = [say("row_hindsight", language) for language in LANGUAGES]
        rows.append([*start, "hindsight", *told, None, None, None, *_ends(found.hindsight), found.draws])
    return CsvTable("reviews", columns, rows)


def _ends(found: Probability) -> tuple[float, float]:
    return found.value, found.error


def _ways(found: ReviewsWorth, title: str, unit: str, language: Language) -> Table:
    head = (say("column_way", language), say("column_way_benefit", language, unit=unit, year=LATER))
    rows = [(say("row_reviewed", language), _band(found.taken, language))]
    rows += [
        (say("row_once", language, way=_way(way, language)), _band(benefit, language))
        for way, benefit in found.once.items()
    ]
    return Table(say("table_ways", language, package=title), head, tuple(rows), 1)


def _readings(found: ReviewsWorth, title: str, unit: str, language: Language) -> Table:
    head = [say(f"column_{key}", language) for key in ("reading", "review_passed", "review_wrong")]
    head.append(say("column_worth", language, unit=unit))
    rows = [
        (
            _manner(reading, language),
            percent(reading.passed, found.draws),
            percent(reading.wrong, found.draws),
            _amount(reading.worth, language),
        )
        for reading in found.readings
    ]
    rows.append((say("row_hindsight", language), "", "", _amount(found.hindsight, language)))
    below = (say("below_readings", language),)
    return Table(say("table_readings", language, package=title), tuple(head), tuple(rows), 1, below)


def _signs(found: ReviewsWorth, title: str, unit: str, language: Language) -> Table:
    months = [month for month in EARLIER if any(month in sign.gains for sign in found.signs)]
    head = [say("column_sign", language)]
    head += [
        say("column_sign_months", language, months=f"{month:g}") if month else say("column_sign_review", language)
        for month in months
    ]
    rows = []
    for sign in found.signs[:SIGNS]:
        cells = [
            f"{_number(sign.gains[month].value, language)}\n{max(sign.told[month].value, 0.0):z.0%}"
            if month in sign.gains
            else "—"
            for month in months
        ]
        rows.append((indicator_text(sign.indicator, sign.place, sign.definition, language), *cells))
    below = (say("below_signs", language, unit=unit, year=LATER),)
    return Table(say("table_signs", language, package=title, year=LATER), tuple(head), tuple(rows), below=below)


def _way(way: Way, language: Language) -> str:
    words = {True: "way_passed", False: "way_failed", None: "way_unheld"}
    return " → ".join(say(words[answer], language) for answer in way)


def _manner(reading: Reading, language: Language) -> str:
    labels = load_vocabulary()["definition"]
    definition = labels[reading.definition].text(language) if reading.definition in labels else reading.definition
    amount = _AMOUNTS.get(reading.manner, "").format(reading.amount)
    return say(f"reading_{reading.manner}", language, amount=amount, definition=within(definition, language))


def _band(band: Band, language: Language) -> str:
    return band_cell(band, UNIT, language)


def _amount(found: Probability, language: Language) -> str:
    error = found.error * money_scale(language)
    return f"{_number(found.value, language)} ±{significant(error, places(UNIT, language))}"


def _number(value: float, language: Language) -> str:
    return significant(value * money_scale(language), places(UNIT, language))
