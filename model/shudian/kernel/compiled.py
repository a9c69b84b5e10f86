"""From LLVM IR to callable functions, kept on disk between runs.

The cache holds native object code under the user's own cache folder, under a name made from everything that
determines it; a folder that cannot be read or written only costs the time to compile again.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from shudian.files import writing
from shudian.kinds import InputError

_WHOLE = (*[ctypes.c_void_p] * 3, ctypes.c_int64, ctypes.c_void_p, *[ctypes.c_int64] * 4, ctypes.c_void_p)
_ENTRIES = {"integrate": _WHOLE, "begin": (*_WHOLE, ctypes.c_int64), "resume": (*_WHOLE, ctypes.c_int64)}
"""What arguments each function takes that is called from outside; `shudian.kernel.loop` says what they are."""


@dataclass(frozen=True, slots=True)
class CompiledProgram:
    """Machine code, valid as long as this object lives; no call holds the interpreter's lock."""

    integrate: Callable[..., None]
    begin: Callable[..., None]
    resume: Callable[..., None]
    _engine: Any
    _library: Any


def compile_program(text: str) -> CompiledProgram:
    """The functions of the program `text`, from the cache if it was compiled on such a machine before."""
    processor, features = _processor()
    machine = _target_machine(processor, features)
    determinants = (text, machine.triple, processor, features, llvmlite.__version__, str(llvm.llvm_version_info))
    key = hashlib.sha256("\n".join(determinants).encode()).hexdigest()[:32]
    place = cache_folder() / f"kernel-{key}.o"
    code = _read(place)
    if code is None:
        code = _compile(text, machine)
        _write(place, code)
    engine = llvm.create_lljit_compiler(machine)
    builder = llvm.JITLibraryBuilder().add_object_img(code)
    for name in _ENTRIES:
        builder.export_symbol(name)
    library = builder.link(engine, "shudian")
    calls = {name: ctypes.CFUNCTYPE(None, *types)(library[name]) for name, types in _ENTRIES.items()}
    return CompiledProgram(**calls, _engine=engine, _library=library)


def cache_folder() -> Path:
    """Where compiled kernels are kept; it need not exist."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "~/AppData/Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    try:
        return Path(base).expanduser() / "shudian"
    except RuntimeError:
        return Path(os.devnull) / "no-home"  # can neither be read nor written


def _processor() -> tuple[str, str]:
    """Name and features of the processor that compiled code may use."""
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def _target_machine(processor: str, features: str) -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(cpu=processor, features=features, opt=2, jit=True, reloc="pic")


def _compile(text: str, machine: Any) -> bytes:
    # The emitter has already shared, hoisted and inlined what can be: LLVM's optimisation passes, tried,
    # gained nothing and doubled the time.
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    return bytes(machine.emit_object(module))


def _read(place: Path) -> bytes | None:
    """The cached code, or None if there is none or its checksum does not match."""
    try:
        content = place.read_bytes()
    except OSError:
        return None
    checksum, code = content[:32], content[32:]
    return code if hashlib.sha256(code).digest() == checksum else None


def _write(place: Path, code: bytes) -> None:
    with suppress(OSError, InputError):  # a full disk or a read-only home must not stop a run
        place.parent.mkdir(parents=True, exist_ok=True)
        with writing(place, replace=True) as draft:
            draft.write_bytes(hashlib.sha256(code).digest() + code)
