"""An answer -> everything that the brief says, gathered once, so that Word, HTML and workbook cannot disagree."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shudian import __version__
from shudian.analysis.assessment import BENEFIT, Choice, assess
from shudian.analysis.cost import Price, prices
from shudian.analysis.reported import Band
from shudian.analysis.results import data_digest
from shudian.analysis.value import VALUE
from shudian.analysis.verdicts import Probability, Verdict, Verdicts, judged, paired
from shudian.answers.run import Answer
from shudian.evidence import load_figures, load_sources
from shudian.kinds import Label, Language, Source
from shudian.parameters import city_titles
from shudian.posterior_file import posterior_digest
from shudian.report.brief import words
from shudian.report.comparison.words import largest_part, leader_text
from shudian.report.document import Table
from shudian.report.render.numbers import FEWEST
from shudian.report.words.captions import joined
from shudian.report.words.finding_text import basis_text, finding_parts, notes
from shudian.wording import say

DIGITS = 16
"""Characters of a digest that are printed; the manifest has them all."""


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the table, in numbers: money in 亿元, price per job in 万元, output's in yuan per yuan."""

    name: str
    title: Label
    chances: Mapping[str, Probability]
    """Definition of the market -> probability that the target is reached."""
    gains: Mapping[str, Probability]
    """Definition -> change against the reference; empty for the reference."""
    cost: Band
    more_cost: Band | None
    """Cost above the reference's; None for the reference."""
    output: Band | None
    """Additional local output in YEAR; None for the reference."""
    jobs: Band | None
    """Additional full-time jobs at the end of YEAR; None for the reference."""
    prices: Mapping[tuple[str, int], Price] | None


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
    basis: str
    answer: tuple[str, ...]
    """Three sentences."""
    packages: tuple[Package, ...]
    reference: str
    """Name of the package against which additional is counted."""
    table: Table
    definitions: str
    assumed: tuple[str, ...]
    """Every assumption of the packages, those of the package asked for first."""
    unknown: tuple[str, ...]
    sources: tuple[Cited, ...]
    repeat: tuple[tuple[str, str], ...]
    """How to repeat it: label, value."""


def gather(answer: Answer, command: str, language: Language, today: datetime.date) -> Brief:
    """Everything that the brief on `answer` says; `command` is the one that repeats it."""
    verdicts = answer.verdicts
    packages = _packages(answer)
    city = city_titles()[verdicts.city].text(language)
    asked = next(package for package in packages if package.name == verdicts.pairing.asked)
    return Brief(
        language=language,
        year=verdicts.market.year,
        kicker=say("brief_kicker", language, city=city, date=today.isoformat()),
        headline=finding_parts(verdicts, language)[0].rstrip("：:"),
        basis=basis_text(verdicts, language, past=False),
        answer=(*words.answer(asked, _spread(answer), verdicts, language), *_compared(answer, language)),
        packages=packages,
        reference=verdicts.reference,
        table=words.table(packages, verdicts, language),
        definitions=words.definitions(verdicts, language),
        assumed=_assumed(verdicts, language),
        unknown=words.unknown(verdicts, language),
        sources=_sources(verdicts),
        repeat=_repeat(answer, command, language, today),
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """The package that differs most from the one asked for, under the definition where it does."""

    package: Label
    definition: str
    difference: Probability


def _spread(answer: Answer) -> Spread | None:
    """The Spread among the packages, the reference left out; None where there is no other package."""
    verdicts = answer.verdicts
    asked = next(o for o in answer.outcomes if o.scenario.name == verdicts.pairing.asked)
    found = []
    for other in answer.outcomes:
        # what another world does is no difference between packages
        if other is asked or verdicts.pairing.references[other.scenario.name] != verdicts.reference:
            continue
        if other.scenario.name == verdicts.reference:
            continue
        for definition in verdicts.market.definitions:
            difference = paired(other, asked, verdicts.market, definition)
            found.append(Spread(other.scenario.title, definition, difference))
    return max(found, key=lambda spread: abs(spread.difference.value), default=None)


def _compared(answer: Answer, language: Language) -> tuple[str, ...]:
    """Who is ahead in output and in net benefit, and from which lever most of each addition comes."""
    verdicts = answer.verdicts
    if verdicts.draws < FEWEST:
        return ()
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
    found = assess(choice)
    output = next(iter(verdicts.market.definitions))
    leading = [leader_text(found, criterion, verdicts, language) for criterion in (output, BENEFIT)]
    parts = {name: largest_part(brought) for name, brought in found.contributions.items()}
    largest = words.largest(parts, verdicts, answer.model, language)
    return (
        *([joined(leading, language, "", " ")] if len(found.peers) > 1 else []),
        *([largest] if largest else []),
    )


def _packages(answer: Answer) -> tuple[Package, ...]:
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
    values = {
        "brief_repeat_command": command,
        "brief_repeat_scenarios": ", ".join(scenario.name for scenario in plan.scenarios),
        "brief_repeat_draws": say("brief_draws_seed", language, draws=f"{plan.draws:,}", seed=plan.seed),
        "brief_repeat_model": answer.model.digest[:DIGITS],
        "brief_repeat_posterior": posterior_digest(posterior)[:DIGITS] if posterior else say("brief_prior", language),
        "brief_repeat_data": data_digest(answer.outcomes)[:DIGITS],
        "brief_repeat_version": f"shudian {__version__}",
        "brief_made": today.isoformat(),
    }
    return tuple((say(key, language), value) for key, value in values.items())
