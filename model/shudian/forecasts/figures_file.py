"""Reading figures that somebody else wrote down: the columns of figures.csv, or the older and looser ones.

Nothing is guessed in silence. A figure whose indicator or definition had to be read from free text says so, and one
that may mean several definitions is given in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from shudian.evidence import BOUNDS, COLUMN_NAMES, COLUMNS, load_vocabulary, read_figure
from shudian.kinds import Figure, InputError, Label, Place
from shudian.observe.rules import Rules
from shudian.parameters import HOME
from shudian.table_file import check_length, read_table

NEEDED = ("id", "indicator", "geography", "definition", "value", "unit", "period_start", "period_end")
"""Columns without which a figure cannot be compared with anything; every other one has a default."""

Certainty = Literal["named", "read", "open"]
"""How indicator and definition are known: by the vocabulary's words, from free text, or not for sure."""

_OLDER_COLUMNS = {
    "yoy_pct": "growth_percent", "printed_phrase": "phrase", "notes": "note", "source_body": "source",
}  # fmt: skip
_IGNORED = ("publisher", "url", "published")
_OLDER_BOUNDS = {"approx": "approximate", "lower": "at_least", "upper": "at_most", "range": "interval"}
_OLDER_UNITS = {"times": "1", "ratio": "1", "倍": "1", "剧组/日": "剧组", "万个": "万人"}
_NOT_SCORED_BOUNDS = ("derived", "range low", "range high")

# What an indicator in free text means: pattern, `city` or `china`, indicator, definition ("" where the words leave it
# open). The first that fits holds; a text that none fits is not compared.
_PHRASES = (
    ("城市|city", "china", "", ""),
    (
        r"overseas|海外|comic|漫|game|licen|许可|film|cumul|累计|price|fee|单价|cost|capex|wage|rent|award|fund|subsid",
        "city",
        "",
        "",
    ),
    (r"overseas|海外|comic|漫|game|licen|许可|film|cumul|累计|forecast|audiovisual|user|platform", "china", "", ""),
    ("multiple|fivefold|倍数", "city", "workers_growth", "heads"),
    ("流水.*亿|亿.*流水", "city", "firms_over_100_million", "billings"),
    (r"firms.*(>=|over|above) ?(1亿|100 million)|(过|超)亿元?企业", "city", "firms_over_100_million", "market_scale"),
    ("1000万|10 million", "city", "", ""),
    ("job|post|vacanc|招聘|岗位", "city", "", ""),
    ("growth|增长", "city", "", ""),
    ("share of national|占全国", "city", "titles_share", ""),
    ("审查|过审|review", "city", "titles_reviewed", "reviewed_titles"),
    ("备案|filed|filings", "city", "titles_filed", "filings"),
    ("热力榜|hot list", "city", "titles_on_hot_list", "hot_list"),
    ("monthly output|月产", "city", "titles_made", "industry_estimate"),
    ("crews.*per day|日均.*剧组", "city", "crews_per_day", "crews_on_set"),
    ("产值|output value", "city", "market", "local_output"),
    ("dataeye|咨询", "city", "market", "allocated_market"),
    ("market|市场规模", "city", "market", ""),
    ("registered.*firm|注册.*企业", "city", "firms", "registered_firms"),
    ("firm|enterprise|compan|producer|entit|企业|公司|主体", "city", "firms", ""),
    ("practitioner|worker|从业|就业", "city", "workers", "heads"),
    (r"market_size_growth|market growth|市场.*增长", "china", "market_growth", "gross_market"),
    ("paid|iap|付费|topup", "china", "market", "paid_market"),
    (r"market_ads|iaa|advertising|免费|广告", "china", "market", "ad_market"),
    (r"market[ _]size(?!_)|市场规模", "china", "market", "gross_market"),
    (r"jobs_total|total jobs", "china", "jobs_total", "total_jobs"),
    (r"jobs_direct|(?<!in)direct jobs|直接.*(就业|从业)", "china", "jobs_direct", "direct_jobs"),
    ("indirect|间接", "china", "jobs_indirect", "indirect_jobs"),
    (r"titles_year|titles of a year|全年作品", "china", "titles_online", "all_titles"),
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure as it was read."""

    figure: Figure
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, and why."""

    identifier: str
    phrase: str
    sentence: str
    """In English, as errors are raised."""


@dataclass(frozen=True, slots=True)
class FiguresFile:
    """All that a file held."""

    figures: tuple[Reported, ...]
    unread: tuple[Unread, ...]
    ignored_columns: tuple[str, ...]


def read_figures(path: Path, rules: Rules, city: str = HOME) -> FiguresFile:
    """The figures in the CSV file at `path`, whose source may be unknown or empty and whose columns may be more.

    Raises InputError where the columns in NEEDED are missing (`definition` may be in the older layout) or the file is
    no CSV. A line with a mistake, or one that nothing ties to a definition, is among `unread`.
    """
    table = read_table(path, COLUMN_NAMES | _OLDER_COLUMNS)
    header = table.columns
    _check(table.place, header)
    figures: list[Reported] = []
    unread: list[Unread] = []
    for place, line in table.rows:
        cells = dict(zip(header, line, strict=False))
        try:
            check_length(table, place, line)
            found = list(_figures(place, cells, rules, city))
            for taken in {entry.figure.identifier: entry.figure.place for entry in figures}.items():
                if taken[0] in {entry.figure.identifier for entry in found}:
                    raise InputError(f"{place}: the id “{taken[0]}” is already used at {taken[1]}")
            figures += found
        except InputError as error:
            sentence = str(error).removeprefix(f"{place}: ")
            unread.append(Unread(cells.get("id", ""), cells.get("phrase", ""), sentence))
    if not table.rows:
        raise InputError(f"{path}: the file holds no figure; write one line for each below the names of the columns")
    ignored = tuple(column for column in header if column not in (*COLUMNS, *_IGNORED))
    return FiguresFile(tuple(figures), tuple(unread), ignored)


def _check(place: Place, header: tuple[str, ...]) -> None:
    older = "phrase" in header and "definition" not in header
    missing = [column for column in NEEDED if column not in header and not (older and column == "definition")]
    if missing:
        raise InputError(
            f"{place}: these columns are missing: {', '.join(missing)}; a first line that will do is: "
            f"{','.join((*NEEDED, 'bound', 'growth_percent'))}"
        )


def _figures(place: Place, cells: Mapping[str, str], rules: Rules, city: str) -> Iterator[Reported]:
    words = load_vocabulary()
    given = {column: cells.get(column, "").strip() for column in COLUMNS}
    given["geography"] = _word(given["geography"], words["geography"]) or given["geography"]
    named = _word(given["indicator"], words["indicator"])
    if named:
        readings = [(named, _word(given["definition"], words["definition"]) or given["definition"])]
    elif "definition" in cells:
        readings = [(given["indicator"], given["definition"])]  # refused below, with the nearest known word
    else:
        readings = [_from_phrase(place, given, city)]
    certainty: Certainty = "named" if named else "read"
    ties = [(r.indicator, r.place, r.definition) for r in rules.rules]
    spot = "city" if given["geography"] == city else given["geography"]
    indicator, definition = readings[0]
    possible = [d for i, p, d in ties if (i, p) == (indicator, spot)]
    if definition in ("", "unstated") and definition not in possible and possible:
        readings = [(indicator, one) for one in possible]
        certainty = "open" if len(possible) > 1 else "read"
    for indicator, definition in readings:
        filled = _filled(place, {**given, "indicator": indicator, "definition": definition}, words["indicator"])
        figure = read_figure(place, filled, words, None)
        several = len(readings) > 1
        yield Reported(
            replace(figure, identifier=f"{figure.identifier}/{definition}") if several else figure, certainty
        )


def _filled(place: Place, cells: Mapping[str, str], indicators: Mapping[str, Label]) -> dict[str, str]:
    """The cells with what may be left out, and the older spellings replaced."""
    bound = cells["bound"]
    if bound in _NOT_SCORED_BOUNDS:
        raise InputError(f"{place}: a figure that is “{bound}” was not printed as such and is not compared")
    bound = "interval" if bound.startswith("range") else _OLDER_BOUNDS.get(bound, bound)
    if bound == "at_least" and cells["low"] and cells["high"]:
        bound = "bin"
    label = indicators.get(cells["indicator"])
    value = cells["value"]
    defaults = {
        "bound": bound if bound in BOUNDS and value else bound if value and bound else "exact" if value else "none",
        "unit": _OLDER_UNITS.get(cells["unit"], cells["unit"]),
        "label_zh": cells["label_zh"] or (label.zh if label else cells["indicator"]),
        "label_en": cells["label_en"] or (label.en if label else cells["indicator"]),
        "grade": cells["grade"] or "B",
        "role": cells["role"] or "calibration",
    }
    return {**cells, **defaults}


def _word(text: str, words: Mapping[str, Label]) -> str:
    """The vocabulary's identifier for `text`, which may also be a label in either language; empty if it is none."""
    plain = text.casefold()
    for word, label in words.items():
        if plain and plain in (word.casefold(), label.zh.casefold(), label.en.casefold()):
            return word
    return ""


def _from_phrase(place: Place, cells: Mapping[str, str], city: str) -> tuple[str, str]:
    spot = {city: "city", "china": "china"}.get(cells["geography"], "")
    for pattern, where, indicator, definition in _PHRASES:
        if where == spot and re.search(pattern, cells["indicator"], re.IGNORECASE):
            if not indicator:
                break
            return indicator, definition
    raise InputError(
        f"{place}: what “{cells['indicator']}” of “{cells['geography']}” counts cannot be told; "
        "write it in the vocabulary's words, with a column “definition”"
    )
