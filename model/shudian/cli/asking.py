"""What every command that asks a question does: ask, tell, write a folder; or repeat what a manifest says."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from shudian.cli.terminal import console, near, progress, tell, tell_lines
from shudian.kinds import InputError, Language
from shudian.wording import say

if TYPE_CHECKING:
    from shudian.report.manifest import Origin
    from shudian.report.question import Question

R = TypeVar("R", bound=Any)
A = TypeVar("A")

_ASKED = 0.95
"""Share of the whole that is done when the answer is there."""


def tell_answer(question: Question[R, A], request: R, out: Path | None, language: Language, full: bool) -> None:
    """Ask, write everything to `out` or to a new folder in results/, and tell the answer, or all of it."""
    from shudian.report.folder import draft, publish, write
    from shudian.report.render.terminal import show

    with draft(out) as folder:
        with progress(language) as told:
            found = question.ask(request, lambda key, share: told(question.doing(key, language), _ASKED * share))
            told(say("progress_write", language), _ASKED)
            output = question.output(found)
            write(output, folder, language, ["shudian", *sys.argv[1:]])
        place = near(publish(folder, out, output.origin.data_digest))
    show(question.full(found, place, language) if full else question.short(found, request, language), console())
    tell_lines(say("said_written", language, path=place))


def repeat(question: Question[R, A], manifest: Path, context: typer.Context, language: Language) -> None:
    """Ask what `manifest` says and say whether the data are the same; exit code 1 where they are not.

    Raises InputError where something else is asked beside it, or the manifest cannot be repeated.
    """
    from shudian.report.manifest import read_request

    alone(context)
    request, before = read_request(manifest, question.name, question.request)
    with progress(language) as told:
        found = question.ask(request, lambda key, share: told(question.doing(key, language), share))
    tell_same(question.output(found).origin, before, language)


def tell_same(origin: Origin, before: Mapping[str, Any], language: Language) -> None:
    """Say whether an answer's data are those of the manifest `before`; exit code 1 where they are not."""
    from shudian.report.manifest import differences

    if different := differences(origin, before):
        versions = ", ".join(f"{name} {number}" for name, number in before["versions"].items())
        what = ", ".join(say(f"said_{key}", language) for key in different)
        tell(say("said_different", language, what=what, versions=versions))
        raise typer.Exit(1)
    tell(say("said_same", language, digest=before["data_digest"][:16]))


def alone(context: typer.Context) -> None:
    """Raise InputError where a command line has more than --repeat and --lang."""
    if written := typed(context, "repeat"):
        raise InputError("--repeat runs what the manifest says; leave out {names}", names=tuple(written))


def typed(context: typer.Context, *apart: str) -> list[str]:
    """Options and arguments that were typed, but for `apart` and the language."""
    written: list[str] = []
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is None or source.name != "COMMANDLINE" or parameter.name in (*apart, "lang"):
            continue
        value = context.params[parameter.name or ""]
        written += value if parameter.param_type_name == "argument" else [parameter.opts[-1]]
    return written


def needed(value: Any, name: str, context: typer.Context) -> None:
    """Raise InputError where the option or argument `name` was left out, which only --repeat allows."""
    if not value:
        command = f"shudian {context.info_name}"
        raise InputError("“{command}” needs {name}; see: {command} --help", command=command, name=name)
