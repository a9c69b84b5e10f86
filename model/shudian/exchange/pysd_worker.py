"""The process in which PySD builds and runs models: started by pysd_process, and told and asked data only.

A message is the lengths of its two parts, a JSON object and float64 numbers.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import struct
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

from shudian.exchange.pysd_cage import Cage, ForbiddenError, leave_network, limit_memory, limit_seconds

Message = tuple[dict[str, Any], bytes]
_LENGTHS = struct.Struct("<QQ")
_MODELS = 4
"""Models that are kept; an older one is built anew when it is asked for again."""
_FILE = "model.py"
_DEEPEST = 3000
"""Calls inside one another: sums and chains of hundreds of parts need more than Python allows."""
_SAMPLE = [
    ["initial_time", 0.0],
    ["final_time", 1.0],
    ["time_step", 1.0],
    ["saveper", 1.0],
    ["v1", {"IntegStructure": [1.0, 0.5, False]}],
]
"""Run once while all is still allowed, because what PySD stands on loads parts of itself late."""


def send(stream: BinaryIO, header: Mapping[str, Any], numbers: bytes = b"") -> None:
    """Write one message."""
    text = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(text), len(numbers)) + text + numbers)
    stream.flush()


def receive(stream: BinaryIO, largest: int = sys.maxsize) -> Message:
    """Read one message; raises EOFError where the stream ends, ValueError for more than `largest` bytes."""
    text, numbers = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if text + numbers > largest:
        raise ValueError("a message is too long")
    return json.loads(_exactly(stream, text)), _exactly(stream, numbers)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def main() -> None:
    """Answer requests until the other side closes its end, or dies."""
    settings = json.loads(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setrecursionlimit(_DEEPEST)
    leave_network()
    requests, answers = _own_streams()
    workshop = Workshop(Path(settings["folder"]))
    arrived: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, arrived, workshop.folder), daemon=True).start()
    limit_memory(settings["mebibytes"])
    workshop.cage.close()
    send(answers, {"ready": True})
    while True:
        header, numbers = arrived.get()
        limit_seconds(settings["seconds"])
        send(answers, *workshop.answer(header, numbers))


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """The two ends of the conversation, out of the way of whatever prints."""
    streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return streams


def _listen(requests: BinaryIO, arrived: queue.SimpleQueue[Message], folder: Path) -> None:
    with contextlib.suppress(EOFError, OSError, ValueError):
        while True:
            arrived.put(receive(requests))
    # the other side is gone, perhaps by force, and nobody else would tidy up
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    os._exit(0)


class Workshop:
    """Where models are built and run, in `folder`; its cage is still open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cage = Cage(folder)
        self.models: dict[int, Any] = {}
        _load_pysd()
        self.answer({"do": "build", "model": 0, "variables": _SAMPLE}, b"")
        self.answer({"do": "run", "model": 0, "values": {}, "series": [], "outputs": ["v1"], "times": 2}, b"")
        self.models.clear()

    def answer(self, header: dict[str, Any], numbers: bytes) -> Message:
        """What came of the request, or why nothing did: `failed` and, if known, the variable at fault."""
        before = len(self.cage.refused)
        try:
            answer = self._build(header) if header["do"] == "build" else self._run(header, numbers)
        except Exception as error:  # noqa: BLE001 - what an equation raises is not known
            answer = {"failed": _why(error), "name": _where(error, self.cage.checked)}, b""
        refused = self.cage.refused[before:]
        # whoever asked for it may have swallowed the refusal
        return ({"failed": "forbidden", "name": "", "refused": refused}, b"") if refused else answer

    def _build(self, header: dict[str, Any]) -> Message:
        while len(self.models) >= _MODELS:
            del self.models[next(iter(self.models))]
        self.models[header["model"]] = build(header["variables"], self.folder, self.cage)
        return {}, b""

    def _run(self, header: dict[str, Any], numbers: bytes) -> Message:
        import numpy as np

        model = self.models.get(header["model"])
        if model is None:
            return {"failed": "unknown", "name": ""}, b""
        params: dict[str, Any] = dict(header["values"])
        if header["series"]:
            rows = np.frombuffer(numbers).reshape(len(header["series"]), -1)
            params |= {
                name: _stepwise(model, row, header["steps"]) for name, row in zip(header["series"], rows, strict=True)
            }
        names = header["outputs"]
        with np.errstate(all="ignore"):
            table = model.run(
                params=params, return_columns=names, return_timestamps=list(range(header["times"])), progress=False
            )
        return {}, np.ascontiguousarray(table[names].to_numpy(dtype=np.float64).T).tobytes()


def build(variables: Sequence[Sequence[Any]], folder: Path, cage: Cage) -> Any:
    """The PySD model of `variables`, each of which is its name and its packed equation.

    Raises NotPlainError or NotComputingError if anything in them is not on the lists.
    """
    import pysd
    from pysd.builders.python.python_model_builder import ModelBuilder

    from shudian.exchange.pysd_source import check_source

    path = folder / _FILE
    ModelBuilder(_abstract(variables, path)).build_model()
    check_source(path.read_text(encoding="utf-8"), pysd.__version__)
    cage.checked = os.path.realpath(path)
    return pysd.load(path)


def _abstract(variables: Sequence[Sequence[Any]], path: Path) -> Any:
    from pysd.translators.structures import abstract_model as abstract

    from shudian.exchange.pysd_source import NAME
    from shudian.exchange.pysd_syntax import NotPlainError, plain, unpack
    from shudian.exchange.variables import CONTROL

    trees = {str(name): unpack(packed) for name, packed in variables}

    def name_of(name: str) -> str:
        if name not in trees and name != "time":
            raise NotPlainError
        return name

    elements = []
    for name, tree in trees.items():
        if not NAME.fullmatch(name):
            raise NotPlainError
        element = abstract.AbstractControlElement if name in CONTROL else abstract.AbstractElement
        elements.append(element(name, [abstract.AbstractComponent(([], []), plain(tree, name_of))]))
    section = abstract.AbstractSection("__main__", path, "main", [], [], (), tuple(elements), (), (), False, None)
    return abstract.AbstractModel(path, (section,))


def _load_pysd() -> None:
    """Load all that PySD stands on, before the cage is closed."""
    import pysd  # noqa: F401
    from pysd.builders.python import python_model_builder

    warnings.simplefilter("ignore")
    # PySD lays its module out for readers, which takes ten times as long as all the rest, and nobody reads it
    python_model_builder.black = SimpleNamespace(format_file_contents=lambda text, **_: text, FileMode=lambda: None)


def _stepwise(model: Any, row: Any, steps: int) -> Callable[[], float]:
    """A variable that takes the next number of `row` at each step."""
    return lambda: float(row[min(round(float(model.time()) * steps), len(row) - 1)])


def _why(error: Exception) -> str:
    kinds: dict[type[Exception], str] = {
        ForbiddenError: "forbidden",
        MemoryError: "memory",
        ZeroDivisionError: "zero",
        OverflowError: "large",
        RecursionError: "deep",
    }
    return next((why for kind, why in kinds.items() if isinstance(error, kind)), "other")


def _where(error: Exception, file: str) -> str:
    """The variable that was being computed, as the module calls it."""
    frames = [frame.name for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return next((name for name in reversed(frames) if name.isidentifier()), "")
