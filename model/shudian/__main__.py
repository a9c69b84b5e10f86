"""`python -m shudian`: the same as the command `shudian`."""

from __future__ import annotations

from shudian.cli import main

if __name__ == "__main__":
    main()
