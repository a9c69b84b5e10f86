"""The brief's sentences: question, conclusion, how sure it is, and what is advised and to be decided."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shudian.analysis.assessment import BENEFIT, Assessment
from shudian.analysis.contribution import Contributions
from shudian.analysis.cost import Price
from shudian.analysis.idle import Idleness
from shudian.analysis.reported import Band
from shudian.analysis.told import is_chance_told, is_told
from shudian.analysis.verdicts import YEAR, Verdicts
from shudian.analysis.warnings import Unstated
from shudian.kinds import FEWEST, Caution, Language, Model
from shudian.quantities import write_month
from shudian.report.comparison.words import (
    criterion_text,
    is_assumed,
    largest_part,
    leader_text,
    lever_label,
    own_ranking,
    quoted,
    title,
)
from shudian.report.render.numbers import percent, significant, worst_error
from shudian.report.run.short import basis
from shudian.report.run.strip import compared_with, reasons
from shudian.report.run.tables import band_cell
from shudian.report.words import structures
from shudian.report.words.captions import definition_label, explained, joined, within
from shudian.report.words.cautions import cautions
from shudian.report.words.idle_text import idle_clause
from shudian.report.words.review_text import in_short
from shudian.units import conversion, reader_unit
from shudian.wording import say

if TYPE_CHECKING:
    from shudian.report.brief.package import Package

SMALL = 0.02
"""A lever that brings less than this share of what its package adds to output need not be raised."""
MOST_NAMED = 4
"""Statistics, levers or packages that a sentence names."""
MADE = 0.5
"""Reached in this share of the draws already, a target is no success of policy."""


def question(verdicts: Verdicts, language: Language) -> str:
    """What was asked: the question of the package that the brief is about, and beside which others it is put."""
    asked, bases = verdicts.pairing.asked, {*verdicts.pairing.references.values()}
    others = [row.scenario.name for row in verdicts.rows if row.scenario.name not in (asked, *bases)]
    told = verdicts.row(asked).scenario.question.text(language)
    reference = title(verdicts.reference, verdicts, language)
    if verdicts.years:
        told += say("brief_now", language, now=write_month(verdicts.row(asked).scenario.now))
    if not others:
        return say("brief_question_one", language, question=told, reference=reference)
    return say(
        "brief_question", language, question=told, reference=reference, others=quoted(others, verdicts, language)
    )


def conclusion(asked: Package, verdicts: Verdicts, language: Language) -> str:
    """One sentence: what the package adds and costs, how likely the market target is, and on what that hangs."""
    if verdicts.draws < FEWEST:
        return say("brief_answer_few", language, draws=verdicts.draws)
    chances = [chance.value for chance in asked.chances.values()]
    low, high = (percent(chance, verdicts.draws) for chance in (min(chances), max(chances)))
    spread = say("brief_chance_one" if low == high else "brief_chance_span", language, low=low, high=high)
    places = {
        "package": asked.title.text(language),
        "target": verdicts.market.label.text(language),
        "chances": spread,
        "year": YEAR,
        "reference": title(verdicts.reference, verdicts, language),
        "moves": _moves(asked, verdicts, language),
    }
    if not (asked.output and asked.jobs and asked.more_cost):
        return say("brief_conclusion_reference", language, **places)
    pair = {asked.name, verdicts.pairing.references[asked.name]}
    for found in verdicts.alike:
        if {found.one, found.other} == pair and found.extent in ("later", "same"):
            # a row of noughts would read as if it brought nothing ever
            return say(f"brief_conclusion_{found.extent}", language, **places, part=found.year)
    amounts = {
        name: amount(band, unit, language)
        for name, band, unit in (
            ("output", asked.output, "亿元"),
            ("jobs", asked.jobs, "人"),
            ("cost", asked.more_cost, "亿元"),
        )
    }
    return say("brief_conclusion", language, **places, **amounts)


def _moves(asked: Package, verdicts: Verdicts, language: Language) -> str:
    gains = asked.gains.values()
    points = [round(100 * gain.value) for gain in gains if is_chance_told(gain, verdicts.draws)]
    if not points:
        return say("brief_moves_none", language)
    low, high = (f"{end(points):+d}".replace("-", "−") for end in (min, max))
    told = say("brief_moves_one" if low == high else "brief_moves", language, low=low, high=high)
    untold = len(gains) - len(points)
    return told + say("brief_moves_some", language, count=untold, all=len(gains)) if untold else told


def confidence(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """Definitions, what is reached already, the answer in words behind its numbers, and on what all of it rests."""
    there = [
        say(
            "brief_standing", language, definition=_named(definition, verdicts, language), year=found[-1].year,
            chance=percent(found[-1].reached.value, verdicts.draws),
        )
        for definition, found in verdicts.standing.items()
        if found[-1].reached.value > MADE
    ]  # fmt: skip
    told = [definitions(verdicts, language) + ("" if language == "zh" else " ") + joined(there, language, "", " ")]
    # how much changes is in the table of outcomes, what would tell more is in the advice
    told += reasons(verdicts, language, needed=False)
    told += [caution.short.text(language) + ("。" if language == "zh" else ".") for caution in _mixed(verdicts)]
    if held := verdicts.reviews.get(verdicts.pairing.asked, ()):
        told.append(in_short(held, verdicts.draws, language))
    told += [structures.line(verdicts, language), basis(verdicts, language)]
    return tuple(sentence.strip() for sentence in told if sentence.strip())


def _mixed(verdicts: Verdicts) -> tuple[Caution, ...]:
    return tuple(caution for caution in cautions(verdicts) if caution.kind == "mixed")


def _named(definition: str, verdicts: Verdicts, language: Language) -> str:
    return within(definition_label(definition, verdicts, language), language)


def definitions(verdicts: Verdicts, language: Language) -> str:
    """What each definition of the market counts."""
    told = explained(verdicts.market.definitions, verdicts, language)
    return say("brief_definitions", language, definitions=told)


def advice(
    verdicts: Verdicts, found: Assessment | None, model: Model, language: Language
) -> tuple[tuple[str, str], ...]:
    """What to decide and what is advised, each with its head, by rule from what was found."""
    said = [("definition", _to_define(verdicts, language)), ("collect", _to_collect(verdicts, language))]
    if found is not None:
        said += [
            ("first", _to_begin(found, verdicts, model, language)),
            ("package", _to_choose(found, verdicts, language)),
        ]
    said.append(("leave", _to_leave(found, verdicts, model, language)))
    if any(caution.kind == "lever" for caution in cautions(verdicts)):
        far = [caution.subject for caution in cautions(verdicts) if caution.kind == "lever"]
        said.append(("test", say("brief_advice_test", language, packages=_few(far, verdicts, language))))
    return tuple((say(f"brief_advice_{name}_head", language), text) for name, text in said if text)


def _to_define(verdicts: Verdicts, language: Language) -> str:
    """Which definition decides the answer, and that the document leaves it open."""
    asked = verdicts.row(verdicts.pairing.asked).targets[verdicts.market.identifier]
    ends_ = sorted(asked.items(), key=lambda pair: pair[1].value)
    (low, least), (high, most) = ends_[0], ends_[-1]
    is_open = any(isinstance(limit, Unstated) and limit.target is verdicts.market for limit in verdicts.limits)
    if most.value - least.value <= verdicts.finding.noise:
        return ""
    return say(
        "brief_advice_definition_open" if is_open else "brief_advice_definition", language,
        target=verdicts.market.label.text(language), low=_named(low, verdicts, language),
        least=percent(least.value, verdicts.draws), high=_named(high, verdicts, language),
        most=percent(most.value, verdicts.draws),
    )  # fmt: skip


def _to_collect(verdicts: Verdicts, language: Language) -> str:
    """The statistics and trials that would tell what the package does."""
    labels = [within(label.text(language), language) for label in (verdicts.reasons.trials if verdicts.reasons else ())]
    if not labels:
        return say("brief_advice_collect_none", language)
    return say("brief_advice_collect", language, statistics=joined(labels[:MOST_NAMED], language, "、", ", "))


def _to_begin(found: Assessment, verdicts: Verdicts, model: Model, language: Language) -> str:
    """The lever that brings most of what the package adds to output."""
    contributions, (_, bands) = found.contributions.get(verdicts.pairing.asked), compared_with(verdicts)
    part = largest_part(contributions)
    # of one lever alone the share says nothing, and what cannot be told from nil is no reason to begin
    is_clear = bands and is_told(bands["output"], "亿元")
    if part is None or contributions is None or len(contributions.players) < 2 or not is_clear:
        return ""
    player, share = part
    key = (
        "brief_advice_first_assumed"
        if is_assumed(player, verdicts.row(verdicts.pairing.asked).scenario, model)
        else "brief_advice_first"
    )
    label = within(lever_label(player, model, language), language)
    return say(key, language, lever=label, share=f"{share:z.0%}")


def _to_choose(found: Assessment, verdicts: Verdicts, language: Language) -> str:
    """Who is ahead in net benefit, or that none need be preferred."""
    # what can no longer be chosen is not ranked with what can
    if len(found.peers) < 2 or _mixed(verdicts):
        return ""
    ranking = own_ranking(found, BENEFIT)
    first, second = ranking.order[:2]
    chance = ranking.pairs[first, second].ahead
    if len(ranking.leaders) == 1:
        return leader_text(found, BENEFIT, verdicts, language)
    return say(
        "brief_advice_package_unsure", language, criterion=criterion_text(BENEFIT, verdicts, language, found.value),
        first=title(first, verdicts, language), second=title(second, verdicts, language),
        chance=percent(chance, verdicts.draws),
    )  # fmt: skip


def _to_leave(found: Assessment | None, verdicts: Verdicts, model: Model, language: Language) -> str:
    """What does nothing, and what brings next to nothing in the package asked for."""
    asked = verdicts.pairing.asked
    said = [
        idle_clause(change, language)
        for limit in verdicts.limits
        if isinstance(limit, Idleness) and limit.scenario.name == asked
        for change in limit.changes
    ]
    small = _small(found.contributions.get(asked) if found else None)
    if small:
        labels = [within(lever_label(player, model, language), language) for player in small]
        listed = joined(labels[:MOST_NAMED], language, "、", ", ")
        said.append(say("brief_advice_leave", language, levers=listed, share=f"{SMALL:z.0%}"))
    return joined(said, language) + ("。" if language == "zh" else ".") if said else ""


def _small(found: Contributions | None) -> list[str]:
    """The levers that bring less than SMALL of what the package adds to output, those that bring least first."""
    if found is None or found.total[0] <= 0:
        return []
    parts = found.shapley[:, 0] / found.total[0]
    return [found.players[place] for place in parts.argsort() if parts[place] < SMALL]


def _few(names: Sequence[str], verdicts: Verdicts, language: Language) -> str:
    """Packages by their titles, or how many there are where titles would take too many lines."""
    return quoted(names, verdicts, language) if len(names) <= 2 else say("brief_many", language, count=len(names))


def amount(band: Band, unit: str, language: Language) -> str:
    """Median and interval of a band in running text, as a reader counts it."""
    median, interval = band_cell(band, unit, language).split("\n")
    low, high = interval.split(" – ")
    key = "brief_amount_band_people" if unit == "人" else "brief_amount_band_money"
    return say(key, language, median=median, low=low, high=high)


def price_cell(prices: Mapping[tuple[str, int], Price] | None, language: Language) -> str:
    """What an additional job costs; a price without limit in words, and none where there is none."""
    found = prices["jobs", YEAR] if prices else None
    if found is None or math.isnan(found.median):
        return "—"
    return price_text(found, 1, language, conversion("万元", reader_unit("万元", language)))


def price_text(price: Price, places: int, language: Language, scale: float = 1.0) -> str:
    """A price times `scale`, and its interval on a second line; a price without limit in words."""
    if math.isnan(price.median):
        return "—"
    value, low, high = (
        significant(scale * end, places) if math.isfinite(end) else say("brief_unbounded", language)
        for end in (price.median, price.low, price.high)
    )
    return f"{value}\n({low}–{high})"


def unknown(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """What the data cannot tell, whatever the table says."""
    posterior = verdicts.grounds.posterior
    effects = (
        say("brief_unknown_effects", language, reports=posterior.reports)
        if posterior
        else say("brief_unknown_prior", language)
    )
    error = f"{worst_error(verdicts.carried) * 100:z.1f}"
    far = [caution.subject for caution in cautions(verdicts) if caution.kind == "lever"]
    warned = [caution.short.text(language) for caution in cautions(verdicts) if caution.kind == "idle"]
    warned += [say("brief_unknown_levers", language, packages=_few(far, verdicts, language))] if far else []
    warned += [
        caution.short.text(language)
        for caution in cautions(verdicts)
        if caution.subject == verdicts.market.identifier and caution.kind in ("never", "silent", "ended")
    ]
    return (
        *([joined(warned, language)] if warned else []),
        effects,
        say("brief_unknown_definition", language, note=verdicts.market.note.text(language)),
        say("brief_unknown_error", language, error=error),
    )
