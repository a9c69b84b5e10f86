"""The kit's papers: a card for every seat, the facilitator's script, the form at the end, and what the slides show."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from shudian.analysis.reported import Band
from shudian.analysis.verdicts import YEAR
from shudian.answers.workshop import MOVES, ROLES, SHOCKS, Role, Workshop, seats
from shudian.kinds import Language
from shudian.report.brief.words import unknown
from shudian.report.document import (
    Block,
    Document,
    Figure,
    Table,
    Text,
    entries,
    finding,
    heading,
    notes,
    one_line,
    paragraphs,
    steps,
    title,
)
from shudian.report.run.short import basis
from shudian.report.run.strip import signed
from shudian.report.run.tables import signed_points
from shudian.report.words.finding_text import change_text
from shudian.report.workshop import tables
from shudian.wording import say

STEPS = {
    "welcome": 5, "guess": 8, "prepare": 9, "first": 20, "first_run": 10, "second": 15, "second_run": 8, "debrief": 12,
    "close": 3,
}  # fmt: skip
"""Part of the 90 minutes -> how many of them it takes."""
SURPRISES = ("definition", "small", "fund", "budget", "sign", "shock", "price", "sure")
_MOVES = 5
"""Moves for which a slide has room."""
_BLANK = "\n" * 4
"""Room to write in."""


def seat_name(role: Role, language: Language) -> str:
    """What a role is called."""
    return say(f"workshop_role_{role.name}", language)


def table_name(number: int, language: Language) -> str:
    """What the table at a place (from 0) is called, on its card and on its sheet."""
    return say("workshop_table", language, number=number + 1)


def _lines(key: str, language: Language, **values: object) -> tuple[str, ...]:
    return tuple(say(key, language, **values).strip().split("\n"))


def cards(found: Workshop, language: Language) -> tuple[Document, ...]:
    """A card for every seat, table by table; two who share a role have one each."""
    every = {role: _card(role, found, language) for role in ROLES}
    return tuple(
        (title(seat_name(role, language)), _seat(number, count, copy, language), *every[role])
        for number, table in enumerate(seats(found.request.people))
        for role, count in table.items()
        for copy in range(count)
    )


def _seat(number: int, count: int, copy: int, language: Language) -> Text:
    shared = say("workshop_shared", language, copy=copy + 1, count=count) if count > 1 else ""
    return notes(table_name(number, language) + shared, say("workshop_played", language))


def _card(role: Role, found: Workshop, language: Language) -> Document:
    definition = found.answer.verdicts.definitions[role.definition].text(language)
    return (
        paragraphs(
            *_lines(f"workshop_is_{role.name}", language), say("workshop_speaks", language, definition=definition)
        ),
        tables.interests(role, found, language),
        *([tables.prices(found, language)] if role.name == "finance" else []),
        *([tables.moves(role.moves, found, language)] if role.moves else []),
        *([tables.shocks(role.shocks, found, language)] if role.shocks else []),
        heading(say("workshop_gives_title", language)),
        paragraphs(*_lines(f"workshop_gives_{role.name}", language)),
        Table("", (), tuple((line, "\n") for line in _lines("workshop_mine", language))),
        heading(say("workshop_sure_title", language)),
        # what is said of the definitions and of the sampling error is on the wall
        entries(*_sure(found, language)[:-2]),
    )


def _sure(found: Workshop, language: Language) -> tuple[str, ...]:
    """How sure the numbers are, and on what they rest."""
    verdicts = found.answer.verdicts
    return (say("workshop_sure_reading", language), *change_text(verdicts, language), *unknown(verdicts, language))


def script(found: Workshop, language: Language) -> Document:
    """The facilitator's script: what to prepare, minute by minute, what to ask and what to say of surprises."""
    people, places = found.request.people, seats(found.request.people)
    seated = Table(
        say("workshop_table_seats", language),
        (say("workshop_column_table", language), *(seat_name(role, language) for role in ROLES),
         say("workshop_column_people", language)),
        tuple(
            (table_name(number, language), *(str(table[role]) for role in ROLES), str(sum(table.values())))
            for number, table in enumerate(places)
        ),
    )  # fmt: skip
    ends = [*accumulate(STEPS.values())]
    minutes = Table(
        say("workshop_table_minutes", language),
        tuple(say(f"workshop_column_{name}", language) for name in ("minutes", "do", "with")),
        tuple(
            (
                f"{end - length}–{end}  {say(f'workshop_step_{name}', language)}",
                *(say(f"workshop_{part}_{name}", language) for part in ("do", "with")),
            )
            for (name, length), end in zip(STEPS.items(), ends, strict=True)
        ),
    )
    values = _told(found, language)
    surprises = Table(
        say("workshop_table_surprises", language),
        (say("workshop_column_asked", language), say("workshop_column_say", language)),
        tuple(
            (say(f"workshop_asked_{name}", language), say(f"workshop_say_{name}", language, **values))
            for name in SURPRISES
        ),
    )
    return (
        title(say("workshop_script_title", language)),
        notes(basis(found.answer.verdicts, language)),
        heading(say("workshop_prepare_title", language)),
        entries(*_lines("workshop_prepare", language, people=people, tables=len(places), first=found.months[0])),
        seated,
        minutes,
        heading(say("workshop_between_title", language)),
        paragraphs(*_lines("workshop_between", language)),
        surprises,
        heading(say("workshop_debrief_title", language)),
        steps(*_lines("workshop_debrief", language)),
        heading(say("workshop_never_title", language)),
        entries(*_lines("workshop_never", language)),
        tables.moves(tuple(MOVES), found, language),
        tables.shocks(SHOCKS, found, language),
        heading(say("workshop_commands_title", language)),
        tables.commands(found, language),
        heading(say("workshop_sure_title", language)),
        entries(*_sure(found, language)),
    )


def _told(found: Workshop, language: Language) -> Mapping[str, str]:
    """The numbers that the script's answers name."""
    package, moved = found.package, found.moved

    def told(band: Band, unit: str) -> str:
        median, low, high = (signed(value, unit, language) for value in (band.median, band.low, band.high))
        return say("strip_effect", language, measure="", median=median, low=low, high=high).strip()

    return {
        "definitions": tables.definitions(moved, language),
        "chances": tables.chances(package, moved),
        "gains": " / ".join(signed_points(gain, moved.draws, language) for gain in package.gains.values()),
        "cost": told(package.additional["cost"], "亿元"),
        "output": told(package.additional["output"], "亿元"),
        "fund": told(found.move("fund_size").changes["output"], "亿元"),
        "budget": told(found.move("annual_budget").changes["output"], "亿元"),
        "approval": told(found.move("approval_days").changes["output"], "亿元"),
        "guarantee": told(found.shock("guarantee_withdrawn").changes["output"], "亿元"),
        "demand": told(found.shock("demand_stalls").changes["output"], "亿元"),
        "price": one_line(tables.price(("jobs", YEAR), found, language)),
    }


def form(found: Workshop, language: Language) -> Document:
    """What everybody fills in: a guess at the beginning, a judgement at the end."""
    definitions = found.answer.verdicts.market.definitions
    names = [found.answer.verdicts.definitions[definition].text(language) for definition in definitions]
    head = ("definition", "guess", "now", "model")
    guesses = Table(
        say("workshop_table_guess", language, target=found.answer.verdicts.market.label.text(language)),
        tuple(say(f"workshop_column_{name}", language) for name in head),
        tuple((name, *("\n%\n",) * 3) for name in names),
        below=(say("workshop_below_guess", language),),
    )
    questions = tuple((question, _BLANK) for question in _lines("workshop_form", language))
    return (
        title(say("workshop_form_title", language)),
        notes(say("workshop_form_note", language, people=found.request.people)),
        guesses,
        heading(say("workshop_form_questions", language)),
        Table("", (), questions),
    )


def slides(found: Workshop, pictures: Mapping[str, Figure], language: Language) -> tuple[Document, ...]:
    """What is shown on the wall, in the order of the script."""
    verdicts = found.answer.verdicts

    def slide(name: str, *blocks: Block) -> Document:
        return (title(say(f"workshop_slide_{name}", language)), *blocks)

    parts = [tuple(MOVES)[at : at + _MOVES] for at in range(0, len(MOVES), _MOVES)]
    roles = tuple((seat_name(role, language), _lines(f"workshop_is_{role.name}", language)[0]) for role in ROLES)
    return (
        slide(
            "title", finding(verdicts.market.label.text(language)), paragraphs(say("workshop_subtitle", language)),
            notes(basis(verdicts, language)),
        ),
        slide("rules", steps(*_lines("workshop_rules", language))),
        slide("roles", Table("", (), roles)),
        slide("guess", paragraphs(*_lines("workshop_slide_guess_lines", language))),
        slide("market", pictures["market"]),
        slide("gain", pictures["gain"]),
        slide("first", steps(*_lines("workshop_slide_first_lines", language, first=found.months[0]))),
        *(slide("moves", tables.moves(part, found, language)) for part in parts),
        slide("second", steps(*_lines("workshop_slide_second_lines", language, second=found.months[1]))),
        slide("shocks", tables.shocks(SHOCKS, found, language)),
        slide("sure", entries(*_sure(found, language))),
        slide("debrief", steps(*_lines("workshop_debrief", language))),
        slide("close", paragraphs(*_lines("workshop_slide_close_lines", language))),
    )  # fmt: skip
