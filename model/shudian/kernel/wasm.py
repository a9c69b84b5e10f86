"""The model as a WebAssembly module, from the very LLVM IR of which `shudian.kernel.compiled` makes machine code.

The object file that LLVM writes is a module already: it imports its memory and nothing else, and a call in it has the
number of the function that it calls. It lacks exports alone; they are put where a module has them, before its code.
What the object tells a linker stands in custom sections, of which a browser reads none: they are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import llvmlite.binding as llvm

from shudian.kernel.emit import Program, emit
from shudian.kinds import Model

LANES = 2
"""Draws per vector: a vector of WebAssembly has 128 bits."""
EXPORTS = ("prepare_block", "follow")
"""The functions that can be called from outside; their text in `shudian.kernel.loop` says what each does."""
_TRIPLE, _PROCESSOR, _FEATURES = "wasm32-unknown-unknown", "mvp", "+simd128"
_HEAD = b"\0asm\1\0\0\0"
_CUSTOM, _EXPORT, _CODE = 0, 7, 10
_LINKING, _LINKING_VERSION, _SYMBOL_TABLE = "linking", 2, 8


@dataclass(frozen=True, slots=True)
class Module:
    """`code` is a module that imports its memory alone, as `env.__linear_memory`; `program` says which slot is what."""

    code: bytes
    program: Program


def wasm_module(model: Model) -> Module:
    """Euler's method for `model`; the same model and version of LLVM give the same bytes."""
    program = emit(model, "euler", LANES)
    return Module(with_exports(_object_file(program.text), EXPORTS), program)


def _object_file(text: str) -> bytes:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple(_TRIPLE)
    machine = target.create_target_machine(cpu=_PROCESSOR, features=_FEATURES, opt=2, reloc="static")
    module = llvm.parse_assembly(text)
    module.triple = _TRIPLE
    module.data_layout = str(machine.target_data)
    return bytes(machine.emit_object(module))


def with_exports(code: bytes, names: Sequence[str]) -> bytes:
    """The object file `code` as a module that exports the functions of these names.

    Raises ValueError for what is no such file, and KeyError for a name that is no function of it.
    """
    sections = list(_sections(code))
    numbers = _functions(sections)
    entries = b"".join(_text(name) + b"\0" + _number(numbers[name]) for name in names)
    exports = _section(_EXPORT, _number(len(names)) + entries)
    kept = [(kind, _section(kind, content)) for kind, content in sections if kind != _CUSTOM]
    return _HEAD + b"".join(exports + section if kind == _CODE else section for kind, section in kept)


@dataclass(slots=True)
class _Reader:
    code: bytes
    at: int = 0

    def number(self) -> int:
        """An unsigned number: seven bits to a byte, the lowest first, the eighth set where more follow."""
        found = shift = 0
        while True:
            byte = self.code[self.at]
            self.at += 1
            found |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return found

    def piece(self) -> bytes:
        """Bytes behind a number that says how many they are."""
        size = self.number()
        self.at += size
        return self.code[self.at - size : self.at]


def _sections(code: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each section."""
    if not code.startswith(_HEAD):
        raise ValueError("this is no WebAssembly")
    reader = _Reader(code, len(_HEAD))
    while reader.at < len(code):
        kind = reader.number()
        yield kind, reader.piece()


def _functions(sections: Sequence[tuple[int, bytes]]) -> dict[str, int]:
    """Name -> number of each function, from what the object tells a linker."""
    for kind, content in sections:
        reader = _Reader(content)
        if kind == _CUSTOM and reader.piece() == _LINKING.encode():
            return _symbols(reader)
    raise ValueError("the object names no function")


def _symbols(reader: _Reader) -> dict[str, int]:
    if reader.number() != _LINKING_VERSION:
        raise ValueError("the object is of another form")
    found: dict[str, int] = {}
    while reader.at < len(reader.code):
        kind, table = reader.number(), _Reader(reader.piece())
        if kind != _SYMBOL_TABLE:
            continue
        for _ in range(table.number()):
            kind, _flags, number = table.number(), table.number(), table.number()
            if kind:  # a memory or data: the kernel has none, and it would be written otherwise
                raise ValueError("the object holds more than functions")
            found[table.piece().decode()] = number
    return found


def _number(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


def _text(text: str) -> bytes:
    return _number(len(text)) + text.encode()


def _section(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + _number(len(content)) + content
