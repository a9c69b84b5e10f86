"""A folder of results: written beside its place and moved there when complete, so that no half of one exists."""

from __future__ import annotations

import datetime
import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shudian.files import RESULTS, drafting, reason
from shudian.kinds import LANGUAGES, InputError, Language
from shudian.plain_text import json_text
from shudian.report.document import Document
from shudian.report.manifest import MANIFEST, Origin, describe, identity
from shudian.report.render import sheets
from shudian.report.render.csv_tables import CsvTable, write_tables
from shudian.report.render.data import finding_lines, records
from shudian.report.render.markdown import markdown
from shudian.report.table_book import table_book


@dataclass(frozen=True, slots=True)
class Output:
    """What an answer leaves in its folder, besides the manifest."""

    origin: Origin
    document: Callable[[Language], Document]
    """All that was found, for people."""
    tables: tuple[CsvTable, ...]
    """The same as data; those that a person can read stand in the workbook too."""
    draw: Callable[[Path, Language], object]
    """Writes the figures into a folder."""
    summary: Mapping[str, Any] = field(default_factory=dict)
    """What summary.json tells beside finding, ground and tables."""
    add: Callable[[Path], None] = lambda _folder: None
    """Writes what no other question has."""


@contextmanager
def draft(out: Path | None) -> Iterator[Path]:
    """An empty folder beside the place where the results will stand; it is gone when the block ends.

    Raises InputError if `out` exists and is not an empty folder, or cannot be written to.
    """
    require_free(out)
    with sentences_for(out or RESULTS), drafting((out or RESULTS / "new").resolve().parent) as folder:
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
    if out.resolve() == Path.cwd().resolve():
        raise InputError("this is the folder in which you are; name a new one with -o")


@contextmanager
def sentences_for(place: Path) -> Iterator[None]:
    """Turn a failure to write in `place` into one sentence."""
    try:
        yield
    except OSError as error:
        raise InputError("the results cannot be written there ({reason})", reason=reason(error)).at(place) from error


def publish(folder: Path, out: Path | None, digest: str) -> Path:
    """Move a complete draft to `out`, or to results/<time>-<digest>; returns where it stands.

    Where something has come to stand at `out` meanwhile, it stands beside that, under a name of its own.
    """
    if out:
        place = out.resolve()
        try:
            if place.exists():
                place.rmdir()
            folder.rename(place)
        except OSError:
            if not place.exists():
                raise
        else:
            return place
    with sentences_for(out or RESULTS):
        while True:
            place = _free(folder.parent, digest)
            try:
                folder.rename(place)
            except OSError:
                if not place.exists():
                    raise
            else:
                return place


def _free(parent: Path, digest: str) -> Path:
    now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    names = [f"{now}-{digest[:6]}", *(f"{now}-{digest[:6]}-{number}" for number in range(2, 100))]
    return next(parent / name for name in names if not (parent / name).exists())


def write(output: Output, folder: Path, language: Language, command: Sequence[str]) -> None:
    """Write document, tables, workbook, data, figures and manifest of an answer into the empty `folder`."""
    (folder / "table.md").write_text(markdown(output.document(language)), encoding="utf-8")
    write_tables(output.tables, folder)
    sheets.save(table_book(output.document(language), output.tables, language), folder / "tables.xlsx")
    (folder / "summary.json").write_text(json_text(_summary(output)), encoding="utf-8")
    figures = folder / "figures"
    figures.mkdir()
    output.draw(figures, language)
    output.add(folder)
    seal(output.origin, folder, shlex.join(command))


def seal(origin: Origin, folder: Path, command: str) -> None:
    """Write the manifest, which names every file of `folder` by its hash."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    (folder / MANIFEST).write_text(json_text(describe(origin, command, files)), encoding="utf-8")


def _summary(output: Output) -> dict[str, Any]:
    origin = output.origin
    ground = {
        "question": origin.question,
        "finding": {language: "\n".join(finding_lines(output.document(language))) for language in LANGUAGES},
        "city": origin.city,
        "calibrated": origin.grounds.calibrated,
        "posterior": identity(origin.grounds),
    }
    # what is told in full stands there already
    tables = {} if output.summary else {"tables": {table.stem: records(table) for table in output.tables}}
    return ground | tables | dict(output.summary)
