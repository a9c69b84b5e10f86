"""What an answer cannot carry, in words, as figures and documents tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from shudian.analysis.idle import Idleness
from shudian.analysis.verdicts import Verdicts
from shudian.analysis.warnings import (
    Changed,
    DefinitionStanding,
    HandedDraws,
    Learning,
    Limit,
    Mixed,
    Outside,
    Uncalibrated,
    Unsaid,
    Unstated,
    shipped_packages,
)
from shudian.kinds import Caution, Label, Language
from shudian.parameters import HOME
from shudian.report.document import Caution as Told
from shudian.report.document import Document, heading
from shudian.report.words.captions import basis_line, joined
from shudian.report.words.idle_text import idle_caution
from shudian.report.words.warning_text import (
    changed_caution,
    definition_caution,
    lever_caution,
    mixed_caution,
    own_draws_caution,
    prior_caution,
    uncalibrated_caution,
    unsaid_caution,
    unstated_caution,
)
from shudian.structure import load_model
from shudian.wording import say


def cautions(verdicts: Verdicts) -> tuple[Caution, ...]:
    """The limits of `verdicts`, in words."""
    return tuple(caution_of(limit, verdicts.definitions, verdicts.city) for limit in verdicts.limits)


def caution_of(limit: Limit, definitions: Mapping[str, Label], city: str = HOME) -> Caution:
    """One limit in words; `definitions` are what each definition (口径) is called."""
    match limit:
        case Idleness():
            return idle_caution(limit, load_model(city).parameters)
        case Mixed():
            return mixed_caution(limit)
        case Outside():
            return lever_caution(limit, _package_titles(city))
        case Learning():
            return prior_caution(limit)
        case Unstated():
            return unstated_caution(limit.target, definitions)
        case DefinitionStanding():
            return definition_caution(limit, definitions, city)
        case Unsaid():
            return unsaid_caution(limit)
        case Uncalibrated():
            return uncalibrated_caution()
        case HandedDraws():
            return own_draws_caution(limit)
        case Changed():
            return changed_caution(limit)


def caution_blocks(cautions: Sequence[Caution], language: Language) -> tuple[Told, ...]:
    """A block for each kind: in short the first and how many more there are of it, at length every one."""
    kinds: dict[str, list[Caution]] = {}
    for caution in cautions:
        kinds.setdefault(caution.kind, []).append(caution)
    return tuple(
        Told(
            kind,
            say("warning_foot", language, text=found[0].short.text(language))
            + (say("warning_foot_more", language, count=len(found) - 1) if len(found) > 1 else ""),
            tuple(caution.long.text(language) for caution in found),
        )
        for kind, found in kinds.items()
    )


def caution_lines(cautions: Sequence[Caution], language: Language) -> tuple[str, ...]:
    """The warnings in short, for the foot of a figure."""
    return tuple(block.short for block in caution_blocks(cautions, language))


def caution_list(cautions: Sequence[Caution], language: Language) -> Document:
    """The warnings below their heading; nothing where there is none."""
    told = caution_blocks(cautions, language)
    return (heading(say("warnings_title", language)), *told) if told else ()


def idle_lines(cautions: Sequence[Caution], language: Language) -> tuple[str, ...]:
    """What does nothing and why, at length; a command that acts stands on a line of its own, to be copied."""
    lines: list[str] = []
    for caution in cautions:
        if caution.kind == "idle":
            said, run, rest = caution.long.text(language).partition("shudian run")
            lines += [said.rstrip(), *([f"  {run}{rest}"] if run else [])]
    return tuple(lines)


def others_than_idle(cautions: Sequence[Caution]) -> list[Caution]:
    """The cautions that `idle_lines` does not tell."""
    return [caution for caution in cautions if caution.kind != "idle"]


def footer_lines(verdicts: Verdicts, language: Language) -> tuple[str, ...]:
    """Warnings, source and basis, which stand under every figure."""
    sources = sorted({*verdicts.market.evidence})
    return (
        *caution_lines(cautions(verdicts), language),
        say("figure_sources", language, sources=joined(sources, language, "、", ", ")),
        basis_line(verdicts, language),
    )


@cache
def _package_titles(city: str) -> Mapping[str, Label]:
    return {name: package.title for name, package in shipped_packages(load_model(city)).items()}
