"""The commands. Everything heavy is imported inside a command, so that help comes at once."""

from __future__ import annotations

import sys
from io import TextIOWrapper

# each module adds its commands to the app, which lists them in this order
from shudian.cli import brief, compare, design, evidence, page, run, scenarios, sensitivity, structure, why  # noqa: F401
from shudian.cli.terminal import LANGUAGE, app, help_language
from shudian.kinds import InputError
from shudian.messages import in_language
from shudian.report.strings import say


def main() -> None:
    """Run a command: a mistake ends with one sentence and exit code 2, an interrupt with 130."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # a terminal that cannot show a character shows ? instead of ending the run
            stream.reconfigure(errors="replace")
    try:
        app()
    except InputError as error:
        print(in_language(str(error), help_language()), file=sys.stderr)
        sys.exit(2)
    except SystemExit as end:
        if end.code == 130:
            print(say("said_interrupted", LANGUAGE), file=sys.stderr)
        raise
