"""An answer -> everything that the brief says, gathered once, so that Word, HTML and workbook cannot disagree."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from shudian import __version__
from shudian.analysis.assessment import Assessment, Choice, assess
from shudian.analysis.cost import prices
from shudian.analysis.results import data_digest
from shudian.analysis.value import VALUE
from shudian.analysis.verdicts import Verdict, Verdicts, judged
from shudian.answers.run import Answer
from shudian.cities import city_title
from shudian.evidence import load_figures, load_sources
from shudian.kinds import FEWEST, Language, Source
from shudian.posterior_file import posterior_digest
from shudian.report.brief import tables, words
from shudian.report.brief.package import Package
from shudian.report.document import Table
from shudian.report.words.finding_text import basis_text, notes
from shudian.wording import say

DIGITS = 16
"""Characters of a digest that are printed; the manifest has them all."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source with the figures for which it is cited."""

    source: Source
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What the brief says, in one language."""

    language: Language
    year: int
    """The market target's year, for which the figures stand."""
    kicker: str
    headline: str
    question: str
    conclusion: str
    """One sentence."""
    packages: tuple[Package, ...]
    reference: str
    """Name of the package against which additional is counted."""
    contents: Table
    """What the packages contain."""
    outcomes: Table
    """What they come to."""
    confidence: tuple[str, ...]
    """How sure it is, and by which definitions."""
    advice: tuple[tuple[str, str], ...]
    """What to decide and what is advised: head, sentence."""
    basis: str
    assumed: tuple[str, ...]
    """Every assumption of the packages, those of the package asked for first."""
    sources: tuple[Cited, ...]
    repeat: tuple[tuple[str, str], ...]
    """How to repeat it: label, value."""


def gather(answer: Answer, command: str, language: Language, today: datetime.date) -> Brief:
    """Everything that the brief on `answer` says; `command` is the one that repeats it."""
    verdicts, model = answer.verdicts, answer.model
    packages = packages_of(answer)
    city = city_title(verdicts.city).text(language)
    asked = next(package for package in packages if package.name == verdicts.pairing.asked)
    return Brief(
        language=language,
        year=verdicts.market.year,
        kicker=say("brief_kicker", language, city=city, date=today.isoformat()),
        headline=say("brief_headline", language, city=city),
        question=words.question(verdicts, language),
        conclusion=words.conclusion(asked, verdicts, language),
        packages=packages,
        reference=verdicts.reference,
        contents=tables.contents(verdicts, model, language),
        outcomes=tables.outcomes(packages, verdicts, language),
        confidence=words.confidence(verdicts, language),
        advice=words.advice(verdicts, _assessed(answer), model, language),
        basis=basis_text(verdicts, language, past=False),
        assumed=_assumed(verdicts, language),
        sources=_sources(verdicts),
        repeat=_repeat(answer, command, language, today),
    )


def _assessed(answer: Answer) -> Assessment | None:
    """The packages ranked and taken apart; None from too few draws."""
    verdicts = answer.verdicts
    if verdicts.draws < FEWEST:
        return None
    choice = Choice(
        answer.model,
        answer.draws,
        {outcome.scenario.name: outcome.scenario for outcome in answer.outcomes},
        {outcome.scenario.name: outcome.turns() for outcome in answer.outcomes},
        answer.plan.pairing,
        verdicts,
        judged(answer.model, verdicts.targets),
        (),
        VALUE,
        verdicts.seed,
    )
    return assess(choice)


def packages_of(answer: Answer) -> tuple[Package, ...]:
    """Every package of `answer`, what they are measured by among them."""
    runs = {outcome.scenario.name: outcome for outcome in answer.outcomes}
    verdicts = answer.verdicts
    found = []
    for row in verdicts.rows:
        name = row.scenario.name
        reference = runs[verdicts.pairing.references[name]]
        found.append(
            Package(
                name,
                row.scenario.title,
                row.targets[verdicts.market.identifier],
                row.gains,
                row.measures["cost"],
                row.additional.get("cost"),
                row.additional.get("output"),
                row.additional.get("jobs"),
                prices(runs[name], reference) if reference is not runs[name] else None,
            )
        )
    return tuple(found)


def _assumed(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """The packages' notes, those that concern the package asked for alone first."""
    title = verdicts.row(verdicts.pairing.asked).scenario.title.text(language)
    colon = "：" if language == "zh" else ": "
    listed = notes(verdicts, language)
    own = [note for note in listed if note.startswith(title + colon)]
    return (*own, *(note for note in listed if note not in own))


def _sources(verdicts: Verdicts) -> tuple[Cited, ...]:
    """The documents behind the targets and the packages, those of the target and the package asked for first."""
    asked = verdicts.row(verdicts.pairing.asked)
    rows: Sequence[Verdict] = [asked, *(row for row in verdicts.rows if row is not asked)]
    cited = dict.fromkeys([*verdicts.market.evidence, *(item for row in rows for item in row.scenario.evidence)])
    figures, sources = load_figures(), load_sources()
    found: dict[str, list[str]] = {}
    for item in cited:
        figure = figures.get(item)
        found.setdefault(figure.source if figure else item, []).extend([item] if figure else [])
    return tuple(Cited(sources[name], tuple(items)) for name, items in found.items())


def _repeat(answer: Answer, command: str, language: Language, today: datetime.date) -> tuple[tuple[str, str], ...]:
    plan, posterior = answer.plan, answer.plan.world.grounds.posterior
    ours = posterior_digest(posterior)[:DIGITS] if posterior else say("brief_prior", language)
    seeded = say("brief_draws_seed", language, draws=f"{plan.draws:,}", seed=plan.seed)
    values = {
        "brief_repeat_command": command,
        "brief_repeat_digests": f"{answer.model.digest[:DIGITS]} / {ours} / {data_digest(answer.outcomes)[:DIGITS]}",
        "brief_repeat_draws": f"{seeded} / shudian {__version__} / {today.isoformat()}",
    }
    return tuple((say(key, language), value) for key, value in values.items())
