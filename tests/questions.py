"""The questions that a folder of results answers, each asked once for all tests that read what is told of it."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shudian import cli
from shudian.cli import asking
from shudian.cli.terminal import console
from shudian.kinds import LANGUAGES
from shudian.report.comparison.question import QUESTION as COMPARE
from shudian.report.design.question import QUESTION as DESIGN
from shudian.report.question import Question
from shudian.report.render.markdown import markdown
from shudian.report.render.terminal import show
from shudian.report.run.question import QUESTION as RUN
from shudian.report.sensitivity.question import QUESTION as SENSITIVITY
from shudian.report.why.question import QUESTION as WHY

QUESTIONS: tuple[Question[Any, Any], ...] = (RUN, COMPARE, WHY, DESIGN, SENSITIVITY)
WORDS = {
    "run": ("zhengzhou_2025", "--draws", "20"),
    "compare": ("own.toml", "shenzhen_mode", "--draws", "40", "--value", "0.4"),
    "why": ("own.toml", "--outcome", "fte_jobs", "--draws", "40"),
    "design": ("--target", "就业=4万人", "--levers", "approval_days", "--from", "2027-06", "--draws", "50"),
    "sensitivity": ("own.toml", "zhengzhou_2025", "--draws", "200", "--base-runs", "64"),
}
OWN = """base = "zhengzhou_2025"
title = { zh = "自设", en = "Own" }
question = { zh = "？", en = "?" }
[levers]
fund_size = "2 亿元"
"""
TOLD = "told"
"""The folder of what is told: `run.zh.md` as table.md has it, `run.zh.txt` as the terminal does first."""


def ask_all(place: Path) -> None:
    """Ask each question in the empty folder `place`: its results in the folder of its name, what is told in TOLD."""
    (place / "own.toml").write_text(OWN, encoding="utf-8")
    (place / TOLD).mkdir()
    tell_answer = asking.tell_answer

    def telling_all(question: Question[Any, Any], request: Any, *others: Any) -> None:
        def ask(request: Any, doing: Any) -> Any:
            found = question.ask(request, doing)
            _tell(question, request, found, place / TOLD)
            return found

        tell_answer(replace(question, ask=ask), request, *others)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(place)
        monkeypatch.setattr(asking, "tell_answer", telling_all)
        for question in QUESTIONS:
            words = ["shudian", question.name, *WORDS[question.name], "-o", question.name, "--lang", "en"]
            monkeypatch.setattr("sys.argv", words)
            with pytest.raises(SystemExit) as end:
                cli.main()
            assert not end.value.code, question.name


def _tell(question: Question[Any, Any], request: Any, found: Any, folder: Path) -> None:
    for language in LANGUAGES:
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            show(question.short(found, request, language), console())
        texts = {"md": markdown(question.output(found).document(language)), "txt": shown.getvalue()}
        for ending, text in texts.items():
            (folder / f"{question.name}.{language}.{ending}").write_text(_masked(text), encoding="utf-8")


def _masked(text: str) -> str:
    # the model's digest changes with every equation, also where no answer does
    # it may stand at the beginning of a line, where the text was broken
    masked = re.sub(r"(model|模型)\n[0-9a-f]{8}\b", r"\1\n········", text)
    return re.sub(r"(model|模型) ?[0-9a-f]{8}\b", r"\1 ········", masked)
