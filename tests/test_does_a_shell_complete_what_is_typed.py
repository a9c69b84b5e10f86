"""Does a shell complete commands, options, their values and the names of scenarios?

bash itself asks, with the script that it is given; the scripts of zsh and fish are made and not run. Does NOT establish
how an offer looks.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import shudian
from shudian.cli import app
from shudian.scenarios import list_scenarios

SOURCE = Path(shudian.__file__).parents[1]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which `shudian` is a command."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "shudian"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m shudian "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    found = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(SOURCE), "LANG": "en_GB.UTF-8"}
    return os.environ | found


def run(words: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(words, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def offered(line: str, environment: dict[str, str], folder: Path) -> list[str]:
    """What bash offers at the end of `line`, after it has read the script as the documents say."""
    words = line.split(" ")
    typed = line if words[-1] else f'{line}""'
    script = (
        'eval "$(_SHUDIAN_COMPLETE=source_bash shudian)"\n'
        f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}\n"
        "complete -p shudian >/dev/null || exit 1\n"
        "_shudian_completion shudian\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    return run(["bash", "-c", script], environment, folder).split()


def test_a_command_an_option_and_its_value_are_completed(environment: dict[str, str], tmp_path: Path) -> None:
    assert offered("shudian ru", environment, tmp_path) == ["run"]
    assert offered("shudian run --retro", environment, tmp_path) == ["--retrospective"]
    assert offered("shudian run --engine ", environment, tmp_path) == ["kernel", "pysd"]
    assert offered("shudian run --city sh", environment, tmp_path) == ["shanghai", "shenzhen"]


def test_scenarios_are_offered_and_files_of_ones_own(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "zhengzhou_mine.toml").write_text("", encoding="utf-8")
    expected = {name for name in list_scenarios() if name.startswith("zhengzhou")} | {"zhengzhou_mine.toml"}
    assert set(offered("shudian run zhengzhou", environment, tmp_path)) == expected


def test_every_place_for_a_scenario_offers_them() -> None:
    import typer.main

    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    places = [
        (command.name, parameter)
        for command in commands.values()
        for parameter in command.params
        if parameter.name in ("scenario", "scenarios", "package", "packages", "files", "with_", "against")
        and command.name not in ("calibrate", "score")
    ]
    assert len(places) >= 8
    for name, parameter in places:
        context = commands[name].make_context(name, [], resilient_parsing=True)
        found = [item.value for item in parameter.shell_complete(context, "zhengzhou_2")]
        assert found == ["zhengzhou_2025"], (name, parameter.name)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_its_script(shell: str, environment: dict[str, str], tmp_path: Path) -> None:
    script = run(["shudian"], environment | {"_SHUDIAN_COMPLETE": f"source_{shell}"}, tmp_path)
    assert "_SHUDIAN_COMPLETE" in script
    assert "shudian" in script
    assert list(tmp_path.iterdir()) == []
