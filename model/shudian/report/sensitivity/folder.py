"""The folder of a sensitivity: tables as Markdown and CSV, figures, and what repeats it."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from shudian import __version__
from shudian.answers.sensitivity import Sensitivity
from shudian.kinds import Language
from shudian.plain_text import json_text
from shudian.posterior_file import posterior_digest
from shudian.report.csv_tables import csv_bytes, write_tables
from shudian.report.render.markdown import markdown
from shudian.report.run_folder import draft, publish
from shudian.report.sensitivity.data import data
from shudian.report.sensitivity.document import whole
from shudian.report.sensitivity.figures import write_figures
from shudian.report.sensitivity.words import sentences


def write(found: Sensitivity, out: Path | None, language: Language, command: Sequence[str]) -> Path:
    """Write everything to `out` or to a new folder in results/; returns where it stands.

    Raises InputError if `out` exists and is not empty, or cannot be written to.
    """
    with draft(out) as folder:
        tables = list(data(found))
        write_tables(tables, folder)
        digest = hashlib.sha256(b"".join(csv_bytes(table) for table in tables))
        (folder / "table.md").write_text(markdown(whole(found, language)), encoding="utf-8")
        about = {
            "finding": {"zh": sentences(found, "zh"), "en": sentences(found, "en")},
            "request": asdict(found.request),
            "package": found.package.name,
            "packages": [*found.scenarios],
            "model_runs": found.parameters.runs,
            "posterior": posterior_digest(found.posterior),
            "given": dict(found.posterior.given),
            "command": shlex.join(command),
            "shudian": __version__,
        }
        (folder / "summary.json").write_text(json_text(about), encoding="utf-8")
        write_figures(found, folder / "figures", language)
        return publish(folder, out, digest.hexdigest())
