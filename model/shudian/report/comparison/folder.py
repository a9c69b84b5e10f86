"""The folder of a comparison: tables, numbers, figures, and what is needed to make it again."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shudian.compare.verdicts import MEASURES
from shudian.kinds import Language
from shudian.report.captions import definition_label
from shudian.report.comparison.command import Comparison
from shudian.report.comparison.figures import write_figures
from shudian.report.comparison.tables import comparison_tables
from shudian.report.comparison.words import details, headline
from shudian.report.manifest import origin
from shudian.report.run_folder import sentences_for
from shudian.report.spreadsheet import harmless
from shudian.report.strings import say
from shudian.report.tables import basis_text, measure_head, notes, table_markdown
from shudian.units import unit_label


def shock_titles(comparison: Comparison, language: Language) -> dict[str, str]:
    """What each shock is called."""
    return {shock.name: shock.title.text(language) for shock in comparison.question.shocks}


def data_digest(comparison: Comparison) -> str:
    """Hash of every number that the runs gave, bit for bit."""
    digest = hashlib.sha256()
    for run in comparison.runs:
        digest.update(run.scenario.name.encode())
        digest.update(np.ascontiguousarray(run.yearly).tobytes())
    return digest.hexdigest()


def write(comparison: Comparison, folder: Path, language: Language, command: str) -> None:
    """Write the tables (Markdown, CSV), all numbers (JSON), the figures and the manifest into the empty `folder`.

    Raises InputError if the disk is full or the folder cannot be written to.
    """
    with sentences_for(folder.parent):
        (folder / "table.md").write_text(markdown(comparison, language), encoding="utf-8")
        (folder / "comparison.csv").write_text(spreadsheet(comparison, language), encoding="utf-8-sig")
        _json(
            folder / "comparison.json",
            plain(comparison.assessment) | {"warnings": plain(comparison.question.verdicts.cautions)},
        )
        write_figures(comparison, shock_titles(comparison, language), folder / "figures", language)
        _json(folder / "manifest.json", _manifest(comparison, command))


def markdown(comparison: Comparison, language: Language) -> str:
    """The whole comparison as Markdown."""
    question, assessment = comparison.question, comparison.assessment
    verdicts, shocks = question.verdicts, shock_titles(comparison, language)
    parts = [f"# {say('compare_title', language)}", f"**{headline(assessment, verdicts, shocks, language)}**"]
    parts += details(assessment, verdicts, question.model, language)
    parts.append(basis_text(verdicts, language))
    for table in comparison_tables(assessment, question, shocks, language):
        parts += table_markdown(table)
    parts += [f"## {say('warnings_title', language)}"]
    parts.append("\n".join(f"- {caution.long.text(language)}" for caution in verdicts.cautions))
    listed = [f"- {note}" for note in notes(verdicts, language)]
    if listed:
        parts += [f"## {say('notes_title', language)}", "\n".join(listed)]
    return "\n\n".join(parts) + "\n"


def spreadsheet(comparison: Comparison, language: Language) -> str:
    """Every probability and amount, one a row: package, quantity, unit, value, 5 and 95 %."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    keys = ("name", "package", "label", "unit", "median", "low", "high")
    writer.writerow([say(f"column_{key}", language) for key in keys])
    writer.writerows(_rows(comparison, language))
    writer.writerow([basis_text(comparison.question.verdicts, language)])
    return out.getvalue()


def _rows(comparison: Comparison, language: Language) -> Iterator[Sequence[object]]:
    verdicts = comparison.question.verdicts
    for row in verdicts.rows:
        package = (row.scenario.name, harmless(row.scenario.title.text(language)))
        for target in verdicts.targets:
            for definition, chance in row.targets[target.identifier].items():
                label = say(
                    "column_chance",
                    language,
                    target=target.label.text(language),
                    definition=definition_label(definition, verdicts, language),
                )
                yield (*package, label, "%", round(100 * chance.value, 2), "", "")
        for bands, prefix in ((row.measures, ""), (row.additional, "additional_")):
            for measure in MEASURES:
                if measure.name in bands:
                    label = measure_head(measure, language, prefix).split("\n")[0]
                    band = bands[measure.name]
                    unit = unit_label(measure.unit, language)
                    yield (*package, label, unit, *(float(f"{v:.6g}") for v in (band.median, band.low, band.high)))


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


def _json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
