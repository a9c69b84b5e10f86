"""shudian document: the whole model as one file for a critic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shudian.cli.options import LanguageOption
from shudian.cli.terminal import LANGUAGE, app, help_of, progress, tell
from shudian.wording import say


@app.command(help=help_of("document"))
def document(
    out: Annotated[Path, typer.Option("-o", "--out", help=help_of("document_out"))] = Path("model.html"),
    tests: Annotated[Path | None, typer.Option("--tests", help=help_of("document_tests"))] = None,
    force: Annotated[bool, typer.Option("--force", help=help_of("force"))] = False,
    lang: LanguageOption = LANGUAGE,
) -> None:
    """Write the model book."""
    from shudian.answers.book import book_of
    from shudian.files import check_free
    from shudian.report.book.build import build_book

    check_free(out, force)
    with progress(lang) as told:
        told(say("progress_document", lang), 0.0)
        book = book_of(tests)
        told(say("progress_document", lang), 0.5)
        size = build_book(book, out, lang, replace=force)
    tell(say("said_document", lang, path=out, size=f"{size / 1e6:.1f}"))
