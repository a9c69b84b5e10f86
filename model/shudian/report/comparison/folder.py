"""The folder of a comparison: tables, numbers, figures, and what is needed to make it again."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from shudian.answers.compare import Comparison
from shudian.kinds import Language
from shudian.plain_text import json_text
from shudian.report import structures
from shudian.report.cautions import cautions
from shudian.report.comparison.document import shock_titles, whole
from shudian.report.comparison.figures import write_figures
from shudian.report.csv_tables import write_tables
from shudian.report.manifest import origin
from shudian.report.render.markdown import markdown
from shudian.report.spreadsheet import quantity_table


def data_digest(comparison: Comparison) -> str:
    """Hash of every number that the runs gave, bit for bit."""
    digest = hashlib.sha256()
    for run in comparison.runs:
        digest.update(run.scenario.name.encode())
        digest.update(np.ascontiguousarray(run.yearly).tobytes())
    return digest.hexdigest()


def write(comparison: Comparison, folder: Path, language: Language, command: str) -> None:
    """Write the tables (Markdown, CSV), all numbers (JSON), the figures and the manifest into the empty `folder`."""
    (folder / "table.md").write_text(markdown(whole(comparison, language)), encoding="utf-8")
    verdicts = comparison.question.verdicts
    write_tables([quantity_table(verdicts, "comparison"), *structures.csv(verdicts)], folder)
    beside = {"warnings": plain(cautions(verdicts)), "structures": structures.data(verdicts)}
    found = plain(comparison.assessment) | beside
    (folder / "comparison.json").write_text(json_text(found), encoding="utf-8")
    write_figures(comparison, shock_titles(comparison, language), folder / "figures", language)
    (folder / "manifest.json").write_text(json_text(_manifest(comparison, command)), encoding="utf-8")


def plain(value: Any) -> Any:
    """`value` as data for JSON: dataclasses as tables, arrays as lists, pairs as keys, infinity as a word."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {"/".join(map(str, k)) if isinstance(k, tuple) else str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "infinite"
    return value


def _manifest(comparison: Comparison, command: str) -> dict[str, Any]:
    work, question = comparison.plan, comparison.question
    return {
        **origin(work, question.model, question.draws, command),
        "value_of_output": question.value,
        "shocks": [shock.name for shock in question.shocks],
        "data_digest": data_digest(comparison),
    }
