"""Does a slip on the command line (a command, an option, its value) end with one sentence in the chosen language?

Every command and option is taken from the application itself, so that a new one is asked too. Does NOT establish
that the values which an option does take are understood, nor how help reads.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from commands import Terminal
from shudian import __version__
from shudian.cli import app

GROUP: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = GROUP.commands
SCENARIO = "zhengzhou_2025+demand_stalls"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def options(command: Any) -> list[Any]:
    return [p for p in command.params if p.param_type_name == "option" and p.name not in ("lang", "help")]


def limited(command: Any, name: str) -> bool:
    """Whether the option is a number or one of a few words."""
    kind, *_ = typing.get_args(typing.get_type_hints(command.callback, include_extras=True)[name])
    return typing.get_origin(kind) is typing.Literal or bool({int, float} & {kind, *typing.get_args(kind)})


def slips() -> Iterator[tuple[str, ...]]:
    yield ("rnu",)
    yield ("--nothing",)
    for name, command in COMMANDS.items():
        yield (name, "--nothing-like-it")
        yield (name, "--lang", "fr")
        yield (name, "--lang")
        for option in options(command):
            wrong = f"{option.opts[-1]}x"
            yield (name, wrong)
            yield (name, f"{option.opts[-1]}=1") if option.is_flag else (name, option.opts[-1])
            if limited(command, option.name):
                yield (name, option.opts[-1], "ten")
        if not any(p.nargs == -1 for p in command.params):
            yield (name, *"7777")
        if any(p.required for p in command.params):
            yield (name,)


@pytest.mark.parametrize("words", list(slips()), ids=" ".join)
def test_a_slip_is_one_sentence_in_both_languages(words: tuple[str, ...], terminal: Terminal) -> None:
    for language, other in (("zh", "[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}"), ("en", "[\u4e00-\u9fff]")):
        chosen = (*words[:1], "--lang", language, *words[1:]) if words[0] in COMMANDS else words
        ended = terminal(*chosen)
        assert ended.code == 2
        assert not ended.out
        sentence = ended.err.strip()
        assert sentence
        assert "\n" not in sentence
        if chosen is not words:
            assert not re.search(other, sentence), sentence
        assert not re.search("Error|Usage|__|“”|''|Traceback", sentence), sentence


def test_an_option_that_has_a_like_is_told_it(terminal: Terminal) -> None:
    assert "did you mean “--draws”?" in terminal("run", "--drws", "3", "--lang", "en").err
    assert "did you mean “run”?" in terminal("rnu", "--lang", "en").err
    assert "a whole number from 20 to 20000" in terminal("why", "--draws=3", "--lang", "en").err


def test_the_version_is_told_before_anything_else(terminal: Terminal) -> None:
    ended = terminal("--version", "run", "nonsense")
    assert (ended.code, ended.out) == (0, f"shudian {__version__}\n")


QUICK = {
    "sweep": ("sweep", SCENARIO, "--vary", "fund_size=0;1 亿元", "--draws", "5", "-o", "sweep"),
    "run": ("run", SCENARIO, "--draws", "8", "-o", "r"),
    "brief": ("brief", SCENARIO, "--draws", "30", "-o", "r"),
    "compare": ("compare", SCENARIO, "--draws", "30", "-o", "r"),
    "why": ("why", SCENARIO, "--draws", "20"),
    "sensitivity": ("sensitivity", SCENARIO, "--draws", "200", "--base-runs", "64"),
    "design": (
        "design",
        "--prior",
        "--base",
        SCENARIO,
        "--target",
        "local_output=100亿元",
        "--draws",
        "50",
        "--levers",
        "fund_size",
    ),
    "export": ("export", "--scenario", SCENARIO, "-o", "m.mdl"),
    "explain": ("explain", "city_share", "--loops", "--scenario", SCENARIO),
    "check": ("check", SCENARIO),
    "diff": ("diff", "m.mdl", "--scenario", SCENARIO),
}
"""Every command that takes a scenario, with as little work as it can be given."""


OTHERS = {
    "list": ("list",),
    "new": ("new", "mine"),
    "score": ("score",),
    "page": ("page", "--draws", "50", "-o", "p.html"),
    "diagram": ("diagram", "policy", "-o", "d.svg"),
    "workshop": ("workshop", "--draws", "20", "-o", "kit"),
    "document": ("document", "-o", "book.html"),
}
"""What is left of the commands, but for `calibrate`, which takes minutes."""


@pytest.mark.slow
@pytest.mark.parametrize("words", OTHERS.values(), ids=OTHERS)
def test_every_other_command_ends_well(words: tuple[str, ...], terminal: Terminal) -> None:
    assert {*OTHERS, *QUICK, "calibrate"} == COMMANDS.keys()
    ended = terminal(*words)
    assert ended.code == 0, ended.err


def test_every_command_that_takes_a_scenario_is_tried() -> None:
    taking = {
        name
        for name, command in COMMANDS.items()
        if {"scenario", "scenarios", "package", "packages", "base", "files"}
        & {parameter.name for parameter in command.params}
    }
    # a file is built on a package alone, and a shock beside its base is refused (test_is_a_review_in_a_workbook_read)
    assert taking == {*QUICK, "new"}


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_package_struck_by_a_shock_is_taken_wherever_a_scenario_is(name: str, terminal: Terminal) -> None:
    if name == "diff":
        terminal(*QUICK["export"])
    ended = terminal(*QUICK[name])
    assert ended.code == 0, ended.err
    assert Terminal(terminal.monkeypatch, terminal.capsys)(*QUICK[name][:1], "zhengzhou_2025+").code == 2


@pytest.mark.parametrize("name", ["zhengzhou_2025+", "+demand_stalls", "zhengzhou_2025++demand_stalls"])
def test_a_plus_without_a_name_beside_it_is_refused(name: str, terminal: Terminal) -> None:
    assert "lacks a name beside +" in terminal("run", name, "--lang", "en").err


def test_a_choice_between_worlds_is_refused(terminal: Terminal) -> None:
    ended = terminal("sensitivity", SCENARIO, "shenzhen_mode", "--lang", "en")
    assert ended.code == 2
    assert "not struck by the same shocks" in ended.err


def test_a_shock_that_strikes_twice_strikes_once(terminal: Terminal) -> None:
    words = ("run", SCENARIO, "--with", "demand_stalls", "--draws", "8", "-o", "r")
    assert terminal(*words).code == 0
    said = json.loads(Path("r/summary.json").read_text(encoding="utf-8"))["scenarios"]
    assert {*said} == {"baseline+demand_stalls", SCENARIO}
