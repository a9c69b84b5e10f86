"""The brief's sentences and its one table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shudian.analysis.cost import Price
from shudian.analysis.reported import Band
from shudian.analysis.verdicts import YEAR, Verdicts, noise
from shudian.kinds import Language, Model
from shudian.report.comparison.words import is_assumed, lever_label, quoted, title
from shudian.report.document import Table
from shudian.report.render.numbers import FEWEST, percent, significant, worst_error
from shudian.report.run.tables import band_cell, signed_points
from shudian.report.words.captions import definition_label, explained, joined, within
from shudian.report.words.cautions import cautions
from shudian.units import conversion, reader_unit
from shudian.wording import say

if TYPE_CHECKING:
    from shudian.report.brief.content import Package, Spread


def answer(asked: Package, spread: Spread | None, verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """Three sentences: how likely under each definition, what the package changes, what it costs and brings."""
    if verdicts.draws < FEWEST:
        return (say("brief_answer_few", language, draws=verdicts.draws),)
    return (
        _chances(asked, verdicts, language),
        _gains(asked, spread, verdicts, language),
        *([_cost(asked, verdicts, language)] if asked.prices else []),
    )


def _named(definition: str, verdicts: Verdicts, language: Language) -> str:
    return within(definition_label(definition, verdicts, language), language)


def _chances(asked: Package, verdicts: Verdicts, language: Language) -> str:
    chances = [
        say(
            "brief_chance",
            language,
            definition=_named(definition, verdicts, language),
            chance=percent(chance.value, verdicts.draws),
        )
        for definition, chance in asked.chances.items()
    ]
    there = [
        say(
            "brief_standing",
            language,
            definition=_named(definition, verdicts, language),
            year=found[-1].year,
            chance=percent(found[-1].reached.value, verdicts.draws),
        )
        for definition, found in verdicts.standing.items()
        if found[-1].reached.value > 0.5
    ]
    return say(
        "brief_answer_chance",
        language,
        package=asked.title.text(language),
        target=verdicts.market.label.text(language),
        chances=joined(chances, language, "，", ", "),
        standing=joined(there, language, "", " "),
    ).rstrip()


def _between(spread: Spread | None, verdicts: Verdicts, language: Language) -> str:
    if spread is None:
        return say("brief_between_one", language)
    points = round(abs(spread.difference.value) * 100)
    if not points or abs(spread.difference.value) <= noise(spread.difference.error, verdicts.draws):
        return say("brief_between_none", language)
    return say(
        "brief_between",
        language,
        spread=points,
        definition=_named(spread.definition, verdicts, language),
        package=spread.package.text(language),
    )


def _gains(asked: Package, spread: Spread | None, verdicts: Verdicts, language: Language) -> str:
    between = _between(spread, verdicts, language)
    if not asked.gains:
        return say("brief_no_gain", language, between=between)
    gains = [
        say(
            "brief_gain",
            language,
            definition=_named(definition, verdicts, language),
            gain=signed_points(gain, verdicts.draws, language),
        )
        for definition, gain in asked.gains.items()
    ]
    reference = verdicts.row(verdicts.reference).scenario.title.text(language)
    told = joined(gains, language, "，", ", ")
    return say("brief_answer_gain", language, reference=reference, gains=told, between=between)


def _cost(asked: Package, verdicts: Verdicts, language: Language) -> str:
    assert asked.prices
    assert asked.jobs
    price = asked.prices["jobs", YEAR].median
    return say(
        "brief_answer_cost",
        language,
        year=YEAR,
        package=asked.title.text(language),
        reference=verdicts.row(verdicts.reference).scenario.title.text(language),
        cost=say("brief_cost_band", language, **_ends(asked.more_cost, "亿元", language)),
        jobs=say("brief_jobs_band", language, **_ends(asked.jobs, "人", language)),
        price=say("brief_price", language, value=significant(price * _per_job(language), 1))
        if math.isfinite(price)
        else say("brief_price_none", language),
        trust=say("brief_trust", language),
    )


def largest(parts: Mapping[str, tuple[str, float] | None], verdicts: Verdicts, model: Model, language: Language) -> str:
    """From which lever most of what is added comes: of all packages where it is one and the same, or else of the first.

    `parts` holds each package's lever and share; a package of which no part stands out has None.
    """
    known = [part for part in parts.values() if part]
    name, first = next(iter(parts.items()))
    if len(known) == len(parts) > 1 and len({player for player, _ in known}) == 1:
        low, high = (f"{end(share for _, share in known):.0%}" for end in (min, max))
        share = low if low == high else f"{low} – {high}"
        key, chosen, named = "brief_largest_all", known[0], ""
    elif first:
        key, chosen, share, named = "brief_largest", first, f"{first[1]:.0%}", title(name, verdicts, language)
    else:
        return ""
    lever = within(lever_label(chosen[0], model, language), language)
    assumed = say("brief_largest_assumed", language) if is_assumed(chosen[0], model) else ""
    return say(key, language, lever=lever, assumed=assumed, share=share, **({"package": named} if named else {}))


def _ends(band: Band | None, unit: str, language: Language) -> dict[str, str]:
    assert band
    median, interval = band_cell(band, unit, language).split("\n")
    low, high = interval.split(" – ")
    return {"median": median, "low": low, "high": high}


def table(packages: Sequence[Package], verdicts: Verdicts, language: Language) -> Table:
    """A row for each package: probability by definition, what it adds, what it pays, what each addition costs."""
    definitions = list(verdicts.market.definitions)
    head = [say("column_package", language)]
    head += [say("brief_head_chance", language, definition=_named(d, verdicts, language)) for d in definitions]
    head += [
        say("brief_head_output", language, year=YEAR), say("brief_head_jobs", language),
        say("brief_head_cost", language), say("brief_head_per_job", language), say("brief_head_per_output", language),
    ]  # fmt: skip
    none = say("cell_reference", language)
    rows = [
        (
            package.title.text(language),
            *(percent(package.chances[d].value, verdicts.draws) for d in definitions),
            band_text(package.output, "亿元", language) if package.output else none,
            band_text(package.jobs, "人", language) if package.jobs else none,
            band_text(package.cost, "亿元", language),
            price_text(package.prices["jobs", YEAR], 1, language, _per_job(language)) if package.prices else "—",
            price_text(package.prices["output", YEAR], 2, language) if package.prices else "—",
        )
        for package in packages
    ]
    below = say(
        "brief_below", language,
        target=verdicts.market.label.text(language),
        reference=verdicts.row(verdicts.reference).scenario.title.text(language),
    )  # fmt: skip
    return Table(say("brief_table_title", language, year=YEAR), tuple(head), tuple(rows), below=(below,))


def band_text(band: Band, unit: str, language: Language) -> str:
    """Median, and the interval on a second line."""
    return "{median}\n({low}–{high})".format(**_ends(band, unit, language))


def _per_job(language: Language) -> float:
    """From 万元 to the money in which a reader of `language` prices a job."""
    return conversion("万元", reader_unit("万元", language))


def price_text(price: Price, places: int, language: Language, scale: float = 1.0) -> str:
    """A price times `scale`, and its interval on a second line; a price without limit in words."""
    if math.isnan(price.median):
        return "—"
    value, low, high = (
        significant(scale * end, places) if math.isfinite(end) else say("brief_unbounded", language)
        for end in (price.median, price.low, price.high)
    )
    return f"{value}\n({low}–{high})"


def definitions(verdicts: Verdicts, language: Language) -> str:
    """What each definition of the market counts."""
    told = explained(verdicts.market.definitions, verdicts, language)
    return say("brief_definitions", language, definitions=told)


def _few(names: Sequence[str], verdicts: Verdicts, language: Language) -> str:
    """Packages by their titles, or how many there are where titles would take too many lines."""
    return quoted(names, verdicts, language) if len(names) <= 2 else say("brief_many", language, count=len(names))


def unknown(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """What the data cannot tell, whatever the table says."""
    posterior = verdicts.grounds.posterior
    effects = (
        say("brief_unknown_effects", language, reports=posterior.reports)
        if posterior
        else say("brief_unknown_prior", language)
    )
    error = f"{worst_error(verdicts.carried) * 100:.1f}"
    far = [caution.subject for caution in cautions(verdicts) if caution.kind == "lever"]
    warned = [caution.short.text(language) for caution in cautions(verdicts) if caution.kind == "idle"]
    warned += [say("brief_unknown_levers", language, packages=_few(far, verdicts, language))] if far else []
    warned += [
        caution.short.text(language)
        for caution in cautions(verdicts)
        if caution.subject == verdicts.market.identifier and caution.kind in ("never", "silent", "ended")
    ]
    return (
        *([joined(warned, language)] if warned else []),
        effects,
        say("brief_unknown_definition", language, note=verdicts.market.note.text(language)),
        say("brief_unknown_error", language, error=error),
    )
