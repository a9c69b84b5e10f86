"""The command line's own matters: its language, help, progress and console.

Help is written in the locale's language, or in that of `--lang` where the command line has it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import typer

from shudian.compare.value import MOST_VALUE
from shudian.kinds import Language
from shudian.report.strings import locale_language, say

if TYPE_CHECKING:
    from rich.console import Console


def help_language() -> Language:
    """The language that the command line asks for, or else the locale's."""
    words = " ".join(sys.argv[1:]).replace("=", " ").split()
    for option, value in pairwise(words):
        if option == "--lang" and value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return locale_language()


LANGUAGE = help_language()


def help_of(key: str) -> str:
    """The help text `key`."""
    return say(f"help_{key}", LANGUAGE)


LanguageOption = Annotated[Language, typer.Option("--lang", help=help_of("lang"))]
ValueOption = Annotated[float, typer.Option("--value", min=0, max=MOST_VALUE, help=help_of("value"))]
app = typer.Typer(
    help=help_of("app"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@contextmanager
def progress(language: Language) -> Iterator[Callable[[str, float], None]]:
    """A progress bar; the function that comes is told what is being done and the share that is done."""
    from rich.progress import Progress

    with Progress(console=console(error=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(say("progress_run", language, name=""), total=1.0)
        yield lambda text, share: progress.update(task, description=text, completed=share)


def console(error: bool = False) -> Console:
    """The terminal, or a page of 120 columns where the output goes to a file."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 120
    return Console(stderr=error, highlight=False, width=None if error else wide, markup=False, emoji=False)
