"""The answer to why in sentences: each is made from the numbers, and names the loops that the numbers name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shudian.analysis.loops import MATERIAL, Effect, LoopEffects, Spell
from shudian.analysis.verdicts import YEAR
from shudian.answers.why import Why
from shudian.kinds import Language, Loop
from shudian.quantities import FIRST_YEAR
from shudian.report.render.numbers import percent
from shudian.report.words.captions import joined, reader_amount, spoken, within
from shudian.report.words.finding_text import question_basis
from shudian.report.words.warning_text import band_text
from shudian.wording import say

_FIRST = 3
"""How many loops count as the first ones where the two methods are compared."""
_SECOND = 0.5
"""Share of the greatest effect from which the second greatest is told too."""


def parts(why: Why) -> tuple[LoopEffects, ...]:
    """The run and, where there is one, its difference from the other run."""
    return (why.run,) if why.difference is None else (why.run, why.difference)


def story(found: LoopEffects, language: Language) -> tuple[str, ...]:
    """The answer about one run or one difference, one text for each spell of years and then for the other loops."""
    said = [total_text(found, YEAR, language)]
    if found.whole.any():
        said += [spell_text(found, spell, language) for spell in found.spells()]
    for key, loops in (("untold", found.untold()), ("slight", found.slight()), ("idle", found.idle())):
        if loops:
            names = joined([_name(loop, language) for loop in loops], language, "、", ", ")
            said.append(say(f"why_{key}", language, loops=names))
    return tuple(said)


def total_text(found: LoopEffects, year: int, language: Language) -> str:
    """What is to be explained, with its band."""
    amount = band_text(found.total(year), found.aim.unit, language)
    outcome = found.aim.label.text(language)
    if found.reference is None:
        return say("why_total", language, year=year, outcome=outcome, band=amount)
    same = not found.whole[found.years.index(year)].any()
    values = {"year": year, "outcome": within(outcome, language), "band": amount, **_titles(found, language)}
    return say("why_total_same" if same else "why_total_difference", language, **values)


def spell_text(found: LoopEffects, spell: Spell, language: Language) -> str:
    """What raised and what lowered the outcome in the years of `spell`, or that none can be told from nil."""
    years = say("why_years" if spell.first < spell.last else "why_year", language, first=spell.first, last=spell.last)
    values = {"years": years, "subject": subject_text(found, language)}
    said = []
    for kind, effects in (("driver", spell.drivers), ("brake", spell.brakes)):
        said += (
            _named(found, kind, effects, language, values)
            if effects
            else _leaning(found, kind, spell, language, values)
        )
    texts = [text[:1].upper() + text[1:] for text in said]
    return joined(texts, language, "", " ")


def second_method(why: Why, language: Language) -> str:
    """What Loops That Matter says of the run, and whether it agrees with cutting; or that it was left out."""
    if why.weights is None:
        return say("why_second_missing", language)
    weights = {name: float(series[YEAR - FIRST_YEAR]) for name, series in why.weights.items()}
    by_weight = sorted(why.run.loops, key=lambda loop: -weights[loop.name])
    by_cut = [effect.loop for effect in why.run.of_year(YEAR)]
    named = [f"{_name(loop, language)} {100 * weights[loop.name]:z.0f}%" for loop in by_weight[:_FIRST]]
    said = [say("why_second", language, year=YEAR, weights=joined(named, language, "、", ", "))]
    rank, other = by_weight.index(by_cut[0]) + 1, by_cut.index(by_weight[0]) + 1
    if max(rank, other) <= _FIRST:
        loops = joined([_name(loop, language) for loop in by_cut[:_FIRST]], language, "、", ", ")
        said.append(say("why_methods_agree", language, count=_FIRST, loops=loops))
    else:
        first, second = _name(by_cut[0], language), _name(by_weight[0], language)
        said.append(say("why_methods_differ", language, first=first, rank=rank, second=second, other=other))
    return ("" if language == "zh" else " ").join(said)


def methods(why: Why, language: Language) -> tuple[str, ...]:
    """How the numbers were made, and from which draws."""
    said = [say("why_method", language, material=f"{100 * MATERIAL:z.0f}%")]
    if why.difference is not None:
        said.append(say("why_method_difference", language))
    if why.weights is not None:
        said.append(say("why_method_weights", language))
        if why.difference is not None:
            said.append(say("why_second_not_here", language))
    if why.grounds.changed:
        said.append(say("why_changed", language, count=len(why.run.loops)))
    return (*said, definition_text(why, language), basis_text(why, language))


def basis_text(why: Why, language: Language) -> str:
    """City, posterior, model, draws and seed."""
    draws = say("why_draws", language, draws=f"{why.run.whole.shape[1]:,}")
    return question_basis(why.grounds, why.city, why.model.digest, draws, why.request.seed, language)


def definition_text(why: Why, language: Language) -> str:
    """What the outcome counts."""
    aim = why.run.aim
    return say(
        "why_definition",
        language,
        outcome=aim.label.text(language),
        meaning=within(aim.meaning.text(language), language),
    )


def headline(found: LoopEffects, language: Language) -> str:
    """The finding in one line: what raised and what held down the outcome of the targets' year."""
    drivers, brakes = found.drivers(YEAR), found.brakes(YEAR)
    values: dict[str, object] = {"year": YEAR, "subject": _headline_subject(found, language)}
    if drivers:
        values["driver"] = loop_text(drivers[0].loop, language)
    if brakes:
        values["brake"] = loop_text(brakes[0].loop, language)
    key = "both" if drivers and brakes else "driver" if drivers else "brake" if brakes else "none"
    leans = _lean(found, "driver", YEAR)
    if key == "none" and leans:
        key = "lean"
        values |= _values(found, leans, language)
    said = say(f"why_headline_{key}", language, **values)
    return said[:1].upper() + said[1:]


def title(found: LoopEffects, language: Language) -> str:
    """What the table and the figure are about."""
    outcome = within(found.aim.label.text(language), language)
    key = "why_title_run" if found.reference is None else "why_title_difference"
    return say(key, language, outcome=outcome, **_titles(found, language))


def subject_text(found: LoopEffects, language: Language) -> str:
    """What the loops act on, inside a sentence."""
    if found.reference is not None:
        return say("why_subject_difference", language)
    return within(found.aim.label.text(language), language)


def reading_text(found: LoopEffects, language: Language) -> str:
    """How a year's value is read, and its unit."""
    unit = reader_amount(1.0, found.aim.unit, language)[1] or "1"
    return say(f"why_reading_{found.aim.reading}", language, unit=unit)


def loop_text(loop: Loop, language: Language) -> str:
    """A loop inside a sentence."""
    return say("why_loop", language, name=loop.name, label=within(loop.label.text(language), language))


def _named(
    found: LoopEffects, kind: str, effects: Sequence[Effect], language: Language, values: Mapping[str, object]
) -> list[str]:
    first, *others = effects
    key = f"why_surest_{kind}" if found.surest(first) else f"why_{kind}"
    said = [say(key, language, **_values(found, first, language), **values)]
    if others and abs(others[0].band.median) >= _SECOND * abs(first.band.median):
        said.append(say(f"why_also_{kind}", language, **_values(found, others[0], language)))
    return said


def _leaning(
    found: LoopEffects, kind: str, spell: Spell, language: Language, values: Mapping[str, object]
) -> list[str]:
    said = [say(f"why_no_{kind}", language, **values)]
    leans = _lean(found, kind, spell.year)
    return said + ([say(f"why_lean_{kind}", language, **_values(found, leans, language))] if leans else [])


def _lean(found: LoopEffects, kind: str, year: int) -> Effect | None:
    """The greatest effect in this direction that most draws share, although it cannot be told from nil."""
    side = 1 if kind == "driver" else -1
    return next((e for e in found.of_year(year) if e.side == side and e.material and not e.sign), None)


def _values(found: LoopEffects, effect: Effect, language: Language) -> dict[str, object]:
    """What a sentence says of `effect`: what is missing with the loop cut or, where it holds down, what is gained."""
    raises = effect.band.median > 0
    ends = (effect.band.low, effect.band.high) if raises else (-effect.band.high, -effect.band.low)
    low, high = (spoken(value, found.aim.unit, language) for value in ends)
    draws = found.whole.shape[1]
    return {
        "loop": loop_text(effect.loop, language),
        "year": effect.year,
        "amount": spoken(abs(effect.band.median), found.aim.unit, language),
        "low": low,
        "high": high,
        "agreement": percent(effect.agreement, draws),
        "leading": percent(effect.leading, draws),
    }


def _headline_subject(found: LoopEffects, language: Language) -> str:
    outcome = within(found.aim.label.text(language), language)
    if found.reference is None:
        return outcome
    return say("why_headline_subject", language, outcome=outcome, **_titles(found, language))


def _titles(found: LoopEffects, language: Language) -> dict[str, str]:
    titles = {"scenario": found.scenario.title.text(language)}
    return titles | ({"reference": found.reference.title.text(language)} if found.reference else {})


def _name(loop: Loop, language: Language) -> str:
    return f"{loop.name} {within(loop.label.text(language), language)}"
