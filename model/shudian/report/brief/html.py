"""The brief as one HTML file that needs nothing else: its figures are inside it, and it prints on two pages."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

from shudian.report.brief.content import Brief
from shudian.report.brief.layout import FIGURES, assumed_lines, repeat_pairs, shrink, source_lines
from shudian.report.brief.pictures import shape
from shudian.report.html_file import template
from shudian.wording import say

TEXT = 18.2
"""Width of the text on A4, in centimetres."""
TEMPLATE = Path(__file__).with_name("brief.html.j2")


def page_of(brief: Brief, pictures: Mapping[str, tuple[Path, Path]]) -> str:
    """The whole page; `pictures` are the drawn ones, name -> (PNG, SVG), in the brief's language."""
    language = brief.language
    heads = ("answer", "assumed", "unknown", "sources", "repeat")
    return template(TEMPLATE).render(
        brief=brief,
        language="zh-CN" if language == "zh" else "en",
        kind=say("brief_kind", language),
        heads={head: say(f"brief_{head}_title", language) for head in heads},
        figures=[
            {"caption": say(key, language, year=brief.year), "data": _data(pictures[name][1])}
            for name, key in FIGURES.items()
        ],
        share=f"{100 * shrink([shape(pictures[name][0]) for name in FIGURES], TEXT):.1f}%",
        repeat=repeat_pairs(brief),
        assumed=assumed_lines(brief),
        sources=source_lines(brief),
    )


def _data(svg: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode()}"
