"""shudian page: the planner's page, one file for a browser without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shudian.cli.options import LanguageOption
from shudian.cli.terminal import LANGUAGE, app, help_of, progress, tell
from shudian.wording import say

LEAST_DRAWS = 50
MOST_DRAWS = 800
"""More would make the file larger than ten megabytes, and the sliders slow."""


@app.command(help=help_of("page"))
def page(
    out: Annotated[Path, typer.Option("-o", "--out", help=help_of("page_out"))] = Path("planner.html"),
    draws: Annotated[int, typer.Option(min=LEAST_DRAWS, max=MOST_DRAWS, help=help_of("page_draws"))] = 200,
    force: Annotated[bool, typer.Option("--force", help=help_of("force"))] = False,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Write the planner's page."""
    from shudian.page.build import build_page

    with progress(lang) as told:
        told(say("progress_page", lang), 0.0)
        size = build_page(out, replace=force, draws=draws)
    tell(say("said_page", lang, path=out, size=f"{size / 1e6:.1f}"))
