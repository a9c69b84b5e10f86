"""What the verdicts come to in words: the finding, on what it rests, what evidence made of it, the notes."""

from __future__ import annotations

from collections.abc import Sequence

from shudian.analysis.reported import one_sided
from shudian.analysis.verdicts import (
    YEAR,
    Verdicts,
)
from shudian.cities import city_title
from shudian.grounds import Grounds
from shudian.kinds import FEWEST, InputError, Language, Scenario
from shudian.messages import in_language
from shudian.parameters import HOME
from shudian.report.render.numbers import percent, worst_error
from shudian.report.words.belief_text import belief_text, past_text, posterior_text
from shudian.report.words.captions import (
    changes_text,
    definition_label,
    evidence_words,
    grounds_mark,
    joined,
    shared_words,
    within,
)
from shudian.report.words.city_words import city_file_text
from shudian.wording import say


def finding_text(verdicts: Verdicts, language: Language) -> str:
    """Headline and detail of the finding together."""
    return ("" if language == "zh" else " ").join(part for part in finding_parts(verdicts, language) if part)


def finding_parts(verdicts: Verdicts, language: Language) -> tuple[str, str]:
    """Headline, and detail: does the definition or the package decide the answer to the market target?"""
    asked = verdicts.row(verdicts.pairing.asked)
    if verdicts.draws < FEWEST:
        return say("finding_few", language, draws=verdicts.draws), ""
    chances = [
        say(
            "finding_chance",
            language,
            definition=within(definition_label(definition, verdicts, language), language),
            chance=percent(chance.value, verdicts.draws),
        )
        for definition, chance in asked.targets[verdicts.market.identifier].items()
    ]
    package = say("finding_under", language, package=asked.scenario.title.text(language))
    detail = package + joined(chances, language, "，", ", ") + ("；" if language == "zh" else ";")
    return say(_driver(verdicts), language), joined([detail, _between_packages(verdicts, language)], language, "", " ")


def _driver(verdicts: Verdicts) -> str:
    found = verdicts.finding
    if max(found.definitions_spread, found.packages_spread) <= max(found.noise, 2 * worst_error(verdicts.carried)):
        return "finding_neither"
    return "finding_definition" if found.definitions_spread > found.packages_spread else "finding_package"


def _between_packages(verdicts: Verdicts, language: Language) -> str:
    found = verdicts.finding
    if not found.spread_package:
        return say("finding_one_package", language)
    spread = round(found.packages_spread * 100)
    if found.packages_spread <= found.noise or not spread:
        return say("finding_no_difference", language)
    return say(
        "finding_packages",
        language,
        spread=spread,
        definition=within(definition_label(found.spread_definition, verdicts, language), language),
        package=verdicts.row(found.spread_package).scenario.title.text(language),
    )


def basis_text(verdicts: Verdicts, language: Language, *, past: bool = True) -> str:
    """Which city, what the numbers rest on, how exact they are, and on which side the reported values lie.

    `past` also says how earlier forecasts did, for which two pages have no room.
    """
    basis = grounds_text(verdicts.grounds, language)
    error = f"{worst_error(verdicts.carried) * 100:z.1f}"
    exact = say("basis_error", language, draws=f"{verdicts.draws:,}", error=error, seed=verdicts.seed)
    side, count, every = one_sided(verdicts.reported)
    leaning = [say("basis_above" if side > 0 else "basis_below", language, count=count, all=every)] if side else []
    record = past_text(language) if past and verdicts.grounds.calibrated else ()
    moved = change_text(verdicts, language) if past else ()
    told = [basis, *record, exact, *moved, *belief_text(verdicts, language), *leaning]
    return joined([city_text(verdicts, language), *told], language, "", " ")


def question_basis(grounds: Grounds, city: str, digest: str, counted: str, seed: int, language: Language) -> str:
    """On what an answer without verdicts rests: city, draws, model (its digest), what was run as a question has it."""
    told = [
        say(
            "basis_question", language, city=city_title(city).text(language), mark=grounds_mark(grounds, language),
            digest=digest[:8], counted=counted, seed=seed,
        ),
        *_file_text(city, language),
    ]  # fmt: skip
    if grounds.changed:
        told.append(say("basis_changed", language, changes=changes_text(grounds.changed, language)))
    return joined([*told, *posterior_text(grounds.posterior, language)], language, "", " ")


def change_text(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """What the package changes in output, with all evidence and before any; or nothing."""
    found = verdicts.change
    if found is None:
        return ()
    values = {
        f"{name}_{level}": f"{100 * value:+z.1f}"
        for name, quantiles in (("prior", found.prior), ("posterior", found.posterior))
        for level, value in zip(("low", "middle", "high"), quantiles.tolist(), strict=True)
    }
    compared = verdicts.pairing.originals.get(verdicts.pairing.asked, verdicts.reference)
    package, other = (verdicts.row(name).scenario for name in (verdicts.pairing.asked, compared))
    return (
        say(
            "basis_change", language, year=YEAR, package=package.title.text(language),
            reference=other.title.text(language), **values,
        ),
    )  # fmt: skip


def city_text(verdicts: Verdicts, language: Language) -> str:
    """Which city the numbers are about, whether the targets are its own, and what its file tells if it has one."""
    city = city_title(verdicts.city).text(language)
    told = say("basis_home" if verdicts.city == HOME else "basis_elsewhere", language, city=city)
    return joined([told, *_file_text(verdicts.city, language)], language, "", " ")


def _file_text(city: str, language: Language) -> tuple[str, ...]:
    return (told,) if (told := city_file_text(city, language)) else ()


def grounds_text(grounds: Grounds, language: Language) -> str:
    """What the numbers rest on: the reports of the calibration, or why there is none; and what the model is."""
    said = _draws_text(grounds, language)
    if not grounds.changed:
        return said
    changes = changes_text(grounds.changed, language)
    return joined([say("basis_changed", language, changes=changes), said], language, "", " ")


def _draws_text(grounds: Grounds, language: Language) -> str:
    if grounds.posterior:
        found = grounds.posterior
        if found.handed:
            worth = f"{found.effective or found.size:z,.0f}"
            return say("basis_own_draws", language, draws=f"{found.size:,}", effective=worth)
        if grounds.changed:
            return say("basis_other_structure", language, evidence=evidence_words(found, language))
        if found.shared:
            return say("basis_member", language, **shared_words(found, language))
        return say("basis_calibrated", language, evidence=evidence_words(found, language), until=found.data_until)
    if grounds.why == "asked":
        return say("basis_prior", language)
    if grounds.why == "stale":
        return say("basis_prior_stale", language, reason=in_language(grounds.reason, language))
    return say("basis_prior_elsewhere", language, city=_whose_posterior(grounds.posterior_city, language))


def _whose_posterior(city: str, language: Language) -> str:
    try:
        return city_title(city).text(language)
    except InputError:  # a posterior of somebody's own may be of a city that is not here
        return city


def notes(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """What the scenarios' authors assumed and want known, each said once, with the scenarios that it concerns."""
    concerned: dict[str, list[str]] = {}
    rows = [row for row in verdicts.rows if not _is_set(row.scenario, verdicts)]
    for row in rows:
        for note in row.scenario.notes:
            concerned.setdefault(note.text(language), []).append(row.scenario.title.text(language))
    colon = "：" if language == "zh" else ": "
    return tuple(_whose(titles, len(rows), language) + colon + text for text, titles in concerned.items())


def _is_set(scenario: Scenario, verdicts: Verdicts) -> bool:
    """Whether it is another with settings, whose notes it has, and not a file of its own."""
    original = verdicts.pairing.originals.get(scenario.name)
    return original is not None and verdicts.row(original).scenario.place == scenario.place


def _whose(titles: Sequence[str], every: int, language: Language) -> str:
    if len(titles) == every > 1:
        return say("note_all", language)
    if len(titles) > 3:
        return say("note_many", language, first=titles[0], count=len(titles))
    return joined(titles, language, "、", ", ")
