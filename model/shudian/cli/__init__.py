"""The commands. Everything heavy is imported inside a command, so that help comes at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper

from typer.completion import get_completion_inspect_parameters

# each module adds its commands to the app, which lists them in this order
from shudian.cli import (  # noqa: F401
    brief,
    compare,
    design,
    document,
    evidence,
    page,
    run,
    scenarios,
    sensitivity,
    structure,
    sweep,
    why,
    workshop,
)
from shudian.cli.terminal import app
from shudian.cli.usage import UsageError, usage_sentence
from shudian.ending import INTERRUPTED, ended_well
from shudian.files import reason
from shudian.kinds import InputError, Phrase
from shudian.messages import in_language
from shudian.mistakes import sentences_of
from shudian.plain_text import visible
from shudian.wording import help_language


def main() -> None:
    """Run a command: mistakes end with one sentence each and exit code 2, an interrupt with 130."""
    with ended_well():
        sys.exit(_exit_code())


def _exit_code() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # a terminal that cannot show a character shows ? instead of ending the run
            stream.reconfigure(errors="replace")
    try:
        if os.environ.get("_SHUDIAN_COMPLETE"):
            # a shell asks for its script, or for what could be typed here; typer learns the shells by this
            get_completion_inspect_parameters()
        with _sentences():
            code: int = app(prog_name="shudian", standalone_mode=False) or 0
    except InputError as error:
        for sentence in sentences_of(error):
            _complain(sentence)
        return 2
    except UsageError as error:
        if len(sys.argv) == 1:
            print(error.message, file=sys.stderr)
        else:
            _complain(usage_sentence(error))
        return 2
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code


def _complain(sentence: Phrase) -> None:
    """Print an error on one line, whatever it repeats of what was typed."""
    print(visible(in_language(sentence, help_language())).replace("\n", "\\n"), file=sys.stderr)


@contextmanager
def _sentences() -> Iterator[None]:
    """Turn what can befall any command into one sentence."""
    try:
        yield
    except OSError as error:
        raise InputError("this cannot be read or written ({reason})", reason=reason(error)).at(
            error.filename or "shudian"
        ) from None
    except MemoryError:
        raise InputError("the memory does not suffice; ask for fewer draws, or for fewer scenarios at a time") from None
