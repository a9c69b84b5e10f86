"""The book as one HTML file that needs no network, and nothing that stands in a text acts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from shudian.analysis.doses import DoseResponse
from shudian.answers.book import Book
from shudian.answers.reasons import responses_of
from shudian.files import write_text
from shudian.kinds import Language
from shudian.plain_text import visible
from shudian.report.book.chapters import told
from shudian.report.render.inlined import font_face, hashes
from shudian.wording import say

ASSETS = Path(__file__).with_name("assets")


def build_book(book: Book, out: Path, language: Language, *, replace: bool = False) -> int:
    """Write `book` to `out` and return its size in bytes; the same book gives the same bytes.

    Raises InputError if `out` exists and is not to be replaced, or cannot be written.
    """
    text = book_text(book, doses_of(book), language)
    write_text(out, text, replace)
    return len(text.encode())


def doses_of(book: Book) -> dict[str, DoseResponse]:
    """What each amount of each lever brings."""
    return responses_of([p for p in book.model.scheduled if p.role == "lever"], book.model, book.posterior)


def book_text(book: Book, doses: Mapping[str, DoseResponse], language: Language) -> str:
    """The whole file. Every text is escaped, and what acts or hides in it is spelt."""
    source, style, program = (_asset(name) for name in ("book.html.j2", "book.css", "book.js"))
    styles, program = [style, font_face()], program.strip()
    own = f"script-src {hashes([program])}; style-src {hashes(styles)}; font-src data:"
    policy = f"default-src 'none'; {own}; form-action 'none'; base-uri 'none'"
    environment = Environment(
        undefined=StrictUndefined, autoescape=True, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True,
        finalize=_shown,
    )  # fmt: skip

    def text(key: str, **values: object) -> str:
        return say(f"book_{key}", language, **values)

    return environment.from_string(source).render(
        language="zh-CN" if language == "zh" else "en",
        policy=policy,
        styles=[Markup(each) for each in styles],
        script=Markup(program),
        t=text,
        separator="、" if language == "zh" else ", ",
        **told(book, doses, language),
    )


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _shown(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
