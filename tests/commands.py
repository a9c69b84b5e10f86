"""Running a command inside the test's own process, as a person would in a terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
from PIL import Image

from shudian import cli

_BUILT = cache(typer.main.get_command)
"""All commands as Click has them: to build them takes as long as a short command, and a process does it once."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs commands in the folder and environment that the test has set up.

    Its figures are drawn up to the last step: where nobody asks what is in them, a pixel is saved instead, which takes
    half of a small run's time away. Where nobody looks into the folder of results at all, nothing `writes` it.
    `questions.ask_all` does both for every question, for every run of the tests.
    """

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    paints: bool = False
    writes: bool = True

    def __call__(self, *words: str) -> Ended:
        if not self.paints:
            self.monkeypatch.setattr("shudian.report.render.figure_page.save", _pixel)
        if not self.writes:
            self.monkeypatch.setattr("shudian.report.folder.write", lambda *_: None)
        self.monkeypatch.setattr(sys, "argv", ["shudian", *words])
        self.monkeypatch.setattr("typer.main.get_command", _BUILT)
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = self.capsys.readouterr()
        assert end.value.code is None or isinstance(end.value.code, int)
        return Ended(end.value.code or 0, said.out, said.err)


def _pixel(_: Any, path: Path) -> tuple[Path, Path]:
    png, svg = path.with_suffix(".png"), path.with_suffix(".svg")
    Image.new("L", (1, 1)).save(png)
    svg.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    return png, svg
