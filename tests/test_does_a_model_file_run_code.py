"""Can a model file from a stranger do anything but be computed: run code, read or write files, use the network?

Does NOT establish that PySD's libraries are free of faults of memory, which no list of Python's events would notice,
nor that a limit of the system holds where the system has none: macOS and Windows limit no memory here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pysd
import pytest

import caged
from commands import Terminal
from hostile_files import Hostile
from shudian.draws import central_draw
from shudian.exchange.export import Format, baseline_file
from shudian.exchange.model_file import read_model_file
from shudian.exchange.pysd_engine import run_file, translate, translate_text
from shudian.exchange.pysd_process import ModelProcess
from shudian.exchange.pysd_source import NotComputingError, check_source
from shudian.kinds import InputError
from shudian.structure import load_model

PROOF = "proof"


def code(folder: Path) -> str:
    """What leaves PROOF in `folder`, wherever it is run; without spaces or capitals, which PySD would change."""
    return f"open(bytes.fromhex('{os.fsencode(folder / PROOF).hex()}'),'w')"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def exploits(code: str = "") -> Mapping[str, tuple[str, str]]:
    """Entries that were run as code once, or would be by PySD alone: a definition, and what stands before a use."""
    return {
        "a name called like a function": (f"\"x_y'+str({code})+'\" = 1", f"\"x__y'+str({code})+'\"(1) + "),
        "a name with an accent": (f"\"x'+str({code})+'é\" = 1", f"\"x'+str({code})+'é\"(1) + "),
        "the limits of a table": (f"zz = WITH LOOKUP(Time, ([{code},(0,0)],(0,0),(1,1)))", "zz + "),
        "limits that a macro parts": (
            f"zz = WITH LOOKUP(Time, (:MACRO: f(x) f = x ~ ~| :END OF MACRO:[{code},(0,0)],(0,0),(1,1)))", "zz + ",
        ),
        "the parts of a table": (f"zz = LOOKUP('a','b','c','d','x\\x27+str({code!r})+\\x27')", "zz + "),
        "a reference that is made": (f"zz = reference('{code!r}', 1)", "zz + "),
        "a call that is made": (f"zz = call('{code!r}', 1)", "zz + "),
        "data from a file": (f"zz = GET DIRECT CONSTANTS('a'+str({code})+'', 'b', 'C1')", "zz + "),
        "subscripts": (f"zz: (a1-a3), \"'+str({code})+'\"", ""),
    }  # fmt: skip


def hostile(folder: Path, which: str, format: str) -> Path:
    """The baseline's export with the exploit in it, and its call in an equation that is needed."""
    definition, use = exploits(code(folder))[which]
    text = baseline_file("mdl" if format == "mdl" else "xmile").read_text(encoding="utf-8")
    if format == "mdl":
        text = re.sub("(?m)^(ai_price = )", lambda found: f"{definition} ~ Dmnl ~ |\n\n{found[1]}{use}", text)
    else:
        name, _, right = definition.partition(" = ")
        added = f"<aux name={quoteattr(name)}><eqn>{escape(right or '1')}</eqn></aux></variables>"
        text = text.replace("</variables>", added, 1)
        text = re.sub('(?s)(<aux name="ai_price".*?<eqn>)', lambda found: found[1] + escape(use), text, count=1)
    path = folder / f"hostile.{format}"
    path.write_text(text, encoding="utf-8")
    return path


NO_EXPLOIT = ("subscripts", "xmile")
"""The name of a variable there, and legal."""


@pytest.mark.parametrize(
    ("which", "format"),
    [(which, format) for which in exploits() for format in ("mdl", "xmile") if (which, format) != NO_EXPLOIT],
)
def test_no_text_of_a_file_is_run(which: str, format: str, tmp_path: Path) -> None:
    path = hostile(tmp_path, which, format)
    model = load_model()
    with pytest.raises(InputError) as raised:
        run_file(path, model, central_draw(model), ["ai_price"])
    # by the reader, before anything came to PySD and its cage
    assert "asks for more than to be computed" not in str(raised.value)
    assert not (tmp_path / PROOF).exists()


def test_a_name_is_not_run_either(tmp_path: Path) -> None:
    model = load_model()
    path = hostile(tmp_path, *NO_EXPLOIT)
    run_file(path, model, central_draw(model), ["ai_price"])
    assert not (tmp_path / PROOF).exists()


def test_the_code_leaves_its_proof_where_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # or the tests around this one could not fail
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    exec(f"{code(tmp_path)}.close()")
    assert (tmp_path / PROOF).exists()


@pytest.mark.parametrize("format", ["mdl", "xmile"])
def test_no_command_runs_it(format: Format, terminal: Terminal, tmp_path: Path) -> None:
    path = hostile(tmp_path, "a name called like a function", format)
    for command in (["run", "--draws", "1", "--model", path.name], ["diff", path.name]):
        ended = terminal(*command)
        assert ended.code == 2
        assert "“ai_price” uses" in ended.err
        assert not Path(PROOF).exists()


def test_no_manifest_makes_a_command_run_it(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "hostile.mdl"
    path.write_bytes(baseline_file("mdl").read_bytes())
    assert terminal("run", "--draws", "1", "--model", path.name, "--out", "r").code == 0
    hostile(tmp_path, "a name called like a function", "mdl")
    manifest = Path("r/manifest.json")
    kept = json.loads(manifest.read_text(encoding="utf-8"))
    kept["inputs"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(kept), encoding="utf-8")
    ended = terminal("run", "--repeat", "r")
    assert ended.code == 2
    assert "“ai_price” uses" in ended.err
    assert not Path(PROOF).exists()


SMALL = """{UTF-8}
level = INTEG(change, 1) ~~|
change = PULSE(3, 1) + 0 * ACTIVE INITIAL(level, 2) * SAMPLE IF TRUE(level > 2, level, 0) - delayed / 30 ~~|
delayed = DELAY FIXED(level, 2, 0) ~~|
INITIAL TIME = 0 ~~| FINAL TIME = 96 ~~| TIME STEP = 0.125 ~~| SAVEPER = 1 ~~|
"""


@contextlib.contextmanager
def process(name: str, *words: str, **limits: float) -> Iterator[ModelProcess]:
    """A process that runs a program of caged.py."""
    started = ModelProcess(program=caged.program(name, *words), **limits)  # type: ignore[arg-type]
    try:
        yield started
    finally:
        started.close()


def test_the_process_may_do_nothing_but_compute(tmp_path: Path) -> None:
    elsewhere = tmp_path / "somebody's"
    elsewhere.write_text("as it was", encoding="utf-8")
    names = [name for name in caged.attempts("") if name != "a copy of itself" or hasattr(os, "fork")]
    with process("attempt", str(elsewhere)) as started:
        for name in names:
            answer, _ = started.ask({"do": "build", "model": 1, "variables": [name]})
            assert answer["failed"] == "forbidden", name
            assert answer["refused"], name
    assert elsewhere.read_text(encoding="utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [elsewhere]


def test_the_attempts_succeed_where_the_cage_is_open(tmp_path: Path) -> None:
    # or the test before would pass for another reason than the cage
    elsewhere, new = tmp_path / "somebodys", tmp_path / "somebodys.new"
    with process("attempt", str(elsewhere), "open") as started:
        for name in ("a shell", "a program", "a file written elsewhere", "a file changed elsewhere"):
            elsewhere.write_text("as it was", encoding="utf-8")
            new.unlink(missing_ok=True)
            started.ask({"do": "build", "model": 1, "variables": [name]})
            assert new.exists() or elsewhere.read_text(encoding="utf-8") != "as it was", name


def test_the_process_sees_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "token")
    with process("surroundings") as started:
        found, _ = started.ask({})
    assert "A_SECRET" not in found["environment"]
    assert not {"PATH", "USER", "PWD", "PYTHONPATH"} & found["environment"].keys()
    assert found["environment"]["HOME"] == found["folder"] != str(Path.home())
    assert not Path(found["folder"]).exists()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("time", "small.mdl: this model takes more than 1 seconds"),
        ("memory", "small.mdl: this model needs more than 512 MiB of memory"),
        ("end", "small.mdl: this model ended the process in which PySD runs it"),
    ],
)
def test_a_model_has_limits_and_is_told_so(
    how: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "memory" and sys.platform != "linux":
        pytest.skip("the system limits no memory")
    path = tmp_path / "small.mdl"
    path.write_text(SMALL, encoding="utf-8")
    with process("busy", how, seconds=1 if how == "time" else 60, mebibytes=512) as started:
        monkeypatch.setattr("shudian.exchange.pysd_engine.model_process", lambda: started)
        with pytest.raises(InputError) as raised:
            translate(read_model_file(path))
    assert str(raised.value) == f"{tmp_path}/{said}"


@pytest.mark.skipif(sys.platform != "linux", reason="the system limits no memory")
def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_is_run() -> None:
    with pytest.raises(InputError, match=r"needs more than 1024 MiB of memory"):
        translate_text(SMALL.replace("level, 2, 0", "level, 1000000000, 0"), ".mdl").run({}, ["change"])
    assert translate_text(SMALL, ".mdl").run({}, ["change"]).shape == (1, 97)


def test_what_cannot_be_computed_is_named_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "small.mdl"
    path.write_text(SMALL.replace("/ 30", "/ (level - level)"), encoding="utf-8")
    with pytest.raises(InputError, match=r"small.mdl:3: PySD cannot run this model: “change” divides by zero"):
        translate(read_model_file(path)).run({}, ["change"])


def test_a_long_sum_and_a_long_chain_are_computed() -> None:
    chain = "".join(f"a{number} = a{number - 1} + 1 ~~|\n" for number in range(1, 400))
    text = SMALL.replace("INITIAL TIME", f"a0 = 1{' + 1' * 499} ~~|\n{chain}INITIAL TIME", 1)
    assert set(translate_text(text, ".mdl").run({}, ["a399"])[0]) == {899.0}


def test_a_model_is_built_again_after_its_process_ended() -> None:
    model = translate_text(SMALL, ".mdl")
    before = model.run({}, ["level"])
    model._process.close()
    assert (model.run({}, ["level"]) == before).all()


@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one thread")
def test_an_interrupt_ends_the_process() -> None:
    with process("busy", "time") as started:
        # a real signal: what only marks the thread does not wake it from waiting for an answer
        to_main = (threading.main_thread().ident, signal.SIGINT)
        interrupt = threading.Timer(3, signal.pthread_kill, to_main)
        interrupt.start()
        with pytest.raises(KeyboardInterrupt):
            started.ask({"do": "build", "model": 1, "variables": []})
        assert started._running is None


def gone(identifier: int, folder: str) -> bool:
    try:
        os.kill(identifier, 0)
    except OSError:
        return not Path(folder).exists()
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="asks for the other process by a signal")
def test_the_process_ends_with_ours_even_if_ours_is_killed() -> None:
    killed = (
        "import os; from shudian.exchange.pysd_engine import *; from shudian.exchange.pysd_process import *; "
        f"translate_text({SMALL!r}, '.mdl'); process = model_process(); "
        "print(process._running.pid, process._folder, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", killed], capture_output=True, text=True, check=False)
    identifier, folder = done.stdout.split()
    for _ in range(300):
        if gone(int(identifier), folder):
            return
        time.sleep(0.1)
    pytest.fail("the process or its folder is still there")


def written() -> str:
    """A module of the shape that PySD writes."""
    return f"""
import numpy as np
from pysd.py_backend.statefuls import Integ
from pysd import Component
__pysd_version__ = "{pysd.__version__}"
component = Component()
@component.add(name="v1", comp_type="Stateful", comp_subtype="Integ", depends_on={{"_integ_v1": 1}})
def v1():
    return _integ_v1()
_integ_v1 = Integ(lambda: v2(), lambda: 1.0, "_integ_v1")
@component.add(name="v2", comp_type="Auxiliary", comp_subtype="Normal", depends_on={{"v1": 1}})
def v2():
    return v1() / 3.0 + float(np.maximum(v1(), 2.0))
"""


EXPRESSIONS = (
    "open('x')", "__import__('os')", "v1.__class__", "v1().__class__", "(lambda: 0).__globals__", "[x for x in v1()]",
    "v1() if v2() else 0", "f'{v1()}'", "'text'", "print", "np.load", "np.load('x')", "np.fromfile('x')", "np",
    "component", "component.namespace", "component.add", "__data", "__data['scope']", "__data['time'].__class__",
    "_root", "Path", "_root.unlink()", "v1(*v2())", "v1(**v2())", "v1(limits=1)", "v1()[0]", "(v1 := 2)", "not v1()",
    "v1() and v2()", "...", "b'x'", "1j", "v1() // 2", "v1() ** 2", "np.pi",
    "v1() @ v2()", "v1() is v2()", "v1() in v2()", "lambda x: x",
    "{v1()}", "eval", "exec('1')", "getattr(np, 'load')", "x", "v01()", "v1_()", "ｖ1x()", "_integ_x()",
    "np.abs.__call__(1)", "[].append(1)", "time.time",
)  # fmt: skip
STATEMENTS = (
    "import os", "import numpy", "import numpy as os", "from os import path", "from pysd import *",
    "from pysd import load", "from . import os", "from pysd.py_backend.functions import np",
    "from pathlib import Path as Component", "v1()", "open('x')", "del np", "np.abs = 1", "v1 = 2", "component = np",
    "__builtins__ = 1", "while v1(): pass", "for x in v1(): pass", "if v1(): pass", "class A: pass",
    "def v3(): return 1", "def open(): return 1", "assert v1()", "raise v1", "with v1(): pass",
    "async def v3(): return 1", "_integ_v1 = Integ(open, 'v1')", "_integ_v1 = open('x')", "_integ_v1 = Component()",
    "global v1", "@component.add(name='v3')\n@property\ndef v3(): return 1.0",
    "@component.add(name='v3')\ndef v3(x=open): return 1.0",
    "@component.add(name='v3')\ndef v3(): open('x'); return 1.0", "@component.add(name=open)\ndef v3(): return 1.0",
    "@component.add(name='x')\ndef v3(): return 1.0", "@open\ndef v3(): return 1.0", "try: pass\nfinally: pass",
    "_control_vars = {'initial_time': open}", "_control_vars = open",
)  # fmt: skip


def test_the_shape_that_pysd_writes_is_accepted() -> None:
    check_source(written(), pysd.__version__)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_no_other_expression_is_accepted(expression: str) -> None:
    for changed in (f"return {expression} + 1.0", f"return float({expression})"):
        with pytest.raises(NotComputingError):
            check_source(written().replace("return v1() / 3.0", changed), pysd.__version__)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_other_statement_is_accepted(statement: str) -> None:
    with pytest.raises(NotComputingError):
        check_source(f"{written()}\n{statement}\n", pysd.__version__)


def outcomes(files: list[tuple[str, str]], *without: str) -> list[tuple[str, list[str]]]:
    """What came of each file, and what it tried or left behind, with the protections `without` taken away."""
    with process("fuzz", *without) as started:
        batches = (files[start : start + 100] for start in range(0, len(files), 100))
        answers = [started.ask({"do": "fuzz", "files": batch})[0]["outcomes"] for batch in batches]
    return [(said, left) for answer in answers for said, left in answer]


def check_harmless(count: int, seed: int) -> None:
    hostile = Hostile(seed)
    files = [hostile.file() for _ in range(count)]
    found = outcomes(files)
    for file, (said, left) in zip(files, found, strict=True):
        assert not left, (left, file)
        assert said == "built" or said.startswith("InputError: "), (said, file)
        assert "\n" not in said
    built = sum(said == "built" for said, _ in found)
    assert count / 5 < built < count * 4 / 5, "few files get as far as PySD, or few are hostile"


def test_hundreds_of_hostile_files_do_nothing() -> None:
    check_harmless(600, seed=1)


@pytest.mark.slow
def test_ten_thousand_hostile_files_do_nothing() -> None:
    check_harmless(10_000, seed=2)


def known(count: int) -> list[tuple[str, str]]:
    hostile = Hostile(3)
    return [hostile.known() for _ in range(count)]


def test_the_search_notices_when_nothing_protects() -> None:
    found = outcomes(known(20), "reader", "names", "check", "cage")
    assert sum(bool(left) for _, left in found) >= 5


def test_the_cage_alone_stops_what_pysd_would_run() -> None:
    found = outcomes(known(20), "reader", "names", "check")
    assert any(left for _, left in found)
    assert not [left for _, left in found if caged.PROOF in left]


def test_the_check_alone_stops_a_module_with_names_of_a_file() -> None:
    hostile = Hostile(4)
    found = outcomes([hostile.file() for _ in range(60)], "names", "cage")
    assert any(said.startswith("NotComputingError: ") for said, _ in found)
    assert not any(said == "built" or left for said, left in found)
