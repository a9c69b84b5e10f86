"""What is known: seeds/ -> sources, figures, parameters and cities, or a refusal with file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import get_args

from shudian.cities import city_path
from shudian.figure_columns import BOUNDS, COLUMNS, FOREIGN_UNITS, ROLES
from shudian.figure_row import Known
from shudian.figure_rows import FiguresFile, read_rows
from shudian.files import read_bytes
from shudian.kinds import Figure, Grade, Label, Parameter, Source
from shudian.mistakes import Mistakes
from shudian.parameters import HOME, city_titles, read_city, read_parameters
from shudian.paths import seeds_folder
from shudian.toml_file import read_toml

__all__ = [
    "BOUNDS", "COLUMNS", "FOREIGN_UNITS", "HOME", "ROLES", "city_titles", "known_evidence", "load_city", "load_figures",
    "load_parameters", "load_sources", "load_vocabulary", "published_dates", "read_figures", "source_of",
]  # fmt: skip


def load_sources(path: Path | None = None) -> dict[str, Source]:
    """The documents of sources.toml by identifier.

    `address` is where the document itself stands, else where a reprint was seen, else empty. Raises
    InputError on any mistake.
    """
    if path is not None:
        return _sources(path)
    shipped = seeds_folder() / "sources.toml"
    return dict(_shipped_sources(shipped, read_bytes(shipped)))


@lru_cache(maxsize=2)
def _shipped_sources(path: Path, _: bytes) -> Mapping[str, Source]:
    return _sources(path)


def _sources(path: Path) -> dict[str, Source]:
    file = read_toml(path)
    sources = {}
    for identifier, table in file.data.items():
        if not isinstance(table, dict):
            file.fail("“{key}” must be a table", identifier, key=identifier)
        file.only(("title", "body", "publisher", "published", "address", "seen_at", "grade"), identifier)
        for key, value in table.items():
            if key != "title" and not isinstance(value, str):
                file.fail("“{key}” must be a text", identifier, key, key=key)
        title = file.label(table.get("title"), identifier, "title")
        for key in ("body", "grade"):
            if not table.get(key, "").strip():
                file.fail("“{key}” is missing", identifier, key, key=key)
        grade = table["grade"]
        if grade not in get_args(Grade):
            file.fail("“{grade}” is not a grade; allowed are: A, B, C", identifier, "grade", grade=grade)
        sources[identifier] = Source(
            identifier=identifier,
            title=title,
            body=table["body"],
            published=table.get("published", ""),
            address=table.get("address", "") or table.get("seen_at", ""),
            grade=grade,
            place=file.place(identifier),
            reprint=not table.get("address") and "seen_at" in table,
        )
    return sources


def load_vocabulary(path: Path | None = None) -> dict[str, dict[str, Label]]:
    """The controlled words of figures.csv: `indicator`, `definition`, `geography` -> identifier -> label."""
    file = read_toml(path or seeds_folder() / "vocabulary.toml")
    file.only(("indicator", "definition", "geography"))
    return {
        column: {word: file.label(text, column, word) for word, text in table.items()}
        for column, table in file.data.items()
    }


def load_figures(path: Path | None = None) -> dict[str, Figure]:
    """The figures by identifier, from seeds/figures.csv or the CSV file at `path`.

    Raises InputError with file and line for a wrong column, a repeated identifier, a word that is not in
    the vocabulary, an unknown unit or source, a number or date that is none, or an empty interval; all at once.
    """
    if path is not None:
        return _figures(path)
    folder = seeds_folder()
    contents = [read_bytes(folder / name) for name in ("figures.csv", "sources.toml", "vocabulary.toml")]
    return dict(_shipped_figures(folder, *contents))


@lru_cache(maxsize=2)
def _shipped_figures(folder: Path, *_: bytes) -> Mapping[str, Figure]:
    """The figures of `folder`, kept for the contents that its files have.

    A command asks several times, and to read the numbers of hundreds of lines takes a fraction of a second.
    """
    return _figures(folder / "figures.csv")


def _figures(path: Path) -> dict[str, Figure]:
    mistakes = Mistakes()
    found = read_rows(path, Known(load_vocabulary(), load_sources()), mistakes, whole=True)
    mistakes.tell()
    return {reported.figure.identifier: reported.figure for reported in found.figures}


def read_figures(path: Path, mistakes: Mistakes | None = None) -> FiguresFile:
    """The figures of somebody's own file, whose rows may describe their sources; see `figure_rows.read_rows`.

    Raises InputError for all mistakes at once or, where `mistakes` are given, adds them there.
    """
    found = mistakes or Mistakes()
    read = read_rows(path, Known(load_vocabulary(), load_sources()), found)
    if mistakes is None:
        found.tell()
    return read


def source_of(figure: Figure, sources: Mapping[str, Source] | None = None) -> Source | None:
    """The document that printed `figure`: its row's own or one of `sources` (default: the shipped ones)."""
    return figure.own_source or (load_sources() if sources is None else sources).get(figure.source)


def published_dates(figures: Iterable[Figure]) -> dict[str, str]:
    """When the document of each figure was published, as printed, by the figure's identifier; empty if not known."""
    sources = load_sources()
    found = {figure.identifier: source_of(figure, sources) for figure in figures}
    return {name: source.published if source else "" for name, source in found.items()}


def load_parameters(folder: Path | None = None) -> dict[str, Parameter]:
    """Every parameter of seeds/parameters (or `folder`) by name, in internal units.

    Raises InputError on any mistake; whether an equation uses a parameter is checked where the model is built.
    """
    if folder is not None:
        return read_parameters(folder, known_evidence())
    folder = seeds_folder() / "parameters"
    contents = [read_bytes(path) for path in sorted(folder.glob("*.toml"))]
    return dict(_shipped_parameters(folder, tuple(known_evidence()), *contents))


@lru_cache(maxsize=2)
def _shipped_parameters(folder: Path, known: Collection[str], *_: bytes) -> Mapping[str, Parameter]:
    # each city's model begins with them
    return read_parameters(folder, known)


def load_city(name: str, parameters: Mapping[str, Parameter] | None = None) -> dict[str, Parameter]:
    """The parameters (default: `load_parameters()`) with what differs in the city `name`.

    Zhengzhou is the city that the parameters describe, and a city of somebody's own is named by its file. Raises
    InputError for a city without a file and on any mistake in its file.
    """
    parameters = load_parameters() if parameters is None else parameters
    if name == HOME:
        return dict(parameters)
    return read_city(city_path(name), parameters, known_evidence())


def known_evidence() -> Collection[str]:
    """What `evidence` may name: the identifiers of all figures and sources."""
    return [*load_figures(), *load_sources()]
