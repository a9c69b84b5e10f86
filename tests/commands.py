"""Running a command inside the test's own process, as a person would in a terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pytest

from shudian import cli


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs commands in the folder and environment that the test has set up."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Ended:
        self.monkeypatch.setattr(sys, "argv", ["shudian", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = self.capsys.readouterr()
        assert end.value.code is None or isinstance(end.value.code, int)
        return Ended(end.value.code or 0, said.out, said.err)
