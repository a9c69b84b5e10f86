"""The command `shudian`, and `python -m shudian`."""

from __future__ import annotations

import signal
import sys
import warnings

# until somebody can say it in a sentence, an interrupt ends this process without a word
signal.signal(signal.SIGINT, signal.SIG_DFL)

from shudian.ending import ended_well  # noqa: E402


def main() -> None:
    """Run the command that the command line names."""
    if not sys.warnoptions:
        # a library warns its programmers; what a planner has to know, the command says
        warnings.simplefilter("ignore")
    with ended_well():
        from shudian.cli import main as command

        command()


if __name__ == "__main__":
    main()
