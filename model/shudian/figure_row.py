"""One row of a file of figures -> Figure: what may be left out or said in other words, and each mistake by its cell."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeVar, cast, get_args

from shudian import units
from shudian.dates import read_date
from shudian.figure_columns import (
    BOUNDS,
    COLUMNS,
    FOREIGN_UNITS,
    ROLES,
    SOURCE_COLUMNS,
    is_older,
)
from shudian.figure_text import meaning_of
from shudian.kinds import Figure, Grade, InputError, Label, Place, Source
from shudian.mistakes import Mistakes
from shudian.numerals import check_characters, narrowed, read_numeral
from shudian.plain_text import acting, one_line
from shudian.publication import AFTER, check_dates, check_sign
from shudian.quantities import beside, read_quantity
from shudian.table_file import TableFile
from shudian.toml_file import nearest
from shudian.unit_words import read_factors
from shudian.units import size

Found = TypeVar("Found")
Certainty = Literal["named", "read", "open"]
"""How indicator and definition are known: by the vocabulary's words, from free text, or not for sure."""
DEFAULT_GRADE: Grade = "C"
"""Of a row that gives no grade and whose source is none of sources.toml: secondary, or unclear."""
_COUNTED = ("calibration", "later")
"""Roles of figures that say what has happened and are fitted or scored."""
_BOUND_WORDS = {
    "approx": "approximate", "lower": "at_least", "upper": "at_most", "range": "interval", "精确": "exact",
    "约": "approximate", "至少": "at_least", "至多": "at_most", "区间": "interval", "预测": "forecast", "无": "none",
}  # fmt: skip
_OLDER_UNITS = {"times": "1", "ratio": "1", "倍": "1", "剧组/日": "剧组", "万个": "万人"}
_NOT_PRINTED = ("derived", "range low", "range high")
_LOOSE = (
    r"^\s*(?:大?约|近|超|过|逾|不足|不到|不少于|不超过|至少|至多|最多|[<>≤≥~≈])"
    r"|[0-9万亿元%]\s*(?:[-~至到][^a-z]*[0-9]|余|多|以上|以下|左右|上下|\+)"
)
"""What says in words or signs that a number is a range, or only about right."""
_SHORT_NAME = re.compile("[a-z0-9]+(?:_[a-z0-9]+)+")
"""What sources.toml calls its documents; any other text in its place is the name of a publisher."""
_PRINTED_DATE = r"20\d\d(?:-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?"
_PUBLISHED = rf"{_PRINTED_DATE}(?: ?/ ?(?:{_PRINTED_DATE}|0[1-9]|1[0-2]))?(?:{AFTER}.*)?"
"""How sources.toml writes dates that are not known to the day."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the cells of a row are checked against."""

    words: Mapping[str, Mapping[str, Label]]
    """The vocabulary: column -> identifier -> label."""
    sources: Mapping[str, Source]


class Row:
    """One line of a file of figures, which knows where it stands and what was wrong with it."""

    def __init__(
        self, table: TableFile, place: Place, cells: tuple[str, ...], known: Known, mistakes: Mistakes
    ) -> None:
        self.table = table
        self.place = place
        given = dict(zip(table.columns, cells, strict=False))
        self.cells = {column: given.get(column, "").strip() for column in (*COLUMNS, *SOURCE_COLUMNS)}
        self.known = known
        self.mistakes = mistakes
        self.wrong: set[str] = set()
        """Columns with a mistake that has been noted: nothing else is said of them."""
        self.certainty: Certainty = "named"

    def fail(self, template: str, column: str = "", /, **values: object) -> NoReturn:
        """Raise InputError, as it is made, with the place of the row, or of its cell."""
        raise InputError(template, **values).at(self.table.at(self.place, column))

    def called(self, column: str) -> str:
        """What the file calls the column."""
        return self.table.written.get(column, column)

    @contextmanager
    def reading(self, *columns: str) -> Iterator[None]:
        """Note a mistake that is found inside the block as one of `columns`."""
        with self.mistakes.noted():
            try:
                yield
            except InputError:
                self.wrong.update(columns)
                raise

    def read(self, column: str, reader: Callable[[str], Found], otherwise: Found) -> Found:
        """What `reader` finds in the column, or `otherwise` where it raises InputError, which is noted."""
        with self.reading(column):
            return reader(column)
        return otherwise

    # --- what may be left out, or said in other words ---

    def understand(self) -> None:
        """Put the vocabulary's words and the defaults into the cells.

        Raises InputError, without a place, where free text says nothing that is known or the number was not printed.
        """
        cells, words = self.cells, self.known.words
        for column in ("geography", "indicator", "definition"):
            cells[column] = _word(cells[column], words[column]) or cells[column]
        if is_older(self.table) and cells["indicator"] not in words["indicator"]:
            self.certainty = "read"
            cells["indicator"], cells["definition"] = meaning_of(cells["indicator"], cells["geography"])
        bound = cells["bound"].casefold()
        if bound in _NOT_PRINTED:
            raise InputError("a figure that is “{bound}” was not printed as such and is not compared", bound=bound)
        bound = "interval" if bound.startswith("range") else _BOUND_WORDS.get(bound, bound)
        ends = bool(cells["low"]), bool(cells["high"])
        if bound == "at_least" and all(ends):
            bound = "bin"
        if not bound and (all(ends) or (any(ends) and not cells["value"])):
            bound = "interval"
        nothing = not (cells["value"] or any(ends)) and bound in BOUNDS
        cells["bound"] = "none" if nothing else bound or ("exact" if cells["value"] else "none")
        cells["unit"] = _OLDER_UNITS.get(cells["unit"], cells["unit"])
        label = words["indicator"].get(cells["indicator"])
        cells["label_zh"] = cells["label_zh"] or (label.zh if label else cells["indicator"])
        cells["label_en"] = cells["label_en"] or (label.en if label else cells["indicator"])
        cells["role"] = cells["role"] or "calibration"
        shipped = self.known.sources.get(cells["source"])
        cells["grade"] = cells["grade"] or (shipped.grade if shipped else DEFAULT_GRADE)

    # --- the figure ---

    def figure(self, whole: bool) -> Figure | None:
        """The figure of the row, or None where a mistake in it was noted."""
        cells = self.cells
        for column in ("id", "indicator", "label_zh", "label_en", "geography", "unit", "bound", "role", "source"):
            if not cells[column] and (column != "source" or whole):
                with self.reading(column):
                    self.fail("“{column}” is empty", column, column=self.called(column))
        allowed = {**self.known.words, "bound": BOUNDS, "role": ROLES, "grade": get_args(Grade)}
        for column, words in allowed.items():
            if cells[column] or column == "grade":
                with self.reading(column):
                    self.one_of(column, words)
        own = self.read("source", lambda _: self.own_source(whole), None)
        value, low, high = self.numbers()
        start, end = self.read("period_start", self.date, ""), self.read("period_end", self.date, "")
        if start and end and start > end:
            with self.reading("period_start"):
                self.fail("“period_start” is after “period_end”", "period_start")
        found = Figure(
            identifier=cells["id"],
            indicator=cells["indicator"],
            label=Label(cells["label_zh"], cells["label_en"]),
            geography=cells["geography"],
            definition=cells["definition"],
            value=value,
            low=low,
            high=high,
            unit=cells["unit"],
            period_start=start,
            period_end=end,
            period_alternatives=self.read("period_alternatives", self.alternatives, ()),
            bound=cells["bound"],
            growth_percent=self.read("growth_percent", self.number, None),
            phrase=cells["phrase"],
            source=own.identifier if own else cells["source"],
            grade=cast(Grade, cells["grade"]),
            role=cells["role"],
            note=cells["note"],
            place=self.place,
            own_source=own,
        )
        if not whole:
            self.check_likely(found)
        return None if self.wrong else found

    def one_of(self, column: str, known: Collection[str]) -> None:
        """Raise InputError if the cell is none of `known`."""
        word = self.cells[column]
        if word not in known:
            self.fail(
                "“{word}” is not a known {column}{nearest}",
                column,
                word=word,
                column=self.called(column),
                nearest=nearest(word, known),
            )

    def check_likely(self, figure: Figure) -> None:
        """Note what no page can have printed of something that has happened."""
        if figure.role not in _COUNTED or figure.bound == "forecast":
            return
        if not self.wrong & {"value", "low", "high", "growth_percent", "unit"}:
            with self.reading("value"):
                check_sign(figure)
        document = figure.own_source or self.known.sources.get(figure.source)
        if document and document.published and not self.wrong & {"period_end", "published", "source"}:
            with self.reading("period_end"):
                check_dates(figure, document.published)

    # --- its source ---

    def own_source(self, whole: bool) -> Source | None:
        """The document that the row describes; None where it names one of sources.toml, or none."""
        cells, sources, name = self.cells, self.known.sources, self.cells["source"]
        given = [column for column in SOURCE_COLUMNS if cells[column]]
        if name and name not in sources and (whole or (not given and _SHORT_NAME.fullmatch(name))):
            self.unknown_source(name, whole)
        if not given and (not name or name in sources):
            return None
        if name in sources:
            self.fail(
                "“{name}” is a source of “sources.toml” and is described there; leave “{column}” empty",
                given[0],
                name=name,
                column=self.called(given[0]),
            )
        for column in (*given, "source"):
            if found := acting(cells[column]):
                self.fail(
                    "“{column}” holds the invisible character {character}; delete it",
                    column,
                    column=self.called(column),
                    character=found,
                )
        # who is named and no more is who printed it
        publisher = cells["publisher"] or cells["body"] or ("" if given else name)
        if not publisher:
            self.fail("“publisher” is empty; a source that a row describes needs one", given[0])
        published = self.read("published", self.publication, "")
        name = one_line(name or f"{publisher} {published}".strip())
        return Source(
            identifier=name,
            title=Label(name, name),
            body=one_line(cells["body"] or publisher),
            published=published,
            address=one_line(cells["address"]),
            grade=cast(Grade, cells["grade"]),
            place=self.place,
        )

    def unknown_source(self, name: str, whole: bool) -> NoReturn:
        """Raise InputError for a source that sources.toml does not hold."""
        near = nearest(name, self.known.sources)
        if whole:
            self.fail(
                "the source “{word}” has no block in “sources.toml”; a new one needs one{nearest}",
                "source",
                word=name,
                nearest=near,
            )
        self.fail(
            "the source “{word}” has no block in “sources.toml”; describe a new one in the row, with "
            "“publisher”, “published” and “address”{nearest}",
            "source",
            word=name,
            nearest=near,
        )

    def publication(self, column: str) -> str:
        """When the document was published, as precisely as it is known."""
        text = self.cells[column]
        plain = re.sub(r"\s*[（(].*?[)）]$", "", text)
        if not text or re.fullmatch(_PUBLISHED, plain):
            return plain
        self.iso(text, column)
        year, month, day = read_date(text, serials=True) or (0, 0, 0)
        if not 2000 <= year < 2100:
            self.no_date(column, text)
        return "-".join([f"{year}", *(f"{part:02d}" for part in (month, day) if part)])

    # --- its numbers ---

    def numbers(self) -> tuple[float | None, float | None, float | None]:
        """Value, low and high; a row that prints two ends alone is about what lies between them."""
        self.read("unit", self.unit, "")
        value, low, high = (self.read(column, self.number, None) for column in ("value", "low", "high"))
        ends = [end for end in (low, value, high) if end is not None]
        if self.wrong & {"value", "low", "high"}:
            return value, low, high
        if ends != sorted(ends):
            with self.reading("value"):
                self.fail("“low”, “value” and “high” must not fall", "value")
        bound = self.cells["bound"]
        if "bound" in self.wrong:
            return value, low, high
        if bound in ("bin", "interval"):
            if low is None or high is None:
                with self.reading("bound"):
                    self.fail("the bound “{bound}” needs both “low” and “high”", "bound", bound=bound)
                return value, low, high
            value = (low + high) / 2 if value is None else value
        if (value is None) != (bound == "none"):
            with self.reading("value"):
                self.fail("“value” is empty exactly where the bound is “none”", "value")
        return value, low, high

    def number(self, column: str) -> float | None:
        """The cell's number, or None if it is empty."""
        text = self.cells[column]
        if not text:
            return None
        if re.search(_LOOSE, narrowed(text)):
            self.fail(
                "“{column}” must be one number, not “{text}”; write the number alone and “approximate”, "
                "“at_least” or “at_most” as its “bound”; of a range, for example 50 as “low”, 60 as “high” and "
                "“interval” as the “bound”",
                column,
                column=self.called(column),
                text=text,
            )
        # where the unit itself is a mistake, the number is only tried for being one
        written = unit = "%" if column == "growth_percent" else "" if "unit" in self.wrong else self.cells["unit"]
        if is_foreign := unit in FOREIGN_UNITS:
            text, unit = text.removesuffix(unit), "1"
        try:
            check_characters(text)
            is_number = read_numeral(narrowed(text).lower()) is not None
            found = read_quantity(beside(text, unit.removeprefix("1"))) if is_number else None
        except InputError as error:
            self.fail(
                "“{column}” cannot be read from “{text}”, because {error}",
                column,
                column=self.called(column),
                text=text,
                error=error.said,
            )
        if not found:
            self.fail("“{column}” must be a finite number, not “{text}”", column, column=self.called(column), text=text)
        given, wanted = size(found.factors), size(read_factors(unit) or [])
        if written and (given[1] != wanted[1] or (is_foreign and found.unit)):
            self.fail(
                "“{column}” must be in the unit of its line, {unit}, not “{text}”",
                column,
                column=self.called(column),
                unit=written,
                text=self.cells[column],
            )
        return float(found.number * given[0] / wanted[0])

    def unit(self, column: str) -> str:
        """The cell's unit, as it was written."""
        unit = self.cells[column]
        if unit and unit not in FOREIGN_UNITS:
            try:
                units.parse_unit(unit)
            except InputError as error:
                self.fail(
                    "{error}; other units that a figure may have: {names}",
                    column,
                    error=error.said,
                    names=tuple(FOREIGN_UNITS),
                )
        return unit

    # --- its time ---

    def no_date(self, column: str, text: str) -> NoReturn:
        """Raise InputError for a text that names no day, month or year."""
        called = self.called(column)
        self.fail("“{column}” must be a date such as 2025-08-31, not “{text}”", column, column=called, text=text)

    def date(self, column: str) -> str:
        """The cell's date as YYYY-MM-DD; of a month or year its first day or, of `period_end`, its last."""
        return self.iso(self.cells[column], column, last=column == "period_end")

    def iso(self, text: str, column: str, last: bool = False) -> str:
        """The day that `text` names; of a month or a year without a day its first, or its `last`."""
        if re.fullmatch(r"[0-9]{4}\.1", text):
            january, october = f"{text[:4]}-01", f"{text[:4]}-10"
            self.fail(
                "“{column}” can be January or October, because a spreadsheet keeps 2026.10 as 2026.1; write "
                "{one} or {other}",
                column,
                column=self.called(column),
                one=january,
                other=october,
            )
        found = read_date(text, serials=True) if text else None
        if text and not found:
            self.no_date(column, text)
        if not found:
            return ""
        year, month, day = found
        month = month or (12 if last else 1)
        return datetime.date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1)).isoformat()

    def alternatives(self, column: str) -> tuple[tuple[str, str], ...]:
        """The cell's other periods, each with first and last day."""
        periods = []
        for text in filter(None, self.cells[column].split("|")):
            start, _, end = text.partition("/")
            if not start or not end or self.iso(start, column) > self.iso(end, column, last=True):
                self.fail(
                    "“{column}” holds periods such as 2025-01-01/2025-08-31, separated by |, not “{text}”",
                    column,
                    column=self.called(column),
                    text=text,
                )
            periods.append((start, end))
        return tuple(periods)


def _word(text: str, words: Mapping[str, Label]) -> str:
    """The vocabulary's identifier for `text`, which may also be a label in either language; empty if it is none."""
    plain = text.casefold()
    for word, label in words.items():
        if plain and plain in (word.casefold(), label.zh.casefold(), label.en.casefold()):
            return word
    return ""
