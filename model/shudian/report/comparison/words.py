"""What a comparison comes to, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shudian.analysis.assessment import BENEFIT, JOBS, Assessment
from shudian.analysis.contribution import INSTRUMENTS, Contributions
from shudian.analysis.cost import VALUES, Worth
from shudian.analysis.ranking import Ranking
from shudian.analysis.verdicts import LATER, YEAR, Verdicts
from shudian.analysis.warnings import is_printed
from shudian.evidence import load_figures
from shudian.kinds import FEWEST, Language, Model, Scenario
from shudian.report.render.numbers import percent, significant
from shudian.report.words import structures
from shudian.report.words.captions import definition_label, joined, spoken, within
from shudian.wording import say

SLIGHT = 0.01
"""A lead of less than this share of the level is said to be negligible, however surely it is one."""


def title(name: str, verdicts: Verdicts, language: Language) -> str:
    """The title of the package called `name`."""
    return verdicts.row(name).scenario.title.text(language)


def quoted(names: Sequence[str], verdicts: Verdicts, language: Language) -> str:
    """Titles in quotation marks, as one list."""
    marks = ("“{}”", '"{}"')[language == "en"]
    return joined([marks.format(title(name, verdicts, language)) for name in names], language, "、", ", ")


def criterion_text(criterion: str, verdicts: Verdicts, language: Language, value: float) -> str:
    """What packages are ranked by."""
    if criterion == JOBS:
        return say("criterion_jobs", language, year=YEAR)
    if criterion == BENEFIT:
        return say("criterion_benefit", language, year=LATER, value=f"{value:g}")
    definition = criterion.removeprefix("reached/")
    label = within(definition_label(definition, verdicts, language), language)
    key = "criterion_reached" if "/" in criterion else "criterion_amount"
    return say(key, language, year=verdicts.market.year, definition=label)


def headline(assessment: Assessment, verdicts: Verdicts, shocks: dict[str, str], language: Language) -> str:
    """A flip of the ranking, if there is one; otherwise who is ahead. `shocks`: name -> title."""
    if verdicts.draws < FEWEST:
        return say("finding_few", language, draws=verdicts.draws)
    turned = flip_text(assessment, verdicts, shocks, language)
    if turned:
        return turned
    if len(assessment.peers) < 2:
        reference = title(verdicts.reference, verdicts, language)
        alone = say("compare_only_one", language, reference=reference)
        return joined([alone, worth_text(assessment, verdicts, language)], language, "", " ")
    amount = next(iter(verdicts.market.definitions))
    output, benefit = (leader_text(assessment, c, verdicts, language) for c in (amount, BENEFIT))
    return joined([output, benefit], language, "", " ")


def flip_text(assessment: Assessment, verdicts: Verdicts, shocks: dict[str, str], language: Language) -> str:
    """The first flip between definitions, or else between worlds; empty where there is none."""
    for flip in assessment.definition_flips:
        return say(
            "compare_flip_definition",
            language,
            first=title(flip.first, verdicts, language),
            second=title(flip.second, verdicts, language),
            here=within(definition_label(flip.first_ahead, verdicts, language), language),
            there=within(definition_label(flip.second_ahead, verdicts, language), language),
        )
    for criterion, found in assessment.world_flips.items():
        for flip in found:
            here, there = (
                world_text(flip.first_ahead, shocks, language),
                world_text(flip.second_ahead, shocks, language),
            )
            return say(
                "compare_flip_world",
                language,
                first=title(flip.first, verdicts, language),
                second=title(flip.second, verdicts, language),
                here=here,
                there=there,
                criterion=criterion_text(criterion, verdicts, language, assessment.value),
            )
    return ""


def world_text(world: str, shocks: dict[str, str], language: Language) -> str:
    """In which world something holds."""
    return say("world_shock", language, shock=shocks[world]) if world else say("world_own", language)


def details(assessment: Assessment, verdicts: Verdicts, model: Model, language: Language) -> tuple[str, ...]:
    """The sentences below the headline: leaders, trade-off, worth, what the largest contribution is."""
    found = []
    if len(assessment.peers) > 1 and verdicts.draws >= FEWEST:
        if assessment.definition_flips or any(assessment.world_flips.values()):
            first = next(iter(verdicts.market.definitions))
            found += [leader_text(assessment, criterion, verdicts, language) for criterion in (first, BENEFIT)]
        else:
            found.append(say("compare_no_flip", language))
        jobs, benefit = leaders(assessment, JOBS), leaders(assessment, BENEFIT)
        if not {*jobs} & {*benefit}:
            most, best = say("most_jobs", language), say("best_benefit", language)
            found.append(say("compare_trade_off", language, most=most, best=best))
        found.append(worth_text(assessment, verdicts, language))
    found.append(largest_text(assessment, verdicts, model, language))
    return tuple(text for text in found if text)


def structure_text(assessment: Assessment, verdicts: Verdicts, language: Language) -> str:
    """The contested form that turns the choice, or else the one on which the answer hangs most; empty if untold."""
    criterion = within(criterion_text(BENEFIT, verdicts, language, assessment.value), language)
    return structures.turn(verdicts, criterion, language) or structures.line(verdicts, language)


def own_ranking(assessment: Assessment, criterion: str) -> Ranking:
    """The ranking by `criterion` in the packages' own world."""
    return next(iter(assessment.rankings[criterion].values()))


def leaders(assessment: Assessment, criterion: str) -> tuple[str, ...]:
    """The first by `criterion`, and all that cannot be told from it."""
    return own_ranking(assessment, criterion).leaders


def leader_text(assessment: Assessment, criterion: str, verdicts: Verdicts, language: Language) -> str:
    """Who is ahead by one criterion, and how surely."""
    found = own_ranking(assessment, criterion)
    name = criterion_text(criterion, verdicts, language, assessment.value)
    name = name if language == "zh" else name[:1].upper() + name[1:]
    first, second = found.order[:2]
    if len(found.leaders) > 1:
        behind = [other for other in found.order if other not in found.leaders]
        if all(found.pairs[first, other].tie == 1 for other in found.leaders[1:]):
            key, named = "compare_tie", found.leaders
        elif len(behind) < len(found.leaders) - 1:
            # a list of nearly all says less than the short list of those that are not in it
            key, named = "compare_behind" if behind else "compare_level", tuple(behind)
        else:
            key, named = "compare_leaders", found.leaders
        names = quoted(named, verdicts, language)
        return say(key, language, criterion=name, names=names, count=len(found.order))
    pair = found.pairs[first, second]
    unit, told = "人" if criterion == JOBS else "亿元", pair.difference
    # a net benefit has no level of which a lead could be a share
    slight = criterion != BENEFIT and max(told.median, pair.mean.value) < SLIGHT * abs(found.means[second])
    return say(
        "compare_leader",
        language,
        criterion=name,
        first=title(first, verdicts, language),
        second=title(second, verdicts, language),
        **{
            key: spoken(value, unit, language)
            for key, value in (("lead", told.median), ("low", told.low), ("high", told.high))
        },
        chance=percent(pair.ahead, verdicts.draws),
        slight=say("compare_slight", language, share=f"{SLIGHT:z.0%}") if slight else "",
    ).rstrip()


@dataclass(frozen=True, slots=True)
class Span:
    """Values of a yuan of additional output between which the same packages have the highest expected benefit."""

    start: float
    end: float
    names: tuple[str, ...]
    chance: float
    """Share of the draws in which the likeliest of them is the best, in the middle of the span."""


def best_spans(worth: Worth) -> tuple[Span, ...]:
    """The spans of `worth`, ascending."""
    ends = [*(start for start, _ in worth.best[1:]), float(VALUES[-1])]
    found = []
    for (start, best), end in zip(worth.best, ends, strict=True):
        middle = int(np.abs(VALUES - (start + end) / 2).argmin())
        chance = max(float(worth.chance[worth.names.index(name), middle]) for name in best)
        found.append(Span(start, end, best, chance))
    return tuple(found)


def worth_text(assessment: Assessment, verdicts: Verdicts, language: Language) -> str:
    """Which package pays best, depending on what output is worth."""
    spans = best_spans(assessment.worth)
    told = [
        {"name": quoted(span.names, verdicts, language).strip('“”"'), "chance": percent(span.chance, verdicts.draws)}
        for span in spans
    ]
    if len(spans) == 1:
        return say("compare_worth_never", language, most=f"{VALUES[-1]:g}", **told[0])
    below = say("compare_worth_below", language, value=significant(spans[1].start), **told[0])
    later = [
        say("compare_worth_from", language, value=significant(span.start), **words)
        for span, words in zip(spans[1:], told[1:], strict=True)
    ]
    return below + joined(later, language, "；", "; ") + ("。" if language == "zh" else ".")


def lever_label(player: str, model: Model, language: Language) -> str:
    """What a lever or an instrument of several is called."""
    if player in INSTRUMENTS:
        return say(f"instrument_{player}", language)
    return model.parameters[player].label.text(language)


def is_assumed(player: str, scenario: Scenario, model: Model) -> bool:
    """Whether the last amount of a lever of `scenario`, or of one of an instrument's, is printed nowhere it cites."""
    levers = [model.parameters[name] for name in INSTRUMENTS.get(player, (player,)) if name in scenario.levers]
    figures = load_figures()
    return not all(is_printed(lever, scenario.levers[lever.name][-1].value, scenario, figures) for lever in levers)


def largest_part(found: Contributions | None) -> tuple[str, float] | None:
    """The player from whom most of a package's additional output comes, and its share; None where none stands out."""
    if found is None or not found.players:
        return None
    largest = int(found.shapley[:, 0].argmax())
    part, whole = float(found.shapley[largest, 0]), float(found.total[0])
    # of what cannot be told from nothing there is no largest part
    if whole <= 2 * np.sqrt((found.errors[:, 0] ** 2).sum()) or part > whole:
        return None
    return found.players[largest], part / whole


def largest_text(assessment: Assessment, verdicts: Verdicts, model: Model, language: Language) -> str:
    """What the largest part of the asked package's additional output comes from, if one part stands out."""
    found = largest_part(assessment.contributions.get(verdicts.pairing.asked))
    if found is None:
        return ""
    player, share = found
    text = say(
        "compare_largest_share",
        language,
        package=title(verdicts.pairing.asked, verdicts, language),
        share=f"{share:z.0%}",
        lever=within(lever_label(player, model, language), language),
    )
    assumed = (
        say("compare_assumed_lever", language)
        if is_assumed(player, verdicts.row(verdicts.pairing.asked).scenario, model)
        else ""
    )
    return joined([part for part in (text, assumed) if part], language, "", " ")


def outcome_text(outcome: str, verdicts: Verdicts, language: Language) -> str:
    """What a contribution or a difference is of, with its unit."""
    if outcome in ("jobs", "cost"):
        return say(f"outcome_{outcome}", language)
    definition = outcome.removeprefix("reached/")
    label = within(definition_label(definition, verdicts, language), language)
    return say("outcome_points" if "/" in outcome else "outcome_amount", language, definition=label)
