"""What the process that runs a stranger's model may do: compute, and use its own folder.

Python's audit events are refused unless they are listed here, on every system. Where the system can, it also limits
memory, processor time and the size of files and takes the network away; where it cannot, that is left out.
Source: https://docs.python.org/3/library/audit_events.html and the Linux pages unshare(2), prctl(2), setrlimit(2).
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import CodeType
from typing import Any

MEBIBYTE = 2**20
_HARMLESS = frozenset({
    "compile", "marshal.loads", "object.__getattr__", "object.__setattr__", "object.__delattr__", "sys._getframe",
    "sys._getframemodulename", "code.__new__", "function.__new__", "builtins.id", "array.__new__", "gc.get_referents",
    "resource.setrlimit",
})  # fmt: skip
_LISTINGS = frozenset(["os.listdir", "os.scandir"])
_REMOVALS = frozenset(["os.remove", "os.rmdir", "shutil.rmtree"])
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NEW_USER, _NEW_NETWORK, _NO_NEW_PRIVILEGES = 0x10000000, 0x40000000, 38
_LARGEST_FILE = 64 * MEBIBYTE


class ForbiddenError(PermissionError):
    """The model asked for something that no model needs."""


class Cage:
    """The rules of this process, in force from `close` on and for ever."""

    def __init__(self, folder: Path) -> None:
        self.folder = os.path.realpath(folder)
        self.refused: list[str] = []
        """What was asked for and refused, oldest first."""
        self.checked = ""
        """The file whose code may be run."""
        self._readable = tuple(os.path.realpath(place) for place in [*sys.path, sys.prefix, sys.base_prefix] if place)

    def close(self) -> None:
        """Refuse from now on what no model needs."""
        sys.addaudithook(self._judge)

    def _judge(self, event: str, given: tuple[Any, ...]) -> None:
        if event in _HARMLESS or self._may(event, given):
            return
        named = (part.co_filename if isinstance(part, CodeType) else part for part in given)
        what = next((str(part)[:200] for part in named if isinstance(part, (str, bytes, Path))), "")
        self.refused.append(f"{event} {what}".strip())
        raise ForbiddenError(event)

    def _may(self, event: str, given: tuple[Any, ...]) -> bool:
        if event == "open":
            path, mode, flags = given
            writes = bool(flags & _WRITES) if isinstance(flags, int) else set(mode or "") & set("wax+") != set()
            return isinstance(path, int) or self._owns(path) or (not writes and self._reads(path))
        if event == "exec":
            return isinstance(given[0], CodeType) and self._runs(given[0].co_filename)
        if event == "import":
            # PySD and what it stands on load parts of themselves late; they are found where they were installed
            return str(given[0]).partition(".")[0] in sys.modules
        if event in _LISTINGS:
            return self._owns(given[0]) or self._reads(given[0])
        return event in _REMOVALS and self._owns(given[0])

    def _runs(self, file: str) -> bool:
        return file == self.checked or (not self._owns(file) and self._reads(file))

    def _owns(self, path: Any) -> bool:
        return _within(path, (self.folder,))

    def _reads(self, path: Any) -> bool:
        return _within(path, self._readable)


def _within(path: Any, folders: tuple[str, ...]) -> bool:
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False
    place = os.path.realpath(os.fsdecode(path))
    return any(place == folder or place.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)


def leave_network() -> None:
    """Give this process a network of its own, in which nothing is, where Linux permits it; before any thread starts."""
    if sys.platform != "linux":
        return
    import ctypes

    system = ctypes.CDLL(None)
    if system.unshare(_NEW_USER | _NEW_NETWORK) != 0:
        system.unshare(_NEW_NETWORK)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def limit_memory(mebibytes: int) -> None:
    """Let this process take `mebibytes` more memory than now, start no other and write small files only."""
    with contextlib.suppress(ImportError):
        import resource

        limits = {
            resource.RLIMIT_AS: _memory() + mebibytes * MEBIBYTE,
            resource.RLIMIT_FSIZE: _LARGEST_FILE,
            resource.RLIMIT_NPROC: 0,
            resource.RLIMIT_CORE: 0,
        }
        for kind, limit in limits.items():
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(kind, (limit, limit))


def limit_seconds(seconds: float) -> None:
    """Let this process compute for `seconds` more, by the processor's clock."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, resource.RLIM_INFINITY))


def _memory() -> int:
    """The address space of this process in bytes; a guess where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 4096 * MEBIBYTE
    return pages * os.sysconf("SC_PAGE_SIZE")
