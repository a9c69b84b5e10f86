"""The folder of a design: mixes as scenario files, the front as a spreadsheet, figure, document, manifest."""

from __future__ import annotations

import hashlib
import platform
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from shudian import __version__
from shudian.analysis.design import Design
from shudian.kinds import Language
from shudian.plain_text import json_text
from shudian.quantities import write_month
from shudian.report import page
from shudian.report.csv_tables import write_tables
from shudian.report.design.document import whole
from shudian.report.design.figure import draw
from shudian.report.design.tables import mix_table
from shudian.report.manifest import file_digest, identity
from shudian.report.render.markdown import markdown
from shudian.scenario_text import to_toml

_PACKAGES = ("numpy", "llvmlite", "pymoo")


def write(found: Design, folder: Path, language: Language, command: Sequence[str]) -> None:
    """Write everything into the empty `folder`."""
    mixes = folder / "mixes"
    mixes.mkdir()
    for f in (*found.designed, *found.front):
        text = to_toml(f.scenario, found.model.parameters)
        (mixes / f"{f.scenario.name}.toml").write_text(text, encoding="utf-8", newline="\n")
    write_tables([mix_table(found)], folder)
    (folder / "table.md").write_text(markdown(whole(found, language)), encoding="utf-8")
    with page.style():
        page.save(draw(found, language), folder / f"front_{language}")
    _write_manifest(found, folder, command)


def digest(found: Design) -> str:
    """Hash of every mix and of what it comes to, bit for bit."""
    seen = hashlib.sha256()
    for f in (*found.designed, *found.front, *found.packages, found.base):
        seen.update(repr((f.scenario.name, sorted(f.changes.items()), f.search, f.fresh)).encode())
    return seen.hexdigest()


def _write_manifest(found: Design, folder: Path, command: Sequence[str]) -> None:
    question = found.question
    goal = question.goal
    start = write_month(question.box.start)
    # the first month that can be chosen moves on with the calendar, so that a repeat must name it
    dated = [*command] if any(part.startswith("--from") for part in command) else [*command, "--from", start]
    written = sorted(path for path in folder.rglob("*") if path.is_file())
    data = {
        "command": shlex.join(dated),
        "target": {
            "asked": goal.asked,
            "variable": goal.variable,
            "reading": goal.reading,
            "year": goal.year,
            "threshold": goal.threshold,
            "unit": goal.unit,
            "probability": goal.probability,
            "median_cost_at_most_yiyuan": goal.budget,
        },
        "city": question.box.base.city,
        "base": question.box.base.name,
        "from": start,
        "free": [axis.parameter.name for axis in question.box.axes],
        "fixed": dict(question.box.held),
        "draws": {"searched": found.searched, "fresh": found.fresh, "digest": found.draws_digest},
        "seed": question.seed,
        "calibrated": question.grounds.calibrated,
        "posterior": identity(question.grounds),
        "model_digest": found.model.digest,
        "data_digest": digest(found),
        "mixes_run": found.runs,
        "files": {path.relative_to(folder).as_posix(): file_digest(path) for path in written},
        "versions": {
            "shudian": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
    }
    (folder / "manifest.json").write_text(json_text(data), encoding="utf-8")
