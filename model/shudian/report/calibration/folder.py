"""The folder of a calibration report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from shudian.kinds import LANGUAGES, Language
from shudian.report.calibration import left_out_tables, more_tables, prior_predictive, study_tables, tables
from shudian.report.calibration.figures import write_figures
from shudian.report.calibration.html import page_of
from shudian.report.calibration.view import View
from shudian.report.csv_tables import csv_table, write_tables
from shudian.report.document import Table


def write_report(view: View, folder: Path, language: Language) -> None:
    """Write pages, figures and tables into the empty `folder`: report.html is the page in `language`."""
    for each in LANGUAGES:
        figures = write_figures(view, folder / "figures", each)
        page = page_of(view, figures, each)
        for name in (f"report.{each}.html", "report.html")[: 2 if each == language else 1]:
            (folder / name).write_text(page, encoding="utf-8")
    place = folder / "tables"
    place.mkdir()
    write_tables([csv_table(table) for table in all_tables(view, language)], place)


def all_tables(view: View, language: Language) -> Iterable[Table]:
    """Every table of the report."""
    yield tables.target_table(view, language)
    yield tables.amount_table(view, language)
    yield prior_predictive.table(view.prior, language)
    yield tables.fit_table(view, language)
    yield tables.article_table(view, language)
    yield from (tables.conflict_table(conflict, language) for conflict in view.conflicts)
    yield more_tables.parameter_table(view, language)
    yield more_tables.pair_table(view, language)
    yield more_tables.power_table(view, language)
    yield more_tables.tension_table(view, language)
    if view.foretold:
        yield left_out_tables.foretold_table(view, language)
        yield left_out_tables.family_table(view, language)
        yield left_out_tables.form_table(view, language)
        yield left_out_tables.form_answer_table(view, language)
    if view.studied:
        yield study_tables.study_table(view, language)
    yield study_tables.package_table(view, language)
    if view.moves:
        yield more_tables.move_table(view, language)
    if view.change is not None:
        yield more_tables.verdict_change_table(view.change, view, language)
        yield more_tables.moved_table(view.change, language)
    yield more_tables.batch_table(view, language)
    yield more_tables.diagnostics_table(view, language)
    yield more_tables.answer_error_table(view, language)
    yield more_tables.excluded_table(view, language)
