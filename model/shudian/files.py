"""The disk: files of strangers are read within limits, and ours are written whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4
from xml.parsers.expat import ExpatError, ParserCreate

from shudian.kinds import InputError, Phrase

if sys.platform != "win32":
    import fcntl

State = tuple[tuple[str, int, int, int, bytes], ...]

LARGEST_FILE = 1_000_000
"""Bytes; a scenario or parameter file is a few kilobytes."""
RESULTS = Path("results")
"""Where results go if nobody says where."""
_DRAFT = re.compile(r"\.shudian-[0-9a-f]{8}")
_COARSE = 5.0
"""Seconds, more than lie between two times that a file system tells apart."""
_SURELY_OLD = 86_400.0
"""Seconds: no command runs for a day."""


def read_bytes(path: Path, most: int = LARGEST_FILE) -> bytes:
    """The content of the file at `path`.

    Raises InputError for what is missing or has more than `most` bytes, and for folders, pipes and devices, which have
    no end or would be waited for.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise InputError("this is a pipe or a device; only files are read").at(path)
            content = file.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        raise InputError("the file cannot be read ({reason})", reason=reason(error)).at(path) from None
    if len(content) > most:
        size = max(status.st_size, len(content))
        raise InputError(
            "the file has {size:,} bytes; at most {most:,} are read. Is it the right file?", size=size, most=most
        ).at(path)
    return content


def state_of(folder: Path) -> State:
    """Another one whenever one of the TOML files of `folder` is another; raises InputError as `read_bytes`.

    A file goes by its name, its number, its size and the time of its last change, or by its content where that is so
    recent that the next change may be given the same time.
    """
    return tuple(_state_of_file(path) for path in sorted(folder.glob("*.toml")))


def _state_of_file(path: Path) -> tuple[str, int, int, int, bytes]:
    with suppress(OSError):
        found = path.stat()
        if stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime > _COARSE:
            return path.name, found.st_ino, found.st_size, found.st_mtime_ns, b""
    return path.name, 0, 0, 0, read_bytes(path)


def _without_waiting(path: str, flags: int) -> int:
    # opening a pipe to which nobody writes would wait for ever
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def declares_document_type(xml: bytes) -> bool:
    """Whether `xml` declares a document type, which could name entities that grow without end.

    The parser looks, not a search: the declaration may stand in any encoding. What is no XML declares nothing.
    """
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _stop
    try:
        parser.Parse(xml, True)
    except _DocumentTypeError:
        return True
    except (ExpatError, ValueError, LookupError):
        pass
    return False


class _DocumentTypeError(Exception):
    pass


def _stop(*_: object) -> None:
    raise _DocumentTypeError


def reason(error: Exception) -> Phrase:
    """What the system says of a failure, in its own words."""
    if not isinstance(error, OSError):
        return Phrase("no file can have this name")
    # a library may have put words of its own into strerror
    said = os.strerror(error.errno) if error.errno else str(error)
    return Phrase(said) if said else Phrase("unknown")


def check_free(path: Path, replace: bool = False) -> None:
    """Raise InputError if `path` exists and is not to be replaced, is no file that could be, or has no folder."""
    folder = path.parent.absolute()
    if not folder.is_dir() and folder != RESULTS.absolute():
        raise InputError(
            "{path} cannot be written, because there is no folder {folder}; make it first", path=path, folder=folder
        )
    # a link that leads nowhere or to itself stands there too
    taken = os.path.lexists(path)
    if taken and not replace:
        raise InputError("{path} already exists and is left as it is; choose another name", path=path)
    if taken and not path.is_file():
        raise InputError("{path} is no file that could be replaced; choose another name", path=path)


@contextmanager
def writing(path: Path, replace: bool = False) -> Iterator[Path]:
    """Where to write what shall stand at `path`: when the block ends, it is moved there at once.

    Raises InputError if it cannot be written, or if `path` exists and `replace` is not set.
    """
    check_free(path, replace)
    with told(path), drafting(path.parent) as folder:
        draft = folder / path.name
        yield draft
        check_free(path, replace)
        draft.replace(path)


def write_text(path: Path, text: str, replace: bool = False) -> None:
    """Write `text` to `path` at once; raises InputError if it cannot be written, or exists and `replace` is not set."""
    with writing(path, replace) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn a failure to write `path` into one sentence."""
    try:
        yield
    except (OSError, UnicodeError) as error:
        raise InputError("{path} cannot be written ({reason})", path=path, reason=reason(error)) from None


@contextmanager
def drafting(parent: Path) -> Iterator[Path]:
    """A new folder in `parent` for what is moved to its place when it is complete; it is gone when the block ends.

    `parent` is made if need be, and removed again if nothing came to stand in it; such folders of runs that were killed
    are removed. Raises OSError if it cannot be written to.
    """
    made = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    folder, lock = None, None
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(parent)
        folder, lock = _locked(parent)
        yield folder
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)
        with suppress(OSError):  # it is not empty
            for each in made:
                each.rmdir()


def _locked(parent: Path) -> tuple[Path, int | None]:
    while True:
        folder = parent / f".shudian-{uuid4().hex[:8]}"
        folder.mkdir()
        with suppress(BlockingIOError, FileNotFoundError):  # another run took it for a leftover
            return folder, _lock(folder)


def _remove_leftovers(parent: Path) -> None:
    """Remove the drafts that nobody writes any more."""
    for folder in [path for path in parent.iterdir() if _DRAFT.fullmatch(path.name)]:
        with suppress(OSError):  # another run writes it, or has just removed it
            lock = _lock(folder)
            if lock is not None or time.time() - folder.stat().st_mtime > _SURELY_OLD:
                shutil.rmtree(folder, ignore_errors=True)
            if lock is not None:
                os.close(lock)


def _lock(folder: Path) -> int | None:
    """A handle that keeps others from locking `folder` for as long as this process lives.

    None where the system cannot lock a folder. Raises BlockingIOError if another process has done so, and
    FileNotFoundError if the folder is gone.
    """
    if sys.platform == "win32":
        return None
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.stat()
    except (BlockingIOError, FileNotFoundError):
        os.close(handle)
        raise
    except OSError:
        os.close(handle)
        return None
    return handle
