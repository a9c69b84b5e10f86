"""Does a command that cannot go on say so in one sentence and leave nothing behind: no half of a file, no process?

Stopped by signals, by disks that are full, by readers who leave, and by files that never end. Does not establish what
Windows does (its branches are not reached here), nor that a power cut loses nothing.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
import typing
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from commands import Terminal
from shudian import cli
from shudian.answers import book as book_answers
from shudian.answers import run as run_answers
from shudian.answers import workshop as workshop_answers
from shudian.files import drafting, read_bytes, writing
from shudian.kinds import InputError
from shudian.page import build as page_build
from shudian.posterior_file import read_posterior, shipped_posterior
from shudian.report.book import build as book_build

COMMANDS: Any = typer.main.get_command(cli.app)
COMMANDS = COMMANDS.commands
SMALLEST = {
    "list": (), "check": (), "score": (), "explain": ("city_share", "--loops"), "diff": ("m.mdl",),
    "calibrate": ("-o", "out"),
    "new": ("mine",), "export": ("-o", "out.mdl"), "diagram": ("policy", "-o", "out.svg"),
    "page": ("-o", "out.html", "--draws", "50"), "run": ("baseline", "--draws", "5"),
    "brief": ("zhengzhou_2025", "--draws", "5", "-o", "out"), "why": ("--draws", "20", "-o", "out"),
    "compare": ("baseline", "shenzhen_mode", "--draws", "5"), "sensitivity": ("--draws", "200", "--base-runs", "64"),
    "design": ("--prior", "--target", "local_output=100亿元", "--draws", "50", "--levers", "fund_size"),
    "workshop": ("--draws", "20", "-o", "out"), "document": ("-o", "out.html"),
    "sweep": ("--vary", "fund_size=0;1 亿元", "--draws", "5"),
}  # fmt: skip
"""Every command with as little work as it can be given."""
QUICK = ("new", "diagram")
WRITING = ("export", "page", "run", "brief", "why", "compare", "sensitivity", "design", "workshop", "document", "sweep")
EXAMPLE = Path(__file__).parent.parent / "model"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def test_every_command_is_tried() -> None:
    assert SMALLEST.keys() == COMMANDS.keys()
    assert {*QUICK, *WRITING, "list", "check", "score", "explain", "diff", "calibrate"} == SMALLEST.keys()


def texts(command: str) -> Iterator[tuple[str, ...]]:
    """`command` with a mark for the file in each place that takes a text or a path."""
    words = SMALLEST[command]
    first = next((position for position, word in enumerate(words) if word.startswith("-")), len(words))
    kinds = typing.get_type_hints(COMMANDS[command].callback)
    for parameter in COMMANDS[command].params:
        kind = kinds.get(parameter.name)
        if not {kind, *typing.get_args(kind)} & {str, Path, list[str]}:
            continue
        if parameter.opts[0].startswith("-"):
            yield command, *words, parameter.opts[0], "{}"
        else:
            yield command, "{}", *words[first:]


def inside(folder: Path) -> list[str]:
    """Names of what is in `folder`."""
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def within(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError("the command waits for ever")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


SLOW = pytest.mark.slow
ENDINGS = (".toml", ".xlsx", ".mdl", ".xmile", ".csv", ".json", "")
KINDS = ("pipe", "device", "circle")
PLACES = [words for command in SMALLEST for words in texts(command)]


def not_waited_for(words: tuple[str, ...], kind: str, ending: str, terminal: Terminal) -> None:
    place = Path(f"hostile{ending}").absolute()
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/zero" if kind == "device" else place)
    before = inside(Path())
    with within(100):
        ended = terminal(*(word.replace("{}", str(place)) for word in words))
    assert (ended.code, ended.err.count("\n")) == (2, 1), ended
    assert inside(Path()) == before
    place.unlink()


@pytest.mark.parametrize("words", PLACES, ids=" ".join)
def test_what_never_ends_is_not_waited_for(words: tuple[str, ...], terminal: Terminal) -> None:
    not_waited_for(words, "pipe", ".toml", terminal)


@pytest.mark.slow
@pytest.mark.parametrize("words", PLACES, ids=" ".join)
def test_nor_is_it_whatever_its_kind_and_name(words: tuple[str, ...], terminal: Terminal) -> None:
    # at every place each ending and each kind, and over the places every two of them together
    for number, ending in enumerate(ENDINGS):
        kind = KINDS[(number + PLACES.index(words)) % len(KINDS)]
        not_waited_for(words, kind, ending, terminal)


class FullDisk:
    """From the writing operation number `left` on in `folder`, of those that Python makes, there is no room."""

    def __init__(self) -> None:
        self.folder, self.left = "", 0
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.folder or event not in ("open", "os.mkdir", "os.rename"):
            return
        path, *more = arguments
        if event == "open" and not (isinstance(more[-1], int) and more[-1] & (os.O_WRONLY | os.O_RDWR)):
            return
        if isinstance(path, str | bytes | Path) and Path(os.fsdecode(path)).absolute().is_relative_to(self.folder):
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fsdecode(path))


DISK = cache(FullDisk)
"""Python never lets a hook go, so that the others do without until it is needed."""


def filled(terminal: Terminal, folder: Path, room: int, *words: str) -> tuple[Any, int]:
    """How the command ends on a disk with room for so many operations, and how many it had left."""
    disk = DISK()
    disk.folder, disk.left = str(folder), room
    try:
        return terminal(*words), disk.left
    finally:
        disk.folder = ""


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """The system itself refuses a file of more bytes, also to what libraries write in other languages."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


COMPUTING = (
    (run_answers, "carry_out"), (workshop_answers, "workshop"), (book_answers, "book_of"), (book_build, "doses_of"),
    (book_build, "book_text"), (page_build, "page_text"),
)  # fmt: skip


@pytest.fixture
def computed_once(asked_once: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Each command computes its answer the first time, and writes it every time: a disk is full while it writes."""
    for module, name in COMPUTING:
        monkeypatch.setattr(module, name, once(getattr(module, name)))


def once(compute: Callable[..., Any]) -> Callable[..., Any]:
    found: list[Any] = []

    def again(*asked: Any, **more: Any) -> Any:
        found[:] = found or [compute(*asked, **more)]
        return found[0]

    return again


@pytest.mark.usefixtures("computed_once")
@pytest.mark.parametrize("command", [*QUICK, *(pytest.param(command, marks=SLOW) for command in WRITING)])
def test_a_disk_that_is_full_at_any_moment_leaves_nothing(command: str, terminal: Terminal, tmp_path: Path) -> None:
    words = (command, *SMALLEST[command])

    def refused(ended: Any) -> None:
        assert (ended.code, ended.err.count("\n")) == (2, 1), ended
        assert not inside(Path()), words

    tried = 0
    # those that compute for seconds before they write are tried at fewer of its moments
    for room in (0, 3, 21) if command in ("sensitivity", "design") else (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89):
        ended, left = filled(terminal, tmp_path, room, *words)
        if left >= 0:
            assert ended.code == 0, ended.err
            assert inside(Path())
            break
        tried += 1
        refused(ended)
        assert "No space left" in ended.err
    assert tried >= 2
    for size in (0, 20_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        with chdir(folder):
            with files_up_to(size):
                ended = terminal(*words)
            if size == 0 or ended.code:
                refused(ended)


@pytest.mark.parametrize("asked", [(), ("-W", "default")])
def test_what_libraries_tell_their_programmers_is_told_to_programmers(asked: tuple[str, ...]) -> None:
    warns = "import warnings, shudian.cli; shudian.cli.main = lambda: warnings.warn('Error 27, in serial mode')"
    code = f"{warns}; from shudian.__main__ import main; main()"
    done = subprocess.run([sys.executable, *asked, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, "in serial mode" in done.stderr) == (0, bool(asked)), done.stderr


def started(*words: str, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "shudian", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )


BEGUN = """
from shudian.ending import ended_well
with ended_well():
    print("begun", flush=True)
    from shudian.cli import main
    main()
"""
"""What `python -m shudian` does; before that only Python itself could answer a signal."""


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MOMENTS = [
    *((0.1, number) for number in SIGNALS),
    *(pytest.param(tenths / 10, SIGNALS[tenths % 3], marks=SLOW) for tenths in range(0, 40, 4)),
]


@pytest.mark.parametrize(("seconds", "number"), MOMENTS)
def test_a_signal_ends_a_command_in_one_sentence(seconds: float, number: signal.Signals, tmp_path: Path) -> None:
    words = ["run", "zhengzhou_2025", "--draws", "3000", "-o", "out", "--lang", "en"]
    running = subprocess.Popen(
        [sys.executable, "-c", BEGUN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    time.sleep(seconds)
    running.send_signal(number)
    _, said = running.communicate(timeout=120)
    if running.returncode != 0:  # it had not been finished before
        assert running.returncode == 128 + number
        assert said == "interrupted; nothing half-written is left\n"
        assert not inside(tmp_path)


def test_a_reader_who_leaves_ends_nothing(tmp_path: Path) -> None:
    with started("run", "baseline", "--draws", "5", "-o", "out", cwd=tmp_path) as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.stderr is not None
        assert running.stderr.read() == ""
        assert running.wait(timeout=120) == 0
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "shudian", "list", "--lang", "en"], stdout=full, stderr=subprocess.PIPE, text=True,
            check=False, cwd=tmp_path,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "No space left" in done.stderr


WORKERS = """
import multiprocessing, sys, time
from shudian.calibrate.workers import submitted, worker_processes
from shudian.ending import ended_well

if __name__ == "__main__":
    with ended_well(), worker_processes(2) as executor:
        submitted(executor, time.sleep, [600, 600])
        while not (children := multiprocessing.active_children()):
            time.sleep(0.05)
        print(*(child.pid for child in children), flush=True)
        time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_their_parent(number: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "work.py"
    script.write_text(WORKERS, encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(EXAMPLE)},
    )  # fmt: skip
    assert running.stdout is not None
    workers = [int(word) for word in running.stdout.readline().split()]
    assert workers
    running.send_signal(number)
    _, said = running.communicate(timeout=120)
    assert "Traceback" not in said
    until = time.monotonic() + 60
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(alive, workers))


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")  # who has ended may not have been buried
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def test_what_a_killed_run_left_goes_and_what_another_writes_stays(tmp_path: Path) -> None:
    left, own, linked = tmp_path / ".shudian-0123abcd", tmp_path / ".shudian-notes", tmp_path / ".shudian-89abcdef"
    for folder in (left, own):
        folder.mkdir()
        (folder / "half").touch()
    linked.symlink_to(own)
    with drafting(tmp_path) as first, drafting(tmp_path) as second:
        assert {path.name for path in tmp_path.iterdir()} == {first.name, second.name, own.name, linked.name}
    assert {path.name for path in tmp_path.iterdir()} == {own.name, linked.name}
    assert (own / "half").exists()


def stopped_after(_: int) -> None:
    raise KeyboardInterrupt


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "x.txt"
    with pytest.raises(KeyboardInterrupt), writing(place) as draft:
        stopped_after(draft.write_text("half"))
    assert not inside(tmp_path)
    with pytest.raises(InputError, match="there is no folder"), writing(tmp_path / "deep" / "x.txt"):
        pass
    place.write_text("mine")
    with pytest.raises(InputError, match="already exists"), writing(place):
        pass
    with pytest.raises(InputError, match="no file that could be replaced"), writing(Path(os.devnull), replace=True):
        pass
    assert place.read_text() == "mine"


@pytest.mark.parametrize("name", ["../mine", "/tmp/mine", "a/b", "..", "", "a\nb", "a+b", "-", "a\\b", "\x1b[31m"])
def test_a_new_file_is_made_here_and_nowhere_else(name: str, terminal: Terminal) -> None:
    ended = terminal("new", "--", name)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert not inside(Path())


@pytest.mark.parametrize("at", [*range(0, 100, 9)])
def test_a_damaged_posterior_is_told(at: int, tmp_path: Path) -> None:
    content = bytearray(read_bytes(shipped_posterior(), 10**8))
    position = len(content) * at // 100
    for changed in (content[:position], content[:position] + bytes(64) + content[position + 64 :]):
        place = tmp_path / f"{len(changed)}.parquet"
        place.write_bytes(changed)
        with pytest.raises(InputError) as raised:
            read_posterior(place)
        assert "\n" not in str(raised.value)
