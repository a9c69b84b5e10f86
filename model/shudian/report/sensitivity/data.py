"""The sensitivity's data as CSV: everything that was found, with identifiers and labels."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from shudian.compare.missing_statistics import move
from shudian.compare.policy_sensitivity import Decision
from shudian.compare.sobol import Factor, Index
from shudian.kinds import Language
from shudian.report.sensitivity.job import Sensitivity
from shudian.report.sensitivity.tables import heads, statistic_told
from shudian.report.sensitivity.words import (
    benefit_factor,
    benefit_unit,
    definition_name,
    factor_name,
    keeps_prior,
    leading,
    outcome_name,
    package_title,
    rule_name,
)
from shudian.report.strings import say
from shudian.units import conversion, unit_label
from shudian.value_of_information import Gain

Row = Sequence[str | float]


def data(found: Sensitivity, language: Language) -> Iterator[tuple[str, str]]:
    """Every table as a file: its name and its text as CSV."""
    study, shares = found.parameters, found.shares
    head = "outcome factor members first error total error"
    each = [Factor(p.name, (row,)) for row, p in enumerate(study.parameters)]
    yield "sobol_parameters.csv", _csv(head, _index_rows(found, study.factors, study.indices, language), language, 2)
    yield "screening.csv", _csv(head, _index_rows(found, each, study.screened, language), language, 2)
    if found.levers:
        yield "sobol_levers.csv", _csv(head, _lever_rows(found, language), language, 2)
    rows: list[Row] = [
        (asked.name, outcome_name(asked, language), p.name, p.label.text(language), gain.value, gain.standard_error,
         _yes(shares.is_told(gain), language), _yes(kept, language))
        for position, asked in enumerate(shares.outcomes)
        for p, gain, kept in zip(shares.parameters, shares.shares[position], shares.kept, strict=True)
    ]  # fmt: skip
    head = "outcome parameter share standard_error told keeps"
    yield "posterior_shares.csv", _csv(head, rows, language, 2)
    head = "rule best parameter worth standard_error unit told keeps"
    yield "policy_sensitivity.csv", _csv(head, _worth_rows(found, language), language, 3)
    head = "rule parameter package from to unit draws threshold threshold_high support"
    yield "policy_flips.csv", _csv(head, _stretch_rows(found, language), language, 3)
    head = "statistic definition share standard_error move told"
    yield "statistics_chance.csv", _csv(head, _chance_rows(found, language), language, 2)
    head = "statistic worth standard_error unit told"
    yield "statistics_choice.csv", _csv(head, _choice_rows(found, language), language, 1)


def _csv(keys: str, rows: Sequence[Row], language: Language, named: int) -> str:
    """Rows under their heads; each of the first `named` columns is an identifier and a label."""
    identifier = say("column_name", language)
    columns = heads(keys.split(), language)
    pairs = [text for head in columns[:named] for text in (f"{head} {identifier}", head)]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write([*pairs, *columns[named:]])
    for row in rows:
        write([f"{value:.6g}" if isinstance(value, float) else value for value in row])
    return out.getvalue()


def _yes(value: bool, language: Language) -> str:
    return say("cell_inside" if value else "cell_outside", language)


def _numbers(index: Index) -> tuple[float, float, float, float]:
    return index.first, index.first_error, index.total, index.total_error


def _index_rows(
    found: Sensitivity, factors: Sequence[Factor], indices: Sequence[Sequence[Index]], language: Language
) -> list[Row]:
    rows: list[Row] = []
    for asked, found_indices in zip(found.parameters.outcomes, indices, strict=True):
        for factor, index in leading(factors, found_indices):
            members = [found.parameters.parameters[row].name for row in factor.members]
            names = (asked.name, outcome_name(asked, language), factor.name, factor_name(found, factor, language))
            rows.append((*names, " ".join(members), *_numbers(index)))
    return rows


def _lever_rows(found: Sensitivity, language: Language) -> list[Row]:
    study = found.levers
    assert study is not None
    return [
        (asked.name, outcome_name(asked, language), lever.name, lever.label.text(language), lever.name,
         *_numbers(index))
        for asked, indices in zip(study.outcomes, study.indices, strict=True)
        for lever, index in zip(study.levers, indices, strict=True)
    ]  # fmt: skip


def _worth_rows(found: Sensitivity, language: Language) -> list[Row]:
    return [
        (_rule(entry.decision.rule, entry.decision.definition), rule_name(found, entry.decision, language),
         entry.decision.best, package_title(found, entry.decision.best, language),
         worth.parameter.name, worth.parameter.label.text(language),
         *_amounts(worth.gain, entry.decision, language),
         benefit_unit(entry.decision, language), _yes(worth.told, language),
         _yes(keeps_prior(found, worth.parameter), language))
        for entry in found.policy
        for worth in entry.worths
    ]  # fmt: skip


def _amounts(gain: Gain, decision: Decision, language: Language) -> tuple[float, float]:
    factor = benefit_factor(decision, language)
    return factor * gain.value, factor * gain.standard_error


def _rule(rule: str, definition: str) -> str:
    return f"{rule}/{definition}" if definition else rule


def _stretch_rows(found: Sensitivity, language: Language) -> list[Row]:
    rows: list[Row] = []
    for entry in found.policy:
        decision = entry.decision
        for worth in entry.worths:
            parameter = worth.parameter
            factor = conversion(parameter.unit, parameter.display_unit)
            for stretch, flip in zip_longest(worth.stretches, worth.flips):
                names = [_rule(decision.rule, decision.definition), rule_name(found, decision, language)]
                names += [parameter.name, parameter.label.text(language)]
                names += [stretch.package, package_title(found, stretch.package, language)]
                unit = unit_label(parameter.display_unit, language)
                above: Row = (factor * flip.low, factor * flip.high, flip.support) if flip else ("", "", "")
                rows.append((*names, factor * stretch.low, factor * stretch.high, unit, stretch.share, *above))
    return rows


def _chance_rows(found: Sensitivity, language: Language) -> list[Row]:
    rows: list[Row] = []
    for worth in found.statistics:
        for name, gain in worth.chances.items():
            names = [worth.missing.identifier, worth.missing.label.text(language)]
            names += [name, definition_name(found, name, language)]
            points = 100 * move(gain, found.chances[name])[0]
            told = _yes(statistic_told(gain, found), language)
            rows.append((*names, gain.value, gain.standard_error, points, told))
    return rows


def _choice_rows(found: Sensitivity, language: Language) -> list[Row]:
    decision = found.policy[0].decision
    unit = benefit_unit(decision, language)
    return [
        (worth.missing.identifier, worth.missing.label.text(language), *_amounts(gain, decision, language), unit,
         _yes(statistic_told(gain, found), language))
        for worth in found.statistics
        if (gain := worth.decision) is not None
    ]  # fmt: skip
