"""Rows of a file of one's own that are to be fitted: the same as `shudian score` reads, and surely understood."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shudian.evidence import read_figures, source_of
from shudian.figure_rows import Reported
from shudian.kinds import Figure, InputError, Model
from shudian.mistakes import Mistakes
from shudian.observe.reports import CALIBRATION
from shudian.observe.rules import load_rules
from shudian.toml_file import nearest


def add_figures(
    path: Path, figures: Mapping[str, Figure], model: Model, city: str, mistakes: Mistakes
) -> dict[str, Figure]:
    """The rows of the file at `path` by identifier, but for those that are not understood.

    What keeps a row from being added to `figures` and fitted is added to `mistakes`.
    Raises InputError where the file is no table, or lacks a column.
    """
    found = read_figures(path, mistakes)
    for line in found.unread:
        mistakes.note(InputError(line.sentence).at(line.place))
    added = {}
    for reported in found.figures:
        figure = reported.figure
        with mistakes.noted():
            _check_name(figure, figures)
        with mistakes.noted():
            _check_source(figure)
        with mistakes.noted():
            _check_words(reported, model, city)
            added[figure.identifier] = figure
    return added


def _check_name(figure: Figure, figures: Mapping[str, Figure]) -> None:
    if figure.identifier in figures:
        first = figures[figure.identifier].place
        raise InputError("the id “{name}” is already used at {place}", name=figure.identifier, place=first).at(
            figure.place
        )


def _check_words(reported: Reported, model: Model, city: str) -> None:
    """Refuse what free text was only taken to mean, and a definition that is left open: one fit has one meaning."""
    figure = reported.figure
    if figure.role != CALIBRATION:
        return
    if reported.certainty != "named":
        raise InputError(
            "what {figure} counts was read from free text as “{indicator}”, “{definition}”; a figure to fit "
            "says so in the columns “indicator” and “definition”",
            figure=figure.identifier,
            indicator=figure.indicator,
            definition=figure.definition,
        ).at(figure.place)
    rules = load_rules(model)
    spot = "city" if figure.geography == city else figure.geography
    known = [rule.definition for rule in rules.rules if (rule.indicator, rule.place) == (figure.indicator, spot)]
    if rules.rule_for(figure, city) is not None or not known:
        return
    if not figure.definition:
        raise InputError(
            "{figure} says no “definition”; a figure to fit has one{nearest}",
            figure=figure.identifier,
            nearest=nearest("", known),
        ).at(figure.place)
    raise InputError(
        "{figure} counts “{indicator}” as “{definition}”, with which nothing in the model is compared; "
        "correct it, or give it the role “context”{nearest}",
        figure=figure.identifier,
        indicator=figure.indicator,
        definition=figure.definition,
        nearest=nearest(figure.definition, known),
    ).at(figure.place)


def _check_source(figure: Figure) -> None:
    """Refuse a number without a source, or with an own one of no date: whether it could be known is not seen."""
    source = source_of(figure)
    if figure.role != CALIBRATION:
        return
    if source is None:
        raise InputError(
            "{figure} has no source; name one of “sources.toml” as “source”, or write “publisher”, "
            "“published” and “address”",
            figure=figure.identifier,
        ).at(figure.place)
    if figure.own_source is not None and not source.published:
        raise InputError(
            "the source of {figure} has no date; write as “published” when it appeared, such as 2026-03-05 or 2026-03",
            figure=figure.identifier,
        ).at(figure.place)
