"""The tables of a comparison."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from shudian.analysis.assessment import BENEFIT, Assessment, Choice
from shudian.analysis.contribution import Contributions
from shudian.analysis.cost import PRICED, Price
from shudian.analysis.ranking import Pair
from shudian.analysis.reported import Band
from shudian.analysis.structures import End
from shudian.analysis.verdicts import LATER, MEASURES, YEAR, Verdicts
from shudian.kinds import Language, Model
from shudian.report.comparison.words import best_spans, criterion_text, lever_label, outcome_text, quoted, title
from shudian.report.document import Table
from shudian.report.render.numbers import adding_up, percent, significant
from shudian.report.run.tables import band_cell, probabilities
from shudian.report.words import structures
from shudian.report.words.captions import definition_label, joined, money_scale, places, within
from shudian.units import conversion, reader_unit, unit_label
from shudian.wording import say, wrap

ADDED = ("entry", "output", "jobs", "heads", "indirect", "cost", "net")
SHORT = 4
"""Packages for which the first look has room."""
STRONGEST = 3
"""Interactions that are named below a table."""


def comparison_tables(
    assessment: Assessment, choice: Choice, shocks: Mapping[str, str], language: Language
) -> list[Table]:
    """All tables; `shocks`: name -> title."""
    verdicts = choice.verdicts
    first = next(iter(verdicts.market.definitions))
    found = [probabilities(verdicts, language), gross(verdicts, language), added(assessment, verdicts, language)]
    found.append(prices(assessment, verdicts, language))
    if len(assessment.peers) > 1:
        found += [ahead(assessment, verdicts, criterion, language) for criterion in (first, BENEFIT)]
    found += [worth_table(assessment, verdicts, language), regret_table(assessment, verdicts, shocks, language)]
    found.append(left_table(assessment, verdicts, language))
    found += [contribution_table(assessment, name, choice, language) for name in assessment.contributions]
    found += structure_tables(assessment, verdicts, language)
    if assessment.differences:
        found.append(difference_table(assessment, verdicts, language))
    return found


def _head(language: Language) -> str:
    return say("column_package", language)


def gross(verdicts: Verdicts, language: Language) -> Table:
    """What each package comes to, the references among them."""
    rows = [(row.scenario.title.text(language), row.measures) for row in verdicts.rows]
    table = _amounts(say("table_gross", language, year=YEAR), rows, language)
    return replace(table, below=(say("difference_note", language),))


def added(assessment: Assessment, verdicts: Verdicts, language: Language) -> Table:
    """What each package adds to the reference."""
    rows = [(title(name, verdicts, language), verdicts.row(name).additional) for name in assessment.packages]
    return _amounts(_against("table_added", verdicts, language), rows, language)


def _amounts(heading: str, rows: Sequence[tuple[str, Mapping[str, Band]]], language: Language) -> Table:
    units = {measure.name: measure.unit for measure in MEASURES}
    head = (_head(language), *(say(f"added_{name}", language, year=YEAR) for name in ADDED))
    cells = tuple((name, *(band_cell(bands[m], units[m], language) for m in ADDED)) for name, bands in rows)
    return Table(heading, head, cells)


def _against(key: str, verdicts: Verdicts, language: Language, **values: object) -> str:
    reference = title(verdicts.reference, verdicts, language)
    return say(key, language, reference=reference, **values)


def short_table(assessment: Assessment, verdicts: Verdicts, language: Language) -> Table:
    """The first look: the chance of the target, what each package adds, and what it costs."""
    units = {measure.name: measure.unit for measure in MEASURES}
    shown = ("output", "jobs", "cost")
    head = (_head(language), say("column_short_chance", language))
    rows = []
    for name in assessment.packages[:SHORT]:
        row = verdicts.row(name)
        chances = [percent(c.value, verdicts.draws) for c in row.targets[verdicts.market.identifier].values()]
        cells = (band_cell(row.additional[m], units[m], language) for m in shown)
        rows.append((title(name, verdicts, language), " / ".join(chances), *cells))
    more = len(assessment.packages) - len(rows)
    labels = [within(definition_label(d, verdicts, language), language) for d in verdicts.market.definitions]
    return Table(
        _against("table_short", verdicts, language, year=YEAR, definitions=joined(labels, language, "、", ", ")),
        (*head, *(say(f"added_{name}", language, year=YEAR) for name in shown)),
        tuple(rows),
        below=(say("short_others_full", language, count=more),) if more else (),
    )


def prices(assessment: Assessment, verdicts: Verdicts, language: Language) -> Table:
    """What one more job, or yuan of output, costs."""
    head = [_head(language)]
    head += [say(f"column_price_{what}", language, year=year) for what, year in PRICED]
    head.append(say("column_nothing_added", language))
    rows = []
    for name in assessment.packages:
        found = assessment.prices[name]
        nothing = found[PRICED[0]].nothing
        label = title(name, verdicts, language)
        chance = say("cell_undefined", language) if math.isnan(nothing) else percent(nothing, verdicts.draws)
        rows.append((label, *(_price(found[key], _scale(key[0], language), language) for key in PRICED), chance))
    return Table(
        _against("table_prices", verdicts, language), tuple(head), tuple(rows), below=(say("below_prices", language),)
    )


def _amount(value: float, language: Language) -> str:
    if math.isinf(value):
        return say("cell_no_price", language)
    return say("cell_undefined", language) if math.isnan(value) else significant(value)


def _scale(what: str, language: Language) -> float:
    # a job is priced in 万元 or thousands of yuan, a yuan of output in yuan
    return conversion("万元", reader_unit("万元", language)) if what == "jobs" else 1.0


def _price(found: Price, scale: float, language: Language) -> str:
    if math.isnan(found.median):
        return say("cell_undefined", language)
    median, low, high = (_amount(scale * value, language) for value in (found.median, found.low, found.high))
    return f"{median}\n{low} – {high}"


def ahead(assessment: Assessment, verdicts: Verdicts, criterion: str, language: Language) -> Table:
    """Probability that the row's package is ahead of the column's."""
    found = next(iter(assessment.rankings[criterion].values()))
    names = [*assessment.peers, verdicts.reference]
    head = (_head(language), *(title(name, verdicts, language) for name in names))
    rows = tuple(
        (title(one, verdicts, language), *(_ahead(found.pairs.get((one, other)), language) for other in names))
        for one in names
    )
    text = criterion_text(criterion, verdicts, language, assessment.value)
    return Table(say("table_ahead", language, criterion=text), head, rows, below=(say("below_ahead", language),))


def _ahead(pair: Pair | None, language: Language) -> str:
    if pair is None:
        return say("cell_undefined", language)
    if pair.tie == 1:
        return "＝" if language == "zh" else "="
    return percent(pair.ahead, pair.draws) + ("" if pair.told_apart else " ≈")


def worth_table(assessment: Assessment, verdicts: Verdicts, language: Language) -> Table:
    """Who pays best at which value of a yuan of additional output."""
    worth = assessment.worth
    rows = [
        (
            f"{significant(span.start)} – {significant(span.end)}",
            quoted(span.names, verdicts, language),
            percent(span.chance, verdicts.draws),
        )
        for span in best_spans(worth)
    ]
    head = tuple(say(f"column_{key}", language) for key in ("value_from", "best", "best_chance"))
    values = [
        say(
            "below_worth_value",
            language,
            package=title(name, verdicts, language),
            value=_amount(worth.break_even[name], language),
        )
        for name in worth.names[:-1]
    ]
    below = _against("below_worth", verdicts, language, values=joined(values, language))
    return Table(say("table_worth", language, year=LATER), head, tuple(rows), below=(below,))


def regret_table(assessment: Assessment, verdicts: Verdicts, shocks: Mapping[str, str], language: Language) -> Table:
    """What each package misses against the best, world by world, in net benefit."""
    found = assessment.regrets[BENEFIT]
    worlds = [shocks[world] if world else say("column_world_own", language) for world in found.worlds]
    head = (_head(language), *worlds, say("column_worst", language))
    rows = tuple(
        (title(name, verdicts, language), *(_money(r, language) for r in (*found.regrets[:, i], found.worst[i])))
        for i, name in enumerate(found.names)
    )
    text = criterion_text(BENEFIT, verdicts, language, assessment.value)
    below = say("below_regret", language, names=quoted(found.least_regretted, verdicts, language))
    return Table(say("table_regret", language, criterion=text), head, rows, below=(below,))


def left_table(assessment: Assessment, verdicts: Verdicts, language: Language) -> Table:
    """What is left when all support has ended."""
    units = {"output": "亿元", "jobs": "人", "firms": "家"}
    head = [_head(language), *(say(f"column_left_{name}", language, year=LATER) for name in units)]
    head.append(say("column_kept", language))
    rows = []
    for name, left in assessment.left.items():
        kept = left.kept["output"]
        share = say("cell_undefined", language) if math.isnan(kept) else f"{kept:z.0%}"
        cells = [band_cell(left.without[what], unit, language) for what, unit in units.items()]
        rows.append((title(name, verdicts, language), *cells, share))
    return Table(_against("table_left", verdicts, language, year=LATER), tuple(head), tuple(rows))


def contribution_table(assessment: Assessment, name: str, choice: Choice, language: Language) -> Table:
    """What each lever of the package called `name` contributes."""
    found, verdicts = assessment.contributions[name], choice.verdicts
    outcomes = assessment.outcomes
    first_outcome = outcomes[0]
    texts = [outcome_text(outcome, verdicts, language) for outcome in outcomes]
    first = texts[0]
    head = [say("column_lever", language)]
    head += [say("column_shapley", language, outcome=text) for text in texts]
    head += [say("column_alone", language, outcome=first), say("column_last", language, outcome=first)]
    rows = []
    columns = [
        adding_up((scale * found.shapley[:, k]).tolist(), scale * float(found.total[k]), digits)
        for k, (scale, digits) in enumerate(_scaled(outcome, language) for outcome in outcomes)
    ]
    for i in np.argsort(-found.shapley[:, 0], kind="stable"):
        cells = [
            f"{parts[i]}\n±{_signed(found.errors[i, k], outcome, language)}"
            for k, (outcome, (parts, _)) in enumerate(zip(outcomes, columns, strict=True))
        ]
        cells += [_signed(part[i, 0], first_outcome, language) for part in (found.alone, found.last)]
        rows.append((lever_label(found.players[i], choice.model, language), *cells))
    rows.append((say("row_total_mean", language), *(total for _, total in columns), "", ""))
    orders = "" if found.exact else say("orders_sampled", language)
    below = [say("below_contributions", language, draws=found.draws, orders=orders)]
    below += _together(found, choice.model, language)
    heading = _against("table_contributions", verdicts, language, package=title(name, verdicts, language), year=YEAR)
    return Table(heading, tuple(head), tuple(rows), below=tuple(below))


def _scaled(outcome: str, language: Language) -> tuple[float, int]:
    """By what an outcome is multiplied to be shown (points, or money as heads announce it), and to how many places."""
    if "/" in outcome:
        return 100.0, 1
    return (1.0, 0) if outcome == "jobs" else (money_scale(language), places("亿元", language))


def _signed(value: float, outcome: str, language: Language) -> str:
    scale, digits = _scaled(outcome, language)
    return significant(scale * value, digits)


def _money(value: float, language: Language) -> str:
    """An amount in 亿元 as heads announce it: millions of yuan in English."""
    return _signed(value, "cost", language)


def _together(found: Contributions, model: Model, language: Language) -> list[str]:
    strongest = sorted(found.together, key=lambda pair: -abs(found.together[pair][0]))[:STRONGEST]
    pairs = [
        say(
            "together_pair",
            language,
            one=lever_label(one, model, language),
            other=within(lever_label(other, model, language), language),
            amount=_money(float(found.together[one, other][0]), language),
        )
        for one, other in strongest
        if _money(float(found.together[one, other][0]), language) != "0"
    ]
    return [say("below_together", language, pairs=joined(pairs, language))] if pairs else []


def structure_tables(assessment: Assessment, verdicts: Verdicts, language: Language) -> list[Table]:
    """Where each contested form is true: the best package, and each one's median addition and chance."""
    by = verdicts.structures
    if by is None or not by.forms:
        return []
    criterion = within(criterion_text(BENEFIT, verdicts, language, assessment.value), language)
    head = [say("structures_column_form", language), say("structures_column_weights", language)]
    head += [say("structures_column_best", language)] if len(assessment.peers) > 1 else []
    head += [title(name, verdicts, language) for name in assessment.peers]
    rows = []
    for found in by.forms:
        for end in found.ends:
            cells = [structures.row_label(found, end, language), structures.weight_cell(end)]
            cells += [] if end.few else _structure_cells(end, assessment, verdicts, language)
            rows.append((*cells, *[say("structures_few_cell", language)] * (len(head) - len(cells))))
    labels = [within(definition_label(d, verdicts, language), language) for d in verdicts.market.definitions]
    heading = _against(
        "structures_table_compare",
        verdicts,
        language,
        criterion=criterion,
        year=YEAR,
        unit=unit_label(reader_unit("亿元", language), language),
        definitions=joined(labels, language, "、", ", "),
    )
    below = structures.remarks(by, verdicts, criterion, language)
    return [Table(heading, tuple(head), tuple(rows), below=below)]


def _structure_cells(end: End, assessment: Assessment, verdicts: Verdicts, language: Language) -> list[str]:
    """The best package, then of each the addition with its interval and its chances."""
    cells = []
    if len(assessment.peers) > 1:
        cells.append("\n".join(wrap(title(name, verdicts, language), 22) for name in end.best))
    for name in assessment.peers:
        answer = end.answers[name]
        hit = answer.chances[verdicts.market.identifier].values()
        chances = " / ".join(percent(chance.value, end.draws) for chance in hit)
        addition = f"{band_cell(answer.effects['output'], '亿元', language)}\n" if answer.effects else ""
        cells.append(addition + chances)
    return cells


def difference_table(assessment: Assessment, verdicts: Verdicts, language: Language) -> Table:
    """What separates packages in other worlds from the package asked about."""
    outcome = assessment.outcomes[0]
    head = (_head(language), *(say(f"column_{k}", language) for k in ("policy", "assumption", "interaction")))
    head = (*head, say("row_total", language))
    rows = []
    for name, found in assessment.differences.items():
        parts: Sequence[Mapping[str, Band]] = (found.policy, found.assumption, found.interaction, found.total)
        rows.append((title(name, verdicts, language), *(band_cell(part[outcome], "亿元", language) for part in parts)))
    heading = say(
        "table_differences",
        language,
        first=title(verdicts.pairing.asked, verdicts, language),
        outcome=outcome_text(outcome, verdicts, language),
    )
    return Table(heading, head, tuple(rows), below=(say("below_medians", language),))
