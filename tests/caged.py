"""Stand-ins for what PySD does in its process, some with a protection taken away, and the traces that they leave.

Each program is started in place of `shudian.exchange.pysd_worker.main` (see `program`).
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import importlib
import os
import runpy
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
from pysd.translators.structures import abstract_model as abstract

from shudian.exchange import pysd_source, pysd_worker
from shudian.exchange.model_file import ModelFile
from shudian.exchange.pysd_cage import Cage

PROOF = "proof"
"""What every attempt tries to leave behind: a file, a variable of the environment, a name among the built-in ones."""


def program(name: str, *words: str) -> str:
    """The program for a ModelProcess that calls the function `name` of this module with `words`."""
    return f"import sys; sys.path[:] = sys.argv[2:]; import caged; caged.{name}(*{words!r})"


def traces(folder: Path) -> list[str]:
    """What was left behind by code that ran."""
    files = [file.name for file in folder.iterdir() if not file.name.startswith("model.")]
    return files + [PROOF for place in (os.environ, vars(builtins)) if PROOF in place]


def _swallowed() -> None:
    with contextlib.suppress(Exception):
        os.system(f"touch {PROOF}")


def _module() -> None:
    Path("mine.py").write_text(f"open({PROOF!r}, 'w')\n", encoding="utf-8")
    runpy.run_path("mine.py")


def _moved() -> None:
    Path(PROOF).write_text("", encoding="utf-8")
    Path(PROOF).rename(Path.cwd().parent / "moved")


def attempts(elsewhere: str) -> Mapping[str, Callable[[], Any]]:
    """Things that no model needs to do; `elsewhere` is an existing file outside the process's folder."""
    return {
        "a shell": lambda: os.system(f"touch {elsewhere}.new"),
        "a shell whose refusal is swallowed": _swallowed,
        "a program": lambda: subprocess.run([sys.executable, "-c", f"open({elsewhere + '.new'!r}, 'w')"], check=False),
        "a copy of itself": lambda: os.fork() or os._exit(0),
        "a connection": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
        "a name on the network": lambda: socket.getaddrinfo("localhost", 80),
        "a server": lambda: socket.socket().bind(("127.0.0.1", 0)),
        "a file written elsewhere": lambda: Path(f"{elsewhere}.new").write_text("", encoding="utf-8"),
        "a file changed elsewhere": lambda: Path(elsewhere).write_text("changed", encoding="utf-8"),
        "a file added to": lambda: os.open(elsewhere, os.O_APPEND | os.O_WRONLY),
        "somebody's file": lambda: Path(elsewhere).read_text(encoding="utf-8"),
        "somebody's folder": lambda: list(Path(elsewhere).parent.iterdir()),
        "a file removed": lambda: Path(elsewhere).unlink(),
        "a file moved": _moved,
        "a link": lambda: Path(PROOF).symlink_to(elsewhere),
        "a folder": lambda: Path(f"{elsewhere}.folder").mkdir(),
        "rights": lambda: Path(elsewhere).chmod(0o777),
        "native code": lambda: ctypes.CDLL(None),
        "memory": lambda: ctypes.string_at(id(None), 1),
        "text as code": lambda: eval("1 + 1"),
        "lines as code": lambda: exec("a = 1"),
        "a module of its own": _module,
        "a module never used": lambda: __import__("smtplib"),
        "another process": lambda: os.kill(os.getppid(), 0),
    }  # fmt: skip


def attempt(elsewhere: str, cage: str = "closed") -> None:
    """A worker that makes the attempt that is named instead of building; its cage stays open if it is so told."""
    close = Cage.close

    def closing(own: Cage) -> None:
        pysd_worker.build = lambda names, *_: attempts(elsewhere)[str(names[0])]()
        if cage == "closed":
            close(own)

    Cage.close = closing  # type: ignore[method-assign]
    pysd_worker.main()


def busy(how: str) -> None:
    """A worker whose models take all the time or memory that they can get, or end it."""

    def build(*_: Any) -> Any:
        while how == "time":
            pass
        return [0] * 10**10 if how == "memory" else os._exit(3)

    close = Cage.close

    def closing(cage: Cage) -> None:
        pysd_worker.build = build
        close(cage)

    Cage.close = closing  # type: ignore[method-assign]
    pysd_worker.main()


def surroundings() -> None:
    """A worker that answers with its environment and its folder."""
    pysd_worker.Workshop.answer = lambda *_: ({"environment": dict(os.environ), "folder": str(Path.cwd())}, b"")  # type: ignore[method-assign]
    pysd_worker.main()


def fuzz(*without: str) -> None:
    """A worker that reads and builds whole files, batch by batch, and says what came of each.

    `without` names protections that are taken away: `reader` (PySD's own reads the file), `names` (variables keep
    theirs), `check` (the module that PySD writes is not checked), `cage`.
    """
    from shudian.exchange.export import baseline_file
    from shudian.exchange.model_file import read_model_file
    from shudian.exchange.plain_model import plain_model

    # networkx compiles functions at their first use, which is no act of a file
    circle = nx.DiGraph([(1, 2), (2, 1)])
    assert nx.find_cycle(circle)
    assert [*nx.strongly_connected_components(circle)]
    assert not [*nx.nodes_with_selfloops(circle)]
    if "check" in without:
        pysd_source.check_source = lambda *_: None
    if "cage" in without:
        Cage.close = lambda _: None  # type: ignore[method-assign]

    def one(workshop: pysd_worker.Workshop, suffix: str, text: str) -> str:
        path = workshop.folder / f"model{suffix}"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        try:
            if "reader" in without:
                _run_by_pysd(_read_by_pysd(path), workshop.cage)
            elif "names" in without:
                _run_by_pysd(_with_its_names(read_model_file(path)), workshop.cage)
            else:
                pysd_worker.build(plain_model(read_model_file(path)).variables, workshop.folder, workshop.cage)
            said = "built"
        except Exception as error:  # noqa: BLE001 - the test says which are right
            said = f"{type(error).__name__}: {error}"
        return said

    def answer(workshop: pysd_worker.Workshop, header: dict[str, Any], _: bytes) -> tuple[dict[str, Any], bytes]:
        outcomes = []
        for suffix, text in header["files"]:
            workshop.cage.refused.clear()
            said = one(workshop, suffix, text)
            left = [*workshop.cage.refused, *traces(workshop.folder)]
            outcomes.append([said, left])
            os.environ.pop(PROOF, None)
            vars(builtins).pop(PROOF, None)
            for file in workshop.folder.iterdir():
                file.unlink()
        return {"outcomes": outcomes}, b""

    close = Cage.close

    def closing(cage: Cage) -> None:
        pysd_worker.Workshop.answer = answer  # type: ignore[method-assign]
        close(cage)

    Cage.close = closing  # type: ignore[method-assign]
    importlib.import_module("pysd.translators.vensim.vensim_file")
    importlib.import_module("pysd.translators.xmile.xmile_file")
    # once while all is still allowed, because what the readers stand on loads parts of itself late
    read_model_file(baseline_file("mdl"))
    pysd_worker.main()


def _read_by_pysd(path: Path) -> Any:
    from pysd.translators.vensim.vensim_file import VensimFile
    from pysd.translators.xmile.xmile_file import XmileFile

    file = VensimFile(path, encoding="utf-8") if path.suffix == ".mdl" else XmileFile(path)
    file.parse()
    return file.get_abstract_model()


def _with_its_names(file: ModelFile) -> Any:
    trees = {"saveper": 1.0, **file.trees}
    elements = tuple(abstract.AbstractElement(n, [abstract.AbstractComponent(([], []), t)]) for n, t in trees.items())
    path = file.path.with_suffix(".py")
    section = abstract.AbstractSection("__main__", path, "main", [], [], (), elements, (), (), False, None)
    return abstract.AbstractModel(path, (section,))


def _run_by_pysd(model: Any, cage: Cage) -> None:
    import pysd
    from pysd.builders.python.python_model_builder import ModelBuilder

    built = ModelBuilder(model).build_model()
    pysd_source.check_source(built.read_text(encoding="utf-8"), pysd.__version__)
    cage.checked = os.path.realpath(built)
    pysd.load(built).run(final_time=1)
