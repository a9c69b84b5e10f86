"""The sensitivity in sentences, and the names that its tables and figures use."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shudian.amounts import amount_text
from shudian.analysis.beliefs import LIKELY
from shudian.analysis.policy_sensitivity import Decision, Worth
from shudian.analysis.sensitivity import Asked
from shudian.analysis.sobol import Factor, Index
from shudian.analysis.structures import WhatIf
from shudian.answers.sensitivity import Sensitivity
from shudian.kinds import Language, Parameter
from shudian.parameters import HOME
from shudian.report.render.numbers import significant
from shudian.report.words.captions import joined, spoken, within
from shudian.report.words.finding_text import question_basis
from shudian.targets import UNSTATED
from shudian.units import conversion, scaled_unit, with_unit
from shudian.value_of_information import Gain
from shudian.wording import say, short

_ALIKE = 3
_SHOWN = ("local_output", "fte_jobs", "active_firms", "additional_local_output")
"""Outcomes that are shown side by side where none is named."""
_PANELS = 4


def sentences(found: Sensitivity, language: Language) -> list[str]:
    """The finding first: the choice, what changes it, what the first outcome hangs on; then every warning."""
    told = [_choice(found, language), _change(found, language), _hangs(found, language)]
    told.append(structure_text(found, language))
    told += [beliefs_text(found, language)] if found.beliefs else []
    return told + outcome_warning(found, language) + choice_warning(found, language)


def outcome_warning(found: Sensitivity, language: Language) -> list[str]:
    """Which outcomes' uncertainty is mostly assumed, if any is."""
    prior = [asked for position, asked in enumerate(found.shares.outcomes) if found.shares.mostly_prior(position)]
    names = joined([outcome_name(asked, language) for asked in prior], language, "；", "; ")
    return [say("sensitivity_mostly_prior", language, outcomes=names)] if prior else []


def choice_warning(found: Sensitivity, language: Language) -> list[str]:
    """How many of the parameters that change the choice are assumed, if any is."""
    changing = [worth.parameter for worth in found.policy[0].worths if worth.told]
    kept = sum(keeps_prior(found, parameter) for parameter in changing)
    return [say("sensitivity_choice_prior", language, count=len(changing), kept=kept)] if kept else []


def keeps_prior(found: Sensitivity, parameter: Parameter) -> bool:
    """Whether the reports have left `parameter` its prior."""
    names = [known.name for known in found.shares.parameters]
    return found.shares.kept[names.index(parameter.name)]


def _choice(found: Sensitivity, language: Language) -> str:
    decision = found.policy[0].decision
    best, lead = package_title(found, decision.best, language), decision.lead
    if lead.value <= 2 * lead.standard_error:
        return say("sensitivity_level_pegging", language, value=f"{found.request.value:g}", best=best)
    return say(
        "sensitivity_ahead",
        language,
        value=f"{found.request.value:g}",
        best=best,
        lead=gain_text(lead, decision, language),
        unit=benefit_unit(decision, language),
    )


def _change(found: Sensitivity, language: Language) -> str:
    top = next((worth for worth in found.policy[0].worths if worth.told), None)
    if top is None:
        return say("sensitivity_no_flip", language)
    return say(
        "sensitivity_flips",
        language,
        parameter=top.parameter.label.text(language),
        stretches=stretches_text(found, top, language),
        worth=gain_text(top.gain, found.policy[0].decision, language),
        unit=benefit_unit(found.policy[0].decision, language),
    )


def _hangs(found: Sensitivity, language: Language) -> str:
    study = found.parameters
    shares = zip(found.shares.parameters, found.shares.shares[0], strict=True)
    parameter, share = max(shares, key=lambda entry: entry[1].value)
    return say(
        "sensitivity_hangs",
        language,
        outcome=outcome_name(found.parameters.outcomes[0], language),
        factor=foremost(found, study.factors, study.indices[0], language),
        parameter=parameter.label.text(language),
        share=f"{100 * max(share.value, 0):z.0f}%",
    )


def shown_outcomes(outcomes: Sequence[Asked]) -> list[int]:
    """Positions of the outcomes for which tables and figures have room."""
    chosen = [position for position, asked in enumerate(outcomes) if asked.name in _SHOWN]
    return chosen if len(chosen) > 1 else [*range(len(outcomes))][:_PANELS]


def structure_text(found: Sensitivity, language: Language) -> str:
    """The contested form and the shown outcome whose medians differ most, as a share, of those that can be told."""
    outcomes = found.parameters.outcomes
    told = [(e, position) for position in shown_outcomes(outcomes) for e in found.structures if e.is_told(position)]
    if not told:
        return say("sensitivity_structure_none", language, count=len(found.structures))
    widest, position = max(told, key=lambda entry: _apart(*entry))
    asked, form = outcomes[position], widest.form
    nil, other = (spoken(value, asked.unit, language) for value in medians(widest, position))
    return say(
        "sensitivity_structure", language, outcome=outcome_name(asked, language), form=form.label.text(language),
        nil=nil, other=other, when_nil=form.when_nil.text(language), otherwise=form.otherwise.text(language),
    )  # fmt: skip


def beliefs_text(found: Sensitivity, language: Language) -> str:
    """What one must believe for the market target to be likely, under each definition under which it is not."""
    told = []
    for definition, belief in found.beliefs.items():
        parameter = belief.parameter
        told.append(
            say(
                "sensitivity_belief" if belief.likely else "sensitivity_belief_none",
                language,
                definition=within(definition_name(found, definition, language), language),
                parameter=parameter.label.text(language),
                moved=f"{belief.moved:+z.1f}".replace("-", "−"),
                before=amount_text(belief.before, parameter, language),
                after=amount_text(belief.after, parameter, language),
                chance=f"{100 * belief.chance:z.0f}%",
            )
        )
    likely = f"{100 * LIKELY:z.0f}%"
    return say("sensitivity_beliefs", language, likely=likely, told=joined(told, language, "；", "; "))


def _apart(entry: WhatIf, outcome: int) -> float:
    nil, other = medians(entry, outcome)
    return abs(other - nil) / max(abs(nil), abs(other))


def medians(entry: WhatIf, outcome: int) -> tuple[float, float]:
    """The medians of an outcome where a form's parameter is nil and where not; nan where draws are too few."""
    nil, other = (band.median if band else math.nan for band in entry.bands[outcome])
    return nil, other


def leading(factors: Sequence[Factor], indices: Sequence[Index]) -> list[tuple[Factor, Index]]:
    """Factors with their indices, the greatest total first."""
    return sorted(zip(factors, indices, strict=True), key=lambda entry: -entry[1].total)


def foremost(found: Sensitivity, factors: Sequence[Factor], indices: Sequence[Index], language: Language) -> str:
    """The factor with the greatest total index, and those whose interval reaches into its own, at most three."""
    ordered = leading(factors, indices)
    least = ordered[0][1].total - ordered[0][1].total_error
    alike = [(f, i) for f, i in ordered if i.total + i.total_error >= least][:_ALIKE]
    names = [f"{within(factor_name(found, f, language), language)} ({index_text(i)})" for f, i in alike]
    if language == "zh":
        names = [name.replace(" (", "（").replace(")", "）") for name in names]
    return joined(names, language, "、", ", ")


def index_text(index: Index) -> str:
    """A total index with half the width of its interval."""
    return f"{max(index.total, 0):z.2f}±{index.total_error:z.2f}"


def outcome_name(asked: Asked, language: Language) -> str:
    """What an outcome is called, with its year and definition."""
    if asked.definition:
        definition = within(short(asked.definition.text(language)), language)
        name = say("sensitivity_market", language, year=asked.year, definition=definition)
    else:
        name = say("sensitivity_level", language, year=asked.year, label=asked.label.text(language))
    return say("sensitivity_additional", language, outcome=name) if asked.additional else name


def factor_name(found: Sensitivity, factor: Factor, language: Language) -> str:
    """A parameter's label, or what a group holds."""
    if ":" not in factor.name:
        return found.parameters.parameters[factor.members[0]].label.text(language)
    sector = found.parameters.parameters[factor.members[0]].sector
    return say("sensitivity_others", language, sector=say(f"sector_{sector}", language), count=len(factor.members))


def package_title(found: Sensitivity, name: str, language: Language) -> str:
    """A package's title."""
    return found.scenarios[name].title.text(language)


def definition_name(found: Sensitivity, definition: str, language: Language) -> str:
    """A definition (口径) of the market, or that none is stated."""
    if definition == UNSTATED:
        return say("sensitivity_unstated", language)
    return within(short(found.definitions[definition].text(language)), language)


def rule_name(found: Sensitivity, decision: Decision, language: Language) -> str:
    """The rule by which a package is best."""
    definition = definition_name(found, decision.definition, language) if decision.definition else ""
    value = f"{found.request.value:g}"
    return say(f"sensitivity_rule_{decision.rule}", language, definition=definition, value=value)


def benefit_unit(decision: Decision, language: Language) -> str:
    """The unit in which gains of a decision are shown."""
    return say(f"sensitivity_unit_{decision.rule}", language)


def benefit_factor(decision: Decision, language: Language) -> float:
    """From a decision's benefits to the unit of `benefit_unit`."""
    if decision.rule == "chance":
        return 100.0
    # a Chinese reader counts in 亿元, an English one in millions
    million = 1.0 if language == "zh" else 100.0
    return million if decision.rule == "net_benefit" else 1 / million


def gain_text(gain: Gain, decision: Decision, language: Language) -> str:
    """A gain with its standard error, in the unit of `benefit_unit`."""
    factor = benefit_factor(decision, language)
    return with_error(factor * gain.value, factor * gain.standard_error)


def parameter_value(value: float, parameter: Parameter, language: Language) -> str:
    """A value of `parameter` in the unit in which people write it."""
    unit = scaled_unit(value, parameter.display_unit, parameter.unit, language)
    return with_unit(significant(value / conversion(unit, parameter.unit), 12), unit, language)


def stretches_text(found: Sensitivity, worth: Worth, language: Language) -> str:
    """Where along a parameter which package is best, from low to high, as a part of a sentence."""
    borders = ["", *(parameter_value(flip.at, worth.parameter, language) for flip in worth.flips), ""]
    parts = []
    for position, stretch in enumerate(worth.stretches):
        low, high = borders[position], borders[position + 1]
        key = "between" if low and high else "below" if high else "above" if low else "always"
        title = package_title(found, stretch.package, language)
        parts.append(say(f"sensitivity_stretch_{key}", language, low=low, high=high, package=title))
    return joined(parts, language, "，", ", ")


def flips_text(found: Sensitivity, worth: Worth, language: Language) -> str:
    """The packages that are best from low to high, and between them the thresholds with their intervals."""
    parts = []
    for position, stretch in enumerate(worth.stretches):
        if position:
            parts.append(threshold_text(worth, position - 1, language))
        parts.append(package_title(found, stretch.package, language))
    return joined(parts, language, " ｜ ", " | ")


def threshold_text(worth: Worth, position: int, language: Language) -> str:
    """Where the best package changes, with the interval over resamplings."""
    flip = worth.flips[position]
    at, low, high = (parameter_value(value, worth.parameter, language) for value in (flip.at, flip.low, flip.high))
    return f"{at} [{low}, {high}]"


def with_error(value: float, error: float) -> str:
    """A value with its standard error, both to the error's second digit and at most two places."""
    places = min(2, max(0, 1 - math.floor(math.log10(error)))) if error > 0 else 2
    return f"{value:,.{places}f}±{error:,.{places}f}".replace("-", "−")


def basis(found: Sensitivity, language: Language) -> str:
    """What was looked at, on what it rests, and how many runs it took."""
    draws = say(
        "sensitivity_draws",
        language,
        package=found.package.title.text(language),
        reference=found.reference.title.text(language),
        draws=f"{found.request.draws:,}",
        base=f"{found.request.base_runs:,}",
    )
    return question_basis(found.grounds, HOME, found.model.digest, draws, found.request.seed, language)
