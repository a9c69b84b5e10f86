"""The sensitivity's tables, for the terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from shudian.analysis.missing_statistics import move
from shudian.analysis.sensitivity import is_told
from shudian.analysis.sobol import Factor
from shudian.analysis.structures import LEAST
from shudian.answers.sensitivity import Sensitivity
from shudian.kinds import Language
from shudian.report.document import Table
from shudian.report.run.tables import band_cell
from shudian.report.sensitivity.words import (
    benefit_unit,
    definition_name,
    factor_name,
    flips_text,
    gain_text,
    index_text,
    leading,
    outcome_name,
    package_title,
    rule_name,
    shown_outcomes,
)
from shudian.report.words.structures import weights_cell
from shudian.units import reader_unit, unit_label
from shudian.value_of_information import Gain
from shudian.wording import say, wrap

_TOP = 3


def tables(found: Sensitivity, language: Language) -> list[Table]:
    """What outcomes hang on, which parameter changes the choice, what statistics are worth."""
    listed = [_outcomes(found, language)]
    if found.levers:
        listed.append(_levers(found, language))
    listed += [_policy(found, language), _statistics(found, language)]
    return [*listed, _structures(found, language)] if found.structures else listed


def _outcomes(found: Sensitivity, language: Language) -> Table:
    rows = []
    for position, asked in enumerate(found.parameters.outcomes):
        tops = leading(found.parameters.factors, found.parameters.indices[position])[:_TOP]
        shares = sorted(
            zip(found.shares.parameters, found.shares.shares[position], strict=True), key=lambda entry: -entry[1].value
        )
        told = [(p, gain) for p, gain in shares[:_TOP] if found.shares.is_told(gain)]
        prior = [f"{wrap(factor_name(found, f, language), 30)} {index_text(i)}" for f, i in tops if i.told_from_nil]
        after = [f"{wrap(p.label.text(language), 30)} {100 * gain.value:z.0f}%" for p, gain in told]
        kept = say("cell_inside" if found.shares.mostly_prior(position) else "cell_outside", language)
        nothing = say("sensitivity_none", language)
        cells = ("\n".join(prior) or nothing, "\n".join(after) or nothing, kept)
        rows.append((outcome_name(asked, language), *cells))
    keys = ("outcome", "prior", "posterior", "kept")
    study = found.parameters
    below = say(
        "sensitivity_below_outcomes",
        language,
        base=f"{study.base:,}",
        runs=f"{study.runs:,}",
        alone=sum(":" not in factor.name for factor in study.factors),
        draws=f"{found.request.draws:,}",
    )
    title = say("sensitivity_table_outcomes", language, package=found.package.title.text(language))
    return Table(title, heads(keys, language), tuple(rows), below=(below,))


def _levers(found: Sensitivity, language: Language) -> Table:
    study = found.levers
    assert study is not None
    rows = []
    for asked, indices in zip(study.outcomes, study.indices, strict=True):
        factors = [Factor(lever.name, (row,)) for row, lever in enumerate(study.levers)]
        tops = [(f, i) for f, i in leading(factors, indices)[:_TOP] if i.told_from_nil]
        lines = [f"{study.levers[f.members[0]].label.text(language)} {index_text(i)}" for f, i in tops]
        rows.append((outcome_name(asked, language), "\n".join(lines) or say("sensitivity_none", language)))
    draws = study.runs // (study.base * (len(study.levers) + 2))
    below = say("sensitivity_below_levers", language, base=f"{study.base:,}", draws=draws)
    title = say("sensitivity_table_levers", language)
    return Table(title, heads(("outcome", "levers"), language), tuple(rows), below=(below,))


def _policy(found: Sensitivity, language: Language) -> Table:
    rows = []
    for entry in found.policy:
        decision = entry.decision
        first = (wrap(package_title(found, decision.best, language), 22),)
        told = [worth for worth in entry.worths if worth.told]
        if not told:
            rows.append((rule_name(found, decision, language), *first, say("sensitivity_none", language), "", ""))
        for position, worth in enumerate(told):
            unit = benefit_unit(decision, language)
            rows.append(
                (
                    "" if position else rule_name(found, decision, language),
                    *(("",) if position else first),
                    wrap(worth.parameter.label.text(language), 16),
                    wrap(f"{gain_text(worth.gain, decision, language)} {unit}", 14),
                    wrap(flips_text(found, worth, language), 34),
                )
            )
    keys = ("rule", "best", "parameter", "worth", "flips")
    title = say("sensitivity_table_policy", language, draws=f"{found.request.draws:,}")
    return Table(title, heads(keys, language), tuple(rows), below=(say("sensitivity_below_policy", language),))


def _statistics(found: Sensitivity, language: Language) -> Table:
    unit = benefit_unit(found.policy[0].decision, language)
    names = [definition_name(found, name, language) for name in found.chances]
    head = [say("sensitivity_column_statistic", language), *names]
    head.append(say("sensitivity_column_choice", language, unit=unit))
    rows = []
    for worth in found.statistics:
        cells = []
        for name, chance in found.chances.items():
            gain = worth.chances.get(name)
            points, error = move(gain, chance) if gain else (0.0, 0.0)
            text = f"{100 * points:z.1f}±{100 * error:z.1f}"
            cells.append("—" if gain is None else text if statistic_told(gain, found) else "≈0")
        gain = worth.decision
        text = gain_text(gain, found.policy[0].decision, language) if gain else "—"
        cells.append(text if gain is None or statistic_told(gain, found) else "≈0")
        rows.append((worth.missing.label.text(language), *cells))
    below = say("sensitivity_below_statistics", language, package=found.package.title.text(language))
    return Table(say("sensitivity_table_statistics", language), tuple(head), tuple(rows), below=(below,))


def _structures(found: Sensitivity, language: Language) -> Table:
    positions = shown_outcomes(found.parameters.outcomes)
    asked = [found.parameters.outcomes[position] for position in positions]
    head = [say("structures_column_form", language), say("structures_column_weights", language)]
    for outcome in asked:
        unit = unit_label(reader_unit(outcome.unit, language), language)
        head.append(say("sensitivity_with_unit", language, outcome=outcome_name(outcome, language), unit=unit))
    rows = []
    for entry in found.structures:
        form = entry.form
        priors, texts = (form.prior_nil, 1 - form.prior_nil), (form.when_nil, form.otherwise)
        for end, (prior, text, weight) in enumerate(zip(priors, texts, entry.weights, strict=True)):
            label = say("structures_row", language, form=form.label.text(language), end=text.text(language))
            cells = []
            for position, outcome in zip(positions, asked, strict=True):
                band = entry.bands[position][end]
                cells.append(band_cell(band, outcome.unit, language) if band else say("structures_few_cell", language))
            rows.append((label, weights_cell(prior, weight), *cells))
    title = say("sensitivity_table_structures", language, package=found.package.title.text(language))
    below = say("sensitivity_below_structures", language, least=LEAST)
    return Table(title, tuple(head), tuple(rows), below=(below,))


def statistic_told(gain: Gain, found: Sensitivity) -> bool:
    """Whether a statistic's worth can be told from nil among all of them."""
    return is_told(gain, len(found.statistics))


def heads(keys: Sequence[str], language: Language) -> tuple[str, ...]:
    """The heads of columns."""
    return tuple(say(f"sensitivity_column_{key}", language) for key in keys)
