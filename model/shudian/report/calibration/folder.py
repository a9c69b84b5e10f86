"""The folder of a calibration report."""

from __future__ import annotations

from pathlib import Path

from shudian.answers.calibration.view import View
from shudian.kinds import LANGUAGES, Language
from shudian.report.calibration.document import whole
from shudian.report.calibration.figures import write_figures
from shudian.report.document import Table
from shudian.report.render.csv_tables import csv_table, write_tables
from shudian.report.render.html import page
from shudian.wording import say

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
_CALLED = {"zh": "中文", "en": "English"}


def write_report(view: View, folder: Path, language: Language) -> None:
    """Write pages, figures and tables into the empty `folder`: report.html is the page in `language`."""
    for each, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        told = whole(view, write_figures(view, folder / "figures", each), each)
        title = say("calibration_title", each)
        text = page(
            (told,),
            each,
            title,
            STYLE,
            (title, _CALLED[other]),
            f"report.{other}.html",
            contents=True,
        )
        for name in (f"report.{each}.html", "report.html")[: 2 if each == language else 1]:
            (folder / name).write_text(text, encoding="utf-8")
    place = folder / "tables"
    place.mkdir()
    write_tables(map(csv_table, all_tables(view, language)), place)


def all_tables(view: View, language: Language) -> tuple[Table, ...]:
    """Every table of the report."""
    return tuple(block for block in whole(view, {}, language) if isinstance(block, Table))
