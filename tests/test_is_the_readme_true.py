"""Is what the two READMEs say true: links, commands, code? And are they short enough to be read?

What they lead to is asked in test_do_the_documents_hold. Does not establish that they are easy to follow, nor that
the figure in them is the newest.
"""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shudian.cli import app
from shudian.scenarios import list_scenarios

ROOT = Path(__file__).parents[1]
READMES = {language: (ROOT / name).read_text() for language, name in (("en", "README.md"), ("zh", "README.zh.md"))}
both = pytest.mark.parametrize("text", READMES.values(), ids=READMES)


def blocks(text: str, kind: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    return [body for found, body in fenced if found == kind]


@both
def test_links_hold(text: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert len(links) > 8
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_door_is_open() -> None:
    for language, text in READMES.items():
        for door in ("planner", "analyst", "contributor"):
            assert f"(docs/{language}/{door}.md)" in text


@both
def test_it_is_read_in_a_minute_or_two(text: str) -> None:
    assert len(text.splitlines()) < 100


def test_the_example_in_python_runs() -> None:
    codes = [blocks(text, "python")[0] for text in READMES.values()]
    # run once: only the comments are in another language
    assert len({ast.dump(ast.parse(code)) for code in codes}) == 1
    names: dict[str, Any] = {}
    exec(compile(codes[0], "README", "exec"), names)
    assert set(names["answer"].chances()["target"]) >= {"market_2027"}


@both
def test_every_command_named_exists(text: str) -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    lines = [line for block in blocks(text, "") for line in block.splitlines() if line.startswith("shudian ")]
    assert len(lines) >= 5
    for line in lines:
        words = shlex.split(line, comments=True)
        assert words[1] in known, line
        for word in words[2:]:
            if re.fullmatch(r"[a-z]+_[a-z0-9_]+", word) and words[1] == "run":
                assert word in list_scenarios(), word


@both
def test_options_named_exist(text: str) -> None:
    lines = [line for block in blocks(text, "") for line in block.splitlines() if line.startswith("shudian ")]
    for line in lines:
        command = line.split()[1]
        offered = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
        for option in re.findall(r"(?<![\w-])--[a-z]+", line.partition("#")[0]):
            assert option in offered, line


def test_both_say_the_same_things() -> None:
    headings = {language: len(re.findall(r"^## ", text, flags=re.MULTILINE)) for language, text in READMES.items()}
    assert headings["en"] == headings["zh"]
    assert len(blocks(READMES["en"], "python")) == len(blocks(READMES["zh"], "python"))
