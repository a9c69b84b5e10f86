"""Opening a spreadsheet that somebody sent: nothing in it is run, and nothing in it may grow without end."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from shudian.files import declares_document_type, read_bytes
from shudian.kinds import InputError

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".et", ".ods")
"""Endings of spreadsheets; only the first is read, the others are refused with a sentence that says so."""
LARGEST_CONTENT = 20_000_000
"""Bytes of everything in the file, unpacked; a filled-in workbook has about two hundred thousand."""
MOST_MERGED = 100_000
"""Cells that may be merged into others."""


def is_workbook(path: Path) -> bool:
    """Whether `path` has a spreadsheet's ending."""
    return path.suffix.lower() in WORKBOOKS


def read_spreadsheet(path: Path) -> bytes:
    """The content of the workbook at `path`, of which nothing has been parsed yet.

    Raises InputError for what is too large, has macros or is no plain workbook.
    """
    if path.suffix.lower() != ".xlsx":
        raise InputError("a scenario is read from an Excel workbook without macros; save it as .xlsx").at(path)
    content = read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            if unpacked > LARGEST_CONTENT:
                raise InputError(
                    "unpacked, the workbook has {size:,} bytes; at most {most:,} are read. Is it the right file?",
                    size=unpacked,
                    most=LARGEST_CONTENT,
                ).at(path)
            if any(part.filename.lower().endswith((".bin", ".vba")) and "vba" in part.filename.lower()
                   for part in parts.infolist()):  # fmt: skip
                raise InputError("the workbook contains macros; save it as .xlsx without them").at(path)
            for part in parts.infolist():
                _check_part(path, parts.read(part))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        _damaged(path)
    return content


def _check_part(path: Path, content: bytes) -> None:
    # a spreadsheet never declares a document type
    if declares_document_type(content):
        _damaged(path)
    # the reader makes a cell of every one that a merged area covers
    merged, plain = 0, content.replace(b"\0", b"")  # as in UTF-16
    for area in re.finditer(rb"""mergeCell\b[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""", plain):
        rows = abs(int(area[4]) - int(area[2])) + 1
        merged += rows * (abs(_column(area[3]) - _column(area[1])) + 1)
    if merged > MOST_MERGED:
        raise InputError(
            "the workbook merges {count:,} cells; at most {most:,} may be. Undo it", count=merged, most=MOST_MERGED
        ).at(path)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def open_spreadsheet(path: Path, content: bytes, computed: bool) -> Workbook:
    """The workbook with the `content` of the file at `path`: the results that were saved with its formulas, or, not
    `computed`, what was written.

    Raises InputError if it is damaged.
    """
    import openpyxl

    try:
        with warnings.catch_warnings():
            # it warns of drop-downs and colours that it does not keep, none of which is read here
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(content), data_only=computed, keep_links=False)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError, OSError, zlib.error,
            zipfile.BadZipFile, RuntimeError, NotImplementedError):  # fmt: skip
        _damaged(path)


def _damaged(path: Path) -> NoReturn:
    raise InputError(
        "this is not an Excel workbook, or it is damaged or locked with a password; make a new one with: "
        "shudian new {name} --xlsx",
        name=path.stem,
    ).at(path)
