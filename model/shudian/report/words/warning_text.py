"""Warnings in words: short enough for a figure, and at length for a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shudian.amounts import amount_text
from shudian.analysis.reported import Band
from shudian.analysis.warnings import (
    BEFORE,
    FEWEST_LEARNED,
    MOST_UNTOUCHED,
    Beyond,
    Changed,
    DefinitionStanding,
    HandedDraws,
    Learning,
    Mixed,
    Outside,
    Unsaid,
)
from shudian.cities import city_title
from shudian.kinds import Caution, CautionKind, Label, Language, Target
from shudian.quantities import write_month
from shudian.report.words.captions import changes_text, joined, spoken, within
from shudian.schedules import RECORD
from shudian.wording import say, short

_NAMED = 2
"""Levers that the short form names."""
_HARDLY = 0.01
_KEPT = 0.1
"""The policy effects keep their priors if they lost less of their variance than this, on average."""


def lever_caution(found: Outside, titles: Mapping[str, Label]) -> Caution:
    """A package with levers beyond the evidence; `titles` are those of the shipped packages."""

    def shortly(language: Language) -> dict[str, object]:
        named = [say("warning_lever_one", language, **_lever(beyond, language)) for beyond in found.levers[:_NAMED]]
        levers = joined(named, language, "、", ", ")
        if len(found.levers) > _NAMED:
            levers += say("warning_lever_more", language, count=len(found.levers) - _NAMED)
        return {"scenario": found.scenario.title.text(language), "levers": levers}

    def at_length(language: Language) -> dict[str, object]:
        levers = joined([_lever_at_length(beyond, titles, language) for beyond in found.levers], language)
        return {"scenario": found.scenario.title.text(language), "count": len(found.levers), "levers": levers}

    key = "levers" if len(found.levers) > 1 else "lever"
    return Caution(
        "lever",
        found.scenario.name,
        _label("warning_lever_short", shortly),
        _label(f"warning_{key}_long", at_length),
    )


def mixed_caution(found: Mixed) -> Caution:
    """Packages of the past beside others that begin now."""

    def values(language: Language) -> dict[str, object]:
        past, future = (
            joined([say("warning_mixed_one", language, title=s.title.text(language)) for s in part], language, "", ", ")
            for part in (found.past, found.future)
        )
        return {
            "now": write_month(found.now), "past": past, "future": future,
            "past_count": len(found.past), "future_count": len(found.future),
        }  # fmt: skip

    return _caution("mixed", "", values)


def unsaid_caution(found: Unsaid) -> Caution:
    """A package of another past whose file does not say so."""

    def values(language: Language) -> dict[str, object]:
        title = found.scenario.title.text(language)
        return {"scenario": title, "since": write_month(found.since), "now": write_month(found.scenario.now),
                "record": RECORD}  # fmt: skip

    return _caution("unsaid", found.scenario.name, values)


def prior_caution(found: Learning) -> Caution:
    """An answer that is mostly prior."""
    measure = found.measure

    def values(language: Language) -> dict[str, object]:
        name = say(measure.label, language, year=measure.year, since=measure.since)
        return {
            "scenario": found.scenario.title.text(language),
            "reference": found.reference.title.text(language),
            "measure": within(name, language),
            "before": band_text(found.before, measure.unit, language),
            "after": band_text(found.after, measure.unit, language),
            "learned": _little(found.learned, language),
            "untouched": _share(found.untouched),
            "kept": _kept(found, language),
            "fewest": _share(FEWEST_LEARNED),
            "most": _share(MOST_UNTOUCHED),
        }

    # the share that hangs on policy effects is the reason, unless hardly anything was learned in the first place
    key = "prior" if found.untouched > MOST_UNTOUCHED else "unlearned"
    return Caution(
        "prior", found.scenario.name, _label(f"warning_{key}_short", values), _label("warning_prior_long", values)
    )


def uncalibrated_caution() -> Caution:
    """An answer that rests on priors alone."""
    return _caution("uncalibrated", "", lambda _: {})


def changed_caution(found: Changed) -> Caution:
    """An answer of a model that somebody changed."""
    return _caution("changed", "", lambda language: {"changes": changes_text(found.changes, language)})


def own_draws_caution(found: HandedDraws) -> Caution:
    """An answer that rests on draws which somebody brought."""
    return _caution("own_draws", "", lambda _: {"draws": f"{found.draws:,}"})


def unstated_caution(target: Target, definitions: Mapping[str, Label]) -> Caution:
    """A target whose document does not say what it counts."""

    def values(language: Language) -> dict[str, object]:
        names = [short(definitions[name].text(language)) for name in target.definitions]
        return {"target": target.label.text(language), "definitions": joined(names, language, "、", ", ")}

    return _caution("unstated", target.identifier, values)


def definition_caution(found: DefinitionStanding, definitions: Mapping[str, Label], city: str) -> Caution:
    """A target judged under a definition that is not, or no longer, reported; ValueError for one that is."""
    if found.state == "reported":
        raise ValueError(f"“{found.definition}” is still reported")

    def values(language: Language) -> dict[str, object]:
        return {
            "definition": short(definitions[found.definition].text(language)),
            "target": found.target.label.text(language),
            "city": city_title(city).text(language),
            "last": _month(found.last, language),
            "figure": found.figure,
            "months": found.months,
            "year": found.target.year,
        }

    return _caution(found.state, found.target.identifier, values)


def band_text(band: Band, unit: str, language: Language) -> str:
    """Median and 5-95 % range, with the unit."""
    median, low, high = (spoken(value, unit, language) for value in (band.median, band.low, band.high))
    return say("warning_band", language, median=median, low=low, high=high)


def _caution(kind: CautionKind, subject: str, values: Callable[[Language], Mapping[str, object]]) -> Caution:
    return Caution(kind, subject, _label(f"warning_{kind}_short", values), _label(f"warning_{kind}_long", values))


def _label(key: str, values: Callable[[Language], Mapping[str, object]]) -> Label:
    return Label(say(key, "zh", **values("zh")), say(key, "en", **values("en")))


def _lever(beyond: Beyond, language: Language) -> dict[str, str]:
    known = beyond.evidence
    value, low, high = (amount_text(number, known.lever, language) for number in (beyond.value, known.low, known.high))
    return {"lever": within(known.lever.label.text(language), language), "value": value, "low": low, "high": high}


def _lever_at_length(beyond: Beyond, titles: Mapping[str, Label], language: Language) -> str:
    known = beyond.evidence
    above = beyond.value > known.high
    name = known.high_from if above else known.low_from
    if name == BEFORE:
        origin = say("warning_lever_before", language)
    elif name in titles:
        origin = say("warning_package", language, title=titles[name].text(language))
    else:
        origin = name
    end = say("warning_lever_highest" if above else "warning_lever_lowest", language)
    if name == origin:
        key = "warning_lever_printed"
    else:
        key = "warning_lever_mixed" if known.printed else "warning_lever_assumed"
    return say(key, language, **_lever(beyond, language), end=end, origin=origin)


def _kept(found: Learning, language: Language) -> str:
    key = "warning_effects_kept" if found.effects_learned < _KEPT else "warning_effects_moved"
    return say(key, language, effects=found.effects, effects_learned=_little(found.effects_learned, language))


def _share(value: float) -> str:
    return f"{100 * value:z.0f}%"


def _little(value: float, language: Language) -> str:
    return say("warning_hardly", language) if value < _HARDLY else _share(value)


def _month(date: str, language: Language) -> str:
    if not date:
        return ""
    return f"{date[:4]}年{int(date[5:7])}月" if language == "zh" else date[:7]
