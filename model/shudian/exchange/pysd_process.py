"""A process of its own for PySD, which writes Python source and runs it: whatever a stranger's model does stays in it.

The process gets an environment that holds nothing of ours, a folder of its own and limits of time and memory; it is
told data and answers data. It ends with this one, whatever ends this one.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, cast

import shudian
from shudian.exchange.pysd_worker import Message, receive, send

SECONDS = 120
"""What one request may take; to build the shipped model or to run it once takes less than one."""
MEBIBYTES = 1024
"""What models may take beside PySD itself; the shipped one takes 20."""
_LARGEST_ANSWER = 2**28
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
"""Of the environment, what Python itself may need to start."""
_PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from shudian.exchange.pysd_worker import main; main()"


class ProcessEndedError(Exception):
    """The process ended without an answer."""


class TooSlowError(ProcessEndedError):
    """The process was ended because the answer took too long."""


class ModelProcess:
    """A process that builds and runs models; it starts when it is first asked, and again if it has ended."""

    def __init__(self, seconds: float = SECONDS, mebibytes: int = MEBIBYTES, program: str = _PROGRAM) -> None:
        self.seconds, self.mebibytes, self.program = seconds, mebibytes, program
        self._running: subprocess.Popen[bytes] | None = None
        self._folder = ""
        self._asking = threading.Lock()

    def ask(self, request: Mapping[str, Any], numbers: bytes = b"") -> Message:
        """The answer to `request`; raises ProcessEndedError if there was none."""
        with self._asking:
            running = self._running
            if running is None or running.poll() is not None:
                running = self._start()
            return self._answer(running, self.seconds, request, numbers)

    def close(self) -> None:
        """End the process, if there is one, and remove its folder."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            for stream in (self._running.stdin, self._running.stdout):
                with contextlib.suppress(OSError):
                    cast(BinaryIO, stream).close()
            self._running = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    def _start(self) -> subprocess.Popen[bytes]:
        self.close()
        self._folder = os.path.realpath(tempfile.mkdtemp(prefix="shudian-pysd-"))
        settings = {"folder": self._folder, "seconds": self.seconds, "mebibytes": self.mebibytes}
        # more threads than one would each take memory, and the models are too small for them
        own = bare_environment() | {
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "HOME": self._folder,
            "TMP": self._folder,
        }
        self._running = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", "-c", self.program, json.dumps(settings), *module_places()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self._folder, env=own,
            **_apart(),
        )  # fmt: skip
        self._answer(self._running, SECONDS)
        return self._running

    def _answer(
        self,
        running: subprocess.Popen[bytes],
        seconds: float,
        request: Mapping[str, Any] | None = None,
        numbers: bytes = b"",
    ) -> Message:
        """What the process says next, after `request` if there is one."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            running.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            if request is not None:
                send(cast(BinaryIO, running.stdin), request, numbers)
            return receive(cast(BinaryIO, running.stdout), _LARGEST_ANSWER)
        except (EOFError, OSError, ValueError):
            self.close()
            raise (TooSlowError if late.is_set() else ProcessEndedError) from None
        except BaseException:
            # interrupted in the middle of a message, so that the next answer would be that of this request
            self.close()
            raise
        finally:
            timer.cancel()


def model_process() -> ModelProcess:
    """The process that this one uses, ended at its end."""
    return _process_of(os.getpid())


@cache
def _process_of(_ours: int) -> ModelProcess:
    process = ModelProcess()
    atexit.register(process.close)
    return process


def bare_environment() -> dict[str, str]:
    """Of this process's environment what Python needs to start, and nothing of the person's."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def module_places() -> list[str]:
    """Where this process finds its modules, without the folder in which it was started: a person's files lie there."""
    root = str(Path(shudian.__file__).parents[1])
    here = os.path.realpath(os.curdir)
    found = [place for place in sys.path if Path(place).is_absolute() and os.path.realpath(place) != here]
    return list(dict.fromkeys([root, *found]))


def _apart() -> dict[str, Any]:
    """That Ctrl-C reaches this process alone, which then ends the other."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}
