"""Reading reported figures: one reader for seeds/figures.csv, `shudian calibrate --with` and `shudian score`.

All mistakes of a file are collected, each with the column as the file calls it, and are told at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shudian.figure_columns import (
    COLUMN_NAMES,
    COLUMNS,
    check_columns,
    unused,
)
from shudian.figure_row import Certainty, Known, Row
from shudian.kinds import Figure, InputError, Phrase, Place
from shudian.mistakes import Mistakes
from shudian.table_file import TableFile, check_length, read_table


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure as it was read."""

    figure: Figure
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Unread:
    """A row of the older columns whose free text says nothing that is known, or that was not printed as such."""

    place: Place
    identifier: str
    phrase: str
    sentence: Phrase
    """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class FiguresFile:
    """All that a file held."""

    figures: tuple[Reported, ...]
    unread: tuple[Unread, ...] = ()
    ignored_columns: tuple[str, ...] = ()


def read_rows(path: Path, known: Known, mistakes: Mistakes, *, whole: bool = False) -> FiguresFile:
    """The figures at `path`; what is wrong with a row is added to `mistakes`, and the figure is left out.

    A `whole` file is like figures.csv: it has all COLUMNS and no others, in the vocabulary's own words, with sources
    of sources.toml. Any other has at least those in NEEDED and gets a default for each other one. Raises InputError
    where the file is no table, or lacks a column.
    """
    table = read_table(path, COLUMN_NAMES)
    check_columns(table, mistakes, whole)
    if not table.rows:
        raise InputError("the file holds no figure; write one line for each below the names of the columns").at(path)
    figures: dict[str, Reported] = {}
    unread: list[Unread] = []
    for place, cells in table.rows:
        with mistakes.noted():
            _check_length(table, place, cells, whole)
            row = Row(table, place, cells, known, mistakes)
            try:
                if not whole:
                    row.understand()
            except InputError as error:
                unread.append(Unread(place, row.cells["id"], row.cells["phrase"], error.said))
                continue
            figure = row.figure(whole)
            if figure is None:
                continue
            if figure.identifier in figures:
                first = figures[figure.identifier].figure.place
                raise InputError("the id “{name}” is already used at {place}", name=figure.identifier, place=first).at(
                    place
                )
            figures[figure.identifier] = Reported(figure, row.certainty)
    return FiguresFile(tuple(figures.values()), tuple(unread), unused(table))


def _check_length(table: TableFile, place: Place, cells: tuple[str, ...], whole: bool) -> None:
    if whole and len(cells) != len(COLUMNS):
        raise InputError(
            "the line has {found} cells; {needed} are needed (a comma in a text needs quotes)",
            found=len(cells),
            needed=len(COLUMNS),
        ).at(place)
    check_length(table, place, cells)
