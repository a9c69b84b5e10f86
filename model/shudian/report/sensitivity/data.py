"""The sensitivity's data as CSV: everything that was found, with identifiers and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from shudian.analysis.missing_statistics import move
from shudian.analysis.policy_sensitivity import Decision
from shudian.analysis.sensitivity import Asked
from shudian.analysis.sobol import Factor, Index
from shudian.analysis.structures import NIL, OTHERWISE
from shudian.answers.sensitivity import Sensitivity
from shudian.kinds import LANGUAGES, Language, Parameter
from shudian.report.render.csv_tables import Column, CsvCell, CsvTable, labelled, named
from shudian.report.sensitivity.tables import statistic_told
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
from shudian.units import conversion, unit_label
from shudian.value_of_information import Gain

Row = Sequence[CsvCell]


def data(found: Sensitivity) -> Iterator[CsvTable]:
    """Every table; a thing that has an identifier stands in three columns, amounts of money in 亿元."""
    study = found.parameters
    each = [Factor(p.name, (row,)) for row, p in enumerate(study.parameters)]
    index = (*_named("outcome", "factor"), *_plain("members", "first", "first_error", "total", "total_error"))
    yield CsvTable("sobol_parameters", index, _index_rows(found, study.factors, study.indices))
    yield CsvTable("screening", index, _index_rows(found, each, study.screened))
    if found.levers:
        yield CsvTable("sobol_levers", index, _lever_rows(found))
    columns = (*_named("outcome", "parameter"), *_plain("share", "standard_error", "told", "keeps"))
    yield CsvTable("posterior_shares", columns, _share_rows(found))
    columns = (
        *_named("rule", "best", "parameter"), *_plain("worth", "standard_error", "unit", "told", "keeps"),
    )  # fmt: skip
    yield CsvTable("policy_sensitivity", columns, _worth_rows(found))
    columns = (
        *_named("rule", "parameter", "package"),
        *_plain("from", "to", "unit", "draws", "threshold", "threshold_high", "support"),
    )  # fmt: skip
    yield CsvTable("policy_flips", columns, _stretch_rows(found))
    columns = (*_named("statistic", "definition"), *_plain("share", "standard_error", "move", "told"))
    yield CsvTable("statistics_chance", columns, _chance_rows(found))
    columns = (*_named("statistic"), *_plain("worth", "standard_error", "unit", "told"))
    yield CsvTable("statistics_choice", columns, _choice_rows(found))
    columns = (
        *_named("outcome"), *named("structures_column_form", "form"), *named("structures_column_end", "end"),
        labelled("structures_column_prior", "prior"), labelled("structures_column_posterior", "posterior"),
        labelled("structures_column_error", "posterior_error"), *_plain("unit"), labelled("column_median", "median"),
        labelled("column_low", "p05"), labelled("column_high", "p95"), *_plain("told"),
    )  # fmt: skip
    yield CsvTable("structures", columns, _structure_rows(found))
    columns = (*_named("definition", "parameter"), *_plain("moved", "before", "after", "unit", "chance", "effective"))
    yield CsvTable("beliefs", columns, [*_belief_rows(found)])


def _named(*names: str) -> tuple[Column, ...]:
    return tuple(column for name in names for column in named(f"sensitivity_column_{name}", name))


def _plain(*names: str) -> tuple[Column, ...]:
    keys = {"first_error": "error", "total_error": "error"}
    return tuple(labelled(f"sensitivity_column_{keys.get(name, name)}", name) for name in names)


def _both(told: Callable[[Language], str]) -> tuple[str, ...]:
    return tuple(told(language) for language in LANGUAGES)


def _outcome(asked: Asked) -> tuple[str, ...]:
    return asked.name, *_both(lambda language: outcome_name(asked, language))


def _parameter(parameter: Parameter) -> tuple[str, ...]:
    return parameter.name, parameter.label.zh, parameter.label.en


def _package(found: Sensitivity, name: str) -> tuple[str, ...]:
    return name, *_both(lambda language: package_title(found, name, language))


def _rule(found: Sensitivity, decision: Decision) -> tuple[str, ...]:
    name = f"{decision.rule}/{decision.definition}" if decision.definition else decision.rule
    return name, *_both(lambda language: rule_name(found, decision, language))


def _numbers(index: Index) -> tuple[float, float, float, float]:
    return index.first, index.first_error, index.total, index.total_error


def _amounts(gain: Gain, decision: Decision) -> tuple[float, float]:
    factor = benefit_factor(decision, "zh")
    return factor * gain.value, factor * gain.standard_error


def _index_rows(found: Sensitivity, factors: Sequence[Factor], indices: Sequence[Sequence[Index]]) -> list[Row]:
    rows: list[Row] = []
    for asked, found_indices in zip(found.parameters.outcomes, indices, strict=True):
        for factor, index in leading(factors, found_indices):
            members = " ".join(found.parameters.parameters[row].name for row in factor.members)
            label = (factor_name(found, factor, language) for language in LANGUAGES)
            rows.append((*_outcome(asked), factor.name, *label, members, *_numbers(index)))
    return rows


def _lever_rows(found: Sensitivity) -> list[Row]:
    study = found.levers
    assert study is not None
    return [
        (*_outcome(asked), *_parameter(lever), lever.name, *_numbers(index))
        for asked, indices in zip(study.outcomes, study.indices, strict=True)
        for lever, index in zip(study.levers, indices, strict=True)
    ]


def _share_rows(found: Sensitivity) -> list[Row]:
    shares = found.shares
    return [
        (*_outcome(asked), *_parameter(p), gain.value, gain.standard_error, shares.is_told(gain), bool(kept))
        for position, asked in enumerate(shares.outcomes)
        for p, gain, kept in zip(shares.parameters, shares.shares[position], shares.kept, strict=True)
    ]


def _worth_rows(found: Sensitivity) -> list[Row]:
    return [
        (*_rule(found, entry.decision), *_package(found, entry.decision.best), *_parameter(worth.parameter),
         *_amounts(worth.gain, entry.decision), benefit_unit(entry.decision, "zh"), worth.told,
         keeps_prior(found, worth.parameter))
        for entry in found.policy
        for worth in entry.worths
    ]  # fmt: skip


def _stretch_rows(found: Sensitivity) -> list[Row]:
    rows: list[Row] = []
    for entry in found.policy:
        for worth in entry.worths:
            parameter = worth.parameter
            factor, unit = conversion(parameter.unit, parameter.display_unit), unit_label(parameter.display_unit, "zh")
            for stretch, flip in zip_longest(worth.stretches, worth.flips):
                names = (*_rule(found, entry.decision), *_parameter(parameter), *_package(found, stretch.package))
                above: Row = (factor * flip.low, factor * flip.high, flip.support) if flip else (None, None, None)
                rows.append((*names, factor * stretch.low, factor * stretch.high, unit, stretch.share, *above))
    return rows


def _definition(found: Sensitivity, name: str) -> tuple[str, ...]:
    return name, *_both(lambda language: definition_name(found, name, language))


def _chance_rows(found: Sensitivity) -> list[Row]:
    return [
        (worth.missing.identifier, worth.missing.label.zh, worth.missing.label.en, *_definition(found, name),
         gain.value, gain.standard_error, 100 * move(gain, found.chances[name])[0], statistic_told(gain, found))
        for worth in found.statistics
        for name, gain in worth.chances.items()
    ]  # fmt: skip


def _choice_rows(found: Sensitivity) -> list[Row]:
    decision = found.policy[0].decision
    return [
        (worth.missing.identifier, worth.missing.label.zh, worth.missing.label.en, *_amounts(gain, decision),
         benefit_unit(decision, "zh"), statistic_told(gain, found))
        for worth in found.statistics
        if (gain := worth.decision) is not None
    ]  # fmt: skip


def _structure_rows(found: Sensitivity) -> list[Row]:
    """Every outcome where each form is true; numbers of a group of too few draws are left empty."""
    rows: list[Row] = []
    for position, asked in enumerate(found.parameters.outcomes):
        for entry in found.structures:
            form, unit = entry.form, unit_label(asked.unit, "zh")
            ends = ((NIL, form.when_nil, form.prior_nil), (OTHERWISE, form.otherwise, 1 - form.prior_nil))
            for (name, text, prior), weight, band in zip(ends, entry.weights, entry.bands[position], strict=True):
                numbers: Row = (band.median, band.low, band.high) if band else (None, None, None)
                labels = (form.name, form.label.zh, form.label.en, name, text.zh, text.en)
                weights = (prior, weight.value, weight.error)
                rows.append((*_outcome(asked), *labels, *weights, unit, *numbers, entry.is_told(position)))
    return rows


def _belief_rows(found: Sensitivity) -> Iterator[Row]:
    for definition, belief in found.beliefs.items():
        parameter = belief.parameter
        factor = conversion(parameter.display_unit, parameter.unit)
        yield (
            *_definition(found, definition),
            *_parameter(parameter), belief.moved, belief.before / factor, belief.after / factor, parameter.display_unit,
            belief.chance, belief.effective,
        )  # fmt: skip
