"""In words: on which values the draws are conditioned, which priors somebody believes, and how many draws carry it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shudian.amounts import amount_text
from shudian.analysis.verdicts import Verdicts
from shudian.forecasts.kept import latest_record
from shudian.grounds import standing_posterior
from shudian.kinds import Language
from shudian.own_priors import WARNED_BELOW
from shudian.posterior_file import Posterior
from shudian.report.render.numbers import percent
from shudian.structure import load_model
from shudian.wording import say


def belief_mark(posterior: Posterior, language: Language) -> str:
    """What the mark of an answer says besides the reports; empty where the posterior is used as it is on file."""
    marks = []
    if posterior.own_priors:
        marks.append(say("belief_mark_priors", language, priors=_listed(posterior.own_priors, language)))
    if posterior.given:
        marks.append(say("belief_mark_given", language, values=_values(posterior.given, posterior.city, language)))
    return "".join(marks)


def belief_text(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """Sentences on conditions, own priors and interventions; none where an answer has none of them."""
    posterior = verdicts.grounds.posterior
    said = [*posterior_text(posterior, language)] if posterior else [*_set_a_priori(verdicts, language)]
    if verdicts.before:
        chances = [
            say(
                "belief_before_chance",
                language,
                definition=verdicts.definitions[definition].text(language).split("（")[0].split(" (")[0],
                chance=percent(chance.value, round(verdicts.carried)),
            )
            for definition, chance in verdicts.before.items()
        ]
        said.append(say("belief_before", language, chances=_listed(chances, language)))
    return (*said, *_interventions(verdicts, language))


def past_text(language: Language) -> tuple[str, ...]:
    """How the intervals of earlier forecasts did, so that nobody takes today's for surer than those; or nothing."""
    record = latest_record()
    if record is None:
        return ()
    narrow = record.widening is not None and record.widening > 1
    return (
        say(
            "short_past_narrow" if narrow else "short_past",
            language,
            made=record.made,
            numbers=record.numbers,
            held=f"{record.held:z.0%}",
            widening=f"{record.widening:z.1f}" if record.widening is not None else "",
        ),
    )


def posterior_text(posterior: Posterior | None, language: Language) -> Iterator[str]:
    """Sentences on own priors and on the condition, with the draws that carry the answer; none without either."""
    if posterior is None:
        return
    if posterior.own_priors:
        effective = posterior.reweighted if posterior.reweighted is not None else float(posterior.size)
        priors = _listed(posterior.own_priors, language)
        yield say("belief_priors", language, priors=priors, effective=f"{effective:z,.0f}")
        if effective < WARNED_BELOW:
            yield say("belief_few", language, least=f"{WARNED_BELOW:,}")
    if posterior.given:
        carrying = posterior.effective if posterior.effective is not None else float(posterior.size)
        values = _values(posterior.given, posterior.city, language, placed=True)
        yield say("belief_given", language, values=values, draws=f"{carrying:z,.0f}")


def _set_a_priori(verdicts: Verdicts, language: Language) -> Iterator[str]:
    asked = verdicts.row(verdicts.pairing.asked).scenario
    if asked.fixed:
        yield say("belief_set", language, values=_values(asked.fixed, verdicts.city, language))


def _interventions(verdicts: Verdicts, language: Language) -> Iterator[str]:
    """What is assumed otherwise in a package that was changed than in the package as it was."""
    parameters = load_model(verdicts.city).parameters
    names: dict[str, None] = {}
    for changed, original in verdicts.pairing.originals.items():
        one, other = (verdicts.row(name).scenario.assumptions for name in (changed, original))
        names |= dict.fromkeys(name for name in parameters if one.get(name) != other.get(name))
    if names:
        labels = _listed([parameters[name].label.text(language) for name in names], language)
        yield say("belief_intervention", language, names=labels)


LOW, HIGH = 0.25, 0.75
"""A value that lies above less than the first share of the calibrated draws is low, above more than the second high."""


def _place(name: str, value: float, city: str, language: Language) -> str:
    """Where a value stands among the calibrated draws; nothing where there are none."""
    found = standing_posterior(city)
    if found is None or name not in found.names:
        return ""
    below = float((found.values[found.names.index(name)] < value).mean())
    place = "low" if below < LOW else "high" if below > HIGH else "middle"
    return say("belief_place", language, share=percent(below, found.size), place=say(f"belief_place_{place}", language))


def _values(given: Mapping[str, float], city: str, language: Language, *, placed: bool = False) -> str:
    parameters = load_model(city).parameters
    return _listed(
        [
            say(
                "belief_value",
                language,
                label=parameters[name].label.text(language),
                value=amount_text(value, parameters[name], language),
            )
            + (_place(name, value, city, language) if placed else "")
            for name, value in given.items()
        ],
        language,
    )


def _listed(parts: tuple[str, ...] | list[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(parts)
