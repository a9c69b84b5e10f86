"""The folder of a run: written beside its place and moved there when complete, so that no half of one exists."""

from __future__ import annotations

import datetime
import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shudian.analysis.verdicts import MEASURES, YEAR, Verdicts
from shudian.answers.run import Answer
from shudian.files import RESULTS, drafting, reason
from shudian.kinds import LANGUAGES, Figure, InputError, Language
from shudian.plain_text import json_text
from shudian.report import structures
from shudian.report.cautions import cautions
from shudian.report.csv_tables import write_tables
from shudian.report.figures import write_figures
from shudian.report.finding_text import basis_text, finding_text
from shudian.report.manifest import describe, identity
from shudian.report.parquet_tables import write_quantiles, write_yearly
from shudian.report.render.markdown import markdown
from shudian.report.run_document import whole
from shudian.report.spreadsheet import monthly_table, verdict_table


@contextmanager
def draft(out: Path | None) -> Iterator[Path]:
    """An empty folder beside the place where the results will stand; it is gone when the block ends.

    Raises InputError if `out` exists and is not an empty folder, or cannot be written to.
    """
    require_free(out)
    with sentences_for(out or RESULTS), drafting((out or RESULTS / "new").absolute().parent) as folder:
        yield folder


def require_free(out: Path | None) -> None:
    """Raise InputError if `out` exists and is not an empty folder, or is the one in which the command runs."""
    if out is None:
        return
    # a link that leads nowhere or to itself stands there too
    if os.path.lexists(out) and not (out.is_dir() and not any(out.iterdir())):
        raise InputError(
            "{path} already exists and is not an empty folder; results are never overwritten: name another", path=out
        )
    if out.absolute() == Path.cwd():
        raise InputError("this is the folder in which you are; name a new one with -o")


@contextmanager
def sentences_for(place: Path) -> Iterator[None]:
    """Turn a failure to write in `place` into one sentence."""
    try:
        yield
    except OSError as error:
        raise InputError("the results cannot be written there ({reason})", reason=reason(error)).at(place) from error


def publish(folder: Path, out: Path | None, digest: str) -> Path:
    """Move a complete draft to `out`, or to results/<time>-<digest>; returns where it stands."""
    place = out.absolute() if out else _free(folder.parent, digest)
    with sentences_for(place):
        if place.exists():
            place.rmdir()
        folder.rename(place)
    return place


def _free(parent: Path, digest: str) -> Path:
    now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    names = [f"{now}-{digest[:6]}", *(f"{now}-{digest[:6]}-{number}" for number in range(2, 100))]
    return next(parent / name for name in names if not (parent / name).exists())


def write(answer: Answer, reported: Sequence[Figure], folder: Path, language: Language, command: Sequence[str]) -> None:
    """Write data, tables, figures, summary and manifest of `answer` into the empty `folder`."""
    write_quantiles(answer.outcomes, folder / "monthly_quantiles.parquet")
    write_tables(
        [verdict_table(answer.verdicts), *structures.csv(answer.verdicts), monthly_table(answer.outcomes)], folder
    )
    write_yearly(answer.outcomes, folder / "yearly_draws.parquet")
    (folder / "summary.json").write_text(json_text(summary(answer.verdicts)), encoding="utf-8")
    (folder / "table.md").write_text(markdown(whole(answer.verdicts, language)), encoding="utf-8")
    write_figures(answer.outcomes, answer.verdicts, reported, folder / "figures", language)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    manifest = describe(answer, shlex.join(command), files)
    (folder / "manifest.json").write_text(json_text(manifest), encoding="utf-8")


def summary(verdicts: Verdicts) -> dict[str, Any]:
    """The verdicts as data: probabilities with their errors, definitions, amounts, labels in both languages."""
    return {
        "finding": {language: finding_text(verdicts, language) for language in LANGUAGES},
        "finding_numbers": asdict(verdicts.finding),
        "basis": {language: basis_text(verdicts, language) for language in LANGUAGES},
        "city": verdicts.city,
        "calibrated": verdicts.grounds.calibrated,
        "posterior": identity(verdicts.grounds),
        "draws": verdicts.draws,
        "seed": verdicts.seed,
        "year": YEAR,
        "asked": verdicts.pairing.asked,
        "reference": verdicts.reference,
        "definitions": {name: asdict(label) for name, label in verdicts.definitions.items()},
        "targets": {
            target.identifier: {
                "label": asdict(target.label),
                "threshold": target.threshold,
                "unit": target.unit,
                "measure": target.measure,
                "year": target.year,
                "definitions": dict(target.definitions),
                "judged_under": target.official_definition,
                "evidence": target.evidence,
                "note": asdict(target.note),
            }
            for target in verdicts.targets
        },
        "standing": {d: [asdict(standing) for standing in found] for d, found in verdicts.standing.items()},
        "measures": {
            m.name: {"variable": m.variable, "reading": m.reading, "unit": m.unit, "since": m.since, "year": m.year}
            for m in MEASURES
        },
        "warnings": [asdict(caution) for caution in cautions(verdicts)],
        "structures": structures.data(verdicts),
        "alike": [asdict(pair) for pair in verdicts.alike],
        "reported": [
            {
                "figure": comparison.figure.identifier,
                "phrase": comparison.figure.phrase,
                "printed": comparison.printed,
                "unit": comparison.figure.unit,
                "variable": comparison.variable.name,
                "start": comparison.start,
                "end": comparison.end,
                "model": asdict(comparison.model),
                "would_print": asdict(comparison.report),
                "inside": comparison.inside,
            }
            for comparison in verdicts.reported
        ],
        "scenarios": {
            row.scenario.name: {
                "title": asdict(row.scenario.title),
                "notes": [asdict(note) for note in row.scenario.notes],
                "targets": {t: {d: asdict(p) for d, p in found.items()} for t, found in row.targets.items()},
                "reference": verdicts.pairing.references[row.scenario.name],
                "original": verdicts.pairing.originals.get(row.scenario.name, ""),
                "against_reference": {d: asdict(gain) for d, gain in row.gains.items()},
                "measures": {name: asdict(band) for name, band in row.measures.items()},
                "additional": {name: asdict(band) for name, band in row.additional.items()},
                "changes": {name: asdict(band) for name, band in row.changes.items()},
                "against_original": {d: asdict(gain) for d, gain in row.turns.items()},
            }
            for row in verdicts.rows
        },
    }
