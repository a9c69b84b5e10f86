"""The answer in words, by rule: what a change brings, whether that can be told, why, and on what it rests.

The page says the same by the same rules (`page/assets/ui-strip.js`), from the same texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from shudian.analysis.idle import Idleness
from shudian.analysis.reported import Band
from shudian.analysis.verdicts import MEASURES, YEAR, Measure, Verdicts, noise
from shudian.analysis.warnings import lever_evidence
from shudian.evidence import load_figures
from shudian.kinds import Language, Scenario
from shudian.report.render.numbers import percent
from shudian.report.words.captions import definition_label, joined, spoken, within
from shudian.report.words.idle_text import idle_clause
from shudian.scenarios import schedule_matrix
from shudian.structure import load_model
from shudian.wording import say

KEY = tuple(next(m for m in MEASURES if m.name == name) for name in ("entry", "output", "jobs", "cost"))
"""What a change is judged by, besides the chances of the targets."""
FUND = "fund_size"
"""The lever whose amount is not what it costs."""


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
    told = [measure for measure in KEY if is_told(bands[measure.name], measure.unit, language)]
    untold = [_name(measure, language) for measure in KEY if measure not in told]
    effects = joined([_effect(measure, bands[measure.name], language) for measure in told], language)
    said = [say("strip_told" if told else "strip_told_none", language, effects=effects, **names)]
    if told and untold:
        said.append(say("strip_untold", language, measures=joined(untold, language, "、", ", ")))
    targets = _moved_targets(verdicts, other, language)
    moves = say("strip_moved", language, targets=joined(targets, language)) if targets else ""
    said.append(moves or say("strip_unmoved", language))
    return (*said, *_reasons(verdicts, row.scenario, before.scenario, language))


def is_told(band: Band, unit: str, language: Language) -> bool:
    """Whether a difference can be told from nil: the 90 % interval, as it is printed, lies on one side of it."""
    near = band.low if band.low > 0 else band.high
    return (band.low > 0 or band.high < 0) and re.search("[1-9]", spoken(near, unit, language)) is not None


def signed(value: float, unit: str, language: Language) -> str:
    """An amount with its sign and unit."""
    text = spoken(value, unit, language)
    return f"+{text}" if value > 0 and re.search("[1-9]", text) else text


def _name(measure: Measure, language: Language) -> str:
    return within(say(measure.label, language, year=measure.year, since=measure.since), language)


def _effect(measure: Measure, band: Band, language: Language) -> str:
    median, low, high = (signed(value, measure.unit, language) for value in (band.median, band.low, band.high))
    return say("strip_effect", language, measure=_name(measure, language), median=median, low=low, high=high)


def _moved_targets(verdicts: Verdicts, other: str, language: Language) -> list[str]:
    row, before = verdicts.row(verdicts.pairing.asked), verdicts.row(other)
    found = []
    for target in verdicts.targets:
        for definition, move in row.moves[target.identifier].items():
            if abs(move.value) <= noise(move.error, verdicts.draws) or not round(move.value * 100):
                continue
            ends = (of.targets[target.identifier][definition].value for of in (before, row))
            first, last = (percent(value, verdicts.draws) for value in ends)
            label = within(definition_label(definition, verdicts, language), language)
            names = {"target": target.label.text(language), "definition": label, "before": first, "after": last}
            found.append(say("strip_target", language, **names))
    return found


def _reasons(verdicts: Verdicts, scenario: Scenario, before: Scenario, language: Language) -> Sequence[str]:
    said = []
    for limit in verdicts.limits:
        if isinstance(limit, Idleness) and limit.scenario.name == scenario.name:
            clauses = joined([idle_clause(change, language) for change in limit.changes], language)
            said.append(say("strip_idle", language, clauses=clauses))
    model = load_model(verdicts.city)
    every = [parameter for parameter in model.scheduled if parameter.role == "lever"]
    rows, others = (schedule_matrix(one, every) for one in (scenario, before))
    levers = [lever for lever, row, other in zip(every, rows, others, strict=True) if not np.array_equal(row, other)]
    if any(lever.name == FUND for lever in levers):
        paid = spoken(verdicts.row(scenario.name).measures["fund"].median, "亿元", language)
        said.append(say("strip_fund", language, year=YEAR, paid=paid))
    evidence = lever_evidence(model, load_figures())
    counted = [lever for lever in levers if lever.name in evidence]
    if counted:
        printed = sum(evidence[lever.name].printed for lever in counted)
        key = "all" if printed == len(counted) else "some" if printed else "none"
        said.append(say(f"strip_printed_{key}", language, count=len(counted), printed=printed))
    return said
