"""What is known: seeds/ -> sources, figures, parameters and cities, or a refusal with file and line."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NoReturn, cast, get_args

from shudian import units
from shudian.dates import read_date
from shudian.files import read_bytes
from shudian.kinds import Figure, Grade, InputError, Label, Parameter, Place, Source
from shudian.numerals import check_characters, narrowed, read_numeral
from shudian.parameters import HOME, city_titles, read_city, read_parameters
from shudian.paths import seeds_folder
from shudian.quantities import beside, read_quantity
from shudian.table_file import read_table
from shudian.toml_file import nearest, read_toml
from shudian.unit_words import read_factors
from shudian.units import size

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

COLUMN_NAMES = {name: name for name in COLUMNS} | {
    "编号": "id", "指标": "indicator", "中文名称": "label_zh", "英文名称": "label_en", "地区": "geography",
    "城市": "geography", "口径": "definition", "数值": "value", "下限": "low", "上限": "high", "单位": "unit",
    "起始日期": "period_start", "开始日期": "period_start", "截止日期": "period_end", "结束日期": "period_end",
    "界限": "bound", "同比": "growth_percent", "同比增长": "growth_percent", "原文": "phrase", "来源": "source",
    "等级": "grade", "用途": "role", "备注": "note",
}  # fmt: skip
"""What the columns may be called, in small letters."""

BOUNDS = ("exact", "approximate", "at_least", "at_most", "interval", "bin", "forecast", "none")
"""How the printed words bound the number; `bin`: the writer could not yet say the next round number."""

ROLES = ("calibration", "later", "policy", "target", "micro", "prior", "forecast", "conflict", "derived", "context")
"""What a figure is for.

`later` came after the evidence of the calibration was closed: it scores what was predicted without it, and another word
makes it `calibration`. `derived` is arithmetic on other figures and never a source.
"""

FOREIGN_UNITS = (
    "m2", "亩", "亿美元", "美元/日", "元/分钟", "小时/日", "分钟/日", "个", "项", "集", "亿次", "万人次", "date",
)  # fmt: skip
"""Units of figures that no equation uses, so that `shudian.units` need not know them."""


_LOOSE = (
    r"^\s*(?:大?约|近|超|过|逾|不足|不到|不少于|不超过|至少|至多|最多|[<>≤≥~≈])"
    r"|[0-9万亿元%]\s*(?:[-~至到][^a-z]*[0-9]|余|多|以上|以下|左右|上下|\+)"
)
"""What says in words or signs that a number is a range, or only about right."""


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
    sources, words = load_sources(), load_vocabulary()
    table = read_table(path, COLUMN_NAMES)
    if {*table.columns} != {*COLUMNS} or len(table.columns) != len(COLUMNS):
        raise InputError(f"{table.place}: the columns must be: {','.join(COLUMNS)}")
    figures: dict[str, Figure] = {}
    for place, cells in table.rows:
        if len(cells) != len(COLUMNS):
            raise InputError(
                f"{place}: the line has {len(cells)} cells; {len(COLUMNS)} are needed (a comma in a text needs quotes)"
            )
        figure = read_figure(place, dict(zip(table.columns, cells, strict=True)), words, sources)
        if figure.identifier in figures:
            raise InputError(
                f"{place}: the id “{figure.identifier}” is already used at {figures[figure.identifier].place}"
            )
        figures[figure.identifier] = figure
    if not figures:
        raise InputError(f"{path}: the file holds no figure; write one line for each below the names of the columns")
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
        if re.search(_LOOSE, narrowed(text)):
            self.fail(
                f"“{column}” must be one number, not “{text}”; write the number alone and “approximate”, “at_least” "
                "or “at_most” as its “bound”; of a range, for example 50 as “low”, 60 as “high” and “interval” as the "
                "“bound”"
            )
        written = unit = "%" if column == "growth_percent" else self.unit()
        if is_foreign := unit in FOREIGN_UNITS:
            text, unit = text.removesuffix(unit), "1"
        try:
            check_characters(text)
            is_number = read_numeral(narrowed(text).lower()) is not None
            found = read_quantity(beside(text, unit.removeprefix("1"))) if is_number else None
        except InputError as error:
            self.fail(f"“{column}” cannot be read from “{text}”, because {error}")
        if not found:
            self.fail(f"“{column}” must be a finite number, not “{text}”")
        given, wanted = size(found.factors), size(read_factors(unit) or [])
        if given[1] != wanted[1] or (is_foreign and found.unit):
            self.fail(f"“{column}” must be in the unit of its line, {written}, not “{text}”")
        return float(found.number * given[0] / wanted[0])

    def unit(self) -> str:
        unit = self.cells["unit"]
        if unit not in FOREIGN_UNITS:
            try:
                units.parse_unit(unit)
            except InputError as error:
                self.fail(f"{error}; other units that a figure may have: {', '.join(FOREIGN_UNITS)}")
        return unit

    def date(self, column: str) -> str:
        return self.iso(self.cells[column], column, last=column == "period_end")

    def iso(self, text: str, column: str, last: bool = False) -> str:
        """The day that `text` names; of a month or a year without a day its first, or its `last`."""
        if re.fullmatch(r"[0-9]{4}\.1", text):
            january, october = f"{text[:4]}-01", f"{text[:4]}-10"
            self.fail(
                f"“{column}” can be January or October, because a spreadsheet keeps 2026.10 as 2026.1; write "
                f"{january} or {october}"
            )
        found = read_date(text, serials=True) if text else None
        if text and not found:
            self.fail(f"“{column}” must be a date such as 2025-08-31, not “{text}”")
        if not found:
            return ""
        year, month, day = found
        month = month or (12 if last else 1)
        return datetime.date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1)).isoformat()

    def alternatives(self) -> tuple[tuple[str, str], ...]:
        column, periods = "period_alternatives", []
        for text in filter(None, self.cells[column].split("|")):
            start, _, end = text.partition("/")
            if not start or not end or self.iso(start, column) > self.iso(end, column, last=True):
                self.fail(f"“{column}” holds periods such as 2025-01-01/2025-08-31, separated by |, not “{text}”")
            periods.append((start, end))
        return tuple(periods)
