"""The one way in which our reports become HTML: every text is escaped, and none can act."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from shudian.plain_text import visible


def template(path: Path) -> Template:
    """The template at `path`; what is put into it is shown as text and never taken for markup."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown
    )
    return environment.from_string(path.read_text(encoding="utf-8"))


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) else value
