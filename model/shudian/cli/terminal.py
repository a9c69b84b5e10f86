"""The command line's own matters: its language, help, progress and console.

Help is written in the locale's language, or in that of `--lang` where the command line has it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shudian import __version__
from shudian.kinds import Language
from shudian.plain_text import visible
from shudian.wording import help_language, say, wrap

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


LANGUAGE = help_language()
NARROWEST = 40
"""Columns below which not even a number and its interval have room beside each other."""


def help_of(key: str) -> str:
    """The help text `key`."""
    return say(f"help_{key}", LANGUAGE)


app = typer.Typer(
    help=help_of("app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"shudian {__version__}")
        raise typer.Exit


@app.callback()
def _app(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=help_of("version"))
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@contextmanager
def progress(language: Language) -> Iterator[Callable[[str, float], None]]:
    """A progress bar; the function that comes is told what is being done and the share that is done."""
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=console(error=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(say("progress_run", language, name=""), total=1.0)
        yield lambda text, share: progress.update(task, description=escape(visible(text)), completed=share)


def tell(text: str, error: bool = False) -> None:
    """Print `text` and a line break, on standard error where `error`; nothing in it can act on the terminal."""
    typer.echo(visible(text), err=error)


def tell_lines(text: str) -> None:
    """Print a text of many lines, on a terminal broken at its width; what is longer is indented as its line is."""
    if _has_width():
        wide = console().width
        text = "\n".join(_broken(line, wide) for line in text.split("\n"))
    tell(text)


def _broken(line: str, columns: int) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return "\n".join(indent + part for part in wrap(line.strip(), columns - len(indent)).split("\n"))


def _has_width() -> bool:
    return sys.stdout.isatty() or bool(os.environ.get("COLUMNS"))


def console(error: bool = False) -> Console:
    """The terminal, as wide as it is or as COLUMNS says; a page of 120 columns where the output goes to a file.

    It shows texts and obeys none.
    """
    from rich.console import Console

    class Screen(Console):
        def render_str(self, text: str, **how: Any) -> Text:
            return super().render_str(visible(text), **how)

    wide = None if error or _has_width() else 120
    found = Screen(stderr=error, highlight=False, width=wide, markup=False, emoji=False)
    found.width = max(found.width, NARROWEST)
    return found


def near(place: Path) -> Path:
    """`place` as one would type it: from the folder where the command was given, if it lies below."""
    return place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place
