"""How a command ends when it is stopped: in one sentence, with everything on the way out cleared up.

Imported before everything else and importing little, because a person may press Ctrl-C while the rest is loaded.
"""

from __future__ import annotations

import _thread
import errno
import io
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

INTERRUPTED = 130
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl-C, a system that ends a program, a terminal that is closed, and Windows' Ctrl-Break."""
_IMPATIENT = 1.0
"""Seconds in which more signals are the same one: they must not stop the clearing up."""


@contextmanager
def ended_well() -> Iterator[None]:
    """End the process with an exit code after what is done inside, which any of _SIGNALS ends as Ctrl-C does.

    A reader of the output who leaves (`| head`) ends nothing, and output that cannot be written is told at the end.
    Within itself, and in a thread, it does nothing.
    """
    on_main_thread = threading.current_thread() is threading.main_thread()
    if not on_main_thread or isinstance(signal.getsignal(signal.SIGINT), _Stop):
        yield
        return
    stop, outlets, streams, hook = _Stop(), *_patient_outlets(), sys.unraisablehook
    handlers = {number: signal.signal(number, stop) for number in _default_signals()}
    sys.unraisablehook = stop.once_more
    try:
        yield
        code: int | str | None = 0
    except SystemExit as end:
        code = end.code
    except BaseException as error:
        # on its way out an interrupt may become another error, as in an import
        if not (stop.number or isinstance(error, KeyboardInterrupt)):
            raise
        stop.deaf = True
        code = _told("said_interrupted", INTERRUPTED)
    finally:
        stop.deaf = True
        sys.stdout.flush()
        sys.stderr.flush()
        for number, handler in handlers.items():
            signal.signal(number, handler)
        sys.stdout, sys.stderr = streams
        sys.unraisablehook = hook
    failure = next((outlet.failure for outlet in outlets if outlet.failure), None)
    if failure and not code:
        code = _told("said_no_output", 2, reason=failure.strerror)
    sys.exit(128 + stop.number if code == INTERRUPTED and stop.number else code)


class _Stop:
    """Hears a signal and makes of it what Ctrl-C does, until it is `deaf`; `number` is the signal's, or 0."""

    def __init__(self) -> None:
        self.number = 0
        self.deaf = False
        self._heard = -_IMPATIENT

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if self.deaf or time.monotonic() - self._heard < _IMPATIENT:
            return
        self.number, self._heard = self.number or number, time.monotonic()
        raise KeyboardInterrupt

    def once_more(self, swallowed: sys.UnraisableHookArgs) -> None:
        """Interrupt again if a destructor or a callback, from which nothing can be raised, was interrupted."""
        if issubclass(swallowed.exc_type, KeyboardInterrupt):
            self._heard = -_IMPATIENT
            threading.Timer(0.05, self._interrupt).start()
        elif not (issubclass(swallowed.exc_type, OSError) or swallowed.exc_type.__module__ == "lxml.etree"):
            # what a file or an XML writer could not write has been told already
            sys.__unraisablehook__(swallowed)

    def _interrupt(self) -> None:
        if not self.deaf:
            _thread.interrupt_main()


def _default_signals() -> list[signal.Signals]:
    """The signals that nobody has told this process to leave unheard, as nohup does."""
    known = [signal.Signals[name] for name in _SIGNALS if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler)]


class _Outlet(io.RawIOBase):
    """A file to which all can be written, although its reader has left or its disk is full; `failure` is the latter."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, data: ReadableBuffer) -> int | None:
        try:
            return self._file.write(data)
        except OSError as error:
            # a reader who has left is another error in Windows
            if not (error.errno == errno.EPIPE or (sys.platform == "win32" and error.errno == errno.EINVAL)):
                self.failure = error
            return len(memoryview(data).cast("B"))

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._file.isatty()

    def fileno(self) -> int:
        return self._file.fileno()


def _patient_outlets() -> tuple[list[_Outlet], tuple[TextIO, TextIO]]:
    """Put an _Outlet behind standard output and standard error; also returns what stood there."""
    before, outlets = (sys.stdout, sys.stderr), []
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        buffer = getattr(stream, "buffer", None)
        raw = getattr(buffer, "raw", buffer)  # with PYTHONUNBUFFERED there is no buffer
        if stream is None:  # the shell has closed it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif isinstance(raw, io.FileIO):
            stream.flush()
            outlets.append(_Outlet(raw))
            setattr(sys, name, io.TextIOWrapper(
                io.BufferedWriter(outlets[-1]), stream.encoding, stream.errors,
                line_buffering=stream.line_buffering or raw is buffer,
            ))  # fmt: skip
    return outlets, before


def _told(key: str, code: int, **values: object) -> int:
    """Say the text `key` on standard error; returns `code`."""
    from shudian.wording import help_language, say

    print(say(key, help_language(), **values), file=sys.stderr)
    return code
