"""The slides: one page that needs nothing else, turned with the keyboard and printed a slide a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from shudian.kinds import Language
from shudian.report.document import Document
from shudian.report.render.html import html
from shudian.report.render.inlined import font_face, hashes
from shudian.wording import say

_STYLE, _SCRIPT = (Path(__file__).with_name(name).read_text(encoding="utf-8").strip() for name in
                   ("slides.css", "slides.js"))  # fmt: skip


def slides_page(slides: Sequence[Document], language: Language) -> str:
    """The page with `slides`; without scripts they stand below each other."""
    style = f"{font_face()}\n{_STYLE}"
    own = f"script-src {hashes([_SCRIPT])}; style-src {hashes([style])}"
    policy = f"default-src 'none'; {own}; font-src data:; img-src data:"
    shown = "\n".join(
        f'<section id="s{number}">{html(slide, 1)}<footer>{number} / {len(slides)}</footer></section>'
        for number, slide in enumerate(slides, 1)
    )
    title, keys = (escape(say(f"workshop_{key}", language)) for key in ("title", "slide_keys"))
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<style>{style}</style>\n</head>\n<body>\n<main>\n{shown}\n</main>\n<p class="keys">{keys}</p>\n'
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )
