"""The one form in which reported figures are written down: its columns, what they may be called, and its words."""

from __future__ import annotations

from difflib import get_close_matches

from shudian.kinds import InputError
from shudian.mistakes import Mistakes
from shudian.table_file import TableFile

COLUMNS = (
    "id", "indicator", "label_zh", "label_en", "geography", "definition", "value", "low", "high", "unit",
    "period_start", "period_end", "period_alternatives", "bound", "growth_percent", "phrase", "source", "grade",
    "role", "note",
)  # fmt: skip
"""The columns of figures.csv, in their order."""

SOURCE_COLUMNS = ("publisher", "body", "published", "address")
"""The columns in which a row of another file describes a document that sources.toml does not have."""

NEEDED = ("id", "indicator", "geography", "definition", "value", "unit", "period_start", "period_end")
"""The columns that every file has; each other one may be left out."""

COLUMN_NAMES = {name: name for name in (*COLUMNS, *SOURCE_COLUMNS)} | {
    "编号": "id", "指标": "indicator", "中文名称": "label_zh", "英文名称": "label_en", "地区": "geography",
    "城市": "geography", "口径": "definition", "数值": "value", "下限": "low", "上限": "high", "单位": "unit",
    "起始日期": "period_start", "开始日期": "period_start", "截止日期": "period_end", "结束日期": "period_end",
    "界限": "bound", "同比": "growth_percent", "同比增长": "growth_percent", "原文": "phrase", "来源": "source",
    "等级": "grade", "用途": "role", "备注": "note", "发布者": "publisher", "媒体": "publisher", "机构": "body",
    "发布机构": "body", "发布日期": "published", "网址": "address", "链接": "address",
    "yoy_pct": "growth_percent", "printed_phrase": "phrase", "notes": "note", "source_body": "body", "url": "address",
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

_ALIKE = 0.8
"""A column that is so much like an optional one is taken for a slip of the pen."""


def is_older(table: TableFile) -> bool:
    """Whether `table` has the older columns, in which free text says what was counted."""
    return "phrase" in table.columns and "definition" not in table.columns


def check_columns(table: TableFile, mistakes: Mistakes, whole: bool) -> None:
    """Note or raise what is wrong with the columns; a `whole` file has exactly COLUMNS."""
    if whole:
        if {*table.columns} != {*COLUMNS} or len(table.columns) != len(COLUMNS):
            raise InputError("the columns must be: {columns}", columns=",".join(COLUMNS)).at(table.place)
        return
    absent = [column for column in COLUMN_NAMES.values() if column not in table.columns]
    for written in unused(table):
        for name in get_close_matches(written, absent, n=1, cutoff=_ALIKE):
            mistakes.note(
                InputError("there is no column “{written}”; did you mean “{name}”?", written=written, name=name).at(
                    table.place
                )
            )
    missing = [c for c in NEEDED if c not in table.columns and not (c == "definition" and is_older(table))]
    if missing:
        mistakes.note(
            InputError(
                "these columns are missing: {columns}; a first line that will do is: {line}",
                columns=tuple(missing),
                line=",".join((*NEEDED, "bound", "growth_percent", "publisher", "published", "address")),
            ).at(table.place)
        )
        mistakes.tell()


def unused(table: TableFile) -> tuple[str, ...]:
    """The columns of `table` that are none of the form's."""
    return tuple(column for column in table.columns if column and column not in (*COLUMNS, *SOURCE_COLUMNS))
