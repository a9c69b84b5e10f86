"""The answer in words, by rule: what a change brings, whether that can be told, why, and on what it rests.

The page says the same by the same rules (`page/assets/ui-strip.js`), from the same texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from shudian.amounts import amount_text
from shudian.analysis.doses import DoseResponse
from shudian.analysis.idle import Idleness
from shudian.analysis.reasons import ANSWERED, FUND, UNIT, Reasons, first_told, moved_levers
from shudian.analysis.reported import Band
from shudian.analysis.told import is_chance_told, is_told
from shudian.analysis.verdicts import MEASURES, YEAR, Measure, Verdicts
from shudian.analysis.warnings import lever_evidence
from shudian.evidence import load_figures
from shudian.kinds import Language, Parameter
from shudian.report.render.numbers import percent
from shudian.report.words.captions import definition_label, joined, spoken, within
from shudian.report.words.idle_text import idle_clause
from shudian.structure import load_model
from shudian.wording import say

KEY = tuple(next(m for m in MEASURES if m.name == name) for name in ("entry", "output", "jobs", "cost"))
"""What a change is judged by, besides the chances of the targets."""
LATE = tuple(next(m for m in MEASURES if m.name == name) for name in ("output_later", "jobs_later"))
"""What is left of it at the end of the horizon."""
MOST_NAMED = 3
"""Levers whose amounts are assumed that are named."""
HALF = 0.5
"""What is the scarcest in this share of the draws is the limit."""


def compared_with(verdicts: Verdicts) -> tuple[str, Mapping[str, Band]]:
    """What the package asked for is compared with (as it was, or the reference), and the differences of measures."""
    row, asked = verdicts.row(verdicts.pairing.asked), verdicts.pairing.asked
    if original := verdicts.pairing.originals.get(asked):
        return original, row.changes
    return verdicts.reference, row.additional


def strip(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """The sentences, none where the package asked for is compared with nothing."""
    other, bands = compared_with(verdicts)
    row, before = verdicts.row(verdicts.pairing.asked), verdicts.row(other)
    if not bands:
        return ()
    names = {"package": row.scenario.title.text(language), "other": before.scenario.title.text(language)}
    told = [measure for measure in KEY if is_told(bands[measure.name], measure.unit)]
    untold = [_name(measure, language) for measure in KEY if measure not in told]
    later = joined([_effect(measure, bands[measure.name], language) for measure in LATE], language)
    effects = joined([_effect(measure, bands[measure.name], language) for measure in told], language)
    said = [say("strip_told" if told else "strip_told_none", language, effects=effects, **names)]
    if told and untold:
        said.append(say("strip_untold", language, measures=joined(untold, language, "、", ", ")))
    said.append(say("strip_later", language, effects=later))
    targets = _moved_targets(verdicts, other, language)
    moves = say("strip_moved", language, targets=joined(targets, language)) if targets else ""
    said.append(moves or say("strip_unmoved", language))
    return (*said, *reasons(verdicts, language))


def why_text(verdicts: Verdicts, language: Language) -> str:
    """What limits the output of the package asked for; empty where it is not known."""
    found = verdicts.reasons
    if found is None:
        return ""
    ordered = sorted(found.limits.items(), key=lambda pair: -pair[1])
    limits = [
        say("strip_limit", language, limit=say(f"limit_{name}", language), share=percent(share, verdicts.draws))
        for name, share in ordered
    ]
    key = "strip_limits_one" if ordered[0][1] >= HALF else "strip_limits_spread"
    return say(key, language, year=YEAR, limits=joined(limits, language, "、", ", "))


def signed(value: float, unit: str, language: Language) -> str:
    """An amount with its sign and unit."""
    text = spoken(value, unit, language)
    return f"+{text}" if value > 0 and re.search("[1-9]", text) else text


def _name(measure: Measure, language: Language) -> str:
    return within(say(measure.label, language, year=measure.year, since=measure.since), language)


def _effect(measure: Measure, band: Band, language: Language) -> str:
    median, low, high = (signed(value, measure.unit, language) for value in (band.median, band.low, band.high))
    if math.isnan(band.low):
        return say("strip_effect_few", language, measure=_name(measure, language), median=median)
    return say("strip_effect", language, measure=_name(measure, language), median=median, low=low, high=high)


def _moved_targets(verdicts: Verdicts, other: str, language: Language) -> list[str]:
    row, before = verdicts.row(verdicts.pairing.asked), verdicts.row(other)
    found = []
    for target in verdicts.targets:
        moves = []
        for definition, move in row.moves[target.identifier].items():
            if not is_chance_told(move, verdicts.draws):
                continue
            ends = (of.targets[target.identifier][definition].value for of in (before, row))
            first, last = (percent(value, verdicts.draws) for value in ends)
            if first == last:
                continue
            label = within(definition_label(definition, verdicts, language), language)
            key = "strip_move" if len(target.definitions) > 1 else "strip_move_one"
            moves.append(say(key, language, definition=label, before=first, after=last))
        if moves:
            told = joined(moves, language, "、", ", ")
            found.append(say("strip_target", language, target=target.label.text(language), moves=told))
    return found


def reasons(verdicts: Verdicts, language: Language, needed: bool = True) -> tuple[str, ...]:
    """Why the answer is what it is, what is `needed` to tell more, and on which amounts it rests.

    None where the package asked for is compared with nothing.
    """
    other, bands = compared_with(verdicts)
    scenario, before = verdicts.row(verdicts.pairing.asked).scenario, verdicts.row(other).scenario
    if not bands:
        return ()
    said = []
    for limit in verdicts.limits:
        if isinstance(limit, Idleness) and limit.scenario.name == scenario.name:
            clauses = joined([idle_clause(change, language) for change in limit.changes], language)
            said.append(say("strip_idle", language, clauses=clauses))
    said.append(why_text(verdicts, language))
    model = load_model(verdicts.city)
    levers = moved_levers(model, scenario, before)
    if verdicts.reasons:
        said += _fund(verdicts.reasons, levers, language)
        said += _needed(verdicts.reasons, levers, bands, language) if needed else []
    evidence = lever_evidence(model, load_figures())
    counted = [lever for lever in levers if lever.name in evidence]
    if counted:
        assumed = [lever for lever in counted if not evidence[lever.name].printed]
        printed = len(counted) - len(assumed)
        key = "some" if assumed and printed else "none" if assumed else "all"
        named = _named(assumed, language)
        said.append(say(f"strip_printed_{key}", language, count=len(counted), printed=printed, assumed=named))
    return tuple(sentence for sentence in said if sentence)


def _fund(found: Reasons, levers: Sequence[Parameter], language: Language) -> list[str]:
    """From the announcement to what firms have of it, where the fund is changed."""
    if all(lever.name != FUND for lever in levers):
        return []
    stages = {stage: spoken(amount, UNIT, language) for stage, amount in found.fund.items()}
    return [say("strip_fund", language, year=YEAR, **stages)]


def _needed(found: Reasons, levers: Sequence[Parameter], bands: Mapping[str, Band], language: Language) -> list[str]:
    """Which amount, or which evidence, would tell a difference that cannot be told."""
    untold = [measure.name for measure in KEY if not is_told(bands[measure.name], measure.unit)]
    if not untold or not levers:
        return []
    said = []
    if found.response and ANSWERED in untold:
        said.append(dose_text(found.response, language))
    trials = joined([within(label.text(language), language) for label in found.trials], language, "、", ", ")
    said.append(say("strip_trials" if trials else "strip_trials_none", language, trials=trials))
    return said


def dose_text(response: DoseResponse, language: Language) -> str:
    """From which amount on an effect of a lever on output can be told from none, or that no amount has one."""
    dose = first_told(response.doses, response.rest, response.gains[ANSWERED], "亿元")
    amounts = {"rest": response.doses[response.rest], "low": response.doses[0], "high": response.doses[-1]}
    amounts |= {} if dose is None else {"dose": dose}
    places = {place: amount_text(amount, response.lever, language) for place, amount in amounts.items()}
    label = within(response.lever.label.text(language), language)
    return say("strip_dose_none" if dose is None else "strip_dose", language, lever=label, **places)


def _named(levers: Sequence[Parameter], language: Language) -> str:
    labels = [within(lever.label.text(language), language) for lever in levers]
    listed = joined(labels[:MOST_NAMED], language, "、", ", ")
    return listed if len(labels) <= MOST_NAMED else say("strip_more", language, listed=listed, count=len(labels))
