"""What the tests ask, from the files that ask it, and how they came out, from the record that `make test` leaves.

Nothing of the tests is run or imported: their files are parsed, and the record (JUnit's XML, which pytest writes) is
read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from shudian.files import declares_document_type, read_bytes
from shudian.kinds import InputError
from shudian.paths import record_of_tests, tests_folder

_PREFIX = "test_"
_LARGEST = 50_000_000
"""Bytes; a record of some thousand tests has one or two million."""
_WORSE = ("passed", "skipped", "failed")
"""What became of a test, the worst last: of several cases of a test the worst counts."""


@dataclass(frozen=True, slots=True)
class TestCase:
    """One test: its name, its docstring and what became of it."""

    name: str
    asks: str
    outcome: str
    """One of `passed`, `skipped`, `failed`; empty where the record does not know it."""


@dataclass(frozen=True, slots=True)
class TestFile:
    """One file of tests."""

    name: str
    """Without its ending."""
    asks: str
    """Its docstring: what it asks, and what it does not establish."""
    cases: tuple[TestCase, ...]

    def count(self, outcome: str) -> int:
        """How many of its tests came out so."""
        return sum(case.outcome == outcome for case in self.cases)


@dataclass(frozen=True, slots=True)
class TestRecord:
    """All tests; empty where the package is installed without them."""

    files: tuple[TestFile, ...] = ()
    made: str = ""
    """When the record was written, ISO; empty where there is none."""
    path: Path = field(default_factory=Path)

    def count(self, outcome: str) -> int:
        """How many tests came out so."""
        return sum(file.count(outcome) for file in self.files)


def read_tests(record: Path | None = None, folder: Path | None = None) -> TestRecord:
    """The tests in `folder` (default: those of the checkout, if this is one) with the outcomes of `record`.

    `record` is by default what `make test` left, if it did. Raises InputError for a record that was named and is
    missing, too large, no record of these tests, one with entities, or without the time when it was made.
    """
    place = folder or tests_folder()
    if place is None:
        return TestRecord()
    path = record or record_of_tests()
    made, outcomes = _outcomes(path) if record or path.is_file() else ("", {})
    files = tuple(_file(each, outcomes) for each in sorted(place.glob(f"{_PREFIX}*.py")))
    return TestRecord(files, made, path)


def _file(path: Path, outcomes: Mapping[tuple[str, str], str]) -> TestFile:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith(_PREFIX)]
    tests.sort(key=lambda node: node.lineno)
    cases = tuple(_case(node, outcomes.get((path.stem, node.name), "")) for node in tests)
    return TestFile(path.stem, ast.get_docstring(tree) or "", cases)


def _case(node: ast.FunctionDef, outcome: str) -> TestCase:
    return TestCase(node.name, ast.get_docstring(node) or "", outcome)


def _outcomes(path: Path) -> tuple[str, dict[tuple[str, str], str]]:
    """When the record was made, and (file, test) -> the worst outcome of its cases."""
    content = read_bytes(path, _LARGEST)
    if declares_document_type(content):
        raise InputError("a record of tests declares no document type; take out what begins with <!DOCTYPE").at(path)
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError):  # the last two for an encoding that is not known
        raise InputError("this is not a record of tests; make one with: make test").at(path) from None
    found: dict[tuple[str, str], str] = {}
    if root.tag not in ("testsuites", "testsuite") or not any(file for file, _, _ in _cases(root)):
        raise InputError("this is not a record of tests; make one with: make test").at(path)
    for file, test, outcome in _cases(root):
        known = found.get((file, test), "passed")
        found[file, test] = max(known, outcome, key=_WORSE.index)
    return max(_made(suite.get("timestamp", ""), path) for suite in [*root.iter("testsuite")] or [root]), found


def _made(text: str, path: Path) -> str:
    """When a suite says that it was run, to the minute; raises InputError for what is no time."""
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        raise InputError("the record does not say when it was made; make one with: make test").at(path) from None


def _cases(root: ElementTree.Element) -> Iterator[tuple[str, str, str]]:
    for case in root.iter("testcase"):
        file = next((part for part in case.get("classname", "").split(".") if part.startswith(_PREFIX)), "")
        outcome = "passed"
        for inner in case:
            outcome = {"failure": "failed", "error": "failed", "skipped": "skipped"}.get(inner.tag, outcome)
        yield file, case.get("name", "").partition("[")[0], outcome
