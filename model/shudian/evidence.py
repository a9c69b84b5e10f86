"""What is known: seeds/ -> sources, figures, parameters and cities, or a refusal with file and line."""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NoReturn, cast, get_args

from shudian import units
from shudian.kinds import Figure, Grade, InputError, Label, Parameter, Place, Source
from shudian.parameters import HOME, city_titles, read_city, read_parameters
from shudian.paths import seeds_folder
from shudian.toml_file import nearest, read_text, read_toml

__all__ = [
    "BOUNDS", "COLUMNS", "FOREIGN_UNITS", "HOME", "ROLES", "city_titles", "known_evidence", "load_city", "load_figures",
    "load_parameters", "load_sources", "load_vocabulary",
]  # fmt: skip

COLUMNS = (
    "id", "indicator", "label_zh", "label_en", "geography", "definition", "value", "low", "high", "unit",
    "period_start", "period_end", "period_alternatives", "bound", "growth_percent", "phrase", "source", "grade",
    "role", "note",
)  # fmt: skip
"""The columns of figures.csv, in their order."""

BOUNDS = ("exact", "approximate", "at_least", "at_most", "interval", "bin", "forecast", "none")
"""How the printed words bound the number; `bin`: the writer could not yet say the next round number."""

ROLES = ("calibration", "policy", "target", "micro", "prior", "forecast", "conflict", "derived", "context")
"""What a figure is for; `derived` is arithmetic on other figures and never a source."""

FOREIGN_UNITS = ("m2", "亩", "亿美元", "小时/日", "分钟/日", "个", "项", "date")
"""Units of figures that no equation uses, so that `shudian.units` need not know them."""


def load_sources(path: Path | None = None) -> dict[str, Source]:
    """The documents of sources.toml by identifier.

    `address` is where the document itself stands, else where a reprint was seen, else empty. Raises
    InputError on any mistake.
    """
    file = read_toml(path or seeds_folder() / "sources.toml")
    sources = {}
    for identifier, table in file.data.items():
        if not isinstance(table, dict):
            file.fail(f"“{identifier}” must be a table", identifier)
        file.only(("title", "body", "publisher", "published", "address", "seen_at", "grade"), identifier)
        for key, value in table.items():
            if key != "title" and not isinstance(value, str):
                file.fail(f"“{key}” must be a text", identifier, key)
        title = file.label(table.get("title"), identifier, "title")
        for key in ("body", "grade"):
            if not table.get(key, "").strip():
                file.fail(f"“{key}” is missing", identifier, key)
        grade = table["grade"]
        if grade not in get_args(Grade):
            file.fail(f"“{grade}” is not a grade; allowed are: A, B, C", identifier, "grade")
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
    the vocabulary, an unknown unit or source, a number or date that is none, or an empty interval.
    """
    path = path or seeds_folder() / "figures.csv"
    sources, words = load_sources(), load_vocabulary()
    lines = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    figures: dict[str, Figure] = {}
    try:
        header = tuple(next(lines))
        if header != COLUMNS:
            raise InputError(f"{path}:1: the columns must be: {','.join(COLUMNS)}")
        for cells in lines:
            place = Place(path, lines.line_num)
            if len(cells) != len(COLUMNS):
                raise InputError(
                    f"{place}: the line has {len(cells)} cells; {len(COLUMNS)} are needed "
                    "(a comma in a text needs quotes)"
                )
            figure = read_figure(place, dict(zip(COLUMNS, cells, strict=True)), words, sources)
            if figure.identifier in figures:
                raise InputError(
                    f"{place}: the id “{figure.identifier}” is already used at {figures[figure.identifier].place}"
                )
            figures[figure.identifier] = figure
    except csv.Error as error:
        raise InputError(f"{path}:{lines.line_num}: this line is not CSV: {error}") from None
    return figures


def load_parameters(folder: Path | None = None) -> dict[str, Parameter]:
    """Every parameter of seeds/parameters (or `folder`) by name, in internal units.

    Raises InputError on any mistake; whether an equation uses a parameter is checked where the model is built.
    """
    return read_parameters(folder or seeds_folder() / "parameters", known_evidence())


def load_city(name: str, parameters: Mapping[str, Parameter] | None = None) -> dict[str, Parameter]:
    """The parameters (default: `load_parameters()`) with what differs in the city `name`.

    Zhengzhou is the city that the parameters describe. Raises InputError for a city without a file and
    on any mistake in its file.
    """
    parameters = load_parameters() if parameters is None else parameters
    if name == HOME:
        return dict(parameters)
    path = seeds_folder() / "cities" / f"{name}.toml"
    if name not in city_titles():
        raise InputError(f"there is no city “{name}”{nearest(name, city_titles())}")
    return read_city(path, parameters, known_evidence())


def known_evidence() -> Collection[str]:
    """What `evidence` may name: the identifiers of all figures and sources."""
    return [*load_figures(), *load_sources()]


def read_figure(
    place: Place, cells: Mapping[str, str], words: Mapping[str, Collection[str]], sources: Collection[str] | None
) -> Figure:
    """The figure in `cells`, which has all COLUMNS; without `sources`, any source will do, and none.

    Raises InputError with `place` for every mistake that `load_figures` names.
    """
    return _Row(place, cells).figure(sources, words)


class _Row:
    """One line of figures.csv, which knows where it stands."""

    def __init__(self, place: Place, cells: Mapping[str, str]) -> None:
        self.place = place
        self.cells = {column: cells[column].strip() for column in COLUMNS}

    def fail(self, message: str) -> NoReturn:
        raise InputError(f"{self.place}: {message}")

    def figure(self, sources: Collection[str] | None, words: Mapping[str, Collection[str]]) -> Figure:
        cells = self.cells
        for column in ("id", "indicator", "label_zh", "label_en", "geography", "unit", "bound", "source", "role"):
            if not cells[column] and (column != "source" or sources is not None):
                self.fail(f"“{column}” is empty")
        value, low, high = (self.number(column) for column in ("value", "low", "high"))
        ends = [end for end in (low, value, high) if end is not None]
        if ends != sorted(ends):
            self.fail("“low”, “value” and “high” must not fall")
        if not cells["definition"]:
            words = {column: known for column, known in words.items() if column != "definition"}
        for column, known in words.items():
            self.one_of(column, known)
        self.one_of("bound", BOUNDS)
        self.one_of("role", ROLES)
        source = cells["source"]
        if sources is not None and source not in sources:
            near = nearest(source, sources)
            self.fail(f"the source “{source}” has no block in “sources.toml”; a new one needs one{near}")
        if cells["bound"] in ("bin", "interval") and (low is None or high is None):
            self.fail(f"the bound “{cells['bound']}” needs both “low” and “high”")
        if (value is None) != (cells["bound"] == "none"):
            self.fail("“value” is empty exactly where the bound is “none”")
        start, end = self.date("period_start"), self.date("period_end")
        if start and end and start > end:
            self.fail("“period_start” is after “period_end”")
        return Figure(
            identifier=cells["id"],
            indicator=cells["indicator"],
            label=Label(cells["label_zh"], cells["label_en"]),
            geography=cells["geography"],
            definition=cells["definition"],
            value=value,
            low=low,
            high=high,
            unit=self.unit(),
            period_start=start,
            period_end=end,
            period_alternatives=self.alternatives(),
            bound=cells["bound"],
            growth_percent=self.number("growth_percent"),
            phrase=cells["phrase"],
            source=cells["source"],
            grade=self.grade(),
            role=cells["role"],
            note=cells["note"],
            place=self.place,
        )

    def one_of(self, column: str, known: Collection[str]) -> None:
        word = self.cells[column]
        if word not in known:
            self.fail(f"“{word}” is not a known {column}{nearest(word, known)}")

    def grade(self) -> Grade:
        self.one_of("grade", get_args(Grade))
        return cast(Grade, self.cells["grade"])

    def number(self, column: str) -> float | None:
        text = self.cells[column]
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"“{column}” must be a finite number, not “{text}”")
        return number

    def unit(self) -> str:
        unit = self.cells["unit"]
        if unit not in FOREIGN_UNITS:
            try:
                units.parse_unit(unit)
            except InputError as error:
                self.fail(f"{error}; other units that a figure may have: {', '.join(FOREIGN_UNITS)}")
        return unit

    def date(self, column: str) -> str:
        return self.iso(self.cells[column], column)

    def iso(self, text: str, column: str) -> str:
        try:
            return datetime.date.fromisoformat(text).isoformat() if text else ""
        except ValueError:
            self.fail(f"“{column}” must be a date such as 2025-08-31, not “{text}”")

    def alternatives(self) -> tuple[tuple[str, str], ...]:
        column, periods = "period_alternatives", []
        for text in filter(None, self.cells[column].split("|")):
            start, _, end = text.partition("/")
            if not start or not end or self.iso(start, column) > self.iso(end, column):
                self.fail(f"“{column}” holds periods such as 2025-01-01/2025-08-31, separated by |, not “{text}”")
            periods.append((start, end))
        return tuple(periods)
