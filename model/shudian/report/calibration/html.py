"""The report as one page that needs nothing else: its figures are inside it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shudian.kinds import Language
from shudian.report.calibration import left_out_tables, more_tables, prior_predictive, study_tables, tables, words
from shudian.report.calibration.view import View
from shudian.report.cells import Cell, shown
from shudian.report.document import Table
from shudian.report.html_file import template
from shudian.wording import say

TEMPLATE = Path(__file__).with_name("report.html.j2")
Part = Mapping[str, Any]
_SHORT = 11
"""Characters of a text that is not broken over lines."""


def page_of(view: View, figures: Mapping[str, tuple[Path, Path]], language: Language) -> str:
    """The whole page; `figures` are the drawn ones, name -> (PNG, SVG), in the same language."""
    other: Language = "en" if language == "zh" else "zh"
    return template(TEMPLATE).render(
        language="zh-CN" if language == "zh" else "en",
        title=say("calibration_title", language),
        headline=words.headline(view, language),
        basis=words.basis(view, language),
        alarms=[_alarm(text) for text in words.alarms(view, language)],
        sections=[
            {"title": say(f"calibration_section_{name}", language), "parts": parts}
            for name, parts in _sections(view, figures, language).items()
        ],
        other_file=f"report.{other}.html",
        other_language="English" if other == "en" else "中文",
    )


def _alarm(text: str) -> Mapping[str, str]:
    for colon in ("：", ": "):
        head, found, rest = text.partition(colon)
        if found:
            return {"head": head + colon, "text": rest}
    return {"head": text, "text": ""}


def _sections(view: View, figures: Mapping[str, tuple[Path, Path]], language: Language) -> dict[str, list[Part]]:
    def drawn(name: str) -> list[Part]:
        if name not in figures:
            return []
        data = base64.b64encode(figures[name][1].read_bytes()).decode()
        return [{"kind": "figure", "text": name, "data": f"data:image/svg+xml;base64,{data}"}]

    def listed(table: Table) -> Part:
        return _table(table)

    return {
        "lessons": [
            _list(words.lessons(view, language)), *drawn("targets"),
            listed(tables.target_table(view, language)), listed(tables.amount_table(view, language)),
        ],
        "prior": [
            _text(prior_predictive.finding(view.prior, language)),
            listed(prior_predictive.table(view.prior, language)),
        ],
        "reports": [*drawn("reports"), listed(tables.fit_table(view, language))],
        "article": [listed(tables.article_table(view, language))],
        "conflicts": _conflicts(view, language),
        "learning": [
            *drawn("learning"), _head(say("calibration_head_unidentified", language)),
            _list(words.unidentified(view, language)), listed(more_tables.parameter_table(view, language)),
        ],
        "correlations": [*drawn("correlations"), listed(more_tables.pair_table(view, language))],
        "tension": [_text(words.tension_text(view, language)), listed(more_tables.tension_table(view, language))],
        "power": [listed(more_tables.power_table(view, language))],
        "foretold": _foretold(view, language),
        "forms": _forms(view, language),
        "studies": [
            *([listed(study_tables.study_table(view, language))] if view.studied else []),
            listed(study_tables.package_table(view, language)),
        ],
        "moves": _moves(view, drawn("moves"), language),
        "change": _change(view, language),
        "diagnostics": _diagnostics(view, language),
        "excluded": [listed(more_tables.excluded_table(view, language))],
    }  # fmt: skip


def _conflicts(view: View, language: Language) -> list[Part]:
    parts: list[Part] = [_text(say("calibration_conflicts", language))]
    for conflict in view.conflicts:
        table = tables.conflict_table(conflict, language)
        parts.append({"kind": "head", "text": table.title})
        parts.append(_text(words.conflict_text(conflict, language)))
        parts.append(dict(_table(table)) | {"title": ""})
    return parts


def _foretold(view: View, language: Language) -> list[Part]:
    parts: list[Part] = [_list(left_out_tables.foretold_text(view, language))]
    if view.foretold:
        parts.append(_table(left_out_tables.family_table(view, language)))
        parts.append(_table(left_out_tables.foretold_table(view, language)))
    return parts


def _forms(view: View, language: Language) -> list[Part]:
    parts: list[Part] = [_list(left_out_tables.form_text(view, language))]
    if view.forms:
        parts.append(_table(left_out_tables.form_table(view, language)))
        parts.append(_table(left_out_tables.form_answer_table(view, language)))
    return parts


def _moves(view: View, figure: Sequence[Part], language: Language) -> list[Part]:
    if not view.moves:
        return [_text(say("calibration_no_moves", language))]
    return [*figure, _table(more_tables.move_table(view, language))]


def _change(view: View, language: Language) -> list[Part]:
    parts: list[Part] = [_list(words.change_lines(view.change, language))]
    if view.change is not None:
        parts.append(_table(more_tables.verdict_change_table(view.change, view, language)))
        if view.change.moved:
            parts.append(_table(more_tables.moved_table(view.change, language)))
    return parts


def _diagnostics(view: View, language: Language) -> list[Part]:
    parts: list[Part] = [
        _text(words.diagnostics_text(view, language)),
        _text(words.batches_text(view, language)),
        _text(words.control(view, language)),
        _table(more_tables.batch_table(view, language)),
        _table(more_tables.answer_error_table(view, language)),
        _table(more_tables.diagnostics_table(view, language)),
        _head(say("calibration_head_studies", language)),
    ]
    told = [_study(name, content, language) for name, content in view.studies]
    if view.ranks is not None:
        told.insert(0, words.ranks_text(view.ranks, str(view.posterior.about["inputs_digest"]), language))
    return [*parts, _list(told) if told else _text(say("calibration_no_studies", language))]


def _study(name: str, content: Mapping[str, Any], language: Language) -> str:
    """What a kept study found: a forecast's scores, or its own `title`, `finding` and `note`."""
    found = content.get("summaries", {}).get("after_cut_off") or content.get("summaries", {}).get("all")
    texts = [
        content[key].get(language, "") for key in ("title", "finding", "note") if isinstance(content.get(key), dict)
    ]
    if found:
        naive = found.get("no_change")
        key = "calibration_register" if "register" in content else "calibration_forecast"
        told = say(
            key, language, cut_off=content.get("cut_off", content.get("register", name)), numbers=found["numbers"],
            inside_50=f"{found['inside_50']:.3g}", inside_90=f"{found['inside_90']:.3g}", crps=f"{found['crps']:.3f}",
        )  # fmt: skip
        if naive:
            told += say(
                "calibration_forecast_naive", language, numbers=naive["numbers"], naive=f"{naive['crps']:.3f}",
                crps=f"{naive['model_crps']:.3f}",
            )  # fmt: skip
        texts.insert(0, told)
    return "".join([f"{name}：", *texts]) if language == "zh" else " ".join([f"{name}:", *texts])


def _style(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "number"
    if cell.replace(",", "").replace(".", "").isdecimal():
        return "number"
    return "short" if len(cell) <= _SHORT else "long-text"


def _text(text: str) -> Part:
    return {"kind": "text", "text": text}


def _head(text: str) -> Part:
    return {"kind": "head", "text": text}


def _list(lines: Sequence[str]) -> Part:
    return {"kind": "list", "lines": list(lines)}


def _table(table: Table) -> Part:
    rows = [
        {
            "loud": number in table.loud,
            "cells": [{"text": shown(cell), "style": _style(cell)} for cell in row],
        }
        for number, row in enumerate(table.rows)
    ]
    return {"kind": "table", "title": table.title, "note": "".join(table.below), "columns": table.head, "rows": rows}
