"""The first lines of an answer on the terminal: what a planner reads before asking for the rest.

One package is told measure by measure, several by the chance of the target and a sentence on the one asked for. Every
number stands in the full tables too.
"""

from __future__ import annotations

from collections.abc import Sequence

from shudian.analysis.by_year import TOLD, YEARS
from shudian.analysis.reported import Band
from shudian.analysis.told import is_chance_told
from shudian.analysis.verdicts import STANDING_YEARS, YEAR, Measure, Verdict, Verdicts
from shudian.kinds import Language, Target
from shudian.quantities import FIRST_YEAR, write_month
from shudian.report.document import Table, one_line
from shudian.report.render.numbers import percent, worst_error
from shudian.report.run.strip import KEY, LATE, compared_with
from shudian.report.run.tables import alike_lines, band_cell, measure_head, signed_points
from shudian.report.words.belief_text import belief_text, past_text
from shudian.report.words.captions import amount, definition_label, evidence_words, joined, shared_words, within
from shudian.report.words.cautions import caution_lines, cautions, others_than_idle
from shudian.report.words.finding_text import city_text, grounds_text
from shudian.report.words.review_text import in_short
from shudian.scenario_past import departure
from shudian.units import reader_unit, unit_label
from shudian.wording import say

SOON = 24
"""Months to the end of the year of the targets that are little time."""
MOST_ROWS = 6
"""Packages that are shown one by one; of the others the range is told."""


def chances(verdicts: Verdicts, language: Language) -> Table:
    """The chance of the market target under each definition: the package asked for, and those that differ most."""
    market = verdicts.market
    labels = [definition_label(d, verdicts, language) for d in market.definitions]
    standing = [percent(verdicts.standing[d][-1].reached.value, verdicts.draws) for d in market.definitions]
    threshold = amount(market.threshold, market.unit, language)
    already = say("row_standing_reached", language, year=STANDING_YEARS[-1], threshold=threshold)
    shown = _shown(verdicts)
    rows = [(already, *standing)]
    rows += [(row.scenario.title.text(language), *_chances(row, verdicts)) for row in shown]
    others = [row for row in verdicts.rows if row not in shown]
    if others:
        ends = [[row.targets[market.identifier][d].value for row in others] for d in market.definitions]
        cells = [_span(percent(min(e), verdicts.draws), percent(max(e), verdicts.draws)) for e in ends]
        rows.append((say("short_others", language, count=len(others)), *cells))
    title = say("short_chances", language, target=market.label.text(language))
    return Table(
        title,
        (say("column_package", language), *labels),
        tuple(rows),
        1,
        () if others else alike_lines(verdicts, language),
    )


def _chances(row: Verdict, verdicts: Verdicts) -> list[str]:
    return [percent(chance.value, verdicts.draws) for chance in row.targets[verdicts.market.identifier].values()]


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _shown(verdicts: Verdicts) -> Sequence[Verdict]:
    """In the order of the tables; the package asked for and what it is compared with are always among them."""
    asked = verdicts.pairing.asked
    always = {asked, verdicts.reference, verdicts.pairing.originals.get(asked, asked)}

    def unlike(row: Verdict) -> tuple[bool, float]:
        return row.scenario.name in always, max((abs(gain.value) for gain in row.gains.values()), default=0.0)

    chosen = sorted(verdicts.rows, key=unlike, reverse=True)[:MOST_ROWS]
    return [row for row in verdicts.rows if row in chosen]


def is_about_one(verdicts: Verdicts) -> bool:
    """Whether the run is about one package, beside what it is compared with."""
    pairing = verdicts.pairing
    aside = {pairing.asked, *pairing.references.values(), *pairing.originals.values()}
    return all(row.scenario.name in aside for row in verdicts.rows)


def effects(verdicts: Verdicts, language: Language) -> Table:
    """The package asked for, measure by measure, and its difference from what it is compared with."""
    row = verdicts.row(verdicts.pairing.asked)
    other, bands = compared_with(verdicts)
    gains = row.moves.get(verdicts.market.identifier, {})
    rows = []
    for definition, chance in row.targets[verdicts.market.identifier].items():
        label = within(definition_label(definition, verdicts, language), language)
        name = say("short_chance", language, definition=label)
        gain = signed_points(gains[definition], verdicts.draws, language) if gains else ""
        points = say("short_points", language, points=gain) if gain.strip("≈0—") else gain
        rows.append((name, percent(chance.value, verdicts.draws), points))
    if found := _most_moved(verdicts):
        target, definition = found
        reached = percent(row.targets[target.identifier][definition].value, verdicts.draws)
        points = signed_points(row.moves[target.identifier][definition], verdicts.draws, language)
        rows.append((target.label.text(language), reached, say("short_points", language, points=points)))
    # `years_text` tells the last year too
    last = () if years_text(verdicts, language) else LATE[:1]
    for measure in (*KEY, *last):
        difference = _band(bands[measure.name], measure, language) if bands else ""
        rows.append(
            (
                one_line(measure_head(measure, language)),
                _band(row.measures[measure.name], measure, language),
                difference,
            )
        )
    names = {"package": row.scenario.title.text(language), "other": verdicts.row(other).scenario.title.text(language)}
    key = "short_effects" if bands else "short_level"
    head = [say(f"short_column_{column}", language) for column in ("measure", "level", "difference")]
    return Table(
        say(key, language, year=YEAR, **names),
        tuple(head if bands else head[:2]),
        tuple(tuple(cells if bands else cells[:2]) for cells in rows),
        # what does nothing is said already
        below=() if any(caution.kind == "idle" for caution in cautions(verdicts)) else alike_lines(verdicts, language),
    )


def _most_moved(verdicts: Verdicts) -> tuple[Target, str] | None:
    """Of the targets besides the market the one whose chance moves most, and by which definition; None if none does."""
    moves = verdicts.row(verdicts.pairing.asked).moves
    found = [
        (abs(move.value), target, definition)
        for target in verdicts.targets
        if target is not verdicts.market
        for definition, move in moves.get(target.identifier, {}).items()
        if is_chance_told(move, verdicts.draws)
    ]
    return max(found, key=lambda entry: entry[0])[1:] if found else None


def _band(found: Band, measure: Measure, language: Language) -> str:
    return one_line(band_cell(found, measure.unit, language)).replace(" – ", "–")


def reviews_text(verdicts: Verdicts, language: Language) -> str:
    """How often each branch of the reviews of the package asked for is taken; empty where it has none."""
    held = verdicts.reviews.get(verdicts.pairing.asked, ())
    return in_short(held, verdicts.draws, language) if held else ""


def effects_text(verdicts: Verdicts, language: Language) -> str:
    """What `effects` shows, in a sentence; empty where the package asked for is compared with none."""
    other, bands = compared_with(verdicts)
    if not bands:
        return ""
    told = []
    for measure in KEY:
        label = within(one_line(measure_head(measure, language)), language)
        told.append(say("short_effect", language, measure=label, band=_band(bands[measure.name], measure, language)))
    return say(
        "short_effects_text",
        language,
        package=verdicts.row(verdicts.pairing.asked).scenario.title.text(language),
        other=verdicts.row(other).scenario.title.text(language),
        effects=joined(told, language),
    )


def years_text(verdicts: Verdicts, language: Language) -> str:
    """What the package asked for brings in the year of the targets and after it; empty where it does not begin now."""
    found = next((one for one in verdicts.years if one.scenario == verdicts.pairing.asked), None)
    if found is None:
        return ""
    output = next(measure for measure in TOLD if measure.name == "output")
    unit = unit_label(reader_unit(output.unit, language), language)
    amounts = [band_cell(band, output.unit, language).split("\n")[0] for band in found.differences["output"]]
    told = [say("short_year", language, year=year, amount=amount) for year, amount in zip(YEARS, amounts, strict=True)]
    scenario, other = (verdicts.row(name).scenario for name in (found.scenario, found.other))
    years = joined(told, language, "、", ", ")
    start = departure(scenario, other)
    key = "short_years" if (YEAR + 1 - FIRST_YEAR) * 12 - start <= SOON else "short_years_long"
    return say(key, language, start=write_month(start), year=YEAR, unit=unit, years=years)


def basis(verdicts: Verdicts, language: Language) -> str:
    """Which city, whether the draws are calibrated or why they are not, how many, and how exact."""
    found = verdicts.grounds.posterior
    if found and verdicts.grounds.calibrated:
        calibrated = say("short_calibrated", language, evidence=evidence_words(found, language), until=found.data_until)
        if found.shared:
            calibrated = say("short_member", language, **shared_words(found, language))
        grounds = joined([calibrated, *past_text(language)], language, "", " ")
    else:
        grounds = grounds_text(verdicts.grounds, language)
    error = f"{worst_error(verdicts.carried) * 100:z.1f}"
    exact = say("short_error", language, draws=f"{verdicts.draws:,}", error=error)
    return joined([city_text(verdicts, language), grounds, exact, *belief_text(verdicts, language)], language, "", " ")


def ending(verdicts: Verdicts, language: Language, name: str, then: str = "short_next_run") -> tuple[str, ...]:
    """One warning, preferably about the package asked for, how many more there are, and what to do next.

    `name` is what the package was called on the command line.
    """
    asked = verdicts.row(verdicts.pairing.asked).scenario
    others = {row.scenario.name for row in verdicts.rows} - {asked.name}
    told = others_than_idle(cautions(verdicts))
    # two kinds of packages in one table first: it concerns the reading of every row
    first = sorted(told, key=lambda c: (c.kind != "mixed", c.subject in others, c.subject != asked.name))[:1]
    more = len(told) - len(first)
    counted = say("short_warnings", language, count=more) if more else ""
    begins_now = any(found.scenario == asked.name for found in verdicts.years)
    beside = ("shenzhen_from_now", "fund_from_now") if begins_now else ("shenzhen_mode", "zhengzhou_2025")
    other = next(shown for shown in beside if shown != name)
    return (
        *(line + counted for line in caution_lines(first, language)),
        # why is not asked of what decides draw by draw
        say(then + ("_reviewed" if asked.reviews else ""), language, name=name, other=other),
    )
